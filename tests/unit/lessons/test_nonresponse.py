"""Lesson 3: who did not answer, with all answers known."""

import pytest

from wijkpeiling.estimation.nonresponse import worst_case
from wijkpeiling.lessons import nonresponse
from wijkpeiling.lessons.nonresponse import STORIES, Willing, ask
from wijkpeiling.lessons.opening import open_lesson


@pytest.fixture(scope="module")
def lesson(five_waves):
    return open_lesson(wave=2019, language="nl", project=five_waves)


@pytest.mark.parametrize("pct", [0, 30, 60, 100])
def test_the_bounds_are_those_of_estimation_and_hold_the_truth(lesson, pct):
    told = ask(lesson, Willing(pct, 60, pct, 60))
    low, high = worst_case(round(told.plain * told.n), told.n, told.N - told.n)
    assert told.bounds == (low, high)
    assert told.bounds.low - 1e-12 <= told.truth <= told.bounds.high + 1e-12
    assert told.bounds.high - told.bounds.low == pytest.approx(1 - told.n / told.N)


def test_the_ends_of_the_slider(lesson):
    nobody, everybody = (nonresponse.chart(lesson, pct).plot.rows for pct in (0, 100))
    truth = lesson.answers.mean()
    # all 102 that would say yes are among the 130 that do not answer
    assert [row.share for row in nobody] == pytest.approx([0, 0, 102 / 130, truth])
    # every yes is in: the truth is the lower bound, and those that do not answer all say no
    assert everybody[0].bounds_low == pytest.approx(truth)
    assert truth < everybody[1].share < everybody[0].share and everybody[2].share == 0


@pytest.mark.parametrize("pct", [0, 30, 100])
def test_what_is_so_is_the_sensitivity_at_the_real_difference(lesson, pct):
    told = ask(lesson, Willing(pct, 60, pct, 60))
    assert told.truth == pytest.approx(lesson.answers.mean())
    f, p, absent = told.n / told.N, told.plain, told.absent
    assert told.truth == pytest.approx(f * p + (1 - f) * absent)
    shown = nonresponse.chart(lesson, pct)
    assert [row.share for row in shown.plot.rows] == [p, told.weighted, absent, told.truth]
    assert len(shown.alt) < 200


def test_everybody_answers(lesson):
    told = ask(lesson, Willing(100, 100, 100, 100))
    truth = float(lesson.answers.mean())
    assert (told.n, told.plain, told.bounds) == (told.N, truth, (truth, truth))
    assert told.weighted == pytest.approx(truth)


def test_a_weighted_share_is_that_of_each_class_for_all_its_municipalities(lesson):
    told = ask(lesson, STORIES["lesson_nonresponse_small"])
    # 5 + 1 of 30 in the smallest class answer, and 80 in 100 of the others: 35 and 38 of 92, 19 and 4 of 29, 8 and 10
    assert told.n == 120
    by_hand = (30 * 5 / 6 + 92 * 35 / 73 + 29 * 19 / 23 + 22 * 8 / 18) / 173
    assert told.weighted == pytest.approx(by_hand)


def test_weighting_mends_size_hardly_the_answer_and_makes_opposite_biases_worse(lesson):
    even, small, yes, both = (ask(lesson, willing) for willing in STORIES.values())

    def gain(told):
        return abs(told.plain - told.truth) - abs(told.weighted - told.truth)

    assert abs(gain(even)) < 0.005
    assert gain(small) > 0.02
    assert abs(small.weighted - small.truth) < 0.01
    assert abs(yes.weighted - yes.truth) > 0.1
    assert gain(both) < -0.01


def test_the_table_and_the_parameter(lesson, five_waves):
    rows = nonresponse.table(lesson).texts
    assert [row[2:5] for row in rows] == [
        ("58%", "58%", "59%"),
        ("56%", "59%", "59%"),
        ("42%", "44%", "59%"),
        ("63%", "65%", "59%"),
    ]
    assert "30%" in nonresponse.willingness(lesson).caption
    moved = open_lesson(wave=2019, language="nl", start=100, project=five_waves)
    assert "100%" in nonresponse.willingness(moved).caption


def test_answers_worked_out_by_hand():
    # (125 + 143) / 355
    assert nonresponse.WORST.ask("nl", N=355, n=212, yes=125).answer == pytest.approx(75.49, abs=0.005)
    # (81 x 0.8 + 189 x 44/92) / 270
    given = {"small": 30, "small_yes": 24, "small_all": 81, "large": 92, "large_yes": 44, "large_all": 189}
    assert nonresponse.WEIGHTED.ask("nl", **given).answer == pytest.approx(57.48, abs=0.005)
