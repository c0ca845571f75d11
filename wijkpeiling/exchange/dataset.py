"""The answers of a wave as others take them in: numbers with a label for each, a reason for each that is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from wijkpeiling.answers import Answers
from wijkpeiling.contracts import SIZE_CLASSES, concepts_of
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.language import say
from wijkpeiling.project import Project

# below zero, so that no answer can be taken for one
MISSING_CODES = {"not_asked": -1, "not_answered": -2, "not_shown": -3, "broken_off": -4}
NO, YES = 0, 1


@dataclass(frozen=True)
class Variable:
    """One column of a file.

    Attributes
    ----------
    name
        As in the project: a slug, or a column of the contract ``responses``.
    label
        In words.
    values
        Label of each number that stands for something else; empty for a variable of text or measured numbers.
    missing
        The reason for each number that stands for no answer.
    question
        Wording of the question; empty where it is not known or not public.
    """

    name: str
    label: str
    values: Mapping[int, str] = field(default_factory=dict)
    missing: Mapping[int, str] = field(default_factory=dict)
    question: str = ""


class ResponseSet(NamedTuple):
    """A question of which several answers could be ticked, each a variable of its own."""

    name: str
    label: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Dataset:
    """A table that can be written in any format.

    Attributes
    ----------
    table
        A column for each variable, in their order: whole numbers, text, or numbers with decimals.
    notes
        What a reader of the file should know, sentence by sentence.
    """

    wave: int
    language: str
    title: str
    variables: tuple[Variable, ...]
    table: pd.DataFrame
    sets: tuple[ResponseSet, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """The words that a dataset of a wave takes: those of its concepts and questions."""

    project: Project
    questionnaire: Questionnaire
    language: str
    shows_wording: bool = True

    def variables(self, concepts: Sequence[str]) -> tuple[Variable, ...]:
        """A variable of each concept, with the reasons that an answer can be missing for."""
        values = {NO: say(self.language, "export_no"), YES: say(self.language, "export_yes")}
        missing = {code: say(self.language, f"missing_{reason}") for reason, code in MISSING_CODES.items()}
        return tuple(
            Variable(
                concept,
                self.project.concepts[concept].label[self.language],
                values | missing,
                {code: reason for reason, code in MISSING_CODES.items()},
                self._wording(concept),
            )
            for concept in concepts
        )

    def sets(self, concepts: Sequence[str]) -> tuple[ResponseSet, ...]:
        """The questions with several of these concepts as answers that could be ticked beside each other."""
        found: dict[str, list[str]] = {}
        for concept in concepts:
            name = self.questionnaire.items[concept].question if concept in self.questionnaire.items else None
            if name is not None and self.questionnaire.questions[name].type == "multiple":
                found.setdefault(name, []).append(concept)
        return tuple(
            ResponseSet(name, self._wording(names[0]) or name, tuple(names))
            for name, names in found.items()
            if len(names) > 1
        )

    def _wording(self, concept: str) -> str:
        if concept not in self.questionnaire.items or not self.shows_wording:
            return ""
        wording = self.questionnaire.question(concept).wording
        return "" if wording is None else wording[self.language]


def full_dataset(answers: Answers, wave: int, described: Described) -> Dataset:
    """Everything that is known of the answers of a wave, municipality by municipality. Not for publication."""
    language = described.language
    responses = answers.wave(wave)
    names = answers.frame(wave).set_index("gemeentecode")["name"]
    concepts = asked_concepts(answers, wave)
    provincies = sorted(responses["provincie"].unique())
    table = pd.DataFrame(
        {
            "wave": wave,
            "gemeentecode": responses["gemeentecode"],
            "name": responses["gemeentecode"].map(names),
            "size_class": size_codes(responses["size_class"]),
            "provincie": responses["provincie"].map(provincies.index) + 1,
            **coded(answers, wave)[concepts],
            "weight": responses["weight"].astype(float),
        }
    )
    of_municipality = [
        Variable("wave", say(language, "export_wave")),
        Variable("gemeentecode", say(language, "export_code")),
        Variable("name", say(language, "export_name")),
        size_variable(language),
        Variable("provincie", say(language, "export_provincie"), dict(enumerate(provincies, start=1))),
    ]
    variables = (*of_municipality, *described.variables(concepts), Variable("weight", say(language, "export_weight")))
    title = say(language, "export_title", wave=wave)
    return Dataset(wave, language, title, variables, table, described.sets(concepts))


def asked_concepts(answers: Answers, wave: int) -> list[str]:
    """The concepts that a wave put to at least one municipality."""
    reasons = answers.missing_reasons(wave)
    return [slug for slug in concepts_of(answers.responses) if not reasons[slug].eq("not_asked").fillna(False).all()]


def coded(answers: Answers, wave: int) -> pd.DataFrame:
    """Shape (n, concepts): 1 for yes, 0 for no, and the code of its reason for each answer that is missing."""
    concepts = answers.concepts
    given = answers.wave(wave)[concepts].astype("Int64")
    reasons = answers.missing_reasons(wave)
    return pd.DataFrame(
        {slug: given[slug].fillna(reasons[slug].map(MISSING_CODES).astype("Int64")) for slug in concepts}
    )


def size_codes(size_class: pd.Series) -> pd.Series:
    """Size classes from 1, the smallest."""
    return size_class.cat.codes.astype("Int64") + 1


def size_variable(language: str) -> Variable:
    """The variable ``size_class`` with its labels."""
    labels = {code: say(language, f"size_{code - 1}") for code in range(1, len(SIZE_CLASSES) + 1)}
    return Variable("size_class", say(language, "export_size_class"), labels)
