"""Lesson 4: whether something changed between two waves, when part of the municipalities answered both."""

from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Bar, Bars
from wijkpeiling.errors import RunError
from wijkpeiling.estimation.answered import AnsweredShare, lowered
from wijkpeiling.estimation.change import Change, Joint, Way, mover, overlap_correlations
from wijkpeiling.estimation.exact import Limits
from wijkpeiling.lessons.exercises import Exercise, Question
from wijkpeiling.lessons.moving import move
from wijkpeiling.lessons.opening import SEED, Lesson
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Cell, Chart, Table, marked, titled
from wijkpeiling.sources.microdata import MicrodataWave

# part of the municipalities that answers each wave: below a half, so that they can all be others the second time
PART = 0.4
# rows of the table: parts of the respondents that answer both waves; PART of them do so by chance
OVERLAPS = (0.0, 0.2, PART, 0.7, 1.0)
# correlations between a municipality's two answers, beside that of the invented ones
UNRELATED, CLOSE = 0.0, 0.9
REPLAYS = 1000
Z = 1.96
TABLE = "table_change"


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
    first, second = (_share(n_yes / of.n, of.n, of.N) for n_yes in counts)
    joint_spread = float(np.cov(one, other)[0, 1]) if len(one) > 1 else 0.0
    spread = of.n / (1 - of.n / of.N) * (first.variance * second.variance) ** 0.5
    alike = joint_spread / spread
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
    (way,) = _share(n_yes / n, n, N, target, "exact" if target == "population" else "mean").ways()
    return way


def _share(share: float, n: int, N: int, target: str = "population", method: str = "mean") -> AnsweredShare:
    """A share of ``n`` answers; for the target ``process`` as if from a population without end."""
    unseen = 1 - n / N if target == "population" else 1.0
    return AnsweredShare(share, share * (1 - share) / (n - 1) * unseen, n, N, n - 1, method, target)


def overlap(lesson: Lesson) -> Any:
    """The slider: how many of the municipalities that answer do so both times."""
    of = world(lesson, compared(lesson))
    label = lesson.say("lesson_change_slider")
    return move(
        lambda both: chart(lesson, of, both),
        label=label,
        low=0,
        high=of.n,
        first=round(PART * of.n),
        start=lesson.start,
    )


def chart(lesson: Lesson, of: World, both: int) -> Chart:
    """How often each interval holds the change, and how often each rule finds it."""
    found = replay(of, both)
    shares = {name: speak.whole(count / REPLAYS) for name, count in found._asdict().items()}
    told = {"n": of.n, "both": both, **shares}
    return Chart(
        id="figure_change",
        language=lesson.language,
        caption=lesson.say("lesson_change_figure", **told),
        alt=lesson.say("lesson_change_alt", **told),
        table=TABLE,
        plot=Bars(
            bars=tuple(
                Bar(label=label, text=speak.percent_cell(count / REPLAYS), part=count, whole=REPLAYS)
                for label, count in zip(lesson.say("lesson_change_bars").split("|"), found, strict=True)
            )
        ),
        mark=marked(lesson.edition),
    )


def table(lesson: Lesson) -> Table:
    """The margin of the change by the usual formula beside the right one, by overlap and by how alike answers are."""
    found = compared(lesson)
    of, language = world(lesson, found), lesson.language
    alike = speak.tenths(of.alike, language)
    pct1, pct2 = (100 * float(share) for share in of.answers.mean(axis=1))
    rows = []
    for both in (round(part * of.n) for part in OVERLAPS):
        joints = [together(of.N, of.n, both, pct1, pct2, rho) for rho in (UNRELATED, of.alike, CLOSE)]
        errors = [usual(of.N, of.n, pct1, pct2), *(error(joint) for joint in joints)]
        rows.append((cells.count(both), *(_margin_cell(Z * one, language) for one in errors)))
    return Table(
        id=TABLE,
        language=language,
        caption=titled(lesson.edition, "lesson_change_caption", n=of.n, N=of.N),
        columns=tuple(lesson.say("lesson_change_columns", alike=alike).split("|")),
        rows=tuple(rows),
        notes=(lesson.say("lesson_change_note", chance=round(PART * of.n), alike=alike), _told(lesson, found)),
    )


def _margin_cell(points: float, language: str) -> Cell:
    return Cell(text=f"± {speak.tenths(points, language)}", value=points / 100, format="points")


def _told(lesson: Lesson, of: Compared) -> str:
    """What both formulas say of the two waves themselves."""
    joint, language = of.joint, lesson.language
    first, second = (_share(share.share, share.n, share.N, "process") for share in (joint.first, joint.second))
    return lesson.say(
        "lesson_change_waves",
        earlier=of.years[0],
        later=of.years[1],
        concept=lesson.edition.label(of.concept),
        first=speak.whole(joint.first.share),
        second=speak.whole(joint.second.share),
        usual=_range(Joint(first, second).change(), language),
        right=_range(joint.change(), language),
    )


def _range(change: Change, language: str) -> str:
    return speak.points_range(change.ci_low, change.ci_high, language)


def questions(lesson: Lesson) -> list[Question]:
    """The two exercises: the error of the lesson's change, and two intervals that overlap."""
    of = world(lesson, compared(lesson))
    pct1, pct2 = (int(speak.whole(float(share))) for share in of.answers.mean(axis=1))
    return [
        CHANGE_ERROR.ask(lesson.language, N=of.N, n=of.n, both=round(0.7 * of.n), pct1=pct1, pct2=pct2, alike=0.6),
        OVERLAPPING.ask(lesson.language, pct1=62, margin1=7, pct2=71, margin2=5, r=0.3),
    ]


def together(N: int, n: int, both: int, pct1: float, pct2: float, alike: float) -> Joint:
    """Two shares in percent with the correlation that ``both`` of their ``n`` respondents give them."""
    first, second = (_share(pct / 100, n, N) for pct in (pct1, pct2))
    r = overlap_correlations(first, second, n_common=N, n_overlap=(both, both), answers=(alike, alike)).lowest
    return Joint(first, second, r)


def error(of: Joint) -> float:
    """The standard error of the change, in percentage points."""
    return 100 * of.change().se


def usual(N: int, n: int, pct1: float, pct2: float) -> float:
    """The same as if the samples were independent and the population without end."""
    first, second = (_share(pct / 100, n, N, "process") for pct in (pct1, pct2))
    return error(Joint(first, second))


def _with_correlation(of: Joint, r: float) -> float:
    return error(of._replace(correlation=r))


CHANGE_ERROR = Exercise(
    id="change_error",
    unit="points",
    solve=lambda **of: error(together(**of)),
    tolerance=0.06,
    mistakes={
        "usual": lambda N, n, both, pct1, pct2, alike: usual(N, n, pct1, pct2),
        "no_overlap": lambda **of: _with_correlation(together(**of), 0.0),
        "added": lambda **of: _with_correlation(together(**of), -together(**of).correlation),
        "once": lambda **of: _with_correlation(together(**of), together(**of).correlation / 2),
        "no_population": lambda **of: _with_correlation(
            together(**of), of["alike"] * of["both"] / of["n"] / (1 - of["n"] / of["N"])
        ),
        "only_alike": lambda **of: _with_correlation(together(**of), of["alike"]),
        "no_root": lambda **of: error(together(**of)) ** 2,
        "margin": lambda **of: Z * error(together(**of)),
        "summed": lambda **of: _with_correlation(together(**of), -1.0),
    },
    steps={
        "error1": lambda **of: 100 * together(**of).first.variance ** 0.5,
        "error2": lambda **of: 100 * together(**of).second.variance ** 0.5,
        "r": lambda **of: together(**of).correlation,
        "usual": lambda N, n, both, pct1, pct2, alike: usual(N, n, pct1, pct2),
        "chance": lambda N, n, both, pct1, pct2, alike: round(n**2 / N),
    },
)


def margin(pct1: int, margin1: int, pct2: int, margin2: int, r: float) -> float:
    """The margin of a change from those of two shares, in percentage points."""
    first, second = (Way(0.0, -one / 100, one / 100) for one in (margin1, margin2))
    return 100 * mover(first, second, r).high


OVERLAPPING = Exercise(
    id="overlapping",
    unit="points",
    solve=margin,
    tolerance=0.06,
    mistakes={
        "summed": lambda **of: margin(**of | {"r": -1.0}),
        "uncorrelated": lambda **of: margin(**of | {"r": 0.0}),
        "added": lambda **of: margin(**of | {"r": -of["r"]}),
        "once": lambda **of: margin(**of | {"r": of["r"] / 2}),
        "no_root": lambda **of: margin(**of) ** 2,
        "gap": lambda **of: abs(of["pct2"] - of["pct1"]),
    },
    steps={
        "gap": lambda **of: abs(of["pct2"] - of["pct1"]),
        "low1": lambda **of: of["pct1"] - of["margin1"],
        "high1": lambda **of: of["pct1"] + of["margin1"],
        "low2": lambda **of: of["pct2"] - of["margin2"],
        "high2": lambda **of: of["pct2"] + of["margin2"],
        "sum": lambda **of: of["margin1"] + of["margin2"],
    },
)

EXERCISES = (CHANGE_ERROR, OVERLAPPING)
