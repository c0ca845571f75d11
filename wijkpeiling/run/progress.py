"""What long work says while it runs: a bar on a terminal, a JSON line for each event elsewhere."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from wijkpeiling.run.process import close_stream


class Progress(Protocol):
    """Told of each step that is done."""

    def done(self, step: str) -> None: ...


class _JsonLines:
    def __init__(self, n_steps: int):
        self._n_steps, self._n_done, self._start = n_steps, 0, time.monotonic()

    def done(self, step: str) -> None:
        self._n_done += 1
        seconds = round(time.monotonic() - self._start, 1)
        event = {"event": "done", "step": step, "n_done": self._n_done, "n_steps": self._n_steps, "seconds": seconds}
        try:
            print(json.dumps(event), file=sys.stderr, flush=True)
        except OSError:
            # nobody is listening any more; the work goes on
            close_stream(sys.stderr)


class _Bar:
    def __init__(self, bar: Any, task: Any):
        self._bar, self._task = bar, task

    def done(self, step: str) -> None:
        self._bar.update(self._task, advance=1, description=step)


@contextmanager
def progress(n_steps: int) -> Iterator[Progress]:
    """Follow work of ``n_steps`` steps on standard error."""
    if not sys.stderr.isatty():
        yield _JsonLines(n_steps)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar, bar.add_task("notebooks", total=n_steps))
