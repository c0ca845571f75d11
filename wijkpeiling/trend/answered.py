"""Comparisons that answers allow: between waves, and between items of one wave."""

from itertools import combinations

import numpy as np
import pandas as pd

from wijkpeiling.estimation.answered import change_of_answers, difference_of_items
from wijkpeiling.estimation.evidence import Evidence, by_base
from wijkpeiling.estimation.overlap import joint_covariance
from wijkpeiling.language import say
from wijkpeiling.trend.comparison import Tested
from wijkpeiling.trend.conclusions import adjust
from wijkpeiling.trend.model import Trend, fit_trend


def tests_of_answers(evidence: Evidence, baseline: int, wave: int, concepts: list[str], language: str) -> list[Tested]:
    """Compare every concept that both waves asked over the same base, with the overlap of the two."""
    earlier, later = sorted([baseline, wave])
    tests = []
    for base, asked in by_base(evidence, later, concepts).items():
        both = [concept for concept in asked if concept in by_base(evidence, earlier, concepts).get(base, [])]
        if not both:
            continue
        first, second = evidence.shares(earlier, both), evidence.shares(later, both)
        overlap = evidence.overlap(earlier, later, both)
        for concept in both:
            change = change_of_answers(first, second, overlap, concept)
            tests.append(
                Tested(concept, wave, change, f"known {overlap.n_common}", _remark(evidence, concept, language))
            )
    return tests


def trend_of_answers(evidence: Evidence, baseline: int, concept: str) -> Trend | None:
    """Fit the trend of a concept over the waves that asked it, with all covariances between them.

    Returns
    -------
    Trend
        Or None with fewer than three such waves, or when the baseline is not among them.
    """
    waves = [wave for wave in evidence.waves if evidence.asked(wave, [concept])]
    if len(waves) < 3 or baseline not in waves:
        return None
    results = [evidence.shares(wave, [concept]) for wave in waves]
    pairs, continuing = {}, {}
    for a, b in combinations(range(len(waves)), 2):
        pairs[a, b], continuing[a, b] = evidence.panel(waves[a], waves[b])
    covariance = joint_covariance(results, pairs, continuing)
    return fit_trend(waves, np.array([result.share[0, 0] for result in results]), covariance, baseline)


def item_differences(evidence: Evidence, wave: int, concepts: list[str]) -> pd.DataFrame:
    """Compare the items of one wave in pairs: the same municipalities answered them, so they vary together.

    Returns
    -------
    DataFrame
        ``lower``, ``higher`` (slugs, by share), ``difference``, ``ci_low``, ``ci_high`` (0-1), ``p_value`` and
        ``p_adjusted`` (Holm over all pairs); empty without answers.
    """
    columns = ["lower", "higher", "difference", "ci_low", "ci_high", "p_value", "p_adjusted"]
    if evidence.answers is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for group in by_base(evidence, wave, concepts).values():
        result = evidence.shares(wave, group)
        ordered = sorted(group, key=lambda concept: result.share[0, result.items.index(concept)])
        for lower, higher in combinations(ordered, 2):
            change = difference_of_items(result, lower, higher)
            rows.append((lower, higher, change.difference, change.ci_low, change.ci_high, change.p_value, None))
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = adjust(table["p_value"].tolist())
    return table.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def _remark(evidence: Evidence, concept: str, language: str) -> str | None:
    assumed = [wave for wave, known in evidence.assumed if known == concept]
    return say(language, "assumed_level", wave=assumed[0]) if assumed else None
