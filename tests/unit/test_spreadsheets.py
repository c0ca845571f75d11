"""Text that a spreadsheet would run, and text that it would not."""

import pytest

from wijkpeiling.spreadsheets import as_text


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-5 of meer", "@naam", "\t=1+1", "\r=1", "=cmd|' /C calc'!A0"])
def test_what_a_spreadsheet_would_run_is_marked_as_text(text):
    assert as_text(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["", "Ede", "'s-Hertogenbosch", " =1", "1=1", -1, 0.5, None, True])
def test_anything_else_stays_as_it_is(cell):
    assert as_text(cell) is cell
