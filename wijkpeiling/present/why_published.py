"""Why a published share is what it is: the counts that give the percentage, and the cases that give its limits."""

from collections.abc import Iterator, Mapping

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.estimation.exact import Case, tail_chances
from wijkpeiling.estimation.rounded import RoundedShare
from wijkpeiling.figures import PublishedFigure
from wijkpeiling.present.notation import TAIL, Notation
from wijkpeiling.present.reasons import Step
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources
from wijkpeiling.sources.published import n_unobserved, rounded_share


def published_steps(
    edition: Edition,
    sources: Sources,
    figure: PublishedFigure,
    rows: pd.DataFrame,
    printed: Mapping[str, tuple[str, str]],
) -> Iterator[Step]:
    """A step for each role that is printed: ``share``, ``interval``, ``worst``, ``size``."""
    language = edition.language
    method = rows["method"].iloc[0]
    is_measured, is_whole_group = method != "none", method == "census"
    shares = (
        {base: rounded_share(sources.published, figure, base) for base in rows["base"].unique()} if is_measured else {}
    )
    unobserved = {base: n_unobserved(sources.published, figure, share, base) for base, share in shares.items()}
    makers = {
        "share": lambda: _share(figure, shares, language, is_whole_group=is_whole_group),
        "interval": lambda: _interval(shares, language),
        "worst": lambda: _worst(shares, unobserved, language),
        "size": lambda: {
            "text": speak.say(language, "why_size_group" if is_whole_group else "why_size"),
            "methods": ("A1",),
        },
    }
    for role, (heading, text) in printed.items():
        yield Step(column=heading, result=text, **makers[role]())


def count_formulas(figure: PublishedFigure, sizes: list[int], language: str) -> tuple[str, ...]:
    """The smallest and the largest count out of each size that round to a published percentage.

    Where none does, those between which it lies.
    """
    write, lines = Notation(language), []
    for n in sizes:
        counts = figure.counts(n) or _beside(figure.share, n)
        lines += [write.percent_tenth(f"{count}/{n}", count / n) for count in dict.fromkeys((counts[0], counts[-1]))]
    return tuple(lines)


def _beside(share: float, n: int) -> list[int]:
    below = min(int(share * n), n - 1)
    return [below, below + 1]


def _share(figure: PublishedFigure, shares: dict[str, RoundedShare], language: str, *, is_whole_group: bool) -> dict:
    if not shares:
        key = "why_share_rough" if figure.precision == "approximate" else "why_share_alone"
        return {"text": speak.say(language, key), "methods": ("A3",)}
    write = Notation(language)
    lines, is_counted = [], len(shares) == 1
    for share in shares.values():
        ordered = sorted(share.cases, key=lambda case: case.n_yes / case.n)
        ends = dict.fromkeys((case.n_yes, case.n) for case in (ordered[0], ordered[-1]))
        is_counted &= len({(case.n_yes, case.n) for case in share.cases}) == 1
        lines += [write.percent_tenth(f"{count}/{n}", count / n) for count, n in ends]
    methods = ("M1", "A3", "A4") if len(shares) > 1 else ("M1", "A3")
    if figure.count is not None:
        known = speak.say(language, "why_count_published", count=figure.count)
    else:
        known = speak.say(language, "why_count_only" if is_counted else "why_share_published")
    # a share of a whole group, whether its municipalities answered or not, is that of those that took part
    divided = speak.say(language, "why_divided_group" if is_whole_group else "why_divided")
    text = f"{divided} {known}" if is_whole_group or is_counted or figure.count is not None else known
    return {"text": text, "formulas": tuple(lines), "methods": methods}


def _interval(shares: dict[str, RoundedShare], language: str) -> dict:
    write = Notation(language)
    found = [share.deciding() for share in shares.values()]
    lowest = min(found, key=lambda one: one.low_count / one.low.N)
    highest = max(found, key=lambda one: one.high_count / one.high.N)
    low, high = (lowest.low, lowest.low_count), (highest.high, highest.high_count)
    lines = [
        *(write.percent(f"{count}/{case.N}", count / case.N) for case, count in (low,)),
        *_tails(write, *low, step=-1),
        *(write.percent(f"{count}/{case.N}", count / case.N) for case, count in (high,)),
        *_tails(write, *high, step=1),
    ]
    n_cases = sum(len(share.cases) for share in shares.values())
    detail = speak.say(language, "why_cases", n=n_cases) if n_cases > 1 else ""
    is_team = any(len({case.N for case in share.cases}) > 1 for share in shares.values())
    methods = ("M2", *(("M3",) if n_cases > 1 else ()), "A1", "A2", *(("A5",) if is_team else ()))
    return {"text": speak.say(language, "why_limits"), "detail": detail, "formulas": tuple(lines), "methods": methods}


def _tails(write: Notation, case: Case, count: int, step: int) -> list[str]:
    """The chance at a limit and one municipality further, where those decide the limit."""
    lines = []
    for K in (count, count + step):
        if not 0 <= K <= case.N:
            continue
        at_least, at_most = tail_chances(case, K)
        chance, spell = (at_least, write.at_least) if step < 0 else (at_most, write.at_most)
        if (chance > TAIL) == (count == K):
            lines.append(write.against_tail(spell(case.n_yes, case.n, K, case.N), chance))
    return lines


def _worst(shares: dict[str, RoundedShare], unobserved: dict[str, int], language: str) -> dict:
    write = Notation(language)
    ends = [(share.deciding_worst(unobserved[base]), unobserved[base]) for base, share in shares.items()]
    low, m_low = min(((one.low, m) for one, m in ends), key=lambda end: _bound(end[0], end[1], 0))
    high, m_high = max(((one.high, m) for one, m in ends), key=lambda end: _bound(end[0], end[1], end[1]))
    lines = (
        write.percent(f"{low.n_yes}/({low.n}+{m_low})", _bound(low, m_low, 0)),
        write.percent(f"({high.n_yes}+{m_high})/({high.n}+{m_high})", _bound(high, m_high, m_high)),
    )
    return {"text": speak.say(language, "why_worst"), "formulas": lines, "methods": ("M5", "A3")}


def _bound(case: Case, unobserved: int, more: int) -> float:
    """What a worst case of `RoundedShare.deciding_worst` comes to."""
    return (case.n_yes + more) / (case.n + unobserved)
