"""A project of one's own: from the installed package and from a checkout, in a folder that holds nothing else."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from wijkpeiling.errors import ProjectError
from wijkpeiling.fieldwork.init import make_project
from wijkpeiling.project import Project
from wijkpeiling.published import read_published
from wijkpeiling.run import provenance

ROOT = Path(__file__).parents[3]
BUILT_OF = ("wijkpeiling", "notebooks", "data", "pyproject.toml", "README.md", "LICENSE", "GLOSSARY.md", "METHOD.md")
LINK = re.compile(r"\]\(([^)#:]+)[^)]*\)")
ANSWERS = Path("data", "raw", "2019", "responses", "responses.csv")


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package as a wheel puts it on disk, built from a checkout that holds answers."""
    checkout, folder = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("installed")
    for name in BUILT_OF:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, checkout / name)
    (checkout / ANSWERS).parent.mkdir()
    (checkout / ANSWERS).write_text("confidential", encoding="utf-8")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=checkout, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    # what an installer does with a package of Python alone
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(site, folder, *arguments):
    command = [sys.executable, "-c", "from wijkpeiling.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONPATH": str(site)}, capture_output=True, encoding="utf-8"
    )


def test_the_installed_package_makes_a_project_in_which_a_wave_begins(installed, tmp_path):
    made = run(installed, tmp_path, "init", "mijn-peiling")
    assert (made.returncode, made.stderr) == (0, "")
    project = tmp_path / "mijn-peiling"
    expected = {f"data/raw/{name}": content for name, content in files(ROOT / "data" / "raw").items()}
    expected |= {
        path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / "notebooks").rglob("[0-9]*_*.ipynb")
    }
    expected["GLOSSARY.md"] = (ROOT / "GLOSSARY.md").read_bytes()
    found = files(project)
    assert found.pop("README.md").startswith(b"# A survey of neighbourhood teams")
    assert found == expected
    begun = run(installed, project, "new", "2027")
    assert (begun.returncode, begun.stderr) == (0, "")
    assert read_published(Project(project)).questionnaires[2027].is_public


def test_links_of_the_notebooks_and_of_what_they_lead_to_are_those_of_files_in_the_project(tmp_path):
    made = make_project(tmp_path / "made")
    pages = [*(made / "notebooks").rglob("*.ipynb"), made / "GLOSSARY.md"]
    linked = {(page.parent / target).resolve() for page in pages for target in LINK.findall(page.read_text("utf-8"))}
    assert made / "GLOSSARY.md" in linked
    assert [path for path in linked if not path.is_file()] == []


def test_the_hash_of_the_package_is_that_of_its_code_wherever_it_stands(installed, monkeypatch):
    hashed = {}
    for place in (installed, ROOT):
        monkeypatch.setattr(provenance, "files", lambda name, place=place: place / name)
        hashed[place] = provenance.package()["sha256"]
    assert hashed[installed] == hashed[ROOT]


def test_answers_never_leave_with_the_package(installed, tmp_path):
    assert [name for name in files(installed) if "responses" in name.split("/")] == []


def test_a_checkout_gives_no_answers_away_either(monkeypatch, tmp_path, five_waves):
    shutil.copytree(five_waves, tmp_path / "checkout")
    (tmp_path / "checkout" / "GLOSSARY.md").touch()
    (tmp_path / "checkout" / ANSWERS).parent.mkdir()
    (tmp_path / "checkout" / ANSWERS).write_text("confidential", encoding="utf-8")
    monkeypatch.setattr("wijkpeiling.files.PACKAGE", tmp_path / "checkout" / "wijkpeiling")
    made = make_project(tmp_path / "made")
    assert (made / "data" / "raw" / "2019" / "wave.yml").is_file()
    assert not (made / ANSWERS).exists()


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path):
    """Whoever stands in it stays in it."""
    before = tmp_path.stat().st_ino
    make_project(tmp_path)
    assert tmp_path.stat().st_ino == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["GLOSSARY.md", "README.md", "data", "notebooks"]


@pytest.mark.parametrize("name", ["notes.txt", ".git"])
def test_a_folder_that_holds_anything_is_refused(tmp_path, name):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).touch()
    with pytest.raises(ProjectError, match="mine is there already"):
        make_project(folder)
    assert [path.name for path in folder.iterdir()] == [name]
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
