"""The news of an edition: every position of an interval, every conclusion, every source, in both languages."""

import re
from itertools import product

import pytest
import yaml

from tests.told_reports import change, made, share, table
from wijkpeiling.contracts import COMPARED_SOURCES
from wijkpeiling.editorial import Editorial
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Origin
from wijkpeiling.present.changes import CLAIMS, DIRECTIONS
from wijkpeiling.report.items import POSITIONS, items_of
from wijkpeiling.report.news import KINDS, article_of

LANGUAGES = ("nl", "en")
# where the interval of a share lies against a half
PLACES = {"above": (0.62, 0.55, 0.7), "across": (0.52, 0.45, 0.6), "below": (0.3, 0.2, 0.4), "open": (0.48, None, None)}
# and what it is at most and at least, whatever those that did not take part would say
WORST = {"above": (0.42, 0.8), "across": (0.3, 0.7), "below": (0.15, 0.55), "open": (None, None)}
ITEMS = {
    "task": ("task_short_term_support", "task_signalling"),
    "shortfall": ("shortfall_preventive_work", "shortfall_outreach"),
    "prevention": ("task_signalling", "collective_work"),
}
INVENTED = {"nl": "verzonnen", "en": "invented"}


@pytest.fixture(scope="module")
def sentences(root):
    return yaml.safe_load((root / "tests" / "data" / "article_sentences.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def change_sentences(root):
    return yaml.safe_load((root / "tests" / "data" / "change_sentences.yml").read_text("utf-8"))


def alone(kind, position, *, n_items=1, **more):
    """Tables of one kind, of which the shares all lie in one position."""
    worst = dict(zip(("worst_low", "worst_high"), WORST[position], strict=True))
    rows = [share(concept, *PLACES[position], **worst | more) for concept in ITEMS[kind][:n_items]]
    return {f"table_{kind}": rows}


def whole(article):
    return " ".join([article.headline, *(paragraph.text for paragraph in article.paragraphs), article.source])


@pytest.mark.parametrize(("kind", "position", "language"), list(product(KINDS, POSITIONS, LANGUAGES)))
def test_words_follow_where_the_interval_lies(kind, position, language, sentences):
    expected = sentences[kind][position][language]
    one = article_of(made(alone(kind, position), language=language))
    several = article_of(made(alone(kind, position, n_items=2), language=language))
    assert one.headline == several.headline == expected["headline"]
    assert one.paragraphs[0].text.startswith(expected["first"])
    assert one.paragraphs[0].text.endswith(f" {expected['margin']}")
    assert several.paragraphs[1].text == expected["others"]
    assert expected["others"] not in whole(one)


@pytest.mark.parametrize(("kind", "position", "language"), list(product(KINDS[1:], POSITIONS, LANGUAGES)))
def test_what_is_told_after_the_news_has_words_of_its_own(kind, position, language, sentences):
    expected = sentences[kind][position][language]
    article = article_of(made(alone("shortfall", "above") | alone(kind, position, n_items=2), language=language))
    assert article.paragraphs[1].text == f"{expected['next']} {expected['others']}"
    assert expected["margin"] not in whole(article) or position == "above"


def test_every_form_of_a_sentence_is_written_out(sentences):
    assert {(kind, position) for kind, told in sentences.items() for position in told} == set(product(KINDS, POSITIONS))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # over two bases the widest, whichever of them it is of
        (
            [{"worst_low": 0.35, "worst_high": 0.76}, {"worst_low": 0.32, "worst_high": 0.78, "base": "with_team"}],
            ("32", "78"),
        ),
        ([{"worst_low": 0.42, "worst_high": 0.8}, {"worst_low": None, "worst_high": None}], None),
        # nearly everybody answered
        ([{"ci_low": 0.586, "ci_high": 0.594, "worst_low": 0.586, "worst_high": 0.594}], None),
    ],
)
def test_the_worst_case_stands_beside_the_news_where_it_is_known(rows, said):
    tables = {"table_shortfall": [share("shortfall_outreach", 0.59, 0.55, 0.64) | row for row in rows]}
    text = article_of(made(tables)).paragraphs[0].text
    if said:
        assert f"ook zouden antwoorden: het is ten minste {said[0]} en ten hoogste {said[1]} procent." in text
    else:
        assert "ten hoogste" not in text


@pytest.mark.parametrize(("low", "said"), [(0.504, "staat daarmee niet vast"), (0.506, "is het meer dan de helft")])
def test_more_than_half_goes_by_the_printed_interval(low, said):
    rows = [share("shortfall_outreach", 0.59, low, 0.64)]
    assert said in article_of(made({"table_shortfall": rows})).paragraphs[0].text


@pytest.mark.parametrize(("kind", "position", "language"), list(product(KINDS, POSITIONS, LANGUAGES)))
def test_the_year_is_the_only_number_of_a_headline(kind, position, language):
    assert re.findall(r"\d+", article_of(made(alone(kind, position), language=language)).headline) == ["2027"]


@pytest.mark.parametrize(("source", "language"), list(product(COMPARED_SOURCES, LANGUAGES)))
def test_the_second_sentence_is_the_source_and_an_example_says_so_first(source, language):
    tables = alone("shortfall", "across", n_items=2, source="synthetic" if source == "synthetic" else "microdata")
    article = article_of(made(tables, language=language, source=source))
    first, second, *_ = article.paragraphs[0].text.split(". ")
    assert [INVENTED[language] in text for text in (article.headline, first, second)] == [source == "synthetic"] * 3
    assert "2027" in first
    assert article.source == {"nl": "Bron: Ondertitel.", "en": "Source: Ondertitel."}[language]


SIZES = {"rose": 0.08, "fell": -0.08, "about_the_same": 0.01, "withheld": -0.09, "no_evidence": -0.02}


def changes_of(kind, claim, n_items, reason, language="nl"):
    """Rows of changes that make one claim; `possibly` where the least favourable overlap does not bear it out."""
    doubtful = claim.startswith("possibly_")
    conclusion = claim.removeprefix("possibly_")
    if claim in DIRECTIONS:
        conclusion, reason = "direction_only", say(language, f"direction_{claim}", wave=2027, baseline=2019)
    size = SIZES.get(conclusion)
    ends = {} if size is None else {"ci_low": size - 0.05, "ci_high": size + 0.05}
    rows = []
    for concept in ITEMS[kind][:n_items]:
        overlap = None if size is None else "chance" if doubtful else "known"
        rows.append(change(concept, conclusion, size, reason=reason, **ends | {"overlap": overlap}))
        if doubtful:
            rows.append(change(concept, "no_evidence", size, overlap="range"))
    return {f"table_changes_{kind}": rows}


CHANGES = list(
    product(("task", "shortfall"), [c for c in CLAIMS if not c.endswith(("only", "able"))], (1, 2), LANGUAGES)
)


@pytest.mark.parametrize(("kind", "claim", "n_items", "language"), CHANGES)
def test_change_is_told_as_it_was_concluded(kind, claim, n_items, language, change_sentences):
    name = f"direction_{claim}" if claim in DIRECTIONS else claim
    told = change_sentences[kind][name]["one" if n_items == 1 else "several"][language].replace("2025", "2027")
    if not claim.endswith(("rose", "fell")):
        told = re.sub(r" \([+−\d]+ (procentpunt|percentage points?)\)", "", told)
    article = article_of(
        made(alone(kind, "across", n_items=2), changes_of(kind, claim, n_items, None, language), language=language)
    )
    assert article.paragraphs[2].text == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_withheld_is_told_beside_what_is_not(language, change_sentences):
    """Left out, it would seem as if nothing was found of it."""
    first, second = (changes_of("task", claim, 2, None, language) for claim in ("fell", "withheld"))
    rows = {name: [first[name][0], second[name][1]] for name in first}
    article = article_of(made(alone("task", "across", n_items=2), rows, language=language))
    fell = change_sentences["task"]["fell"]["one"][language].replace("2025", "2027")
    assert article.paragraphs[2].text.startswith(f"{fell} ")
    assert {"nl": "is niet getoond", "en": "is withheld"}[language] in article.paragraphs[2].text


@pytest.mark.parametrize(
    ("row", "whom"),
    [
        ({}, ("de meeste gemeenten", "most municipalities said")),
        ({"base": "with_team"}, ("de meeste gemeenten met een wijkteam", "most municipalities with a team said")),
        ({"base": "wants_support"}, ("de meeste gemeenten die antwoordden", "most municipalities that answered said")),
        (
            {"flag": "base_not_stated"},
            ("de meeste gemeenten die antwoordden", "most municipalities that answered said"),
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_headline_names_no_more_municipalities_than_the_percentage_is_of(row, whom, language):
    headline = article_of(made(alone("shortfall", "above", **row), language=language)).headline
    assert headline.endswith(whom[LANGUAGES.index(language)])


@pytest.mark.parametrize(("kind", "n_items", "language"), list(product(("task", "shortfall"), (1, 2), LANGUAGES)))
@pytest.mark.parametrize("claim", ["direction_only", "not_comparable"])
def test_a_change_that_was_not_tested_is_told_with_its_reason(kind, claim, n_items, language):
    rows = changes_of(kind, claim, n_items, "alleen gezegd in woorden")
    article = article_of(made(alone(kind, "across", n_items=2), rows, language=language))
    text = article.paragraphs[2].text
    assert text.endswith("Alleen gezegd in woorden.")
    assert not re.search(r"[+−]\d|naar verhouding|roportionally", text)


TEAM = {
    "rose": ("Het aandeel is sinds 2019 gestegen.", "The share has risen since 2019."),
    "fell": ("Het aandeel is sinds 2019 gedaald.", "The share has fallen since 2019."),
    "about_the_same": ("is sinds 2019 vrijwel gelijk gebleven.", "has stayed about the same since 2019."),
    "possibly_rose": ("Mogelijk is het aandeel sinds 2019 gestegen.", "has possibly risen since 2019."),
    "possibly_fell": ("Mogelijk is het aandeel sinds 2019 gedaald.", "has possibly fallen since 2019."),
    "possibly_about_the_same": ("Mogelijk is het aandeel sinds 2019 vrijwel", "has possibly stayed about the same"),
    "withheld": ("sinds 2019 veranderde, is niet getoond, om antwoorden", "since 2019 is withheld, to protect"),
    "no_evidence": ("Een verandering sinds 2019 is niet aangetoond.", "No change since 2019 has been demonstrated."),
    "lower": ("hadden minder gemeenten een wijkteam dan in 2019.", "fewer municipalities with a team than in 2019."),
    "higher": ("hadden meer gemeenten een wijkteam dan in 2019.", "more municipalities with a team than in 2019."),
    "not_comparable": (
        "Het aandeel van 2027 is niet te vergelijken met dat van 2019.",
        "The share of 2027 cannot be compared with that of 2019.",
    ),
}


@pytest.mark.parametrize(("claim", "language"), list(product(CLAIMS, LANGUAGES)))
def test_the_share_with_a_team_comes_with_its_own_change(claim, language):
    changes = changes_of("task", claim, 1, "een reden", language)["table_changes_task"]
    changes = [row | {"concept": "has_wijkteam"} for row in changes]
    before = changes_of("task", "rose", 1, None)["table_changes_task"]
    before = [row | {"concept": "has_wijkteam", "wave": 2015} for row in before]
    trend = [share("has_wijkteam", 0.69, 0.6, 0.8, wave=2019), share("has_wijkteam", 0.83, 0.8, 0.9)]
    tables = alone("shortfall", "above") | {"table_trend": trend}
    text = article_of(made(tables, {"table_changes_team": before + changes}, language=language)).paragraphs[1].text
    assert TEAM[claim][LANGUAGES.index(language)] in text
    told = [one for one, words in TEAM.items() if words[LANGUAGES.index(language)] in text]
    assert [one for one in told if one.startswith("possibly") == claim.startswith("possibly")] == [claim]
    assert {"nl": "83 procent van de gemeenten", "en": "83 percent of municipalities"}[language] in text
    assert {"nl": "In 2019 was dat 69 procent.", "en": "In 2019 it was 69 percent."}[language] in text


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([(0.9, 0.85, 0.95), (0.6, 0.55, 0.65)], "Niet elk verschil tussen de percentages is aangetoond"),
        ([(0.6, None, None), (0.5, None, None)], "Zonder marges is niet te zeggen of de percentages"),
        ([(0.62, 0.55, 0.7)], None),
    ],
)
def test_shares_of_the_same_municipalities_are_no_ranking(shares, said):
    concepts = ("shortfall_preventive_work", "shortfall_outreach", "task_signalling")
    rows = [share(concept, *values) for concept, values in zip(concepts, shares, strict=False)]
    text = whole(article_of(made({"table_shortfall": rows})))
    assert text.count(said) == 1 if said else not re.search("Niet elk verschil|Zonder marges", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rows", "unit", "said"),
    [
        (
            [{"base": "respondents"}],
            ("59 procent van de gemeenten onvoldoende", "59 percent of municipalities said"),
            "shares_of",
        ),
        (
            [{"base": "with_team"}],
            ("van de gemeenten met een wijkteam onvoldoende", "of municipalities with a team said"),
            "shares_of",
        ),
        (
            [{"base": "wants_support"}],
            (
                "van gemeenten die extra ondersteuning willen onvoldoende",
                "of municipalities that want extra support said",
            ),
            "shares_of",
        ),
        (
            [{"base": "respondents", "flag": "base_not_stated"}, {"base": "with_team", "flag": "base_not_stated"}],
            ("59 procent van de gemeenten onvoldoende", "59 percent of municipalities said"),
            None,
        ),
        (
            [{"base": "unknown"}],
            ("59 procent van de gemeenten onvoldoende", "59 percent of municipalities said"),
            "unknown",
        ),
    ],
)
def test_it_says_of_whom_the_percentages_are(rows, unit, said, language):
    expected = {
        "shares_of": ("gaan de percentages over ", "percentages are of "),
        "unknown": (
            "Over welke gemeenten de percentages gaan,",
            "It is not known which municipalities the percentages cover",
        ),
    }
    tables = {"table_shortfall": [share("shortfall_outreach", 0.59, 0.55, 0.64, **row) for row in rows]}
    article = article_of(made(tables, language=language))
    place = LANGUAGES.index(language)
    assert unit[place] in article.paragraphs[0].text
    told = [key for key, words in expected.items() if words[place] in article.paragraphs[-1].text]
    assert told == ([said] if said else [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("others", "n"),
    [([], 1), ([{"flag": "base_not_stated"}], 2), ([{"base": "with_team"}], 1)],
)
def test_a_base_that_is_not_stated_is_told_of_the_first_and_of_the_others_where_none_states_it(others, n, language):
    rows = [share("shortfall_outreach", 0.59, 0.55, 0.64, flag="base_not_stated")]
    rows += [share("shortfall_preventive_work", 0.5, 0.45, 0.55, **row) for row in others]
    article = article_of(made({"table_shortfall": rows}, language=language))
    said = say(language, "article_base_not_stated", n=n, share=say(language, "percent", number="59"))
    assert article.paragraphs[0].text.endswith(said)
    assert whole(article).count(said) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_single_item_below_half_is_told_by_its_share_and_several_are_listed(kind, language):
    first = alone(kind, "above")[f"table_{kind}"]
    below = [share(concept, *PLACES["below"]) for concept in ("task_case_management", "task_plan_with_client")]
    one, several = (
        article_of(made({f"table_{kind}": [*first, *below[:n]]}, language=language)).paragraphs[1].text for n in (1, 2)
    )
    few = {"nl": "Minder dan de helft", "en": "Fewer than half"}[language]
    percent = say(language, "percent", number="30")
    assert few not in one and one.count(percent) == 1
    assert several.startswith(few) and several.count(f"({percent})") == 2


def test_a_share_of_others_names_them():
    tables = {
        "table_shortfall": [
            share("shortfall_outreach", 0.59, 0.55, 0.64, base="with_team"),
            share("shortfall_preventive_work", 0.56, 0.52, 0.62, base="with_team"),
            share("task_signalling", 0.55, 0.52, 0.6),
        ]
    }
    text = article_of(made(tables)).paragraphs[1].text
    assert "preventief werken en vroegsignalering (56 procent), en signaleren (55 procent van de gemeenten)" in text


def test_an_item_over_two_bases_has_the_widest_interval():
    rows = [
        share("shortfall_outreach", 0.53, 0.51, 0.56),
        share("shortfall_outreach", 0.53, 0.5, 0.55, base="with_team"),
    ]
    (item,) = items_of(made({"table_shortfall": rows}), "table_shortfall")
    assert (item.likely, item.position) == ((0.5, 0.56), "across")


@pytest.mark.parametrize(
    "hidden", [{"is_suppressed": True}, {"share": None}, {"domain": "size_class", "domain_value": "<20k"}]
)
def test_what_is_withheld_or_of_a_part_is_not_told(hidden):
    rows = [share("shortfall_outreach", 0.59, 0.55, 0.64), share("task_signalling", 0.77, 0.7, 0.8) | hidden]
    article = article_of(made({"table_shortfall": rows}))
    assert "signaleren" not in whole(article) and "77" not in whole(article)


@pytest.mark.parametrize("rows", [[], [share("shortfall_outreach", 0.0, 0.0, 0.1)], [share("x", None)]])
def test_without_a_share_to_tell_there_is_no_article(rows):
    assert article_of(made({"table_shortfall": rows})) is None


def test_where_nobody_sees_a_shortfall_the_tasks_are_the_news():
    tables = {"table_shortfall": [share("shortfall_outreach", 0.0, 0.0, 0.1)]} | alone("task", "above")
    assert (
        article_of(made(tables)).headline
        == "In 2027 noemden de meeste gemeenten kortdurende ondersteuning een taak van het wijkteam"
    )


HEADLINES = {
    "above": (
        "In 2027 hadden de meeste gemeenten een wijkteam",
        "In 2027, most municipalities had a neighbourhood team",
    ),
    "across": (
        "In 2027 had ongeveer de helft van de gemeenten een wijkteam",
        "In 2027, about half of municipalities had a neighbourhood team",
    ),
    "below": (
        "In 2027 had een minderheid van de gemeenten een wijkteam",
        "In 2027, a minority of municipalities had a neighbourhood team",
    ),
    "open": (
        "In 2027 had een deel van de gemeenten een wijkteam",
        "In 2027, some municipalities had a neighbourhood team",
    ),
}


@pytest.mark.parametrize(("position", "language"), list(product(POSITIONS, LANGUAGES)))
def test_where_nothing_else_is_known_the_share_with_a_team_is_the_news(position, language):
    trend = [share("has_wijkteam", 0.9, 0.8, 0.95, wave=2019), share("has_wijkteam", *PLACES[position])]
    article = article_of(made({"table_trend": trend, "table_task": []}, language=language))
    percent = f"{round(100 * PLACES[position][0])} {'procent' if language == 'nl' else 'percent'}"
    assert article.headline == HEADLINES[position][LANGUAGES.index(language)]
    # said as the news, and where it has a margin once more
    assert percent in article.paragraphs[0].text and percent not in article.paragraphs[-1].text
    assert whole(article).count(percent) == (1 if position == "open" else 2)


def test_what_else_was_published_stands_beside_it_with_its_own_base():
    others = [share("task_signalling", 0.42, base="wants_support"), share("collective_work", 0.23, base="unknown")]
    tables = {"table_trend": [share("has_wijkteam", *PLACES["above"])], "table_other": others}
    article = article_of(made(tables))
    assert "signaleren (42 procent); collectief werken (23 procent)" in article.paragraphs[1].text
    assert "de andere gaan over alle gemeenten die antwoordden en gemeenten die extra" in article.paragraphs[-1].text
    assert "Rond die 62 procent zit een marge" in article.paragraphs[0].text
    # where more can be said of the news itself, it stays away
    assert "(42 procent)" not in whole(article_of(made(tables | alone("task", "above"))))


@pytest.mark.parametrize(
    ("n_earlier", "said"),
    [
        (1, "In 2019 was dat 70 procent."),
        (2, "In eerdere peilingen was het aandeel 70 procent in 2015 en 70 procent in 2019."),
    ],
)
def test_one_earlier_wave_is_no_plural(n_earlier, said):
    earlier = [share("has_wijkteam", 0.7, 0.6, 0.8, wave=year) for year in (2015, 2019)[-n_earlier:]]
    trend = [*earlier, share("has_wijkteam", 0.8, 0.7, 0.9)]
    article = article_of(made(alone("task", "above") | {"table_trend": trend}))
    assert said in article.paragraphs[1].text


def test_a_cover_without_a_year_takes_that_of_its_tables():
    assert article_of(made(alone("task", "above"), wave=None)).paragraphs[0].text.startswith("In 2027 noemde")
    assert article_of(made({"table_trend": [share("has_wijkteam", *PLACES["above"])]}, wave=None)) is None


ORIGIN = Origin(held_by="het instituut", fieldwork="voorjaar 2027", report="Het rapport", published="najaar 2027")


@pytest.mark.parametrize(("source", "has_it"), [("microdata", True), ("published", True), ("synthetic", False)])
def test_who_held_the_survey_is_named_unless_the_answers_are_invented(source, has_it):
    kind = "synthetic" if source == "synthetic" else "microdata"
    article = article_of(made(alone("shortfall", "above", source=kind), source=source, origin=ORIGIN))
    assert ("De peiling is gehouden door het instituut." in article.paragraphs[-1].text) == has_it
    assert (article.source == "Bron: Het rapport (het instituut, najaar 2027).") == has_it


def test_the_source_and_who_reported_a_change_are_those_of_the_figures():
    audited = [
        {"wave": 2027, "concept": concept, "pct": pct, "verdict": "feasible", "source": title}
        for concept, pct, title in [
            ("task_short_term_support", 62.0, "Wijkteams (Movisie)"),
            ("task_short_term_support", None, "Minder taken (NJi 6 mei 2027)"),
            ("collective_work", 62.0, "Niet verteld"),
        ]
    ]
    shares = alone("task", "above", source="published")
    given = made(shares, changes_of("task", "lower", 1, None), origin=ORIGIN, source="published")
    audit = table("table_audit", "audit", audited)
    (section,) = given.sections
    section = section.model_copy(update={"blocks": [*section.blocks, audit]})
    article = article_of(given.model_copy(update={"sections": [section]}))
    assert "Volgens het NJi noemden in 2027 minder gemeenten" in whole(article)
    assert "Volgens de publicatie noemden in 2027 minder gemeenten" in whole(article_of(given))
    assert article.source == "Bron: Wijkteams (Movisie)."


EDITORIAL = Editorial.model_validate(
    {
        "quote": {
            "text": {"nl": "Wij zien dit ook", "en": "We see this too"},
            "name": "A. Voorbeeld",
            "role": {"nl": "wethouder", "en": "alderman"},
            "consent": True,
        },
        "interpretation": {"nl": "Dat komt vaker voor.", "en": "That happens more often."},
        "advice": {"nl": "Maak er tijd voor.", "en": "Make time for it."},
        "related": [{"title": {"nl": "Meer", "en": "More"}, "url": "https://www.voorbeeld.nl"}],
    }
)
ADDED = {
    "quote": ("‘Wij zien dit ook’, zegt A. Voorbeeld, wethouder.", "‘We see this too’, says A. Voorbeeld, alderman."),
    "interpretation": ("Dat komt vaker voor.", "That happens more often."),
    "advice": ("Maak er tijd voor.", "Make time for it."),
}
NOT_FROM = {"nl": "niet uit de cijfers", "en": "not from the figures"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("left_out", [None, *Editorial.model_fields])
def test_what_an_editor_added_is_marked_and_without_it_its_place_stays_away(language, left_out):
    editorial = EDITORIAL.model_copy(update={left_out: Editorial.model_fields[left_out].default} if left_out else {})
    tables = alone("shortfall", "above") | alone("task", "above")
    article = article_of(made(tables, language=language, editorial=editorial))
    marked = {paragraph.text: paragraph.mark for paragraph in article.paragraphs if paragraph.mark}
    assert list(marked) == [words[LANGUAGES.index(language)] for part, words in ADDED.items() if part != left_out]
    assert all(mark.endswith(NOT_FROM[language]) for mark in marked.values())
    assert bool(article.related) == (left_out != "related")
    bare = article_of(made(tables, language=language))
    assert [one.text for one in bare.paragraphs] == [one.text for one in article.paragraphs if not one.mark]
    assert not re.search("[‘’]", whole(bare))


@pytest.mark.parametrize("rows", [{"ci_low": None, "ci_high": None}, {"ci_low": 0.589, "ci_high": 0.591}])
def test_a_base_that_is_not_stated_is_told_without_a_margin_too(rows):
    tables = {"table_shortfall": [share("shortfall_outreach", 0.59, 0.55, 0.64, flag="base_not_stated") | rows]}
    assert "De bron zegt niet of die 59 procent gaat over alle" in article_of(made(tables)).paragraphs[0].text
