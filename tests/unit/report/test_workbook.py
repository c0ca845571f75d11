"""The workbook of an edition: every number of every table as a number, every note found, nothing that computes."""

import io
import sys
import zipfile
from typing import get_args
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.reports import CAPTION, HOSTILE, NEWS, small_report, table
from wijkpeiling.errors import ReportError
from wijkpeiling.language import say
from wijkpeiling.present.blocks import EMPTY, Cell, Format
from wijkpeiling.report.office import headings
from wijkpeiling.report.workbook import FORMATS, LONGEST_CELL, LONGEST_HEADING, render_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PERCENT = Cell(text="59%", value=0.594, format="percent")
RANGE = Cell(text="54–64%", value=(0.541, 0.644), format="percent_range")


def opened(report):
    return openpyxl.load_workbook(io.BytesIO(render_workbook(report)))


def parts(report):
    with zipfile.ZipFile(io.BytesIO(render_workbook(report))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(sheet):
    """Headings and rows of the native table of a sheet."""
    (native,) = sheet.tables.values()
    heading, *rows = sheet[native.ref]
    return [cell.value for cell in heading], rows


def texts(book):
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.fixture(scope="module")
def book(edition):
    return opened(edition)


def test_every_number_of_every_table_is_a_number_and_every_word_the_same(edition, book):
    assert len(edition.tables) > 5
    for number, one in enumerate(edition.tables, start=1):
        _, rows = body(book.worksheets[1 + number])
        assert len(rows) == len(one.rows)
        expected = [[end for place, cell in enumerate(row) for end in ends(one, place, cell)] for row in one.rows]
        assert [[cell.value for cell in row] for row in rows] == expected, one.id


def ends(one, place, cell):
    """What stands for a cell: one number or text, two for the column of an interval."""
    times = 100 if cell.format.startswith("points") else 1
    wide = any(row[place].format.endswith("_range") for row in one.rows)
    if cell.value is None:
        return [cell.text] * (1 + wide)
    values = cell.value if isinstance(cell.value, tuple) else (cell.value,)
    return [pytest.approx(value * times, abs=1e-12) for value in values]


def test_every_format_of_a_cell_has_one_of_a_number():
    assert {"text", *FORMATS} == set(get_args(Format))


def test_the_editions_have_numbers_of_every_format(report_of):
    tables = [*report_of("nl", "synthetic").tables, *report_of("nl", "published").tables]
    assert {cell.format for one in tables for row in one.rows for cell in row} == set(get_args(Format))


@pytest.mark.parametrize(
    ("cell", "value", "number_format"),
    [
        (Cell(text="212", value=212, format="count"), 212, "0"),
        (PERCENT, 0.594, "0%"),
        (Cell(text="−14", value=-0.1396, format="points"), pytest.approx(-13.96), '+0;"−"0;0'),
        (Cell(text="+9", value=0.09, format="points"), pytest.approx(9), '+0;"−"0;0'),
        (Cell(text="0", value=-0.003, format="points"), pytest.approx(-0.3), "0;0;0"),
        (Cell(text="0,012", value=0.0123, format="p_value"), 0.0123, "0.000"),
        (Cell(text="< 0,001", value=0.00001, format="p_value"), 0.00001, '"< 0,001"'),
        (Cell(text="> 0,05", value=0.0501, format="p_value"), 0.0501, '"> 0,05"'),
        (Cell(text="1,67", value=1.674, format="weight"), 1.674, "0.00"),
        (Cell(text=EMPTY), EMPTY, "General"),
        (Cell(text="·", format="percent"), "·", "General"),
        (Cell(text="2019"), "2019", "General"),
    ],
)
def test_a_cell_is_a_number_shown_as_people_read_it_or_the_words_that_stand_there(cell, value, number_format):
    sheet = opened(small_report(table(("taak", cell)))).worksheets[2]
    ((_, written),) = body(sheet)[1]
    assert (written.value, written.number_format) == (value, number_format)


def test_an_interval_takes_two_columns_with_words_in_both():
    sheet = opened(small_report(table(("taak", RANGE), ("rest", EMPTY), columns=("", "95%-interval")))).worksheets[2]
    heading, rows = body(sheet)
    assert heading == ["Onderwerp", "95%-interval: ondergrens", "95%-interval: bovengrens"]
    assert [[cell.value for cell in row] for row in rows] == [["taak", 0.541, 0.644], ["rest", EMPTY, EMPTY]]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text):
    report = small_report(
        table((text, text), columns=("", text[:300]), caption=text, notes=(text,)), title=text, lead=(text,)
    )
    book = opened(report)
    assert formulas(parts(report)) == []
    ((first, second),) = body(book.worksheets[2])[1]
    assert first.value == second.value == text.replace("\x07", "\ufffd").replace("\x0b", "\ufffd")
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def formulas(files):
    return [name for name, content in files.items() if name.startswith("xl/worksheets") and b"<f" in content]


def test_no_cell_of_an_edition_computes_and_nothing_is_fetched(edition):
    files = parts(edition)
    assert formulas(files) == []
    assert [name for name in files if "externalLink" in name or "vba" in name] == []
    assert [
        name for name, content in files.items() if name.endswith(".rels") and b'TargetMode="External"' in content
    ] == []


def test_every_note_is_numbered_and_referred_to_both_ways(edition, book):
    word = {"nl": "noot", "en": "note"}[edition.language]
    notes = list(dict.fromkeys(note for one in edition.tables for note in one.notes))
    listed = [[cell.value for cell in row] for row in rows_of(book.worksheets[1], "table_book_notes")]
    assert [row[:2] for row in listed] == [[f"[{word} {n}]", note] for n, note in enumerate(notes, start=1)]
    for number, one in enumerate(edition.tables, start=1):
        sheet = book.worksheets[1 + number]
        marks = [f"[{word} {notes.index(note) + 1}]" for note in one.notes]
        assert sheet["A1"].value == " ".join([f"{sheet.title}. {one.caption}", *marks])
        for note in one.notes:
            assert sheet.title in listed[notes.index(note)][2].split(", ")
    assert sum(len(row[2].split(", ")) for row in listed) == sum(len(set(one.notes)) for one in edition.tables)


def rows_of(sheet, name):
    return sheet[sheet.tables[name].ref][1:]


def test_the_contents_name_and_link_every_sheet(edition, book):
    contents, notes, *tables = book.worksheets
    rows = [[cell.value for cell in row] for row in rows_of(contents, "table_book_contents")]
    assert [row[0] for row in rows] == [notes.title, *(sheet.title for sheet in tables)]
    assert [row[1] for row in rows[1:]] == [one.caption for one in edition.tables]
    assert links(contents) == [f"'{sheet.title}'!A1" for sheet in (notes, *tables)]
    for sheet, one in zip(tables, edition.tables, strict=True):
        linked = [contents, notes] if one.notes else [contents]
        assert links(sheet) == [f"'{one.title}'!A1" for one in linked]


def links(sheet):
    return [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_a_sheet_can_be_read_by_a_program_and_a_screen_reader(edition):
    files = parts(edition)
    natives = [ElementTree.fromstring(text) for name, text in files.items() if name.startswith("xl/tables/")]
    by_name = {native.get("displayName"): native for native in natives}
    assert len(by_name) == len(natives) == len(edition.tables) + 3
    for one in edition.tables:
        native = by_name[f"table_{one.id.removeprefix('table_')}"]
        (described,) = native.iter("{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}table")
        assert described.get("altText") == one.caption
        assert all(heading in described.get("altTextSummary") for heading in headings(one))


def test_headings_stay_in_view_and_repeat_on_paper(book):
    for sheet in book.worksheets[2:]:
        (native,) = sheet.tables.values()
        first = native.ref.split(":")[0]
        assert sheet.freeze_panes == f"B{int(first[1:]) + 1}"
        assert sheet.print_title_rows == f"${first[1:]}:${first[1:]}"
        # as wide as one page, as long as it takes
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0


def test_names_of_sheets_are_short_and_used_once():
    report = small_report(*(table(("a", PERCENT), id=f"t{place}") for place in range(1, 120)))
    titles = opened(report).sheetnames
    assert len(set(titles)) == len(titles) == 121
    assert max(map(len, titles)) <= 31


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (("t1", "R1C1"), ["table_t1", "table_R1C1"]),
        (("a-b", "a_b", "A_B"), ["table_a_b", "table_a_b_", "table_A_B__"]),
        (("table_task", "task"), ["table_task", "table_task_"]),
        (("é é", "2019"), ["table_é_é", "table_2019"]),
    ],
)
def test_a_native_table_has_a_name_of_its_own_that_is_no_cell(ids, names):
    book = opened(small_report(*(table(("a", PERCENT), id=one) for one in ids)))
    assert [name for sheet in book.worksheets[2:] for name in sheet.tables] == names


@pytest.mark.parametrize(
    ("columns", "heading"),
    [
        (("", ""), ["Onderwerp", "Onderwerp (2)"]),
        (("A", "a"), ["A", "a (2)"]),
        (("x" * 300, "x" * 300), ["x" * 249 + "…", "x" * 249 + "… (2)"]),
    ],
)
def test_no_heading_is_empty_too_long_or_used_twice(columns, heading):
    found, _ = body(opened(small_report(table(("a", PERCENT), columns=columns))).worksheets[2])
    assert found == heading
    assert max(map(len, found)) <= LONGEST_HEADING


def test_a_title_of_four_hundred_characters_is_whole():
    book = opened(small_report(table(("a", PERCENT), caption=CAPTION)))
    assert book.worksheets[2]["A1"].value == f"Tabel 1. {CAPTION}"


def test_a_table_without_rows_is_a_table():
    heading, rows = body(opened(small_report(table())).worksheets[2])
    assert heading == ["Onderwerp", "Aandeel"]
    assert [[cell.value for cell in row] for row in rows] == [[EMPTY, EMPTY]]


def test_a_text_that_no_cell_holds_is_refused_with_its_sheet():
    with pytest.raises(ReportError, match="32,768 characters") as refused:
        render_workbook(small_report(table(("x" * (LONGEST_CELL + 1), PERCENT))))
    assert refused.value.where == "Tabel 1"


def test_a_report_without_tables_still_has_contents_and_notes():
    assert opened(small_report()).sheetnames == ["Inhoud", "Noten"]


def test_the_news_and_its_origin_stand_first():
    book = opened(small_report(table(("a", PERCENT)), **NEWS))
    told = [row[0].value for row in book.worksheets[0].iter_rows(max_row=12) if row[0].value]
    assert told[:11] == [
        "Titel",
        "Ondertitel",
        "Het nieuws.",
        "De bron.",
        "59% komt te weinig toe aan preventie. waarschijnlijk 54 tot 64 procent",
        "212 gemeenten deden mee",
        "Gehouden door: Instituut A & B",
        "Veldwerk: zomer 2019",
        "Rapport: Peiling 2019",
        "Gepubliceerd: 1 mei 2020",
        "Adres: https://example.org/rapport",
    ]


def test_the_demo_says_on_every_sheet_that_nothing_is_real(edition, book):
    is_invented = edition.cover.source == "synthetic"
    warning, mark = (say(edition.language, key) for key in ("office_invented", "synthetic_mark"))
    for sheet in book:
        assert (sheet.oddHeader.right.text == mark) == is_invented
    for sheet in [book.worksheets[0], *book.worksheets[2:]]:
        assert (warning in [cell.value for cell in sheet["A"]]) == is_invented


def test_two_of_one_report_are_the_same_bytes(edition):
    assert render_workbook(edition) == render_workbook(edition.model_copy(deep=True))


@pytest.mark.parametrize(("language", "locale"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_the_workbook_names_itself_its_language_and_no_person(report_of, language, locale):
    report = report_of(language, "published")
    book = opened(report)
    assert (book.properties.title, book.properties.subject) == (report.cover.title, report.cover.subtitle)
    assert not book.properties.creator and book.properties.created.year == 2000
    assert [prop.value for prop in book.custom_doc_props.props] == [locale]


def test_signs_are_explained_on_the_sheet_of_notes(edition, book):
    signs = [row[0].value for row in rows_of(book.worksheets[1], "table_book_signs")]
    assert signs == [EMPTY, "%", "+ −", "55–63%"]


def test_without_the_package_the_line_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ReportError, match="xlsxwriter"):
        render_workbook(small_report())
