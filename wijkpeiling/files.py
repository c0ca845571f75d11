"""Files of the user, read or refused, and written whole: one door for everything that a file can be instead."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wijkpeiling.errors import WijkpeilingError

MEGABYTE = 1 << 20
NEWLINE = b"\n"
PACKAGE = Path(__file__).parent


def shipped() -> Path:
    """Where what goes with the package stands: in ``project_files`` of an installed one, in a checkout beside it."""
    packed = PACKAGE / "project_files"
    return packed if packed.is_dir() else PACKAGE.parent


def read_text(
    path: Path,
    error: type[WijkpeilingError],
    *,
    largest: int,
    missing: str = "put the file back",
    counted: str = "line",
) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Parameters
    ----------
    error
        The class of what is raised.
    largest
        In bytes; a larger file is not read at all.
    missing
        What to do where there is no such file.
    counted
        What its lines are called: a spreadsheet shows rows.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: for a file that is missing, no file, too large, unreadable, or not UTF-8.
    """
    content = read_bytes(path, error, largest=largest, missing=missing, kind="a text file")
    return _decoded(content, path, error, counted)


def read_bytes(
    path: Path,
    error: type[WijkpeilingError],
    *,
    largest: int,
    missing: str = "put the file back",
    kind: str = "a file",
) -> bytes:
    """What is in a file, as it stands.

    Parameters
    ----------
    error
        The class of what is raised.
    largest
        In bytes; a larger file is not read at all.
    missing
        What to do where there is no such file.
    kind
        What it should have been.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: for a file that is missing, no file, too large, or unreadable.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            # a pipe would be waited for
            raise error("this is no file", where=path, expected=kind, todo="move it away, and put the file back")
        if found.st_size > largest:
            raise error(
                f"a file of {found.st_size / MEGABYTE:,.0f} MB",
                where=path,
                expected=f"at most {largest / MEGABYTE:,.0f} MB",
                todo="look whether another file was saved under this name",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise error(f"{path.name} is missing", where=path, todo=missing) from None
    except OSError as failure:
        raise error(
            f"the file cannot be read: {failure.strerror}",
            where=path,
            expected="a file that you may read",
            todo="change its permissions, or copy it again",
        ) from None


def _decoded(content: bytes, path: Path, error: type[WijkpeilingError], counted: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise error(
            f"byte {content[failure.start]:#04x} is not UTF-8",
            where=f"{path}, {counted} {content[: failure.start].count(NEWLINE) + 1}",
            expected="a text file in UTF-8",
            todo='save it again as UTF-8, from a spreadsheet as "CSV UTF-8"',
        ) from None
    if "\0" in text:
        raise error(
            "a byte that is no character (NUL)",
            where=f"{path}, {counted} {content[: content.index(0)].count(NEWLINE) + 1}",
            expected="a text file in UTF-8",
            todo="save it again as UTF-8; a file in UTF-16 has such bytes",
        )
    return text


def write_file(path: Path, content: bytes, error: type[WijkpeilingError], *, overwrite: bool = False) -> None:
    """Write a file that appears whole or not at all.

    Parameters
    ----------
    overwrite
        Whether a file that is there may be replaced; otherwise it stays, and is an error.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: for a file that is there, or a folder that cannot be written in.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o666 & ~_mask())
        if overwrite:
            os.replace(temporary, path)  # noqa: PTH105
        else:
            # unlike a rename, a link never takes the place of what is there
            os.link(temporary, path)
    except FileExistsError as failure:
        there = path if failure.filename2 else path.parent
        raise error(
            f"{there.name} is there already" if failure.filename2 else f"{there.name} is no folder",
            where=there,
            expected="a name that is free",
            todo="move it away, or name another file",
        ) from None
    except OSError as failure:
        raise error(
            f"the file cannot be written: {failure.strerror}",
            where=path,
            expected="a folder that you may write in",
            todo="name another folder",
        ) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path, error: type[WijkpeilingError]) -> Iterator[Path]:
    """A folder to fill, which takes the place ``path`` when the block succeeds, and is removed when it fails.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: for a place that is taken by anything but an empty folder, before the block and again after
        it, or one that cannot be written in.
    """
    _check_free(path, error)
    work = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}-", dir=path.parent))
        yield work
        work.chmod(0o777 & ~_mask())
        _check_free(path, error)
        _put(work, path)
    except OSError as failure:
        raise error(
            f"the folder cannot be made: {failure.strerror}",
            where=failure.filename or path,
            expected="a place that you may write in",
            todo="name another folder",
        ) from None
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _put(work: Path, path: Path) -> None:
    """Give the folder its name, or its content to an empty folder: somebody may be in there."""
    if not path.exists():
        work.rename(path)
        return
    moved = []
    try:
        for part in sorted(work.iterdir()):
            moved.append(part.rename(path / part.name))
    except BaseException:
        for part in moved:
            part.rename(work / part.name)
        raise


def _check_free(path: Path, error: type[WijkpeilingError]) -> None:
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise error(
            f"{path.name} is there already",
            where=path,
            expected="a name that is free, or an empty folder",
            todo="move it away, or name another; nothing was changed",
        )


def keep_from_git(folder: Path, rules: tuple[str, ...], error: type[WijkpeilingError]) -> None:
    """See to it that the ``.gitignore`` of a folder ends with these rules; what else it says stays.

    The last rule counts, and no rule of a folder above goes before those of the folder itself.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: for a ``.gitignore`` that cannot be read or written.
    """
    ignore = folder / ".gitignore"
    try:
        known = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise error(
            "the file cannot be read, so what is confidential might end up in git",
            where=ignore,
            expected="a text file in UTF-8",
            todo="move it away",
        ) from None
    if known.splitlines()[-len(rules) :] != list(rules):
        ended = known if known.endswith("\n") or not known else known + "\n"
        told = "".join(f"{rule}\n" for rule in rules)
        write_file(ignore, f"{ended}{told}".encode(), error, overwrite=True)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
