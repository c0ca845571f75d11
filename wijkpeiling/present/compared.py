"""Over whom changes are, and what the reasons of a table of changes have in common."""

from typing import NamedTuple

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources
from wijkpeiling.trend.comparison import AND_ALSO


class Reasons(NamedTuple):
    """What the reasons of all tests have in common, of all rows where none was tested; and what is left of each."""

    shared: str
    left: list[str]


def reasons_of(changes: pd.DataFrame) -> Reasons:
    """Take apart what the rows of a table of changes share, such as their base, and what is of single rows."""
    parts = [[] if pd.isna(reason) else reason.split(AND_ALSO) for reason in changes["reason"]]
    is_tested = changes["difference"].notna()
    alike = [of_row for of_row, is_test in zip(parts, is_tested, strict=True) if is_test] or parts
    shared = [part for part in alike[0] if all(part in other for other in alike)]
    left = [AND_ALSO.join(part for part in of_row if part not in shared) for of_row in parts]
    return Reasons(AND_ALSO.join(shared).rstrip("."), left)


def over_another(edition: Edition, claims: pd.DataFrame, sources: Sources | None) -> list[str]:
    """Over whom changes are, of items whose shares in this edition are told over others."""
    if sources is None:
        return []
    language, bases, wave = edition.language, edition.project.bases, sources.of(edition.wave.wave)
    over = {speak.say(language, "compared_over", base=label[language]): base for base, label in bases.items()}
    apart: dict[str, list[str]] = {}
    for row in claims[claims["difference"].notna()].itertuples():
        # the contract has the base in the words of its reason
        base = next((over[part] for part in str(row.reason).split(AND_ALSO) if part in over), None)
        if base and base != next(iter(wave.bases(row.concept)), base):
            apart.setdefault(base, []).append(edition.label(row.concept))
    return [
        speak.say(
            language,
            "compared_over_another",
            labels=speak.listing(labels, language),
            base=bases[base][language],
        )
        for base, labels in apart.items()
    ]
