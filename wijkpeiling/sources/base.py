"""What every source of a wave can be asked, whatever it is."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from wijkpeiling.estimation.change import Joint, Share
from wijkpeiling.estimation.shares import Shares


class AssumedOverlap(NamedTuple):
    """What a comparison takes the overlap of the respondents to be.

    Attributes
    ----------
    kind
        Of `contracts.OVERLAPS`.
    n
        Municipalities that answered both times, where it is ``known``.
    """

    kind: str
    n: int | None = None


# of an overlap that was not found
CHANCE, RANGE = AssumedOverlap("chance"), AssumedOverlap("range")


class WaveSource(Protocol):
    """The source of one wave.

    Attributes
    ----------
    wave
        Year.
    source
        ``published``, ``microdata`` or ``synthetic``: for the column of that name, not to choose by.
    n_respondents, N
        Municipalities that took part, None where it is not known, and all of that year.
    df
        Degrees of freedom of its variances; infinite where the variance was not estimated from answers.
    why_not
        Key of the sentence that says why it cannot tell what only item responses can; None where it can.
    """

    @property
    def wave(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def n_respondents(self) -> int | None: ...
    @property
    def N(self) -> int: ...
    @property
    def df(self) -> float: ...
    @property
    def why_not(self) -> str | None: ...

    def asked(self, concepts: list[str]) -> list[str]:
        """Those of ``concepts`` that the wave has a share of."""
        ...

    def bases(self, concept: str) -> list[str]:
        """Bases over which the share of a concept can be compared with that of another wave; none without limits.

        The first is its own, or the first that it may have been taken over.
        """
        ...

    def share(self, concept: str, base: str) -> Share:
        """The share of a concept over one of its `bases`, with its variance and limits, as a comparison wants it."""
        ...

    def estimates(self, concepts: list[str], by: str | None = None) -> pd.DataFrame:
        """Contract ``estimates``, overall or by a domain; no rows for what was not asked or a domain not known."""
        ...

    def items(self, concepts: list[str]) -> list[tuple[str, Shares]]:
        """Base and shares of each group of items that the same municipalities answered; empty where `why_not` is."""
        ...

    def class_test(self, concept: str) -> float | None:
        """p-value of the test that a share is the same in every size class.

        None where `why_not` is, where the concept `is_rounded`, or where too few answers stand in a cell to test.
        """
        ...

    def response(self, by: Sequence[str] = ("size_class",)) -> pd.DataFrame:
        """Columns ``by`` of the frame, ``n`` respondents of ``N`` municipalities; empty where `why_not` is."""
        ...

    def weights(self) -> pd.DataFrame:
        """``size_class`` and ``weight``: the municipalities that a respondent of the class stands for.

        Missing for a class without respondents; empty where `why_not` is.
        """
        ...

    def weighting_effect(self, concepts: list[str]) -> pd.DataFrame:
        """``concept``, ``weighted`` and ``unweighted`` share; empty where `why_not` is.

        Without what `is_rounded`: two shares of other weights, rounded or not, tell more than one of them.
        """
        ...

    def item_responses(self, concept: str) -> pd.DataFrame:
        """``wave``, ``gemeentecode`` and the concept, without what is missing; empty where `why_not` is."""
        ...

    def obstacle(self, concept: str, language: str) -> str | None:
        """Why a share of a concept that was asked cannot be compared, in words; None where nothing is known of it."""
        ...

    def is_rounded(self, concept: str) -> bool:
        """Whether what is told of a concept is rounded to whole percents to protect respondents."""
        ...

    def is_assumed(self, concept: str) -> bool:
        """Whether the level of a concept was assumed, not found."""
        ...


class PanelCounts(NamedTuple):
    """Municipalities that were the same in two waves, by whether they answered the later and the earlier one."""

    both: int
    only_later: int
    only_earlier: int
    neither: int


class Pair(NamedTuple):
    """One concept in two waves: the two shares by base, under each assumption about the overlap.

    Attributes
    ----------
    assumptions
        For each a joint of the two shares for every base that both can have.
    """

    concept: str
    assumptions: dict[AssumedOverlap, dict[str, Joint]]


class Covariances(NamedTuple):
    """Covariances between the shares of one concept in T waves, each of shape (T, T).

    ``lowest`` and ``highest`` are what the possible overlaps allow; None where every overlap is known from item
    responses.
    """

    likely: np.ndarray
    lowest: np.ndarray | None
    highest: np.ndarray | None
