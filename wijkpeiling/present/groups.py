"""What was published by group of municipalities: who took part, and who has a team."""

from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Sentence, Table, records, titled
from wijkpeiling.present.why import printed, why_share
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources, estimate

# columns of the table
ROLES = {"share": 1, "size": 2, "interval": 3}


def by_group(sources: Sources, concept: str) -> pd.DataFrame | None:
    """Published shares of a concept by group, over all waves: contract ``estimates``.

    None where answers are known, which tell it by size class, or where nothing was published by group.
    """
    parts = [known.part_of for known in sources.project.concepts.values() if known.part_of]
    domains = dict.fromkeys(part.domain for part in parts if part.concept == concept)
    tables = [estimate(sources, wave, [concept], by=domain) for wave in sources.waves for domain in domains]
    tables = [table for table in tables if len(table)]
    return pd.concat(tables, ignore_index=True) if tables else None


def sentence(edition: Edition, shares: pd.DataFrame | None, what: str) -> Sentence | None:
    """The shares of each group, wave by wave; ``what`` is ``response`` or ``team``."""
    if shares is None:
        return None
    language = edition.language
    parts = []
    for wave, of_wave in shares.groupby("wave"):
        spelled = [
            speak.say(
                language,
                "share_of",
                share=speak.whole_percent(row.share, language),
                base=edition.project.bases[row.base][language],
            )
            for row in of_wave.itertuples()
        ]
        parts.append(speak.say(language, f"groups_{what}", wave=wave, listing=speak.listing(spelled, language)))
    if what == "response" and edition.wave.wave not in set(shares["wave"]):
        parts.append(speak.say(language, "groups_response_missing", wave=edition.wave.wave))
    return Sentence(id=f"groups_{what}", language=language, text=" ".join(parts))


def table(edition: Edition, shares: pd.DataFrame | None, what: str, sources: Sources | None = None) -> Table | None:
    """The share of each group with its numbers and, where it is a sample of its group, the interval."""
    if shares is None:
        return None
    language = edition.language
    rows = [
        (
            f"{speak.sentence_case(edition.project.bases[row.base][language])} ({row.wave})",
            cells.percent(row.share),
            _out_of(row, language),
            cells.percent_range(row.ci_low, row.ci_high),
        )
        for row in shares.itertuples()
    ]
    columns = tuple(speak.say(language, "groups_columns").split("|"))
    return Table(
        id=f"table_groups_{what}",
        language=language,
        caption=titled(edition, f"groups_{what}_caption"),
        columns=columns,
        rows=tuple(rows),
        notes=(speak.say(language, f"groups_{what}_note"), speak.say(language, "groups_note")),
        contract="estimates",
        records=records(shares, ESTIMATES),
        why=tuple(
            why_share(edition, sources, shares.iloc[[at]], printed(columns, row, ROLES), row[0])
            for at, row in enumerate(rows)
        )
        if sources
        else (),
    )


def _out_of(row: Any, language: str) -> str:
    """How many municipalities the share is over: the whole group, or those of it that answered."""
    if pd.isna(row.N):
        return speak.say(language, "not_known")
    return speak.say(language, "of", n=row.n, N=row.N) if row.n != row.N else str(row.N)
