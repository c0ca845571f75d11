"""Changes against the baseline: what is tested, what is not, and what one more row of data does."""

import pandas as pd
import pytest
import yaml

from tests import slugs
from wijkpeiling.contracts import CHANGES, check
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.change import compare, overlap_correlations
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import Sources
from wijkpeiling.sources.published import rounded_share
from wijkpeiling.trend.changes import changes_against, trend_of
from wijkpeiling.trend.model import NoTrend

TASKS = [*slugs.TASKS, "task_work_and_income"]
NUMBERS = ["difference", "se", "ci_low", "ci_high", "p_value", "p_adjusted", "family_size"]


@pytest.fixture(scope="module")
def task_changes(sources):
    return changes_against(sources, 2017, [2019], TASKS, "nl")


@pytest.fixture(scope="module")
def team_changes(sources):
    return changes_against(sources, 2017, sources.waves, ["has_wijkteam"], "nl")


def test_of_the_tasks_of_2019_only_directions_are_known(task_changes):
    assert task_changes["concept"].tolist() == TASKS[4:]
    assert set(task_changes["conclusion"]) == {"direction_only"}
    assert task_changes[NUMBERS].isna().all(axis=None)


def test_a_direction_is_told_in_words_of_the_report(sources, task_changes):
    english = changes_against(sources, 2017, [2019], TASKS, "en")
    assert task_changes["reason"].str.contains("minder gemeenten dit dan in 2017").tolist() == [True, True, False]
    assert english["reason"].str.contains("fewer municipalities named this").tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("wave", "overlap", "difference", "conclusion"),
    [
        (2014, "chance", 0.83 - 154 / 224, "rose"),
        (2014, "range", 0.83 - 154 / 224, "rose"),
        (2015, "chance", -0.04, "no_evidence"),
        (2015, "range", -0.04, "no_evidence"),
        (2019, "known", 0.0, "no_evidence"),
    ],
)
def test_the_share_with_a_team_is_contrasted_with_2017(team_changes, wave, overlap, difference, conclusion):
    (row,) = team_changes[(team_changes["wave"] == wave) & (team_changes["overlap"] == overlap)].to_dict("records")
    assert row["difference"] == pytest.approx(difference, abs=1e-12)
    assert (row["conclusion"], row["adjustment"], row["family_size"]) == (conclusion, "holm", 3)


def test_the_approximate_share_of_2022_is_not_compared(team_changes):
    (row,) = team_changes[team_changes["wave"] == 2022].to_dict("records")
    assert row["conclusion"] == "not_comparable"
    assert "2022" in row["reason"]
    assert all(pd.isna(row[name]) for name in NUMBERS)


def test_the_later_wave_stands_last_in_a_contrast_with_a_wave_before_the_baseline(team_changes):
    rows = team_changes[team_changes["wave"] == 2014]
    assert (rows["difference"] > 0).all() and (rows["ci_low"] > 0).all()


def test_any_overlap_gives_a_wider_interval_than_chance(team_changes):
    width = (team_changes["ci_high"] - team_changes["ci_low"]).astype(float)
    for wave in (2014, 2015):
        chance, widest = width[team_changes["wave"] == wave]
        assert widest > chance


def test_the_known_overlap_is_the_one_that_the_change_counts_with(published, team_changes):
    first, second = (
        rounded_share(published, published.accepted(wave, "has_wijkteam"), "respondents") for wave in (2017, 2019)
    )
    # 343 municipalities stand in both years
    correlations = overlap_correlations(first, second, n_common=343, n_overlap=(134, 134))
    change = compare(first, second, correlations.lowest)
    (row,) = team_changes[team_changes["wave"] == 2019].to_dict("records")
    assert (row["ci_low"], row["ci_high"], row["se"]) == (change.ci_low, change.ci_high, change.se)


def test_an_overlap_that_is_known_to_be_none_is_not_one_of_chance(trial):
    # so few that nobody needs to have answered both
    trial.replace("2025/wave.yml", "n_respondents: 187", "n_respondents: 100")
    for row, base_n in enumerate(["100", *5 * ["87"]], start=2):
        trial.put("2025/published.csv", row, base_n=base_n)
    by_chance = changes_against(Sources(read_published(trial.project)), 2019, [2025], ["has_wijkteam"], "nl")
    known = "overlap:\n  - {wave: 2019, n_respondents: 0, remark: {nl: Niemand., en: Nobody.}}"
    trial.replace("2025/wave.yml", "overlap: []", known)
    (row,) = changes_against(Sources(read_published(trial.project)), 2019, [2025], ["has_wijkteam"], "nl").to_dict(
        "records"
    )
    assert (row["overlap"], row["n_overlap"]) == ("known", 0)
    chance, least = by_chance.set_index("overlap").loc[["chance", "range"]].to_dict("records")
    # none is the least favourable overlap there is
    assert (row["se"], row["ci_low"], row["ci_high"]) == (least["se"], least["ci_low"], least["ci_high"])
    assert row["ci_low"] < chance["ci_low"] and row["se"] > chance["se"]


def test_a_published_change_is_one_of_all_municipalities_by_the_method_that_made_it(task_changes, team_changes):
    for table in (task_changes, team_changes):
        assert set(zip(table["domain"], table["domain_value"], table["source"], strict=True)) == {
            ("overall", "all", "published")
        }
    is_tested = team_changes["difference"].notna()
    assert set(team_changes.loc[is_tested, "method"]) == {"mover"}
    assert set(team_changes.loc[~is_tested, "method"]) == {"none"}


def test_changes_follow_their_contract(task_changes, team_changes):
    for table in (task_changes, team_changes):
        pd.testing.assert_frame_equal(check(table, CHANGES, EstimationError), table)


def test_an_empty_table_has_the_columns_of_the_contract(sources):
    table = changes_against(sources, 2017, [2019], ["task_signalling"], "nl")
    assert table.empty and table.columns.tolist() == CHANGES.columns


def test_shares_of_residents_and_of_questions_that_changed_are_not_comparable(sources):
    concepts = ["residents_reached_proactively", "model_specific_teams"]
    table = changes_against(sources, 2017, [2019], concepts, "en").set_index("concept")
    assert set(table["conclusion"]) == {"not_comparable"}
    assert table.loc["residents_reached_proactively", "reason"].startswith("the percentage is of residents")
    assert table.loc["model_specific_teams", "reason"].startswith("Two sources give exactly 23 percent")


def test_the_order_of_the_concepts_changes_only_the_order_of_the_rows(sources, task_changes):
    turned = changes_against(sources, 2017, [2019], TASKS[::-1], "nl")
    pd.testing.assert_frame_equal(turned[::-1].reset_index(drop=True), task_changes)


def test_one_row_of_2017_gives_a_tested_change(copy, figure_row):
    copy.add("2017/published.csv", **figure_row(concept="task_short_term_support", pct="80"))
    table = changes_against(Sources(read_published(copy.project)), 2017, [2019], TASKS, "nl").set_index("concept")
    row = table.loc["task_short_term_support"]
    assert row["difference"] == pytest.approx(-0.10)
    assert (row["conclusion"], row["overlap"], row["n_overlap"], row["family_size"]) == ("fell", "known", 134, 1)
    assert row["ci_low"] < -0.10 < row["ci_high"] < 0
    assert row["p_value"] == row["p_adjusted"] < 0.01
    # neither publication says over whom: the interval holds for both bases, and is said to
    assert "elke mogelijke grondslag" in row["reason"]
    assert table.drop(index="task_short_term_support")["conclusion"].eq("direction_only").all()


def test_two_rows_of_2017_are_one_family(copy, figure_row):
    copy.add("2017/published.csv", **figure_row(concept="task_short_term_support", pct="80"))
    copy.add("2017/published.csv", **figure_row(concept="task_long_term_support", pct="15"))
    table = changes_against(Sources(read_published(copy.project)), 2017, [2019], TASKS, "nl").set_index("concept")
    tested = table.loc[["task_short_term_support", "task_long_term_support"]]
    assert tested["family_size"].tolist() == [2, 2]
    smallest = tested["p_value"].idxmin()
    assert tested.loc[smallest, "p_adjusted"] == pytest.approx(2 * tested.loc[smallest, "p_value"])


def test_a_figure_over_a_stated_base_needs_no_widest_interval(copy, figure_row):
    copy.add(
        "2017/published.csv",
        **figure_row(concept="task_short_term_support", pct="80", base="respondents", base_n="242"),
    )
    table = changes_against(Sources(read_published(copy.project)), 2017, [2019], TASKS, "nl").set_index("concept")
    row = table.loc["task_short_term_support"]
    assert (row["overlap"], row["n_overlap"]) == ("known", 134)
    assert row["reason"] == "de vergelijking gaat over alle gemeenten die meededen"


def test_a_question_that_changed_is_not_tested_even_with_both_figures(copy, figure_row):
    copy.add("2017/published.csv", **figure_row(concept="shortfall_outreach", pct="60"))
    (row,) = changes_against(Sources(read_published(copy.project)), 2017, [2019], ["shortfall_outreach"], "nl").to_dict(
        "records"
    )
    assert row["conclusion"] == "not_comparable" and pd.isna(row["difference"])


def test_a_task_is_compared_where_few_municipalities_have_a_team(copy, figure_row):
    for wave in ("2017", "2019"):
        file = f"{wave}/published.csv"
        for row in [number for number, cells in enumerate(copy.rows(file), 1) if cells[0] == "has_wijkteam"]:
            copy.put(file, row, pct="30")
    copy.add("2017/published.csv", **figure_row(concept="task_short_term_support", pct="79"))
    table = changes_against(Sources(read_published(copy.project)), 2017, [2019], TASKS, "nl").set_index("concept")
    assert table.loc["task_short_term_support", "difference"] == pytest.approx(-0.09)


def test_the_trend_of_the_share_with_a_team_runs_over_the_waves_with_known_respondents(sources):
    trend = trend_of(sources, 2017, "has_wijkteam")
    assert trend.waves.tolist() == [2014, 2015, 2017, 2019]
    assert trend.differences == pytest.approx([154 / 224 - 0.83, 0.04, 0, 0], abs=1e-9)


@pytest.mark.parametrize(("baseline", "concept"), [(2017, "task_signalling"), (2022, "has_wijkteam")])
def test_without_three_waves_or_without_the_baseline_there_is_no_trend(sources, baseline, concept):
    assert trend_of(sources, baseline, concept) is None


def test_the_slope_of_published_figures_has_a_range_over_the_overlaps_that_can_be(sources):
    trend = trend_of(sources, 2017, "has_wijkteam")
    assert (trend.slope_low, trend.slope_high) == pytest.approx((0.0086, 0.0275), abs=5e-5)
    assert (trend.slope_range_low, trend.slope_range_high) == pytest.approx((0.0041, 0.0319), abs=5e-5)
    assert trend.slope_range_p == pytest.approx(0.0106, abs=5e-5)


@pytest.mark.parametrize(
    ("waves", "expected"),
    [((2014,), (2015, 2017, 2019)), ((2015,), (2014, 2017, 2019)), ((2014, 2015), None)],
)
def test_waves_that_asked_something_else_are_left_out_of_the_trend(copy, waves, expected):
    for wave in waves:
        later = yaml.safe_load((copy.raw / "2017" / "questionnaire.yml").read_text("utf-8"))
        later["items"]["has_wijkteam"]["comparability"][wave]["verdict"] = "broken"
        (copy.raw / "2017" / "questionnaire.yml").write_text(yaml.safe_dump(later), "utf-8")
    trend = trend_of(Sources(read_published(copy.project)), 2017, "has_wijkteam")
    if expected:
        assert (tuple(trend.waves.tolist()), trend.left_out) == (expected, waves)
    else:
        assert trend == NoTrend("not_comparable", waves)


@pytest.mark.parametrize(("pct", "reason"), [("100", "everybody"), ("0", "nobody")])
def test_a_published_wave_of_all_or_none_has_no_trend_and_says_so(copy, pct, reason):
    file = "2015/published.csv"
    for row, cells in enumerate(copy.rows(file), 1):
        if cells[:2] == ["has_wijkteam", "87"]:
            copy.put(file, row, pct=pct)
    sources = Sources(read_published(copy.project))
    assert trend_of(sources, 2017, "has_wijkteam") == NoTrend(reason, (2015,))
    assert changes_against(sources, 2017, sources.waves, ["has_wijkteam"], "nl")["difference"].notna().sum() >= 3
