"""Files of an edition as a check reads them: pages by their markup, office files and PDFs by their words."""

import re
import zipfile
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from wijkpeiling.errors import ReportError
from wijkpeiling.extras import PUBLISH, library

# elements of HTML that have no end
VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")
# attributes of HTML that load something or lead somewhere
ADDRESSES = ("href", "src", "action", "data", "poster")


class Link(NamedTuple):
    """An address in a page; ``is_loaded`` if the page fetches it by itself."""

    address: str
    is_loaded: bool


class Page(NamedTuple):
    """What a check wants of a page.

    Attributes
    ----------
    language
        Of the whole page; None where it says none.
    links
        But those that are hidden until a script has found what they lead to.
    unnamed
        Pictures without words: what each is.
    """

    language: str | None
    ids: frozenset[str]
    links: tuple[Link, ...]
    unnamed: tuple[str, ...]
    text: str


def read_page(path: Path) -> Page:
    """Read an HTML page; of bytes that are no text it keeps the rest."""
    parser = _Parser()
    parser.feed(path.read_text(encoding="utf-8", errors="replace"))
    parser.close()
    return Page(
        language=parser.language,
        ids=frozenset(parser.ids),
        links=tuple(parser.links),
        unnamed=tuple(parser.unnamed),
        text=" ".join(" ".join(parser.texts).split()),
    )


class _Parser(HTMLParser):
    """Collects what `Page` has; ``within`` are the open elements: name, whether hidden, whether named as a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.ids: set[str] = set()
        self.links: list[Link] = []
        self.unnamed: list[str] = []
        self.texts: list[str] = []
        self.within: list[tuple[str, bool, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        _, is_hidden, is_named = self.within[-1] if self.within else ("", False, False)
        is_hidden = is_hidden or "hidden" in given
        if tag == "html":
            self.language = given.get("lang")
        if given.get("id"):
            self.ids.add(str(given["id"]))
        self._note_picture(tag, given, is_named)
        # references within a drawing are to its own parts
        if not is_hidden and tag != "use":
            is_loaded = tag not in ("a", "area") and given.get("rel") not in ("canonical", "license", "alternate")
            self.links += [Link(given[name] or "", is_loaded) for name in ADDRESSES if name in given]
        if tag not in VOID:
            named = is_named or bool(given.get("aria-label")) or given.get("aria-hidden") == "true"
            self.within.append((tag, is_hidden, named))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.within.pop()

    def handle_endtag(self, tag: str) -> None:
        places = [place for place, (name, *_) in enumerate(self.within) if name == tag]
        if places:
            del self.within[places[-1] :]

    def handle_data(self, data: str) -> None:
        if not self.within or self.within[-1][0] not in ("style", "script"):
            self.texts.append(data)

    def _note_picture(self, tag: str, given: dict[str, str | None], is_named: bool) -> None:
        is_picture = tag in ("img", "svg") or given.get("role") == "img"
        words = given.get("alt") if tag == "img" else given.get("aria-label")
        is_silent = given.get("aria-hidden") == "true" or (tag == "img" and words == "")
        if is_picture and not (is_named or is_silent or (words or "").strip()):
            self.unnamed.append(f"<{tag}>" + (f" {given['src']:.60}" if given.get("src") else ""))


def words_of(path: Path) -> str | None:
    """What a file says, as far as a program can read it; None for a kind of which it cannot.

    Raises
    ------
    ReportError
        For a file that is none of its kind, or a PDF without the package that reads it.
    """
    reader = READERS.get(path.suffix)
    if reader is None:
        return None
    try:
        return reader(path)
    except (ValueError, KeyError, OSError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> ReportError:
    return ReportError(
        f"{path.name} cannot be read", where=path, expected=f"a whole {path.suffix}", todo="build the edition again"
    )


def _plain(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _html(path: Path) -> str:
    return read_page(path).text


def _svg(path: Path) -> str:
    return " ".join(ElementTree.fromstring(path.read_bytes()).itertext())


def _office(path: Path) -> str:
    """The text of every part of a Word or Excel file."""
    with zipfile.ZipFile(path) as parts:
        texts = [parts.read(name) for name in parts.namelist() if name.endswith(".xml")]
    return " ".join("".join(ElementTree.fromstring(text).itertext()) for text in texts)


def _pdf(path: Path) -> str:
    """Title and description of a PDF: the words of its pages are drawn, letter by letter."""
    pikepdf = library("pikepdf", "checking a PDF", ReportError, PUBLISH)
    try:
        with pikepdf.open(path) as pdf, pdf.open_metadata() as known:
            return " ".join(str(known.get(f"dc:{name}", "")) for name in ("title", "description", "language"))
    except pikepdf.PdfError as failure:
        raise ValueError(str(failure)) from None


READERS = {
    ".html": _html,
    ".md": _plain,
    ".json": _plain,
    ".csv": _plain,
    ".svg": _svg,
    ".docx": _office,
    ".xlsx": _office,
    ".pdf": _pdf,
}

# how a Word file holds a picture: its properties, with a description that a reader hears
_PICTURE = re.compile(rb"<wp:docPr\b[^>]*>")
_DESCRIBED = re.compile(rb'\bdescr="\s*[^"\s]')


def undescribed_pictures(path: Path) -> int:
    """How many pictures of a Word file have no alternative text.

    Raises
    ------
    ReportError
        When it is no Word file.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist() if name.startswith("word/"))
    except (OSError, zipfile.BadZipFile, zlib.error):
        raise _unreadable(path) from None
    return sum(not _DESCRIBED.search(found) for found in _PICTURE.findall(content))
