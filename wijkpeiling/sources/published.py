"""A wave of which only percentages were published."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import Case, exact_limits
from wijkpeiling.estimation.rounded import LEVEL, RoundedShare
from wijkpeiling.estimation.shares import Shares
from wijkpeiling.figures import APPROXIMATE, PublishedFigure
from wijkpeiling.language import say
from wijkpeiling.published import RESPONDENTS, Published


@dataclass(frozen=True)
class PublishedWave:
    """Published figures as the source of a wave: see `sources.base.WaveSource`."""

    published: Published
    wave: int

    source = "published"
    df = np.inf
    why_not = "answers_missing"

    @property
    def n_respondents(self) -> int | None:
        return self.published.project.wave(self.wave).n_respondents

    @property
    def N(self) -> int:
        return self.published.n_municipalities(self.wave)

    def asked(self, concepts: list[str]) -> list[str]:
        return [concept for concept in concepts if self.published.accepted(self.wave, concept)]

    def bases(self, concept: str) -> list[str]:
        figure = self.published.accepted(self.wave, concept)
        if figure is None or not figure.is_whole:
            return []
        return [base for base, sizes in figure.bases.items() if sizes]

    def share(self, concept: str, base: str) -> RoundedShare:
        figure = self.published.accepted(self.wave, concept)
        if figure is None:
            raise EstimationError(f"no share of {concept} was published in {self.wave}", todo="ask for one of `asked`")
        return rounded_share(self.published, figure, base)

    def estimates(self, concepts: list[str], by: str | None = None) -> pd.DataFrame:
        return estimate_published(self.published, self.wave, concepts, by)

    def items(self, concepts: list[str]) -> list[tuple[str, Shares]]:
        return []

    def class_test(self, concept: str) -> float | None:
        return None

    def response(self, by: Sequence[str] = ("size_class",)) -> pd.DataFrame:
        return pd.DataFrame(columns=[*by, "n", "N"])

    def weights(self) -> pd.DataFrame:
        return pd.DataFrame(columns=["size_class", "weight"])

    def weighting_effect(self, concepts: list[str]) -> pd.DataFrame:
        return pd.DataFrame(columns=["concept", "weighted", "unweighted"])

    def item_responses(self, concept: str) -> pd.DataFrame:
        return pd.DataFrame(columns=["wave", "gemeentecode", concept])

    def obstacle(self, concept: str, language: str) -> str | None:
        figure = self.published.accepted(self.wave, concept)
        if figure is None:
            return None
        if not figure.is_of_municipalities:
            return say(language, f"unit_{figure.unit}")
        if self.n_respondents is None:
            return say(language, "respondents_unknown", wave=self.wave)
        if figure.precision == APPROXIMATE:
            return say(language, "approximate_figure", wave=self.wave)
        return None

    def is_rounded(self, concept: str) -> bool:
        return False

    def is_assumed(self, concept: str) -> bool:
        return False


def rounded_share(published: Published, figure: PublishedFigure, base: str) -> RoundedShare:
    """The share behind a published whole percentage, over one of its candidate bases.

    Parameters
    ----------
    base
        Slug of the base.

    Raises
    ------
    EstimationError
        When the base's size is not known, or no count over it gives the percentage.
    """
    sizes = figure.bases.get(base, ())
    cases = [
        Case(count, n, N)
        for n in sizes
        for N in _population_sizes(published, figure.wave, base, n)
        for count in figure.counts(n)
    ]
    if not cases:
        raise EstimationError(
            f"{figure.concept}: no count over base {base} gives {figure.pct:g} percent",
            where=figure.where,
            todo="correct the base, or give the figure the status contested",
        )
    n = sizes[len(sizes) // 2]
    counts = {case.n_yes for case in cases if case.n == n}
    is_known = len(sizes) == 1 and len(counts) == 1
    share = counts.pop() / n if is_known else figure.share
    return RoundedShare(share, n, _likeliest_population(published, figure.wave, base, n), tuple(cases))


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
        if figure is not None and figure.is_of_municipalities:
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


def _rows(published: Published, figure: PublishedFigure) -> list[dict]:
    is_sized = any(
        _population_sizes(published, figure.wave, base, n) for base, known in figure.bases.items() for n in known
    )
    if figure.precision == APPROXIMATE or not is_sized:
        return [_approximate_row(figure)]
    return [_row(published, figure, base) for base in figure.bases]


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


def _row(published: Published, figure: PublishedFigure, base: str) -> dict:
    share = rounded_share(published, figure, base)
    is_census = published.project.bases[base].is_frame
    return {
        "wave": figure.wave,
        "base": base,
        "n": share.n,
        "N": share.N,
        "is_n_estimated": len({case.n for case in share.cases}) > 1,
        "is_N_estimated": len({case.N for case in share.cases}) > 1,
        "count": share.counts[0] if len(share.counts) == 1 else pd.NA,
        "share": share.share,
        "method": "census" if is_census else "exact",
        "target": "population",
        "source": "published",
        "is_suppressed": False,
        **({} if is_census else _uncertainty(published, figure, share, base)),
    }


def _uncertainty(published: Published, figure: PublishedFigure, share: RoundedShare, base: str) -> dict:
    low, high = share.limits()
    worst_low, worst_high = share.worst_case(n_unobserved(published, figure, share, base))
    is_size_open = len({case.n for case in share.cases}) > 1
    return {
        "se": share.variance**0.5,
        "ci_low": low,
        "ci_high": high,
        "level": LEVEL,
        "worst_low": worst_low,
        "worst_high": worst_high,
        "flag": "base_not_stated" if len(figure.bases) > 1 else "base_size_not_stated" if is_size_open else pd.NA,
    }


def n_unobserved(published: Published, figure: PublishedFigure, share: RoundedShare, base: str) -> int:
    """Municipalities that may belong to a base and did not take part: of a group those of the group."""
    if published.project.bases[base].population is not None:
        return share.N - share.n
    n_respondents = published.project.wave(figure.wave).n_respondents or share.n
    return published.n_municipalities(figure.wave) - n_respondents


def _approximate_row(figure: PublishedFigure) -> dict:
    return {
        "wave": figure.wave,
        "base": next(iter(figure.bases), "unknown"),
        "is_n_estimated": False,
        "is_N_estimated": False,
        "share": figure.share,
        "method": "none",
        "target": "population",
        "source": "published",
        "flag": "approximate" if figure.precision == APPROXIMATE else "respondents_unknown",
        "is_suppressed": False,
    }
