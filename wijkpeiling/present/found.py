"""Published percentages that stand apart: those without a known number of respondents, and those on other items."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.figures import PublishedFigure
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import EMPTY, Sentence, Table, records, titled
from wijkpeiling.present.why import why_shares
from wijkpeiling.present.wording import likely, of_whom, one_per_item, spell_share
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources
from wijkpeiling.sources.published import estimate_published

# what has a place of its own in the report
TOLD_ELSEWHERE = ("task", "shortfall", "prevention")
# of which a direction since the baseline is told as a change
CHANGES = ("task", "shortfall")
# shares in a sentence
TOGETHER = 2


def without_interval(edition: Edition, shares: pd.DataFrame, kind: str) -> Sentence:
    """Shares over an unknown number of respondents, highest first: told, with no interval and no test."""
    language = edition.language
    ordered = shares.sort_values("share", ascending=False, kind="stable")
    text = speak.say(language, f"{kind}_without_interval", wave=edition.wave.wave, listing=_listing(edition, ordered))
    return Sentence(id=f"{kind}_without_interval", language=language, text=text, key=text)


def without_interval_table(edition: Edition, sources: Sources, shares: pd.DataFrame, kind: str) -> Table:
    """Shares over an unknown number of respondents, each with what the publication leaves open."""
    return _table(edition, sources, shares, f"table_{kind}", f"{kind}_caption")


def other_shares(edition: Edition, sources: Sources) -> pd.DataFrame | None:
    """Published percentages of the wave that no other table holds, none of a group; None in a synthetic edition."""
    if sources.publications is None:
        return None
    project = edition.project
    defining = {base.defined_by for base in project.bases.values()}
    concepts = [
        slug
        for slug, known in project.concepts.items()
        if known.is_answer and known.kind not in TOLD_ELSEWHERE and known.part_of is None and slug not in defining
    ]
    return estimate_published(sources.publications, edition.wave.wave, concepts)


def sentence(edition: Edition, shares: pd.DataFrame | None, kind: str) -> Sentence | None:
    """Other published percentages of a kind, ``team`` for how teams are organised or ``goal``; None without any."""
    if shares is None:
        return None
    known, language = edition.project.concepts, edition.language
    of_kind = shares[[known[concept].kind == kind and known[concept].told is not None for concept in shares["concept"]]]
    if of_kind.empty:
        return None
    ordered = one_per_item(of_kind)
    first, *others = [_tell(edition, row, is_first=place == 0) for place, row in enumerate(ordered.itertuples())]
    row = next(ordered.itertuples())
    margin = "" if pd.isna(row.ci_low) else f" ({likely(row, language)})"
    parts = [speak.say(language, "found_first", wave=edition.wave.wave, told=first + margin)]
    for place in range(0, len(others), TOGETHER):
        told = speak.listing(others[place : place + TOGETHER], language)
        parts.append(speak.say(language, "found_next", told=told))
    return Sentence(id=f"found_{kind}", language=language, text=" ".join(parts))


def _tell(edition: Edition, row: Any, *, is_first: bool) -> str:
    """What `concepts.yml` has a concept say, with its share; over whom, at the first."""
    told = edition.project.concepts[row.concept].told
    share = of_whom(edition, row) if is_first else spell_share(row, edition.language)
    return "" if told is None else told[edition.language].replace("{share}", share)


def monitoring(edition: Edition, sources: Sources) -> Sentence | None:
    """Whether municipalities want support in monitoring, as far as that was published."""
    figure = next((one for one in _published(edition, sources) if one.concept == "wants_support_monitoring"), None)
    if figure is None:
        return None
    language = edition.language
    if figure.pct is None:
        text = speak.say(language, "monitoring_in_words", wave=edition.wave.wave)
    else:
        share = speak.whole_percent(figure.share, language)
        text = speak.say(language, "monitoring_share", wave=edition.wave.wave, share=share)
    return Sentence(id="monitoring", language=language, text=text, key=text)


def in_words(edition: Edition, sources: Sources) -> Table | None:
    """What was published on the wave without a percentage, and of which no change is told."""
    language = edition.language
    shown = [one for one in _published(edition, sources) if one.pct is None and not _is_change(edition, one)]
    if not shown:
        return None
    rows = [
        (
            speak.sentence_case(edition.label(one.concept)),
            _said(one.remark(language), language),
            speak.source(one.source_title, language),
        )
        for one in shown
    ]
    return Table(
        id="table_in_words",
        language=language,
        caption=titled(edition, "in_words_caption", wave=edition.wave.wave),
        columns=tuple(speak.say(language, "in_words_columns").split("|")),
        rows=tuple(rows),
    )


def _is_change(edition: Edition, figure: PublishedFigure) -> bool:
    """Whether the chapter on change tells it."""
    kind = edition.project.concepts[figure.concept].kind
    return figure.direction is not None and figure.compared_with == edition.baseline_year and kind in CHANGES


def _said(remark: str | None, language: str) -> str:
    """A remark without what the caption says of all: that there are words only."""
    for part in speak.say(language, "in_words_said").split("|"):
        remark = (remark or "").replace(part, "")
    return speak.sentence_case(remark or "") or EMPTY


def _published(edition: Edition, sources: Sources) -> list[PublishedFigure]:
    """Figures of the wave that hold, with or without a percentage; none beside answers, invented or not."""
    if sources.publications is None:
        return []
    return [
        one
        for one in sources.publications.figures
        if one.wave == edition.wave.wave and one.status in ("accepted", "direction_only")
    ]


def table(edition: Edition, sources: Sources, shares: pd.DataFrame | None) -> Table | None:
    """Every other published percentage of the wave, with its interval where one can be given.

    Those of teams or residents, which are no shares of municipalities, stand last.
    """
    apart = [
        one
        for one in _published(edition, sources)
        if one.pct is not None and one.is_accepted and not one.is_of_municipalities
    ]
    if shares is None or (shares.empty and not apart):
        return None
    return _table(edition, sources, shares, "table_other", "other_caption", apart)


def _listing(edition: Edition, shares: pd.DataFrame) -> str:
    language = edition.language
    return speak.listing(
        [f"{edition.label(row.concept)} ({spell_share(row, language)})" for row in shares.itertuples()], language
    )


def _cell(row: Any, language: str) -> str:
    share = speak.percent_cell(row.share)
    return speak.say(language, "about", share=share) if row.flag == "approximate" else share


def _table(
    edition: Edition,
    sources: Sources,
    shares: pd.DataFrame,
    name: str,
    caption: str,
    apart: Sequence[PublishedFigure] = (),
) -> Table:
    language = edition.language
    rows: list[tuple] = []
    items = one_per_item(shares)
    for row in items.itertuples():
        figure = sources.published.accepted(row.wave, row.concept)
        rows.append(
            (
                speak.sentence_case(edition.label(row.concept)),
                _cell(row, language),
                _base_in_words(edition, row),
                cells.percent_range(row.ci_low, row.ci_high),
                (figure and figure.remark(language)) or EMPTY,
            )
        )
    columns = tuple(speak.say(language, "other_columns").split("|"))
    why = why_shares(edition, sources, items["concept"], shares, columns, rows, {"share": 1, "interval": 3})
    return Table(
        id=name,
        language=language,
        caption=titled(edition, caption, wave=edition.wave.wave),
        columns=columns,
        rows=(*rows, *(_row_apart(edition, one) for one in apart)),
        notes=(speak.say(language, "other_note"),),
        contract="estimates",
        records=records(shares, ESTIMATES),
        why=(*why, *(None for _ in apart)),
    )


def _row_apart(edition: Edition, figure: PublishedFigure) -> tuple[str, ...]:
    """A percentage of teams or residents: no interval, as how many there were is not known."""
    language = edition.language
    about = speak.percent_cell(figure.share)
    return (
        speak.sentence_case(edition.label(figure.concept)),
        about if figure.is_whole else speak.say(language, "about", share=about),
        speak.say(language, f"of_unit_{figure.unit}"),
        EMPTY,
        figure.remark(language) or EMPTY,
    )


def _base_in_words(edition: Edition, row: Any) -> str:
    if row.flag == "base_not_stated":
        return speak.say(edition.language, "base_not_stated")
    base = edition.project.bases.get(row.base)
    return base[edition.language] if base else speak.say(edition.language, "not_known")
