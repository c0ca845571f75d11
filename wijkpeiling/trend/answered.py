"""Comparisons that take item responses: of what lies behind them, and between items of one wave."""

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr, ndtri

from wijkpeiling.estimation.answered import difference_of_items
from wijkpeiling.estimation.disclosure import round_differences, told_order, told_p_value
from wijkpeiling.sources.edition import Sources
from wijkpeiling.trend.conclusions import ALPHA, adjust, is_open

# a dozen items two by two: of more pairs a reader makes nothing
MOST_PAIRS = 66


def process_differences(sources: Sources, baseline: int, concept: str) -> pd.DataFrame:
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
    known = {wave: sources.of(wave).item_responses(concept) for wave in sources.waves if _tells(sources, wave, concept)}
    waves = [wave for wave in known if wave != baseline]
    if baseline not in known or not waves:
        return pd.DataFrame(columns=["wave", "difference", "se", "ci_low", "ci_high", "p_value"])
    stacked = pd.concat([known[wave] for wave in (baseline, *waves)])
    share, covariance = _process_shares(stacked, [baseline, *waves], concept)
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
    is_rounded = any(sources.of(wave).is_rounded(concept) for wave in (baseline, *waves))
    return round_differences(table, [is_rounded] * len(table))


def _tells(sources: Sources, wave: int, concept: str) -> bool:
    return bool(sources.of(wave).asked([concept])) and sources.of(wave).why_not is None


class _Predicted(NamedTuple):
    """The share of each wave and their covariance."""

    share: np.ndarray
    covariance: np.ndarray


def _process_shares(stacked: pd.DataFrame, waves: list[int], concept: str) -> _Predicted:
    """The covariance is not a number for waves in which all answers are the same."""
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    share = stacked.groupby("wave")[concept].mean().reindex(waves).to_numpy(dtype=float)
    covariance = np.full((len(waves), len(waves)), np.nan)
    # a wave in which all say the same has no finite logit, and would take the others along
    fitted = np.flatnonzero((share > 0) & (share < 1))
    if not len(fitted):
        return _Predicted(share, covariance)
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
    return _Predicted(share, covariance)


def item_differences(sources: Sources, wave: int, concepts: list[str]) -> pd.DataFrame:
    """Compare the items of one wave in pairs: the same municipalities answered them, so they vary together.

    Returns
    -------
    DataFrame
        ``lower``, ``higher`` (slugs, by share), ``difference``, ``ci_low``, ``ci_high`` (0-1), ``p_value``,
        ``p_adjusted`` (Holm over all ``family_size`` pairs that the items make) and ``is_certain`` (``p_adjusted``
        under 0.05); whole points without p-values where either item is protected, and then judged by those alone
        (`told_p_value`), or ``is_withheld`` where their decimals would decide; empty without answers. Of more than
        `MOST_PAIRS` pairs only those with the highest item of a base.

    Notes
    -----
    Which item is the highest is seen in the answers, so any pair might have been shown: the family stays all pairs, as
    `adjust` has it.
    """
    source = sources.of(wave)
    is_rounded = {concept: source.is_rounded(concept) for concept in concepts}
    groups = [
        (result, told_order(dict(zip(result.items, result.share[0], strict=True)), is_rounded))
        for _, result in source.items(concepts)
    ]
    family_size = sum(comb(len(ordered), 2) for _, ordered in groups)
    pairs_of = _all_pairs if family_size <= MOST_PAIRS else _pairs_with_highest
    pairs = [(result, *pair) for result, ordered in groups for pair in pairs_of(ordered)]
    columns = ["lower", "higher", "difference", "ci_low", "ci_high", "p_value"]
    rows = [(lower, higher, difference_of_items(result, lower, higher)) for result, lower, higher in pairs]
    table = pd.DataFrame([(*pair, *(getattr(c, name) for name in columns[2:])) for *pair, c in rows], columns=columns)
    protected = [is_rounded[row.lower] or is_rounded[row.higher] for row in table.itertuples()]
    # what is certain of a protected pair, and of others beside it, follows from what is told of it
    p_values = [
        told_p_value(row.difference, row.ci_low, row.ci_high) if is_told else row.p_value
        for row, is_told in zip(table.itertuples(), protected, strict=True)
    ]
    table["p_adjusted"] = adjust(p_values, family_size=family_size)
    table["family_size"] = family_size
    table["is_certain"] = table["p_adjusted"] < ALPHA
    table = round_differences(table, protected)
    table["is_withheld"] = [
        is_told and not row.is_certain and is_open(row.ci_low, row.ci_high)
        for row, is_told in zip(table.itertuples(), protected, strict=True)
    ]
    # by what is told: the order of equal differences tells nothing
    return table.sort_values(["difference", "higher", "lower"], ascending=[False, True, True], ignore_index=True)


def class_differences(sources: Sources, wave: int, concepts: list[str]) -> pd.DataFrame:
    """Test for each item whether its share differs between size classes.

    Returns
    -------
    DataFrame
        ``concept``, ``p_value``, ``p_adjusted`` (Holm over all ``family_size`` items tested), ``is_certain``
        (``p_adjusted`` under 0.05) and ``is_protected``: not tested, and not in the family, because the outcome would
        tell on municipalities. Other items that cannot be tested have no row, but count in ``n_asked``, the items that
        the wave asked; empty without answers.

    Notes
    -----
    Rao-Scott, see `tables.rao_scott`: over all classes at once, so that it says whether they differ and not which.
    """
    source = sources.of(wave)
    protected = [concept for concept in concepts if source.is_rounded(concept)]
    tested = {concept: source.class_test(concept) for concept in concepts}
    known = {concept: p for concept, p in tested.items() if p is not None}
    p_values = [*known.values(), *[np.nan] * len(protected)]
    table = pd.DataFrame({"concept": [*known, *protected], "p_value": np.array(p_values, dtype=float)})
    table["p_adjusted"] = [*adjust(list(known.values())), *[np.nan] * len(protected)]
    table["family_size"] = len(known)
    table["n_asked"] = len(source.asked(concepts))
    table["is_certain"] = table["p_adjusted"] < ALPHA
    table["is_protected"] = table["concept"].isin(protected)
    return table


def _all_pairs(ordered: list[str]) -> list[tuple[str, str]]:
    return list(combinations(ordered, 2))


def _pairs_with_highest(ordered: list[str]) -> list[tuple[str, str]]:
    return [(item, ordered[-1]) for item in ordered[:-1]]
