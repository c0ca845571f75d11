"""What could be told of single municipalities is withheld, and cannot be solved back from what is shown."""

from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from wijkpeiling.contracts import ESTIMATES, SIZE_CLASSES, check
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.disclosure import HIDDEN, Disclosure, round_differences, told_order, told_p_value, whole

NUMBERS = list(HIDDEN)


@cache
def template(n_cells):
    """Rows of the contract that each stand for half of 400 municipalities, to be given counts and bases."""
    numbers = dict.fromkeys((*HIDDEN, "level"), 0.5) | {"n": 100, "N": 200, "count": 50, "df": 99, "deff": 1.0}
    words = {"method": "exact", "target": "population", "source": "synthetic", "flag": None}
    words |= {"is_n_estimated": False, "is_N_estimated": False, "is_suppressed": False}
    places = {"domain": "size_class", "domain_value": SIZE_CLASSES[:n_cells], "base": "respondents"}
    rows = pd.DataFrame({"wave": 2019, "concept": "task_signalling"} | places | numbers | words, index=range(n_cells))
    return check(rows[ESTIMATES.columns], ESTIMATES, EstimationError)


def tabled(cells, concept="task_signalling"):
    """By size class and overall, from (yes, answers) for each class."""
    yes, n = zip(*cells, strict=True)
    by_size = template(len(cells)).assign(
        concept=concept, n=pd.array(n, dtype="Int64"), count=pd.array(yes, dtype="Int64")
    )
    by_size.loc[by_size["n"] == 0, "flag"] = "no_answers"
    overall = template(1).assign(concept=concept, domain="overall", domain_value="all", n=sum(n), count=sum(yes))
    return by_size, overall


def suppress(by_size):
    return Disclosure.of(by_size).estimates(by_size)


def withheld(cells):
    by_size, _ = tabled(cells)
    return suppress(by_size)["is_suppressed"].tolist()


def alone(yes, n):
    """Whether a cell is withheld for what it is itself, beside classes that hide nothing and need not be hidden."""
    by_size, _ = tabled([(yes, n), (30, 60)])
    return suppress(by_size)["is_suppressed"].all()


# the rules, one by one


@pytest.mark.parametrize(("yes", "n", "is_withheld"), [(4, 9, True), (5, 10, False), (1, 1, True), (1, 2, True)])
def test_a_base_under_10_is_withheld(yes, n, is_withheld):
    assert alone(yes, n) == is_withheld


@pytest.mark.parametrize("n", [20, 60])
@pytest.mark.parametrize(("few", "is_withheld"), [(1, True), (2, True), (3, True), (4, True), (5, False)])
def test_a_count_or_a_complement_of_1_to_4_is_withheld(few, n, is_withheld):
    assert alone(few, n) == alone(n - few, n) == is_withheld


@pytest.mark.parametrize(("n", "is_withheld"), [(10, True), (29, True), (30, False), (60, False)])
def test_none_or_all_of_a_group_under_30_is_withheld(n, is_withheld):
    assert alone(0, n) == alone(n, n) == is_withheld


def test_where_nobody_answered_nothing_is_withheld():
    by_size, _ = tabled([(0, 0), (30, 60), (20, 40)])
    table = suppress(by_size)
    assert table["is_suppressed"].tolist() == [False, False, False]
    assert table.loc[0, "flag"] == "no_answers"


@pytest.mark.parametrize(("n", "flag"), [(9, "suppressed"), (10, "indicative"), (29, "indicative"), (30, None)])
def test_a_base_under_30_is_flagged_as_indicative(n, flag):
    by_size, _ = tabled([(5, n), (30, 60)])
    found = suppress(by_size)["flag"]
    assert (found[0] if pd.notna(found[0]) else None) == flag
    # all classes of a concept go together
    assert pd.isna(found[1]) if flag != "suppressed" else found[1] == "suppressed"


def test_a_flag_that_says_more_than_indicative_stays():
    by_size, _ = tabled([(6, 12), (30, 60)])
    assert suppress(by_size.assign(flag="assumed"))["flag"].tolist() == ["assumed", "assumed"]


def test_of_a_withheld_cell_only_its_place_and_base_are_left():
    by_size, _ = tabled([(3, 40), (10, 40), (30, 60)])
    table = suppress(by_size)
    assert table["is_suppressed"].tolist() == [True, True, True]
    for place in (0, 1, 2):
        assert table.loc[place, NUMBERS].isna().all()
        assert (table.loc[place, "flag"], table.loc[place, "method"]) == ("suppressed", "none")
        kept = ["wave", "concept", "domain", "domain_value", "base", "n", "N", "target", "source", "level"]
        assert table.loc[place, kept].tolist() == by_size.loc[place, kept].tolist()


def test_the_method_of_a_withheld_cell_does_not_tell_that_all_said_the_same():
    by_size, _ = tabled([(0, 20), (30, 60), (30, 60)])
    told = by_size.assign(method=["beta", "logit", "logit"])
    assert suppress(told)["method"].tolist() == ["none"] * 3


def test_what_is_left_follows_the_contract_and_the_table_given_is_left_alone():
    by_size, _ = tabled([(3, 40), (10, 40), (30, 60)])
    before = by_size.copy()
    table = suppress(by_size)
    pd.testing.assert_frame_equal(check(table, ESTIMATES, EstimationError), table)
    pd.testing.assert_frame_equal(by_size, before)


def test_a_table_with_nothing_to_withhold_is_left_as_it_is():
    by_size, _ = tabled([(20, 40), (10, 40), (30, 60)])
    pd.testing.assert_frame_equal(suppress(by_size), by_size)


def test_nothing_to_withhold_in_an_empty_table():
    by_size, _ = tabled([(20, 40), (10, 40)])
    assert suppress(by_size.iloc[:0]).empty


# the rule: one small cell protects the concept


def test_one_small_cell_withholds_every_class_of_the_concept_and_no_other():
    small, _ = tabled([(3, 40), (10, 40), (30, 60)], "task_signalling")
    large, _ = tabled([(13, 40), (10, 40), (30, 60)], "task_case_management")
    cells = pd.concat([large, small], ignore_index=True).sample(frac=1, random_state=1)
    rule = Disclosure.of(cells)
    assert rule == Disclosure(frozenset({"task_signalling"}))
    table = rule.estimates(cells)
    assert set(table.loc[table["is_suppressed"], "concept"]) == {"task_signalling"}
    assert table["is_suppressed"].sum() == 3
    assert table.loc[table["is_suppressed"], NUMBERS].isna().all(axis=None)


def test_overall_a_protected_concept_is_whole_percents_without_counts_or_errors():
    _, overall = tabled([(3, 40), (10, 40), (30, 60)])
    overall[["share", "ci_low", "ci_high", "worst_low", "worst_high"]] = [0.4349, 0.355, 0.5149, 0.3051, 0.6]
    table = Disclosure(frozenset({"task_signalling"})).estimates(overall)
    assert table[["share", "ci_low", "ci_high", "worst_low", "worst_high"]].iloc[0].tolist() == [
        0.43, 0.36, 0.51, 0.31, 0.6,
    ]  # fmt: skip
    assert table[["count", "se", "df", "deff"]].isna().all(axis=None)
    assert table[["n", "method", "flag"]].iloc[0].tolist() == [140, "rounded", "rounded"]
    check(table, ESTIMATES, EstimationError)


def test_over_a_protected_base_nothing_tells_the_base():
    team, _ = tabled([(3, 40), (30, 40), (30, 60)], "has_wijkteam")
    by_size, overall = tabled([(20, 40), (10, 40), (30, 60)])
    rule = Disclosure.of(team)
    assert rule.bases == {"with_team"}
    table = rule.estimates(pd.concat([by_size, overall], ignore_index=True).assign(base="with_team"))
    assert table[["n", "N", "count", "se", "df", "deff"]].isna().all(axis=None)
    is_class = table["domain"] == "size_class"
    assert table.loc[is_class, "share"].notna().all() and not table["is_suppressed"].any()
    assert table.loc[is_class, ["ci_low", "ci_high", "worst_low", "worst_high"]].isna().all(axis=None)
    assert set(table["flag"]) == {"rounded"}


@pytest.mark.parametrize(("exact", "told"), [(0.595, 0.6), (-0.0349, -0.03), (-0.035, -0.04), (0.0, 0.0), (1.0, 1.0)])
def test_whole_percents_are_half_away_from_zero_as_they_are_printed(exact, told):
    assert whole(exact) == told


@pytest.mark.parametrize("exact", [-0.0049, -1e-12])
def test_what_rounds_to_zero_has_no_sign(exact):
    assert str(whole(exact)) == "0.0"


@pytest.mark.parametrize(("exact", "told"), [(0.5217, 0.5), (0.525, 0.55), (0.7272, 0.75), (0.02, 0.0), (1.0, 1.0)])
def test_by_class_over_a_protected_base_shares_are_multiples_of_five_percents(exact, told):
    by_size, _ = tabled([(20, 40), (10, 40), (30, 60)])
    rule = Disclosure(frozenset({"has_wijkteam"}), frozenset({"with_team"}))
    assert rule.estimates(by_size.assign(base="with_team", share=exact))["share"].tolist() == [told] * 3


def test_over_a_protected_base_a_class_without_answers_withholds_the_item():
    by_size, _ = tabled([(0, 0), (10, 40), (30, 60)])
    rule = Disclosure(frozenset({"has_wijkteam"}), frozenset({"with_team"}))
    assert rule.estimates(by_size.assign(base="with_team"))["is_suppressed"].tolist() == [True] * 3


def test_a_domain_that_was_not_judged_is_refused():
    by_size, _ = tabled([(20, 40), (10, 40)])
    with pytest.raises(EstimationError, match="shares by provincie") as refused:
        suppress(by_size.assign(domain="provincie"))
    assert "size class" in str(refused.value)


def test_the_order_of_protected_items_tells_their_rounded_shares_only():
    for first, second in ((0.821, 0.819), (0.819, 0.821)):
        shares = {"b": first, "a": second, "c": 0.1}
        assert told_order(shares, dict.fromkeys(shares, True)) == ["c", "a", "b"]
    assert told_order({"b": 0.819, "a": 0.821}, {"a": False, "b": False}) == ["b", "a"]


def test_no_adjusted_p_value_is_left_in_a_family_with_a_protected_row():
    table = pd.DataFrame({"difference": [0.1, 0.2], "p_value": [0.01, 0.015], "p_adjusted": [0.02, 0.02]})
    found = round_differences(table, [True, False])
    assert found["p_adjusted"].isna().all() and found["p_value"].tolist()[1] == 0.015
    pd.testing.assert_frame_equal(round_differences(table, [False, False]), table)


def test_differences_of_protected_items_are_whole_points_without_p_values():
    table = pd.DataFrame(
        {"difference": [0.1234, 0.1234], "ci_low": [0.051, 0.051], "ci_high": [0.2, 0.2], "p_value": [0.01, 0.01]}
    )
    found = round_differences(table, [True, False])
    assert found.iloc[0, :3].tolist() == [0.12, 0.05, 0.2] and pd.isna(found["p_value"].iloc[0])
    pd.testing.assert_series_equal(found.iloc[1], table.iloc[1])


cells = st.one_of(st.integers(0, 12), st.integers(0, 80)).flatmap(
    lambda n: st.one_of(st.integers(0, n), st.integers(0, min(n, 6))).map(lambda yes: (yes, n))
)


@pytest.mark.parametrize(
    ("difference", "low", "high", "p"),
    [
        # z = 1.96 x 9.5 / 6
        (0.10, 0.05, 0.15, 0.0019),
        (-0.10, -0.15, -0.05, 0.0019),
        # 1.96 x 9.5 / 11: an interval that touches 0 is no certain difference
        (0.10, 0.00, 0.20, 0.0905),
        (0.004, -0.02, 0.03, 1.0),
        (float("nan"), 0.0, 0.1, 1.0),
    ],
)
def test_a_protected_difference_is_judged_by_its_whole_points(difference, low, high, p):
    assert told_p_value(difference, low, high) == pytest.approx(p, abs=5e-5)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_what_rounds_alike_is_judged_alike(difference, low, high):
    assert told_p_value(difference, low, high) == told_p_value(whole(difference), whole(low), whole(high))


@given(st.floats(0.001, 0.9), st.floats(0.001, 0.5))
def test_it_is_never_certain_where_the_exact_difference_is_not(difference, se):
    half = 1.959964 * se
    assert told_p_value(difference, difference - half, difference + half) >= 2 * ndtr(-difference / se) - 1e-6


@given(st.lists(cells, min_size=4, max_size=4))
def test_all_classes_or_none_and_whatever_is_shown_is_no_small_cell(drawn):
    by_size, _ = tabled(drawn)
    shown = Disclosure.of(by_size).estimates(by_size)
    assert shown["is_suppressed"].nunique() == 1
    shown = shown[~shown["is_suppressed"] & (shown["n"] > 0)]
    for n, yes in shown[["n", "count"]].astype(int).itertuples(index=False):
        assert n >= 10
        assert min(yes, n - yes) >= 5 or (yes in (0, n) and n >= 30)


@given(st.lists(cells, min_size=4, max_size=4))
def test_yes_and_no_are_withheld_alike(drawn):
    assert withheld(drawn) == withheld([(n - yes, n) for yes, n in drawn])


def test_a_size_that_is_hidden_is_not_marked_as_an_estimate():
    by_size, _ = tabled([(4, 40), (20, 60)])
    table = Disclosure(bases=frozenset({"with_team"})).estimates(by_size.assign(base="with_team", is_N_estimated=True))
    assert table[["n", "N"]].isna().all(axis=None) and not table["is_N_estimated"].any()
