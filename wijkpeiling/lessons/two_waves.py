"""Two waves that overlap, held again and again: what lesson 4 knows of the municipalities, and what each rule finds."""

from functools import cache
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np

from wijkpeiling.errors import RunError
from wijkpeiling.estimation.answered import AnsweredShare, lowered
from wijkpeiling.estimation.change import Joint, Share, Way, mover, overlap_correlations
from wijkpeiling.estimation.exact import Limits
from wijkpeiling.lessons.opening import SEED, Lesson
from wijkpeiling.sources.microdata import MicrodataWave

# part of the municipalities that answers each wave: below a half, so that they can all be others the second time
PART = 0.4
REPLAYS = 1000


class Compared(NamedTuple):
    """A concept in two waves of invented answers: both shares, and the correlation of a municipality's two answers."""

    years: tuple[int, int]
    concept: str
    joint: Joint
    alike: float


class World(NamedTuple):
    """Municipalities by what they say in the two waves, and how many of them answer each time."""

    n: int
    yes_twice: int
    only_first: int
    only_second: int
    no_twice: int

    @property
    def N(self) -> int:
        return sum(self[1:])

    @property
    def answers(self) -> np.ndarray:
        """Shape (2, N): whether each municipality says yes, in the first and in the second wave."""
        kinds = np.array([[1, 1, 0, 0], [1, 0, 1, 0]], dtype=bool)
        return np.repeat(kinds, self[1:], axis=1)

    @property
    def alike(self) -> float:
        """The correlation between the two answers of a municipality."""
        return float(np.corrcoef(self.answers)[0, 1])


class Found(NamedTuple):
    """Of `REPLAYS` pairs of waves, those in which an interval holds the change, and those in which a rule finds it."""

    usual_holds: int
    corrected_holds: int
    right_holds: int
    usual_finds: int
    apart_finds: int
    right_finds: int


def compared(lesson: Lesson) -> Compared:
    """What changed most between the wave and the one before it that asked the same; without one, the one after it."""
    concepts = [concept for kind in ("task", "shortfall") for concept in lesson.edition.concepts(kind)]
    asked = [year for year in lesson.sources.waves if lesson.sources.of(year).asked(concepts)]
    years = next((years for years in pairwise(asked) if lesson.wave in years), None)
    if years is None:
        raise RunError(
            f"parameter wave is {lesson.wave}",
            expected="a wave that asked what another one asked too",
            todo="choose another wave, and run again",
        )
    found = {
        pair.concept: joint
        for pair in lesson.sources.pairs(*years, concepts)
        for by_base in pair.assumptions.values()
        for joint in by_base.values()
    }
    concept = max(found, key=lambda one: abs(found[one].second.share - found[one].first.share))
    return Compared(years, concept, found[concept], _alike(lesson, years, concept))


def _alike(lesson: Lesson, years: tuple[int, int], concept: str) -> float:
    """The correlation between the two answers of the municipalities that gave both."""
    first, second = (cast(MicrodataWave, lesson.sources.of(year)) for year in years)
    rows = first.panel_with(second).pairs.T
    twice = np.array(
        [
            wave.responses[concept].iloc[at].to_numpy(dtype=float, na_value=np.nan)
            for wave, at in zip((first, second), rows, strict=True)
        ]
    )
    return float(np.corrcoef(twice[:, ~np.isnan(twice).any(axis=0)])[0, 1])


def world(lesson: Lesson, of: Compared) -> World:
    """As many municipalities as in the wave, which change their answers as often as the invented ones."""
    N, p, q = lesson.N, of.joint.first.share, of.joint.second.share
    first, second = round(p * N), round(q * N)
    together = round(N * (p * q + of.alike * (p * (1 - p) * q * (1 - q)) ** 0.5))
    twice = min(max(together, first + second - N, 0), first, second)
    return World(int(PART * N), twice, first - twice, second - twice, N - first - second + twice)


@cache
def replay(of: World, overlap: int) -> Found:
    """Hold both waves again and again, with ``overlap`` of the respondents the same."""
    n, answers = of.n, of.answers.astype(int)
    drawn = _orders(of.N)
    earlier, later = drawn[:, :n], drawn[:, n - overlap : 2 * n - overlap]
    both = earlier[:, n - overlap :]
    truth = float(answers[1].mean() - answers[0].mean())
    counts = np.column_stack([answers[0][earlier].sum(axis=1), answers[1][later].sum(axis=1)])
    twice = [answers[wave][both] for wave in (0, 1)]
    judged = [
        _judge(of, (int(x), int(y)), _correlation(of, (int(x), int(y)), one, other), truth)
        for (x, y), one, other in zip(counts, *twice, strict=True)
    ]
    return Found(*(int(count) for count in np.sum(judged, axis=0)))


@cache
def _orders(N: int) -> np.ndarray:
    """Shape (REPLAYS, N): the municipalities in a random order, for each replay."""
    return np.random.default_rng(SEED).permuted(np.tile(np.arange(N), (REPLAYS, 1)), axis=1)


def _correlation(of: World, counts: tuple[int, int], one: np.ndarray, other: np.ndarray) -> float:
    """The correlation for the interval, from what the municipalities that answered both waves said."""
    first, second = (share_of(n_yes / of.n, of.n, of.N) for n_yes in counts)
    scale = spread(first) * spread(second)
    alike = float(np.cov(one, other)[0, 1]) / scale if len(one) > 1 and scale else 0.0
    r = overlap_correlations(
        first, second, n_common=of.N, n_overlap=(len(one), len(one)), answers=(alike, alike)
    ).lowest
    return lowered(r, first, second, len(one))


def _judge(of: World, counts: tuple[int, int], r: float, truth: float) -> tuple[bool, ...]:
    """What each rule makes of one pair of waves, in the order of `Found`."""
    first, second = (_way(n_yes, of.n, of.N) for n_yes in counts)
    endless_first, endless_second = (_way(n_yes, of.n, of.N, "process") for n_yes in counts)
    usual = mover(endless_first, endless_second, 0.0)
    corrected, right = mover(first, second, 0.0), mover(first, second, r)
    holds = [bool(limits.low <= truth <= limits.high) for limits in (usual, corrected, right)]
    is_apart = first.low > second.high or second.low > first.high
    return (*holds, _finds(usual), is_apart, _finds(right))


def _finds(limits: Limits[float]) -> bool:
    return bool(limits.low > 0 or limits.high < 0)


@cache
def _way(n_yes: int, n: int, N: int, target: str = "population") -> Way:
    """A share with its own interval: the exact one, or the textbook's of a population without end."""
    (way,) = share_of(n_yes / n, n, N, target, "exact" if target == "population" else "mean").ways()
    return way


def share_of(share: float, n: int, N: int, target: str = "population", method: str = "mean") -> AnsweredShare:
    """A share of ``n`` answers; for the target ``process`` as if from a population without end."""
    unseen = 1 - n / N if target == "population" else 1.0
    return AnsweredShare(share, share * (1 - share) / (n - 1) * unseen, n, N, n - 1, method, target)


def spread(share: Share) -> float:
    """The standard deviation of the answers."""
    return (share.variance * share.n / (1 - share.n / share.N)) ** 0.5
