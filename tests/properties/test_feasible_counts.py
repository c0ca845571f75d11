"""Counts that a whole percentage can stand for, against every count there is."""

from collections import Counter
from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from wijkpeiling.figures import feasible_counts

percentages = st.integers(0, 100)
# bases over which halves fall, among others
bases = st.one_of(st.integers(1, 600), st.sampled_from([8, 40, 200, 400, 1000]))
HALF = Fraction(1, 2)


def roundings(count, n):
    """Whole percentages that ``count`` of ``n`` is rounded to: half up, half to even, half down."""
    pct = Fraction(100 * count, n)
    return {floor(pct + HALF), round(pct), ceil(pct - HALF)}


@given(percentages, bases)
def test_exactly_the_counts_that_round_to_the_percentage_are_found(pct, n):
    assert feasible_counts(pct, n) == [count for count in range(n + 1) if pct in roundings(count, n)]


@given(percentages, bases)
def test_every_count_found_lies_within_half_a_point(pct, n):
    assert all(abs(Fraction(100 * count, n) - pct) <= HALF for count in feasible_counts(pct, n))


@given(bases)
def test_every_count_fits_one_percentage_or_two_at_a_half(n):
    times = Counter(count for pct in range(101) for count in feasible_counts(pct, n))
    is_half = {count: Fraction(100 * count, n) % 1 == HALF for count in range(n + 1)}
    assert times == {count: 2 if is_half[count] else 1 for count in range(n + 1)}


@given(percentages, bases)
def test_the_complement_mirrors_the_counts(pct, n):
    assert feasible_counts(pct, n) == [n - count for count in reversed(feasible_counts(100 - pct, n))]
