"""Conclusions on what is protected follow from what is told of it."""

import pytest

from tests.slugs import TEAM
from wijkpeiling.estimation.disclosure import told_p_value
from wijkpeiling.trend.answered import item_differences
from wijkpeiling.trend.changes import changes_against, trend_of
from wijkpeiling.trend.conclusions import adjust, conclude


@pytest.mark.parametrize("wave", [2017, 2019])
@pytest.mark.parametrize("kind", ["task", "shortfall"])
def test_which_pairs_are_certain_follows_from_whole_points(invented, wave, kind):
    concepts = [slug for slug in invented.published.project.concepts if slug.startswith(kind)]
    pairs = item_differences(invented, wave, invented.of(wave).asked(concepts))
    numbers = pairs[["difference", "ci_low", "ci_high"]].to_numpy(dtype=float)
    again = adjust([told_p_value(*row) for row in numbers], family_size=int(pairs["family_size"].iloc[0]))
    assert pairs["p_adjusted"].isna().all()
    assert pairs["is_certain"].tolist() == (again < 0.05).tolist() and pairs["is_certain"].any()
    left_open = (again >= 0.05) & ~((numbers[:, 1] < 0) & (numbers[:, 2] > 0))
    assert pairs["is_withheld"].tolist() == left_open.tolist() and left_open.any()


@pytest.mark.parametrize("baseline", [2014, 2015, 2017])
def test_conclusions_of_changes_follow_from_whole_points(invented, baseline):
    concepts = list(invented.published.project.concepts)
    waves = [wave for wave in invented.waves if wave != baseline]
    changes = changes_against(invented, baseline, waves, concepts, "nl").dropna(subset=["difference"])
    numbers = changes[["difference", "ci_low", "ci_high"]].to_numpy(dtype=float)
    again = adjust([told_p_value(*row) for row in numbers])
    told = [conclude(*row, p, is_rounded=True) for row, p in zip(numbers, again, strict=True)]
    assert changes["conclusion"].tolist() == told and changes["se"].isna().all()


@pytest.mark.parametrize(
    ("language", "alone", "others"),
    [
        ("nl", "om antwoorden van enkele gemeenten te beschermen", "; getoetst als een van de 6 vergelijkingen"),
        ("en", "to protect answers of a few municipalities", "; tested as one of the 6 comparisons"),
    ],
)
def test_a_change_beside_zero_that_rounding_or_its_family_leaves_open_says_so(invented, language, alone, others):
    tasks = invented.of(2019).asked([slug for slug in invented.published.project.concepts if slug.startswith("task")])
    changes = changes_against(invented, 2017, [2019], tasks, language).set_index("concept")
    row = changes.loc["task_short_term_support"]
    assert (row["ci_low"], row["ci_high"]) == (-0.15, -0.03)
    assert row["conclusion"] == "withheld" and row["reason"].endswith(others) and alone in row["reason"]
    # no interval stands on one side of 0 beside "not shown", and what was shown needs no reason
    beside = changes[(changes["ci_low"] > 0) | (changes["ci_high"] < 0)]
    assert set(beside["conclusion"]) == {"fell", "withheld"}
    assert [alone in reason for reason in changes["reason"]] == (changes["conclusion"] == "withheld").tolist()
    # tested alone, it is certain
    told = changes_against(invented, 2017, [2019], ["task_short_term_support"], language)
    assert told["conclusion"].tolist() == ["fell"]


def test_one_comparison_left_open_names_no_others(invented):
    pair = changes_against(invented, 2015, [2017], [TEAM], "nl")
    assert pair["conclusion"].tolist() == ["withheld"] and pair["reason"].iloc[0].endswith("te beschermen")


def test_whether_a_protected_trend_is_straight_is_not_told(invented):
    trend = trend_of(invented, 2015, TEAM)
    assert trend.is_rounded and trend.is_straight is None
