"""Where the cells of a text file begin and end: its separator, its first record, and quotes that do not match."""

import csv
import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from wijkpeiling.errors import IntakeError
from wijkpeiling.intake.readers.grid import shown

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
# records that a separator is tried on
TRIED: Final = 30
QUOTE: Final = ord('"')
ENDS: Final = b"\r\n"
# a spreadsheet writes this above the headings, and hides it
SEPARATOR_LINE: Final = re.compile(rb'"?sep=([,;\t])"?\r?\n')


@dataclass(frozen=True)
class Layout:
    """The heading of a text file.

    Attributes
    ----------
    separator
        One of ``SEPARATORS``.
    headings
        Cells of the first record.
    begin
        Byte at which the first record begins.
    start
        Byte at which the second record begins.
    """

    separator: str
    headings: list[str]
    begin: int
    start: int


def layout_of(content: bytes, file: str) -> Layout:
    """The separator, by the heading and the records that fit it, and the headings.

    Parameters
    ----------
    content
        UTF-8, without byte order mark.

    Raises
    ------
    IntakeError
        When the first record has no end.
    """
    told = SEPARATOR_LINE.match(content)
    begin = told.end() if told else 0
    # blank lines above the headings
    begin += len(content[begin:]) - len(content[begin:].lstrip(ENDS)) if content[begin : begin + 1] in b"\r\n" else 0
    ends = _ends_of_records(content, begin, TRIED)
    heading = content[begin : ends[0]].decode()
    separator = told.group(1).decode() if told else _separator(content, begin, ends, heading)
    try:
        headings = next(csv.reader([heading], delimiter=separator), [])
    except csv.Error as failure:
        raise IntakeError(
            f"the headings cannot be read: {failure}",
            where=f"{file}, row 1",
            expected="headings, each within quotes or without a line break",
            todo="export the file again",
        ) from None
    return Layout(separator, headings, begin, _next_record(content, ends[0]))


def _ends_of_records(content: bytes, begin: int, most: int) -> list[int]:
    """The byte at which each of the first records ends: a line break outside quotes."""
    ends, quotes, at = [], 0, begin
    for line_break in re.finditer(rb"\r\n|\n|\r", content[begin : begin + (1 << 22)]):
        end = begin + line_break.start()
        quotes += content.count(b'"', at, end)
        at = end
        if quotes % 2 == 0:
            ends.append(end)
        if len(ends) == most:
            break
    return ends or [len(content)]


def _next_record(content: bytes, end: int) -> int:
    return end + (2 if content[end : end + 2] == b"\r\n" else 1)


def _separator(content: bytes, begin: int, ends: list[int], heading: str) -> str:
    """The separator by which most records have as many cells as the heading; of equals, that of more cells."""
    records = [content[start:end].decode() for start, end in zip([begin, *ends], ends, strict=False)]
    fits: dict[str, tuple[float, int]] = {}
    for separator in SEPARATORS:
        lengths = [_count(record.strip("\r\n"), separator) for record in records if record.strip("\r\n")]
        cells = lengths[0]
        fits[separator] = (sum(length == cells for length in lengths) / len(lengths) if cells > 1 else 0, cells)
    return max(fits, key=lambda separator: fits[separator])


def _count(record: str, separator: str) -> int:
    """Cells of a record: what stands between quotes separates nothing."""
    return re.sub(r'"[^"]*"', "", record).count(separator) + 1


def check_quotes(content: bytes, layout: Layout, file: str) -> None:
    """Hold every quote against its place: a cell begins or ends there, or it is doubled.

    A quote too many turns the cells behind it inside out, and rows merge without an error of the library.

    Raises
    ------
    IntakeError
        With the row of the first quote that is out of place.
    """
    if _all_in_place(content, layout.separator):
        return
    cell = _cell_pattern(layout.separator)
    at, row, length = layout.begin, 1, len(content)
    while at < length:
        found = cell.match(content, at)
        if found is None:
            raise IntakeError(
                "a quote that does not match",
                where=f"{file}, row {row}",
                expected='a cell within quotes, a quote in it doubled: "5"" pipe"',
                todo=f"mend the quotes near {shown(content[at : at + 20].decode(errors='replace'))!r}, "
                "or export the file again",
            )
        row += found.group(1) not in (layout.separator.encode(), b"")
        at = found.end()


def cells_of(record: str, separator: str) -> list[str | None]:
    """The cells of one record; None where nothing stands between the separators."""
    content, at, cells = record.encode(), 0, []
    pattern = _cell_pattern(separator)
    while found := pattern.match(content, at):
        cell = content[at : found.start(1)].decode()
        is_quoted = cell.startswith('"')
        cells.append(cell[1:-1].replace('""', '"') if is_quoted else cell or None)
        at = found.end()
        if found.group(1) != separator.encode():
            break
    return cells


def _all_in_place(content: bytes, separator: str) -> bool:
    """Whether each first quote of a pair stands at the start of a cell, and each second one at its end."""
    signs = np.frombuffer(content, dtype=np.uint8)
    quotes = np.flatnonzero(signs == QUOTE)
    if not len(quotes):
        return True
    if len(quotes) % 2:
        return False
    beside = np.zeros(256, dtype=bool)
    beside[[QUOTE, ord(separator), *ENDS]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = beside[signs[opening[opening > 0] - 1]]
    after = beside[signs[closing[closing < len(signs) - 1] + 1]]
    return bool(before.all() and after.all())


def _cell_pattern(separator: str) -> re.Pattern[bytes]:
    mark = re.escape(separator.encode())
    quoted = rb'"[^"]*+(?:""[^"]*+)*+"'
    bare = rb'(?:[^"\r\n' + mark + rb"][^\r\n" + mark + rb"]*+)?"
    return re.compile(rb"(?:" + quoted + rb"|" + bare + rb")(" + mark + rb"|\r\n|\n|\r|\Z)")
