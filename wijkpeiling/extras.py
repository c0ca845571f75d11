"""Packages that only some work takes: imported when it comes to that."""

import importlib
from types import ModuleType

from wijkpeiling.errors import WijkpeilingError

INSTALL = 'pip install "wijkpeiling[fieldwork]"'
# an edition can do without the formats that take a package
PUBLISH = 'pip install "wijkpeiling[publish]", or leave those formats out: --formats html,data'


def library(name: str, task: str, error: type[WijkpeilingError], install: str = INSTALL) -> ModuleType:
    """Import a package of an extra.

    Parameters
    ----------
    task
        What it is for, as the subject of a sentence: ``reading a spreadsheet``.
    install
        The line that installs it: that of the extra ``fieldwork``, or `PUBLISH`.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: with the line that installs it, where it is missing.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.partition(".")[0].replace("_", "-")
        raise error(f"{task} takes the package {package}, which is not installed", todo=install) from None
