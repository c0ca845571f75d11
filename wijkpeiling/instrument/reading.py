"""The questionnaire of a wave, read from its folder and checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wijkpeiling.errors import InstrumentError
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.project import Project
from wijkpeiling.records import read_yaml

# of a question that is no yes or no
FEWEST_OPTIONS = {"single": 2, "multiple": 1}


class Fault(NamedTuple):
    """What is wrong with a key of the questionnaire."""

    key: str
    what: str
    expected: str


def read_questionnaire(project: Project, wave: int) -> Questionnaire:
    """Read ``questionnaire.yml`` of a wave.

    Raises
    ------
    InstrumentError
        When the file is missing or broken, names a concept, base, wave or question that is not there, or has a question
        that cannot be put: without answers to choose from, or routed by one that comes later.
    """
    path = project.raw / str(project.wave(wave).wave) / "questionnaire.yml"
    questionnaire = read_yaml(path, Questionnaire, InstrumentError)
    for check in (_check_questions, _check_names, _check_answers, _check_routing):
        for fault in check(questionnaire, project, wave):
            raise InstrumentError(
                f"{fault.key}: {fault.what}", where=path, expected=fault.expected, todo="correct the key"
            )
    return questionnaire


def _check_questions(questionnaire: Questionnaire, project: Project, wave: int) -> Iterator[Fault]:
    own = questionnaire.own_question
    if own.type not in ("yes_no", "unknown") or own.wording or own.routing:
        yield Fault(
            "own_question", "more than a type and options", "type: yes_no or unknown; wording and routing per item"
        )
    questions = {f"questions.{name}": question for name, question in questionnaire.questions.items()}
    for key, question in {"own_question": own, **questions}.items():
        if (question.type == "unknown") != (question.reason is not None):
            yield Fault(
                key, f"type {question.type} and reason do not go together", "a reason where the type is unknown"
            )
        if len(question.options) < FEWEST_OPTIONS.get(question.type, 0):
            yield Fault(
                f"{key}.options", "too few", f"{FEWEST_OPTIONS[question.type]} or more of a {question.type} choice"
            )
        exclusive = [code for code, option in question.options.items() if option.is_exclusive]
        if exclusive and question.type != "multiple":
            yield Fault(
                f"{key}.options.{exclusive[0]}", "is_exclusive in a choice of one", "is_exclusive with type: multiple"
            )


def _check_names(questionnaire: Questionnaire, project: Project, wave: int) -> Iterator[Fault]:
    earlier = [year for year in project.waves if year < wave]
    for concept, item in questionnaire.items.items():
        strange = {
            "concept": [] if concept in project.concepts else [concept],
            "question": [item.question] if item.question and item.question not in questionnaire.questions else [],
            "base": [base for base in item.bases if base not in project.bases],
            "earlier wave": [str(year) for year in item.comparability if year not in earlier],
        }
        for what, names in strange.items():
            if names:
                expected = "a slug of concepts.yml, a name under questions, or the year of an earlier wave"
                yield Fault(concept, f"unknown {what} {', '.join(names)}", expected)


def _check_answers(questionnaire: Questionnaire, project: Project, wave: int) -> Iterator[Fault]:
    for concept, item in questionnaire.items.items():
        key = f"{concept}.counts_as_yes"
        if item.question is None:
            if item.counts_as_yes:
                yield Fault(key, "without a question", "question: a name under questions")
            continue
        if item.wording or item.routing:
            yield Fault(concept, "wording or routing beside question", f"both under questions.{item.question}")
        question = questionnaire.questions[item.question]
        codes = [code for code, option in question.offered.items() if not option.is_missing]
        strange = [code for code in item.counts_as_yes if code not in codes]
        if strange:
            yield Fault(
                key, f"no answer {', '.join(strange)}", "one of " + (", ".join(codes) or "none: no options are known")
            )
        if not item.counts_as_yes and question.type in FEWEST_OPTIONS:
            yield Fault(key, "empty", "the options that say yes to the concept: " + ", ".join(codes))


def _check_routing(questionnaire: Questionnaire, project: Project, wave: int) -> Iterator[Fault]:
    """A concept that routes was asked in this wave, before what it routes to, and defines a base."""
    place = {concept: number for number, concept in enumerate(questionnaire.items)}
    routed = [(slug, questionnaire.routing(slug), number) for slug, number in place.items()]
    routed += [
        (f"questions.{name}", question.routing, len(place)) for name, question in questionnaire.questions.items()
    ]
    for key, routing, number in routed:
        if routing is None:
            continue
        base = project.base_defined_by(routing)
        if routing not in place or base is None:
            yield Fault(
                key, f"unknown routing {routing}", "routing: an item of this wave that defines a base in concepts.yml"
            )
        elif place[routing] >= number:
            yield Fault(
                key, f"routing {routing} does not come before it", "items in the order in which they were asked"
            )
        elif key in place and questionnaire.bases(key) and base not in questionnaire.bases(key):
            yield Fault(key, f"routing {routing} and bases do not go together", f"{base} among the bases")


def check_verdicts(questionnaires: dict[int, Questionnaire], measured: dict[str, list[int]], folder: Path) -> None:
    """Require a verdict on each item against every earlier wave that has a percentage of the same concept.

    Parameters
    ----------
    measured
        Waves with an accepted percentage, by concept.
    folder
        Where the folders of the waves stand.

    Raises
    ------
    InstrumentError
        Naming all items of the first wave that lacks verdicts, each with the waves it lacks them for.
    """
    for wave, questionnaire in questionnaires.items():
        missing = {
            concept: [year for year in measured.get(concept, []) if year < wave and year not in item.comparability]
            for concept, item in questionnaire.items.items()
        }
        missing = {concept: years for concept, years in missing.items() if years}
        if missing:
            raise InstrumentError(
                f"no verdict on comparability of {len(missing)} of the items of {wave}: "
                + "; ".join(f"{concept} with {', '.join(map(str, years))}" for concept, years in missing.items()),
                where=folder / str(wave) / "questionnaire.yml",
                expected="under each item, comparability: {YEAR: {verdict: same, minor, broken or unknown, "
                "reason: {nl: ..., en: ...}}}",
                todo="compare the questions and add the verdicts; unknown where the wording of one is not known",
            )
