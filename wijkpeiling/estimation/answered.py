"""A share of answers as a comparison wants it."""

from dataclasses import dataclass

import numpy as np

from wijkpeiling.estimation.change import Change, compare
from wijkpeiling.estimation.intervals import choose, interval
from wijkpeiling.estimation.overlap import Overlap
from wijkpeiling.estimation.shares import OVERALL, Shares

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class AnsweredShare:
    """One item in one domain of a `Shares` result, with its interval at any level.

    Attributes
    ----------
    place
        Row and column in the tables of ``result``.
    """

    result: Shares
    place: tuple[int, int]

    @property
    def share(self) -> float:
        return float(self.result.share[self.place])

    @property
    def n(self) -> int:
        return int(self.result.n[self.place])

    @property
    def N(self) -> int:
        return round(float(self.result.N[self.place[0]]))

    @property
    def variance(self) -> float:
        return float(self.result.variance[self.place])

    @property
    def method(self) -> str:
        """The interval method, as `intervals.choose` names it for the ``estimates`` table."""
        row = self.place[0]
        facts = (self.share, self.variance**0.5, self.n, self.N, self.result.is_census[self.place])
        arrays = [np.array([fact]) for fact in (*facts, self.result.is_self_weighted[row])]
        return str(choose(*arrays)[0])

    def limits(self, level: float = LEVEL) -> tuple[float, float]:
        """Limits of the interval at ``level``, 0-1."""
        is_finite = self.result.design.target == "population"
        share, se, df, n, N = (
            np.array([float(value)])
            for value in (
                self.share,
                self.variance**0.5,
                self.result.df[self.place],
                self.n,
                self.N if is_finite else np.inf,
            )
        )
        low, high = interval(self.method, share, se, df, n, N, level)
        return float(low[0]), float(high[0])


def answered_share(result: Shares, item: str, domain: tuple[str, str] = OVERALL) -> AnsweredShare:
    """The share of ``item`` in ``domain``.

    Raises
    ------
    ValueError
        When the result does not have them.
    """
    return AnsweredShare(result, (result.domains.index(domain), result.items.index(item)))


def change_of_answers(
    first: Shares, second: Shares, overlap: Overlap, item: str, domain: tuple[str, str] = OVERALL
) -> Change:
    """Compare an item between two waves of answers, with the correlation that their overlap gives."""
    earlier, later = answered_share(first, item, domain), answered_share(second, item, domain)
    rows = [np.ravel_multi_index(share.place, share.result.share.shape) for share in (earlier, later)]
    correlation = float(overlap.correlation[tuple(rows)])
    return compare(earlier, later, (correlation, correlation))


def difference_of_items(result: Shares, first: str, second: str, domain: tuple[str, str] = OVERALL) -> Change:
    """Compare two items of one wave, ``second`` minus ``first``: the same municipalities answered both."""
    one, other = answered_share(result, first, domain), answered_share(result, second, domain)
    covariance = result.covariance()
    rows = [np.ravel_multi_index(share.place, result.share.shape) for share in (one, other)]
    spread = (one.variance * other.variance) ** 0.5
    correlation = float(np.clip(covariance[tuple(rows)] / spread, -1, 1)) if spread else 0.0
    return compare(one, other, (correlation, correlation))
