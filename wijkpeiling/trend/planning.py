"""The smallest change that a coming wave can find, and the response it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from wijkpeiling.errors import EstimationError

ALPHA = 0.05
POWER = 0.8
# no country has more municipalities, and no survey more items; beyond these the search below takes for ever
LARGEST = 100_000
MOST_ITEMS = 10_000


@dataclass(frozen=True)
class Plan:
    """What is expected of a coming wave, and known of the baseline it will be compared with.

    Attributes
    ----------
    N
        Municipalities in the coming wave's population.
    baseline_n, baseline_N
        Respondents and municipalities of the baseline.
    p
        The share, 0-1, about midway between the two waves; 0.5 is the least favourable.
    overlap
        Part of the smaller wave that answers in both, 0-1. None: as many as chance makes it.
    correlation
        Between the two answers of a municipality, 0-1; it only counts as far as the overlap is not that of chance.
    n_common
        Municipalities in both populations; by default all of the smaller.
    power
        Chance of finding the change if it is there.
    alpha
        Chance of finding one of the family's changes where there is none.

    Raises
    ------
    EstimationError
        For a number out of range.
    """

    N: int
    baseline_n: int
    baseline_N: int
    p: float = 0.5
    overlap: float | None = None
    correlation: float = 0.0
    n_common: int | None = None
    power: float = POWER
    alpha: float = ALPHA

    def __post_init__(self) -> None:
        sizes = 2 <= self.baseline_n <= self.baseline_N <= LARGEST and 2 <= self.N <= LARGEST
        if not sizes or not 0 <= self.common <= min(self.N, self.baseline_N):
            raise EstimationError(
                f"N {self.N}, baseline {self.baseline_n} of {self.baseline_N}, {self.common} in both",
                expected="at least 2 respondents, no more than municipalities; no more in both than in either; "
                f"at most {LARGEST:,} municipalities",
            )
        parts = {"p": self.p, "power": self.power, "alpha": self.alpha}
        outside = [name for name, part in parts.items() if not 0 < part < 1]
        if outside:
            raise EstimationError(f"{outside[0]} {parts[outside[0]]}", expected="between 0 and 1")
        if not 0 <= self.correlation <= 1 or not 0 <= (self.overlap or 0.0) <= 1:
            raise EstimationError(
                f"overlap {self.overlap}, correlation {self.correlation}",
                expected="from 0 to 1",
                todo="give parts of 1",
            )

    @property
    def common(self) -> int:
        return min(self.N, self.baseline_N) if self.n_common is None else self.n_common

    def respondents(self, response_rate: float) -> int:
        """Respondents at a response rate, 0-1."""
        if not 0 <= response_rate <= 1:
            raise EstimationError(f"a response of {response_rate:.4g}", expected="from 0 to 1 of the municipalities")
        return round(response_rate * self.N)

    def n_overlap(self, n: int) -> float:
        """Municipalities that answer both times when ``n`` answer, within what the sizes allow."""
        return float(self._n_overlaps(np.array([n]))[0])

    def se(self, n: int) -> float:
        """Standard error of the change when ``n`` answer, 0-1."""
        if not 2 <= n <= self.N:
            raise EstimationError(f"{n} respondents of {self.N} municipalities", expected=f"from 2 to {self.N}")
        return float(self.errors(np.array([n]))[0])

    def errors(self, n: np.ndarray) -> np.ndarray:
        """The standard error of the change for each number of respondents, from 2 to ``N``."""
        spread = self.p * (1 - self.p)
        own = sum(
            N / (N - 1) * spread / part * (1 - part / N)
            for part, N in ((n, self.N), (self.baseline_n, self.baseline_N))
        )
        excess = self._n_overlaps(n) / (n * self.baseline_n) - self.common / (self.N * self.baseline_N)
        return np.sqrt(np.maximum(own - 2 * self.correlation * spread * excess, 0.0))

    def _n_overlaps(self, n: np.ndarray) -> np.ndarray:
        if self.overlap is None:
            return self.common * (n / self.N) * (self.baseline_n / self.baseline_N)
        everyone = self.N + self.baseline_N - self.common
        fewest = np.maximum(0, n + self.baseline_n - everyone)
        most = np.minimum(n, min(self.baseline_n, self.common))
        return np.minimum(np.maximum(np.round(self.overlap * np.minimum(n, self.baseline_n)), fewest), most)


def detectable_change(plan: Plan, n: int, items: int = 1) -> float:
    """The smallest change, up or down, that a wave with ``n`` respondents finds with the power of the plan.

    Parameters
    ----------
    plan
        The coming wave and its baseline.
    n
        Respondents; ``plan.respondents(0.6)`` for a rate.
    items
        Tests in the family, over which alpha is divided (Bonferroni).

    Returns
    -------
    float
        A difference between shares, 0-1: 0.075 is 7.5 points.

    Raises
    ------
    EstimationError
        When ``n`` or ``items`` is out of range.

    Notes
    -----
    delta = (z_{1 - alpha / (2 items)} + z_power) se, with

        se^2 = S^2 [(1 - f_1) / n_1 + (1 - f_2) / n_2 - 2 rho (n_12 / (n_1 n_2) - N_c / (N_1 N_2))]

    and S^2 = p (1 - p), times N / (N - 1) for each wave's own part (Cochran 1977, sections 2.6 and 4.4, for one wave;
    Tam 1984 for the covariance of overlapping samples). The same S^2 for both waves is right to second order when p
    lies midway. Two censuses find every change: 0.

    Holm's adjustment, which the tests use, finds a little more than Bonferroni's. Weights cost: divide ``n`` by the
    design effect. Not for rare shares, with fewer than about 10 yes or no answers in a wave: the interval for a change
    is then wider than this standard error says, and so is what it can find.
    """
    return errors_found(plan, items) * plan.se(n)


def errors_found(plan: Plan, items: int) -> float:
    """How many standard errors a change must measure to be found among so many items: z_{1 - alpha/(2m)} + z_power."""
    if not 1 <= items <= MOST_ITEMS:
        raise EstimationError(f"{items} items", expected=f"1 to {MOST_ITEMS:,}")
    z = NormalDist().inv_cdf
    return z(1 - plan.alpha / (2 * items)) + z(plan.power)


def needed_response(plan: Plan, change: float, items: int = 1) -> int:
    """The fewest respondents from which on a change of this size is found with the power of the plan.

    Parameters
    ----------
    plan, items
        As for `detectable_change`.
    change
        Difference between shares, 0-1, without sign: 0.05 for five points.

    Raises
    ------
    EstimationError
        When even a census of the coming wave does not find it: the error of the baseline stays.

    Notes
    -----
    Every number of respondents is tried.
    """
    check_change(change)
    at_best = detectable_change(plan, plan.N, items)
    if at_best > change:
        raise EstimationError(
            f"a change of {change:.1%} is too small to find, even if all {plan.N} municipalities answer",
            expected=f"{at_best:.1%} or more, with {plan.baseline_n} of {plan.baseline_N} in the baseline",
            todo="look for a larger change, or test fewer items",
        )
    return fewest_found(errors_found(plan, items) * plan.errors(np.arange(2, plan.N + 1)), change)


def fewest_found(detectable: np.ndarray, change: float) -> int:
    """The fewest respondents from which on ``change`` is found; 0 where even a census does not find it.

    Parameters
    ----------
    detectable
        The smallest detectable change with 2, 3, ... and all municipalities answering.
    """
    missed = np.flatnonzero(detectable > change)
    if missed.size == 0:
        return 2
    return 0 if missed[-1] == len(detectable) - 1 else int(missed[-1]) + 3


def check_change(change: float) -> None:
    """Refuse a change that no share can make; ``change`` as a part of 1.

    Raises
    ------
    EstimationError
        When it is not between 0 and 1.
    """
    if not 0 < change < 1:
        raise EstimationError(
            f"a change of {change:.4g}, {change * 100:.4g} percentage points",
            expected="between 0 and 1, such as 0.05 for five points",
        )


def plan_table(plan: Plan, responses: Sequence[int], items: Sequence[int] = (1,)) -> pd.DataFrame:
    """The smallest detectable change for several responses and sizes of family.

    Parameters
    ----------
    plan
        The coming wave and its baseline.
    responses
        Numbers of respondents.
    items
        Sizes of the family of tests.

    Returns
    -------
    DataFrame
        A row for each response and family: ``n``, ``response_rate``, ``n_overlap``, ``items``, ``se`` and
        ``detectable_change``; shares of 1.
    """
    rows = [
        {
            "n": n,
            "response_rate": n / plan.N,
            "n_overlap": round(plan.n_overlap(n)),
            "items": family,
            "se": plan.se(n),
            "detectable_change": detectable_change(plan, n, family),
        }
        for n in responses
        for family in items
    ]
    columns = ["n", "response_rate", "n_overlap", "items", "se", "detectable_change"]
    return pd.DataFrame(rows, columns=columns)
