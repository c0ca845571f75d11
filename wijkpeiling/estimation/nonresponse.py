"""What the municipalities that did not answer could do to a share."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ncfdtr

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import Limits

# part of the largest singular value, or of the variance, below which the rest is rounding
REPEATED = 1e-10
TAIL = 0.025


class RIndicator(NamedTuple):
    """How evenly groups answered, 0 to 1, with its 95% interval; not a number where nothing is left to chance.

    ``uncorrected`` still has in it the spread that chance gives to the response of groups.
    """

    value: float
    low: float
    high: float
    uncorrected: float


def worst_case(count: np.ndarray, n: np.ndarray, nonrespondents: np.ndarray) -> Limits[np.ndarray]:
    """Bound the share without any assumption about those who did not answer.

    Parameters
    ----------
    count, n
        Yes answers, and answers; arrays of one shape.
    nonrespondents
        Municipalities that could belong to the base and gave no answer: all that took no part, and those that left
        the item open.

    Returns
    -------
    Limits
        The share when all of them belong to the base and say no, and when all say yes, 0-1; not a number where there
        is no municipality at all.

    Notes
    -----
    count / (n + m) and (count + m) / (n + m), with m non-respondents (Manski 1989; METHOD M5 and M19). Holds for any
    weights, since it counts municipalities; for a base of unknown size too, since the share lies within these bounds
    for every number of non-respondents that belongs to it. It is no confidence interval.
    """
    count, everyone = np.asarray(count), np.asarray(n) + nonrespondents
    with np.errstate(invalid="ignore"):
        return Limits(count / everyone, (count + nonrespondents) / everyone)


def r_indicator(response: pd.DataFrame) -> RIndicator:
    """How evenly groups of municipalities answered.

    Parameters
    ----------
    response
        A row for each combination of groups: columns ``n`` and ``N``, respondents and municipalities, and a column for
        each division into groups, such as ``size_class`` and ``provincie``.

    Returns
    -------
    RIndicator
        1 where every group answered equally well; 0 at its worst.

    Raises
    ------
    EstimationError
        When there is no municipality, or a row has more respondents than municipalities.

    Notes
    -----
    R = 1 - 2 S, with S the standard deviation of the response propensities over all N municipalities, divisor N - 1
    (Schouten, Cobben & Bethlehem 2009). The propensities are linear in the groups (identity link: Bianchi et al. 2019),
    without interactions; with one division they are the response rates of its groups. Chance alone spreads estimated
    propensities, so that S^2 is too large (Shlomo, Skinner & Schouten 2012). With K free parameters, E the sum of
    squares that the groups explain and U the rest

        S^2 = (E - (K - 1) U / (N - K)) / (N - 1), or 0 where that is negative.

    The interval holds the S for which the F-test of equal response would neither be rejected for too large nor for too
    small a spread: noncentral F with noncentrality (N - 1) S^2 over the rest of the variance (Steiger 2004); an F below
    1 counts as 1 for the lower limit of R.

    Says nothing about differences within the groups. Not for more groups than about a tenth of the municipalities.
    """
    cells = response[response["N"] != 0]
    n, N = cells["n"].to_numpy(dtype=float), cells["N"].to_numpy(dtype=float)
    _check_response(n, N)
    groups = pd.get_dummies(cells.drop(columns=["n", "N"]).astype(str), dtype=float)
    total, root = N.sum(), np.sqrt(N)
    deviation = root * (n / N - n.sum() / total)
    left, singular, _ = np.linalg.svd(root[:, None] * groups.to_numpy().reshape(len(N), -1), full_matrices=False)
    space = left[:, singular > REPEATED * singular.max(initial=0)]
    explained, whole = float(((space.T @ deviation) ** 2).sum()), float(n.sum() * (1 - n.sum() / total))
    between, within = space.shape[1] - 1, total - space.shape[1]
    rest = max(whole - explained, 0.0) / within if within > 0 else 0.0
    if between < 1 or rest <= REPEATED * whole:
        # one group, everybody answered, or the groups decide who did: nothing is left to chance
        known = _indicator(explained, total)
        return RIndicator(known, np.nan, np.nan, known)
    least, most = _noncentrality(explained / between / rest, between, within)
    low, high = (_indicator(part / (part + total) * whole, total) for part in (most, least))
    return RIndicator(_indicator(explained - between * rest, total), low, high, _indicator(explained, total))


def response_tests(n: np.ndarray, N: np.ndarray) -> np.ndarray:
    """Whether each group answered as often as the others.

    Parameters
    ----------
    n, N
        Shape (H,): respondents and municipalities per group.

    Returns
    -------
    ndarray
        Shape (H,): two-sided p-values, before any correction for their number.

    Notes
    -----
    Fisher's exact test of a group against all others: the chance, if all answered equally well, of as many or as few
    respondents in it, the smaller of both doubled.
    """
    # slow to import, and only a wave with answers needs it
    from scipy.stats import hypergeom

    everyone = hypergeom(np.sum(N), np.sum(n), np.asarray(N))
    return np.minimum(2 * np.minimum(everyone.cdf(n), everyone.sf(np.asarray(n) - 1)), 1)


def kish_effect(weights: np.ndarray) -> float:
    """The factor by which unequal weights enlarge a variance that has nothing to do with them; 1 where all are equal.

    Notes
    -----
    n sum w^2 / (sum w)^2 (Kish 1965). A rule of thumb: weighing by a size class that tells what was answered costs
    less, or gains. The variances of shares do not use it.
    """
    weights = np.asarray(weights, dtype=float)
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def largest_change(weights: np.ndarray) -> float:
    """By how much, at most, weights can move a share of any of those they are given to, 0-1.

    Notes
    -----
    With k the largest weight over the smallest, p k/(p k + 1 - p) - p is largest at p = 1/(1 + sqrt k), where it is
    (sqrt k - 1)/(sqrt k + 1): everybody with the property has the largest weight, all others the smallest. It needs no
    answers, so that it can be told of a share that is protected.
    """
    root = float(np.sqrt(np.max(weights) / np.min(weights)))
    return (root - 1) / (root + 1)


def sensitivity(share: np.ndarray, response: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """The share when those who did not answer differ from those who did.

    Parameters
    ----------
    share
        Estimated share, or a limit of its interval, 0-1; any shape that broadcasts with the others.
    response
        Part of the municipalities that answered, 0-1.
    difference
        Share among those who did not answer minus the share among those who did, -1 to 1.

    Returns
    -------
    ndarray
        f p + (1 - f) (p + d), with p + d kept within 0 and 1.
    """
    share, response = np.asarray(share), np.asarray(response)
    return response * share + (1 - response) * np.clip(share + difference, 0, 1)


def _check_response(n: np.ndarray, N: np.ndarray) -> None:
    wrong = ~((n >= 0) & (n <= N))
    if wrong.any() or not len(N):
        h = wrong.argmax() if len(N) else 0
        raise EstimationError(
            f"{n[h]:g} respondents of {N[h]:g} municipalities in group {h + 1}" if len(N) else "no municipality",
            expected="0 <= n <= N, and a municipality in some group",
        )


def _indicator(squares: float, N: float) -> float:
    """1 - 2 S from the sum of squares of the propensities, between 0 and 1."""
    return float(np.clip(1 - 2 * np.sqrt(max(squares, 0.0) / max(N - 1, 1)), 0, 1))


def _noncentrality(f: float, between: float, within: float) -> Limits[float]:
    """The noncentralities between which an F of this size is no surprise."""
    limits = []
    # an F below 1 is one that chance made small: the upper limit takes it as 1, or it would come down to nothing
    for chance, reached in ((1 - TAIL, f), (TAIL, max(f, 1.0))):

        def surplus(at: float, chance: float = chance, reached: float = reached) -> float:
            return float(ncfdtr(between, within, at, reached)) - chance

        top = 1.0
        while surplus(top) > 0:
            top *= 2
        limits.append(brentq(surplus, 0.0, top) if surplus(0.0) > 0 else 0.0)
    return Limits(*limits)
