"""From a file of a survey tool to an export: what it is by its content, whatever it is called."""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from wijkpeiling.errors import IntakeError
from wijkpeiling.files import MEGABYTE, read_bytes
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.coded import read_spss, read_stata
from wijkpeiling.intake.readers.delimited import read_delimited
from wijkpeiling.intake.readers.limesurvey_json import read_limesurvey_json
from wijkpeiling.intake.readers.workbook import read_workbook
from wijkpeiling.sources.manifest import sha256

LARGEST: Final = 300 * MEGABYTE
# what a zip may unpack to: 200,000 answers of 60 questions are a quarter of it
LARGEST_UNPACKED: Final = 2_000 * MEGABYTE
# bytes in which a kind shows
HEAD: Final = 4096


@dataclass(frozen=True)
class Kind:
    """A kind of file that holds answers.

    Attributes
    ----------
    name
        With its article.
    read
        From content and name of the file to its export.
    suffixes
        How such a file may be called.
    """

    name: str
    read: Callable[[bytes, str], Export]
    suffixes: tuple[str, ...]


TEXT: Final = Kind("a text file", read_delimited, (".csv", ".txt", ".tsv", ".tab"))
JSON: Final = Kind("JSON", read_limesurvey_json, (".json",))
SPSS: Final = Kind("an SPSS file", read_spss, (".sav", ".zsav"))
STATA: Final = Kind("a Stata file", read_stata, (".dta",))
OPENXML: Final = Kind("a workbook of Excel (xlsx)", read_workbook, (".xlsx", ".xlsm"))
BINARY: Final = Kind("a binary workbook of Excel (xlsb)", read_workbook, (".xlsb",))
OPENDOCUMENT: Final = Kind("a spreadsheet of OpenDocument (ods)", read_workbook, (".ods",))
OLD: Final = Kind("a workbook of Excel 97-2003 (xls)", read_workbook, (".xls",))

STARTS: Final = (
    (b"$FL2", SPSS),
    (b"$FL3", SPSS),
    (b"<stata_dta>", STATA),
    # Stata 8 to 12: version, byte order, and a one
    *((bytes((version, order, 1)), STATA) for version in range(108, 116) for order in (1, 2)),
)
# a container of Microsoft, and what is in it by the name of a part
CONTAINER: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARTS: Final = (
    ("EncryptedPackage", "a workbook or document with a password", "open it, and save it without a password"),
    ("WordDocument", "a document of Word", "export the responses as CSV or Excel"),
    ("__properties_version1.0", "a message of Outlook", "save the file that is attached to it"),
)
# bytes of an entry in its directory; how that of a workbook begins, and what says that it is a stream
ENTRY: Final = 128
BOOKS: Final = tuple(f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book"))
STREAM: Final = b"\2"
# what a zip is, by a file in it
MEMBERS: Final = (("xl/workbook.xml", OPENXML), ("xl/workbook.bin", BINARY))

AS_CSV: Final = "export the responses as CSV, JSON, Excel, SPSS (.sav) or Stata (.dta)"
# bytes, what they begin, what to do
REFUSED: Final = (
    (b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV", "an encrypted SPSS file", "open it in SPSS and save it without a password"),
    (b"<?xml version", "XML", AS_CSV),
    (b"<dta", "Stata's XML, which is no .dta", "export as CSV or JSON, or as .dta from Stata itself"),
    (b"<!doctype html", "a web page (HTML)", "it may be a page that asks to log in: log in, and export again"),
    (b"<html", "a web page (HTML)", "it may be a page that asks to log in: log in, and export again"),
    (b"<table", "a web page (HTML)", "open it in a spreadsheet, and save it as xlsx"),
    (b"%PDF", "a PDF", AS_CSV),
    (b"{\\rtf", "a text document (RTF)", AS_CSV),
    (b"\x1f\x8b", "packed with gzip", "unpack it, and name the file in it"),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip", "unpack it, and name the file in it"),
    (b"Rar!", "packed with RAR", "unpack it, and name the file in it"),
    (b"BZh", "packed with bzip2", "unpack it, and name the file in it"),
    (b"\x89PNG", "a picture", AS_CSV),
    (b"\xff\xd8\xff", "a picture", AS_CSV),
    (b"GIF8", "a picture", AS_CSV),
    (b"PAR1", "a Parquet file", AS_CSV),
    (b"SQLite format 3", "a database", AS_CSV),
    (b"RDX3", "a file of R", AS_CSV),
    (b"\x7fELF", "a program", AS_CSV),
    (b"MZ\x90\0", "a program", AS_CSV),
)
# what a document in XML is, by what stands near its start
DOCUMENTS: Final = (
    (b"<dta", "Stata's XML, which is no .dta", "export as CSV or JSON, or as .dta from Stata itself"),
    (b"schemas-microsoft-com:office:spreadsheet", "a spreadsheet in the XML of Excel 2003", "save it as xlsx"),
    (b"<LimeSurveyDocType>", "a survey, group or archive of LimeSurvey", "export its responses instead"),
    (b"<html", "a web page (HTML)", "it may be a page that asks to log in: log in, and export again"),
)


class _Stamp(NamedTuple):
    size: int
    changed: int


@dataclass(frozen=True)
class Received:
    """A file as it was received: what is parsed, told apart by its hash, and kept is the same.

    Attributes
    ----------
    path
        Where it stands.
    content
        Its bytes, read once.
    stamp
        Size and moment of the last change before they were read.
    """

    path: Path
    content: bytes
    stamp: _Stamp | None

    @cached_property
    def sha256(self) -> str:
        return sha256(self.content)


def receive(path: Path) -> Received:
    """Read the bytes of a file, whatever they are.

    Raises
    ------
    IntakeError
        For a file that is missing, or larger than 300 MB.
    """
    before = _stamp(path)
    missing = "name the file as the survey tool exported it"
    return Received(path, read_bytes(path, IntakeError, largest=LARGEST, missing=missing), before)


def read_export(received: Received) -> Export:
    """What a survey tool exported, recognised by its content.

    Raises
    ------
    IntakeError
        For a file that is empty, damaged, encrypted, of a kind that holds no answers, or that changes while it is read.
    """
    path = received.path
    kind = kind_of(received.content, path.name)
    export = _with_kind_told(kind.read(received.content, path.name), kind, path)
    if _stamp(path) != received.stamp:
        raise IntakeError(
            "the file changed while it was read",
            where=path,
            expected="a file that is finished",
            todo="wait until the export or the download is done, and try again",
        )
    return export


def kind_of(content: bytes, file: str) -> Kind:
    """The kind of a file, by its content.

    Raises
    ------
    IntakeError
        When it is empty, or of a kind that holds no answers.
    """
    if not content.strip(b"\xef\xbb\xbf\xfe\xff\r\n\t \0"):
        what = "nothing but blanks" if content else "an empty file"
        raise IntakeError(what, where=file, expected="the responses of a survey", todo="export the responses again")
    if content.startswith(b"PK"):
        return _kind_of_zip(content, file)
    if content.startswith(CONTAINER):
        return _kind_of_container(content, file)
    for start, kind in STARTS:
        if content.startswith(start):
            return kind
    head = content[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.lower().startswith(b"<?xml") or b"<LimeSurveyDocType>" in head:
        _refuse_document(head, file)
    for start, what, todo in REFUSED:
        if head.lower().startswith(start.lower()):
            raise _refused(f"this is {what}", file, todo)
    return JSON if head[:1] in (b"{", b"[") and _is_json(head) else TEXT


def _kind_of_container(content: bytes, file: str) -> Kind:
    for part, what, todo in PARTS:
        if part.encode("utf-16-le") in content:
            raise _refused(f"this is {what}", file, todo)
    for start in range(0, len(content), ENTRY):
        entry = content[start : start + ENTRY]
        is_book = entry.startswith(BOOKS) and entry[66:67] == STREAM
        if is_book and int.from_bytes(entry[120:], "little") > len(content):
            # the library makes room for what the directory says
            raise _refused("a damaged workbook", file, "it may be cut off: download or copy it again")
    return OLD


def _is_json(head: bytes) -> bool:
    """Whether a bracket begins JSON: the next sign is one that JSON allows there."""
    following = head[1:].lstrip()[:1]
    return following in ((b'"', b"}", b"") if head.startswith(b"{") else (b"{", b"[", b"]", b""))


def _kind_of_zip(content: bytes, file: str) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            mimetype = archive.read("mimetype")[:100] if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, zlib.error):
        todo = "it may be cut off: download or copy it again"
        raise _refused("a damaged workbook or zip archive", file, todo) from None
    if sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise IntakeError(
            "a workbook or zip archive that unpacks to more than 2,000 MB",
            where=file,
            expected="a workbook with the responses",
            todo="export the responses as CSV",
        )
    names = {member.filename for member in members}
    for member, kind in MEMBERS:
        if member in names:
            return kind
    if b"opendocument.spreadsheet" in mimetype:
        return OPENDOCUMENT
    if "word/document.xml" in names:
        raise _refused("this is a document of Word", file, AS_CSV)
    listed = ", ".join(sorted(names)[:3]) or "nothing"
    raise _refused(f"a zip archive with {listed}", file, "unpack it, and name the file with the responses")


def _refuse_document(head: bytes, file: str) -> None:
    for sign, what, todo in DOCUMENTS:
        if sign.lower() in head.lower():
            raise _refused(f"this is {what}", file, todo)


def _refused(what: str, file: str, todo: str) -> IntakeError:
    return IntakeError(what, where=file, expected="the responses of a survey", todo=todo)


def _with_kind_told(export: Export, kind: Kind, path: Path) -> Export:
    if path.suffix.lower() in kind.suffixes:
        return export
    message = f"named {path.suffix or 'without suffix'}, but this is {kind.name}: read as such"
    return replace(export, findings=(Finding("named_otherwise", "note", message, path.name), *export.findings))


def _stamp(path: Path) -> _Stamp | None:
    """Size and moment of the last change; None for a file that is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return _Stamp(found.st_size, found.st_mtime_ns)
