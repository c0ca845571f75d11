"""Lesson 1: why an interval when everybody was asked, from a sample of twenty to a census."""

import math
from typing import Any, NamedTuple

import numpy as np

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval, Intervals
from wijkpeiling.estimation.exact import Case, Limits, exact_intervals
from wijkpeiling.estimation.intervals import interval
from wijkpeiling.lessons.exercises import Exercise, Question
from wijkpeiling.lessons.moving import move
from wijkpeiling.lessons.opening import Lesson
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Chart, Table, marked, titled

# answers in the table, beside all of them
SIZES = (20, 50, 100, 150)
FEWEST, FIRST = 10, 20
Z, Z_ONE_SIDED = 1.96, 1.645
TABLE = "table_census"


class Drawn(NamedTuple):
    """A sample from a population of which every answer is known."""

    n: int
    N: int
    share: float
    within: Limits[float]
    endless: Limits[float]


def draw_first(lesson: Lesson, n: int) -> Drawn:
    """The first ``n`` answers as a sample from all of them, with the exact interval and that of no population."""
    N = len(lesson.answers)
    n_yes = int(lesson.answers[:n].sum())
    share = n_yes / n
    low, high = exact_intervals((Case(n_yes, n, N),))
    se = math.sqrt(share * (1 - share) / (n - 1))
    share_of, se_of, df, size, endless = np.array([[share], [se], [n - 1], [n], [np.inf]])
    bounds = interval("beta", share_of, se_of, df, size, endless)
    return Drawn(
        n, N, share, Limits(float(low[0]) / N, float(high[0]) / N), Limits(float(bounds.low[0]), float(bounds.high[0]))
    )


def sample(lesson: Lesson) -> Any:
    """The slider: how many of the municipalities answer."""
    N = len(lesson.answers)
    label = lesson.say("lesson_census_slider")
    return move(
        lambda n: chart(lesson, n), label=label, low=min(FEWEST, N), high=N, first=min(FIRST, N), start=lesson.start
    )


def chart(lesson: Lesson, n: int) -> Chart:
    """Both intervals of a sample of ``n``, above the share of all."""
    drawn = draw_first(lesson, n)
    truth = float(lesson.answers.mean())
    told = {"n": n, "N": drawn.N, "share": speak.whole(drawn.share), "truth": speak.whole(truth)}
    rows = [
        _row(lesson.say("lesson_census_endless"), drawn.share, drawn.endless),
        _row(lesson.say("lesson_census_within", N=drawn.N), drawn.share, drawn.within, is_accent=True),
        _row(lesson.say("lesson_census_all", N=drawn.N), truth, None),
    ]
    likely = speak.percent_range(*drawn.within, lesson.language)
    return Chart(
        id="figure_census",
        language=lesson.language,
        caption=lesson.say("lesson_census_figure", **told),
        alt=lesson.say("lesson_census_alt", likely=likely, **told),
        table=TABLE,
        plot=Intervals(rows=tuple(rows)),
        mark=marked(lesson.edition),
    )


def _row(label: str, share: float, limits: Limits[float] | None, *, is_accent: bool = False) -> Interval:
    low, high = limits or (None, None)
    return Interval(label=label, text=speak.percent_cell(share), share=share, low=low, high=high, is_accent=is_accent)


def table(lesson: Lesson) -> Table:
    """Samples of several sizes and the census, with both intervals."""
    N = len(lesson.answers)
    drawn = [draw_first(lesson, n) for n in (*(size for size in SIZES if size < N), N)]
    return Table(
        id=TABLE,
        language=lesson.language,
        caption=titled(lesson.edition, "lesson_census_caption"),
        columns=tuple(lesson.say("lesson_census_columns", N=N).split("|")),
        rows=tuple(
            (
                speak.number(one.n, lesson.language),
                cells.percent(one.share),
                cells.percent_range(*one.endless),
                cells.percent_range(*one.within),
            )
            for one in drawn
        ),
        notes=(lesson.say("lesson_census_note"),),
    )


def questions(lesson: Lesson) -> list[Question]:
    """The two exercises of the lesson, with the numbers of the demo."""
    pct = int(speak.whole(float(lesson.answers.mean())))
    n = lesson.source.n_respondents
    return [
        HALF_WIDTH.ask(lesson.language, N=lesson.N, n=n, pct=pct),
        ENOUGH.ask(lesson.language, N=lesson.N, points=5),
    ]


def standard_error(n: int, pct: float) -> float:
    """In percentage points, as if from a population without end."""
    return math.sqrt(pct * (100 - pct) / (n - 1))


def correction(N: int, n: int) -> float:
    """The finite population correction: the root of the part that did not answer."""
    return math.sqrt(1 - n / N)


def half_width(N: int, n: int, pct: float) -> float:
    """Half of a 95 percent interval, in percentage points: z times the corrected standard error."""
    return Z * standard_error(n, pct) * correction(N, n)


def needed(N: int, points: float, z: float = Z) -> int:
    """The least number of answers that gives a half width of ``points`` at a share of one half."""
    endless = (z * 50 / points) ** 2
    return math.ceil((endless + 1) / (1 + endless / N))


HALF_WIDTH = Exercise(
    id="half_width",
    unit="points",
    solve=half_width,
    tolerance=0.06,
    mistakes={
        "no_correction": lambda N, n, pct: Z * standard_error(n, pct),
        "no_root": lambda N, n, pct: Z * standard_error(n, pct) * (1 - n / N),
        "wrong_part": lambda N, n, pct: Z * standard_error(n, pct) * math.sqrt(n / N),
        "only_error": lambda N, n, pct: standard_error(n, pct) * correction(N, n),
        "whole_width": lambda N, n, pct: 2 * half_width(N, n, pct),
        "one_sided": lambda N, n, pct: Z_ONE_SIDED * standard_error(n, pct) * correction(N, n),
        "rounded_early": lambda N, n, pct: Z * round(standard_error(n, pct)) * correction(N, n),
    },
    steps={
        "error": lambda N, n, pct: standard_error(n, pct),
        "correction": lambda N, n, pct: correction(N, n),
        "open": lambda N, n, pct: N - n,
    },
)

ENOUGH = Exercise(
    id="enough",
    unit="count",
    solve=needed,
    slack=1,
    mistakes={
        "no_population": lambda N, points: math.ceil((Z * 50 / points) ** 2),
        "rounded_down": lambda N, points: needed(N, points) - 1,
        "half_taken": lambda N, points: needed(N, points / 2),
        "only_error": lambda N, points: needed(N, points, z=1.0),
        "one_sided": lambda N, points: needed(N, points, z=Z_ONE_SIDED),
    },
    steps={
        "endless": lambda N, points: math.ceil((Z * 50 / points) ** 2),
        "before": lambda N, points: needed(N, points) - 1,
    },
)

EXERCISES = (HALF_WIDTH, ENOUGH)
