"""One export taken in: written whole, once, and only without errors."""

import csv
import hashlib
import re
import subprocess

import pytest

from tests.intake_field import HEADINGS
from wijkpeiling.errors import IntakeError
from wijkpeiling.intake import intake, recognise
from wijkpeiling.intake.assembly import assemble
from wijkpeiling.published import read_published
from wijkpeiling.sources.intake import read_answers
from wijkpeiling.sources.manifest import read_manifest

OTHER_MANIFEST = re.escape("not the one that manifest.yml tells of")


def test_the_answers_come_out_as_they_went_in(field):
    taken = field.take_in()
    assert (taken.replies, taken.respondents, taken.is_new) == (66, 66, True)
    with (field.responses / "responses.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found == list(field.expected())
    assert {row["missing_reason"].count("=not_answered") for row in found} >= {0, 3}
    answers = read_answers(read_published(field.project))
    assert len(answers.wave(2027)) == 66


def test_everything_that_is_written_is_told_in_the_manifest(field):
    field.take_in()
    manifest = read_manifest(field.responses)
    assert (manifest.replies, manifest.respondents, manifest.format) == (66, 66, "limesurvey_csv")
    files = {".gitignore", "manifest.yml", "responses.csv", "fieldwork.csv", "findings.csv", "findings.html"}
    assert field.written() == files | {f"received/{manifest.export}"}
    assert (field.responses / "received" / manifest.export).read_bytes() == field.path.read_bytes()
    assert "2027/questionnaire.yml" in manifest.inputs


def test_respondents_are_counted_by_the_day_they_handed_in(field):
    field.take_in()
    with (field.responses / "fieldwork.csv").open(encoding="utf-8", newline="") as file:
        days = {row["date"]: int(row["respondents"]) for row in csv.DictReader(file)}
    assert list(days) == [f"2027-05-0{day}" for day in range(1, 8)]
    assert sum(days.values()) == 66


def test_the_same_export_is_taken_in_once(field):
    field.take_in()
    before = {path: path.stat().st_mtime_ns for path in field.responses.rglob("*")}
    assert not field.take_in().is_new
    assert {path: path.stat().st_mtime_ns for path in field.responses.rglob("*")} == before


def test_the_same_export_is_known_by_its_hash_without_being_parsed(field, monkeypatch):
    field.take_in()
    monkeypatch.setattr(recognise, "kind_of", lambda *_: pytest.fail("it was parsed"))
    assert not field.take_in().is_new


def test_what_is_kept_is_what_was_parsed_whatever_comes_in_its_place(field, monkeypatch):
    parsed = field.path.read_bytes()

    def changing(*given):
        field.path.write_bytes(b"another file")
        return assemble(*given)

    monkeypatch.setattr(intake, "assemble", changing)
    field.take_in()
    manifest = read_manifest(field.responses)
    assert (field.responses / "received" / manifest.export).read_bytes() == parsed
    assert manifest.export_sha256 == hashlib.sha256(parsed).hexdigest()


def test_it_is_taken_in_again_when_what_it_depends_on_has_changed(field):
    field.take_in()
    field.copy.replace("2027/questionnaire.yml", "nl: signaleren", "nl: vroeg signaleren")
    assert field.take_in().is_new
    assert not field.take_in().is_new


def test_another_export_takes_its_place_only_when_that_is_asked(field):
    field.take_in()
    first = read_manifest(field.responses).export
    field.put(2, "hasWijkteam", "no" if field.rows[0][5] == "yes" else "yes")
    field.rows[0][6:] = [""] * len(HEADINGS[6:])
    field.write()
    with pytest.raises(IntakeError, match="another export was taken in"):
        field.take_in()
    field.take_in(replace=True)
    second = read_manifest(field.responses).export
    assert field.written() >= {f"received/{first}", f"received/{second}"}


def test_nothing_is_taken_in_while_there_is_an_error(field):
    field.put(4, "hasWijkteam", "misschien")
    with pytest.raises(IntakeError, match="1 error; the first") as failure:
        field.take_in()
    assert "export.csv, row 4, column hasWijkteam" in str(failure.value)
    assert field.written() == {".gitignore", "findings.csv", "findings.html"}
    (error,) = [row for row in field.findings() if row["severity"] == "error"]
    assert (error["kind"], error["row"], error["value"]) == ("unknown_answer", "4", "misschien")
    # the folder holds no responses yet, and the edition does without
    assert read_answers(read_published(field.project)) is None


def test_an_error_in_a_later_export_leaves_what_was_taken_in(field):
    field.take_in()
    before = (field.responses / "responses.csv").read_bytes()
    field.put(4, "hasWijkteam", "misschien")
    with pytest.raises(IntakeError, match="1 error"):
        field.take_in(replace=True)
    assert (field.responses / "responses.csv").read_bytes() == before
    assert read_answers(read_published(field.project)) is not None


def test_a_correction_mends_it_and_the_file_that_was_received_stays(field):
    right = field.rows[2][5]
    field.put(4, "hasWijkteam", "misschien")
    field.responses.mkdir()
    (field.responses / "corrections.yml").write_text(
        "corrections:\n  - response: '3'\n    column: hasWijkteam\n    expect: misschien\n"
        f"    value: '{right}'\n    reason: gebeld\n",
        encoding="utf-8",
    )
    field.take_in()
    assert [row["message"] for row in field.findings() if row["kind"] == "corrected"] == [
        f"'misschien' became '{right}': gebeld"
    ]
    (received,) = (field.responses / "received").iterdir()
    assert "misschien" in received.read_text("utf-8-sig")


def test_responses_that_were_changed_by_hand_are_refused_where_they_are_read(field):
    field.take_in()
    path = field.responses / "responses.csv"
    path.write_text(path.read_text("utf-8").replace("False", "True", 1), encoding="utf-8")
    with pytest.raises(IntakeError, match=OTHER_MANIFEST):
        read_answers(read_published(field.project))
    assert field.take_in().is_new
    assert read_answers(read_published(field.project)) is not None


@pytest.mark.parametrize("name", ["responses.csv", "findings.csv", "findings.html"])
def test_a_file_that_intake_did_not_make_is_never_replaced(field, name):
    field.responses.mkdir()
    (field.responses / name).write_text("mine", encoding="utf-8")
    with pytest.raises(IntakeError, match=re.escape(f"{name} is there, and intake did not make it")):
        if name == "responses.csv":
            # nothing else may read it before
            field.project = field.copy.project
        intake._check_ours(field.responses, None)
    assert (field.responses / name).read_text("utf-8") == "mine"


def test_an_intake_that_is_cut_short_leaves_no_half_answers(field, monkeypatch):
    written = []

    def stop(path, content, error, *, overwrite):
        written.append(path.name)
        if path.name == "manifest.yml":
            raise KeyboardInterrupt
        real(path, content, error, overwrite=overwrite)

    real = intake.write_file
    field.take_in()
    field.put(2, "submitdate", "2027-05-02 12:00:00")
    field.rows.pop()
    field.write()
    monkeypatch.setattr(intake, "write_file", stop)
    with pytest.raises(KeyboardInterrupt):
        field.take_in(replace=True)
    assert written[-2:] == ["responses.csv", "manifest.yml"]
    with pytest.raises(IntakeError, match=OTHER_MANIFEST):
        read_answers(read_published(field.project))


def test_a_respondent_that_only_opened_the_questionnaire_is_left_out_and_is_no_error(field):
    opened = ["900", "", "1", "nl", "", *[""] * (len(HEADINGS) - 5)]
    field.write([*field.rows, opened])
    taken = field.take_in()
    assert (taken.replies, taken.respondents) == (67, 66)
    assert [row["row"] for row in field.findings() if row["kind"] == "empty_reply"] == ["68"]


def test_of_two_replies_of_a_municipality_the_latest_complete_one_is_kept(field):
    again = [*field.rows[0]]
    again[:2] = ["901", "2027-06-01 09:00:00"]
    broken = [*field.rows[0]]
    broken[:2] = ["902", ""]
    field.write([*field.rows, again, broken])
    assert field.take_in().respondents == 66
    found = {row["row"]: row["message"] for row in field.findings() if row["kind"] == "second_reply"}
    assert set(found) == {"2", "69"}
    assert all("row 68" in message for message in found.values())


def test_more_findings_than_anyone_reads_are_counted(field):
    for row in range(2, 68):
        field.put(row, "hasWijkteam", "ooit")
    with pytest.raises(IntakeError):
        field.take_in()
    told = [row for row in field.findings() if row["kind"] == "unknown_answer"]
    assert len(told) == 51
    assert told[-1]["message"].startswith("16 more rows")


@pytest.mark.parametrize("known", [None, "/invitations.csv\n", "*.tmp"])
def test_git_keeps_nothing_that_an_answer_says(field, known):
    if known is not None:
        # as the list of invitations leaves it, or somebody else
        field.responses.mkdir()
        (field.responses / ".gitignore").write_text(known, encoding="utf-8")
    field.take_in()
    git = ["git", "-C", str(field.copy.root)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    told = subprocess.run(
        [*git, "status", "--porcelain", "-uall", "data/raw/2027/responses"], capture_output=True, text=True
    )
    assert sorted(line.split("/")[-1] for line in told.stdout.splitlines()) == [".gitignore", "manifest.yml"]
