"""Stata files, with labels and the missing values .a to .z."""

from typing import Any, Final

from wijkpeiling.intake.export import Export
from wijkpeiling.intake.readers.coded import Kind, code_of, coded_export, read_coded

KIND: Final = Kind("stata", "a Stata file")
TEXT: Final = "string"


def read_stata(content: bytes, file: str) -> Export:
    """The export in a .dta file of Stata 8 or later.

    The missing values .a to .z stay in ``cells``, written so; ``user_missing`` says which occur or have a label. The
    missing value of the system (a point) is "".

    Raises
    ------
    IntakeError
        When the file is damaged, or holds no answers.
    """
    read = read_coded("read_dta", content, file, KIND.name)
    numbers = {name for name, kind in read.meta.readstat_variable_types.items() if kind != TEXT}
    columns = {
        name: [_numeric(value) if name in numbers else code_of(value) for value in values]
        for name, values in read.columns.items()
    }
    labels = {
        name: {str(_numeric(code)): label for code, label in found.items()}
        for name, found in read.meta.variable_value_labels.items()
    }
    missing = {name: _lettered(columns[name], labels.get(name, {})) for name in columns if name in numbers}
    missing = {name: codes for name, codes in missing.items() if codes}
    return coded_export(columns, read.meta, labels, missing, kind=KIND, file=file)


def _numeric(value: Any) -> str | None:
    """A value of a column of numbers; a letter there is a missing value."""
    return f".{value}" if isinstance(value, str) else code_of(value)


def _lettered(values: list[str | None], labels: dict[str, str]) -> dict[str, str]:
    """The missing values .a to .z that occur or have a label, with their label; "" for one without."""
    letters = {code for code in {*values, *labels} if code is not None and code[:1] == "." and code[1:].isalpha()}
    return {code: labels.get(code, "") for code in sorted(letters)}
