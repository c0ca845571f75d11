"""A grid of headings and cells as an export: whose it is, its rows of headings, its trial answers and its dates."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from wijkpeiling.errors import IntakeError
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.grid import Grid, counted, named, shown, without_blank_rows
from wijkpeiling.intake.readers.tools import (
    BY_FORMAT,
    Tool,
    has_labels,
    heading_form,
    labels_found,
    own_columns,
    tidy,
    tool_of,
)

# Status of a Qualtrics response that nobody gave, as a number and in words
TRIALS: Final = {
    **dict.fromkeys(("1", "survey preview", "2", "survey test"), "a preview of the survey"),
    **dict.fromkeys(("17", "offline survey preview"), "a preview of the survey"),
    **dict.fromkeys(("8", "spam", "9", "survey preview spam", "12", "imported spam"), "marked as spam"),
}
IMPORT_ID: Final = '{"ImportId"'
# two rows of texts and identifiers below the headings are the most that Qualtrics writes
MOST_HEADING_ROWS: Final = 2
DAY_ZERO: Final = datetime(1899, 12, 30)
DAY_NUMBER: Final = re.compile(r"[3-9]\d{4}([.,]\d+)?")
NOT_SHOWN_IN_VV: Final = "{question_not_shown}"


@dataclass(frozen=True)
class Medium:
    """The kind of file that a grid was read from.

    Attributes
    ----------
    name
        With its article: ``a CSV file separated by semicolons``.
    plain
        Format of an export that no tool shows in.
    keeps_null
        Whether the file shows the difference between nothing and an empty cell.
    """

    name: str
    plain: str
    keeps_null: bool = False


@dataclass(frozen=True)
class _Headed:
    """A grid below its last row of headings, and the texts of questions by column number."""

    grid: Grid
    tool: Tool | None
    texts: dict[int, str] = field(default_factory=dict)


def export_of(grid: Grid, medium: Medium) -> Export:
    """An export of a file that is a table.

    Raises
    ------
    IntakeError
        When there are no headings, no answers, or it is another export of LimeSurvey than that of responses.
    """
    _refuse_other_tables(grid)
    headed = _below_headings(grid)
    grid = without_blank_rows(headed.grid)
    grid = _without_trials(grid) if headed.tool is BY_FORMAT["qualtrics"] else grid
    if not len(grid.rows):
        raise IntakeError(
            "there are headings and no answers",
            where=grid.file,
            expected="a row for each respondent",
            todo="export the responses again, broken-off ones too, once there are some",
        )
    texts = {tidy(grid.headings[column]): text for column, text in headed.texts.items()}
    grid = named(grid)
    grid = _with_dates(grid, headed.tool) if headed.tool else grid
    if medium.keeps_null and headed.tool is BY_FORMAT["limesurvey_csv"] and has_labels(grid.cells):
        medium = replace(medium, keeps_null=False)
        grid = replace(grid, findings=(*grid.findings, labels_found(grid.file)))
    cells = grid.cells if medium.keeps_null else grid.cells.fillna("")
    return Export(
        format=headed.tool.format if headed.tool else medium.plain,
        description=_description(grid, headed.tool, medium),
        file=grid.file,
        cells=cells,
        rows=grid.rows,
        keeps_null=medium.keeps_null,
        texts={heading: text for heading, text in texts.items() if heading in cells},
        findings=tuple(grid.findings),
    )


def _description(grid: Grid, tool: Tool | None, medium: Medium) -> str:
    whose = f"responses of {tool.name}" if tool else "a table of no survey tool that is known here"
    if tool is BY_FORMAT["limesurvey_csv"]:
        whose += f" headed by {heading_form(grid.headings)}"
    rows, columns = grid.cells.shape
    null = ", in which NULL and an empty cell differ" if medium.keeps_null else ""
    return f"{whose}, in {medium.name}{null}: {counted(rows, 'row')}, {counted(columns, 'column')}"


def _refuse_other_tables(grid: Grid) -> None:
    """What LimeSurvey and survey designers also call an export."""
    headings = {tidy(heading).casefold() for heading in grid.headings}
    for known, what in {
        frozenset({"class", "type/scale", "name", "relevance"}): "this is a questionnaire of LimeSurvey, no responses",
        frozenset({"type", "name", "label"}): "this is a questionnaire as an XLSForm, no responses",
        frozenset({"tid", "firstname", "token", "emailstatus"}): "this is the list of participants, no responses",
    }.items():
        if known <= headings:
            raise IntakeError(
                what, where=grid.file, expected="the responses", todo="export the responses of the survey instead"
            )
    if len(grid.cells) and (grid.cells.head(50) == NOT_SHOWN_IN_VV).fillna(False).to_numpy(dtype=bool).any():
        raise IntakeError(
            "this is a VV export of LimeSurvey, which is made to be imported again",
            where=grid.file,
            expected="the responses",
            todo="choose Export responses, as CSV or JSON, instead of VV",
        )
    if sum(heading != "" for heading in map(tidy, grid.headings)) <= 1:
        raise IntakeError(
            f"one heading only: {shown(' '.join(grid.headings))!r}",
            where=f"{grid.file}, row {grid.heading_row}",
            expected="headings of several columns in the first row, separated by a comma, a semicolon or a tab",
            todo="delete what stands above the headings, or export the file again",
        )


def _below_headings(grid: Grid) -> _Headed:
    """Without the rows of texts and identifiers that Qualtrics writes below its headings."""
    top = [[_or_empty(cell) for cell in row] for row in grid.cells.head(MOST_HEADING_ROWS).to_numpy()]
    tool = tool_of(grid.headings)
    if tool is None and top and tool_of(top[0]) is BY_FORMAT["qualtrics"]:
        return _legacy_qualtrics(grid, top)
    if tool is not BY_FORMAT["qualtrics"]:
        return _Headed(grid, tool)
    start = next(c for c, name in enumerate(grid.headings) if tidy(name) in own_columns(tool, grid.headings))
    below = 0
    texts: dict[int, str] = {}
    for row in top:
        identifiers = any(cell.startswith(IMPORT_ID) for cell in row)
        # a text is above the dates, and has no digit
        if not identifiers and (below or any(sign.isdigit() for sign in row[start]) or not row[start]):
            break
        texts = texts or ({} if identifiers else {column: tidy(text) for column, text in enumerate(row) if text})
        below += 1
    return _Headed(_from_row(grid, below), tool, texts)


def _legacy_qualtrics(grid: Grid, top: list[list[str]]) -> _Headed:
    """Headings V1, V2, ... and Q1, ..., below which stand the names of the columns of the tool and the texts."""
    tool = BY_FORMAT["qualtrics"]
    own = own_columns(tool, top[0])
    headings = [own.get(text, heading) for text, heading in zip(top[0], grid.headings, strict=True)]
    texts = {column: tidy(text) for column, text in enumerate(top[0]) if text and text not in own}
    below = 1 + any(cell.startswith(IMPORT_ID) for row in top[1:] for cell in row)
    return _Headed(_from_row(replace(grid, headings=headings), below), tool, texts)


def _from_row(grid: Grid, below: int) -> Grid:
    return grid.where(np.arange(len(grid.rows)) >= below)


def _without_trials(grid: Grid) -> Grid:
    """Without the answers that Qualtrics says nobody gave."""
    own = own_columns(BY_FORMAT["qualtrics"], grid.headings)
    column = next((c for c, heading in enumerate(grid.headings) if own.get(heading) == "Status"), None)
    if column is None:
        return grid
    why = grid.cells[column].str.strip().str.casefold().map(TRIALS)
    kept = why.isna().to_numpy(dtype=bool)
    notes = [
        Finding(
            "trial_answers",
            "note",
            f"{reason}, left out",
            grid.file,
            row=int(row),
            column=grid.headings[column],
            value=shown(value),
        )
        for row, reason, value in zip(grid.rows[~kept], why[~kept], grid.cells[column][~kept], strict=True)
    ]
    return grid.where(kept, *notes)


def _with_dates(grid: Grid, tool: Tool) -> Grid:
    """Moments that a spreadsheet turned into a number of days, as dates again."""
    cells, findings = grid.cells, list(grid.findings)
    for heading, name in own_columns(tool, grid.headings).items():
        if name not in tool.dates:
            continue
        numbers = cells[heading].str.fullmatch(DAY_NUMBER.pattern).fillna(False).to_numpy(dtype=bool)
        if not numbers.any():
            continue
        dates = cells[heading].where(~numbers, cells[heading][numbers].map(_date))
        cells = cells.assign(**{heading: dates.astype(cells[heading].dtype)})
        findings.append(_dates_found(grid, heading, numbers))
    return replace(grid, cells=cells, findings=tuple(findings))


def _dates_found(grid: Grid, heading: str, numbers: np.ndarray) -> Finding:
    first = int(np.flatnonzero(numbers)[0])
    return Finding(
        "date_as_number",
        "note",
        f"{counted(int(numbers.sum()), 'date')} written as a number of days since 1900: read as the date",
        grid.file,
        row=int(grid.rows[first]),
        column=heading,
        value=shown(grid.cells[heading].iloc[first]),
    )


def _date(days: str) -> str:
    moment = DAY_ZERO + timedelta(days=float(days.replace(",", ".")))
    # a spreadsheet rounds to a millisecond or so
    return f"{(moment + timedelta(milliseconds=500)).replace(microsecond=0)}"


def _or_empty(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)
