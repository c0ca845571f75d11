"""Why a share from answers is what it is: counts by stratum and weights, or the rule that protects respondents."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.estimation.domains import OVERALL
from wijkpeiling.estimation.exact import Case, exact_intervals, tail_chances
from wijkpeiling.estimation.limits import stratum_counts
from wijkpeiling.estimation.shares import Shares
from wijkpeiling.present.notation import Notation
from wijkpeiling.present.reasons import Step
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources

PROTECTED = ("rounded", "suppressed")
# what a protected number rests on, by the role of its column or, by size class, that it is of one
OF_PROTECTED = {
    "share": ("M12", "M13", "A12", "M20"),
    "interval": ("M14", "A12", "M20"),
    "worst": ("M19", "M20"),
    "class": ("M13", "A12", "M20"),
}


def answered_steps(
    edition: Edition, sources: Sources, row: pd.Series, printed: Mapping[str, tuple[str, str]]
) -> Iterator[Step]:
    """A step for each role that is printed: ``share``, ``interval``, ``worst``, ``size``."""
    language = edition.language
    makers = {
        "share": lambda: _share(sources, row, language),
        "interval": lambda: _interval(row, language),
        "worst": lambda: _worst(row, language),
        "size": lambda: {"text": speak.say(language, "why_size"), "methods": ("A14",)},
    }
    is_rounded = sources.of(int(row["wave"])).is_rounded(row["concept"])
    for role, (heading, text) in printed.items():
        is_protected = (is_rounded or row["flag"] in PROTECTED) and role != "size"
        yield Step(column=heading, result=text, **(_protected(row, role, language) if is_protected else makers[role]()))


def _protected(row: pd.Series, role: str, language: str) -> dict:
    """The rule alone: of what it protects nothing more is told than the table tells."""
    role = role if row["domain"] == OVERALL[0] else "class"
    return {"text": speak.say(language, f"why_protected_{role}"), "methods": OF_PROTECTED[role]}


class Sums(NamedTuple):
    """The sums of a share, weighted and not, as they are written; the first empty where weights are given ones."""

    weighted: str
    unweighted: str


def weighted_sum(sources: Sources, wave: int, concept: str, base: str | None = None) -> Sums | None:
    """The counts by stratum behind a share of all municipalities, with the weights they take."""
    found = sources.of(wave).items([concept])
    result = next((one for name, one in found if base in (None, name)), None)
    return None if result is None else _sums(result, result.items.index(concept))


def _sums(result: Shares, item: int) -> Sums:
    counts, design = stratum_counts(result), result.design
    yes, no = counts.yes[0, item].astype(int), counts.no[0, item].astype(int)
    unweighted = f"{yes.sum()}/{(yes + no).sum()}"
    if not design.is_plain:
        return Sums("", unweighted)
    weights = [f"{N:g}/{n}" for N, n in zip(design.N_h, design.n_h, strict=True)]
    above, below = (
        "+".join(f"{weight}*{count}" for weight, count in zip(weights, part, strict=True) if count)
        for part in (yes, yes + no)
    )
    return Sums(f"({above or 0})/({below})", unweighted)


def _share(sources: Sources, row: pd.Series, language: str) -> dict:
    write = Notation(language)
    is_overall = row["domain"] == OVERALL[0]
    sums = weighted_sum(sources, int(row["wave"]), row["concept"], row["base"]) if is_overall else None
    if sums and sums.weighted:
        line = write.percent(sums.weighted, row["share"])
        methods = ("M12", "M13", "A12", "A13", "A15")
        return {"text": speak.say(language, "why_share_answers"), "formulas": (line,), "methods": methods}
    lines = (write.percent(f"{int(row['count'])}/{int(row['n'])}", row["share"]),) if _is_plain_share(row) else ()
    return {"text": speak.say(language, "why_share_class"), "formulas": lines, "methods": ("M13", "A12")}


def _is_plain_share(row: pd.Series) -> bool:
    return bool(pd.notna(row["count"]) and abs(row["count"] / row["n"] - row["share"]) < 1e-9)


def _interval(row: pd.Series, language: str) -> dict:
    write, method = Notation(language), row["method"]
    text = {"text": speak.say(language, f"why_method_{method}"), "methods": ("M14", "A12")}
    if method == "exact":
        return text | {"formulas": _exact(write, row), "methods": ("M2", "M14", "A12")}
    if method == "census":
        return text | {"formulas": tuple(write.percent(f"{row['count']}/{row['n']}", row["share"]) for _ in "12")[:1]}
    if method == "logit" and row["se"] > 0:
        return text | {"formulas": _logit(write, row)}
    return text


def _exact(write: Notation, row: pd.Series) -> tuple[str, ...]:
    case = Case(int(row["count"]), int(row["n"]), int(row["N"]))
    low, high = (int(end[0]) for end in exact_intervals((case,)))
    return (
        write.percent(f"{low}/{case.N}", low / case.N),
        write.against_tail(write.at_least(case.n_yes, case.n, low, case.N), tail_chances(case, low).at_least),
        write.percent(f"{high}/{case.N}", high / case.N),
        write.against_tail(write.at_most(case.n_yes, case.n, high, case.N), tail_chances(case, high).at_most),
    )


def _logit(write: Notation, row: pd.Series) -> tuple[str, ...]:
    p, se = write.number(row["share"]), write.number(row["se"])
    t = write.call("student", write.number(0.975), int(row["df"]))
    centre = write.call("log", f"{p}/(1-{p})")
    return tuple(
        write.percent(f"1/(1+{write.call('exp', f'-1*({centre}{sign}{t}*{se}/({p}*(1-{p})))')})", end)
        for sign, end in (("-", row["ci_low"]), ("+", row["ci_high"]))
    )


def _worst(row: pd.Series, language: str) -> dict:
    """Bounds from the count and what is left open; the latter follows from the lower one."""
    write = Notation(language)
    count, n = int(row["count"]), int(row["n"])
    m = _unobserved(row)
    lines = (
        write.percent(f"{count}/({n}+{m})", row["worst_low"]),
        write.percent(f"({count}+{m})/({n}+{m})", row["worst_high"]),
    )
    return {"text": speak.say(language, "why_worst"), "formulas": lines, "methods": ("M19",)}


def _unobserved(row: pd.Series) -> int:
    n, low, high = (float(row[name]) for name in ("n", "worst_low", "worst_high"))
    return int(np.rint(n * (high - low) / (1 - (high - low))))
