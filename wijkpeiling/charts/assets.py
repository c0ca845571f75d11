"""Files that a style names: a logo and fonts, read or refused."""

import hashlib
import io
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from wijkpeiling.errors import ReportError
from wijkpeiling.files import MEGABYTE, read_bytes
from wijkpeiling.records import Record

KILOBYTE = 1024
LARGEST_LOGO, LARGEST_FONT = 200 * KILOBYTE, 2 * MEGABYTE
PNG = b"\x89PNG\r\n\x1a\n"
# TrueType and OpenType
WEIGHTS = {"regular": 400, "bold": 600}
FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO", b"true")


class Logo(Record):
    """A picture of the sender."""

    file: str
    sha256: str
    media_type: str
    content: str

    @property
    def data_uri(self) -> str:
        return f"data:{self.media_type};base64,{self.content}"


class Fonts(Record):
    """Two weights of a font: files in base64, with their checksums and the name of the family in each."""

    family: str
    bold_family: str
    sha256: tuple[str, str]
    regular: str
    bold: str
    files: tuple[str, str]


def read_logo(style: Path, name: str) -> Logo:
    """The logo beside a style file.

    Raises
    ------
    ReportError
        When it is missing, larger than 200 kB, or neither PNG nor SVG.
    """
    path = style.parent / name
    content = _read(path, style, "logo", LARGEST_LOGO)
    media_type = "image/png" if _is_png(content) else "image/svg+xml" if _is_svg(content) else None
    if media_type is None:
        raise ReportError(
            f"logo: {name} is no image", where=style, expected="a PNG, or an SVG without DOCTYPE", todo="save it as one"
        )
    return Logo(file=name, sha256=_sha256(content), media_type=media_type, content=b64encode(content).decode())


def read_fonts(style: Path, named: dict[str, str]) -> Fonts:
    """The fonts beside a style file, for a page that carries them.

    Raises
    ------
    ReportError
        Without a licence file, or for a file that is no TrueType or OpenType font.
    """
    _read(style.parent / named["licence"], style, "fonts.licence", MEGABYTE)
    found: dict[str, Any] = {"sha256": [], "files": (named["regular"], named["bold"])}
    for weight, family in (("regular", "family"), ("bold", "bold_family")):
        name = named[weight]
        content = _read(style.parent / name, style, f"fonts.{weight}", LARGEST_FONT)
        if not content.startswith(FONT_STARTS):
            raise ReportError(
                f"fonts.{weight}: {name} is no font",
                where=style,
                expected="TrueType or OpenType (.ttf, .otf)",
                todo="name another file",
            )
        found[weight] = b64encode(content).decode()
        found[family] = _register(style.parent / name, style, weight)
        found["sha256"].append(_sha256(content))
    return Fonts(**found)


def _register(path: Path, style: Path, weight: str) -> str:
    """Let charts use the font too; the name by which they do."""
    from wijkpeiling.charts.library import font_manager

    known = font_manager.fontManager
    try:
        known.addfont(str(path))
    except (OSError, RuntimeError, ValueError):
        raise ReportError(
            f"fonts.{weight}: {path.name} cannot be read", where=style, expected="a whole font", todo="get it again"
        ) from None
    # found where charts ask for that weight, whatever the font says of itself
    known.ttflist[-1] = replace(known.ttflist[-1], weight=WEIGHTS[weight])
    return str(font_manager.get_font(str(path)).family_name)


def _read(path: Path, style: Path, key: str, largest: int) -> bytes:
    try:
        return read_bytes(path, ReportError, largest=largest, missing="put it beside the style")
    except ReportError as failure:
        raise ReportError(
            f"{key}: {failure.what}", where=f"{style}, {path.name}", expected=failure.expected, todo=failure.todo
        ) from None


def _is_png(content: bytes) -> bool:
    from PIL import Image, UnidentifiedImageError

    if not content.startswith(PNG):
        return False
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def _is_svg(content: bytes) -> bool:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return False
    try:
        return ElementTree.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"
    except ElementTree.ParseError:
        return False


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
