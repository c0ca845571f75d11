"""What a coming wave can find: a table, a figure, and the response it takes."""

from typing import TYPE_CHECKING

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.errors import EstimationError
from wijkpeiling.present.blocks import Figure, Sentence, Table, records
from wijkpeiling.trend.planning import Plan, needed_response

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


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
        "table_plan",
        language,
        speak.say(language, "plan_caption", share=speak.whole_percent(plan.p, language)),
        (
            *speak.say(language, "plan_columns").split("|"),
            *(speak.say(language, "plan_items", items=items) for items in wide.columns),
        ),
        tuple(rows),
        (speak.say(language, "plan_note", power=speak.whole_percent(plan.power, language)),),
        records=records(detectable),
    )


def sentences(plan: Plan, change: float, families: list[int], language: str) -> list[Sentence]:
    """How many municipalities must answer to find ``change``, for each number of items tested together."""
    return [Sentence(f"plan_{items}", language, _needed(plan, change, items, language)) for items in families]


def figure(plan: Plan, detectable: pd.DataFrame, language: str) -> Figure:
    """Lines of the smallest detectable change over the response, one for each number of items."""

    def draw(width: float) -> "Drawing":
        from wijkpeiling.present import drawing

        figure, axis = drawing.new_figure(width, 3.6)
        styles = zip(detectable.groupby("items"), ("-", "--", "-.", ":") * 3, strict=False)
        for (items, line), style in styles:
            axis.plot(line["response_rate"], line["detectable_change"] * 100, style, color=drawing.BLUE, lw=1.8)
            last = line.iloc[-1]
            axis.annotate(
                speak.say(language, "plan_items", items=items),
                (last["response_rate"], last["detectable_change"] * 100),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
        rates = sorted(detectable["response_rate"].unique())
        axis.set(ylim=(0, None), xlim=(rates[0], rates[-1] + 0.28 * (rates[-1] - rates[0])))
        axis.set_xticks(rates, [speak.percent_cell(rate) for rate in rates])
        axis.set_xlabel(speak.say(language, "plan_x"))
        axis.set_ylabel(speak.say(language, "plan_y"))
        drawing.sns.despine(ax=axis, left=True)
        axis.grid(axis="x", visible=False)
        return figure

    return Figure(
        "figure_plan",
        language,
        speak.say(language, "plan_figure"),
        speak.say(language, "plan_figure_alt"),
        "table_plan",
        records(detectable),
        draw,
    )


def as_text(table: Table) -> str:
    """The table in columns of plain text, for a terminal or a pipe."""
    lines = [table.columns, *table.rows]
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
