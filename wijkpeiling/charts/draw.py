"""From a chart's data to SVG and PNG: the same bytes for the same data, size and style."""

import io
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from wijkpeiling.charts import kinds
from wijkpeiling.charts.canvas import BOLD, PIXELS, REGULAR, SMALL, TITLE, points, spelled, wrapped
from wijkpeiling.charts.library import Figure, FigureCanvasAgg, drawing_with, font_manager
from wijkpeiling.charts.model import Plot
from wijkpeiling.charts.style import Style
from wijkpeiling.language import sentence_case

FONT = "Inter"
DRAWERS: dict[str, Callable[[Any, float, Style], Figure]] = {
    "intervals": kinds.intervals,
    "series": kinds.series,
    "grid": kinds.grid,
    "bars": kinds.bars,
    "lines": kinds.lines,
}
# of a drawing that stands alone: pixels around it, and dots to the inch of a PNG
EDGE, DENSITY = 24.0, 2 * PIXELS


class Frame(NamedTuple):
    """What stands around a drawing, so that it can go without its page.

    Parameters
    ----------
    mark
        Above all else: that the figures are invented.
    title, subtitle
        The finding; what, unit and year.
    notes
        Below it: how to read it, source, respondents.
    """

    mark: str | None = None
    title: str | None = None
    subtitle: str | None = None
    notes: tuple[str, ...] = ()


class Alone(NamedTuple):
    """A drawing that needs no page around it, twice: its texts drawn as shapes, and as pixels."""

    svg: str
    png: bytes


def draw(plot: Plot, width: float, style: Style, mark: str | None = None) -> str:
    """Draw a chart as SVG, for a page that has its title and notes.

    Parameters
    ----------
    plot
        What it shows.
    width
        In pixels, 96 to an inch; the height follows from what is shown. Text keeps its size, so a phone gets a drawing
        of its own.
    style
        Its colours.
    mark
        Stands on the drawing itself, so that it goes wherever the drawing goes.

    Returns
    -------
    str
        An SVG document, of which the text is drawn as shapes.
    """
    register_fonts()
    # from the library's own defaults: nobody's matplotlibrc gets into a publication
    with drawing_with(["default", parameters(style)]):
        return _svg(framed(DRAWERS[plot.kind](plot, width, style), Frame(mark), style, edge=0))


def draw_png(plot: Plot, width: float, style: Style, mark: str | None = None) -> bytes:
    """Draw a chart as `draw` does, in pixels, for programs that show no SVG."""
    register_fonts()
    with drawing_with(["default", parameters(style)]):
        return _png(framed(DRAWERS[plot.kind](plot, width, style), Frame(mark), style, edge=0))


def draw_alone(plot: Plot, width: float, style: Style, frame: Frame) -> Alone:
    """Draw a chart with what a reader needs who meets it without its page, as SVG and PNG."""
    register_fonts()
    with drawing_with(["default", parameters(style)]):
        figure = framed(DRAWERS[plot.kind](plot, width - 2 * EDGE, style), frame, style, edge=EDGE)
        return Alone(_svg(figure), _png(figure))


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    # a fifth faster than the library's own level, in files two percent larger
    packed = {"compress_level": 4}
    figure.savefig(buffer, format="png", dpi=DENSITY, metadata={"Software": None}, pil_kwargs=packed)
    return buffer.getvalue()


def framed(figure: Figure, frame: Frame, style: Style, edge: float) -> Figure:
    """The figure with ``edge`` pixels of room around it, and above and below it what the frame says."""
    FigureCanvasAgg(figure)
    colours = style.colours
    width, height = (inches * PIXELS for inches in figure.get_size_inches())
    head = [
        (sentence_case(frame.mark), SMALL, colours.accent, True) if frame.mark else None,
        (frame.title, TITLE, colours.ink, True) if frame.title else None,
        (frame.subtitle, 15.0, colours.quiet, False) if frame.subtitle else None,
    ]
    foot = [(note, SMALL, colours.quiet, False) for note in frame.notes]
    above, below = (_set(part, width) for part in (head, foot))
    top = sum(text.height for text in above) + (12 if above else 0)
    bottom = sum(text.height for text in below) + (14 if below else 0)
    whole = height + top + bottom + 2 * edge
    _make_room(figure, width, height, edge, top, bottom)
    at = edge
    for text in above:
        _write(figure, text, edge / (width + 2 * edge), 1 - at / whole)
        at += text.height
    at = edge + top + height + 14
    for text in below:
        _write(figure, text, edge / (width + 2 * edge), 1 - at / whole)
        at += text.height
    return figure


def parameters(style: Style) -> dict[str, Any]:
    """The library's parameters for a style."""
    colours = style.colours
    return {
        REGULAR: [style.fonts.family if style.fonts else FONT],
        BOLD: [style.fonts.bold_family if style.fonts else f"{FONT} SemiBold"],
        "font.size": points(SMALL),
        "text.color": colours.ink,
        # a label may speak of "$5 en $10"
        "text.parse_math": False,
        "axes.facecolor": colours.paper,
        "figure.facecolor": colours.paper,
        "savefig.facecolor": colours.paper,
        "axes.labelcolor": colours.quiet,
        "xtick.color": colours.quiet,
        "ytick.color": colours.quiet,
        "axes.axisbelow": True,
        "axes.grid": True,
        "grid.color": colours.rule,
        "grid.linewidth": points(1),
        "lines.solid_capstyle": "butt",
        "svg.hashsalt": "wijkpeiling",
        "svg.fonttype": "path",
    }


class _Set(NamedTuple):
    """A line of text, with the pixels from its top to that of the next one."""

    text: str
    height: float
    looks: dict[str, Any]


def _set(texts: list[Any], width: float) -> list[_Set]:
    """Every line of the texts by itself, with more room after the last of a text."""
    made = []
    for text, size, colour, is_bold in filter(None, texts):
        looks = {"color": colour, **spelled(size, is_bold=is_bold)}
        lines = wrapped(text, width, size, is_bold=is_bold).split("\n")
        made += [_Set(line, size * 1.3 + (0 if line is not lines[-1] else 5), looks) for line in lines]
    return made


def _write(figure: Figure, text: _Set, x: float, y: float) -> None:
    figure.text(x, y, text.text, va="top", ha="left", **text.looks)


def _make_room(figure: Figure, width: float, height: float, edge: float, top: float, bottom: float) -> None:
    """A larger figure with its axes as they were, so many pixels from its edges."""
    wide, whole = width + 2 * edge, height + top + bottom + 2 * edge
    figure.set_size_inches(wide / PIXELS, whole / PIXELS)
    for axis in figure.axes:
        box = axis.get_position(original=True)
        left, low = edge + box.x0 * width, edge + bottom + box.y0 * height
        axis.set_position((left / wide, low / whole, box.width * width / wide, box.height * height / whole))


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


@cache
def register_fonts() -> None:
    """Let the library know the fonts that come with the package."""
    folder = files("wijkpeiling.charts").joinpath("fonts")
    for name in ("Inter-Regular.ttf", "Inter-SemiBold.ttf"):
        font_manager.fontManager.addfont(str(folder.joinpath(name)))
