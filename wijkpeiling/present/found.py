"""Published percentages that stand apart: those without a known number of respondents, and those on other items."""

from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.figures import PublishedFigure
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import EMPTY, Sentence, Table, records, titled
from wijkpeiling.present.why import why_shares
from wijkpeiling.present.wording import one_per_item
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources
from wijkpeiling.sources.published import estimate_published

# what has a place of its own in the report
TOLD_ELSEWHERE = ("task", "shortfall", "prevention")


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
    language = edition.language
    of_kind = shares[[edition.project.concepts[concept].kind == kind for concept in shares["concept"]]]
    if of_kind.empty:
        return None
    ordered = of_kind.drop_duplicates("concept").sort_values("share", ascending=False, kind="stable")
    listing = _listing(edition, ordered)
    text = speak.say(language, f"found_{kind}", wave=edition.wave.wave, listing=listing)
    return Sentence(id=f"found_{kind}", language=language, text=text)


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
    shown = [one for one in _published(edition, sources) if one.pct is None and one.compared_with is None]
    if not shown:
        return None
    rows = [
        (speak.sentence_case(edition.label(one.concept)), one.remark(language) or EMPTY, one.source_title)
        for one in shown
    ]
    return Table(
        id="table_in_words",
        language=language,
        caption=titled(edition, "in_words_caption", wave=edition.wave.wave),
        columns=tuple(speak.say(language, "in_words_columns").split("|")),
        rows=tuple(rows),
    )


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
    """Every other published percentage of the wave, with its interval where one can be given."""
    if shares is None or shares.empty:
        return None
    return _table(edition, sources, shares, "table_other", "other_caption")


def _listing(edition: Edition, shares: pd.DataFrame) -> str:
    language = edition.language
    return speak.listing(
        [f"{edition.label(row.concept)} ({_spell_share(row, language)})" for row in shares.itertuples()], language
    )


def _spell_share(row: Any, language: str) -> str:
    """A share in words, called approximate where that is all that was published."""
    return _about(row, speak.whole_percent(row.share, language), language)


def _about(row: Any, share: str, language: str) -> str:
    is_approximate = pd.notna(row.flag) and row.flag == "approximate"
    return speak.say(language, "about", share=share) if is_approximate else share


def _table(edition: Edition, sources: Sources, shares: pd.DataFrame, name: str, caption: str) -> Table:
    language = edition.language
    rows: list[tuple] = []
    items = one_per_item(shares)
    for row in items.itertuples():
        figure = sources.published.accepted(row.wave, row.concept)
        rows.append(
            (
                speak.sentence_case(edition.label(row.concept)),
                _about(row, speak.percent_cell(row.share), language),
                _base_in_words(edition, row),
                cells.percent_range(row.ci_low, row.ci_high),
                (figure and figure.remark(language)) or EMPTY,
            )
        )
    columns = tuple(speak.say(language, "other_columns").split("|"))
    return Table(
        id=name,
        language=language,
        caption=titled(edition, caption, wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        notes=(speak.say(language, "other_note"),),
        contract="estimates",
        records=records(shares, ESTIMATES),
        why=why_shares(edition, sources, items["concept"], shares, columns, rows, {"share": 1, "interval": 3}),
    )


def _base_in_words(edition: Edition, row: Any) -> str:
    if row.flag == "base_not_stated":
        return speak.say(edition.language, "base_not_stated")
    base = edition.project.bases.get(row.base)
    return base[edition.language] if base else speak.say(edition.language, "not_known")
