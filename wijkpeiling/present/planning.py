"""What a coming wave can find: a table, a figure, and the response it takes."""

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Line, Lines
from wijkpeiling.errors import EstimationError
from wijkpeiling.present.blocks import Chart, Sentence, Table, records
from wijkpeiling.trend.planning import Plan, needed_response


def table(plan: Plan, detectable: pd.DataFrame, language: str) -> Table:
    """The smallest detectable change: a row for each response, a column for each number of items."""
    wide = detectable.pivot(index="n", columns="items", values="detectable_change")
    rows = [
        (
            speak.say(language, "of", n=n, N=plan.N),
            speak.percent_cell(n / plan.N),
            *(speak.tenths(change * 100, language) for change in row),
        )
        for n, row in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    return Table(
        id="table_plan",
        language=language,
        caption=speak.say(language, "plan_caption", share=speak.whole_percent(plan.p, language)),
        columns=(
            *speak.say(language, "plan_columns").split("|"),
            *(speak.say(language, "plan_items", items=items) for items in wide.columns),
        ),
        rows=tuple(rows),
        notes=(speak.say(language, "plan_note", power=speak.whole_percent(plan.power, language)),),
        records=records(detectable),
    )


def sentences(plan: Plan, change: float, families: list[int], language: str) -> list[Sentence]:
    """How many municipalities must answer to find ``change``, for each number of items tested together."""
    return [
        Sentence(id=f"plan_{items}", language=language, text=_needed(plan, change, items, language))
        for items in families
    ]


def chart(plan: Plan, detectable: pd.DataFrame, language: str) -> Chart:
    """Lines of the smallest detectable change over the response, one for each number of items."""
    rates = sorted(detectable["response_rate"].unique())
    lines = [
        Line(
            label=speak.say(language, "plan_items", items=items),
            points=list(zip(line["response_rate"], line["detectable_change"] * 100, strict=True)),
        )
        for items, line in detectable.groupby("items")
    ]
    return Chart(
        id="figure_plan",
        language=language,
        caption=speak.say(language, "plan_figure"),
        alt=speak.say(language, "plan_figure_alt"),
        table="table_plan",
        plot=Lines(
            lines=lines,
            ticks=rates,
            tick_texts=[speak.percent_cell(rate) for rate in rates],
            x_label=speak.say(language, "plan_x"),
            y_label=speak.say(language, "plan_y"),
        ),
    )


def as_text(table: Table) -> str:
    """The table in columns of plain text, for a terminal or a pipe."""
    lines = [table.columns, *table.texts]
    widths = [max(len(line[place]) for line in lines) for place in range(len(table.columns))]
    body = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([table.caption, "", *body, "", *table.notes])


def _needed(plan: Plan, change: float, items: int, language: str) -> str:
    points = speak.tenths(change * 100, language)
    try:
        n = needed_response(plan, change, items)
    except EstimationError:
        return speak.say(language, "plan_impossible", points=points, items=items, N=plan.N)
    rate = speak.whole_percent(n / plan.N, language)
    return speak.say(language, "plan_needed", points=points, items=items, n=n, N=plan.N, rate=rate)
