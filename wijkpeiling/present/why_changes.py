"""Why a difference is what it is: the two shares with their limits, how they vary together, and the family of tests."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.estimation.answered import joint_of_items
from wijkpeiling.estimation.change import (
    CORRELATIONS,
    DecidingWays,
    Joint,
    Share,
    Way,
    deciding_ways,
    mover,
    possible_overlap,
)
from wijkpeiling.estimation.rounded import RoundedShare
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.present.notation import Notation
from wijkpeiling.present.overlap import stated_overlap
from wijkpeiling.present.reasons import Step
from wijkpeiling.project import Edition
from wijkpeiling.sources.base import RANGE
from wijkpeiling.sources.edition import Sources
from wijkpeiling.trend.conclusions import Holm, holm_of

Printed = Mapping[str, tuple[str, str]]
# what the overlap rests on, by its kind
METHODS = {"chance": ("M6", "A7"), "range": ("M8", "A7")}


def change_steps(
    edition: Edition, sources: Sources, changes: pd.DataFrame, at: int, printed: Printed
) -> Iterator[Step]:
    """A step for each role that is printed: ``difference``, ``difference_interval``, ``p_adjusted``, ``overlap``."""
    row, language = changes.iloc[at], edition.language
    years = sorted([int(row["baseline"]), int(row["wave"])])
    if any(sources.of(year).is_rounded(row["concept"]) for year in years):
        yield from _protected(printed, _overlap(row, sources, {}, language), language, ("M7", "M20"))
        return
    (pair,) = sources.pairs(years[0], years[1], [row["concept"]])
    joints = next(known for overlap, known in pair.assumptions.items() if overlap.kind == row["overlap"])
    methods = ("M7", "M16") if sources.of(years[0]).why_not is None is sources.of(years[1]).why_not else ("M7", "M6")
    makers = {
        "difference": lambda: _difference(joints, row["difference"], language, "why_difference"),
        "difference_interval": lambda: _interval(list(joints.values()), language, methods),
        "p_adjusted": lambda: _adjusted(*_family(changes, at), language),
        "overlap": lambda: _overlap(row, sources, joints, language),
    }
    yield from _steps(printed, makers)


def item_steps(edition: Edition, sources: Sources, pairs: pd.DataFrame, at: int, printed: Printed) -> Iterator[Step]:
    """The same for two items of one wave: a row of `item_differences`."""
    row, language, source = pairs.iloc[at], edition.language, sources.of(edition.wave.wave)
    if any(source.is_rounded(row[name]) for name in ("lower", "higher")):
        yield from _protected(printed, {}, language, ("M7", "M15", "M20"))
        return
    both = [row["lower"], row["higher"]]
    result = next(found for _, found in source.items(pairs_items(pairs)) if set(both) <= set(found.items))
    joint = joint_of_items(result, *both)
    makers = {
        "difference": lambda: _difference({"": joint}, row["difference"], language, "why_difference_items"),
        "difference_interval": lambda: _interval([joint], language, ("M7", "M15")),
        "p_adjusted": lambda: _adjusted(list(pairs["p_value"]), at, int(row["family_size"]), language),
    }
    yield from _steps(printed, makers)


def process_steps(row: pd.Series, printed: Printed, language: str) -> Iterator[Step]:
    """The same for what lies behind the municipalities: a row of `process_differences`."""
    if pd.isna(row["se"]):
        yield from _protected(printed, {}, language, ("M18", "M20"))
        return
    write = Notation(language)
    d, se = write.number(row["difference"]), write.number(row["se"])
    z = write.call("normal", write.number(0.975))
    ends = (("-", row["ci_low"]), ("+", row["ci_high"]))
    chance = f"2*(1-{write.call('normal_chance', write.call('size', f'{d}/{se}'), write.true)})"
    text = {"text": speak.say(language, "why_process"), "methods": ("M18", "A11", "A13", "A15", "A19")}
    makers = {
        "difference": lambda: text | {"formulas": (write.points(d, row["difference"]),)},
        "difference_interval": lambda: (
            text | {"formulas": tuple(write.points(f"{d}{sign}{z}*{se}", end) for sign, end in ends)}
        ),
        "p_adjusted": lambda: text | {"formulas": (write.p_value(chance, row["p_value"]),)},
    }
    yield from _steps(printed, makers)


def pairs_items(pairs: pd.DataFrame) -> list[str]:
    """Every item that stands in a pair."""
    return list(dict.fromkeys([*pairs["higher"], *pairs["lower"]]))


def _steps(printed: Printed, makers: Mapping) -> Iterator[Step]:
    for role, (heading, text) in printed.items():
        if text != EMPTY:
            yield Step(column=heading, result=text, **makers[role]())


def _protected(printed: Printed, overlap: dict, language: str, methods: tuple[str, ...]) -> Iterator[Step]:
    rule = {"text": speak.say(language, "why_protected_points"), "methods": methods}
    yield from _steps(printed, {role: lambda: rule for role in printed} | {"overlap": lambda: overlap})


def _difference(joints: Mapping[str, Joint], difference: float, language: str, key: str) -> dict:
    write = Notation(language)
    joint = min(joints.values(), key=lambda one: abs(one.second.share - one.first.share - difference))
    line = write.points(f"{_written(write, joint.second)}-{_written(write, joint.first)}", difference)
    return {"text": speak.say(language, key), "formulas": (line,), "methods": ("M7",)}


def _written(write: Notation, share: Share) -> str:
    """A share as the fraction that it is, where its count is known."""
    if isinstance(share, RoundedShare) and len(share.counts) == 1:
        return f"{share.counts[0]}/{share.n}"
    return write.number(share.share)


def _interval(joints: Sequence[Joint], language: str, methods: tuple[str, ...]) -> dict:
    write = Notation(language)
    found = [(joint, deciding_ways(joint.first, joint.second, joint.of_interval)) for joint in joints]
    low = min(found, key=lambda one: mover(one[1].low[0], one[1].low[1], one[0].of_interval).low)
    high = max(found, key=lambda one: mover(one[1].high[0], one[1].high[1], one[0].of_interval).high)
    r = low[0].of_interval
    detail = speak.say(language, "why_correlated", r=write.signed(r)) if r else ""
    lines = (_line(write, *low, is_low=True), _line(write, *high, is_low=False))
    return {"text": speak.say(language, "why_mover"), "detail": detail, "formulas": lines, "methods": methods}


def _line(write: Notation, joint: Joint, ways: DecidingWays, *, is_low: bool) -> str:
    """One limit of `mover`, its numbers filled in."""
    first, second = ways.low if is_low else ways.high
    r, number = joint.of_interval, write.number
    ends = ((second.share, second.low), (first.high, first.share))
    upper = ((second.high, second.share), (first.share, first.low))
    one, other = (f"({number(above)}-{number(below)})" for above, below in (ends if is_low else upper))
    together = f"-2*{_factor(write, r)}*{one}*{other}" if r else ""
    root = write.call("root", f"{one}^2+{other}^2{together}")
    limit = mover(first, second, r)
    sign, end = ("-", limit.low) if is_low else ("+", limit.high)
    return write.points(f"{_of_way(write, second)}-{_of_way(write, first)}{sign}{root}", end)


def _factor(write: Notation, r: float) -> str:
    return f"({write.number(r)})" if r < 0 else write.number(r)


def _of_way(write: Notation, way: Way) -> str:
    return write.number(way.share)


class _Family(NamedTuple):
    """The p-values of tests that were adjusted together, the place of one of them, and how many they are."""

    p_values: list[float]
    at: int
    size: int


def _family(changes: pd.DataFrame, at: int) -> _Family:
    """The p-values that a row was adjusted with, its place among them, and how many they are."""
    row = changes.iloc[at]
    tested = changes[changes["difference"].notna()]
    keys = list(zip(tested["concept"], tested["wave"], strict=True))
    own: dict[Any, float] = {}
    for key, one in zip(keys, tested.itertuples(), strict=True):
        is_least = one.overlap == RANGE.kind
        if key not in own or is_least == (row["overlap"] == RANGE.kind):
            own[key] = one.p_value
    return _Family(list(own.values()), list(own).index((row["concept"], row["wave"])), int(row["family_size"]))


def _adjusted(p_values: list[float], at: int, family: int, language: str) -> dict:
    write = Notation(language)
    found = holm_of(p_values, family)[at] if not np.isnan(p_values).any() else Holm(family, float(p_values[at]))
    product = write.multiplied(found.times, found.p)
    line = (
        write.p_value(product, found.times * found.p)
        if found.times * found.p < 1
        else write.p_value(write.call("least", 1, product), 1.0)
    )
    detail = speak.say(language, "why_holm_other") if found.p != p_values[at] else ""
    text = speak.say(language, "why_holm", family=family)
    return {"text": text, "detail": detail, "formulas": (line,), "methods": ("M7", "M10")}


def _overlap(row: pd.Series, sources: Sources, joints: Mapping[str, Joint], language: str) -> dict:
    years = sorted([int(row["baseline"]), int(row["wave"])])
    is_counted = all(sources.of(year).why_not is None for year in years)
    if is_counted:
        return {"text": speak.say(language, "why_overlap_counted"), "methods": ("M16", "A18")}
    methods = METHODS.get(row["overlap"], ("M6", "A6"))
    lines: tuple[str, ...] = ()
    # over more than one base the number is that of all respondents
    if len(joints) == 1 and row["overlap"] in _OVERLAPS:
        (joint,) = joints.values()
        n_common = min(sources.n_common(years[0], years[1]), joint.first.N, joint.second.N)
        n_overlap = None if pd.isna(row["n_overlap"]) else int(row["n_overlap"])
        lines = _OVERLAPS[row["overlap"]](Notation(language), joint, n_common, n_overlap)
    return {"text": _rests_on(row, sources, years, language), "formulas": lines, "methods": methods}


def _rests_on(row: pd.Series, sources: Sources, years: list[int], language: str) -> str:
    """What the number that answered both times rests on, and what is made of it."""
    if row["overlap"] != "known":
        return speak.say(language, f"why_overlap_{row['overlap']}")
    stated = stated_overlap(sources, *years)
    key = "why_overlap_about" if stated and stated.share is not None else "why_overlap_known"
    return " ".join(speak.say(language, part) for part in (key, "why_overlap_apart"))


def _by_chance(joint: Joint, n_common: int) -> str:
    first, second = joint.first, joint.second
    return f"{n_common}*({first.n}/{first.N})*({second.n}/{second.N})"


def _known_overlap(write: Notation, joint: Joint, n_common: int, n_overlap: int | None) -> tuple[str, ...]:
    """What chance makes it, beside the number that is known; r where that is smaller."""
    first, second = joint.first, joint.second
    chance = n_common * (first.n / first.N) * (second.n / second.N)
    if n_overlap is None or chance >= n_overlap:
        return () if n_overlap is None else _correlation(write, joint, n_common, n_overlap)
    return (f"{_by_chance(joint, n_common)} = {speak.tenths(chance, write.language)} < {n_overlap}",)


def _least_overlap(write: Notation, joint: Joint, n_common: int, _: int | None) -> tuple[str, ...]:
    """The fewest that can have answered both times, and the correlation that comes of it."""
    first, second = joint.first, joint.second
    fewest = possible_overlap(first, second, n_common).fewest
    surplus = f"{first.n}+{second.n}-({first.N}+{second.N}-{n_common})"
    return f"{write.call('most', 0, surplus)} = {fewest}", *_correlation(write, joint, n_common, fewest)


def _correlation(write: Notation, joint: Joint, n_common: int, n_overlap: int) -> tuple[str, ...]:
    """R of M6 at the highest correlation between answers, where that gives the one that was taken."""
    if not -1 < joint.correlation < 0:
        return ()
    first, second = joint.first, joint.second
    spread = write.call("root", f"{first.n}*{second.n}*(1-{first.n}/{first.N})*(1-{second.n}/{second.N})")
    above = f"{write.number(CORRELATIONS[1])}*({n_overlap}-{_by_chance(joint, n_common)})"
    return (f"{above}/{spread} = {write.signed(joint.correlation)}",)


_OVERLAPS = {"known": _known_overlap, "range": _least_overlap}
