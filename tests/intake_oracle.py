"""What a careful reader makes of a sheet, by rules of its own: the answers, and where it would stop and ask."""

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tests.intake_files import BROKEN_OFF, NOT_ANSWERED, NOT_SHOWN, Question
from tests.intake_survey import ASKED, CODE, CONCEPTS, MISSING_OPTION, NAME, ROUTED, TASKS, TEAM, Sheet

YES = {"y", "1", "ja", "yes", "x", "true", "waar", "checked", "selected"}
NO = {"", "n", "0", "nee", "no", "false", "onwaar", "unchecked", "not selected", "niet geselecteerd"}
NOT_THERE = {"n/a", "n.v.t."}
YES_OR_NO = {"y": "yes", "true": "yes", "n": "no", "false": "no"}
FINISHED = {"1": True, "0": False, "true": True, "false": False, "": False}
FINISHED |= {"ja": True, "nee": False, "yes": True, "no": False}
# Qualtrics marks answers that nobody gave
TRIALS = {"1", "2", "8", "9", "12", "17"}
SENT = (
    "submitdate",
    "datum verzonden",
    "submitdate. datum verzonden",
    "enddate",
    "tijd van voltooien",
    "_submission_time",
)
TELLING = {**dict.fromkeys(SENT, "sent"), "finished": "finished", "status": "status"}
# signs that look as another and mean something else: ², ½, ①
ASIDE = ("<super>", "<sub>", "<fraction>", "<circle>", "<compat>", "<square>")
BOLD = re.compile("</?b>")
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


class Place(NamedTuple):
    question: str
    option: str | None = None


@dataclass
class Verdict:
    """The answers of each municipality, and the rows (as shown; None for the whole sheet) that must be told of.

    ``may_ask``: it reads as the answers say, and to ask is no mistake either.
    """

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: set[int | None] = field(default_factory=set)
    may_ask: bool = False


class Reading(NamedTuple):
    """Codes of the options that were chosen; None for what is no answer. ``is_sure``: as it is to be written."""

    chosen: frozenset[str] | None
    is_sure: bool = True
    is_null: bool = False


def spelt(text: object) -> str:
    return " ".join(str(text).casefold().split())


def near(text: str) -> str:
    """A text without what one overlooks: wide signs, accents, what cannot be seen, zeros before and behind a number."""
    if any(unicodedata.decomposition(sign).startswith(ASIDE) for sign in text if sign not in "\u00a0\u202f"):
        return "\0"
    letters = unicodedata.normalize("NFKD", INVISIBLE.sub("", html.unescape(BOLD.sub("", text))))
    bare = spelt("".join(letter for letter in letters if not unicodedata.combining(letter)))
    return re.sub(r"^0*(\d+)([.,]0+)?$", r"\1", bare)


def read_sheet(sheet: Sheet, names: dict[str, str], *, keeps_null: bool) -> Verdict:
    """What the sheet says of each municipality (by code, ``names``)."""
    verdict = Verdict()
    columns = _columns(sheet, verdict)
    replies: dict[str, list[tuple[Any, int, dict[str, Any]]]] = defaultdict(list)
    for number, row in enumerate(sheet.rows, sheet.first_row):
        if all(_is_blank(cell) for cell in row) or _is_trial(columns, row):
            continue
        cells = {key: [_said(sheet, at, row[at]) for at in places] for key, places in columns.items()}
        _reply(cells, number, names, verdict, replies, keeps_null=keeps_null)
    for code, given in replies.items():
        *others, (_, _, answers) = sorted(given, key=lambda reply: reply[:2])
        verdict.answers[code] = answers
        verdict.told |= {number for _, number, _ in others}
    return verdict


def _is_blank(cell: object) -> bool:
    return cell is None or not str(cell).strip()


def _is_trial(columns: dict[Any, list[int]], row: list[Any]) -> bool:
    return any(str(row[at]).strip() in TRIALS for at in columns.get("status", ()))


def _said(sheet: Sheet, at: int, cell: object) -> str | None:
    """A cell as one reads it: a number by its label."""
    if cell is None:
        return None
    if sheet.headings[at] in sheet.labels and not isinstance(cell, bool):
        return sheet.labels[sheet.headings[at]].get(cell, f"{cell:g}" if isinstance(cell, float) else f".{cell}")
    if isinstance(cell, bool):
        return str(cell)
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _spellings() -> Iterator[tuple[str, Place | str]]:
    for question in (CODE, NAME, *ASKED):
        for text in (question.name, question.text, f"{question.name}. {question.text}"):
            yield text, Place(question.name)
        for code, label in question.options.items() if question.kind == "multiple" else ():
            texts = [f"{question.name}[{code}]", f"{question.name}_{code}", f"{question.name}/{code}"]
            text = f"{question.text} [{label}]"
            for one in (*texts, text, f"{texts[0]}. {text}"):
                yield one, Place(question.name, code)


KNOWN: dict[str, Place | str] = {spelt(text): place for text, place in _spellings()} | TELLING
NEARLY = {near(text): place for text, place in KNOWN.items()}


def _columns(sheet: Sheet, verdict: Verdict) -> dict[Any, list[int]]:
    """Numbers of the columns of each question, option or what else there is to know; told is what does not fit."""
    found: dict[Any, list[int]] = defaultdict(list)
    for at, heading in enumerate(sheet.headings):
        text = sheet.texts[at] if sheet.texts else ""
        spellings = [*map(spelt, (heading, *heading.split(". ", 1), text))]
        places = {KNOWN[one] for one in spellings if one in KNOWN}
        verdict.may_ask |= not places
        # what only looks as another heading
        places = places or {NEARLY[one] for one in map(near, spellings) if one in NEARLY}
        if len(places) > 1:
            verdict.told.add(None)
        for place in places:
            found[place].append(at)
    for places in found.values():
        cells = [[row[at] for row in sheet.rows] for at in places]
        verdict.may_ask |= len(places) > 1
        if any(other != cells[0] for other in cells):
            verdict.told.add(None)
    if not {Place(CODE.name), Place(NAME.name)} & set(found):
        verdict.told.add(None)
    for question in ASKED:
        options = [Place(question.name, code) for code in question.options if question.kind == "multiple"]
        has_options = options and all(place in found for place in options)
        if Place(question.name) not in found and not has_options:
            verdict.told.add(None)
    return found


def _reply(
    cells: dict[Any, list[str | None]],
    number: int,
    names: dict[str, str],
    verdict: Verdict,
    replies: Any,
    *,
    keeps_null: bool,
) -> None:
    readings = {question.name: _question(question, cells, keeps_null=keeps_null) for question in ASKED}
    if any(reading.chosen is None for reading in readings.values()):
        verdict.told.add(number)
    verdict.may_ask |= not all(reading.is_sure for reading in readings.values())
    if not any(reading.chosen for reading in readings.values()):
        # who said nothing is of no municipality
        return
    code = _municipality(cells, number, names, verdict)
    sent = _sent(cells, number, verdict)
    answers = _states(readings, sent is not None, number, verdict)
    if code is not None:
        replies[code].append(((sent is not None, sent or ""), number, answers))


def _municipality(
    cells: dict[Any, list[str | None]], number: int, names: dict[str, str], verdict: Verdict
) -> str | None:
    found, is_told = [], False
    by_name = {spelt(name): code for code, name in names.items()}
    for question in (CODE, NAME):
        for cell in cells.get(Place(question.name), [])[:1]:
            text = (cell or "").strip()
            exact = text if text in names else by_name.get(spelt(text))
            digits = re.fullmatch(r"(gm)?0*(\d{1,4})(\.0)?", near(text))
            code = exact or by_name.get(near(text)) or (f"GM{int(digits[2]):04d}" if digits else None)
            # a code says it where no name does
            found += [code] if code in names else [] if text == "" and found else [""]
            is_told |= code not in names and text != ""
            verdict.may_ask |= exact is None
    first, *others = found or [""]
    is_sure = first and set(others) <= {first, ""}
    if is_told or not is_sure:
        verdict.told.add(number)
    return first if is_sure else None


def _sent(cells: dict[Any, list[str | None]], number: int, verdict: Verdict) -> str | None:
    """When a reply was handed in; "" where the sheet does not say, None where it was not."""
    moment = ""
    if "sent" in cells:
        text = (cells["sent"][0] or "").strip()
        is_day = re.fullmatch(r"[3-9]\d{4}([.,]\d+)?", text)
        try:
            moment = datetime.fromisoformat(text.rstrip(".")).isoformat() if text and not is_day else text
        except ValueError:
            verdict.told.add(number)
        if not text and "finished" not in cells:
            return None
    if "finished" in cells:
        done = FINISHED.get(spelt(cells["finished"][0] or ""))
        if done is None:
            verdict.told.add(number)
        return moment if done else None
    return moment


def _question(question: Question, cells: dict[Any, list[str | None]], *, keeps_null: bool) -> Reading:
    whole = cells.get(Place(question.name), [])[:1]
    if question.kind == "text":
        return Reading(frozenset({"text"} if whole and not _is_blank(whole[0]) else ()))
    options = {
        code: cells[Place(question.name, code)][0] for code in question.options if Place(question.name, code) in cells
    }
    if question.kind == "list":
        return _one(question, whole[0] if whole else None)
    ticks = {code: _tick(question, code, cell, keeps_null=keeps_null) for code, cell in options.items()}
    readings = [*ticks.values(), *(_several(question, cell or "") for cell in whole)]
    if any(reading.chosen is None for reading in readings):
        return Reading(None)
    ticked = frozenset(code for code, reading in ticks.items() if reading.chosen)
    joined = [reading.chosen for reading in readings[len(ticks) :]]
    if ticks and joined and len(ticks) == len(question.options) and joined[0] != ticked:
        return Reading(None)
    is_null = bool(ticks) and all(reading.is_null for reading in ticks.values())
    return Reading(joined[0] if joined else ticked, all(reading.is_sure for reading in readings), is_null)


def _one(question: Question, cell: str | None) -> Reading:
    text = spelt(cell or "")
    if not text or text in NOT_THERE:
        return Reading(frozenset())
    exact = {spelt(word): code for code, label in question.options.items() for word in (label, code)}
    if text in exact:
        return Reading(frozenset({exact[text]}))
    alike = {near(word): code for word, code in exact.items()}
    alike |= YES_OR_NO if question is TEAM else {}
    found = alike.get(near(cell or ""))
    if found is None and not near(cell or ""):
        return Reading(frozenset(), False)
    return Reading(found if found is None else frozenset({found}), False)


def _tick(question: Question, code: str, cell: str | None, *, keeps_null: bool) -> Reading:
    text = spelt(cell or "")
    own = {code, spelt(question.options[code])}
    is_null = (cell is None and keeps_null) or text in NOT_THERE
    if text in own & (NO - {""}):
        return Reading(None)
    if text in YES | own or text in NO | NOT_THERE:
        return Reading(frozenset({code} if text in YES | own else ()), True, is_null)
    alike = near(cell or "")
    if alike in own & (NO - {""}) or alike not in YES | own | NO | NOT_THERE:
        return Reading(None)
    return Reading(frozenset({code} if alike in YES | own else ()), False, is_null or alike in NOT_THERE)


def _several(question: Question, cell: str) -> Reading:
    if spelt(cell) in NOT_THERE or not spelt(cell):
        return Reading(frozenset())
    labels = {spelt(label): code for code, label in question.options.items()}
    codes = {code: code for code in question.options}
    for words, known in ((cell.split(";"), labels | codes), (cell.split(), codes)):
        said = [spelt(word) for word in words if spelt(word)]
        if said and all(word in known for word in said):
            return Reading(frozenset(known[word] for word in said), len(said) == len(set(said)))
    alike = {near(word): code for word, code in (labels | codes).items()}
    said = [near(word) for word in re.split(r"[;|]", cell) if near(word)]
    if said and all(word in alike for word in said):
        return Reading(frozenset(alike[word] for word in said), False)
    # parted by something else, each a whole code or label
    rest, found = near(cell), set()
    while rest:
        word = next(
            (word for word in sorted(alike, key=len, reverse=True) if re.match(re.escape(word) + r"([;,| ]|$)", rest)),
            None,
        )
        if word is None:
            return Reading(None)
        found.add(alike[word])
        rest = rest[len(word) :].lstrip(" ;,|")
    return Reading(frozenset(found), False)


def _states(readings: dict[str, Reading], is_complete: bool, number: int, verdict: Verdict) -> dict[str, Any]:
    """Of each concept True, False, or why there is no answer."""
    last = max(at for at, reading in enumerate(readings.values()) if reading.chosen)
    has_team = readings[TEAM.name].chosen == {"yes"}
    states: dict[str, Any] = {}
    for at, question in enumerate(ASKED):
        chosen, _, is_null = readings[question.name]
        chosen = chosen or frozenset()
        is_shown = has_team or question.name not in ROUTED
        if (chosen and not is_shown) or (len(chosen) > 1 and TASKS.exclusive in chosen and question is TASKS):
            verdict.told.add(number)
        # nothing ticked says none of them, where there is no other way to say it
        says_none = question.kind == "multiple" and not question.exclusive and is_complete and not is_null
        is_broken = not is_complete and last < at
        reason = NOT_SHOWN if not is_shown else BROKEN_OFF if is_broken else NOT_ANSWERED
        is_answered = is_shown and (bool(chosen - {MISSING_OPTION}) or (not chosen and says_none))
        for concept, (asked, yes) in CONCEPTS.items():
            if asked is question:
                states[concept] = bool(chosen & yes) if is_answered else reason
    return states
