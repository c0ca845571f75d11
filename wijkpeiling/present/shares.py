"""Shares of one wave: tasks of the team, what it does not get round to, and what was asked on prevention."""

from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval, Intervals
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present import cells, found
from wijkpeiling.present.blocks import EMPTY, Chart, Sentence, Table, known, marked, records, rounded_note, titled
from wijkpeiling.project import Edition

# the words for a share over each base; other bases are named as in concepts.yml
OF_BASE = {"respondents": "of_all", "unknown": "of_all", "with_team": "of_team"}
# of these the line at one half is the point: more than half of the municipalities, or not
HALF_IS_THE_POINT = ("shortfall",)
# flags of a base whose number of respondents was not published
SIZE_ESTIMATED = ("base_not_stated", "base_size_not_stated")
# what not every wave asks on: nothing is said of it where nothing is known
NOT_ALWAYS_ASKED = ("prevention",)
# beside the first, in a sentence; the table has them all
MOST_NAMED = 5


def sentence(edition: Edition, shares: pd.DataFrame, kind: str) -> Sentence | None:
    """A share with the interval of its first base, and others; each over its own base, none ranked."""
    language = edition.language
    if shares.empty:
        return _nothing(edition, kind)
    if shares["ci_low"].isna().all():
        return found.without_interval(edition, shares, kind)
    ordered = _sorted(_first_base(shares[shares["ci_low"].notna()]))
    first, *others = ordered.itertuples()
    text = speak.say(
        language,
        f"{kind}_sentence",
        first=edition.label(first.concept),
        share=of_whom(edition, first),
        interval=speak.percent_range(first.ci_low, first.ci_high, language),
        wave=edition.wave.wave,
    )
    if others:
        told = [f"{edition.label(row.concept)} ({_share_beside(edition, row, first)})" for row in others[:MOST_NAMED]]
        text += " " + speak.say(language, f"{kind}_others", others=speak.listing(told, language))
    return Sentence(id=f"shares_{kind}", language=language, text=text, key=text)


def of_whom(edition: Edition, row: Any) -> str:
    """The share of an estimate with its base: ``82 procent van de gemeenten met een wijkteam``."""
    language = edition.language
    share = speak.whole_percent(row.share, language)
    key = "of_all" if row.flag == "base_not_stated" else OF_BASE.get(row.base, "of_base")
    base = edition.project.bases[row.base][language] if key == "of_base" else ""
    return speak.say(language, key, share=share, base=base)


def base_notes(edition: Edition, shares: pd.DataFrame) -> tuple[str, ...]:
    """What a reader should know of the bases and intervals that stand in a table of estimates, and of no others."""
    has_answers = shares["source"] != "published"
    is_alike = shares["wave"].isin([year for year, wave in edition.project.waves.items() if wave.weighting == "none"])
    present = {
        "note_base_not_stated": shares["flag"] == "base_not_stated",
        "note_with_team": (shares["base"] == "with_team") & shares["N"].notna(),
        "note_exact": (shares["method"] == "exact") & (shares["source"] == "published"),
        "note_weighted": has_answers & ~is_alike,
        "note_unweighted": has_answers & is_alike,
        "note_invented": shares["source"] == "synthetic",
    }
    return tuple(speak.say(edition.language, key) for key, holds in present.items() if holds.fillna(False).any())


def bases_in_words(edition: Edition, shares: pd.DataFrame) -> tuple[str, ...]:
    """Of whom the shares are, for what has no column for it; nothing where a publication does not say."""
    if (shares["flag"] == "base_not_stated").any():
        return ()
    known = edition.project.bases
    bases = [known[base][edition.language] for base in shares["base"].unique() if base in known]
    return (speak.say(edition.language, "shares_of", bases=speak.listing(bases, edition.language)),) if bases else ()


def table(edition: Edition, shares: pd.DataFrame, kind: str) -> Table | Sentence | None:
    """Each share with the interval over every candidate base, and the worst-case bounds."""
    language = edition.language
    if shares.empty:
        return _nothing(edition, kind)
    if shares["ci_low"].isna().any():
        return found.without_interval_table(edition, shares, kind)
    by_concept = shares.set_index("concept")
    rows = []
    for concept in _sorted(_first_base(shares))["concept"]:
        for row in by_concept.loc[[concept]].itertuples():
            rows.append(
                (
                    speak.sentence_case(edition.label(concept)),
                    cells.percent(row.share),
                    edition.project.bases[row.base][language],
                    _spell_size(row, language),
                    cells.percent_range(row.ci_low, row.ci_high),
                    cells.percent_range(row.worst_low, row.worst_high),
                )
            )
    return Table(
        id=f"table_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_caption", wave=edition.wave.wave),
        columns=tuple(speak.say(language, "shares_columns").split("|")),
        rows=tuple(rows),
        notes=(*base_notes(edition, shares), speak.say(language, "worst_note"), *rounded_note(shares, language)),
        contract="estimates",
        records=records(shares, ESTIMATES),
    )


def chart(edition: Edition, shares: pd.DataFrame, kind: str) -> Chart | Sentence | None:
    """A row for each share: the estimate with the widest of its intervals, where it may be over more than one base."""
    language = edition.language
    if shares.empty:
        return _nothing(edition, kind)
    if shares["ci_low"].isna().all():
        return found.without_interval(edition, shares, kind)
    ordered = _sorted(_widest(shares[shares["ci_low"].notna()]))
    return Chart(
        id=f"figure_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_figure", wave=edition.wave.wave),
        alt=_alt(edition, ordered),
        table=f"table_{kind}",
        plot=Intervals(
            rows=tuple(
                _interval(edition, row, is_accent=is_first and kind in HALF_IS_THE_POINT)
                for is_first, row in zip([True] + [False] * len(ordered), ordered.itertuples(), strict=False)
            ),
            half_label=speak.say(language, "half_label") if kind in HALF_IS_THE_POINT else None,
        ),
        reading=speak.say(language, "interval_reading"),
        mark=marked(edition),
    )


def prevention_matrix(edition: Edition, shares: pd.DataFrame) -> Table | Sentence | None:
    """Shortfalls set out by way of working and by what prevention prevents; empty cells show what was never asked."""
    language, project = edition.language, edition.project
    if shares.empty:
        return _nothing(edition, "shortfall")
    levels, ways = project.prevention_levels, project.ways_of_working
    ordered = _sorted(_first_base(shares))
    heads = {None: speak.say(language, "matrix_general")} | {way: label[language] for way, label in ways.items()}
    rows = [
        (speak.sentence_case(head), *(_cell(edition, ordered, level, way) for level in levels))
        for way, head in heads.items()
    ]
    if set(rows[0][1:]) == {EMPTY}:
        rows = rows[1:]
    return Table(
        id="table_prevention_matrix",
        language=language,
        caption=titled(edition, "matrix_caption", wave=edition.wave.wave),
        columns=(
            speak.say(language, "matrix_column"),
            *(speak.sentence_case(level[language]) for level in levels.values()),
        ),
        rows=tuple(rows),
        notes=(*bases_in_words(edition, ordered), speak.say(language, "matrix_note")),
    )


def matrix_sentence(edition: Edition, shares: pd.DataFrame) -> Sentence | None:
    """Which ways of working no published shortfall speaks of."""
    language, project = edition.language, edition.project
    if shares.empty:
        return _nothing(edition, "shortfall")
    named = {way for concept in shares["concept"] for way in project.concepts[concept].ways_of_working}
    unnamed = [label[language] for way, label in project.ways_of_working.items() if way not in named]
    text = speak.say(
        language, "matrix_sentence", n_unnamed=len(unnamed), n=len(project.ways_of_working), unnamed="; ".join(unnamed)
    )
    return Sentence(id="prevention_matrix", language=language, text=text)


def _spell_size(row: Any, language: str) -> str:
    """Respondents out of municipalities; of a base that an answer defines, the second number is always estimated."""
    if pd.isna(row.n):
        return EMPTY
    if row.base == "respondents":
        return speak.say(language, "of", n=row.n, N=row.N)
    return speak.say(language, "of_about" if row.flag in SIZE_ESTIMATED else "of_estimated", n=row.n, N=row.N)


def _interval(edition: Edition, row: Any, *, is_accent: bool) -> Interval:
    return Interval(
        label=speak.sentence_case(edition.label(row.concept)),
        text=speak.percent_cell(row.share),
        share=row.share,
        low=known(row.ci_low),
        high=known(row.ci_high),
        is_accent=is_accent,
    )


def _alt(edition: Edition, ordered: pd.DataFrame) -> str:
    """Each share with its interval; the base with the first, and where it is another."""
    language = edition.language
    first = next(ordered.itertuples())
    spelled = [
        speak.say(
            language,
            "share_alt",
            label=edition.label(row.concept),
            share=of_whom(edition, row) if row.Index == first.Index else _share_beside(edition, row, first),
            interval=speak.percent_range(row.ci_low, row.ci_high, language),
        )
        for row in ordered.itertuples()
    ]
    return speak.say(language, "shares_figure_alt", listing="; ".join(spelled))


def _share_beside(edition: Edition, row: Any, first: Any) -> str:
    """A share named after ``first``: its base only where that is another."""
    is_alike = (row.base, row.flag == "base_not_stated") == (first.base, first.flag == "base_not_stated")
    return speak.whole_percent(row.share, edition.language) if is_alike else of_whom(edition, row)


def _cell(edition: Edition, shares: pd.DataFrame, level: str, way: str | None) -> str:
    """Shortfalls at this crossing; for way None, those that name no single way of working."""
    found = []
    for row in shares.itertuples():
        concept = edition.project.concepts[row.concept]
        at_way = way in concept.ways_of_working if way else not concept.ways_of_working
        if at_way and level in concept.prevention_levels:
            found.append(f"{edition.label(row.concept)}: {speak.percent_cell(row.share)}")
    return "; ".join(found) or EMPTY


def _first_base(shares: pd.DataFrame) -> pd.DataFrame:
    return shares.drop_duplicates("concept")


def _widest(shares: pd.DataFrame) -> pd.DataFrame:
    """Of each concept the row with the widest interval, in the order in which they stood."""
    width = (shares["ci_high"] - shares["ci_low"]).astype(float)
    widest = width.groupby(shares["concept"]).idxmax()
    return shares.loc[shares.index.isin(widest)]


def _sorted(shares: pd.DataFrame) -> pd.DataFrame:
    return shares.sort_values("share", ascending=False, kind="stable")


def _nothing(edition: Edition, kind: str) -> Sentence | None:
    if kind in NOT_ALWAYS_ASKED:
        return None
    text = speak.say(edition.language, f"{kind}_missing", wave=edition.wave.wave)
    return Sentence(id=f"{kind}_missing", language=edition.language, text=text)
