"""What a wave asked, and whether that can be compared."""

import re

import pytest
import yaml

from wijkpeiling.errors import InstrumentError
from wijkpeiling.instrument.questionnaire import (
    NOT_RECORDED,
    Comparability,
    Item,
    Option,
    Question,
    Questionnaire,
)
from wijkpeiling.instrument.reading import read_questionnaire
from wijkpeiling.published import read_published
from wijkpeiling.records import Text

FILE = "2019/questionnaire.yml"


@pytest.mark.parametrize(
    ("verdict", "is_comparable"), [("same", True), ("minor", True), ("broken", False), ("unknown", False)]
)
def test_only_the_same_question_or_one_with_a_minor_change_is_comparable(verdict, is_comparable):
    assert Comparability(verdict=verdict, reason=Text(nl="x", en="x")).is_comparable is is_comparable


@pytest.mark.parametrize(
    ("concept", "earlier", "verdict"),
    [
        ("has_wijkteam", 2014, "same"),
        ("task_short_term_support", 2017, "same"),
        ("task_signalling", 2017, "minor"),
        ("shortfall_outreach", 2017, "unknown"),
    ],
)
def test_comparability_is_what_the_questionnaire_records(project, concept, earlier, verdict):
    assert read_questionnaire(project, 2019).comparability(concept, earlier).verdict == verdict


@pytest.mark.parametrize(("concept", "earlier"), [("task_signalling", 2015), ("gp_fixed_contact", 2017)])
def test_what_nobody_recorded_is_not_comparable(project, concept, earlier):
    assert read_questionnaire(project, 2019).comparability(concept, earlier) == NOT_RECORDED
    assert not NOT_RECORDED.is_comparable


def test_bases_of_a_concept_that_was_not_asked_are_none(project):
    questionnaire = read_questionnaire(project, 2019)
    assert questionnaire.bases("task_signalling") == ("respondents", "with_team")
    assert questionnaire.bases("gp_fixed_contact") == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("  task_signalling:", "  task_signaling:", "task_signaling: unknown concept task_signaling"),
        ("bases: [respondents, with_team]", "bases: [respondents, teams]", "unknown base teams"),
        ("      2017:", "      2016:", "unknown earlier wave 2016"),
        ("verdict: same", "verdict: equal", "Input should be 'same', 'minor', 'broken' or 'unknown'"),
        ("is_public: false", "is_public: false\nis_short: true", "is_short: Extra inputs"),
        ("is_public: false", "is_public: [", "broken YAML"),
    ],
)
def test_a_questionnaire_that_does_not_fit_is_refused(copy, old, new, what):
    copy.replace(FILE, old, new)
    with pytest.raises(InstrumentError) as refusal:
        read_questionnaire(copy.project, 2019)
    assert what in refusal.value.what
    assert FILE in refusal.value.where


def test_a_missing_questionnaire_is_named(copy):
    (copy.raw / FILE).unlink()
    with pytest.raises(InstrumentError, match=r"questionnaire\.yml is missing"):
        read_questionnaire(copy.project, 2019)


def test_items_without_a_verdict_are_named_all_at_once_when_the_figures_are_read(copy, figure_row):
    for concept in ("task_signalling", "shortfall_outreach"):
        copy.add("2015/published.csv", **figure_row(concept=concept))
    copy.replace("2015/questionnaire.yml", "items:\n", "items:\n  task_signalling:\n    bases: [respondents]\n")
    with pytest.raises(InstrumentError) as refusal:
        read_published(copy.project)
    # 2017 asked signalling; 2019 is told when 2017 is mended
    assert refusal.value.what == ("no verdict on comparability of 1 of the items of 2017: task_signalling with 2015")
    assert "2017/questionnaire.yml" in refusal.value.where
    assert "verdict: same, minor, broken or unknown" in refusal.value.expected


def test_a_wave_whose_items_have_no_verdicts_names_each_with_its_waves(copy):
    text = (copy.raw / FILE).read_text("utf-8")
    bare = re.sub(r"(?m)^    comparability:\n(?:      .*\n)+", "", text)
    (copy.raw / FILE).write_text(bare, "utf-8")
    with pytest.raises(InstrumentError) as refusal:
        read_published(copy.project)
    assert refusal.value.what == (
        "no verdict on comparability of 3 of the items of 2019: has_wijkteam with 2014, 2015, 2017; "
        "model_broad_all_questions with 2015; model_specific_teams with 2015, 2017"
    )


def test_a_response_needs_no_verdict(published):
    assert "response_rate" not in published.measured()
    assert published.measured()["has_wijkteam"] == [2014, 2015, 2017, 2019, 2022]


MINI_FILE = "2027/questionnaire.yml"
TASK = "  task_signalling:\n    bases:\n    - respondents\n    - with_team\n    question: tasks\n"
TEAM = "  has_wijkteam:\n    bases:\n    - respondents\n"
UNKNOWN = "own_question:\n  type: unknown\n"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("type: multiple", "type: ranking", "questions.tasks.type: Input should be"),
        ("type: multiple", "type: unknown", "questions.tasks: type unknown and reason do not go together"),
        (
            "type: multiple",
            "type: multiple\n    reason: {nl: x, en: x}",
            "questions.tasks: type multiple and reason do not go together",
        ),
        ("type: multiple", "type: single", "questions.tasks.options.none: is_exclusive in a choice of one"),
        (
            "      signalling:",
            "      1st-signalling:",
            "questions.tasks.options.1st-signalling.[key]: String should match",
        ),
        ("questions:\n", f"{UNKNOWN}questions:\n", "own_question: type unknown and reason do not go together"),
        (
            "questions:\n",
            "own_question:\n  type: yes_no\n  routing: has_wijkteam\nquestions:\n",
            "own_question: more than a type and options",
        ),
        (
            "questions:\n",
            "questions:\n  model:\n    type: single\n    options:\n      broad: {label: {nl: x, en: x}}\n",
            "questions.model.options: too few",
        ),
        ("question: tasks", "question: chores", "task_signalling: unknown question chores"),
        ("    - signalling\n", "    - signals\n", "task_signalling.counts_as_yes: no answer signals"),
        ("    - signalling\n", "    - dont_know\n", "task_signalling.counts_as_yes: no answer dont_know"),
        ("    counts_as_yes:\n    - signalling\n", "", "task_signalling.counts_as_yes: empty"),
        (TEAM, f"{TEAM}    counts_as_yes: [yes]\n", "has_wijkteam.counts_as_yes: without a question"),
        (TASK, f"{TASK}    routing: has_wijkteam\n", "task_signalling: wording or routing beside question"),
        ("routing: has_wijkteam", "routing: has_a_team", "task_signalling: unknown routing has_a_team"),
        (
            "routing: has_wijkteam",
            "routing: task_case_management",
            "task_signalling: unknown routing task_case_management",
        ),
        (TEAM, f"{TEAM}    routing: has_wijkteam\n", "has_wijkteam: routing has_wijkteam does not come before it"),
        (
            "    - respondents\n    - with_team\n",
            "    - respondents\n",
            "task_signalling: routing has_wijkteam and bases do not go together",
        ),
    ],
)
def test_a_question_that_cannot_be_put_is_refused_with_its_file_and_key(mini, old, new, what):
    mini.replace(MINI_FILE, old, new)
    with pytest.raises(InstrumentError) as refusal:
        read_questionnaire(mini.project, 2027)
    assert refusal.value.what.startswith(what)
    assert refusal.value.expected and MINI_FILE in refusal.value.where


def test_what_routes_stands_before_what_it_routes_to(mini):
    content = yaml.safe_load((mini.raw / MINI_FILE).read_text("utf-8"))
    content["items"]["has_wijkteam"] = content["items"].pop("has_wijkteam")
    (mini.raw / MINI_FILE).write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    with pytest.raises(InstrumentError, match="task_signalling: routing has_wijkteam does not come before it"):
        read_questionnaire(mini.project, 2027)


def test_a_routing_of_a_question_without_items_is_checked_too(mini):
    mini.replace(MINI_FILE, "questions:\n", "questions:\n  other:\n    type: yes_no\n    routing: has_a_team\n")
    with pytest.raises(InstrumentError, match=r"questions\.other: unknown routing has_a_team"):
        read_questionnaire(mini.project, 2027)


def test_an_item_takes_wording_and_routing_from_its_question_or_has_its_own(mini):
    mini.replace(MINI_FILE, TEAM, TEAM + "    wording: {nl: Heeft u een team, en: Do you have a team}\n")
    questionnaire = read_questionnaire(mini.project, 2027)
    assert questionnaire.question("has_wijkteam").wording["nl"] == "Heeft u een team"
    assert questionnaire.question("has_wijkteam").type == "yes_no"
    assert questionnaire.question("task_signalling").type == "multiple"
    assert questionnaire.routing("task_signalling") == "has_wijkteam"
    assert questionnaire.routing("has_wijkteam") is questionnaire.routing("not_asked") is None


def test_the_example_of_the_readme_is_a_questionnaire(copy, root):
    (example,) = re.findall(r"(?s)```yaml\n(.*?)```", (root / "data" / "raw" / "README.md").read_text("utf-8"))
    (copy.raw / FILE).write_text(example, "utf-8")
    questionnaire = read_questionnaire(copy.project, 2019)
    assert questionnaire.routing("task_signalling") == "has_wijkteam"
    assert questionnaire.question("task_signalling").options["dont_know"].is_missing


LIKERT = Question(
    type="single",
    options={
        code: Option(label=Text(nl=code, en=code), is_missing=code == "dont_know")
        for code in ("very", "rather", "no", "dont_know")
    },
)
TICKS = Question(
    type="multiple",
    options={code: Option(label=Text(nl=code, en=code), is_exclusive=code == "none") for code in ("a", "b", "none")},
)


def asked(**items):
    """A questionnaire of items named after their question and the codes that say yes."""
    return Questionnaire(
        is_public=True,
        questions={"satisfied": LIKERT, "tasks": TICKS, "team": Question(type="yes_no", options={"later": later()})},
        items={name: Item(question=question, counts_as_yes=codes) for name, (question, *codes) in items.items()},
    )


def later():
    return Option(label=Text(nl="nog niet", en="not yet"), is_missing=True)


@pytest.mark.parametrize(
    ("question", "codes", "meaning"),
    [
        ("satisfied", ["very", "rather"], {"very": True, "rather": True, "no": False, "dont_know": None}),
        ("satisfied", ["no"], {"very": False, "rather": False, "no": True, "dont_know": None}),
        ("team", [], {"yes": True, "no": False, "later": None}),
        ("team", ["no"], {"yes": False, "no": True, "later": None}),
        ("tasks", ["a"], {}),
    ],
)
def test_an_option_says_yes_no_or_neither_of_a_concept(question, codes, meaning):
    assert asked(x=(question, *codes)).meaning("x") == meaning


@pytest.mark.parametrize(
    ("first", "second", "rule_each_other_out"),
    [
        (("satisfied", "very"), ("satisfied", "no"), True),
        (("satisfied", "very"), ("satisfied", "very", "rather"), False),
        (("tasks", "a"), ("tasks", "b"), False),
        (("tasks", "a"), ("tasks", "none"), True),
        (("tasks", "none"), ("tasks", "none", "b"), False),
        (("team",), ("team", "no"), True),
        (("team",), ("tasks", "none"), False),
    ],
)
def test_two_answers_of_one_choice_or_one_beside_an_exclusive_option_rule_each_other_out(
    first, second, rule_each_other_out
):
    assert asked(x=first, y=second).contradictions() == [("x", "y")] * rule_each_other_out


@pytest.mark.parametrize("wave", [2014, 2015, 2017, 2019, 2022])
def test_of_a_questionnaire_that_was_not_found_no_type_option_or_routing_is_told(project, wave):
    questionnaire = read_questionnaire(project, wave)
    questions = [questionnaire.question(concept) for concept in questionnaire.items]
    assert {question.type for question in questions} == {"unknown"} and all(question.reason for question in questions)
    assert [question for question in questions if question.options or question.routing] == []
