"""The pieces a report is made of, each defined once: cover, prose, sentence, table, chart.

A notebook shows a piece and carries it, in the same output, as a bundle of type ``MIME``; the report is assembled by
reading those bundles back into the same classes. What the notebook shows is what the report says.
"""

from abc import ABC, abstractmethod
from html import escape
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import Field, model_serializer, model_validator

from wijkpeiling.charts.model import Plot
from wijkpeiling.charts.style import Style, house_style
from wijkpeiling.contracts import Contract
from wijkpeiling.editorial import Editorial
from wijkpeiling.language import say
from wijkpeiling.present.reasons import Why
from wijkpeiling.project import Edition
from wijkpeiling.records import Record, Text

MIME = "application/vnd.wijkpeiling+json"
SVG = "image/svg+xml"
PHONE_SVG = "image/vnd.wijkpeiling.phone+svg"

# a cell without a value
EMPTY = "\u2013"

# width in pixels: the column of the page, and a phone held upright
WIDE, PHONE = 720, 343

# JupyterLab sets cells to the right, which suits numbers and not words
_LEFT = "<style>table.wijkpeiling :is(th, td, caption) { text-align: left !important; }</style>"

Format = Literal["text", "count", "percent", "percent_range", "points", "points_range", "p_value", "weight"]


class Piece(Record, ABC):
    """Something a notebook shows and the report holds."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {MIME: self.model_dump(mode="json"), **self._shown()}

    @abstractmethod
    def _shown(self) -> dict[str, str]:
        """What a notebook shows beside the bundle."""


class KeyFigure(Record):
    """One of the few numbers that stand first: ``value`` as people read it, and the rest of the sentence.

    ``interval`` says in words between which values it lies; None for a number without one.
    """

    value: str
    text: str
    interval: str | None = None


class Origin(Record):
    """Who held the survey, when, and where it was first reported."""

    held_by: str
    fieldwork: str
    report: str
    published: str
    url: str | None = None


class Cover(Piece):
    """What stands first in an edition, and whether its figures are published, microdata or synthetic.

    Attributes
    ----------
    title
        The finding, as a claim that the numbers carry.
    subtitle
        Which survey it is of.
    lead
        Sentences that tell the news; none in a publication that tells none.
    key_figures
        The numbers of the news.
    chart
        ``id`` of the chart that shows it.
    wave
        Year of the survey; None in a publication of none.
    editorial
        What an editor added to the wave: nothing of it comes from the data, and every format that has it says so.
    labels
        What slugs in the records of the tables stand for, by their column: ``concept`` and ``base``.
    """

    kind: Literal["cover"] = "cover"
    language: str
    title: str
    subtitle: str
    source: Literal["published", "microdata", "mixed", "synthetic"]
    lead: tuple[str, ...] = ()
    key_figures: tuple[KeyFigure, ...] = ()
    chart: str | None = None
    origin: Origin | None = None
    wave: int | None = None
    editorial: Editorial | None = None
    labels: dict[str, dict[str, Text]] = Field(default_factory=dict)

    def _shown(self) -> dict[str, str]:
        html = f"<h1>{escape(self.title)}</h1><p>{escape(self.subtitle)}</p>"
        return {"text/html": html, "text/plain": self.title}


class Prose(Record):
    """A markdown cell in the edition's language; ``text`` is markdown."""

    kind: Literal["prose"] = "prose"
    text: str


class Sentence(Piece):
    """One or more sentences with figures in them.

    Attributes
    ----------
    id
        Slug, once in a report.
    key
        What the summary at the head of the report says of it; None to leave it out.
    claim
        The finding, as a heading has it: without a full stop. None where it is not one.
    is_detail
        Of the method rather than of the news: a page may fold it with the tables around it.
    """

    kind: Literal["sentence"] = "sentence"
    id: str
    language: str
    text: str
    key: str | None = None
    claim: str | None = None
    is_detail: bool = False

    def _shown(self) -> dict[str, str]:
        return {"text/html": f"<p>{escape(self.text)}</p>", "text/plain": self.text}


class Cell(Record):
    """What stands in a table: the text that people read, and the value behind it for a format that wants numbers.

    Attributes
    ----------
    value
        A number on the scale of the contracts (shares 0-1), or the two ends of a range; None for words.
    format
        How the text was made of it.
    """

    text: str
    value: float | int | tuple[float, float] | None = None
    format: Format = "text"

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, given: object) -> object:
        return {"text": given} if isinstance(given, str) else given

    @model_serializer
    def _as_words(self) -> str | dict[str, Any]:
        if self.format == "text":
            return self.text
        return {"text": self.text, "value": self.value, "format": self.format}


class Table(Piece):
    """A table as people read it, with the rows it was made from.

    Attributes
    ----------
    columns
        Headings; the first column heads its row.
    notes
        Below the table: bases, assumptions, signs.
    contract
        Name of the contract that ``records`` follow; they become the edition's data files.
    why
        For each row where its numbers come from, None for a row without any; or nothing at all.
    """

    kind: Literal["table"] = "table"
    id: str
    language: str
    caption: str = Field(min_length=1)
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    contract: str | None = None
    records: list[dict[str, Any]] = Field(default_factory=list)
    why: tuple[Why | None, ...] = ()

    @model_validator(mode="after")
    def _check_width(self) -> Self:
        if self.why and len(self.why) != len(self.rows):
            raise ValueError(f"table {self.id}: why has an entry for each of the {len(self.rows)} rows, or none")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: every row has a cell for each of the {len(self.columns)} columns")
        return self

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The rows as people read them."""
        return tuple(tuple(cell.text for cell in row) for row in self.rows)

    def _shown(self) -> dict[str, str]:
        return {"text/html": self._html(), "text/plain": self.caption}

    def _html(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        body = "".join(
            f'<tr><th scope="row">{escape(first)}</th>'
            + "".join(f"<td>{escape(text)}</td>" for text in others)
            + "</tr>"
            for first, *others in self.texts
        )
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        caption = f"<caption>{escape(self.caption)}</caption>"
        rows = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        return f'{_LEFT}<table class="wijkpeiling">{caption}{rows}</table>{notes}'


class Chart(Piece):
    """A chart as data, with what it shows in words.

    Attributes
    ----------
    caption
        What it shows: the finding, without a full stop.
    subtitle
        What, in which unit, in which year, where the caption does not say so.
    reading
        How to read its marks.
    alt
        What a reader who does not see it should know.
    table
        ``id`` of the table with the same numbers.
    mark
        Stands on the drawing itself, so that it goes wherever the drawing goes.
    """

    kind: Literal["chart"] = "chart"
    id: str
    language: str
    caption: str = Field(min_length=1)
    subtitle: str | None = None
    alt: str = Field(min_length=1)
    table: str
    plot: Plot
    mark: str | None = None
    reading: str | None = None

    def drawings(self, style: Style) -> "Drawings":
        """The chart as SVG, for a page and for a phone: scaling one drawing makes its text too small."""
        from wijkpeiling.charts.draw import draw

        wide, phone = (draw(self.plot, width, style, self.mark) for width in (WIDE, PHONE))
        return Drawings(wide=wide, phone=phone)

    def _shown(self) -> dict[str, str]:
        drawn = self.drawings(house_style())
        return {SVG: drawn.wide, PHONE_SVG: drawn.phone, "text/plain": self.alt}


class Drawings(Record):
    """A chart drawn: SVG for a page and for a phone."""

    wide: str
    phone: str


Block = Annotated[Prose | Sentence | Table | Chart, Field(discriminator="kind")]


def titled(edition: Edition, key: str, **values: object) -> str:
    """A caption in the edition's language; one of synthetic figures says so."""
    return marked_text(edition, say(edition.language, key, **values))


def marked_text(edition: Edition, text: str) -> str:
    """A text that may go by itself; one of synthetic figures says so."""
    mark = marked(edition)
    return f"{text} ({mark})" if mark else text


def marked(edition: Edition) -> str | None:
    """What stands on everything that is made of invented answers; None for an edition of real ones."""
    return say(edition.language, "synthetic_mark") if edition.source == "synthetic" else None


def known(value: Any) -> Any:
    """A value, or None where it is missing."""
    return None if pd.isna(value) else value


def records(table: pd.DataFrame, contract: Contract | None = None) -> list[dict]:
    """Rows as plain values for a bundle: full precision, None where a value is missing."""
    columns = contract.columns if contract else list(table.columns)
    plain = table[columns].astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def rounded_note(shares: pd.DataFrame, language: str, key: str = "rounded_note") -> tuple[str, ...]:
    """Why shares are whole percents without numbers, below a table in which some are."""
    return (say(language, key),) if (shares["flag"] == "rounded").any() else ()
