"""Published percentages that stand apart: those without a known number of respondents, and those on other items."""

from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import EMPTY, Sentence, Table, records, titled
from wijkpeiling.project import Edition
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import Sources
from wijkpeiling.sources.published import estimate_published

# what has a place of its own in the report
TOLD_ELSEWHERE = ("task", "shortfall", "prevention")


def without_interval(edition: Edition, shares: pd.DataFrame, kind: str) -> Sentence:
    """Shares over an unknown number of respondents, highest first: told, with no interval and no test."""
    language = edition.language
    ordered = shares.sort_values("share", ascending=False, kind="stable")
    listing = speak.listing(
        [f"{edition.label(row.concept)} ({_spell_share(row, language)})" for row in ordered.itertuples()], language
    )
    text = speak.say(language, f"{kind}_without_interval", wave=edition.wave.wave, listing=listing)
    return Sentence(id=f"{kind}_without_interval", language=language, text=text, key=text)


def without_interval_table(edition: Edition, shares: pd.DataFrame, kind: str) -> Table:
    """Shares over an unknown number of respondents, each with what the publication leaves open."""
    ordered = shares.sort_values("share", ascending=False, kind="stable")
    return _table(edition, ordered, f"table_{kind}", f"{kind}_caption")


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


def table(edition: Edition, shares: pd.DataFrame | None) -> Table | Sentence | None:
    """Every other published percentage of the wave, with its interval where one can be given."""
    if shares is None:
        return None
    if shares.empty:
        text = speak.say(edition.language, "other_missing", wave=edition.wave.wave)
        return Sentence(id="other_missing", language=edition.language, text=text)
    return _table(edition, shares, "table_other", "other_caption")


def _spell_share(row: Any, language: str) -> str:
    """A share in words, called approximate where that is all that was published."""
    return _about(row, speak.whole_percent(row.share, language), language)


def _about(row: Any, share: str, language: str) -> str:
    is_approximate = pd.notna(row.flag) and row.flag == "approximate"
    return speak.say(language, "about", share=share) if is_approximate else share


def _table(edition: Edition, shares: pd.DataFrame, name: str, caption: str) -> Table:
    language = edition.language
    published = read_published(edition.project)
    rows = []
    for row in shares.itertuples():
        base = edition.project.bases.get(row.base)
        figure = published.accepted(row.wave, row.concept)
        rows.append(
            (
                speak.sentence_case(edition.label(row.concept)),
                _about(row, speak.percent_cell(row.share), language),
                base[language] if base else speak.say(language, "not_known"),
                cells.percent_range(row.ci_low, row.ci_high),
                (figure and figure.remark(language)) or EMPTY,
            )
        )
    return Table(
        id=name,
        language=language,
        caption=titled(edition, caption, wave=edition.wave.wave),
        columns=tuple(speak.say(language, "other_columns").split("|")),
        rows=tuple(rows),
        notes=(speak.say(language, "other_note"),),
        contract="estimates",
        records=records(shares, ESTIMATES),
    )
