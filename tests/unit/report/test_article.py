"""The article of an edition in its three files: the same words, the same bytes, nothing from elsewhere."""

import io
import re
import sys
import zipfile
from itertools import product

import docx
import mistune
import pytest

from tests.told_reports import made, share
from wijkpeiling.charts.style import house_style
from wijkpeiling.editorial import Editorial
from wijkpeiling.errors import ReportError
from wijkpeiling.report.article import Article, Link, Paragraph, render_article, render_docx, write_article
from wijkpeiling.report.news import article_of

ODD = "Van <b>59</b> & *sterren* [a](b) `c` _d_ #e | f"
ARTICLE = Article(
    language="nl",
    headline="Een kop & meer",
    paragraphs=(
        Paragraph(text="Het eerste."),
        Paragraph(text=ODD),
        Paragraph(text="Gezegd.", mark="Niet uit de cijfers"),
    ),
    source="Bron: een rapport.",
    related_head="Lees verder",
    related=(Link("Een [titel]", "https://www.voorbeeld.nl/a?b=1&c=(2)"),),
)
EDITIONS = [(2019, "published"), (2022, "published"), (2019, "synthetic")]


@pytest.fixture(scope="module", params=list(product(EDITIONS, ("nl", "en"))), ids=str)
def edition(request, edition_report):
    (wave, source), language = request.param
    report = edition_report(wave, language, source)
    return report, article_of(report)


def test_an_edition_makes_four_paragraphs_of_250_to_400_words(edition):
    _, article = edition
    assert len(article.paragraphs) == 4
    assert 250 <= sum(len(paragraph.text.split()) for paragraph in article.paragraphs) <= 400


def test_every_number_of_the_article_stands_in_the_report(edition):
    report, article = edition
    said = " ".join([article.headline, *(one.text for one in article.paragraphs), article.source])
    blocks = [block for section in report.sections for block in section.blocks]
    texts = [report.cover.title, report.cover.subtitle, *(block.text for block in blocks if block.kind == "sentence")]
    texts += [text for table in report.tables for row in table.texts for text in (*row, *table.columns, *table.notes)]
    known = set(re.findall(r"\d+", " ".join(texts)))
    assert set(re.findall(r"\d+", said)) - known == set()


def test_labels_are_words_and_no_slugs(edition):
    _, article = edition
    assert not re.search(r"[a-z]_[a-z]", " ".join(one.text for one in article.paragraphs))


@pytest.fixture
def files(tmp_path):
    write_article(ARTICLE, tmp_path, house_style())
    return {path.suffix[1:]: path.read_bytes() for path in tmp_path.iterdir()}


def test_two_times_the_same_article_is_the_same_bytes(files):
    assert render_article(ARTICLE, house_style()) == files


def texts_of_word(content):
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def texts_of_html(content):
    from html import unescape

    text = content.decode()
    return [unescape(re.sub("<[^>]+>", "", line)).strip() for line in text[text.index("<main>") :].splitlines()]


def test_every_file_holds_the_same_words_in_the_same_order(files):
    words = ["Een kop & meer", "Het eerste.", ODD, "Niet uit de cijfers", "Gezegd.", "Bron: een rapport."]
    words += ["Lees verder", "Een [titel]"]
    from_markdown = texts_of_html(b"<main>\n" + mistune.html(files["md"].decode()).encode())
    for found in (texts_of_word(files["docx"]), texts_of_html(files["html"]), from_markdown):
        assert [text for text in found if text] == words


def test_words_that_look_like_markup_stay_words(files):
    page = mistune.html(files["md"].decode())
    assert '<a href="https://www.voorbeeld.nl/a?b=1&amp;c=(2)">Een [titel]</a>' in page
    assert page.count("<a ") == files["html"].decode().count("<a ") == 1
    assert "<b>" not in page + files["html"].decode()


def test_the_page_says_its_language_and_loads_nothing(files):
    page = files["html"].decode()
    assert '<html lang="nl">' in page and "default-src 'none'" in page
    assert not re.search(r"<(script|img|link|iframe)\b|src=|url\(", page)


def test_word_has_styles_the_language_and_a_link(files):
    document = docx.Document(io.BytesIO(files["docx"]))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles[0] == "Title" and styles[3:5] == ["Heading 2", "Quote"]
    assert document.core_properties.language == "nl-NL"
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as parts:
        assert b'w:val="nl-NL"' in parts.read("word/styles.xml")
        assert b"https://www.voorbeeld.nl/a?b=1&amp;c=(2)" in parts.read("word/_rels/document.xml.rels")


def test_without_the_package_for_word_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ReportError, match=r"(?s)writing the article in Word.*pip install"):
        render_docx(ARTICLE, house_style())


def test_the_article_is_made_from_the_model_on_disk(report_of, tmp_path):
    from wijkpeiling.report.model import read_model, write_model

    report = report_of("nl", "published")
    editorial = Editorial.model_validate({"advice": {"nl": "Doe dit.", "en": "Do this."}})
    report = report.model_copy(update={"cover": report.cover.model_copy(update={"editorial": editorial})})
    write_model(report, tmp_path / "report.json")
    article = article_of(read_model(tmp_path / "report.json"))
    assert article == article_of(report)
    assert [one.text for one in article.paragraphs if one.mark] == ["Doe dit."]


def test_a_report_without_labels_still_has_its_numbers():
    article = article_of(made({"table_task": [share("task_signalling", 0.7, 0.6, 0.8)]}, labels={}))
    assert "70 procent van de gemeenten" in article.paragraphs[0].text
