"""Shares behind published percentages: every count, base and population that they can stand for."""

import pandas as pd
import pytest

from wijkpeiling.contracts import ESTIMATES, check
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.estimation.rounded import Case, RoundedShare
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import estimate_all_waves
from wijkpeiling.sources.published import estimate_published, rounded_share

FILE = "2019/published.csv"
# as published for 2019
TASKS = {
    "task_needs_clarification": 90,
    "task_case_management": 86,
    "task_plan_with_client": 83,
    "task_signalling": 75,
    "task_short_term_support": 70,
    "task_long_term_support": 11,
}
TWO_CASES = (Case(148, 212, 355), Case(149, 212, 355))


@pytest.fixture(scope="module")
def task_shares(published):
    return estimate_published(published, 2019, list(TASKS))


@pytest.mark.parametrize("concept", TASKS)
def test_a_task_of_2019_may_be_over_all_respondents_or_over_those_with_a_team(published, concept):
    figure = published.accepted(2019, concept)
    # 83 percent of 212 is 175, 176 or 177
    assert figure.bases == {"respondents": (212,), "with_team": (175, 176, 177)}


@pytest.mark.parametrize(("concept", "pct"), TASKS.items())
def test_over_the_respondents_every_count_that_rounds_to_the_percentage_is_a_case(published, concept, pct):
    share = rounded_share(published, published.accepted(2019, concept), "respondents")
    counts = [count for count in range(213) if abs(100 * count - 212 * pct) <= 106]
    assert share.cases == tuple(Case(count, 212, 355) for count in counts)


@pytest.mark.parametrize(("concept", "pct"), TASKS.items())
def test_over_those_with_a_team_every_size_of_the_base_gives_cases(published, concept, pct):
    share = rounded_share(published, published.accepted(2019, concept), "with_team")
    found = {(case.n_yes, case.n) for case in share.cases}
    assert found == {
        (count, n) for n in (175, 176, 177) for count in range(n + 1) if abs(100 * count - n * pct) <= n / 2
    }


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
@pytest.mark.parametrize("base", ["respondents", "with_team"])
@pytest.mark.parametrize("concept", ["task_needs_clarification", "task_long_term_support"])
def test_the_interval_is_the_union_of_the_exact_intervals_of_all_cases(published, concept, base, level):
    share = rounded_share(published, published.accepted(2019, concept), base)
    each = []
    for n_yes, n, N in share.cases:
        low, high = exact_limits(N, n, level)
        each.append((low[n_yes] / N, high[n_yes] / N))
    lows, highs = zip(*each, strict=True)
    assert share.limits(level) == pytest.approx((min(lows), max(highs)), abs=1e-15)


def test_the_variance_counts_sampling_without_replacement_and_rounding():
    share = RoundedShare(0.7, 212, 355, TWO_CASES)
    assert share.variance == pytest.approx(0.7 * 0.3 / 211 * (143 / 355) + 0.005**2 / 3, rel=1e-12)


def test_a_known_count_has_no_rounding_variance():
    share = RoundedShare(154 / 224, 224, 403, (Case(154, 224, 403),))
    p = 154 / 224
    assert share.variance == pytest.approx(p * (1 - p) / 223 * (179 / 403), rel=1e-12)


@pytest.mark.parametrize(
    ("share", "variance"),
    [
        (RoundedShare(0.5, 10, 10, (Case(5, 10, 10),)), 0.0),
        (RoundedShare(0.6, 355, 355, (Case(212, 355, 355), Case(213, 355, 355))), 0.005**2 / 3),
        (RoundedShare(1.0, 1, 4, (Case(1, 1, 4),)), 0.0),
    ],
)
def test_a_census_has_the_variance_of_rounding_only(share, variance):
    assert share.variance == pytest.approx(variance, abs=1e-18)


def test_the_worst_case_has_all_that_kept_silent_say_no_or_yes():
    share = RoundedShare(0.83, 212, 355, (Case(175, 212, 355), Case(177, 212, 355)))
    assert share.worst_case(143) == pytest.approx((175 / 355, (177 + 143) / 355))


def test_without_silent_municipalities_the_worst_case_is_the_share_itself():
    share = RoundedShare(0.5, 10, 10, (Case(5, 10, 10),))
    assert share.worst_case(0) == (0.5, 0.5)


def test_a_stated_count_gives_the_share_itself(published):
    share = rounded_share(published, published.accepted(2014, "has_wijkteam"), "respondents")
    assert (share.share, share.counts) == (154 / 224, [154])


@pytest.mark.parametrize("base", ["g32", "smaller", "wants_support"])
def test_a_base_of_unknown_size_is_refused(published, base):
    with pytest.raises(EstimationError, match=f"no count over base {base} gives 70 percent"):
        rounded_share(published, published.accepted(2019, "task_short_term_support"), base)


def test_a_candidate_base_that_cannot_give_the_percentage_is_left_out(copy):
    # with 63 or 64 teams no count gives 74 percent, so it was taken over all 212
    for row in [number for number, cells in enumerate(copy.rows(FILE), 1) if cells[0] == "has_wijkteam"]:
        copy.put(FILE, row, pct="30")
    copy.put(FILE, copy.row_of(FILE, concept="task_signalling"), pct="74")
    table = estimate_published(read_published(copy.project), 2019, ["task_signalling"])
    assert table["base"].tolist() == ["respondents"]


def test_estimates_follow_their_contract(task_shares):
    checked = check(task_shares, ESTIMATES, EstimationError)
    pd.testing.assert_frame_equal(checked, task_shares)


def test_each_task_has_a_row_for_each_candidate_base(task_shares):
    rows = list(zip(task_shares["concept"], task_shares["base"], strict=True))
    assert rows == [(concept, base) for concept in TASKS for base in ("respondents", "with_team")]
    assert (task_shares["flag"] == "base_not_stated").all()


SIZES = ["n", "N", "is_n_estimated", "is_N_estimated"]


@pytest.mark.parametrize(
    ("wave", "concept", "sizes"),
    [
        # the base is not stated: all that answered, or one of 175 to 177 with a team
        (2019, "task_signalling", [[212, 355, False, False], [176, 295, True, True]]),
        (2019, "has_wijkteam", [[212, 355, False, False]]),
        (2014, "has_wijkteam", [[224, 403, False, False]]),
        (2022, "has_wijkteam", [[None, None, False, False]]),
    ],
)
def test_a_size_that_is_one_of_several_is_marked_in_its_row(published, wave, concept, sizes):
    table = estimate_published(published, wave, [concept])[SIZES].astype(object)
    assert table.where(table.notna(), None).to_numpy().tolist() == sizes


@pytest.mark.parametrize(("base_n", "sizes"), [("176", [176, 295, False, True]), ("", [176, 295, True, True])])
def test_where_the_size_of_a_base_is_stated_only_its_population_is_estimated(copy, base_n, sizes):
    copy.put(FILE, copy.row_of(FILE, concept="task_signalling"), base="with_team", base_n=base_n)
    table = estimate_published(read_published(copy.project), 2019, ["task_signalling"])
    assert table[SIZES].to_numpy().tolist() == [sizes]


def test_estimates_give_back_the_published_percentages(task_shares):
    pct = task_shares.set_index("concept")["share"] * 100
    assert pct.groupby(level=0).first().to_dict() == pytest.approx(TASKS)


def test_estimates_lie_within_their_interval_and_that_within_the_worst_case(task_shares):
    columns = task_shares[["worst_low", "ci_low", "share", "ci_high", "worst_high"]].astype(float).to_numpy()
    assert (columns[:, 1:] >= columns[:, :-1]).all()


def test_the_order_of_the_concepts_changes_nothing(published, task_shares):
    turned = estimate_published(published, 2019, list(TASKS)[::-1])
    key = ["concept", "base"]
    pd.testing.assert_frame_equal(
        turned.sort_values(key, ignore_index=True), task_shares.sort_values(key, ignore_index=True)
    )


@pytest.mark.parametrize("concept", ["expertise_addiction", "residents_reached_proactively", "task_work_and_income"])
def test_a_share_of_teams_or_residents_or_without_percentage_is_no_estimate(published, concept):
    assert estimate_published(published, 2019, [concept]).empty


@pytest.mark.parametrize(
    ("concept", "share", "flag"),
    [
        ("has_wijkteam", 0.80, "approximate"),
        ("gp_fixed_contact", 0.45, "approximate"),
        ("change_working_method", 0.53, "respondents_unknown"),
    ],
)
def test_a_figure_of_2022_has_a_share_and_no_interval(published, concept, share, flag):
    (row,) = estimate_published(published, 2022, [concept]).to_dict("records")
    assert (row["share"], row["flag"], row["method"]) == (share, flag, "none")
    assert all(pd.isna(row[name]) for name in ("n", "N", "se", "ci_low", "ci_high", "level", "worst_low", "worst_high"))


def test_all_waves_stand_in_order_of_time(sources):
    table = estimate_all_waves(sources, "has_wijkteam")
    assert table["wave"].tolist() == [2014, 2015, 2017, 2019, 2022]
    assert table["n"].fillna(0).tolist() == [224, 234, 242, 212, 0]


def test_a_concept_without_a_figure_in_any_wave_gives_an_empty_table_with_the_columns_of_the_contract(sources):
    assert estimate_all_waves(sources, "task_work_and_income").columns.tolist() == ESTIMATES.columns


def test_over_an_estimated_base_every_size_between_its_limits_is_a_case(published):
    share = rounded_share(published, published.accepted(2019, "task_signalling"), "with_team")
    for n in {case.n for case in share.cases}:
        sizes = sorted({case.N for case in share.cases if case.n == n})
        assert len(sizes) > 3
        assert sizes == list(range(sizes[0], sizes[-1] + 1))
    assert share.limits() == pytest.approx((0.6993, 0.7954), abs=5e-5)
    assert (share.n, share.N) == (176, 295)
