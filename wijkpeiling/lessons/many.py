"""Lesson 5: many items at once, how often one rises by chance, and what Holm does about it."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Bar, Bars
from wijkpeiling.estimation.answered import AnsweredShare
from wijkpeiling.estimation.change import compare
from wijkpeiling.lessons.exercises import Exercise, Question
from wijkpeiling.lessons.moving import move
from wijkpeiling.lessons.opening import SEED, Lesson
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Chart, Table, marked, titled
from wijkpeiling.trend.conclusions import ALPHA, adjust

# items in the table; the last is where the slider ends
ITEMS = (1, 5, 10, 20, 40)
FIRST, MOST = 1, ITEMS[-1]
REPLAYS = 1000
TABLE = "table_many"


class World(NamedTuple):
    """Municipalities of which the same number says yes in both waves, and how many of them answer each time."""

    N: int
    n: int
    n_yes: int


class Replays(NamedTuple):
    """Pairs of waves between which nothing changed: p-values and whether the share rose, shape (REPLAYS, MOST)."""

    p_values: np.ndarray
    is_up: np.ndarray


class Found(NamedTuple):
    """Of `REPLAYS` pairs of waves, those in which at least one item seems to rise, to change, or does so by Holm."""

    items: int
    rises: int
    changes: int
    adjusted: int


def world(lesson: Lesson) -> World:
    """As many municipalities and respondents as in the wave, with the share of the invented answers."""
    return World(lesson.N, lesson.source.n_respondents, round(float(lesson.answers.mean()) * lesson.N))


@cache
def replay(of: World) -> Replays:
    """Draw both waves again and again; each item of each wave is answered by other municipalities."""
    rng = np.random.default_rng(SEED)
    first, second = rng.hypergeometric(of.n_yes, of.N - of.n_yes, of.n, (2, REPLAYS, MOST))
    # the test is the same for every item with these two counts, and whichever of them came first
    pairs, at = np.unique(np.sort([first.ravel(), second.ravel()], axis=0), axis=1, return_inverse=True)
    p_values = np.array([p_value(of, int(one), int(other)) for one, other in pairs.T])
    return Replays(p_values[at].reshape(first.shape), second > first)


def p_value(of: World, first: int, second: int) -> float:
    """The p-value of the package for a change from ``first`` to ``second`` of the answers yes."""
    return compare(_share(of, first), _share(of, second)).p_value


def _share(of: World, n_yes: int) -> AnsweredShare:
    share = n_yes / of.n
    variance = share * (1 - share) / (of.n - 1) * (1 - of.n / of.N)
    return AnsweredShare(share, variance, of.n, of.N, of.n - 1, "beta", "population")


def find(of: World, items: int) -> Found:
    """How often a family of ``items`` in which nothing changed seems to have a change."""
    p_values, is_up = (part[:, :items] for part in replay(of))
    is_change = p_values < ALPHA
    adjusted = sum(bool((adjust(list(family)) < ALPHA).any()) for family in p_values)
    return Found(items, int((is_change & is_up).any(axis=1).sum()), int(is_change.any(axis=1).sum()), adjusted)


def family(lesson: Lesson) -> Any:
    """The slider: how many items are tested at once."""
    label = lesson.say("lesson_many_slider")
    return move(lambda items: chart(lesson, items), label=label, low=1, high=MOST, first=FIRST, start=lesson.start)


def chart(lesson: Lesson, items: int) -> Chart:
    """Of all replays, those in which a family of ``items`` seems to change."""
    found = find(world(lesson), items)
    of_all = {name: speak.whole(count / REPLAYS) for name, count in found._asdict().items() if name != "items"}
    bars = [
        (lesson.say("lesson_many_rises"), found.rises),
        (lesson.say("lesson_many_changes"), found.changes),
        (lesson.say("lesson_many_adjusted"), found.adjusted),
    ]
    return Chart(
        id="figure_many",
        language=lesson.language,
        caption=lesson.say("lesson_many_figure", items=items, **of_all),
        alt=lesson.say("lesson_many_alt", items=items, **of_all),
        table=TABLE,
        plot=Bars(
            bars=tuple(
                Bar(label=label, text=speak.percent_cell(count / REPLAYS), part=count, whole=REPLAYS)
                for label, count in bars
            )
        ),
        mark=marked(lesson.edition),
    )


def table(lesson: Lesson) -> Table:
    """Families of several sizes: what is to be expected, and what the replays gave."""
    found = [find(world(lesson), items) for items in ITEMS]
    return Table(
        id=TABLE,
        language=lesson.language,
        caption=titled(lesson.edition, "lesson_many_caption"),
        columns=tuple(lesson.say("lesson_many_columns").split("|")),
        rows=tuple(
            (
                speak.number(one.items, lesson.language),
                cells.percent(by_chance(one.items) / 100),
                *(cells.percent(count / REPLAYS) for count in (one.changes, one.rises, one.adjusted)),
            )
            for one in found
        ),
        notes=(lesson.say("lesson_many_note", replays=speak.number(REPLAYS, lesson.language)),),
    )


def questions(lesson: Lesson) -> list[Question]:
    """The two exercises of the lesson."""
    return [
        BY_CHANCE.ask(lesson.language, items=12),
        CLAIMED.ask(lesson.language, p1=4, p2=7, p3=9, p4=9, p5=30, p6=41, p7=200, p8=600),
    ]


def by_chance(items: int) -> float:
    """Chance in percent that at least one of ``items`` independent tests without any change is below `ALPHA`."""
    return 100 * (1 - (1 - ALPHA) ** items)


def claimed(method: str) -> Callable[..., int]:
    """The number of changes that a method claims, from p-values in thousandths."""
    return lambda **thousandths: int((adjust(_p_values(thousandths), method) < ALPHA).sum())


def below(limits: Callable[[int], list[float]]) -> Callable[..., int]:
    """The number of p-values, given in thousandths, that are each below a limit of their own, without stopping."""

    def count(**thousandths: int) -> int:
        p_values = sorted(_p_values(thousandths))
        return sum(p < limit for p, limit in zip(p_values, limits(len(p_values)), strict=True))

    return count


def _p_values(thousandths: dict[str, int]) -> list[float]:
    return [value / 1000 for value in thousandths.values()]


BY_CHANCE = Exercise(
    id="by_chance",
    unit="percent",
    solve=by_chance,
    tolerance=0.06,
    mistakes={
        "added": lambda items: 100 * ALPHA * items,
        "single": lambda items: 100 * ALPHA,
        "none_at_all": lambda items: 100 - by_chance(items),
        "one_direction": lambda items: 100 * (1 - (1 - ALPHA / 2) ** items),
        "exactly_one": lambda items: 100 * items * ALPHA * (1 - ALPHA) ** (items - 1),
        "all_at_once": lambda items: 100 * ALPHA**items,
    },
    steps={"nothing": lambda items: 100 - by_chance(items)},
)

CLAIMED = Exercise(
    id="claimed",
    unit="count",
    solve=claimed("holm"),
    mistakes={
        "unadjusted": below(lambda m: [ALPHA] * m),
        "bonferroni": below(lambda m: [ALPHA / m] * m),
        "no_stop": below(lambda m: [ALPHA / (m - place) for place in range(m)]),
        "screening": claimed("fdr_bh"),
    },
    steps={"tests": lambda **p: len(p), "left": lambda **p: len(p) - claimed("holm")(**p)},
)

EXERCISES = (BY_CHANCE, CLAIMED)
