"""Spreadsheets: the first sheet in which something stands, by its values; formulas and merged cells are told."""

import datetime
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling.errors import IntakeError
from wijkpeiling.extras import library
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.cells import TellingCells, sheet_names, telling_cells, told
from wijkpeiling.intake.readers.codes import code_of
from wijkpeiling.intake.readers.grid import Grid, letter_of, shown
from wijkpeiling.intake.readers.tabular import Medium, export_of

# rows that become columns at a time: a sheet of 200,000 is never there as Python's objects
BATCH: Final = 5_000
# a sheet that belongs to a questionnaire and not to its answers
QUESTIONNAIRE: Final = {"survey", "choices"}
# the library makes room for every cell up to the furthest, 32 bytes each
LARGEST_AREA: Final = 60_000_000
# that a spreadsheet can have; a damaged xlsb says it has millions
MOST_COLUMNS: Final = 16_384
# seconds after which a damaged workbook is thought to lead nowhere
LONGEST: Final = 300
# bytes up to which a workbook is tried first, which takes as long as reading it; a larger one only where it unpacks to
# more times its size than sheets of answers do, which is five to thirty
LARGEST_TRIED: Final = 64 << 20
DENSEST: Final = 50
TODO: Final = "open it in a spreadsheet and save it again as xlsx, or export the responses as CSV"


def read_workbook(content: bytes, file: str) -> Export:
    """The export in a workbook (xlsx, xlsb, xls, ods).

    Raises
    ------
    IntakeError
        When the workbook is damaged, locked with a password, empty, or a questionnaire.
    """
    calamine = library("python_calamine", "reading a workbook", IntakeError)
    if _is_to_try(content):
        _try_apart(content, file)
    try:
        book = calamine.load_workbook(BytesIO(content))
        read = _first_sheet(book, content, file)
        grid = _grid(read.sheet, file)
        merged = _merged(read.sheet, grid)
    except calamine.PasswordError:
        todo = "open it with its password, and save it without one"
        raise IntakeError("a workbook with a password", where=file, expected="a workbook", todo=todo) from None
    except BaseException as failure:
        # the library panics on some damage, and what it raises then is no Exception
        is_damage = isinstance(failure, calamine.CalamineError | OSError) or type(failure).__name__ == "PanicException"
        if not is_damage:
            raise
        what = f"the workbook cannot be read: {failure}"
        raise IntakeError(what, where=file, expected="a whole workbook", todo=TODO) from None
    findings = (*_other_sheets(book, read.sheet, file), *merged, *told(read.cells, grid))
    medium = Medium(f"sheet {shown(read.sheet.name)!r} of a workbook", "excel")
    # the memory of the whole sheet
    del read, book
    return export_of(replace(grid, findings=findings), medium)


def _is_to_try(content: bytes) -> bool:
    """Whether a workbook is read apart first, for what it says of its size may not be so."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        # of Excel 97-2003
        return True
    return unpacked <= LARGEST_TRIED or unpacked > DENSEST * len(content)


def _try_apart(content: bytes, file: str) -> None:
    """Refuse a workbook that ends the process which reads it, or asks for more memory than it can have."""
    command = [sys.executable, "-P", "-m", "wijkpeiling.intake.readers.trial"]
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, input=content, capture_output=True, env=paths, timeout=LONGEST, check=False)
        is_read, why = done.returncode == 0, "the file is damaged, and ended the program that reads it"
    except subprocess.TimeoutExpired:
        is_read, why = False, f"it takes more than {LONGEST} seconds"
    if not is_read:
        # a cell that stands far away is no damage, and easily mended
        for name in sheet_names(content):
            _check_area(telling_cells(content, name).area, name, file)
        what = f"the workbook cannot be read: {why}"
        raise IntakeError(what, where=file, expected="a whole workbook", todo=TODO)


def _order(book: Any) -> list[str]:
    """Names of the sheets, those that are hidden last."""
    sheets = sorted(book.sheets_metadata, key=lambda sheet: not str(sheet.visible).endswith(".Visible"))
    return [sheet.name for sheet in sheets] or [""]


class _Sheet(NamedTuple):
    sheet: Any
    cells: TellingCells


def _first_sheet(book: Any, content: bytes, file: str) -> _Sheet:
    """The first sheet with cells, of those that are not hidden if there is one."""
    names = {name.casefold() for name in book.sheet_names}
    if names >= QUESTIONNAIRE:
        todo = "export the responses of the survey instead"
        raise IntakeError("a questionnaire (XLSForm), no responses", where=file, expected="responses", todo=todo)
    for name in _order(book):
        cells = telling_cells(content, name)
        _check_area(cells.area, name, file)
        sheet = book.get_sheet_by_name(name)
        # of an xlsb or ods this is known only now
        _check_area(sheet.height * sheet.width, name, file, sheet.width)
        if sheet.height:
            return _Sheet(sheet, cells)
    raise IntakeError("a workbook without cells", where=file, expected="a sheet with the responses", todo=TODO)


def _check_area(area: int, name: str, file: str, width: int = 0) -> None:
    if area > LARGEST_AREA or width > MOST_COLUMNS:
        raise IntakeError(
            f"a cell of sheet {shown(name)!r} stands so far away that the sheet has {area:,} cells",
            where=file,
            expected=f"at most {LARGEST_AREA:,} cells, in {MOST_COLUMNS:,} columns",
            todo="delete the rows and columns behind the answers, or export the responses as CSV",
        )


def _other_sheets(book: Any, sheet: Any, file: str) -> Iterator[Finding]:
    others = [shown(name) for name in book.sheet_names if name != sheet.name]
    if others:
        named = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        yield Finding("other_sheets", "note", f"read is sheet {shown(sheet.name)!r}; not read: {named}", file)


def _grid(sheet: Any, file: str) -> Grid:
    first_row, first_column = sheet.start
    rows = islice(sheet.iter_rows(), first_row, None)
    headings = [_cell(value) for value in next(rows)]
    cells = _columns(rows, len(headings))
    numbers = np.arange(len(cells)) + first_row + 2
    return Grid(file, headings, cells, numbers, first_column=first_column, heading_row=first_row + 1)


def _columns(rows: Iterator[Sequence[Any]], width: int) -> pd.DataFrame:
    """Columns of text, made of some rows at a time."""
    arrow = library("pyarrow", "reading a workbook", IntakeError)
    chunks: list[list[Any]] = [[] for _ in range(width)]
    while batch := list(islice(rows, BATCH)):
        for chunk, values in zip(chunks, zip(*batch, strict=True), strict=True):
            chunk.append(_as_text(arrow, values))
    to_series = pd.StringDtype("pyarrow").__from_arrow__
    return pd.DataFrame(
        {column: to_series(arrow.chunked_array(chunk, arrow.string())) for column, chunk in enumerate(chunks)}
    )


def _as_text(arrow: Any, values: Sequence[Any]) -> Any:
    """Values of one column as text in Arrow; a column of text alone is not looked at cell by cell."""
    if set(map(type, values)) == {str}:
        return arrow.array(values, arrow.string())
    return arrow.array(_texts(values), arrow.string())


def _texts(values: Iterable[Any]) -> list[str]:
    """Values as text; each different one is made once, as answers repeat."""
    known: dict[tuple[type, Any], str] = {}
    texts = []
    for value in values:
        if value.__class__ is str:
            texts.append(value)
            continue
        key = (value.__class__, value)
        if key not in known:
            known[key] = _cell(value)
        texts.append(known[key])
    return texts


def _cell(value: Any) -> str:
    """A value as a spreadsheet shows it."""
    make: Callable[[Any], str | None] = SHOWN_AS.get(type(value), code_of)
    return make(value) or ""


SHOWN_AS: Final[dict[type, Callable[[Any], str | None]]] = {
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime.date: lambda value: value.isoformat(),
}


def _merged(sheet: Any, grid: Grid) -> tuple[Finding, ...]:
    """Cells that were merged: what stands in the first of them may have been said of the others."""
    findings = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        column = left - grid.first_column
        is_heading = top + 1 <= grid.heading_row
        span = f"{letter_of(left)}{top + 1}:{letter_of(right)}{bottom + 1}"
        findings.append(
            Finding(
                "merged_cells",
                "error",
                f"merged cells {span}: only the first of them holds "
                + ("a heading" if is_heading else "an answer, the others are read as empty"),
                grid.file,
                row=top + 1,
                column=shown(grid.headings[column]) if 0 <= column < len(grid.headings) and not is_heading else None,
                todo="split the cells, and fill in what each of them should say",
            )
        )
    return tuple(findings)
