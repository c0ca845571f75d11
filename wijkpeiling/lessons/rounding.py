"""Lesson 2: what a rounded percentage can stand for, and an article audited with it."""

import math
import re
from typing import Any

from wijkpeiling import language as speak
from wijkpeiling.audit import judge, possible_counts
from wijkpeiling.figures import APPROXIMATE, WHOLE, PublishedFigure, feasible_counts
from wijkpeiling.lessons.exercises import Exercise, Question
from wijkpeiling.lessons.moving import move
from wijkpeiling.lessons.opening import Lesson
from wijkpeiling.present.blocks import Sentence, Table, titled

FEWEST = 10
LONGEST_QUOTE = 300
# 59 procent, 59% and 59 percent, or with decimals; what comes before tells whether it is a round number of words
PERCENTAGE = re.compile(r"(?<![\d.,])(\d{1,3})([.,]\d+)?\s*(?:%|procent\b|percent\b|per cent\b)", re.IGNORECASE)
ROUGHLY = re.compile(
    r"\b(?:ongeveer|circa|ca|zo['’]n|ruim|bijna|krap|rond|tegen de|minstens|hooguit|hoogstens|(?:meer|minder) dan|"
    r"about|around|approximately|roughly|nearly|almost|over|some|at (?:least|most)|(?:more|less|fewer) than)\.?\s+$",
    re.IGNORECASE,
)
# 125 van de 212 gemeenten, 125 of the 212 municipalities; the count may be left out
BASE = re.compile(
    r"(?:(?<![\d.,])(\d{1,4})\s+)?(?:van|of)\s+(?:de|the|alle|all)?\s*(\d{1,4})\s+(?:[a-z]+\s+)?(?:gemeenten|municipalities)",
    re.IGNORECASE,
)

# 212 antwoordden; 59 procent daarvan: the base is another one than "van de 355 gemeenten"
ONWARD = re.compile(r"\b(?:daarvan|hiervan|van hen|of (?:these|those|them|which))\b", re.IGNORECASE)


def base(lesson: Lesson) -> Any:
    """The slider: how many municipalities the percentage was taken over."""
    N = lesson.N
    return move(
        lambda n: table(lesson, n),
        label=lesson.say("lesson_rounding_slider"),
        low=FEWEST,
        high=N,
        first=lesson.source.n_respondents,
        start=lesson.start,
    )


def percentage(lesson: Lesson) -> int:
    """The percentage of the lesson: that of the invented answers, as it would be printed."""
    return int(speak.whole(float(lesson.answers.mean())))


def table(lesson: Lesson, n: int) -> Table:
    """The counts of ``n`` around the percentage: which of them are printed as it, and which are not."""
    pct, language = percentage(lesson), lesson.language
    middle = pct * n / 100
    near = math.ceil(n / 200) + 1
    counts = range(max(math.floor(middle) - near, 0), min(math.ceil(middle) + near, n) + 1)
    fitting = feasible_counts(pct, n)
    told = {"n": n, "pct": pct, "number": len(fitting)}
    return Table(
        id="table_rounding",
        language=language,
        caption=titled(lesson.edition, "lesson_rounding_caption", **told),
        columns=tuple(lesson.say("lesson_rounding_columns", n=n, pct=pct).split("|")),
        rows=tuple(
            (
                speak.number(count, language),
                speak.hundredths(100 * count / n, language) + "%",
                speak.percent_cell(count / n),
                lesson.say("lesson_rounding_fits" if count in fitting else "lesson_rounding_fits_not"),
            )
            for count in counts
        ),
    )


def verdict(lesson: Lesson, sentence: str | None = None) -> Sentence:
    """The audit of one published sentence: whether its percentage can be right over the municipalities that it names.

    Parameters
    ----------
    sentence
        With one percentage and the number of municipalities it is of, in Dutch or English; None for an invented one.

    Returns
    -------
    Sentence
        The verdict that the audit of an edition would give, with its reason and the counts that fit. Where the sentence
        cannot be read, what it should have.
    """
    quoted = sentence or lesson.say("lesson_rounding_article", n=lesson.source.n_respondents, pct=percentage(lesson))
    obstacle = _obstacle(quoted)
    text = lesson.say(obstacle) if obstacle else _judged(lesson, quoted)
    return Sentence(id="article_verdict", language=lesson.language, text=text)


def _obstacle(quoted: object) -> str | None:
    """The key of what keeps a sentence from being read."""
    if not isinstance(quoted, str):
        return "lesson_rounding_no_text"
    if len(quoted) > LONGEST_QUOTE:
        return "lesson_rounding_too_long"
    found = PERCENTAGE.findall(quoted)
    if not found:
        return "lesson_rounding_no_percentage"
    if len(found) > 1:
        return "lesson_rounding_several"
    if found[0][1]:
        return "lesson_rounding_decimals"
    named = {n for _, n in BASE.findall(quoted)}
    if len(named) > 1 or (named and ONWARD.search(quoted)):
        return "lesson_rounding_bases"
    return "lesson_rounding_above_hundred" if int(found[0][0]) > 100 else None


def read(lesson: Lesson, quoted: str) -> PublishedFigure:
    """The figure that a sentence with one whole percentage gives; without a base where it names none."""
    (printed,) = PERCENTAGE.finditer(quoted)
    named = BASE.search(quoted)
    count, n = (named[1], int(named[2])) if named else (None, 0)
    is_rough = ROUGHLY.search(quoted[: printed.start()])
    return PublishedFigure(
        wave=lesson.wave,
        where="sentence",
        concept=lesson.concept,
        pct=float(printed[1]),
        precision=APPROXIMATE if is_rough else WHOLE,
        count=int(count) if count else None,
        base=None,
        base_n=n or None,
        direction=None,
        compared_with=None,
        unit="municipalities",
        status="accepted",
        remark_nl=None,
        remark_en=None,
        source_title=quoted,
        source_url=None,
        confidence="high",
        bases={"respondents": (n,)} if n else {},
    )


def _judged(lesson: Lesson, quoted: str) -> str:
    figure = read(lesson, quoted)
    counts = possible_counts(figure)
    judged = judge(figure, counts)
    language = lesson.language
    why = speak.say(language, f"audit_{judged.why}")
    if figure.count is not None and figure.base_n and figure.count not in counts.get(figure.base_n, [figure.count]):
        # an edition refuses such a row
        judged = judged._replace(verdict="infeasible")
        printed = speak.hundredths(100 * figure.count / figure.base_n, language)
        why = lesson.say("lesson_rounding_count_differs", count=figure.count, n=figure.base_n, printed=printed)
    parts = [
        lesson.say("lesson_rounding_quote", quote=quoted),
        _verdict_on(lesson, figure, speak.say(language, f"verdict_{judged.verdict}")),
        why,
    ]
    fitting = [str(count) for found in counts.values() for count in found]
    if fitting and judged.verdict != "reproduced":
        listed = speak.listing(fitting, language, style="or") if len(fitting) < 6 else f"{fitting[0]}–{fitting[-1]}"
        parts.append(lesson.say("lesson_rounding_counts", counts=listed))
    return " ".join(parts)


def _verdict_on(lesson: Lesson, figure: PublishedFigure, verdict: str) -> str:
    if not figure.base_n:
        return lesson.say("lesson_rounding_verdict", verdict=verdict)
    pct = speak.number(int(figure.pct or 0), lesson.language)
    return lesson.say("lesson_rounding_verdict_on", verdict=verdict, pct=pct, n=figure.base_n)


def questions(lesson: Lesson) -> list[Question]:
    """The two exercises of the lesson, with the numbers of the demo."""
    pct, n = percentage(lesson), lesson.source.n_respondents
    return [
        LARGEST.ask(lesson.language, n=lesson.N, pct=pct),
        OTHER_BASE.ask(lesson.language, N=lesson.N, n=n, team=len(lesson.answers), pct=pct),
    ]


LARGEST = Exercise(
    id="largest_count",
    unit="count",
    solve=lambda n, pct: feasible_counts(pct, n)[-1],
    mistakes={
        "product": lambda n, pct: round(pct * n / 100),
        "smallest": lambda n, pct: feasible_counts(pct, n)[0],
        "rounded_up": lambda n, pct: feasible_counts(pct, n)[-1] + 1,
        "next_percent": lambda n, pct: math.floor((pct + 1) * n / 100),
        "how_many": lambda n, pct: len(feasible_counts(pct, n)),
    },
    steps={"upper": lambda n, pct: (pct + 0.5) * n / 100, "beside": lambda n, pct: pct + 0.5},
)

OTHER_BASE = Exercise(
    id="other_base",
    unit="percent",
    solve=lambda N, n, team, pct: pct * team / n,
    tolerance=0.06,
    mistakes={
        "same_base": lambda N, n, team, pct: float(pct),
        "all_asked": lambda N, n, team, pct: pct * team / N,
        "other_way": lambda N, n, team, pct: pct * n / team,
        "only_team": lambda N, n, team, pct: 100 * team / n,
        "rounded_early": lambda N, n, team, pct: pct * round(team / n, 1),
    },
    steps={"yes": lambda N, n, team, pct: pct * team / 100},
)

EXERCISES = (LARGEST, OTHER_BASE)
