"""What a wave asked, of whom, and whether that can be compared with an earlier wave."""

import re
from itertools import combinations
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from wijkpeiling.records import Record, Slugs, Text

COMPARABLE = ("same", "minor")
CHOICE_OF_ONE = ("yes_no", "single")

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


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

    ``type`` is ``yes_no``, ``single`` (one answer of several), ``multiple`` (tick what applies), ``text`` (in the
    respondent's own words, which no concept is taken from and no edition shows) or ``unknown``, with the ``reason`` why
    it is not known. ``routing`` names the concept whose yes-sayers were asked; without it all that
    took part were. Options stand under the code that the survey tool writes; those of a yes/no question are ``yes``
    and ``no``, and what is named besides.
    """

    type: Literal["yes_no", "single", "multiple", "text", "unknown"]
    reason: Text | None = None
    wording: Text | None = None
    routing: str | None = None
    options: dict[Code, Option] = Field(default_factory=dict)

    @property
    def offered(self) -> dict[str, Option]:
        """Every option by its code, with yes and no where those are meant."""
        return (YES_AND_NO | self.options) if self.type == "yes_no" else self.options

    @property
    def has_none(self) -> bool:
        """Whether it offers a way to say that none of its options holds."""
        return any(option.is_exclusive and not option.is_missing for option in self.options.values())


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


def tool_name(name: str) -> str:
    """A name as every survey tool keeps it: some drop what is no letter or digit, without a word."""
    return re.sub(r"[^A-Za-z0-9]", "", name)


class Asked(NamedTuple):
    """A question in its place in the questionnaire.

    Attributes
    ----------
    name
        Under which survey tools know it: letters and digits, a letter first.
    concepts
        Slugs of the items that are answers to it; none of a question in the respondent's own words.
    """

    name: str
    question: Question
    concepts: tuple[str, ...]


class Questionnaire(Record):
    """The questions of one wave, as far as they are known; items stand in the order in which they were asked.

    ``own_question`` says of what type an item is that names no question, and which options it offers. ``title`` and
    ``introduction`` stand above the questions.
    """

    is_public: bool
    title: Text | None = None
    introduction: Text | None = None
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

    def asked(self) -> list[Asked]:
        """Every question in the order in which it is put; one that no item answers to comes last."""
        items: dict[str, list[str]] = {}
        for slug, item in self.items.items():
            items.setdefault(item.question or slug, []).append(slug)
        answered = [
            Asked(tool_name(name), self.question(concepts[0]), tuple(concepts)) for name, concepts in items.items()
        ]
        others = [name for name in self.questions if name not in items]
        return answered + [Asked(tool_name(name), self.questions[name], ()) for name in others]

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
