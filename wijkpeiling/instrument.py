"""What a wave asked, over whom, and whether that can be compared with an earlier wave."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from wijkpeiling.errors import InstrumentError
from wijkpeiling.project import Project
from wijkpeiling.records import Record, Slugs, Text, read_yaml

COMPARABLE = ("same", "minor")
CHOICE_OF_ONE = ("yes_no", "single")
# of a question that is no yes or no
FEWEST_OPTIONS = {"single": 2, "multiple": 1}

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class Fault(NamedTuple):
    """What is wrong with a key of the questionnaire."""

    key: str
    what: str
    expected: str


class Comparability(Record):
    """Whether an item measures the same as in an earlier wave, and why."""

    verdict: Literal["same", "minor", "broken", "unknown"]
    reason: Text

    @property
    def is_comparable(self) -> bool:
        return self.verdict in COMPARABLE


NOT_RECORDED = Comparability(
    verdict="unknown",
    reason=Text(
        nl="de vraagstelling van beide peilingen is niet gevonden",
        en="the wording in the two waves was not found",
    ),
)


class Option(Record):
    """One of the answers that a question offers.

    ``is_exclusive``: whoever ticks it ticks nothing else ("geen van deze"). ``is_missing``: it says neither yes nor no
    ("weet niet"), so that the item was not answered.
    """

    label: Text
    is_exclusive: bool = False
    is_missing: bool = False


YES, NO = "yes", "no"
YES_AND_NO = {YES: Option(label=Text(nl="ja", en="yes")), NO: Option(label=Text(nl="nee", en="no"))}


class Question(Record):
    """What was put to municipalities: the wording, who was asked, and the answers to choose from.

    ``type`` is ``yes_no``, ``single`` (one answer of several), ``multiple`` (tick what applies) or ``unknown``, with
    the ``reason`` why it is not known. ``routing`` names the concept whose yes-sayers were asked; without it all that
    took part were. Options stand under the code that the survey tool writes; those of a yes/no question are ``yes``
    and ``no``, and what is named besides.
    """

    type: Literal["yes_no", "single", "multiple", "unknown"]
    reason: Text | None = None
    wording: Text | None = None
    routing: str | None = None
    options: dict[Code, Option] = Field(default_factory=dict)

    @property
    def offered(self) -> dict[str, Option]:
        """Every option by its code, with yes and no where those are meant."""
        return (YES_AND_NO | self.options) if self.type == "yes_no" else self.options


class Item(Record):
    """One concept as a wave asked it.

    ``question`` names the question that it is an answer to, ``counts_as_yes`` the options that say yes to the concept.
    An item without ``question`` is one by itself, with a wording and routing of its own.
    """

    bases: Slugs = ()
    question: str | None = None
    counts_as_yes: Slugs = ()
    wording: Text | None = None
    routing: str | None = None
    comparability: dict[int, Comparability] = Field(default_factory=dict)


class Questionnaire(Record):
    """The questions of one wave, as far as they are known; items stand in the order in which they were asked.

    ``own_question`` says of what type an item is that names no question, and which options it offers.
    """

    is_public: bool
    own_question: Question = Question(type="yes_no")
    questions: dict[Code, Question] = Field(default_factory=dict)
    items: dict[str, Item]

    def bases(self, concept: str) -> tuple[str, ...]:
        """The bases a share of this concept may have been taken over; more than one where it was not published."""
        return self.items[concept].bases if concept in self.items else ()

    def comparability(self, concept: str, earlier_wave: int) -> Comparability:
        """Whether ``concept`` can be compared with ``earlier_wave``; what nobody recorded is unknown."""
        if concept not in self.items:
            return NOT_RECORDED
        return self.items[concept].comparability.get(earlier_wave, NOT_RECORDED)

    def question(self, concept: str) -> Question:
        """The question that a concept of the wave is an answer to."""
        item = self.items[concept]
        if item.question is not None:
            return self.questions[item.question]
        return self.own_question.model_copy(update={"wording": item.wording, "routing": item.routing})

    def routing(self, concept: str) -> str | None:
        """The concept whose yes-sayers were asked, or None: everybody was, or the wave did not ask it."""
        return self.question(concept).routing if concept in self.items else None

    def says_yes(self, concept: str) -> set[str]:
        """Codes of the options that say yes to a concept."""
        return set(self.items[concept].counts_as_yes or (YES,))

    def meaning(self, concept: str) -> dict[str, bool | None]:
        """What each option of a yes/no or single-choice question says of the concept: yes, no, or None for neither.

        Empty for another question: of several options that can be ticked, each has an answer of its own.
        """
        if concept not in self.items or self.question(concept).type not in CHOICE_OF_ONE:
            return {}
        yes, offered = self.says_yes(concept), self.question(concept).offered
        return {code: None if option.is_missing else code in yes for code, option in offered.items()}

    def contradictions(self) -> list[tuple[str, str]]:
        """Concepts to which nobody says yes both: two answers of one choice, or an exclusive one and another."""
        return [
            (first, second)
            for name, question in self.questions.items()
            for first, second in combinations([slug for slug, item in self.items.items() if item.question == name], 2)
            if self._contradict(question, self.says_yes(first), self.says_yes(second))
        ]

    def _contradict(self, question: Question, codes: set[str], others: set[str]) -> bool:
        if question.type == "multiple":
            exclusive = {code for code, option in question.options.items() if option.is_exclusive}
            return codes.isdisjoint(others) and (codes <= exclusive or others <= exclusive)
        return question.type in CHOICE_OF_ONE and codes.isdisjoint(others)


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
