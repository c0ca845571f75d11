"""A comparison of two waves, made or refused."""

from dataclasses import dataclass

from wijkpeiling.estimation.change import Change
from wijkpeiling.language import say
from wijkpeiling.published import RESPONDENTS, Published

# what is assumed of an overlap that was not found: as large as chance makes it, or the least favourable
CHANCE, RANGE = "chance", "range"


@dataclass(frozen=True)
class Tested:
    """A comparison that was made, under one assumption about the overlap.

    Attributes
    ----------
    overlap
        ``known`` and the number of municipalities, ``chance`` or ``range``.
    reason
        What the reader should know of it; None for nothing.
    """

    concept: str
    wave: int
    change: Change
    overlap: str
    reason: str | None = None


@dataclass(frozen=True)
class Refused:
    """A comparison that cannot be tested, and why; ``conclusion`` None where nothing at all is known."""

    concept: str
    wave: int
    conclusion: str | None
    reason: str | None


def over_whom(published: Published, base: str, language: str) -> str | None:
    """The base of a comparison in words, where it is not simply all that answered."""
    if base == RESPONDENTS:
        return None
    return say(language, "compared_over", base=published.project.bases[base][language])
