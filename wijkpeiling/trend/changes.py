"""Changes against the baseline: every comparison, tested as one family, with a word for each result."""

import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.disclosure import round_differences
from wijkpeiling.estimation.evidence import Evidence
from wijkpeiling.trend.answered import tests_of_answers, trend_of_answers
from wijkpeiling.trend.comparison import RANGE, Refused, Tested
from wijkpeiling.trend.conclusions import adjust, conclude
from wijkpeiling.trend.model import NoTrend, Trend
from wijkpeiling.trend.published import published_trend, refusal, tests_of_published


def changes_against(
    evidence: Evidence, baseline: int | None, waves: list[int], concepts: list[str], language: str
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
        if evidence.answers:
            incomparable = _incomparable(evidence, concepts, baseline, wave, language)
            refused += incomparable
            alike = [concept for concept in concepts if concept not in {why.concept for why in incomparable}]
            tested += tests_of_answers(evidence, baseline, wave, alike, language)
            continue
        for concept in concepts:
            why = refusal(evidence.published, concept, wave, baseline, language)
            if why is None:
                tested += tests_of_published(evidence.published, concept, wave, baseline, language)
            elif why.conclusion:
                refused.append(why)
    rows = _tested_rows(tested) + [_row(why) | {"method": "none", "conclusion": why.conclusion} for why in refused]
    order = {concept: place for place, concept in enumerate(concepts)}
    rows.sort(key=lambda row: (order[row["concept"]], row["wave"], row.get("overlap") or ""))
    shared = {"domain": "overall", "domain_value": "all", "baseline": baseline, "source": evidence.source}
    table = pd.DataFrame([shared | row for row in rows], columns=contracts.CHANGES.columns)
    if evidence.answers:
        pairs = [(row.concept, (row.baseline, row.wave)) for row in table.itertuples()]
        told = [any(evidence.is_rounded(year, concept) for year in years) for concept, years in pairs]
        table = round_differences(table, told)
    return contracts.check(table, contracts.CHANGES, EstimationError)


def trend_of(evidence: Evidence, baseline: int | None, concept: str) -> Trend | NoTrend | None:
    """Fit the trend of a concept over every wave that measured it, or say why not; None with fewer than three."""
    if baseline is None:
        return None
    if evidence.answers:
        return trend_of_answers(evidence, baseline, concept)
    return published_trend(evidence.published, baseline, concept)


def _incomparable(evidence: Evidence, concepts: list[str], baseline: int, wave: int, language: str) -> list[Refused]:
    """Items that two waves asked, but not alike; invented answers were invented to one wording."""
    if evidence.source == "synthetic":
        return []
    earlier, later = sorted([baseline, wave])
    questionnaire = evidence.published.questionnaires[later]
    asked = [concept for concept in evidence.asked(earlier, concepts) if evidence.asked(later, [concept])]
    verdicts = {concept: questionnaire.comparability(concept, earlier) for concept in asked}
    return [
        Refused(concept, wave, "not_comparable", verdict.reason[language])
        for concept, verdict in verdicts.items()
        if not verdict.is_comparable
    ]


def _tested_rows(tests: list[Tested]) -> list[dict]:
    """Rows with p-values adjusted twice: with the assumed overlaps as a family, and with the least favourable."""
    main = [test for test in tests if test.overlap != RANGE]
    worst = {(test.concept, test.wave): test for test in tests if test.overlap == RANGE}
    least_favourable = [worst.get((test.concept, test.wave), test) for test in main]
    rows = []
    for family in (main, least_favourable):
        adjusted = adjust([test.change.p_value for test in family])
        for test, p_adjusted in zip(family, adjusted, strict=True):
            if family is main or test.overlap == RANGE:
                rows.append(_tested_row(test, float(p_adjusted), len(family)))
    return rows


def _tested_row(test: Tested, p_adjusted: float, family_size: int) -> dict:
    change = test.change
    return _row(test) | {
        "difference": change.difference,
        "se": change.se,
        "ci_low": change.ci_low,
        "ci_high": change.ci_high,
        "p_value": change.p_value,
        "p_adjusted": p_adjusted,
        "adjustment": "holm",
        "family_size": family_size,
        "method": "mover",
        "overlap": test.overlap,
        "conclusion": conclude(change.difference, change.ci_low, change.ci_high, p_adjusted),
    }


def _row(comparison: Tested | Refused) -> dict:
    return {"concept": comparison.concept, "wave": comparison.wave, "reason": comparison.reason}
