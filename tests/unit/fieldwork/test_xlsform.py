"""The XLSForm: what the library that servers use makes of it."""

import io
import re

import openpyxl
import pytest
from pyxform.xls2xform import convert

from wijkpeiling.errors import InstrumentError
from wijkpeiling.fieldwork.xlsform import to_xlsform
from wijkpeiling.instrument.reading import read_questionnaire

FILE = "2027/questionnaire.yml"


def written(project, language="nl"):
    return to_xlsform(read_questionnaire(project, 2027), 2027, project, language)


def sheets(project, language="nl"):
    book = openpyxl.load_workbook(io.BytesIO(written(project, language)))
    found = {}
    for sheet in book:
        heading, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(heading, row, strict=True)) for row in rows]
    return found


def survey(project):
    return {row["name"]: row for row in sheets(project)["survey"]}


def test_two_files_of_one_questionnaire_are_the_same_bytes(rich):
    assert written(rich.project) == written(rich.project)


def test_pyxform_makes_a_form_of_it_without_a_warning(rich):
    warnings = []
    form = convert(written(rich.project), warnings=warnings, file_type=".xlsx").xform
    assert warnings == []
    for language in ("Nederlands (nl)", "English (en)"):
        assert f'lang="{language}"' in form
    assert 'id="wijkpeiling_2027"' in form
    assert form.count("relevant=") == 3
    assert "not((selected(., 'none') or selected(., 'dk')) and count-selected(.) &gt; 1)" in form


def test_without_a_frame_pyxform_makes_a_form_of_it_too(rich):
    (rich.raw / "population" / "frame_2027.csv").unlink()
    warnings = []
    convert(written(rich.project), warnings=warnings, file_type=".xlsx")
    assert warnings == []
    assert survey(rich.project)["gemeente"]["type"] == "text"


@pytest.mark.parametrize(
    ("name", "kind", "relevant"),
    [
        ("gemeente", "select_one gemeente", None),
        ("haswijkteam", "select_one haswijkteam", None),
        ("collectivework", "select_one collectivework", "${haswijkteam} = 'yes'"),
        ("tasks", "select_multiple tasks", "${collectivework} = 'often' or ${collectivework} = 'some'"),
        ("partners", "select_one partners", "selected(${tasks}, 'signal') or selected(${tasks}, 'caseManagement')"),
        ("remarks", "text", None),
    ],
)
def test_each_question_has_its_type_and_its_condition(rich, name, kind, relevant):
    row = survey(rich.project)[name]
    assert (row["type"], row["relevant"]) == (kind, relevant)
    assert row["required"] == ("yes" if name == "gemeente" else None)


def test_an_exclusive_option_goes_with_no_other_and_the_message_says_so(rich):
    row = survey(rich.project)["tasks"]
    assert row["constraint"] == "not((selected(., 'none') or selected(., 'dk')) and count-selected(.) > 1)"
    assert row["constraint_message::Nederlands (nl)"].startswith("Kies óf ‘geen van deze’ of ‘weet niet’, óf")
    assert [name for name, row in survey(rich.project).items() if row["constraint"]] == ["tasks"]


def test_choices_stand_under_the_name_of_their_question(rich):
    found = [(row["list_name"], row["name"], row["label::English (en)"]) for row in sheets(rich.project)["choices"]]
    assert [name for name, *_ in found][:6] == ["gemeente"] * 2 + ["haswijkteam"] * 3 + ["collectivework"]
    assert ("gemeente", "0003", "Één, aan zee") in found and ("haswijkteam", "dk", "do not know") in found


@pytest.mark.parametrize(
    ("language", "name", "title"),
    [
        ("nl", "Nederlands (nl)", "Peiling wijkteams & wijken"),
        ("en", "English (en)", "Survey of teams & neighbourhoods"),
    ],
)
def test_the_settings_name_the_form(rich, language, name, title):
    (settings,) = sheets(rich.project, language)["settings"]
    assert (settings["default_language"], settings["form_title"]) == (name, title)
    assert settings["form_id"] == "wijkpeiling_2027"


def test_another_questionnaire_is_another_version(rich):
    (before,) = sheets(rich.project)["settings"]
    assert re.fullmatch("2027-[0-9a-f]{8}", before["version"])
    rich.replace(FILE, "nl: vaak,", "nl: heel vaak,")
    (after,) = sheets(rich.project)["settings"]
    assert after["version"] != before["version"] and after["form_id"] == before["form_id"]


def test_texts_stay_texts(rich):
    rich.replace(FILE, "nl: vaak,", 'nl: "=1+1",')
    rich.replace(FILE, "nl: soms,", 'nl: "https://example.org ${tasks}",')
    book = openpyxl.load_workbook(io.BytesIO(written(rich.project)))
    cells = {cell.value: cell.data_type for row in book["choices"] for cell in row}
    assert cells["=1+1"] == "s" and cells["https://example.org $ {tasks}"] == "s"
    assert b"hyperlink" not in written(rich.project)
    convert(written(rich.project), file_type=".xlsx")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("  remarks:", "  Meta:", "questions.Meta: Meta is a name that every form has already"),
        ("  remarks:", "  start:", "questions.start: start is a name"),
        ("nl: vaak,", f"nl: {'a' * 32_768},", "questions.collective_work: a text of 32,768 characters"),
    ],
)
def test_what_a_form_cannot_hold_is_refused_with_its_key(rich, old, new, what):
    rich.replace(FILE, old, new)
    with pytest.raises(InstrumentError) as told:
        written(rich.project)
    assert what in told.value.what
