"""What is put to a municipality, and what cannot be."""

import pytest

from wijkpeiling.errors import InstrumentError, PopulationError
from wijkpeiling.fieldwork.form import Condition, form_of
from wijkpeiling.instrument.reading import read_questionnaire

FILE = "2027/questionnaire.yml"


def form(project, wave=2027):
    return form_of(read_questionnaire(project, wave), wave, project)


def test_the_municipality_comes_first_and_then_every_question_in_its_order(rich):
    names = [posed.name for posed in form(rich.project).questions]
    assert names == ["gemeente", "haswijkteam", "collectivework", "tasks", "partners", "remarks"]


def test_what_follows_from_who_took_part_is_not_asked(rich):
    rich.replace(
        "2027/concepts.yml", "gp_signals: {kind: prevention,", "gp_signals: {kind: prevention, is_answer: false,"
    )
    assert "partners" not in [posed.name for posed in form(rich.project).questions]
    rich.replace(FILE, 'wording: {nl: "Wie signaleert er mee?", en: "Who else signals?"}', "")
    assert len(form(rich.project).questions) == 5


def test_municipalities_are_chosen_from_the_frame_by_their_digits(rich):
    first = form(rich.project).questions[0]
    assert {code: option.label.nl for code, option in first.options.items()} == {
        "0003": "Één, aan zee",
        "9000": "Mompeldam",
    }
    assert (first.type, first.is_required, list(first.options)) == ("dropdown", True, ["0003", "9000"])


def test_without_a_frame_the_municipality_is_written(rich):
    (rich.raw / "population" / "frame_2027.csv").unlink()
    first = form(rich.project).questions[0]
    assert (first.type, first.options, first.is_required) == ("text", {}, True)


def test_a_frame_that_is_broken_is_told(rich):
    rich.replace("population/frame_2027.csv", "GM0003", "3")
    with pytest.raises(PopulationError, match="GM"):
        form(rich.project)


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("haswijkteam", None),
        ("collectivework", Condition("haswijkteam", False, ("yes",))),
        ("tasks", Condition("collectivework", False, ("often", "some"))),
        ("partners", Condition("tasks", True, ("signal", "caseManagement"))),
        ("remarks", None),
    ],
)
def test_routing_is_a_condition_on_the_answers_that_count_as_yes(rich, name, condition):
    assert {posed.name: posed.condition for posed in form(rich.project).questions}[name] == condition


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Alleen als u bij vraag 3 koos voor ‘vaak’ of ‘soms’."),
        ("en", "Only if you chose ‘often’ or ‘sometimes’ at question 3."),
    ],
)
def test_routing_is_told_in_words(rich, language, text):
    whole = form(rich.project)
    assert whole.who(whole.questions[3].condition, language) == text


def test_a_questionnaire_without_a_title_gets_one(rich):
    rich.replace(FILE, 'title: {nl: "Peiling wijkteams & wijken", en: "Survey of teams & neighbourhoods"}', "")
    assert form(rich.project).title.nl == "Peiling sociale wijkteams 2027"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            'wording: {nl: "Heeft uw gemeente een wijkteam?", en: "Does your municipality have a team?"}\n    bases',
            "bases",
            "items.has_wijkteam.wording: no words in nl",
        ),
        ('en: "Who else signals?"', 'en: " "', "questions.partners.wording: no words in en"),
        ("{nl: huisarts, en: GP}", '{nl: "", en: GP}', "questions.partners.options.gp.label: no words in nl"),
        (
            "remarks:\n    type: text",
            "remarks:\n    type: unknown\n    reason: {nl: zoek, en: lost}",
            "questions.remarks: of type unknown",
        ),
        ("  remarks:", "  Gemeente:", "questions.Gemeente: called Gemeente in survey tools, as gemeente is"),
        (
            "  remarks:",
            "  Has_wijk_team:",
            "questions.Has_wijk_team: called Haswijkteam in survey tools, as items.has_",
        ),
    ],
)
def test_what_cannot_be_put_is_refused_with_its_key(rich, old, new, what):
    rich.replace(FILE, old, new)
    with pytest.raises(InstrumentError) as told:
        form(rich.project)
    assert what in told.value.what
    assert told.value.where.endswith(FILE)


@pytest.mark.parametrize(
    ("routing", "what"),
    [
        ("gp_signals", "questions.tasks.routing: no earlier question answers to gp_signals"),
        ("signalling", "questions.tasks.routing: no earlier question answers to signalling"),
        ("nothing", "questions.tasks.routing: no earlier question answers to nothing"),
    ],
)
def test_routing_that_no_earlier_question_decides_is_refused(rich, routing, what):
    questionnaire = read_questionnaire(rich.project, 2027)
    tasks = questionnaire.questions["tasks"].model_copy(update={"routing": routing})
    broken = questionnaire.model_copy(update={"questions": questionnaire.questions | {"tasks": tasks}})
    with pytest.raises(InstrumentError, match=what):
        form_of(broken, 2027, rich.project)


def test_routing_by_an_answer_that_is_not_offered_is_refused(rich):
    questionnaire = read_questionnaire(rich.project, 2027)
    item = questionnaire.items["collective_work"].model_copy(update={"counts_as_yes": ("often", "daily")})
    broken = questionnaire.model_copy(update={"items": questionnaire.items | {"collective_work": item}})
    with pytest.raises(
        InstrumentError, match="collective_work counts as yes what collectivework does not offer: daily"
    ):
        form_of(broken, 2027, rich.project)
