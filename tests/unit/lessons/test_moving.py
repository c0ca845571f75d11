"""A slider where a notebook is open, one piece everywhere else."""

import importlib.util

import pytest

from wijkpeiling.errors import RunError
from wijkpeiling.lessons import moving
from wijkpeiling.lessons.moving import move
from wijkpeiling.parameters import OPEN_NOTEBOOK
from wijkpeiling.present.blocks import Sentence

ENDS = {"label": "n", "low": 10, "high": 30, "first": 20}


def said(position):
    return Sentence(id="moved", language="nl", text=f"stand {position}")


@pytest.mark.parametrize(("start", "shown"), [(None, "stand 20"), (10, "stand 10"), (30, "stand 30")])
def test_without_an_open_notebook_the_position_of_the_parameter_is_shown(monkeypatch, start, shown):
    monkeypatch.delenv(OPEN_NOTEBOOK, raising=False)
    assert move(said, **ENDS, start=start).text == shown


def test_without_the_extra_the_first_position_is_shown(monkeypatch):
    monkeypatch.setenv(OPEN_NOTEBOOK, "lesson.ipynb")
    monkeypatch.setattr(moving, "find_spec", lambda name: None)
    assert move(said, **ENDS).text == "stand 20"


@pytest.mark.parametrize("start", [9, 31, -1])
def test_a_position_that_is_not_there_is_refused(start):
    with pytest.raises(RunError, match=f"parameter start is {start}") as refused:
        move(said, **ENDS, start=start)
    assert refused.value.expected == "a whole number from 10 to 30, or None"


def test_in_an_open_notebook_a_moved_slider_shows_what_belongs_to_it(monkeypatch):
    assert importlib.util.find_spec("ipywidgets"), "the extra learn is part of the set-up of the tests"
    monkeypatch.setenv(OPEN_NOTEBOOK, "lesson.ipynb")
    seen = []
    box = move(lambda position: seen.append(position) or said(position), **ENDS, start=12)
    slider, _ = box.children
    assert (slider.description, slider.min, slider.max, slider.value) == ("n", 10, 30, 12)
    slider.value = 17
    assert seen == [12, 17]
