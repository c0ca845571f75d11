"""Shares of which only a rounded percentage was published."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wijkpeiling.estimation.exact import exact_interval
from wijkpeiling.estimation.nonresponse import worst_case

LEVEL = 0.95
# a whole percentage lies anywhere within half a point: uniform, with variance h^2 / 3
ROUNDING_VARIANCE = 0.005**2 / 3
# part of the municipalities above which so little is left to chance that rounding must be added to it in a change;
# simulated in tests/simulation/test_change_coverage.py
NEXT_TO_CENSUS = 0.7


class Case(NamedTuple):
    """One way a published percentage can have come about: ``n_yes`` of ``n`` respondents out of ``N`` units."""

    n_yes: int
    n: int
    N: int


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

    def limits(self, level: float = LEVEL) -> tuple[float, float]:
        """Exact interval for the share in the population: the union over every case.

        Covers at least ``level`` whichever case is the true one, because each case's own interval does. Where the size
        of the base in the population is itself estimated, the cases hold only the limits of its 95 percent interval.
        """
        intervals = [_case_limits(case, level) for case in self.cases]
        return min(low for low, _ in intervals), max(high for _, high in intervals)

    def ways(self, level: float = LEVEL) -> list[tuple[float, float, float]]:
        """The share with its ``limits``; where more than ``NEXT_TO_CENSUS`` answered, each possible share with its own.

        A change takes limits together in quadrature, as suits draws; two rounding errors can both be at their worst.
        """
        if self.n <= NEXT_TO_CENSUS * self.N:
            return [(self.share, *self.limits(level))]
        of_share: dict[float, list[Case]] = {}
        for case in self.cases:
            of_share.setdefault(case.n_yes / case.n, []).append(case)
        return [
            (share, *RoundedShare(share, self.n, self.N, tuple(cases)).limits(level))
            for share, cases in of_share.items()
        ]

    def worst_case(self, n_silent: int) -> tuple[float, float]:
        """Share if all of the ``n_silent`` municipalities that did not answer belong to the base and say no, or yes."""
        n_yes, n, _ = np.array(self.cases).T
        low, high = worst_case(n_yes, n, np.array(n_silent))
        return float(low.min()), float(high.max())


def _case_limits(case: Case, level: float) -> tuple[float, float]:
    low, high = exact_interval(case.N, case.n, case.n_yes, level)
    return low / case.N, high / case.N
