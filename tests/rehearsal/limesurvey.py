"""Stands in for LimeSurvey: imports the survey structure that the package wrote, lets it be answered, exports.

It takes from the structure what LimeSurvey 6.14 takes from it (measured): pages, types, codes, relevance, and the
options that switch off the others. So a question that the package wrote wrongly is put wrongly here too.
"""

import csv
import io
import re
from dataclasses import dataclass, field

import numpy as np

# what a relevance of the package can hold: question.NAOK == 'code', one or several joined by or
TERM = re.compile(r"(\w+)\.NAOK == '(\w+)'")


@dataclass
class Question:
    """A question of the survey: its options, and those that go with no other."""

    name: str
    kind: str
    relevance: str
    options: list[str] = field(default_factory=list)
    exclusive: list[str] = field(default_factory=list)

    def is_shown(self, answers: dict[str, set[str]]) -> bool:
        if self.relevance in ("1", ""):
            return True
        terms = TERM.findall(self.relevance)
        left = TERM.sub("", self.relevance).replace("or", "").strip(" ()")
        assert terms and not left, f"{self.relevance}: LimeSurvey would show this to everybody"
        return any(self._holds(variable, code, answers) for variable, code in terms)

    def _holds(self, variable: str, code: str, answers: dict[str, set[str]]) -> bool:
        if variable in answers:
            return code in answers[variable]
        question, _, option = variable.rpartition("_")
        return code == "Y" and option in answers.get(question, set())


def read_survey(structure: bytes) -> list[Question]:
    """The questions in the base language; each on a page of its own."""
    text = structure.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))
    base = next(row["text"] for row in rows if row["class"] == "S" and row["name"] == "language")
    questions: list[Question] = []
    for row in rows:
        if row["language"] != base:
            continue
        if row["class"] == "Q":
            exclusive = [code for code in row.get("exclude_all_others", "").split(";") if code]
            questions.append(Question(row["name"], row["type/scale"], row["relevance"], exclusive=exclusive))
        if row["class"] in ("SQ", "A"):
            questions[-1].options.append(row["name"])
    return questions


@dataclass
class Reply:
    """What one respondent did: codes by question, and the page after which it stopped (None: handed in)."""

    municipality: str
    answers: dict[str, set[str]]
    stopped_after: int | None


def draw_replies(questions: list[Question], municipalities: list[str], rng: np.random.Generator) -> list[Reply]:
    """Replies as a fieldwork gives them: some questions passed over, some respondents who stop, some who come back."""
    replies = []
    for municipality in rng.permutation(municipalities)[: round(0.62 * len(municipalities))]:
        stops = rng.random() < 0.08
        replies.append(_draw(questions, municipality, int(rng.integers(1, len(questions))) if stops else None, rng))
        if stops and rng.random() < 0.5:
            replies.append(_draw(questions, municipality, None, rng))
    return replies


def _draw(questions: list[Question], municipality: str, stops: int | None, rng: np.random.Generator) -> Reply:
    answers: dict[str, set[str]] = {}
    for page, question in enumerate(questions, start=1):
        if (stops is not None and page > stops) or not question.is_shown(answers):
            continue
        passed_over = page > 2 and rng.random() < 0.03
        answers[question.name] = set() if passed_over else _answer(question, municipality, rng)
    return Reply(municipality, answers, stops)


def _answer(question: Question, municipality: str, rng: np.random.Generator) -> set[str]:
    if question.kind == "!" or question.name == "gemeente":
        return {municipality}
    if question.kind in ("T", "S"):
        return {"=1+1, geen <b>opmerkingen</b>"} if rng.random() < 0.1 else set()
    if question.kind == "M":
        free = [option for option in question.options if option not in question.exclusive]
        ticked = {option for option in free if rng.random() < 0.5}
        return ticked or {question.exclusive[int(rng.integers(len(question.exclusive)))]}
    weights = np.r_[0.8, np.full(len(question.options) - 1, 0.2 / (len(question.options) - 1))]
    return {str(rng.choice(question.options, p=weights))}


def write_export(questions: list[Question], replies: list[Reply]) -> bytes:
    """The export with codes of LimeSurvey 6.14: BOM, every cell that is there quoted, nothing where it is NULL."""
    head = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    head += [name for question in questions for name in _headings(question)]
    lines = [head]
    for number, reply in enumerate(replies, start=1):
        page = len(questions) if reply.stopped_after is None else reply.stopped_after
        handed_in = f"2027-05-{1 + number % 28:02d} 1{number % 10}:00:00" if reply.stopped_after is None else None
        cells: list[str | None] = [str(number), handed_in, str(page), "nl", str(number * 7919)]
        for question in questions:
            cells += _cells(question, reply)
        lines.append(cells)
    told = "".join(",".join("" if cell is None else _quoted(cell) for cell in line) + "\r\n" for line in [*lines, []])
    return b"\xef\xbb\xbf" + told.encode()


def _headings(question: Question) -> list[str]:
    return [f"{question.name}[{code}]" for code in question.options] if question.kind == "M" else [question.name]


def _cells(question: Question, reply: Reply) -> list[str | None]:
    if question.name not in reply.answers:
        return [None] * len(_headings(question))
    answer = reply.answers[question.name]
    if question.kind != "M":
        return [next(iter(answer), "")]
    switched_off = bool(answer & set(question.exclusive))
    return ["Y" if code in answer else None if switched_off else "" for code in question.options]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
