"""What the values of a sheet do not tell: that a cell holds a formula, or an error.

A library that reads formulas takes ten times as long as one that reads values, so the sheet is searched for them.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final, NamedTuple
from xml.etree import ElementTree

from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.grid import Grid, shown, shown_answer

BLOCK: Final = 1 << 22
# of which each is a finding; a sheet that is calculated throughout has millions
MOST_CELLS: Final = 10_000
# bytes of a sheet in which every cell is asked for its place; Excel writes them in order, and damage is of small files
SMALL: Final = 32 << 20
MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")
ERROR: Final = re.compile(rb'\bt="e"')
PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
END_OF_ROW: Final = b"row>"
# without these there is nothing to search for: every error begins so, and every formula; each ends on a sign that is
# rare in a sheet, which makes the search ten times as fast
SIGNS: Final = (b">#", b"<f", b":f")

# what Python makes of a zip or of XML that the library could read: a part that is not there or has a password, an
# encoding that is none
UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),
    *(ElementTree.ParseError, LookupError, ValueError),
)


class Place(NamedTuple):
    """A row, counted from 1 as the spreadsheet does, and a column, counted from 0."""

    row: int
    column: int


class Told(NamedTuple):
    """A cell that holds a formula, an error or both."""

    place: Place
    is_error: bool


@dataclass(frozen=True)
class TellingCells:
    """The first ten thousand cells of a sheet that hold a formula or an error, and how many there are.

    ``area`` is the number of cells from the first to the furthest one, most of them empty where one stands far away.
    """

    first: tuple[Told, ...] = ()
    count: int = 0
    area: int = 0


def telling_cells(content: bytes, sheet: str) -> TellingCells:
    """The cells of a sheet that hold a formula or an error.

    Parameters
    ----------
    content
        Of an xlsx; there is nothing to say of another workbook.
    sheet
        Its name.
    """
    first: list[Told] = []
    count, furthest = 0, Place(0, 0)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            part = _part_of(archive, sheet)
            is_small = part is not None and archive.getinfo(part).file_size <= SMALL
            for rows in _whole_rows(archive, part) if part else ():
                furthest = Place(*map(max, furthest, _furthest(rows, is_small=is_small)))
                for cell in _told(rows):
                    count += 1
                    first += [cell] if count <= MOST_CELLS else []
    except UNREADABLE:
        # not an xlsx, or no workbook that the standard describes; its values were read all the same
        pass
    return TellingCells(tuple(first), count, furthest.row * (furthest.column + 1))


def sheet_names(content: bytes) -> list[str]:
    """The sheets that an xlsx says it holds; none of another workbook."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    except UNREADABLE:
        return []
    return [sheet.get("name", "") for sheet in book.iter(f"{MAIN}sheet")]


def _furthest(rows: bytes, *, is_small: bool) -> Place:
    """The last row and the last column of some rows; in a large sheet by the last cell of each."""
    if is_small:
        places = PLACE.findall(rows)
    else:
        last = (row[max(row.rfind(b"<c "), 0) :] for row in rows.split(END_OF_ROW))
        places = [found.groups() for row in last if (found := PLACE.search(row))]
    return Place(
        max((int(row) for _, row in places), default=0),
        max((_number(letters) for letters in {letters for letters, _ in places}), default=0),
    )


def _number(letters: bytes) -> int:
    """The number of a column, from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - ord("A") + 1
    return column - 1


def told(cells: TellingCells, grid: Grid) -> tuple[Finding, ...]:
    """A finding for each of the cells, and one for those that were not looked at."""
    findings = tuple(_finding(cell, grid) for cell in cells.first)
    if cells.count <= len(findings):
        return findings
    message = f"{cells.count:,} cells hold a formula or an error, of which the first {len(findings):,} are looked at"
    todo = "export the responses again: this sheet was calculated from them"
    return (*findings, Finding("calculated_sheet", "error", message, grid.file, todo=todo))


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file in an xlsx that holds a sheet."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    number = next((one.get(f"{OFFICE}id") for one in book.iter(f"{MAIN}sheet") if one.get("name") == sheet), None)
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((one.get("Target", "") for one in relations if one.get("Id") == number), None)
    if not target:
        return None
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _told(rows: bytes) -> Iterator[Told]:
    if not any(sign in rows for sign in SIGNS):
        return
    errors = {place for found in ERROR.finditer(rows) if (place := _place_of(rows, found.start(), is_tag=True))}
    formulas = {place for found in FORMULA.finditer(rows) if (place := _place_of(rows, found.start()))}
    for place in sorted(errors | formulas):
        yield Told(place, place in errors)


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a sheet, some rows at a time."""
    rest = b""
    with archive.open(part) as source:
        while block := source.read(BLOCK):
            rest += block
            end = rest.rfind(END_OF_ROW)
            if end >= 0:
                yield rest[:end]
                rest = rest[end:]
    yield rest


def _place_of(rows: bytes, at: int, *, is_tag: bool = False) -> Place | None:
    """Row and column of the cell around a place in the XML; None where it stands in a text."""
    start = max(rows.rfind(b"<c ", 0, at), rows.rfind(b":c ", 0, at))
    end = rows.find(b">", start)
    if start < 0 or (is_tag and end < at):
        return None
    place = PLACE.search(rows, start, end)
    if place is None:
        return None
    return Place(int(place.group(2)), _number(place.group(1)))


def _finding(cell: Told, grid: Grid) -> Finding:
    column, record = cell.place.column - grid.first_column, cell.place.row - grid.heading_row - 1
    is_answer = 0 <= column < len(grid.headings) and 0 <= record < len(grid.cells)
    value = grid.cells[column].iloc[record] if is_answer else None
    value = value if isinstance(value, str) and value else None
    heading = shown(grid.headings[column]) if is_answer else None
    if cell.is_error:
        message, kind = "an error of the spreadsheet (such as #N/A), read as empty", "error_cell"
    elif value is None:
        message, kind = "a formula without a value, read as empty", "formula_cell"
    else:
        message, kind = "a formula: taken is the value that was calculated when the file was saved", "formula_cell"
    return Finding(
        kind,
        "warning" if value is not None and not cell.is_error else "error",
        message,
        grid.file,
        row=cell.place.row,
        column=heading,
        value=value and shown_answer(value),
        todo="put the answer itself in the cell, as it was exported",
    )
