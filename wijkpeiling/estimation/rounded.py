"""Shares of which only a rounded percentage was published."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wijkpeiling.estimation.change import Way
from wijkpeiling.estimation.exact import Case, Limits, exact_intervals
from wijkpeiling.estimation.nonresponse import worst_case

LEVEL = 0.95
# a whole percentage lies anywhere within half a point: uniform, with variance h^2 / 3
ROUNDING_VARIANCE = 0.005**2 / 3
# part of the municipalities above which so little is left to chance that rounding must be added to it in a change;
# simulated in tests/simulation/test_change_coverage.py
NEXT_TO_CENSUS = 0.7


class WorstCases(NamedTuple):
    """The cases that the lower and the upper worst-case bound come from."""

    low: Case
    high: Case


class Deciding(NamedTuple):
    """The cases that give the lower and the upper limit of a share, and the counts that the limits are."""

    low: Case
    low_count: int
    high: Case
    high_count: int


@dataclass(frozen=True)
class RoundedShare:
    """A share behind a published percentage: every count, base and population that it may stand for.

    Attributes
    ----------
    share
        Point estimate, 0-1: the count where it is known, the published percentage otherwise.
    n, N
        Size of the base and of its population; the middle one where more are possible.
    cases
        All the ways the percentage can have come about; at least one.
    """

    share: float
    n: int
    N: int
    cases: tuple[Case, ...]

    @property
    def counts(self) -> list[int]:
        return sorted({case.n_yes for case in self.cases})

    @property
    def variance(self) -> float:
        """Variance of the share around the population's, 0-1 scale squared.

        Notes
        -----
        p(1 - p) / (n - 1) * (1 - n / N), plus h^2 / 3 with h = half a point where rounding hides the count.
        """
        sampling = self.share * (1 - self.share) / max(self.n - 1, 1) * (1 - self.n / self.N)
        return sampling + (ROUNDING_VARIANCE if len(self.cases) > 1 else 0.0)

    def limits(self, level: float = LEVEL) -> Limits[float]:
        """Exact interval for the share in the population: the union over every case.

        Covers at least ``level`` whichever case is the true one, because each case's own interval does. Where the size
        of the base in the population is itself estimated, the cases hold only the limits of its 95 percent interval.
        """
        low, high = self._limits_of_cases(level)
        return Limits(float(low.min()), float(high.max()))

    def deciding(self, level: float = LEVEL) -> Deciding:
        """The cases that `limits` come from: of those that give the same limit the first."""
        low, high = exact_intervals(self.cases, level)
        N = np.array([case.N for case in self.cases])
        least, most = int((low / N).argmin()), int((high / N).argmax())
        return Deciding(self.cases[least], int(low[least]), self.cases[most], int(high[most]))

    def deciding_worst(self, n_unobserved: int) -> WorstCases:
        """The cases that the lower and the upper bound of `worst_case` come from."""
        n_yes, n, _ = np.array(self.cases).T
        low, high = worst_case(n_yes, n, np.array(n_unobserved))
        return WorstCases(self.cases[int(low.argmin())], self.cases[int(high.argmax())])

    def ways(self, level: float = LEVEL) -> list[Way]:
        """The share with its ``limits``; where more than ``NEXT_TO_CENSUS`` answered, each possible share with its own.

        A change takes limits together in quadrature, as suits draws; two rounding errors can both be at their worst.
        """
        if self.n <= NEXT_TO_CENSUS * self.N:
            return [Way(self.share, *self.limits(level))]
        low, high = self._limits_of_cases(level)
        n_yes, n, _ = np.array(self.cases).T
        share_of_case = n_yes / n
        return [
            Way(float(share), float(low[at].min()), float(high[at].max()))
            for share, at in ((share, share_of_case == share) for share in dict.fromkeys(share_of_case))
        ]

    def _limits_of_cases(self, level: float) -> Limits[np.ndarray]:
        low, high = exact_intervals(self.cases, level)
        N = np.array([case.N for case in self.cases])
        return Limits(low / N, high / N)

    def worst_case(self, n_unobserved: int) -> Limits[float]:
        """Share if all ``n_unobserved`` municipalities outside the answers belong to the base and say no, or yes."""
        n_yes, n, _ = np.array(self.cases).T
        low, high = worst_case(n_yes, n, np.array(n_unobserved))
        return Limits(float(low.min()), float(high.max()))
