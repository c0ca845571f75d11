"""What the data files of an edition hold, in words: tables, columns and codes."""

from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import pandas as pd
from pydantic import Field

from wijkpeiling.errors import ReportError
from wijkpeiling.records import Record, Text, read_yaml

LANGUAGES = tuple(Text.model_fields)
COLUMNS = ("table", "column", "title", "description", "code", "label")


class Described(Record):
    """A table or a column: what it is called, and what it holds."""

    title: Text
    description: Text


class TableWords(Described):
    """A table, and the columns that mean something else in it than in others or stand in no other."""

    fields: dict[str, Described] = Field(default_factory=dict)


class Codebook(Record):
    """The words of every table, column and code."""

    common: dict[str, Described]
    tables: dict[str, TableWords]
    codes: dict[str, dict[str, Text]]

    def field(self, table: str, column: str) -> Described:
        """The words of a column: those of its table, or else those that hold in every table."""
        return self.tables[table].fields.get(column) or self.common[column]


class Code(NamedTuple):
    """A code that a column may hold."""

    column: str
    code: str
    label: Text


@cache
def codebook() -> Codebook:
    """The words of the data files, as the package has them."""
    with as_file(files("wijkpeiling.report").joinpath("codebook.yml")) as path:
        return read_yaml(path, Codebook, ReportError)


def codes_of(tables: dict[str, pd.DataFrame]) -> list[Code]:
    """Codes that the tables hold, by column, in the order of the codebook."""
    found = []
    for column, labels in codebook().codes.items():
        held = {code for table in tables.values() if column in table for code in table[column].dropna()}
        found += [Code(column, code, label) for code, label in labels.items() if code in held]
    return found


def described(tables: dict[str, pd.DataFrame], language: str) -> pd.DataFrame:
    """A row for each column of each table, and one for each code that it may hold: the codebook as a table."""
    words, rows = codebook(), []
    for name, table in tables.items():
        for column in table.columns:
            field = words.field(name, column)
            head = (name, column, field.title[language], field.description[language])
            held = set(table[column].dropna())
            labels = words.codes.get(column, {}) if column in words.codes else {}
            known = [(code, label[language]) for code, label in labels.items() if code in held]
            rows += [(*head, code, label) for code, label in known or [("", "")]]
    return pd.DataFrame(rows, columns=list(COLUMNS))
