"""Whatever the machine, its user or a notebook does: a whole edition, or a plain error and what was there before."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import nbformat
import pytest

from tests.trials import COMMANDS, MARK, files_of, processes_of, until
from wijkpeiling.errors import RunError, WijkpeilingError
from wijkpeiling.run.kernels import Kernels
from wijkpeiling.run.notebooks import execute
from wijkpeiling.run.process import STOPPING
from wijkpeiling.run.publications import EDITION

COMMAND = COMMANDS / "wijkpeiling"
PARAMETERS = {"wave": 2019, "baseline": 2017, "language": "nl", "source": "published"}


def told(process):
    """Standard error without the progress of the work."""
    return [line for line in process.stderr.decode(errors="replace").splitlines() if not line.startswith("{")]


HOSTILE = {
    "ends Python": ("exit()", "the kernel ended"),
    "ends Python with a code": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "ends the process": ("import os; os._exit(3)", "the kernel ended"),
    "reads where nothing is": ("import ctypes; ctypes.string_at(0)", "the kernel ended"),
    "ends itself": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "the kernel ended"),
    "ends what started it": ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "the kernel ended"),
    "closes what is open": ("import os; os.closerange(0, 50)", "the kernel ended"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "fails in several lines": ("raise ValueError('one\\ntwo: three\\n  where: four')", "ValueError: one two: three"),
    "fails at length": ("raise ValueError('x' * 100_000)", "ValueError: xxx"),
    "fails in colour": ("raise ValueError('\\x1b[31mred')", "ValueError: \N{REPLACEMENT CHARACTER}[31mred"),
    "fails while it fails": ("class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E", "RuntimeError"),
    "fails as the package does": (
        "from wijkpeiling.errors import ReportError; raise ReportError('own', where='w', todo='t')",
        "own",
    ),
    "asks": ("input('?')", "StdinNotImplementedError"),
    "is no Python": ("def (", "SyntaxError"),
    "is no magic": ("%nonsense", ""),
    "never ends": ("while True: pass", "took longer than 4 seconds"),
    "waits": ("import time; time.sleep(1e6)", "took longer than 4 seconds"),
    "stops what started it": (
        "import os, signal, time; os.kill(os.getppid(), signal.SIGSTOP); time.sleep(1e6)",
        "took longer than 4 seconds",
    ),
    "removes its folder": (
        "import os, tempfile; folder = tempfile.mkdtemp(); os.chdir(folder); os.rmdir(folder); os.getcwd()",
        "FileNotFoundError",
    ),
    "takes all memory": ("bytearray(1 << 60)", "MemoryError"),
}


@pytest.mark.parametrize(("code", "says"), HOSTILE.values(), ids=HOSTILE)
def test_a_notebook_that_fails_is_named_with_what_to_do(code, says, tmp_path):
    path = tmp_path / "02_taken.ipynb"
    cells = [
        nbformat.v4.new_code_cell(
            "wave = 2019\nbaseline = None\nlanguage = 'nl'\nsource = 'published'", metadata={"tags": ["parameters"]}
        ),
        nbformat.v4.new_code_cell(code),
        nbformat.v4.new_code_cell("import time; time.sleep(3)"),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    start = time.monotonic()
    with Kernels() as kernels, pytest.raises(WijkpeilingError) as refused:
        execute([path], PARAMETERS, kernels, EDITION.parameters, time_limit=4 if "took longer" in says else 60)
    message = str(refused.value)
    assert says in message and len(message) < 2000
    assert "\x1b" not in message and "Traceback" not in message
    if isinstance(refused.value, RunError):
        assert "02_taken.ipynb" in refused.value.where and refused.value.todo
    assert time.monotonic() - start < 60


STREAMS = {
    "nobody reads the output": ("plan > /dev/full", 16),
    "nobody reads the errors": ("plan --share 2 2> /dev/full", 14),
    "no output": ("plan >&-", 0),
    "no errors": ("plan --share 2 2>&-", 14),
    "no streams at all": ("plan >&- 2>&- <&-", 0),
    # what was told before it closed may have been all
    "a pipe that closes": ("plan | head -c 1", 0, 16),
    "few characters": ("plan --language nl", 0),
    "an argument without end": ("plan --items $(head -c 100000 /dev/zero | tr '\\0' 1)", 2),
    "a folder with a newline": ("plan --project $'een\\ntwee'", 10),
    "a folder with a byte that is none": ("plan --project $'een\\xff'", 10),
}


@pytest.mark.parametrize(("command", "codes"), [(command, codes) for command, *codes in STREAMS.values()], ids=STREAMS)
def test_streams_and_arguments(command, codes, trial):
    script = f"set -o pipefail; {COMMAND} {command}"
    process = subprocess.run(
        ["bash", "-c", script],
        cwd=trial,
        env=os.environ | {"PYTHONIOENCODING": "ascii", MARK: str(trial)},
        capture_output=True,
        timeout=60,
    )
    assert process.returncode in codes
    assert b"Traceback" not in process.stderr and b"Exception ignored" not in process.stderr
    assert len(process.stderr) < 2000


def test_a_current_folder_that_is_gone(trial, tmp_path):
    script = f"mkdir {tmp_path}/gone && cd {tmp_path}/gone && rmdir {tmp_path}/gone && {COMMAND} plan"
    process = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert process.returncode == 10
    assert "the current folder is not there" in process.stderr


def startup(home):
    """A home of which every set-up is wrong, one way or another."""
    files = {
        ".ipython/profile_default/startup/00.py": "import builtins; builtins.round = lambda *_: 3; print('hallo')",
        ".ipython/profile_default/ipython_kernel_config.py": "c.Nonsense(",
        ".jupyter/jupyter_config.py": "c.Nonsense(",
        ".config/matplotlib/matplotlibrc": "text.usetex: True\nlines.linewidth: 9\nbackend: nonsense\n",
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps({"argv": ["false"], "language": "python"}),
        "start.py": "raise SystemExit('the start-up file ran')",
    }
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    (home / ".config/matplotlib/matplotlibrc").open("ab").write(b"\xff")


NOBODY = 65534


def as_another_user(folder):
    """What a command begins with to be run by somebody else, whose the folder becomes; nothing where one may not.

    The other one may read and enter what is this user's: Python, the package and the project can stand in a home.
    """
    if os.geteuid() != 0:
        return ()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    reading = "+dac_read_search"
    ids = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    return ("setpriv", *ids, f"--inh-caps={reading}", f"--ambient-caps={reading}")


@pytest.fixture
def elsewhere():
    """A folder that everybody can reach, as those of pytest are not."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_two_users_homes_places_and_languages_give_the_same_bytes(whole, wijkpeiling, tmp_path, elsewhere):
    one, other = tmp_path / "home", elsewhere / "thuis"
    one.mkdir()
    startup(other)
    plain = wijkpeiling("report", HOME=str(one), LC_ALL="C.UTF-8")
    assert plain.returncode == 0, plain.stderr
    second = elsewhere / "map met spatie"
    shutil.copytree(whole, second, ignore=shutil.ignore_patterns("reports"))
    for folder in (second, second / "notebooks"):
        shutil.copy(other / ".config/matplotlib/matplotlibrc", folder)
    scratch = other / "scratch"
    scratch.mkdir()
    process = wijkpeiling(
        "report",
        cwd=second,
        by=as_another_user(elsewhere),
        TMPDIR=str(scratch),
        HOME=str(other),
        USER="piet",
        LC_ALL="nl_NL",
        TZ="Pacific/Auckland",
        PYTHONSTARTUP=str(other / "start.py"),
        MPLBACKEND="nonsense",
        PYTHONHASHSEED="7",
        COLUMNS="40",
    )
    assert process.returncode == 0, process.stderr
    built = second / "reports" / "2019"
    assert files_of(built) == files_of(whole / "reports" / "2019")
    assert (built.stat().st_uid != whole.stat().st_uid) == (os.geteuid() == 0)
    assert list(scratch.iterdir()) == []


def test_no_room_left(trial, wijkpeiling):
    process = wijkpeiling("report", options={"preexec_fn": no_large_files})
    assert process.returncode == 16, process.stderr
    assert "cannot be written: File too large" in "\n".join(told(process))
    assert list((trial / "reports").iterdir()) == []


def no_large_files():
    import resource

    # the page is larger than this, and nothing else
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


@pytest.mark.parametrize(
    ("name", "is_put_back"), [("data/raw/2019/published.csv", True), ("notebooks/02_taken.ipynb", False)]
)
def test_inputs_that_are_written_while_the_edition_is_made(name, is_put_back, trial):
    process = subprocess.Popen(
        [COMMAND, "report"],
        cwd=trial,
        env=os.environ | {MARK: str(trial)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert json.loads(process.stderr.readline())["n_done"] == 1
    content = (trial / name).read_bytes()
    (trial / name).write_bytes(content + b"\n")
    if is_put_back:
        (trial / name).write_bytes(content)
    message = process.stderr.read()
    # seen at the end, or by the notebook that came upon it
    assert process.wait() in (12, 16, 17), message
    assert "Traceback" not in message
    assert not (trial / "reports" / "2019").exists()


def test_two_builds_at_once_both_end_well(trial):
    command = [COMMAND, "report"]
    builds = [
        subprocess.Popen(command, cwd=trial, env=os.environ | {MARK: str(trial)}, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    errors = [build.communicate(timeout=90)[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], errors
    written = json.loads((trial / "reports" / "2019" / "build.json").read_text("utf-8"))["outputs"]
    assert set(files_of(trial / "reports" / "2019")) == {*written, "build.json"}


def answering_signals():
    # whoever runs the tests may have them run on when a terminal closes
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)


def test_a_build_that_is_to_outlive_its_terminal_does(trial):
    process = subprocess.Popen(
        [COMMAND, "report"],
        cwd=trial,
        env=os.environ | {MARK: str(trial)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert json.loads(process.stderr.readline())["n_done"] == 1
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=90)
    assert process.returncode == 0
    assert (trial / "reports" / "2019" / "index.html").is_file()


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
@pytest.mark.parametrize("moment", ["at once", "while kernels start", "after the first notebook"])
def test_a_build_that_is_ended_leaves_nothing(how, moment, trial, tmp_path):
    process = subprocess.Popen(
        [COMMAND, "report"],
        cwd=trial,
        env=os.environ | {MARK: str(trial), "TMPDIR": str(tmp_path / "scratch")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=answering_signals,
    )
    if moment == "while kernels start":
        assert until(lambda: len(processes_of(trial)) > 1, 60) is not None
    elif moment == "after the first notebook":
        assert json.loads(process.stderr.readline())["n_done"] == 1
    start = time.monotonic()
    process.send_signal(getattr(signal, how))
    message = process.stderr.read()
    process.wait()
    # far above what it takes on a quiet machine, 0.2 to 2 seconds, and far below a cell that is waited for
    assert time.monotonic() - start < 10
    assert "Traceback" not in message
    assert until(lambda: not any((tmp_path / "scratch").iterdir()), 10) is not None
    reports = trial / "reports"
    if how == "SIGKILL":
        # nobody could clear up; the next one does
        left = list(reports.glob(".2019-*")) if reports.exists() else []
        for path in left:
            assert re.fullmatch(r"\.2019-\w{8}", path.name)
            shutil.rmtree(path)
    assert not (reports / "2019").exists()


SWALLOWED = {
    "by a bare except": """
        try:
            ask()
        except:
            pass
    """,
    "while something is cleared up": """
        class Last:
            def __del__(self):
                ask()
        Last()
    """,
    "in a callback": """
        class Gone: pass
        gone = Gone()
        watched = weakref.ref(gone, lambda _: ask())
        del gone
    """,
    "by another error": """
        try:
            ask()
        except BaseException:
            raised = ImportError("no module named so")
        time.sleep(20)
        raise raised
    """,
}


@pytest.mark.parametrize("code", SWALLOWED.values(), ids=SWALLOWED)
def test_an_interrupt_that_somebody_swallows_is_asked_again(code):
    script = f"""
import os, signal, sys, time, weakref
from wijkpeiling.cli import main
from wijkpeiling.cli.main import app

def ask():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(20)

@app.command()
def work():
{textwrap.indent(textwrap.dedent(code), "    ")}
    time.sleep(20)
    print("not stopped")

sys.argv = ["wijkpeiling", "work"]
main()
"""
    start = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, preexec_fn=answering_signals
    )
    assert (process.returncode, process.stdout, process.stderr) == (130, "", "interrupted; nothing was written\n")
    assert time.monotonic() - start < 15


def test_an_interrupt_waits_until_a_compiled_module_is_imported():
    # as the loader of such a module stands on the stack
    script = """
import os, signal, sys, time
from importlib.machinery import ExtensionFileLoader
from wijkpeiling.cli import main
from wijkpeiling.cli.main import app

class Loader(ExtensionFileLoader):
    def exec_module(self, module):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
        print("imported")

@app.command()
def work():
    Loader("slow", "slow.so").exec_module(None)
    time.sleep(20)
    print("not stopped")

sys.argv = ["wijkpeiling", "work"]
main()
"""
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, preexec_fn=answering_signals
    )
    told = (process.returncode, process.stdout, process.stderr)
    assert told == (130, "imported\n", "interrupted; nothing was written\n")
