"""The plan of a coming wave, from the command line."""

import csv
import json


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


def test_plan_refuses_what_no_wave_can_have(project, run):
    for arguments, code in ((["--share", "1.5"], 14), (["--response", "veel"], 2), (["--baseline", "2022"], 10)):
        process = run("wijkpeiling", "plan", *arguments, cwd=project)
        assert process.returncode == code, process.stderr
        assert "Traceback" not in process.stderr
    assert not (project / "reports").exists()
