"""Changes against the baseline: every comparison, tested as one family, with a word for each result."""

from dataclasses import replace

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.disclosure import round_differences, told_p_value, whole
from wijkpeiling.language import say
from wijkpeiling.sources.base import RANGE
from wijkpeiling.sources.edition import Sources
from wijkpeiling.trend.comparison import AND_ALSO, Refused, Tested, compare_waves
from wijkpeiling.trend.conclusions import adjust, conclude
from wijkpeiling.trend.fit import Bounds
from wijkpeiling.trend.model import NoTrend, Trend, fit_trend, rounded, without_logit


def changes_against(
    sources: Sources, baseline: int | None, waves: list[int], concepts: list[str], language: str
) -> pd.DataFrame:
    """Compare the shares of ``waves`` with those of the baseline, always the later minus the earlier.

    Parameters
    ----------
    baseline, waves
        Years; a wave may lie before the baseline. Without a baseline there is nothing to compare.
    concepts
        Slugs. Together with the waves they are the family that Holm's adjustment is for.
    language
        Of ``reason``.

    Returns
    -------
    DataFrame
        Contract ``changes``, a row for each concept and wave that has a figure or a reported direction. Where the
        overlap of the respondents is not known, the row assumes that it is what chance makes it, and a second row
        (``overlap`` is ``range``) gives the widest interval that any overlap allows.
    """
    tested: list[Tested] = []
    refused: list[Refused] = []
    for wave in waves:
        if baseline is None or wave == baseline:
            continue
        of_wave, refused_of_wave = compare_waves(sources, baseline, wave, concepts, language)
        tested += [_as_told(sources, test, baseline) for test in of_wave]
        refused += refused_of_wave
    rows = _tested_rows(tested, language)
    rows += [_row(why) | {"method": "none", "conclusion": why.conclusion} for why in refused]
    order = {concept: place for place, concept in enumerate(concepts)}
    rows.sort(key=lambda row: (order[row["concept"]], row["wave"], row.get("overlap") or ""))
    shared = {"domain": "overall", "domain_value": "all", "baseline": baseline}
    rows = [shared | row | {"source": sources.source_of(baseline, row["wave"])} for row in rows]
    table = pd.DataFrame(rows, columns=contracts.CHANGES.columns)
    told = [_is_rounded(sources, row.concept, row.baseline, row.wave) for row in table.itertuples()]
    if any(told):
        table = round_differences(table, told)
    return contracts.check(table, contracts.CHANGES, EstimationError)


def trend_of(sources: Sources, baseline: int | None, concept: str) -> Trend | NoTrend | None:
    """Fit the trend of a concept over every wave that has a share of it over the base of the baseline.

    Returns
    -------
    Trend
        Over the waves that measured the same as the baseline. Waves with item responses have the covariance of their
        panel; others that overlap by a known number the one that makes their difference least certain, or none, and
        then the range is over every overlap and persistence they can have. `NoTrend` says why there is none; None with
        fewer than three waves, or when the baseline is not among them.
    """
    if baseline is None or baseline not in sources.waves:
        return None
    base = next(iter(sources.of(baseline).bases(concept)), None)
    known = [wave for wave in sources.waves if base in sources.of(wave).bases(concept)]
    if base is None or len(known) < 3:
        return None
    waves = [wave for wave in known if wave == baseline or _is_comparable(sources, concept, wave, baseline)]
    left_out = tuple(wave for wave in known if wave not in waves)
    if len(waves) < 3:
        return NoTrend("not_comparable", left_out)
    shares = np.array([sources.of(wave).share(concept, base).share for wave in waves])
    missing = without_logit(waves, shares)
    if missing:
        return missing
    likely, lowest, highest = sources.covariances(waves, concept, base)
    possible = None if lowest is None or highest is None else Bounds(lowest, highest)
    degrees = [df for df in (sources.of(wave).df for wave in waves) if np.isfinite(df)]
    trend = fit_trend(waves, shares, likely, baseline, sum(degrees) if degrees else np.inf, possible)
    is_rounded = any(sources.of(wave).is_rounded(concept) for wave in waves)
    return replace(rounded(trend) if is_rounded else trend, left_out=left_out)


def _is_comparable(sources: Sources, concept: str, wave: int, baseline: int) -> bool:
    return sources.comparability(concept, *sorted([wave, baseline])).is_comparable


def _is_rounded(sources: Sources, concept: str, *years: int) -> bool:
    return any(sources.of(year).is_rounded(concept) for year in years)


def _as_told(sources: Sources, test: Tested, baseline: int) -> Tested:
    """A test with a protected wave in whole points, and a p-value from those: so its conclusion tells no more."""
    if not _is_rounded(sources, test.concept, baseline, test.wave):
        return test
    change = test.change
    told = {name: whole(getattr(change, name)) for name in ("difference", "ci_low", "ci_high")}
    return replace(test, change=replace(change, **told, p_value=told_p_value(**told)), is_rounded=True)


def _tested_rows(tests: list[Tested], language: str) -> list[dict]:
    """Rows with p-values adjusted twice: with the assumed overlaps as a family, and with the least favourable."""
    main = [test for test in tests if test.overlap != RANGE]
    worst = {(test.concept, test.wave): test for test in tests if test.overlap == RANGE}
    least_favourable = [worst.get((test.concept, test.wave), test) for test in main]
    rows = []
    for family in (main, least_favourable):
        adjusted = adjust([test.change.p_value for test in family])
        for test, p_adjusted in zip(family, adjusted, strict=True):
            if family is main or test.overlap == RANGE:
                rows.append(_tested_row(test, float(p_adjusted), len(family), language))
    return rows


def _tested_row(test: Tested, p_adjusted: float, family_size: int, language: str) -> dict:
    change = test.change
    ends = change.ci_low, change.ci_high
    conclusion = conclude(change.difference, *ends, p_adjusted, is_rounded=test.is_rounded)
    return _row(test) | {
        "reason": _reason(test, conclusion, family_size, language),
        "difference": change.difference,
        "se": change.se,
        "ci_low": change.ci_low,
        "ci_high": change.ci_high,
        "p_value": change.p_value,
        "p_adjusted": p_adjusted,
        "adjustment": "holm",
        "family_size": family_size,
        "method": "mover",
        "overlap": test.overlap.kind,
        "n_overlap": test.overlap.n,
        "conclusion": conclusion,
    }


def _reason(test: Tested, conclusion: str, family_size: int, language: str) -> str | None:
    """What the reader should know of a test, and why an interval without 0 is not called a change."""
    is_beside_zero = not test.change.ci_low <= 0 <= test.change.ci_high
    parts = [test.reason]
    if conclusion == "withheld":
        together = [say(language, "withheld_family", family=family_size)] if family_size > 1 else []
        parts += [say(language, "withheld_reason"), *together]
    elif conclusion == "no_evidence" and is_beside_zero:
        parts.append(say(language, "family_reason", family=family_size))
    return AND_ALSO.join(part for part in parts if part) or None


def _row(comparison: Tested | Refused) -> dict:
    return {"concept": comparison.concept, "wave": comparison.wave, "reason": comparison.reason}
