"""The house style: colours by role, for charts and page alike, held to the contrast that WCAG AA asks."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

from pydantic import Field

from wijkpeiling.errors import ReportError
from wijkpeiling.records import Record, read_yaml

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]

# WCAG 2.2: 1.4.3 for text, 1.4.11 for marks that carry meaning
TEXT, MARK = 4.5, 3.0
CONTRASTS = (
    ("ink", "paper", TEXT),
    ("ink", "panel", TEXT),
    ("ink", "half of estimate", TEXT),
    ("quiet", "paper", TEXT),
    ("quiet", "panel", TEXT),
    ("brand", "paper", TEXT),
    ("brand", "panel", TEXT),
    ("on_brand", "brand", TEXT),
    ("on_brand", "warning", TEXT),
    ("accent", "paper", TEXT),
    ("warning_ink", "warning_paper", TEXT),
    ("estimate", "paper", MARK),
    ("interval", "paper", MARK),
    ("other_interval", "paper", MARK),
    ("bounds", "paper", MARK),
)


class Colours(Record):
    """A colour for each role, as ``#rrggbb``; `CONTRASTS` says which have to stand out from which."""

    paper: Colour
    panel: Colour
    ink: Colour
    quiet: Colour
    rule: Colour
    grid: Colour
    brand: Colour
    on_brand: Colour
    estimate: Colour
    interval: Colour
    other_interval: Colour
    accent: Colour
    bounds: Colour
    bounds_fill: Colour
    warning: Colour
    warning_ink: Colour
    warning_paper: Colour


class Style(Record):
    """How charts and page look."""

    colours: Colours


class _Differences(Record):
    """A style file: the colours that differ from the house style."""

    colours: dict[str, Colour] = Field(default_factory=dict)


@cache
def house_style() -> Style:
    """The style that comes with the package."""
    with as_file(files("wijkpeiling.charts").joinpath("house.yml")) as path:
        return read_yaml(path, Style, ReportError)


def read_style(path: Path) -> Style:
    """Read a style file; what it does not name is as in the house style.

    Raises
    ------
    ReportError
        For a role or colour that is none, or colours that people cannot tell apart: it names the first such pair.
    """
    differences = read_yaml(path, _Differences, ReportError).colours
    unknown = [role for role in differences if role not in Colours.model_fields]
    if unknown:
        raise ReportError(
            f"colours.{unknown[0]} is no role",
            where=path,
            expected="one of " + ", ".join(Colours.model_fields),
            todo="correct the name",
        )
    style = Style(colours=house_style().colours.model_copy(update=differences))
    check_contrast(style, path)
    return style


def check_contrast(style: Style, where: Path | str) -> None:
    """Refuse a style of which a text or a mark does not stand out enough from what it lies on."""
    colours = style.colours.model_dump()
    # numbers in a grid stand on cells that go as far as half of the estimate's colour
    colours["half of estimate"] = _mixed(colours["estimate"], colours["paper"])
    for role, behind, least in CONTRASTS:
        colour, ground = colours[role], colours[behind]
        found = contrast(colour, ground)
        if found < least:
            raise ReportError(
                f"{role} {colour} on {behind} {ground} has a contrast of {found:.2f}",
                where=where,
                expected=f"at least {least:g} (WCAG AA)",
                todo="make one of the two lighter or darker",
            )


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours ``#rrggbb``, from 1 to 21.

    Notes
    -----
    (L1 + 0.05) / (L2 + 0.05) with L the relative luminance of WCAG 2.2, the lighter colour first.
    """
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [part / 255 for part in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(one: str, other: str) -> str:
    return "#" + "".join(f"{(a + b) // 2:02x}" for a, b in zip(_channels(one), _channels(other), strict=True))


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
