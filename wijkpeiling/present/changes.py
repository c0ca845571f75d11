"""Changes against the baseline."""

from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import CHANGES
from wijkpeiling.present.blocks import EMPTY, Sentence, Table, records, titled
from wijkpeiling.project import Edition

# how a conclusion is ordered in a sentence: what is known best comes first
CONCLUSIONS = ("rose", "fell", "about_the_same", "no_evidence", "direction_only", "not_comparable")


def sentence(edition: Edition, changes: pd.DataFrame, kind: str) -> Sentence:
    """What changed since the baseline, what did not, and what cannot be said."""
    language = edition.language
    if changes.empty:
        return _nothing(edition, kind)
    years = {"wave": edition.wave.wave, "baseline": edition.baseline.wave}
    main = changes[changes["overlap"].fillna("") != "range"]
    parts = []
    for conclusion in CONCLUSIONS:
        for reason, named in main[main["conclusion"] == conclusion].groupby("reason", dropna=False, sort=False):
            labels = speak.listing([_spell(edition, row) for row in named.itertuples()], language)
            because = "" if pd.isna(reason) else reason
            parts.append(speak.say(language, f"sentence_{conclusion}", labels=labels, reason=because, **years))
    text = " ".join(map(speak.sentence_case, parts))
    return Sentence(
        id=f"changes_{kind}", language=language, text=text, key=text if main["difference"].notna().any() else None
    )


def table(edition: Edition, changes: pd.DataFrame, kind: str) -> Table | Sentence:
    """Each change with its interval, the test, and the conclusion; or why there is none."""
    language = edition.language
    if changes.empty:
        return _nothing(edition, kind)
    years = {"wave": edition.wave.wave, "baseline": edition.baseline.wave}
    is_tested = bool(changes["difference"].notna().any())
    has_several_waves = changes["wave"].nunique() > 1
    rows = []
    for row in changes.itertuples():
        name = _period(row) if has_several_waves else speak.sentence_case(edition.label(row.concept))
        numbers = _numbers(row, language) if is_tested else ()
        conclusion = speak.sentence_case(speak.say(language, f"conclusion_{row.conclusion}"))
        rows.append((name, *numbers, conclusion, EMPTY if pd.isna(row.reason) else speak.sentence_case(row.reason)))
    headings = speak.say(language, "changes_columns").split("|") if is_tested else []
    notes = []
    if is_tested:
        family = int(changes["family_size"].max())
        notes = [
            speak.say(language, f"changes_note_{edition.source}"),
            speak.say(language, "family_note", family=family),
        ]
    return Table(
        id=f"table_changes_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_changes_caption", **years),
        columns=(
            speak.say(language, "period_column" if has_several_waves else "concept_column"),
            *headings,
            speak.say(language, "conclusion_column"),
            speak.say(language, "reason_column"),
        ),
        rows=tuple(rows),
        notes=tuple(notes),
        contract="changes",
        records=records(changes, CHANGES),
    )


def _numbers(row: Any, language: str) -> tuple[str, ...]:
    if pd.isna(row.difference):
        return (EMPTY,) * 4
    return (
        speak.points(row.difference),
        speak.points_range(row.ci_low, row.ci_high, language),
        speak.p_value(row.p_adjusted, language),
        _spell_overlap(row.overlap, language),
    )


def _period(row: Any) -> str:
    return "\u2013".join(map(str, sorted([row.baseline, row.wave])))


def _spell(edition: Edition, row: Any) -> str:
    label = edition.label(row.concept)
    if pd.isna(row.difference):
        return label
    return speak.say(edition.language, "changed_by", label=label, points=speak.points(row.difference))


def _spell_overlap(overlap: str, language: str) -> str:
    name, _, count = overlap.partition(" ")
    return speak.say(language, f"overlap_{name}", count=count)


def _nothing(edition: Edition, kind: str) -> Sentence:
    years = {"wave": edition.wave.wave, "baseline": edition.baseline.wave}
    return Sentence(
        id=f"changes_{kind}",
        language=edition.language,
        text=speak.say(edition.language, f"{kind}_changes_missing", **years),
    )
