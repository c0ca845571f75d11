"""Shares of one wave: tasks of the team, what it does not get round to, and what was asked on prevention."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval, Intervals
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present import cells, found
from wijkpeiling.present.blocks import EMPTY, Chart, Sentence, Table, known, marked, records, rounded_note, titled
from wijkpeiling.present.why import why_shares
from wijkpeiling.present.wording import base_sizes, half, likely, of_whom, one_per_item, whom
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources

# of what the title of its figure says, by kind, whether more than half say so; of others the highest and the lowest
BY_HALVES = ("shortfall",)
HALVES = ("above", "around", "below")
# of what the heading counts the items that more than half name
COUNTED = ("shortfall", "task")
# a description that a screen reader reads in one breath
LONGEST_ALT = 200
# the kind that an edition opens with: of this the text says that its base is not stated, of others their table
NEWS = "shortfall"
# beside the first, in a sentence; the table has them all
MOST_NAMED = 5


def sentence(edition: Edition, shares: pd.DataFrame, kind: str) -> Sentence | None:
    """The highest share with its interval, and others; each over its own base. None where nothing is known."""
    language = edition.language
    if shares.empty:
        return None
    if shares["ci_low"].isna().all():
        return found.without_interval(edition, shares, kind)
    first, *others = one_per_item(shares[shares["ci_low"].notna()]).itertuples()
    parts = [
        speak.say(
            language,
            f"{kind}_sentence",
            first=edition.label(first.concept),
            share=of_whom(edition, first),
            likely=likely(first, language),
            wave=edition.wave.wave,
        )
    ]
    if kind in BY_HALVES:
        parts.append(speak.say(language, f"beside_half_{half(first.ci_low, first.ci_high)}"))
    if first.flag == "base_not_stated" and kind == NEWS:
        bases = edition.project.bases
        may_be = [bases[base][language] for base in shares.loc[shares["concept"] == first.concept, "base"]]
        parts.append(speak.say(language, "base_open", bases=speak.listing(may_be, language, style="or")))
    key = " ".join(parts)
    if others:
        told = [f"{edition.label(row.concept)} ({_share_beside(edition, row, first)})" for row in others[:MOST_NAMED]]
        parts.append(speak.say(language, f"{kind}_others", others=speak.listing(told, language)))
    if _have_no_order(others) and (shares["source"] == "published").all():
        parts.append(speak.say(language, "no_order"))
    return Sentence(
        id=f"shares_{kind}", language=language, text=" ".join(parts), key=key, claim=_heading(edition, shares, kind)
    )


def _heading(edition: Edition, shares: pd.DataFrame, kind: str) -> str | None:
    """Of how many items more than half of the municipalities say so for certain; None where they are not alike."""
    items = one_per_item(shares[shares["ci_low"].notna()])
    alike = {whom(edition, row) for row in items.itertuples()}
    if kind not in COUNTED or len(items) < 2 or len(alike) > 1:
        return None
    n_above = sum(half(row.ci_low, row.ci_high) == "above" for row in items.itertuples())
    key = f"{kind}_heading_all" if n_above == len(items) else f"{kind}_heading"
    return titled(edition, key, n_above=n_above, n=len(items), whom=alike.pop())


def _whom_of_all(edition: Edition, items: pd.DataFrame) -> str:
    """Over whom items are together: the base that they share, or municipalities."""
    alike = {whom(edition, row) for row in items.itertuples()}
    return alike.pop() if len(alike) == 1 else speak.say(edition.language, "whom_all")


def _have_no_order(rows: list[Any]) -> bool:
    """Whether intervals all have a share in common, so that their order tells nothing."""
    return len(rows) > 1 and max(row.ci_low for row in rows) <= min(row.ci_high for row in rows)


def base_notes(edition: Edition, shares: pd.DataFrame) -> tuple[str, ...]:
    """What a reader should know of the bases and intervals that stand in a table of estimates, and of no others."""
    has_answers = shares["source"] != "published"
    is_alike = shares["wave"].isin([year for year, wave in edition.project.waves.items() if wave.weighting == "none"])
    present = {
        "note_with_team": (shares["base"] == "with_team") & shares["N"].notna(),
        "note_exact": (shares["method"] == "exact") & (shares["source"] == "published"),
        "note_weighted": has_answers & ~is_alike,
        "note_unweighted": has_answers & is_alike,
        "note_invented": shares["source"] == "synthetic",
    }
    return tuple(speak.say(edition.language, key) for key, holds in present.items() if holds.fillna(False).any())


def bases_in_words(edition: Edition, shares: pd.DataFrame) -> tuple[str, ...]:
    """Of whom the shares are, for what has no column for it; nothing where a publication does not say."""
    known = edition.project.bases
    if (shares["flag"] == "base_not_stated").any() or not shares["base"].isin(known).all():
        return ()
    bases = [known[base][edition.language] for base in shares["base"].unique()]
    return (speak.say(edition.language, "shares_of", bases=speak.listing(bases, edition.language)),) if bases else ()


def table(edition: Edition, sources: Sources, shares: pd.DataFrame, kind: str) -> Table | None:
    """A row for each item with its interval, the widest of the bases it may be over; the records hold each base."""
    language = edition.language
    if shares.empty:
        return None
    if shares["ci_low"].isna().any():
        return found.without_interval_table(edition, sources, shares, kind)
    items = one_per_item(shares)
    has_several = len(_bases(shares)) > 1 and not (shares["flag"] == "base_not_stated").all()
    rows = [
        (
            speak.sentence_case(edition.label(row.concept)),
            cells.percent(row.share),
            cells.percent_range(row.ci_low, row.ci_high),
            *([_base_in_words(edition, row)] if has_several else []),
        )
        for row in items.itertuples()
    ]
    columns = tuple(speak.say(language, "shares_columns_bases" if has_several else "shares_columns").split("|"))
    return Table(
        id=f"table_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_caption", wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        notes=(*size_notes(edition, shares), *base_notes(edition, shares), *rounded_note(shares, language)),
        contract="estimates",
        records=records(shares, ESTIMATES),
        why=why_shares(edition, sources, items["concept"], shares, columns, rows, {"share": 1, "interval": 2}),
    )


def size_notes(edition: Edition, shares: pd.DataFrame) -> tuple[str, ...]:
    """Over whom the shares are and how many that are: the bases that they may have, and those that they have."""
    language = edition.language
    unstated = shares["flag"] == "base_not_stated"
    may_be = base_sizes(edition, shares[unstated])
    notes = []
    if may_be:
        bases = speak.listing(may_be, language, style="or")
        notes.append(speak.say(language, "note_base_not_stated", bases=bases))
    for _, rows in shares[~unstated].groupby("base", sort=False):
        # the first base is that of all items which no other note names
        key = "note_base_stated" if notes else "shares_of"
        labels = speak.listing([edition.label(concept) for concept in rows["concept"]], language)
        are = speak.listing(base_sizes(edition, rows), language)
        if are:
            notes.append(speak.say(language, key, labels=speak.sentence_case(labels), bases=are))
    return tuple(notes)


def chart(edition: Edition, shares: pd.DataFrame, kind: str) -> Chart | Sentence | None:
    """A row for each item: its share with the widest interval of the bases it may be over."""
    language = edition.language
    if shares.empty:
        return None
    if shares["ci_low"].isna().all():
        return found.without_interval(edition, shares, kind)
    shares = shares[shares["ci_low"].notna()]
    items = one_per_item(shares)
    return Chart(
        id=f"figure_{kind}",
        language=language,
        caption=_claim(edition, items, kind),
        subtitle=titled(edition, f"{kind}_figure", wave=edition.wave.wave, whom=_whom_of_all(edition, items)),
        alt=_alt(edition, items, kind),
        table=f"table_{kind}",
        plot=Intervals(
            rows=tuple(
                _interval(edition, row, is_accent=row.Index == 0 and kind in BY_HALVES) for row in items.itertuples()
            ),
            half_label=speak.say(language, "half_label") if kind in BY_HALVES else None,
        ),
        reading=speak.say(language, "interval_reading") if items["ci_low"].notna().any() else None,
        mark=marked(edition),
    )


def prevention_matrix(edition: Edition, shares: pd.DataFrame, sources: Sources | None = None) -> Table | None:
    """Shortfalls with their way of working and what prevention by it prevents: each once, where it has either."""
    language, project = edition.language, edition.project
    if shares.empty:
        return None
    levels, ways = project.prevention_levels, project.ways_of_working
    items = one_per_item(shares)
    known = [project.concepts[concept] for concept in items["concept"]]
    items = items[[bool(one.prevention_levels or one.ways_of_working) for one in known]]
    if items.empty:
        return None
    rows: list[tuple] = []
    for row in items.itertuples():
        concept = project.concepts[row.concept]
        told = [ways[way][language] for way in concept.ways_of_working] or [speak.say(language, "matrix_general")]
        prevents = [
            speak.say(language, "matrix_yes") if level in concept.prevention_levels else EMPTY for level in levels
        ]
        label = speak.sentence_case(edition.label(row.concept))
        rows.append((label, cells.percent(row.share), speak.sentence_case("; ".join(told)), *prevents))
    columns = (
        *speak.say(language, "matrix_columns").split("|"),
        *(speak.sentence_case(level[language]) for level in levels.values()),
    )
    return Table(
        id="table_prevention_matrix",
        language=language,
        caption=titled(edition, "matrix_caption", wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        notes=(*bases_in_words(edition, items), speak.say(language, "matrix_note")),
        why=why_shares(edition, sources, items["concept"], shares, columns, rows, {"share": 1}) if sources else (),
    )


def matrix_sentence(edition: Edition, shares: pd.DataFrame) -> Sentence | None:
    """Which ways of working no published shortfall speaks of."""
    language, project = edition.language, edition.project
    named = {way for concept in shares["concept"] for way in project.concepts[concept].ways_of_working}
    if not named:
        return None
    unnamed = [label[language] for way, label in project.ways_of_working.items() if way not in named]
    text = speak.say(
        language, "matrix_sentence", n_unnamed=len(unnamed), n=len(project.ways_of_working), unnamed="; ".join(unnamed)
    )
    return Sentence(id="prevention_matrix", language=language, text=text, is_detail=True)


def _interval(edition: Edition, row: Any, *, is_accent: bool) -> Interval:
    return Interval(
        label=speak.sentence_case(edition.label(row.concept)),
        text=speak.percent_cell(row.share),
        share=row.share,
        low=known(row.ci_low),
        high=known(row.ci_high),
        is_accent=is_accent,
    )


class _Group(NamedTuple):
    """Items of which the intervals stand alike to a half: their labels, or that they are the others, and shares."""

    where: str
    labels: str
    shares: str


def _by_half(edition: Edition, items: pd.DataFrame) -> list[_Group]:
    language = edition.language
    rows = [(half(row.ci_low, row.ci_high), row) for row in items.itertuples()]
    found = {where: [row for place, row in rows if place == where] for where in HALVES}
    found = {where: of_group for where, of_group in found.items() if of_group}
    groups = []
    for place, (where, of_group) in enumerate(found.items(), start=1):
        labels = speak.listing([edition.label(row.concept) for row in of_group], language)
        if 1 < place == len(found) and len(of_group) > 1:
            labels = speak.say(language, "the_others", n=len(of_group))
        groups.append(_Group(where, labels, _percents([row.share for row in of_group], language)))
    return groups


def _claim(edition: Edition, items: pd.DataFrame, kind: str) -> str:
    """The finding that a figure shows, as its title."""
    first, *others = items.itertuples()
    language = edition.language
    if kind not in BY_HALVES:
        text = titled(
            edition,
            f"{kind}_claim" if others else f"{kind}_claim_alone",
            share=of_whom(edition, first),
            first=edition.label(first.concept),
            last_share=speak.whole_percent(others[-1].share if others else first.share, language),
            last=edition.label(others[-1].concept if others else first.concept),
        )
        return speak.sentence_case(text)
    told = [
        speak.say(
            language,
            f"{kind}_claim_more" if place else f"{kind}_claim",
            part=speak.say(language, f"half_{where}"),
            whom=whom(edition, first),
            labels=labels,
        )
        for place, (where, labels, _) in enumerate(_by_half(edition, items))
    ]
    mark = marked(edition)
    return speak.sentence_case(", ".join(told)) + (f" ({mark})" if mark else "")


def _alt(edition: Edition, items: pd.DataFrame, kind: str) -> str:
    """The finding, then the numbers; the table has them all."""
    language = edition.language
    if kind in BY_HALVES:
        groups = _by_half(edition, items)
        text = " ".join(
            speak.say(language, f"alt_{where}", labels=labels, shares=shares) for where, labels, shares in groups
        )
        if len(text) <= LONGEST_ALT:
            return text
    first, last = items.iloc[0], items.iloc[-1]
    return speak.say(
        language,
        "alt_ordered",
        first=edition.label(first["concept"]),
        last=edition.label(last["concept"]),
        shares=_percents(items["share"], language),
    )


def _percents(shares: Iterable[float], language: str) -> str:
    return speak.listing([speak.percent_cell(share) for share in shares], language)


def _bases(shares: pd.DataFrame) -> set[str]:
    return set(shares["base"].dropna())


def _base_in_words(edition: Edition, row: Any) -> str:
    base = edition.project.bases.get(row.base)
    return base[edition.language] if base and row.flag != "base_not_stated" else EMPTY


def _share_beside(edition: Edition, row: Any, first: Any) -> str:
    """A share named after ``first``: its base only where that is another."""
    is_alike = (row.base, row.flag == "base_not_stated") == (first.base, first.flag == "base_not_stated")
    return speak.whole_percent(row.share, edition.language) if is_alike else of_whom(edition, row)
