"""A comparison of two waves, made or refused."""

from dataclasses import dataclass

from wijkpeiling.estimation.change import Change

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
