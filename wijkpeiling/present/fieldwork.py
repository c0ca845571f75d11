"""When the answers came in: respondents by period of the fieldwork."""

import datetime

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Line, Lines
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Chart, Sentence, Table, marked, records, titled
from wijkpeiling.present.why_counts import of_period
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources

# a fieldwork of more days is told by week, counted from the first day
MOST_DAYS = 14
WEEK = 7
# dates that a phone has room for below an axis
MOST_TICKS = 5


def periods(edition: Edition, sources: Sources) -> pd.DataFrame:
    """Respondents by day, or by week where the fieldwork was long; no rows where it is not known.

    Returns
    -------
    DataFrame
        Columns ``first`` and ``last`` (dates of the period), ``day`` (of the fieldwork, that ``last`` is),
        ``respondents``, ``cumulative`` and ``rate`` (``cumulative`` over all municipalities, 0-1).
    """
    wave = edition.wave.wave
    days = sources.days(wave)
    dates = pd.to_datetime(days["date"])
    if days.empty:
        return pd.DataFrame(columns=["first", "last", "day", "respondents", "cumulative", "rate"])
    start, n_days = dates.min(), (dates.max() - dates.min()).days + 1
    length = 1 if n_days <= MOST_DAYS else WEEK
    period = (dates - start).dt.days // length
    n = days["respondents"].groupby(period).sum().reindex(range(period.max() + 1), fill_value=0).astype(int)
    last = [min((at + 1) * length, n_days) for at in n.index]
    table = pd.DataFrame({"first": [start + pd.Timedelta(days=at * length) for at in n.index], "day": last})
    table.insert(1, "last", [start + pd.Timedelta(days=day - 1) for day in last])
    table["respondents"], table["cumulative"] = n.to_numpy(), n.cumsum().to_numpy()
    return table.assign(
        first=table["first"].dt.strftime("%Y-%m-%d"),
        last=table["last"].dt.strftime("%Y-%m-%d"),
        rate=table["cumulative"] / sources.of(wave).N,
    )


def sentence(edition: Edition, sources: Sources) -> Sentence | None:
    """From when to when answers came in, and by when half of them were there; nothing where that is not known."""
    language, table = edition.language, periods(edition, sources)
    if table.empty:
        return None
    days = sources.days(edition.wave.wave)
    total = int(days["respondents"].sum())
    half = days.loc[(2 * days["respondents"].cumsum() >= total).idxmax(), "date"]
    first, last, half = (_date(date, language) for date in (days["date"].iloc[0], days["date"].iloc[-1], half))
    key = "days_sentence" if first != last else "days_one_day"
    text = speak.say(language, key, n=total, first=first, last=last, half=half)
    missing = (sources.of(edition.wave.wave).n_respondents or 0) - total
    if missing:
        text += " " + speak.say(language, "days_missing", n=missing)
    return Sentence(id="response_days", language=language, text=text)


def chart(edition: Edition, sources: Sources) -> Chart | None:
    """The response as it grew; nothing where it is not known or came in on one day."""
    language, table = edition.language, periods(edition, sources)
    if len(table) < 2:
        return None
    step = -(-len(table) // MOST_TICKS)
    shown = table.iloc[::-step].iloc[::-1]
    spelled = [
        speak.say(language, "days_point", last=_date(row.last, language), share=speak.percent_cell(row.rate))
        for row in shown.itertuples()
    ]
    ticks = [0.0, *shown["day"].astype(float)]
    return Chart(
        id="figure_response_days",
        language=language,
        caption=titled(edition, "days_figure", wave=edition.wave.wave),
        alt=speak.say(language, "days_figure_alt", listing="; ".join(spelled)),
        table="table_response_days",
        plot=Lines(
            lines=[
                Line(
                    label=speak.percent_cell(table["rate"].iloc[-1]),
                    points=[(0.0, 0.0), *zip(table["day"].astype(float), table["rate"] * 100, strict=True)],
                )
            ],
            ticks=ticks,
            tick_texts=["", *(speak.short_date(_as_date(last), language) for last in shown["last"])],
            x_label="",
            y_label=speak.say(language, "days_y"),
        ),
        mark=marked(edition),
    )


def table(edition: Edition, sources: Sources) -> Table | None:
    """Respondents by period, and all until then; nothing where it is not known or came in on one day."""
    language, known = edition.language, periods(edition, sources)
    if len(known) < 2:
        return None
    rows = [
        (
            _period(row.first, row.last, language),
            cells.count(row.respondents),
            cells.count(row.cumulative),
            cells.percent(row.rate),
        )
        for row in known.itertuples()
    ]
    columns, N = tuple(speak.say(language, "days_columns").split("|")), sources.of(edition.wave.wave).N
    return Table(
        id="table_response_days",
        language=language,
        caption=titled(edition, "days_caption", wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        records=records(known),
        why=tuple(of_period(language, columns, row, known.iloc[at], N) for at, row in enumerate(rows)),
    )


def _period(first: str, last: str, language: str) -> str:
    if first == last:
        return _date(first, language)
    return f"{speak.short_date(_as_date(first), language)} \u2013 {_date(last, language)}"


def _date(date: str, language: str) -> str:
    return speak.date(_as_date(date), language)


def _as_date(date: str) -> datetime.date:
    return datetime.date.fromisoformat(date)
