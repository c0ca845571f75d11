"""The door to typst: a template of this room and what it reads, as a document; no typst is written by Python."""

import io
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from wijkpeiling.charts.assets import Fonts, Logo
from wijkpeiling.charts.style import Style
from wijkpeiling.errors import ReportError
from wijkpeiling.extras import PUBLISH, library

# points of a screen to the inch, twice: a picture that stays sharp on most of them
PPI = 192
# of the package: what a style's own fonts have no sign for is set in it
FONT = "Inter"
SHARED, LOGO = "style.typ", "logo.svg"
TASK = "setting a PDF or an infographic"


def typeset(
    template: str,
    given: Mapping[str, Any],
    figures: Mapping[str, str] | None = None,
    *,
    style: Style,
    form: Literal["pdf", "svg", "png"] = "pdf",
    standard: str | None = None,
) -> bytes:
    """Set a template.

    Parameters
    ----------
    template
        Name of a file in ``templates``.
    given
        What the template reads, as values of JSON by the name of the file: ``json("report.json")``. Text in it stays
        text, whatever signs it has.
    figures
        SVG documents by the id of their chart: ``image("figures/ID.svg")``.
    style
        Colours, fonts, sender and logo, which ``style.typ`` gives a template.
    form
        Of the document; only a PDF can have more than one page.
    standard
        That a PDF declares, such as ``ua-1``; typst refuses a document that does not follow it.

    Raises
    ------
    ReportError
        When typst is not installed, refuses the document or warns of anything, such as a font that is not there; for a
        picture of more than one page, and for a logo or a font of the style that it cannot use.
    """
    if style.logo:
        # told by its key, and not as a fault of the template
        as_png(style.logo)
    with _fonts(style.fonts) as (folders, families):
        looks = {
            "colours": style.colours.model_dump(),
            "fonts": families,
            "sender": style.sender.name if style.sender else None,
            "logo": LOGO if style.logo else None,
        }
        known = {LOGO: _as_svg(style.logo)} if style.logo else {}
        return _compiled(template, {**given, "style": looks}, figures or {}, known, folders, form, standard)


@cache
def as_png(logo: Logo) -> bytes:
    """The logo as a PNG.

    Raises
    ------
    ReportError
        When typst, which draws it, is not installed or cannot.
    """
    try:
        return _compiled("logo.typ", {"logo": LOGO}, {}, {LOGO: _as_svg(logo)}, [], "png", None)
    except ReportError as refusal:
        if not refusal.what.startswith("typst: "):
            raise
        raise ReportError(
            f"logo: {logo.file} cannot be drawn: {refusal.what}",
            where=logo.file,
            expected="a whole PNG or SVG",
            todo="save it anew in another program",
        ) from None


def _as_svg(logo: Logo) -> bytes:
    """The logo as SVG, a PNG as a picture in it: typst's binding takes no file that is not text."""
    content = b64decode(logo.content)
    if logo.media_type == "image/svg+xml":
        return content
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="{logo.data_uri}"/></svg>'
    ).encode()


@contextmanager
def _fonts(fonts: Fonts | None) -> Iterator[tuple[list[str], dict[str, list[str]]]]:
    """Folders of the fonts to set in, and the names of their families for regular and for bold text."""
    with as_file(files("wijkpeiling.charts").joinpath("fonts")) as own, TemporaryDirectory() as folder:
        if fonts is None:
            yield [str(own)], {"regular": [FONT], "bold": [FONT]}
            return
        named = {
            weight: _family(Path(folder, weight), weight, name, b64decode(content))
            for weight, name, content in zip(("regular", "bold"), fonts.files, (fonts.regular, fonts.bold), strict=True)
        }
        # another font of the same name would be set in the place of theirs
        others = [] if FONT in named.values() else [FONT]
        folders = [str(Path(folder, weight)) for weight in named]
        yield (
            [*folders, *([str(own)] if others else [])],
            {weight: [family, *others] for weight, family in named.items()},
        )


def _family(folder: Path, weight: str, name: str, content: bytes) -> str:
    """Write a font into a folder of its own; the name that typst knows it by."""
    typst = library("typst", TASK, ReportError, PUBLISH)
    folder.mkdir()
    (folder / f"{weight}{Path(name).suffix}").write_bytes(content)
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]).families()
    if len(found) != 1:
        raise ReportError(
            f"fonts.{weight}: {name} cannot be set",
            where=name,
            expected="one font, TrueType or OpenType (.ttf, .otf)",
            todo="name another file",
        )
    return str(found[0])


def _compiled(
    template: str,
    given: Mapping[str, Any],
    figures: Mapping[str, str],
    known: dict[str, bytes],
    fonts: list[str],
    form: str,
    standard: str | None,
) -> bytes:
    typst = library("typst", TASK, ReportError, PUBLISH)
    room = files("wijkpeiling.report").joinpath("templates")
    known |= {"main.typ": room.joinpath(template).read_bytes(), SHARED: room.joinpath(SHARED).read_bytes()}
    known |= {f"{name}.json": json.dumps(value, ensure_ascii=False).encode() for name, value in given.items()}
    known |= {f"figures/{name}.svg": drawn.encode() for name, drawn in figures.items()}
    options = {"pdf_standards": [standard] if standard else None, "ppi": PPI if form == "png" else None}
    # nobody's own fonts get into a publication
    compiler = typst.Compiler(known, font_paths=fonts, ignore_system_fonts=True)
    try:
        document, warnings = compiler.compile_with_warnings(format=form, **options)
    except typst.TypstError as refusal:
        raise _refused(template, refusal) from None
    if warnings:
        raise _refused(template, warnings[0])
    if not isinstance(document, bytes):
        raise ReportError(
            f"{len(document)} pages", where=template, expected="a picture of one page", todo="show fewer rows"
        )
    return document


def _refused(template: str, told: Any) -> ReportError:
    """What typst says against a document: it names the text that its fonts cannot show, or the heading that jumps."""
    hint = "; ".join(told.hints)
    return ReportError(
        f"typst: {told.message}",
        where=f"wijkpeiling/report/templates/{template}",
        expected=hint or "a document without a warning",
        todo="correct the text or the template",
    )
