"""Where things stand on disk: concepts, waves, and the edition that a set of parameters selects."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from wijkpeiling.errors import ProjectError
from wijkpeiling.parameters import EDITION_PARAMETERS, check_parameters, injected_names, refuse_unknown
from wijkpeiling.records import Record, Slugs, Text, read_yaml
from wijkpeiling.waves import Wave, read_waves

RAW = Path("data", "raw")
CONCEPTS = RAW / "concepts.yml"
LONGEST_LABEL = 120


class Base(Text):
    """Over whom a share is taken.

    ``defined_by`` names the concept whose yes-sayers they are, ``population`` the base they stand for; a base that
    ``is_frame`` holds every municipality of its group, whether it answered or not.
    """

    defined_by: str | None = None
    population: str | None = None
    is_frame: bool = False


class Part(Record):
    """The concept that another is a part of: the same, for one value of a domain."""

    concept: str
    domain: str
    value: str


class Concept(Record):
    """What is measured, wave after wave."""

    kind: Literal["task", "shortfall", "team", "goal", "other"]
    label: Text
    prevention_levels: Slugs = ()
    ways_of_working: Slugs = ()
    part_of: Part | None = None
    is_answer: bool = True


class Concepts(Record):
    """The whole of ``concepts.yml``."""

    bases: dict[str, Base]
    prevention_levels: dict[str, Text]
    ways_of_working: dict[str, Text]
    concepts: dict[str, Concept]


@dataclass(frozen=True)
class Project:
    """A folder with ``data/raw`` in it."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / RAW

    @cached_property
    def _concepts(self) -> Concepts:
        concepts = read_yaml(self.root / CONCEPTS, Concepts)
        _check_concepts(concepts, self.root / CONCEPTS)
        return concepts

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

    @property
    def newest_wave(self) -> int:
        """The last wave of which the number of respondents is known.

        Raises
        ------
        ProjectError
            When there is none.
        """
        known = [year for year, wave in self.waves.items() if wave.n_respondents is not None]
        if not known:
            raise ProjectError(
                "no wave of which the number of respondents is known",
                where=self.raw,
                expected="n_respondents in a wave.yml",
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

    def concepts(self, kind: str) -> list[str]:
        """Slugs of the concepts of a kind: task, shortfall, team, goal or other."""
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


def _check_concepts(concepts: Concepts, path: Path) -> None:
    known = {
        "prevention_levels": concepts.prevention_levels,
        "ways_of_working": concepts.ways_of_working,
    }
    for slug, concept in concepts.concepts.items():
        for key, allowed in known.items():
            strange = [name for name in getattr(concept, key) if name not in allowed]
            if strange:
                raise ProjectError(
                    f"{slug}: unknown {key} {', '.join(strange)}",
                    where=path,
                    expected="one of " + ", ".join(allowed),
                    todo="correct the slug",
                )
    _check_links(concepts, path)
    _check_labels(concepts, path)


def _check_links(concepts: Concepts, path: Path) -> None:
    """Names in one part of the file that stand for something in another."""
    links = [
        *(("base", name, "defined by", base.defined_by, "concept") for name, base in concepts.bases.items()),
        *(("base", name, "to stand for", base.population, "base") for name, base in concepts.bases.items()),
        *(
            ("concept", name, "part of", concept.part_of.concept if concept.part_of else None, "concept")
            for name, concept in concepts.concepts.items()
        ),
    ]
    defined = [base.defined_by for base in concepts.bases.values() if base.defined_by]
    twice = next((concept for concept in defined if defined.count(concept) > 1), None)
    if twice:
        bases = [name for name, base in concepts.bases.items() if base.defined_by == twice]
        raise ProjectError(
            f"bases {' and '.join(bases)} are both defined by {twice}",
            where=path,
            expected="one base of those who said yes to a concept",
            todo="remove one of them",
        )
    known = {"concept": set(concepts.concepts), "base": set(concepts.bases)}
    for kind, name, how, linked, sort in links:
        if linked is not None and linked not in known[sort]:
            raise ProjectError(
                f"{kind} {name} is {how} {linked}, which is no {sort}",
                where=path,
                expected=f"a slug that stands under {sort}s",
                todo="correct the slug",
            )


def _check_labels(concepts: Concepts, path: Path) -> None:
    """In each language every concept has a label of its own, short enough to stand beside its number."""
    for language in Text.model_fields:
        named: dict[str, str] = {}
        for slug, concept in concepts.concepts.items():
            label = concept.label[language].strip()
            if not label or len(label) > LONGEST_LABEL or label in named:
                raise ProjectError(
                    f"concepts.{slug}.label.{language} "
                    + (f"is that of {named[label]} too: {label}" if label in named else f"has {len(label)} characters"),
                    where=path,
                    expected=f"a label of its own, of 1 to {LONGEST_LABEL} characters",
                    todo="write another label",
                )
            named[label] = slug
