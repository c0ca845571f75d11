"""One set of answers in every file that a survey tool makes of it; what each keeps of a missing answer differs."""

import csv
import io
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from types import MappingProxyType
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pyreadstat
import xlsxwriter

NOT_SHOWN, NOT_ANSWERED, BROKEN_OFF = "not_shown", "not_answered", "broken_off"
SEPARATOR_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
MISSING = (NOT_SHOWN, NOT_ANSWERED, BROKEN_OFF)

Kind = Literal["list", "multiple", "text"]
State = str | frozenset[str]


class Question(NamedTuple):
    name: str
    kind: Kind
    text: str
    options: Mapping[str, str] = MappingProxyType({})
    exclusive: str = ""


class Respondent(NamedTuple):
    """Answers in the order of ``QUESTIONS``: a code, a set of codes, a text, or one of ``MISSING``."""

    number: int
    answers: tuple[State, ...]
    is_complete: bool = True


QUESTIONS = (
    Question("gemeente", "text", "Voor welke gemeente antwoordt u?"),
    Question("heeftteam", "list", "Heeft uw gemeente een wijkteam?", {"yes": "Ja", "no": "Nee", "dk": "Weet ik niet"}),
    Question(
        "taken",
        "multiple",
        "Wat doet het team?",
        {"hulp": "Hulp, kort of lang", "prev": "Preventie", "geen": "Geen van deze"},
        "geen",
    ),
    Question(
        "tevreden", "list", "Hoe gaat het?", {"goed": "Goed", "matig": "Matig; het kan beter", "slecht": "Slecht"}
    ),
    Question("toelichting", "text", "Wilt u dit toelichten?"),
)
RESPONDENTS = (
    Respondent(1, ("0363", "yes", frozenset({"hulp", "prev"}), "goed", 'Een "los" citaat; met, tekens')),
    Respondent(2, ("0034", "no", NOT_SHOWN, "matig", NOT_ANSWERED)),
    Respondent(3, ("1680", "yes", frozenset({"geen"}), "slecht", "één\ntwee")),
    Respondent(5, ("0518", "dk", NOT_SHOWN, NOT_ANSWERED, "=cmd()")),
    Respondent(8, ("0599", "yes", NOT_ANSWERED, "goed", NOT_ANSWERED)),
    Respondent(9, ("0344", "yes", BROKEN_OFF, BROKEN_OFF, BROKEN_OFF), is_complete=False),
    Respondent(13, ("0106", "yes", frozenset({"prev"}), NOT_ANSWERED, "Café ’t Hoekje – €5")),
)
MOMENT = "2027-03-01 10:0{}:00"


class Survey(NamedTuple):
    """What was asked, and of whom what came back."""

    questions: tuple[Question, ...] = QUESTIONS
    respondents: tuple[Respondent, ...] = RESPONDENTS


SURVEY = Survey()


class Table(NamedTuple):
    """Headings, and cells of text; None where a tool writes NULL."""

    headings: list[str]
    cells: list[list[str | None]]


@dataclass(frozen=True)
class Written:
    """A file, and what a reader should make of it."""

    file: str
    content: bytes
    format: str
    table: Table
    keeps_null: bool = False


def limesurvey_table(headings: str, answers: str, language: str = "nl", survey: Survey = SURVEY) -> Table:
    """What LimeSurvey writes: codes keep NULL and "", labels keep them for the options of a multiple question only."""
    own = {
        "id": "Respons-ID",
        "submitdate": "Datum verzonden",
        "lastpage": "Laatste pagina",
        "startlanguage": "Begin taal",
        "seed": "Plaats",
    }
    head = [_limesurvey_heading(code, text, headings) for code, text in [*own.items(), *_columns("[", "]", survey)]]
    cells = []
    for one in survey.respondents:
        done = MOMENT.format(one.number % 10) if one.is_complete else None
        row: list[str | None] = [str(one.number), done, "2" if one.is_complete else "1", language, str(one.number * 17)]
        for question, answer in zip(survey.questions, one.answers, strict=True):
            row += _limesurvey_cells(question, answer, answers)
        cells.append(row)
    return Table(head, cells)


def _columns(before: str, after: str, survey: Survey = SURVEY) -> list[tuple[str, str]]:
    return [
        (f"{question.name}{before}{code}{after}", f"{question.text} [{label}]")
        if code
        else (question.name, question.text)
        for question in survey.questions
        for code, label in (question.options.items() if question.kind == "multiple" else [("", "")])
    ]


def _limesurvey_heading(code: str, text: str, headings: str) -> str:
    return {"codes": code, "both": f"{code}. {text}", "texts": text}[headings]


def _limesurvey_cells(question: Question, answer: State, answers: str) -> list[str | None]:
    is_null = answer in (NOT_SHOWN, BROKEN_OFF)
    if question.kind == "multiple":
        states = [_option(question, code, answer) for code in question.options]
        long = {"Y": "Ja", "": "Nee", None: "N/A"}
        return [long[state] if answers == "labels" else state for state in states]
    if is_null or answer == NOT_ANSWERED:
        nothing = None if is_null else ""
        if answers == "labels":
            nothing = None if question.kind == "list" else ""
        return [nothing]
    return [question.options[answer] if question.kind == "list" and answers == "labels" else str(answer)]


def _option(question: Question, code: str, answer: State) -> str | None:
    """Y, "" or NULL; an exclusive option that is ticked switches off the others, which become NULL."""
    if isinstance(answer, str):
        return "" if answer == NOT_ANSWERED else None
    if question.exclusive in answer and code != question.exclusive:
        return None
    return "Y" if code in answer else ""


def limesurvey_csv(table: Table, separator: str = ",", *, null_is_bare: bool) -> bytes:
    """Up to 6.3 (and 3, and 5) NULL is quoted as the empty cell is; from 6.4 on nothing stands there."""
    lines = [
        separator.join(
            "" if cell is None and null_is_bare else '"' + (cell or "").replace('"', '""') + '"' for cell in row
        )
        for row in [table.headings, *table.cells]
    ]
    return b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def limesurvey_json(table: Table, version: int) -> bytes:
    responses = [dict(zip(table.headings, row, strict=True)) for row in table.cells]
    if version == 3:
        responses = [{row[table.headings[0]]: row} for row in responses]
    return json.dumps({"responses": responses}).encode()


def plain_table(survey: Survey = SURVEY) -> Table:
    """A table as one makes it by hand: options beside each other, 1 or 0, empty where there is no answer."""
    cells = [
        [cell for pair in zip(survey.questions, one.answers, strict=True) for cell in _plain(*pair)]
        for one in survey.respondents
    ]
    return Table([code for code, _ in _columns("_", "", survey)], cells)


def _plain(question: Question, answer: State) -> list[str]:
    if question.kind != "multiple":
        return ["" if answer in MISSING else str(answer)]
    return [str(int(code in answer)) if isinstance(answer, frozenset) else "" for code in question.options]


def plain_csv(table: Table, separator: str = ";", encoding: str = "utf-8") -> bytes:
    made = io.StringIO()
    csv.writer(made, delimiter=separator).writerows([table.headings, *table.cells])
    return made.getvalue().encode(encoding)


def workbook(table: Table, sheet: str = "Blad1") -> bytes:
    """A workbook in which numbers are numbers, but for codes of municipalities; a cell may be a date or a boolean."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    )
    page = book.add_worksheet(sheet)
    for row, cells in enumerate([table.headings, *table.cells]):
        for column, cell in enumerate(cells):
            if cell is not None and not isinstance(cell, str):
                page.write(row, column, cell)
                continue
            is_number = row > 0 and cell is not None and cell.isdigit() and not cell.startswith("0" * (len(cell) > 1))
            if cell:
                (page.write_number if is_number or cell == "0" else page.write_string)(
                    row, column, _number(cell, is_number)
                )
    book.close()
    return made.getvalue()


def _number(cell: str, is_number: bool) -> str | int:
    return int(cell) if is_number or cell == "0" else cell


def opendocument(table: Table) -> bytes:
    """A spreadsheet of OpenDocument, with cells of text."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            if cell
            else "<table:table-cell/>"
            for cell in row
        )
        + "</table:table-row>"
        for row in [table.headings, *table.cells]
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    sheet = f'<table:table table:name="Blad1">{rows}</table:table>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>{sheet}</office:spreadsheet>"
            "</office:body></office:document-content>",
        )
    return made.getvalue()


def old_workbook(table: Table) -> bytes:
    """A workbook of Excel 97-2003, for which there is no library to write it: BIFF8, one sheet of text."""
    begin, end = (lambda kind: _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))), _record(0x000A, b"")
    page, code_page = b"Blad1", _record(0x0042, struct.pack("<H", 1200))
    sheet = b"".join(
        _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(cell), 1) + cell.encode("utf-16-le"))
        for row, cells in enumerate([table.headings, *table.cells])
        for column, cell in enumerate(cells)
        if cell
    )
    # the sheet begins behind the record that says where it begins
    start = len(begin(5)) + len(code_page) + 12 + len(page) + len(end)
    book = begin(5) + code_page + _record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(page), 0) + page) + end
    return _container((book + begin(0x10) + sheet + end).ljust(4096, b"\0"))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _container(stream: bytes) -> bytes:
    """The one stream of a compound file: header, table of sectors, directory, stream."""
    none, last, size = 0xFFFFFFFF, 0xFFFFFFFE, len(stream)
    stream += b"\0" * (-size % 512)
    sectors = [0xFFFFFFFD, last, *range(3, len(stream) // 512 + 2), last]
    table = struct.pack(f"<{len(sectors)}I", *sectors).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
        text = name.encode("utf-16-le")
        ahead = struct.pack("<64sHBBIII", text, len(text) + 2 if name else 0, kind, 1, none, none, child)
        return ahead + b"\0" * 36 + struct.pack("<IQ", start, length)

    directory = entry("Root Entry", 5, 1, last, 0) + entry("Workbook", 2, none, 2, size) + 2 * entry("", 0, none, 0, 0)
    mark = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header = mark + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<10I", 0, 1, 1, 0, 4096, last, 0, last, 0, 0)
    return header.ljust(512, b"\xff") + table + directory + stream


def forms_table(survey: Survey = SURVEY) -> Table:
    """Microsoft Forms: texts of questions and options, a semicolon behind each option; only what was sent."""
    own = ["ID", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"]
    cells: list[list[str | None]] = []
    for one in survey.respondents:
        if one.is_complete:
            moment = MOMENT.format(one.number % 10)
            answers = [_forms_cell(*pair) for pair in zip(survey.questions, one.answers, strict=True)]
            cells.append([str(one.number), moment, moment, "anonymous", "", *answers])
    return Table([*own, *(question.text for question in survey.questions)], cells)


def forms() -> Written:
    table = forms_table()
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Sheet1"
    # a blank at the end and a no-break space, as Forms writes them
    own, texts = table.headings[:5], table.headings[5:]
    page.append([*own, *(f"{text.replace(' ', chr(0xA0), 1)} " for text in texts)])
    for number, begun, sent, sender, _, *answers in table.cells:
        dates = [datetime.fromisoformat(moment) for moment in (begun, sent)]
        page.append([int(number), *dates, sender, None, *(answer or None for answer in answers)])
        for cell in page[page.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    made = io.BytesIO()
    book.save(made)
    return Written("forms.xlsx", made.getvalue(), "forms", table)


def _forms_cell(question: Question, answer: State) -> str:
    if isinstance(answer, frozenset):
        return "".join(f"{label};" for code, label in question.options.items() if code in answer)
    if answer in MISSING:
        return ""
    return question.options.get(answer, answer)


class QualtricsTable(NamedTuple):
    """A table, and the text of the question in each of its columns."""

    table: Table
    texts: list[str]


def qualtrics_table(survey: Survey = SURVEY) -> QualtricsTable:
    own = ["StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId"]
    texts = ["Start Date", "End Date", "Response Type", "Progress", "Finished", "Recorded Date", "Response ID"]
    names = [f"{q.name}_{k}" if q.kind == "multiple" else q.name for q in survey.questions for k in _choices(q)]
    cells: list[list[str | None]] = []
    for one in survey.respondents:
        moment, done = MOMENT.format(one.number % 10), str(int(one.is_complete))
        row = [moment, moment, "0", "100" if one.is_complete else "40", done, moment, f"R_{one.number}"]
        pairs = zip(survey.questions, one.answers, strict=True)
        cells.append([*row, *(cell for pair in pairs for cell in _qualtrics_cells(*pair))])
    return QualtricsTable(Table([*own, *names], cells), [*texts, *(text for _, text in _columns("_", "", survey))])


def qualtrics_csv(found: QualtricsTable, heading_rows: int) -> bytes:
    """Two or three rows of headings, and an answer that a preview left behind."""
    headings, cells = found.table
    identifiers = [json.dumps({"ImportId": name}, separators=(",", ":")) for name in headings]
    preview = [MOMENT.format(0)] * 2 + ["1", "100", "1", MOMENT.format(0), "R_0"]
    preview += [""] * (len(headings) - len(preview))
    rows = [headings, found.texts, identifiers][:heading_rows]
    return plain_csv(Table(rows[0], [*rows[1:], preview, *cells]), ",", "utf-8-sig")


def qualtrics(heading_rows: int) -> Written:
    found = qualtrics_table()
    return Written(f"qualtrics{heading_rows}.csv", qualtrics_csv(found, heading_rows), "qualtrics", found.table)


def _choices(question: Question) -> range:
    return range(1, 1 + (len(question.options) if question.kind == "multiple" else 1))


def _qualtrics_cells(question: Question, answer: State) -> list[str]:
    if question.kind == "multiple":
        return [label if code in answer else "" for code, label in question.options.items()]
    return ["" if answer in MISSING else question.options.get(str(answer), str(answer))]


def kobo_table(survey: Survey = SURVEY) -> Table:
    """KoBoToolbox: options joined by a space, and 1 or 0 beside it; only what was sent."""
    names: list[str] = []
    for question in survey.questions:
        options = question.options if question.kind == "multiple" else {}
        names += [question.name, *(f"{question.name}/{code}" for code in options)]
    cells = []
    for place, one in enumerate(one for one in survey.respondents if one.is_complete):
        moment = MOMENT.format(place % 10).replace(" ", "T")
        row: list[str | None] = [moment, moment]
        for question, answer in zip(survey.questions, one.answers, strict=True):
            joined = " ".join(code for code in question.options if code in answer)
            row += [joined] if isinstance(answer, frozenset) else ["" if answer in MISSING else answer]
            row += _plain(question, answer) if question.kind == "multiple" else []
        cells.append([*row, str(1000 + one.number), f"uuid-{one.number}", moment])
    return Table(["start", "end", *names, "_id", "_uuid", "_submission_time"], cells)


def kobo_csv(table: Table) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([table.headings, *table.cells])
    return made.getvalue().encode()


# numbers of codes in a .sav; a reason of its own for each missing answer
REASON_NUMBERS = {NOT_SHOWN: 97.0, NOT_ANSWERED: 98.0, BROKEN_OFF: 99.0}
REASON_LETTERS = {NOT_SHOWN: "a", NOT_ANSWERED: "b", BROKEN_OFF: "c"}


class Coded(NamedTuple):
    """Columns of numbers for options in their order, and of texts as they are; labels of the numbers by column."""

    columns: dict[str, list]
    labels: dict[str, dict]


def coded_columns(reasons: dict[str, float] | dict[str, str], survey: Survey = SURVEY) -> Coded:
    columns: dict[str, list] = {"nr": [float(one.number) for one in survey.respondents]}
    labels: dict[str, dict] = {}
    for place, question in enumerate(survey.questions):
        answers = [one.answers[place] for one in survey.respondents]
        missing = {reason: name for name, reason in reasons.items()}
        if question.kind == "text":
            columns[question.name] = ["" if answer in MISSING else answer for answer in answers]
        elif question.kind == "list":
            numbers = {code: float(number) for number, code in enumerate(question.options, 1)} | reasons
            columns[question.name] = [numbers[answer] for answer in answers]
            labels[question.name] = {numbers[code]: label for code, label in question.options.items()} | missing
        else:
            for code in question.options:
                values = [float(code in a) if isinstance(a, frozenset) else reasons[a] for a in answers]
                columns[f"{question.name}_{code}"] = values
                labels[f"{question.name}_{code}"] = {0.0: "Nee", 1.0: "Ja"} | missing
    return Coded(columns, labels)


def write_spss(path, coded: Coded, survey: Survey = SURVEY) -> bytes:
    texts = {question.name: question.text for question in survey.questions if question.kind != "multiple"}
    pyreadstat.write_sav(
        pd.DataFrame(coded.columns),
        path,
        column_labels={name: text for name, text in texts.items() if name in coded.columns},
        variable_value_labels=coded.labels,
        missing_ranges={name: [{"lo": 97, "hi": 99}] for name in coded.labels},
    )
    return path.read_bytes()


def spss(folder) -> Written:
    coded, path = coded_columns(REASON_NUMBERS), folder / "answers.sav"
    return Written(path.name, write_spss(path, coded), "spss", _coded_table(coded.columns, ""))


def write_stata(path, coded: Coded, survey: Survey = SURVEY) -> bytes:
    columns, labels = coded
    texts = dict(_columns("_", "", survey))
    pyreadstat.write_dta(
        pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()}),
        path,
        column_labels=[texts.get(name, name) for name in columns],
        variable_value_labels={
            name: {int(code) if isinstance(code, float) else code: text for code, text in found.items()}
            for name, found in labels.items()
        },
        missing_user_values={name: ["a", "b", "c"] for name in labels},
    )
    return path.read_bytes()


def stata(folder) -> Written:
    coded, path = coded_columns(REASON_LETTERS), folder / "answers.dta"
    return Written(path.name, write_stata(path, coded), "stata", _coded_table(coded.columns, "."))


def _coded_table(columns: dict[str, list], mark: str) -> Table:
    texts = {question.name for question in QUESTIONS if question.kind == "text"}
    cells = {
        name: [value if name in texts else mark + value if isinstance(value, str) else f"{value:g}" for value in values]
        for name, values in columns.items()
    }
    return Table(list(columns), [list(row) for row in zip(*cells.values(), strict=True)])


def every_file(folder) -> dict[str, Written]:
    """By a name of its own, each file; ``folder`` is one to write in."""
    files = {}
    for headings, answers, separator, bare in product(
        ("codes", "both", "texts"), ("codes", "labels"), SEPARATOR_NAMES, (False, True)
    ):
        name = f"limesurvey-{6 if bare else 5}-{headings}-{answers}-{SEPARATOR_NAMES[separator]}"
        table = limesurvey_table(headings, answers)
        content = limesurvey_csv(table, separator, null_is_bare=bare)
        files[name] = Written(f"{name}.csv", content, "limesurvey_csv", table, bare and answers == "codes")
    for version, answers in product((3, 6), ("codes", "labels")):
        table = limesurvey_table("codes", answers)
        name = f"limesurvey-json-{version}-{answers}"
        files[name] = Written(
            f"{name}.json", limesurvey_json(table, version), "limesurvey_json", table, answers == "codes"
        )
    plain, kobo, lime = plain_table(), kobo_table(), limesurvey_table("codes", "codes")
    files |= {
        "limesurvey-xlsx": Written("limesurvey.xlsx", workbook(lime), "limesurvey_csv", lime),
        "spss": spss(folder),
        "stata": stata(folder),
        "excel": Written("answers.xlsx", workbook(plain), "excel", plain),
        "excel-97": Written("answers.xls", old_workbook(plain), "excel", plain),
        "forms": forms(),
        "qualtrics-3": qualtrics(3),
        "qualtrics-2": qualtrics(2),
        "kobo-csv": Written("kobo.csv", kobo_csv(kobo), "kobo", kobo),
        "kobo-xlsx": Written("kobo.xlsx", workbook(kobo), "kobo", kobo),
        "csv": Written("answers.csv", plain_csv(plain), "csv", plain),
        "csv-comma": Written("comma.csv", plain_csv(plain, ","), "csv", plain),
        "csv-cp1252": Written("western.csv", plain_csv(plain, ";", "cp1252"), "csv", plain),
        "csv-utf-16": Written("utf-16.csv", plain_csv(plain, "\t", "utf-16"), "csv", plain),
    }
    return files
