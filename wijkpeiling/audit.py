"""The audit: every published figure held against what its base can give."""

import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import IntakeError
from wijkpeiling.language import say
from wijkpeiling.published import WHOLE_FRAME, Published, feasible_counts, read_other_studies


def audit(published: Published, language: str) -> pd.DataFrame:
    """Hold every published figure against what its base can give.

    Returns
    -------
    DataFrame
        Contract ``audit``, a row for each figure, those of other studies last. ``feasible_counts`` lists, for each base
        that the figure may have been taken over, the counts that round to it.
    """
    figures = pd.concat([published.figures, read_other_studies(published.project)], ignore_index=True)
    rows = [_audit_row(published, figure, language) for _, figure in figures.iterrows()]
    return contracts.check(pd.DataFrame(rows, columns=contracts.AUDIT.columns), contracts.AUDIT, IntakeError)


def _audit_row(published: Published, figure: pd.Series, language: str) -> dict:
    counts = _possible_counts(published, figure)
    verdict, why = _verdict(published, figure, counts)
    remark = figure[f"remark_{language}"]
    return {
        "wave": figure["wave"],
        "concept": figure["concept"],
        "pct": figure["pct"],
        "base_n": figure["base_n"],
        "feasible_counts": "; ".join(_spell_counts(found, n) for n, found in counts) or pd.NA,
        "verdict": verdict,
        "reason": say(language, f"audit_{why}") if pd.isna(remark) else remark,
        "source": figure["source_title"],
    }


def _possible_counts(published: Published, figure: pd.Series) -> list[tuple[int, list[int]]]:
    """Every size the base can have, with the counts over it that round to the figure."""
    is_checkable = figure["precision"] == "whole_percent" and figure["unit"] == "municipalities"
    if not is_checkable or figure["status"] == "other_study":
        return []
    sizes = [n for known in published.candidate_bases(figure).values() for n in known]
    return [(n, feasible_counts(figure["pct"], n)) for n in sizes]


def _verdict(published: Published, figure: pd.Series, counts: list[tuple[int, list[int]]]) -> tuple[str, str]:
    """The verdict on a figure and the key of its reason."""
    if figure["status"] == "rejected":
        return "rejected", "rejected"
    if counts and not any(found for _, found in counts):
        return "infeasible", "infeasible"
    if figure["status"] == "contested":
        return "contested", "contested"
    if not counts:
        return "not_checkable", _why_not_checkable(figure)
    known = _known_count(published, figure)
    if known is not None and any(known in found for _, found in counts):
        return "reproduced", "reproduced"
    return "feasible", "feasible" if pd.notna(figure["base_n"]) else "feasible_candidates"


def _why_not_checkable(figure: pd.Series) -> str:
    reasons = {
        "other_study": figure["status"] == "other_study",
        "direction_only": figure["status"] == "direction_only",
        "unit": figure["unit"] != "municipalities",
        "approximate": figure["precision"] == "approximate",
    }
    return next((reason for reason, holds in reasons.items() if holds), "base_unknown")


def _known_count(published: Published, figure: pd.Series) -> int | None:
    if figure["base"] == WHOLE_FRAME:
        return published.project.wave(figure["wave"]).n_respondents
    return None if pd.isna(figure["count"]) else int(figure["count"])


def _spell_counts(counts: list[int], n: int) -> str:
    spelled = f"{counts[0]}-{counts[-1]}" if len(counts) > 1 else f"{counts[0]}" if counts else "none"
    return f"{spelled}/{n}"
