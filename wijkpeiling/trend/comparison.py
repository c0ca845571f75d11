"""Comparisons of two waves, made or refused."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from wijkpeiling.estimation.change import Change
from wijkpeiling.language import say
from wijkpeiling.sources.base import AssumedOverlap, Pair
from wijkpeiling.sources.edition import Sources

# between the parts of a reason, of which a table takes apart what its rows share
AND_ALSO = "; "


@dataclass(frozen=True)
class Tested:
    """A comparison that was made, under one assumption about the overlap.

    Attributes
    ----------
    reason
        What the reader should know of it; None for nothing.
    is_rounded
        ``change`` is in whole points, to protect answers.
    """

    concept: str
    wave: int
    change: Change
    overlap: AssumedOverlap
    reason: str | None = None
    is_rounded: bool = False


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


def over_whom(sources: Sources, bases: list[str], language: str) -> str:
    """The bases of a comparison in words, the first of them told."""
    key = "over_any_base" if len(bases) > 1 else "compared_over"
    return say(language, key, base=sources.project.bases[bases[0]][language])


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


def over_any_base(changes: list[Change]) -> Change:
    """What holds whichever of several bases two shares were taken over.

    Parameters
    ----------
    changes
        One for each base that it can have been, the least clear one first.

    Returns
    -------
    Change
        The first, with an interval from the lowest limit of all bases to the highest. That leaves out 0 where each of
        theirs does, on the same side, and the p-value goes with it: the highest of theirs, or 1 where the share rose
        over one base and fell over another. Covers at least as often as the interval over the true base does.
    """
    differences = [change.difference for change in changes]
    is_open = min(differences) < 0 < max(differences)
    return replace(
        changes[0],
        ci_low=min(change.ci_low for change in changes),
        ci_high=max(change.ci_high for change in changes),
        p_value=1.0 if is_open else max(change.p_value for change in changes),
    )


def _tests(sources: Sources, pair: Pair, years: tuple[int, int], wave: int, language: str) -> list[Tested]:
    """The comparison of a concept, under each assumption about who answered both: whichever base it was."""
    tests = []
    for overlap, by_base in pair.assumptions.items():
        changes = {base: joint.change() for base, joint in by_base.items()}
        bases = sorted(changes, key=lambda base: _clarity(changes[base]))
        over = over_whom(sources, bases, language)
        assumed = [
            say(language, "assumed_level", wave=year) for year in years if sources.of(year).is_assumed(pair.concept)
        ]
        reason = AND_ALSO.join((over, *assumed[:1]))
        tests.append(Tested(pair.concept, wave, over_any_base([changes[base] for base in bases]), overlap, reason))
    return tests


def _clarity(change: Change) -> tuple[float, float]:
    """What puts the least clear change first: the highest p-value, and of these the widest interval."""
    return -change.p_value, change.ci_low - change.ci_high
