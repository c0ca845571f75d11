"""Item responses as they come in: options of a question, contradictions, and routing along a chain."""

import pandas as pd
import pytest

from wijkpeiling.errors import IntakeError
from wijkpeiling.instrument.questionnaire import Item, Option, Question, Questionnaire
from wijkpeiling.project import open_edition
from wijkpeiling.published import read_published
from wijkpeiling.records import Text
from wijkpeiling.sources.edition import read_sources
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


def reasons_become(mini, broken_off):
    """Every item that was not answered, of one municipality or of all, becomes one before which it broke off."""
    place, found = mini.rows(RESPONSES)[0].index("missing_reason"), 0
    for number, row in enumerate(mini.rows(RESPONSES)[1:], start=2):
        if "not_answered" in row[place]:
            mini.put(RESPONSES, number, missing_reason=row[place].replace("not_answered", broken_off))
            found += 1
    assert found > 3


def test_whoever_broke_off_before_an_item_counts_as_one_that_did_not_answer_it(mini):
    def estimates():
        wave = read_sources(open_edition(wave=2027, language="en", start=mini.root)).of(2027)
        return pd.concat([wave.estimates(list(mini.project.concepts), by) for by in (None, "size_class")])

    before = estimates()
    assert before["worst_low"].notna().any()
    reasons_become(mini, "broken_off")
    assert set(wave(mini)["missing_reason"].dropna().str.extract("=([a-z_]+)$")[0]) == {"not_shown", "broken_off"}
    pd.testing.assert_frame_equal(estimates(), before)


def test_whoever_broke_off_before_the_item_that_routes_was_not_shown_the_ones_after_it():
    table, routed_by = chain({1: "second=broken_off; third=not_shown"}), {"second": "first", "third": "second"}
    table.loc[1, "second"] = pd.NA
    check_routing(table, routed_by, "here")
    shown = table.assign(missing_reason=table["missing_reason"].str.replace("third=not_shown", "third=broken_off"))
    with pytest.raises(IntakeError, match=r"third was shown.*\n.*row 3, 4"):
        check_routing(shown, routed_by, "here")


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


def route_by_signalling(mini):
    """Case management becomes a question of its own, asked of the teams that signal."""
    mini.replace("concepts.yml", "bases:\n", "bases:\n  with_signalling: {nl: x, en: x, defined_by: task_signalling}\n")
    mini.replace(
        QUESTIONNAIRE,
        "question: tasks\n    counts_as_yes:\n    - case_management",
        "routing: task_signalling",
    )
    mini.replace(
        QUESTIONNAIRE,
        "  task_case_management:\n    bases:\n    - respondents\n    - with_team\n",
        "  task_case_management:\n    bases: [with_signalling]\n",
    )


def test_the_base_of_an_item_is_the_concept_that_routes_to_it_also_along_a_chain(mini):
    route_by_signalling(mini)
    with pytest.raises(IntakeError, match=r"task_case_management was shown, against the routing"):
        wave(mini)
    heading, *rows = mini.rows(RESPONSES)
    signals, reason = heading.index("task_signalling"), heading.index("missing_reason")
    for number, row in enumerate(rows, start=2):
        if row[signals] != "True":
            others = [part for part in row[reason].split("; ") if part and "case_management" not in part]
            reasons = "; ".join([*others, "task_case_management=not_shown"])
            mini.put(RESPONSES, number, task_case_management="", missing_reason=reasons)
    sources = read_sources(open_edition(wave=2027, language="en", start=mini.root))
    bases = dict(sources.of(2027).by_base(["has_wijkteam", "task_signalling", "task_case_management"]))
    assert bases == {
        "respondents": ["has_wijkteam"],
        "with_team": ["task_signalling"],
        "with_signalling": ["task_case_management"],
    }
    (row,) = sources.of(2027).estimates(["task_case_management"]).to_dict("records")
    asked = sum(row[signals] == "True" for row in rows)
    assert row["base"] == "with_signalling" and 0 < row["n"] <= asked
