"""What each column of an export holds."""

import pytest

from wijkpeiling.errors import IntakeError
from wijkpeiling.intake.columns import ColumnMapping, Place, find_columns

TICKS = [Place("tasks", option) for option in ("signal", "short", "none", "dk")]
NEEDS = [Place("needs", option) for option in ("money", "time")]
WHOLE = {Place("team"), *TICKS, *NEEDS, Place("view"), Place("remarks")}
OPTIONS = {"signal": "signaleren", "short": "kort, licht", "none": "geen van deze", "dk": "weet niet"}
ASKED = "Welke taken heeft het wijkteam?"
REST = ["needs[money]", "needs[time]", "view", "remarks"]


def columns_of(export, questionnaire, headings, mapping=None, **given):
    made = export([""] * len(headings), headings=headings, **given)
    return find_columns(made, questionnaire, mapping or ColumnMapping())


# how each tool writes the options of a question in its heading
SPELLINGS = {
    "LimeSurvey codes": ["tasks[{code}]", "tasks[{code}]. Welke taken heeft het wijkteam? [{label}]"],
    "LimeSurvey expression codes": ["tasks_{code}"],
    "KoBo": ["tasks/{code}"],
    "full text": [ASKED + " [{label}]", ASKED.upper() + "  [{label}] ", ASKED + " - {label}"],
    "with tags and hard spaces": ["<p>" + ASKED.replace(" ", "\N{NO-BREAK SPACE}") + "</p> [{label}]"],
}


@pytest.mark.parametrize("pattern", [pattern for patterns in SPELLINGS.values() for pattern in patterns])
def test_the_options_of_a_question_are_known_by_every_spelling(export, questionnaire, pattern):
    headings = [pattern.format(code=code, label=label) for code, label in OPTIONS.items()]
    found = columns_of(export, questionnaire, ["team", *headings, *REST])
    assert found.findings == ()
    assert set(found.places) == WHOLE
    assert found.options("tasks") == dict(zip(OPTIONS, headings, strict=True))


def test_a_column_is_known_by_the_text_that_the_file_holds_beside_it(export, questionnaire):
    texts = {f"Q3_{n}": f"{ASKED} - {label}" for n, label in enumerate(OPTIONS.values())} | {"Q1": "Bent u tevreden?"}
    found = columns_of(export, questionnaire, ["team", *texts, *REST[:2], "remarks"], texts=texts)
    assert found.findings == ()
    assert found.places[Place("view")] == "Q1"
    assert found.options("tasks")["short"] == "Q3_1"


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("id", "response"),
        ("Respons-ID", "response"),
        ("submitdate", "submitted"),
        ("Datum verzonden", "submitted"),
        ("Tijd van voltooien", "submitted"),
        ("Finished", "finished"),
        ("lastpage", "lastpage"),
        ("Laatste pagina", "lastpage"),
        ("gemeentecode", "code"),
        ("gemeente", "municipality"),
        ("token", "token"),
    ],
)
def test_a_column_about_the_reply_has_its_role(export, questionnaire, heading, role):
    assert columns_of(export, questionnaire, [heading]).roles == {role: heading}


BESIDE = """seed, Plaats, startlanguage, ipaddr, groupTime4, teamTime, _uuid, Start time,
Naam, E-mail, Vraagtijd: team, Duration (in seconds), UserLanguage"""


@pytest.mark.parametrize("heading", BESIDE.replace("\n", " ").split(", "))
def test_what_tools_write_besides_is_no_finding(export, questionnaire, heading):
    found = columns_of(export, questionnaire, [heading])
    assert [finding.kind for finding in found.findings if finding.kind != "missing_column"] == []


def test_an_unknown_heading_is_an_error_that_names_the_nearest(export, questionnaire):
    found = columns_of(export, questionnaire, ["tasks[signaal]"])
    (unknown,) = [finding for finding in found.findings if finding.kind == "unknown_column"]
    assert (unknown.severity, unknown.row, unknown.column) == ("error", 1, "tasks[signaal]")
    assert "tasks[signal]" in unknown.message


def test_two_columns_for_one_place_are_an_error(export, questionnaire):
    found = columns_of(export, questionnaire, ["team", "Werkt uw gemeente met een wijkteam?"])
    assert [f.column for f in found.findings if f.kind == "doubled_column"] == ["Werkt uw gemeente met een wijkteam?"]


def test_every_question_and_option_without_a_column_is_named(export, questionnaire):
    found = columns_of(export, questionnaire, ["team", "tasks[signal]", "view", "remarks"])
    missing = [finding.message for finding in found.findings if finding.kind == "missing_column"]
    assert missing == ["no column for tasks[short], tasks[none], tasks[dk]", "no column for needs"]


class TestTheMapping:
    def test_it_says_what_a_heading_is_and_what_to_ignore(self, export, questionnaire):
        mapping = ColumnMapping(columns={"V1": "team", "V2": "tasks[signal]", "V3": "ignore", "V4": "code"})
        found = columns_of(export, questionnaire, ["V1", "V2", "V3", "V4"], mapping)
        assert found.places == {Place("team"): "V1", Place("tasks", "signal"): "V2"}
        assert found.roles == {"code": "V4"}
        assert {finding.kind for finding in found.findings} == {"missing_column"}

    def test_a_question_that_was_not_put_needs_no_column(self, export, questionnaire):
        found = columns_of(export, questionnaire, ["team"], ColumnMapping(absent=("tasks", "needs", "view", "remarks")))
        assert found.findings == ()
        assert found.absent == {"tasks", "needs", "view", "remarks"}

    @pytest.mark.parametrize(
        ("columns", "what"),
        [({"V9": "team"}, "no such heading"), ({"V1": "tasks[signaal]"}, r"did you mean 'tasks\[signal\]'")],
    )
    def test_a_name_that_is_nothing_is_an_error(self, export, questionnaire, columns, what):
        with pytest.raises(IntakeError, match=what):
            columns_of(export, questionnaire, ["V1"], ColumnMapping(columns=columns))
