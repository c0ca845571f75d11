"""SPSS: a .sav with labels and declared missing values, and beside it syntax that a .sav written here cannot hold."""

from pathlib import Path
from tempfile import TemporaryDirectory

from wijkpeiling.errors import ReportError
from wijkpeiling.exchange.dataset import MISSING_CODES, YES, Dataset
from wijkpeiling.exchange.names import names_within
from wijkpeiling.extras import library

LONGEST_NAME, LONGEST_TITLE, LONGEST_LABEL, LONGEST_VALUE = 64, 64, 240, 120
# places in the header of day and time of writing, which would make every file another
STAMP, STAMP_LENGTH = 92, 17
FORMATS = {"wave": "F4.0"}
MEASURES = {"size_class": "ordinal"}


def sav(dataset: Dataset) -> bytes:
    """The file ``.sav``: the same dataset gives the same bytes, dated 1 January of the wave."""
    pyreadstat = library("pyreadstat", "writing a file of SPSS", ReportError)
    names = names_within([variable.name for variable in dataset.variables], LONGEST_NAME)
    coded = [variable for variable in dataset.variables if variable.values]
    table = dataset.table.rename(columns=names).copy()
    for variable in coded:
        table[names[variable.name]] = table[names[variable.name]].astype(float)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.sav"
        pyreadstat.write_sav(
            table,
            str(path),
            file_label=_cut(dataset.title, LONGEST_TITLE),
            column_labels={names[v.name]: _cut(v.label, LONGEST_LABEL) for v in dataset.variables},
            variable_value_labels={
                names[v.name]: {code: _cut(label, LONGEST_VALUE) for code, label in v.values.items()} for v in coded
            },
            # three single values at most, or a range
            missing_ranges={names[v.name]: [_missing_range()] for v in coded if v.missing},
            variable_measure={names[v.name]: MEASURES.get(v.name, "nominal") for v in coded},
            variable_format={names[v.name]: "F2.0" for v in coded} | FORMATS,
        )
        content = path.read_bytes()
    stamp = f"01 Jan {dataset.wave % 100:02d}00:00:00".encode()
    return content[:STAMP] + stamp + content[STAMP + STAMP_LENGTH :]


def sps(dataset: Dataset, file: str) -> str:
    """Syntax that opens ``file`` and gives it labels, missing values and multiple response sets.

    The sets are what the .sav itself lacks: no library writes them. The rest is repeated, so that a file that lost its
    labels on the way gets them back.
    """
    names = names_within([variable.name for variable in dataset.variables], LONGEST_NAME)
    lines = ["* Encoding: UTF-8.", f"* {_plain(dataset.title)}", f"GET FILE={_quoted(file)}."]
    for variable in dataset.variables:
        lines += [f"VARIABLE LABELS {names[variable.name]}", f"  {_quoted(_cut(variable.label, LONGEST_LABEL))}."]
    for variable in dataset.variables:
        if variable.values:
            labels = [f"  {code} {_quoted(_cut(label, LONGEST_VALUE))}" for code, label in variable.values.items()]
            lines += [f"VALUE LABELS {names[variable.name]}", *labels[:-1], f"{labels[-1]}."]
        if variable.missing:
            low, high = _missing_range().values()
            lines.append(f"MISSING VALUES {names[variable.name]} ({low} THRU {high}).")
    for question in dataset.sets:
        lines += [
            f"MRSETS /MDGROUP NAME=${question.name}",
            f"  LABEL={_quoted(_cut(question.label, LONGEST_VALUE))}",
            "  CATEGORYLABELS=VARLABELS VARIABLES=",
            *(f"  {names[name]}" for name in question.variables),
            f"  VALUE={YES}",
            f"  /DISPLAY NAME=[${question.name}].",
        ]
    return "\ufeff" + "\n".join([*lines, "EXECUTE.", ""])


def _missing_range() -> dict[str, int]:
    return {"lo": min(MISSING_CODES.values()), "hi": max(MISSING_CODES.values())}


def _cut(text: str, longest: int) -> str:
    """On one line, and as many bytes as SPSS takes; no half character at the end."""
    return " ".join(text.split()).encode()[:longest].decode(errors="ignore")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(text: str) -> str:
    """A comment ends at its first full stop at the end of a line."""
    return _cut(text, LONGEST_VALUE).rstrip(".") + "."
