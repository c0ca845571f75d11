"""What a chart shows, as data: values, labels and texts, and nothing about how it looks.

A share is 0-1. Every text is spelled in the report's language; drawing adds none.
"""

from typing import Annotated, Literal

from pydantic import Field

from wijkpeiling.records import Record

Share = Annotated[float, Field(ge=0, le=1)]


class Interval(Record):
    """One estimate with its interval; what is not known is None.

    Attributes
    ----------
    text
        The percentage as people read it, or what stands for it where ``share`` is None.
    bounds_low, bounds_high
        Worst-case bounds: for a chart that explains what they are, not for one that tells the finding.
    group
        Head above the first row of a group of rows.
    is_accent
        The one row that the chart's title speaks of.
    is_part
        Of a part of the municipalities, such as a size class: another mark than that of all.
    whole
        The share of all, beside that of a part: a line through the rows of its group.
    """

    label: str
    text: str
    share: Share | None
    low: Share | None = None
    high: Share | None = None
    bounds_low: Share | None = None
    bounds_high: Share | None = None
    group: str | None = None
    is_accent: bool = False
    is_part: bool = False
    whole: Share | None = None


class Intervals(Record):
    """A row for each estimate: a dot with its interval, from zero.

    Attributes
    ----------
    half_label
        Names the line at one half; None where one half is not the point, and no line is drawn.
    """

    kind: Literal["intervals"] = "intervals"
    rows: tuple[Interval, ...] = Field(min_length=1)
    half_label: str | None = None


class Point(Record):
    """One wave: its share, with an interval where the share was measured and none where it is an approximation."""

    wave: int
    text: str
    share: Share
    low: Share | None = None
    high: Share | None = None


class Series(Record):
    """Shares on an axis of years; nothing is drawn between them, where nothing was measured."""

    kind: Literal["series"] = "series"
    points: tuple[Point, ...] = Field(min_length=1)


class Grid(Record):
    """Values by row and column, each with its text; a missing value is None."""

    kind: Literal["grid"] = "grid"
    rows: tuple[str, ...] = Field(min_length=1)
    columns: tuple[str, ...] = Field(min_length=1)
    values: tuple[tuple[float | None, ...], ...]
    texts: tuple[tuple[str, ...], ...]
    highest: float = Field(gt=0)


class Bar(Record):
    """A part of a whole; None where the part is not known."""

    label: str
    text: str
    part: int | None
    whole: int


class Bars(Record):
    """Bars as long as their whole, filled as far as their part."""

    kind: Literal["bars"] = "bars"
    bars: tuple[Bar, ...] = Field(min_length=1)


class Line(Record):
    """A named line through points (x, y)."""

    label: str
    points: tuple[tuple[float, float], ...]


class Lines(Record):
    """Lines over a common axis, each named at its end."""

    kind: Literal["lines"] = "lines"
    lines: tuple[Line, ...] = Field(min_length=1)
    ticks: tuple[float, ...]
    tick_texts: tuple[str, ...]
    x_label: str
    y_label: str


Plot = Annotated[Intervals | Series | Grid | Bars | Lines, Field(discriminator="kind")]
