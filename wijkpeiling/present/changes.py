"""Changes against the baseline."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import CHANGES, CONCLUSIONS
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import EMPTY, Cell, Sentence, Table, marked_text, records, titled
from wijkpeiling.present.why import why_changes
from wijkpeiling.project import Edition
from wijkpeiling.sources.base import RANGE
from wijkpeiling.sources.edition import Sources

# how claims are ordered in a sentence: what is known best comes first
SHOWN = CONCLUSIONS[:3]
POSSIBLE = tuple(f"possibly_{conclusion}" for conclusion in SHOWN)
DIRECTIONS = ("lower", "higher")
CLAIMS = (*SHOWN, *POSSIBLE, "withheld", "no_evidence", *DIRECTIONS, "not_comparable")
# claims that can be news of themselves, in this order
NEWS = ("fell", "rose", "lower", "higher", "possibly_fell", "possibly_rose")


def sentence(edition: Edition, changes: pd.DataFrame, kind: str) -> Sentence | None:
    """How many municipalities say so now and before: more, fewer, or what else can be said; None without a word."""
    claims = claimed(changes)
    if claims.empty:
        return None
    text = " ".join(told(claims, kind, edition.language, lambda row: spell(edition, row)))
    is_news = (claims["claim"] != "not_comparable").any()
    return Sentence(
        id=f"changes_{kind}",
        language=edition.language,
        text=text,
        key=text if is_news else None,
        claim=_heading(edition, claims, kind),
    )


def _heading(edition: Edition, claims: pd.DataFrame, kind: str) -> str | None:
    """The first news of the changes, as the cover words it, without numbers; None where there is none."""
    told = by_claim(claims, kind, edition.language, lambda row: edition.label(row.concept))
    news = next((told[claim][0] for claim in NEWS if claim in told), None)
    return news and marked_text(edition, news.removesuffix("."))


def told(claims: pd.DataFrame, kind: str, language: str, spell: Callable[[Any], str]) -> list[str]:
    """Sentences of what the changes of a kind allow one to say, what is known best first: see `by_claim`."""
    return [part for parts in by_claim(claims, kind, language, spell).values() for part in parts]


def by_claim(claims: pd.DataFrame, kind: str, language: str, spell: Callable[[Any], str]) -> dict[str, list[str]]:
    """The sentences for each claim that the changes make, in the order of `CLAIMS`.

    Parameters
    ----------
    claims
        What `claimed` gives.
    spell
        The words for the item of a row.
    """
    claims = spoken(claims, language)
    parts: dict[str, list[str]] = {}
    for claim in CLAIMS:
        named = claims[claims["claim"] == claim]
        # the reason of a comparison that was not made is part of the sentence
        reasons = named["reason"].where(named["difference"].isna()).fillna("")
        sentences = [
            _tell(alike, f"{kind}_{claim}", language, spell) for _, alike in named.groupby(reasons, sort=False)
        ]
        if sentences:
            parts[claim] = [speak.sentence_case(part) for part in sentences]
    last = next((claim for claim in reversed(POSSIBLE) if claim in parts), None)
    if last:
        parts[last].append(speak.say(language, "if_chance"))
    for way in DIRECTIONS:
        if way in parts:
            parts[way].append(speak.say(language, f"how_many_{way}"))
    return parts


def claimed(changes: pd.DataFrame) -> pd.DataFrame:
    """The first row of each comparison with, in ``claim``, what all of its rows hold.

    Parameters
    ----------
    changes
        Contract ``changes``: where the overlap is not known, a row that takes it as chance makes it and one with the
        least favourable.

    Returns
    -------
    DataFrame
        Without the rows of the least favourable overlap. ``claim`` is the conclusion, after ``possibly_`` where the
        least favourable overlap does not bear it out.
    """
    n_conclusions = changes.groupby(["concept", "baseline", "wave"])["conclusion"].transform("nunique")
    doubtful = "possibly_" + changes["conclusion"]
    rests_on_chance = (n_conclusions > 1) & doubtful.isin(POSSIBLE)
    claims = changes.assign(claim=changes["conclusion"].mask(rests_on_chance, doubtful))
    return claims[claims["overlap"].fillna("") != RANGE.kind]


def spoken(claims: pd.DataFrame, language: str) -> pd.DataFrame:
    """Claims with the direction that a publication reports in the place of ``direction_only``."""
    return claims.assign(claim=[_direction(row, language) for row in claims.itertuples()])


def _direction(row: Any, language: str) -> str:
    """A claim; of a direction only, which one: the contract has it in the words of its reason."""
    if row.claim != "direction_only":
        return row.claim
    earlier, later = sorted([row.baseline, row.wave])
    words = {way: speak.say(language, f"direction_{way}", wave=later, baseline=earlier) for way in DIRECTIONS}
    # another reason is told as it stands
    return next((way for way, reason in words.items() if reason == row.reason), "not_comparable")


def table(edition: Edition, changes: pd.DataFrame, kind: str, sources: Sources | None = None) -> Table | None:
    """Each change with its interval, the test, and the conclusion; or why that one was not tested."""
    language = edition.language
    if changes.empty:
        return None
    years = edition.years
    is_tested = bool(changes["difference"].notna().any())
    has_several_waves = changes["wave"].nunique() > 1
    rows: list[tuple] = []
    for row in spoken(changes.assign(claim=changes["conclusion"]), language).itertuples():
        name = _period(row) if has_several_waves else speak.sentence_case(edition.label(row.concept))
        numbers = _numbers(row, language) if is_tested else ()
        conclusion = speak.sentence_case(speak.say(language, f"conclusion_{row.claim}"))
        rows.append((name, *numbers, conclusion, EMPTY if pd.isna(row.reason) else speak.sentence_case(row.reason)))
    headings = speak.say(language, "changes_columns").split("|") if is_tested else []
    notes = []
    if is_tested:
        family = int(changes["family_size"].max())
        notes = [
            *(speak.say(language, f"changes_note_{source}") for source in _tested_sources(changes)),
            speak.say(language, "family_note", family=family),
        ]
        if (changes["difference"].notna() & changes["p_value"].isna()).any():
            notes.append(speak.say(language, "rounded_points_note"))
    columns = (
        speak.say(language, "period_column" if has_several_waves else "concept_column"),
        *headings,
        speak.say(language, "conclusion_column"),
        speak.say(language, "reason_column"),
    )
    return Table(
        id=f"table_changes_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_changes_caption", **years),
        columns=columns,
        rows=tuple(rows),
        notes=tuple(notes),
        contract="changes",
        records=records(changes, CHANGES),
        why=why_changes(edition, sources, changes, columns, rows) if is_tested else (),
    )


def _tested_sources(changes: pd.DataFrame) -> list[str]:
    return list(changes.loc[changes["difference"].notna(), "source"].unique())


def _numbers(row: Any, language: str) -> tuple[Cell | str, ...]:
    if pd.isna(row.difference):
        return (EMPTY,) * 4
    return (
        cells.points(row.difference),
        cells.points_range(row.ci_low, row.ci_high, language),
        cells.p_value(row.p_adjusted, language),
        speak.say(language, f"overlap_{row.overlap}", count="" if pd.isna(row.n_overlap) else int(row.n_overlap)),
    )


def _period(row: Any) -> str:
    return "\u2013".join(map(str, sorted([row.baseline, row.wave])))


def _tell(named: pd.DataFrame, key: str, language: str, spell: Callable[[Any], str]) -> str:
    """One sentence for items with the same claim and, where they were not tested, the same reason."""
    earlier, later = sorted([int(named["baseline"].iloc[0]), int(named["wave"].iloc[0])])
    reason = named["reason"].iloc[0]
    return speak.say(
        language,
        key,
        labels=speak.listing([spell(row) for row in named.itertuples()], language),
        reason="" if pd.isna(reason) else speak.sentence_case(reason).rstrip("."),
        n_items=len(named),
        baseline=earlier,
        wave=later,
        **_largest(named, language, spell),
    )


def _largest(named: pd.DataFrame, language: str, spell: Callable[[Any], str]) -> dict[str, str]:
    """The largest difference, in points, that the intervals of items leave possible, and of which items."""
    ends = named[["ci_low", "ci_high"]].astype(float).abs().max(axis=1)
    if ends.isna().all():
        return {"size": "", "widest": ""}
    told = ends.map(speak.whole)
    size = told[ends.idxmax()]
    # without their differences, which stand beside them already
    widest = [spell(row) for row in named[told == size].assign(difference=None).itertuples()]
    every = len(widest) == len(named)
    return {"size": size, "widest": speak.say(language, "each_of_them") if every else speak.listing(widest, language)}


def spell(edition: Edition, row: Any) -> str:
    """An item with its difference, where there is one."""
    label = edition.label(row.concept)
    if pd.isna(row.difference):
        return label
    difference = speak.points_in_words(row.difference, edition.language)
    return speak.say(edition.language, "changed_by", label=label, difference=difference)


def spell_trend(row: Any, language: str) -> str:
    """A sentence for one change of the share with a team."""
    first, last = sorted([row.baseline, row.wave])
    return speak.say(
        language,
        f"trend_{row.claim}",
        first=first,
        last=last,
        difference=speak.points_in_words(row.difference, language),
        interval=speak.points_range(row.ci_low, row.ci_high, language),
    )
