"""The house style: colours by role, for charts and page alike, held to the contrast that WCAG AA asks."""

from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from wijkpeiling.charts.assets import Fonts, Logo, read_fonts, read_logo
from wijkpeiling.errors import ReportError
from wijkpeiling.records import Record, read_yaml

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]

# of a project, beside its data
STYLE = "style.yml"
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
    # percentages are written in the colour of their mark
    ("estimate", "paper", TEXT),
    ("estimate", "panel", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "panel", TEXT),
    ("warning_ink", "warning_paper", TEXT),
    ("axis", "paper", MARK),
    ("axis", "panel", MARK),
)
# what is drawn in a chart
DRAWN = ("paper", "ink", "quiet", "rule", "axis", "estimate", "accent")

Link = Annotated[str, Field(pattern=r"^https?://[^\s\"<>]+$", max_length=500)]
Line = Annotated[str, Field(min_length=1, max_length=200)]


class Colours(Record):
    """A colour for each role, as ``#rrggbb``; `CONTRASTS` says which have to stand out from which."""

    paper: Colour
    panel: Colour
    ink: Colour
    quiet: Colour
    rule: Colour
    axis: Colour
    brand: Colour
    on_brand: Colour
    estimate: Colour
    accent: Colour
    warning: Colour
    warning_ink: Colour
    warning_paper: Colour


class Sender(Record):
    """The institute that brings the edition out."""

    name: Line
    url: Link | None = None


class Contact(Record):
    """Whom readers and press can ask."""

    name: Line
    email: Annotated[str, Field(pattern=r"^[^@\s\"<>]+@[^@\s\"<>]+$", max_length=200)] | None = None
    phone: Annotated[str, Field(pattern=r"^[+0-9][0-9 ()-]{5,30}$")] | None = None


class Licence(Record):
    """Under which terms the edition may be used."""

    name: Line
    url: Link


class FontFiles(Record):
    """Files beside the style: two weights of a font, and the licence that lets them be passed on."""

    regular: Line
    bold: Line
    licence: Line


class _Differences(Record):
    """A style file: what differs from the house style."""

    colours: dict[str, Colour] = Field(default_factory=dict)
    dark: dict[str, Colour] = Field(default_factory=dict)
    logo: Line | None = None
    fonts: FontFiles | None = None
    sender: Sender | None = None
    authors: Line | None = None
    contact: Contact | None = None
    licence: Licence | None = None
    published: date | None = None
    address: Link | None = None
    url: Link | None = None


class Style(Record):
    """How charts and page look, and who brings them out.

    Attributes
    ----------
    colours, dark
        By role, on light and dark screens.
    logo, fonts
        None for none, and for the fonts of the package.
    published
        Date of the edition.
    address
        Where it stands for good, such as a DOI.
    url
        Where the site of editions stands; no edition says so.
    """

    colours: Colours
    dark: Colours
    logo: Logo | None = None
    fonts: Fonts | None = None
    sender: Sender | None = None
    authors: str | None = None
    contact: Contact | None = None
    licence: Licence | None = None
    published: date | None = None
    address: str | None = None
    url: str | None = None

    def on_record(self) -> dict[str, Any]:
        """What ``build.json`` keeps of it: checksums of the files instead of the files."""
        return self.model_dump(mode="json", exclude={"logo": {"content"}, "fonts": {"regular", "bold"}, "url": True})


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
        For a role or colour that is none, or colours that people cannot tell apart: it names the first such pair. For a
        logo that is no image or too large, a font without its licence, and a link that is no http(s).
    """
    given = read_yaml(path, _Differences, ReportError)
    house = house_style()
    style = house.model_copy(
        update={
            **{name: value for name, value in given if value is not None},
            "colours": _changed(house.colours, given.colours, "colours", path),
            "dark": _changed(house.dark, given.dark, "dark", path),
            "logo": read_logo(path, given.logo) if given.logo else None,
            "fonts": read_fonts(path, given.fonts.model_dump()) if given.fonts else None,
        }
    )
    check_contrast(style, path)
    return style


def project_style(root: Path) -> Style:
    """The style of a project: that of its ``style.yml`` where it has one, as `read_style` reads it."""
    path = root / STYLE
    return read_style(path) if path.exists() or path.is_symlink() else house_style()


def _changed(colours: Colours, differences: dict[str, str], key: str, path: Path) -> Colours:
    unknown = [role for role in differences if role not in Colours.model_fields]
    if unknown:
        raise ReportError(
            f"{key}.{unknown[0]} is no role",
            where=path,
            expected="one of " + ", ".join(Colours.model_fields),
            todo="correct the name",
        )
    return colours.model_copy(update=differences)


def check_contrast(style: Style, where: Path | str) -> None:
    """Refuse a style of which a text or a mark does not stand out enough from what it lies on, light or dark."""
    for key, colours in (("", style.colours.model_dump()), ("dark.", style.dark.model_dump())):
        # numbers in a grid stand on cells that go as far as half of the estimate's colour
        colours["half of estimate"] = _mixed(colours["estimate"], colours["paper"])
        for role, behind, least in CONTRASTS:
            found = contrast(colours[role], colours[behind])
            if found < least:
                raise ReportError(
                    f"{key}{role} {colours[role]} on {behind} {colours[behind]} has a contrast of {found:.2f}",
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
