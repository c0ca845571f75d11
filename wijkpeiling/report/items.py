"""The percentages of a report's tables as a text tells them: one for each item, with the widest limits of its bases."""

from typing import Any, NamedTuple

from wijkpeiling.present.blocks import Table
from wijkpeiling.present.wording import half
from wijkpeiling.report.model import Report

POSITIONS = ("above", "across", "below", "open")
PLACES = {"above": "above", "around": "across", "below": "below"}


class Limits(NamedTuple):
    """Two shares, 0-1, between which one lies."""

    low: float
    high: float


class Item(NamedTuple):
    """A percentage that a text tells, with the widest limits over the bases that it may have been taken over.

    Attributes
    ----------
    likely
        Its interval, if those that did not take part are like those that did; None without one.
    worst
        What it is if all that did not take part say no, and if all say yes; None where that is not known.
    """

    label: str
    share: float
    likely: Limits | None
    worst: Limits | None
    base: str
    flag: str | None

    @property
    def position(self) -> str:
        """Where the interval, as it is printed, lies against a half; ``open`` without one."""
        return PLACES[half(*self.likely)] if self.likely else "open"


def items_of(report: Report, table: str) -> list[Item]:
    """Shares of all municipalities in a table of estimates, highest first, each item once; none that is withheld."""
    by_concept: dict[str, list[dict]] = {}
    for record in records_of(report, table):
        if record["domain"] == "overall" and record["share"] is not None and not record["is_suppressed"]:
            by_concept.setdefault(record["concept"], []).append(record)
    items = [item_of(report, rows) for rows in by_concept.values()]
    return sorted(items, key=lambda item: -item.share)


def item_of(report: Report, rows: list[dict]) -> Item:
    """The item that rows of estimates are of, one for each base."""
    first = rows[0]
    return Item(
        label=report.label("concept", first["concept"]),
        share=first["share"],
        likely=_widest(rows, "ci_low", "ci_high"),
        worst=_widest(rows, "worst_low", "worst_high"),
        base=first["base"],
        flag=first.get("flag") or None,
    )


def _widest(rows: list[dict], low: str, high: str) -> Limits | None:
    """None where a row does not know them."""
    if any(row[low] is None for row in rows):
        return None
    return Limits(min(row[low] for row in rows), max(row[high] for row in rows))


def table_of(report: Report, name: str) -> Table | None:
    """The table of that id, if the report has it."""
    return next((table for table in report.tables if table.id == name), None)


def records_of(report: Report, name: str) -> list[dict[str, Any]]:
    """The rows behind a table; none without it."""
    table = table_of(report, name)
    return table.records if table else []
