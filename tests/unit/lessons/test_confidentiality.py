"""Lesson 6: what the rule withholds, what goes besides, and what a reader works out of the rest."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import RunError
from wijkpeiling.estimation.disclosure import is_small
from wijkpeiling.lessons import confidentiality
from wijkpeiling.lessons.confidentiality import SUBTRACTED, WITHHELD, withhold
from wijkpeiling.lessons.opening import open_lesson


@pytest.fixture(scope="module")
def lesson(five_waves):
    return open_lesson(wave=2019, language="nl", project=five_waves)


def cells(*of):
    return pd.DataFrame(of, columns=["count", "n"]).assign(weight=1.0)


# yes and answers of each class, the threshold, the places that the rule withholds, and those that go besides
RULES = {
    "nothing is small": (cells((10, 40), (20, 50), (30, 60)), 5, [], []),
    "one small count takes the next smallest along": (cells((2, 40), (20, 50), (11, 60)), 5, [0], [2]),
    "a small number of no as well": (cells((38, 40), (20, 50), (49, 60)), 5, [0], [2]),
    "two small counts hide each other": (cells((2, 40), (3, 50), (11, 60)), 5, [0, 1], []),
    "but not where the sum leaves one way": (cells((20, 20), (15, 15), (30, 60)), 5, [0, 1], [2]),
    "a count of the threshold itself is shown": (cells((5, 40), (20, 50)), 5, [], []),
    "and one below it is not": (cells((4, 40), (20, 50)), 5, [0], [1]),
    "all of fewer than thirty, whatever the threshold": (cells((29, 29), (20, 50), (30, 60)), 1, [0], [1]),
    "all of thirty are shown": (cells((30, 30), (20, 50)), 1, [], []),
    "everything is withheld and nothing is left to add": (cells((12, 12), (9, 9)), 5, [0, 1], []),
}


@pytest.mark.parametrize("name", RULES)
def test_the_rule_and_what_goes_besides(name):
    given, smallest, by_rule, besides = RULES[name]
    found = withhold(given, smallest)
    assert (found.by_rule.nonzero()[0].tolist(), found.besides.nonzero()[0].tolist()) == (by_rule, besides)
    assert found.by_rule.tolist() == is_small(given, smallest).tolist()


def test_the_cells_are_those_of_the_wave(lesson):
    found = confidentiality.classes(lesson)
    answers = lesson.source.responses.groupby("size_class", observed=True)["has_wijkteam"].agg(["count", "sum"])
    assert found[["n", "count"]].to_numpy().tolist() == answers.to_numpy().tolist()
    frame = lesson.source.answers.frame(2019).groupby("size_class", observed=True).size()
    assert found["weight"].to_numpy() == pytest.approx(frame.to_numpy() / answers["count"].to_numpy())


# what a reader works out of each class after the rule and in the end; 176 of 212 have a team
SLIDER = {
    # 176 - 30 - 93 - 30 = 23; 53 of 34 and 23 is 30 to 34, and 19 to 23
    1: (["30", "93", "30", "23"], ["30", "93", "30–34", "19–23"], (1, 1)),
    # 4 of 34 have none
    4: (["30", "93", "30", "23"], ["30", "93", "30–34", "19–23"], (1, 1)),
    5: (["30", "93", "30–34", "19–23"], ["30", "93", "30–34", "19–23"], (2, 0)),
    # 14 of 44 have none: 83 of 44, 34 and 23
    15: (["26–44", "93", "16–34", "5–23"], ["26–44", "93", "16–34", "5–23"], (3, 0)),
    20: (["8–44", "75–111", "0–34", "0–23"], ["8–44", "75–111", "0–34", "0–23"], (4, 0)),
}


@pytest.mark.parametrize("smallest", SLIDER)
def test_the_table_shows_what_goes_and_what_can_still_be_worked_out(lesson, smallest):
    after_rule, in_the_end, (by_rule, besides) = SLIDER[smallest]
    table = confidentiality.table(lesson, smallest)
    *rows, total = table.texts
    assert [row[4] for row in rows] == after_rule and [row[5] for row in rows] == in_the_end
    assert [row[1] for row in rows] == ["30 van 44", "93 van 111", "30 van 34", "23 van 23"]
    assert total[1] == "176 van 212" and total[4:] == ("176", "176")
    fates = [row[3] for row in rows]
    assert (fates.count("weg door de regel"), fates.count("ook weg, vanwege het totaal")) == (by_rule, besides)
    assert f"regel: {by_rule}, en nog vanwege het totaal: {besides} " in table.caption


def test_a_class_that_agrees_names_an_invented_municipality_that_answered(lesson):
    told = confidentiality.table(lesson, 1).notes[1]
    frame = lesson.source.answers.frame(2019)
    (named,) = [name for name in frame["name"] if f"dat {name} (" in told]
    row = frame[frame["name"] == named].iloc[0]
    assert row["size_class"] == ">=100k" and row["gemeentecode"] in set(lesson.source.responses["gemeentecode"])
    assert row["gemeentecode"].startswith("SY")


def test_a_class_that_agrees_no_more_names_nobody(five_waves):
    # 20 of 22 in 2017
    earlier = open_lesson(wave=2017, language="nl", project=five_waves)
    assert len(confidentiality.table(earlier, 5).notes) == 1


def test_the_steps_lead_from_everything_to_what_the_report_tells(lesson):
    every, small, weighted, report = [row[1:] for row in confidentiality.steps(lesson).texts]
    assert every == ("30", "93", "30", "23")
    assert small == ("30", "93", "30–34", "19–23")
    # with a second equation both are found
    assert weighted == every
    assert all("–" in cell for cell in report)
    # 176 weighted is 81 percent: each end is within half a percent of it, beside the least or the most of all others
    weights = confidentiality.classes(lesson)
    most = (weights["weight"] * weights["n"]).to_numpy()
    share = (weights["weight"] * weights["count"]).sum() / most.sum()
    printed = np.floor(share * 100 + 0.5) / 100
    for place, cell in enumerate(report):
        fewest = int(cell.split("–")[0])
        others = most.sum() - most[place]
        reached = (others + weights["weight"][place] * np.array([fewest, fewest - 1])) / most.sum()
        assert reached[0] >= printed - 0.005 - 1e-9
        assert fewest == 0 or reached[1] < printed - 0.005


def test_the_slider_begins_where_only_the_class_that_agrees_goes_and_the_parameter_moves_it(lesson, five_waves):
    assert "staan: 1." in confidentiality.threshold(lesson).caption
    moved = open_lesson(wave=2019, language="nl", start=15, project=five_waves)
    assert "staan: 15." in confidentiality.threshold(moved).caption


def test_a_wave_that_did_not_ask_for_a_team_is_refused(lesson):
    with pytest.raises(RunError, match="a wave that asked whether there is a team"):
        confidentiality.classes(lesson, "no_such_concept")


def test_answers_worked_out_by_hand(lesson):
    subtracted, withheld = confidentiality.questions(lesson)
    # 2 of 30, 11 of 92, 2 of 30 and 4 of 22 name the task: 19 of 174
    assert (subtracted.exercise, subtracted.answer) == (SUBTRACTED, 19 - 2 - 11 - 2)
    assert subtracted.mistaken == {
        "complement": 18,
        "same_share": 2,
        "one_forgotten": 6,
        "largest_forgotten": 15,
        "from_answers": 159,
    }
    # below 3: two cells of the first item; all 23 of the second, and one more as that follows from the total
    assert (withheld.exercise, withheld.answer) == (WITHHELD, 2 + 2)
    assert withheld.mistaken == {"only_rule": 3, "all_alike_forgotten": 2, "one_more_each": 5, "everything": 8}
