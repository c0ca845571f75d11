"""A list of municipalities that the user has: CSV or a spreadsheet, with headings of one's own."""

import csv
import io
import re
from pathlib import Path

import pandas as pd

from wijkpeiling.checking import LARGEST
from wijkpeiling.errors import PopulationError
from wijkpeiling.extras import library
from wijkpeiling.files import read_text

# what a column can be called, in any case and without spaces, hyphens and underscores; the first that is there is taken
HEADINGS = {
    "gemeentecode": ("gemeentecodegm", "gemeentecode", "gmcode", "code"),
    "name": ("gemeentenaam", "naam", "name", "gemeente", "municipality"),
    "provincie": ("provincienaam", "provincie", "province"),
    "inhabitants": ("inwonertal", "inwoners", "aantalinwoners", "inhabitants", "population"),
    "size_class": ("sizeclass", "grootteklasse"),
}
SIZES = ("inhabitants", "size_class")
SEPARATORS = ",;\t"
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")


def read_list(path: Path) -> pd.DataFrame:
    """Read a list of municipalities.

    Returns
    -------
    pd.DataFrame
        A row for each: ``gemeentecode``, ``name``, ``provincie``, and what there is of ``inhabitants`` and
        ``size_class``, as text, in the order of the file: the first row is its row 2.

    Raises
    ------
    PopulationError
        When the file cannot be read, a column is missing, or a row has more cells than the heading.
    """
    heading, *rows = _sheet(path) if path.suffix.lower() in SPREADSHEETS else _text(path)
    for number, row in enumerate(rows, start=2):
        if any(row[len(heading) :]):
            raise PopulationError(
                f"{len(row)} cells where the heading has {len(heading)}",
                where=f"{path}, row {number}",
                expected="a cell for each heading",
                todo="correct the row",
            )
    places = _places(heading, path)
    cells = {name: [(row + [""] * len(heading))[place] for row in rows] for name, place in places.items()}
    return pd.DataFrame(cells, dtype="string")


def _places(heading: list[str], path: Path) -> dict[str, int]:
    told = [re.sub(r"[\s_-]", "", name).casefold() for name in heading]
    found = {
        column: told.index(next(name for name in names if name in told))
        for column, names in HEADINGS.items()
        if set(names) & set(told)
    }
    missing = [column for column in HEADINGS if column not in (*found, *SIZES)]
    if not set(SIZES) & set(found):
        missing.append("inhabitants or size_class")
    if missing:
        raise PopulationError(
            f"no column of {', '.join(missing)}",
            where=f"{path}, row 1",
            expected="headings such as gemeentecode, name, provincie, inhabitants",
            todo="correct the heading, or add the column",
        )
    return found


def _text(path: Path) -> list[list[str]]:
    text = read_text(path, PopulationError, largest=LARGEST, missing="name the file with --file", counted="row")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = [[cell.strip() for cell in line] for line in lines]
    except csv.Error as failure:
        raise PopulationError(
            f"the rows cannot be told apart: {failure}",
            where=path,
            expected="quotation marks that match, around a cell with a separator in it",
            todo='save it again as "CSV UTF-8"',
        ) from None
    return _filled(rows, path)


def _sheet(path: Path) -> list[list[str]]:
    calamine = library("python_calamine", "reading a spreadsheet", PopulationError)
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError, IndexError) as failure:
        raise PopulationError(
            f"this is no spreadsheet that can be read: {failure}",
            where=path,
            expected="a spreadsheet of which the first sheet holds the list",
            todo='save it again, or as "CSV UTF-8"',
        ) from None
    return _filled([[_cell(value) for value in row] for row in rows], path)


def _cell(value: object) -> str:
    # a spreadsheet holds each number as one with decimals
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _filled(rows: list[list[str]], path: Path) -> list[list[str]]:
    """The rows up to the last that holds anything."""
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) < 2:
        raise PopulationError(
            "no municipalities",
            where=path,
            expected="a heading, and a row for each municipality",
            todo="look whether this is the file that was meant",
        )
    return rows
