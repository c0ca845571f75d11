"""Lesson 2: the counts behind a rounded percentage, and a sentence audited."""

import pytest

from wijkpeiling.figures import feasible_counts
from wijkpeiling.lessons import rounding
from wijkpeiling.lessons.opening import open_lesson


@pytest.fixture(scope="module", params=["nl", "en"])
def lesson(request, five_waves):
    return open_lesson(wave=2019, language=request.param, project=five_waves)


@pytest.fixture(scope="module")
def dutch(five_waves):
    return open_lesson(wave=2019, language="nl", project=five_waves)


@pytest.mark.parametrize("n", [10, 31, 85, 100, 173, 212, 355])
def test_the_table_shows_each_count_that_fits_and_those_beside_it(dutch, n):
    pct = rounding.percentage(dutch)
    rows = rounding.table(dutch, n).texts
    fitting = [int(count) for count, _, _, fits in rows if fits == "ja"]
    assert fitting == feasible_counts(pct, n)
    assert [rows[0][3], rows[-1][3]] == ["nee", "nee"]
    assert all(rounded == f"{pct}%" for _, _, rounded, fits in rows if fits == "ja")


def test_the_slider_begins_at_all_who_answered(dutch, five_waves):
    assert "Van 212 " in rounding.base(dutch).caption
    moved = open_lesson(wave=2019, language="nl", start=31, project=five_waves)
    assert rounding.base(moved).caption.startswith("Geen enkel aantal van 31 ")


SENTENCES = [
    ("Van de 212 gemeenten zegt 59 procent ja.", "feasible", "125"),
    ("Of the 212 participating municipalities 59% say yes.", "feasible", "125"),
    ("59 per cent of the 212 municipalities", "feasible", "126"),
    ("125 van de 212 gemeenten, 59 procent, zegt ja.", "reproduced", None),
    ("120 of the 212 municipalities (59 percent) say yes.", "infeasible", "120"),
    ("Van de 31 gemeenten zegt 59 procent ja.", "infeasible", None),
    ("Ongeveer 59 procent van de 212 gemeenten zegt ja.", "not_checkable", None),
    ("Nearly 60% of all 355 municipalities", "not_checkable", None),
    ("Zo’n 60 procent van de 31 gemeenten zegt ja.", "not_checkable", None),
    ("Meer dan 59 procent van de 31 gemeenten zegt ja.", "not_checkable", None),
    ("Approximately 59 percent of the 31 municipalities", "not_checkable", None),
    ("At least 59% of the 31 municipalities", "not_checkable", None),
    ("59 procent zegt ja.", "not_checkable", None),
    ("Van de 0 gemeenten zegt 59 procent ja.", "not_checkable", None),
]


@pytest.mark.parametrize(("sentence", "verdict", "named"), SENTENCES, ids=[one[0] for one in SENTENCES])
def test_a_sentence_gets_the_verdict_of_the_audit(lesson, sentence, verdict, named):
    told = rounding.verdict(lesson, sentence).text
    word = rounding.speak.say(lesson.language, f"verdict_{verdict}")
    assert f": {word}. " in told and sentence in told
    assert named is None or named in told.replace(sentence, "")


@pytest.mark.parametrize(
    ("sentence", "obstacle"),
    [
        (59, "no_text"),
        ("Veel gemeenten zeggen ja.", "no_percentage"),
        ("59 procent zegt ja en 30 procent nee.", "several"),
        ("Van de 212 gemeenten zegt 58,9 procent ja.", "decimals"),
        ("Het aantal steeg met 140 procent.", "above_hundred"),
        ("Van de 355 gemeenten antwoordden er 212; 59 procent daarvan zegt ja.", "bases"),
        ("Van de 355 gemeenten deden er 31 mee; van de 31 gemeenten zegt 59 procent ja.", "bases"),
        ("Of the 355 municipalities 31 answered; 59% of these say yes.", "bases"),
        ("Van de 212 gemeenten zegt 59 procent ja. " * 8, "too_long"),
    ],
)
def test_a_sentence_that_cannot_be_read_says_what_it_needs(lesson, sentence, obstacle):
    assert rounding.verdict(lesson, sentence).text == lesson.say(f"lesson_rounding_{obstacle}")


def test_without_a_sentence_an_invented_one_is_audited(lesson):
    told = rounding.verdict(lesson).text
    assert "212" in told and ("verzonnen" in told or "invented" in told)


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Van de 212 gemeenten zegt 59 procent ja.", {"nl": "59 procent van de 212", "en": "59 percent of the 212"}),
        ("Van de 31 gemeenten zegt 59 procent ja.", {"nl": "59 procent van de 31", "en": "59 percent of the 31"}),
        ("59 procent zegt ja.", {"nl": "Oordeel: ", "en": "Verdict: "}),
    ],
)
def test_a_verdict_names_what_it_is_of(lesson, sentence, named):
    assert named[lesson.language] in rounding.verdict(lesson, sentence).text.replace(sentence, "")


def test_answers_worked_out_by_hand():
    # 59.5 percent of 355 is 211.2
    assert rounding.LARGEST.ask("nl", n=355, pct=59).answer == 211
    # 59 x 173 / 212
    assert rounding.OTHER_BASE.ask("nl", N=355, n=212, team=173, pct=59).answer == pytest.approx(48.15, abs=0.005)
