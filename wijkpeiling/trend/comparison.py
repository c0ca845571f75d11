"""Comparisons of two waves, made or refused."""

from dataclasses import dataclass
from typing import NamedTuple

from wijkpeiling.estimation.change import Change
from wijkpeiling.language import say
from wijkpeiling.project import Project
from wijkpeiling.published import RESPONDENTS
from wijkpeiling.sources.base import AssumedOverlap, Pair
from wijkpeiling.sources.edition import Sources


@dataclass(frozen=True)
class Tested:
    """A comparison that was made, under one assumption about the overlap.

    Attributes
    ----------
    reason
        What the reader should know of it; None for nothing.
    """

    concept: str
    wave: int
    change: Change
    overlap: AssumedOverlap
    reason: str | None = None


@dataclass(frozen=True)
class Refused:
    """A comparison that cannot be tested, and why; ``conclusion`` None where nothing at all is known."""

    concept: str
    wave: int
    conclusion: str | None
    reason: str | None


class Compared(NamedTuple):
    """The comparisons that were made, and those that were not."""

    tested: list[Tested]
    refused: list[Refused]


def over_whom(project: Project, base: str, language: str) -> str | None:
    """The base of a comparison in words, where it is not simply all that answered."""
    if base == RESPONDENTS:
        return None
    return say(language, "compared_over", base=project.bases[base][language])


def compare_waves(sources: Sources, baseline: int, wave: int, concepts: list[str], language: str) -> Compared:
    """Every comparison that the sources of two waves allow, and those that they do not, each with the reason."""
    earlier, later = sorted([baseline, wave])
    pairs = {pair.concept: pair for pair in sources.pairs(earlier, later, concepts)}
    tested: list[Tested] = []
    refused: list[Refused] = []
    for concept in concepts:
        if concept in pairs and sources.comparability(concept, earlier, later).is_comparable:
            tested += _tests(sources, pairs[concept], (earlier, later), wave, language)
            continue
        why = refusal(sources, concept, wave, baseline, language, has_both=concept in pairs)
        refused += [why] if why else []
    return Compared(tested, refused)


def refusal(
    sources: Sources, concept: str, wave: int, baseline: int, language: str, *, has_both: bool
) -> Refused | None:
    """Why a comparison cannot be tested; None where nothing is known."""
    earlier, later = sorted([baseline, wave])
    direction = sources.directions(earlier, later).get(concept)
    if direction is not None:
        told = say(language, f"direction_{direction.direction}", wave=later, baseline=earlier)
        return Refused(concept, wave, "direction_only", told)
    if has_both:
        reason = sources.comparability(concept, earlier, later).reason[language]
        return Refused(concept, wave, "not_comparable", reason)
    if all(sources.of(year).asked([concept]) for year in (baseline, wave)):
        obstacles = [sources.of(year).obstacle(concept, language) for year in (baseline, wave)]
        reason = next((obstacle for obstacle in obstacles if obstacle), say(language, "base_unknown"))
        return Refused(concept, wave, "not_comparable", reason)
    return None


def _tests(sources: Sources, pair: Pair, years: tuple[int, int], wave: int, language: str) -> list[Tested]:
    """The comparison of a concept, under each assumption about who answered both: over the base that is least clear."""
    tests = []
    for overlap, by_base in pair.assumptions.items():
        changes = [joint.change() for joint in by_base.values()]
        widest = max(changes, key=lambda change: change.ci_high - change.ci_low)
        (base, *others) = by_base
        over = say(language, "widest_base") if others else over_whom(sources.project, base, language)
        assumed = [
            say(language, "assumed_level", wave=year) for year in years if sources.of(year).is_assumed(pair.concept)
        ]
        reason = "; ".join(part for part in (over, *assumed[:1]) if part) or None
        tests.append(Tested(pair.concept, wave, widest, overlap, reason))
    return tests
