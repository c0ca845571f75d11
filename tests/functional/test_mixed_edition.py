"""The edition of a wave with item responses against a baseline with published percentages, by the command line."""

import csv
import json
import re
import shutil

import pytest


@pytest.fixture
def mini_project(root, tmp_path):
    shutil.copytree(root / "tests" / "data" / "mini" / "data", tmp_path / "mini" / "data")
    ignored = shutil.ignore_patterns(".ipynb_checkpoints")
    shutil.copytree(root / "notebooks", tmp_path / "mini" / "notebooks", ignore=ignored)
    return tmp_path / "mini"


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_wave_with_item_responses_gives_an_edition_against_a_published_baseline(mini_project, run):
    process = run("wijkpeiling", "report", "--wave", "2027", "--language", "en", cwd=mini_project)
    assert process.returncode == 0, process.stderr
    folder = mini_project / "reports" / "2027-en"
    changes = [row for row in rows(folder / "data" / "changes.csv") if row["wave"] == "2027"]
    compared = {row["concept"] for row in changes if row["conclusion"]}
    published = rows(mini_project / "data" / "raw" / "2017" / "published.csv")
    assert compared == {row["concept"] for row in published} and len(compared) == 7
    assert {row["source"] for row in changes} == {"mixed"}
    estimates = rows(folder / "data" / "estimates.csv")
    assert {(row["wave"], row["source"]) for row in estimates} == {
        ("2017", "published"),
        ("2019", "published"),
        ("2027", "microdata"),
    }
    # by size class too, which takes item responses
    assert any(row["domain"] == "size_class" for row in estimates)
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["cover"]["source"] == "mixed"
    # no municipality is named: neither code nor name
    page = (folder / "index.html").read_text(encoding="utf-8")
    frame = rows(mini_project / "data" / "raw" / "population" / "frame_2027.csv")
    assert not re.search(r"\bGM9\d{3}\b", page) and not any(row["name"] in page for row in frame)
