"""The looks of a style in every format: its colours, its fonts, its logo or the name of the sender."""

import io
import shutil
import zipfile
from pathlib import Path

import docx
import matplotlib as mpl
import pikepdf
import pytest

from tests.tagged_pdf import Tagged, plain
from wijkpeiling.charts.style import house_style, read_style
from wijkpeiling.errors import ReportError
from wijkpeiling.present.blocks import Cover, Sentence
from wijkpeiling.report.article import Article, Paragraph, render_article
from wijkpeiling.report.infographic import render_infographic
from wijkpeiling.report.model import Report, Section
from wijkpeiling.report.pdf import render_pdf
from wijkpeiling.report.typesetting import as_png
from wijkpeiling.report.word import render_word

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
REGULAR, BOLD = "STIXGeneral.ttf", "DejaVuSans-Bold.ttf"
PURPLE = "#7a1f5c"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><path d="M0 0h60v20H0z" fill="{PURPLE}"/></svg>'
STYLES = {
    "colours": f"colours: {{brand: '{PURPLE}', axis: '{PURPLE}'}}\n",
    "fonts": f"fonts: {{regular: {REGULAR}, bold: {BOLD}, licence: LICENCE}}\n",
    "sender": "sender: {name: Instituut Voorbeeld}\n",
    "logo": "logo: logo.svg\nsender: {name: Instituut Voorbeeld}\n",
    "png": "logo: logo.png\nsender: {name: Instituut Voorbeeld}\n",
    "wide": "logo: wide.svg\nsender: {name: Instituut Voorbeeld}\n",
    "nameless": "logo: logo.svg\n",
    "damaged": "logo: damaged.svg\n",
}
COVER = Cover(language="nl", title="Een titel", subtitle="Een ondertitel", source="published")
SAID = Sentence(id="zin", language="nl", text="Een zin over één taak.", key="Een zin over één taak.")
REPORT = Report(cover=COVER, sections=[Section(id="01", title="Een hoofdstuk", blocks=[SAID])])
INVENTED = REPORT.model_copy(update={"cover": COVER.model_copy(update={"source": "synthetic"})})
ARTICLE = Article(
    language="nl",
    headline="Een kop",
    paragraphs=(Paragraph(text="Tekst."), Paragraph(text="Gezegd.", mark="Niet uit de cijfers")),
    source="Bron.",
    related_head="Meer",
)


@pytest.fixture(scope="module")
def style_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("style")
    for name in (REGULAR, BOLD):
        shutil.copy(FONTS / name, folder)
    (folder / "LICENCE").write_text("vrij", encoding="utf-8")
    (folder / "logo.svg").write_text(SVG, encoding="utf-8")
    (folder / "wide.svg").write_text(SVG.replace('width="60"', 'width="900"'), encoding="utf-8")
    (folder / "damaged.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="0" height="-1"/>')

    def style(name):
        (folder / "style.yml").write_text(STYLES[name], encoding="utf-8")
        return read_style(folder / "style.yml")

    (folder / "logo.png").write_bytes(as_png(style("logo").logo))
    return style


def pdf(style, report=REPORT):
    return render_pdf(report, drawings={}, style=style)


def word(style, report=REPORT):
    return render_word(report, drawings={}, style=style)


def infographic(style):
    return render_infographic(REPORT, style=style, form="pdf")


def article(style):
    return render_article(ARTICLE, style)["docx"]


def page(style):
    return render_article(ARTICLE, style)["html"].decode()


def head_of(content):
    """Paragraphs above every page of a Word file, and its pictures: description, width and height in mm."""
    head = docx.Document(io.BytesIO(content)).sections[0].header
    found = [one for paragraph in head.paragraphs for one in paragraph._p.xpath(".//wp:docPr")]
    sizes = [one for paragraph in head.paragraphs for one in paragraph._p.xpath(".//wp:extent")]
    return [one.text for one in head.paragraphs], [
        (one.get("descr"), round(int(size.get("cx")) / 36_000), round(int(size.get("cy")) / 36_000))
        for one, size in zip(found, sizes, strict=True)
    ]


def fonts_of(content):
    """Names of the fonts in a PDF, without the mark of the part that is in it."""
    with pikepdf.open(io.BytesIO(content)) as document:
        named = [
            str(one.BaseFont) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one
        ]
    return {name.lstrip("/").partition("+")[2] for name in named}


@pytest.mark.parametrize("render", [pdf, infographic])
def test_a_pdf_is_set_in_the_fonts_of_the_style_and_no_other(render, style_of):
    assert {name.partition("-")[0] for name in fonts_of(render(house_style()))} == {"Inter"}
    found = {name.partition("-Identity")[0] for name in fonts_of(render(style_of("fonts")))}
    assert found == {"STIXGeneral-Regular", "DejaVuSans-Bold"}


@pytest.mark.parametrize("render", [word, article])
def test_word_asks_for_the_font_of_the_style(render, style_of):
    def asked(style):
        with zipfile.ZipFile(io.BytesIO(render(style))) as parts:
            return parts.read("word/styles.xml").decode()

    assert 'w:ascii="STIXGeneral"' in asked(style_of("fonts"))
    assert "STIXGeneral" not in asked(house_style())


def test_the_page_of_the_article_carries_the_fonts_and_colours_of_the_style(style_of):
    plain_page, dressed, coloured = (page(style) for style in (house_style(), style_of("fonts"), style_of("colours")))
    assert ("@font-face" in plain_page, dressed.count("@font-face")) == (False, 2)
    assert "font: 1.125rem/1.6 Page, system-ui" in dressed
    assert f"a {{ color: {PURPLE}" in coloured and PURPLE not in plain_page


def test_the_article_in_word_is_in_the_colours_of_the_style(style_of):
    def colour(style):
        return str(docx.Document(io.BytesIO(article(style))).styles["Title"].font.color.rgb)

    assert (colour(style_of("colours")), colour(house_style())) == ("7A1F5C", "0B5C70")


@pytest.mark.parametrize("render", [pdf, infographic])
def test_the_logo_stands_in_a_pdf_with_the_name_of_the_sender(render, style_of):
    for name in ("logo", "png"):
        document = Tagged(render(style_of(name)))
        assert [str(one.Alt) for one in document.all("/Figure")] == ["Instituut Voorbeeld"]
    # without a name it says nothing, and is no figure
    assert Tagged(render(style_of("nameless"))).all("/Figure") == []
    assert render(style_of("nameless")) != render(house_style())


@pytest.mark.parametrize("render", [pdf, infographic])
def test_without_a_logo_a_pdf_names_the_sender_and_is_of_its_hand(render, style_of):
    document = Tagged(render(style_of("sender")))
    assert plain("Instituut Voorbeeld") in document.everything()
    assert "Instituut Voorbeeld" in document.pdf.Root.Metadata.read_bytes().decode()
    assert plain("Instituut Voorbeeld") not in Tagged(render(house_style())).everything()


@pytest.mark.parametrize("render", [word, article])
def test_word_has_the_sender_above_its_pages(render, style_of):
    assert head_of(render(house_style())) == ([""], [])
    assert head_of(render(style_of("sender"))) == (["Instituut Voorbeeld"], [])
    for name in ("logo", "png"):
        assert head_of(render(style_of(name)))[1] == [("Instituut Voorbeeld", 30, 10)]
    assert head_of(render(style_of("wide")))[1] == [("Instituut Voorbeeld", 60, 1)]
    assert head_of(render(style_of("nameless")))[1] == [("logo.svg", 30, 10)]


def test_the_mark_of_invented_answers_stands_below_the_sender(style_of):
    texts, pictures = head_of(word(style_of("logo"), INVENTED))
    assert (len(texts), len(pictures)) == (2, 1) and "verzonnen" in texts[1].lower()
    assert len(head_of(word(house_style(), INVENTED))[0]) == 1


def test_the_page_of_the_article_has_the_sender_above_it(style_of):
    assert "<header>" not in page(house_style())
    assert "<b>Instituut Voorbeeld</b>" in page(style_of("sender"))
    assert 'src="data:image/svg+xml;base64,' in page(style_of("logo"))


@pytest.mark.parametrize("render", [pdf, infographic, word, article])
def test_a_logo_that_cannot_be_drawn_is_refused_by_its_key(render, style_of):
    with pytest.raises(ReportError, match=r"logo: damaged\.svg cannot be drawn") as refused:
        render(style_of("damaged"))
    assert "damaged.svg" in str(refused.value.where)


def test_a_font_that_cannot_be_set_is_refused_by_its_key(style_of):
    style = style_of("fonts")
    broken = style.model_copy(update={"fonts": style.fonts.model_copy(update={"bold": "AAEAAA=="})})
    with pytest.raises(ReportError, match=r"fonts\.bold: DejaVuSans-Bold\.ttf cannot be set"):
        pdf(broken)


@pytest.mark.parametrize("render", [pdf, infographic, word, article])
def test_two_times_the_same_style_is_the_same_bytes(render, style_of):
    one, other = (render(style_of("logo").model_copy(update={"fonts": style_of("fonts").fonts})) for _ in range(2))
    assert one == other
