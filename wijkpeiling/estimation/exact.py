"""Exact intervals for a count in a finite population."""

from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from scipy.special import gammaln

from wijkpeiling.errors import EstimationError

# the table of tail probabilities has (N + 1)(n + 1) cells
LARGEST_TABLE = 4_000_000

Limit = TypeVar("Limit", int, float, np.ndarray)


class Limits(NamedTuple, Generic[Limit]):
    """The lower and the upper end of an interval, or arrays with those of many intervals."""

    low: Limit
    high: Limit


class Case(NamedTuple):
    """One way a published percentage can have come about: ``n_yes`` of ``n`` respondents out of ``N`` units."""

    n_yes: int
    n: int
    N: int


def exact_limits(N: int, n: int, level: float = 0.95, *, mid_p: bool = False) -> Limits[np.ndarray]:
    """Confidence limits for the count in the population, for every count a sample can give.

    Parameters
    ----------
    N
        Units in the population, at least 1.
    n
        Units in the sample, 1 to ``N``.
    level
        Confidence level, between 0 and 1.
    mid_p
        Count the observed outcome for half. Shorter, but covers less than ``level`` for some populations.

    Returns
    -------
    Limits
        Integer arrays of shape (n + 1,): the limits for the number of units with the property among the ``N``
        when 0, 1, ..., n of the sample have it.

    Raises
    ------
    EstimationError
        When ``n`` or ``level`` is out of range, or ``N * n`` is too large for the table of tail probabilities.

    Notes
    -----
    Test inversion with equal tails (Buonaccorsi 1987): with X hypergeometric(N, K, n), ``low`` is the smallest K
    with P(X >= x | K) > alpha/2 and ``high`` the largest K with P(X <= x | K) > alpha/2. Covers at least ``level``
    under simple random sampling without replacement. A census (n = N) has width 0, and nothing else has: next to a
    census, where the test leaves one K, its neighbours that the sample allows are let in, as is the estimate itself.

    Not for weighted data, nor for a count that is not a whole number.
    """
    _check_sizes(N, n, n + 1)
    return exact_intervals(tuple(Case(count, n, N) for count in range(n + 1)), level, mid_p=mid_p)


def exact_intervals(cases: tuple[Case, ...], level: float = 0.95, *, mid_p: bool = False) -> Limits[np.ndarray]:
    """The limits of `exact_limits` for each of several cases, of samples and populations of any size."""
    if not 0 < level < 1:
        raise EstimationError(f"confidence level {level}", expected="between 0 and 1, such as 0.95")
    x, n, N, at_least, from_top = _tails(cases, mid_p)
    # a tail that equals alpha/2 but for rounding is not above it
    cut = (1 - level) / 2 * (1 + 1e-12)
    low, high = (at_least > cut).argmax(axis=1), N - (from_top > cut).argmax(axis=1)
    low, high = np.minimum(low, x * N // n), np.maximum(high, -(-x * N // n))
    is_point = low == high
    return Limits(
        np.where(is_point, np.maximum(low - 1, x), low), np.where(is_point, np.minimum(high + 1, x + N - n), high)
    )


class TailChances(NamedTuple):
    """Chances of at least, and of at most, the count that was seen."""

    at_least: float
    at_most: float


def tail_chances(case: Case, K: int) -> TailChances:
    """P(X >= x | K) and P(X <= x | K) for the count x of a case: what its limits are held against alpha/2 by."""
    tails = _tails((case,), mid_p=False)
    return TailChances(float(tails.at_least[0, K]), float(tails.from_top[0, case.N - K]))


class _Tails(NamedTuple):
    """Cases with, a row for each, P(X >= x | K) from K = 0 up and P(X <= x | K) from K = N down."""

    x: np.ndarray
    n: np.ndarray
    N: np.ndarray
    at_least: np.ndarray
    from_top: np.ndarray


# a share over a base of unknown size has some 150 cases, and a table of a megabyte
@lru_cache(maxsize=64)
def _tails(cases: tuple[Case, ...], mid_p: bool) -> _Tails:
    for n, N in {(case.n, case.N) for case in cases}:
        _check_sizes(N, n, len(cases))
    x, n, N = np.array(cases).T
    # few with the property is many without it
    tails = [_at_least(count, n, N) for count in (x, n - x)]
    if mid_p:
        tails = [(tail + _at_least(count + 1, n, N)) / 2 for tail, count in zip(tails, (x, n - x), strict=True)]
    return _Tails(x, n, N, *tails)


def _check_sizes(N: int, n: int, n_cases: int) -> None:
    if not 1 <= n <= N:
        raise EstimationError(f"{n} units cannot answer in a population of {N}", expected="1 <= n <= N")
    if (N + 1) * n_cases > LARGEST_TABLE:
        raise EstimationError(
            f"an exact interval for {n} of {N} units takes too large a table",
            expected=f"(N + 1)(n + 1) up to {LARGEST_TABLE:,}",
            todo="use the logit interval: at this size they agree",
        )


def _at_least(x: np.ndarray, n: np.ndarray, N: np.ndarray) -> np.ndarray:
    """P(X >= x | K), a row for each case, K = 0, 1, ... in the columns; summed from its small end.

    One unit more with the property adds the samples that hold it and x - 1 of the others:
    C(K, x - 1) C(N - 1 - K, n - x) / C(N, n).
    """
    x, n, N = (part[:, None] for part in (x, n, N))
    K = np.arange(N.max())
    is_possible = (x - 1 >= 0) & (x - 1 <= K) & (n - x >= 0) & (n - x <= N - 1 - K)
    with np.errstate(invalid="ignore"):
        log_added = _log_comb(K, x - 1) + _log_comb(N - 1 - K, n - x) - _log_comb(N, n)
    added = np.exp(np.where(is_possible, log_added, -np.inf))
    return np.cumsum(np.hstack([x <= 0, added]), axis=1)


def _log_comb(total: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return gammaln(total + 1) - gammaln(chosen + 1) - gammaln(total - chosen + 1)
