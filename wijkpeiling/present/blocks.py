"""The pieces a report is made of: cover, sentence, table, figure.

Each shows itself in JupyterLab and carries, in the same output, a bundle of type ``MIME`` from which the report is
assembled: what the notebook shows is what the report says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from wijkpeiling.contracts import Contract
from wijkpeiling.language import say
from wijkpeiling.project import Edition

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

MIME = "application/vnd.wijkpeiling+json"
SVG = "image/svg+xml"
PHONE_SVG = "image/vnd.wijkpeiling.phone+svg"

# a cell without a value
EMPTY = "\u2013"

# width in inches: the text column of the page, and a phone held upright
WIDE, PHONE = 6.8, 3.5


# JupyterLab sets cells to the right, which suits numbers and not words
_LEFT = "<style>table.wijkpeiling :is(th, td, caption) { text-align: left !important; }</style>"


@dataclass(frozen=True)
class Cover:
    """Title of the edition, and whether its figures are published, microdata or synthetic."""

    language: str
    title: str
    subtitle: str
    source: str

    def _repr_mimebundle_(self, **_: object) -> dict:
        bundle = {
            "kind": "cover",
            "language": self.language,
            "title": self.title,
            "subtitle": self.subtitle,
            "source": self.source,
        }
        return {
            MIME: bundle,
            "text/html": f"<h1>{escape(self.title)}</h1><p>{escape(self.subtitle)}</p>",
            "text/plain": self.title,
        }


@dataclass(frozen=True)
class Sentence:
    """One or more sentences with figures in them.

    Attributes
    ----------
    id
        Slug, once in a report.
    key
        What the summary at the head of the report says of it; None to leave it out.
    """

    id: str
    language: str
    text: str
    key: str | None = None

    def _repr_mimebundle_(self, **_: object) -> dict:
        bundle = {
            "kind": "sentence",
            "id": self.id,
            "language": self.language,
            "text": self.text,
            "key": self.key,
        }
        return {MIME: bundle, "text/html": f"<p>{escape(self.text)}</p>", "text/plain": self.text}


@dataclass(frozen=True)
class Table:
    """A table as people read it, with the rows it was made from.

    Attributes
    ----------
    columns
        Headings; the first column heads its row.
    rows
        Cells as text.
    notes
        Below the table: bases, assumptions, signs.
    contract
        Name of the contract that ``records`` follow; they become the edition's data files.
    """

    id: str
    language: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    contract: str | None = None
    records: list[dict] = field(default_factory=list)

    def _repr_mimebundle_(self, **_: object) -> dict:
        bundle = {
            "kind": "table",
            "id": self.id,
            "language": self.language,
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "notes": list(self.notes),
            "contract": self.contract,
            "records": self.records,
        }
        return {MIME: bundle, "text/html": self._html(), "text/plain": self.caption}

    def _html(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        caption = f"<caption>{escape(self.caption)}</caption>"
        rows = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        return f'{_LEFT}<table class="wijkpeiling">{caption}{rows}</table>{notes}'


@dataclass(frozen=True)
class Figure:
    """A figure, with what it shows in words and as data.

    Attributes
    ----------
    alt
        What a reader who does not see the figure should know.
    table
        ``id`` of the table with the same numbers.
    data
        The values drawn, a record for each mark.
    draw
        Draws it at a width in inches.
    mark
        Stands on the drawing itself, so that it goes wherever the drawing goes.
    """

    id: str
    language: str
    caption: str
    alt: str
    table: str
    data: list[dict]
    draw: Callable[[float], "Drawing"]
    mark: str | None = None

    def _repr_mimebundle_(self, **_: object) -> dict:
        bundle = {
            "kind": "figure",
            "id": self.id,
            "language": self.language,
            "caption": self.caption,
            "alt": self.alt,
            "table": self.table,
            "data": self.data,
        }
        return {MIME: bundle, SVG: self._svg[WIDE], PHONE_SVG: self._svg[PHONE], "text/plain": self.alt}

    @cached_property
    def _svg(self) -> dict[float, str]:
        from wijkpeiling.present.drawing import render

        return {width: render(self.draw, width, self.mark) for width in (WIDE, PHONE)}


def titled(edition: Edition, key: str, **values: object) -> str:
    """A caption in the edition's language; one of synthetic figures says so."""
    caption = say(edition.language, key, **values)
    mark = marked(edition)
    return f"{caption} ({mark})" if mark else caption


def marked(edition: Edition) -> str | None:
    """What stands on everything that is made of invented answers; None for an edition of real ones."""
    return say(edition.language, "synthetic_mark") if edition.source == "synthetic" else None


def records(table: pd.DataFrame, contract: Contract | None = None) -> list[dict]:
    """Rows as plain values for a bundle: full precision, None where a value is missing."""
    columns = contract.columns if contract else list(table.columns)
    plain = table[columns].astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def rounded_note(shares: pd.DataFrame, language: str, key: str = "rounded_note") -> tuple[str, ...]:
    """Why shares are whole percents without numbers, below a table in which some are."""
    return (say(language, key),) if (shares["flag"] == "rounded").any() else ()
