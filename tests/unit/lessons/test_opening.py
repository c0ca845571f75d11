"""A lesson opened: invented answers only, and where to start when there is no project."""

import pytest

from wijkpeiling.errors import ProjectError, RunError, WijkpeilingError
from wijkpeiling.lessons.opening import cover, invented, open_lesson


@pytest.mark.parametrize(("language", "word"), [("nl", "verzonnen"), ("en", "invented")])
def test_a_lesson_works_with_invented_answers_and_says_so(five_waves, language, word):
    lesson = open_lesson(wave=2019, language=language, project=five_waves)
    assert lesson.sources.source_of(2019) == "synthetic"
    assert lesson.source.responses["gemeentecode"].str.startswith("SY").all()
    assert word in invented(lesson).text and "2019" in invented(lesson).text
    assert cover(lesson).source == "synthetic" and word in cover(lesson).lead[0]
    assert len(lesson.answers) == lesson.source.responses[lesson.concept].notna().sum()


def test_the_order_of_answers_is_the_same_each_time(five_waves):
    first, second = (open_lesson(wave=2019, language="nl", project=five_waves).answers for _ in range(2))
    assert (first == second).all() and 0 < first.mean() < 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"wave": "2019", "language": "nl"}, "parameter wave is '2019'"),
        ({"wave": 2019, "language": "fr"}, "parameter language is 'fr'"),
        ({"wave": 2019, "language": "nl", "start": 2.5}, "parameter start is 2.5"),
        ({"wave": 2019, "language": "nl", "start": True}, "parameter start is True"),
        ({"wave": 2019, "language": "nl", "cells": ["# Parameters\nstrat = 3"]}, "unknown parameter strat"),
    ],
)
def test_a_wrong_parameter_is_refused(five_waves, given, told):
    with pytest.raises(WijkpeilingError, match=told) as refused:
        open_lesson(**given, project=five_waves)
    assert isinstance(refused.value, RunError)


def test_outside_a_project_it_says_where_to_start(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError, match="outside a wijkpeiling project") as refused:
        open_lesson(wave=2019, language="nl")
    assert "wijkpeiling init" in refused.value.todo and "wijkpeiling lab" in refused.value.todo


@pytest.mark.parametrize("wave", [2014, 2015])
def test_a_wave_that_did_not_ask_it_is_refused(five_waves, wave):
    lesson = open_lesson(wave=wave, language="nl", project=five_waves)
    with pytest.raises(RunError, match=f"parameter wave is {wave}") as refused:
        _ = lesson.answers
    assert refused.value.todo.startswith("choose another wave")
