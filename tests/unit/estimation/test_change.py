"""Change between two overlapping waves, against hand calculation and enumeration."""

from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.change import compare, mover, overlap_correlations, possible_overlap
from wijkpeiling.estimation.rounded import Case, RoundedShare
from wijkpeiling.figures import feasible_counts


@dataclass(frozen=True)
class Even:
    """A share with an interval as wide on both sides, growing with the level."""

    share: float
    n: int = 212
    N: int = 355
    variance: float = 0.0004

    def ways(self, level=0.95):
        return [(self.share, self.share - level / 10, self.share + level / 10)]


def exact_share(n_yes, n, N):
    return RoundedShare(n_yes / n, n, N, (Case(n_yes, n, N),))


def published_share(pct, n, N=355):
    return RoundedShare(pct / 100, n, N, tuple(Case(count, n, N) for count in feasible_counts(pct, n)))


def test_without_correlation_mover_squares_and_adds():
    low, high = mover((0.30, 0.26, 0.36), (0.50, 0.41, 0.57), 0.0)
    assert low == pytest.approx(0.20 - sqrt(0.09**2 + 0.06**2))
    assert high == pytest.approx(0.20 + sqrt(0.07**2 + 0.04**2))


def test_mover_with_correlation_equals_hand_calculation():
    low, high = mover((0.30, 0.26, 0.36), (0.50, 0.41, 0.57), 0.5)
    assert low == pytest.approx(0.20 - sqrt(0.09**2 + 0.06**2 - 0.09 * 0.06))
    assert high == pytest.approx(0.20 + sqrt(0.07**2 + 0.04**2 - 0.07 * 0.04))


def test_mover_stays_between_minus_one_and_one():
    assert mover((0.9, 0.1, 1.0), (0.1, 0.0, 0.9), -1.0)[0] == -1.0
    assert mover((0.1, 0.0, 0.9), (0.9, 0.1, 1.0), -1.0)[1] == 1.0


def test_a_share_that_moves_wholly_with_itself_has_not_changed():
    change = compare(Even(0.5), Even(0.5), 1.0)
    assert (change.difference, change.se, change.p_value) == (0.0, 0.0, 1.0)
    assert (change.ci_low, change.ci_high) == pytest.approx((0.0, 0.0), abs=1e-8)


def test_a_share_and_an_independent_other_that_is_equal_have_a_wide_interval_around_zero():
    change = compare(Even(0.5), Even(0.5))
    assert change.se == pytest.approx(sqrt(0.0008))
    assert (change.ci_low, change.ci_high) == pytest.approx((-0.095 * sqrt(2), 0.095 * sqrt(2)))


def test_a_low_correlation_gives_a_wider_interval_than_a_high_one():
    change = compare(Even(0.5), Even(0.6), -0.2)
    assert change.correlation == -0.2
    assert change.se == pytest.approx(sqrt(0.0008 * 1.2))
    assert change.ci_high - change.ci_low > np.ptp(mover((0.5, 0.405, 0.595), (0.6, 0.505, 0.695), 0.4))


def test_the_p_value_is_the_level_at_which_zero_leaves_the_interval():
    # half-widths of level / 10 each: 0 leaves at level * sqrt(2) / 10 = 0.1
    assert compare(Even(0.5), Even(0.6)).p_value == pytest.approx(1 - 1 / sqrt(2), abs=1e-9)


def test_chance_overlap_gives_no_correlation():
    first, second = exact_share(100, 200, 400), exact_share(120, 200, 400)
    assert overlap_correlations(first, second, n_common=400, n_overlap=(100, 100)) == pytest.approx((0, 0), abs=1e-15)


@pytest.mark.parametrize(("n_overlap", "sign"), [(0, -1), (60, -1), (99, -1), (101, 1), (150, 1), (200, 1)])
def test_an_overlap_below_chance_correlates_negatively_and_one_above_positively(n_overlap, sign):
    first, second = exact_share(100, 200, 400), exact_share(120, 200, 400)
    low, high = overlap_correlations(first, second, n_common=400, n_overlap=(n_overlap, n_overlap))
    assert (low < 0 == high) if sign < 0 else (low == 0 < high)


@pytest.mark.parametrize("n_overlap", [(98, 98), (213, 213), (140, 134), (-1, 134), (134, 400)])
def test_an_impossible_overlap_is_refused(n_overlap):
    first, second = exact_share(200, 242, 355), exact_share(176, 212, 355)
    with pytest.raises(EstimationError, match="99 to 212"):
        overlap_correlations(first, second, n_common=355, n_overlap=n_overlap)


def test_a_census_does_not_correlate():
    census, sample = exact_share(100, 200, 200), exact_share(60, 100, 200)
    assert overlap_correlations(census, sample, n_common=200, n_overlap=(100, 100)) == (0.0, 0.0)


def test_for_one_fixed_population_the_covariance_is_that_of_the_literature():
    N, n1, n2, n12, rho = 355, 242, 212, 134, 0.6
    first, second = exact_share(200, n1, N), exact_share(150, n2, N)
    S1, S2 = 0.38, 0.46
    (low, _) = overlap_correlations(first, second, n_common=N, n_overlap=(n12, n12), answers=(rho, rho))
    standard_errors = S1 * sqrt((1 - n1 / N) / n1) * S2 * sqrt((1 - n2 / N) / n2)
    assert low * standard_errors == pytest.approx(rho * S1 * S2 * (n12 / (n1 * n2) - 1 / N), rel=1e-12)


@pytest.mark.parametrize("n_overlap", [1, 2, 3])
def test_the_correlation_is_that_over_every_pair_of_samples(n_overlap):
    y1, y2 = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 1, 0, 0, 1, 0, 0])
    N, n1, n2 = 7, 4, 3
    pairs = [
        (y1[list(one)].mean(), y2[list(other)].mean())
        for one in combinations(range(N), n1)
        for other in combinations(range(N), n2)
        if len({*one} & {*other}) == n_overlap
    ]
    answers = np.corrcoef(y1, y2)[0, 1]
    found = overlap_correlations(
        exact_share(2, n1, N),
        exact_share(1, n2, N),
        n_common=N,
        n_overlap=(n_overlap, n_overlap),
        answers=(answers, answers),
    )
    assert found == pytest.approx([np.corrcoef(np.transpose(pairs))[0, 1]] * 2, abs=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "n_common", "expected"),
    [
        ((5, 10), (5, 10), 10, (0, 5)),
        ((8, 10), (7, 10), 10, (5, 7)),
        ((8, 10), (7, 10), 6, (1, 6)),
        ((242, 388), (212, 355), 343, (54, 212)),
    ],
)
def test_possible_overlap_follows_from_the_sizes(first, second, n_common, expected):
    assert possible_overlap(exact_share(1, *first), exact_share(1, *second), n_common) == expected


def test_two_rounded_censuses_differ_by_what_both_roundings_can_hide():
    # 59 percent of 355 is 208 to 211
    change = compare(published_share(59, 355), published_share(59, 355))
    assert (change.difference, change.p_value) == (0, pytest.approx(1))
    assert (change.ci_low, change.ci_high) == pytest.approx((-3 / 355, 3 / 355), abs=1e-12)


@pytest.mark.parametrize(("pct", "p_value"), [(60, 0.0), (59, 1.0)])
def test_test_and_interval_agree_between_rounded_censuses(pct, p_value):
    # 60 percent of 355 is 212 to 214
    change = compare(published_share(59, 355), published_share(pct, 355))
    assert (change.p_value == 0) == (not change.ci_low <= 0 <= change.ci_high)
    assert change.p_value == pytest.approx(p_value)


@pytest.mark.parametrize(("n", "is_split"), [(212, False), (248, False), (249, True), (355, True)])
def test_a_share_is_split_into_what_it_may_stand_for_next_to_a_census(n, is_split):
    share = published_share(59, n)
    assert (len(share.ways()) > 1) == is_split
    low, high = zip(*(way[1:] for way in share.ways()), strict=True)
    assert (min(low), max(high)) == share.limits()
