"""The documents name commands and options that are there, and the rehearsal runs what docs/rerun.md tells."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from wijkpeiling.cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "data" / "raw" / "README.md"]
COMMANDS = typer.main.get_command(app).commands
LINE = re.compile(r"(?m)^wijkpeiling (.+)$")


def told(path):
    """Command and options of each line of a code block that begins with the program's name."""
    blocks = path.read_text("utf-8").split("```")[1::2]
    return [shlex.split(line, comments=True) for block in blocks for line in LINE.findall(block)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_is_told_is_there_with_its_options(path):
    for name, *rest in told(path):
        assert name in COMMANDS, name
        known = {option for param in COMMANDS[name].params for option in param.opts}
        assert {word for word in rest if word.startswith("--")} <= known, (name, rest)


def test_the_rehearsal_runs_what_the_document_tells():
    rehearsed = (ROOT / "tests" / "rehearsal" / "run.py").read_text("utf-8")
    told_once = {name for name, *_ in told(ROOT / "docs" / "rerun.md")}
    run = set(re.findall(r'run\((?:root|Path\(folder\)), "(\w+)"', rehearsed))
    assert told_once == {"init", "new", "questionnaire", "frame", "invitations", "intake", "report"}
    assert run == told_once
