"""Comparisons that published figures allow, and why others cannot be made."""

from itertools import combinations

import numpy as np

from wijkpeiling.errors import ComparabilityError
from wijkpeiling.estimation.change import compare, overlap_correlations, possible_overlap
from wijkpeiling.estimation.rounded import RoundedShare, rounded_share
from wijkpeiling.language import say
from wijkpeiling.published import RESPONDENTS, Published
from wijkpeiling.trend.comparison import CHANCE, RANGE, Refused, Tested, over_whom
from wijkpeiling.trend.model import Trend, fit_trend


def published_trend(published: Published, baseline: int, concept: str) -> Trend | None:
    """Fit the trend of a concept over every wave in which it was published over a known number of respondents.

    Returns
    -------
    Trend
        Or None with fewer than three such waves, or when the baseline is not among them. Waves that overlap by a known
        number have the covariance that makes their difference least certain; others are taken as independent.

    Raises
    ------
    ComparabilityError
        When a wave did not measure the same as the baseline.
    """
    waves = [wave for wave in published.project.waves if RESPONDENTS in _shared_bases(published, concept, wave, wave)]
    if len(waves) < 3 or baseline not in waves:
        return None
    for wave in waves:
        _refuse_incomparable(published, concept, wave, baseline)
    shares = {wave: rounded_share(published, published.accepted(wave, concept), RESPONDENTS) for wave in waves}
    covariance = np.diag([share.variance for share in shares.values()])
    for first, second in combinations(range(len(waves)), 2):
        one, other = waves[first], waves[second]
        n_overlap = published.project.wave(other).overlap_with(one)
        overlap = str(n_overlap) if n_overlap is not None else CHANCE
        low, _ = _share_correlations(published, one, other, shares[one], shares[other], overlap=overlap)
        pair = low * np.sqrt(covariance[first, first] * covariance[second, second])
        covariance[first, second] = covariance[second, first] = pair
    return fit_trend(waves, np.array([share.share for share in shares.values()]), covariance, baseline)


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


def _refuse_incomparable(published: Published, concept: str, wave: int, baseline: int) -> None:
    earlier, later = sorted([baseline, wave])
    comparability = published.questionnaires[later].comparability(concept, earlier)
    if wave != baseline and not comparability.is_comparable:
        raise ComparabilityError(
            f"{concept} is not comparable between {earlier} and {later}: {comparability.reason.en}",
            where=f"data/raw/{later}/questionnaire.yml",
            expected="comparability same or minor",
            todo="leave it out of the trend, or correct the verdict if the wording is the same after all",
        )


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
