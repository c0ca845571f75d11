"""Why counts, rates and quoted figures are what they are: where they were counted or printed, and the division."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.figures import PublishedFigure
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.present.notation import Notation
from wijkpeiling.present.reasons import Reference, Step, Why
from wijkpeiling.present.why_published import count_formulas

Row = Sequence[Any]
# by column the key of its words, formulas, and sections of METHOD.md
Told = dict[int, tuple[str, tuple[str, ...], tuple[str, ...]]]


def plain(
    language: str,
    columns: Sequence[str],
    row: Row,
    told: Told,
    sources: tuple[Reference, ...] = (),
    name: str | None = None,
) -> Why:
    """A row of which each column follows from one key.

    Parameters
    ----------
    told
        By column: the key of its words, formulas, and sections of METHOD.md.
    """
    texts = [cell if isinstance(cell, str) else cell.text for cell in row]
    steps = tuple(
        Step(column=columns[at], result=texts[at], text=speak.say(language, key), formulas=formulas, methods=methods)
        for at, (key, formulas, methods) in told.items()
        if texts[at] != EMPTY
    )
    return Why(language=language, name=name or texts[0], steps=steps, sources=sources)


def rate(language: str, n: int, N: int) -> tuple[str, ...]:
    """The line of a response rate."""
    return (Notation(language).percent(f"{n}/{N}", n / N),)


def of_response(language: str, columns: Sequence[str], row: Row, wave: pd.Series, *, is_counted: bool) -> Why:
    """A wave: municipalities of CBS, respondents of its publication or counted, the rate, who took part before."""
    told: Told = {2: ("why_municipalities", (), ("A1",))}
    if pd.notna(wave["n"]):
        told[3] = ("why_respondents", (), ())
        told[4] = ("why_rate", rate(language, int(wave["n"]), int(wave["N"])), ())
    if is_counted:
        told[5] = ("why_panel", (), ("A18",))
    elif row[5] not in (EMPTY, speak.say(language, "not_known")):
        is_about = str(row[5]).startswith(speak.say(language, "about", share=""))
        told[5] = ("why_overlap_about" if is_about else "why_overlap_known", (), ("A6",))
    return plain(language, columns, row, told)


def of_group(language: str, columns: Sequence[str], row: Row, group: pd.Series, weight: float | None = None) -> Why:
    """A group of municipalities: how many there are, how many answered, the rate and what an answer counts for."""
    n, N = int(group["n"]), int(group["N"])
    told: Told = {
        1: ("why_frame", (), ("A1",)),
        2: ("why_counted", (), ("M19",)),
        3: ("why_rate", rate(language, n, N), ()),
    }
    if weight is not None and len(row) > 4:
        write = Notation(language)
        line = f"{N}/{n} = {speak.hundredths(weight, language)}" if n and abs(N / n - weight) < 1e-9 else ""
        told[4] = (
            "why_weight" if line else "why_weight_joined",
            (line,) if line else (f"{write.number(weight)} = {speak.hundredths(weight, language)}",),
            ("M12", "A16"),
        )
    return plain(language, columns, row, told)


def of_panel(language: str, columns: Sequence[str], row: Row, counts: Sequence[int]) -> Why:
    """Municipalities in two waves: four counts and their sum."""
    line = f"{'+'.join(map(str, counts))} = {sum(counts)}"
    told: Told = {1: ("why_panel_sum", (line,), ("A18",))}
    return plain(language, columns, row, told | dict.fromkeys((2, 3, 4, 5), ("why_panel", (), ("A18",))))


def of_period(language: str, columns: Sequence[str], row: Row, at: pd.Series, N: int) -> Why:
    """A period of the fieldwork: counted, added up, and over all municipalities."""
    n, total = int(at["respondents"]), int(at["cumulative"])
    before = total - n
    told: Told = {
        1: ("why_days", (), ("M19",)),
        2: ("why_days_sum", (f"{before}+{n} = {total}",), ("M19",)),
        3: ("why_rate", rate(language, total, N), ()),
    }
    return plain(language, columns, row, told)


def of_figure(language: str, columns: Sequence[str], row: Row, figure: PublishedFigure, counts: int | None) -> Why:
    """A published figure as it was printed, with the counts it can stand for; ``counts`` is the column of these."""
    is_checked = figure.pct is not None and figure.is_whole and figure.is_of_municipalities
    sizes = [n for known in figure.bases.values() for n in known] if is_checked else []
    lines = count_formulas(figure, sizes, language)
    place = 2 if counts is not None else 1
    told: Told = {place: ("why_printed", (), ())}
    if counts is not None:
        told[counts] = ("why_counts" if figure.count is None else "why_count_given", lines, ("M1", "A3", "A4"))
    elif lines:
        told[place] = ("why_printed", lines, ("M1", "A3", "A4"))
    texts = [cell if isinstance(cell, str) else cell.text for cell in row]
    name = f"{texts[0]} ({figure.wave})" if counts is not None else texts[0]
    source = Reference(title=speak.source(figure.source_title, language), url=figure.source_url)
    return plain(language, columns, row, told, (source,), name=name)


def of_sensitivity(
    language: str, columns: Sequence[str], row: Row, share: float, answered: str, moved: dict[float, float]
) -> Why:
    """A share if others had answered otherwise.

    Parameters
    ----------
    answered
        The part that answered, as it is written in a sum.
    moved
        By the difference of those that did not answer, the share that follows.
    """
    write = Notation(language)
    told: Told = {}
    p = write.number(share)
    for at, (difference, result) in enumerate(moved.items(), start=1):
        other = f"{p}{'-' if difference < 0 else '+'}{write.number(abs(difference))}" if difference else p
        if share + difference > 1:
            other = write.call("least", 1, other)
        if share + difference < 0:
            other = write.call("most", 0, other)
        told[at] = ("why_sensitivity", (write.percent(f"{answered}*{p}+(1-{answered})*({other})", result),), ("M19",))
    return plain(language, columns, row, told)
