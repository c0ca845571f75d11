"""The cover: title, lead and key figures, of every kind of edition and as far as the figures bear them."""

import numpy as np
import pandas as pd
import pytest
import yaml

from wijkpeiling.contracts import CHANGES, ESTIMATES
from wijkpeiling.language import say
from wijkpeiling.present import news
from wijkpeiling.present.blocks import Chart, Cover
from wijkpeiling.present.wording import half, one_per_item

LANGUAGES = ["nl", "en"]
SHORTFALLS = ("shortfall_preventive_work", "shortfall_outreach", "shortfall_informal_networks")


def shares_of(*rows, wave=2019):
    """Contract ``estimates``: concept, share, low and high, and what else differs."""
    known = {"wave": wave, "domain": "overall", "domain_value": "all", "base": "with_team", "source": "published"}
    made = [
        known | {"concept": concept, "share": share, "ci_low": low, "ci_high": high} | dict(*others)
        for concept, share, low, high, *others in rows
    ]
    return pd.DataFrame(made, columns=ESTIMATES.columns)


def changes_of(*rows, wave=2019):
    """Contract ``changes``: concept, conclusion and, of a direction, which one."""
    known = {"baseline": 2017, "wave": wave, "source": "published", "overlap": "known"}
    made = []
    for concept, conclusion, *direction in rows:
        difference = {"rose": 0.08, "fell": -0.08, "withheld": -0.09, "no_evidence": 0.01}.get(conclusion, np.nan)
        row = known | {"concept": concept, "conclusion": conclusion, "difference": difference}
        made.append(row | {"ci_low": difference - 0.05, "ci_high": difference + 0.05, "reason": (*direction, None)[0]})
    return pd.DataFrame(made, columns=CHANGES.columns)


@pytest.fixture
def cover(edition, sources):
    """The cover of an edition of 2019 of which only this is known."""

    def made(language, *, wave=2019, **known):
        nothing = dict.fromkeys(("shortfalls", "tasks", "teams"), shares_of())
        nothing |= dict.fromkeys(("task_changes", "team_changes"), changes_of())
        return news.cover(edition(wave, language=language), sources, **nothing | known)

    return made


@pytest.fixture(scope="module")
def expected(root):
    return yaml.safe_load((root / "tests" / "data" / "cover_sentences.yml").read_text("utf-8"))


def told(cover):
    figures = [[one.value, one.text, one.interval] for one in cover.key_figures]
    return {"title": cover.title, "lead": list(cover.lead), "key_figures": figures, "chart": cover.chart}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["2019", "2022", "2017", "2014", "demo", "mixed"])
def test_the_cover_of_every_kind_of_edition_reads_as_written_out(shown, shown_of_mini, expected, name, language):
    given = {"demo": (2019, None, language, "synthetic")}
    sections = (
        shown_of_mini(2027, None, language)
        if name == "mixed"
        else shown(*given.get(name, (int(name) if name.isdigit() else 0, None, language)))
    )
    (cover,) = sections["00_kern"]
    assert told(cover) == expected["editions"][name][language]
    # the chart that it names is there, and three sentences are enough
    charts = {block.id for blocks in sections.values() for block in blocks if isinstance(block, Chart)}
    assert cover.chart in charts and len(cover.lead) <= 3 and len(cover.key_figures) <= 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("share", "low", "high", "where"),
    [
        (0.59, 0.54, 0.64, "above"),
        (0.52, 0.47, 0.57, "around"),
        (0.46, 0.41, 0.51, "around"),
        (0.40, 0.35, 0.45, "below"),
        # as it is printed: 50 is no more and no less than half
        (0.55, 0.504, 0.60, "around"),
        (0.45, 0.40, 0.496, "around"),
        (0.56, 0.506, 0.61, "above"),
    ],
)
def test_the_title_claims_no_more_than_the_interval(cover, share, low, high, where, language):
    assert half(low, high) == where
    title = cover(language, shortfalls=shares_of((SHORTFALLS[0], share, low, high))).title
    about = say(language, "half_around")
    assert (about in title, str(round(share * 100)) in title) == ((True, False) if where == "around" else (False, True))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ["around", "above", "below", "mixed", "many"])
def test_the_other_shortfalls_are_told_by_halves(cover, expected, case, language):
    ends = {"around": (0.45, 0.55), "above": (0.55, 0.65), "below": (0.35, 0.45)}
    halves = {"mixed": ("above", "around", "below"), "many": ("around",) * 5}.get(case, (case, case))
    concepts = ["shortfall_outreach", "shortfall_informal_networks", "shortfall_collective_services"]
    concepts += ["task_signalling", "task_case_management"]
    rows = [
        (concept, 0.6 - place / 100, *ends[where])
        for place, (concept, where) in enumerate(zip(concepts, halves, strict=False))
    ]
    shortfalls = shares_of((SHORTFALLS[0], 0.7, 0.65, 0.75), *rows)
    assert cover(language, shortfalls=shortfalls).lead[0] == expected["others"][case][language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ["fell", "rose", "lower", "higher", "no_evidence", "none"])
def test_a_change_of_the_tasks_is_news_where_one_was_found(cover, expected, case, language):
    tasks = shares_of(("task_signalling", 0.75, 0.7, 0.8), ("task_long_term_support", 0.11, 0.08, 0.15))
    concepts = ("task_signalling", "task_long_term_support")
    words = say(language, f"direction_{case}", wave=2019, baseline=2017) if case in ("lower", "higher") else None
    conclusion = "direction_only" if words else case
    rows = [] if case == "none" else [(concept, conclusion, words) for concept in concepts]
    shortfalls = shares_of((SHORTFALLS[0], 0.7, 0.65, 0.75))
    made = cover(language, shortfalls=shortfalls, tasks=tasks, task_changes=changes_of(*rows))
    figure = made.key_figures[1]
    assert [made.lead[0], figure.value, figure.text] == expected["changes"][case][language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ["rose", "withheld", "no_evidence", "none"])
def test_who_has_a_team_is_told_beside_the_earlier_wave(cover, expected, case, language):
    teams = pd.concat(
        [shares_of(("has_wijkteam", 0.7, 0.6, 0.8, {"base": "respondents"}), wave=wave) for wave in (2017, 2019)]
    )
    rows = [] if case == "none" else [("has_wijkteam", case)]
    made = cover(language, teams=teams.reset_index(drop=True), team_changes=changes_of(*rows))
    assert made.key_figures[0].text == expected["team"][case][language]


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Sociale wijkteams in 2019"), ("en", "Neighbourhood teams in 2019")]
)
def test_where_nothing_is_known_the_title_is_plain(cover, language, title):
    made = cover(language)
    assert (made.title, made.lead, made.chart) == (title, (), None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_approximation_is_called_one(cover, language):
    rough = shares_of(("has_wijkteam", 0.8, None, None, {"base": "unknown", "flag": "approximate"}), wave=2022)
    made = cover(language, wave=2022, teams=rough)
    assert say(language, "about", share="80%") == made.key_figures[0].value and made.key_figures[0].interval is None
    assert say(language, "about", share="80") in made.title.lower()


def test_the_origin_is_that_of_the_wave_and_invented_answers_have_none(shown, edition):
    (real,) = shown(2019, None, "nl")["00_kern"]
    (invented,) = shown(2019, None, "nl", "synthetic")["00_kern"]
    wave = edition(2019).wave
    assert real.origin.model_dump() == {
        "held_by": wave.held_by["nl"],
        "fieldwork": wave.fieldwork["nl"],
        "report": wave.report.title,
        "published": wave.report.published["nl"],
        "url": wave.report.url,
    }
    assert isinstance(invented, Cover) and invented.origin is None


def test_an_item_has_one_row_with_the_widest_limits_of_its_bases():
    table = shares_of(("a", 0.5, 0.45, 0.56), ("a", 0.5, 0.44, 0.55), ("b", 0.6, 0.5, 0.7))
    table[["worst_low", "worst_high"]] = [[0.3, 0.7], [0.35, 0.75], [0.4, 0.8]]
    rows = one_per_item(table)
    assert rows["concept"].tolist() == ["b", "a"]
    ends = rows[["ci_low", "ci_high", "worst_low", "worst_high"]].astype(float).to_numpy().tolist()
    assert ends == [[0.5, 0.7, 0.4, 0.8], [0.44, 0.56, 0.3, 0.75]]
