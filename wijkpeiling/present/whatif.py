"""The choices of an organiser, and what each gives, in words and as a reader sees the numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from wijkpeiling import language as speak
from wijkpeiling.present.blocks import Table
from wijkpeiling.trend.whatif import WhatIf

# what the page puts into a sentence for a choice stays a gap until then
NAMES = ("response", "overlap", "correlation", "share", "items", "change", "between", "width", "detectable", "needed")
GAPS = {name: f"{{{name}}}" for name in NAMES}
LABELS = {
    "response": "whatif_response",
    "overlap": "whatif_overlap",
    "correlation": "whatif_correlation",
    "share": "whatif_share",
    "items": "whatif_items",
    "change": "whatif_change",
}


@dataclass(frozen=True)
class Control:
    """A choice that can be moved: its id, the texts of its steps, and the step that it starts at."""

    id: str
    label: str
    texts: list[str]
    start: int


def controls(found: WhatIf, families: list[int], change: float, n: int, language: str) -> list[Control]:
    """The sliders, which start at the plan: ``n`` respondents, the first of ``families``, and ``change``."""
    plan, steps = found.plan, found.choices
    axes: list[tuple[str, tuple[Any, ...], Any, list[str]]] = [
        ("response", steps.responses, n, [_answers(k, plan.N, language) for k in steps.responses]),
        ("overlap", steps.overlaps, plan.overlap, [_overlap(part, language) for part in steps.overlaps]),
        ("correlation", steps.correlations, plan.correlation, [_plain(r, language) for r in steps.correlations]),
        ("share", steps.shares, plan.p, [_percent(share, language) for share in steps.shares]),
        ("items", steps.items, families[0], [speak.say(language, "whatif_count", n=m) for m in steps.items]),
        ("change", steps.changes, change, [_points(size, language) for size in steps.changes]),
    ]
    return [
        Control(name, speak.say(language, LABELS[name]), texts, _start(values, at)) for name, values, at, texts in axes
    ]


def lookup(found: WhatIf, baseline: int, language: str) -> dict[str, Any]:
    """What the page looks up for a choice: nested lists by the step of each slider, as text or tenths of a point."""
    tenths = np.floor(found.detectable * 1000 + 0.5 + 1e-9).astype(int)
    needed = sorted({int(n) for n in found.needed.flat})
    places = {n: place for place, n in enumerate(needed)}
    return {
        "told": speak.say(language, "whatif_told", baseline=baseline, **GAPS),
        "limits": [[[_tenth(edge) for edge in pair] for pair in row] for row in found.limits],
        "between": [[_between(low, high, language) for low, high in row] for row in found.limits],
        "width": [[_points(high - low, language) for low, high in row] for row in found.limits],
        "detectable": tenths.tolist(),
        "points": [_points(tenth / 1000, language) for tenth in range(int(tenths.max()) + 1)],
        "needed": np.vectorize(places.__getitem__)(found.needed).tolist(),
        "answers": [_answers(n, found.plan.N, language) if n else _out_of_reach(language) for n in needed],
        "need": [speak.say(language, "whatif_needed" if n else "whatif_impossible", **GAPS) for n in needed],
        "together": [_together(correlation, language) for correlation in found.choices.correlations],
        "changes": [_tenth(change) for change in found.choices.changes],
    }


def interval_table(found: WhatIf, language: str) -> Table:
    """The interval of the coming wave: a row for each response, a column for each expected share."""
    steps = found.choices
    shown = [place for place, share in enumerate(steps.shares) if share in (0.1, 0.3, 0.5, found.plan.p)]
    rows = tuple(
        (_answers(n, found.plan.N, language), *(speak.range_cell(*row[place]) for place in shown))
        for n, row in zip(steps.responses, found.limits, strict=True)
    )
    heads = (speak.say(language, "whatif_share_of", share=_percent(steps.shares[place], language)) for place in shown)
    return Table(
        id="table_interval",
        language=language,
        caption=speak.say(language, "whatif_interval_caption"),
        columns=(speak.say(language, "whatif_response"), *heads),
        rows=rows,
    )


def _start(values: tuple[Any, ...], at: Any) -> int:
    return values.index(at) if at in values else len(values) // 2


def _tenth(part: float) -> int:
    return int(part * 1000 + 0.5 + 1e-9)


def _answers(n: int, N: int, language: str) -> str:
    return speak.say(language, "whatif_answers", n=n, N=N, rate=speak.percent_cell(n / N))


def _out_of_reach(language: str) -> str:
    return speak.say(language, "whatif_never")


def _together(correlation: float, language: str) -> str:
    if correlation == 0:
        # without correlation the two waves are added as if they had nobody in common, whatever the overlap
        return speak.say(language, "whatif_alone")
    return speak.say(language, "whatif_together", **GAPS)


def _overlap(part: float | None, language: str) -> str:
    return speak.say(language, "whatif_chance") if part is None else _percent(part, language)


def _plain(number: float, language: str) -> str:
    return speak.hundredths(number, language)


def _percent(share: float, language: str) -> str:
    whole = abs(share * 100 - round(share * 100)) < 1e-9
    return speak.percent_cell(share) if whole else f"{speak.tenths(share * 100, language)}%"


def _points(difference: float, language: str) -> str:
    return speak.say(language, "whatif_points", points=speak.tenths(difference * 100, language))


def _between(low: float, high: float, language: str) -> str:
    ends = {"low": speak.tenths(low * 100, language), "high": speak.tenths(high * 100, language)}
    return speak.say(language, "whatif_between", **ends)
