"""Lesson 1: samples from a population of which every answer is known."""

import pytest

from wijkpeiling.estimation.exact import Case, exact_intervals
from wijkpeiling.lessons import census
from wijkpeiling.lessons.opening import open_lesson


@pytest.fixture(scope="module")
def lesson(five_waves):
    return open_lesson(wave=2019, language="nl", project=five_waves)


def test_a_census_leaves_nothing_to_estimate(lesson):
    N = len(lesson.answers)
    drawn = census.draw_first(lesson, N)
    assert drawn.within == (drawn.share, drawn.share)
    # an endless population stays uncertain
    assert drawn.endless.high - drawn.endless.low > 0.1
    plot = census.chart(lesson, N).plot
    assert [row.share for row in plot.rows] == [lesson.answers.mean()] * 3


@pytest.mark.parametrize("n", [10, 20, 57, 100])
def test_the_interval_is_that_of_estimation_and_shorter_than_the_endless_one(lesson, n):
    N = len(lesson.answers)
    drawn = census.draw_first(lesson, n)
    low, high = exact_intervals((Case(int(lesson.answers[:n].sum()), n, N),))
    assert drawn.within == (low[0] / N, high[0] / N)
    assert drawn.within.high - drawn.within.low < drawn.endless.high - drawn.endless.low


def test_the_slider_begins_at_twenty_and_the_parameter_moves_it(lesson, five_waves):
    assert "20 antwoorden" in census.sample(lesson).caption
    moved = open_lesson(wave=2019, language="nl", start=100, project=five_waves)
    assert "100 antwoorden" in census.sample(moved).caption


def test_the_table_ends_at_the_census(lesson):
    rows = census.table(lesson).texts
    assert [row[0] for row in rows] == ["20", "50", "100", "150", str(len(lesson.answers))]
    assert rows[-1][3] in {f"{rows[-1][1][:-1]}–{rows[-1][1]}"}


def test_answers_worked_out_by_hand():
    # 1.96 sqrt(59 x 41 / 211) sqrt(143 / 355)
    assert census.HALF_WIDTH.ask("nl", N=355, n=212, pct=59).answer == pytest.approx(4.21, abs=0.005)
    # 385.16 / (1 + 384.16 / 355) = 184.99
    assert census.ENOUGH.ask("nl", N=355, points=5).answer == 185
    assert census.half_width(355, 185, 50) <= 5 < census.half_width(355, 184, 50)
