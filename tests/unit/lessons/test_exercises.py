"""Exercises: the right answer passes, each mistake gets its own hint, and no hint is given for what is right."""

import math

import numpy as np
import pytest

from wijkpeiling.lessons import exercises, opening
from wijkpeiling.lessons.exercises import GENERAL, RIGHT, Exercise, check, judge
from wijkpeiling.lessons.register import LESSONS
from wijkpeiling.present.blocks import MIME

LANGUAGES = ("nl", "en")


@pytest.fixture(scope="module")
def lessons(five_waves):
    return {language: opening.open_lesson(wave=2019, language=language, project=five_waves) for language in LANGUAGES}


def asked(lessons, language="nl"):
    return [question for module in LESSONS.values() for question in module.questions(lessons[language])]


def test_each_lesson_asks_its_exercises_with_at_least_three_mistakes(lessons):
    for module in LESSONS.values():
        questions = module.questions(lessons["nl"])
        assert [question.exercise for question in questions] == list(module.EXERCISES)
        assert len(questions) == 2
        assert all(len(exercise.mistakes) >= 3 for exercise in module.EXERCISES)


def test_ids_are_there_once():
    ids = [exercise.id for module in LESSONS.values() for exercise in module.EXERCISES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_answer_is_right_and_no_mistake(lessons, language):
    for question in asked(lessons, language):
        assert judge(question, question.answer) == RIGHT
        margin = question.exercise.tolerance
        for name, value in question.mistaken.items():
            assert abs(value - question.answer) > margin, (question.exercise.id, name)
        for edge in (-0.99 * margin, 0.99 * margin):
            assert judge(question, question.answer + edge) == RIGHT


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mistake_gets_a_hint_of_its_own(lessons, language):
    for question in asked(lessons, language):
        for name, value in question.mistaken.items():
            assert judge(question, value) == name, question.exercise.id
        parts = (RIGHT, "next", "solution", "question", *question.mistaken)
        told = [question.words(part) for part in parts]
        assert len(set(told)) == len(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_as_a_person_writes_it_is_right(lessons, language):
    for question in asked(lessons, language):
        written = round(question.answer, 0 if question.exercise.unit == "count" else 1)
        assert judge(question, written) == RIGHT, question.exercise.id


# half of 8: wrong in one known way, on any scale
SMALL = Exercise(
    id="half_width",
    unit="percent",
    solve=lambda n: n / 2,
    mistakes={"whole_width": lambda n: float(n)},
    tolerance=0.05,
)
COUNTED = Exercise(id="enough", unit="count", solve=lambda n: n, mistakes={"rounded_down": lambda n: n - 2}, slack=1)


@pytest.mark.parametrize(
    ("exercise", "answer", "outcome"),
    [
        (SMALL, None, "empty"),
        (SMALL, ..., "empty"),
        (SMALL, "4", "text"),
        (SMALL, "", "text"),
        (SMALL, (4, 0), "comma"),
        (SMALL, True, "no_number"),
        (SMALL, [4], "no_number"),
        (SMALL, {}, "no_number"),
        (SMALL, math.nan, "no_number"),
        (SMALL, math.inf, "no_number"),
        (SMALL, 10**400, "no_number"),
        (SMALL, 4 + 0j, "no_number"),
        (SMALL, 4, RIGHT),
        (SMALL, 4.05, RIGHT),
        (SMALL, np.float64(4), RIGHT),
        (SMALL, np.int64(4), RIGHT),
        (SMALL, 8, "whole_width"),
        (SMALL, 0.04, "of_one"),
        (SMALL, 0.08, "whole_width"),
        (SMALL, 400, "of_hundred"),
        (SMALL, 3, "low"),
        (SMALL, -4, "low"),
        (SMALL, 5, "high"),
        (COUNTED, 8, RIGHT),
        (COUNTED, 8.0, RIGHT),
        (COUNTED, 7, "rounded_down"),
        (COUNTED, 5, "rounded_down"),
        (COUNTED, 9, "high"),
        (COUNTED, 8.4, "whole"),
        (COUNTED, 0.06, "whole"),
        (COUNTED, 800, "high"),
    ],
)
def test_whatever_is_typed_is_judged(exercise, answer, outcome):
    assert judge(exercise.ask("nl", n=8), answer) == outcome


@pytest.mark.parametrize(
    ("n", "answer", "outcome"), [(8.6, 4, "decimals"), (8.6, 4.3, RIGHT), (8.6, 5, "high"), (8, 4, RIGHT)]
)
def test_an_answer_that_was_rounded_too_far_is_not_just_too_low(n, answer, outcome):
    assert judge(SMALL.ask("nl", n=n), answer) == outcome


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", [None, "4", (4, 2), True, 0.0, 1e9, -3, 2.5])
def test_an_answer_is_never_just_wrong(lessons, language, answer):
    for question in asked(lessons, language):
        shown = check(question, answer)
        assert (shown.language, shown.id) == (language, f"check_{question.exercise.id}")
        assert len(shown.text.split()) > 5
        assert shown._repr_mimebundle_()["text/plain"] == shown.text
        if judge(question, answer) in ("low", "high"):
            assert question.words("next") in shown.text


def test_a_question_shows_itself_in_the_language_of_the_notebook(lessons):
    for language in LANGUAGES:
        for question in asked(lessons, language):
            bundle = question._repr_mimebundle_()
            assert bundle["text/plain"] == question.words("question")
            assert bundle[MIME]["language"] == language


def test_general_hints_are_distinct():
    for language in LANGUAGES:
        told = [exercises.speak.say(language, f"answer_{outcome}") for outcome in GENERAL]
        assert len(set(told)) == len(told)
