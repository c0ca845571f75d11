"""What a comparison allows one to say."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

# a change that stays within five points either way is no change that policy would notice
EQUIVALENCE = 0.05
ALPHA = 0.05


def conclude(difference: float, ci_low: float, ci_high: float, p_adjusted: float, *, is_rounded: bool = False) -> str:
    """The conclusion of a tested change, as the contract ``changes`` names it.

    Parameters
    ----------
    difference, ci_low, ci_high
        On the scale -1 to 1, at 95 percent.
    p_adjusted
        p-value, adjusted for the family it was tested in.
    is_rounded
        All that is given was rounded to whole points, to protect answers.

    Notes
    -----
    ``about_the_same`` needs the whole interval within five points, the strict form of two one-sided tests
    (Schuirmann 1987). A change can be both clear and small; then it is called a change. A rounded change whose interval
    does not have 0 well inside it may be one by its decimals, which are not told: ``withheld``, not ``no_evidence``.
    """
    if p_adjusted < ALPHA:
        return "rose" if difference > 0 else "fell"
    if ci_low > -EQUIVALENCE and ci_high < EQUIVALENCE:
        return "about_the_same"
    if is_rounded and is_open(ci_low, ci_high):
        return "withheld"
    return "no_evidence"


def is_open(ci_low: float, ci_high: float) -> bool:
    """Whether an interval in whole points leaves it to the decimals on which side of 0 it ends, or excludes 0."""
    return not ci_low < 0 < ci_high


def adjust(p_values: list[float], method: str = "holm", family_size: int | None = None) -> np.ndarray:
    """p-values adjusted for being one family.

    Parameters
    ----------
    p_values
        All the tests of the family.
    method
        ``holm`` for claims (Holm 1979), ``fdr_bh`` for screening (Benjamini & Hochberg 1995).
    family_size
        Tests in the family, where ``p_values`` were picked from it after the data were seen; by default they are all.

    Notes
    -----
    A test that was not picked counts with p = 1. By either method no adjusted p-value falls when a p-value rises, so
    the picked ones are at least what they would be beside all the others. With p in order, Holm is the running maximum
    of (m - j + 1) p_j and Benjamini-Hochberg the running minimum, from the last, of p_j m / j; neither above 1.
    """
    m = family_size or len(p_values)
    p = np.array([*p_values, *[1.0] * (m - len(p_values))])
    order = np.argsort(p)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(_STEPS[method](p[order]), 1)
    return adjusted[: len(p_values)]


class Holm(NamedTuple):
    """What an adjusted p-value is: ``times`` the p-value ``p``, its own or a smaller one of its family; 1 at most."""

    times: int
    p: float


def holm_of(p_values: list[float], family_size: int | None = None) -> list[Holm]:
    """For each p-value of a family, in Holm's way, the product that `adjust` gives it."""
    m = family_size or len(p_values)
    order = np.argsort(p_values, kind="stable")
    found: dict[int, Holm] = {}
    largest = Holm(m, -1.0)
    for place, at in enumerate(order):
        own = Holm(m - place, float(p_values[at]))
        largest = max(largest, own, key=lambda one: one.times * one.p)
        found[int(at)] = largest
    return [found[at] for at in range(len(p_values))]


# of p-values in order; statsmodels has the same, for a second of imports and a collection of garbage at each call
_STEPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "holm": lambda p: np.maximum.accumulate(p * np.arange(len(p), 0, -1)),
    "fdr_bh": lambda p: np.minimum.accumulate((p / (np.arange(1, len(p) + 1) / len(p)))[::-1])[::-1],
}
