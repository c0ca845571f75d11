"""What the values of a sheet do not tell: that a cell holds a formula, or an error.

A library that reads formulas takes ten times as long as one that reads values, so the sheet is searched for them.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final, NamedTuple
from xml.etree import ElementTree

from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.grid import Grid, shown, shown_answer

BLOCK: Final = 1 << 22
MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")
ERROR: Final = re.compile(rb'\bt="e"')
PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
END_OF_ROW: Final = b"row>"
# without these there is nothing to search for, and finding that out takes a tenth of the time
SIGNS: Final = (b't="e"', b"<f", b":f")


class _Cell(NamedTuple):
    column: int
    row: int


def told_cells(content: bytes, sheet: str, grid: Grid) -> list[Finding]:
    """A finding for each cell of a sheet that holds a formula or an error.

    Parameters
    ----------
    content
        Of an xlsx; there is nothing to say of another workbook.
    sheet
        Its name.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            part = _part_of(archive, sheet)
            return list(_told(archive, part, grid)) if part else []
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, zlib.error, EOFError, NotImplementedError):
        # not an xlsx, or no workbook that the standard describes; its values were read all the same
        return []


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file in an xlsx that holds a sheet."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    number = next((one.get(f"{OFFICE}id") for one in book.iter(f"{MAIN}sheet") if one.get("name") == sheet), None)
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((one.get("Target", "") for one in relations if one.get("Id") == number), None)
    if not target:
        return None
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _told(archive: zipfile.ZipFile, part: str, grid: Grid) -> Iterator[Finding]:
    for rows in _whole_rows(archive, part):
        if not any(sign in rows for sign in SIGNS):
            continue
        errors = {cell for found in ERROR.finditer(rows) if (cell := _cell_of(rows, found.start(), is_tag=True))}
        formulas = {cell for found in FORMULA.finditer(rows) if (cell := _cell_of(rows, found.start()))}
        for cell in sorted(errors | formulas, key=lambda cell: (cell.row, cell.column)):
            yield _finding(cell, grid, is_error=cell in errors)


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


def _cell_of(rows: bytes, at: int, *, is_tag: bool = False) -> _Cell | None:
    """The cell around a place in the XML; None where it stands in a text."""
    start = max(rows.rfind(b"<c ", 0, at), rows.rfind(b":c ", 0, at))
    end = rows.find(b">", start)
    if start < 0 or (is_tag and end < at):
        return None
    place = PLACE.search(rows, start, end)
    if place is None:
        return None
    column = 0
    for letter in place.group(1):
        column = column * 26 + letter - ord("A") + 1
    return _Cell(column - 1, int(place.group(2)))


def _finding(cell: _Cell, grid: Grid, *, is_error: bool) -> Finding:
    column, record = cell.column - grid.first_column, cell.row - grid.heading_row - 1
    is_answer = 0 <= column < len(grid.headings) and 0 <= record < len(grid.cells)
    value = grid.cells[column].iloc[record] if is_answer else None
    value = value if isinstance(value, str) and value else None
    heading = shown(grid.headings[column]) if is_answer else None
    if is_error:
        message, kind = "an error of the spreadsheet (such as #N/A), read as empty", "error_cell"
    elif value is None:
        message, kind = "a formula without a value, read as empty", "formula_cell"
    else:
        message, kind = "a formula: taken is the value that was calculated when the file was saved", "formula_cell"
    return Finding(
        kind,
        "warning" if value is not None and not is_error else "error",
        message,
        grid.file,
        row=cell.row,
        column=heading,
        value=value and shown_answer(value),
        todo="put the answer itself in the cell, as it was exported",
    )
