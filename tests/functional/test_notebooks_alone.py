"""Notebooks run by papermill's own command line, from the project's root."""

import json

import pytest
from click.testing import CliRunner
from papermill.cli import papermill


def test_a_notebook_runs_by_papermill(project, run):
    arguments = ["notebooks/02_taken.ipynb", "out.ipynb", "-p", "wave", "2019", "-p", "language", "en"]
    process = run("papermill", *arguments, cwd=project)
    assert process.returncode == 0, process.stderr
    assert "short-term support" in (project / "out.ipynb").read_text(encoding="utf-8")


def test_a_wave_without_task_figures_says_so_in_the_account(project, run):
    arguments = ["notebooks/05_herkomst.ipynb", "out.ipynb", "-p", "wave", "2017", "-p", "baseline", "2015"]
    process = run("papermill", *arguments, cwd=project)
    assert process.returncode == 0, process.stderr
    outputs = [
        output["data"]["text/plain"]
        for cell in json.loads((project / "out.ipynb").read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    assert "Over de taken van het wijkteam is voor 2017 geen percentage gevonden." in str(outputs)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-p", "golf", "2019"], "unknown parameter golf"),
        (["-r", "wave", "2019"], "parameter wave is '2019'"),
        (["-p", "language", "de"], "parameter language is 'de'"),
        (["-p", "source", "microdata"], "parameter source is 'microdata'"),
        (["-p", "wave", "2018"], "there is no wave 2018"),
    ],
)
def test_a_wrong_parameter_is_an_error(project, arguments, told, monkeypatch):
    # the command line of papermill, in this process
    monkeypatch.chdir(project)
    ended = CliRunner().invoke(papermill, ["notebooks/01_respons.ipynb", "out.ipynb", *arguments])
    assert ended.exit_code != 0
    assert told in str(ended.exception)
