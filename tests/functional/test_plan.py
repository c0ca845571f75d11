"""The plan of a coming wave, from the command line."""

import csv
import json
import re

import pytest


def test_plan_tells_and_writes_what_a_coming_wave_finds(project, run):
    process = run("wijkpeiling", "plan", "--share", "0.3", "--items", "1,40", "--response", "60", cwd=project)
    assert process.returncode == 0, process.stderr
    assert "205 van 342" in process.stdout
    assert "niet haalbaar" in process.stdout
    folder = project / "reports" / "plan"
    with (folder / "plan.csv").open(encoding="utf-8") as file:
        one, forty = csv.DictReader(file)
    assert 0.07 < float(one["detectable_change"]) < 0.09 < float(forty["detectable_change"]) < 0.13
    assert (folder / "plan.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert json.loads((folder / "build.json").read_text(encoding="utf-8"))["plan"]["N"] == 342


def test_plan_names_the_response_that_a_change_takes(project, run):
    process = run("wijkpeiling", "plan", "--change", "12", "--items", "1", "--language", "en", cwd=project)
    assert process.returncode == 0, process.stderr
    assert "For 12.0 percentage points with 1 tested together:" in process.stdout
    assert "municipalities (" in process.stdout


def test_the_page_beside_it_starts_where_the_plan_is_and_is_the_same_each_time(project, run_here):
    pages = []
    for _ in range(2):
        asked = ("--share", "0.3", "--overlap", "0.65", "--correlation", "0.4", "--change", "12", "--items", "4")
        code, told = run_here("plan", *asked, cwd=project)
        assert code == 0, told
        folder = project / "reports" / "plan"
        pages.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert pages[0] == pages[1]
    assert set(pages[0]) == {"index.html", "plan.csv", "plan.svg", "build.json"}
    html = pages[0]["index.html"].decode()
    assert len(html) < 1_000_000
    starts = dict(re.findall(r'<span class="value" id="(\w+)-text">([^<]*)', html))
    assert starts == {
        "response": "205 van 342 (60%)",
        "overlap": "65%",
        "correlation": "0,40",
        "share": "30%",
        "items": "4 onderwerpen",
        "change": "12,0 procentpunt",
    }


@pytest.mark.parametrize("municipalities", [2, 3, 100_000])
def test_the_page_is_made_for_a_wave_of_any_size(municipalities, project, run_here):
    asked = ("--municipalities", str(municipalities), "--response", "100", "--items", "1")
    code, told = run_here("plan", *asked, cwd=project)
    assert code == 0, told
    assert (project / "reports" / "plan" / "index.html").stat().st_size < 1_000_000


CANNOT_BE = {
    "--share": [(text, 14) for text in ("1.5", "0", "1", "-0.1", "nan", "inf", "1e300")],
    "--response": [("veel", 2), ("nan", 2), ("inf", 2), ("1e300", 14), ("-5", 14), ("101", 14), ("0", 14), ("", 2)],
    "--baseline": [("2022", 10), ("0", 10), ("-1", 10), ("2018", 10)],
    "--municipalities": [("0", 14), ("1", 14), ("-3", 14), ("1" + "0" * 20, 14), ("1.5", 2), ("nan", 2)],
    "--items": [("1.5", 2), ("0", 14), ("-1", 14), ("nan", 2), ("inf", 2), ("1e300", 14), ("1,2,x", 2)],
    "--overlap": [(text, 14) for text in ("nan", "inf", "-0.1", "1.1")],
    "--correlation": [(text, 14) for text in ("nan", "inf", "-0.1", "1.1")],
    "--change": [(text, 14) for text in ("nan", "inf", "-inf", "0", "-5", "100", "1e300")],
    "--language": [("fr", 2)],
}


@pytest.mark.parametrize(
    ("option", "text", "code"), [(option, *case) for option, cases in CANNOT_BE.items() for case in cases]
)
def test_plan_refuses_what_no_wave_can_have(option, text, code, project, run_here):
    exit_code, told = run_here("plan", f"{option}={text}", cwd=project)
    assert (exit_code, len(told) < 2000) == (code, True), told
    assert not (project / "reports").exists()
