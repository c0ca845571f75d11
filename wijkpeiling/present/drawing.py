"""How figures look: one font, few colours that hold on white, and the same bytes every time."""

import io
from collections.abc import Callable
from importlib.resources import files
from textwrap import wrap
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from wijkpeiling.language import sentence_case

FONT = "Inter"
BOLD: dict[str, Any] = {"fontfamily": "Inter SemiBold", "fontweight": 600}
# contrast with white: 10.3, 5.5, 5.7; the two pale ones only ever lie behind a mark
BLUE, RUST, GREY = "#154273", "#a8450c", "#5f6b76"
INK, PALE, RULE = "#1d2730", "#d7e1ea", "#c3ccd4"

_STYLE: Any = {
    "font.family": FONT,
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.edgecolor": RULE,
    "grid.color": "#e6ebef",
    "axes.titlesize": 9.5,
    "svg.hashsalt": "wijkpeiling",
    "svg.fonttype": "path",
}


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure of ``width`` by ``height`` inches, off screen."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots()


def render(draw: Callable[[float], Figure], width: float, mark: str | None = None) -> str:
    """Draw at ``width`` inches and return SVG text that is the same in every run."""
    _register_fonts()
    with sns.axes_style("whitegrid", rc=_STYLE), mpl.rc_context(_STYLE):
        figure = draw(width)
        if mark:
            figure.suptitle(sentence_case(mark), x=0.01, ha="left", fontsize=8.5, color=RUST, **BOLD)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def wrapped(label: str, width: int = 22) -> str:
    """A label on as many lines as a narrow figure needs."""
    return "\n".join(wrap(label, width))


def percent_axis(axis: Axes) -> None:
    """A horizontal axis of whole percentages, and nothing else drawn around the marks."""
    ticks = range(0, 101, 25)
    axis.set_xticks([tick / 100 for tick in ticks], [f"{tick}%" for tick in ticks])
    sns.despine(ax=axis, left=True, bottom=True)
    axis.tick_params(length=0)


def _register_fonts() -> None:
    if FONT in {font.name for font in font_manager.fontManager.ttflist}:
        return
    folder = files("wijkpeiling.present").joinpath("fonts")
    for name in ("Inter-Regular.ttf", "Inter-SemiBold.ttf"):
        font_manager.fontManager.addfont(str(folder.joinpath(name)))
