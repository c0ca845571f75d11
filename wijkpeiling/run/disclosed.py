"""Cells of an edition that would tell on municipalities: rows behind its tables, what these show, data files."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.estimation.disclosure import HIDDEN, LIMITS, UNROUNDED, is_small
from wijkpeiling.language import sentence_case
from wijkpeiling.present.blocks import Chart, Table
from wijkpeiling.present.classes import class_label
from wijkpeiling.report.model import Report
from wijkpeiling.run.findings import MODEL, Edition, Finding

# estimates as a file has them, and how it writes a number
FILES = {"data/estimates.csv": (",", "."), "data/nl/estimates.csv": (";", ",")}
TODO = "do not publish it; build the edition again from the responses"
Row = dict[str, Any]


def disclosed(edition: Edition) -> Iterator[Finding]:
    """No number where a row is withheld, none finer than whole percents where it is rounded, no small cell elsewhere.

    Notes
    -----
    It holds what was protected against what is shown, by the rules of `estimation.disclosure`. Whether the right
    concepts were protected only the answers can tell, which an edition does not have.
    """
    for table in edition.report.tables:
        if table.contract == "estimates":
            for row in table.records:
                yield from _told(_amiss(row), row, f"{MODEL}, {table.id}")
            yield from _shown(table, edition.report)
    for name, (separator, decimal) in FILES.items():
        if name in edition.files:
            for number, row in enumerate(_read(edition.folder / name, separator, decimal), start=2):
                yield from _told(_amiss(row), row, f"{name}, row {number}")


def _told(what: str | None, row: Row, where: str) -> Iterator[Finding]:
    if what:
        cell = ", ".join(str(row[name]) for name in ("wave", "concept", "domain_value"))
        yield Finding(f"{cell}: {what}", where, TODO)


def _amiss(row: Row) -> str | None:
    """What a row tells that it should not."""
    if row["is_suppressed"] or row["flag"] == "suppressed":
        return _has("a withheld cell has", row, HIDDEN)
    if row["flag"] == "rounded":
        finer = [name for name in ("share", *LIMITS) if row[name] is not None and not _is_whole(row[name])]
        if finer:
            return f"a rounded cell has a {finer[0]} that is finer than a percent"
        return _has("a rounded cell has", row, UNROUNDED)
    is_of_answers = row["source"] in ("microdata", "synthetic") and row["domain"] != "overall"
    if is_of_answers and row["n"] is not None and row["count"] is not None:
        cell = pd.DataFrame({"n": [int(row["n"])], "count": [int(row["count"])]})
        if is_small(cell)[0]:
            return "a small cell is shown"
    return None


def _has(what: str, row: Row, names: tuple[str, ...]) -> str | None:
    given = [name for name in names if row[name] is not None]
    return f"{what} a {given[0]}" if given else None


def _is_whole(share: float) -> bool:
    return abs(share * 100 - round(share * 100)) < 1e-9


def _shown(table: Table, report: Report) -> Iterator[Finding]:
    """Numbers that a table and its chart show of withheld rows: concept heads the row, size class the column."""
    withheld = {
        (sentence_case(report.label("concept", row["concept"])), class_label(row["domain_value"], report.language))
        for row in table.records
        if row["is_suppressed"] and row["domain_value"] in SIZE_CLASSES
    }
    where = f"{MODEL}, {table.id}"
    for head, *cells in table.rows:
        for column, cell in zip(table.columns[1:], cells, strict=True):
            if (head.text, column) in withheld and (cell.value is not None or _has_digit(cell.text)):
                yield Finding(f"a withheld cell shows {cell.text!r}: {head.text}, {column}", where, TODO)
    for chart in report.charts:
        if chart.table == table.id:
            yield from _drawn(chart, withheld)


def _drawn(chart: Chart, withheld: set[tuple[str, str]]) -> Iterator[Finding]:
    for row in chart.plot.rows if chart.plot.kind == "intervals" else ():
        is_drawn = any(value is not None for value in (row.share, row.low, row.high)) or _has_digit(row.text)
        if (row.group or "", row.label) in withheld and is_drawn:
            yield Finding(f"a withheld cell is drawn: {row.group}, {row.label}", f"{MODEL}, {chart.id}", TODO)


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _read(path: Path, separator: str, decimal: str) -> Iterator[Row]:
    """Rows of a data file with the values that the rules look at."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=separator):
            numbers = {name: _number(row.get(name), decimal) for name in ("n", *HIDDEN)}
            yield {**row, **numbers, "is_suppressed": row["is_suppressed"] == "True"}


def _number(text: str | None, decimal: str) -> float | None:
    return float(text.replace(decimal, ".")) if text else None
