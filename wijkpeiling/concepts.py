"""What is measured, wave after wave: ``concepts.yml``, and what a wave adds to it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wijkpeiling.errors import ProjectError
from wijkpeiling.records import Record, Slugs, Text, read_yaml

FILE = "concepts.yml"
LONGEST_LABEL = 120
GAP = r"\{share\}"


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


class Told(Text):
    """What a sentence says of a concept, with a gap for its share: ``heeft {share} een breed team``."""

    nl: Annotated[str, Field(pattern=GAP)]
    en: Annotated[str, Field(pattern=GAP)]


class Concept(Record):
    """What is measured, wave after wave; ``told`` is what a sentence says of one that has no chapter of its own."""

    kind: Literal["task", "shortfall", "prevention", "team", "goal", "other"]
    label: Text
    told: Told | None = None
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


class AddedConcepts(Record):
    """The ``concepts.yml`` of a wave: what was first asked then."""

    bases: dict[str, Base] = Field(default_factory=dict)
    concepts: dict[str, Concept]


def read_concepts(raw: Path) -> Concepts:
    """Read ``concepts.yml`` of ``data/raw``, and of each wave that has one: what that wave was the first to ask.

    Raises
    ------
    ProjectError
        When a file is missing or broken, a slug stands in two of them or names something that is not there, or a label
        is empty, too long, or that of another concept.
    """
    concepts = read_yaml(raw / FILE, Concepts)
    _check_concepts(concepts, raw / FILE)
    for path in sorted(raw.glob(f"[0-9]*/{FILE}")):
        concepts = _extended(concepts, read_yaml(path, AddedConcepts), path)
        _check_concepts(concepts, path)
    return concepts


def _extended(concepts: Concepts, added: AddedConcepts, path: Path) -> Concepts:
    for part in ("bases", "concepts"):
        known = getattr(concepts, part)
        twice = [slug for slug in getattr(added, part) if slug in known]
        if twice:
            raise ProjectError(
                f"{part}.{twice[0]} is there already",
                where=path,
                expected="what no earlier wave asked",
                todo=f"remove it here, or give it another slug; what it shares with {FILE} stands there",
            )
    merged = {part: getattr(concepts, part) | getattr(added, part) for part in ("bases", "concepts")}
    return concepts.model_copy(update=merged)


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
