"""Confidence intervals for shares, and the rule that chooses among them."""

import numpy as np
from scipy.special import betaincinv, expit, logit, ndtri, stdtrit

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import LARGEST_TABLE, exact_limits

METHODS = ("exact", "logit", "beta", "wilson", "asin", "mean")
# a variance below this part of p(1 - p) / n is 0 but for rounding
NO_VARIANCE = 1e-14


def choose(
    share: np.ndarray, se: np.ndarray, n: np.ndarray, N: np.ndarray, is_census: np.ndarray, is_self_weighted: np.ndarray
) -> np.ndarray:
    """Name the interval method for each share.

    Parameters
    ----------
    share, se
        Shares, 0-1, and their standard errors; arrays of one shape, as all the others.
    n, N
        Answers, and the municipalities they stand for.
    is_census
        Whether every one of the ``N`` answered.
    is_self_weighted
        Whether all weights are equal and the target is a finite population.

    Returns
    -------
    ndarray of str
        The first that applies: ``none`` without answers; ``census``; ``exact`` for equal weights, as long as the
        table of tail probabilities stays small; ``beta`` where the answers show no variance (0%, 100%, or an item
        that the strata decide); otherwise ``logit``.
    """
    fits_table = (N + 1) * (n + 1) <= LARGEST_TABLE
    rules = [n == 0, is_census, is_self_weighted & fits_table, has_no_variance(share, se, n)]
    return np.select(rules, ["none", "census", "exact", "beta"], "logit")


def has_no_variance(share: np.ndarray, se: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Whether a standard error is 0 but for rounding."""
    return se**2 <= NO_VARIANCE * share * (1 - share) / np.maximum(n, 1)


def interval(
    method: str,
    share: np.ndarray,
    se: np.ndarray,
    df: np.ndarray,
    n: np.ndarray,
    N: np.ndarray,
    level: float = 0.95,
) -> tuple[np.ndarray, np.ndarray]:
    """Confidence limits for shares, all by one method.

    Parameters
    ----------
    method
        One of ``METHODS``, or ``census`` and ``none`` as `choose` gives them.
    share, se, df
        Shares, 0-1, their standard errors and degrees of freedom; 0 degrees give the interval [0, 1].
    n, N
        Answers, and the municipalities they stand for (infinite where the target is the process).
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    low, high
        Limits, 0-1. Width 0 for a census only: where the answers show no variance, ``logit``, ``asin`` and ``mean``
        give the ``beta`` interval. Not a number for ``none``.

    Raises
    ------
    EstimationError
        For an unknown method or level, or ``exact`` for a process.

    Notes
    -----
    With t the quantile of Student's t for ``df``, v = se^2 and f = n/N:

    - ``exact``: hypergeometric test inversion, see `wijkpeiling.estimation.exact`. Not for unequal weights.
    - ``logit``: expit(logit p +- t se / (p (1 - p))); R's ``xlogit``. Not for fewer than about 5 on either side.
    - ``beta``: Clopper-Pearson with n_eff = p (1 - p) / v (t_{n-1} / t_df)^2 (Korn & Graubard 1998); without variance
      n / (1 - f) takes the place of p (1 - p) / v, as the correction makes an answer count for more.
    - ``wilson``: Wilson's score interval with the same n_eff (Franco, Little, Louis & Slud 2019).
    - ``asin``: sin^2(asin sqrt p +- t se / (2 sqrt(p (1 - p)))), cut at 0 and 1, where R folds back.
    - ``mean``: p +- t se, cut at 0 and 1. For comparison only: it covers too little below 10% and above 90%.
    """
    if not 0 < level < 1:
        raise EstimationError(f"confidence level {level}", expected="between 0 and 1, such as 0.95")
    if method not in _LIMITS:
        raise EstimationError(f"interval method {method!r}", expected="one of " + ", ".join(METHODS))
    share, se, df, n, N = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (share, se, df, n, N)))
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = _LIMITS[method](share, se, df, n, N, level)
        if method in ("logit", "asin", "mean"):
            flat = has_no_variance(share, se, n)
            if flat.any():
                low_flat, high_flat = _beta(share, se, df, n, N, level)
                low, high = np.where(flat, low_flat, low), np.where(flat, high_flat, high)
    return low, high


def _quantile(df, level):
    # hundreds of shares have a few dozen different degrees of freedom, and the quantile is the slowest step
    distinct, place = np.unique(df, return_inverse=True)
    return np.where(distinct > 0, stdtrit(np.maximum(distinct, 1), (1 + level) / 2), np.inf)[place].reshape(df.shape)


def _exact(share, se, df, n, N, level):
    if not np.isfinite(N).all():
        raise EstimationError("an exact interval for a process", todo="use the logit or the beta interval")
    low, high = np.empty_like(share), np.empty_like(share)
    for place in np.ndindex(share.shape):
        size, answers = round(N[place]), round(n[place])
        limits = exact_limits(size, answers, level)
        low[place], high[place] = (limit[round(share[place] * answers)] / size for limit in limits)
    return low, high


def _logit(share, se, df, n, N, level):
    half = _quantile(df, level) * se / (share * (1 - share))
    return expit(logit(share) - half), expit(logit(share) + half)


def _effective_n(share, se, df, n, N, level):
    unvaried = n / np.where(N > n, 1 - n / N, 1.0)
    plain = np.where(has_no_variance(share, se, n), unvaried, share * (1 - share) / se**2)
    return plain * np.where(df > 0, _quantile(n - 1, level) / _quantile(df, level), 0.0) ** 2


def _beta(share, se, df, n, N, level):
    size = _effective_n(share, se, df, n, N, level)
    yes, no, tail = size * share, size * (1 - share), (1 - level) / 2
    low = np.where(yes > 0, betaincinv(yes, no + 1, tail), 0.0)
    high = np.where(no > 0, betaincinv(yes + 1, no, 1 - tail), 1.0)
    return low, high


def _wilson(share, se, df, n, N, level):
    size, z = _effective_n(share, se, df, n, N, level), ndtri((1 + level) / 2)
    half = z * np.sqrt(share * (1 - share) * size + z**2 / 4)
    middle, whole = size * share + z**2 / 2, size + z**2
    return np.maximum(middle - half, 0) / whole, np.minimum(middle + half, whole) / whole


def _asin(share, se, df, n, N, level):
    angle = np.arcsin(np.sqrt(share))
    half = _quantile(df, level) * se / (2 * np.sqrt(share * (1 - share)))
    return np.sin(np.maximum(angle - half, 0)) ** 2, np.sin(np.minimum(angle + half, np.pi / 2)) ** 2


def _mean(share, se, df, n, N, level):
    half = _quantile(df, level) * se
    return np.maximum(share - half, 0), np.minimum(share + half, 1)


def _census(share, se, df, n, N, level):
    return share, share


def _none(share, se, df, n, N, level):
    return np.full_like(share, np.nan), np.full_like(share, np.nan)


_LIMITS = {
    "exact": _exact,
    "logit": _logit,
    "beta": _beta,
    "wilson": _wilson,
    "asin": _asin,
    "mean": _mean,
    "census": _census,
    "none": _none,
}
