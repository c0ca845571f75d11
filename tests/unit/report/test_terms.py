"""Words that a page explains."""

import re

import pytest
import yaml

from wijkpeiling.project import Project
from wijkpeiling.report.news import article_of
from wijkpeiling.report.office import origin_of
from wijkpeiling.report.page import render_page
from wijkpeiling.report.sheet import sheet_of
from wijkpeiling.report.terms import Terms, told_aside, written_out

LANGUAGES = ["nl", "en"]


@pytest.fixture(scope="module")
def known(root):
    return yaml.safe_load((root / "wijkpeiling" / "report" / "terms.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def page_of(report_of, drawn):
    def render(language, source):
        report = report_of(language, source)
        style, drawings = drawn(report)
        return render_page(report, drawings=drawings, style=style, data_files=[])

    return render


@pytest.fixture(scope="module")
def waves(root):
    return Project(root).waves


@pytest.fixture(scope="module")
def drawn():
    from wijkpeiling.charts.style import house_style
    from wijkpeiling.report.model import draw_charts

    return lambda report: (house_style(), draw_charts(report, house_style()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_is_short_and_does_not_need_the_word_itself(known, language):
    told = {slug: one[language] for slug, one in known.items()}
    sentences = [part for one in told.values() for part in re.split(r"(?<=[.]) ", one["means"])]
    assert [one for one in sentences if len(one.split()) > 30 or not one.endswith(".")] == []
    # the word is found in its own name, and the name is what a list is read by
    assert [slug for slug, one in told.items() if not re.search(one["word"], one["name"], re.IGNORECASE)] == []
    assert len({one["name"] for one in told.values()}) == len(told)


@pytest.mark.parametrize(
    ("language", "text", "marked"),
    [
        (
            "nl",
            "Casusregie, en weer casusregie",
            '<a class="term" href="#term-case_coordination">Casusregie</a>, en weer casusregie',
        ),
        ("nl", "de G32-steden", 'de <a class="term" href="#term-g32">G32</a>-steden'),
        ("en", "by Holm's rule", 'by <a class="term" href="#term-holm">Holm</a>&#39;s rule'),
        ("en", "a 95% interval", 'a <a class="term" href="#term-interval">95% interval</a>'),
        ("en", "<b>G4</b>", '&lt;b&gt;<a class="term" href="#term-g4">G4</a>&lt;/b&gt;'),
        ("nl", "een buurtwijkteam, VWSX en Holmes", "een buurtwijkteam, VWSX en Holmes"),
    ],
)
def test_the_first_mention_of_a_word_is_a_link(language, text, marked):
    assert str(Terms(language).mark(text)) == marked


def test_only_words_met_are_listed_by_name():
    terms = Terms("nl")
    assert terms.met == []
    terms.mark("VWS")
    terms.mark("casusregie en VWS")
    assert [term.name for term in terms.met] == ["Casusregie", "VWS"]


def test_the_glossary_has_the_same_words_for_a_term_of_both(known, root):
    """One word for one thing: what is called a wave there is no survey round here."""
    glossary = re.findall(r"^\*\*([^*]+)\*\* \(\*([^*]+)\*\)", (root / "GLOSSARY.md").read_text("utf-8"), re.MULTILINE)
    theirs = {(english.lower(), dutch.lower()) for english, dutch in glossary}
    ours = {(one["en"]["name"].lower(), one["nl"]["name"].lower()) for one in known.values()}
    shared = ours & theirs
    assert ("wave", "peiling") in shared
    for place in (0, 1):
        told = {pair[place] for pair in theirs}
        assert {pair for pair in ours if pair[place] in told} == shared


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "nl",
            "Movisie voor de VNG en het ministerie van VWS, met het NJi; de VNG",
            "Movisie voor de Vereniging van Nederlandse Gemeenten (VNG) en het ministerie van Volksgezondheid, Welzijn "
            "en Sport (VWS), met het Nederlands Jeugdinstituut (NJi); de VNG",
        ),
        (
            "en",
            "for the VNG and the Ministry of VWS, with the NJi",
            "for the Association of Netherlands Municipalities (VNG) and the Ministry of Health, Welfare and Sport "
            "(VWS), with the Netherlands Youth Institute (NJi)",
        ),
        ("nl", "een wijkteam van een instituut", "een wijkteam van een instituut"),
    ],
)
def test_an_abbreviation_is_written_out_at_its_first_mention(language, text, expected):
    assert written_out(text, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "said_by",
    [
        lambda report, _: " ".join(paragraph.text for paragraph in article_of(report).paragraphs),
        lambda report, _: sheet_of(report).sender,
        lambda report, _: " ".join(text for _, text in origin_of(report)),
        lambda report, page_of: page_of(report.language, "published"),
    ],
    ids=["article", "infographic", "word and excel", "page"],
)
def test_those_who_held_the_survey_are_written_out(report_of, page_of, said_by, language):
    said = said_by(report_of(language, "published"), page_of)
    for name in ("VNG", "VWS", "NJi"):
        assert written_out(name, language) != name
        assert written_out(name, language) in said


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("nl", "de VNG en een wijkteam", []),
        ("en", "the G4", ["G4: the four largest cities (Amsterdam, Rotterdam, The Hague and Utrecht)."]),
        (
            "nl",
            "de respons van de G32 (92 procent)",
            [
                "G32: een netwerk van middelgrote en grote steden, zonder de G4. In 2014 waren het er 37.",
                "G4: de vier grootste steden (Amsterdam, Rotterdam, Den Haag en Utrecht).",
            ],
        ),
    ],
)
def test_what_cannot_be_written_out_in_its_place_is_told_behind_the_text(language, text, expected):
    assert told_aside(text, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wave", [2014, 2019])
def test_the_article_explains_every_abbreviation_that_it_has(edition_report, wave, language):
    text = " ".join(paragraph.text for paragraph in article_of(edition_report(wave, language, "published")).paragraphs)
    short = set(re.findall(r"\b(?:[A-Z]\w?[A-Z]|G\d)\w*", text))
    assert {"VNG"} < short
    assert [one for one in short if f"({one})" not in text and f" {one}: " not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_every_wave_each_name_of_its_holders_can_be_written_out(language, waves):
    """No capitals that nobody explains."""
    for wave in waves.values():
        said = written_out(wave.held_by[language], language)
        assert [one for one in re.findall(r"[A-Z][A-Za-z]?[A-Z]\w*", said) if f"({one})" not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("source", "needed"),
    [
        (
            "published",
            "case_coordination clarifying_needs collective_services early_detection g32 g4 holm interval kitchen_table "
            "movisie nji outreach points transition_goals vng vws wave",
        ),
        ("synthetic", "case_coordination clarifying_needs early_detection gee holm interval kish outreach points wave"),
    ],
)
def test_a_page_links_each_word_once_and_explains_it(page_of, source, needed, language):
    page = page_of(language, source)
    linked, explained = (re.findall(pattern, page) for pattern in (r'href="#term-(\w+)"', r'id="term-(\w+)"'))
    assert set(needed.split()) <= set(linked)
    assert sorted(linked) == sorted(explained)
