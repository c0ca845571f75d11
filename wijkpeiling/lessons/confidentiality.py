"""Lesson 6: which small counts are withheld, and what a reader still works out of what is left."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.errors import RunError
from wijkpeiling.estimation.disclosure import ANSWERED_BASES, SMALLEST_COUNT, is_small
from wijkpeiling.exchange.deduction import Told, possible_counts
from wijkpeiling.lessons.exercises import Exercise, Question
from wijkpeiling.lessons.moving import move
from wijkpeiling.lessons.opening import Lesson
from wijkpeiling.present.blocks import Table, titled
from wijkpeiling.present.classes import class_label
from wijkpeiling.sources.microdata import STRATUM

# having a team: of the answers by size class, the one that is most alike within a class
TEAM = ANSWERED_BASES["with_team"]
FIRST, MOST = 1, 20
# the classes by their place in the questions: those that are shown, and the one that is left out
OTHERS, LAST = (1, 2, 3), 4


class Withheld(NamedTuple):
    """Shape (H,): the classes that the rule withholds, and those that have to go besides because of the total."""

    by_rule: np.ndarray
    besides: np.ndarray

    @property
    def shown(self) -> np.ndarray:
        return ~(self.by_rule | self.besides)


def classes(lesson: Lesson, concept: str = TEAM) -> pd.DataFrame:
    """A row for each size class: its name, answers ``n``, yes ``count``, and the ``weight`` of each answer."""
    if not lesson.source.asked([concept]):
        raise RunError(
            f"parameter wave is {lesson.wave}",
            expected="a wave that asked whether there is a team",
            todo="choose another wave, and run again",
        )
    found = lesson.source.shares([concept], STRATUM)
    # the first domain is all municipalities
    names = [value for _, value in found.domains[1:]]
    weights = lesson.source.weights().set_index(STRATUM)["weight"]
    return pd.DataFrame(
        {STRATUM: names, "n": found.n[1:, 0], "count": found.count[1:, 0], "weight": weights[names].to_numpy()}
    )


def deduce(cells: pd.DataFrame, told: Told) -> list[str]:
    """What a reader works out for each class: the count, or the fewest and the most that it can be."""
    yes, answered, weight = (cells[name].to_numpy() for name in ("count", "n", "weight"))
    found = possible_counts(yes, answered, weight, told)
    return [f"{low}" if low == high else f"{low}–{high}" for low, high in zip(*found, strict=True)]


def withhold(cells: pd.DataFrame, smallest: int) -> Withheld:
    """The small cells, and as long as the total gives one of them back the next smallest cell besides."""
    n, yes = cells["n"].to_numpy(), cells["count"].to_numpy()
    least = np.minimum(yes, n - yes)
    withheld = Withheld(is_small(cells, smallest), np.zeros(len(cells), dtype=bool))
    while _is_given_back(cells, withheld) and withheld.shown.any():
        withheld.besides[np.where(withheld.shown, least, n.max() + 1).argmin()] = True
    return withheld


def _is_given_back(cells: pd.DataFrame, withheld: Withheld) -> bool:
    found = deduce(cells, Told(withheld.shown, step=None))
    return any(is_out and text.isdigit() for text, is_out in zip(found, ~withheld.shown, strict=True))


def threshold(lesson: Lesson) -> Any:
    """The slider: the smallest count that may be shown."""
    label = lesson.say("lesson_confidential_slider")
    return move(lambda least: table(lesson, least), label=label, low=1, high=MOST, first=FIRST, start=lesson.start)


def table(lesson: Lesson, smallest: int) -> Table:
    """Each class with its counts, what becomes of it, and what a reader works out before and after."""
    cells = classes(lesson)
    withheld = withhold(cells, smallest)
    before = deduce(cells, Told(~withheld.by_rule, step=None))
    after = deduce(cells, Told(withheld.shown, step=None))
    rows = [
        (
            class_label(cell[STRATUM], lesson.language),
            lesson.say("lesson_confidential_of", count=cell["count"], n=cell["n"]),
            speak.number(cell["n"] - cell["count"], lesson.language),
            lesson.say(_fate(withheld, place)),
            before[place],
            after[place],
        )
        for place, cell in enumerate(cells.to_dict("records"))
    ]
    n, yes = int(cells["n"].sum()), int(cells["count"].sum())
    total = lesson.say("lesson_confidential_of", count=yes, n=n)
    shown = lesson.say("lesson_confidential_shown")
    rows.append((lesson.say("lesson_confidential_total"), total, str(n - yes), shown, str(yes), str(yes)))
    told = {"smallest": smallest, "rule": withheld.by_rule.sum(), "besides": withheld.besides.sum()}
    return Table(
        id="table_confidential",
        language=lesson.language,
        caption=titled(lesson.edition, "lesson_confidential_caption", **told),
        columns=tuple(lesson.say("lesson_confidential_columns").split("|")),
        rows=tuple(rows),
        notes=(lesson.say("lesson_confidential_note"), *_recognised(lesson, cells)),
    )


def _fate(withheld: Withheld, place: int) -> str:
    if withheld.by_rule[place]:
        return "lesson_confidential_rule"
    return "lesson_confidential_besides" if withheld.besides[place] else "lesson_confidential_shown"


def _recognised(lesson: Lesson, cells: pd.DataFrame) -> list[str]:
    """Of a class in which everybody said yes, one of its municipalities by name: whoever knows that it took part."""
    alike = cells[cells["n"] == cells["count"]]
    if alike.empty:
        return []
    cell = alike.iloc[0]
    frame, answered = lesson.source.answers.frame(lesson.wave), lesson.source.responses["gemeentecode"]
    of_class = frame[frame[STRATUM] == cell[STRATUM]]
    name = of_class.loc[of_class["gemeentecode"].isin(answered), "name"].iloc[0]
    label = class_label(cell[STRATUM], lesson.language)
    return [lesson.say("lesson_confidential_known", n=cell["n"], N=len(of_class), size=label, name=name)]


def steps(lesson: Lesson) -> Table:
    """From everything shown to what the report shows: what a reader works out of each class."""
    cells = classes(lesson)
    shown = withhold(cells, SMALLEST_COUNT).shown
    read = {
        "lesson_confidential_all": Told(np.ones(len(cells), dtype=bool), step=None),
        "lesson_confidential_small": Told(shown, step=None),
        "lesson_confidential_weighted": Told(shown, step=0),
        "lesson_confidential_report": Told(total=False),
    }
    return Table(
        id="table_confidential_steps",
        language=lesson.language,
        caption=titled(lesson.edition, "lesson_confidential_steps"),
        columns=(
            lesson.say("lesson_confidential_read"),
            *(class_label(name, lesson.language) for name in cells[STRATUM]),
        ),
        rows=tuple((lesson.say(key, smallest=SMALLEST_COUNT), *deduce(cells, told)) for key, told in read.items()),
        notes=(lesson.say("lesson_confidential_steps_note"),),
    )


def questions(lesson: Lesson) -> list[Question]:
    """The two exercises, on the task that is named least often and on having a team."""
    few = _numbers("a", classes(lesson, _rarest(lesson)))
    parts = {f"pct{place}": round(100 * few[f"a{place}"] / few[f"a{place}n"], 2) for place in OTHERS}
    sizes = {f"n{place}": few[f"a{place}n"] for place in (*OTHERS, LAST)}
    yes = sum(few[f"a{place}"] for place in (*OTHERS, LAST))
    return [
        SUBTRACTED.ask(lesson.language, yes=yes, n=sum(sizes.values()), **sizes, **parts),
        WITHHELD.ask(lesson.language, smallest=3, **few, **_numbers("b", classes(lesson))),
    ]


def _rarest(lesson: Lesson) -> str:
    tasks = lesson.source.asked(lesson.edition.concepts("task"))
    return min(tasks, key=lambda concept: float(lesson.source.shares([concept]).share[0, 0]), default=lesson.concept)


def _numbers(name: str, cells: pd.DataFrame) -> dict[str, int]:
    """Yes and answers of each class, as ``a1`` and ``a1n``: numbers of a question have a name each."""
    numbers: dict[str, int] = {}
    for place, (yes, n) in enumerate(zip(cells["count"], cells["n"], strict=True), start=1):
        numbers |= {f"{name}{place}": int(yes), f"{name}{place}n": int(n)}
    return numbers


def counts(**of: float) -> list[int]:
    """The counts of the classes that are shown, from their percentages."""
    return [round(of[f"pct{place}"] * of[f"n{place}"] / 100) for place in OTHERS]


def left(**of: float) -> int:
    """The count of the last class: the total minus the others."""
    return int(of["yes"]) - sum(counts(**of))


SUBTRACTED = Exercise(
    id="subtracted",
    unit="count",
    solve=left,
    mistakes={
        "complement": lambda **of: of[f"n{LAST}"] - left(**of),
        "same_share": lambda **of: round(of[f"n{LAST}"] * of["yes"] / of["n"]),
        "one_forgotten": lambda **of: left(**of) + counts(**of)[0],
        "largest_forgotten": lambda **of: left(**of) + max(counts(**of)),
        "from_answers": lambda **of: of["n"] - sum(counts(**of)),
    },
    steps={
        "all_shown": lambda **of: sum(counts(**of)),
        **{f"count{place}": lambda place=place, **of: counts(**of)[place - 1] for place in OTHERS},
    },
)


def _items(**of: int) -> list[pd.DataFrame]:
    """The cells of both items, without weights: no weighted share is told."""
    return [
        pd.DataFrame(
            {"n": [of[f"{name}{place}n"] for place in (*OTHERS, LAST)], "weight": 1.0}
            | {"count": [of[f"{name}{place}"] for place in (*OTHERS, LAST)]}
        )
        for name in ("a", "b")
    ]


def _withheld(**of: int) -> list[int]:
    """For each item, the cells that go, by the rule or besides."""
    return [int((~withhold(cells, of["smallest"]).shown).sum()) for cells in _items(**of)]


def _by_rule(**of: int) -> list[int]:
    return [int(is_small(cells, of["smallest"]).sum()) for cells in _items(**of)]


def _few(**of: int) -> list[int]:
    """For each item, the small counts of the rule that are not none or all."""
    return [int((is_small(cells, of["smallest"]) & (cells["count"] % cells["n"] > 0)).sum()) for cells in _items(**of)]


WITHHELD = Exercise(
    id="withheld",
    unit="count",
    solve=lambda **of: sum(_withheld(**of)),
    mistakes={
        "only_rule": lambda **of: sum(_by_rule(**of)),
        "all_alike_forgotten": lambda **of: sum(number + (number == 1) for number in _few(**of)),
        "one_more_each": lambda **of: sum(number + 1 for number in _by_rule(**of)),
        "everything": lambda **of: sum(len(cells) for cells in _items(**of)),
    },
    steps={
        "rule": lambda **of: sum(_by_rule(**of)),
        **{f"{name}_rule": lambda at=at, **of: _by_rule(**of)[at] for at, name in enumerate("ab")},
        **{f"{name}_all": lambda at=at, **of: _withheld(**of)[at] for at, name in enumerate("ab")},
    },
)

EXERCISES = (SUBTRACTED, WITHHELD)
