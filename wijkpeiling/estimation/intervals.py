"""Confidence intervals for shares, and the rule that chooses among them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit, logit, ndtri, stdtrit

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import LARGEST_TABLE, Case, Limits, exact_intervals

METHODS = ("exact", "logit", "beta", "wilson", "asin", "mean")
# a variance below this part of p(1 - p) / n is 0 but for rounding
NO_VARIANCE = 1e-14


def choose(
    share: np.ndarray,
    se: np.ndarray,
    n: np.ndarray,
    N: np.ndarray,
    is_census: np.ndarray,
    is_simple: np.ndarray,
    is_foretold: np.ndarray,
    is_thin: np.ndarray,
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
    is_simple
        Whether it is a simple random sample from a known ``N``: one stratum, nobody outside the base.
    is_foretold
        Whether weights are N_h / n_h, in strata that are not thin.
    is_thin
        Whether there are many strata for so few respondents.

    Returns
    -------
    ndarray of str
        The first that applies: ``none`` without answers; ``census``; ``exact`` for a simple sample, as long as the
        table of tail probabilities stays small; ``predictive`` for weights N_h / n_h; ``beta`` where strata are thin
        or the answers show no variance (0%, 100%, or an item that the strata decide); otherwise ``logit``.
    """
    can_be_exact = (n < N) & ((N + 1) * (n + 1) <= LARGEST_TABLE)
    rules = [n == 0, is_census, is_simple & can_be_exact, is_foretold, is_thin | has_no_variance(share, se, n)]
    return np.select(rules, ["none", "census", "exact", "predictive", "beta"], "logit")


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
) -> Limits[np.ndarray]:
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
    Limits
        Of the shape of the shares, 0-1. Width 0 for a census only: where the answers show no variance, ``logit``,
        ``asin`` and ``mean`` give the ``beta`` interval. Not a number for ``none``.

    Raises
    ------
    EstimationError
        For an unknown method or level, or ``exact`` for a process.

    Notes
    -----
    With t the quantile of Student's t for ``df``, v = se^2 and f = n/N:

    - ``exact``: hypergeometric test inversion, see `wijkpeiling.estimation.exact`. Not for unequal weights, nor where
      ``N`` is an estimate: `wijkpeiling.estimation.predictive` is for these, and needs the counts per stratum.
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
    parts = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (share, se, df, n, N)))
    estimate = _Estimate(level, *parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = _LIMITS[method](estimate)
        if method in ("logit", "asin", "mean"):
            flat = has_no_variance(estimate.share, estimate.se, estimate.n)
            low[flat], high[flat] = _beta(_Estimate(level, *(part[flat] for part in parts)))
    return Limits(low, high)


@dataclass(frozen=True, eq=False)
class _Estimate:
    """Shares of one shape, with what the limits are made of."""

    level: float
    share: np.ndarray
    se: np.ndarray
    df: np.ndarray
    n: np.ndarray
    N: np.ndarray

    @property
    def spread(self) -> np.ndarray:
        return self.share * (1 - self.share)

    @property
    def half(self) -> np.ndarray:
        """Half the width of the symmetric interval."""
        return _t(self.df, self.level) * self.se

    @property
    def effective_n(self) -> np.ndarray:
        unvaried = self.n / np.where(self.n < self.N, 1 - self.n / self.N, 1.0)
        plain = np.where(has_no_variance(self.share, self.se, self.n), unvaried, self.spread / self.se**2)
        fewer = np.where(self.df > 0, _t(self.n - 1, self.level) / _t(self.df, self.level), 0.0)
        return plain * fewer**2


def _t(df: np.ndarray, level: float) -> np.ndarray:
    """The quantile of Student's t; infinite without degrees of freedom."""
    # hundreds of shares have a few dozen different degrees of freedom, and the quantile is the slowest step
    distinct, place = np.unique(df, return_inverse=True)
    quantile = np.where(distinct > 0, stdtrit(np.maximum(distinct, 1), (1 + level) / 2), np.inf)
    return quantile[place].reshape(df.shape)


def _exact(e: _Estimate) -> Limits[np.ndarray]:
    if not np.isfinite(e.N).all():
        raise EstimationError("an exact interval for a process", todo="use the logit or the beta interval")
    # a p-value asks for one share at dozens of levels: of each only its own row of the table of tail probabilities
    counts = np.rint([e.share * e.n, e.n, e.N]).astype(int).reshape(3, -1)
    cases = [Case(*case) for case in counts.T.tolist()]
    distinct = list(dict.fromkeys(cases))
    rows = max(LARGEST_TABLE // (int(counts[2].max(initial=0)) + 1), 1)
    limits: dict[Case, tuple[int, int]] = {}
    for block in (tuple(distinct[first : first + rows]) for first in range(0, len(distinct), rows)):
        limits |= dict(zip(block, zip(*exact_intervals(block, e.level), strict=True), strict=True))
    low, high = np.array([limits[case] for case in cases], dtype=float).reshape(-1, 2).T / counts[2]
    return Limits(low.reshape(e.N.shape), high.reshape(e.N.shape))


def _logit(e: _Estimate) -> Limits[np.ndarray]:
    half = e.half / e.spread
    return Limits(expit(logit(e.share) - half), expit(logit(e.share) + half))


def _beta(e: _Estimate) -> Limits[np.ndarray]:
    yes, no, tail = e.effective_n * e.share, e.effective_n * (1 - e.share), (1 - e.level) / 2
    low = np.where(yes > 0, betaincinv(yes, no + 1, tail), 0.0)
    high = np.where(no > 0, betaincinv(yes + 1, no, 1 - tail), 1.0)
    return Limits(low, high)


def _wilson(e: _Estimate) -> Limits[np.ndarray]:
    n, z = e.effective_n, ndtri((1 + e.level) / 2)
    half = z * np.sqrt(e.spread * n + z**2 / 4)
    middle, whole = n * e.share + z**2 / 2, n + z**2
    return Limits(np.maximum(middle - half, 0) / whole, np.minimum(middle + half, whole) / whole)


def _asin(e: _Estimate) -> Limits[np.ndarray]:
    angle, half = np.arcsin(np.sqrt(e.share)), e.half / (2 * np.sqrt(e.spread))
    return Limits(np.sin(np.maximum(angle - half, 0)) ** 2, np.sin(np.minimum(angle + half, np.pi / 2)) ** 2)


def _mean(e: _Estimate) -> Limits[np.ndarray]:
    return Limits(np.maximum(e.share - e.half, 0), np.minimum(e.share + e.half, 1))


def _census(e: _Estimate) -> Limits[np.ndarray]:
    return Limits(e.share, e.share)


def _none(e: _Estimate) -> Limits[np.ndarray]:
    return Limits(np.full_like(e.share, np.nan), np.full_like(e.share, np.nan))


_LIMITS: dict[str, Callable[[_Estimate], Limits[np.ndarray]]] = {
    "exact": _exact,
    "logit": _logit,
    "beta": _beta,
    "wilson": _wilson,
    "asin": _asin,
    "mean": _mean,
    "census": _census,
    "none": _none,
}
