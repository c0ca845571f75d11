"""The commands questionnaire and invitations."""

import sys
from collections import namedtuple
from types import ModuleType

import pytest
from typer.testing import CliRunner

from wijkpeiling.cli.main import app
from wijkpeiling.errors import InstrumentError

Problem = namedtuple("Problem", "severity key what todo")
ERROR = Problem("error", "questions.tasks", "a question without a wording", "add wording, in nl and en")
WARNING = Problem("warning", "title", "no title", "add one")


@pytest.fixture
def found(monkeypatch):
    """What the audit finds: a list for the test to fill."""
    problems = []
    module = ModuleType("wijkpeiling.instrument.audit")
    module.audit = lambda questionnaire, project: list(problems)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return problems


@pytest.fixture
def run(rich):
    """Run the command line in the project."""

    def told(*arguments):
        return CliRunner().invoke(app, [*arguments, "--project", str(rich.root)])

    return told


def test_without_a_format_the_audit_is_told(found, run):
    assert run("questionnaire", "2027").stdout == "nothing stands in its way\n"
    found += [ERROR, WARNING]
    result = run("questionnaire", "2027")
    assert result.exit_code == InstrumentError.exit_code
    assert result.stdout.splitlines() == [
        "error: questions.tasks: a question without a wording",
        "  to do: add wording, in nl and en",
        "warning: title: no title",
        "  to do: add one",
        "1 of 2 are errors",
    ]
    found.remove(ERROR)
    assert run("questionnaire", "2027").exit_code == 0


def test_the_audit_of_the_package_passes_what_survey_tools_keep_and_stops_what_they_change(rich, run):
    assert "error" not in run("questionnaire", "2027").stdout.replace("errors", "")
    rich.replace("2027/questionnaire.yml", "never:", "nevermore:")
    result = run("questionnaire", "2027", "--to", "limesurvey")
    assert "questions.collective_work.options.nevermore" in result.exception.what
    assert not (rich.root / "reports").exists()


@pytest.mark.parametrize(
    ("form", "files"),
    [
        ("limesurvey", {"limesurvey-nl.txt": b"\xef\xbb\xbfclass\t"}),
        ("xlsform", {"xlsform-nl.xlsx": b"PK"}),
        ("docx", {"docx-nl.docx": b"PK"}),
        ("codebook", {"codebook-nl.html": b"<!doctype html>", "codebook-nl.csv": b"\xef\xbb\xbfnumber,"}),
        ("ddi", {"ddi-nl.xml": b"<?xml"}),
    ],
)
def test_each_format_is_written_and_not_written_twice(rich, found, run, form, files):
    result = run("questionnaire", "2027", "--to", form)
    assert (result.exit_code, result.exception) == (0, None)
    folder = rich.root / "reports" / "questionnaire-2027"
    assert {path.name for path in folder.iterdir()} == set(files)
    assert [name for name, begin in files.items() if not (folder / name).read_bytes().lstrip().startswith(begin)] == []
    again = run("questionnaire", "2027", "--to", form)
    assert again.stdout.count("nothing changed since") == len(files)


@pytest.mark.parametrize(
    ("form", "is_refused"),
    [("limesurvey", True), ("xlsform", True), ("docx", True), ("codebook", False), ("ddi", False)],
)
def test_what_goes_to_the_field_is_refused_where_the_audit_finds_an_error(rich, found, run, form, is_refused):
    found += [WARNING, ERROR]
    result = run("questionnaire", "2027", "--to", form)
    assert isinstance(result.exception, InstrumentError) is is_refused
    assert (rich.root / "reports").exists() is not is_refused
    if is_refused:
        assert result.exception.what.endswith("(1); the first: questions.tasks: a question without a wording")
        assert result.exception.todo.startswith("add wording, in nl and en; wijkpeiling questionnaire 2027")


def test_a_file_that_differs_is_replaced_only_when_told_to(rich, found, run, tmp_path):
    path = tmp_path / "peiling.txt"
    path.write_bytes(b"mine")
    arguments = ("questionnaire", "2027", "--to", "limesurvey", "--output", str(path))
    assert isinstance(run(*arguments).exception, InstrumentError)
    assert path.read_bytes() == b"mine"
    assert run(*arguments, "--overwrite").exit_code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfclass")


def test_a_codebook_under_a_name_of_ones_own_is_two_files(found, run, tmp_path):
    run("questionnaire", "2027", "--to", "codebook", "--language", "en", "--output", str(tmp_path / "book.csv"))
    assert b'<html lang="en">' in (tmp_path / "book.html").read_bytes()
    assert b"everybody" in (tmp_path / "book.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "word"), "is not one of limesurvey, xlsform, docx, codebook, ddi"),
        (("--language", "fr"), "is not one of nl, en"),
        (("--to", "limesurvey", "--output", "peiling.tsv"), "does not end in .txt"),
        (("--to", "codebook", "--output", "book"), "does not end in .html or .csv"),
    ],
)
def test_a_wrong_option_says_what_it_can_be(found, run, arguments, told):
    result = run("questionnaire", "2027", *arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.replace("│", " ").split())


def test_the_tokens_are_said_to_be_confidential(rich, run):
    result = run("invitations", "2027")
    assert result.exit_code == 0
    assert "confidential" in result.stdout and ".gitignore" in result.stdout
    assert (rich.raw / "2027" / "responses" / "invitations.csv").exists()
