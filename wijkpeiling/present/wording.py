"""What sentences, tables and figures say alike of a share: one interval, over whom, and how it stands to a half."""

from typing import Any, NamedTuple

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.concepts import Base
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.project import Edition

# the words for a share over each base; other bases are named as in concepts.yml
OF_BASE = {"respondents": "of_all", "unknown": "of_all", "with_team": "of_team"}
# the same without the share
WITHOUT_SHARE = {"of_all": "whom_all", "of_team": "whom_team", "of_base": "whom_base"}
WIDEST = {"ci_low": "min", "ci_high": "max", "worst_low": "min", "worst_high": "max"}


def one_per_item(shares: pd.DataFrame) -> pd.DataFrame:
    """A row for each concept, highest share first, with the widest limits of the bases that it may be taken over.

    Parameters
    ----------
    shares
        Contract ``estimates`` of one wave, a row for each base.

    Returns
    -------
    DataFrame
        The first row of each concept; ``ci_low``, ``ci_high``, ``worst_low`` and ``worst_high`` hold those of every
        row of it, so that they are right whichever base was meant.
    """
    widest = shares.groupby("concept", sort=False).agg(WIDEST)
    first = shares.drop_duplicates("concept").set_index("concept")
    return first.assign(**widest).reset_index().sort_values("share", ascending=False, kind="stable", ignore_index=True)


def half(low: float, high: float) -> str:
    """Where an interval stands to a half, as it is printed: ``above``, ``around`` or ``below``."""
    if int(speak.whole(low)) > 50:
        return "above"
    return "below" if int(speak.whole(high)) < 50 else "around"


def whom(edition: Edition, row: Any) -> str:
    """Over whom an estimate is: ``van de gemeenten met een wijkteam``."""
    key, base = _unit(edition, row)
    return speak.say(edition.language, WITHOUT_SHARE[key], base=base)


def of_whom(edition: Edition, row: Any) -> str:
    """The share of an estimate with its base: ``82 procent van de gemeenten met een wijkteam``."""
    key, base = _unit(edition, row)
    return speak.say(edition.language, key, share=spell_share(row, edition.language), base=base)


def spell_share(row: Any, language: str) -> str:
    """A share in words, called approximate where that is all that was published."""
    is_rough = pd.notna(row.flag) and row.flag == "approximate"
    return speak.rough_percent(row.share, language) if is_rough else speak.whole_percent(row.share, language)


class _Unit(NamedTuple):
    """Key of the words for a share over its base, and the base where they name it."""

    key: str
    base: str


def _unit(edition: Edition, row: Any) -> _Unit:
    key = "of_all" if row.flag == "base_not_stated" else OF_BASE.get(row.base, "of_base")
    return _Unit(key, edition.project.bases[row.base][edition.language] if key == "of_base" else "")


def likely(row: Any, language: str) -> str:
    """The interval of an estimate in words: ``waarschijnlijk 54 tot 64 procent``."""
    return speak.say(language, "likely", interval=speak.percent_range(row.ci_low, row.ci_high, language))


def base_sizes(edition: Edition, shares: pd.DataFrame) -> list[str]:
    """Each base of shares in words, with its size where that is known."""
    told = []
    for row in shares.drop_duplicates(["base", "n", "N"]).itertuples():
        if row.base in edition.project.bases:
            definition = edition.project.bases[row.base]
            base, size = definition[edition.language], _spell_size(row, definition, edition.language)
            told.append(base if size == EMPTY else speak.say(edition.language, "base_of_size", base=base, size=size))
    return list(dict.fromkeys(told))


def _spell_size(row: Any, base: Base, language: str) -> str:
    """Respondents out of municipalities, or a whole group, with what is estimated of them."""
    if pd.isna(row.n):
        return EMPTY
    if base.is_frame:
        return str(row.N)
    key = "of_about" if row.is_n_estimated else "of_estimated" if row.is_N_estimated else "of"
    return speak.say(language, key, n=row.n, N=row.N)
