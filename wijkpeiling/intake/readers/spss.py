"""What an SPSS file says, in codes: labels, and the values that the file itself declares missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wijkpeiling.intake.readers.codes import code_of


def spss_codes(columns: Mapping[str, Sequence[Any]], meta: Any) -> dict[str, dict[str, Any]]:
    """Columns, labels and missing values of a .sav, as pyreadstat read them.

    Values declared missing stay in the columns; ranges of them are written out to the codes that have a label or were
    answered.

    Returns
    -------
    dict
        ``columns``, ``labels`` and ``user_missing``, each by column.
    """
    labels = {
        name: {str(code_of(code)): label for code, label in found.items()}
        for name, found in meta.variable_value_labels.items()
    }
    missing = {
        name: _within(ranges, {*meta.variable_value_labels.get(name, ()), *columns.get(name, ())}, labels.get(name, {}))
        for name, ranges in meta.missing_ranges.items()
    }
    coded = {name: [code_of(value) for value in values] for name, values in columns.items()}
    return {"columns": coded, "labels": labels, "user_missing": missing}


def _within(ranges: Sequence[Mapping[str, Any]], values: Iterable[Any], labels: Mapping[str, str]) -> dict[str, str]:
    """The codes that lie in one of the ranges, with their label; "" for one without."""
    codes = {str(code_of(value)) for value in values if any(_is_in(value, span) for span in ranges)}
    return {code: labels.get(code, "") for code in sorted(codes)}


def _is_in(value: Any, span: Mapping[str, Any]) -> bool:
    if isinstance(value, str) != isinstance(span["lo"], str):
        return False
    if isinstance(value, str):
        return bool(span["lo"].rstrip() <= value.rstrip() <= span["hi"].rstrip())
    return isinstance(value, int | float) and bool(span["lo"] <= value <= span["hi"])
