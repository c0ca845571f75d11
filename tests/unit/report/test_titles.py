"""Dutch titles in an English report: a voice is told in which language to read them."""

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup, escape

from tests.tagged_pdf import Tagged, plain
from wijkpeiling.charts.style import house_style
from wijkpeiling.report.page import render_audit, render_page
from wijkpeiling.report.pdf import render_pdf
from wijkpeiling.report.titles import Titles, titles_of

OWN = "Sociale (wijk)teams: vijf jaar later"
LONGER, SHORTER = "Wijkteams dwalen verder af, p. 25", "Wijkteams dwalen verder af"


@pytest.fixture(scope="module")
def english(report_of):
    return report_of("en", "published")


@pytest.fixture(scope="module")
def pages(english, drawings_of):
    drawn = {"drawings": drawings_of(english), "style": house_style()}
    return {"page": render_page(english, data_files=[], **drawn), "audit": render_audit(english, **drawn)}


def test_titles_are_those_that_the_report_names_without_what_stands_behind_them(english, report_of):
    titles = titles_of(english)
    assert {OWN, LONGER, SHORTER} <= set(titles)
    assert titles.index(LONGER) < titles.index(SHORTER)
    assert [title for title in titles if title.endswith(")")] == []
    # in its own language nothing is to be told, and what is invented was published nowhere
    assert titles_of(report_of("nl", "published")) == titles_of(report_of("en", "synthetic")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"see {OWN}, 2020", f'see <span lang="nl">{OWN}</span>, 2020'),
        (LONGER, f'<span lang="nl">{LONGER}</span>'),
        (f"{SHORTER} (NJi)", f'<span lang="nl">{SHORTER}</span> (NJi)'),
        ("<b>none & so</b>", "&lt;b&gt;none &amp; so&lt;/b&gt;"),
        ("W&I en sociale teams zoeken naar slimme verbinding", None),
    ],
)
def test_a_title_has_its_language_and_the_rest_is_text(english, text, expected):
    assert str(Titles(english).mark(text)) == (expected or f'<span lang="nl">{escape(text)}</span>')


def test_what_marks_the_rest_leaves_titles_alone(english):
    marked = Titles(english).mark(f"teams: {OWN}", lambda text: Markup(text.upper()))
    assert str(marked) == f'TEAMS: <span lang="nl">{OWN}</span>'


@pytest.mark.parametrize("name", ["page", "audit"])
def test_every_title_on_an_english_page_is_marked(english, pages, name):
    titles = titles_of(english)
    texts = [
        text
        for text in BeautifulSoup(pages[name], "lxml").find_all(string=True)
        if text.parent.name not in ("style", "script") and any(title in text for title in titles)
    ]
    assert len(texts) > 20
    assert [text for text in texts if text.find_parent(attrs={"lang": "nl"}) is None] == []


def test_the_link_to_the_report_says_that_it_is_dutch(english, pages):
    (link,) = BeautifulSoup(pages["page"], "lxml").select("dl.origin a")
    assert (link.text, link["hreflang"]) == (OWN, "nl")
    assert link.parent.text.startswith(f"{OWN} (in Dutch), ")


def test_a_dutch_page_marks_none(report_of, drawings_of):
    report = report_of("nl", "published")
    page = render_page(report, drawings=drawings_of(report), style=house_style(), data_files=[])
    assert '<span lang="nl">' not in page and "(in het Nederlands)" not in page


def test_the_pdf_has_the_language_of_titles_in_its_tags(english, drawings_of):
    document = Tagged(render_pdf(english, drawings=drawings_of(english), style=house_style()))
    tagged = [document.text(one) for one in document.all("/Link", "/TD", "/Span", "/P") if one.get("/Lang") == "nl"]
    assert plain(OWN) in tagged
    lost = [title for title in titles_of(english) if not any(plain(title) in text for text in tagged)]
    assert lost == []
    assert plain(f"{OWN} (in Dutch), ") in document.everything()
