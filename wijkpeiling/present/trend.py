"""The share of municipalities with a team, wave after wave."""

from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Point, Series
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Chart, Sentence, Table, known, marked, marked_text, records, rounded_note, titled
from wijkpeiling.present.changes import POSSIBLE, claimed, spell_trend
from wijkpeiling.present.why import printed, why_share
from wijkpeiling.present.wording import likely, of_whom
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources
from wijkpeiling.trend.model import NoTrend, Trend

# columns of the table
ROLES = {"share": 1, "interval": 2, "size": 3}
NO_TREND = {
    "everybody": "slope_everybody",
    "nobody": "slope_nobody",
    "not_comparable": "slope_not_comparable",
}


def sentence(edition: Edition, shares: pd.DataFrame, changes: pd.DataFrame) -> Sentence:
    """The shares in order of time, and the conclusion for the wave of the edition against the baseline."""
    language = edition.language
    course = [
        speak.say(language, "in_wave", share=speak.whole_percent(row.share, language), wave=row.wave)
        for row in _measured(shares).itertuples()
    ]
    parts = [speak.say(language, "trend_sentence", course=speak.listing(course, language))]
    claims = claimed(changes).dropna(subset="difference")
    of_wave = claims[claims["wave"] == edition.wave.wave]
    parts += _spell_changes(of_wave, language)
    measured = _measured(shares)
    at_wave = measured[measured["wave"] == edition.wave.wave]
    key = None
    if len(at_wave):
        now = at_wave.iloc[0]
        key = speak.say(
            language,
            "trend_key",
            wave=edition.wave.wave,
            share=of_whom(edition, now),
            likely=likely(now, language),
        )
        key = " ".join([key, *_spell_changes(of_wave, language)])
    return Sentence(id="trend", language=language, text=" ".join(parts), key=key)


def others_sentence(edition: Edition, changes: pd.DataFrame) -> Sentence | None:
    """The conclusion for every other wave against the baseline; None where there is none."""
    claims = claimed(changes).dropna(subset="difference")
    parts = _spell_changes(claims[claims["wave"] != edition.wave.wave], edition.language)
    if not parts:
        return None
    return Sentence(id="trend_others", language=edition.language, text=" ".join(parts), is_detail=True)


def slope_sentence(edition: Edition, trend: Trend | NoTrend | None) -> Sentence | None:
    """The average change per year along a straight line, and whether that is a fair summary; None without baseline."""
    language = edition.language
    if edition.baseline is None:
        return None
    if trend is None:
        text = speak.say(language, "slope_missing", **edition.years)
    elif isinstance(trend, NoTrend):
        years = speak.listing([str(wave) for wave in trend.waves], language)
        text = speak.say(language, NO_TREND[trend.reason], waves=years, **edition.years)
    elif trend.is_rounded:
        text = speak.say(language, "slope_rounded", first=trend.waves[0], last=trend.waves[-1])
    else:
        text = _slope_with_tests(trend, language)
    if isinstance(trend, Trend) and trend.left_out:
        years = speak.listing([str(wave) for wave in trend.left_out], language)
        text += " " + speak.say(language, "slope_left_out", waves=years, **edition.years)
    return Sentence(id="slope", language=language, text=text, is_detail=True)


def _slope_with_tests(trend: Trend, language: str) -> str:
    """With the range beside the interval; of the tests the largest p-value, so that the sentence holds for both."""
    equal_p, straight_p = trend.equal_range_p, trend.straight_range_p
    interval = speak.say(language, "slope_interval", **_ends(trend.slope_low, trend.slope_high, language))
    if trend.slope_range_low is not None and trend.slope_range_high is not None:
        interval += speak.say(language, "slope_range", **_ends(trend.slope_range_low, trend.slope_range_high, language))
    return speak.say(
        language,
        "slope_straight" if trend.is_straight else "slope_bent",
        slope=speak.tenths(trend.slope * 100, language),
        interval=interval,
        first=trend.waves[0],
        last=trend.waves[-1],
        p_equal=speak.p_equation(trend.equal_p if equal_p is None else equal_p, language),
        p_straight=speak.p_equation(trend.straight_p if straight_p is None else straight_p, language),
    )


def _ends(low: float, high: float, language: str) -> dict[str, str]:
    return {name: speak.tenths(value * 100, language) for name, value in (("low", low), ("high", high))}


def approximate_sentence(edition: Edition, shares: pd.DataFrame, sources: Sources | None = None) -> Sentence | None:
    """The waves whose share is known only by approximation: shown, never tested. None without such a wave.

    With ``sources`` also what its publication leaves open, where it is the wave of the edition.
    """
    language = edition.language
    rough = [
        speak.say(language, "in_wave", share=speak.whole_percent(row.share, language), wave=row.wave)
        for row in shares[shares["ci_low"].isna()].itertuples()
    ]
    if not rough:
        return None
    text = speak.say(language, "approximate_sentence", listing=speak.listing(rough, language))
    wave = edition.wave.wave
    is_of_edition = sources is not None and (shares["ci_low"].isna() & (shares["wave"] == wave)).any()
    figure = sources.published.accepted(wave, "has_wijkteam") if sources and is_of_edition else None
    remark = figure and figure.remark(language)
    return Sentence(id="trend_approximate", language=language, text=f"{text} {remark}" if remark else text)


def table(edition: Edition, shares: pd.DataFrame, sources: Sources | None = None) -> Table:
    """The share in each wave with its numbers and interval; with ``sources`` also where they come from."""
    language = edition.language
    columns = tuple(speak.say(language, "trend_columns").split("|"))
    rows: list[tuple] = []
    for row in shares.itertuples():
        measured = pd.notna(row.ci_low)
        rows.append(
            (
                str(row.wave),
                cells.percent(row.share)
                if measured
                else speak.say(language, "about", share=speak.percent_cell(row.share)),
                cells.percent_range(row.ci_low, row.ci_high),
                speak.say(language, "of", n=row.n, N=row.N) if measured else speak.say(language, "not_known"),
            )
        )
    return Table(
        id="table_trend",
        language=language,
        caption=titled(edition, "trend_caption"),
        columns=columns,
        rows=tuple(rows),
        notes=(speak.say(language, "trend_note"), *rounded_note(shares, language)),
        contract="estimates",
        records=records(shares, ESTIMATES),
        why=tuple(
            why_share(edition, sources, shares.iloc[[at]], printed(columns, row, ROLES), row[0])
            for at, row in enumerate(rows)
        )
        if sources
        else (),
    )


def chart(edition: Edition, shares: pd.DataFrame) -> Chart:
    """Points with intervals over the years, approximate waves open."""
    language = edition.language
    return Chart(
        id="figure_trend",
        language=language,
        caption=_claim(edition, shares),
        subtitle=titled(edition, "trend_figure"),
        alt=speak.say(language, "trend_figure_alt", listing=speak.listing(_spell_points(shares, language), language)),
        table="table_trend",
        plot=Series(points=tuple(_point(row, language) for row in shares.itertuples())),
        reading=" ".join(speak.say(language, key) for key in _readings(shares)),
        mark=marked(edition),
    )


def _point(row: Any, language: str) -> Point:
    text = speak.percent_cell(row.share)
    if pd.isna(row.ci_low):
        text = speak.say(language, "about", share=text)
    return Point(wave=row.wave, text=text, share=row.share, low=known(row.ci_low), high=known(row.ci_high))


def _readings(shares: pd.DataFrame) -> list[str]:
    """How to read the marks that are there."""
    marks = {"interval_reading": shares["ci_low"].notna(), "trend_reading_open": shares["ci_low"].isna()}
    return [*(key for key, holds in marks.items() if holds.any()), "trend_reading"]


def _claim(edition: Edition, shares: pd.DataFrame) -> str:
    """The share of the wave beside that of its baseline, the two that are tested, as the title of the figure.

    A wave that was not measured gives way to the last one that was.
    """
    measured = _measured(shares).set_index("wave")["share"]
    if measured.empty:
        return titled(edition, "trend_figure")
    first = edition.baseline_year
    last = edition.wave.wave if edition.wave.wave in measured.index else measured.index[-1]
    share = speak.whole_percent(measured[last], edition.language)
    if first == last or first not in measured.index:
        return titled(edition, "trend_claim_alone", last=last, share=share)
    before = speak.whole_percent(measured[first], edition.language)
    key = "trend_claim_same" if before == share else "trend_claim"
    claim = speak.say(edition.language, key, first=first, last=last, before=before, share=share)
    rough = shares[(shares["wave"] == edition.wave.wave) & shares["ci_low"].isna()]
    for row in rough.itertuples():
        about = speak.rough_percent(row.share, edition.language)
        claim = speak.say(edition.language, "trend_claim_rough", claim=claim, wave=row.wave, share=about)
    return marked_text(edition, claim)


def _spell_points(shares: pd.DataFrame, language: str) -> list[str]:
    told = []
    for row in shares.itertuples():
        share = speak.percent_cell(row.share)
        share = share if pd.notna(row.ci_low) else speak.say(language, "about", share=share)
        told.append(speak.say(language, "in_wave", share=share, wave=row.wave))
    return told


def _spell_changes(claims: pd.DataFrame, language: str) -> list[str]:
    """A sentence for each change, and after it what it rests on where that was assumed."""
    told = []
    for row in claims.itertuples():
        told.append(spell_trend(row, language))
        if row.claim in POSSIBLE:
            told.append(speak.say(language, "if_chance"))
    return told


def _measured(shares: pd.DataFrame) -> pd.DataFrame:
    return shares[shares["ci_low"].notna()]
