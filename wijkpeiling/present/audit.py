"""The audit of everything that was published."""

from collections.abc import Iterator, Mapping

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.audit import audit as audit_figures
from wijkpeiling.charts.model import Grid
from wijkpeiling.contracts import AUDIT, VERDICTS
from wijkpeiling.figures import PublishedFigure
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import EMPTY, Chart, Sentence, Table, marked, records, titled
from wijkpeiling.present.why_counts import of_figure
from wijkpeiling.project import Edition
from wijkpeiling.published import read_other_studies
from wijkpeiling.sources.edition import Sources

# figures that should not be used, in the order in which they are told
NAMED = ("contested", "rejected", "infeasible")


def verdicts(edition: Edition, sources: Sources) -> pd.DataFrame | None:
    """The audit of every published figure; None in a synthetic edition, where real figures have no place.

    One that is not what the answers of its own wave give is contested: both are on record, and the report tells both.
    """
    published, language = sources.publications, edition.language
    if published is None:
        return None
    audit = audit_figures(published, language)
    for row, figure in enumerate(published.figures):
        share = sources.answered_otherwise(figure)
        if share is not None:
            told = speak.say(language, "audit_answers", share=speak.whole_percent(share, language))
            audit.loc[row, ["verdict", "reason"]] = "contested", " ".join(filter(None, (told, figure.remark(language))))
    return audit


def sentence(edition: Edition, audit: pd.DataFrame | None) -> Sentence:
    """How many figures were found, and how many hold."""
    language = edition.language
    if audit is None:
        return Sentence(id="audit", language=language, text=speak.say(language, "audit_synthetic"))
    counts = {verdict: int((audit["verdict"] == verdict).sum()) for verdict in VERDICTS}
    text = " ".join([speak.say(language, "audit_sentence", total=len(audit)), *_told(counts, language)])
    # of one figure the sentence itself is the summary
    key = _key(counts, language) if len(audit) > 1 else None
    return Sentence(id="audit", language=language, text=text, key=key)


def _told(counts: Mapping[str, int], language: str) -> Iterator[str]:
    """A sentence for each verdict that there is, one for all figures that are not used."""
    for verdict in ("reproduced", "feasible"):
        if n := counts[verdict]:
            yield speak.say(language, f"audit_told_{verdict}", n=n)
    named = _named(counts, language)
    if len(named) == 1:
        ((verdict, n),) = named.items()
        yield speak.say(language, "audit_told_alike", n=n, verdict=verdict)
    elif named:
        parts = [speak.say(language, "audit_told_part", n=n, verdict=verdict) for verdict, n in named.items()]
        yield speak.say(language, "audit_told_parts", listing=speak.listing(parts, language, style="or"))
    if n := counts["not_checkable"]:
        yield speak.say(language, "audit_unchecked", n=n)


def _named(counts: Mapping[str, int], language: str) -> dict[str, int]:
    """The figures that should not be used, by verdict in words."""
    return {speak.say(language, f"verdict_{verdict}"): counts[verdict] for verdict in NAMED if counts[verdict]}


def _key(counts: Mapping[str, int], language: str) -> str:
    named = _named(counts, language)
    names = list(named) or [speak.say(language, f"verdict_{verdict}") for verdict in NAMED]
    verdicts = speak.listing(names, language, style="or")
    total, n_disputed = sum(counts.values()), sum(named.values())
    key = [speak.say(language, "audit_key", total=total, n_disputed=n_disputed, verdicts=verdicts)]
    if n := counts["not_checkable"]:
        key.append(speak.say(language, "audit_key_unchecked", n=n))
    return " ".join(key)


def disputed_table(edition: Edition, audit: pd.DataFrame | None, sources: Sources | None = None) -> Table | None:
    """The figures that should not be used, each with the reason."""
    if audit is None:
        return None
    language = edition.language
    named = audit[audit["verdict"].isin(NAMED)].sort_values("verdict", ascending=False, kind="stable")
    if named.empty:
        return None
    rows = tuple(
        (
            f"{speak.sentence_case(edition.label(row.concept))} ({row.wave})",
            cells.percent(row.pct / 100),
            speak.say(language, f"verdict_{row.verdict}"),
            row.reason,
            speak.source(row.source, language),
        )
        for row in named.itertuples()
    )
    columns, figures = tuple(speak.say(language, "disputed_columns").split("|")), _figures(sources)
    return Table(
        id="table_disputed",
        language=language,
        caption=titled(edition, "disputed_caption"),
        columns=columns,
        rows=rows,
        notes=_explained(named, language),
        why=tuple(
            of_figure(language, columns, row, figures[at], None) for at, row in zip(named.index, rows, strict=True)
        )
        if figures
        else (),
    )


def _explained(audit: pd.DataFrame, language: str) -> tuple[str, ...]:
    """What each verdict means, of those that there are."""
    return tuple(speak.say(language, f"verdict_note_{one}") for one in VERDICTS if (audit["verdict"] == one).any())


def _figures(sources: Sources | None) -> list[PublishedFigure]:
    """The figures in the order of the audit; none without sources."""
    if sources is None:
        return []
    return [*sources.published.figures, *read_other_studies(sources.project)]


def table(edition: Edition, audit: pd.DataFrame | None, sources: Sources | None = None) -> Table | None:
    """Every published figure with its verdict, wave by wave."""
    if audit is None:
        return None
    language = edition.language
    rows = tuple(
        (
            speak.sentence_case(edition.label(row.concept)),
            str(row.wave),
            cells.percent(row.pct / 100),
            _spell_counts(row.feasible_counts, language),
            speak.say(language, f"verdict_{row.verdict}"),
            row.reason,
            speak.source(row.source, language),
        )
        for row in audit.itertuples()
    )
    columns, figures = tuple(speak.say(language, "audit_columns").split("|")), _figures(sources)
    return Table(
        id="table_audit",
        language=language,
        caption=titled(edition, "audit_caption", total=len(audit)),
        columns=columns,
        rows=rows,
        notes=_explained(audit, language),
        contract="audit",
        records=records(audit, AUDIT),
        why=tuple(of_figure(language, columns, row, figures[at], 3) for at, row in enumerate(rows)) if figures else (),
    )


def chart(edition: Edition, audit: pd.DataFrame | None) -> Chart | None:
    """Number of figures for each wave and verdict."""
    if audit is None:
        return None
    language = edition.language
    counts = pd.crosstab(audit["verdict"], audit["wave"]).reindex(VERDICTS, fill_value=0)
    names = [speak.say(language, f"verdict_{verdict}") for verdict in VERDICTS]
    spelled = [f"{name} {total}" for name, total in zip(names, counts.sum(axis=1), strict=True)]
    return Chart(
        id="figure_audit",
        language=language,
        caption=titled(edition, "audit_figure"),
        alt=speak.say(language, "audit_figure_alt", total=len(audit), listing=speak.listing(spelled, language)),
        table="table_audit",
        plot=Grid(
            rows=[speak.sentence_case(name) for name in names],
            columns=[str(wave) for wave in counts.columns],
            values=counts.to_numpy().tolist(),
            texts=[[str(count) if count else "" for count in row] for row in counts.to_numpy()],
            highest=counts.to_numpy().max(),
        ),
        mark=marked(edition),
    )


def _spell_counts(counts: str, language: str) -> str:
    if pd.isna(counts):
        return EMPTY
    return "; ".join(
        speak.say(language, "counts_of", counts=part.split("/")[0], n=part.split("/")[1]) for part in counts.split("; ")
    )
