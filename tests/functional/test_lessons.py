"""The lessons as they are met: a page, and solutions apart from them."""

import json

import pytest

from wijkpeiling.lessons.register import LESSONS as MODULES
from wijkpeiling.run.publications import LESSONS


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


def test_the_lessons_are_built_as_a_page_that_says_that_its_answers_are_invented(root, run, tmp_path, monkeypatch):
    # a build from inside an open notebook inherits what tells its kernel that somebody reads along
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
    output = tmp_path / "lessons"
    ended = run("wijkpeiling", "lessons", "--language", "en", "--output", output, cwd=root)
    assert ended.returncode == 0, ended.stderr
    page = (output / "index.html").read_text(encoding="utf-8")
    assert "Example with invented answers" in page and "Why an interval, when everybody was asked?" in page
    for path in (output / "notebooks").iterdir():
        assert "widget" not in path.read_text(encoding="utf-8")
