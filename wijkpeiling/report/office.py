"""What Word and Excel have in common: numbers of tables and figures, headings, and text that their files can hold."""

import datetime
import re
from typing import Any, NamedTuple, TypeVar

from wijkpeiling.language import say
from wijkpeiling.present.blocks import Table
from wijkpeiling.records import Record
from wijkpeiling.report.model import Report
from wijkpeiling.report.terms import written_out

Content = TypeVar("Content", bound=Record)

# of a file, always the same: two files of one report are the same bytes
CREATED = datetime.datetime(2000, 1, 1)
# of its properties, what Word takes
LONGEST_PROPERTY = 255
# characters that XML 1.0 has no place for
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Numbers(NamedTuple):
    """From 1 in the order of the report, by id: Table 3 in Word is sheet Table 3 in Excel."""

    tables: dict[str, int]
    figures: dict[str, int]


def numbers(report: Report) -> Numbers:
    """The number of each table and figure."""
    return Numbers(
        tables={table.id: number for number, table in enumerate(report.tables, start=1)},
        figures={chart.id: number for number, chart in enumerate(report.charts, start=1)},
    )


def headings(table: Table) -> tuple[str, ...]:
    """Headings of a table, none empty: a screen reader reads the heading of every cell."""
    return tuple(name or say(table.language, "concept_column") for name in table.columns)


def described(table: Table) -> str:
    """What a reader who does not see a table should know of its form."""
    return say(table.language, "table_description", columns="; ".join(headings(table)))


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, with a sign where more was left out."""
    return text if len(text) <= most else text[: most - 1] + "…"


def origin_of(report: Report) -> list[tuple[str, str]]:
    """Who held the survey, when, and where it was first reported: a label and a text each."""
    origin = report.cover.origin
    if origin is None:
        return []
    held_by = written_out(origin.held_by, report.language)
    texts = (held_by, origin.fieldwork, origin.report, origin.published, origin.url)
    labels = say(report.language, "origin_labels").split("|")
    return [(label, text) for label, text in zip(labels, texts, strict=True) if text]


def storable(content: Content) -> Content:
    """A report or article with a replacement mark for every character that an Office file cannot hold."""
    return type(content).model_validate(_storable(content.model_dump()))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _NO_XML.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list | tuple) else value
