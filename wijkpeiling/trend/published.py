"""Comparisons that published figures allow, and why others cannot be made."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from wijkpeiling.estimation.change import compare, overlap_correlations, possible_overlap
from wijkpeiling.estimation.rounded import RoundedShare, rounded_share
from wijkpeiling.language import say
from wijkpeiling.published import RESPONDENTS, Published
from wijkpeiling.trend.comparison import CHANCE, RANGE, Refused, Tested, over_whom
from wijkpeiling.trend.fit import Bounds
from wijkpeiling.trend.model import NoTrend, Trend, fit_trend, without_logit


def published_trend(published: Published, baseline: int, concept: str) -> Trend | NoTrend | None:
    """Fit the trend of a concept over every wave in which it was published over a known number of respondents.

    Returns
    -------
    Trend
        Over the waves that measured the same as the baseline. Waves that overlap by a known number have the covariance
        that makes their difference least certain, others are taken as independent; the range is over every overlap and
        persistence they can have. `NoTrend` says why there is none; None with fewer than three waves,
        or when the baseline is not among them.
    """
    known = [wave for wave in published.project.waves if RESPONDENTS in _shared_bases(published, concept, wave, wave)]
    if len(known) < 3 or baseline not in known:
        return None
    waves = [wave for wave in known if wave == baseline or _is_comparable(published, concept, wave, baseline)]
    left_out = tuple(wave for wave in known if wave not in waves)
    if len(waves) < 3:
        return NoTrend("not_comparable", left_out)
    shares = [rounded_share(published, published.accepted(wave, concept), RESPONDENTS) for wave in waves]
    points = np.array([share.share for share in shares])
    missing = without_logit(waves, points)
    if missing:
        return missing
    overlaps = {
        (i, j): published.project.wave(waves[j]).overlap_with(waves[i]) for i, j in combinations(range(len(waves)), 2)
    }
    likely, possible = (
        _bounds(published, waves, shares, {pair: unknown if n is None else str(n) for pair, n in overlaps.items()})
        for unknown in (CHANCE, RANGE)
    )
    trend = fit_trend(waves, points, likely.lowest, baseline, possible=possible)
    return replace(trend, left_out=left_out)


def refusal(published: Published, concept: str, wave: int, baseline: int, language: str) -> Refused | None:
    """Why a comparison cannot be tested; None where it can; without conclusion where nothing is known."""
    earlier, later = sorted([baseline, wave])
    direction = published.directions(later, earlier).get(concept)
    has_both = bool(_shared_bases(published, concept, wave, baseline))
    comparability = published.questionnaires[later].comparability(concept, earlier)
    if has_both and comparability.is_comparable:
        return None
    figures = [published.accepted(year, concept) for year in (baseline, wave)]
    if direction is not None:
        conclusion = "direction_only"
        reason = say(language, f"direction_{direction['direction']}", wave=later, baseline=earlier)
    elif has_both:
        conclusion, reason = "not_comparable", comparability.reason[language]
    elif all(figure is not None for figure in figures):
        conclusion, reason = "not_comparable", _why_not(published, figures, wave, baseline, language)
    else:
        conclusion, reason = None, None
    return Refused(concept, wave, conclusion, reason)


def tests_of_published(published: Published, concept: str, wave: int, baseline: int, language: str) -> list[Tested]:
    """The comparison of a concept in two waves, under each assumption about who answered both."""
    earlier, later = sorted([baseline, wave])
    n_overlap = published.project.wave(later).overlap_with(earlier)
    bases = _shared_bases(published, concept, wave, baseline)
    figures = [published.accepted(year, concept) for year in (earlier, later)]
    pairs = {
        base: (rounded_share(published, figures[0], base), rounded_share(published, figures[1], base)) for base in bases
    }
    assumptions = [str(n_overlap)] if n_overlap is not None and RESPONDENTS in bases else [CHANCE, RANGE]
    tests = []
    for overlap in assumptions:
        changes = [
            compare(first, second, _share_correlations(published, earlier, later, first, second, overlap=assumed))
            for base, (first, second) in pairs.items()
            # how many of a smaller base answered twice was not found
            for assumed in [overlap if base == RESPONDENTS or overlap == RANGE else CHANCE]
        ]
        widest = max(changes, key=lambda change: change.ci_high - change.ci_low)
        label = f"known {overlap}" if overlap.isdigit() else overlap
        reason = say(language, "widest_base") if len(changes) > 1 else over_whom(published, bases[0], language)
        tests.append(Tested(concept, wave, widest, label, reason))
    return tests


def _is_comparable(published: Published, concept: str, wave: int, baseline: int) -> bool:
    earlier, later = sorted([baseline, wave])
    return published.questionnaires[later].comparability(concept, earlier).is_comparable


def _bounds(published: Published, waves: list[int], shares: list[RoundedShare], overlaps: dict) -> Bounds:
    """Lowest and highest covariance of each pair of waves, given what is assumed of each overlap."""
    lowest = np.diag([share.variance for share in shares])
    highest = lowest.copy()
    for (i, j), overlap in overlaps.items():
        correlations = _share_correlations(published, waves[i], waves[j], shares[i], shares[j], overlap=overlap)
        for bound, correlation in zip((lowest, highest), correlations, strict=True):
            bound[i, j] = bound[j, i] = correlation * (shares[i].variance * shares[j].variance) ** 0.5
    return Bounds(lowest, highest)


def _share_correlations(
    published: Published, earlier: int, later: int, first: RoundedShare, second: RoundedShare, *, overlap: str
) -> tuple[float, float]:
    """Lowest and highest correlation between two waves' shares; ``overlap`` is a number, ``chance`` or ``range``."""
    n_common = published.population.n_common(
        published.project.wave(earlier).frame_date, published.project.wave(later).frame_date
    )
    if overlap == CHANCE:
        return 0.0, 0.0
    # a base can be smaller than the frame that the waves share
    n_common = min(n_common, first.N, second.N)
    n_overlap = possible_overlap(first, second, n_common) if overlap == RANGE else (int(overlap), int(overlap))
    return overlap_correlations(first, second, n_common=n_common, n_overlap=n_overlap)


def _shared_bases(published: Published, concept: str, wave: int, baseline: int) -> list[str]:
    """Bases over which both figures can be compared; none where one of them is missing or approximate."""
    figures = [published.accepted(year, concept) for year in (baseline, wave)]
    if any(figure is None or figure["precision"] != "whole_percent" for figure in figures):
        return []
    first, second = (published.candidate_bases(figure) for figure in figures)
    return [base for base in first if second.get(base) and first[base]]


def _why_not(published: Published, figures: list, wave: int, baseline: int, language: str) -> str:
    for year, figure in zip((baseline, wave), figures, strict=True):
        if figure["unit"] != "municipalities":
            return say(language, f"unit_{figure['unit']}")
        if published.project.wave(year).n_respondents is None:
            return say(language, "respondents_unknown", wave=year)
        if figure["precision"] == "approximate":
            return say(language, "approximate_figure", wave=year)
    return say(language, "base_unknown")
