"""Comparisons that answers allow: between waves, and between items of one wave."""

from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr, ndtri

from wijkpeiling.estimation.answered import change_of_answers, difference_of_items
from wijkpeiling.estimation.disclosure import round_differences, told_order
from wijkpeiling.estimation.evidence import Evidence, by_base
from wijkpeiling.estimation.overlap import joint_covariance
from wijkpeiling.language import say
from wijkpeiling.trend.comparison import Tested, over_whom
from wijkpeiling.trend.conclusions import ALPHA, adjust
from wijkpeiling.trend.model import NoTrend, Trend, fit_trend, rounded, without_logit


def tests_of_answers(evidence: Evidence, baseline: int, wave: int, concepts: list[str], language: str) -> list[Tested]:
    """Compare every concept that both waves asked over the same base, with the overlap of the two."""
    earlier, later = sorted([baseline, wave])
    tests = []
    asked = product(by_base(evidence, earlier, concepts), by_base(evidence, later, concepts))
    for (earlier_base, asked_earlier), (base, asked_later) in asked:
        both = [concept for concept in asked_later if concept in asked_earlier]
        if not both or base != earlier_base:
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


def trend_of_answers(evidence: Evidence, baseline: int, concept: str) -> Trend | NoTrend | None:
    """Fit the trend of a concept over the waves that asked it, with all covariances between them.

    Returns
    -------
    Trend
        `NoTrend` where everybody or nobody says yes in a wave; None with fewer than three such waves, or when the
        baseline is not among them.
    """
    waves = [wave for wave in evidence.waves if evidence.asked(wave, [concept])]
    if len(waves) < 3 or baseline not in waves:
        return None
    results = [evidence.shares(wave, [concept]) for wave in waves]
    shares = np.array([result.share[0, 0] for result in results])
    missing = without_logit(waves, shares)
    if missing:
        return missing
    pairs, continuing = {}, {}
    for a, b in combinations(range(len(waves)), 2):
        pairs[a, b], continuing[a, b] = evidence.panel(waves[a], waves[b])
    covariance = joint_covariance(results, pairs, continuing)
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
        percent) and ``p_value``; a row for each other wave. A wave in which all say the same, or a baseline, leaves its
        rows a difference alone.

    Notes
    -----
    Generalised estimating equations, binomial with a logit link and an exchangeable working correlation within the
    municipality, and the robust covariance (Liang & Zeger 1986); average predicted differences by the delta method.
    There is no finite-population correction, so its errors are larger than those of `trend_of_answers`: not for
    statements about the municipalities of those years. Unweighted.
    """
    waves = [wave for wave in evidence.waves if evidence.asked(wave, [concept]) and wave != baseline]
    stacked = pd.concat([evidence.responses(wave)[["wave", "gemeentecode", concept]] for wave in (baseline, *waves)])
    share, covariance = _process_shares(stacked.dropna(subset=[concept]), [baseline, *waves], concept)
    variance = np.diag(covariance)
    se = np.sqrt(variance[1:] + variance[0] - 2 * covariance[0, 1:])
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


def _process_shares(stacked: pd.DataFrame, waves: list[int], concept: str) -> tuple[np.ndarray, np.ndarray]:
    """Predicted share of each wave and their covariance, not a number for waves in which all answers are the same."""
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    share = stacked.groupby("wave")[concept].mean().reindex(waves).to_numpy(dtype=float)
    covariance = np.full((len(waves), len(waves)), np.nan)
    # a wave in which all say the same has no finite logit, and would take the others along
    fitted = np.flatnonzero((share > 0) & (share < 1))
    if not len(fitted):
        return share, covariance
    reference, *others = np.array(waves)[fitted]
    stacked = stacked[stacked["wave"].isin([reference, *others])]
    terms = np.column_stack([np.ones(len(stacked)), *(stacked["wave"] == wave for wave in others)]).astype(float)
    answers = stacked[concept].to_numpy(dtype=float)
    fit = GEE(answers, terms, stacked["gemeentecode"].to_numpy(), family=Binomial(), cov_struct=Exchangeable()).fit()
    each = np.eye(len(fitted))
    each[:, 0] = 1
    share[fitted] = expit(each @ fit.params)
    gradient = each * (share[fitted] * (1 - share[fitted]))[:, None]
    covariance[np.ix_(fitted, fitted)] = gradient @ fit.cov_params() @ gradient.T
    return share, covariance


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
    is_rounded = {concept: evidence.is_rounded(wave, concept) for concept in concepts}
    for _, group in by_base(evidence, wave, concepts):
        result = evidence.shares(wave, group)
        ordered = told_order(dict(zip(result.items, result.share[0], strict=True)), is_rounded)
        for lower, higher in combinations(ordered, 2):
            change = difference_of_items(result, lower, higher)
            rows.append((lower, higher, change.difference, change.ci_low, change.ci_high, change.p_value, None, None))
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = adjust(table["p_value"].tolist())
    table["is_certain"] = table["p_adjusted"] < ALPHA
    table = round_differences(table, [is_rounded[row.lower] or is_rounded[row.higher] for row in table.itertuples()])
    # by what is told: the order of equal differences tells nothing
    return table.sort_values(["difference", "higher", "lower"], ascending=[False, True, True], ignore_index=True)


def _remark(evidence: Evidence, concept: str, waves: tuple[int, int], base: str, language: str) -> str | None:
    assumed = [say(language, "assumed_level", wave=wave) for wave in waves if (wave, concept) in evidence.assumed][:1]
    parts = [over_whom(evidence.published, base, language), *assumed]
    return "; ".join(part for part in parts if part) or None
