"""What every reader makes of a file first: headings above cells; and what becomes of headings that do not serve."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.tools import tidy

LONGEST_VALUE: Final = 80
# an e-mail address, or as many digits as a telephone number has
PERSONAL: Final = re.compile(r"@|\d(?:[\s().-]*\d){8}")


@dataclass(frozen=True)
class Grid:
    """Headings above cells.

    Attributes
    ----------
    file
        Name of the file, without folder.
    headings
        Of C columns, as written.
    cells
        Shape (R, C), columns numbered from 0, dtype of ``text_columns``; NA where the file writes nothing at all.
    rows
        Shape (R,): the row of each record as the spreadsheet shows it.
    findings
        What was met so far.
    first_column
        Columns of the spreadsheet that stand empty before the first.
    heading_row
        Row of the headings as the spreadsheet shows it.
    """

    file: str
    headings: Sequence[str]
    cells: pd.DataFrame
    rows: np.ndarray
    findings: Sequence[Finding] = field(default=())
    first_column: int = 0
    heading_row: int = 1

    def letter(self, column: int) -> str:
        """The letter above a column in a spreadsheet: A, B, ..., Z, AA."""
        return letter_of(column + self.first_column)

    def where(self, kept: np.ndarray, *findings: Finding) -> "Grid":
        """The records of a mask of shape (R,), and what there is to say of the others."""
        cells = self.cells.loc[kept].reset_index(drop=True)
        return replace(self, cells=cells, rows=self.rows[kept], findings=(*self.findings, *findings))


def letter_of(column: int) -> str:
    """The letter of a column of a spreadsheet, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def text_columns(columns: Mapping[int, Any]) -> pd.DataFrame:
    """Columns of text that stand in Arrow: a tenth of the memory of Python's strings."""
    return pd.DataFrame(dict(columns), dtype=pd.StringDtype("pyarrow"))


def shown(value: object) -> str:
    """A value as a finding shows it."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def shown_answer(value: object) -> str | None:
    """An answer as a finding shows it; None where it may tell who gave it, by an address or a number."""
    return None if PERSONAL.search(str(value)) else shown(value)


def without_blank_rows(grid: Grid) -> Grid:
    """Records in which something stands."""
    filled = np.zeros(len(grid.cells), dtype=bool)
    for column in grid.cells:
        filled |= ~is_empty(grid.cells[column])
        if filled.all():
            return grid
    blank = grid.rows[~filled]
    between = blank[blank < grid.rows[filled].max(initial=0)]
    if not len(between):
        return grid.where(filled)
    message = f"{len(between):,} blank row{'s' * (len(between) > 1)} between the answers, left out"
    return grid.where(filled, Finding("blank_row", "note", message, grid.file, row=int(between[0])))


def is_empty(cells: pd.Series) -> np.ndarray:
    """Shape (R,): where a cell is not there or holds nothing but blanks."""
    return (cells.str.strip().fillna("") == "").to_numpy(dtype=bool)


def named(grid: Grid) -> Grid:
    """The columns under headings of their own, as ``cells`` of an export has them."""
    grid = replace(grid, headings=[tidy(heading) for heading in grid.headings])
    out = _without_heading(grid) | _repeated(grid)
    kept = [column for column in range(len(grid.headings)) if column not in out]
    headings = [grid.headings[column] for column in kept]
    cells = grid.cells[kept].set_axis(headings, axis=1)
    return replace(grid, headings=headings, cells=cells, findings=(*grid.findings, *filter(None, out.values())))


def _without_heading(grid: Grid) -> dict[int, Finding | None]:
    """By column without a heading, what is lost; None where nothing stands in it."""
    return {column: _lost_column(grid, column) for column, heading in enumerate(grid.headings) if heading == ""}


def _lost_column(grid: Grid, column: int) -> Finding | None:
    filled = np.flatnonzero(~is_empty(grid.cells[column]))
    if not len(filled):
        return None
    return Finding(
        "no_heading",
        "warning",
        f"column {grid.letter(column)} has no heading and {counted(len(filled), 'cell')}, left out",
        grid.file,
        row=int(grid.rows[filled[0]]),
        value=shown_answer(grid.cells[column].iloc[filled[0]]),
        todo="see which question it belongs to; a tool writes such a column for an option that the form does not know",
    )


def _repeated(grid: Grid) -> dict[int, Finding | None]:
    """By column that stays out, the finding; the first of equal columns stays in."""
    places: dict[str, list[int]] = defaultdict(list)
    for column, heading in enumerate(grid.headings):
        if heading:
            places[heading].append(column)
    out: dict[int, Finding | None] = {}
    for heading, columns in places.items():
        if len(columns) > 1:
            out |= _of_repeated(grid, heading, columns)
    return out


def _of_repeated(grid: Grid, heading: str, columns: list[int]) -> dict[int, Finding | None]:
    first, *others = columns
    letters = ", ".join(grid.letter(column) for column in columns)
    if all(grid.cells[first].equals(grid.cells[other]) for other in others):
        message = f"columns {letters} have one heading and the same cells: the first is taken"
        note = Finding("repeated_heading", "note", message, grid.file, row=grid.heading_row, column=shown(heading))
        return dict.fromkeys(others) | {others[0]: note}
    error = Finding(
        "repeated_heading",
        "error",
        f"columns {letters} have one heading and differ: none of them is taken",
        grid.file,
        row=grid.heading_row,
        column=shown(heading),
        todo="export with question codes as headings; those are unique",
    )
    return dict.fromkeys(columns) | {first: error}


def counted(count: int, noun: str) -> str:
    """A number and what it counts, in the plural for all but one."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
