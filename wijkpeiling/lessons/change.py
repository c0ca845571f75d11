"""Lesson 4: whether something changed between two waves, when part of the municipalities answered both."""

from typing import Any

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Bar, Bars
from wijkpeiling.estimation.change import Change, Joint, Way, mover, overlap_correlations
from wijkpeiling.lessons.exercises import Exercise, Question
from wijkpeiling.lessons.moving import move
from wijkpeiling.lessons.opening import Lesson
from wijkpeiling.lessons.two_waves import PART, REPLAYS, Compared, World, compared, replay, share_of, spread, world
from wijkpeiling.present.blocks import Cell, Chart, Table, marked, titled

# rows of the table: parts of the respondents that answer both waves; PART of them do so by chance
OVERLAPS = (0.0, 0.2, PART, 0.7, 1.0)
# correlations between a municipality's two answers, beside that of the invented ones
UNRELATED, CLOSE = 0.0, 0.9
Z = 1.96
TABLE = "table_change"


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
    alike, close = (speak.tenths(rho, language) for rho in (of.alike, CLOSE))
    pct1, pct2 = (100 * float(share) for share in of.answers.mean(axis=1))
    rows = []
    for both in (round(part * of.n) for part in OVERLAPS):
        joints = [together(of.N, of.n, both, pct1, pct2, rho) for rho in (UNRELATED, of.alike, CLOSE)]
        errors = [usual(of.N, of.n, pct1, pct2), *(error(joint) for joint in joints)]
        rows.append((speak.number(both, language), *(_margin_cell(Z * one, language) for one in errors)))
    return Table(
        id=TABLE,
        language=language,
        caption=titled(lesson.edition, "lesson_change_caption", n=of.n, N=of.N),
        columns=tuple(lesson.say("lesson_change_columns", alike=alike, close=close).split("|")),
        rows=tuple(rows),
        notes=(lesson.say("lesson_change_note", chance=round(PART * of.n), alike=alike), _told(lesson, found)),
    )


def _margin_cell(points: float, language: str) -> Cell:
    return Cell(text=f"± {speak.tenths(points, language)}", value=points / 100, format="points")


def _told(lesson: Lesson, of: Compared) -> str:
    """What both formulas say of the two waves themselves."""
    joint, language = of.joint, lesson.language
    first, second = (share_of(share.share, share.n, share.N, "process") for share in (joint.first, joint.second))
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
    first, second = (share_of(pct / 100, n, N) for pct in (pct1, pct2))
    r = overlap_correlations(first, second, n_common=N, n_overlap=(both, both), answers=(alike, alike)).lowest
    return Joint(first, second, r)


def error(of: Joint) -> float:
    """The standard error of the change, in percentage points."""
    return 100 * of.change().se


def usual(N: int, n: int, pct1: float, pct2: float) -> float:
    """The same as if the samples were independent and the population without end."""
    first, second = (share_of(pct / 100, n, N, "process") for pct in (pct1, pct2))
    return error(Joint(first, second))


def _covariance(of: Joint) -> float:
    return of.correlation * (of.first.variance * of.second.variance) ** 0.5


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
        "spread1": lambda **of: 100 * spread(together(**of).first),
        "spread2": lambda **of: 100 * spread(together(**of).second),
        "covariance": lambda **of: 1e4 * _covariance(together(**of)),
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
