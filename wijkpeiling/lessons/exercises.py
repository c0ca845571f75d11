"""Exercises that say what was probably done where an answer is not right."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from wijkpeiling import language as speak
from wijkpeiling.present.blocks import Sentence

Unit = Literal["points", "percent", "count"]
Given = Mapping[str, float]
Solver = Callable[..., float]

RIGHT, NEXT = "right", "next"
# parts that every exercise has in the words files, beside one for each mistake
PARTS = ("question", RIGHT, NEXT, "solution")
# what a person may type that is no number, and what comes of a number that fits no known mistake
GENERAL = ("empty", "text", "comma", "no_number", "of_one", "of_hundred", "whole", "decimals", "low", "high")


@dataclass(frozen=True)
class Exercise:
    """A question of which the answer is a number, computed from the numbers in the question.

    Attributes
    ----------
    id
        Slug. The words files have ``exercise_<id>_<part>`` for each of `PARTS` and for each mistake.
    unit
        Of the answer: ``points`` and ``percent`` are 0-100, where somebody may give a share; a ``count`` is whole.
    solve
        From the numbers of the question, by name, the right answer.
    mistakes
        From the same numbers, what somebody finds who makes each known mistake.
    tolerance
        How far from the right answer is right: it has to allow the rounding that the question asks for.
    slack
        How far from what a mistake gives still is that mistake; None for the tolerance.
    steps
        From the same numbers, results on the way that a hint or the worked solution names.
    """

    id: str
    unit: Unit
    solve: Solver
    mistakes: Mapping[str, Solver]
    tolerance: float = 0.0
    slack: float | None = None
    steps: Mapping[str, Solver] = field(default_factory=dict)

    def ask(self, language: str, **given: float) -> "Question":
        """The exercise with its numbers, in a language."""
        return Question(self, language, given)


@dataclass(frozen=True)
class Question:
    """An exercise as it is asked: shown in a notebook as the question in words."""

    exercise: Exercise
    language: str
    given: Given

    @property
    def answer(self) -> float:
        """The right answer."""
        return self.exercise.solve(**self.given)

    @property
    def mistaken(self) -> dict[str, float]:
        """What each known mistake gives."""
        return {name: mistake(**self.given) for name, mistake in self.exercise.mistakes.items()}

    def words(self, part: str) -> str:
        """A part of the exercise in words: one of `PARTS`, or the hint of a mistake."""
        steps = {name: step(**self.given) for name, step in self.exercise.steps.items()}
        numbers = {**self.given, **steps, "answer": self.answer}
        told = {name: spell(value, self.language) for name, value in numbers.items()}
        return speak.say(self.language, f"exercise_{self.exercise.id}_{part}", **told)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return self._piece("exercise", self.words("question"))._repr_mimebundle_()

    def _piece(self, kind: str, text: str) -> Sentence:
        return Sentence(id=f"{kind}_{self.exercise.id}", language=self.language, text=text)


def check(question: Question, answer: object) -> Sentence:
    """Say that an answer is right, or what was probably done instead; never just that it is wrong.

    Parameters
    ----------
    question
        An exercise as the notebook asks it.
    answer
        What somebody found; anything at all, as people type anything. None before there is an answer.

    Returns
    -------
    Sentence
        In the language of the question. An answer that fits no known mistake gets the next step to take.
    """
    outcome = judge(question, answer)
    if outcome in ("low", "high"):
        text = f"{speak.say(question.language, f'answer_{outcome}')} {question.words(NEXT)}"
    elif outcome in GENERAL:
        text = speak.say(question.language, f"answer_{outcome}")
    else:
        text = question.words(outcome)
    return question._piece("check", text)


def judge(question: Question, answer: object) -> str:
    """``right``, the name of a mistake, or one of `GENERAL`."""
    if answer is None or answer is ...:
        return "empty"
    number = _number(answer)
    if isinstance(number, str):
        return number
    exercise, right = question.exercise, question.answer
    if abs(number - right) <= exercise.tolerance:
        return RIGHT
    return (
        _mistake(question, number)
        or _by_scale(exercise, number, right)
        # a mistake made on the scale from 0 to 1: the scale is told when the mistake is mended
        or (exercise.unit != "count" and _mistake(question, number * 100))
        or ("low" if number < right else "high")
    )


def _mistake(question: Question, number: float) -> str | None:
    """The known mistake that gives this number, or comes nearest to it."""
    exercise = question.exercise
    slack = exercise.tolerance if exercise.slack is None else exercise.slack
    distances = {name: abs(number - value) for name, value in question.mistaken.items()}
    nearest = min(distances, key=distances.__getitem__)
    return nearest if distances[nearest] <= slack else None


def spell(value: float, language: str) -> str:
    """A number in a question or hint: a whole one as it is, another with two decimals."""
    return speak.number(value, language) if isinstance(value, int) else speak.hundredths(value, language)


def _number(answer: object) -> float | str:
    """The number that somebody typed, or what it is instead."""
    if isinstance(answer, str):
        return "text"
    # 4,2 is two numbers to Python
    if isinstance(answer, tuple):
        return "comma"
    try:
        number = float(answer)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return "no_number"
    return "no_number" if isinstance(answer, bool) or not math.isfinite(number) else number


def _by_scale(exercise: Exercise, number: float, right: float) -> str | None:
    if exercise.unit == "count":
        return None if number.is_integer() else "whole"
    if number == round(right):
        return "decimals"
    if right and abs(number * 100 - right) <= exercise.tolerance:
        return "of_one"
    return "of_hundred" if right and abs(number / 100 - right) <= exercise.tolerance else None
