"""Published figures: the ones in the project, and what a broken file is answered with."""

import pytest

from wijkpeiling.audit import audit
from wijkpeiling.errors import IntakeError
from wijkpeiling.figures import feasible_counts
from wijkpeiling.published import read_other_studies, read_published

FILE = "2019/published.csv"


@pytest.mark.parametrize(
    ("pct", "n", "counts"),
    [
        (83, 212, [175, 176, 177]),
        (69, 224, [154, 155]),
        (0, 212, [0, 1]),
        (100, 212, [211, 212]),
        (94, 29, []),
        (0, 1, [0]),
        (50, 1, []),
        # 1 of 200 is half a percent, 3 of 200 one and a half: both are rounded up by some and down by others
        (0, 200, [0, 1]),
        (1, 200, [1, 2, 3]),
        (2, 200, [3, 4, 5]),
        (100, 200, [199, 200]),
        # 5 of 8 is 62.5 percent
        (62, 8, [5]),
        (63, 8, [5]),
    ],
)
def test_feasible_counts(pct, n, counts):
    assert feasible_counts(pct, n) == counts


@pytest.mark.parametrize(
    ("wave", "pct", "n", "N"),
    [(2014, 56, 224, 403), (2015, 60, 234, 393), (2017, 62, 242, 388), (2019, 60, 212, 355)],
)
def test_the_response_rate_is_reproduced_from_respondents_and_municipalities(published, wave, pct, n, N):
    figure = published.accepted(wave, "response_rate")
    assert (figure.pct, figure.base_n, published.n_municipalities(wave)) == (pct, N, N)
    assert published.project.wave(wave).n_respondents == n
    assert n in feasible_counts(pct, N)


def test_of_several_accepted_figures_the_one_with_most_known_about_its_base_is_used(published):
    assert published.accepted(2014, "has_wijkteam").count == 154
    assert published.accepted(2019, "has_wijkteam").base_n == 212


def test_a_rejected_contested_or_worded_figure_is_not_accepted(published):
    assert published.accepted(2015, "has_wijkteam_projected") is None
    assert published.accepted(2017, "shortfall_preventive_work") is None
    assert published.accepted(2019, "task_work_and_income") is None


def test_directions_of_2019_against_2017(published):
    found = {concept: row.direction for concept, row in published.directions(2019, 2017).items()}
    assert found == {
        "task_short_term_support": "lower",
        "task_long_term_support": "lower",
        "task_work_and_income": "higher",
    }


@pytest.mark.parametrize(
    ("wave", "base", "sizes"),
    [
        (2019, "respondents", [212]),
        (2019, "all_municipalities", [355]),
        (2019, "with_team", [175, 176, 177]),
        (2017, "with_team", [200, 201, 202]),
        (2014, "with_team", [154]),
        (2022, "respondents", []),
        (2022, "with_team", []),
        (2022, "all_municipalities", [344]),
        (2019, "g32", []),
    ],
)
def test_sizes_that_a_base_can_have(published, wave, base, sizes):
    assert list(published.base_sizes(wave, base)) == sizes


def test_other_studies_stand_apart_from_the_waves(project, published):
    studies = read_other_studies(project)
    assert {figure.status for figure in studies} == {"other_study"}
    assert "other_study" not in {figure.status for figure in published.figures}


# name: (what is changed in a row that was right, what the message says, the column it points at)
BROKEN_CELLS = {
    "a percentage over 100": ({"pct": "101"}, "101", "pct"),
    "a percentage in words": ({"pct": "zestig"}, "zestig", "pct"),
    "a percentage with a decimal comma": ({"pct": "59,5"}, "59,5", "pct"),
    "a whole percentage that is not whole": ({"pct": "59.5"}, "59.5 is not a whole percentage", "pct"),
    "an accepted figure without a percentage": ({"pct": ""}, "no percentage", "pct"),
    "a percentage where only the direction is known": ({"status": "direction_only"}, "a percentage", "pct"),
    "no precision": ({"precision": ""}, "how precise", "precision"),
    "an unknown precision": ({"precision": "exact"}, "exact", "precision"),
    "an unknown concept": ({"concept": "task_gardening"}, "task_gardening is no concept", "concept"),
    "no concept": ({"concept": ""}, "an empty cell", "concept"),
    "an unknown base": ({"base": "neighbours"}, "neighbours is no base", "base"),
    "another number of respondents": ({"base": "respondents", "base_n": "213"}, "213 is impossible", "base_n"),
    "more municipalities than there are": ({"base": "with_team", "base_n": "356"}, "356 is impossible", "base_n"),
    "a base of nobody": ({"base": "with_team", "base_n": "0"}, "0", "base_n"),
    "a base that is not whole": ({"base_n": "12.5"}, "12.5", "base_n"),
    "no count gives the percentage": ({"pct": "94", "base": "with_team", "base_n": "29"}, "no count gives 94", "pct"),
    "a count that gives another percentage": ({"base": "respondents", "count": "150"}, "150 of 212 is not 80", "pct"),
    "an unknown status": ({"status": "sure"}, "sure", "status"),
    "an unknown unit": ({"unit": "provinces"}, "provinces", "unit"),
    "an unknown direction": ({"direction": "up"}, "up", "direction"),
    "a source without an address": ({"source_url": "www.movisie.nl"}, "www.movisie.nl", "source_url"),
    "no source": ({"source_title": ""}, "an empty cell", "source_title"),
}


@pytest.mark.parametrize(("changed", "says", "column"), BROKEN_CELLS.values(), ids=BROKEN_CELLS)
def test_a_broken_cell_is_refused_with_file_row_and_column(copy, figure_row, changed, says, column):
    row = copy.add(FILE, **figure_row(concept="time_use_casework") | changed)
    with pytest.raises(IntakeError) as refusal:
        read_published(copy.project)
    assert says in refusal.value.what
    assert f"{FILE}, row {row}, column {column}" in refusal.value.where
    assert refusal.value.expected and refusal.value.todo


def test_a_row_that_is_right_is_read(copy, figure_row):
    copy.add(FILE, **figure_row(concept="time_use_casework"))
    assert read_published(copy.project).accepted(2019, "time_use_casework").pct == 80


def test_the_same_accepted_figure_twice_from_one_source_is_refused(copy):
    row = copy.row_of(FILE, concept="task_signalling")
    heading, cells = copy.rows(FILE)[0], copy.rows(FILE)[row - 1]
    again = copy.add(FILE, **dict(zip(heading, cells, strict=True)))
    with pytest.raises(IntakeError, match="task_signalling in 2019 appears twice from the same source") as refusal:
        read_published(copy.project)
    assert refusal.value.where == f"data/raw/{FILE}, row {row}; data/raw/{FILE}, row {again}"


def test_two_accepted_values_are_refused(copy, figure_row):
    row = copy.row_of(FILE, concept="task_signalling")
    again = copy.add(FILE, **figure_row(concept="task_signalling", pct="74"))
    with pytest.raises(
        IntakeError, match="task_signalling in 2019 has more than one accepted value: 75, 74"
    ) as refusal:
        read_published(copy.project)
    assert refusal.value.where == f"data/raw/{FILE}, row {row}; data/raw/{FILE}, row {again}"


def test_a_second_source_with_the_same_value_is_welcome(copy, figure_row):
    copy.add(FILE, **figure_row(concept="task_signalling", pct="75"))
    assert read_published(copy.project).accepted(2019, "task_signalling").pct == 75


def test_a_file_that_is_not_utf_8_is_refused_with_the_row(copy):
    row = copy.add(FILE, concept="cliënt")
    path = copy.raw / FILE
    path.write_bytes(path.read_bytes().replace("cliënt".encode(), "cliënt".encode("latin-1")))
    text = path.read_bytes().decode("latin-1").splitlines()
    first = next(number for number, line in enumerate(text, start=1) if "cliënt" in line)
    with pytest.raises(IntakeError, match="0xeb is not UTF-8") as refusal:
        read_published(copy.project)
    assert refusal.value.where.endswith(f"{FILE}, row {first}")
    assert first == row


def test_a_byte_order_mark_does_no_harm(copy):
    path = copy.raw / FILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_published(copy.project).accepted(2019, "task_signalling").pct == 75


def test_windows_line_ends_do_no_harm(copy):
    path = copy.raw / FILE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_published(copy.project).accepted(2019, "task_signalling").pct == 75


def test_columns_in_another_order_do_no_harm(copy):
    turned = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row[::-1]) for row in copy.rows(FILE)]
    (copy.raw / FILE).write_text("\n".join(turned) + "\n", encoding="utf-8")
    assert read_published(copy.project).accepted(2019, "task_signalling").pct == 75


@pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\x0c", "\x85"])
def test_a_line_separator_in_a_cell_copied_from_a_pdf_does_not_break_the_row(copy, figure_row, separator):
    copy.add(FILE, **figure_row(concept="time_use_casework", remark_en=f"one line{separator}another"))
    assert read_published(copy.project).accepted(2019, "time_use_casework").pct == 80


def test_semicolons_between_the_cells_are_named(copy):
    path = copy.raw / FILE
    path.write_text("concept;pct\ntask_signalling;75\n", encoding="utf-8")
    with pytest.raises(IntakeError, match="the cells are separated by ;") as refusal:
        read_published(copy.project)
    assert refusal.value.where.endswith(f"{FILE}, row 1")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("concept,pct,", "concept,", "missing column 'pct'"),
        ("concept,pct,", "concept,pct,percentage,", "unknown column 'percentage'"),
        ("concept,pct,", "concept,percent,", "missing column 'pct'; unknown column 'percent'"),
        ("concept,pct,", "concept,pct,pct,", "column that appears twice: 'pct'"),
        ("concept,pct,", "Concept,pct,", "missing column 'concept'; unknown column 'Concept'"),
    ],
)
def test_a_wrong_heading_is_refused(copy, old, new, says):
    copy.replace(FILE, old, new)
    with pytest.raises(IntakeError) as refusal:
        read_published(copy.project)
    assert refusal.value.what == says
    assert refusal.value.where.endswith(f"{FILE}, row 1")


@pytest.mark.parametrize(("row", "says"), [("a,b", "2 cells where the heading has 15"), ("a" + 15 * ",", "16 cells")])
def test_a_ragged_row_is_refused_with_its_number(copy, row, says):
    path = copy.raw / FILE
    number = len(copy.rows(FILE)) + 1
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(IntakeError, match=says) as refusal:
        read_published(copy.project)
    assert refusal.value.where.endswith(f"{FILE}, row {number}")


@pytest.mark.parametrize("cell", ['"twee "derde"', '"nooit gesloten'])
def test_broken_quotation_marks_are_refused_with_the_row(copy, cell):
    path = copy.raw / FILE
    number = len(copy.rows(FILE)) + 1
    path.write_text(path.read_text(encoding="utf-8") + f"task_signalling,{cell},\n", encoding="utf-8")
    with pytest.raises(IntakeError, match="the quotation marks do not match") as refusal:
        read_published(copy.project)
    assert f"{FILE}, row {number}" in refusal.value.where


@pytest.mark.parametrize("text", ["", "\n"])
def test_an_empty_file_is_refused(copy, text):
    (copy.raw / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(IntakeError, match="missing column"):
        read_published(copy.project)


def test_a_missing_file_is_named(copy):
    (copy.raw / FILE).unlink()
    with pytest.raises(IntakeError, match=r"published\.csv is missing") as refusal:
        read_published(copy.project)
    assert refusal.value.where.endswith(FILE)


def test_an_unknown_concept_of_another_study_is_refused(copy):
    copy.put("other_studies.csv", 2, concept="task_gardening")
    published = read_published(copy.project)
    with pytest.raises(IntakeError, match="task_gardening is no concept"):
        audit(published, "nl")
