"""A project to damage, and its command line as another user runs it."""

import os
import subprocess

import pytest

from tests.trials import COMMANDS, MARK, copy_project, processes_of, until

# what a build does with kernels, signals and folders it does with three notebooks as with all
LONG = ("03_*", "04_*")


@pytest.fixture
def trial(tmp_path):
    return copy_project(tmp_path / "project", without=LONG)


@pytest.fixture
def whole(tmp_path):
    """The project with all its notebooks."""
    return copy_project(tmp_path / "project")


@pytest.fixture
def wijkpeiling(tmp_path):
    """Run the command line in the project: ``wijkpeiling("report", HOME="/elsewhere")``; output as bytes.

    ``by`` is what the command begins with.
    """
    project = tmp_path / "project"

    def run(*arguments, cwd=project, by=(), options=None, **environment):
        return subprocess.run(
            [*by, COMMANDS / "wijkpeiling", *map(str, arguments)],
            cwd=cwd,
            env=os.environ | environment | {MARK: str(project)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=90,
            **(options or {}),
        )

    return run


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    """No process of a trial outlives it by more than three seconds, and no folder is left where it kept its own."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    yield
    until(lambda: not processes_of(tmp_path / "project"), 3)
    assert processes_of(tmp_path / "project") == []
    assert [path.name for path in scratch.iterdir()] == []
    reports = tmp_path / "project" / "reports"
    assert [path.name for path in reports.glob(".*")] == []
