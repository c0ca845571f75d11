"""Shares of one wave: tasks of the team, and what it does not get round to."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present.blocks import EMPTY, Figure, Sentence, Table, marked, records, rounded_note, titled
from wijkpeiling.project import Edition

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


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
    return Sentence(f"shares_{kind}", language, text, key)


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
        f"table_{kind}",
        language,
        titled(edition, f"{kind}_caption", wave=edition.wave.wave),
        tuple(speak.say(language, "shares_columns").split("|")),
        tuple(rows),
        (
            speak.say(language, f"shares_note_{edition.source}"),
            speak.say(language, "worst_note"),
            *rounded_note(shares, language),
        ),
        "estimates",
        records(shares, ESTIMATES),
    )


def figure(edition: Edition, shares: pd.DataFrame, kind: str) -> Figure | Sentence:
    """A row for each share: the estimate, its interval over each base, and the worst-case band behind it."""
    language = edition.language
    if shares.empty:
        return _nothing(edition, kind)
    ordered = _sorted(_first_base(shares))
    others = shares[~shares.index.isin(ordered.index)].set_index("concept")

    def draw(width: float) -> "Drawing":
        from wijkpeiling.present import drawing

        figure, axis = drawing.new_figure(width, 0.52 * len(ordered) + (0.95 if width > 5 else 1.25))
        for place, row in enumerate(ordered.itertuples()):
            band = axis.barh(place, row.worst_high - row.worst_low, left=row.worst_low, height=0.3, color=drawing.PALE)
            if row.concept in others.index:
                other = others.loc[row.concept]
                (thin,) = axis.plot([other["ci_low"], other["ci_high"]], [place, place], color=drawing.RUST, lw=1.4)
            (thick,) = axis.plot(
                [row.ci_low, row.ci_high], [place, place], color=drawing.BLUE, lw=4.5, solid_capstyle="butt"
            )
            axis.text(0, place - 0.24, speak.sentence_case(edition.label(row.concept)), va="bottom")
            axis.text(
                row.worst_high + 0.015, place, speak.percent_cell(row.share), va="center_baseline", **drawing.BOLD
            )
        drawing.sns.scatterplot(
            x=ordered["share"].astype(float),
            y=range(len(ordered)),
            color="white",
            edgecolor=drawing.BLUE,
            linewidth=1.4,
            s=26,
            zorder=5,
            ax=axis,
        )
        drawing.percent_axis(axis)
        axis.set(ylim=(len(ordered) - 0.6, -0.75), xlim=(0, 1.08), yticks=[], xlabel="", ylabel="")
        first = "interval_key" if ordered["base"].iloc[0] == "respondents" else "interval_team_key"
        keys: dict[str, Any] = {first: thick, "worst_key": band}
        if len(others):
            keys = {first: thick, "with_team_key": thin, "worst_key": band}
        figure.legend(
            list(keys.values()),
            [speak.say(language, key) for key in keys],
            loc="outside lower left",
            ncols=3 if width > 5 else 1,
            frameon=False,
            fontsize=8.5,
            handlelength=1.4,
            columnspacing=1.0,
        )
        return figure

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
    return Figure(
        f"figure_{kind}",
        language,
        titled(edition, f"{kind}_figure", wave=edition.wave.wave),
        speak.say(language, "shares_figure_alt", listing="; ".join(spelled)),
        f"table_{kind}",
        records(shares[["concept", "base", "share", "ci_low", "ci_high", "worst_low", "worst_high"]]),
        draw,
        marked(edition),
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
        "table_prevention_matrix",
        language,
        titled(edition, "matrix_caption", wave=edition.wave.wave),
        (speak.say(language, "matrix_column"), *(speak.sentence_case(level[language]) for level in levels.values())),
        tuple(rows),
        (speak.say(language, "matrix_note"),),
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
    return Sentence("prevention_matrix", language, text)


def _spell_size(row: Any, language: str) -> str:
    """Respondents out of municipalities; where the base is one that an answer defines, numbers are estimated too."""
    if pd.isna(row.n):
        return EMPTY
    if row.base == "respondents":
        return speak.say(language, "of", n=row.n, N=row.N)
    return speak.say(language, "of_about" if row.source == "published" else "of_estimated", n=row.n, N=row.N)


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
    return Sentence(f"{kind}_missing", edition.language, text)
