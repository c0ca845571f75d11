"""A table held against its contract: read from a file, or handed on between rooms."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from wijkpeiling.errors import WijkpeilingError
from wijkpeiling.files import MEGABYTE, read_text

LARGEST = 100 * MEGABYTE
BOOLEANS = {"True": True, "true": True, "TRUE": True, "False": False, "false": False, "FALSE": False}
# as one writes it: Python reads 1_000, nan and the digits of every script as numbers too
NUMBER = re.compile(r"[-+]?[0-9]{1,20}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?")
_KINDS = {"Int64": "a whole number", "Float64": "a number with a decimal point", "boolean": "True or False"}


@dataclass(frozen=True)
class Contract:
    """A table that crosses rooms.

    Attributes
    ----------
    name
        Its name, as files on disk carry it.
    schema
        Columns in order, with types and checks; a check's ``error`` says what was expected.
    key
        Columns that together occur once; empty where rows may repeat.
    """

    name: str
    schema: pa.DataFrameSchema
    key: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        return list(self.schema.columns)


def read_table(path: Path, contract: Contract, error: type[WijkpeilingError]) -> pd.DataFrame:
    """Read a CSV file and check it against its contract.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: with the file, the row as a spreadsheet shows it (the heading is row 1), the column
        and the value.
    """
    return check_cells(read_cells(path, contract, error), contract, error, where=path)


def read_cells(path: Path, contract: Contract, error: type[WijkpeilingError]) -> pd.DataFrame:
    """Read the columns of a contract as they were written, unchecked; an empty cell is NA."""
    rows = [[cell or None for cell in row] for row in _read_rows(path, contract, error)]
    return pd.DataFrame(rows, columns=contract.columns, dtype="string")


def check_cells(
    cells: pd.DataFrame, contract: Contract, error: type[WijkpeilingError], *, where: Path | str
) -> pd.DataFrame:
    """Check cells as they were written, and give them the types of their contract."""
    frame = cells.copy()
    for name, column in contract.schema.columns.items():
        if str(column.dtype) in ("Int64", "Float64"):
            _check_numbers(cells[name], contract, error, where)
        elif str(column.dtype) == "boolean":
            # anything else stays as it was written, for the check to name
            told = [BOOLEANS.get(cell, cell) for cell in frame[name]]
            frame[name] = pd.Series(told, dtype=object, index=frame.index)
    return check(frame, contract, error, where=where)


def _check_numbers(cells: pd.Series, contract: Contract, error: type[WijkpeilingError], where: Path | str) -> None:
    strange = cells[~cells.str.fullmatch(NUMBER).fillna(True).astype(bool)]
    if len(strange):
        raise error(
            f"{strange.iloc[0]!r} is not allowed",
            where=f"{where}, row {strange.index[0] + 2}, column {cells.name}",
            expected=_expected_type(contract, str(cells.name)),
            todo="correct the cell",
        )


def check(
    frame: pd.DataFrame, contract: Contract, error: type[WijkpeilingError], *, where: Path | str = ""
) -> pd.DataFrame:
    """Return ``frame`` with the types of its contract, or raise ``error`` naming the first offending cell."""
    where = where or f"table {contract.name}"
    try:
        checked = _sound(frame, contract)
        if checked is None:
            checked = contract.schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as failure:
        raise _first_failure(failure.failure_cases, contract, error, where) from None
    if contract.key:
        repeated = checked.duplicated(list(contract.key))
        if repeated.any():
            row = int(repeated.to_numpy().argmax())
            key = ", ".join(f"{name} {checked.iloc[row][name]}" for name in contract.key)
            raise error(
                f"the same row twice: {key}",
                where=f"{where}, row {row + 2}",
                expected=f"one row for each {', '.join(contract.key)}",
                todo="remove one of the two rows",
            )
    return checked


def _sound(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame | None:
    """``frame`` with the types of its contract; None where something is off, which pandera's own validation tells.

    The same types and checks without what that prepares for its messages: half the time of a table that is right.
    """
    if list(frame.columns) != contract.columns:
        return None
    try:
        typed = {name: _typed(frame[name], column) for name, column in contract.schema.columns.items()}
        is_sound = all(_holds(typed[name], column) for name, column in contract.schema.columns.items())
    except (TypeError, ValueError, OverflowError):
        return None
    return pd.DataFrame(typed, index=frame.index) if is_sound else None


def _typed(cells: pd.Series, column: pa.Column) -> pd.Series:
    return cells if cells.dtype == column.dtype.type else column.dtype.coerce(cells)


def _holds(cells: pd.Series, column: pa.Column) -> bool:
    is_missing = cells.array.isna()
    if is_missing.any() and not column.nullable:
        return False
    return bool(is_missing.all()) or all(check(cells).check_passed for check in column.checks)


def read_heading(path: Path, error: type[WijkpeilingError]) -> list[str]:
    """The first row of a CSV file; empty where there is none."""
    heading = (_read_lines(path, error) or [[]])[0]
    _check_separator(heading, error, path)
    return heading


def _read_lines(path: Path, error: type[WijkpeilingError]) -> list[list[str]]:
    missing = "put the file back, or copy one of another wave"
    text = read_text(path, error, largest=LARGEST, missing=missing, counted="row")
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), strict=True):
            lines.append(line)
    except csv.Error as failure:
        raise error(
            f"the quotation marks do not match ({failure})",
            where=f"{path}, row {len(lines) + 1}",
            expected='a cell with a comma or a " stands between quotation marks, and a " in it is doubled',
            todo="correct the cell, or save the file again from a spreadsheet",
        ) from None
    return lines


def _read_rows(path: Path, contract: Contract, error: type[WijkpeilingError]) -> list[list[str]]:
    lines = _read_lines(path, error)
    heading, *rows = lines or [[]]
    _check_heading(heading, contract, error, path)
    for number, cells in enumerate(rows, start=2):
        if len(cells) != len(heading):
            raise error(
                f"{len(cells)} cells where the heading has {len(heading)}",
                where=f"{path}, row {number}",
                expected="a comma between cells, quotation marks around a cell with a comma in it",
                todo="correct the row",
            )
    order = [heading.index(name) for name in contract.columns]
    return [[row[place].strip() for place in order] for row in rows]


def _check_separator(heading: list[str], error: type[WijkpeilingError], path: Path) -> None:
    if len(heading) == 1 and ";" in heading[0]:
        raise error(
            "the cells are separated by ;",
            where=f"{path}, row 1",
            expected="a comma between cells",
            todo='save it again as "CSV UTF-8 (comma delimited)"',
        )


def _check_heading(heading: list[str], contract: Contract, error: type[WijkpeilingError], path: Path) -> None:
    _check_separator(heading, error, path)
    missing = [name for name in contract.columns if name not in heading]
    unknown = [name for name in heading if name not in contract.columns]
    twice = sorted({name for name in heading if heading.count(name) > 1})
    faults = [("missing column", missing), ("unknown column", unknown), ("column that appears twice:", twice)]
    found = "; ".join(f"{label} {', '.join(map(repr, names))}" for label, names in faults if names)
    if found:
        raise error(found, where=f"{path}, row 1", expected=", ".join(contract.columns), todo="correct the heading")


def _first_failure(
    cases: pd.DataFrame, contract: Contract, error: type[WijkpeilingError], where: Path | str
) -> WijkpeilingError:
    located = cases[cases["index"].notna()]
    if located.empty:
        first = cases.iloc[0]
        return error(f"{first['column'] or ''} {first['check']}: {first['failure_case']}".strip(), where=where)
    first = located.sort_values("index", kind="stable").iloc[0]
    wrong_type = str(first["check"]).startswith(("coerce_dtype", "dtype"))
    expected = _expected_type(contract, first["column"]) if wrong_type else str(first["check"])
    empty = first["check"] == "not_nullable"
    others = located["index"].nunique() - 1
    return error(
        "an empty cell" if empty else f"{_spelled(first['failure_case'])} is not allowed",
        where=f"{where}, row {int(first['index']) + 2}, column {first['column']}"
        + (f" (and {others} more row{'s' if others > 1 else ''})" if others else ""),
        expected="a value" if empty else expected,
        todo="correct the cell",
    )


def _spelled(cell: object) -> str:
    """As it was written: text between quotation marks, numbers without their type."""
    return repr(cell) if isinstance(cell, str) else str(cell)


def _expected_type(contract: Contract, column: str) -> str:
    dtype = contract.schema.columns[column].dtype.type
    if isinstance(dtype, pd.CategoricalDtype):
        return "one of " + ", ".join(dtype.categories)
    return _KINDS.get(str(dtype), "text")
