import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wijkpeiling.cli import main

ROOT = Path(__file__).parents[2]


def copy_project(target):
    """A project of its own: data of five waves and the notebooks, nothing else."""
    shutil.copytree(ROOT / "tests" / "data" / "five_waves" / "data", target / "data")
    shutil.copytree(ROOT / "notebooks", target / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return target


@pytest.fixture
def project(tmp_path):
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def commands():
    """The folder of the commands of this environment."""
    return Path(sys.executable).parent


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
    return lambda folder: {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def run_here(monkeypatch, capsys):
    """Run ``wijkpeiling`` within this process, which spares its imports; returns exit code and standard error."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run_command(*arguments, cwd):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
        monkeypatch.setattr(sys, "argv", ["wijkpeiling", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code, capsys.readouterr().err

    yield run_command
    for number, handler in handlers.items():
        signal.signal(number, handler)


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
