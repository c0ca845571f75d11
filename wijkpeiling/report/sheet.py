"""What of a report stands on one sheet: its number, the percentages around it, what changed, and the source."""

import re
from collections.abc import Iterator
from typing import TypeVar

from wijkpeiling.charts.model import Bar, Bars, Interval, Intervals, Plot, Point, Series
from wijkpeiling.language import percent_cell, say, sentence_case, whole
from wijkpeiling.present.blocks import Chart, KeyFigure, Sentence, Table
from wijkpeiling.present.wording import OF_BASE
from wijkpeiling.records import Record
from wijkpeiling.report.items import Item, Limits, items_of
from wijkpeiling.report.layout import publications_of
from wijkpeiling.report.model import Report
from wijkpeiling.report.terms import written_out

# more than this is no infographic: the highest stand on the sheet, which says so
MOST_ROWS = 8
WHOLE_PERCENT = re.compile(r"(\d{1,3})%")

P = TypeVar("P", bound=Plot)


class Headline(Record):
    """The number of the sheet: ``of_hundred`` circles of a hundred where it is a whole percentage.

    ``circles`` says of whom it is, ``worst`` what it would be whatever those that did not take part would say.
    """

    value: str
    text: str
    interval: str | None
    of_hundred: int | None
    circles: str | None
    worst: str | None


class Row(Record):
    """A percentage with its interval, None where there is none; ``is_headline`` if a title speaks of it."""

    label: str
    text: str
    share: float
    low: float | None
    high: float | None
    is_headline: bool

    @property
    def said(self) -> str:
        interval = f" ({whole(self.low)}–{whole(self.high)}%)" if self.low is not None and self.high is not None else ""
        return f"{self.label}: {self.text}{interval}"


class Shares(Record):
    """Percentages of one kind, with a note where some do not stand here."""

    title: str
    subtitle: str | None
    rows: tuple[Row, ...]
    note: str | None
    alt: str


class Change(Record):
    """What changed, in the report's own sentences."""

    title: str
    text: str


class Trend(Record):
    """A share over the years."""

    title: str
    points: tuple[Point, ...]
    alt: str


class Said(Record):
    """A quote, which is not from the figures, and the words that say so."""

    text: str
    mark: str


class Response(Record):
    """How many took part, as a part of all, 0-1; None where that is not known."""

    text: str
    part: float | None


class Sheet(Record):
    """What stands on the sheet; what the report has not is None or empty."""

    language: str
    title: str
    sender: str | None
    mark: str | None
    headline: Headline | None
    sentences: tuple[str, ...]
    others: tuple[KeyFigure, ...]
    shares: tuple[Shares, ...]
    change: Change | None
    trend: Trend | None
    quote: Said | None
    response: Response | None
    notes: tuple[str, ...]

    @property
    def alt(self) -> str:
        """What the sheet shows, in words."""
        said = [f"{self.headline.value} {self.headline.text}"] if self.headline else []
        said += [self.headline.worst.removesuffix(".")] if self.headline and self.headline.worst else []
        said += [sentence.removesuffix(".") for sentence in self.sentences]
        said += [f"{shares.title}: {shares.alt}" for shares in self.shares]
        said += [f"{self.trend.title}: {self.trend.alt}"] if self.trend else []
        said += [self.response.text.removesuffix(".")] if self.response else []
        return " ".join([*filter(None, [self.mark]), *(f"{one}." for one in said)])


def sheet_of(report: Report) -> Sheet:
    """The sheet of a report: its cover's number and chart, or else its first chart of percentages and the highest."""
    cover, language = report.cover, report.language
    charts = _share_charts(report)
    headline = _headline(report, charts)
    trend = next(_of_kind(report, Series), None)
    response = _response(report)
    return Sheet(
        language=language,
        title=cover.title,
        sender=_sender(report),
        mark=say(language, "pdf_invented") if cover.source == "synthetic" else None,
        headline=headline,
        sentences=() if headline and charts else _in_brief(report, headline, response),
        others=cover.key_figures[1:3],
        shares=tuple(_shares(chart, plot, headline, language) for chart, plot in charts),
        change=_change(report, [chart for chart, _ in charts]),
        trend=_trend(*trend) if trend else None,
        quote=_quote(report),
        response=response,
        notes=_notes(report, charts, trend),
    )


def _of_kind(report: Report, kind: type[P]) -> Iterator[tuple[Chart, P]]:
    """The first chart of a kind in each section, that of the cover before the others."""
    found = []
    for section in report.sections:
        charts = [block for block in section.blocks if isinstance(block, Chart) and isinstance(block.plot, kind)]
        found += [chart for chart in charts if chart.id == report.cover.chart] or charts[:1]
    for chart in sorted(found, key=lambda chart: chart.id != report.cover.chart):
        if isinstance(chart.plot, kind):
            yield chart, chart.plot


def _share_charts(report: Report) -> list[tuple[Chart, Intervals]]:
    """Two kinds of percentages at most, of all municipalities: more do not fit on a sheet."""
    return [(chart, plot) for chart, plot in _of_kind(report, Intervals) if _is_of_all(plot)][:2]


def _is_of_all(plot: Intervals) -> bool:
    """Whether it tells percentages of all municipalities: not of parts of them, and not what worst-case bounds are."""
    shares = any(row.share is not None for row in plot.rows)
    return shares and not any(row.is_part or row.bounds_low is not None for row in plot.rows)


def _headline(report: Report, charts: list[tuple[Chart, Intervals]]) -> Headline | None:
    if report.cover.key_figures:
        first = report.cover.key_figures[0]
        value, text, interval = first.value, first.text, sentence_case(first.interval) if first.interval else None
    elif charts:
        chart, plot = charts[0]
        top = max(plot.rows, key=_share)
        value, text, interval = top.text, f"{chart.caption}: {top.label}", _between(top, report.language)
    else:
        return None
    whole_number = WHOLE_PERCENT.fullmatch(value)
    of_hundred = int(whole_number[1]) if whole_number else None
    item = _item(report, charts, value)
    return Headline(
        value=value,
        text=text,
        interval=interval,
        of_hundred=of_hundred,
        circles=_circles(report, of_hundred, item) if of_hundred is not None else None,
        worst=_worst(report, item.worst) if item and item.likely and item.worst else None,
    )


def _sender(report: Report) -> str | None:
    """Whose survey it is, which is not whoever made the sheet."""
    origin, language = report.cover.origin, report.language
    if origin is None:
        return None
    survey = say(language, "page_survey_of", held_by=written_out(origin.held_by, language))
    return f"{survey} · {report.cover.subtitle}"


def _item(report: Report, charts: list[tuple[Chart, Intervals]], value: str) -> Item | None:
    """The item of the tables that the number is of: that of the first chart with that percentage."""
    items = (item for chart, _ in charts for item in items_of(report, chart.table))
    return next((item for item in items if percent_cell(item.share) == value), None)


def _circles(report: Report, of_hundred: int, item: Item | None) -> str:
    """Of whom the circles are: of those that answered, and how many those were."""
    language, bar = report.language, _answered(report)
    response = say(language, "infographic_response", n=bar.part, N=bar.whole) if bar and bar.part is not None else ""
    if item and item.flag == "base_not_stated":
        return say(language, "infographic_circles_open", n=of_hundred, response=response)
    base = item.base if item and OF_BASE.get(item.base) != "of_all" else None
    whom = report.label("base", base) if base else say(language, "whom_municipalities")
    # of answers the share is weighted, and so of all those municipalities
    key = "infographic_circles" if report.cover.source == "published" else "infographic_circles_weighted"
    return say(language, key, n=of_hundred, whom=whom, response=response)


def _worst(report: Report, worst: Limits) -> str:
    return say(report.language, "infographic_worst", low=whole(worst.low), high=whole(worst.high))


def _between(row: Interval, language: str) -> str | None:
    if row.low is None or row.high is None:
        return None
    return say(language, "infographic_between", low=whole(row.low), high=whole(row.high))


def _share(row: Interval) -> float:
    """To put rows in order; one without a share comes last."""
    return -1.0 if row.share is None else row.share


def _shares(chart: Chart, plot: Intervals, headline: Headline | None, language: str) -> Shares:
    by_share = sorted((row for row in plot.rows if row.share is not None), key=_share, reverse=True)
    shown = [_row(row, headline) for row in by_share[:MOST_ROWS]]
    left_out = len(plot.rows) > MOST_ROWS
    note = say(language, "infographic_highest", shown=MOST_ROWS, all=len(plot.rows)) if left_out else None
    return Shares(
        title=chart.caption,
        subtitle=chart.subtitle,
        rows=tuple(shown),
        note=note,
        alt="; ".join(row.said for row in shown),
    )


def _row(row: Interval, headline: Headline | None) -> Row:
    is_named = headline is not None and row.text == headline.value and row.label.lower() in headline.text.lower()
    return Row(
        label=row.label,
        text=row.text,
        share=_share(row),
        low=row.low,
        high=row.high,
        is_headline=is_named or row.is_accent,
    )


def _change(report: Report, charts: list[Chart]) -> Change | None:
    """The sentence before a table of changes in the section of a chart on the sheet."""
    for section in (section for chart in charts for section in report.sections if chart in section.blocks):
        told = None
        for block in section.blocks:
            if isinstance(block, Sentence):
                told = block.text
            if isinstance(block, Table) and block.contract == "changes" and block.records and told:
                first, last = sorted((block.records[0]["baseline"], block.records[0]["wave"]))
                return Change(title=say(report.language, "infographic_change", first=first, last=last), text=told)
    return None


def _trend(chart: Chart, plot: Series) -> Trend:
    said = ", ".join(f"{point.text} in {point.wave}" for point in plot.points)
    return Trend(title=chart.caption, points=plot.points, alt=said)


def _response(report: Report) -> Response | None:
    """What the summary says of the response, with the part of the wave that it names, where that is known."""
    said, bar = _told_response(report), _answered(report)
    if said is None:
        return None
    return Response(text=said, part=bar.part / bar.whole if bar and bar.part is not None else None)


def _answered(report: Report) -> Bar | None:
    """The bar of the wave whose response the summary tells."""
    said = _told_response(report)
    bars = [bar for chart in report.charts for bar in _bars(chart.plot)]
    return next((bar for bar in bars if said and bar.label in said and bar.part is not None), None)


def _told_response(report: Report) -> str | None:
    """What the summary says of the response: the first of it in the section with the bars."""
    for section in report.sections:
        has_bars = any(_bars(block.plot) for block in section.blocks if isinstance(block, Chart))
        keys = [block.key for block in section.blocks if isinstance(block, Sentence) and block.key]
        if has_bars and keys:
            return keys[0]
    return None


def _quote(report: Report) -> Said | None:
    quote, language = report.editorial and report.editorial.quote, report.language
    if not quote:
        return None
    text = say(language, "article_quote", text=quote.text[language], name=quote.name, role=quote.role[language])
    return Said(text=text, mark=say(language, "article_said"))


def _in_brief(report: Report, headline: Headline | None, response: Response | None) -> tuple[str, ...]:
    """What stands where there is no chart of percentages: the lead.

    Without a number and a lead the summary, without what is told beside the response.
    """
    if headline or report.cover.lead:
        return report.cover.lead
    return tuple(text for _, text in report.summary if not response or text != response.text)


def _bars(plot: Plot) -> tuple[Bar, ...]:
    return plot.bars if isinstance(plot, Bars) else ()


def _notes(
    report: Report, charts: list[tuple[Chart, Intervals]], trend: tuple[Chart, Series] | None
) -> tuple[str, ...]:
    language, origin = report.language, report.cover.origin
    rows = [row for _, plot in charts for row in plot.rows]
    points = trend[1].points if trend else ()
    has_interval = any(low is not None for low in [*(row.low for row in rows), *(point.low for point in points)])
    keys = ["infographic_interval"] if has_interval else ["infographic_no_interval"] if rows else []
    keys += ["infographic_rank"] if len(rows) > 1 else []
    keys += ["infographic_open"] if any(point.low is None for point in points) else []
    source = report.cover.subtitle
    # without a chart of percentages the lead stands there, which tells these
    shown = {chart.table for chart, _ in charts} or {"table_shortfall", "table_task"}
    shown |= {trend[0].table} if trend else set()
    published = publications_of(report, [table for table in report.tables if table.id in shown], report.cover.wave)
    if published:
        source = "; ".join(", ".join(filter(None, one)) for one in published.items())
    elif origin:
        # the head of the sheet has it written out
        source = ", ".join(filter(None, [origin.report, origin.held_by, origin.published, origin.url]))
    read = " ".join(say(language, key) for key in keys)
    return tuple(filter(None, [read, say(language, "infographic_source", source=source)]))
