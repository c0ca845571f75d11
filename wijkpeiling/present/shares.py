"""Shares of one wave: tasks of the team, and what it does not get round to."""

from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval, Intervals
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present.blocks import EMPTY, Chart, Sentence, Table, known, marked, records, titled
from wijkpeiling.project import Edition


def sentence(edition: Edition, shares: pd.DataFrame, kind: str) -> Sentence:
    """The shares in a sentence, highest first, each with the interval of its first base."""
    language = edition.language
    if shares.empty:
        return _nothing(edition, kind)
    first, *others = _sorted(_first_base(shares)).itertuples()
    text = speak.say(
        language,
        f"{kind}_sentence",
        first=edition.label(first.concept),
        share=speak.whole_percent(first.share, language),
        interval=speak.percent_range(first.ci_low, first.ci_high, language),
        others=speak.listing(
            [f"{edition.label(row.concept)} ({speak.whole_percent(row.share, language)})" for row in others], language
        ),
        wave=edition.wave.wave,
    )
    last = others[-1] if others else first
    key = speak.say(
        language,
        f"{kind}_key",
        of=speak.say(language, "of_team" if edition.source != "published" and first.base == "with_team" else "of_all"),
        first=edition.label(first.concept),
        share=speak.whole_percent(first.share, language),
        interval=speak.percent_range(first.ci_low, first.ci_high, language),
        last=edition.label(last.concept),
        last_share=speak.whole_percent(last.share, language),
    )
    return Sentence(id=f"shares_{kind}", language=language, text=text, key=key)


def table(edition: Edition, shares: pd.DataFrame, kind: str) -> Table | Sentence:
    """Each share with the interval over every candidate base, and the worst-case band."""
    language = edition.language
    if shares.empty:
        return _nothing(edition, kind)
    by_concept = shares.set_index("concept")
    rows = []
    for concept in _sorted(_first_base(shares))["concept"]:
        for row in by_concept.loc[[concept]].itertuples():
            rows.append(
                (
                    speak.sentence_case(edition.label(concept)),
                    speak.percent_cell(row.share),
                    edition.project.bases[row.base][language],
                    _spell_size(row, language),
                    speak.range_cell(row.ci_low, row.ci_high),
                    speak.range_cell(row.worst_low, row.worst_high),
                )
            )
    return Table(
        id=f"table_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_caption", wave=edition.wave.wave),
        columns=tuple(speak.say(language, "shares_columns").split("|")),
        rows=tuple(rows),
        notes=(speak.say(language, f"shares_note_{edition.source}"), speak.say(language, "worst_note")),
        contract="estimates",
        records=records(shares, ESTIMATES),
    )


def chart(edition: Edition, shares: pd.DataFrame, kind: str) -> Chart | Sentence:
    """A row for each share: the estimate, its interval over each base, and the worst-case bounds behind it."""
    language = edition.language
    if shares.empty:
        return _nothing(edition, kind)
    ordered = _sorted(_first_base(shares))
    others = shares[~shares.index.isin(ordered.index)].set_index("concept")
    spelled = [
        speak.say(
            language,
            "share_alt",
            label=edition.label(row.concept),
            share=speak.whole_percent(row.share, language),
            interval=speak.percent_range(row.ci_low, row.ci_high, language),
        )
        for row in ordered.itertuples()
    ]
    first = "interval_key" if ordered["base"].iloc[0] == "respondents" else "interval_team_key"
    return Chart(
        id=f"figure_{kind}",
        language=language,
        caption=titled(edition, f"{kind}_figure", wave=edition.wave.wave),
        alt=speak.say(language, "shares_figure_alt", listing="; ".join(spelled)),
        table=f"table_{kind}",
        plot=Intervals(
            rows=tuple(_interval(edition, row, others) for row in ordered.itertuples()),
            interval_label=speak.say(language, first),
            other_label=speak.say(language, "with_team_key"),
            bounds_label=speak.say(language, "worst_key"),
        ),
        mark=marked(edition),
    )


def prevention_matrix(edition: Edition, shares: pd.DataFrame) -> Table | Sentence:
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
        notes=(speak.say(language, "matrix_note"),),
    )


def matrix_sentence(edition: Edition, shares: pd.DataFrame) -> Sentence:
    """Which ways of working no published shortfall speaks of."""
    language, project = edition.language, edition.project
    if shares.empty:
        return _nothing(edition, "shortfall")
    named = {way for concept in shares["concept"] for way in project.concepts[concept].ways_of_working}
    silent = [label[language] for way, label in project.ways_of_working.items() if way not in named]
    text = speak.say(
        language, "matrix_sentence", n_silent=len(silent), n=len(project.ways_of_working), silent="; ".join(silent)
    )
    return Sentence(id="prevention_matrix", language=language, text=text)


def _spell_size(row: Any, language: str) -> str:
    """Respondents out of municipalities; where the base is one that an answer defines, numbers are estimated too."""
    if row.base == "respondents":
        return speak.say(language, "of", n=row.n, N=row.N)
    return speak.say(language, "of_about" if row.source == "published" else "of_estimated", n=row.n, N=row.N)


def _interval(edition: Edition, row: Any, others: pd.DataFrame) -> Interval:
    other = others.loc[row.concept] if row.concept in others.index else None
    return Interval(
        label=speak.sentence_case(edition.label(row.concept)),
        text=speak.percent_cell(row.share),
        share=row.share,
        low=known(row.ci_low),
        high=known(row.ci_high),
        other_low=None if other is None else known(other["ci_low"]),
        other_high=None if other is None else known(other["ci_high"]),
        bounds_low=known(row.worst_low),
        bounds_high=known(row.worst_high),
    )


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


def _sorted(shares: pd.DataFrame) -> pd.DataFrame:
    return shares.sort_values("share", ascending=False, kind="stable")


def _nothing(edition: Edition, kind: str) -> Sentence:
    text = speak.say(edition.language, f"{kind}_missing", wave=edition.wave.wave)
    return Sentence(id=f"{kind}_missing", language=edition.language, text=text)
