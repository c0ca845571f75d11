"""Who answered two waves, as far as publications tell: how many, and what a comparison makes of it."""

from typing import Any, NamedTuple

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.agreement import PANEL_OVERLAP
from wijkpeiling.sources.edition import Sources


class StatedOverlap(NamedTuple):
    """What ``wave.yml`` says of the respondents of a wave that also answered an earlier one.

    ``share`` is the published percentage (0-1) that the number was worked out from, None where the number itself is
    known. ``is_apart`` tells whether a comparison takes the answers of the two waves not to go together (METHOD.md,
    M6); None where that takes a number of respondents that is not known.
    """

    n: int
    share: float | None
    is_apart: bool | None


def stated_overlap(sources: Sources, earlier: int, wave: int) -> StatedOverlap | None:
    """None where nothing is said of it, and where the answers of both waves tell it."""
    n = sources.project.wave(wave).overlap_with(earlier)
    if n is None or sources.panel(earlier, wave):
        return None
    first, second = sources.of(earlier), sources.of(wave)
    if first.n_respondents is None or second.n_respondents is None:
        return StatedOverlap(n, _share_of(sources, earlier, wave), None)
    chance = sources.n_common(earlier, wave) * first.n_respondents / first.N * second.n_respondents / second.N
    return StatedOverlap(n, _share_of(sources, earlier, wave), n >= chance)


def _share_of(sources: Sources, earlier: int, wave: int) -> float | None:
    """The published share that more than one number rounds to; it is about the wave before."""
    figure = sources.published.accepted(wave, PANEL_OVERLAP)
    n_respondents = sources.project.wave(wave).n_respondents
    is_before = earlier == max(year for year in sources.project.waves if year < wave)
    if figure is None or not figure.is_whole or not is_before or n_respondents is None:
        return None
    return figure.share if len(figure.counts(n_respondents)) > 1 else None


def consequence(language: str, period: str, *, is_apart: bool) -> str:
    """What a comparison makes of municipalities that took part both times; ``period`` such as ``2017-2019``."""
    return speak.say(language, "overlap_apart" if is_apart else "overlap_allowed", period=period)


def spell_overlap(sources: Sources | None, row: Any, language: str) -> str:
    """The cell of a row of contract ``changes``: a number that a percentage gave is about so many."""
    count = "" if pd.isna(row.n_overlap) else int(row.n_overlap)
    told = speak.say(language, f"overlap_{row.overlap}", count=count)
    if sources is None or row.overlap != "known":
        return told
    stated = stated_overlap(sources, *sorted([int(row.baseline), int(row.wave)]))
    return speak.say(language, "about", share=told) if stated and stated.share is not None else told
