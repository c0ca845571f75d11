"""What would tell how single municipalities answered, and is therefore withheld or rounded."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from wijkpeiling.errors import EstimationError

SMALLEST_BASE = 10
INDICATIVE_BASE = 30
# a count, or its complement, of 1 to 4 points to few municipalities; so does "none" or "all" of a small group
SMALLEST_COUNT = 5
# bases that are themselves an answer, and the concept that asked for it
ANSWERED_BASES = {"with_team": "has_wijkteam"}
DOMAINS = ("overall", "size_class")
LIMITS = ("ci_low", "ci_high", "worst_low", "worst_high")
HIDDEN = ("count", "share", "se", "df", "deff", *LIMITS)
UNROUNDED = ("count", "se", "df", "deff")


@dataclass(frozen=True)
class Disclosure:
    """What is protected in one wave with answers.

    Attributes
    ----------
    protected
        Concepts with a small cell in some size class, whether an edition shows it or not.
    bases
        Bases that a protected concept defines: who is in them is an answer too.

    Notes
    -----
    A cell is small with a base under 10, a count or complement of 1 to 4, or none or all of fewer than 30 (Hundepool et
    al. 2012, threshold rule). Of a protected concept every cell by domain is withheld and what is told of all
    municipalities is rounded to whole percents, without counts or errors: with secondary suppression alone the weighted
    overall share at full precision gives every cell back. Over a protected base every row is rounded and its base goes
    as well, by class and overall: its estimated size is the share of the concept that defines it. By class only the
    share is left, to a multiple of five percents: whole percents of several items fit two to five sizes of the base,
    and intervals tell it even when moved outward to a multiple of ten percents.
    Not for two editions of one wave from different answers, or with another weighting.
    """

    protected: frozenset[str] = frozenset()
    bases: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cells: pd.DataFrame) -> "Disclosure":
        """Judge a wave by its cells by size class: columns ``concept``, ``n`` and ``count``."""
        protected = frozenset(cells.loc[is_small(cells), "concept"])
        return cls(protected, frozenset(base for base, concept in ANSWERED_BASES.items() if concept in protected))

    def estimates(self, table: pd.DataFrame) -> pd.DataFrame:
        """Contract ``estimates`` as it can be shown: ``is_suppressed`` and ``flag`` say what was done.

        Raises
        ------
        EstimationError
            For a domain other than the size class: cells of it were not judged, nor what else gives them back.
        """
        table = table.copy()
        _check_domains(table)
        is_domain = (table["domain"] != "overall").to_numpy(dtype=bool)
        is_over = table["base"].isin(self.bases).to_numpy(dtype=bool)
        is_protected = table["concept"].isin(self.protected).to_numpy(dtype=bool)
        # over a protected base a class without answers is an answer: nobody there has a team
        is_empty = is_over & (table["n"] == 0).to_numpy(dtype=bool)
        telling = is_domain & (is_small(table) | is_empty)
        is_withheld = is_domain & (is_protected | table["concept"].isin(table.loc[telling, "concept"]).to_numpy())
        is_rounded = ~is_withheld & (is_over | is_protected)
        by_class = is_rounded & is_domain
        is_indicative = is_domain & ~is_withheld & ~is_over & (table["n"] < INDICATIVE_BASE).to_numpy(dtype=bool)
        table.loc[by_class, "share"] = table.loc[by_class, "share"].map(fives)
        table.loc[is_rounded, ["share", *LIMITS]] = table.loc[is_rounded, ["share", *LIMITS]].map(whole)
        table.loc[is_rounded, list(UNROUNDED)] = pd.NA
        # by class an interval to the percent fits one size of the base only, and so does the worst case
        table.loc[by_class, list(LIMITS)] = pd.NA
        table.loc[is_over, ["n", "N"]] = pd.NA
        table.loc[is_over, ["is_n_estimated", "is_N_estimated"]] = False
        table.loc[is_withheld, list(HIDDEN)] = pd.NA
        # the interval that was chosen tells 0% and 100% from what rounds to them
        table.loc[is_rounded, "method"] = "rounded"
        table.loc[is_withheld, "method"] = "none"
        table.loc[is_withheld, "is_suppressed"] = True
        table.loc[is_indicative & table["flag"].isna().to_numpy(), "flag"] = "indicative"
        table.loc[is_rounded, "flag"] = "rounded"
        table.loc[is_withheld, "flag"] = "suppressed"
        return table

    def covers(self, concept: str, base: str = "") -> bool:
        """Whether what is told of ``concept`` is rounded."""
        return concept in self.protected or base in self.bases


def is_small(cells: pd.DataFrame, smallest: int = SMALLEST_COUNT) -> np.ndarray:
    """Which cells, by ``n`` and ``count``, would tell what single municipalities answered.

    ``smallest`` is the least count of yes, or of no, that may be shown: the lessons move it, an edition does not.
    """
    n, yes = cells["n"].to_numpy(dtype=int), cells["count"].to_numpy(dtype=int)
    least = np.minimum(yes, n - yes)
    is_few = (least > 0) & (least < smallest)
    is_unanimous = (least == 0) & (n < INDICATIVE_BASE)
    # where nobody answered there is nothing to withhold
    return (n > 0) & ((n < SMALLEST_BASE) | is_few | is_unanimous)


def _check_domains(table: pd.DataFrame) -> None:
    others = table.loc[~table["domain"].isin(DOMAINS), "domain"]
    if len(others):
        raise EstimationError(
            f"shares by {others.iloc[0]}",
            expected="one of " + ", ".join(DOMAINS),
            todo="leave them out: what is safe to show is judged by size class only",
        )


def whole(share: float, step: int = 1) -> float:
    """A share or difference in multiples of ``step`` percents; missing stays missing."""
    if pd.isna(share):
        return share
    # half away from zero at 15 digits, as `language.whole` prints it, so that text and data agree
    steps = np.floor(float(f"{abs(share) * 100 / step:.15g}") + 0.5)
    # a zero without the sign of what was rounded to it
    return float(np.sign(share) * steps * step / 100) + 0.0


def fives(share: float) -> float:
    """A share in multiples of five percents."""
    return whole(share, 5)


def told_order(shares: dict[str, float], is_protected: dict[str, bool]) -> list[str]:
    """Concepts by share from low to high; the order tells no more of a protected one than its rounded share."""
    return sorted(shares, key=lambda name: (whole(shares[name]) if is_protected[name] else shares[name], name))


def told_p_value(difference: float, ci_low: float, ci_high: float) -> float:
    """p-value of a difference, from nothing but the difference and its 95 percent interval in whole points.

    Notes
    -----
    2 Phi(-z), z = 1.96 (abs(d) - .005)/(abs(d) - l + .01) with d the rounded difference and l the rounded limit nearest
    to 0: the smallest difference and the largest half width that both may stand for. So a conclusion from it tells
    nothing that the rounded numbers do not, and is seldom drawn where the exact p-value would not allow it (normal
    where the exact one takes t and both limits). Not as a p-value to show.
    """
    difference, low, high = (whole(number) for number in (difference, ci_low, ci_high))
    if np.isnan([difference, low, high]).any():
        return 1.0
    size, nearest = abs(difference), low if difference > 0 else -high
    z = ndtri(0.975) * max(size - 0.005, 0) / (max(size - nearest, 0) + 0.01)
    return float(2 * ndtr(-z))


def round_differences(table: pd.DataFrame, rows: Iterable[bool]) -> pd.DataFrame:
    """Differences of which ``rows`` are rounded to whole points, without errors and p-values.

    With one such row the family has no adjusted p-values: in Holm's they can be a multiple of another row's p-value.
    """
    table, at = table.copy(), np.array(list(rows), dtype=bool)
    told = [name for name in ("difference", "ci_low", "ci_high") if name in table]
    table.loc[at, told] = table.loc[at, told].map(whole)
    table.loc[at, [name for name in ("se", "p_value") if name in table]] = np.nan
    if at.any() and "p_adjusted" in table:
        table["p_adjusted"] = np.nan
    return table
