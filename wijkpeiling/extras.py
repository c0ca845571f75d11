"""Packages that only some work takes: imported when it comes to that."""

import importlib
from types import ModuleType

from wijkpeiling.errors import WijkpeilingError

INSTALL = 'pip install "wijkpeiling[fieldwork]"'


def library(name: str, task: str, error: type[WijkpeilingError]) -> ModuleType:
    """Import a package of the extra ``fieldwork``.

    Parameters
    ----------
    task
        What it is for, as the subject of a sentence: ``reading a spreadsheet``.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: with the line that installs it, where it is missing.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise error(f"{task} takes the package {name}, which is not installed", todo=INSTALL) from None
