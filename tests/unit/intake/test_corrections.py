"""Corrections: made on the cells that were read, never on the file."""

import pytest

from wijkpeiling.errors import IntakeError
from wijkpeiling.intake.corrections import Correction, correct

GUARDED = {"reason": "by telephone", "expect": "yes", "column": "team"}


def made(export):
    return export(["17", "yes"], ["18", "no"], headings=["id", "team"])


@pytest.mark.parametrize("which", [{"row": 2}, {"response": "17"}])
def test_a_cell_becomes_another_and_that_is_told(export, which):
    before = made(export)
    after = correct(before, (Correction(value="no", **which, **GUARDED),))
    assert list(after.export.cells["team"]) == ["no", "no"]
    assert list(before.cells["team"]) == ["yes", "no"]
    (note,) = after.findings
    assert (note.severity, note.row, note.column, note.value) == ("note", 2, "team", "yes")
    assert "by telephone" in note.message


def test_a_reply_that_is_removed_keeps_the_rows_of_the_others(export):
    after = correct(made(export), (Correction(row=2, remove=True, **GUARDED),))
    assert list(after.export.rows) == [3]
    assert list(after.export.cells["id"]) == ["18"]


# name: (the correction, what is told)
REFUSED = {
    "another value than expected": ({"row": 3, "value": "yes"}, "'yes' is not in row 3, 'no' is"),
    "no such row": ({"row": 9, "value": "no"}, "no reply in row 9"),
    "no such reply": ({"response": "99", "value": "no"}, "0 replies with number 99"),
    "both row and response": ({"row": 2, "response": "17", "value": "no"}, "row and response"),
    "neither row nor response": ({"value": "no"}, "row and response"),
    "both value and remove": ({"row": 2, "value": "no", "remove": True}, "value and remove"),
    "neither value nor remove": ({"row": 2}, "value and remove"),
    "no such column": ({"row": 2, "value": "no", "column": "teams"}, "no column teams"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_correction_that_finds_something_else_is_an_error(export, case):
    given, told = REFUSED[case]
    with pytest.raises(IntakeError, match="correction 1") as failure:
        correct(made(export), (Correction(**(GUARDED | given)),))
    assert told in str(failure.value)
