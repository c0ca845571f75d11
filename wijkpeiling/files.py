"""Text files from outside, read or refused: one door for everything that a file can be instead."""

import stat
from pathlib import Path

from wijkpeiling.errors import WijkpeilingError

MEGABYTE = 1 << 20
NEWLINE = b"\n"


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
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            # a pipe would be waited for
            raise error(
                "this is no file", where=path, expected="a text file", todo="move it away, and put the file back"
            )
        if found.st_size > largest:
            raise error(
                f"a file of {found.st_size / MEGABYTE:,.0f} MB",
                where=path,
                expected=f"at most {largest / MEGABYTE:,.0f} MB",
                todo="look whether another file was saved under this name",
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise error(f"{path.name} is missing", where=path, todo=missing) from None
    except OSError as failure:
        raise error(
            f"the file cannot be read: {failure.strerror}",
            where=path,
            expected="a file that you may read",
            todo="change its permissions, or copy it again",
        ) from None
    return _decoded(content, path, error, counted)


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
