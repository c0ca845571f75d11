"""What a chart shows, as data: values, labels and texts, and nothing about how it looks.

A share is 0-1. Every text is spelled in the report's language; drawing adds none.
"""

from typing import Annotated, Literal

from pydantic import Field

from wijkpeiling.records import Record

Share = Annotated[float, Field(ge=0, le=1)]


class Interval(Record):
    """One estimate with its intervals; what is not known is None."""

    label: str
    text: str
    share: Share
    low: Share | None = None
    high: Share | None = None
    other_low: Share | None = None
    other_high: Share | None = None
    bounds_low: Share | None = None
    bounds_high: Share | None = None


class Intervals(Record):
    """A row for each estimate: a dot, its interval, a second interval and bounds where there are any."""

    kind: Literal["intervals"] = "intervals"
    rows: tuple[Interval, ...] = Field(min_length=1)
    interval_label: str
    other_label: str | None = None
    bounds_label: str | None = None


class Point(Record):
    """One wave: its share, with an interval where the share was measured and none where it is an approximation."""

    wave: int
    text: str
    share: Share
    low: Share | None = None
    high: Share | None = None


class Series(Record):
    """Shares over the years, with the baseline named."""

    kind: Literal["series"] = "series"
    points: tuple[Point, ...] = Field(min_length=1)
    baseline: int | None
    baseline_label: str


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
