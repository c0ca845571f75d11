"""Shares of answers in a comparison: one item of one domain, and its change between two waves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.change import LEVEL, Change, Joint, Way
from wijkpeiling.estimation.domains import OVERALL
from wijkpeiling.estimation.exact import Limits
from wijkpeiling.estimation.intervals import interval
from wijkpeiling.estimation.limits import methods_of, stratum_counts
from wijkpeiling.estimation.overlap import Overlap
from wijkpeiling.estimation.predictive import Counts, predictive_limits
from wijkpeiling.estimation.shares import Shares

# half a pair: what one more or one fewer pair that agrees can hide
CONTINUITY = 0.5
# intervals of the table of estimates for which a comparison takes another
FOR_CHANGE = {"logit": "beta", "predictive": "beta"}


@dataclass(frozen=True)
class AnsweredShare:
    """The share of one item in one domain, estimated from answers; what ``compare`` needs to know of it.

    Attributes
    ----------
    share, variance
        0-1, and the variance of the share around that of the population or the process.
    n, N
        Answers, and the municipalities of the domain, rounded where their number is itself estimated.
    df
        Degrees of freedom: answers minus strata with an answer.
    method
        The interval that the table of estimates gives, see `limits.methods_of`.
    target
        ``population`` or ``process``.
    counts
        Shape (1, H): answers and unobserved municipalities per stratum, for ``predictive``.
    """

    share: float
    variance: float
    n: int
    N: int
    df: int
    method: str
    target: str
    counts: Counts | None = field(default=None, compare=False)

    def limits(self, level: float = LEVEL) -> Limits[float]:
        """Interval for the share, as the table of estimates gives it at this level."""
        if self.method == "predictive" and self.counts is not None:
            low, high = predictive_limits(self.counts, np.array([self.share]), level)
            return Limits(float(low[0]), float(high[0]))
        finite = float(self.N) if self.target == "population" else np.inf
        share, se, df, n, N = np.array([[self.share], [self.variance**0.5], [self.df], [self.n], [finite]])
        low, high = interval(self.method, share, se, df, n, N, level)
        return Limits(float(low[0]), float(high[0]))

    def ways(self, level: float = LEVEL) -> list[Way]:
        """The share with its ``limits``: nothing was rounded."""
        return [Way(self.share, *self.limits(level))]


def answered_share(result: Shares, item: str, domain: tuple[str, str] = OVERALL) -> AnsweredShare:
    """Take one share out of the shares of a wave.

    Parameters
    ----------
    result
        Shares of k items in D domains.
    item
        Name of the item.
    domain
        Domain and value, such as ``("size_class", "20k_50k")``; by default all municipalities.

    Raises
    ------
    EstimationError
        When the item or the domain is not there, or nobody in the domain answered the item.
    """
    at = _place(result, item, domain)
    if result.n[at] == 0:
        raise EstimationError(
            f"nobody in {' '.join(domain)} answered {item}",
            expected="one answer or more",
            todo="leave the domain out of the comparison",
        )
    N, share, n = float(np.rint(result.N[at.domain])), float(result.share[at]), int(result.n[at])
    method, counts = str(methods_of(result)[at]), stratum_counts(result)[(*at, np.newaxis)]
    return AnsweredShare(
        share, float(result.variance[at]), n, int(N), int(result.df[at]), method, result.design.target, counts
    )


def change_of_answers(
    first: Shares, second: Shares, overlap: Overlap, item: str, domain: tuple[str, str] = OVERALL, level: float = LEVEL
) -> Change:
    """Change of the share of one item in one domain between two waves of answers.

    Parameters
    ----------
    first, second
        Shares of the earlier and the later wave; both hold the item and the domain.
    overlap
        How these shares vary together, as `overlap.overlap` gives for the same two results.
    item, domain
        As for `answered_share`.
    level
        Confidence level of the interval.

    Returns
    -------
    Change
        Second minus first. No interval for a census twice, nor for a wave and itself; two waves in which the same
        municipalities gave the same answers have se 0 and an interval, as the others may have changed.

    Raises
    ------
    EstimationError
        When the item or domain is missing in a wave, was not answered, or the overlap is of other shares.

    Notes
    -----
    MOVER (Zou & Donner 2008) from the two single intervals and the correlation between the estimates,
    r = cov / (se_1 se_2). ``tests/simulation/COVERAGE.md`` shows what two choices are for:

    - Where the table of estimates has the ``logit`` interval, ``beta`` goes in: with few answers in a stratum the other
      is a little short. So it does for ``predictive``, whose surplus at both ends would add up.
    - The interval takes a lower r than the standard error. With g the correlation if every municipality stood by its
      answer, r = g phi; phi moves towards the wider interval by half a pair, 1 / (2 n_12 S_1 S_2), as Newcombe (1998,
      method 10) has it for pairs, but not past 0 or 1; without any pair it is 1. g takes strata together and
      n_12 in a domain as its part of all.

    Not for an item of which the wording or the base changed between the waves: that is no change of a share.
    """
    return joint_of_answers(first, second, overlap, item, domain).change(level)


def joint_of_answers(
    first: Shares, second: Shares, overlap: Overlap, item: str, domain: tuple[str, str] = OVERALL
) -> Joint:
    """The shares of one item in two waves of answers with their correlation: what `change_of_answers` compares."""
    if overlap.covariance.shape != (first.share.size, second.share.size):
        raise EstimationError(
            f"an overlap of {overlap.covariance.shape[0]} by {overlap.covariance.shape[1]} shares",
            expected=f"{first.share.size} by {second.share.size}, those of the two waves",
            todo="estimate the overlap from the same two results",
        )
    one, other = (share_to_compare(result, item, domain) for result in (first, second))
    if first is second:
        return Joint(one, other, 1.0)
    row, column = (np.ravel_multi_index(_place(result, item, domain), result.share.shape) for result in (first, second))
    r = float(overlap.correlation[row, column])
    n_pairs = overlap.n_overlap * min(one.n / first.design.n, other.n / second.design.n)
    return Joint(one, other, r, lowered(r, one, other, n_pairs))


def share_to_compare(result: Shares, item: str, domain: tuple[str, str] = OVERALL) -> AnsweredShare:
    """The share of `answered_share` with the interval that goes into a comparison."""
    return _for_change(answered_share(result, item, domain))


def difference_of_items(result: Shares, first: str, second: str, domain: tuple[str, str] = OVERALL) -> Change:
    """Difference between two items of one wave, ``second`` minus ``first``.

    Notes
    -----
    The same municipalities answered both, so the two shares vary together: MOVER with their correlation from the
    covariance of the wave. Treating them as independent would make the interval too long or too short.
    """
    return joint_of_items(result, first, second, domain).change()


def joint_of_items(result: Shares, first: str, second: str, domain: tuple[str, str] = OVERALL) -> Joint:
    """Two items of one wave with their correlation: what `difference_of_items` compares."""
    one, other = (_for_change(answered_share(result, item, domain)) for item in (first, second))
    rows = tuple(np.ravel_multi_index(_place(result, item, domain), result.share.shape) for item in (first, second))
    spread = (one.variance * other.variance) ** 0.5
    r = float(np.clip(result.covariance()[rows] / spread, -1, 1)) if spread else 0.0
    return Joint(one, other, r)


def lowered(r: float, first: AnsweredShare, second: AnsweredShare, n_pairs: float) -> float:
    """The correlation ``r`` of two shares, lowered for an interval by what half a pair of answers could change."""
    f1, f2 = (part.n / part.N if part.target == "population" else 0.0 for part in (first, second))
    spread = (first.share * (1 - first.share) * second.share * (1 - second.share)) ** 0.5
    if spread == 0 or max(f1, f2) >= 1:
        return r
    chance = min(first.N, second.N) * f1 * f2
    whole = (n_pairs - chance) / (first.n * second.n * (1 - f1) * (1 - f2)) ** 0.5
    if n_pairs == 0:
        # no pair says anything of phi: the least favourable, phi = 1
        return min(r, max(whole, -1.0))
    down = r - abs(whole) * CONTINUITY / (n_pairs * spread)
    return max(down, min(r, 0.0)) if whole > 0 else max(down, min(r, max(whole, -1.0)))


def _for_change(share: AnsweredShare) -> AnsweredShare:
    return replace(share, method=FOR_CHANGE.get(share.method, share.method))


class _Place(NamedTuple):
    """Where the tables of `Shares` have a share."""

    domain: int
    item: int


def _place(result: Shares, item: str, domain: tuple[str, str]) -> _Place:
    if tuple(domain) not in result.domains:
        known = ", ".join(" ".join(pair) for pair in result.domains[:5])
        raise EstimationError(f"no domain {' '.join(domain)}", expected=f"one of {known}")
    if item not in result.items:
        raise EstimationError(f"no item {item}", expected=f"one of {', '.join(result.items[:5])}")
    return _Place(result.domains.index(tuple(domain)), result.items.index(item))
