"""Lesson 5: families of items in which nothing changed."""

import numpy as np
import pytest

from wijkpeiling.estimation.answered import AnsweredShare
from wijkpeiling.estimation.change import compare
from wijkpeiling.lessons import many
from wijkpeiling.lessons.opening import open_lesson
from wijkpeiling.trend.conclusions import conclude


@pytest.fixture(scope="module")
def lesson(five_waves):
    return open_lesson(wave=2019, language="nl", project=five_waves)


@pytest.fixture(scope="module")
def world(lesson):
    return many.world(lesson)


def share(world, n_yes):
    p, f = n_yes / world.n, world.n / world.N
    return AnsweredShare(p, p * (1 - p) / (world.n - 1) * (1 - f), world.n, world.N, world.n - 1, "beta", "population")


def test_the_world_is_the_wave_with_the_share_of_its_answers(lesson, world):
    assert (world.N, world.n) == (lesson.N, lesson.source.n_respondents)
    assert world.n_yes / world.N == pytest.approx(lesson.answers.mean(), abs=0.5 / world.N)


@pytest.mark.parametrize("place", [(0, 0), (3, 7), (many.REPLAYS - 1, many.MOST - 1)])
def test_a_p_value_is_that_of_estimation(world, place):
    rng = np.random.default_rng(many.SEED)
    size = (2, many.REPLAYS, many.MOST)
    drawn = rng.hypergeometric(world.n_yes, world.N - world.n_yes, world.n, size)
    first, second = (int(wave[place]) for wave in drawn)
    change = compare(share(world, first), share(world, second))
    replays = many.replay(world)
    assert replays.p_values[place] == pytest.approx(change.p_value, abs=1e-9)
    assert replays.is_up[place] == (second > first)


def test_one_item_is_called_changed_as_often_as_the_test_promises(world):
    # 40,000 tests: three standard errors are 0.3 points, and counts are whole numbers
    replays = many.replay(world)
    is_change = replays.p_values < many.ALPHA
    assert is_change.mean() == pytest.approx(many.ALPHA, abs=0.01)
    assert (is_change & replays.is_up).mean() == pytest.approx(many.ALPHA / 2, abs=0.005)


@pytest.mark.parametrize("items", many.ITEMS)
def test_a_larger_family_raises_more_false_alarms_but_not_with_holm(world, items):
    found = many.find(world, items)
    # four standard errors of 1000 replays, and the half point that the test itself is off
    assert found.changes / many.REPLAYS == pytest.approx(many.by_chance(items) / 100, abs=0.063)
    assert found.rises < found.changes
    assert found.adjusted / many.REPLAYS < many.ALPHA + 4 * (0.05 * 0.95 / many.REPLAYS) ** 0.5


def test_with_one_item_holm_changes_nothing(world):
    found = many.find(world, 1)
    assert found.adjusted == found.changes


def test_holm_finds_what_the_report_would_conclude(world):
    items = 10
    p_values, is_up = (part[:, :items] for part in many.replay(world))
    told = 0
    for family, up in zip(p_values, is_up, strict=True):
        adjusted = many.adjust(list(family))
        said = {conclude(1 if one else -1, -1, 1, p) for one, p in zip(up, adjusted, strict=True)}
        told += bool(said & {"rose", "fell"})
    assert many.find(world, items).adjusted == told > 0


@pytest.mark.parametrize("items", [1, many.MOST])
def test_the_chart_shows_what_was_found_at_both_ends_of_the_slider(lesson, world, items):
    found, shown = many.find(world, items), many.chart(lesson, items)
    assert [(bar.part, bar.whole) for bar in shown.plot.bars] == [
        (found.rises, 1000),
        (found.changes, 1000),
        (found.adjusted, 1000),
    ]
    assert shown.table == many.table(lesson).id and len(shown.alt) < 200


def test_the_slider_begins_at_one_item_and_the_parameter_moves_it(lesson, five_waves):
    assert "aantal vragen: 1)" in many.family(lesson).caption
    moved = open_lesson(wave=2019, language="nl", start=25, project=five_waves)
    assert "aantal vragen: 25)" in many.family(moved).caption


def test_the_table_sets_what_was_found_beside_what_is_expected(lesson):
    rows = many.table(lesson).texts
    assert [row[0] for row in rows] == ["1", "5", "10", "20", "40"]
    # 1 - 0.95^m
    assert [row[1] for row in rows] == ["5%", "23%", "40%", "64%", "87%"]


def test_answers_worked_out_by_hand():
    # 1 - 0.95^12 = 1 - 0.54036
    assert many.BY_CHANCE.ask("nl", items=12).answer == pytest.approx(45.96, abs=0.005)
    given = {"p1": 4, "p2": 7, "p3": 9, "p4": 9, "p5": 30, "p6": 41, "p7": 200, "p8": 600}
    question = many.CLAIMED.ask("nl", **given)
    # limits of Holm in thousandths: 6.25, 7.14, 8.33; each p below 50 is six; of Bonferroni below 6.25 is one;
    # below its own limit 4, 7 and the second 9; of Benjamini-Hochberg five, as 30 is below 5 x 6.25
    assert question.answer == 2
    assert question.mistaken == {"unadjusted": 6, "bonferroni": 1, "no_stop": 3, "screening": 5}
