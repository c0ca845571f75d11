"""Whose files an edition may replace, and that one of the two is always there."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trials import files_of
from wijkpeiling.errors import ReportError
from wijkpeiling.run.folder import OWNER, replacing
from wijkpeiling.run.process import STOPPING
from wijkpeiling.run.provenance import BUILD, write_build

OURS = {"package": {"name": "wijkpeiling"}, "kind": "edition"}


def make(folder, kind="edition", text="een"):
    """An edition of two files, as the package writes one."""
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    (folder / "data" / "estimates.csv").write_text(text, encoding="utf-8")
    write_build(folder, OURS | {"kind": kind})


@pytest.fixture
def root(tmp_path):
    for name in ("data/raw/2019", "notebooks", "reports"):
        (tmp_path / "project" / name).mkdir(parents=True)
    return tmp_path / "project"


def a_file(root):
    (root / "reports" / "2019").write_text("scriptie", encoding="utf-8")


def a_thesis(root):
    (root / "reports" / "2019").mkdir()
    (root / "reports" / "2019" / "scriptie.docx").write_text("scriptie", encoding="utf-8")


def own_build(content):
    def build(root):
        a_thesis(root)
        (root / "reports" / "2019" / BUILD).write_text(content, encoding="utf-8")

    return build


def beside(name):
    def add(root):
        make(root / "reports" / "2019")
        path = root / "reports" / "2019" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("van mij", encoding="utf-8")

    return add


def a_link_in_it(root):
    make(root / "reports" / "2019")
    (root / "mine").mkdir()
    (root / "reports" / "2019" / "bijlagen").symlink_to(root / "mine")


def another_kind(kind):
    return lambda root: make(root / "reports" / "2019", kind)


def a_dangling_link(root):
    (root / "reports" / "2019").symlink_to(root / "gone")


REFUSED = {
    "a file": (a_file, "2019 is a file"),
    "a folder of somebody else": (a_thesis, "something that is no edition"),
    "a build.json of another program": (
        own_build('{"package": "npm", "outputs": {}}'),
        "not one that the package wrote",
    ),
    "a build.json that is a list": (own_build("[]"), "not one that the package wrote"),
    "a build.json that is a number": (own_build("5"), "not one that the package wrote"),
    "a build.json that is empty": (own_build(""), "not one that the package wrote"),
    "a build.json that is no JSON": (own_build("{"), "not one that the package wrote"),
    "a build.json that is deep": (own_build("[" * 100_000), "not one that the package wrote"),
    "a build.json without outputs": (own_build(json.dumps(OURS)), "not one that the package wrote"),
    "a build.json with a list of outputs": (own_build(json.dumps(OURS | {"outputs": []})), "not one that the package"),
    "a build.json with numbers": (own_build(json.dumps(OURS | {"outputs": {"a": 1}})), "not one that the package"),
    "a build.json that lists no thesis": (own_build(json.dumps(OURS | {"outputs": {}})), "the package did not make"),
    "a file beside those of the edition": (beside("notities.txt"), "a file that the package did not make"),
    "a file in a folder of the edition": (beside("data/mijn.csv"), "a file that the package did not make"),
    "a file in a folder of its own": (beside("bijlagen/brief.pdf"), "a file that the package did not make"),
    "a hidden file": (beside(".env"), "a file that the package did not make"),
    "a linked folder": (a_link_in_it, "a file that the package did not make"),
    "a demo": (another_kind("demo"), "another kind of publication: demo"),
    "a plan": (another_kind("plan"), "another kind of publication: plan"),
    "a link to nothing": (a_dangling_link, "a link to nothing"),
}


@pytest.mark.parametrize(("prepare", "says"), REFUSED.values(), ids=REFUSED)
def test_what_the_package_did_not_make_is_never_replaced(prepare, says, root):
    prepare(root)
    before = files_of(root)
    with pytest.raises(ReportError, match=says) as refused, replacing(root / "reports" / "2019", "edition", root):
        pytest.fail("the work was begun")
    assert str(root / "reports" / "2019") in refused.value.where
    assert files_of(root) == before
    assert [path.name for path in (root / "reports").iterdir()] == ["2019"]


PLACES = {
    "data/raw/2019/uit": "among what editions are made from",
    "data/raw": "among what editions are made from",
    "data": "among what editions are made from",
    "notebooks/uit": "among what editions are made from",
    ".git/uit": "among what editions are made from",
    "reports/2019/en": "within another publication",
    ".": "holds the project itself",
    "..": "holds the project itself",
}


@pytest.mark.parametrize(("place", "says"), PLACES.items(), ids=PLACES)
def test_no_edition_stands_where_none_can(place, says, root):
    make(root / "reports" / "2019")
    before = files_of(root)
    with pytest.raises(ReportError, match=says), replacing(root / place, "edition", root):
        pytest.fail("the work was begun")
    assert files_of(root) == before


def test_the_root_of_a_disk_is_refused(root):
    with pytest.raises(ReportError, match="root of a disk"), replacing(Path("/proc"), "edition", root):
        pytest.fail("the work was begun")


@pytest.mark.parametrize(
    "prepare", [lambda root: None, lambda root: (root / "reports" / "2019").mkdir(), another_kind("edition")]
)
def test_nothing_an_empty_folder_and_an_edition_are_replaced(prepare, root):
    prepare(root)
    with replacing(root / "reports" / "2019", "edition", root) as new:
        (new / "index.html").write_text("twee", encoding="utf-8")
        write_build(new, OURS)
    assert set(files_of(root / "reports")) == {"2019/index.html", f"2019/{BUILD}"}


def test_a_link_is_followed_to_its_target(root, tmp_path):
    make(tmp_path / "elders")
    (root / "reports" / "2019").symlink_to(tmp_path / "elders")
    with replacing(root / "reports" / "2019", "edition", root) as new:
        (new / "index.html").write_text("twee", encoding="utf-8")
        write_build(new, OURS)
    assert (root / "reports" / "2019").is_symlink()
    assert set(files_of(tmp_path / "elders")) == {"index.html", BUILD}


def test_a_file_that_comes_while_the_work_is_done_is_not_replaced(root):
    make(root / "reports" / "2019")
    with (
        pytest.raises(ReportError, match="a file that the package did not make"),
        replacing(root / "reports" / "2019", "edition", root) as new,
    ):
        (new / "index.html").write_text("twee", encoding="utf-8")
        (root / "reports" / "2019" / "notities.txt").write_text("van mij", encoding="utf-8")
    assert set(files_of(root / "reports")) == {
        f"2019/{name}" for name in ("index.html", "data/estimates.csv", BUILD, "notities.txt")
    }


class Fault(Exception):
    pass


@pytest.mark.parametrize("fault", [Fault, KeyboardInterrupt, SystemExit, MemoryError])
def test_a_fault_leaves_the_earlier_edition_and_nothing_else(fault, root):
    make(root / "reports" / "2019")
    before = files_of(root)
    with pytest.raises(fault), replacing(root / "reports" / "2019", "edition", root) as new:
        (new / "index.html").write_text("twee", encoding="utf-8")
        raise fault
    assert files_of(root) == before


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize(
    "failure", [PermissionError(1, "Operation not permitted"), OSError(28, "No space left"), Fault()]
)
def test_a_rename_that_fails_leaves_the_earlier_edition(nth, failure, root, monkeypatch):
    make(root / "reports" / "2019")
    before = files_of(root)
    rename, calls = Path.rename, []

    def failing(path, target):
        calls.append(path)
        if len(calls) == nth:
            raise failure
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises((ReportError, Fault)), replacing(root / "reports" / "2019", "edition", root) as new:
        (new / "index.html").write_text("twee", encoding="utf-8")
    assert files_of(root) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from wijkpeiling.run import folder
target = Path(sys.argv[1])
rename, calls = Path.rename, []
def failing(path, to):
    calls.append(path)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), getattr(signal, sys.argv[3]))
    return rename(path, to)
Path.rename = failing
with folder.replacing(target, "edition") as new:
    (new / "index.html").write_text("twee", encoding="utf-8")
    folder_build = {"package": {"name": "wijkpeiling"}, "kind": "edition"}
    from wijkpeiling.run.provenance import write_build
    write_build(new, folder_build)
    if sys.argv[2] == "0":
        os.kill(os.getpid(), getattr(signal, sys.argv[3]))
"""


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
@pytest.mark.parametrize("when", [0, 1, 2])
def test_a_build_that_is_ended_at_any_moment_leaves_one_of_the_two(when, how, root):
    target = root / "reports" / "2019"
    make(target)
    before = files_of(target)
    subprocess.run([sys.executable, "-c", KILLED, target, str(when), how], capture_output=True)
    # the next build finds what was left, and begins by clearing up
    with pytest.raises(Fault), replacing(target, "edition", root):
        raise Fault
    now = files_of(target)
    assert now == before or set(now) == {"index.html", BUILD}
    assert [path.name for path in (root / "reports").iterdir()] == ["2019"]


def test_a_folder_that_looks_like_ours_and_is_not_stays(root):
    theirs = root / "reports" / ".2019-archief"
    theirs.mkdir()
    (theirs / "brief.txt").write_text("van mij", encoding="utf-8")
    with replacing(root / "reports" / "2019", "edition", root) as new:
        write_build(new, OURS)
    assert (theirs / "brief.txt").read_text(encoding="utf-8") == "van mij"
    shutil.rmtree(theirs)


def test_a_build_at_work_is_not_cleared_away_by_another(root):
    target = root / "reports" / "2019"
    with replacing(target, "edition", root) as first:
        with replacing(target, "edition", root) as second:
            (second / "index.html").write_text("twee", encoding="utf-8")
            write_build(second, OURS)
        assert first.is_dir() and (first.parent / OWNER).is_file()
        (first / "index.html").write_text("een", encoding="utf-8")
        write_build(first, OURS)
    assert (target / "index.html").read_text(encoding="utf-8") == "een"
    assert [path.name for path in (root / "reports").iterdir()] == ["2019"]


def test_signals_are_answered_as_before(root):
    handlers = [signal.getsignal(number) for number in STOPPING]
    with replacing(root / "reports" / "2019", "edition", root) as new:
        write_build(new, OURS)
    assert [signal.getsignal(number) for number in STOPPING] == handlers


TAKING_TURNS = """
import sys
from pathlib import Path
from wijkpeiling.run.folder import replacing
from wijkpeiling.run.provenance import write_build

for turn in range(100):
    with replacing(Path(sys.argv[1]), "edition") as folder:
        (folder / "index.html").write_text(str(turn), encoding="utf-8")
        write_build(folder, {"kind": "edition", "package": {"name": "wijkpeiling"}})
"""


def test_two_builds_that_end_at_the_same_moment_both_write_theirs(root):
    target = root / "reports" / "2019"
    both = [
        subprocess.Popen([sys.executable, "-c", TAKING_TURNS, target], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [build.communicate(timeout=60)[1] for build in both] == ["", ""]
    assert sorted(path.name for path in target.parent.iterdir()) == ["2019"]
    assert set(files_of(target)) == {"index.html", BUILD}
