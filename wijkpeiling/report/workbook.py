"""The tables of an edition in Excel: a sheet for each, its numbers as numbers, and no text that becomes a formula.

The layout is that of the statistical offices of the United Kingdom (Analysis Function, *Releasing statistics in
spreadsheets*): contents first, then the notes, one native table a sheet with its title in A1, no merged cells and no
meaning in colour alone.
"""

import io
import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any, NamedTuple

from wijkpeiling.errors import ReportError
from wijkpeiling.extras import PUBLISH, library
from wijkpeiling.language import LOCALES, points, say
from wijkpeiling.present.blocks import EMPTY, Cell, Table
from wijkpeiling.report.model import Report
from wijkpeiling.report.office import CREATED, cut, described, headings, numbers, origin_of, storable
from wijkpeiling.spreadsheets import AS_WRITTEN

# what Excel takes
LONGEST_CELL, LONGEST_HEADING = 32767, 255
# leaves room for the number of a heading that is used twice
HEADING = LONGEST_HEADING - len(" (99)")
NARROWEST, WIDEST = 12, 52
CONTENTS_WIDTHS, NOTES_WIDTHS = (16, 74, 60), (16, 90, 30)
LINE_POINTS, TITLE_POINTS, MOST_LINES = 15, 22, 27
A4 = 9
FEW_ROWS = 20


class _Number(NamedTuple):
    """How a number stands in a cell: as what multiple of its value, and in which format."""

    times: int
    format: str


FORMATS = {
    "count": _Number(1, "0"),
    "percent": _Number(1, "0%"),
    "percent_range": _Number(1, "0%"),
    "points": _Number(100, '+0;"\u2212"0;0'),
    "points_range": _Number(100, '+0;"\u2212"0;0'),
    "p_value": _Number(1, "0.000"),
    "weight": _Number(1, "0.00"),
}
# Excel writes the sign of a number that rounds to 0
WITHOUT_SIGN = "0;0;0"
RANGES = ("percent_range", "points_range")
TABLE_STYLE = "Table Style Light 1"


class _Put(NamedTuple):
    """What goes into one cell of a sheet: a number with its format, or text."""

    value: float | str
    format: str | None = None


class _Column(NamedTuple):
    """A column of a sheet."""

    heading: str
    cells: list[_Put]


def render_workbook(report: Report) -> bytes:
    """The tables of the report as an Excel workbook (``.xlsx``): equal reports give equal bytes.

    A share stays a number from 0 to 1, a difference of shares becomes percentage points, an interval takes two columns.
    What the report shows as words, such as the dash of a value that is hidden, is the same words here.

    Raises
    ------
    ReportError
        When xlsxwriter is not installed, or a text is longer than a cell holds.
    """
    xlsxwriter = library("xlsxwriter", "writing a spreadsheet", ReportError, PUBLISH)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **AS_WRITTEN}) as book:
        _Book(book, storable(report)).write()
    return content.getvalue()


class _Book:
    """The workbook that is being written."""

    def __init__(self, book: Any, report: Report):
        self.book, self.report, self.language = book, report, report.language
        self.numbers = numbers(report).tables
        self.notes = _notes(report)
        self.mark = self.say("synthetic_mark") if report.cover.source == "synthetic" else ""
        self.formats: dict[str, Any] = {}
        self.names: set[str] = set()

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def write(self) -> None:
        cover, locale = self.report.cover, LOCALES[self.language].replace("_", "-")
        self.book.set_properties({"title": cover.title, "subject": cover.subtitle, "created": CREATED})
        self.book.set_custom_property("Language", locale)
        self._write_contents()
        self._write_notes()
        for table in self.report.tables:
            self._write_table(table)

    def sheet_of(self, table: Table) -> str:
        return self.say("book_sheet", n=self.numbers[table.id])

    def _write_contents(self) -> None:
        cover, sheet = self.report.cover, self._sheet(self.say("page_contents"))
        lines = [_Put(cover.title, "title"), _Put(cover.subtitle)]
        if self.mark:
            lines.append(_Put(self.say("office_invented"), "warning"))
        lines += [_Put(line) for line in cover.lead]
        for figure in cover.key_figures:
            lines.append(_Put(f"{figure.value} {figure.text}" + (f". {figure.interval}" if figure.interval else "")))
        lines += [_Put(f"{label}: {text}") for label, text in origin_of(self.report)]
        row = self._put_lines(sheet, lines)
        chapters = {
            getattr(block, "id", ""): section.title for section in self.report.sections for block in section.blocks
        }
        rows = [[self.sheet_of(table), table.caption, chapters[table.id]] for table in self.report.tables]
        rows.insert(0, [self.say("book_notes"), "", ""])
        self._put_table(
            sheet, row + 1, "book_contents", _columns(self.say("book_contents_columns"), rows), CONTENTS_WIDTHS
        )
        for place, (name, *_) in enumerate(rows, start=row + 2):
            self._put_link(sheet, place, name, name)

    def _write_notes(self) -> None:
        sheet = self._sheet(self.say("book_notes"))
        row = self._put_lines(sheet, [_Put(self.say("book_notes"), "title")])
        self._put_link(sheet, row, self.say("page_contents"), self.say("book_to_contents"))
        rows = [
            [self.say("book_note", n=number), text, ", ".join(self.sheet_of(table) for table in self._with(text))]
            for text, number in self.notes.items()
        ]
        row = self._put_table(
            sheet, row + 2, "book_notes", _columns(self.say("book_notes_columns"), rows), NOTES_WIDTHS
        )
        for place, text in enumerate(self.notes, start=row - len(rows)):
            self._put_link(sheet, place, self.sheet_of(self._with(text)[0]), rows[place - row + len(rows)][2], column=2)
        sheet.write_string(row + 1, 0, self.say("book_signs"), self._format("title"))
        signs = [[EMPTY, self.say("book_empty")], ["%", self.say("book_percent")]]
        signs += [["+ \u2212", self.say("book_points")], [f"55{EMPTY}63%", self.say("book_range")]]
        self._put_table(sheet, row + 2, "book_signs", _columns(self.say("book_signs_columns"), signs), NOTES_WIDTHS)

    def _with(self, note: str) -> list[Table]:
        return [table for table in self.report.tables if note in table.notes]

    def _write_table(self, table: Table) -> None:
        sheet = self._sheet(self.sheet_of(table))
        marks = [self.say("book_note", n=self.notes[note]) for note in table.notes]
        lines = [_Put(" ".join([f"{self.sheet_of(table)}. {table.caption}", *marks]), "title")]
        if self.mark:
            lines.append(_Put(self.say("office_invented"), "warning"))
        row = self._put_lines(sheet, lines)
        self._put_link(sheet, row, self.say("page_contents"), self.say("book_to_contents"))
        if marks:
            told = self.say("book_to_notes", notes=" ".join(marks))
            self._put_link(sheet, row + 1, self.say("book_notes"), told)
        else:
            self._put_lines(sheet, [_Put(self.say("book_no_notes"))], row + 1)
        columns = _columns_of(table)
        self._put_table(sheet, row + 3, table.id, columns, [_width(column) for column in columns], table)
        sheet.freeze_panes(row + 4, 1)
        sheet.repeat_rows(row + 3)
        if len(columns) > 4:
            sheet.set_landscape()

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&C&P / &N")
        if self.mark:
            sheet.set_header(f"&R{self.mark}")
        return sheet

    def _put_lines(self, sheet: Any, lines: list[_Put], row: int = 0) -> int:
        if row == 0:
            sheet.set_row(row, TITLE_POINTS)
        for place, line in enumerate(lines, start=row):
            self._put(sheet, place, 0, line)
        return row + len(lines)

    def _put_link(self, sheet: Any, row: int, target: str, text: str, column: int = 0) -> None:
        sheet.write_url(row, column, f"internal:'{target}'!A1", self._format("link"), text)

    def _put_table(
        self, sheet: Any, row: int, name: str, columns: list[_Column], widths: Sequence[int], table: Table | None = None
    ) -> int:
        """A native table from this row down; the row below it."""
        for place, (column, width) in enumerate(zip(columns, widths, strict=False)):
            sheet.set_column(place, place, width)
            for down, put in enumerate(column.cells, start=row + 1):
                self._put(sheet, down, place, put if put.format else put._replace(format=_kind(column, place)))
        for down, height in enumerate(_heights(columns, widths), start=row):
            sheet.set_row(down, height)
        last = row + len(columns[0].cells)
        options = {
            "name": self._name(name),
            "columns": [
                {"header": column.heading, "header_format": self._format(f"head of {_kind(column, place)}")}
                for place, column in enumerate(columns)
            ],
            "style": TABLE_STYLE,
            "banded_rows": False,
            "first_column": True,
            "autofilter": len(columns[0].cells) > FEW_ROWS,
        }
        if table:
            options |= {"title": table.caption, "description": described(table)}
        sheet.add_table(row, 0, last, len(columns) - 1, options)
        # years and percentages that were published as words are words here too
        sheet.ignore_errors({"number_stored_as_text": f"A{row + 2}:XFD{last + 1}"})
        return last + 1

    def _put(self, sheet: Any, row: int, column: int, put: _Put) -> None:
        style = self._format(put.format) if put.format else None
        if not isinstance(put.value, str):
            sheet.write_number(row, column, put.value, style)
            return
        if len(put.value) > LONGEST_CELL:
            raise ReportError(
                f"a text of {len(put.value):,} characters",
                where=sheet.get_name(),
                expected=f"at most {LONGEST_CELL:,} characters, which is what a cell of Excel holds",
                todo="shorten it, or leave the format xlsx out",
            )
        sheet.write_string(row, column, put.value, style)

    def _format(self, name: str) -> Any:
        if name not in self.formats:
            self.formats[name] = self.book.add_format(LOOKS.get(name, {"num_format": name, **_TOP}))
        return self.formats[name]

    def _name(self, id: str) -> str:
        """A name for a native table: unlike a cell's (T1, R1C1), and used once."""
        plain = "table_" + re.sub(r"\W", "_", id).removeprefix("table_")
        while plain.lower() in self.names:
            plain += "_"
        self.names.add(plain.lower())
        return plain


_TOP = {"valign": "top"}
_HEAD = {"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "warning": {"bold": True},
    "link": {"underline": 1, "font_color": "#0563c1", **_TOP},
    "labels": {"text_wrap": True, **_TOP},
    "words": {"text_wrap": True, "align": "left", "indent": 1, **_TOP},
    "numbers": {"text_wrap": True, "align": "right", **_TOP},
    "head of labels": _HEAD,
    "head of words": {"align": "left", "indent": 1, **_HEAD},
    "head of numbers": {"align": "right", **_HEAD},
}


def _notes(report: Report) -> dict[str, int]:
    """Every note once, numbered in the order of the report."""
    texts = dict.fromkeys(note for table in report.tables for note in table.notes)
    return {text: number for number, text in enumerate(texts, start=1)}


def _columns(heading: str, rows: list[list[str]]) -> list[_Column]:
    """Columns of words; a table without rows gets an empty one, which Excel asks for."""
    names = heading.split("|")
    return [
        _Column(name, [_Put(row[place]) for row in rows or [[EMPTY] * len(names)]]) for place, name in enumerate(names)
    ]


def _columns_of(table: Table) -> list[_Column]:
    """Columns of a table as a sheet has them: those of intervals twice, no heading twice."""
    made: list[_Column] = []
    rows = table.rows or ((Cell(text=EMPTY),) * len(table.columns),)
    for place, heading in enumerate(headings(table)):
        cells = [row[place] for row in rows]
        if any(cell.format in RANGES for cell in cells):
            for end, key in enumerate(("book_low", "book_high")):
                made.append(_Column(say(table.language, key, column=heading), [_put(cell, end) for cell in cells]))
        else:
            made.append(_Column(heading, [_put(cell) for cell in cells]))
    return _with_own_headings(made)


def _put(cell: Cell, end: int = 0) -> _Put:
    """A cell's number, of an interval one end; its words where it has no number."""
    if cell.format == "text" or cell.value is None:
        return _Put(cell.text)
    value = cell.value[end] if isinstance(cell.value, tuple) else cell.value
    times, style = FORMATS[cell.format]
    if cell.format == "p_value" and cell.text.startswith(("<", ">")):
        # the number, shown as the side of a level on which it lies
        style = f'"{cell.text}"'
    elif times == 100 and points(value) == "0":
        style = WITHOUT_SIGN
    # 0.07 * 100 is 7.000000000000001
    return _Put(value if times == 1 else round(value * times, 12), style)


def _with_own_headings(columns: list[_Column]) -> list[_Column]:
    seen: set[str] = set()
    made = []
    for column in columns:
        heading = cut(column.heading, HEADING)
        number = 1
        while heading.lower() in seen:
            number += 1
            heading = f"{cut(column.heading, HEADING)} ({number})"
        seen.add(heading.lower())
        made.append(column._replace(heading=heading))
    return made


def _kind(column: _Column, place: int) -> str:
    """What a column holds, which decides on which side it is written."""
    if place == 0:
        return "labels"
    return "numbers" if any(put.format for put in column.cells) else "words"


def _width(column: _Column) -> int:
    longest = max(len(str(put.value)) for put in [*column.cells, _Put(_longest_word(column.heading))] if not put.format)
    return min(max(longest + 4, NARROWEST), WIDEST)


def _heights(columns: list[_Column], widths: Sequence[int]) -> Iterator[float]:
    """Height of the row of headings and of each other: Excel asks for none, other programs do not wrap without."""
    rows = zip(*([column.heading, *(put.value for put in column.cells)] for column in columns), strict=True)
    for row in rows:
        lines = (
            len(wrap(str(text), width - 3)) for text, width in zip(row, widths, strict=False) if isinstance(text, str)
        )
        yield LINE_POINTS * min(max(lines, default=1) or 1, MOST_LINES) + 2


def _longest_word(text: str) -> str:
    return max(text.split() or [""], key=len)
