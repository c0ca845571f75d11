"""Time the package against its peers, each pair in the same run: ratios travel, seconds do not."""

import json
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


INSTALL_R = "R with rmarkdown is missing: apt-get install r-base-core r-cran-rmarkdown pandoc"
R_MARKDOWN = """
    given <- commandArgs(TRUE)
    rmarkdown::render(given[1], c("html_document", "word_document"), output_dir = given[2],
                      intermediates_dir = given[2], params = list(edition = given[3]), quiet = TRUE)
"""


def run(*command: object, cwd: Path) -> str:
    """Run a command; returns what it tells of its progress."""
    ended = subprocess.run(
        list(map(str, command)), cwd=cwd, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return ended.stderr


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


def all_formats(project: Path) -> float:
    """Every format of the edition of 2019, from the moment that its notebooks are executed."""
    told = run(COMMANDS / "wijkpeiling", "report", "--wave", 2019, "--output", project / "out" / "2019", cwd=project)
    at = [json.loads(line)["seconds"] for line in told.splitlines() if '"done"' in line]
    shutil.copy(project / "out" / "2019" / "report.json", project / "out" / "report.json")
    shutil.rmtree(project / "out" / "2019")
    return at[-1] - at[-2]


def r_markdown(project: Path) -> None:
    """The peer: R Markdown makes HTML and Word of the same texts, tables and figures."""
    out = project / "out" / "r"
    run("Rscript", "-e", R_MARKDOWN, Path(__file__).with_name("report.Rmd"), out, project / "out", cwd=project)
    shutil.rmtree(out)


def seconds(work: Callable[[Path], float | None], project: Path) -> float:
    """How long it takes; of what is part of something longer, as it says itself."""
    start = time.perf_counter()
    part = work(project)
    return time.perf_counter() - start if part is None else part


def compare(work: Callable[[Path], float | None], peer: Callable[[Path], None], project: Path) -> None:
    """Print the medians of both and of their ratio, run in turn after one round that does not count."""
    pairs = [(seconds(work, project), seconds(peer, project)) for _ in range(RUNS + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{work.__name__:<18} {ours:8.2f} s   {peer.__name__:<16} {theirs:8.2f} s   ratio {ratio:6.2f}", flush=True)


def check_r() -> None:
    has_r = ["Rscript", "-e", "stopifnot(requireNamespace('rmarkdown'), rmarkdown::pandoc_available())"]
    if not shutil.which("Rscript") or subprocess.run(has_r, capture_output=True, check=False).returncode:
        sys.exit(INSTALL_R)


def main() -> None:
    check_r()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in ("data", "notebooks"):
            shutil.copytree(ROOT / name, project / name)
        with_tasks(project, project / "many", N_TASKS)
        compare(report, papermill_loop, project)
        compare(all_formats, r_markdown, project)
        compare(demo_of_many_tasks, demo, project)
        report(project)
        compare(nothing_changed, bare_python, project)
        compare(help_page, bare_python, project)


if __name__ == "__main__":
    main()
