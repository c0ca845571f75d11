"""Kernels end with their driver, however it ends, and their failures are told."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.trials import MARK, processes_of, until
from wijkpeiling.errors import RunError
from wijkpeiling.project import open_edition
from wijkpeiling.run.kernels import Kernels
from wijkpeiling.run.notebooks import execute
from wijkpeiling.run.publications import EDITION

SECONDS_TO_STOP = 3


def keep(project, *names):
    """Leave these notebooks: what is looked at does not take the others."""
    for path in (project / "notebooks").glob("*.ipynb"):
        if path.stem not in names:
            path.unlink()


def set_code(project, name, code):
    """Put ``code`` in the place of the first cell of a notebook that opens the edition."""
    path = project / "notebooks" / f"{name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    (cell,) = [cell for cell in notebook["cells"] if "".join(cell["source"]).startswith("edition = ")]
    cell["source"] = code
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_an_endless_cell_ends_with_its_driver(how, project, commands, tmp_path):
    started = tmp_path / "started"
    # another one beside it has a kernel that ends too
    keep(project, "02_taken", "03_preventie")
    set_code(project, "02_taken", f"open({str(started)!r}, 'w').close()\nwhile True: pass")
    mark = f"{os.getpid()}-{how}"
    process = subprocess.Popen(
        [commands / "wijkpeiling", "report"],
        cwd=project,
        env=os.environ | {MARK: mark},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # the tests themselves may run under nohup
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    assert until(started.exists, 60) is not None
    process.send_signal(getattr(signal, how))
    assert until(lambda: process.poll() is not None, SECONDS_TO_STOP) is not None
    assert until(lambda: not processes_of(mark), SECONDS_TO_STOP) is not None
    assert not (project / "reports" / "2019").exists()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os; os._exit(3)", "the kernel ended before the notebook did"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "the kernel ended before the notebook did"),
        ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "the kernel ended before the notebook did"),
    ],
)
def test_a_kernel_that_ends_is_told_with_its_notebook(code, says, project):
    set_code(project, "02_taken", code)
    edition = open_edition(wave=2019, start=project)
    parameters = {"wave": 2019, "baseline": 2017, "language": "nl", "source": edition.source}
    with Kernels() as kernels, pytest.raises(RunError) as told:
        execute([project / "notebooks" / "02_taken.ipynb"], parameters, kernels, EDITION.parameters)
    assert told.value.what.startswith(says)
    assert "02_taken.ipynb" in told.value.where


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(1e6)", "import signal; signal.pause()"])
def test_a_notebook_has_its_time(code, project, run_here):
    set_code(project, "03_preventie", code)
    # none is to take longer on a busy machine but this one
    keep(project, "03_preventie")
    start = time.monotonic()
    exit_code, told = run_here("report", "--time-limit", "2", cwd=project)
    assert exit_code == 17
    assert "03_preventie.ipynb" in told and "took longer than 2 seconds" in told
    assert time.monotonic() - start < 60
    assert list((project / "reports").iterdir()) == []


PRINTS = """import os, sys, warnings
print("gedrukt", os.getpid(), os.path.expanduser("~"))
print("fout", file=sys.stderr)
warnings.warn(f"pas op in {os.getcwd()}")
os.system("echo van een ander proces")
"""


def test_what_a_notebook_prints_is_not_published_nor_a_module_of_a_taken_name_imported(project, run, built, files_of):
    (project / "statistics.py").write_text("raise SystemExit('not the module that was meant')", encoding="utf-8")
    path = project / "notebooks" / "02_taken.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "".join(cell["source"]).startswith("edition = "))
    cell["source"] = PRINTS + "".join(cell["source"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    process = run("wijkpeiling", "report", "--output", "elsewhere", cwd=project)
    assert process.returncode == 0, process.stderr
    texts, before = files_of(project / "elsewhere"), files_of(built[0] / "reports" / "2019")
    assert [name for name, text in texts.items() if b"gedrukt 1" in text or b"pas op in /" in text] == []
    # an edition built again, and elsewhere, is the same to the byte but for what was put in
    assert set(texts) == set(before)
    assert {name for name in texts if texts[name] != before[name]} == {"build.json", "notebooks/02_taken.ipynb"}
    build, other = (json.loads(files["build.json"]) for files in (texts, before))
    for files in ("inputs", "outputs"):
        assert build[files].pop("notebooks/02_taken.ipynb") != other[files].pop("notebooks/02_taken.ipynb")
    assert build == other


def test_no_file_of_an_edition_names_a_user_or_a_place(built, files_of):
    project, _ = built
    traces = [str(project), str(Path.home()), str(Path.cwd()), sys.prefix]
    texts = files_of(project / "reports" / "2019")
    assert [(name, trace) for name, text in texts.items() for trace in traces if trace.encode() in text] == []


def test_kernels_serve_more_than_one_publication(project):
    parameters = {"wave": 2019, "baseline": 2017, "language": "nl", "source": "published"}
    first, *_ = EDITION.notebooks(project)
    with Kernels() as kernels:
        once, again = (execute([first], parameters, kernels, EDITION.parameters) for _ in range(2))
    assert once == again


def test_kernels_start_before_pandas_is_imported():
    # their imports and ours go side by side
    script = "import wijkpeiling.run.edition, wijkpeiling.run.kernels, sys; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
