"""What a Stata file says, in codes: labels, and the missing values .a to .z."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from wijkpeiling.intake.readers.codes import code_of

TEXT: Final = "string"


def stata_codes(columns: Mapping[str, Sequence[Any]], meta: Any) -> dict[str, dict[str, Any]]:
    """Columns, labels and missing values of a .dta, as pyreadstat read them.

    The missing values .a to .z stay in the columns, written so.

    Returns
    -------
    dict
        ``columns``, ``labels`` and ``user_missing``, each by column.
    """
    kinds = meta.readstat_variable_types
    coded = {
        name: [code_of(value) if kinds.get(name) == TEXT else _number(value) for value in values]
        for name, values in columns.items()
    }
    labels = {
        name: {str(_number(code)): label for code, label in found.items()}
        for name, found in meta.variable_value_labels.items()
    }
    missing = {
        name: _lettered({*coded[name], *labels.get(name, ())}, labels.get(name, {}))
        for name in columns
        if kinds.get(name) != TEXT
    }
    return {
        "columns": coded,
        "labels": labels,
        "user_missing": {name: found for name, found in missing.items() if found},
    }


def _number(value: Any) -> str | None:
    """A value of a column of numbers; a letter there is a missing value."""
    return f".{value}" if isinstance(value, str) else code_of(value)


def _lettered(codes: Iterable[str | None], labels: Mapping[str, str]) -> dict[str, str]:
    """The missing values .a to .z, with their label; "" for one without."""
    letters = {code for code in codes if code is not None and code[:1] == "." and code[1:].isalpha()}
    return {code: labels.get(code, "") for code in sorted(letters)}
