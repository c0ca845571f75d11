"""The audit of everything that was published."""

from typing import TYPE_CHECKING

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.audit import audit as audit_figures
from wijkpeiling.contracts import AUDIT, VERDICTS
from wijkpeiling.estimation.evidence import Evidence
from wijkpeiling.present.blocks import EMPTY, Figure, Sentence, Table, marked, records, titled
from wijkpeiling.project import Edition

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

NAMED = ("infeasible", "contested", "rejected")


def verdicts(edition: Edition, evidence: Evidence) -> pd.DataFrame | None:
    """The audit of every published figure; None in a synthetic edition, where real figures have no place."""
    return None if edition.source == "synthetic" else audit_figures(evidence.published, edition.language)


def sentence(edition: Edition, audit: pd.DataFrame | None) -> Sentence:
    """How many figures were found, and how many hold."""
    language = edition.language
    if audit is None:
        return Sentence("audit", language, speak.say(language, "audit_synthetic"))
    counts = audit["verdict"].value_counts()
    text = speak.say(
        language, "audit_sentence", total=len(audit), **{verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}
    )
    key = speak.say(language, "audit_key", total=len(audit), n_disputed=int(audit["verdict"].isin(NAMED).sum()))
    return Sentence("audit", language, text, key)


def disputed_table(edition: Edition, audit: pd.DataFrame | None) -> Table | None:
    """The figures that should not be used, each with the reason."""
    if audit is None:
        return None
    language = edition.language
    named = audit[audit["verdict"].isin(NAMED)].sort_values("verdict", ascending=False, kind="stable")
    rows = tuple(
        (
            f"{speak.sentence_case(edition.label(row.concept))} ({row.wave})",
            _spell_pct(row.pct),
            speak.say(language, f"verdict_{row.verdict}"),
            row.reason,
            row.source,
        )
        for row in named.itertuples()
    )
    return Table(
        "table_disputed",
        language,
        titled(edition, "disputed_caption"),
        tuple(speak.say(language, "disputed_columns").split("|")),
        rows,
    )


def table(edition: Edition, audit: pd.DataFrame | None) -> Table | None:
    """Every published figure with its verdict, wave by wave."""
    if audit is None:
        return None
    language = edition.language
    rows = tuple(
        (
            speak.sentence_case(edition.label(row.concept)),
            str(row.wave),
            _spell_pct(row.pct),
            _spell_counts(row.feasible_counts, language),
            speak.say(language, f"verdict_{row.verdict}"),
            row.reason,
            row.source,
        )
        for row in audit.itertuples()
    )
    return Table(
        "table_audit",
        language,
        titled(edition, "audit_caption", total=len(audit)),
        tuple(speak.say(language, "audit_columns").split("|")),
        rows,
        tuple(speak.say(language, "audit_note").split("|")),
        "audit",
        records(audit, AUDIT),
    )


def figure(edition: Edition, audit: pd.DataFrame | None) -> Figure | None:
    """Number of figures for each wave and verdict."""
    if audit is None:
        return None
    language = edition.language
    counts = pd.crosstab(audit["verdict"], audit["wave"]).reindex(VERDICTS, fill_value=0)

    def draw(width: float) -> "Drawing":
        from wijkpeiling.present import drawing

        figure, axis = drawing.new_figure(width, 2.9)
        drawing.sns.heatmap(
            counts,
            ax=axis,
            annot=counts.map(lambda count: str(count) if count else ""),
            fmt="",
            cmap=drawing.sns.light_palette(drawing.BLUE, as_cmap=True),
            vmin=0,
            # half the palette: dark numbers stay readable on its darkest cell
            vmax=counts.to_numpy().max() * 2,
            annot_kws={"color": drawing.INK},
            cbar=False,
            linewidths=2,
            linecolor="white",
        )
        axis.set(xlabel="", ylabel="")
        axis.set_yticklabels([speak.sentence_case(speak.say(language, f"verdict_{v}")) for v in VERDICTS], rotation=0)
        axis.xaxis.tick_top()
        axis.tick_params(length=0)
        return figure

    totals = counts.sum(axis=1)
    spelled = [f"{speak.say(language, f'verdict_{verdict}')} {totals[verdict]}" for verdict in VERDICTS]
    data = counts.reset_index().melt("verdict", var_name="wave", value_name="n_figures")
    return Figure(
        "figure_audit",
        language,
        titled(edition, "audit_figure"),
        speak.say(language, "audit_figure_alt", total=len(audit), listing=speak.listing(spelled, language)),
        "table_audit",
        records(data),
        draw,
        marked(edition),
    )


def _spell_pct(pct: float) -> str:
    return EMPTY if pd.isna(pct) else speak.percent_cell(pct / 100)


def _spell_counts(counts: str, language: str) -> str:
    if pd.isna(counts):
        return EMPTY
    return "; ".join(
        speak.say(language, "counts_of", counts=part.split("/")[0], n=part.split("/")[1]) for part in counts.split("; ")
    )
