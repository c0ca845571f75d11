import subprocess

import pytest

from tests import trials
from tests.trials import COMMANDS, copy_project


@pytest.fixture
def project(tmp_path):
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def commands():
    """The folder of the commands of this environment."""
    return COMMANDS


@pytest.fixture(scope="session")
def run(commands):
    """Run a command of this environment; returns the finished process with its output as text."""

    def run_command(name, *arguments, cwd):
        command = [commands / name, *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)

    return run_command


@pytest.fixture(scope="session")
def files_of():
    """The bytes of every file in a folder, by name."""
    return trials.files_of


@pytest.fixture
def run_here(main_here):
    """Run ``wijkpeiling`` within this process; returns exit code and standard error."""

    def run_command(*arguments, cwd):
        ended = main_here(*arguments, cwd=cwd)
        return ended.returncode, ended.stderr

    return run_command


@pytest.fixture(scope="session")
def built(tmp_path_factory, run):
    """The default edition, built once: its project and the finished process."""
    project = copy_project(tmp_path_factory.mktemp("built") / "project")
    process = run("wijkpeiling", "report", cwd=project)
    assert process.returncode == 0, process.stderr
    return project, process


@pytest.fixture(scope="session")
def demo(tmp_path_factory, run):
    """The demo, built once: its project and the finished process."""
    project = copy_project(tmp_path_factory.mktemp("demo") / "project")
    process = run("wijkpeiling", "demo", cwd=project)
    assert process.returncode == 0, process.stderr
    return project, process


@pytest.fixture(scope="session")
def english(demo, run):
    """The folder of the English demo, built once."""
    process = run("wijkpeiling", "demo", "--language", "en", cwd=demo[0])
    assert process.returncode == 0, process.stderr
    return demo[0] / "reports" / "demo-en"
