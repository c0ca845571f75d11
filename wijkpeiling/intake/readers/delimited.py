"""Text files of which separators part the cells: CSV of any tool, in any encoding that can be told."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from wijkpeiling.errors import IntakeError
from wijkpeiling.extras import library
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.grid import Grid, counted, shown, shown_answer
from wijkpeiling.intake.readers.quoting import SEPARATORS, Layout, cells_of, check_quotes, layout_of
from wijkpeiling.intake.readers.tabular import Medium, export_of
from wijkpeiling.intake.readers.tools import BY_FORMAT, tool_of

# by the mark that such a file begins with; the longer ones first, as one begins with the other
MARKED: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
UNMARKED: Final = (b"", "utf-8")
# of a western spreadsheet that was not asked for UTF-8
WESTERN: Final = "cp1252"
# é, ë and the like, once written in UTF-8 and then taken for Western and written again
TWICE_ENCODED: Final = re.compile(rb"\xc3\x83\xc2[\xa0-\xbf]")
# in a cell with fewer, a text may have as many as a row by chance
FEWEST_SEPARATORS: Final = 4
# a kind of finding: a row that is longer than the headings by cells in which nothing stands
BLANK_CELLS: Final = "blank_cells"
# how KoBoToolbox writes whether an option was ticked
TICKS: Final = {"0", "1"}
LOST_SIGN: Final = "\N{REPLACEMENT CHARACTER}".encode()


@dataclass(frozen=True)
class _Text:
    """What a file says, in UTF-8 without a byte order mark."""

    content: bytes
    encoding: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Ragged:
    """A record that has more or fewer cells than there are headings; ``number`` counts from the first below them."""

    number: int
    cells: list[str | None]
    is_blank: bool
    is_quoted: bool


def read_delimited(content: bytes, file: str) -> Export:
    """The export in a text file.

    Parameters
    ----------
    content
        Of the whole file.
    file
        Its name, for messages.

    Raises
    ------
    IntakeError
        When the encoding cannot be told, quotes do not match, or it is no table.
    """
    text = _decoded(content, file)
    layout = layout_of(text.content, file)
    check_quotes(text.content, layout, file)
    grid = _grid(text.content, layout, file)
    nulls = _nulls(grid, text.content.count(b'"', layout.start))
    findings = (*text.findings, *grid.findings, *_rows_in_cells(grid, layout.separator))
    if nulls == "lost" and tool_of(layout.headings) is BY_FORMAT["limesurvey_csv"]:
        findings += (_saved_again(file),)
    name = f"a text file separated by {SEPARATORS[layout.separator]}, in {text.encoding}"
    return export_of(replace(grid, findings=findings), Medium(name, "csv", nulls == "shown"))


def _decoded(content: bytes, file: str) -> _Text:
    mark, encoding = next((marked for marked in MARKED if content.startswith(marked[0])), UNMARKED)
    content = content[len(mark) :]
    if encoding != "utf-8":
        content = _as_utf8(content, encoding, file)
    if b"\0" in content:
        raise IntakeError(
            "a byte that is no character (NUL)",
            where=f"{file}, row {_row_of(content.index(0), content)}",
            expected="text, in UTF-8 or in UTF-16 with a byte order mark",
            todo="save it again as UTF-8; a file that was cut off or is of another kind has such bytes",
        )
    try:
        content.decode()
    except UnicodeDecodeError as failure:
        return _western(content, _row_of(failure.start, content), file)
    return _Text(content, encoding.upper(), _damaged_signs(content, file))


def _as_utf8(content: bytes, encoding: str, file: str) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeDecodeError as failure:
        raise IntakeError(
            f"this begins as {encoding[:6].upper()} and is not, from byte {failure.start:,} on",
            where=file,
            expected="text in one encoding, to its end",
            todo="the file may be cut off: export it again, as UTF-8",
        ) from None


def _western(content: bytes, row: int, file: str) -> _Text:
    try:
        text = content.decode(WESTERN)
    except UnicodeDecodeError as failure:
        raise IntakeError(
            f"byte {content[failure.start]:#04x} is neither UTF-8 nor Western (Windows-1252)",
            where=f"{file}, row {_row_of(failure.start, content)}",
            expected="text in UTF-8",
            todo='export it again as UTF-8, or save it from a spreadsheet as "CSV UTF-8"',
        ) from None
    warning = Finding(
        "encoding",
        "warning",
        f"not in UTF-8, from row {row} on: read as Western (Windows-1252)",
        file,
        row=row,
        todo="look whether é, ë and ï are right; if not, export the file again as UTF-8",
    )
    return _Text(text.encode(), "Windows-1252", (warning,))


def _row_of(at: int, content: bytes) -> int:
    """The row of a byte, for a file that is not parsed yet: its line."""
    return content[:at].count(b"\n") + 1


def _damaged_signs(content: bytes, file: str) -> tuple[Finding, ...]:
    """Signs that were damaged before the file came here."""
    twice = TWICE_ENCODED.search(content)
    places = {
        "accents that were encoded twice, as Ã© for é": twice.start() if twice else -1,
        "signs that were lost before (�)": content.find(LOST_SIGN),
    }
    return tuple(
        Finding(
            "damaged_text",
            "warning",
            message,
            file,
            row=_row_of(at, content),
            todo="export it again, and do not open and save it in between",
        )
        for message, at in places.items()
        if at >= 0
    )


def _grid(content: bytes, layout: Layout, file: str) -> Grid:
    """The records below the headings, ragged ones mended where that is safe."""
    count = len(layout.headings)
    ragged: list[_Ragged] = []

    def taken(row: Any) -> str:
        ragged.append(_ragged(row.number, row.text, layout.separator))
        return "skip"

    if not content[layout.start :].strip(b"\r\n"):
        return Grid(file, layout.headings, pd.DataFrame(columns=range(count), dtype="string"), np.array([], dtype=int))
    table = _parsed(content, layout, file, taken)
    total = table.num_rows + len(ragged)
    numbers = np.setdiff1d(np.arange(1, total + 1), [row.number for row in ragged])
    cells = table.to_pandas(
        types_mapper={library("pyarrow", "reading text", IntakeError).string(): pd.StringDtype("pyarrow")}.get
    )
    cells.columns = range(count)
    grid = Grid(file, layout.headings, cells, numbers + 1)
    return _with_mended(grid, ragged)


def _parsed(content: bytes, layout: Layout, file: str, taken: Any) -> Any:
    arrow = library("pyarrow", "reading CSV", IntakeError)
    reading = library("pyarrow.csv", "reading CSV", IntakeError)
    names = [str(column) for column in range(len(layout.headings))]
    below = memoryview(content)[layout.start :]
    try:
        return reading.read_csv(
            arrow.BufferReader(below),
            # one thread counts the records, one block holds any cell
            read_options=reading.ReadOptions(column_names=names, use_threads=False, block_size=len(below) + 1),
            parse_options=reading.ParseOptions(
                delimiter=layout.separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=taken,
            ),
            convert_options=reading.ConvertOptions(
                column_types=dict.fromkeys(names, arrow.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except arrow.ArrowException as failure:
        raise IntakeError(
            f"the table cannot be read: {failure}",
            where=file,
            expected="a row for each respondent, with a cell below each heading",
            todo="export the file again",
        ) from None


def _ragged(number: int, text: str, separator: str) -> _Ragged:
    cells = cells_of(text, separator)
    return _Ragged(number, cells, not text.strip(), text.count('"') >= 2 * len(cells))


def _with_mended(grid: Grid, ragged: list[_Ragged]) -> Grid:
    """The records that have too many cells behind the last heading, without those; what there is to say of all."""
    count = len(grid.headings)
    mended = [row for row in ragged if len(row.cells) > count and (row.is_quoted or not any(row.cells[count:]))]
    # a spreadsheet writes as many blank cells behind every row
    is_even = not len(grid.rows) and len({len(row.cells) for row in mended}) == 1
    told = [_ragged_found(grid, row, row in mended) for row in ragged if not row.is_blank]
    told = [one for one in told if one and not (is_even and one.kind == BLANK_CELLS)]
    grid = replace(grid, findings=(*grid.findings, *told))
    if not mended:
        return grid
    extra = pd.DataFrame([row.cells[:count] for row in mended], columns=range(count), dtype=grid.cells[0].dtype)
    rows = np.concatenate([grid.rows, [row.number + 1 for row in mended]])
    order = np.argsort(rows, kind="stable")
    cells = pd.concat([grid.cells, extra], ignore_index=True).iloc[order].reset_index(drop=True)
    return replace(grid, cells=cells, rows=rows[order])


def _ragged_found(grid: Grid, row: _Ragged, is_mended: bool) -> Finding:
    count, found = len(grid.headings), len(row.cells)
    message, at = f"{counted(found, 'cell')} below {counted(count, 'heading')}", row.number + 1
    if not is_mended:
        todo = "a separator or a line break stands in a cell without quotes: mend the row, or export the file again"
        return Finding("cells_in_row", "error", f"{message}, left out", grid.file, row=at, todo=todo)
    lost = [cell for cell in row.cells[count:] if cell]
    if not lost:
        message += ", and nothing in the last of them: answers may stand below the heading beside their own"
        todo = "look whether a blank cell was put into the row; if so take it out, or export the file again"
        return Finding(BLANK_CELLS, "warning", message, grid.file, row=at, todo=todo)
    # of another tool the answers of the row may have moved
    is_option = tool_of(grid.headings) is BY_FORMAT["kobo"] and set(lost) <= TICKS
    todo = "see which question it belongs to; KoBoToolbox writes it for an option that the form does not know"
    return Finding(
        "cells_in_row",
        "warning" if is_option else "error",
        f"{message}: those behind the last heading are left out",
        grid.file,
        row=at,
        value=shown_answer(lost[0]),
        todo=todo if is_option else "mend the row, or export the file again",
    )


def _rows_in_cells(grid: Grid, separator: str) -> Iterator[Finding]:
    """Cells that may have swallowed rows: two quotes too many, each of which looks like the edge of a cell."""
    more = len(grid.headings) - 1
    if more < FEWEST_SEPARATORS:
        return
    for column in grid.cells:
        for record in np.flatnonzero(grid.cells[column].str.contains("\n", regex=False).fillna(False)):
            cell = str(grid.cells[column].iloc[record]).strip("\n")
            if "\n" in cell and cell.count(separator) == more * cell.count("\n"):
                yield Finding(
                    "rows_in_cell",
                    "warning",
                    "as many separators and line breaks as whole rows have: a quote may be missing",
                    grid.file,
                    row=int(grid.rows[record]),
                    column=shown(grid.headings[column]),
                    todo="look whether a quote is missing here, and whether rows that should follow are there",
                )


def _nulls(grid: Grid, quotes: int) -> Literal["none", "shown", "lost"]:
    """Whether nothing and an empty cell are written differently: a tool that quotes every cell leaves nothing bare.

    A spreadsheet that saved such a file again leaves both bare, and does not quote the others. ``quotes`` are those
    below the headings.
    """
    nothing = grid.cells.isna().to_numpy()
    # a blank line at the end holds no cells, and says nothing of them
    nothing = nothing[~nothing.all(axis=1)]
    if not nothing.any():
        return "none"
    if any((grid.cells[column] == "").any() for column in grid.cells):
        return "shown"
    return "shown" if quotes >= 2 * int((~nothing).sum()) else "lost"


def _saved_again(file: str) -> Finding:
    return Finding(
        "saved_again",
        "warning",
        "cells have lost their quotes: a spreadsheet saved this again, and NULL reads as an empty cell",
        file,
        todo="take in the file as LimeSurvey exported it",
    )
