"""The questionnaire as LimeSurvey's tab-separated survey structure."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from html import escape

from wijkpeiling.errors import InstrumentError
from wijkpeiling.fieldwork.form import Condition, Form, form_of, in_words
from wijkpeiling.instrument.codes import LIMESURVEY, OPTIONS
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.parameters import LANGUAGES
from wijkpeiling.project import Project

COLUMNS = (
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
    "default",
    "same_default",
    "exclude_all_others",
)
# yes/no is a list: LimeSurvey's own type Y has no room for "weet niet"
TYPES = {"yes_no": "L", "single": "L", "dropdown": "!", "multiple": "M", "text": "T"}
SHORT_TEXT = "S"
# one page a question: the last page that was sent says where somebody stopped, and the server decides who sees what
SETTINGS = {
    "format": "G",
    "anonymized": "N",
    "datestamp": "Y",
    "ipaddr": "N",
    "refurl": "N",
    "allowprev": "Y",
    "tokenanswerspersistence": "Y",
    "showwelcome": "Y",
    "showprogress": "Y",
    "showgroupinfo": "N",
    "showqnumcode": "X",
    "showxquestions": "N",
    # the questionnaire says which answers there are
    "shownoanswer": "N",
}
# dd-mm-yyyy, whatever the language; LimeSurvey takes another by itself and then refuses its own dates
DATE_FORMAT = "2"
EVERYBODY = "1"
VARIABLE = re.compile(r"(\w+)\.NAOK")


# what each kind of code has to be, in words
EXPECTED = {
    "question": "a letter first, and no word of LimeSurvey's own",
    **{kind: "not " + " or ".join(sorted(LIMESURVEY[kind].reserved)) for kind in ("answer", "subquestion")},
}

Row = dict[str, str]


def to_limesurvey(questionnaire: Questionnaire, wave: int, project: Project, language: str = "nl") -> bytes:
    """The survey structure of a wave, to be imported as a new survey (a file that ends in ``.txt``).

    UTF-8 with a byte order mark and a heading without quotation marks: LimeSurvey guesses the encoding of any other.
    Every question is a group of its own, number n on page n.

    Parameters
    ----------
    language
        The base language of the survey; the other is a translation.

    Raises
    ------
    InstrumentError
        For what cannot be put to anybody (`form_of`), and for a code that LimeSurvey would change or drop.
    """
    form = form_of(questionnaire, wave, project)
    check_codes(form)
    languages = (language, *(other for other in LANGUAGES if other != language))
    rows = [*_survey_rows(form, languages), *(row for one in languages for row in _question_rows(form, one))]
    _check_relevance(rows, form)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def check_codes(form: Form) -> None:
    """Refuse the first code that LimeSurvey would change or drop at import, which it does without a word.

    Raises
    ------
    InstrumentError
        Naming the key of ``questionnaire.yml``.
    """
    for key, code, kind in _codes(form):
        limit = LIMESURVEY[kind]
        if not re.fullmatch(limit.pattern, code) or code.lower() in limit.reserved:
            raise InstrumentError(
                f"{key}: LimeSurvey does not keep {code} as the code of {'an' if kind == 'answer' else 'a'} {kind}",
                where=form.path,
                expected=f"at most {limit.longest} letters and digits, {EXPECTED[kind]}",
                todo="give it another code",
            )
    for posed in form.questions:
        codes = [code.casefold() for code in posed.options]
        twice = [code for code in posed.options if codes.count(code.casefold()) > 1]
        if twice:
            raise InstrumentError(
                f"{posed.key}.options: {' and '.join(twice)} are one code to LimeSurvey",
                where=form.path,
                expected="codes that differ in more than capitals",
                todo="give one of them another code",
            )


def _codes(form: Form) -> Iterator[tuple[str, str, str]]:
    for posed in form.questions:
        yield posed.key, posed.name, "question"
        yield from ((f"{posed.key}.options.{code}", code, OPTIONS[posed.type]) for code in posed.options)


def _survey_rows(form: Form, languages: Sequence[str]) -> Iterator[Row]:
    settings = {"language": languages[0], "additional_languages": " ".join(languages[1:])} | SETTINGS
    for name, value in settings.items():
        yield {"class": "S", "name": name, "text": value}
    told = {"surveyls_title": form.title, "surveyls_endtext": in_words("field_end")}
    if form.introduction:
        told["surveyls_welcometext"] = form.introduction
    for language in languages:
        for name, text in told.items():
            yield {"class": "SL", "name": name, "text": _html(text[language]), "language": language}
        yield {"class": "SL", "name": "surveyls_dateformat", "text": DATE_FORMAT, "language": language}


def _question_rows(form: Form, language: str) -> Iterator[Row]:
    for number, posed in enumerate(form.questions, start=1):
        page = in_words("field_page", number=number, n=len(form.questions))[language]
        yield _row("G", language, name=page, scale=str(number), relevance=EVERYBODY)
        yield _row(
            "Q",
            language,
            name=posed.name,
            scale=SHORT_TEXT if posed.is_required and posed.type == "text" else TYPES[posed.type],
            relevance=_relevance(posed.condition) if posed.condition else EVERYBODY,
            text=_html(posed.wording[language]),
            mandatory="Y" if posed.is_required else "N",
            other="N",
            exclude_all_others=";".join(posed.exclusive),
        )
        kind = "SQ" if posed.type == "multiple" else "A"
        for code, option in posed.options.items():
            yield _row(kind, language, name=code, scale="0", text=_html(option.label[language]))


def _row(kind: str, language: str, *, scale: str, **cells: str) -> Row:
    return {"class": kind, "type/scale": scale, "language": language} | cells


def _relevance(condition: Condition) -> str:
    """The condition as an expression; without ``.NAOK`` a question without an answer would make it false as a whole."""
    if condition.is_multiple:
        return " or ".join(f"{condition.name}_{code}.NAOK == 'Y'" for code in condition.codes)
    return " or ".join(f"{condition.name}.NAOK == '{code}'" for code in condition.codes)


def _check_relevance(rows: Sequence[Row], form: Form) -> None:
    """Hold every name in a relevance against the rows before it: LimeSurvey shows a question to all at an unknown one.

    The rows themselves are read, so that a mistake in writing them is found too.
    """
    known: set[str] = set()
    question = ""
    for row in rows:
        unknown = [name for name in VARIABLE.findall(row.get("relevance", "")) if name not in known]
        if unknown:
            raise InstrumentError(
                f"{row['name']}: its relevance names {unknown[0]}, which no earlier question or option is called",
                where=form.path,
                expected="the name of an earlier question, or question_option",
                todo="correct the routing",
            )
        if row["class"] == "Q":
            question = row["name"]
            known.add(question)
        elif row["class"] == "SQ":
            known.add(f"{question}_{row['name']}")


def _html(text: str) -> str:
    r"""A text that stays as it is: LimeSurvey's are HTML, in which ``{...}`` is computed.

    Of quotation marks it takes a pair around a whole cell away, and PHP takes ``\`` for an escape.
    """
    escaped = escape(text, quote=False).replace('"', "&quot;").replace("\\", "&#92;")
    lines = (" ".join(line.split()) for line in escaped.strip().splitlines())
    return re.sub(r"\{(?!\s)", "{ ", "<br>".join(lines))
