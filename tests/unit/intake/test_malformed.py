"""Answers that cannot be, or need a look: findings with row and column, and nothing taken in after an error."""

import pytest

from tests.intake_field import HEADINGS
from wijkpeiling.errors import IntakeError, PopulationError

TICK = "tasks[signalling]"
TEXT = "remarks"


def put(row, column, value):
    return lambda field: field.put(row, column, value)


def heading(old, new):
    """A column under another heading."""

    def change(field):
        field.write(headings=[new if name == old else name for name in HEADINGS])

    return change


def without(*columns):
    def change(field):
        kept = [place for place, name in enumerate(HEADINGS) if name not in columns]
        field.write([[row[place] for place in kept] for row in field.rows], [HEADINGS[place] for place in kept])

    return change


def more(name, value):
    """A column more, with the same in every row."""

    def change(field):
        field.write([[*row, value] for row in field.rows], [*HEADINGS, name])

    return change


def as_number(field):
    """What a spreadsheet makes of codes: numbers."""
    field.rows = [[*row[:4], row[4].removeprefix("GM"), *row[5:]] for row in field.rows]
    field.rows[0][4] += ".0"
    field.write()


def by_name(name):
    """Municipalities by their name instead of their code; the first is called ``name``."""

    def change(field):
        _, *listed = field.copy.rows("population/frame_2027.csv")
        names = {row[1]: row[2] for row in listed}
        field.rows = [[*row[:4], names[row[4]], *row[5:]] for row in field.rows]
        field.rows[0][4] = name
        field.write(headings=["gemeente" if one == "gemeentecode" else one for one in HEADINGS])

    return change


def names_beside(name=None):
    """A column of names beside that of codes; the second row with another one."""

    def change(field):
        _, *listed = field.copy.rows("population/frame_2027.csv")
        names = {row[1]: row[2] for row in listed}
        # a name of the frame that is not that of the row
        field.rows[1].append(names["GM9000" if field.rows[1][4] != "GM9000" else "GM9003"] if name is None else name)
        field.write([[*row, names[row[4]]][: len(HEADINGS) + 1] for row in field.rows], [*HEADINGS, "gemeente"])

    return change


def named_too(field):
    """Beside a column for each task one that names those that were ticked, as KoBoToolbox has it; one is not right."""
    codes = [name[len("tasks[") : -1] for name in HEADINGS if name.startswith("tasks[")]
    joined = [" ".join(code for code in codes if row[HEADINGS.index(f"tasks[{code}]")]) for row in field.rows]
    wrong = yes(field) - 2
    joined[wrong] = "signalling" if joined[wrong] != "signalling" else "case_management"
    field.write([[*row, named] for row, named in zip(field.rows, joined, strict=True)], [*HEADINGS, "tasks"])


def an_answer(value):
    """A question in the respondent's own words, with something in the second row."""

    def change(field):
        field.copy.replace(
            "2027/questionnaire.yml",
            "questions:\n",
            "questions:\n  remarks:\n    type: text\n    wording: {nl: Opmerkingen, en: Remarks}\n",
        )
        field.write([[*row, value if number == 0 else ""] for number, row in enumerate(field.rows)], [*HEADINGS, TEXT])

    return change


def yes(field):
    return next(number for number, row in enumerate(field.rows, start=2) if row[5] == "yes" and "Y" in row[6:9])


def no(field):
    return next(number for number, row in enumerate(field.rows, start=2) if row[5] == "no")


def of(where, column, value):
    return lambda field: field.put(where(field), column, value)


# what is damaged: the damage, the kind of finding, its severity, the column and a piece of the message
CASES = {
    "an answer that is none": (put(3, "hasWijkteam", "wellicht"), "unknown_answer", "error", "hasWijkteam", "yes, no"),
    "an answer in another language": (put(3, "hasWijkteam", "oui"), "unknown_answer", "error", "hasWijkteam", "label"),
    "a number for an answer": (put(3, "hasWijkteam", "1"), "unknown_answer", "error", "hasWijkteam", "one of"),
    "2 for not ticked": (of(yes, TICK, "2"), "unknown_answer", "error", TICK, "ticked"),
    "a tick that is none": (of(yes, TICK, "misschien"), "unknown_answer", "error", TICK, "ticked"),
    "a date for a tick": (of(yes, TICK, "2027-05-01"), "unknown_answer", "error", TICK, "ticked"),
    "an exclusive option beside another": (of(yes, "tasks[none]", "Y"), "exclusive_and_other", "error", "tasks", ""),
    "weet niet beside another": (of(yes, "tasks[dont_know]", "Y"), "exclusive_and_other", "error", "tasks", "beside"),
    "an answer where the routing shows nothing": (of(no, TICK, "Y"), "answered_not_shown", "error", "tasks", "routing"),
    "no municipality": (put(3, "gemeentecode", ""), "no_municipality", "error", "gemeentecode", "no municipality"),
    "a code of no municipality": (put(3, "gemeentecode", "GM7777"), "not_in_frame", "error", "gemeentecode", "GM7777"),
    "a code with a letter too few": (put(3, "gemeentecode", "GX9000"), "unknown_municipality", "error", None, ""),
    "a municipality that ended": (
        put(3, "gemeentecode", "GM9081"),
        "municipality_ended",
        "error",
        "gemeentecode",
        "ended on 2023-01-01, into GM9",
    ),
    "a name that is near": (by_name("Mompelldam"), "unknown_municipality", "error", "gemeente", "did you mean"),
    "a name that is not near": (by_name("Elders"), "unknown_municipality", "error", "gemeente", "no municipality of"),
    "another name beside a code": (names_beside(), "two_municipalities", "error", "gemeente", "another municipality"),
    "a name of none beside a code": (
        names_beside("Elders"),
        "unknown_municipality",
        "warning",
        "gemeente",
        "taken is GM",
    ),
    "other options named than ticked": (named_too, "options_disagree", "error", "tasks", "ticked beside it"),
    "an answer and its opposite in brackets": (
        put(3, "hasWijkteam", "yes <no>"),
        "unknown_answer",
        "error",
        "hasWijkteam",
        "yes, no",
    ),
    "a moment that is none": (put(3, "submitdate", "gisteren"), "unreadable_moment", "warning", "submitdate", "no day"),
    "an end that is none": (more("Finished", "misschien"), "unclear_end", "error", "Finished", "1 or 0"),
    "codes as numbers": (as_number, "code_as_number", "warning", "gemeentecode", "taken for GM"),
    "another wave": (more("peiling", "2019"), "other_wave", "error", "peiling", "another wave than 2027"),
    "a column too many": (more("V12", "1"), "unknown_column", "error", "V12", "no question"),
    "an option that was added": (more("tasks[other]", "iets"), "unknown_column", "error", "tasks[other]", ""),
    "a label that was changed by hand": (
        heading(TICK, "Welke taken heeft het wijkteam? [signaleren!]"),
        "unknown_column",
        "error",
        "Welke taken heeft het wijkteam? [signaleren!]",
        "did you mean",
    ),
    "a code and the text of another option": (
        heading(TICK, f"{TICK}. Welke taken heeft het wijkteam? [casusregie]"),
        "two_meanings",
        "error",
        f"{TICK}. Welke taken heeft het wijkteam? [casusregie]",
        "its code says tasks[signalling], its text tasks[case_management]",
    ),
    "a column twice": (heading("tasks[none]", "tasks_signalling"), "doubled_column", "error", "tasks_signalling", ""),
    "an option less": (without("tasks[none]"), "missing_column", "error", None, "tasks[none]"),
    "a question less": (without("hasWijkteam"), "missing_column", "error", None, "haswijkteam"),
    "no column of municipalities": (without("gemeentecode"), "no_municipality_column", "error", None, "gemeentecode"),
    "no column of what was handed in": (without("submitdate"), "all_complete", "note", None, "counts as complete"),
    "a token that nobody sent": (
        lambda field: (
            field.responses.mkdir(),
            (field.responses / "invitations.csv").write_text("token,gemeentecode\nabc,GM9000\n", encoding="utf-8"),
            heading("gemeentecode", "token")(field),
        ),
        "unknown_token",
        "error",
        "token",
        "no invitation",
    ),
    "an e-mail address in one's own words": (
        an_answer("bel j.jansen@example.org"),
        "personal_data",
        "warning",
        TEXT,
        "",
    ),
    "a telephone number in one's own words": (an_answer("bel 06-12345678 even"), "personal_data", "warning", TEXT, ""),
    "a formula in one's own words": (an_answer("=cmd|'/c calc'!A0"), "text_like_formula", "note", TEXT, "formula"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_found_with_its_place_and_nothing_is_taken_in_after_an_error(field, case):
    damage, kind, severity, column, told = CASES[case]
    damage(field)
    try:
        field.take_in()
        is_taken_in = True
    except IntakeError as failure:
        is_taken_in = False
        assert len(str(failure)) < 2000
    assert is_taken_in == (severity != "error")
    assert (field.responses / "responses.csv").exists() == is_taken_in
    found = [row for row in field.findings() if row["kind"] == kind]
    assert found, [row["kind"] for row in field.findings()]
    assert {row["severity"] for row in found} == {severity}
    assert told in found[0]["message"]
    assert found[0]["file"] == "export.csv"
    assert column is None or found[0]["column"] == column
    assert severity == "note" or found[0]["todo"]


def test_what_somebody_wrote_in_their_own_words_stands_in_no_finding_and_no_response(field):
    an_answer("<b>bel</b> j.jansen@example.org")(field)
    field.take_in()
    written = [path.read_text("utf-8") for path in field.responses.iterdir() if path.is_file()]
    assert written and not any("jansen" in text for text in written)


def test_cells_that_begin_like_a_formula_are_text_in_the_findings(field):
    field.put(3, "hasWijkteam", "=1+1")
    with pytest.raises(IntakeError):
        field.take_in()
    (finding,) = [row for row in field.findings() if row["kind"] == "unknown_answer"]
    assert finding["value"] == "'=1+1"


def test_markup_in_a_cell_is_text_on_the_page(field):
    field.put(3, "hasWijkteam", "<script>alert(1)</script>")
    with pytest.raises(IntakeError):
        field.take_in()
    page = (field.responses / "findings.html").read_text("utf-8")
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_wave_without_a_frame_says_what_to_do(field):
    (field.copy.raw / "population" / "frame_2027.csv").unlink()
    with pytest.raises(PopulationError, match=r"frame_2027\.csv is missing"):
        field.take_in()
