"""What stands in the way of a questionnaire that is to be fielded and compared, beside what reading it refuses."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from wijkpeiling.instrument.codes import LIMESURVEY, LONGEST_VARIABLE, OPTIONS, RESERVED_NAMES, RESERVED_OPTIONS
from wijkpeiling.instrument.questionnaire import CHOICE_OF_ONE, Item, Question, Questionnaire, tool_name
from wijkpeiling.instrument.reading import read_questionnaire
from wijkpeiling.language import say
from wijkpeiling.project import Project
from wijkpeiling.records import Text

# the reason of a verdict that nobody has given yet
NOT_JUDGED = "wording_not_judged"

# options that say something of the matter, without which there is nothing to choose
FEWEST_TELLING = {"single": 2, "multiple": 1}


class Problem(NamedTuple):
    """One thing that the audit of a questionnaire says.

    Attributes
    ----------
    severity
        ``error``: it cannot be fielded, or answers would be lost or compared wrongly. ``warning``: look whether it is
        meant. ``note``: still to decide; without it less is compared.
    key
        Where in ``questionnaire.yml``, as reading names it: ``questions.tasks.options.none``.
    """

    severity: Literal["error", "warning", "note"]
    key: str
    what: str
    todo: str


def audit(questionnaire: Questionnaire, project: Project) -> list[Problem]:
    """Say what a questionnaire still lacks before it is fielded, errors first.

    Parameters
    ----------
    questionnaire
        As `read_questionnaire` gives it: what reading refuses is not looked for again.

    Raises
    ------
    InstrumentError
        When the questionnaire of an earlier wave, with which it claims to be the same, is broken.
    """
    if not questionnaire.is_public:
        todo = "is_public: true, once every question stands in it as it is put"
        return [Problem("error", "is_public", "the questionnaire is not known, so it cannot be fielded", todo)]
    # what follows from who took part was not asked
    items = {slug: item for slug, item in questionnaire.items.items() if project.concepts[slug].is_answer}
    asked = questionnaire.model_copy(update={"items": items})
    found = [problem for check in CHECKS for problem in check(asked, project)]
    return sorted(found, key=lambda problem: ("error", "warning", "note").index(problem.severity))


def _questions(questionnaire: Questionnaire) -> dict[str, Question]:
    """Every question by its key: those under ``questions``, and items that are one by themselves."""
    own = {slug: questionnaire.question(slug) for slug, item in questionnaire.items.items() if item.question is None}
    return {f"questions.{name}": question for name, question in questionnaire.questions.items()} | own


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[str, Text]]:
    above = {"title": questionnaire.title, "introduction": questionnaire.introduction}
    yield from ((key, text) for key, text in above.items() if text is not None)
    options = {f"questions.{name}": question for name, question in questionnaire.questions.items()}
    for key, question in (options | {"own_question": questionnaire.own_question}).items():
        yield from ((f"{key}.options.{code}.label", option.label) for code, option in question.options.items())
    for key, question in _questions(questionnaire).items():
        if question.wording is not None:
            yield f"{key}.wording", question.wording


def _check_translations(questionnaire: Questionnaire, project: Project) -> Iterator[Problem]:
    for key, text in _texts(questionnaire):
        empty = [language for language in Text.model_fields if not text[language].strip()]
        yield from (Problem("error", f"{key}.{language}", "empty", "write it") for language in empty)
        if not empty and _plain(text.nl) == _plain(text.en):
            yield Problem("warning", key, f"the same in nl and en: {text.nl}", "translate it, if it is not meant")


def _check_wordings(questionnaire: Questionnaire, project: Project) -> Iterator[Problem]:
    if questionnaire.title is None:
        yield Problem("warning", "title", "no title", "add one, in nl and en")
    seen: dict[str, str] = {}
    for key, question in _questions(questionnaire).items():
        if question.type == "unknown":
            yield Problem("error", key, "of an unknown type, so it cannot be put", "give it a type, and its options")
        if question.wording is None:
            yield Problem("error", key, "a question without a wording", "add wording, in nl and en")
            continue
        for language in Text.model_fields:
            same = seen.setdefault(f"{language} {_plain(question.wording[language])}", key)
            if same != key:
                todo = "word one of them otherwise: some survey tools name a column after the wording"
                yield Problem("warning", f"{key}.wording.{language}", f"worded as {same}", todo)


def _check_options(questionnaire: Questionnaire, project: Project) -> Iterator[Problem]:
    for key, question in _questions(questionnaire).items():
        telling = [code for code, one in question.offered.items() if not (one.is_missing or one.is_exclusive)]
        if len(telling) < FEWEST_TELLING.get(question.type, 0):
            yield Problem(
                "error", f"{key}.options", "nothing to choose", "add options that say something of the matter"
            )
        if question.type == "multiple":
            exclusive = {code: one.is_missing for code, one in question.options.items() if one.is_exclusive}
            if all(exclusive.values()):
                what = "whoever ticks nothing may mean none of these, or have passed the question over"
                yield Problem("warning", f"{key}.options", what, "add an option for none of these, is_exclusive: true")
            for code, option in question.options.items():
                if option.is_missing and not option.is_exclusive:
                    what = "can be ticked beside an answer, though it says that there is none"
                    yield Problem("warning", f"{key}.options.{code}", what, "add is_exclusive: true")
        yield from _check_labels(key, question)


def _check_labels(key: str, question: Question) -> Iterator[Problem]:
    for language in Text.model_fields:
        seen: dict[str, str] = {}
        for code, option in question.offered.items():
            label = _plain(option.label[language])
            place = f"{key}.options.{code}.label.{language}"
            same = seen.setdefault(label, code)
            if label and same != code:
                todo = "give it another: exports with labels cannot tell the two apart"
                yield Problem("error", place, f"the label of {same} too: {option.label[language]}", todo)
            if ";" in label:
                todo = "write it without: Microsoft Forms separates what was ticked by one"
                yield Problem("warning", place, "a semicolon in a label", todo)


def _check_names(questionnaire: Questionnaire, project: Project) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    longest = LIMESURVEY["question"].longest
    for key in _questions(questionnaire):
        name = tool_name(key.removeprefix("questions."))
        same = seen.setdefault(name.lower(), key)
        faults = {
            f"called {name} by survey tools, as {same} is": same != key,
            f"called {name}: {len(name)} characters, of at most {longest}": len(name) > longest,
            f"called {name}, which survey tools use for something else": name.lower() in RESERVED_NAMES,
        }
        todo = f"give the question another name under questions: letters and digits, at most {longest}"
        yield from (Problem("error", key, what, todo) for what, holds in faults.items() if holds)


def _check_codes(questionnaire: Questionnaire, project: Project) -> Iterator[Problem]:
    for key, question in _questions(questionnaire).items():
        name, longest = tool_name(key.removeprefix("questions.")), _longest(question)
        seen: dict[str, str] = {}
        for code in question.offered:
            kept, place = tool_name(code), f"{key}.options.{code}"
            same = seen.setdefault(kept.lower(), code)
            faults = {
                f"becomes {kept} or is dropped, in some survey tools": kept != code and question.type in CHOICE_OF_ONE,
                f"the code of {same} too, for survey tools": same != code,
                f"{len(kept)} characters, of at most {longest} in a question of type {question.type}": len(kept)
                > longest,
                "a word that survey tools use for something else": kept.lower() in RESERVED_OPTIONS,
            }
            todo = f"choose another code: letters and digits, at most {longest}"
            yield from (Problem("error", place, what, todo) for what, holds in faults.items() if holds)
            if question.type == "multiple":
                yield from _check_variable(place, f"{name}_{kept}", "" if kept == code else kept)


def _longest(question: Question) -> int:
    """Of the code of an option; a type without options offers none."""
    return LIMESURVEY[OPTIONS.get(question.type, "subquestion")].longest


def _check_variable(place: str, variable: str, kept: str) -> Iterator[Problem]:
    """An option that is ticked is a column of its own, named after question and option."""
    if kept:
        yield Problem("warning", place, f"becomes {kept} in some survey tools", "choose a code of letters and digits")
    if len(variable) > LONGEST_VARIABLE:
        what = f"with its question {len(variable)} characters, of at most {LONGEST_VARIABLE} in Stata"
        yield Problem("warning", place, what, "choose a shorter code, or name of the question")


def _check_reach(questionnaire: Questionnaire, project: Project) -> Iterator[Problem]:
    """Who says yes to what, and whom it leads to; items stand in the order in which they are asked."""
    reached: dict[str, bool] = {}
    for slug in questionnaire.items:
        question = questionnaire.question(slug)
        leads = reached.get(question.routing, False) if question.routing else True
        says_yes = questionnaire.says_yes(slug)
        can_say_yes = question.type == "unknown" or says_yes <= set(question.offered)
        reached[slug] = leads and can_say_yes
        if not leads:
            what = f"nobody reaches it: nobody can say yes to {question.routing}, which routes to it"
            yield Problem("error", slug, what, "correct the routing")
        elif not can_say_yes:
            what = f"no answer to its question of type {question.type} says yes to it"
            yield Problem("error", slug, what, "give the question options, and the item counts_as_yes")
        elif question.type in CHOICE_OF_ONE and False not in questionnaire.meaning(slug).values():
            yield Problem("warning", slug, "every answer says yes to it", "add an option, or shorten counts_as_yes")
    yield from _unused(questionnaire, reached)


def _unused(questionnaire: Questionnaire, reached: dict[str, bool]) -> Iterator[Problem]:
    """Questions that nobody reaches or that no item answers to, and options that no item counts."""
    counted: dict[str, set[str]] = defaultdict(set)
    for slug, item in questionnaire.items.items():
        if item.question is not None:
            counted[item.question] |= questionnaire.says_yes(slug)
    for name, question in questionnaire.questions.items():
        key = f"questions.{name}"
        if name not in counted and question.routing and not reached.get(question.routing, False):
            what = f"nobody reaches it: nobody can say yes to {question.routing}, which routes to it"
            yield Problem("error", key, what, "correct the routing")
        if name not in counted and question.type != "text":
            yield Problem("warning", key, "no item is an answer to it", "add an item, or type: text")
        elif question.type == "multiple":
            lost = [
                code
                for code, one in question.options.items()
                if not (one.is_exclusive or one.is_missing or code in counted[name])
            ]
            for code in lost:
                yield Problem("warning", f"{key}.options.{code}", "no item counts it", "add an item, or remove it")


def _check_comparability(questionnaire: Questionnaire, project: Project) -> Iterator[Problem]:
    waves: dict[int, Questionnaire] = {}
    for slug, item in questionnaire.items.items():
        verdicts = {year: known.verdict for year, known in item.comparability.items()}
        for year in [year for year, verdict in verdicts.items() if verdict == "same"]:
            earlier = waves[year] if year in waves else waves.setdefault(year, read_questionnaire(project, year))
            if not earlier.is_public or slug not in earlier.items:
                continue
            before, now = _asked(earlier, slug), _asked(questionnaire, slug)
            changed = [part for part in now if now[part] != before[part]]
            if changed:
                what = f"called the same as in {year}, with another {' and '.join(changed)}"
                todo = "judge what changed: minor or broken, with a reason; or ask it as before"
                yield Problem("error", f"{slug}.comparability.{year}", what, todo)
        yield from _unreasoned(slug, item)
        unknown = [str(year) for year, verdict in verdicts.items() if verdict == "unknown"]
        if unknown:
            what = f"not judged against {', '.join(unknown)}, so not compared"
            yield Problem("note", f"{slug}.comparability", what, "set the wordings side by side and give a verdict")


def _unreasoned(slug: str, item: Item) -> Iterator[Problem]:
    """Verdicts that were given, beside the reason why there was none."""
    years = [
        str(year)
        for year, known in item.comparability.items()
        for language in Text.model_fields
        if known.verdict != "unknown" and known.reason[language] == say(language, NOT_JUDGED, earlier=year)
    ]
    if years:
        what = f"judged against {', '.join(dict.fromkeys(years))}, with a reason that still says it was not"
        todo = "say in nl and en what differs, and what that does to the answers: readers see it"
        yield Problem("warning", f"{slug}.comparability", what, todo)


def _asked(questionnaire: Questionnaire, slug: str) -> dict[str, Any]:
    """A question as a respondent meets it, whatever its codes, and what says yes to the concept."""
    question, yes = questionnaire.question(slug), questionnaire.says_yes(slug)
    wording = question.wording
    offered = [
        (_plain(one.label.nl), _plain(one.label.en), one.is_exclusive, one.is_missing, code in yes)
        for code, one in question.offered.items()
    ]
    return {
        "wording": wording and (_plain(wording.nl), _plain(wording.en)),
        "type": question.type,
        "set of answers": offered if question.type in CHOICE_OF_ONE else sorted(offered),
    }


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()


CHECKS = (
    _check_translations,
    _check_wordings,
    _check_options,
    _check_names,
    _check_codes,
    _check_reach,
    _check_comparability,
)
