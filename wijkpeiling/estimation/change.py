"""Change of a share between two waves of which the respondents overlap."""

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import erf, ndtr, ndtri

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import Limits

LEVEL = 0.95
# answers of one municipality in two waves agree more than chance, seldom more than this
CORRELATIONS = (0.0, 0.6)


# normal quantiles between which a p-value is sought: 1 - 8e-13 and 2e-14
SMALLEST, LARGEST = 1e-12, 7.6


class Way(NamedTuple):
    """A share with its limits."""

    share: float
    low: float
    high: float


class DecidingWays(NamedTuple):
    """The two shares, each as one of its ways, that the lower and the upper limit of a change come from."""

    low: tuple[Way, Way]
    high: tuple[Way, Way]


class Correlations(NamedTuple):
    """What the correlation between two estimates can be."""

    lowest: float
    highest: float


class PossibleOverlap(NamedTuple):
    """How many units can have answered both times."""

    fewest: int
    most: int


class Share(Protocol):
    """An estimated share: what ``compare`` needs to know of it, whatever it was estimated from."""

    @property
    def share(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def N(self) -> int: ...
    @property
    def variance(self) -> float: ...
    def ways(self, level: float = LEVEL) -> list[Way]:
        """Each share, with its limits, that it may stand for: more than one next to a rounded census."""
        ...


class Joint(NamedTuple):
    """Two shares and how they vary together: what `compare` takes."""

    first: Share
    second: Share
    correlation: float = 0.0
    for_interval: float | None = None

    @property
    def of_interval(self) -> float:
        """The correlation that the interval takes."""
        return self.correlation if self.for_interval is None else self.for_interval

    def change(self, level: float = LEVEL) -> "Change":
        """Second minus first."""
        return compare(self.first, self.second, self.correlation, level=level, for_interval=self.for_interval)


@dataclass(frozen=True)
class Change:
    """Difference between two shares, second minus first, on the scale -1 to 1.

    Attributes
    ----------
    correlation
        Between the two estimates.
    """

    difference: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    correlation: float


def compare(
    first: Share,
    second: Share,
    correlation: float = 0.0,
    *,
    level: float = LEVEL,
    for_interval: float | None = None,
) -> Change:
    """Compare two shares: the difference, its interval, and the test that goes with the interval.

    Parameters
    ----------
    first, second
        The earlier and the later share.
    correlation
        Between the two estimates; 0 for independent waves, or an overlap that is as large as chance makes it. Where
        only a range is known, the lowest of `overlap_correlations` gives the widest interval.
    level
        Confidence level.
    for_interval
        The correlation for the interval and the test, where it is lowered for being an estimate itself; by default
        ``correlation``.

    Returns
    -------
    Change
        Of the whole of both shares.

    Notes
    -----
    The interval is MOVER (Zou & Donner 2008; Newcombe 1998): the two single intervals and the correlation, so that
    rare items and small waves hold too. Next to a census, where rounding is much of the error, it is the union over
    the shares that a percentage may stand for: MOVER combines errors in quadrature, and a rounding error is no draw.
    The p-value is one minus the highest level whose interval leaves out 0.
    """
    lowered = correlation if for_interval is None else float(for_interval)
    difference = second.share - first.share
    limits = change_limits(first, second, lowered, level)
    covariance = correlation * (first.variance * second.variance) ** 0.5
    return Change(
        difference=difference,
        se=max(first.variance + second.variance - 2 * covariance, 0.0) ** 0.5,
        ci_low=limits.low,
        ci_high=limits.high,
        p_value=_p_value(first, second, lowered, level, limits),
        correlation=correlation,
    )


def mover(first: Way, second: Way, correlation: float) -> Limits[float]:
    """Interval for ``second`` minus ``first``.

    Notes
    -----
    With d = p2 - p1: low = d - sqrt((p2-l2)^2 + (u1-p1)^2 - 2 r (p2-l2)(u1-p1)) and
    high = d + sqrt((u2-p2)^2 + (p1-l1)^2 - 2 r (u2-p2)(p1-l1)) (Zou & Donner 2008). An estimate wholly correlated with
    one that is equal, limits and all, is the same estimate: no interval, though MOVER gives a skew one some width.
    """
    if correlation == 1 and first == second:
        return Limits(0.0, 0.0)
    (p1, l1, u1), (p2, l2, u2) = first, second
    below = _combine(p2 - l2, u1 - p1, correlation)
    above = _combine(u2 - p2, p1 - l1, correlation)
    return Limits(max(p2 - p1 - below, -1.0), min(p2 - p1 + above, 1.0))


def change_limits(first: Share, second: Share, correlation: float, level: float = LEVEL) -> Limits[float]:
    """The interval of ``compare``: that of ``mover``, over everything the two shares may stand for."""
    low, high = deciding_ways(first, second, correlation, level)
    return Limits(mover(*low, correlation).low, mover(*high, correlation).high)


def deciding_ways(first: Share, second: Share, correlation: float, level: float = LEVEL) -> DecidingWays:
    """What the two shares stand for where the interval is at its lowest, and at its highest."""
    every = list(product(first.ways(level), second.ways(level)))
    found = [mover(*ways, correlation) for ways in every]
    at = range(len(every))
    return DecidingWays(every[min(at, key=lambda i: found[i].low)], every[max(at, key=lambda i: found[i].high)])


def overlap_correlations(
    first: Share,
    second: Share,
    *,
    n_common: int,
    n_overlap: tuple[int, int],
    answers: tuple[float, float] = CORRELATIONS,
) -> Correlations:
    """Lowest and highest correlation between two estimates of which the respondents overlap.

    Parameters
    ----------
    n_common
        Units that stand in the populations of both waves.
    n_overlap
        Fewest and most units that answered both times; twice the same number where it is known.
    answers
        Lowest and highest correlation between the two answers of one unit.

    Raises
    ------
    EstimationError
        When the overlap is larger than the waves or their common frame, or smaller than they can have.

    Notes
    -----
    cov(p1, p2) = S12 (n12 - Nc f1 f2) / (n1 n2), with Nc the common frame and f the sampling fractions; for one fixed
    population this is S12 (n12 / (n1 n2) - 1 / N) (Tam 1984; Qualite & Tille 2008). An overlap below chance,
    Nc f1 f2, makes the covariance negative and the interval longer.
    """
    fewest, most = n_overlap
    lower, upper = possible_overlap(first, second, n_common)
    if not lower <= fewest <= most <= upper:
        raise EstimationError(
            f"an overlap of {fewest if fewest == most else n_overlap} units is impossible",
            expected=f"{lower} to {upper} for {first.n} of {first.N} and {second.n} of {second.N}, {n_common} in both",
            todo="correct the overlap in wave.yml",
        )
    chance = n_common * (first.n / first.N) * (second.n / second.N)
    spread = ((1 - first.n / first.N) * (1 - second.n / second.N) / (first.n * second.n)) ** 0.5
    if spread == 0:
        return Correlations(0.0, 0.0)
    ends = [rho * (n12 - chance) / (first.n * second.n) / spread for rho in answers for n12 in n_overlap]
    return Correlations(max(min(ends), -1.0), min(max(ends), 1.0))


def possible_overlap(first: Share, second: Share, n_common: int) -> PossibleOverlap:
    """Fewest and most units that can have answered both times."""
    everyone = first.N + second.N - n_common
    return PossibleOverlap(max(0, first.n + second.n - everyone), min(first.n, second.n, n_common))


def _combine(one: float, other: float, correlation: float) -> float:
    return float(np.sqrt(max(one**2 + other**2 - 2 * correlation * one * other, 0.0)))


def _p_value(first: Share, second: Share, correlation: float, level: float, limits: Limits[float]) -> float:
    """One minus the level at which 0 lies on the edge of the interval: intervals grow with the level.

    With a high correlation a skew interval can shrink a little where the level grows. The search is on that side of
    ``level`` where the interval given, ``limits``, says that it is, so that test and interval agree.
    """
    from scipy.optimize import brentq

    given = float(ndtri((1 + level) / 2))
    is_out = _outside(limits) > 0

    # limits are nearly straight lines of the normal quantile that goes with their level
    @cache
    def outside(z: float) -> float:
        return _outside(limits if z == given else change_limits(first, second, correlation, float(erf(z / 2**0.5))))

    far = LARGEST if is_out else SMALLEST
    if (outside(far) > 0) == is_out:
        # two censuses that differ, or a change beyond doubt; two that are equal
        return 0.0 if is_out else 1.0
    return 2 * float(ndtr(-brentq(outside, given, far, xtol=1e-12)))


def _outside(limits: Limits[float]) -> float:
    """How far 0 lies outside an interval; below 0 where it lies in it or on its edge."""
    return max(limits.low, -limits.high) or -1e-12
