"""Shares of which only a rounded percentage was published."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import exact_interval, exact_limits
from wijkpeiling.estimation.nonresponse import worst_case
from wijkpeiling.published import RESPONDENTS, Published, feasible_counts_of

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


def rounded_share(published: Published, figure: pd.Series, base: str) -> RoundedShare:
    """The share behind a published whole percentage, over one of its candidate bases.

    Parameters
    ----------
    figure
        Row of ``published.figures`` with a percentage.
    base
        Slug of the base.

    Raises
    ------
    EstimationError
        When the base's size is not known, or no count over it gives the percentage.
    """
    sizes = published.candidate_bases(figure).get(base, [])
    cases = [
        Case(count, n, N)
        for n in sizes
        for N in _population_sizes(published, figure["wave"], base, n)
        for count in feasible_counts_of(figure, n)
    ]
    if not cases:
        raise EstimationError(
            f"{figure['concept']}: no count over base {base} gives {figure['pct']:g} percent",
            where=figure["where"],
            todo="mend the base, or give the figure the status contested",
        )
    n = sizes[len(sizes) // 2]
    counts = {case.n_yes for case in cases if case.n == n}
    is_known = len(sizes) == 1 and len(counts) == 1
    share = counts.pop() / n if is_known else float(figure["pct"]) / 100
    return RoundedShare(share, n, _likeliest_population(published, figure["wave"], base, n), tuple(cases))


def estimate_published(published: Published, wave: int, concepts: list[str], by: str | None = None) -> pd.DataFrame:
    """Estimate the share of each concept that has an accepted figure in a wave.

    Parameters
    ----------
    wave
        Year of the wave.
    concepts
        Slugs; those without an accepted percentage over municipalities are left out.
    by
        A domain such as ``city_network``: then a row for each of its values that has a figure, and no overall row.

    Returns
    -------
    DataFrame
        Contract ``estimates``: a row for each concept and candidate base. A figure that is only known by approximation,
        or over an unknown number of respondents, has its share, no interval, and the reason in ``flag``. A figure over
        a whole group of municipalities (``method`` is ``census``) has nothing to be uncertain about, and no interval.

    Notes
    -----
    The interval is exact for simple random sampling without replacement from the municipalities of that year. That the
    municipalities that answered are such a sample is an assumption; ``worst_low`` and ``worst_high`` do without it.
    """
    rows = []
    for slug, cell in _cells(published, concepts, by):
        figure = published.accepted(wave, slug)
        if figure is not None and figure["unit"] == "municipalities":
            rows += [row | cell for row in _rows(published, figure)]
    return contracts.check(
        pd.DataFrame(rows, columns=contracts.ESTIMATES.columns), contracts.ESTIMATES, EstimationError
    )


def _cells(published: Published, concepts: list[str], by: str | None) -> list[tuple[str, dict]]:
    """The published concept behind each cell to estimate: itself, or its parts by a domain."""
    if by is None:
        return [(slug, {"concept": slug, "domain": "overall", "domain_value": "all"}) for slug in concepts]
    parts = [(slug, known.part_of) for slug, known in published.project.concepts.items() if known.part_of]
    return [
        (slug, {"concept": concept, "domain": by, "domain_value": part.value})
        for concept in concepts
        for slug, part in parts
        if (part.concept, part.domain) == (concept, by)
    ]


def _rows(published: Published, figure: pd.Series) -> list[dict]:
    bases = published.candidate_bases(figure)
    is_sized = any(
        _population_sizes(published, figure["wave"], base, n) for base, known in bases.items() for n in known
    )
    if figure["precision"] == "approximate" or not is_sized:
        return [_approximate_row(published, figure)]
    (first, *_) = bases
    if published.project.bases[first].is_frame:
        return [_census_row(published, figure, first)]
    return [_row(published, figure, base, len(bases)) for base in bases]


def _case_limits(case: Case, level: float) -> tuple[float, float]:
    low, high = exact_interval(case.N, case.n, case.n_yes, level)
    return low / case.N, high / case.N


def _population_sizes(published: Published, wave: int, base: str, n: int) -> list[int]:
    """Municipalities in the population that belong to the base.

    All of them for the respondents; for a group, the size that a source gives it. For a base defined by an answer their
    number is itself estimated: every number between the limits of the exact interval for it.
    """
    definition = published.project.bases[base]
    if definition.is_frame:
        return [n]
    if definition.population:
        return published.stated_sizes(wave, definition.population)
    N = published.n_municipalities(wave)
    n_respondents = published.project.wave(wave).n_respondents
    if base == RESPONDENTS or n_respondents is None:
        return [N]
    low, high = exact_limits(N, n_respondents, LEVEL)
    return list(range(int(low[n]), int(high[n]) + 1))


def _likeliest_population(published: Published, wave: int, base: str, n: int) -> int:
    """The one of these sizes to show: for a base defined by an answer, its part of the respondents in the whole."""
    sizes = _population_sizes(published, wave, base, n)
    n_respondents = published.project.wave(wave).n_respondents
    if len(sizes) > 1 and published.project.bases[base].defined_by and n_respondents:
        return round(n / n_respondents * published.n_municipalities(wave))
    return sizes[len(sizes) // 2]


def _common(published: Published, figure: pd.Series) -> dict:
    return {
        "wave": figure["wave"],
        "target": "population",
        "source": "published",
        "is_suppressed": False,
    }


def _row(published: Published, figure: pd.Series, base: str, n_bases: int) -> dict:
    share = rounded_share(published, figure, base)
    low, high = share.limits()
    n_respondents = published.project.wave(figure["wave"]).n_respondents or share.n
    is_group = published.project.bases[base].population is not None
    n_silent = share.N - share.n if is_group else published.n_municipalities(figure["wave"]) - n_respondents
    worst_low, worst_high = share.worst_case(n_silent)
    is_size_open = len({case.n for case in share.cases}) > 1
    return _common(published, figure) | {
        "base": base,
        "n": share.n,
        "N": share.N,
        "count": share.counts[0] if len(share.counts) == 1 else pd.NA,
        "share": share.share,
        "se": share.variance**0.5,
        "ci_low": low,
        "ci_high": high,
        "level": LEVEL,
        "method": "exact",
        "worst_low": worst_low,
        "worst_high": worst_high,
        "flag": "base_not_stated" if n_bases > 1 else "base_size_not_stated" if is_size_open else pd.NA,
    }


def _census_row(published: Published, figure: pd.Series, base: str) -> dict:
    share = rounded_share(published, figure, base)
    return _common(published, figure) | {
        "base": base,
        "n": share.n,
        "N": share.N,
        "count": share.counts[0] if len(share.counts) == 1 else pd.NA,
        "share": share.share,
        "method": "census",
    }


def _approximate_row(published: Published, figure: pd.Series) -> dict:
    known = published.candidate_bases(figure)
    return _common(published, figure) | {
        "base": next(iter(known), "unknown"),
        "share": float(figure["pct"]) / 100,
        "method": "none",
        "flag": "approximate" if figure["precision"] == "approximate" else "respondents_unknown",
    }
