"""What the audit of a questionnaire says: one fault at a time, in the questionnaire that a new wave begins with."""

import shutil

import pytest
import yaml

from wijkpeiling.fieldwork.new import new_wave
from wijkpeiling.instrument.audit import audit
from wijkpeiling.instrument.reading import read_questionnaire
from wijkpeiling.project import Project

NOT_JUDGED = "not judged against 2014, 2015, 2017, 2019, 2022, so not compared"
NONE = "none: {label: {nl: geen van deze, en: none of these}, is_exclusive: true}"


@pytest.fixture(scope="module")
def made(tmp_path_factory, five_waves):
    """Two waves that are begun one after the other."""
    root = tmp_path_factory.mktemp("made")
    shutil.copytree(five_waves / "data", root / "data")
    return [new_wave(Project(root), year) for year in (2027, 2029)]


@pytest.fixture
def begun(copy, made):
    """A copy of the five waves with both."""
    for folder in made:
        shutil.copytree(folder, copy.raw / folder.name)
    return copy


def rewrite(copy, wave, change):
    """Change a questionnaire as a dictionary, and audit it."""
    path = copy.raw / str(wave) / "questionnaire.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.dump(content, Dumper=Plain, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return audit(read_questionnaire(copy.project, wave), copy.project)


class Plain(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


@pytest.fixture
def changed(begun):
    """What the audit says after a change, without the notes."""

    def audited(change):
        found = rewrite(begun, 2027, change)
        assert all(problem.todo for problem in found)
        return [problem[:3] for problem in found if problem.severity != "note"]

    return audited


def test_what_new_writes_has_nothing_to_mend_but_verdicts_to_give(begun):
    found = audit(read_questionnaire(begun.project, 2027), begun.project)
    assert {problem.severity for problem in found} == {"note"}
    assert found[0][:3] == ("note", "has_wijkteam.comparability", NOT_JUDGED)
    assert len(found) == 11


def test_a_questionnaire_that_is_not_known_cannot_be_fielded(project):
    (problem,) = audit(read_questionnaire(project, 2019), project)
    assert (problem.severity, problem.key) == ("error", "is_public")


def put(*keys, **values):
    """Change the piece under these keys."""

    def change(content):
        for key in keys:
            content = content[key]
        for key, value in values.items():
            if value is None:
                del content[key]
            else:
                content[key] = value

    return change


def renamed(question, name):
    def change(content):
        content["questions"] = {name if key == question else key: one for key, one in content["questions"].items()}
        for item in content["items"].values():
            if item["question"] == question:
                item["question"] = name

    return change


def recoded(question, code, new):
    def change(content):
        options = content["questions"][question]["options"]
        content["questions"][question]["options"] = {new if key == code else key: one for key, one in options.items()}
        for item in content["items"].values():
            if item["question"] == question:
                item["counts_as_yes"] = [new if key == code else key for key in item.get("counts_as_yes", [])]

    return change


TEXT = {"type": "text", "wording": {"nl": "x", "en": "y"}}
LABEL = {"nl": "iets", "en": "something"}

FAULTS = {
    "an empty translation": (
        put("questions", "tasks", "wording", en=" "),
        [("error", "questions.tasks.wording.en", "empty")],
    ),
    "a label that is not translated": (
        put("questions", "tasks", "options", "signalling", label={"nl": "Signaleren", "en": "signaleren "}),
        [("warning", "questions.tasks.options.signalling.label", "the same in nl and en: Signaleren")],
    ),
    "no title": (put(title=None), [("warning", "title", "no title")]),
    "no wording": (
        put("questions", "tasks", wording=None),
        [("error", "questions.tasks", "a question without a wording")],
    ),
    "one wording twice": (
        put("questions", "remarks", wording={"nl": "werkt uw gemeente met een of meer  wijkteams?", "en": "Other?"}),
        [("warning", "questions.remarks.wording.nl", "worded as questions.wijkteam")],
    ),
    "a type that is not known": (
        put("questions", remarks={"type": "unknown", "reason": LABEL, "wording": LABEL}),
        [
            ("error", "questions.remarks", "of an unknown type, so it cannot be put"),
            ("warning", "questions.remarks", "no item is an answer to it"),
        ],
    ),
    "nothing to choose": (
        lambda content: (
            put("questions", "collective", "options", never=None, some=None, most=None)(content),
            put("items", "prevention_collective", counts_as_yes=["often"])(content),
        ),
        [
            ("error", "questions.collective.options", "nothing to choose"),
            ("warning", "prevention_collective", "every answer says yes to it"),
        ],
    ),
    "none of these is not offered": (
        put("questions", "tasks", "options", none=None),
        [
            (
                "warning",
                "questions.tasks.options",
                "whoever ticks nothing may mean none of these, or have passed the question over",
            )
        ],
    ),
    "do not know beside an answer": (
        put("questions", "tasks", "options", "dontknow", is_exclusive=None),
        [
            (
                "warning",
                "questions.tasks.options.dontknow",
                "can be ticked beside an answer, though it says that there is none",
            )
        ],
    ),
    "one label twice": (
        put("questions", "place", "options", "place", label={"nl": "geen  van deze", "en": "a place"}),
        [("error", "questions.place.options.none.label.nl", "the label of place too: geen van deze")],
    ),
    "a semicolon in a label": (
        put("questions", "place", "options", "place", label={"nl": "plek; loket", "en": "place"}),
        [("warning", "questions.place.options.place.label.nl", "a semicolon in a label")],
    ),
    "names that differ in case and underscores": (
        renamed("monitoring", "Pl_ace"),
        [("error", "questions.Pl_ace", "called Place by survey tools, as questions.place is")],
    ),
    "a long name": (
        renamed("place", "placeintheneighbourhood"),
        [
            (
                "error",
                "questions.placeintheneighbourhood",
                "called placeintheneighbourhood: 23 characters, of at most 20",
            ),
        ],
    ),
    "a name that tools keep to themselves": (
        renamed("place", "seed"),
        [("error", "questions.seed", "called seed, which survey tools use for something else")],
    ),
    "the name of the column of the municipality": (
        renamed("place", "gemeente"),
        [("error", "questions.gemeente", "called gemeente, which survey tools use for something else")],
    ),
    "a long slug that is a question by itself": (
        put("items", prevention_initiatives_known={"bases": ["respondents"], "wording": LABEL}),
        [
            (
                "error",
                "prevention_initiatives_known",
                "called preventioninitiativesknown: 26 characters, of at most 20",
            ),
            ("warning", "questions.conditions.options.initiatives", "no item counts it"),
        ],
    ),
    "a code that LimeSurvey drops": (
        recoded("collective", "never", "nooit1"),
        [
            (
                "error",
                "questions.collective.options.nooit1",
                "6 characters, of at most 5 in a question of type single",
            )
        ],
    ),
    "a code with an underscore in a choice of one": (
        recoded("collective", "some", "so_m"),
        [("error", "questions.collective.options.so_m", "becomes som or is dropped, in some survey tools")],
    ),
    "a code with an underscore among what is ticked": (
        recoded("place", "walkin", "walk_in"),
        [("warning", "questions.place.options.walk_in", "becomes walkin in some survey tools")],
    ),
    "codes that differ in case": (
        recoded("place", "walkin", "Place"),
        [("error", "questions.place.options.Place", "the code of place too, for survey tools")],
    ),
    "a code that tools keep to themselves": (
        recoded("conditions", "hours", "time"),
        [("error", "questions.conditions.options.time", "a word that survey tools use for something else")],
    ),
    "the longest code that may be": (
        recoded("conditions", "communityworker", "samenlevingsopbouwer"),
        [],
    ),
    "a column too long for Stata": (
        lambda content: (
            renamed("conditions", "conditionsofteam")(content),
            recoded("conditionsofteam", "communityworker", "samenlevingsopbouwer")(content),
        ),
        [
            (
                "warning",
                "questions.conditionsofteam.options.samenlevingsopbouwer",
                "with its question 37 characters, of at most 32 in Stata",
            )
        ],
    ),
    "what follows from who took part": (put("items", response_rate={"bases": []}), []),
    "an option that no item counts": (
        put("questions", "place", "options", window={"label": LABEL}),
        [("warning", "questions.place.options.window", "no item counts it")],
    ),
    "a question that no item answers to": (
        put("questions", more={"type": "yes_no", "wording": LABEL}),
        [("warning", "questions.more", "no item is an answer to it")],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_place(changed, fault):
    change, expected = FAULTS[fault]
    assert changed(change) == expected


def test_items_that_nobody_reaches_are_named(changed):
    found = changed(put("questions", "wijkteam", type="text", options=None))
    assert found[0] == ("error", "has_wijkteam", "no answer to its question of type text says yes to it")
    unreached = [key for _, key, what in found if what.startswith("nobody reaches it")]
    assert unreached[0] == "task_needs_clarification"
    assert len(unreached) == 29


def test_an_open_question_that_nobody_reaches_is_named(changed):
    def change(content):
        put("questions", "wijkteam", type="text", options=None)(content)
        put("questions", "remarks", routing="has_wijkteam")(content)

    assert "questions.remarks" in [key for _, key, what in changed(change) if what.startswith("nobody reaches it")]


CHANGES = {
    "nothing": (lambda content: None, None),
    "spaces and capitals": (
        put("questions", "tasks", "wording", nl="WELKE van deze taken heeft het wijkteam?  Kruis alles aan wat klopt."),
        None,
    ),
    "a code": (recoded("tasks", "shortterm", "short"), None),
    "the wording": (put("questions", "tasks", "wording", nl="Welke taken?"), "wording"),
    "an option": (
        lambda content: (
            put("questions", "tasks", "options", casemanagement=None)(content),
            put("items", task_case_management=None)(content),
        ),
        "set of answers",
    ),
    "both": (
        lambda content: (
            put("questions", "tasks", "wording", en="Which?")(content),
            put("questions", "tasks", "options", "signalling", label=LABEL)(content),
        ),
        "wording and set of answers",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_question_cannot_be_called_the_same(begun, name):
    change, told = CHANGES[name]
    found = [problem[1:3] for problem in rewrite(begun, 2029, change) if problem.severity == "error"]
    tasks = [slug for slug in read_questionnaire(begun.project, 2029).items if slug.startswith("task_")]
    what = f"called the same as in 2027, with another {told}"
    assert found == ([(f"{slug}.comparability.2027", what) for slug in tasks] if told else [])


def test_a_changed_question_that_was_judged_may_be_compared(begun):
    def change(content):
        put("questions", "wijkteam", "wording", nl="Heeft uw gemeente wijkteams?")(content)
        put("items", "has_wijkteam", "comparability", 2027, verdict="minor")(content)

    assert [problem for problem in rewrite(begun, 2029, change) if problem.severity != "note"] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_verdict_without_a_reason_of_its_own_is_named(changed, language):
    def change(content):
        for year in (2017, 2019):
            verdict = content["items"]["has_wijkteam"]["comparability"][year]
            verdict["verdict"] = "minor"
            verdict["reason"][language] = f"x {year}"
        content["items"]["has_wijkteam"]["comparability"][2017]["reason"] = {"nl": "ja", "en": "yes"}

    what = "judged against 2019, with a reason that still says it was not"
    assert changed(change) == [("warning", "has_wijkteam.comparability", what)]


def test_errors_come_first(changed):
    def change(content):
        put(title=None)(content)
        put("questions", "place", "wording", en="")(content)

    assert [severity for severity, *_ in changed(change)] == ["error", "warning"]
