"""The lessons as they are met: a page, and solutions apart from them."""

import json
import os
import re
import shlex
import subprocess

import pytest

from tests.trials import COMMANDS, ROOT
from wijkpeiling.lessons.register import LESSONS as MODULES
from wijkpeiling.run.publications import LESSONS

DOCUMENT = (ROOT / "docs" / "teach.md").read_text("utf-8")


def test_solutions_are_written_where_asked_and_in_the_language(root, run_here, tmp_path):
    folder = tmp_path / "teachers"
    code, told = run_here("solutions", folder, "--language", "en", cwd=root)
    assert (code, sorted(path.stem for path in folder.iterdir())) == (0, sorted(MODULES)), told
    for path in folder.iterdir():
        texts = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        assert texts[0].startswith("# Solutions: ") and len(texts) == 3
        assert all("**Answer: " in text and "| Answer | Hint |" in text for text in texts[1:])


@pytest.mark.parametrize("place", ["notebooks", "notebooks/verkennen", "notebooks/verkennen/docent"])
def test_solutions_do_not_stand_beside_the_lessons(root, run_here, place):
    code, told = run_here("solutions", root / place, cwd=root)
    assert code == 16 and "a folder outside notebooks/" in told
    assert [path.stem for path in LESSONS.notebooks(root)] == sorted(MODULES)


@pytest.mark.parametrize(("language", "folder"), [("nl", "lessons"), ("en", "lessons-en")])
def test_the_lessons_stand_in_a_folder_of_their_own(root, language, folder):
    assert LESSONS.target(root, {"language": language}) == root / "reports" / folder


def told():
    """The commands of docs/teach.md, in their order."""
    blocks = DOCUMENT.split("```")[1::2]
    return [shlex.split(line) for block in blocks for line in re.findall(r"(?m)^(?:wijkpeiling|cd) .+$", block)]


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A folder in which every command of docs/teach.md has run, and what each said."""
    folder = where = tmp_path_factory.mktemp("taught")
    # a build from inside an open notebook inherits what tells its kernel that somebody reads along
    environment = os.environ | {"JPY_SESSION_NAME": "lesson.ipynb"}
    said = {}
    for program, name, *rest in told():
        if program == "cd":
            where = where / name
            continue
        # JupyterLab starts, and ends at once
        command = [COMMANDS / program, name, *rest, *(["--version"] if name == "lab" else [])]
        ended = subprocess.run(
            command, cwd=where, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert ended.returncode == 0, (name, ended.stderr)
        said[" ".join([name, *rest])] = ended.stdout + ended.stderr
    return folder, said


def test_the_commands_for_who_teaches_work_as_they_are_told(taught):
    folder, said = taught
    assert sorted(said) == ["init lessen", "lab", "lessons", "lessons --language en", "solutions ../uitwerkingen"]
    assert re.search(r"(?m)^\d+\.\d+", said["lab"])
    assert sorted(path.stem for path in (folder / "uitwerkingen").iterdir()) == sorted(MODULES)
    assert sorted(path.name for path in (folder / "lessen" / "reports").iterdir()) == ["lessons", "lessons-en"]
    assert [path.stem for path in LESSONS.notebooks(folder / "lessen")] == sorted(MODULES)


def test_the_document_has_every_lesson_with_its_minutes():
    rows = re.findall(r"(?m)^\| (\d) [^|]+\|[^|]+\|[^|]+\| (\d+) \|", DOCUMENT)
    assert [number for number, _ in rows] == [name[1] for name in sorted(MODULES)]
    assert all(int(minutes) <= 30 for _, minutes in rows)


LANGUAGES = [
    ("lessons", "Voorbeeld met verzonnen antwoorden", "Waarom een interval, als iedereen is gevraagd?"),
    ("lessons-en", "Example with invented answers", "Why an interval, when everybody was asked?"),
]


@pytest.mark.parametrize(("name", "mark", "title"), LANGUAGES)
def test_the_lessons_are_built_as_a_page_that_says_that_its_answers_are_invented(taught, name, mark, title):
    output = taught[0] / "lessen" / "reports" / name
    page = (output / "index.html").read_text(encoding="utf-8")
    assert mark in page and title in page
    for path in (output / "notebooks").iterdir():
        assert "widget" not in path.read_text(encoding="utf-8")
