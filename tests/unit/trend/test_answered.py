"""Shares of answers in comparisons: between waves, between items, and with a published share."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from tests.slugs import SHORTFALLS, TASKS, TEAM
from wijkpeiling.contracts import CHANGES, SIZE_CLASSES, check
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.answered import answered_share, change_of_answers, difference_of_items, lowered
from wijkpeiling.estimation.change import compare, mover
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.overlap import overlap
from wijkpeiling.estimation.shares import Shares, estimates, shares
from wijkpeiling.sources.edition import Sources
from wijkpeiling.sources.published import rounded_share
from wijkpeiling.synthetic.answers import synthesize
from wijkpeiling.trend.answered import item_differences, process_differences
from wijkpeiling.trend.changes import changes_against, trend_of
from wijkpeiling.trend.conclusions import adjust
from wijkpeiling.trend.model import NoTrend

LABELS = {"base": "respondents", "source": "microdata"}

NUMBERS = ["difference", "ci_low", "ci_high", "p_value", "p_adjusted"]
PAIRS = ["lower", "higher", *NUMBERS, "family_size", "is_certain", "is_withheld"]
POPULATION = pd.Series({"<20k": 30, "20-50k": 12})


def by_hand(yes, population=POPULATION, target="population"):
    """One item of 42 respondents, in two strata."""
    stratum = np.repeat(["<20k", "20-50k"], [30, 12])
    answers = pd.DataFrame({"gemeentecode": [f"GM{place:04}" for place in range(42)], "size_class": stratum})
    design = Design.from_responses(answers, population, target=target)
    return shares(design, pd.DataFrame({"item": yes}).astype("boolean"), answers[["size_class"]])


def everyone_twice(n=42):
    return np.repeat(np.arange(n), 2).reshape(-1, 2)


@pytest.fixture(scope="module")
def invented(invented, unprotected):
    """As exact as they are estimated, before anything is protected."""
    return unprotected(invented)


@pytest.fixture(scope="module", params=[2019, 1, 2])
def drawn(request, published, invented):
    """Invented answers of three seeds."""
    return invented if request.param == 2019 else Sources(published, synthesize(published, request.param))


@pytest.fixture(scope="module")
def of_2019(invented):
    return invented.of(2019).shares(TASKS, "size_class")


# one share


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("wave", "concepts"), [(2019, TASKS), (2019, SHORTFALLS), (2017, TASKS), (2014, [TEAM])])
def test_the_limits_are_those_of_the_table_of_estimates(invented, wave, concepts, level):
    result = invented.of(wave).shares(concepts, "size_class")
    table = estimates(result, wave, base="with_team", source="synthetic", level=level)
    assert len(table) == 5 * len(concepts)
    for row in table.itertuples():
        share = answered_share(result, row.concept, (row.domain, row.domain_value))
        assert share.limits(level) == pytest.approx((row.ci_low, row.ci_high), abs=1e-15)
        assert (share.share, share.n, share.N, share.method) == (row.share, row.n, row.N, row.method)
        assert share.variance**0.5 == pytest.approx(row.se, rel=1e-12)


@pytest.mark.parametrize("target", ["population", "process"])
@pytest.mark.parametrize("population", [POPULATION, POPULATION.add([0, 8]), POPULATION * 2])
@pytest.mark.parametrize("yes", [np.arange(42) % 3 == 0, np.arange(42) < 30, np.ones(42, bool)])
def test_the_limits_are_those_of_the_table_for_a_census_and_where_all_say_the_same(yes, population, target):
    result = by_hand(yes, population, target)
    for row in estimates(result, 2019, **LABELS).itertuples():
        share = answered_share(result, "item", (row.domain, row.domain_value))
        assert share.limits() == pytest.approx((row.ci_low, row.ci_high), abs=1e-15)
        assert share.method == row.method


@pytest.mark.parametrize(
    ("item", "domain", "what"),
    [
        ("task_singing", ("overall", "all"), "no item task_singing"),
        (TASKS[0], ("size_class", "100k"), "no domain size_class 100k"),
        (TASKS[0], ("provincie", "Regenland"), "no domain provincie Regenland"),
    ],
)
def test_a_share_that_is_not_there_is_refused(of_2019, item, domain, what):
    with pytest.raises(EstimationError, match=what) as refusal:
        answered_share(of_2019, item, domain)
    assert refusal.value.expected.startswith("one of ")


def test_a_domain_in_which_nobody_answered_is_refused():
    unanswered = by_hand(pd.array([True] * 30 + [pd.NA] * 12, dtype="boolean"))
    assert answered_share(unanswered, "item").n == 30
    with pytest.raises(EstimationError, match="nobody in size_class 20-50k answered item"):
        answered_share(unanswered, "item", ("size_class", "20-50k"))


# a change between two waves


def test_between_a_census_and_a_census_the_change_is_known():
    first, second = by_hand(np.arange(42) < 20), by_hand(np.arange(42) < 23)
    change = change_of_answers(first, second, overlap(first, second, everyone_twice()), "item")
    assert change.difference == change.ci_low == change.ci_high == pytest.approx(3 / 42)
    assert (change.se, change.p_value) == (0, 0)


def test_between_a_census_and_the_same_census_nothing_changed():
    first, second = by_hand(np.arange(42) < 20), by_hand(np.arange(42) < 20)
    change = change_of_answers(first, second, overlap(first, second, everyone_twice()), "item")
    assert (change.difference, change.ci_low, change.ci_high, change.se, change.p_value) == (0, 0, 0, 0, 1)


@pytest.mark.parametrize("concepts", [[TEAM], TASKS, SHORTFALLS], ids=["team", "tasks", "shortfalls"])
def test_a_wave_has_not_changed_from_itself(drawn, concepts):
    wave = drawn.of(2019).shares(concepts, "size_class")
    both = overlap(wave, wave, everyone_twice(wave.design.n))
    for item, domain in ((item, domain) for item in wave.items for domain in wave.domains):
        change = change_of_answers(wave, wave, both, item, domain)
        assert (change.difference, change.ci_low, change.ci_high, change.p_value) == (0, 0, 0, 1)
        assert change.se == pytest.approx(0, abs=1e-8)


def pairs_of_waves(sources):
    """Every change that the answers allow: items, domains and the two results they come from."""
    asked = {wave: [TEAM] if wave < 2017 else [TEAM, *TASKS, *SHORTFALLS] for wave in sources.waves}
    for earlier, later in combinations(sources.waves, 2):
        for concepts in ([TEAM], TASKS, SHORTFALLS):
            if set(concepts) <= set(asked[earlier]):
                results = [sources.of(wave).shares(concepts, "size_class") for wave in (earlier, later)]
                yield *results, sources.of(earlier).overlap_with(sources.of(later), concepts, "size_class")


def test_the_test_is_clear_exactly_where_the_interval_leaves_out_zero(drawn):
    n_clear = n = 0
    for first, second, both in pairs_of_waves(drawn):
        for item, domain in ((item, domain) for item in first.items for domain in first.domains):
            change = change_of_answers(first, second, both, item, domain)
            leaves_out_zero = not change.ci_low <= 0 <= change.ci_high
            assert (change.p_value < 0.05) == leaves_out_zero, (item, domain)
            n, n_clear = n + 1, n_clear + leaves_out_zero
    assert n == 80 and 0 < n_clear < n


@pytest.mark.parametrize("level", [0.9, 0.99])
def test_the_test_agrees_with_the_interval_at_another_level(invented, level):
    for first, second, both in pairs_of_waves(invented):
        for item in first.items:
            change = change_of_answers(first, second, both, item, level=level)
            assert (change.p_value < 1 - level) == (not change.ci_low <= 0 <= change.ci_high)


def test_the_error_of_a_change_is_that_of_both_waves_less_their_covariance(invented):
    first, second = (invented.of(wave).shares(TASKS) for wave in (2017, 2019))
    both = invented.of(2017).overlap_with(invented.of(2019), TASKS)
    for place, item in enumerate(TASKS):
        change = change_of_answers(first, second, both, item)
        variance = first.variance[0, place] + second.variance[0, place] - 2 * both.covariance[place, place]
        assert change.se == pytest.approx(variance**0.5, rel=1e-9)
        assert change.difference == pytest.approx(second.share[0, place] - first.share[0, place], abs=1e-15)
        assert change.ci_low <= change.difference <= change.ci_high


def test_answers_that_last_make_a_change_more_certain_than_two_waves_of_strangers_would(invented):
    first, second = (invented.of(wave).shares(TASKS) for wave in (2017, 2019))
    change = change_of_answers(first, second, invented.of(2017).overlap_with(invented.of(2019), TASKS), TASKS[4])
    one, other = (replace(answered_share(result, TASKS[4]), method="beta") for result in (first, second))
    assert change.correlation > 0 and change.se < compare(one, other).se
    # the correlation is an estimate itself: the interval takes less of it than the error
    sure = compare(one, other, change.correlation)
    assert change.se == sure.se
    assert change.ci_low < sure.ci_low and change.ci_high > sure.ci_high


@pytest.mark.parametrize(
    ("r", "n_pairs", "least", "most"),
    [
        # of 242 of 388 and 212 of 355, chance lets 132 answer twice
        (0.30, 190, 0.20, 0.299),
        (0.01, 190, 0.0, 0.0),
        (-0.10, 190, -0.10, -0.10),
        (-0.10, 90, -0.20, -0.101),
        # nobody twice: nothing is known of how alike answers are, so the least favourable
        (-0.10, 0, -1.0, -1.0),
    ],
)
def test_the_correlation_is_lowered_by_half_a_pair_but_not_past_what_it_can_be(invented, r, n_pairs, least, most):
    one, other = (answered_share(invented.of(wave).shares([TEAM]), TEAM) for wave in (2017, 2019))
    assert least <= lowered(r, one, other, n_pairs) <= most


def test_an_overlap_of_other_shares_is_refused(invented):
    first, second = (invented.of(wave).shares(TASKS) for wave in (2017, 2019))
    other = invented.of(2017).overlap_with(invented.of(2019), SHORTFALLS)
    with pytest.raises(EstimationError, match="an overlap of 4 by 4 shares") as refusal:
        change_of_answers(first, second, other, TASKS[0])
    assert refusal.value.expected.startswith("6 by 6")


# a published share and one of answers


def test_a_published_share_is_compared_with_one_of_answers(published, invented):
    before = rounded_share(published, published.accepted(2017, TEAM), "respondents")
    after = answered_share(invented.of(2019).shares([TEAM]), TEAM)
    change = compare(before, after)
    assert change.difference == pytest.approx(after.share - 0.83)
    assert change.se == pytest.approx((before.variance + after.variance) ** 0.5)
    interval = mover((before.share, *before.limits()), (after.share, *after.limits()), 0.0)
    assert (change.ci_low, change.ci_high) == interval
    assert (change.p_value < 0.05) == (not change.ci_low <= 0 <= change.ci_high)


def test_a_mixed_comparison_turned_round_is_its_mirror(published, invented):
    before = rounded_share(published, published.accepted(2014, TEAM), "respondents")
    after = answered_share(invented.of(2019).shares([TEAM]), TEAM)
    there, back = compare(before, after, 0.2), compare(after, before, 0.2)
    assert there.ci_low > 0 and there.p_value < 0.05
    assert (back.difference, back.ci_low, back.ci_high) == pytest.approx(
        (-there.difference, -there.ci_high, -there.ci_low)
    )
    assert (back.se, back.p_value) == pytest.approx((there.se, there.p_value))


# two items of one wave


def test_the_error_of_a_difference_of_items_is_that_of_the_textbook(invented):
    first, second = TASKS[3], TASKS[4]
    answers, N = invented.of(2019).responses, invented.answers.population_sizes(2019)
    stratum, n_h = answers["size_class"], answers["size_class"].value_counts()
    weight = stratum.map(N / n_h).astype(float)
    z = []
    for item in (first, second):
        answered = answers[item].notna()
        yes = answers[item].fillna(False).astype(float)
        share = (weight * answered * yes).sum() / (weight * answered).sum()
        z.append(weight * answered * (yes - share) / (weight * answered).sum())
    # linearised, over everyone who took part: those without a team or an answer add nothing
    spread = (z[1] - z[0]).groupby(stratum, observed=True).var(ddof=1)
    variance = sum((1 - n_h[h] / N[h]) * n_h[h] * spread[h] for h in SIZE_CLASSES)
    change = difference_of_items(invented.of(2019).shares(TASKS), first, second)
    assert change.se == pytest.approx(variance**0.5, rel=1e-9)


def test_the_covariances_of_a_wave_are_worked_out_once_for_all_its_pairs(invented, monkeypatch):
    fresh = Sources(invented.published, invented.answers)
    calls = []
    linearised = Shares.linearised
    monkeypatch.setattr(Shares, "linearised", lambda self, *rows: calls.append(1) or linearised(self, *rows))
    assert len(item_differences(fresh, 2019, TASKS)) == 15
    # for the variances, for the means of the strata and for the products, however many pairs there are
    assert len(calls) == 3
    ((_, result),) = fresh.of(2019).items(TASKS)
    with pytest.raises(ValueError, match="read-only"):
        result.covariance()[0, 0] = 1


def test_each_pair_of_items_is_compared_the_lower_from_the_higher(invented):
    result = invented.of(2019).shares(TASKS)
    share = dict(zip(TASKS, result.share[0], strict=True))
    table = item_differences(invented, 2019, TASKS)
    assert {frozenset(pair) for pair in zip(table["lower"], table["higher"], strict=True)} == {
        frozenset(pair) for pair in combinations(TASKS, 2)
    }
    assert table["difference"].is_monotonic_decreasing
    for row in table.itertuples():
        assert row.difference == pytest.approx(share[row.higher] - share[row.lower]) and row.difference >= 0
        change = difference_of_items(result, row.lower, row.higher)
        assert (row.ci_low, row.ci_high, row.p_value) == (change.ci_low, change.ci_high, change.p_value)
        assert (row.p_value < 0.05) == (not row.ci_low <= 0 <= row.ci_high)


def test_the_pairs_of_items_are_one_family(invented):
    table = item_differences(invented, 2019, TASKS).sort_values("p_value")
    assert (table["p_adjusted"] >= table["p_value"]).all()
    assert table["p_adjusted"].iloc[0] == pytest.approx(min(15 * table["p_value"].iloc[0], 1))


@pytest.mark.parametrize(
    ("n_items", "n_pairs", "family_size"),
    [((12,), 66, 66), ((13,), 12, 78), ((40,), 39, 780), ((7, 7), 42, 42), ((12, 2), 12, 67), ((9, 9), 16, 72)],
)
def test_past_a_dozen_items_each_stands_beside_the_highest_of_its_base(of_many_items, n_items, n_pairs, family_size):
    sources = of_many_items(*n_items)
    table = item_differences(sources, 2019, sources.concepts)
    assert len(table) == n_pairs and set(table["family_size"]) == {family_size}
    shown = set(zip(table["lower"], table["higher"], strict=True))
    for _, result in sources.items:
        share = dict(zip(result.items, result.share[0], strict=True))
        highest = max(share, key=lambda item, share=share: (share[item], item))
        # the pairs with the highest are shown whatever their number
        assert {(item, highest) for item in share if item != highest} <= shown
        if n_pairs < family_size:
            assert {higher for lower, higher in shown if lower in share} == {highest}


def test_the_choice_of_the_highest_is_paid_for(of_many_items):
    sources = of_many_items(13)
    ((_, result),) = sources.items
    ordered = sorted(result.items, key=dict(zip(result.items, result.share[0], strict=True)).get)
    told = item_differences(sources, 2019, sources.concepts).sort_values("p_value")
    every = [difference_of_items(result, *pair).p_value for pair in combinations(ordered, 2)]
    in_full = dict(zip(every, adjust(every), strict=True))
    # as Holm over all 78 pairs would have them, or higher; over the 12 that are shown they would be lower
    assert told["p_adjusted"].iloc[0] == pytest.approx(min(78 * told["p_value"].iloc[0], 1))
    assert all(row.p_adjusted >= in_full[row.p_value] for row in told.itertuples())
    assert (told["p_adjusted"] >= adjust(told["p_value"].tolist())).all()
    assert 0 < told["is_certain"].sum() < 12


@pytest.mark.parametrize("place", [0, 1])
def test_of_two_that_are_told_as_equally_high_the_name_decides(of_many_items, place):
    protected = of_many_items(13).concepts[-2:]
    sources = of_many_items(13, protected=protected)
    ((_, result),) = sources.items
    result.share[0, -2:] = [0.801, 0.799] if place else [0.799, 0.801]
    table = item_differences(sources, 2019, sources.concepts)
    assert set(table["higher"]) == {max(protected)}
    assert table[["p_value", "p_adjusted"]].isna().all(axis=None)
    assert (table["difference"] == table["difference"].round(2)).all()


def test_items_of_one_question_are_no_independent_shares(invented):
    result = invented.of(2019).shares(TASKS)
    one, other = (answered_share(result, item) for item in (TASKS[0], TASKS[1]))
    together = difference_of_items(result, TASKS[1], TASKS[0])
    assert together.correlation == pytest.approx(
        result.covariance()[0, 1] / (one.variance * other.variance) ** 0.5, rel=1e-9
    )
    assert together.se != pytest.approx(compare(other, one).se, rel=1e-3)


def test_items_over_different_bases_are_not_compared(invented):
    table = item_differences(invented, 2019, [TEAM, *TASKS[:2]])
    assert len(table) == 1 and TEAM not in set(table["lower"]) | set(table["higher"])


@pytest.mark.parametrize("concepts", [TASKS, []])
def test_without_answers_no_items_are_compared(sources, concepts):
    table = item_differences(sources, 2019, concepts)
    assert table.empty and table.columns.tolist() == PAIRS


@pytest.mark.parametrize(("wave", "concepts"), [(2014, TASKS), (2019, []), (2019, [TEAM]), (2022, TASKS)])
def test_fewer_than_two_items_with_answers_are_not_compared(invented, wave, concepts):
    table = item_differences(invented, wave, concepts)
    assert table.empty and table.columns.tolist() == PAIRS


# what an edition makes of it


def test_changes_of_answers_follow_their_contract(invented):
    table = changes_against(invented, 2017, [2019], TASKS, "nl")
    pd.testing.assert_frame_equal(check(table, CHANGES, EstimationError), table)
    assert table["concept"].tolist() == TASKS
    assert set(table["overlap"]) == {"known"} and set(table["n_overlap"]) == {129}
    assert set(table["family_size"]) == {6}
    assert set(table["source"]) == {"synthetic"} and set(table["method"]) == {"mover"}
    assert table["reason"].str.contains("2017 is aangenomen").all()


PAIRED = [(2014, 2017), (2015, 2017), (2017, 2019)]


def test_the_share_with_a_team_is_set_against_the_baseline_in_every_wave_with_answers(invented):
    table = changes_against(invented, 2017, invented.waves, [TEAM], "en")
    assert table["wave"].tolist() == [2014, 2015, 2019]
    assert set(table["family_size"]) == {3}
    assert set(table["reason"]) == {"the comparison is over all responding municipalities"}
    assert table["conclusion"].tolist()[0] == "rose" and table["difference"].iloc[0] > 0
    n_twice = [len(invented.of(first).panel_with(invented.of(second))[0]) for first, second in PAIRED]
    assert table["n_overlap"].tolist() == n_twice


def test_a_task_that_one_wave_did_not_ask_is_left_out(invented):
    assert changes_against(invented, 2015, [2019], TASKS, "nl").empty


def test_answers_to_a_question_that_changed_are_not_compared(taken_in):
    verdict = taken_in.published.questionnaires[2019].comparability(SHORTFALLS[1], 2017)
    assert not verdict.is_comparable
    table = changes_against(taken_in, 2017, [2019], SHORTFALLS, "en").set_index("concept")
    assert table.loc[SHORTFALLS[1], "conclusion"] == "not_comparable"
    assert table.loc[SHORTFALLS[1], "reason"] == verdict.reason.en
    assert pd.isna(table.loc[SHORTFALLS[1], "difference"])
    tested = table[table["difference"].notna()]
    assert set(tested["family_size"].dropna()) <= {len(tested)}
    assert set(table["source"]) == {"microdata"}


def test_the_trend_of_answers_has_the_differences_and_errors_of_the_changes(invented):
    trend = trend_of(invented, 2017, TEAM)
    assert trend.waves.tolist() == [2014, 2015, 2017, 2019]
    for place, wave in enumerate(trend.waves):
        share = invented.of(int(wave)).shares([TEAM]).share[0, 0]
        assert trend.differences[place] == pytest.approx(share - invented.of(2017).shares([TEAM]).share[0, 0], abs=1e-9)
    changes = changes_against(invented, 2017, invented.waves, [TEAM], "nl")
    assert trend.differences_se[[0, 1, 3]] == pytest.approx(changes["se"].astype(float).tolist(), rel=1e-6)


@pytest.mark.parametrize(("baseline", "concept"), [(2017, TASKS[0]), (2022, TEAM)])
def test_without_three_waves_of_answers_or_the_baseline_there_is_no_trend(invented, baseline, concept):
    assert trend_of(invented, baseline, concept) is None


def test_the_process_behind_the_answers_is_less_certain_than_the_municipalities(invented):
    process = process_differences(invented, 2017, TEAM)
    trend = trend_of(invented, 2017, TEAM)
    assert process["wave"].tolist() == [2014, 2015, 2019]
    assert (process["se"].to_numpy() > trend.differences_se[[0, 1, 3]]).all()
    later_minus_earlier = trend.differences[[0, 1, 3]] * [-1, -1, 1]
    # unweighted, and those that answered twice count by how much they tell
    assert process["difference"].to_numpy() == pytest.approx(later_minus_earlier, abs=0.02)
    assert (process["p_value"] < 0.05).tolist() == (~((process["ci_low"] <= 0) & (process["ci_high"] >= 0))).tolist()


def test_without_a_pair_the_correlation_is_the_least_favourable():
    one = replace(answered_share(by_hand([True] * 21 + [False] * 21, pd.Series({"<20k": 60, "20-50k": 24})), "item"))
    assert lowered(0.0, one, one, 0) == pytest.approx(-1.0)
    assert lowered(0.0, one, one, 0) <= lowered(0.0, one, one, 1)


def of_one_mind(sources, unprotected, waves, answer):
    """The sources with one answer about the team given by all that answered in these waves."""
    responses = sources.answers.responses.copy()
    responses.loc[responses["wave"].isin(waves) & responses[TEAM].notna(), TEAM] = answer
    return unprotected(replace(sources, answers=replace(sources.answers, responses=responses)))


@pytest.mark.parametrize(("answer", "reason"), [(True, "everybody"), (False, "nobody")])
def test_a_wave_of_one_mind_has_no_trend_and_says_so(invented, unprotected, answer, reason):
    assert trend_of(of_one_mind(invented, unprotected, [2015], answer), 2017, TEAM) == NoTrend(reason, (2015,))


@pytest.mark.parametrize("answer", [True, False])
def test_a_wave_of_one_mind_keeps_its_difference_and_leaves_the_others_theirs(invented, unprotected, answer):
    known = process_differences(invented, 2017, TEAM).set_index("wave")
    found = process_differences(of_one_mind(invented, unprotected, [2015], answer), 2017, TEAM).set_index("wave")
    numbers = ["se", "ci_low", "ci_high", "p_value"]
    assert found.loc[2015, numbers].isna().all()
    share = invented.of(2017).responses[TEAM].mean()
    assert found.loc[2015, "difference"] == pytest.approx(share - answer, abs=0.01)
    others = found.loc[[2014, 2019]]
    assert others.notna().all(axis=None)
    assert others["difference"].to_numpy() == pytest.approx(known.loc[[2014, 2019], "difference"].to_numpy(), abs=0.01)
    assert others["se"].to_numpy() == pytest.approx(known.loc[[2014, 2019], "se"].to_numpy(), rel=0.05)


@pytest.mark.parametrize("waves", [[2017], [2014, 2015, 2017, 2019]])
def test_a_baseline_of_one_mind_leaves_differences_alone(invented, unprotected, waves):
    found = process_differences(of_one_mind(invented, unprotected, waves, True), 2017, TEAM)
    assert found["difference"].notna().all() and found["se"].isna().all() and found["p_value"].isna().all()
