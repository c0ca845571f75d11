"""The parameters of the notebooks: their types, and no others."""

import ast
import sys

from wijkpeiling.errors import RunError

LANGUAGES = ("nl", "en")
SOURCES = ("published", "synthetic")
NAMES = ("wave", "baseline", "language", "source")
INJECTED = "# Parameters"


def check_parameters(wave: object, baseline: object, language: object, source: object) -> None:
    """Refuse a parameter of the wrong type or, in a notebook, one that no notebook has.

    Raises
    ------
    RunError
        Naming the parameter, its value and what was expected. papermill itself only warns about a parameter that the
        notebook does not know, so a slip of the pen would run with the default.
    """
    unknown = [name for name in _injected_names() if name not in NAMES]
    if unknown:
        raise unknown_parameters(unknown)
    faults = [
        ("wave", wave, _is_year(wave), "a year such as 2019, without quotation marks"),
        ("baseline", baseline, baseline is None or _is_year(baseline), "a year such as 2017, or None"),
        ("language", language, language in LANGUAGES, "one of " + ", ".join(LANGUAGES)),
        ("source", source, source in SOURCES, "one of " + ", ".join(SOURCES)),
    ]
    for name, value, is_right, expected in faults:
        if not is_right:
            raise RunError(f"parameter {name} is {value!r}", expected=expected, todo="mend the value and run again")


def unknown_parameters(names: list[str]) -> RunError:
    """The error for parameters that no notebook has."""
    return RunError(
        f"unknown parameter {', '.join(names)}",
        expected="one of " + ", ".join(NAMES),
        todo="check the spelling; nothing was computed",
    )


def _is_year(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _injected_names() -> list[str]:
    """Names that papermill's injected cell assigns; none outside a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    cells = shell.user_ns.get("In", []) if shell else []
    injected = [cell for cell in cells if cell.startswith(INJECTED)]
    if not injected:
        return []
    assignments = [node for node in ast.parse(injected[-1]).body if isinstance(node, ast.Assign)]
    return [target.id for node in assignments for target in node.targets if isinstance(target, ast.Name)]
