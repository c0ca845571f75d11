"""The interval of each share of a wave: the method that fits it, and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijkpeiling.estimation.exact import Limits
from wijkpeiling.estimation.intervals import choose, interval
from wijkpeiling.estimation.predictive import Counts, predictive_limits

if TYPE_CHECKING:
    from wijkpeiling.estimation.shares import Shares

# respondents per square of the number of strata, below which one added answer is too little for all of them
THIN = 1.5


def methods_of(result: Shares) -> np.ndarray:
    """Shape (D, k): the interval method of each share, by `intervals.choose`."""
    design, counts = result.design, stratum_counts(result)
    shape = result.share.shape
    several = counts.in_play.sum(axis=-1) > 1
    is_thin = several & (design.n < THIN * (design.sampled < 1).sum() ** 2)
    is_simple = ~several & counts.is_whole & design.is_plain & (design.target == "population")
    N = np.broadcast_to(np.rint(result.N)[:, None], shape)
    return choose(
        result.share, result.se, result.n, N, result.is_census, is_simple, design.is_plain & ~is_thin, is_thin
    )


def limits(result: Shares, methods: np.ndarray, level: float) -> Limits[np.ndarray]:
    """Lower and upper limits, shape (D, k), each by its own method.

    Parameters
    ----------
    methods
        Shape (D, k): ``predictive``, or as `intervals.interval` has them.
    level
        Confidence level, between 0 and 1.
    """
    low, high = np.full((2, *result.share.shape), np.nan)
    N = np.rint(result.N) if result.design.target == "population" else np.full(len(result.N), np.inf)
    N = np.broadcast_to(N[:, None], low.shape)
    for name in np.unique(methods):
        at = methods == name
        if name == "predictive":
            low[at], high[at] = predictive_limits(stratum_counts(result)[at], result.share[at], level)
        else:
            share, se, df = result.share[at], result.se[at], result.df[at]
            low[at], high[at] = interval(name, share, se, df, result.n[at], N[at], level)
    return Limits(low, high)


def stratum_counts(result: Shares) -> Counts:
    """What was seen of each share in each stratum, arrays of shape (D, k, H).

    Notes
    -----
    Where a domain has all respondents of its strata, a missing answer counts as silence: the number of municipalities
    is known. Elsewhere those that gave none are outside, as in the estimate.
    """
    cells, frame = result.cells, result.frame
    H = len(result.design.labels)
    strata = [cells.stratum == h for h in range(H)]
    yes, answered = (
        np.stack([cells.member[at].T @ part[at] for at in strata], axis=-1) for part in (cells.yes, cells.answered)
    )
    everyone = ((frame.inside == frame.n) | (frame.inside == 0)).all(axis=1)[:, None, None]
    n, N, inside = (part[:, None, :] for part in (frame.n, frame.N, frame.inside))
    other = np.where(everyone, n - inside, n - answered)
    unobserved = N - n + np.where(everyone, inside - answered, 0)
    if result.design.target == "process":
        unobserved = np.where(N > 0, np.inf, 0.0)
    return Counts(yes, answered - yes, other, np.broadcast_to(unobserved, yes.shape), np.broadcast_to(N, yes.shape))
