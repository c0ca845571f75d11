"""Time the package against its peers, each pair in the same run: ratios travel, seconds do not."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from many import with_tasks

ROOT = Path(__file__).parents[2]
COMMANDS = Path(sys.executable).parent
RUNS = 3
# 21 times the six that were published in 2019; the demo may take three times as long
N_TASKS = 126


def run(*command: object, cwd: Path) -> None:
    subprocess.run(list(map(str, command)), cwd=cwd, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def report(project: Path) -> None:
    """The whole edition: notebooks, model, page, data."""
    shutil.rmtree(project / "reports", ignore_errors=True)
    run(COMMANDS / "wijkpeiling", "report", cwd=project)


def papermill_loop(project: Path) -> None:
    """The peer: papermill's own command line over the same notebooks, which makes no report."""
    for notebook in sorted((project / "notebooks").glob("[0-9]*.ipynb")):
        run(COMMANDS / "papermill", notebook, project / "out.ipynb", cwd=project)


def nothing_changed(project: Path) -> None:
    run(COMMANDS / "wijkpeiling", "report", cwd=project)


def help_page(project: Path) -> None:
    run(COMMANDS / "wijkpeiling", "--help", cwd=project)


def bare_python(project: Path) -> None:
    """The floor: a Python that does nothing."""
    run(sys.executable, "-c", "pass", cwd=project)


def demo_of_many_tasks(project: Path) -> None:
    """The demo with so many tasks that work which grows faster than they do would show."""
    demo(project / "many")


def demo(project: Path) -> None:
    """The edition on invented answers, of as many tasks as were published."""
    shutil.rmtree(project / "reports", ignore_errors=True)
    run(COMMANDS / "wijkpeiling", "demo", cwd=project)


def seconds(work: Callable[[Path], None], project: Path) -> float:
    start = time.perf_counter()
    work(project)
    return time.perf_counter() - start


def compare(work: Callable[[Path], None], peer: Callable[[Path], None], project: Path) -> None:
    """Print the medians of both and of their ratio, run in turn after one round that does not count."""
    pairs = [(seconds(work, project), seconds(peer, project)) for _ in range(RUNS + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{work.__name__:<18} {ours:8.2f} s   {peer.__name__:<16} {theirs:8.2f} s   ratio {ratio:6.2f}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in ("data", "notebooks"):
            shutil.copytree(ROOT / name, project / name)
        with_tasks(project, project / "many", N_TASKS)
        compare(report, papermill_loop, project)
        compare(demo_of_many_tasks, demo, project)
        report(project)
        compare(nothing_changed, bare_python, project)
        compare(help_page, bare_python, project)


if __name__ == "__main__":
    main()
