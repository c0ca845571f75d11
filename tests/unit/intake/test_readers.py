"""Every file of ``tests/intake_files.py`` comes back cell by cell, with what it keeps of NULL."""

from datetime import datetime

import pandas as pd
import pyreadstat
import pytest

from tests.intake_files import MISSING, every_file
from wijkpeiling.intake.recognise import read_export, receive


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return every_file(tmp_path_factory.mktemp("files"))


@pytest.fixture
def read(tmp_path):
    def read_content(content, file="export.csv"):
        (tmp_path / file).write_bytes(content)
        return read_export(receive(tmp_path / file))

    return read_content


def cells_of(export):
    cells = export.cells.astype(object)
    return cells.where(export.cells.notna(), None).to_numpy().tolist()


def test_every_file_comes_back_cell_by_cell(files, read):
    wrong = {}
    for name, written in files.items():
        export = read(written.content, written.file)
        expected = [
            [cell if cell is not None or written.keeps_null else "" for cell in row] for row in written.table.cells
        ]
        if list(export.cells) != written.table.headings or cells_of(export) != expected:
            wrong[name] = (list(export.cells), cells_of(export)), (written.table.headings, expected)
        if (export.format, export.keeps_null) != (written.format, written.keeps_null):
            wrong[name, "format"] = export.format, export.keeps_null
    assert wrong == {}


LIMESURVEY, TEXT = "responses of LimeSurvey headed by", "in a text file separated by"
NULL = ", in which NULL and an empty cell differ"
DESCRIBED = {
    "limesurvey-6-both-codes-semicolon": f"{LIMESURVEY} codes and texts, {TEXT} semicolons, in UTF-8{NULL}: "
    "7 rows, 12 columns",
    "limesurvey-5-texts-labels-tab": f"{LIMESURVEY} texts, {TEXT} tabs, in UTF-8: 7 rows, 12 columns",
    "limesurvey-json-3-codes": f"{LIMESURVEY} codes, in JSON{NULL}: 7 rows, 12 columns",
    "limesurvey-xlsx": f"{LIMESURVEY} codes, in sheet 'Blad1' of a workbook: 7 rows, 12 columns",
    "spss": "an SPSS file: 7 rows, 8 columns, 5 with labels",
    "stata": "a Stata file: 7 rows, 8 columns, 5 with labels",
    "forms": "responses of Microsoft Forms, in sheet 'Sheet1' of a workbook: 6 rows, 10 columns",
    "qualtrics-2": "responses of Qualtrics, in a text file separated by commas, in UTF-8: 7 rows, 14 columns",
    "kobo-csv": "responses of KoBoToolbox, in a text file separated by semicolons, in UTF-8: 6 rows, 13 columns",
    "csv-cp1252": "a table of no survey tool that is known here, in a text file separated by semicolons, "
    "in Windows-1252: 7 rows, 7 columns",
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_was_recognised_is_said_in_a_sentence(name, files, read):
    assert read(files[name].content, files[name].file).description == DESCRIBED[name]


@pytest.mark.parametrize(("name", "mark", "missing"), [("spss", "", "97 98 99"), ("stata", ".", ".a .b .c")])
def test_labels_texts_and_declared_missing_values_come_along(name, mark, missing, files, read):
    export = read(files[name].content, files[name].file)
    reasons = dict(zip(missing.split(), MISSING, strict=True))
    assert export.labels["heeftteam"] == {"1": "Ja", "2": "Nee", "3": "Weet ik niet"} | reasons
    assert export.user_missing["taken_hulp"] == reasons
    assert export.texts["tevreden"] == "Hoe gaat het?"
    assert export.rows.tolist() == [*range(2, 9)]


def written(tmp_path, columns, writer, **options):
    writer(pd.DataFrame(columns), tmp_path / "file", **options)
    return (tmp_path / "file").read_bytes()


def test_a_range_of_missing_values_is_written_out_to_what_was_answered_or_labelled(read, tmp_path):
    columns = {"q": [1.0, 95.5, -3.0], "t": ["a", "zz", ""]}
    ranges = {"q": [{"lo": 90, "hi": 99}, -3], "t": ["zz"]}
    labels = {"q": {1: "Ja", 98: "weet niet"}}
    content = written(tmp_path, columns, pyreadstat.write_sav, missing_ranges=ranges, variable_value_labels=labels)
    export = read(content, "x.sav")
    assert export.user_missing == {"q": {"-3": "", "95.5": "", "98": "weet niet"}, "t": {"zz": ""}}
    assert export.cells["q"].tolist() == ["1", "95.5", "-3"]


def test_the_missing_value_of_a_system_is_an_empty_cell_and_never_0(read, tmp_path):
    numbers = {"q": pd.Series([1, None, 0], dtype=object), "big": [2.0**60, 0.1, float("nan")]}
    for writer, file in ((pyreadstat.write_dta, "x.dta"), (pyreadstat.write_sav, "x.sav")):
        columns = numbers if writer is pyreadstat.write_dta else numbers | {"q": [1.0, None, 0.0]}
        export = read(written(tmp_path, columns, writer), file)
        assert export.cells["q"].tolist() == ["1", "", "0"]
        assert export.cells["big"].tolist() == ["1.152921504606847e+18", "0.1", ""]


def test_moments_are_written_as_iso_8601(read, tmp_path):
    moment = datetime(2027, 3, 1, 10, 5)
    columns = {"a": [moment], "b": [moment.date()], "c": [1]}
    for writer, file in ((pyreadstat.write_dta, "x.dta"), (pyreadstat.write_sav, "x.sav")):
        export = read(written(tmp_path, columns, writer), file)
        assert export.cells.loc[0].tolist() == ["2027-03-01 10:05:00", "2027-03-01", "1"]


def test_a_text_of_qualtrics_comes_from_the_second_row(files, read):
    for name in ("qualtrics-2", "qualtrics-3"):
        assert read(files[name].content, files[name].file).texts["taken_2"] == "Wat doet het team? [Preventie]"


LEGACY = b"""V1,V8,V9,V10,Q1,Q2
ResponseID,StartDate,EndDate,Finished,"Gemeente?","Team, ja?"
R_1,2027-03-01 10:00:00,2027-03-01 10:05:00,1,0363,Ja
"""


def test_qualtrics_of_before_has_its_names_in_the_second_row(read):
    export = read(LEGACY.replace(b"ResponseID", b"Status").replace(b"R_1", b"0"))
    assert export.format == "qualtrics"
    assert list(export.cells) == ["Status", "StartDate", "EndDate", "Finished", "Q1", "Q2"]
    assert export.texts == {"Q1": "Gemeente?", "Q2": "Team, ja?"}
    assert export.rows.tolist() == [3]


HEADINGS = {
    "another separator": ["id - Respons-id", "submitdate - Datum verzonden", "lastpage - Laatste pagina", "q - Team?"],
    "underscores for blanks": ["Respons-ID", "Datum_verzonden", "Laatste_pagina", "Heeft_u_een_team?"],
    "English": ["Response ID", "Date submitted", "Last page", "Team?"],
    "a language that is not known": ["id. X", "submitdate. Y", "lastpage. Z", "q. W"],
}


@pytest.mark.parametrize("headings", HEADINGS.values(), ids=HEADINGS)
def test_limesurvey_is_known_by_its_headings_however_they_are_written(headings, read):
    content = ";".join(headings) + "\n1;2027-03-01 10:00:00;2;yes\n"
    assert read(content.encode()).format == "limesurvey_csv"


MINE = "id;naam;gemeente\n1;a;0363\n", "ID;Name;Email\n1;a;0363\n", "start;end;q\n1;2;3\n", "Status;Progress;q\n1;2;3\n"


@pytest.mark.parametrize("content", MINE)
def test_a_table_of_ones_own_is_of_no_tool(content, read):
    assert read(content.encode()).format == "csv"


NULLS = {
    "nothing": (b"a,b,c\n1,,2\n", False),
    "both": (b'a,b,c\n1,,""\n', True),
    "all quoted, and nothing": (b'"a","b","c"\n"1",,"2"\n', True),
    "all quoted": (b'"a","b","c"\n"1","","2"\n', False),
    "all quoted, and a blank line": (b'"a","b","c"\n"1","","2"\n\n', False),
    "one quoted": (b'"a","b","c"\n"1",,2\n', False),
    "NA is text": (b"a,b,c\nNA,NULL,2\n", False),
}


@pytest.mark.parametrize(("content", "keeps"), NULLS.values(), ids=NULLS)
def test_null_is_kept_where_the_file_shows_it(content, keeps, read):
    export = read(content)
    assert export.keeps_null is keeps
    assert export.cells.isna().to_numpy().any() == keeps
    assert export.cells.loc[0, "a"] in ("1", "NA")
