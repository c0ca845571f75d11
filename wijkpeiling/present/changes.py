"""Changes against the baseline."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import CHANGES, CONCLUSIONS
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import EMPTY, Cell, Sentence, Table, marked_text, records, titled
from wijkpeiling.present.compared import over_another, reasons_of
from wijkpeiling.present.overlap import consequence, spell_overlap, stated_overlap
from wijkpeiling.present.why import why_changes
from wijkpeiling.project import Edition
from wijkpeiling.sources.base import RANGE
from wijkpeiling.sources.edition import Sources

Publisher = Callable[[Any], str]

# how claims are ordered in a sentence: what is known best comes first
SHOWN = CONCLUSIONS[:3]
POSSIBLE = tuple(f"possibly_{conclusion}" for conclusion in SHOWN)
DIRECTIONS = ("lower", "higher")
CLAIMS = (*SHOWN, *POSSIBLE, "withheld", "no_evidence", *DIRECTIONS, "not_comparable")
# claims that can be news of themselves, in this order
NEWS = ("fell", "rose", "lower", "higher", "possibly_fell", "possibly_rose")


def sentence(edition: Edition, changes: pd.DataFrame, kind: str, sources: Sources | None = None) -> Sentence | None:
    """How many municipalities say so now and before: more, fewer, or what else can be said; None without a word.

    With ``sources`` a direction is told after whoever reported it.
    """
    claims = claimed(changes)
    if claims.empty:
        return None
    publisher = publisher_of(edition, sources)
    parts = told(claims, kind, edition.language, lambda row: spell(edition, row), publisher)
    text = " ".join([*parts, *over_another(edition, claims, sources)])
    is_news = (claims["claim"] != "not_comparable").any()
    return Sentence(
        id=f"changes_{kind}",
        language=edition.language,
        text=text,
        key=text if is_news else None,
        claim=_heading(edition, claims, kind, publisher),
    )


def _heading(edition: Edition, claims: pd.DataFrame, kind: str, publisher: Publisher) -> str | None:
    """The first news of the changes, as the cover words it, without numbers; None where there is none.

    What is reported and was not tested says so: a heading may be all that is read.
    """
    told = by_claim(claims, kind, edition.language, lambda row: edition.label(row.concept), publisher)
    claim = next((claim for claim in NEWS if claim in told), None)
    if claim is None:
        return None
    news = told[claim][0].removesuffix(".")
    is_tested = claim not in DIRECTIONS
    return marked_text(edition, news if is_tested else speak.say(edition.language, "not_tested", claim=news))


def publisher_of(edition: Edition, sources: Sources | None) -> Publisher:
    """Who reported the direction of a change, as a sentence names it: the first publication that has it."""
    figures = sources.publications.figures if sources and sources.publications else []
    titles: dict[tuple[str, int, int | None], str] = {}
    for one in figures:
        if one.direction is not None:
            titles.setdefault((one.concept, one.wave, one.compared_with), one.source_title)
    return lambda row: speak.publisher(titles.get((row.concept, row.wave, row.baseline), ""), edition.language)


def told(
    claims: pd.DataFrame, kind: str, language: str, spell: Callable[[Any], str], publisher: Publisher | None = None
) -> list[str]:
    """Sentences of what the changes of a kind allow one to say, what is known best first: see `by_claim`."""
    return [part for parts in by_claim(claims, kind, language, spell, publisher).values() for part in parts]


def by_claim(
    claims: pd.DataFrame, kind: str, language: str, spell: Callable[[Any], str], publisher: Publisher | None = None
) -> dict[str, list[str]]:
    """The sentences for each claim that the changes make, in the order of `CLAIMS`.

    Parameters
    ----------
    claims
        What `claimed` gives.
    spell
        The words for the item of a row.
    publisher
        Who reported the direction of a row; the publication, without a name, where it is not given.
    """
    claims = spoken(claims, language)
    unnamed = speak.publisher("", language)
    claims = claims.assign(publisher=[publisher(row) if publisher else unnamed for row in claims.itertuples()])
    parts: dict[str, list[str]] = {}
    for claim in CLAIMS:
        named = claims[claims["claim"] == claim]
        # the reason of a comparison that was not made is part of the sentence
        reasons = named["reason"].where(named["difference"].isna()).fillna("")
        # and so is who reported a direction
        publishers = named["publisher"].where(named["claim"].isin(DIRECTIONS), "")
        sentences = [
            _tell(alike, f"{kind}_{claim}", language, spell)
            for _, alike in named.groupby([reasons, publishers], sort=False)
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
    shared, reasons = reasons_of(changes)
    rows: list[tuple] = []
    claims = spoken(changes.assign(claim=changes["conclusion"]), language)
    for row, reason in zip(claims.itertuples(), reasons, strict=True):
        name = _period(row) if has_several_waves else speak.sentence_case(edition.label(row.concept))
        numbers = _numbers(row, sources, language) if is_tested else ()
        conclusion = speak.sentence_case(speak.say(language, f"conclusion_{row.claim}"))
        rows.append((name, *numbers, conclusion, *([speak.sentence_case(reason) or EMPTY] if any(reasons) else [])))
    headings = speak.say(language, "changes_columns").split("|") if is_tested else []
    notes = [*([f"{speak.sentence_case(shared)}."] if shared else []), *_reported(edition, sources, changes)]
    if is_tested:
        notes += _test_notes(changes, sources, language)
    columns = (
        speak.say(language, "period_column" if has_several_waves else "concept_column"),
        *headings,
        speak.say(language, "conclusion_column"),
        *([speak.say(language, "reason_column")] if any(reasons) else []),
    )
    shown = cells.filled(columns, rows)
    return Table(
        id=f"table_changes_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_changes_caption", **years),
        columns=shown.columns,
        rows=shown.rows,
        notes=tuple(notes),
        contract="changes",
        records=records(changes, CHANGES),
        why=why_changes(edition, sources, changes, columns, rows) if is_tested else (),
    )


def _test_notes(changes: pd.DataFrame, sources: Sources | None, language: str) -> list[str]:
    """How the differences were made and tested."""
    tested = changes[changes["difference"].notna()]
    notes = [
        *(speak.say(language, f"changes_note_{source}") for source in tested["source"].unique()),
        *_both_times(tested, sources, language),
        speak.say(language, "family_note", family=int(changes["family_size"].max())),
    ]
    # a claim about one item, and not corrected (METHOD.md, M10)
    told = {
        "about_the_same_note": (tested["conclusion"] == "about_the_same").any(),
        "rounded_points_note": tested["p_value"].isna().any(),
        "rounded_conclusion_note": tested["p_value"].isna().any(),
    }
    return [*notes, *(speak.say(language, key) for key, holds in told.items() if holds)]


def _both_times(tested: pd.DataFrame, sources: Sources | None, language: str) -> list[str]:
    """Of periods with a stated overlap: what the comparison makes of municipalities that took part both times."""
    if sources is None:
        return []
    known = tested.loc[tested["overlap"] == "known", ["baseline", "wave"]].astype(int)
    years = dict.fromkeys(tuple(sorted(pair)) for pair in known.itertuples(index=False))
    stated = [(earlier, later, stated_overlap(sources, earlier, later)) for earlier, later in years]
    return [
        consequence(language, f"{earlier}\u2013{later}", is_apart=one.is_apart)
        for earlier, later, one in stated
        if one and one.is_apart is not None
    ]


def _reported(edition: Edition, sources: Sources | None, changes: pd.DataFrame) -> list[str]:
    """The publications that report directions among the changes."""
    figures = sources.publications.figures if sources and sources.publications else []
    untested = changes[changes["conclusion"] == "direction_only"]
    rows = set(zip(untested["concept"], untested["wave"], untested["baseline"], strict=True))
    titles = [
        one.source_title for one in figures if one.direction and (one.concept, one.wave, one.compared_with) in rows
    ]
    named = dict.fromkeys(speak.source(title, edition.language) for title in titles)
    return [speak.say(edition.language, "figure_source", source="; ".join(named))] if named else []


def _numbers(row: Any, sources: Sources | None, language: str) -> tuple[Cell | str, ...]:
    if pd.isna(row.difference):
        return (EMPTY,) * 4
    return (
        cells.points(row.difference),
        cells.points_range(row.ci_low, row.ci_high, language),
        cells.p_value(row.p_adjusted, language),
        spell_overlap(sources, row, language),
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
        publisher=named["publisher"].iloc[0],
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
