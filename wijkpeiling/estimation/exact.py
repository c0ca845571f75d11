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
    _check_sizes(N, n, level)
    return _invert(N, n, np.arange(n + 1), level, *_tails(N, n, mid_p))


def exact_interval(N: int, n: int, count: int, level: float = 0.95) -> Limits[int]:
    """The limits of `exact_limits` for one count, without those for the others."""
    _check_sizes(N, n, level)
    low, high = _invert(N, n, np.array([count]), level, *_tails_of(N, n, count))
    return Limits(int(low[0]), int(high[0]))


def _invert(
    N: int, n: int, counts: np.ndarray, level: float, at_most: np.ndarray, at_least: np.ndarray
) -> Limits[np.ndarray]:
    # a tail that equals alpha/2 but for rounding is not above it
    cut = (1 - level) / 2 * (1 + 1e-12)
    low = (at_least > cut).argmax(axis=0)
    high = N - (at_most > cut)[::-1].argmax(axis=0)
    return _hold_estimate(N, n, counts, low, high)


def _check_sizes(N: int, n: int, level: float) -> None:
    if not 1 <= n <= N:
        raise EstimationError(f"{n} units cannot answer in a population of {N}", expected="1 <= n <= N")
    if not 0 < level < 1:
        raise EstimationError(f"confidence level {level}", expected="between 0 and 1, such as 0.95")
    if (N + 1) * (n + 1) > LARGEST_TABLE:
        raise EstimationError(
            f"an exact interval for {n} of {N} units takes too large a table",
            expected=f"(N + 1)(n + 1) up to {LARGEST_TABLE:,}",
            todo="use the logit interval: at this size they agree",
        )


def _hold_estimate(N: int, n: int, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> Limits[np.ndarray]:
    low, high = np.minimum(low, x * N // n), np.maximum(high, -(-x * N // n))
    is_point = low == high
    return Limits(
        np.where(is_point, np.maximum(low - 1, x), low), np.where(is_point, np.minimum(high + 1, x + N - n), high)
    )


# two bases of unknown size ask for some 150 tables in turn, of a megabyte each: keep the columns that are used
@lru_cache(maxsize=4096)
def _tails_of(N: int, n: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The columns of `_tails` for one count, each of shape (N + 1, 1)."""
    at_most, at_least = _tails(N, n, False)
    return at_most[:, [count]], at_least[:, [count]]


@lru_cache(maxsize=64)
def _tails(N: int, n: int, mid_p: bool) -> tuple[np.ndarray, np.ndarray]:
    """P(X <= x | K) and P(X >= x | K), each of shape (N + 1, n + 1): a row for each K, a column for each x."""
    K = np.arange(N + 1)[:, None]
    x = np.arange(n + 1)[None, :]
    with np.errstate(invalid="ignore"):
        log_pmf = _log_comb(K, x) + _log_comb(N - K, n - x) - _log_comb(np.array(N), np.array(n))
    possible = (x <= K) & (n - x <= N - K)
    pmf = np.exp(np.where(possible, log_pmf, -np.inf))
    own = pmf / 2 if mid_p else 0.0
    at_most = np.cumsum(pmf, axis=1) - own
    at_least = np.cumsum(pmf[:, ::-1], axis=1)[:, ::-1] - own
    return at_most, at_least


def _log_comb(total: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return gammaln(total + 1) - gammaln(chosen + 1) - gammaln(total - chosen + 1)
