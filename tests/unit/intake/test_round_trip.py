"""The answers that went in are those that come out, cell by cell, whatever file they travelled in.

What a format cannot keep is told apart by the routing and by where a reply ends, or it is lost: `LOST` says where.
"""

import pytest

from tests.intake_files import BROKEN_OFF, MISSING, NOT_ANSWERED, NOT_SHOWN, QUESTIONS, RESPONDENTS, every_file
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.intake.columns import ColumnMapping, find_columns
from wijkpeiling.intake.recognise import read_export, receive
from wijkpeiling.intake.replies import read_replies

TEAM, TASKS, VIEW = QUESTIONS[1], QUESTIONS[2], QUESTIONS[3]
NOBODY_KNOWS = "dk"
SAYS_YES = {
    "has_wijkteam": (TEAM, {"yes"}),
    "help": (TASKS, {"hulp"}),
    "prevention": (TASKS, {"prev"}),
    "satisfied": (VIEW, {"goed"}),
}
# where a format has no word for it, who broke off stands as not having answered
LOST = {name: {BROKEN_OFF: NOT_ANSWERED} for name in ("spss", "stata", "excel", "csv")}
# these hold only what was handed in
COMPLETE_ONLY = ("forms", "kobo")


@pytest.fixture(scope="module")
def questionnaire():
    def options(question):
        exclusive = {question.exclusive: {"is_exclusive": True}, NOBODY_KNOWS: {"is_missing": True}}
        return {
            code: {"label": {"nl": label, "en": label}} | exclusive.get(code, {})
            for code, label in question.options.items()
            if code not in ("yes", "no")
        }

    types = {"list": "single", "multiple": "multiple", "text": "text"}
    questions = {
        question.name: {
            "type": "yes_no" if question is TEAM else types[question.kind],
            "wording": {"nl": question.text, "en": question.text},
            "options": options(question),
            **({"routing": "has_wijkteam"} if question is TASKS else {}),
        }
        for question in QUESTIONS[1:]
    }
    items = {
        concept: {"question": question.name, "counts_as_yes": tuple(codes)}
        for concept, (question, codes) in SAYS_YES.items()
    }
    return Questionnaire.model_validate({"is_public": True, "questions": questions, "items": items})


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return every_file(tmp_path_factory.mktemp("written"))


NAMES = sorted(
    [
        f"limesurvey-{version}-{headings}-{answers}-{separator}"
        for version in (5, 6)
        for headings in ("codes", "both", "texts")
        for answers in ("codes", "labels")
        for separator in ("comma", "semicolon", "tab")
    ]
    + [f"limesurvey-json-{version}-{answers}" for version in (3, 6) for answers in ("codes", "labels")]
    + [
        "limesurvey-xlsx",
        "spss",
        "stata",
        "excel",
        "excel-97",
        "forms",
        "qualtrics-3",
        "qualtrics-2",
        "kobo-csv",
        "kobo-xlsx",
    ]
    + ["csv", "csv-comma", "csv-cp1252", "csv-utf-16"]
)


def expected(respondent, concept, lost):
    """True, False, or the reason for no answer."""
    question, yes = SAYS_YES[concept]
    answer = respondent.answers[QUESTIONS.index(question)]
    if answer in MISSING:
        return lost.get(answer, answer)
    if answer == NOBODY_KNOWS:
        return NOT_ANSWERED
    return answer in yes if isinstance(answer, str) else not yes.isdisjoint(answer)


def test_every_file_that_is_written_is_tried(written):
    assert sorted(written) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_went_in_comes_out(name, written, questionnaire, tmp_path):
    file = written[name]
    (tmp_path / file.file).write_bytes(file.content)
    export = read_export(receive(tmp_path / file.file))
    headings = {heading: "municipality" for heading in export.cells.columns if QUESTIONS[0].text in heading}
    mapping = ColumnMapping(columns=headings | ({"nr": "response"} if "nr" in export.cells else {}))
    columns = find_columns(export, questionnaire, mapping)
    replies = read_replies(export, columns, questionnaire)
    respondents = [one for one in RESPONDENTS if one.is_complete or export.format not in COMPLETE_ONLY]
    told = {
        (respondent.number, concept): replies.reasons[concept][row]
        if replies.answers[concept].isna()[row]
        else bool(replies.answers[concept][row])
        for row, respondent in enumerate(respondents)
        for concept in SAYS_YES
    }
    lost = LOST.get(export.format, {})
    assert told == {
        (respondent.number, concept): expected(respondent, concept, lost)
        for respondent in respondents
        for concept in SAYS_YES
    }
    assert [one for one in (*columns.findings, *replies.findings) if one.severity == "error"] == []


def test_the_answers_hold_every_kind_of_missing():
    held = {answer for respondent in RESPONDENTS for answer in respondent.answers if answer in MISSING}
    assert held == {NOT_SHOWN, NOT_ANSWERED, BROKEN_OFF}
