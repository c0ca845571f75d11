"""A project to damage, and its command line as another user runs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).parent / "wijkpeiling"
MARK = "WIJKPEILING_TRIAL"


@pytest.fixture
def trial(tmp_path):
    """A project of its own: the data and the notebooks, nothing else."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "data" / "five_waves" / "data", folder / "data")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return folder


@pytest.fixture
def wijkpeiling(trial):
    """Run the command line in the project: ``wijkpeiling("report", HOME="/elsewhere")``; output as text."""

    def run(*arguments, cwd=trial, options=None, **environment):
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=cwd,
            env=os.environ | environment | {MARK: str(trial)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=90,
            **(options or {}),
        )

    return run


def processes_of(trial):
    """Processes that a trial left."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            state = environment.with_name("stat").read_text().rpartition(")")[2].split()[0]
            if f"{MARK}={trial}\0".encode() in environment.read_bytes() and state != "Z":
                found.append(int(environment.parent.name))
        except (OSError, IndexError):
            continue
    return found


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    """No process of a trial outlives it by more than three seconds, and no folder is left where it kept its own."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    yield
    import time

    start = time.monotonic()
    while processes_of(tmp_path / "project") and time.monotonic() - start < 3:
        time.sleep(0.02)
    assert processes_of(tmp_path / "project") == []
    assert [path.name for path in scratch.iterdir()] == []
    reports = tmp_path / "project" / "reports"
    assert [path.name for path in reports.glob(".*")] == []
