"""The questionnaire in Word, read back."""

import io

import docx
import pytest
from docx.oxml.ns import qn

from wijkpeiling.fieldwork.word import to_docx
from wijkpeiling.instrument.reading import read_questionnaire


def written(project, language="nl"):
    return to_docx(read_questionnaire(project, 2027), 2027, project, language)


def opened(project, language="nl"):
    return docx.Document(io.BytesIO(written(project, language)))


def test_two_files_of_one_questionnaire_are_the_same_bytes(rich, monkeypatch):
    first = written(rich.project)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert written(rich.project) == first


def test_questions_are_numbered_headings_under_the_title(rich):
    document = opened(rich.project, "en")
    headings = [(one.style.name, one.text) for one in document.paragraphs if one.style.name.startswith(("T", "H"))]
    assert headings == [
        ("Title", "Survey of teams & neighbourhoods"),
        ("Heading 1", "1. For which municipality are you completing this questionnaire?"),
        ("Heading 1", "2. Does your municipality have a team?"),
        ("Heading 1", "3. How often does the team work 'collectively'?"),
        ("Heading 1", "4. Which tasks does the team have {choose}?"),
        ("Heading 1", "5. Who else signals?"),
        ("Heading 1", "6. Anything else? Say, on C:\\wijk\\"),
    ]


def test_options_have_a_circle_or_a_box_and_say_where_they_stand_alone(rich):
    told = [one.text for one in opened(rich.project).paragraphs]
    assert told[told.index("2. Heeft uw gemeente een wijkteam?") + 1 :][:3] == ["○\tja", "○\tnee", "○\tweet niet"]
    assert told[told.index("4. Welke taken heeft het team {kies}?") + 2 :][:4] == [
        '☐\t"signaleren"',
        "☐\tcasusregie <b>",
        "☐\tgeen van deze (niet samen met een ander antwoord)",
        "☐\tweet niet (niet samen met een ander antwoord)",
    ]


@pytest.mark.parametrize(
    ("language", "under", "note"),
    [
        ("nl", "3. ", "Alleen als u bij vraag 2 koos voor ‘ja’."),
        ("nl", "4. ", "Alleen als u bij vraag 3 koos voor ‘vaak’ of ‘soms’. Meer dan één antwoord is mogelijk."),
        ("en", "3. ", "Only if you chose ‘yes’ at question 2."),
        ("nl", "1. ", "Kies uit de lijst."),
    ],
)
def test_who_is_asked_and_how_to_answer_stand_under_the_question(rich, language, under, note):
    told = [one.text for one in opened(rich.project, language).paragraphs]
    place = next(number for number, text in enumerate(told) if text.startswith(under))
    assert told[place + 1] == note


def test_the_introduction_stands_above_the_questions(rich):
    told = [one.text for one in opened(rich.project).paragraphs]
    assert told[1:4] == [
        "Welkom. Invullen duurt één kwartier.",
        "U kunt tussendoor stoppen.",
        "Om mee te lezen. De vragenlijst zelf wordt online ingevuld.",
    ]


@pytest.mark.parametrize(("language", "locale"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_the_document_is_in_its_language_and_no_older_than_word_2013(rich, language, locale):
    document = opened(rich.project, language)
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {locale}
    assert document.core_properties.language == locale
    modes = [one for one in document.settings.element.iter(qn("w:compatSetting")) if "Mode" in one.get(qn("w:name"))]
    assert [one.get(qn("w:val")) for one in modes] == ["15"]


def test_the_document_names_itself_and_no_tool_or_person(rich):
    known = opened(rich.project).core_properties
    assert (known.title, known.author, known.comments) == ("Peiling wijkteams & wijken", "", "")
    assert known.created == known.modified
    assert round(opened(rich.project).sections[0].page_width.mm) == 210
