"""From a chart's data to SVG and PNG: the same bytes for the same data, size and style."""

import io
from collections.abc import Callable
from importlib.resources import files
from typing import IO, Any

from wijkpeiling.charts import kinds
from wijkpeiling.charts.library import Figure, FigureCanvasAgg, drawing_with, font_manager
from wijkpeiling.charts.model import Plot
from wijkpeiling.charts.style import Style
from wijkpeiling.language import sentence_case

FONT = "Inter"
# dots to the inch of a PNG
DENSITY = 150
DRAWERS: dict[str, Callable[[Any, float, Style], Figure]] = {
    "intervals": kinds.intervals,
    "series": kinds.series,
    "grid": kinds.grid,
    "bars": kinds.bars,
    "lines": kinds.lines,
}


def draw(plot: Plot, width: float, style: Style, mark: str | None = None) -> str:
    """Draw a chart.

    Parameters
    ----------
    plot
        What it shows.
    width
        In inches; the height follows from what is shown. Text keeps its size, so a phone gets a drawing of its own.
    style
        Its colours.
    mark
        Stands on the drawing itself, so that it goes wherever the drawing goes.

    Returns
    -------
    str
        An SVG document, of which the text is drawn as shapes.
    """
    buffer = io.StringIO()
    _save(plot, width, style, mark, buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def draw_png(plot: Plot, width: float, style: Style, mark: str | None = None) -> bytes:
    """Draw a chart as `draw` does, in pixels, for programs that show no SVG."""
    buffer = io.BytesIO()
    _save(plot, width, style, mark, buffer, format="png", dpi=DENSITY, metadata={"Software": None})
    return buffer.getvalue()


def _save(plot: Plot, width: float, style: Style, mark: str | None, target: IO, **options: Any) -> None:
    _register_fonts()
    # from the library's own defaults: nobody's matplotlibrc gets into a publication
    with drawing_with(["default", parameters(style)]):
        figure = DRAWERS[plot.kind](plot, width, style)
        FigureCanvasAgg(figure)
        if mark:
            colour = style.colours.accent
            figure.suptitle(sentence_case(mark), x=0.01, ha="left", fontsize=8.5, color=colour, **kinds.BOLD)
        figure.savefig(target, **options)


def parameters(style: Style) -> dict[str, Any]:
    """The library's parameters for a style."""
    colours = style.colours
    return {
        "font.family": FONT,
        "font.size": 9.5,
        "text.color": colours.ink,
        # a label may speak of "$5 en $10"
        "text.parse_math": False,
        "axes.facecolor": colours.paper,
        "figure.facecolor": colours.paper,
        "savefig.facecolor": colours.paper,
        "axes.labelcolor": colours.quiet,
        "xtick.color": colours.quiet,
        "ytick.color": colours.quiet,
        "axes.edgecolor": colours.rule,
        "axes.axisbelow": True,
        "axes.grid": True,
        "grid.color": colours.grid,
        "grid.linewidth": 1.0,
        "axes.titlesize": 9.5,
        "svg.hashsalt": "wijkpeiling",
        "svg.fonttype": "path",
    }


def _register_fonts() -> None:
    if FONT in {font.name for font in font_manager.fontManager.ttflist}:
        return
    folder = files("wijkpeiling.charts").joinpath("fonts")
    for name in ("Inter-Regular.ttf", "Inter-SemiBold.ttf"):
        font_manager.fontManager.addfont(str(folder.joinpath(name)))
