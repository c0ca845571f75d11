"""What a wave asked, over whom, and whether that can be compared with an earlier wave."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from wijkpeiling.errors import InstrumentError
from wijkpeiling.project import Project
from wijkpeiling.records import Record, Text, read_yaml

COMPARABLE = ("same", "minor")


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


class Item(Record):
    """One concept as a wave asked it.

    ``routing`` names the concept whose yes-sayers were asked; without it all that took part were.
    """

    bases: tuple[str, ...] = ()
    wording: str | None = None
    routing: str | None = None
    comparability: dict[int, Comparability] = Field(default_factory=dict)


class Questionnaire(Record):
    """The questions of one wave, as far as they are known."""

    is_public: bool
    items: dict[str, Item]

    def bases(self, concept: str) -> tuple[str, ...]:
        """The bases a share of this concept may have been taken over; more than one where it was not published."""
        return self.items[concept].bases if concept in self.items else ()

    def comparability(self, concept: str, earlier_wave: int) -> Comparability:
        """Whether ``concept`` can be compared with ``earlier_wave``; what nobody recorded is unknown."""
        if concept not in self.items:
            return NOT_RECORDED
        return self.items[concept].comparability.get(earlier_wave, NOT_RECORDED)


def read_questionnaire(project: Project, wave: int) -> Questionnaire:
    """Read ``questionnaire.yml`` of a wave.

    Raises
    ------
    InstrumentError
        When the file is missing or broken, or names a concept, base or wave that is not there.
    """
    path = project.raw / str(project.wave(wave).wave) / "questionnaire.yml"
    questionnaire = read_yaml(path, Questionnaire, InstrumentError)
    for concept, item in questionnaire.items.items():
        strange = {
            "concept": [] if concept in project.concepts else [concept],
            "routing": [item.routing] if item.routing and not _base_of(project, item.routing) else [],
            "base": [base for base in item.bases if base not in project.bases],
            "wave": [str(year) for year in item.comparability if year not in project.waves],
        }
        for what, names in strange.items():
            if names:
                raise InstrumentError(
                    f"{concept}: unknown {what} {', '.join(names)}",
                    where=path,
                    expected="a slug of concepts.yml, or the year of a wave; routing: a concept that defines a base",
                    todo="mend the name",
                )
    return questionnaire


def _base_of(project: Project, concept: str) -> str | None:
    return next((name for name, base in project.bases.items() if base.defined_by == concept), None)


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
