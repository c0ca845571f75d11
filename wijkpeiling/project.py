"""Where things stand on disk: concepts, waves, and the edition that a set of parameters selects."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from wijkpeiling.concepts import Base, Concept, Concepts, read_concepts
from wijkpeiling.editorial import Editorial, read_editorial
from wijkpeiling.errors import ProjectError
from wijkpeiling.parameters import EDITION_PARAMETERS, check_parameters, injected_names, refuse_unknown
from wijkpeiling.records import Text
from wijkpeiling.waves import Wave, read_waves

RAW = Path("data", "raw")
CONCEPTS = RAW / "concepts.yml"


@dataclass(frozen=True)
class Project:
    """A folder with ``data/raw`` in it."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / RAW

    @cached_property
    def _concepts(self) -> Concepts:
        return read_concepts(self.raw)

    @property
    def concepts(self) -> dict[str, Concept]:
        return self._concepts.concepts

    @property
    def bases(self) -> dict[str, Base]:
        return self._concepts.bases

    def base_defined_by(self, concept: str | None) -> str | None:
        """The base of those who said yes to a concept, or None where it defines none."""
        return next((name for name, base in self.bases.items() if concept and base.defined_by == concept), None)

    @property
    def prevention_levels(self) -> dict[str, Text]:
        return self._concepts.prevention_levels

    @property
    def ways_of_working(self) -> dict[str, Text]:
        return self._concepts.ways_of_working

    @cached_property
    def waves(self) -> dict[int, Wave]:
        """Every wave by its year, in order."""
        return read_waves(self.raw)

    def wave(self, year: int) -> Wave:
        """The wave of ``year``.

        Raises
        ------
        ProjectError
            When there is no such wave; the message lists those there are.
        """
        if year not in self.waves:
            raise ProjectError(
                f"there is no wave {year}",
                where=self.raw,
                expected="one of " + ", ".join(map(str, self.waves)),
                todo=f"choose one of these, or add the folder {self.raw / str(year)}",
            )
        return self.waves[year]

    def responses(self, year: int) -> Path:
        """Where the item responses of a wave stand, when there are any."""
        return self.raw / str(year) / "responses" / "responses.csv"

    @property
    def newest_wave(self) -> int:
        """The last wave that was held: its number of respondents is known, or their answers are there.

        Raises
        ------
        ProjectError
            When there is none.
        """
        answered = [year for year in self.waves if self.responses(year).is_file()]
        return self._newest([*self._counted, *answered], "n_respondents in a wave.yml, or a responses/responses.csv")

    @property
    def newest_counted_wave(self) -> int:
        """The last wave of which ``wave.yml`` gives the number of respondents, which a demo and a plan go by.

        Raises
        ------
        ProjectError
            When there is none.
        """
        return self._newest(self._counted, "n_respondents in a wave.yml")

    @property
    def _counted(self) -> list[int]:
        return [year for year, wave in self.waves.items() if wave.n_respondents is not None]

    def _newest(self, known: list[int], expected: str) -> int:
        if not known:
            raise ProjectError(
                "no wave of which the number of respondents is known",
                where=self.raw,
                expected=expected,
                todo="add it, or choose a wave with --wave",
            )
        return max(known)


@dataclass(frozen=True)
class Edition:
    """What the parameters of a notebook select: a wave, the wave it is compared with, a language and a source."""

    project: Project
    wave: Wave
    baseline: Wave | None
    language: str
    source: str = "published"

    @property
    def baseline_year(self) -> int | None:
        """Year of the baseline; None for a wave that is compared with none."""
        return self.baseline.wave if self.baseline else None

    @property
    def parameters(self) -> dict[str, int | str | None]:
        """The parameters that select it, the baseline filled in."""
        return {
            "wave": self.wave.wave,
            "baseline": self.baseline_year,
            "language": self.language,
            "source": self.source,
        }

    @property
    def years(self) -> dict[str, int | None]:
        """Years of the wave and its baseline, for the gaps of a sentence."""
        return {"wave": self.wave.wave, "baseline": self.baseline_year}

    def worded(self, key: str) -> str:
        """The key of a sentence, or of its form for a wave without a baseline."""
        return key if self.baseline else f"{key}_alone"

    @cached_property
    def editorial(self) -> Editorial | None:
        """What an editor added to the wave; None where nobody did, or the answers are invented."""
        return None if self.source == "synthetic" else read_editorial(self.project.raw, self.wave.wave)

    def concepts(self, kind: str) -> list[str]:
        """Slugs of the concepts of a kind: task, shortfall, prevention, team, goal or other."""
        return [slug for slug, concept in self.project.concepts.items() if concept.kind == kind]

    def label(self, concept: str) -> str:
        """The concept in the words of the edition's language."""
        return self.project.concepts[concept].label[self.language]


def find_root(start: Path | str = ".") -> Path:
    """The nearest folder, from ``start`` upwards, that holds ``data/raw/concepts.yml``.

    Raises
    ------
    ProjectError
        When no folder does.
    """
    start = Path(start).resolve()
    for folder in (start, *start.parents) if start.exists() else ():
        if (folder / CONCEPTS).is_file():
            return folder
    raise ProjectError(
        "this is no wijkpeiling project",
        where=start,
        expected=f"a folder that holds {CONCEPTS.as_posix()}, here or above",
        todo="go to the project's folder, or name it with --project",
    )


def open_edition(
    *,
    wave: int,
    baseline: int | None = None,
    language: str = "nl",
    source: str = "published",
    start: Path | str = ".",
    cells: Sequence[str] = (),
) -> Edition:
    """Open the project around ``start`` for one wave.

    Parameters
    ----------
    wave
        Year of the wave: a folder under ``data/raw``.
    baseline
        Year of the wave it is compared with; None for the one that ``wave.yml`` names, which may be none.
    language
        Of sentences, tables and figures: ``nl`` or ``en``.
    source
        Of the figures: ``published``, for each wave the best real source there is, or ``synthetic``.
    start
        The project's folder or one below it.
    cells
        What the notebook has run, its ``In``: papermill only warns about a misspelt parameter, here it is refused.

    Raises
    ------
    RunError
        For a parameter of the wrong type, or one that is not known.
    ProjectError
        For a wave or baseline that is not there, or files that do not follow their contract.
    """
    refuse_unknown(injected_names(cells), EDITION_PARAMETERS)
    given = {"wave": wave, "baseline": baseline, "language": language, "source": source}
    check_parameters(given, EDITION_PARAMETERS)
    project = Project(find_root(start))
    chosen = project.wave(wave)
    year = chosen.baseline if baseline is None else baseline
    if year is not None and year >= wave:
        raise ProjectError(
            f"baseline {year} is not before wave {wave}",
            expected="an earlier wave: " + (", ".join(str(known) for known in project.waves if known < wave) or "none"),
            todo="choose another baseline, or none",
        )
    return Edition(project, chosen, None if year is None else project.wave(year), language, source)
