"""What was said of each concept, and why nothing was: format by kind of missing."""

import pytest

from wijkpeiling.intake.columns import ColumnMapping, find_columns
from wijkpeiling.intake.replies import read_replies

DONE, NOT_DONE = "2027-06-01 10:00:00", ""


def reply(id="1", done=DONE, team="yes", tasks=("", "", "", ""), needs=("", ""), view="very", remarks=""):
    return [id, done, "0000", team, *tasks, *needs, view, remarks]


def read(export, questionnaire, *rows, mapping=None, **given):
    made = export(*rows, **given)
    return read_replies(made, find_columns(made, questionnaire, mapping or ColumnMapping()), questionnaire)


def told(replies, row=0):
    """Answer, or the reason for none, of each concept."""
    return {
        concept: replies.reasons[concept][row] if answer is None else answer
        for concept, answer in (
            (concept, None if value is not True and value is not False else value)
            for concept, value in ((c, replies.answers[c].astype(object)[row]) for c in replies.answers)
        )
    }


ALL_NULL = (None, None, None, None)
# name: (whether the format keeps NULL apart, the reply, what is told of team, signalling, short, money, satisfied)
CASES = {
    "all answered": (
        False,
        reply(tasks=("Y", "", "", ""), needs=("Y", "")),
        (True, True, False, True, True),
    ),
    "an exclusive option says no to the others, which the tool switched off": (
        True,
        reply(tasks=(None, None, "Y", None), needs=("Y", "")),
        (True, False, False, True, True),
    ),
    "an exclusive option that says neither is no answer": (
        True,
        reply(tasks=(None, None, None, "Y"), needs=("Y", "")),
        (True, "not_answered", "not_answered", True, True),
    ),
    "nothing ticked where an option says none was not answered": (
        False,
        reply(needs=("Y", "")),
        (True, "not_answered", "not_answered", True, True),
    ),
    "nothing ticked where no option says none is no": (
        False,
        reply(tasks=("Y", "", "", "")),
        (True, True, False, False, True),
    ),
    "not shown, by the format": (
        True,
        reply(team="no", tasks=ALL_NULL, needs=("Y", ""), view=None),
        (False, "not_shown", "not_shown", True, "not_shown"),
    ),
    "not shown, by the routing": (
        False,
        reply(team="no", needs=("Y", ""), view=""),
        (False, "not_shown", "not_shown", True, "not_shown"),
    ),
    "weet niet to what routes shows nothing": (
        False,
        reply(team="dk", needs=("", "Y"), view=""),
        ("not_answered", "not_shown", "not_shown", False, "not_shown"),
    ),
    "not answered": (
        False,
        reply(tasks=("Y", "", "", ""), needs=("Y", ""), view="", remarks="x"),
        (True, True, False, True, "not_answered"),
    ),
    "broken off after the tasks": (
        False,
        reply(done=NOT_DONE, tasks=("", "Y", "", ""), view=""),
        (True, False, True, "broken_off", "broken_off"),
    ),
    "broken off, with a question left open on the way": (
        False,
        reply(done=NOT_DONE, needs=("Y", ""), view=""),
        (True, "not_answered", "not_answered", True, "broken_off"),
    ),
    "broken off, in a format that says NULL": (
        True,
        reply(done=NOT_DONE, tasks=("", "Y", "", ""), needs=(None, None), view=None, remarks=None),
        (True, False, True, "broken_off", "broken_off"),
    ),
    "labels": (
        False,
        reply(team="Ja", tasks=("Ja", "Nee", "Nee", "Nee"), needs=("geld", ""), view="Nogal"),
        (True, True, False, True, True),
    ),
    "labels in English": (
        False,
        reply(team="No", needs=("money", ""), view=""),
        (False, "not_shown", "not_shown", True, "not_shown"),
    ),
    "N/A, as LimeSurvey writes NULL in words": (
        False,
        reply(team="Nee", tasks=("N/A",) * 4, needs=("Ja", "Nee"), view="N/A"),
        (False, "not_shown", "not_shown", True, "not_shown"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_missing_is_told_apart(export, questionnaire, case):
    keeps_null, row, expected = CASES[case]
    replies = read(export, questionnaire, row, keeps_null=keeps_null)
    assert tuple(told(replies).values()) == expected
    assert [finding for finding in replies.findings if finding.severity != "note"] == []


def test_several_options_can_say_yes_and_another_says_no(export, questionnaire):
    replies = read(export, questionnaire, *(reply(view=view) for view in ("very", "quite", "not", "dk")))
    assert [told(replies, row)["satisfied"] for row in range(4)] == [True, True, False, "not_answered"]


def test_a_question_without_a_column_was_not_asked(export, questionnaire):
    headings = ["id", "team", "view", "remarks"]
    mapping = ColumnMapping(absent=("tasks", "needs"))
    replies = read(export, questionnaire, ["1", "yes", "very", ""], headings=headings, mapping=mapping)
    assert told(replies) == {
        "has_wijkteam": True,
        "task_signalling": "not_asked",
        "task_short_term_support": "not_asked",
        "needs_money": "not_asked",
        "satisfied": True,
    }


JOINED = {
    "KoBo codes": ("signal short", (True, True)),
    "KoBo labels, joined by the space that is in them": ("geen van deze", (False, False)),
    "Forms": ("signaleren;kort, licht;", (True, True)),
    "Qualtrics": ("signaleren,kort, licht", (True, True)),
    "one": ("short", (False, True)),
    "empty": ("", ("not_answered", "not_answered")),
}


@pytest.mark.parametrize("case", JOINED)
def test_options_joined_in_one_cell_are_taken_apart(export, questionnaire, case):
    cell, expected = JOINED[case]
    headings = ["id", "team", "tasks", "needs", "view", "remarks"]
    replies = read(export, questionnaire, ["1", "yes", cell, "geld;", "very", ""], headings=headings)
    assert (told(replies)["task_signalling"], told(replies)["task_short_term_support"]) == expected
    assert replies.findings == ()


def test_codes_are_read_by_the_labels_that_the_file_holds(export, questionnaire):
    labels = {"team": {"1": "Ja", "2": "Nee", "9": "weet niet"}, "view": {"3": "niet"}}
    labels |= {"tasks[signal]": {"1": "signaleren", "0": "Niet geselecteerd"}}
    replies = read(
        export, questionnaire, reply(team="1", tasks=("1", "0", "0", "0"), view="3"), labels=labels, format="spss"
    )
    assert told(replies)["has_wijkteam"] is True
    assert told(replies)["satisfied"] is False
    assert told(replies)["task_signalling"] is True


def test_what_the_file_itself_declares_missing_was_not_answered(export, questionnaire):
    replies = read(export, questionnaire, reply(view="99"), user_missing={"view": {"99": "geen antwoord"}})
    assert told(replies)["satisfied"] == "not_answered"
    assert replies.findings == ()


# name: (whether the format keeps NULL, the reply, kind, severity, column)
STRANGE = {
    "a code that is none": (False, reply(view="heel"), "unknown_answer", "error", "view"),
    "2 for not ticked, which stands for not answered too": (
        False,
        reply(tasks=("1", "2", "2", "2")),
        "unknown_answer",
        "error",
        "tasks[short]",
    ),
    "an exclusive option beside another": (
        False,
        reply(tasks=("Y", "", "Y", "")),
        "exclusive_and_other",
        "error",
        "tasks",
    ),
    "answered where the routing does not show it": (
        False,
        reply(team="no", view="very"),
        "answered_not_shown",
        "error",
        "view",
    ),
    "not shown where the routing does": (
        True,
        reply(tasks=("Y", "", "", ""), view=None),
        "null_though_shown",
        "warning",
        "view",
    ),
    "shown where the routing does not: a condition that fails open": (
        True,
        reply(team="no", tasks=ALL_NULL, view=""),
        "shown_against_routing",
        "warning",
        "view",
    ),
}


@pytest.mark.parametrize("case", STRANGE)
def test_what_contradicts_the_questionnaire_is_a_finding_with_its_place(export, questionnaire, case):
    keeps_null, row, kind, severity, column = STRANGE[case]
    replies = read(export, questionnaire, reply(tasks=("Y", "", "", "")), row, keeps_null=keeps_null)
    found = {(one.kind, one.severity, one.row, one.column) for one in replies.findings}
    assert (kind, severity, 3, column) in found
    assert {one.row for one in replies.findings} == {3}


class TestTheLastPage:
    """The form puts the municipality first and a question on each page: five questions end on page 6."""

    HEADINGS = ("id", "submitdate", "lastpage", "team", "tasks", "needs", "view", "remarks")

    def read(self, export, questionnaire, end, page):
        complete = ["1", DONE, end, "yes", "signal", "geld", "very", ""]
        broken = ["2", "", page, "yes", "signal", "", "", ""]
        return read(export, questionnaire, complete, broken, headings=self.HEADINGS)

    def test_what_was_on_a_page_that_was_sent_was_not_answered(self, export, questionnaire):
        replies = self.read(export, questionnaire, "6", "5")
        assert told(replies, 1)["satisfied"] == "not_answered"

    def test_what_comes_after_it_was_broken_off(self, export, questionnaire):
        replies = self.read(export, questionnaire, "6", "3")
        assert told(replies, 1)["satisfied"] == "broken_off"

    def test_pages_of_a_survey_that_was_divided_otherwise_say_nothing_of_questions(self, export, questionnaire):
        replies = self.read(export, questionnaire, "3", "3")
        assert told(replies, 1)["satisfied"] == "broken_off"

    @pytest.mark.parametrize(
        ("pages", "found"),
        [
            (("6", "6", "6", "5"), []),
            # what is told of a survey that was divided otherwise is said for the whole file
            (("3", "3", "3", "3"), []),
            (("6", "66", "6", "5"), [(3, "not the page")]),
            (("6", "6", "6", "vijf"), [(5, "no page")]),
            (("6", "6", "1,0", "5"), [(4, "no page")]),
        ],
    )
    def test_a_page_that_would_change_how_replies_ended_is_told(self, export, questionnaire, pages, found):
        rows = [[str(n), DONE if n < 4 else "", page, "yes", "signal", "", "", ""] for n, page in enumerate(pages, 1)]
        replies = read(export, questionnaire, *rows, headings=self.HEADINGS)
        odd = [(one.row, one.message) for one in replies.findings if one.kind == "odd_page"]
        assert [row for row, _ in odd] == [row for row, _ in found]
        assert all(message.startswith(start) for (_, message), (_, start) in zip(odd, found, strict=True))
