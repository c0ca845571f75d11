"""Time 40 items, overall and in 12 domains, with standard errors and intervals: this package, R's survey and svy.

python tests/bench/answers.py [--rows 240 10000 1000000] [--svy PYTHON]

All three read the same file and must agree on the sum of the standard errors. R at a million rows takes minutes. svy
gets an environment of its own for the run, unless --svy names a Python that has it. Up to 100,000 rows the variances of
the textbook are timed beside those that are counted; beyond, their linearised values take gigabytes.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
import venv
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling.estimation.cells import counted_variance
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.intervals import interval
from wijkpeiling.estimation.shares import estimates, linearised_variance, shares
from wijkpeiling.methods.replicates import bootstrap

LABELS = {"base": "respondents", "source": "microdata"}

HERE = Path(__file__).parent
SVY = "svy==0.35.0"
INSTALL_R = "R with survey is missing: apt-get install r-base-core r-cran-survey, or install.packages('survey') in R"
INSTALL_SVY = f"svy is missing: python -m venv DIR && DIR/bin/pip install {SVY}, then --svy DIR/bin/python"
# rows from which time and memory are set against the data, not against what Python itself takes
LARGE = 100_000
STRATA, DOMAINS, ITEMS = 4, 12, 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[240, 10_000, 1_000_000])
    parser.add_argument("--svy", help="a Python that has svy")
    arguments = parser.parse_args()
    if (
        not shutil.which("Rscript")
        or subprocess.run(["Rscript", "-e", "library(survey)"], capture_output=True).returncode
    ):
        sys.exit(INSTALL_R)
    with tempfile.TemporaryDirectory() as folder:
        svy = arguments.svy or _svy_python(Path(folder) / "svy")
        print("| rows | what | this package, s | R survey, s | times | svy, s | times |")
        print("|---:|---|---:|---:|---:|---:|---:|")
        for rows in arguments.rows:
            file = Path(folder) / "answers.bin"
            values = _values(rows)
            values.tofile(file)
            ours = _ours(values)
            theirs = _run(["Rscript", str(HERE / "answers.R"), str(file), str(rows)])
            other = _run([svy, str(HERE / "answers_svy.py"), str(file), str(rows)])
            for engine in (theirs, other):
                if not np.isclose(engine["check"], ours["check"], rtol=1e-9):
                    sys.exit(f"the standard errors differ: {ours['check']} and {engine['check']}")
            _print_row(rows, "shares and SE, in 12 domains", "domains", ours, theirs, other)
            _print_row(rows, "and overall, and logit intervals", "all", ours, theirs, None)
            print(f"| {rows:,} | and as a checked table | {ours['table']:.4f} | | | | |")
            if rows < LARGE:
                print(f"| {rows:,} | variances by the textbook, over counted | {_textbook_ratio(values):.1f} | | | | |")
                continue
            print(f"| {rows:,} | reading the answers once | {ours['read']:.4f} | | | | |")
            print(f"| {rows:,} | peak memory over the size of the data | {ours['memory']:.1f} | | | | |")
    print(f"| 240 | bootstrap of 10,000 replicates | {_bootstrap_seconds():.2f} | | | | |")


def _values(rows: int) -> np.ndarray:
    """Shape (43, rows): stratum, domain, nothing, 40 items."""
    random = np.random.default_rng(1)
    stratum = np.sort(random.integers(0, STRATA, rows))
    domain = random.integers(0, DOMAINS, rows)
    answers = random.random((ITEMS, rows), dtype=np.float32) < random.uniform(0.1, 0.9, ITEMS)[:, None]
    return np.vstack([stratum, domain, np.zeros(rows), answers]).astype(np.int8)


def _ours(values: np.ndarray) -> dict[str, float]:
    items, design, domain = _prepared(values)
    repeat = 3 if len(items) >= LARGE else 30

    def everything():
        result = shares(design, items, domain)
        return result, interval("logit", result.share, result.se, result.df, result.n, result.N[:, None])

    result, _ = everything()
    tracemalloc.start()
    everything()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        # one call gives the overall shares with those of the domains
        "domains": _seconds(lambda: shares(design, items, domain).variance, repeat),
        "all": _seconds(everything, repeat),
        "table": _seconds(lambda: estimates(shares(design, items, domain), 2019, **LABELS), repeat),
        "read": _seconds(items.copy, repeat),
        "memory": 1 + peak / items.memory_usage(index=False).sum(),
        "check": result.se.sum(),
    }


def _textbook_ratio(values: np.ndarray) -> float:
    """How many times as long the variances of the same shares take when written out for each respondent."""
    items, design, domain = _prepared(values)
    result = shares(design, items, domain)
    counted = counted_variance(design, result.cells, result.share, result.answered_weight)
    written_out = linearised_variance(design, result.linearised()).reshape(counted.shape)
    if not np.allclose(counted, np.where(result.n > 0, written_out, np.nan), rtol=1e-12, atol=0, equal_nan=True):
        sys.exit("counted variances differ from those of the textbook")
    return _seconds(lambda: linearised_variance(design, result.linearised()), 10) / _seconds(
        lambda: counted_variance(design, result.cells, result.share, result.answered_weight), 10
    )


def _prepared(values: np.ndarray) -> tuple[pd.DataFrame, Design, pd.DataFrame]:
    items = pd.DataFrame({f"y{j}": pd.array(row == 1, dtype="boolean") for j, row in enumerate(values[3:], start=1)})
    codes = np.char.add("GM", np.arange(len(items)).astype(str))
    responses = pd.DataFrame({"gemeentecode": codes, "size_class": values[0].astype(str)})
    population = 2 * responses["size_class"].value_counts().sort_index()
    domain = pd.DataFrame({"domain": pd.Categorical(values[1])})
    return items, Design.from_responses(responses, population), domain


def _bootstrap_seconds() -> float:
    items, design, domain = _prepared(_values(240))
    result = shares(design, items, domain)
    return _seconds(lambda: bootstrap(design, 10_000, seed=1).variance(result), 1)


def _seconds(work, repeat: int) -> float:
    """The median of some runs."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _svy_python(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    if subprocess.run([python, "-m", "pip", "install", "--quiet", SVY], capture_output=True).returncode:
        sys.exit(INSTALL_SVY)
    return python


def _print_row(rows: int, what: str, key: str, ours: dict, theirs: dict, other: dict | None) -> None:
    svy = f"{other[key]:.3f} | {other[key] / ours[key]:,.0f}" if other else " | "
    print(
        f"| {rows:,} | {what} | {ours[key]:.4f} | {theirs[key]:.3f} | {theirs[key] / ours[key]:,.0f} | {svy} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
