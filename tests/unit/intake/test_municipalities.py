"""Of which municipality a reply is."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.intake.columns import ColumnMapping, find_columns
from wijkpeiling.intake.municipalities import Register, identify, one_each, read_tokens

NAMES = {
    "GM9001": "Mompeldam",
    "GM9002": "Súdwest-Verzinsel",
    "GM9003": "'s-Verzonnendijk",
    "GM9004": "Bergdorp (N.)",
    "GM9005": "Bergdorp (Z.)",
    "GM0036": "Kleinwaard",
}
REGISTER = Register(
    frame=pd.DataFrame({"gemeentecode": list(NAMES), "name": list(NAMES.values())}),
    successors={"GM8001": ("2026-01-01", ("GM9001",)), "GM8002": ("2025-01-01", ())},
    aliases={"den verzin": "'s-Verzonnendijk"},
    tokens={"abc123": "GM9002"},
)


def identified(export, questionnaire, heading, *values, **given):
    made = export(*([value] for value in values), headings=[heading], **given)
    return identify(made, find_columns(made, questionnaire, ColumnMapping()), REGISTER)


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("gemeentecode", "GM9001", "GM9001"),
        ("gemeentecode", "9001", "GM9001"),
        ("gemeente", "0036", "GM0036"),
        ("gemeente", "Mompeldam", "GM9001"),
        ("gemeente", " MOMPELDAM ", "GM9001"),
        ("gemeente", "Mompeldam (gemeente)", "GM9001"),
        ("gemeente", "Gemeente Mompeldam", "GM9001"),
        ("gemeente", "Sudwest-Verzinsel", "GM9002"),
        ("gemeente", "Den Verzin", "GM9003"),
        ("gemeente", "Bergdorp (N.)", "GM9004"),
        ("token", "abc123", "GM9002"),
    ],
)
def test_a_code_name_alias_or_token_tells_which(export, questionnaire, heading, value, code):
    found = identified(export, questionnaire, heading, value)
    assert (found.codes[0], found.findings) == (code, ())


def test_a_code_that_became_a_number_is_read_and_told(export, questionnaire):
    found = identified(export, questionnaire, "gemeentecode", "36", "36.0", "GM36")
    assert list(found.codes) == ["GM0036"] * 3
    assert [(one.kind, one.severity, one.row) for one in found.findings] == [
        ("code_as_number", "warning", row) for row in (2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("heading", "value", "kind", "told"),
    [
        ("gemeentecode", "GM8001", "municipality_ended", "ended on 2026-01-01, into GM9001 (Mompeldam)"),
        ("gemeentecode", "GM8002", "municipality_ended", "ended on 2025-01-01"),
        ("gemeentecode", "GM7777", "not_in_frame", "GM7777"),
        ("gemeente", "Mompelsdam", "unknown_municipality", "did you mean Mompeldam?"),
        ("gemeente", "Elders", "unknown_municipality", "no municipality of the frame"),
        ("gemeente", "Bergdorp", "ambiguous_municipality", "GM9004 (Bergdorp (N.)) or GM9005 (Bergdorp (Z.))"),
        ("gemeente", "", "no_municipality", "no municipality"),
        ("token", "zzz", "unknown_token", "no invitation"),
    ],
)
def test_what_cannot_be_told_is_an_error_and_never_a_guess(export, questionnaire, heading, value, kind, told):
    found = identified(export, questionnaire, heading, value)
    assert found.codes.isna().all()
    (finding,) = found.findings
    assert (finding.kind, finding.severity, finding.row, finding.column) == (kind, "error", 2, heading)
    assert told in finding.message


def test_a_code_of_the_survey_tool_is_read_by_its_label(export, questionnaire):
    found = identified(export, questionnaire, "gemeente", "7", labels={"gemeente": {"7": "Mompeldam"}})
    assert found.codes[0] == "GM9001"


def test_without_a_column_that_says_it_there_is_one_error(export, questionnaire):
    found = identified(export, questionnaire, "team", "yes", "no")
    assert [one.kind for one in found.findings] == ["no_municipality_column"]


@pytest.mark.parametrize("column", ["gemeentecode", "attribute_1"])
def test_tokens_are_read_from_the_list_of_invitations(column):
    assert read_tokens(f"lastname,token,{column}\nMompeldam,abc123,GM9001\n") == {"abc123": "GM9001"}


# name: (complete, content, when, kept)
DOUBLES = {
    "the latest complete": ([1, 1, 0], [1, 1, 1], ["2027-01-01", "2027-01-03", "2027-01-05"], 1),
    "complete goes before later": ([1, 0, 0], [1, 1, 1], ["2027-01-01", "2027-01-03", "2027-01-05"], 0),
    "without a day the last in the file": ([1, 1, 1], [1, 1, 1], [None, None, None], 2),
    "one without answers is never kept": ([1, 0, 1], [1, 1, 0], ["2027-01-01", "2027-01-03", "2027-01-05"], 0),
    "broken off, where none is complete": ([0, 0, 0], [1, 1, 0], [None, None, None], 1),
}


@pytest.mark.parametrize("case", DOUBLES)
def test_of_several_replies_of_a_municipality_one_is_kept(case):
    complete, content, when, kept = DOUBLES[case]
    codes = pd.Series(["GM9001"] * 3, dtype="string")
    days = pd.to_datetime(pd.Series(when))
    found = one_each(codes, np.array(complete, bool), np.array(content, bool), days)
    assert list(np.flatnonzero(found)) == [kept]
