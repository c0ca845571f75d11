"""What a user does wrong: the exit code of its room, a message that helps, and nothing lost.

One damaged file for each exit code; every other damage is in ``tests/faults/damaged.yml``.
"""

import json
import signal
import subprocess
import sys

import pytest

from wijkpeiling.run.provenance import write_build

PUBLISHED = "data/raw/2019/published.csv"
EDITORIAL = "data/raw/2019/editorial.yml"


def replace(path, old, new):
    def break_file(project):
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return break_file


def nothing(project):
    pass


CASES = {
    "unknown wave": (nothing, ["--wave", "2018"], 10, ["no wave 2018", "2014, 2015, 2017, 2019, 2022"]),
    "unknown baseline": (nothing, ["--baseline", "2016"], 10, ["no wave 2016"]),
    "baseline after the wave": (nothing, ["--baseline", "2022"], 10, ["2022 is not before wave 2019"]),
    "unknown language": (nothing, ["--language", "fr"], 2, ["fr", "nl", "en"]),
    "unknown format": (nothing, ["--formats", "html,odt"], 2, ["odt", "html", "data"]),
    "no project": (nothing, ["--project", "/"], 10, ["no wijkpeiling project", "--project"]),
    "broken YAML": (
        replace("data/raw/2017/wave.yml", "wave: 2017", "wave: [2017"),
        [],
        10,
        ["broken YAML", "wave.yml", "line"],
    ),
    "a quote without consent": (
        lambda project: (project / EDITORIAL).write_text(
            "quote: {text: {nl: a, en: b}, name: C., role: {nl: d, en: e}, consent: false}", encoding="utf-8"
        ),
        [],
        10,
        ["quote.consent", "with the consent of who said it", EDITORIAL],
    ),
    "unknown concept in the questionnaire": (
        replace("data/raw/2019/questionnaire.yml", "  task_signalling:", "  task_singalling:"),
        [],
        11,
        ["task_singalling", "questionnaire.yml"],
    ),
    "percentage over 100": (
        replace(PUBLISHED, "task_case_management,86", "task_case_management,186"),
        [],
        12,
        ["186", PUBLISHED, "row 2", "column pct", "0 to 100"],
    ),
    "mergers that do not add up": (
        replace("data/raw/population/municipalities.csv", "2019,355", "2019,356"),
        [],
        13,
        ["2019"],
    ),
    "no notebooks": (
        lambda project: [path.unlink() for path in (project / "notebooks").glob("*.ipynb")],
        [],
        17,
        ["no notebooks"],
    ),
    "a notebook without parameters": (
        replace("notebooks/02_taken.ipynb", '"parameters"', '"anders"'),
        [],
        17,
        ["02_taken.ipynb", "tagged parameters"],
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_input_is_told_and_earlier_output_untouched(project, run_here, case):
    damage, arguments, exit_code, told = CASES[case]
    damage(project)
    earlier = project / "reports" / "2019"
    earlier.mkdir(parents=True)
    write_build(earlier, {"kind": "edition", "package": {"name": "wijkpeiling"}})
    code, message = run_here("report", *arguments, cwd=project)
    assert code == exit_code, message
    assert [part for part in told if part not in message] == []
    if exit_code != 2:
        assert len(message.splitlines()) <= 4
    assert [path.name for path in (project / "reports").rglob("*")] == ["2019", "build.json"]


def test_a_fault_in_a_notebook_is_told_with_its_cell(project, main_here):
    for path in (project / "notebooks").glob("0[1-4]*.ipynb"):
        path.unlink()
    replace("notebooks/05_herkomst.ipynb", "audit.verdicts(edition, sources)", "audit.verdicts(edition)")(project)
    process = main_here("report", cwd=project)
    assert process.returncode == 17
    assert "TypeError" in process.stderr
    assert "05_herkomst.ipynb, in the cell that ends with: verdicts = audit.verdicts(edition)" in process.stderr
    assert list((project / "reports").iterdir()) == []


def test_a_folder_that_is_no_edition_is_not_overwritten(project, main_here):
    (project / "mine").mkdir()
    (project / "mine" / "thesis.txt").write_text("three years")
    process = main_here("report", "--output", "mine", cwd=project)
    assert process.returncode == 16
    assert "no edition" in process.stderr
    assert (project / "mine" / "thesis.txt").read_text() == "three years"


def test_an_output_folder_that_cannot_be_made(project, main_here):
    (project / "file").write_text("")
    process = main_here("report", "--output", "file/2019", cwd=project)
    assert process.returncode == 16
    assert "cannot be written" in process.stderr


LOST = """
import os, signal, sys, weakref
from wijkpeiling import cli, project

class Thing: pass

def find_root(start):
    thing = Thing()
    kept = weakref.ref(thing, lambda gone: os.kill(os.getpid(), signal.SIGINT))
    del thing
    while True: pass

project.find_root = find_root
sys.argv = ["wijkpeiling", "report"]
cli.main()
"""


def test_an_interrupt_that_comes_while_python_clears_something_up_is_not_lost(project):
    process = subprocess.run([sys.executable, "-c", LOST], cwd=project, capture_output=True, text=True, timeout=30)
    assert (process.returncode, process.stderr) == (130, "interrupted; nothing was written\n")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(project, commands, how):
    command = [commands / "wijkpeiling", "report"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert json.loads(process.stderr.readline())["n_done"] == 1
        process.send_signal(how)
        _, told = process.communicate()
    assert process.returncode == 130
    assert "nothing was written" in told
    assert list((project / "reports").iterdir()) == []
