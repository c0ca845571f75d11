"""Stata: a .dta with labels, and an extended missing value for each reason."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from wijkpeiling.errors import ReportError
from wijkpeiling.exchange.dataset import MISSING_CODES, Dataset, Variable
from wijkpeiling.exchange.names import names_within
from wijkpeiling.extras import library

# labels of values take the name of their variable, and one character less than it may have
LONGEST_NAME, LONGEST_LABEL = 31, 80
# the form that Stata 14 and later read
VERSION = 14
# .a, .b and so on, in the order of the codes
LETTERS = dict(zip(MISSING_CODES.values(), "abcd", strict=True))


def dta(dataset: Dataset) -> bytes:
    """The file ``.dta``: the same dataset gives the same bytes, dated 1 January of the wave.

    A name of more than 31 characters, or label of more than 80, loses its end.
    """
    pyreadstat = library("pyreadstat", "writing a file of Stata", ReportError)
    names = names_within([variable.name for variable in dataset.variables], LONGEST_NAME)
    coded = [variable for variable in dataset.variables if variable.values]
    table = dataset.table.rename(columns=names).copy()
    for variable in coded:
        table[names[variable.name]] = _lettered(table[names[variable.name]], variable)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.dta"
        pyreadstat.write_dta(
            table,
            str(path),
            file_label=dataset.title[:LONGEST_LABEL],
            column_labels={names[v.name]: " ".join(v.label.split())[:LONGEST_LABEL] for v in dataset.variables},
            variable_value_labels={
                names[v.name]: {_letter(code, v): label for code, label in v.values.items()} for v in coded
            },
            missing_user_values={names[v.name]: [_letter(code, v) for code in v.missing] for v in coded if v.missing},
            version=VERSION,
        )
        content = path.read_bytes()
    stamp = f"01 Jan {dataset.wave:04d} 00:00".encode()
    return re.sub(rb"(<timestamp>\x11).{17}", lambda match: match[1] + stamp, content, count=1)


def _lettered(column: pd.Series, variable: Variable) -> pd.Series:
    told = [_letter(int(value), variable) for value in column]
    return pd.Series(told, index=column.index, dtype=object if any(isinstance(value, str) for value in told) else int)


def _letter(code: int, variable: Variable) -> int | str:
    return LETTERS[code] if code in variable.missing else code
