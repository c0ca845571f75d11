"""A drawing measured in pixels of the page, 96 to an inch: text keeps its size, whatever is drawn around it."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from wijkpeiling.charts.library import Axes, Figure, font_manager, rcParams

# the parameters of matplotlib that hold the families of a style: it has none for a bold one, and this one is free
REGULAR: Final = "font.family"
BOLD: Final = "font.fantasy"
PIXELS = 96
# sizes of text in pixels, as on the page around the drawing
LABEL, VALUE, SMALL, TITLE = 15.0, 16.0, 13.0, 21.0
# below this width labels stand above their row
NARROW = 480.0


class Margins(NamedTuple):
    """Pixels between the edge of a drawing and its axes."""

    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


class Canvas(NamedTuple):
    """An empty drawing."""

    figure: Figure
    axis: Axes


def points(pixels: float) -> float:
    """The unit of matplotlib, 72 to an inch."""
    return pixels * 72 / PIXELS


def canvas(width: float, height: float, margins: Margins) -> Canvas:
    """A figure of ``width`` by ``height`` pixels within its margins, and its axes; no place depends on its texts."""
    whole = height + margins.top + margins.bottom
    figure = Figure(figsize=(width / PIXELS, whole / PIXELS))
    inner = width - margins.left - margins.right
    axis = figure.add_axes((margins.left / width, margins.bottom / whole, inner / width, height / whole))
    axis.set_frame_on(False)
    axis.tick_params(length=0, labelsize=points(SMALL), pad=points(5))
    return Canvas(figure, axis)


def spelled(size: float, *, is_bold: bool = False, **more: Any) -> dict[str, Any]:
    """How matplotlib is told to set a text of ``size`` pixels."""
    family = {"fontfamily": rcParams[BOLD], "fontweight": 600} if is_bold else {}
    return {"fontsize": points(size), "linespacing": 1.04, **family, **more}


def breadth(text: str, size: float, *, is_bold: bool = False) -> float:
    """Width in pixels of a text on one line."""
    properties = font_manager.FontProperties(
        family=rcParams[BOLD if is_bold else REGULAR], weight=600 if is_bold else 400
    )
    return _hundredths(text, font_manager.findfont(properties)) * size / 100


@lru_cache(maxsize=4096)
def _hundredths(text: str, path: str) -> float:
    """Width of a text at 100 pixels in the font of a file; every drawing of a chart asks for the same ones."""
    font = font_manager.get_font(path)
    font.set_size(100, 72)
    font.set_text(text, 0.0)
    return font.get_width_height()[0] / 64


def wrapped(text: str, width: float, size: float, *, is_bold: bool = False) -> str:
    """A text on as many lines as it needs to stay within ``width`` pixels; a word that is longer stays whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and breadth(longer, size, is_bold=is_bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def n_lines(text: str) -> int:
    """Lines of a text that was wrapped."""
    return text.count("\n") + 1
