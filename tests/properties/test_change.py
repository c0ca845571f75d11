"""What holds for the change between any two published shares."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkpeiling.estimation.change import compare, overlap_correlations, possible_overlap
from wijkpeiling.estimation.rounded import Case, RoundedShare
from wijkpeiling.figures import feasible_counts
from wijkpeiling.trend.comparison import over_any_base

populations = st.integers(20, 60)


@st.composite
def shares(draw, N):
    """A share as a whole percentage, over a sample of a population of ``N``."""
    n = draw(st.integers(10, N - 2))
    pct = (200 * draw(st.integers(0, n)) + n) // (2 * n)
    counts = feasible_counts(pct, n)
    cases = tuple(Case(count, n, N) for count in counts)
    return RoundedShare(counts[0] / n if len(counts) == 1 else pct / 100, n, N, cases)


pairs = populations.flatmap(lambda N: st.tuples(shares(N), shares(N)))
# the lowest correlation that overlap_correlations can give is never above 0
correlations = st.floats(-0.9, 0.0)


@settings(max_examples=40)
@given(pairs, correlations)
def test_the_p_value_is_below_five_percent_where_the_interval_leaves_out_zero(pair, correlation):
    change = compare(*pair, correlation)
    assert (change.p_value < 0.05) == (not change.ci_low <= 0 <= change.ci_high)


@settings(max_examples=40)
@given(st.lists(st.tuples(pairs, correlations), min_size=1, max_size=3))
def test_over_any_base_an_interval_holds_each_and_its_test_agrees_with_it(bases):
    changes = [compare(*pair, correlation) for pair, correlation in bases]
    whole = over_any_base(changes)
    assert all(whole.ci_low <= change.ci_low and change.ci_high <= whole.ci_high for change in changes)
    assert (whole.p_value < 0.05) == (not whole.ci_low <= 0 <= whole.ci_high)
    assert whole.p_value >= max(change.p_value for change in changes)
    assert over_any_base(changes[:1]) == changes[0]


@settings(max_examples=25)
@given(pairs, correlations)
def test_swapping_the_waves_mirrors_the_change(pair, correlation):
    there = compare(*pair, correlation)
    back = compare(*pair[::-1], correlation)
    assert back.difference == pytest.approx(-there.difference, abs=1e-15)
    assert (back.ci_low, back.ci_high) == pytest.approx((-there.ci_high, -there.ci_low), abs=1e-12)
    assert (back.se, back.p_value) == pytest.approx((there.se, there.p_value), abs=1e-9)


@settings(max_examples=25)
@given(pairs, st.floats(0.5, 0.9), st.floats(0.91, 0.99))
def test_a_higher_level_contains_a_lower_one(pair, lower, higher):
    narrow, wide = compare(*pair, level=lower), compare(*pair, level=higher)
    assert wide.ci_low <= narrow.ci_low <= narrow.ci_high <= wide.ci_high


@settings(max_examples=25)
@given(pairs, correlations, correlations)
def test_a_lower_correlation_never_shortens_the_interval(pair, one, other):
    wide, narrow = (compare(*pair, rho) for rho in sorted([one, other]))
    assert wide.se >= narrow.se
    assert wide.ci_low <= narrow.ci_low and narrow.ci_high <= wide.ci_high


@given(pairs)
def test_over_all_possible_overlaps_the_correlations_hold_those_of_each(pair):
    N = pair[0].N
    fewest, most = possible_overlap(*pair, N)
    low, high = overlap_correlations(*pair, n_common=N, n_overlap=(fewest, most))
    assert -1 <= low <= 0 <= high <= 1
    for n12 in range(fewest, most + 1):
        own_low, own_high = overlap_correlations(*pair, n_common=N, n_overlap=(n12, n12))
        assert low <= own_low <= own_high <= high
