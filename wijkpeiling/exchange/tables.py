"""Plain tables, for spreadsheets and everything that reads CSV: answers, and a codebook that says what stands in them.

An answer is 1 or 0; one that is missing is the word of its reason, which no average takes for a number. A class or
provincie is its label.
"""

import datetime
import io
from typing import NamedTuple

import pandas as pd

from wijkpeiling.errors import ReportError
from wijkpeiling.exchange.dataset import Dataset, Variable
from wijkpeiling.extras import library
from wijkpeiling.language import say
from wijkpeiling.spreadsheets import AS_WRITTEN, as_text

WIDEST = 60


class CsvFiles(NamedTuple):
    """Two files of text."""

    answers: str
    codebook: str


def csv_files(dataset: Dataset) -> CsvFiles:
    """The answers and the codebook as CSV, comma between cells."""
    written = (table.map(as_text).to_csv(index=False, lineterminator="\n") for table in tables(dataset).values())
    return CsvFiles(*written)


def xlsx(dataset: Dataset) -> bytes:
    """A workbook of the answers and the codebook, dated 1 January of the wave: equal datasets give equal bytes."""
    xlsxwriter = library("xlsxwriter", "writing a spreadsheet", ReportError)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **AS_WRITTEN}) as book:
        book.set_properties({"title": dataset.title, "created": datetime.datetime(dataset.wave, 1, 1)})
        bold = book.add_format({"bold": True})
        for name, table in tables(dataset).items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(table), bold)
            for number, row in enumerate(table.itertuples(index=False), start=1):
                sheet.write_row(number, 0, row)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
            for place, heading in enumerate(table):
                longest = max((len(str(value)) for value in [heading, *table[heading]]), default=0)
                sheet.set_column(place, place, min(longest + 3, WIDEST))
    return content.getvalue()


def tables(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """The answers and the codebook by their name, cells as they are written."""
    answers = pd.DataFrame({v.name: [_told(value, v) for value in dataset.table[v.name]] for v in dataset.variables})
    columns = say(dataset.language, "export_codebook_columns").split("|")
    codebook = pd.DataFrame([row for v in dataset.variables for row in _described(v)], columns=columns)
    return {say(dataset.language, "export_answers"): answers, say(dataset.language, "export_codebook"): codebook}


def _told(value: object, variable: Variable) -> object:
    if not variable.values:
        return value
    code = int(str(value))
    if code in variable.missing:
        return variable.missing[code]
    return code if variable.missing else variable.values[code]


def _described(variable: Variable) -> list[tuple[str, ...]]:
    """A row for each value that stands for something else, or one for the variable."""
    of_variable = (variable.name, variable.label, variable.question)
    if not variable.missing:
        return [(*of_variable, "", label) for label in variable.values.values()] or [(*of_variable, "", "")]
    return [(*of_variable, str(variable.missing.get(code, code)), label) for code, label in variable.values.items()]
