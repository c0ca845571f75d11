"""What holds for exact limits of every population, sample and level."""

from fractions import Fraction
from math import ceil, floor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wijkpeiling.estimation.exact import exact_limits

levels = st.floats(0.5, 0.999)
designs = st.integers(1, 150).flatmap(lambda N: st.tuples(st.just(N), st.integers(1, N)))


@given(N=st.integers(1, 200), level=levels)
def test_a_census_leaves_nothing_to_guess(N, level):
    low, high = exact_limits(N, N, level)
    assert (low == np.arange(N + 1)).all() and (high == low).all()


@given(designs, levels)
def test_the_interval_holds_the_estimate_to_a_whole_unit(design, level):
    # to a whole unit: 98 of 99 in a population of 100 estimates 98.99, where only 99 is likely
    N, n = design
    low, high = exact_limits(N, n, level)
    estimates = [Fraction(x * N, n) for x in range(n + 1)]
    assert all(low[x] <= ceil(estimate) and floor(estimate) <= high[x] for x, estimate in enumerate(estimates))


@given(designs, levels)
def test_none_and_all_bound_the_population_on_their_own_side(design, level):
    N, n = design
    low, high = exact_limits(N, n, level)
    assert low[0] == 0 and high[n] == N
    assert high[0] <= N - n and low[n] >= n


@given(designs, levels)
def test_the_limits_leave_room_for_those_that_were_seen(design, level):
    N, n = design
    low, high = exact_limits(N, n, level)
    yes = np.arange(n + 1)
    assert (low <= high).all() and (low >= yes).all() and (high <= N - (n - yes)).all()


@given(designs, levels)
def test_the_complement_mirrors_the_interval(design, level):
    N, n = design
    low, high = exact_limits(N, n, level)
    assert (low == N - high[::-1]).all()


@given(designs, levels)
def test_limits_never_fall_when_more_say_yes(design, level):
    low, high = exact_limits(*design, level)
    assert (np.diff(low) >= 0).all() and (np.diff(high) >= 0).all()


@given(designs, levels, levels)
def test_a_higher_level_contains_a_lower_one(design, one, other):
    low, high = exact_limits(*design, min(one, other))
    wide_low, wide_high = exact_limits(*design, max(one, other))
    assert (wide_low <= low).all() and (wide_high >= high).all()


@given(designs, levels)
def test_mid_p_lies_within_the_exact_interval(design, level):
    low, high = exact_limits(*design, level)
    mid_low, mid_high = exact_limits(*design, level, mid_p=True)
    assert (mid_low >= low).all() and (mid_high <= high).all()
