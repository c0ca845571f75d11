"""What could be told of single municipalities is withheld, and cannot be solved back from what is shown."""

from functools import cache
from itertools import product

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wijkpeiling.contracts import ESTIMATES, SIZE_CLASSES, check
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.disclosure import HIDDEN, suppress
from wijkpeiling.estimation.evidence import estimate

NUMBERS = list(HIDDEN)


@cache
def template(n_cells):
    """Rows of the contract that each stand for half of 400 municipalities, to be given counts and bases."""
    numbers = dict.fromkeys((*HIDDEN, "level"), 0.5) | {"n": 100, "N": 200, "count": 50, "df": 99, "deff": 1.0}
    words = {"method": "exact", "target": "population", "source": "synthetic", "flag": None, "is_suppressed": False}
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


def withheld(cells):
    return suppress(*tabled(cells))["is_suppressed"].tolist()


def alone(yes, n):
    """Whether a cell is withheld for what it is itself, beside classes that hide nothing and need not be hidden."""
    by_size, _ = tabled([(yes, n), (30, 60)])
    return suppress(by_size, by_size.iloc[:0])["is_suppressed"].tolist() == [True, False]


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
    by_size, overall = tabled([(0, 0), (30, 60), (20, 40)])
    table = suppress(by_size, overall)
    assert table["is_suppressed"].tolist() == [False, False, False]
    assert table.loc[0, "flag"] == "no_answers"


@pytest.mark.parametrize(("n", "flag"), [(9, "suppressed"), (10, "indicative"), (29, "indicative"), (30, None)])
def test_a_base_under_30_is_flagged_as_indicative(n, flag):
    by_size, _ = tabled([(5, n), (30, 60)])
    found = suppress(by_size, by_size.iloc[:0])["flag"]
    assert (found[0] if pd.notna(found[0]) else None) == flag
    assert pd.isna(found[1])


def test_a_flag_that_says_more_than_indicative_stays():
    by_size, overall = tabled([(6, 12), (30, 60)])
    assert suppress(by_size.assign(flag="assumed"), overall)["flag"].tolist() == ["assumed", "assumed"]


def test_of_a_withheld_cell_only_its_place_and_base_are_left():
    by_size, overall = tabled([(3, 40), (10, 40), (30, 60)])
    table = suppress(by_size, overall)
    assert table["is_suppressed"].tolist() == [True, True, False]
    for place in (0, 1):
        assert table.loc[place, NUMBERS].isna().all()
        assert (table.loc[place, "flag"], table.loc[place, "method"]) == ("suppressed", "none")
        kept = ["wave", "concept", "domain", "domain_value", "base", "n", "N", "target", "source", "level"]
        assert table.loc[place, kept].tolist() == by_size.loc[place, kept].tolist()
    pd.testing.assert_series_equal(table.loc[2], by_size.loc[2])


def test_the_method_of_a_withheld_cell_does_not_tell_that_all_said_the_same():
    by_size, overall = tabled([(0, 20), (30, 60), (30, 60)])
    told = by_size.assign(method=["beta", "logit", "logit"])
    assert suppress(told, overall)["method"].tolist() == ["none", "none", "logit"]


def test_what_is_left_follows_the_contract_and_the_table_given_is_left_alone():
    by_size, overall = tabled([(3, 40), (10, 40), (30, 60)])
    before = by_size.copy()
    table = suppress(by_size, overall)
    pd.testing.assert_frame_equal(check(table, ESTIMATES, EstimationError), table)
    pd.testing.assert_frame_equal(by_size, before)


def test_a_table_with_nothing_to_withhold_is_left_as_it_is():
    by_size, overall = tabled([(20, 40), (10, 40), (30, 60)])
    pd.testing.assert_frame_equal(suppress(by_size, overall), by_size)


def test_nothing_to_withhold_in_an_empty_table():
    by_size, overall = tabled([(20, 40), (10, 40)])
    assert suppress(by_size.iloc[:0], overall).empty


# so that the total gives nothing away


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # the next smallest goes along: the count that is least, or its complement
        ([(3, 40), (10, 40), (30, 60), (20, 50)], [True, True, False, False]),
        ([(3, 40), (20, 40), (30, 60), (42, 50)], [True, False, False, True]),
        # two of 4 together are 8: nothing more is needed
        ([(4, 40), (4, 40), (30, 60), (20, 50)], [True, True, False, False]),
        # two of 1 together are 2, which would tell
        ([(1, 40), (1, 40), (30, 60), (20, 50)], [True, True, False, True]),
        ([(39, 40), (39, 40), (30, 60), (20, 50)], [True, True, False, True]),
        # one that answered hides nobody: the other would be 4 or 5
        ([(4, 50), (1, 1), (30, 60), (20, 50)], [True, True, False, True]),
        # everything, where nothing is left to subtract from
        ([(1, 40), (0, 60), (0, 50), (0, 70)], [True, True, True, True]),
        ([(3, 6), (2, 5), (2, 4), (1, 3)], [True, True, True, True]),
        ([(3, 40), (0, 0), (30, 60)], [True, False, True]),
    ],
)
def test_more_cells_go_along_until_the_total_tells_nothing(cells, expected):
    assert withheld(cells) == expected


def test_without_a_total_only_the_small_cells_go():
    by_size, overall = tabled([(3, 40), (10, 40), (30, 60)])
    assert suppress(by_size, overall.iloc[:0])["is_suppressed"].tolist() == [True, False, False]


def test_each_concept_is_judged_by_its_own_cells():
    small, small_total = tabled([(3, 40), (10, 40), (30, 60)], "task_signalling")
    large, large_total = tabled([(13, 40), (10, 40), (30, 60)], "task_case_management")
    table = suppress(
        pd.concat([large, small], ignore_index=True).sample(frac=1, random_state=1),
        pd.concat([small_total, large_total], ignore_index=True),
    )
    hidden = table[table["is_suppressed"]]
    assert sorted(zip(hidden["concept"], hidden["domain_value"], strict=True)) == [
        ("task_signalling", "20-50k"),
        ("task_signalling", "<20k"),
    ]


# the attack: everything that is shown, against everything that is withheld


def solve(table, overall):
    """Least and most that each withheld count can be, for who knows the bases, the other counts and the total."""
    hidden = table[table["count"].isna()]
    n = hidden["n"].to_numpy(dtype=int)
    yes = int(overall["count"].iloc[0]) - int(table["count"].sum())
    return [(max(0, yes - (n.sum() - own)), min(own, yes)) for own in n]


def enumerated(table, overall):
    """The same by trying every combination."""
    hidden = table[table["count"].isna()]
    yes = int(overall["count"].iloc[0]) - int(table["count"].sum())
    ranges = [range(int(own) + 1) for own in hidden["n"]]
    fitting = [counts for counts in product(*ranges) if sum(counts) == yes]
    return [(min(one), max(one)) for one in zip(*fitting, strict=True)]


def counts_of(n):
    """Counts out of ``n``, often the ones near none and all, where the rules are."""
    edge = min(n, 6)
    return st.one_of(st.integers(0, n), st.integers(0, edge), st.integers(n - edge, n)).map(lambda yes: (yes, n))


cells = st.one_of(st.integers(0, 12), st.integers(0, 80)).flatmap(counts_of)
few_cells = st.integers(0, 80).flatmap(lambda n: st.tuples(st.integers(0, min(n, 1)), st.just(n)))
tiny_cells = st.integers(0, 9).flatmap(counts_of)
tables, few_tables, tiny_tables = (st.lists(kind, min_size=4, max_size=4) for kind in (cells, few_cells, tiny_cells))
many = settings(max_examples=120)


def test_the_solver_finds_a_cell_that_is_withheld_alone():
    by_size, overall = tabled([(3, 40), (10, 40), (30, 60)])
    unprotected = suppress(by_size, overall.iloc[:0])
    assert solve(unprotected, overall) == enumerated(unprotected, overall) == [(3, 3)]


@given(tiny_tables)
def test_the_solver_finds_all_that_can_be_found(drawn):
    by_size, overall = tabled(drawn)
    by_size["count"] = by_size["count"].mask(by_size["n"] > 0)
    assert solve(by_size, overall) == enumerated(by_size, overall)


@many
@given(tables)
def test_no_withheld_count_can_be_solved_back_from_the_total(drawn):
    by_size, overall = tabled(drawn)
    largest, n, yes = max(of_class for _, of_class in drawn), int(overall["n"].iloc[0]), int(overall["count"].iloc[0])
    # a total of a few, or one that is nearly all of one class, tells by itself what no table can keep
    assume(min(yes, n - yes, n - largest) >= 5)
    table = suppress(by_size, overall)
    hidden = table[table["is_suppressed"]]
    for own, (low, high) in zip(hidden["n"], solve(table, overall), strict=True):
        # five or more wide, and so three values or more; of a smaller group nothing is known at all
        assert high - low >= min(5, own)


@many
@given(tables)
def test_whatever_is_shown_is_no_small_cell(drawn):
    by_size, overall = tabled(drawn)
    shown = suppress(by_size, overall)
    shown = shown[~shown["is_suppressed"] & (shown["n"] > 0)]
    for n, yes in shown[["n", "count"]].astype(int).itertuples(index=False):
        assert n >= 10
        assert min(yes, n - yes) >= 5 or (yes in (0, n) and n >= 30)


@given(few_tables, st.booleans())
def test_a_total_of_a_few_leaves_no_cell_with_answers_to_subtract(drawn, is_mirrored):
    drawn = [(n - yes, n) for yes, n in drawn] if is_mirrored else drawn
    by_size, overall = tabled(drawn)
    assume(by_size["n"].sum() > 8 and overall["count"].iloc[0] not in (0, by_size["n"].sum()))
    table = suppress(by_size, overall)
    assert table.loc[table["n"] > 0, "is_suppressed"].all()


@given(tables, st.permutations(range(4)))
def test_the_order_of_the_cells_changes_nothing_but_who_goes_along_of_two_that_are_equal(drawn, order):
    least = [min(yes, n - yes) for yes, n in drawn if n]
    assume(len(set(least)) == len(least))
    by_size, overall = tabled(drawn)
    turned = suppress(by_size.iloc[order], overall)
    pd.testing.assert_frame_equal(turned.sort_index(), suppress(by_size, overall))


@given(tables)
def test_yes_and_no_are_withheld_alike(drawn):
    mirrored = [(n - yes, n) for yes, n in drawn]
    assert withheld(drawn) == withheld(mirrored)


def test_nothing_withheld_in_the_invented_edition_can_be_solved_from_counts(invented):
    for wave, kind in product((2017, 2019), ("task", "shortfall")):
        concepts = [slug for slug, known in invented.published.project.concepts.items() if known.kind == kind]
        by_size, overall = (estimate(invented, wave, concepts, by=domain) for domain in ("size_class", None))
        for concept, table in by_size.groupby("concept"):
            total = overall[overall["concept"] == concept]
            assert [high - low for low, high in solve(table, total) if high - low < 5] == []
