"""The parameters of the notebooks: their types, and no others."""

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from wijkpeiling.errors import RunError

LANGUAGES = ("nl", "en")
SOURCES = ("published", "synthetic")
# the first line of the cell that papermill puts after the one tagged parameters
INJECTED = "# Parameters\n"
# a Jupyter server sets it for the kernel of a notebook that somebody has open; papermill, nbval and nbconvert do not
OPEN_NOTEBOOK = "JPY_SESSION_NAME"


class Parameter(NamedTuple):
    """What a parameter of a notebook may be, as a test and in words."""

    is_right: Callable[[object], bool]
    expected: str

    @classmethod
    def one_of(cls, *values: str) -> "Parameter":
        """A parameter with a closed list of values."""
        return cls(lambda value: value in values, "one of " + ", ".join(values))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


LANGUAGE = Parameter.one_of(*LANGUAGES)
EDITION_PARAMETERS: Mapping[str, Parameter] = {
    "wave": Parameter(_is_whole, "a year such as 2019, without quotation marks"),
    "baseline": Parameter(lambda value: value is None or _is_whole(value), "a year such as 2017, or None"),
    "language": LANGUAGE,
    "source": Parameter.one_of(*SOURCES),
}
LESSON_PARAMETERS: Mapping[str, Parameter] = {
    "wave": EDITION_PARAMETERS["wave"],
    "language": LANGUAGE,
    "start": Parameter(lambda value: value is None or _is_whole(value), "a whole number such as 20, or None"),
}


def check_parameters(given: Mapping[str, object], known: Mapping[str, Parameter]) -> None:
    """Refuse a parameter of the wrong type, or one that is not known.

    Raises
    ------
    RunError
        Naming the parameter, its value and what was expected.
    """
    refuse_unknown(given, known)
    for name, value in given.items():
        if not known[name].is_right(value):
            raise RunError(
                f"parameter {name} is {value!r}", expected=known[name].expected, todo="correct the value and run again"
            )


def refuse_unknown(names: Collection[str], known: Collection[str]) -> None:
    """Refuse parameters that are not known: papermill itself only warns, and would run with the default.

    Raises
    ------
    RunError
        Naming them, and those there are.
    """
    unknown = [name for name in names if name not in known]
    if unknown:
        raise RunError(
            f"unknown parameter {', '.join(unknown)}",
            expected="one of " + ", ".join(known),
            todo="check the spelling; nothing was computed",
        )


def injected_names(cells: Sequence[str]) -> list[str]:
    """Names that papermill sets, read from the code that a notebook has run (its ``In``); none without papermill."""
    injected = [cell for cell in cells if cell.startswith(INJECTED)]
    assignments = [node for cell in injected[-1:] for node in ast.parse(cell).body if isinstance(node, ast.Assign)]
    return [target.id for node in assignments for target in node.targets if isinstance(target, ast.Name)]
