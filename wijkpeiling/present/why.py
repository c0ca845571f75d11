"""Why a number is what it is: for a row of estimates or changes, from the objects that the number was made from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.figures import PublishedFigure
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.present.overlap import spell_overlap
from wijkpeiling.present.reasons import Reference, Why
from wijkpeiling.present.why_answers import answered_steps
from wijkpeiling.present.why_changes import change_steps
from wijkpeiling.present.why_published import published_steps
from wijkpeiling.present.wording import base_sizes
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources

# roles of the columns of a share and of a change, where no table names them
SHARE_ROLES = ("share", "interval", "worst")
TEST_ROLES = ("difference", "difference_interval", "p_adjusted")
CHANGE_ROLES = (*TEST_ROLES, "overlap")
Row = Sequence[Any]
# what a table prints in a column, by the role that the column has: its heading and its text
Printed = Mapping[str, tuple[str, str]]


def why(row: Any, edition: Edition, sources: Sources) -> Why | None:
    """Where the numbers of a row come from: base, counts, formulas with the numbers filled in, assumptions, source.

    Parameters
    ----------
    row
        A row of contract ``estimates`` or ``changes``: a Series, what ``itertuples`` gives, or a record of a table.

    Returns
    -------
    Why
        Each formula is a line that a spreadsheet in the edition's language works out to the same number. Where a row is
        protected (METHOD.md, M20) the rule, and no more than the row tells. None for a change that was not tested.

    Notes
    -----
    It reads the objects that the estimates were made from, and works nothing out in another way.
    """
    known = pd.Series(row._asdict() if hasattr(row, "_asdict") else row)
    if "difference" in known:
        return why_change(edition, sources, pd.DataFrame([known]), 0, _printed_change(known, sources, edition.language))
    return why_share(edition, sources, pd.DataFrame([known]), _printed_share(known, edition.language))


def why_share(
    edition: Edition, sources: Sources | None, rows: pd.DataFrame, printed: Printed, name: str | None = None
) -> Why | None:
    """Why a share is what a table prints.

    Parameters
    ----------
    rows
        Contract ``estimates``: the rows of one concept, one for each base that it may be over.
    name
        What heads the row; by default its concept and year.
    """
    if sources is None:
        return None
    first = rows.iloc[0]
    told = {role: cell for role, cell in printed.items() if cell[1] != EMPTY}
    figure = figure_of(sources, first) if first["source"] == "published" else None
    steps = (
        published_steps(edition, sources, figure, rows, told)
        if figure is not None
        else answered_steps(edition, sources, first, told)
    )
    base = _over_whom(edition, rows)
    return Why(
        language=edition.language,
        name=name or f"{speak.sentence_case(edition.label(first['concept']))} ({first['wave']})",
        base=base,
        steps=tuple(steps),
        sources=references(figure, edition.language),
    )


def _over_whom(edition: Edition, rows: pd.DataFrame) -> str:
    sizes = base_sizes(edition, rows)
    if not sizes:
        return ""
    is_open = (rows["flag"] == "base_not_stated").any()
    key = "why_base" if not is_open else "why_base_open" if len(sizes) > 1 else "why_base_assumed"
    return speak.say(edition.language, key, bases=speak.listing(sizes, edition.language, style="or"))


def why_shares(
    edition: Edition,
    sources: Sources | None,
    concepts: Iterable[str],
    shares: pd.DataFrame,
    columns: Sequence[str],
    rows: Sequence[Row],
    roles: Mapping[str, int],
) -> tuple[Why | None, ...]:
    """Of each row of a table of shares, one for each of ``concepts``; ``roles`` are the places of its columns."""
    if sources is None:
        return ()
    return tuple(
        why_share(
            edition,
            sources,
            shares[shares["concept"] == concept],
            printed(columns, row, roles),
            row[0] if isinstance(row[0], str) else row[0].text,
        )
        for concept, row in zip(concepts, rows, strict=True)
    )


def why_change(
    edition: Edition,
    sources: Sources | None,
    changes: pd.DataFrame,
    at: int,
    printed: Printed,
    name: str | None = None,
) -> Why | None:
    """Why a change is what a table prints: row ``at`` of the family ``changes``."""
    if sources is None or pd.isna(changes.iloc[at]["difference"]):
        return None
    row = changes.iloc[at]
    years = "\u2013".join(map(str, sorted([row["baseline"], row["wave"]])))
    steps = change_steps(edition, sources, changes, at, printed)
    figures = [
        sources.published.accepted(year, row["concept"])
        for year in sorted([row["baseline"], row["wave"]])
        if sources.of(year).source == "published"
    ]
    return Why(
        language=edition.language,
        name=name or f"{speak.sentence_case(edition.label(row['concept']))}, {years}",
        steps=tuple(steps),
        sources=tuple(dict.fromkeys(one for figure in figures for one in references(figure, edition.language))),
    )


def why_changes(
    edition: Edition, sources: Sources | None, changes: pd.DataFrame, columns: Sequence[str], rows: Sequence[Row]
) -> tuple[Why | None, ...]:
    """Of each row of a table of changes."""
    roles = {role: at for at, role in enumerate(CHANGE_ROLES, start=1)}
    if sources is None:
        return ()
    return tuple(
        why_change(edition, sources, changes, at, printed(columns, row, roles), row[0]) for at, row in enumerate(rows)
    )


def figure_of(sources: Sources, row: pd.Series) -> PublishedFigure | None:
    """The published figure that a row of estimates is made of: of a group that of the part."""
    concept = row["concept"]
    if row["domain"] != "overall":
        known = sources.project.concepts.items()
        part = (concept, row["domain"], row["domain_value"])
        concept = next(
            slug
            for slug, one in known
            if one.part_of and (one.part_of.concept, one.part_of.domain, one.part_of.value) == part
        )
    return sources.published.accepted(int(row["wave"]), concept)


def references(figure: PublishedFigure | None, language: str) -> tuple[Reference, ...]:
    """Where a figure was published."""
    if figure is None:
        return ()
    return (Reference(title=speak.source(figure.source_title, language), url=figure.source_url),)


def printed(columns: Sequence[str], row: Row, roles: Mapping[str, int]) -> Printed:
    """What a row of a table prints, by the role of its columns."""
    texts = [cell if isinstance(cell, str) else cell.text for cell in row]
    return {role: (columns[at], texts[at]) for role, at in roles.items()}


def _printed_share(row: pd.Series, language: str) -> Printed:
    headings = speak.say(language, "bounds_columns").split("|")[1:]
    texts = (
        EMPTY if pd.isna(row["share"]) else speak.percent_cell(row["share"]),
        *(
            EMPTY if pd.isna(row[low]) else speak.range_cell(row[low], row[high])
            for low, high in (("ci_low", "ci_high"), ("worst_low", "worst_high"))
        ),
    )
    return dict(zip(SHARE_ROLES, zip(headings, texts, strict=True), strict=True))


def _printed_change(row: pd.Series, sources: Sources, language: str) -> Printed:
    headings = speak.say(language, "changes_columns").split("|")
    if pd.isna(row["difference"]):
        return {}
    texts = (
        speak.points(row["difference"]),
        speak.points_range(row["ci_low"], row["ci_high"], language),
        EMPTY if pd.isna(row["p_adjusted"]) else speak.p_value(row["p_adjusted"], language),
        spell_overlap(sources, row, language),
    )
    return dict(zip(CHANGE_ROLES, zip(headings, texts, strict=True), strict=True))
