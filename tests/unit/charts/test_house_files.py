"""What a style file may name beside colours: logo, fonts, who brings it out; refused by file and key."""

import shutil
from pathlib import Path

import matplotlib as mpl
import pytest

import wijkpeiling.charts
from wijkpeiling.charts.draw import draw
from wijkpeiling.charts.model import Bar, Bars, Interval, Intervals
from wijkpeiling.charts.style import house_style, read_style
from wijkpeiling.errors import ReportError

FONTS = Path(wijkpeiling.charts.__file__).parent / "fonts"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
# one pixel
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@pytest.fixture
def written(tmp_path):
    """A folder with fonts and logos, and a function that writes a style there."""
    for name in ("Inter-Regular.ttf", "Inter-SemiBold.ttf", "OFL.txt"):
        shutil.copy(FONTS / name, tmp_path)
    (tmp_path / "logo.svg").write_bytes(SVG)
    (tmp_path / "logo.png").write_bytes(PNG)
    (tmp_path / "groot.svg").write_bytes(SVG + b" " * 200 * 1024)
    (tmp_path / "tekst.png").write_bytes(b"geen plaatje")
    (tmp_path / "half.png").write_bytes(PNG[:40])
    (tmp_path / "entiteit.svg").write_bytes(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG)
    (tmp_path / "ander.svg").write_bytes(b"<html/>")

    def write(text):
        path = tmp_path / "style.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_style_says_who_brings_the_edition_out(written):
    style = read_style(
        written(
            "sender: {name: Een instituut, url: 'https://example.org'}\n"
            "authors: Twee mensen\n"
            "contact: {name: De redactie, email: redactie@example.org, phone: 030-1234567}\n"
            "licence: {name: CC BY 4.0, url: 'https://creativecommons.org/licenses/by/4.0/'}\n"
            "published: 2026-11-25\n"
            "address: https://example.org/2019\n"
        )
    )
    assert (style.sender.name, style.contact.phone, style.published.year) == ("Een instituut", "030-1234567", 2026)
    assert style.colours == house_style().colours and style.logo is None


@pytest.mark.parametrize(("name", "media_type"), [("logo.svg", "image/svg+xml"), ("logo.png", "image/png")])
def test_a_logo_travels_in_the_page_and_not_on_record(name, media_type, written):
    style = read_style(written(f"logo: {name}\n"))
    assert style.logo.data_uri.startswith(f"data:{media_type};base64,")
    assert style.on_record()["logo"].keys() == {"file", "sha256", "media_type"}


def test_fonts_of_a_style_are_those_of_its_charts(written):
    plot = Bars(bars=(Bar(label="2019", text="3 van 4", part=3, whole=4),))
    fonts = "fonts: {regular: Inter-SemiBold.ttf, bold: Inter-Regular.ttf, licence: OFL.txt}\n"
    style = read_style(written(fonts))
    assert style.fonts.family == "Inter SemiBold"
    assert draw(plot, 720, style) != draw(plot, 720, house_style())
    assert set(style.on_record()["fonts"]) == {"family", "bold_family", "sha256", "files"}


def test_a_font_of_another_weight_is_drawn_without_a_word(written, tmp_path, caplog):
    ours = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name in ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"):
        shutil.copy(ours / name, tmp_path)
    style = read_style(written("fonts: {regular: DejaVuSerif.ttf, bold: DejaVuSerif-Bold.ttf, licence: OFL.txt}\n"))
    row = Interval(label="Taak", text="59%", share=0.59)
    drawn = draw(Intervals(rows=(row,)), 720, style)
    assert drawn != draw(Intervals(rows=(row,)), 720, house_style())
    assert caplog.messages == []


BAD = [
    ("logo: weg.svg\n", "logo: "),
    ("logo: tekst.png\n", "logo: tekst.png is no image"),
    ("logo: half.png\n", "logo: half.png is no image"),
    ("logo: entiteit.svg\n", "logo: entiteit.svg is no image"),
    ("logo: ander.svg\n", "logo: ander.svg is no image"),
    ("logo: groot.svg\n", "logo: "),
    ("fonts: {regular: Inter-Regular.ttf, bold: Inter-SemiBold.ttf}\n", "fonts.licence"),
    ("fonts: {regular: Inter-Regular.ttf, bold: Inter-SemiBold.ttf, licence: weg.txt}\n", "fonts.licence: "),
    ("fonts: {regular: logo.png, bold: Inter-SemiBold.ttf, licence: OFL.txt}\n", "fonts.regular: logo.png is no font"),
    ("fonts: {regular: Inter-Regular.ttf, bold: weg.ttf, licence: OFL.txt}\n", "fonts.bold: "),
    ("sender: {name: Een instituut, url: 'javascript:alert(1)'}\n", "sender.url"),
    ("sender: {name: Een instituut, url: example.org}\n", "sender.url"),
    ("licence: {name: CC BY, url: 'ftp://example.org'}\n", "licence.url"),
    ("address: doi:10.1234/5\n", "address"),
    ("contact: {name: Iemand, email: geen adres}\n", "contact.email"),
    ("contact: {name: Iemand, phone: bel maar}\n", "contact.phone"),
    ("published: gisteren\n", "published"),
    ("sender: {}\n", "sender.name"),
]


@pytest.mark.parametrize(("text", "key"), BAD)
def test_what_cannot_be_used_is_refused_by_file_and_key(text, key, written):
    with pytest.raises(ReportError) as refused:
        read_style(written(text))
    assert refused.value.what.startswith(key), refused.value
    assert "style.yml" in refused.value.where
    assert refused.value.todo
