"""One function per kind of chart: its data, a width in inches and a style in, a figure out."""

from textwrap import wrap
from typing import Any

import numpy as np

from wijkpeiling.charts.library import Axes, Figure, sns
from wijkpeiling.charts.model import Bars, Grid, Interval, Intervals, Lines, Series
from wijkpeiling.charts.style import Style

BOLD: dict[str, Any] = {"fontfamily": "Inter SemiBold", "fontweight": 600}
# below this width in inches a label takes several lines and a legend stands below itself
NARROW = 5.0
# with more rows than this a drawing is higher than a screen: its scale or heads stand above and below it
TALL = 15


def intervals(plot: Intervals, width: float, style: Style) -> Figure:
    """A row for each estimate, from zero: worst-case bounds behind, then the intervals, then the dot."""
    colours, rows = style.colours, plot.rows
    figure, axis = _figure(width, 0.52 * len(rows) + (0.95 if width > NARROW else 1.25))
    band: dict[str, Any] = {"color": colours.bounds_fill, "edgecolor": colours.bounds, "lw": 0.8, "height": 0.3}
    thin: dict[str, Any] = {"color": colours.other_interval, "lw": 1.4}
    thick: dict[str, Any] = {"color": colours.interval, "lw": 4.5}
    dot: dict[str, Any] = {"color": colours.paper, "edgecolor": colours.estimate, "linewidth": 1.4, "s": 26}
    # each layer lies on the one before it; the key names them from the front
    keys: dict[str, Any] = {}
    places, low, high = _spans(rows, "bounds_low", "bounds_high")
    if places.size:
        keys[plot.bounds_label or ""] = axis.barh(places, high - low, left=low, **band)
    places, low, high = _spans(rows, "other_low", "other_high")
    if places.size:
        keys[plot.other_label or ""] = axis.hlines(places, low, high, **thin)
    places, low, high = _spans(rows, "low", "high")
    if places.size:
        keys[plot.interval_label] = axis.hlines(places, low, high, **thick)
    sns.scatterplot(x=[row.share for row in rows], y=range(len(rows)), ax=axis, zorder=5, **dot)
    for place, row in enumerate(rows):
        end = max(known for known in (row.share, row.high, row.other_high, row.bounds_high) if known is not None)
        axis.text(0, place - 0.24, row.label, va="bottom")
        axis.text(end + 0.015, place, row.text, va="center_baseline", **BOLD)
    _percent_axis(axis, is_tall=len(rows) > TALL)
    axis.set(ylim=(len(rows) - 0.6, -0.75), xlim=(0, 1.08), yticks=[], xlabel="", ylabel="")
    _legend_below(figure, dict(reversed(keys.items())), width)
    return figure


def _spans(rows: tuple[Interval, ...], low: str, high: str) -> np.ndarray:
    """Shape (3, m): the places of the m rows that have such an interval, and its ends."""
    spans = np.array([(place, getattr(row, low), getattr(row, high)) for place, row in enumerate(rows)], dtype=float).T
    return spans[:, ~np.isnan(spans).any(axis=0)]


def series(plot: Series, width: float, style: Style) -> Figure:
    """Points with intervals over the years, joined; approximations open and apart."""
    colours = style.colours
    figure, axis = _figure(width, 3.3)
    measured = [point for point in plot.points if point.low is not None]
    years, shares, low, high = (np.array([getattr(p, name) for p in measured]) for name in _POINT)
    if measured:
        axis.plot(years, shares, color=colours.estimate, lw=1.2, alpha=0.6, zorder=1)
        bars: dict[str, Any] = {
            "fmt": "o",
            "ms": 6,
            "color": colours.estimate,
            "ecolor": colours.interval,
            "capsize": 3,
            "lw": 1.4,
        }
        axis.errorbar(years, shares, [shares - low, high - shares], **bars)
    for point in plot.points:
        if point.high is not None:
            axis.text(point.wave, point.high + 0.012, point.text, ha="center", va="bottom", **BOLD)
        else:
            axis.plot(point.wave, point.share, "o", ms=6, mfc=colours.paper, mec=colours.accent, mew=1.4)
            axis.text(point.wave, point.share - 0.03, point.text, ha="center", va="top", color=colours.accent)
    waves = [point.wave for point in plot.points]
    # from half where every mark lies above it, as the alternative text says
    floor = 0.5 if min(point.low if point.low is not None else point.share for point in plot.points) > 0.55 else 0.0
    if plot.baseline in waves:
        axis.axvline(plot.baseline, color=colours.quiet, lw=0.9, ls=(0, (3, 3)), zorder=0)
        axis.text(plot.baseline + 0.08, floor + 0.015, plot.baseline_label, color=colours.quiet)
    axis.set(ylim=(floor, 1.03), xlim=(min(waves) - 0.6, max(waves) + 0.7), xticks=waves, xlabel="", ylabel="")
    ticks = np.linspace(floor, 1, 6)
    axis.set_yticks(ticks, [f"{tick:.0%}" for tick in ticks])
    axis.grid(axis="x", visible=False)
    axis.tick_params(length=0)
    axis.tick_params(axis="x", labelsize=9.5 if width > NARROW else 8)
    sns.despine(ax=axis, left=True)
    return figure


_POINT = ("wave", "share", "low", "high")


def grid(plot: Grid, width: float, style: Style) -> Figure:
    """Cells that are darker where their value is higher, each with its text."""
    is_wide = width > NARROW
    figure, axis = _figure(width, (0.42 if is_wide else 0.62) * len(plot.rows) + 0.6)
    values = np.array(plot.values, dtype=float)
    sns.heatmap(
        values,
        ax=axis,
        annot=np.array(plot.texts, dtype=object),
        fmt="",
        # half the palette: ink stays readable on its darkest cell
        cmap=sns.light_palette(style.colours.estimate, as_cmap=True),
        vmin=0,
        vmax=2 * plot.highest,
        annot_kws={"color": style.colours.ink},
        cbar=False,
        linewidths=2,
        linecolor=style.colours.paper,
        # seaborn draws a whole figure for every label of its own
        xticklabels=False,
        yticklabels=False,
    )
    for row, column in np.argwhere(np.isnan(values)):
        text = plot.texts[row][column]
        axis.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=style.colours.quiet)
    rows = [label if is_wide else _wrapped(label, 22) for label in plot.rows]
    axis.set_yticks(np.arange(len(rows)) + 0.5, rows)
    axis.set_xticks(np.arange(len(plot.columns)) + 0.5, [_wrapped(label, 11) for label in plot.columns])
    axis.set(xlabel="", ylabel="")
    axis.grid(visible=False)
    axis.xaxis.tick_top()
    axis.tick_params(length=0, labelsize=9 if is_wide else 7.5, labelbottom=len(plot.rows) > TALL)
    sns.despine(ax=axis, left=True, top=True, bottom=True)
    return figure


def bars(plot: Bars, width: float, style: Style) -> Figure:
    """Bars as long as their whole, filled as far as their part; label and text above each."""
    longest = max(bar.whole for bar in plot.bars)
    figure, axis = _figure(width, 0.62 * len(plot.bars) + 0.25)
    for place, bar in enumerate(plot.bars):
        outline: dict[str, Any] = {"color": style.colours.bounds_fill, "edgecolor": style.colours.bounds, "lw": 0.8}
        axis.barh(place, bar.whole, height=0.34, **outline)
        if bar.part is not None:
            axis.barh(place, bar.part, height=0.34, color=style.colours.estimate)
        axis.text(0, place - 0.28, bar.label, va="bottom", **BOLD)
        axis.text(longest, place - 0.28, bar.text, va="bottom", ha="right")
    axis.set(ylim=(len(plot.bars) - 0.7, -0.75), xlim=(0, longest * 1.002), xticks=[], yticks=[])
    sns.despine(ax=axis, left=True, bottom=True)
    return figure


def lines(plot: Lines, width: float, style: Style) -> Figure:
    """Lines told apart by their dashes, each named at its end."""
    figure, axis = _figure(width, 3.6)
    for line, dashes in zip(plot.lines, ("-", "--", "-.", ":") * len(plot.lines), strict=False):
        axis.plot(*zip(*line.points, strict=True), dashes, color=style.colours.estimate, lw=1.8)
        at_end: dict[str, Any] = {"xytext": (6, 0), "textcoords": "offset points", "va": "center", "fontsize": 8.5}
        axis.annotate(line.label, line.points[-1], **at_end)
    first, last = min(plot.ticks), max(plot.ticks)
    axis.set(ylim=(0, None), xlim=(first, last + 0.28 * (last - first)), xlabel=plot.x_label, ylabel=plot.y_label)
    axis.set_xticks(plot.ticks, plot.tick_texts)
    axis.grid(axis="x", visible=False)
    sns.despine(ax=axis, left=True)
    return figure


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure of ``width`` by ``height`` inches, off screen."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _legend_below(figure: Figure, keys: dict[str, Any], width: float) -> None:
    """What the marks are, in as many columns as fit."""
    looks: dict[str, Any] = {"frameon": False, "fontsize": 8.5, "handlelength": 1.4, "columnspacing": 1.0}
    columns = _columns(list(keys), width)
    figure.legend(list(keys.values()), list(keys), loc="outside lower left", ncols=columns, **looks)


def _columns(labels: list[str], width: float) -> int:
    """The most columns in which a legend of these labels fits, by the breadth of a letter and of a key in points."""
    letter, key = 4.6, 32.0
    for columns in range(len(labels), 1, -1):
        widest = [max(map(len, labels[place::columns])) for place in range(columns)]
        if sum(letter * letters + key for letters in widest) <= width * 72:
            return columns
    return 1


def _percent_axis(axis: Axes, *, is_tall: bool) -> None:
    """A horizontal axis of whole percentages, above a tall drawing too, and nothing else drawn around the marks."""
    ticks = range(0, 101, 25)
    axis.set_xticks([tick / 100 for tick in ticks], [f"{tick}%" for tick in ticks])
    axis.grid(axis="y", visible=False)
    sns.despine(ax=axis, left=True, bottom=True)
    axis.tick_params(length=0, labeltop=is_tall)


def _wrapped(label: str, width: int) -> str:
    """A label on as many lines as it needs."""
    return "\n".join(wrap(label, width))
