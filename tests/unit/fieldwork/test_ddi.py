"""The description in DDI-Codebook: the elements that archives need, and what a reader gets back from them."""

from xml.etree import ElementTree

import pytest

from wijkpeiling.fieldwork.ddi import to_ddi
from wijkpeiling.instrument.reading import read_questionnaire

DDI = {"ddi": "ddi:codebook:2_5"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# of a study: the elements that the standard requires, and those by which an archive makes it found
REQUIRED = (
    "stdyDscr/citation/titlStmt/titl",
    "stdyDscr/citation/titlStmt/IDNo",
    "stdyDscr/citation/rspStmt/AuthEnty",
    "stdyDscr/stdyInfo/abstract",
    "stdyDscr/stdyInfo/sumDscr/collDate",
    "stdyDscr/stdyInfo/sumDscr/nation",
    "stdyDscr/stdyInfo/sumDscr/anlyUnit",
    "stdyDscr/stdyInfo/sumDscr/universe",
    "dataDscr/varGrp/labl",
    "dataDscr/var/labl",
    "dataDscr/var/qstn/qstnLit",
    "dataDscr/var/universe",
    "dataDscr/var/catgry/catValu",
    "dataDscr/var/catgry/labl",
    "dataDscr/var/concept",
    "dataDscr/var/varFormat",
)
# in the order that the schema asks of the children of a variable
ORDER = ("labl", "qstn", "universe", "catgry", "concept", "varFormat")


def written(project, wave=2027, language="nl"):
    return to_ddi(read_questionnaire(project, wave), wave, project, language)


def root(project, wave=2027, language="nl"):
    return ElementTree.fromstring(written(project, wave, language))


def found(element, path):
    return element.findall("/".join(f"ddi:{tag}" for tag in path.split("/")), DDI)


def variable(project, name, wave=2027):
    (one,) = [one for one in found(root(project, wave), "dataDscr/var") if one.get("name") == name]
    return one


def texts(element, path):
    return {one.get(LANGUAGE): one.text for one in found(element, path)}


def test_two_files_of_one_questionnaire_are_the_same_bytes(rich):
    assert written(rich.project) == written(rich.project)
    assert written(rich.project).startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<codeBook")


@pytest.mark.parametrize("path", REQUIRED)
def test_every_required_element_is_there_with_words_in_it(rich, path):
    elements = found(root(rich.project), path)
    assert elements
    assert [one for one in elements if not (one.text or one.attrib)] == []


def test_it_says_which_standard_it_follows(rich):
    whole = root(rich.project)
    assert (whole.tag, whole.get("version"), whole.get(LANGUAGE)) == ("{ddi:codebook:2_5}codeBook", "2.5", "nl")


@pytest.mark.parametrize(
    ("language", "title", "parallel"), [("nl", "wijkteams", "Survey"), ("en", "Survey", "wijkteams")]
)
def test_the_title_is_in_one_language_and_the_parallel_title_in_the_other(rich, language, title, parallel):
    titles = "stdyDscr/citation/titlStmt/"
    whole = root(rich.project, language=language)
    assert title in texts(whole, titles + "titl")[language]
    (other,) = texts(whole, titles + "parTitl").values()
    assert parallel in other


def test_variables_are_called_as_spss_and_stata_call_them_and_identified_once(rich):
    variables = found(root(rich.project), "dataDscr/var")
    assert [one.get("name") for one in variables] == [
        "gemeente",
        "haswijkteam",
        "collectivework",
        "tasks_signal",
        "tasks_caseManagement",
        "tasks_none",
        "tasks_dk",
        "partners",
        "remarks",
    ]
    identified = [one.get("ID") for one in variables]
    assert len(set(identified)) == len(identified)
    (group,) = found(root(rich.project), "dataDscr/varGrp")
    assert (group.get("type"), set(group.get("var").split()) <= set(identified)) == ("multipleResp", True)


def test_the_parts_of_a_variable_stand_in_the_order_of_the_standard(rich):
    for one in found(root(rich.project), "dataDscr/var"):
        places = [ORDER.index(child.tag.split("}")[1]) for child in one]
        assert places == sorted(places)


def test_categories_have_their_code_label_in_both_languages_and_whether_they_are_missing(rich):
    read = {
        found(one, "catValu")[0].text: (texts(one, "labl"), one.get("missing"))
        for one in found(variable(rich.project, "collectivework"), "catgry")
    }
    assert read == {
        "often": ({"nl": "vaak", "en": "often"}, None),
        "some": ({"nl": "soms", "en": "sometimes"}, None),
        "never": ({"nl": "nooit", "en": "never"}, None),
        "dk": ({"nl": "weet niet", "en": "do not know"}, "Y"),
        "not_shown": ({"nl": "niet voorgelegd", "en": "not shown"}, "Y"),
        "not_answered": ({"nl": "niet beantwoord", "en": "not answered"}, "Y"),
        "broken_off": ({"nl": "eerder gestopt", "en": "stopped earlier"}, "Y"),
    }


def test_an_option_that_can_be_ticked_is_a_variable_of_ticked_and_not(rich):
    one = variable(rich.project, "tasks_signal")
    assert [value.text for value in found(one, "catgry/catValu")][:2] == ["1", "0"]
    assert texts(one, "labl")["nl"] == '"signaleren"'
    assert texts(one, "qstn/qstnLit")["nl"] == "Welke taken heeft het team {kies}?"
    assert [concept.text for concept in found(one, "concept")] == ["signalling", "task_signalling"]


@pytest.mark.parametrize(
    ("name", "universe", "is_routed"),
    [
        ("haswijkteam", "everybody", False),
        ("collectivework", "municipalities with a team. Only if you chose ‘yes’ at question 2.", True),
        ("tasks_dk", "who work collectively. Only if you chose ‘often’ or ‘sometimes’ at question 3.", True),
    ],
)
def test_the_universe_follows_from_the_routing(rich, name, universe, is_routed):
    one = variable(rich.project, name)
    assert texts(one, "universe")["en"] == universe
    assert ("not_shown" in [value.text for value in found(one, "catgry/catValu")]) is is_routed


def test_a_wave_of_which_the_form_was_not_found_claims_no_question_or_universe(project):
    one = variable(project, "tasksignalling", 2019)
    assert found(one, "qstn") == []
    assert texts(one, "universe") == {"nl": "niet bekend", "en": "not known"}
    assert texts(one, "labl")["nl"] == "signaleren"
