"""Item responses as they come in: options of a question, contradictions, and routing along a chain."""

import pandas as pd
import pytest

from wijkpeiling.errors import IntakeError
from wijkpeiling.instrument import Item, Option, Question, Questionnaire
from wijkpeiling.project import Text
from wijkpeiling.published import read_published
from wijkpeiling.sources.intake import check_contradictions, check_routing, read_answers

QUESTIONNAIRE, RESPONSES = "2027/questionnaire.yml", "2027/responses/responses.csv"
DONT_KNOW = "{label: {nl: weet niet, en: do not know}, is_missing: true}"
CHOICE = {
    "yes_no": (f"type: yes_no\n    options: {{dont_know: {DONT_KNOW}}}", "yes", "no"),
    "single": (
        "type: single\n    options: {always: {label: {nl: altijd, en: always}}, "
        f"never: {{label: {{nl: nooit, en: never}}}}, dont_know: {DONT_KNOW}}}",
        "always",
        "never",
    ),
}


@pytest.fixture(params=CHOICE)
def codes(mini, request):
    """Codes for yes and no of ``task_signalling``, which becomes a question of one choice."""
    question, yes, no = CHOICE[request.param]
    mini.replace(QUESTIONNAIRE, "questions:\n", f"questions:\n  choice:\n    routing: has_wijkteam\n    {question}\n")
    mini.replace(
        QUESTIONNAIRE,
        "question: tasks\n    counts_as_yes:\n    - signalling",
        f"question: choice\n    counts_as_yes: [{yes}]",
    )
    return {"True": yes, "False": no}


def wave(mini):
    return read_answers(read_published(mini.project)).wave(2027)


def test_an_option_that_says_yes_or_no_is_taken_in_as_that(mini, codes):
    before = wave(mini)
    place = list(mini.rows(RESPONSES)[0]).index("task_signalling")
    for number, row in enumerate(mini.rows(RESPONSES)[1:], start=2):
        mini.put(RESPONSES, number, task_signalling=codes.get(row[place], row[place]))
    assert codes["True"] in {row[place] for row in mini.rows(RESPONSES)}
    pd.testing.assert_frame_equal(wave(mini), before)


@pytest.mark.parametrize("written", ["", "task_signalling=not_answered"])
def test_an_option_that_says_neither_is_an_item_not_answered(mini, codes, written):
    row = mini.row_of(RESPONSES, has_wijkteam="True", task_signalling="True", missing_reason="")
    mini.put(RESPONSES, row, task_signalling="dont_know", missing_reason=written)
    taken_in = wave(mini).iloc[row - 2]
    assert pd.isna(taken_in["task_signalling"]) and taken_in["missing_reason"] == "task_signalling=not_answered"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"task_signalling": "perhaps"}, r"'perhaps' is not allowed\n.*row {row}, column task_signalling\n.*dont_know"),
        (
            {"task_signalling": "dont_know", "missing_reason": "task_signalling=not_shown"},
            r"task_signalling has an answer, and the reason not_shown\n.*row {row}, column missing_reason",
        ),
    ],
)
def test_an_option_that_is_not_offered_or_was_not_shown_is_refused_with_its_place(mini, codes, cells, says):
    row = mini.row_of(RESPONSES, has_wijkteam="True", task_signalling="True", missing_reason="")
    mini.put(RESPONSES, row, **cells)
    with pytest.raises(IntakeError, match=says.replace("{row}", str(row))):
        wave(mini)


def test_two_answers_of_one_choice_are_refused_with_their_rows():
    options = {code: Option(label=Text(nl=code, en=code)) for code in ("broad", "specific")}
    questionnaire = Questionnaire(
        is_public=True,
        questions={"model": Question(type="single", options=options)},
        items={code: Item(question="model", counts_as_yes=(code,)) for code in options},
    )
    table = pd.DataFrame({"broad": [True, True, None], "specific": [False, None, True]}, dtype="boolean")
    check_contradictions(table, questionnaire, "here")
    with pytest.raises(IntakeError, match=r"broad and specific are both true, .* model .*\n.*here, row 3, 4"):
        check_contradictions(table.fillna(True), questionnaire, "here")


def chain(third):
    """Three items, each routed by the one before; row by row the answers to the third."""
    table = pd.DataFrame({"first": [True, True, False], "second": [True, False, None]}).astype("boolean")
    table["third"] = pd.array([True, None, None], dtype="boolean")
    reasons = ["", "third=not_shown", "second=not_shown; third=not_shown"]
    for row, reason in third.items():
        reasons[row] = reason
    return table.assign(missing_reason=pd.array(reasons, dtype="string")).replace({"missing_reason": {"": pd.NA}})


@pytest.mark.parametrize(
    ("third", "says"),
    [
        ({}, None),
        ({0: "third=not_shown"}, r"third was not shown.*\n.*row 2"),
        ({1: "third=not_answered"}, r"third was shown.*\n.*row 3\n.*where second is true"),
        ({2: "second=not_shown; third=not_answered"}, r"third was shown.*\n.*row 4"),
        ({2: "second=not_answered; third=not_shown"}, r"second was shown.*\n.*row 4\n.*where first is true"),
    ],
)
def test_routing_holds_along_a_chain(third, says):
    table, routed_by = chain(third), {"second": "first", "third": "second"}
    if says is None:
        check_routing(table, routed_by, "here")
        return
    with pytest.raises(IntakeError, match=says):
        check_routing(table, routed_by, "here")


def test_a_row_that_breaks_the_routing_is_told_with_how_many_others():
    table = pd.concat([chain({1: "third=not_answered"})] * 5, ignore_index=True)
    with pytest.raises(IntakeError, match=r"row 3, 6, 9 and 2 more"):
        check_routing(table, {"second": "first", "third": "second"}, "here")
