"""The account of an edition: what its figures come from, which bounds to believe when, what they do not show."""

from collections.abc import Iterator

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval, Intervals
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Chart, Sentence, Table, marked, records, rounded_note, titled
from wijkpeiling.present.shares import base_notes, size_notes
from wijkpeiling.present.why import why_shares
from wijkpeiling.present.why_counts import plain
from wijkpeiling.present.wording import one_per_item
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources


def origin(edition: Edition, sources: Sources) -> Sentence:
    """What the percentages come from; who held the survey, and where it was reported, stands on the cover."""
    source = sources.source_of(*edition.years.values())
    return Sentence(id="origin", language=edition.language, text=speak.say(edition.language, f"origin_{source}"))


def bounds_sentence(edition: Edition, shares: list[pd.DataFrame]) -> Sentence | None:
    """Which of the two bounds to believe when, with the first share as an example; None without an interval."""
    known = _measured(shares)
    if known.empty:
        return None
    language, row = edition.language, known.iloc[0]
    parts = [
        speak.say(language, "bounds_interval"),
        speak.say(language, "bounds_worst"),
        speak.say(
            language,
            "bounds_example",
            label=edition.label(row["concept"]),
            share=speak.whole_percent(row["share"], language),
            interval=speak.percent_range(row["ci_low"], row["ci_high"], language),
            low=speak.whole(row["worst_low"]),
            high=speak.whole_percent(row["worst_high"], language),
        ),
    ]
    return Sentence(id="bounds", language=language, text=" ".join(parts))


def bounds_table(edition: Edition, shares: list[pd.DataFrame], sources: Sources | None = None) -> Table | None:
    """Every share of the wave with its interval and its worst-case bounds, the widest over its possible bases."""
    known = _measured(shares)
    if known.empty:
        return None
    language = edition.language
    rows = [
        (
            speak.sentence_case(edition.label(row.concept)),
            cells.percent(row.share),
            cells.percent_range(row.ci_low, row.ci_high),
            cells.percent_range(row.worst_low, row.worst_high),
        )
        for row in known.itertuples()
    ]
    told = pd.concat([table for table in shares if len(table)], ignore_index=True)
    columns = tuple(speak.say(language, "bounds_columns").split("|"))
    roles = {"share": 1, "interval": 2, "worst": 3}
    return Table(
        id="table_bounds",
        language=language,
        caption=titled(edition, "bounds_caption", wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        notes=(
            *size_notes(edition, told),
            *base_notes(edition, told),
            *_team_note(told, language),
            *rounded_note(told, language),
        ),
        contract="estimates",
        records=records(told, ESTIMATES),
        why=why_shares(edition, sources, known["concept"], told, columns, rows, roles),
    )


def _team_note(shares: pd.DataFrame, language: str) -> tuple[str, ...]:
    """Why the worst case over municipalities with a team is wider than its numbers: who has one is not known either."""
    return (speak.say(language, "bounds_note_team"),) if (shares["base"] == "with_team").any() else ()


def bounds_chart(edition: Edition, shares: list[pd.DataFrame]) -> Chart | None:
    """Interval and worst-case bounds of the first kind that has them; the table has every share."""
    known = _measured([table for table in shares if table["ci_low"].notna().any()][:1])
    if known.empty:
        return None
    language = edition.language
    rows = tuple(
        Interval(
            label=speak.sentence_case(edition.label(row.concept)),
            text=speak.percent_cell(row.share),
            share=row.share,
            low=row.ci_low,
            high=row.ci_high,
            bounds_low=row.worst_low,
            bounds_high=row.worst_high,
        )
        for row in known.itertuples()
    )
    widest = (known["worst_high"] - known["worst_low"]).idxmax()
    told = {name: known.loc[widest, name] for name in ("ci_low", "ci_high", "worst_low", "worst_high")}
    label = edition.label(known.loc[widest, "concept"])
    # with nearly everybody in it, a survey has bounds that are no wider
    is_far = (known["worst_high"] - known["worst_low"] > 2 * (known["ci_high"] - known["ci_low"])).all()
    topic = titled(edition, "bounds_figure", wave=edition.wave.wave)
    return Chart(
        id="figure_bounds",
        language=language,
        caption=titled(edition, "bounds_claim") if is_far else topic,
        subtitle=topic if is_far else None,
        alt=speak.say(
            language, "bounds_alt", label=label, **{name: speak.whole(share) for name, share in told.items()}
        ),
        table="table_bounds",
        plot=Intervals(rows=rows),
        reading=" ".join(speak.say(language, key) for key in ("interval_reading", "bounds_reading")),
        mark=marked(edition),
    )


def limits(
    edition: Edition, sources: Sources, *, shortfalls: pd.DataFrame, tasks: pd.DataFrame, changes: pd.DataFrame
) -> Sentence | None:
    """What cannot be told of the wave, and what it would take: once, for the whole report."""
    parts = list(_limits(edition, sources, {"shortfall": shortfalls, "task": tasks}, changes))
    return Sentence(id="limits", language=edition.language, text=" ".join(parts)) if parts else None


def _limits(
    edition: Edition, sources: Sources, shares: dict[str, pd.DataFrame], changes: pd.DataFrame
) -> Iterator[str]:
    language = edition.language
    for kind, table in shares.items():
        if table.empty:
            yield speak.say(language, f"{kind}_missing", wave=edition.wave.wave)
    if sources.of(edition.wave.wave).n_respondents is None:
        yield speak.say(language, "no_limits", wave=edition.wave.wave)
    if sources.of(edition.wave.wave).why_not:
        yield speak.say(language, "answers_missing")
    if edition.baseline is None:
        yield speak.say(language, "changes_no_baseline", wave=edition.wave.wave)
        return
    told = {edition.project.concepts[concept].kind for concept in changes["concept"]}
    missing = [kind for kind, table in shares.items() if len(table) and kind not in told]
    if missing:
        what = speak.listing([speak.say(language, f"changes_of_{kind}") for kind in missing], language)
        yield speak.say(language, "changes_missing", what=what, **edition.years)


def _measured(shares: list[pd.DataFrame]) -> pd.DataFrame:
    """A row for each item with an interval, kind after kind."""
    tables = [one_per_item(table[table["ci_low"].notna()]) for table in shares if table["ci_low"].notna().any()]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["concept"])


def assumed_table(edition: Edition, sources: Sources) -> Table | None:
    """The levels that invented answers were given because none were found; nothing for a real edition."""
    if not sources.assumptions:
        return None
    language = edition.language
    rows = [
        (
            speak.sentence_case(edition.label(concept)),
            str(wave),
            cells.percent(level.pct / 100),
            level.reason[language],
        )
        for wave, levels in sources.assumptions.items()
        for concept, level in levels.items()
        if sources.of(wave).is_assumed(concept)
    ]
    columns = tuple(speak.say(language, "assumed_columns").split("|"))
    return Table(
        id="table_assumed",
        language=language,
        caption=titled(edition, "assumed_caption"),
        columns=columns,
        rows=tuple(rows),
        why=tuple(plain(language, columns, row, {2: ("why_assumed", (), ())}) for row in rows),
        notes=(speak.say(language, "assumed_note"),),
    )
