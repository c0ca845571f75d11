"""Coverage of the interval for a change of published percentages between two overlapping waves."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy.stats import hypergeom

from wijkpeiling.estimation.change import change_limits, compare, mover, overlap_correlations
from wijkpeiling.estimation.rounded import Case, RoundedShare
from wijkpeiling.figures import feasible_counts

# as 2017 and 2019: fewer municipalities answered twice than chance makes it (144)
N, N_FIRST, N_SECOND, N_OVERLAP = 355, 242, 212, 134
N_SAMPLES = 4000


def population(first, second, agreement):
    """Answers of N units in two waves: shares ``first`` and ``second``, correlated by ``agreement``."""
    n_first, n_second = round(first * N), round(second * N)
    both = first * second + agreement * np.sqrt(first * (1 - first) * second * (1 - second))
    n_both = min(round(both * N), n_first, n_second)
    answers = np.zeros((2, N), dtype=int)
    answers[0, :n_first] = 1
    answers[1, n_first - n_both : n_first - n_both + n_second] = 1
    return answers


def percentage(count, n):
    return (200 * int(count) + n) // (2 * n)


def published_share(count, n):
    pct = percentage(count, n)
    cases = tuple(Case(possible, n, N) for possible in feasible_counts(pct, n))
    return RoundedShare(count / n if len(cases) == 1 else pct / 100, n, N, cases)


def interval(first, second):
    correlations = overlap_correlations(first, second, n_common=N, n_overlap=(N_OVERLAP, N_OVERLAP))
    return mover((first.share, *first.limits()), (second.share, *second.limits()), min(correlations))


@pytest.mark.parametrize(
    ("first", "second", "agreement"),
    [
        (0.83, 0.83, 0.6),
        (0.83, 0.83, 0.0),
        (0.80, 0.70, 0.6),
        (0.50, 0.40, 0.6),
        (0.15, 0.11, 0.6),
        (0.05, 0.05, 0.0),
        (0.03, 0.05, 0.4),
    ],
)
def test_the_interval_covers_the_change_in_the_population_as_often_as_it_says(first, second, agreement):
    answers = population(first, second, agreement)
    truth = (answers[1].sum() - answers[0].sum()) / N
    order = np.random.default_rng(2019).permuted(np.tile(np.arange(N), (N_SAMPLES, 1)), axis=1)
    start = N_FIRST - N_OVERLAP
    counts = np.column_stack(
        [answers[0, order[:, :N_FIRST]].sum(axis=1), answers[1, order[:, start : start + N_SECOND]].sum(axis=1)]
    )
    found, times = np.unique(counts, axis=0, return_counts=True)
    of_first = {count: published_share(count, N_FIRST) for count in np.unique(found[:, 0])}
    of_second = {count: published_share(count, N_SECOND) for count in np.unique(found[:, 1])}
    limits = np.array([interval(of_first[one], of_second[other]) for one, other in found])
    covered = (limits[:, 0] <= truth + 1e-12) & (truth - 1e-12 <= limits[:, 1])
    assert np.average(covered, weights=times) >= 0.94


def test_the_simulated_interval_is_the_one_that_compare_gives():
    first, second = published_share(194, N_FIRST), published_share(148, N_SECOND)
    correlations = overlap_correlations(first, second, n_common=N, n_overlap=(N_OVERLAP, N_OVERLAP))
    change = compare(first, second, correlations.lowest)
    assert (change.ci_low, change.ci_high) == interval(first, second)


@cache
def shares_by_percentage(n):
    """The published share of each whole percentage, and the percentage of each count."""
    pct = np.array([percentage(count, n) for count in range(n + 1)])
    return {int(p): published_share(int(np.flatnonzero(pct == p)[0]), n) for p in np.unique(pct)}, pct


@cache
def limits_of(n_first, n_second, pct_first, pct_second):
    one, other = (shares_by_percentage(n)[0][pct] for n, pct in ((n_first, pct_first), (n_second, pct_second)))
    return change_limits(one, other, 0.0)


def coverage(n_first, n_second, yes_first, yes_second):
    """Over every outcome of two samples with the overlap of chance, where their counts do not correlate."""
    chances = []
    for n, yes in ((n_first, yes_first), (n_second, yes_second)):
        chance = np.bincount(shares_by_percentage(n)[1], hypergeom.pmf(np.arange(n + 1), N, yes, n))
        chances.append([(int(pct), chance[pct]) for pct in np.flatnonzero(chance > 1e-6)])
    truth = (yes_second - yes_first) / N
    limits = [(limits_of(n_first, n_second, a, b), p * q) for (a, p), (b, q) in product(*chances)]
    return sum(chance for (low, high), chance in limits if low - 1e-12 <= truth <= high + 1e-12)


@pytest.mark.parametrize(
    ("first", "second"),
    [(0.75, 0.75), (0.85, 0.85), (0.9, 0.9), (0.95, 0.95), (0.98, 0.98), (0.99, 0.99), (1, 1), (0.6, 1), (0.9, 1)],
)
def test_the_interval_covers_next_to_a_census(first, second):
    sizes = round(first * N), round(second * N)
    yes = [round(p * N) for p in (0.05, 0.07, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)]
    found = {(one, change): coverage(*sizes, one, one + change) for one in yes for change in (-6, -1, 0, 1, 3)}
    assert min(found.values()) >= 0.94, min(found, key=found.get)
