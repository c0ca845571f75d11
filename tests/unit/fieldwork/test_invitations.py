"""Tokens of municipalities: random, once, and out of git."""

import csv
import subprocess

import pytest

from wijkpeiling.errors import InstrumentError, PopulationError, ProjectError
from wijkpeiling.fieldwork import invitations
from wijkpeiling.fieldwork.invitations import SIGNS, write_invitations


def rows(path):
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_every_municipality_of_the_frame_gets_a_token(rich):
    path = write_invitations(rich.project, 2027)
    assert path == rich.raw / "2027" / "responses" / "invitations.csv"
    assert [{key: cell for key, cell in row.items() if key != "token"} for row in rows(path)] == [
        {"gemeentecode": code, "firstname": "", "lastname": name, "email": "", "attribute_1": code}
        for code, name in (("GM0003", "Één, aan zee"), ("GM9000", "Mompeldam"))
    ]


def test_tokens_are_random_unlike_and_without_signs_that_are_taken_for_another(mini):
    first = [row["token"] for row in rows(write_invitations(mini.project, 2027))]
    assert len(first) > 50
    assert len(set(first)) == len(first)
    assert {len(token) for token in first} == {12}
    assert set("".join(first)) <= set(SIGNS)
    assert not set(SIGNS) & set("il1o0") and SIGNS.lower() == SIGNS and SIGNS.isalnum()
    (mini.raw / "2027" / "responses" / "invitations.csv").unlink()
    assert set(first).isdisjoint(row["token"] for row in rows(write_invitations(mini.project, 2027)))


def test_a_token_that_is_taken_is_drawn_again(monkeypatch):
    drawn = iter("a" * 12 + "a" * 12 + "b" * 12)
    monkeypatch.setattr(invitations.secrets, "choice", lambda signs: next(drawn))
    assert invitations._token(set()) == "a" * 12
    assert invitations._token({"a" * 12}) == "b" * 12


def test_a_list_that_is_there_is_never_replaced(rich):
    path = write_invitations(rich.project, 2027)
    before = path.read_bytes()
    with pytest.raises(InstrumentError, match="the tokens of 2027 are there already"):
        write_invitations(rich.project, 2027)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        (None, "/invitations.csv\n"),
        ("*.tmp", "*.tmp\n/invitations.csv\n"),
        ("*.tmp\n/invitations.csv\n", "*.tmp\n/invitations.csv\n"),
        ("/invitations.csv\n!invitations.csv\n", "/invitations.csv\n!invitations.csv\n/invitations.csv\n"),
    ],
)
def test_git_does_not_take_the_file_whatever_the_folder_above_says(rich, known, kept):
    (rich.root / ".gitignore").write_text("!invitations.csv\n", encoding="utf-8")
    ignore = rich.raw / "2027" / "responses" / ".gitignore"
    if known is not None:
        ignore.write_text(known, encoding="utf-8")
    path = write_invitations(rich.project, 2027)
    assert ignore.read_text(encoding="utf-8") == kept
    subprocess.run(["git", "init", "-q", str(rich.root)], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=rich.root, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert path.relative_to(rich.root).as_posix() not in listed
    assert "data/raw/2027/responses/responses.csv" in listed


def test_a_gitignore_that_cannot_be_read_stops_the_list(rich):
    (rich.raw / "2027" / "responses" / ".gitignore").write_bytes(b"\xff\xfe")
    with pytest.raises(InstrumentError, match="might end up in git"):
        write_invitations(rich.project, 2027)
    assert not (rich.raw / "2027" / "responses" / "invitations.csv").exists()


def test_a_wave_without_a_frame_invites_nobody(rich):
    (rich.raw / "population" / "frame_2027.csv").unlink()
    with pytest.raises(PopulationError) as told:
        write_invitations(rich.project, 2027)
    assert told.value.todo == "wijkpeiling frame 2027"


def test_a_wave_that_is_not_there_invites_nobody(rich):
    with pytest.raises(ProjectError, match="there is no wave 2031"):
        write_invitations(rich.project, 2031)
