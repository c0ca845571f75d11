"""Lesson 4: two waves that overlap, held again and again."""

import math

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import RunError
from wijkpeiling.estimation.answered import change_of_answers
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.overlap import overlap
from wijkpeiling.estimation.shares import shares
from wijkpeiling.lessons import change, two_waves
from wijkpeiling.lessons.exercises import judge
from wijkpeiling.lessons.opening import open_lesson
from wijkpeiling.lessons.two_waves import REPLAYS, World

# four standard errors of a thousand replays
MARGIN = 4 * math.sqrt(0.05 * 0.95 / REPLAYS)


@pytest.fixture(scope="module")
def lesson(five_waves):
    return open_lesson(wave=2019, language="nl", project=five_waves)


@pytest.fixture(scope="module")
def found(lesson):
    return two_waves.compared(lesson)


@pytest.fixture(scope="module")
def world(lesson, found):
    return two_waves.world(lesson, found)


def test_what_changed_most_is_taken_with_the_wave_before(lesson, found):
    assert found.years == (2017, 2019)
    joints = [
        joint
        for kind in ("task", "shortfall")
        for pair in lesson.sources.pairs(2017, 2019, lesson.edition.concepts(kind))
        for by_base in pair.assumptions.values()
        for joint in by_base.values()
    ]
    assert len(joints) > 5
    changes = [abs(joint.second.share - joint.first.share) for joint in joints]
    assert abs(found.joint.second.share - found.joint.first.share) == max(changes)


def test_the_first_of_two_waves_is_set_against_the_later_one(five_waves):
    assert two_waves.compared(open_lesson(wave=2017, language="nl", project=five_waves)).years == (2017, 2019)


def test_a_wave_without_another_that_asked_the_same_is_refused(five_waves):
    with pytest.raises(RunError, match="parameter wave is 2015"):
        two_waves.compared(open_lesson(wave=2015, language="nl", project=five_waves))


def test_the_world_changes_as_the_invented_answers_do(lesson, found, world):
    assert (lesson.N, world.n) == (world.N, 142)
    first, second = world.answers.mean(axis=1)
    for share, joint in ((first, found.joint.first), (second, found.joint.second)):
        assert share == pytest.approx(joint.share, abs=0.5 / world.N)
    assert world.alike == pytest.approx(found.alike, abs=0.01)


def test_the_correlation_is_that_of_the_municipalities_that_answered_both(lesson, found):
    first, second = (lesson.sources.of(year).item_responses(found.concept) for year in found.years)
    twice = first.merge(second, on="gemeentecode")
    # a few of these codes took in another municipality, and are no pairs
    both = twice[[f"{found.concept}_x", f"{found.concept}_y"]].astype(float).corr().iloc[0, 1]
    assert found.alike == pytest.approx(both, abs=0.05)


@pytest.mark.parametrize("both", [0, 1, 2, 57, 100, 142])
@pytest.mark.parametrize("place", [0, 7, 500])
def test_the_right_interval_is_that_of_estimation(world, both, place):
    n, N, answers = world.n, world.N, world.answers
    order = two_waves._orders(N)[place]
    took_part = order[:n], order[n - both : 2 * n - both]
    frames = [
        pd.DataFrame({"gemeentecode": rows.astype(str), "item": answers[wave][rows]})
        for wave, rows in enumerate(took_part)
    ]
    results = [shares(Design.from_responses(frame, N), frame[["item"]]) for frame in frames]
    pairs = np.column_stack([np.arange(n - both, n), np.arange(both)])
    expected = change_of_answers(*results, overlap(*results, pairs), "item")
    counts = tuple(int(answers[wave][rows].sum()) for wave, rows in enumerate(took_part))
    twice = [answers[wave][order[n - both : n]].astype(int) for wave in (0, 1)]
    r = two_waves._correlation(world, counts, *twice)
    limits = two_waves.mover(*(two_waves._way(count, n, N) for count in counts), r)
    assert limits == pytest.approx((expected.ci_low, expected.ci_high), abs=1e-9)


def test_the_usual_interval_is_that_of_textbooks():
    # 1.977 times the root of the squares of 3.43 and 3.86
    first, second = (two_waves._way(count, 142, 355, "process") for count in (112, 99))
    limits = two_waves.mover(first, second, 0.0)
    assert (limits.high - limits.low) / 2 == pytest.approx(
        1.97693 * math.sqrt((112 * 30 + 99 * 43) / 142**2 / 141), abs=1e-5
    )


@pytest.mark.parametrize("both", [0, 20, 57, 100, 142])
def test_the_right_interval_holds_and_the_usual_one_is_too_wide(world, both):
    found = two_waves.replay(world, both)
    assert found.right_holds / REPLAYS > 0.95 - MARGIN
    assert found.usual_holds / REPLAYS > 0.97 - MARGIN
    assert found.apart_finds < found.usual_finds


def test_what_the_lesson_says_of_more_and_less_overlap(world):
    none, chance, everyone = (two_waves.replay(world, both) for both in (0, 57, 142))
    # the correction alone: too narrow, about right, too wide
    assert none.corrected_holds / REPLAYS < 0.95 - MARGIN < chance.corrected_holds / REPLAYS < 0.98
    assert everyone.corrected_holds / REPLAYS > 0.99
    assert none.right_finds <= none.usual_finds < chance.right_finds < everyone.right_finds
    assert everyone.right_finds > 3 * everyone.usual_finds
    assert everyone.usual_finds < chance.usual_finds


def test_where_nothing_changed_the_right_rule_finds_it_seldom():
    still = World(n=142, yes_twice=220, only_first=30, only_second=30, no_twice=75)
    for both in (0, 57, 142):
        assert two_waves.replay(still, both).right_finds / REPLAYS < 0.05 + MARGIN


@pytest.mark.parametrize("both", [0, 142])
def test_the_chart_shows_the_replays_at_both_ends_of_the_slider(lesson, world, both):
    found, shown = two_waves.replay(world, both), change.chart(lesson, world, both)
    assert [bar.part for bar in shown.plot.bars] == list(found)
    assert {bar.whole for bar in shown.plot.bars} == {REPLAYS}
    assert f"er {both} beide keren" in shown.caption
    assert shown.table == change.table(lesson).id and len(shown.alt) < 200


def test_the_slider_begins_at_the_overlap_of_chance_and_the_parameter_moves_it(lesson, five_waves):
    assert "er 57 beide keren" in change.overlap(lesson).caption
    moved = open_lesson(wave=2019, language="nl", start=142, project=five_waves)
    assert "er 142 beide keren" in change.overlap(moved).caption


def test_the_table_has_the_usual_formula_beside_the_right_one(lesson, world):
    shown = change.table(lesson)
    assert [row[0] for row in shown.texts] == ["0", "28", "57", "99", "142"]
    p, q = world.answers.mean(axis=1)
    spread = (p * (1 - p) + q * (1 - q)) / 141
    common = 2 * math.sqrt(p * (1 - p) * q * (1 - q)) / 141
    for row, both in zip(shown.rows, (0, 28, 57, 99, 142), strict=True):
        part, f = both / 142, 142 / 355
        expected = [spread] + [spread * (1 - f) - rho * common * (part - f) for rho in (0, world.alike, 0.9)]
        assert [cell.value for cell in row[1:]] == pytest.approx([1.96 * math.sqrt(one) for one in expected])
    assert shown.texts[-1] == ("142", "± 10,1", "± 7,9", "± 4,9", "± 2,6")


def test_the_note_tells_the_change_of_the_report_and_that_of_the_usual_formula(lesson, found):
    note = change.table(lesson).notes[-1]
    reported = found.joint.change()
    assert f"{reported.ci_low * 100:.0f} tot {reported.ci_high * 100:.0f}".replace("-", "\u2212") in note
    # 9.0 points down, 1.97 x 4.53 points either way
    assert "\u221218 tot 0 procentpunt" in note


def test_answers_worked_out_by_hand():
    # 0.6 x (79 x 21 + 70 x 30)/141 - 2 x 0.6 x 40.73 x 45.83 x (99/142 - 0.4)/141 = 15.995 - 4.721
    asked = change.CHANGE_ERROR.ask("nl", N=355, n=142, both=99, pct1=79, pct2=70, alike=0.6)
    assert asked.answer == pytest.approx(math.sqrt(11.274), abs=0.005)
    # 49 + 25 - 21
    asked = change.OVERLAPPING.ask("nl", pct1=62, margin1=7, pct2=71, margin2=5, r=0.3)
    assert asked.answer == pytest.approx(math.sqrt(53), abs=1e-9)


def test_the_worked_solution_gives_the_answer(lesson):
    asked, _ = change.questions(lesson)
    steps = {name: step(**asked.given) for name, step in asked.exercise.steps.items()}
    given = asked.given
    both = given["both"] / given["n"] ** 2 - 1 / given["N"]
    assert steps["covariance"] == pytest.approx(given["alike"] * steps["spread1"] * steps["spread2"] * both)
    squared = steps["error1"] ** 2 + steps["error2"] ** 2 - 2 * steps["covariance"]
    assert math.sqrt(squared) == pytest.approx(asked.answer)


def test_a_mistake_on_the_scale_of_shares_gets_its_hint(lesson):
    for asked in change.questions(lesson):
        for name, value in asked.mistaken.items():
            assert judge(asked, value / 100) == name
