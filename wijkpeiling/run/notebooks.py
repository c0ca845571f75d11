"""Notebooks executed by papermill."""

import copy
import logging
import math
import os
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkpeiling.errors import ERRORS_BY_NAME, RunError, WijkpeilingError
from wijkpeiling.parameters import refuse_unknown
from wijkpeiling.run.process import TIME_LIMIT

if TYPE_CHECKING:
    from wijkpeiling.run.kernels import Kernels

# a kernel's own log speaks of its transport and of being stopped; errors in cells come back as such
QUIET_KERNEL = ["--IPKernelApp.log_level=CRITICAL"]


def execute(
    paths: list[Path],
    parameters: dict[str, Any],
    kernels: "Kernels",
    known: Collection[str],
    on_done: Callable[[str], None] = lambda name: None,
    time_limit: float = TIME_LIMIT,
) -> dict[str, dict]:
    """Execute notebooks with the same parameters, as many at a time as there are processors.

    Parameters
    ----------
    paths
        Notebooks; each runs in a fresh kernel, in its own folder. They are not written to.
    parameters
        Values for the cell tagged ``parameters``.
    kernels
        Where the notebooks run; the caller opened it, and closes it.
    known
        Names of the parameters that each notebook must set.
    on_done
        Called with the name of each notebook that is done.
    time_limit
        Seconds that one notebook may take.

    Returns
    -------
    dict
        Executed notebooks as nbformat dictionaries, by name, in the order of ``paths``, without what differs between
        two runs that did the same.

    Raises
    ------
    RunError
        For a notebook that cannot be read, has no parameters cell or another parameter, or fails with an error that is
        not the package's.
    WijkpeilingError
        The error that a call in the notebook raised.
    """
    for path in paths:
        _check_parameters(path, parameters, known)
    executed: dict[str, dict] = {}
    late: list[Path] = []

    def execute_one(path: Path) -> dict:
        with _ending(kernels, path, time_limit, late):
            return _execute_one(path, parameters, time_limit)

    with ThreadPoolExecutor(max_workers=min(len(paths), os.cpu_count() or 1)) as pool:
        runs = {pool.submit(execute_one, path): path.stem for path in paths}
        try:
            for run in as_completed(runs):
                executed[runs[run]] = run.result()
                on_done(runs[run])
        except BaseException:
            # a cell that never ends would be waited for
            kernels.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            if late:
                raise _too_late(late[0], time_limit) from None
            raise
    return {path.stem: executed[path.stem] for path in paths}


def without_traces(notebook: dict) -> dict:
    """A copy without times, paths, random ids and other traces of one particular run."""
    clean = copy.deepcopy(notebook)
    clean["metadata"].pop("papermill", None)
    for place, cell in enumerate(clean["cells"]):
        for trace in ("papermill", "execution"):
            cell["metadata"].pop(trace, None)
        if "outputs" in cell:
            # what is printed, and a warning with a path of this machine, is for whoever runs the notebook
            cell["outputs"] = [output for output in cell["outputs"] if output["output_type"] != "stream"]
        if "injected-parameters" in cell["metadata"].get("tags", []):
            cell["id"] = f"parameters-{place}"
    return clean


def _check_parameters(path: Path, parameters: dict[str, Any], known: Collection[str]) -> None:
    from papermill import inspect_notebook

    try:
        set_there = inspect_notebook(str(path))
    except Exception as failure:
        raise RunError(f"the notebook cannot be read: {failure}", where=path, todo="restore it from git") from failure
    if set(set_there) != set(known):
        raise RunError(
            f"parameters {', '.join(sorted(set_there)) or 'none'}",
            where=path,
            expected="one cell tagged parameters that sets " + ", ".join(known),
            todo="correct the cell or its tag",
        )
    refuse_unknown(parameters, known)


@contextmanager
def _ending(kernels: "Kernels", path: Path, time_limit: float, late: list[Path]) -> Iterator[None]:
    """End every kernel when a notebook takes too long, and note which: the edition cannot be made without it."""

    def end() -> None:
        late.append(path)
        kernels.stop()

    alarm = threading.Timer(time_limit, end)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def _too_late(path: Path, time_limit: float) -> RunError:
    return RunError(
        f"the notebook took longer than {time_limit:g} seconds",
        where=path,
        expected="a notebook that ends by itself",
        todo="look for a cell that never ends, or allow more with --time-limit",
    )


def _execute_one(path: Path, parameters: dict[str, Any], time_limit: float) -> dict:
    from nbclient.exceptions import CellTimeoutError
    from papermill import PapermillExecutionError, execute_notebook

    for name in ("papermill", "traitlets"):
        # what goes wrong is told by the error that follows
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        notebook = execute_notebook(
            path,
            None,
            parameters=parameters,
            progress_bar=False,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
            extra_arguments=QUIET_KERNEL,
            # where kernels cannot be ended from outside
            execution_timeout=math.ceil(time_limit) + 1,
        )
    except PapermillExecutionError as failure:
        raise _own_error(failure, path) from None
    except WijkpeilingError:
        raise
    except CellTimeoutError:
        raise _too_late(path, time_limit) from None
    except Exception as failure:
        raise RunError(
            f"the kernel ended before the notebook did: {failure}",
            where=path,
            expected="a notebook that runs to its end",
            todo="look for a cell that ends Python, or takes more memory than there is",
        ) from failure
    return without_traces(notebook)


def _own_error(failure: Any, path: Path) -> WijkpeilingError:
    """The package's own error behind a failed cell, or a RunError that shows where another one came from."""
    if failure.ename in ERRORS_BY_NAME:
        return ERRORS_BY_NAME[failure.ename].from_message(failure.evalue)
    return RunError(
        f"{failure.ename}: {failure.evalue}",
        where=f"{path}, in the cell that ends with: {failure.source.strip().splitlines()[-1]}",
        todo="open the notebook with `wijkpeiling lab` and run it there",
    )
