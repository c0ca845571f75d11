"""Errors that a user can mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import messages
from wijkpeiling import errors
from wijkpeiling.errors import ERRORS_BY_NAME, WijkpeilingError

CODES = {
    "ProjectError": 10,
    "InstrumentError": 11,
    "IntakeError": 12,
    "PopulationError": 13,
    "EstimationError": 14,
    "ReportError": 16,
    "RunError": 17,
}


def test_every_class_has_its_own_exit_code():
    assert {name: error.exit_code for name, error in ERRORS_BY_NAME.items()} == CODES


def test_no_exit_code_means_done_wrong_use_or_a_fault_of_ours():
    assert {0, 1, 2} & {error.exit_code for error in ERRORS_BY_NAME.values()} == set()


def test_the_table_of_codes_and_messages_is_what_the_code_gives():
    # to renew it: make errors
    assert messages.DOCUMENT.read_text("utf-8") == messages.document()


# what a message begins with: by itself, of a helper, of a table of faults, of a questionnaire, of YAML, of a model
TOLD = {
    "there is no wave {year}": "ProjectError",
    "the output is a link to nothing": "ReportError",
    "overlap with {wave}, which is no wave": "ProjectError",
    "{key}: routing {routing} does not come before it": "InstrumentError",
    "broken YAML: a tag ({tag})": messages.READER,
    "{key}: Value error, nobody answers in any class": messages.READER,
}


@pytest.mark.parametrize("text", TOLD)
def test_the_table_has_messages_however_they_are_made(text):
    assert [message.error for message in messages.messages() if message.text == text] == [TOLD[text]]


def test_every_error_of_the_package_is_known_by_its_name():
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, WijkpeilingError)]
    assert {one.__name__ for one in classes} - {"WijkpeilingError"} == set(ERRORS_BY_NAME)


def test_a_message_says_what_where_what_was_expected_and_what_to_do():
    error = WijkpeilingError("101 is too much", where="a.csv, row 2", expected="0 to 100", todo="correct the cell")
    assert str(error).splitlines() == [
        "101 is too much",
        "  where: a.csv, row 2",
        "  expected: 0 to 100",
        "  to do: correct the cell",
    ]


def test_a_message_leaves_out_what_is_not_known():
    assert str(WijkpeilingError("no", todo="try again")) == "no\n  to do: try again"


@pytest.mark.parametrize("name", CODES)
def test_a_message_with_every_part_is_four_lines(name):
    error = ERRORS_BY_NAME[name]("what", where="where", expected="expected", todo="to do")
    assert len(str(error).splitlines()) == 4


def test_a_text_of_several_lines_does_not_stretch_the_message():
    # as the error of another library in a notebook can be
    error = ERRORS_BY_NAME["RunError"](
        "ValueError: cannot reindex\non an axis\nwith duplicates", where="02_taken.ipynb"
    )
    assert len(str(error).splitlines()) == 2


def test_a_message_is_never_longer_than_a_screen_and_keeps_its_end():
    error = WijkpeilingError(
        "a" * 10_000 + " end", where="/folder" * 1000 + "/file.csv", expected="b" * 9999, todo="c" * 9999
    )
    assert len(str(error)) < 2000
    assert error.what.startswith("aaa") and error.what.endswith("a end")
    assert error.where.startswith("/folder/folder") and error.where.endswith("/file.csv")
    assert " [...] " in error.expected


def test_a_message_holds_nothing_that_a_terminal_would_obey():
    error = WijkpeilingError("\x1b[2J gone \x07", where="a\udcff.csv\n b")
    assert error.what == "\N{REPLACEMENT CHARACTER}[2J gone \N{REPLACEMENT CHARACTER}"
    assert error.where == "a\N{REPLACEMENT CHARACTER}.csv b"


TEXTS = st.text() | st.sampled_from(
    ["where: here", "a: b: c", "  to do: nothing", "one\ntwo", "expected: ", "\x85", ""]
)


@given(name=st.sampled_from(sorted(CODES)), what=TEXTS, where=TEXTS, expected=TEXTS, todo=TEXTS)
def test_an_error_is_made_again_from_its_message(name, what, where, expected, todo):
    error = ERRORS_BY_NAME[name](what, where=where, expected=expected, todo=todo)
    again = ERRORS_BY_NAME[name].from_message(str(error))
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)


@pytest.mark.parametrize("message", ["", "of another library:\nline two", "no\n  nowhere: x\nwhere: at the margin"])
def test_lines_that_the_package_does_not_write_belong_to_what_is_wrong(message):
    error = WijkpeilingError.from_message(message)
    assert error.what == " ".join(message.split())
    assert (error.where, error.expected, error.todo) == ("", "", "")
