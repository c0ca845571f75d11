"""What is assumed to invent answers with: ``data/raw/synthetic.yml``, checked."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from wijkpeiling.errors import IntakeError
from wijkpeiling.project import Project
from wijkpeiling.records import Record, Text, each_once, read_yaml

ASSUMPTIONS = "synthetic.yml"

BySizeClass = tuple[float, float, float, float]
Share = Annotated[float, Field(ge=0, le=1)]
Words = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=40)]], Field(min_length=1), AfterValidator(each_once)
]


class AssumedLevel(Record):
    """A national percentage that was not found, and why it is what it is."""

    pct: Annotated[int, Field(ge=0, le=100)]
    reason: Text


class AssumedResponse(Record):
    """Response in each size class, before it is scaled to the wave's number of respondents."""

    by_size_class: tuple[Share, Share, Share, Share]
    reason: Text

    @model_validator(mode="after")
    def _answers_somewhere(self) -> "AssumedResponse":
        if not any(self.by_size_class):
            raise ValueError("nobody answers in any class")
        return self


class AnswerModel(Record):
    """What an answer depends on: see the remarks in ``synthetic.yml``."""

    shared: Share
    lasting: Share
    not_answered: Annotated[float, Field(ge=0, lt=1)]
    size_effects: dict[str, BySizeClass]
    reason: Text

    @model_validator(mode="after")
    def _leave_room(self) -> "AnswerModel":
        if self.shared + self.lasting > 1:
            raise ValueError("shared and lasting are parts of one variance and cannot add up to more than 1")
        return self


class Vocabulary(Record):
    """What names are put together from."""

    regions: Words
    beginnings: Words
    ends: Words


class Assumptions(Record):
    """The whole of ``synthetic.yml``."""

    names: Vocabulary
    levels: dict[int, dict[str, AssumedLevel]]
    response: dict[int, AssumedResponse]
    answers: AnswerModel


def read_assumptions(project: Project) -> Assumptions:
    """Everything that is assumed to invent answers with, as it stands in ``data/raw/synthetic.yml``.

    Raises
    ------
    IntakeError
        When the file does not follow its model, or effects of size are given for a kind that no concept has.
    """
    path = project.raw / ASSUMPTIONS
    assumptions = read_yaml(path, Assumptions, IntakeError)
    kinds = sorted({concept.kind for concept in project.concepts.values()})
    _check_keys("answers.size_effects", assumptions.answers.size_effects, kinds, path)
    return assumptions


def check_occurring(assumptions: Assumptions, occurring: Collection[tuple[int, str]], path: Path) -> None:
    """Refuse an assumption for a wave or a concept that no figure was published of.

    Parameters
    ----------
    occurring
        Waves and concepts with a published level.

    Raises
    ------
    IntakeError
        Naming the key, the strange ones, and those there are.
    """
    waves, concepts = sorted({wave for wave, _ in occurring}), sorted({concept for _, concept in occurring})
    _check_keys("levels", assumptions.levels, waves, path)
    _check_keys("response", assumptions.response, waves, path)
    for wave, levels in assumptions.levels.items():
        _check_keys(f"levels.{wave}", levels, concepts, path)


def _check_keys(name: str, given: Collection[int] | Collection[str], known: Collection[object], path: Path) -> None:
    strange = [str(key) for key in given if key not in known]
    if strange:
        raise IntakeError(
            f"{name}: nothing can be assumed for {', '.join(strange)}",
            where=path,
            expected="one of " + ", ".join(map(str, known)),
            todo="correct the wave, the concept or the kind",
        )
