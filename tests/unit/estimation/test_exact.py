"""Exact limits against enumeration in exact arithmetic."""

from fractions import Fraction
from functools import cache
from itertools import combinations
from math import ceil, comb, floor

import numpy as np
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation import intervals
from wijkpeiling.estimation.exact import exact_limits

SMALL = [(1, 1), (2, 1), (5, 3), (12, 5), (17, 17), (20, 7), (29, 28), (40, 1), (41, 23)]
LEVELS = ["0.5", "0.8", "0.9", "0.95", "0.99"]
DESIGNS = [(20, 7, "0.95"), (30, 29, "0.99"), (40, 1, "0.95"), (61, 38, "0.9"), (120, 60, "0.95"), (355, 212, "0.95")]


@cache
def chance(N, K, n, x):
    """P(X = x) for a sample of n out of N units of which K say yes."""
    return Fraction(comb(K, x) * comb(N - K, n - x), comb(N, n))


def tails(N, K, n, x, mid_p=False):
    own = chance(N, K, n, x) / 2 if mid_p else 0
    at_most = sum(chance(N, K, n, i) for i in range(x + 1)) - own
    at_least = sum(chance(N, K, n, i) for i in range(x, n + 1)) - own
    return at_most, at_least


def enumerated_limits(N, n, level, mid_p=False):
    alpha = 1 - Fraction(level)
    low, high = [], []
    for x in range(n + 1):
        both = [tails(N, K, n, x, mid_p) for K in range(N + 1)]
        lowest = min(K for K, (_, at_least) in enumerate(both) if at_least > alpha / 2)
        highest = max(K for K, (at_most, _) in enumerate(both) if at_most > alpha / 2)
        estimate = Fraction(x * N, n)
        lowest, highest = min(lowest, floor(estimate)), max(highest, ceil(estimate))
        if lowest == highest:
            lowest, highest = max(lowest - 1, x), min(highest + 1, N - (n - x))
        low.append(lowest)
        high.append(highest)
    return low, high


@pytest.mark.parametrize(("N", "n"), [(29, 28), (100, 99), (355, 354), (5, 4), (2, 1)])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_only_a_census_has_width_0(N, n, level):
    low, high = exact_limits(N, n, level)
    assert (low < high).all()
    x = np.arange(n + 1)
    assert ((low <= x * N / n) & (x * N / n <= high)).all()


def coverage(N, n, level, mid_p=False):
    """The chance that the interval holds K, for every K."""
    low, high = exact_limits(N, n, float(level), mid_p=mid_p)
    counts = range(n + 1)
    return [sum(chance(N, K, n, x) for x in counts if low[x] <= K <= high[x]) for K in range(N + 1)]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("N", "n"), SMALL)
def test_limits_equal_enumeration_in_exact_arithmetic(N, n, level):
    low, high = exact_limits(N, n, float(level))
    assert (low.tolist(), high.tolist()) == enumerated_limits(N, n, level)


@pytest.mark.parametrize("level", ["0.8", "0.95"])
@pytest.mark.parametrize(("N", "n"), [(5, 3), (20, 7), (41, 23)])
def test_mid_p_limits_equal_enumeration_in_exact_arithmetic(N, n, level):
    low, high = exact_limits(N, n, float(level), mid_p=True)
    assert (low.tolist(), high.tolist()) == enumerated_limits(N, n, level, mid_p=True)


@pytest.mark.parametrize("K", range(10))
def test_every_sample_of_a_small_population_counts_towards_coverage(K):
    N, n = 9, 5
    low, high = exact_limits(N, n, 0.8)
    counts = [sum(unit < K for unit in sample) for sample in combinations(range(N), n)]
    assert np.mean([low[x] <= K <= high[x] for x in counts]) >= 0.8


@pytest.mark.parametrize(("N", "n", "level"), DESIGNS)
def test_coverage_is_never_below_the_level(N, n, level):
    assert min(coverage(N, n, level)) >= Fraction(level)


@pytest.mark.parametrize(("N", "n", "level"), [(61, 38, "0.9"), (120, 60, "0.95"), (355, 212, "0.95")])
def test_mid_p_is_shorter_and_covers_less_than_the_level_for_some_populations(N, n, level):
    low, high = exact_limits(N, n, float(level))
    mid_low, mid_high = exact_limits(N, n, float(level), mid_p=True)
    assert (mid_low >= low).all() and (mid_high <= high).all()
    assert (mid_high - mid_low).sum() < (high - low).sum()
    assert min(coverage(N, n, level, mid_p=True)) < Fraction(level) <= min(coverage(N, n, level))


def test_nobody_of_212_leaves_less_than_one_percent_of_342():
    _, high = exact_limits(342, 212)
    assert high[0] == 3


@pytest.mark.parametrize(("N", "n"), [(10, 0), (10, -1), (10, 11), (0, 0), (0, 1)])
def test_an_impossible_sample_is_refused(N, n):
    with pytest.raises(EstimationError, match=f"{n} units cannot answer in a population of {N}"):
        exact_limits(N, n)


@pytest.mark.parametrize("level", [0, 1, -0.1, 1.5, 95, float("nan")])
def test_an_impossible_level_is_refused(level):
    with pytest.raises(EstimationError, match=f"confidence level {level}"):
        exact_limits(10, 5, level)


def test_a_table_that_would_fill_the_memory_is_refused_with_an_alternative():
    with pytest.raises(EstimationError, match="logit interval"):
        exact_limits(100_000, 50_000)


@pytest.mark.parametrize("largest", [None, 500])
def test_shares_of_any_sizes_at_once_have_the_limits_of_each_alone(monkeypatch, largest):
    # a table that holds a share or two makes blocks of them
    if largest:
        monkeypatch.setattr(intervals, "LARGEST_TABLE", largest)
    generator = np.random.default_rng(5)
    N = generator.integers(2, 200, 60)
    n = generator.integers(1, N)
    yes = generator.integers(0, n + 1)
    low, high = intervals.interval("exact", yes / n, yes * 0, n - 1, n, N)
    alone = [
        (limits.low[x] / of, limits.high[x] / of) for x, of, limits in zip(yes, N, map(exact_limits, N, n), strict=True)
    ]
    assert list(zip(low, high, strict=True)) == alone
