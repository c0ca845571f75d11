"""Lesson 3: who did not answer, what they could do to a share, and what weighting by size class mends."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval, Intervals
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.exact import Limits
from wijkpeiling.estimation.nonresponse import sensitivity, worst_case
from wijkpeiling.estimation.shares import shares
from wijkpeiling.lessons.exercises import Exercise, Question
from wijkpeiling.lessons.moving import move
from wijkpeiling.lessons.opening import Lesson
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Chart, Table, marked, titled
from wijkpeiling.sources.microdata import STRATUM

FIRST = 30
TABLE = "table_nonresponse"
SMALLEST = "<20k"


class Willing(NamedTuple):
    """The percentage that answers, of those who would say yes and no: in small municipalities, and in all others."""

    small_yes: int
    small_no: int
    other_yes: int
    other_no: int


# by the key of what is told of them; in the last, size hides what the answers themselves do
STORIES = {
    "lesson_nonresponse_even": Willing(60, 60, 60, 60),
    "lesson_nonresponse_small": Willing(20, 20, 80, 80),
    "lesson_nonresponse_yes": Willing(40, 80, 40, 80),
    "lesson_nonresponse_both": Willing(20, 15, 80, 60),
}


class Told(NamedTuple):
    """What those who answer tell of all, beside what is so; shares are 0-1.

    ``absent`` is the share among those who do not answer: not a number where all do.
    """

    n: int
    N: int
    plain: float
    weighted: float
    bounds: Limits[float]
    absent: float

    @property
    def truth(self) -> float:
        """What the sensitivity of an edition gives for whoever knows how far those who do not answer differ."""
        if self.n == self.N:
            return self.plain
        return float(sensitivity(np.array(self.plain), np.array(self.n / self.N), np.array(self.absent - self.plain)))


def ask(lesson: Lesson, willing: Willing) -> Told:
    """All municipalities with a known answer are asked, and a part of them answers."""
    everyone = lesson.source.responses.dropna(subset=[lesson.concept])
    said_yes, is_small = everyone[lesson.concept].astype(bool), everyone[STRATUM] == SMALLEST
    kept = []
    for (small, yes), group in everyone.groupby([is_small, said_yes]):
        percent = willing[2 * (not small) + (not yes)]
        # as many in each size class, whatever else they answered
        kept += [part.head(round(percent * len(part) / 100)) for _, part in group.groupby(STRATUM, observed=True)]
    answered = pd.concat(kept)
    population = everyone.groupby(STRATUM, observed=True).size()
    design = Design.from_responses(answered, population, stratum=STRATUM)
    n, N, count = len(answered), len(everyone), int(answered[lesson.concept].sum())
    weighted = float(shares(design, answered[[lesson.concept]]).share[0, 0])
    absent = (int(said_yes.sum()) - count) / (N - n) if n < N else np.nan
    return Told(n, N, count / n, weighted, _bounds(count, n, N), absent)


def _bounds(yes: int, n: int, N: int) -> Limits[float]:
    low, high = worst_case(np.array(yes), np.array(n), np.array(N - n))
    return Limits(float(low), float(high))


def willingness(lesson: Lesson) -> Any:
    """The slider: how many of those who would say yes answer."""
    label = lesson.say("lesson_nonresponse_slider")
    return move(lambda pct: chart(lesson, pct), label=label, low=0, high=100, first=FIRST, start=lesson.start)


def chart(lesson: Lesson, pct: int) -> Chart:
    """The share of those who answer with its worst-case bounds, weighted, of those who do not, and what is so."""
    told = ask(lesson, Willing(pct, 60, pct, 60))
    low, high = told.bounds
    words = {"pct": pct, "plain": speak.whole(told.plain), "truth": speak.whole(told.truth)}
    bounds = speak.percent_range(low, high, lesson.language)
    rows = (
        _row(lesson.say("lesson_nonresponse_plain", n=told.n), told.plain, told.bounds),
        _row(lesson.say("lesson_nonresponse_weighted"), told.weighted),
        _row(lesson.say("lesson_nonresponse_absent", n=told.N - told.n), told.absent),
        _row(lesson.say("lesson_nonresponse_truth", N=told.N), told.truth, is_accent=True),
    )
    return Chart(
        id="figure_nonresponse",
        language=lesson.language,
        caption=lesson.say("lesson_nonresponse_figure", **words),
        alt=lesson.say(
            "lesson_nonresponse_alt",
            bounds=bounds,
            weighted=speak.whole(told.weighted),
            absent=speak.whole(told.absent),
            **words,
        ),
        table=TABLE,
        plot=Intervals(rows=rows),
        mark=marked(lesson.edition),
    )


def _row(label: str, share: float, bounds: Limits[float] | None = None, *, is_accent: bool = False) -> Interval:
    low, high = bounds or (None, None)
    return Interval(
        label=label,
        text=speak.percent_cell(share),
        share=share,
        bounds_low=low,
        bounds_high=high,
        is_accent=is_accent,
    )


def table(lesson: Lesson) -> Table:
    """Four ways not to answer, and what weighting by size class makes of each."""
    told = {key: ask(lesson, willing) for key, willing in STORIES.items()}
    return Table(
        id=TABLE,
        language=lesson.language,
        caption=titled(lesson.edition, "lesson_nonresponse_caption"),
        columns=tuple(lesson.say("lesson_nonresponse_columns").split("|")),
        rows=tuple(
            (
                lesson.say(key),
                speak.number(one.n, lesson.language),
                cells.percent(one.plain),
                cells.percent(one.weighted),
                cells.percent(one.truth),
                cells.percent_range(*one.bounds),
            )
            for key, one in told.items()
        ),
        notes=(lesson.say("lesson_nonresponse_note"),),
    )


def questions(lesson: Lesson) -> list[Question]:
    """The two exercises: one on those who answered in the demo, one on its two smallest size classes."""
    n = lesson.source.n_respondents
    classes = lesson.source.responses.groupby(STRATUM, observed=True)[lesson.concept].agg(["count", "sum"])
    sizes = lesson.source.answers.population_sizes(lesson.wave)
    (small, small_yes), (large, large_yes) = ((int(n), int(yes)) for n, yes in classes.to_numpy()[:2])
    small_all, large_all = (int(sizes[name]) for name in classes.index[:2])
    return [
        WORST.ask(lesson.language, N=lesson.N, n=n, yes=round(n * float(lesson.answers.mean()))),
        WEIGHTED.ask(
            lesson.language,
            small=small,
            small_yes=small_yes,
            small_all=small_all,
            large=large,
            large_yes=large_yes,
            large_all=large_all,
        ),
    ]


def highest(N: int, n: int, yes: int) -> float:
    """The upper worst-case bound, in percent."""
    return 100 * _bounds(yes, n, N).high


def weigh(small: int, small_yes: int, small_all: int, large: int, large_yes: int, large_all: int) -> float:
    """The share of both classes together, each counting for all its municipalities, in percent."""
    total = small_all * small_yes / small + large_all * large_yes / large
    return 100 * total / (small_all + large_all)


WORST = Exercise(
    id="worst",
    unit="percent",
    solve=highest,
    tolerance=0.06,
    mistakes={
        "only_answered": lambda N, n, yes: 100 * yes / n,
        "lowest": lambda N, n, yes: 100 * yes / N,
        "lower_base": lambda N, n, yes: 100 * (yes + N - n) / n,
        "half_yes": lambda N, n, yes: 100 * (yes + (N - n) / 2) / N,
        "width": lambda N, n, yes: 100 * (N - n) / N,
    },
    steps={
        "absent": lambda N, n, yes: N - n,
        "most": lambda N, n, yes: yes + N - n,
    },
)


def _classes(**given: int) -> tuple[float, float]:
    return 100 * given["small_yes"] / given["small"], 100 * given["large_yes"] / given["large"]


WEIGHTED = Exercise(
    id="weighted",
    unit="percent",
    solve=weigh,
    tolerance=0.06,
    mistakes={
        "unweighted": lambda **of: 100 * (of["small_yes"] + of["large_yes"]) / (of["small"] + of["large"]),
        "plain_mean": lambda **of: sum(_classes(**of)) / 2,
        "swapped": lambda **of: weigh(**(of | {"small_all": of["large_all"], "large_all": of["small_all"]})),
        "upside_down": lambda **of: weigh(
            **(of | {name: of[part] ** 2 / of[name] for name, part in (("small_all", "small"), ("large_all", "large"))})
        ),
    },
    steps={
        "small_pct": lambda **of: _classes(**of)[0],
        "large_pct": lambda **of: _classes(**of)[1],
        "all": lambda **of: of["small_all"] + of["large_all"],
    },
)

EXERCISES = (WORST, WEIGHTED)
