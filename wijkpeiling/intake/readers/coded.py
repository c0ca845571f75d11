"""SPSS and Stata files: codes, with labels, texts of questions, and the values that the file declares missing."""

import json
import os
import subprocess
import sys
from typing import Any, Final

import numpy as np

from wijkpeiling.errors import IntakeError
from wijkpeiling.extras import library
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.readers.grid import Grid, counted, named, text_columns
from wijkpeiling.intake.readers.tools import tidy

NAMES: Final = {"spss": "an SPSS file", "stata": "a Stata file"}
FIRST_ROW: Final = 2
# of Stata 13 and later
STATA_BEGIN: Final = b"<stata_dta>"
STATA_END: Final = b"</stata_dta>"
# seconds after which a damaged file is thought to lead nowhere
LONGEST: Final = 300


def read_spss(content: bytes, file: str) -> Export:
    """The export in a .sav or .zsav file; the missing value of the system is "".

    Raises
    ------
    IntakeError
        When the file is damaged or encrypted, or holds no answers.
    """
    return _export("spss", content, file)


def read_stata(content: bytes, file: str) -> Export:
    """The export in a .dta file of Stata 8 or later; the missing value of the system (a point) is "".

    Raises
    ------
    IntakeError
        When the file is damaged, or holds no answers.
    """
    if content.startswith(STATA_BEGIN) and not content.rstrip().endswith(STATA_END):
        # the library reads on without the labels, which stand at the end
        raise _unreadable("stata", "its end is not there", file)
    return _export("stata", content, file)


def _export(format: str, content: bytes, file: str) -> Export:
    """Columns of codes; the first record has row 2, below the names of the columns."""
    read = _read_apart(format, content, file)
    rows = max((len(values) for values in read["columns"].values()), default=0)
    if not rows:
        raise IntakeError(
            "there are names of columns and no answers" if read["columns"] else "there are no columns",
            where=file,
            expected="a row for each respondent",
            todo="export the responses again, once there are some",
        )
    cells = text_columns(dict(enumerate(read["columns"].values())))
    grid = named(Grid(file, list(read["columns"]), cells, np.arange(rows) + FIRST_ROW))
    columns = counted(grid.cells.shape[1], "column")
    return Export(
        format=format,
        description=f"{NAMES[format]}: {counted(rows, 'row')}, {columns}, {len(read['labels']):,} with labels",
        file=file,
        cells=grid.cells.fillna(""),
        rows=grid.rows,
        labels=read["labels"],
        texts={name: tidy(text) for name, text in read["texts"].items()},
        user_missing=read["user_missing"],
        findings=tuple(grid.findings),
    )


def _read_apart(format: str, content: bytes, file: str) -> dict[str, Any]:
    """What the file says, read in a process of its own."""
    library("pyreadstat", f"reading {NAMES[format]}", IntakeError)
    command = [sys.executable, "-P", "-m", "wijkpeiling.intake.readers.apart", format]
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(command, input=content, capture_output=True, env=paths, timeout=LONGEST, check=False)
        read: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        read = {"error": f"it takes more than {LONGEST} seconds"}
    except ValueError:
        # the process ended before it wrote anything
        read = {"error": "the file is damaged, and ended the program that reads it"}
    if "error" in read:
        raise _unreadable(format, read["error"], file)
    return read


def _unreadable(format: str, why: str, file: str) -> IntakeError:
    return IntakeError(
        f"{NAMES[format]} that cannot be read: {why}",
        where=file,
        expected="a whole file, without a password",
        todo="save it again from SPSS, Stata or R, or export the responses as CSV or JSON",
    )
