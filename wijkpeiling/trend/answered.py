"""Comparisons that answers allow: between waves, and between items of one wave."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr, ndtri

from wijkpeiling.estimation.answered import change_of_answers, difference_of_items
from wijkpeiling.estimation.disclosure import round_differences
from wijkpeiling.estimation.evidence import Evidence, by_base
from wijkpeiling.estimation.overlap import joint_covariance
from wijkpeiling.language import say
from wijkpeiling.trend.comparison import Tested, over_whom
from wijkpeiling.trend.conclusions import ALPHA, adjust
from wijkpeiling.trend.model import Trend, fit_trend, rounded


def tests_of_answers(evidence: Evidence, baseline: int, wave: int, concepts: list[str], language: str) -> list[Tested]:
    """Compare every concept that both waves asked over the same base, with the overlap of the two."""
    earlier, later = sorted([baseline, wave])
    tests = []
    asked_earlier = by_base(evidence, earlier, concepts)
    for base, asked in by_base(evidence, later, concepts).items():
        both = [concept for concept in asked if concept in asked_earlier.get(base, [])]
        if not both:
            continue
        first, second = evidence.shares(earlier, both), evidence.shares(later, both)
        overlap = evidence.overlap(earlier, later, both)
        for concept in both:
            change = change_of_answers(first, second, overlap, concept)
            tests.append(
                Tested(
                    concept,
                    wave,
                    change,
                    f"known {overlap.n_common}",
                    _remark(evidence, concept, (earlier, later), base, language),
                )
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
    shares = np.array([result.share[0, 0] for result in results])
    trend = fit_trend(waves, shares, covariance, baseline, sum(result.design.df for result in results))
    return rounded(trend) if any(evidence.is_rounded(wave, concept) for wave in waves) else trend


def process_differences(evidence: Evidence, baseline: int, concept: str) -> pd.DataFrame:
    """Differences from the baseline in what made municipalities answer so, not in the municipalities themselves.

    Parameters
    ----------
    baseline
        Year; every wave that asked ``concept`` is set against it.

    Returns
    -------
    DataFrame
        ``wave``, ``difference`` (the later year minus the earlier, -1 to 1), ``se``, ``ci_low``, ``ci_high`` (95
        percent) and ``p_value``; a row for each other wave.

    Notes
    -----
    Generalised estimating equations, binomial with a logit link and an exchangeable working correlation within the
    municipality, and the robust covariance (Liang & Zeger 1986); average predicted differences by the delta method.
    There is no finite-population correction, so its errors are larger than those of `trend_of_answers`: not for
    statements about the municipalities of those years. Unweighted.
    """
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    waves = [wave for wave in evidence.waves if evidence.asked(wave, [concept]) and wave != baseline]
    stacked = pd.concat([evidence.responses(wave)[["wave", "gemeentecode", concept]] for wave in (baseline, *waves)])
    stacked = stacked.dropna(subset=[concept])
    terms = np.column_stack([np.ones(len(stacked)), *(stacked["wave"] == wave for wave in waves)]).astype(float)
    answers = stacked[concept].to_numpy(dtype=float)
    fit = GEE(answers, terms, stacked["gemeentecode"].to_numpy(), family=Binomial(), cov_struct=Exchangeable()).fit()
    each = np.column_stack([np.ones(len(waves) + 1), np.vstack([np.zeros(len(waves)), np.eye(len(waves))])])
    share = expit(each @ fit.params)
    gradient = each * (share * (1 - share))[:, None]
    gradient = gradient[1:] - gradient[0]
    se = np.sqrt(np.einsum("ti,ij,tj->t", gradient, fit.cov_params(), gradient))
    difference = (share[1:] - share[0]) * np.where(np.array(waves) < baseline, -1, 1)
    half = ndtri(0.975) * se
    table = pd.DataFrame(
        {
            "wave": waves,
            "difference": difference,
            "se": se,
            "ci_low": difference - half,
            "ci_high": difference + half,
            "p_value": 2 * ndtr(-np.abs(difference / se)),
        }
    )
    # one fit over all waves: a protected wave is in every row
    is_rounded = any(evidence.is_rounded(wave, concept) for wave in (baseline, *waves))
    return round_differences(table, [is_rounded] * len(table))


def item_differences(evidence: Evidence, wave: int, concepts: list[str]) -> pd.DataFrame:
    """Compare the items of one wave in pairs: the same municipalities answered them, so they vary together.

    Returns
    -------
    DataFrame
        ``lower``, ``higher`` (slugs, by share), ``difference``, ``ci_low``, ``ci_high`` (0-1), ``p_value`` and
        ``p_adjusted`` (Holm over all pairs), ``is_certain`` (``p_adjusted`` under
        0.05); whole points without p-values where either item is protected; empty without answers.
    """
    columns = ["lower", "higher", "difference", "ci_low", "ci_high", "p_value", "p_adjusted", "is_certain"]
    if evidence.answers is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for group in by_base(evidence, wave, concepts).values():
        result = evidence.shares(wave, group)
        ordered = sorted(group, key=lambda concept: result.share[0, result.items.index(concept)])
        for lower, higher in combinations(ordered, 2):
            change = difference_of_items(result, lower, higher)
            rows.append((lower, higher, change.difference, change.ci_low, change.ci_high, change.p_value, None, None))
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = adjust(table["p_value"].tolist())
    table["is_certain"] = table["p_adjusted"] < ALPHA
    is_rounded = {concept: evidence.is_rounded(wave, concept) for concept in concepts}
    table = round_differences(table, [is_rounded[row.lower] or is_rounded[row.higher] for row in table.itertuples()])
    return table.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def _remark(evidence: Evidence, concept: str, waves: tuple[int, int], base: str, language: str) -> str | None:
    assumed = [say(language, "assumed_level", wave=wave) for wave in waves if (wave, concept) in evidence.assumed][:1]
    parts = [over_whom(evidence.published, base, language), *assumed]
    return "; ".join(part for part in parts if part) or None
