"""The questionnaire as an XLSForm, the spreadsheet that KoboToolbox and ODK make a form of."""

import datetime
import hashlib
import io
from collections.abc import Iterator

from wijkpeiling.errors import InstrumentError
from wijkpeiling.extras import library
from wijkpeiling.fieldwork.form import Condition, Form, Posed, form_of
from wijkpeiling.instrument.codes import XLSFORM
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.language import say
from wijkpeiling.parameters import LANGUAGES
from wijkpeiling.project import Project
from wijkpeiling.records import Text
from wijkpeiling.spreadsheets import AS_WRITTEN

# of a language the heading holds its own name and its code
NAMES = {"nl": "Nederlands (nl)", "en": "English (en)"}
TYPES = {"text": "text", "multiple": "select_multiple {name}"}
CHOICE = "select_one {name}"
# no question has an underscore in its name
INTRODUCTION = "the_introduction"
# of the file, always the same: two files of one questionnaire are the same bytes
CREATED = datetime.datetime(2000, 1, 1)
LONGEST_CELL = 32_767

Row = dict[str, str]


def to_xlsform(questionnaire: Questionnaire, wave: int, project: Project, language: str = "nl") -> bytes:
    """The XLSForm of a wave (``.xlsx``), with the sheets survey, choices and settings.

    Parameters
    ----------
    language
        The one a respondent sees first.

    Raises
    ------
    InstrumentError
        For what cannot be put to anybody (`form_of`), or a name or text that a form cannot hold.
    """
    form = form_of(questionnaire, wave, project)
    _check(form)
    sheets = {"survey": list(_survey(form)), "choices": list(_choices(form))}
    # servers take another form of the same id only under another version
    version = hashlib.sha256(repr(sheets).encode()).hexdigest()[:8]
    sheets["settings"] = [
        {
            "form_title": form.title[language],
            "form_id": f"wijkpeiling_{wave}",
            "version": f"{wave}-{version}",
            "default_language": NAMES[language],
        }
    ]
    return _workbook(sheets)


def _survey(form: Form) -> Iterator[Row]:
    yield from ({"type": name, "name": name} for name in ("start", "end"))
    if form.introduction:
        yield {"type": "note", "name": INTRODUCTION} | _labels("label", form.introduction)
    for posed in form.questions:
        row = {"type": TYPES.get(posed.type, CHOICE).format(name=posed.name), "name": posed.name}
        row |= _labels("label", posed.wording)
        if posed.is_required:
            row["required"] = "yes"
        if posed.type == "dropdown":
            row["appearance"] = "minimal autocomplete"
        if posed.condition:
            row["relevant"] = _relevant(posed.condition)
        yield row | _constraint(posed)


def _relevant(condition: Condition) -> str:
    """The condition as an expression; ``=`` would compare all that was ticked with one option."""
    test = "selected(${{{name}}}, '{code}')" if condition.is_multiple else "${{{name}}} = '{code}'"
    return " or ".join(test.format(name=condition.name, code=code) for code in condition.codes)


def _constraint(posed: Posed) -> Row:
    if not posed.exclusive:
        return {}
    ticked = " or ".join(f"selected(., '{code}')" for code in posed.exclusive)
    told = {
        language: say(language, "field_exclusive", options=posed.quoted(posed.exclusive, language))
        for language in LANGUAGES
    }
    return {"constraint": f"not(({ticked}) and count-selected(.) > 1)"} | _labels("constraint_message", Text(**told))


def _choices(form: Form) -> Iterator[Row]:
    for posed in form.questions:
        for code, option in posed.options.items():
            yield {"list_name": posed.name, "name": code} | _labels("label", option.label)


def _labels(heading: str, text: Text) -> Row:
    # ${...} in a text would be the answer to a question
    return {f"{heading}::{NAMES[language]}": text[language].strip().replace("${", "$ {") for language in LANGUAGES}


def _check(form: Form) -> None:
    for posed in form.questions:
        if posed.name.lower() in XLSFORM:
            raise InstrumentError(
                f"{posed.key}: {posed.name} is a name that every form has already",
                where=form.path,
                expected="none of " + ", ".join(sorted(XLSFORM)),
                todo="give the question another name",
            )
        for text in (posed.wording, *(option.label for option in posed.options.values())):
            length = max(len(text[language]) for language in LANGUAGES)
            if length > LONGEST_CELL:
                raise InstrumentError(
                    f"{posed.key}: a text of {length:,} characters",
                    where=form.path,
                    expected=f"at most {LONGEST_CELL:,} characters, which is what a cell holds",
                    todo="shorten it",
                )


def _workbook(sheets: dict[str, list[Row]]) -> bytes:
    xlsxwriter = library("xlsxwriter", "writing a spreadsheet", InstrumentError)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **AS_WRITTEN}) as workbook:
        workbook.set_properties({"created": CREATED})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            heading = list(dict.fromkeys(key for row in rows for key in row))
            for number, cells in enumerate([dict(zip(heading, heading, strict=True)), *rows]):
                for key, text in cells.items():
                    sheet.write_string(number, heading.index(key), text)
    return content.getvalue()
