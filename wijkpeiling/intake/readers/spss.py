"""SPSS files, with labels and the values that the file itself declares missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from wijkpeiling.intake.export import Export
from wijkpeiling.intake.readers.coded import Coded, Kind, code_of, coded_export, read_coded

KIND: Final = Kind("spss", "an SPSS file")


def read_spss(content: bytes, file: str) -> Export:
    """The export in a .sav or .zsav file.

    Values declared missing stay in ``cells``; ``user_missing`` says which they are, ranges written out to the codes
    that have a label or were answered. The missing value of the system is "".

    Raises
    ------
    IntakeError
        When the file is damaged or encrypted, or holds no answers.
    """
    read = read_coded("read_sav", content, file, KIND.name)
    labels = {
        name: {str(code_of(code)): label for code, label in found.items()}
        for name, found in read.meta.variable_value_labels.items()
    }
    missing = {
        name: _within(ranges, _values(read, name), labels.get(name, {}))
        for name, ranges in read.meta.missing_ranges.items()
    }
    columns = {name: [code_of(value) for value in values] for name, values in read.columns.items()}
    return coded_export(columns, read.meta, labels, missing, kind=KIND, file=file)


def _values(read: Coded, name: str) -> set[Any]:
    """All that was answered in a column or has a label there."""
    return {*read.meta.variable_value_labels.get(name, ()), *read.columns.get(name, ())} - {None}


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
