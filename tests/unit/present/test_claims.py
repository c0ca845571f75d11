"""What changed, in sentences: every claim, of every kind, about one item and several, in both languages."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml

from wijkpeiling.contracts import CHANGES
from wijkpeiling.language import say
from wijkpeiling.present import changes, trend
from wijkpeiling.present.changes import CLAIMS, DIRECTIONS, NEWS, POSSIBLE, claimed

ITEMS = {
    "task": ("task_short_term_support", "task_signalling"),
    "shortfall": ("shortfall_preventive_work", "shortfall_outreach"),
}
NUMBERS = {"one": 1, "several": 2}
DIFFERENCES = {"rose": 0.08, "fell": -0.08, "about_the_same": 0.01, "withheld": -0.09, "no_evidence": -0.02}
UNTESTED = {"direction_lower": "direction_only", "direction_higher": "direction_only", "unit_teams": "not_comparable"}
TRENDS = [claim for claim in CLAIMS if claim not in (*DIRECTIONS, "not_comparable")]


def rows_of(concepts, claim, language):
    """Rows of the contract ``changes``: with the overlap of chance, and with the least favourable."""
    why = say(language, claim, wave=2025, baseline=2019) if claim in UNTESTED else None
    conclusion = UNTESTED.get(claim, claim.removeprefix("possibly_"))
    difference = DIFFERENCES.get(conclusion, np.nan)
    shared = {"baseline": 2019, "wave": 2025, "difference": difference, "reason": why}
    shared["source"] = "published"
    shared |= {"ci_low": difference - 0.05, "ci_high": difference + 0.05, "p_adjusted": 0.5, "family_size": 1}
    found = []
    for concept in concepts:
        found.append(shared | {"concept": concept, "conclusion": conclusion, "overlap": None if why else "chance"})
        if not why:
            least = "no_evidence" if claim in POSSIBLE else conclusion
            found.append(shared | {"concept": concept, "conclusion": least, "overlap": "range"})
    return pd.DataFrame(found, columns=CHANGES.columns)


@pytest.fixture(scope="module")
def expected(root):
    return yaml.safe_load((root / "tests" / "data" / "change_sentences.yml").read_text("utf-8"))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("claim", [*TRENDS, *UNTESTED])
@pytest.mark.parametrize("kind", ITEMS)
def test_what_changed_is_told_as_written_out(edition, expected, kind, claim, number, language):
    table = rows_of(ITEMS[kind][: NUMBERS[number]], claim, language)
    told = changes.sentence(edition(2019, language=language), table, kind)
    assert told.text == expected[kind][claim][number][language]
    # the summary says what the section says, and nothing where nothing can be compared
    assert told.key == (None if claim == "unit_teams" else told.text)


@pytest.mark.parametrize("claim", [*TRENDS, *UNTESTED])
@pytest.mark.parametrize("kind", ITEMS)
def test_a_heading_tells_news_in_the_words_of_the_section_and_nothing_else(edition, kind, claim):
    told = changes.sentence(edition(2019), rows_of(ITEMS[kind][:1], claim, "nl"), kind)
    is_news = claim.removeprefix("direction_") in NEWS
    assert (told.claim is not None) == is_news
    first = re.sub(r" \([+\u2212]8 procentpunt\)", "", told.text).split(". ")[0].removesuffix(".")
    # a heading may be all that is read
    is_reported = claim.startswith("direction_")
    assert not is_news or told.claim == (f"{first} (niet getoetst)" if is_reported else first)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("claim", TRENDS)
def test_the_trend_tells_a_change_in_the_same_words(edition, expected, claim, language):
    table, opened = rows_of(["has_wijkteam"], claim, language), edition(2019, language=language)
    assert trend.others_sentence(opened, table).text == expected["trend"][claim][language]
    # of the wave of the edition it stands with the shares, and only there
    shares, table = pd.DataFrame(columns=["wave", "share", "ci_low", "ci_high"]), table.assign(wave=2019, baseline=2017)
    said = expected["trend"][claim][language].replace("2019", "2017").replace("2025", "2019")
    assert trend.sentence(opened, shares, table).text.split(". ", 1)[1] == said
    assert trend.others_sentence(opened, table) is None


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("claim", [*TRENDS, *UNTESTED])
def test_table_and_sentence_have_one_wording_for_a_conclusion(edition, claim, language):
    """Every word of the cell stands in the sentence of that conclusion; the row of chance alone says no more."""
    table = rows_of(ITEMS["shortfall"][:1], claim, language)
    opened = edition(2019, language=language)
    shown = changes.table(opened, table, "shortfall")
    cell = shown.texts[0][shown.columns.index(say(language, "conclusion_column"))]
    text = changes.sentence(opened, table, "shortfall").text
    words = [re.findall(r"\w+", one.lower()) for one in (cell, text)]
    assert [word for word in words[0] if word not in words[1]] == []


@pytest.mark.parametrize(
    ("half", "language", "ending"),
    [
        ((0.06, 0.02), "nl", "Een verschil tot 8 procentpunt is niet uitgesloten, bij {first}."),
        ((0.02, 0.06), "en", "A difference up to 8 points is possible, for {second}."),
        # whole points decide, as they are printed
        ((0.061, 0.059), "nl", "is niet uitgesloten, bij elk ervan."),
        ((0.061, 0.059), "en", "points is possible, for each of them."),
    ],
)
@pytest.mark.parametrize("kind", ITEMS)
def test_the_largest_difference_that_is_possible_names_its_item(edition, kind, half, language, ending):
    opened = edition(2019, language=language)
    rows = rows_of(ITEMS[kind], "no_evidence", language).query("overlap == 'chance'").assign(overlap="known")
    rows["ci_low"] = rows["difference"] - pd.Series(half, index=rows.index)
    first, second = (opened.label(concept) for concept in ITEMS[kind])
    assert changes.sentence(opened, rows, kind).text.endswith(ending.format(first=first, second=second))


def test_every_claim_is_written_out(expected):
    assert {kind: set(expected[kind]) for kind in ITEMS} == {kind: {*TRENDS, *UNTESTED} for kind in ITEMS}
    assert set(expected["trend"]) == set(TRENDS)


@pytest.mark.parametrize(
    ("chance", "least_favourable", "claim"),
    [
        ("rose", "rose", "rose"),
        ("rose", "no_evidence", "possibly_rose"),
        ("fell", "no_evidence", "possibly_fell"),
        ("fell", "about_the_same", "possibly_fell"),
        ("about_the_same", "no_evidence", "possibly_about_the_same"),
        ("no_evidence", "no_evidence", "no_evidence"),
        # what only the least favourable overlap would bear out is not claimed
        ("no_evidence", "about_the_same", "no_evidence"),
    ],
)
def test_a_claim_is_what_every_row_of_the_comparison_holds(chance, least_favourable, claim):
    table = rows_of(["task_signalling"], "no_evidence", "nl").assign(conclusion=[chance, least_favourable])
    (row,) = claimed(table).to_dict("records")
    assert (row["claim"], row["overlap"]) == (claim, "chance")


def test_a_claim_looks_at_the_rows_of_its_own_comparison_only():
    one = rows_of(["task_signalling"], "possibly_rose", "nl")
    other = rows_of(["task_signalling"], "rose", "nl").assign(wave=2022)
    item = rows_of(["task_case_management"], "rose", "nl")
    claims = claimed(pd.concat([one, other, item], ignore_index=True))
    assert claims["claim"].tolist() == ["possibly_rose", "rose", "rose"]


def test_a_known_overlap_is_one_row_and_its_conclusion_the_claim():
    table = rows_of(["task_signalling"], "rose", "nl").iloc[:1].assign(overlap="known", n_overlap=134)
    assert claimed(table)["claim"].tolist() == ["rose"]


@pytest.mark.parametrize(("language", "noted"), [("nl", "Dat geldt als toeval"), ("en", "This is so if chance")])
def test_what_possible_changes_rest_on_is_said_once(edition, language, noted):
    table = pd.concat(
        [
            rows_of(["task_signalling"], "possibly_rose", language),
            rows_of(["task_case_management"], "possibly_fell", language),
        ],
        ignore_index=True,
    )
    told = changes.sentence(edition(2019, language=language), table, "task").text
    assert told.count(noted) == 1
    alone = changes.sentence(edition(2019, language=language), rows_of(["task_signalling"], "rose", language), "task")
    assert noted not in alone.text
