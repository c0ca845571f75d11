"""One function per kind of chart: its data, a width in pixels and a style in, a figure out."""

from typing import Any, NamedTuple

import numpy as np

from wijkpeiling.charts.canvas import (
    LABEL,
    NARROW,
    SMALL,
    VALUE,
    Margins,
    breadth,
    canvas,
    n_lines,
    points,
    spelled,
    wrapped,
)
from wijkpeiling.charts.library import Axes, Figure, sns
from wijkpeiling.charts.model import Bars, Grid, Interval, Intervals, Lines, Point, Series
from wijkpeiling.charts.style import Colours, Style

# with more rows than this a drawing is higher than a screen: its scale or heads stand above and below it
TALL = 15
QUARTERS = (0, 0.25, 0.5, 0.75, 1)
# thickness of a whisker, radius of a dot and its rim, in pixels: the whisker shows on both sides of its dot
WHISKER, DOT, RIM = 2.5, 5.5, 1.5
LINE = 1.3 * LABEL
# pixels between the middle of a row and its worst-case bounds, and half of the stroke at their ends
BELOW, TICK = 11.0, 4.0
# over the years, where whiskers are short on a scale of 100
SMALL_DOT = 4.0
DASHED, DOTTED = (0, (3, 2.5)), (0, (1, 1.5))


class _Row(NamedTuple):
    """A row in its place, in pixels from the top of the axes; ``above``: lines of the label above ``label_at``."""

    row: Interval
    middle: float
    label_at: float
    label: str
    above: float
    head: str
    head_at: float | None


def intervals(plot: Intervals, width: float, style: Style) -> Figure:
    """A row for each estimate, from zero: whisker, dot, and the percentage at its end."""
    colours, is_wide = style.colours, width > NARROW
    rows, height = _placed(plot, width)
    is_tall = len(rows) > TALL
    text = max(breadth(row.text, VALUE, is_bold=True) for row in plot.rows)
    margins = Margins(
        left=0.345 * width if is_wide else 2,
        right=max(text + 12 - (1 - max(_end(row) for row in plot.rows)) * 0.6 * width, 20),
        top=26 if plot.half_label or is_tall else 4,
        bottom=26,
    )
    figure, axis = canvas(width, height, margins)
    _percent_scale(axis, height, colours, is_tall=is_tall, is_wide=is_wide)
    if plot.half_label:
        axis.vlines(0.5, 0, height, color=colours.axis, lw=points(1.5), ls=DASHED, zorder=1)
        axis.text(0.5, -6, plot.half_label, va="bottom", ha="center", color=colours.quiet, **spelled(SMALL))
    for placed in rows:
        _draw_row(axis, placed, colours, margins.left if is_wide else None)
    _draw_wholes(axis, rows, colours)
    _draw_marks(axis, rows, colours)
    return figure


def _draw_wholes(axis: Axes, rows: list[_Row], colours: Colours) -> None:
    """Through the rows of a group, a line at the share of all."""
    groups: dict[tuple[str | None, float], list[float]] = {}
    for placed in rows:
        if placed.row.whole is not None:
            groups.setdefault((placed.row.group, placed.row.whole), []).append(placed.middle)
    for (_, whole), middles in groups.items():
        ends = min(middles) - BELOW, max(middles) + BELOW
        axis.vlines(whole, *ends, color=colours.estimate, lw=points(1.5), zorder=2)


def _placed(plot: Intervals, width: float) -> tuple[list[_Row], float]:
    """Every row in its place, and the height of all."""
    is_wide = width > NARROW
    room = 0.345 * width - 22 if is_wide else width - 4
    placed: list[_Row] = []
    top, group = 0.0, None
    for row in plot.rows:
        head, head_at = "", None
        if row.group is not None and row.group != group:
            head, head_at = wrapped(row.group, width - 4, LABEL, is_bold=True), top + (16 if placed else 2)
            top = head_at + 7 + n_lines(head) * LINE
        group = row.group
        label = wrapped(row.label, room, LABEL, is_bold=row.is_accent)
        lines = n_lines(label) * LINE
        height = max(lines + 8, 30 if row.group else 38) if is_wide else lines + 32
        middle = top + height / 2 if is_wide else top + lines + 16
        above = (n_lines(label) - 1) / 2 if is_wide else 0
        placed.append(_Row(row, middle, middle if is_wide else top + 3 + LINE / 2, label, above, head, head_at))
        top += height
    return placed, top


def _draw_row(axis: Axes, placed: _Row, colours: Colours, label_width: float | None) -> None:
    row, at, colour = placed.row, placed.middle, _colour(placed.row, colours)
    axis.hlines(at, 0, 1, color=colours.rule, lw=points(1), zorder=1)
    if row.bounds_low is not None and row.bounds_high is not None:
        bounds: dict[str, Any] = {"color": colours.axis, "lw": points(2), "zorder": 2}
        axis.hlines(at + BELOW, row.bounds_low, row.bounds_high, ls=DOTTED, **bounds)
        axis.vlines((row.bounds_low, row.bounds_high), at + BELOW - TICK, at + BELOW + TICK, **bounds)
    if row.low is not None and row.high is not None:
        axis.hlines(at, row.low, row.high, color=colour, lw=points(WHISKER), zorder=3)
    value = {"color": colour, "va": "center", **spelled(VALUE, is_bold=True), **_behind(colours)}
    axis.annotate(row.text, (_end(row), at), xytext=(points(9), 0), textcoords="offset points", zorder=5, **value)
    # line by line: the library sets lines closer where no letter reaches below them
    left, first = (points(4), placed.label_at) if label_width is None else (-points(label_width), at)
    for place, line in enumerate(placed.label.split("\n")):
        looks = {**spelled(LABEL, is_bold=row.is_accent), **(_behind(colours) if label_width is None else {})}
        offset: dict[str, Any] = {"xytext": (left, 0), "textcoords": "offset points", "zorder": 5, "va": "center"}
        axis.annotate(line, (0, first + (place - placed.above) * LINE), **offset, **looks)
    if placed.head_at is not None:
        left = -points(label_width or -4)
        head = {"xytext": (left, 0), "textcoords": "offset points", **spelled(LABEL, is_bold=True), **_behind(colours)}
        for place, line in enumerate(placed.head.split("\n")):
            axis.annotate(line, (0, placed.head_at + place * LINE), va="top", zorder=5, **head)


def _draw_marks(axis: Axes, rows: list[_Row], colours: Colours) -> None:
    """A dot for all, an open diamond for a part; both stand out from their whisker by a rim."""
    alike: dict[tuple[str, bool], list[_Row]] = {}
    for placed in rows:
        if placed.row.share is not None:
            alike.setdefault((_colour(placed.row, colours), placed.row.is_part), []).append(placed)
    for (colour, is_part), same in alike.items():
        fill, rim = (colours.paper, colour) if is_part else (colour, colours.paper)
        mark = _marker(1.5 * DOT if is_part else 2 * DOT, 2 if is_part else RIM)
        shares = [placed.row.share for placed in same]
        middles = [placed.middle for placed in same]
        looks = {"color": fill, "edgecolor": rim, "marker": "D" if is_part else "o", **mark}
        sns.scatterplot(x=shares, y=middles, ax=axis, zorder=4, **looks)


def _marker(size: float, rim: float) -> dict[str, Any]:
    """Size and rim of a mark in pixels, as seaborn takes them: an area, and a width in points."""
    return {"s": points(size) ** 2, "linewidth": points(rim), "clip_on": False, "legend": False}


def _colour(row: Interval, colours: Colours) -> str:
    return colours.accent if row.is_accent else colours.ink if row.is_part else colours.estimate


def _end(row: Interval) -> float:
    """Where the percentage stands: to the right of dot and whisker."""
    return max((known for known in (row.share, row.high) if known is not None), default=0.0)


def _behind(colours: Colours) -> dict[str, Any]:
    """Paper behind a text that stands on lines."""
    return {"bbox": {"facecolor": colours.paper, "edgecolor": "none", "pad": points(1.5)}}


def series(plot: Series, width: float, style: Style) -> Figure:
    """Points with whiskers on an axis of years; approximations open and without one."""
    colours, is_wide = style.colours, width > NARROW
    margins = Margins(46, 14, 26, 30) if is_wide else Margins(40, 4, 26, 30)
    figure, axis = canvas(width, 260 if is_wide else 215, margins)
    axis.set(ylim=(0, 1), yticks=QUARTERS, yticklabels=[f"{tick:.0%}" for tick in QUARTERS])
    waves = [point.wave for point in plot.points]
    axis.set(xlim=(min(waves) - 0.5, max(waves) + 0.95), xticks=waves)
    axis.tick_params(axis="both", colors=colours.quiet)
    if not is_wide:
        # the years of two waves in a row stay apart
        axis.tick_params(axis="x", labelsize=points(12))
    axis.grid(axis="x", visible=False)
    axis.axhline(0, color=colours.axis, lw=points(1.5), zorder=1, clip_on=False)
    for point in plot.points:
        _draw_point(axis, point, colours, is_wide=is_wide)
    return figure


def _draw_point(axis: Axes, point: Point, colours: Colours, *, is_wide: bool) -> None:
    fill, rim, thick = colours.paper, colours.estimate, WHISKER
    if point.low is not None and point.high is not None:
        fill, rim, thick = colours.estimate, colours.paper, RIM
        axis.vlines(point.wave, point.low, point.high, color=colours.estimate, lw=points(WHISKER), zorder=2)
    mark = {"color": fill, "edgecolor": rim, **_marker(2 * SMALL_DOT, thick)}
    sns.scatterplot(x=[point.wave], y=[point.share], ax=axis, zorder=3, **mark)
    above: dict[str, Any] = {"xytext": (0, points(9)), "textcoords": "offset points", "ha": "center", "va": "bottom"}
    looks = {"color": colours.estimate, **spelled(VALUE if is_wide else SMALL, is_bold=True)}
    # two words beside each other are wider than a year on a phone
    text = point.text if is_wide else "\n".join(point.text.split(" "))
    axis.annotate(text, (point.wave, point.share if point.high is None else point.high), **above, **looks)


def grid(plot: Grid, width: float, style: Style) -> Figure:
    """Cells that are fuller of colour where their value is higher, each with its text."""
    colours, is_wide = style.colours, width > NARROW
    room = (0.3 if is_wide else 0.36) * width
    rows = [wrapped(label, room - 14, SMALL) for label in plot.rows]
    heads = [wrapped(label, (width - room) / len(plot.columns) - 6, SMALL) for label in plot.columns]
    each = max(30.0, *(n_lines(row) * SMALL * 1.3 + 8 for row in rows))
    above = max(map(n_lines, heads)) * SMALL * 1.3 + 10
    is_tall = len(rows) > TALL
    figure, axis = canvas(width, each * len(rows), Margins(room, 2, above, above if is_tall else 2))
    axis.set(xlim=(0, len(heads)), ylim=(len(rows), 0))
    axis.set_xticks(np.arange(len(heads)) + 0.5, heads, color=colours.ink)
    axis.set_yticks(np.arange(len(rows)) + 0.5, rows, color=colours.ink)
    # aligned left, as every text is
    axis.tick_params(axis="y", pad=points(room - 2))
    axis.tick_params(axis="x", top=False, labeltop=True, labelbottom=is_tall)
    for label in axis.get_yticklabels():
        label.set_horizontalalignment("left")
    axis.grid(visible=False)
    for (row, column), text in np.ndenumerate(np.array(plot.texts, dtype=object)):
        value = plot.values[row][column]
        if value:
            # half of the colour at most: ink stays readable on it
            cell: dict[str, Any] = {"color": colours.estimate, "alpha": value / plot.highest / 2, "lw": 0}
            axis.barh(row + 0.5, 0.96, left=column + 0.02, height=0.92, **cell)
        colour = colours.quiet if value is None else colours.ink
        axis.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=colour, **spelled(SMALL))
    return figure


def bars(plot: Bars, width: float, style: Style) -> Figure:
    """Bars as long as their whole, filled as far as their part; label and text above each."""
    longest, each = max(bar.whole for bar in plot.bars), 58
    figure, axis = canvas(width, each * len(plot.bars), Margins(1, 1))
    axis.set(ylim=(each * len(plot.bars), 0), xlim=(0, longest), xticks=[], yticks=[])
    axis.grid(visible=False)
    for place, bar in enumerate(plot.bars):
        at, thick = each * place + 42, 24
        if bar.part is not None:
            axis.barh(at, bar.part, height=thick, color=style.colours.estimate, lw=0)
        outline: dict[str, Any] = {"fill": False, "edgecolor": style.colours.axis, "lw": points(1.5), "clip_on": False}
        axis.barh(at, bar.whole, height=thick, **outline)
        axis.text(0, at - 17, bar.label, va="bottom", **spelled(LABEL, is_bold=True))
        axis.text(longest, at - 17, bar.text, va="bottom", ha="right", **spelled(LABEL))
    return figure


def lines(plot: Lines, width: float, style: Style) -> Figure:
    """Lines told apart by their dashes, each named at its end."""
    figure, axis = canvas(width, 320, Margins(52, 20, 10, 56))
    for line, dashes in zip(plot.lines, ("-", "--", "-.", ":") * len(plot.lines), strict=False):
        # a line of one point would not be seen
        mark = "o" if len(line.points) == 1 else None
        axis.plot(*zip(*line.points, strict=True), dashes, marker=mark, color=style.colours.estimate, lw=points(2.5))
        at_end: dict[str, Any] = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
        axis.annotate(line.label, line.points[-1], **at_end, **spelled(SMALL))
    first, last = min(plot.ticks), max(plot.ticks)
    span = last - first or 1
    axis.set(ylim=(0, None), xlim=(first if last > first else first - span, last + 0.28 * span))
    axis.set_xlabel(plot.x_label, **spelled(SMALL))
    axis.set_ylabel(plot.y_label, **spelled(SMALL))
    axis.set_xticks(plot.ticks, plot.tick_texts)
    axis.grid(axis="x", visible=False)
    return figure


def _percent_scale(axis: Axes, height: float, colours: Colours, *, is_tall: bool, is_wide: bool) -> None:
    """From 0 to 100 with a line at zero; a pixel is a pixel from top to bottom."""
    axis.set(xlim=(0, 1), ylim=(height, 0), yticks=[])
    axis.set_xticks(QUARTERS, [f"{tick:.0%}" for tick in QUARTERS], color=colours.quiet)
    axis.grid(axis="y", visible=False)
    axis.tick_params(axis="x", labeltop=is_tall)
    if not is_wide:
        first = axis.xaxis.get_major_ticks()[0]
        for label in (first.label1, first.label2):
            label.set_horizontalalignment("left")
    axis.vlines(0, 0, height, color=colours.axis, lw=points(1.5), zorder=3 if is_wide else 6, clip_on=False)
