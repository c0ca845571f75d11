"""Cells of a table: a value, and the text that people read of it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.present.blocks import EMPTY, Cell, Format


def count(number: int) -> Cell:
    """A whole number."""
    return Cell(text=str(number), value=int(number), format="count")


def percent(share: float) -> Cell:
    """A share, 0-1, as a whole percentage; a dash where it is missing."""
    return _cell(share, "percent", speak.percent_cell)


def points(difference: float) -> Cell:
    """A difference of shares, -1 to 1, in whole percentage points with its sign."""
    return _cell(difference, "points", speak.points)


def percent_range(low: float, high: float) -> Cell:
    """An interval of shares, 0-1."""
    if pd.isna(low):
        return Cell(text=EMPTY)
    return Cell(text=speak.range_cell(low, high), value=(float(low), float(high)), format="percent_range")


def points_range(low: float, high: float, language: str) -> Cell:
    """An interval of differences of shares, -1 to 1."""
    if pd.isna(low):
        return Cell(text=EMPTY)
    text = speak.points_range(low, high, language)
    return Cell(text=text, value=(float(low), float(high)), format="points_range")


def p_value(p: float, language: str) -> Cell:
    """A p-value."""
    return _cell(p, "p_value", lambda value: speak.p_value(value, language))


def weight(value: float, language: str) -> Cell:
    """The municipalities that a respondent stands for, in hundredths; a dash where it is missing."""
    return _cell(value, "weight", lambda number: speak.hundredths(number, language))


class Filled(NamedTuple):
    """Headings and rows of a table, without the columns in which no row says anything."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | str, ...], ...]


def filled(columns: Sequence[str], rows: Sequence[tuple[Cell | str, ...]]) -> Filled:
    """Leave out the columns that hold dashes alone, such as p-values that would tell on answers."""
    says = [any(getattr(row[at], "text", row[at]) != EMPTY for row in rows) for at in range(len(columns))]
    return Filled(
        tuple(heading for heading, is_filled in zip(columns, says, strict=True) if is_filled),
        tuple(tuple(cell for cell, is_filled in zip(row, says, strict=True) if is_filled) for row in rows),
    )


def _cell(value: float, form: Format, spell: Callable[[float], str]) -> Cell:
    return Cell(text=EMPTY) if pd.isna(value) else Cell(text=spell(value), value=float(value), format=form)
