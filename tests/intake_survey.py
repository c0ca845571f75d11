"""A survey with invented answers, and its sheet in each form in which a survey tool gives it back."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import Any, Literal, NamedTuple

from tests import intake_files as files
from tests.intake_files import BROKEN_OFF, NOT_ANSWERED, NOT_SHOWN, Coded, Question, Respondent, Survey, Table
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.language import say

CODE = Question("gemeentecode", "text", "gemeentecode")
NAME = Question("gemeente", "text", say("nl", "field_municipality"))
TEAM = Question("heeftteam", "list", "Heeft uw gemeente een wijkteam?", {"yes": "Ja", "no": "Nee", "dk": "Weet niet"})
TASKS = Question(
    "taken",
    "multiple",
    "Wat doet het team?",
    {"hulp": "Hulp, kort of lang", "prev": "Preventie", "geen": "Geen van deze"},
    "geen",
)
# a code that tools also write for what is not ticked, and no way to say none
PLACES = Question("waar", "multiple", "Waar werkt het team?", {"n": "Noord", "o": "Oost", "z": "Zuid"})
# codes and labels of which one begins with another
TEAMS = Question("aantal", "list", "Hoeveel teams zijn er?", {"a1": "Eén", "a2": "Twee", "a12": "Twaalf of meer"})
VIEW = Question(
    "tevreden", "list", "Hoe gaat het?", {"goed": "Goed", "matig": "Matig; het kan beter", "slecht": "Slecht"}
)
REMARKS = Question("toelichting", "text", "Wilt u dit toelichten?")
ASKED = (TEAM, TASKS, PLACES, TEAMS, VIEW, REMARKS)
ROUTED = {TASKS.name, TEAMS.name}
MISSING_OPTION = "dk"
# concept: question, and codes that say yes
CONCEPTS = {
    "has_wijkteam": (TEAM, {"yes"}),
    "help": (TASKS, {"hulp"}),
    "prevention": (TASKS, {"prev"}),
    "north": (PLACES, {"n"}),
    "south": (PLACES, {"z"}),
    "one_team": (TEAMS, {"a1"}),
    "many_teams": (TEAMS, {"a12"}),
    "satisfied": (VIEW, {"goed"}),
}
REMARKED = (
    NOT_ANSWERED,
    NOT_ANSWERED,
    'Een "los" citaat; met, tekens',
    "één\ntwee",
    "=cmd()",
    "Café ’t Hoekje – €5",
    "1",
)


def questionnaire() -> Questionnaire:
    kinds = {"list": "single", "multiple": "multiple", "text": "text"}
    marks = {TASKS.exclusive: {"is_exclusive": True}, MISSING_OPTION: {"is_missing": True}}
    questions = {
        one.name: {
            "type": "yes_no" if one is TEAM else kinds[one.kind],
            "wording": {"nl": one.text, "en": one.text},
            "options": {
                code: {"label": {"nl": label, "en": label}} | marks.get(code, {})
                for code, label in one.options.items()
                if code not in ("yes", "no")
            },
            **({"routing": "has_wijkteam"} if one.name in ROUTED else {}),
        }
        for one in ASKED
    }
    items = {
        concept: {"question": one.name, "counts_as_yes": tuple(sorted(yes))} for concept, (one, yes) in CONCEPTS.items()
    }
    return Questionnaire.model_validate({"is_public": True, "questions": questions, "items": items})


Told = Literal["code", "name", "both"]
LEADING: dict[Told, tuple[Question, ...]] = {"code": (CODE,), "name": (NAME,), "both": (CODE, NAME)}


def invent(random: Random, names: dict[str, str], told: Told, *, all_complete: bool) -> Survey:
    """Answers of nine municipalities, told by code or name (by code: ``names``)."""
    leading = LEADING[told]
    codes = random.sample(sorted(names), 9)
    respondents = []
    for number, code in enumerate(codes, start=1):
        who = tuple(code if question is CODE else names[code] for question in leading)
        answers = _answers(random)
        is_complete = all_complete or random.random() < 0.8
        if not is_complete:
            reached = random.randrange(1, len(ASKED))
            answers = answers[:reached] + (BROKEN_OFF,) * (len(ASKED) - reached)
        respondents.append(Respondent(number, who + answers, is_complete))
    return Survey((*leading, *ASKED), tuple(respondents))


def _answers(random: Random) -> tuple[Any, ...]:
    team = random.choice(["yes"] * 6 + ["no", "no", "dk", NOT_ANSWERED])
    tasks = random.choice([{"geen"}, {"hulp"}, {"prev"}, {"hulp", "prev"}, None])
    places = frozenset(code for code in PLACES.options if random.random() < 0.5)
    teams, view = random.choice([*TEAMS.options, NOT_ANSWERED]), random.choice([*VIEW.options, NOT_ANSWERED])
    is_yes = team == "yes"
    return (
        team,
        (NOT_ANSWERED if tasks is None else frozenset(tasks)) if is_yes else NOT_SHOWN,
        places,
        teams if is_yes else NOT_SHOWN,
        view,
        random.choice(REMARKED),
    )


@dataclass(frozen=True)
class Sheet:
    """Headings above cells, as a spreadsheet shows them.

    Attributes
    ----------
    texts
        Of the question in each column, where the form has them apart from the headings.
    labels
        Of the numbers in a column, by its heading; a missing reason is "".
    first_row
        Of the answers.
    """

    headings: list[str]
    rows: list[list[Any]]
    texts: list[str] | None = None
    labels: dict[str, dict[Any, str]] = field(default_factory=dict)
    first_row: int = 2

    @property
    def table(self) -> Table:
        return Table(self.headings, self.rows)


class Form(NamedTuple):
    """A form in which answers come back.

    ``is_text``: separators part its cells. ``has_ends``: it says which replies were handed in.
    """

    file: str
    sheet: Callable[[Survey], Sheet]
    content: Callable[[Sheet, Any], bytes]
    is_text: bool = False
    has_ends: bool = False
    separator: str = ","


def _sheet(table: Table) -> Sheet:
    return Sheet(list(table.headings), [list(row) for row in table.cells])


def _limesurvey(headings: str, answers: str) -> Callable[[Survey], Sheet]:
    return lambda survey: _sheet(files.limesurvey_table(headings, answers, survey=survey))


def _limesurvey_csv(separator: str, bare: bool) -> Callable[[Sheet, Any], bytes]:
    return lambda sheet, _: files.limesurvey_csv(sheet.table, separator, null_is_bare=bare)


def _qualtrics(heading_rows: int) -> Callable[[Survey], Sheet]:
    def make(survey: Survey) -> Sheet:
        found = files.qualtrics_table(survey)
        return replace(_sheet(found.table), texts=list(found.texts), first_row=heading_rows + 2)

    return make


def _qualtrics_csv(heading_rows: int) -> Callable[[Sheet, Any], bytes]:
    return lambda sheet, _: files.qualtrics_csv(files.QualtricsTable(sheet.table, sheet.texts or []), heading_rows)


def _coded(reasons: dict[str, Any]) -> Callable[[Survey], Sheet]:
    def make(survey: Survey) -> Sheet:
        columns, labels = files.coded_columns(reasons, survey)
        told = {
            name: {key: "" if key in reasons.values() else text for key, text in found.items()}
            for name, found in labels.items()
        }
        return Sheet(
            ["id", *list(columns)[1:]], [list(row) for row in zip(*columns.values(), strict=True)], labels=told
        )

    return make


def _written(write: Callable, name: str, reasons: dict[str, Any]) -> Callable[[Sheet, Any], bytes]:
    def content(sheet: Sheet, folder: Any) -> bytes:
        columns = {heading: [row[place] for row in sheet.rows] for place, heading in enumerate(sheet.headings)}
        missing = {value: reason for reason, value in reasons.items()}
        labels = {
            heading: {key: missing.get(key, label) for key, label in sheet.labels[heading].items()}
            for heading in sheet.headings
            if heading in sheet.labels
        }
        return write(folder / name, Coded(columns, labels), Survey((CODE, NAME, *ASKED), ()))

    return content


def _plain(sheet: Survey) -> Sheet:
    return _sheet(files.plain_table(sheet))


def _plain_csv(separator: str, encoding: str = "utf-8") -> Callable[[Sheet, Any], bytes]:
    return lambda sheet, _: files.plain_csv(sheet.table, separator, encoding)


def _workbook(write: Callable[[Table], bytes]) -> Callable[[Sheet, Any], bytes]:
    return lambda sheet, _: write(sheet.table)


@cache
def forms() -> dict[str, Form]:
    """Every form, by its name."""
    lime = {
        f"limesurvey-{headings}-{answers}-{files.SEPARATOR_NAMES[separator]}": Form(
            "a.csv", _limesurvey(headings, answers), _limesurvey_csv(separator, bare), True, True, separator
        )
        for headings, answers, separator, bare in (
            ("codes", "codes", ",", True),
            ("codes", "labels", ";", True),
            ("both", "codes", "\t", False),
            ("texts", "labels", ",", False),
        )
    }
    codes = _limesurvey("codes", "codes")
    return lime | {
        "limesurvey-json": Form("a.json", codes, lambda sheet, _: files.limesurvey_json(sheet.table, 6), has_ends=True),
        "limesurvey-xlsx": Form("a.xlsx", codes, _workbook(files.workbook), has_ends=True),
        "qualtrics-2": Form("a.csv", _qualtrics(2), _qualtrics_csv(2), True, True),
        "qualtrics-3": Form("a.csv", _qualtrics(3), _qualtrics_csv(3), True, True),
        "kobo-csv": Form("a.csv", lambda survey: _sheet(files.kobo_table(survey)), _kobo_csv, True, separator=";"),
        "kobo-xlsx": Form("a.xlsx", lambda survey: _sheet(files.kobo_table(survey)), _workbook(files.workbook)),
        "forms": Form("a.xlsx", lambda survey: _sheet(files.forms_table(survey)), _workbook(files.workbook)),
        "spss": Form("a.sav", _coded(files.REASON_NUMBERS), _written(files.write_spss, "a.sav", files.REASON_NUMBERS)),
        "stata": Form(
            "a.dta", _coded(files.REASON_LETTERS), _written(files.write_stata, "a.dta", files.REASON_LETTERS)
        ),
        "xlsx": Form("a.xlsx", _plain, _workbook(files.workbook)),
        "xls": Form("a.xls", _plain, _workbook(files.old_workbook)),
        "ods": Form("a.ods", _plain, _workbook(files.opendocument)),
        "csv": Form("a.csv", _plain, _plain_csv(";"), True, separator=";"),
        "csv-western": Form("a.csv", _plain, _plain_csv(",", "cp1252"), True),
        "csv-utf-16": Form("a.csv", _plain, _plain_csv("\t", "utf-16"), True, separator="\t"),
    }


def _kobo_csv(sheet: Sheet, _: Any) -> bytes:
    return files.kobo_csv(sheet.table)
