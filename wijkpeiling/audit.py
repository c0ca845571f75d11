"""The audit: every published figure held against what its base can give."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import IntakeError
from wijkpeiling.figures import APPROXIMATE, PublishedFigure
from wijkpeiling.language import say
from wijkpeiling.published import Published, read_other_studies


class Verdict(NamedTuple):
    """Of `contracts.VERDICTS`, and why: the end of the key ``audit_<why>`` of its reason."""

    verdict: str
    why: str


def audit(published: Published, language: str) -> pd.DataFrame:
    """Hold every published figure against what its base can give.

    Returns
    -------
    DataFrame
        Contract ``audit``, a row for each figure, those of other studies last. ``feasible_counts`` lists, for each base
        that the figure may have been taken over, the counts that round to it; where the count is known, that one.
    """
    figures = [*published.figures, *read_other_studies(published.project)]
    rows = [_audit_row(published, figure, language) for figure in figures]
    return contracts.check(pd.DataFrame(rows, columns=contracts.AUDIT.columns), contracts.AUDIT, IntakeError)


def _audit_row(published: Published, figure: PublishedFigure, language: str) -> dict:
    counts = possible_counts(figure)
    verdict, why = judge(figure, counts)
    return {
        "wave": figure.wave,
        "concept": figure.concept,
        "pct": figure.pct,
        "base_n": figure.base_n,
        "feasible_counts": "; ".join(_spell_counts(found, n) for n, found in counts.items()) or pd.NA,
        "verdict": verdict,
        "reason": figure.remark(language) or say(language, f"audit_{why}"),
        "source": figure.source_title,
        "source_url": figure.source_url,
    }


def possible_counts(figure: PublishedFigure) -> dict[int, Sequence[int]]:
    """Every size the base can have, with the counts over it that round to the figure; a known count alone."""
    if not figure.is_whole or not figure.is_of_municipalities:
        return {}
    rounding = {n: figure.rounding_counts(n) for known in figure.bases.values() for n in known}
    return {n: [figure.count] if figure.count in found else found for n, found in rounding.items()}


def judge(figure: PublishedFigure, counts: Mapping[int, Sequence[int]]) -> Verdict:
    """The verdict on a figure.

    Parameters
    ----------
    counts
        Its `possible_counts`.
    """
    if figure.status == "rejected":
        return Verdict("rejected", "rejected")
    if counts and not any(counts.values()):
        return Verdict("infeasible", "infeasible")
    if figure.status == "contested":
        return Verdict("contested", "contested")
    if not counts:
        return Verdict("not_checkable", _why_not_checkable(figure))
    if any(figure.count in found for found in counts.values()):
        return Verdict("reproduced", "reproduced")
    return Verdict("feasible", "feasible_candidates" if figure.base_n is None else "feasible")


def _why_not_checkable(figure: PublishedFigure) -> str:
    reasons = {
        "other_study": figure.status == "other_study",
        "direction_only": figure.status == "direction_only",
        "unit": not figure.is_of_municipalities,
        "approximate": figure.precision == APPROXIMATE,
    }
    return next((reason for reason, holds in reasons.items() if holds), "base_unknown")


def _spell_counts(counts: Sequence[int], n: int) -> str:
    spelled = f"{counts[0]}-{counts[-1]}" if len(counts) > 1 else f"{counts[0]}" if counts else "none"
    return f"{spelled}/{n}"
