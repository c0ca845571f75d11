"""What SPSS and Stata files have in common: numbers that are codes, labels, and texts of questions."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any, Final, NamedTuple

import numpy as np

from wijkpeiling.errors import IntakeError
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.readers.grid import Grid, counted, library, named, text_columns
from wijkpeiling.intake.readers.tools import tidy

FIRST_ROW: Final = 2
# a number that a double holds exactly; beyond it digits are lost
EXACT: Final = 2**53


class Kind(NamedTuple):
    """What the format is called: in ``Export.format``, and to the user."""

    format: str
    name: str


class Coded(NamedTuple):
    """Columns by name, and what the file says of them."""

    columns: Mapping[str, Sequence[Any]]
    meta: Any


def read_coded(reader: str, content: bytes, file: str, what: str) -> Coded:
    """Columns by name, as lists, and what the file says of them.

    A column of whole numbers in which one is missing is read as a list: as a table, Stata's missing becomes 0.

    Raises
    ------
    IntakeError
        When the file is damaged, or of a version that is not known.
    """
    pyreadstat = library("pyreadstat", f"reading {what}")
    read: Callable[..., Any] = getattr(pyreadstat, reader)
    options = {"user_missing": True, "output_format": "dict"}
    try:
        try:
            return Coded(*read(BytesIO(content), **options))
        except OverflowError:
            # a date beyond the year 9999: numbers of seconds or days instead
            return Coded(*read(BytesIO(content), disable_datetime_conversion=True, **options))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, LookupError) as failure:
        raise IntakeError(
            f"{what} cannot be read: {failure}",
            where=file,
            expected="a whole file, without a password",
            todo="save it again from SPSS, Stata or R, or export the responses as CSV or JSON",
        ) from None


def coded_export(
    columns: Mapping[str, Sequence[str | None]],
    meta: Any,
    labels: Mapping[str, Mapping[str, str]],
    user_missing: Mapping[str, Mapping[str, str]],
    *,
    kind: Kind,
    file: str,
) -> Export:
    """The export of columns of codes; the first record has row 2, below the names of the columns.

    Raises
    ------
    IntakeError
        When there are no answers.
    """
    rows = max((len(values) for values in columns.values()), default=0)
    if not rows:
        raise IntakeError(
            "there are names of columns and no answers" if columns else "there are no columns",
            where=file,
            expected="a row for each respondent",
            todo="export the responses again, once there are some",
        )
    cells = text_columns(dict(enumerate(columns.values())))
    grid = named(Grid(file, list(columns), cells, np.arange(rows) + FIRST_ROW))
    texts = {name: tidy(text) for name, text in meta.column_names_to_labels.items() if text and tidy(text)}
    size = f"{counted(rows, 'row')}, {counted(len(columns), 'column')}, {len(labels):,} with labels"
    return Export(
        format=kind.format,
        description=f"{kind.name}: {size}",
        file=file,
        cells=grid.cells.fillna(""),
        rows=grid.rows,
        labels=labels,
        texts=texts,
        user_missing=user_missing,
        findings=tuple(grid.findings),
    )


def code_of(value: Any) -> str | None:
    """A value as a code: 1.0 is 1, a moment is written as ISO 8601 has it; None where there is none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        number = float(value)
        if np.isnan(number):
            return None
        return str(int(number)) if number.is_integer() and abs(number) < EXACT else repr(number)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return str(value)
