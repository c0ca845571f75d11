"""Files that are not what they should be: each is an error that says what to do, or is read and told."""

import gzip
import io
import os
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import xlsxwriter

from tests import intake_files as made
from wijkpeiling.errors import IntakeError
from wijkpeiling.files import MEGABYTE
from wijkpeiling.intake import recognise
from wijkpeiling.intake.readers import cells as sheet_cells
from wijkpeiling.intake.readers import coded, workbook
from wijkpeiling.intake.recognise import read_export, receive

LIME = made.limesurvey_table("codes", "codes")
CSV = made.limesurvey_csv(LIME, null_is_bare=True)
JSON = made.limesurvey_json(LIME, 6)
XLSX = made.workbook(made.plain_table())
OLD = made.old_workbook(made.plain_table())
SIMPLE = b"gemeente,heeftteam,toelichting\n0363,yes,goed\n0034,no,matig\n"


def simple(*lines, head="gemeente,heeftteam,toelichting", first="0363,yes,goed"):
    return "\n".join([head, first, *lines, ""]).encode()


def zipped(**files):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/"), content)
    return archive.getvalue()


CORNER = b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
WIDE_ROW = (
    b'<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="float"'
    b' office:value="1"/></table:table-row>'
)


def rezipped(content, part, old, new):
    """A workbook with something else in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    return zipped(**parts | {part: parts[part].replace(old, new, 1)})


def bomb():
    """Little that unpacks to 2,100 MB: a sheet of zeros."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0")
    content = bytearray(archive.getvalue())
    # the size that the directory tells, in the last record of it
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (2100 * MEGABYTE).to_bytes(4, "little")
    return bytes(content)


def sheets(**filled):
    """A workbook of openpyxl; by sheet its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in filled.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def book(write, **options):
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True} | options)
    write(workbook, workbook.add_worksheet("Blad1"))
    workbook.close()
    return content.getvalue()


def far_away(workbook, page):
    page.write_row(0, 0, ["gemeente", "heeftteam"])
    page.write(1048575, 16383, "x")


HEAD = ["gemeente", "heeftteam", "toelichting"]


def filled(page, at=0):
    for row, cells in enumerate([HEAD, ["0363", "yes", "goed"], ["0034", "no", "matig"]], at):
        page.write_row(row, 0, cells)


def container(part):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 504 + part.encode("utf-16-le") + b"\0" * 512


def sav(folder):
    return made.spss(folder).content


def ends_the_library(folder):
    """One byte of the first record of labels is another, and pyreadstat reads where there is no memory."""
    content = sav(folder)
    at = content.index(b"\4\0\0\0\1\0\0\0\3\0\0\0") + 8
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def dta(folder):
    return made.stata(folder).content


LOGIN = b"<!DOCTYPE html>\n<html><head><title>Log in</title></head></html>"
VV = b"Antwoord-ID\tGemeente\tTeam\nid\tgemeente\tteam\n1\t0363\t{question_not_shown}\n"
PARTICIPANTS = b'tid,firstname,lastname,email,emailstatus,token\n"1","a","b","c","OK","x"\n'

# content, or what makes it in a folder; name of the file; what the error says
REFUSED = {
    "an empty file": (b"", "x.csv", ["an empty file", "export the responses again"]),
    "a byte order mark": (b"\xef\xbb\xbf", "x.csv", ["nothing but blanks"]),
    "blank lines": (b"\n\r\n  \n", "x.csv", ["nothing but blanks"]),
    "zeros": (b"\0" * 500, "x.sav", ["nothing but blanks"]),
    "headings alone": (b"a,b,c\n", "x.csv", ["headings and no answers"]),
    "headings and blank lines": (b"a,b,c\n\n\n", "x.csv", ["headings and no answers"]),
    "a survey nobody answered": (
        made.limesurvey_csv(made.Table(LIME.headings, [[""] * len(LIME.headings)]), null_is_bare=True),
        "x.csv",
        ["headings and no answers"],
    ),
    "one column": (b"gemeente\n0363\n", "x.csv", ["one heading only: 'gemeente'", "a comma, a semicolon or a tab"]),
    "prose": (b"Dit is een brief.\nMet twee regels.\n", "x.csv", ["one heading only"]),
    "a title above the headings": (
        simple(head="Peiling 2027,,", first="gemeente,a,b"),
        "x.csv",
        ["Peiling 2027", "row 1"],
    ),
    "another separator": (b"a|b|c\n1|2|3\n", "x.csv", ["one heading only: 'a|b|c'"]),
    "bytes that are no characters": (simple("0034,no,\0"), "x.csv", ["NUL", "row 3"]),
    "UTF-16 without a mark": (SIMPLE.decode().encode("utf-16-le"), "x.csv", ["NUL", "UTF-16 with a byte order mark"]),
    "UTF-16 that is cut off": (SIMPLE.decode().encode("utf-16")[:-1], "x.csv", ["begins as UTF-16", "cut off"]),
    "UTF-8 after the mark of UTF-16": (b"\xff\xfe" + SIMPLE + b"\xd8\xd8\xd8", "x.csv", []),
    "an encoding that is not known": (
        simple() + b"0034,no,\x81\n",
        "x.csv",
        ["0x81", "neither UTF-8 nor Western", "row 3"],
    ),
    "a quote that is not closed": (simple('0034,no,"matig', "0518,yes,goed"), "x.csv", ["does not match", "row 3"]),
    "two quotes too many": (
        simple('0034,"no,matig', '0518,"yes",goed', '0599,yes,"slecht"', '0106,no"'),
        "x.csv",
        ["does not match", "row 3"],
    ),
    "text behind a quote": (simple('0034,no,"matig" zei men'), "x.csv", ["does not match", "row 3"]),
    "a quote in the heading": (b'"a,b,c\n1,2,3\n', "x.csv", ["does not match", "row 1"]),
    "a questionnaire for LimeSurvey": (
        b"class\ttype/scale\tname\trelevance\ttext\nS\t\tlanguage\t\tnl\n",
        "x.txt",
        ["questionnaire of LimeSurvey"],
    ),
    "an XLSForm": (
        sheets(survey=[["type", "name", "label"], ["text", "a", "b"]], choices=[["list_name", "name", "label"]]),
        "x.xlsx",
        ["XLSForm"],
    ),
    "an XLSForm of one sheet": (sheets(survey=[["type", "name", "label"], ["text", "a", "b"]]), "x.xlsx", ["XLSForm"]),
    "a VV export": (VV, "x.txt", ["VV export"]),
    "the participants": (PARTICIPANTS, "x.csv", ["list of participants"]),
    "a zip of a CSV": (zipped(**{"antwoorden.csv": SIMPLE}), "x.zip", ["zip archive with antwoorden.csv", "unpack"]),
    "a zip posing as xlsx": (zipped(**{"antwoorden.csv": SIMPLE}), "x.xlsx", ["zip archive with antwoorden.csv"]),
    "an empty zip": (zipped(), "x.xlsx", ["zip archive with nothing"]),
    "a document of Word": (
        zipped(word__document__xml=b"<w/>").replace(b"document/xml", b"document.xml"),
        "x.xlsx",
        ["document of Word"],
    ),
    "a workbook that is cut off": (XLSX[: len(XLSX) // 2], "x.xlsx", ["damaged workbook or zip", "cut off"]),
    "the first bytes of a workbook": (b"PK\x03\x04", "x.xlsx", ["damaged workbook"]),
    "a workbook without a sheet": (zipped(**{"xl/workbook.xml": b"<workbook/>"}), "x.xlsx", ["workbook"]),
    "a workbook that unpacks to 2,100 MB": (bomb(), "x.xlsx", ["more than 2,000 MB", "as CSV"]),
    "a workbook without cells": (sheets(Blad1=[]), "x.xlsx", ["without cells"]),
    "a workbook of headings": (sheets(Blad1=[HEAD]), "x.xlsx", ["headings and no answers"]),
    "a workbook of one title": (
        sheets(Blad1=[["Peiling"], HEAD, ["0363", "a", "b"]]),
        "x.xlsx",
        ["one heading only", "row 1"],
    ),
    "a workbook with a cell in its last corner": (book(far_away), "x.xlsx", ["17,179,869,184 cells", "as CSV"]),
    # what else makes the library ask for more memory than there is, and abort
    "a workbook with a cell in its last corner, in other quotes": (
        rezipped(XLSX, "xl/worksheets/sheet1.xml", b"</sheetData>", CORNER + b"</sheetData>"),
        "x.xlsx",
        ["cannot be read", "ended the program that reads it"],
    ),
    "a workbook that says it holds two billion texts": (
        rezipped(XLSX, "xl/sharedStrings.xml", b'uniqueCount="', b'uniqueCount="21474836'),
        "x.xlsx",
        ["cannot be read", "ended the program that reads it"],
    ),
    "an OpenDocument of 330 million cells": (
        rezipped(
            made.opendocument(made.plain_table()),
            "content.xml",
            b"</table:table>",
            20_000 * WIDE_ROW + b"</table:table>",
        ),
        "x.ods",
        ["cannot be read", "ended the program that reads it"],
    ),
    "a workbook with a password": (container("EncryptedPackage"), "x.xlsx", ["password"]),
    "an old document of Word": (container("WordDocument"), "x.xls", ["document of Word"]),
    "a message of Outlook": (container("__properties_version1.0"), "x.xls", ["message of Outlook"]),
    "an old workbook that is damaged": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\7" * 900, "x.xls", ["cannot be read"]),
    "an old workbook that is cut off": (OLD[:2048], "x.xls", ["damaged workbook"]),
    # the library makes room for 2,147,450,880 cells, and aborts: row and column of the first cell
    "an old workbook with a cell far away": (
        OLD[:1608] + b"\xff\xff\xff\x7f" + OLD[1612:],
        "x.xls",
        ["cannot be read", "ended the program that reads it"],
    ),
    "an old workbook without a directory": (OLD[:1024], "x.xls", ["cannot be read"]),
    "a page that asks to log in": (LOGIN, "results.csv", ["web page", "log in"]),
    "a web page posing as xlsx": (LOGIN, "x.xlsx", ["web page"]),
    "a table of a web page": (b"\n <TABLE><tr><td>0363</td></tr></TABLE>", "x.xls", ["web page", "save it as xlsx"]),
    "Stata's XML": (b"<?xml version='1.0'?>\n<dta><header/></dta>", "x.dta", ["Stata's XML", "CSV or JSON"]),
    "XML of Excel 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "x.xls",
        ["XML of Excel 2003"],
    ),
    "a survey of LimeSurvey": (
        b'<?xml version="1.0"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>',
        "x.lss",
        ["a survey, group or archive of LimeSurvey"],
    ),
    "other XML": (b'<?xml version="1.0"?><codeBook/>', "x.xml", ["this is XML"]),
    "a PDF": (b"%PDF-1.7 ...", "x.csv", ["this is a PDF"]),
    "rich text": (b"{\\rtf1 0363}", "x.csv", ["RTF"]),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "x.xlsx", ["a picture"]),
    "packed with gzip": (gzip.compress(SIMPLE), "x.csv.gz", ["gzip", "unpack"]),
    "packed with 7-Zip": (b"7z\xbc\xaf\x27\x1c\0\4", "x.csv", ["7-Zip"]),
    "packed with RAR": (b"Rar!\x1a\7\1\0", "x.csv", ["RAR"]),
    "Parquet": (b"PAR1\x15\4", "x.csv", ["Parquet"]),
    "a database": (b"SQLite format 3\0", "x.csv", ["database"]),
    "an encrypted .sav": (
        b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV" + b"\5" * 99,
        "x.sav",
        ["encrypted SPSS", "without a password"],
    ),
    "a .sav that is cut off": (lambda folder: sav(folder)[:600], "x.sav", ["SPSS file that cannot be read"]),
    "the name of a .sav": (b"$FL2@(#) SPSS DATA FILE" + b" " * 200, "x.sav", ["SPSS file that cannot be read"]),
    "a .dta that is cut off": (lambda folder: dta(folder)[:900], "x.dta", ["Stata file that cannot be read"]),
    "a .dta without its labels": (
        lambda folder: dta(folder)[:-40],
        "x.dta",
        ["Stata file that cannot be read", "its end"],
    ),
    "a .sav that ends the library": (ends_the_library, "x.sav", ["SPSS file that cannot be read"]),
    "a .sav that lost its last row": (lambda folder: sav(folder)[:-3], "x.sav", ["expected number of rows"]),
    "the name of a .dta": (b"<stata_dta><header>", "x.dta", ["Stata file that cannot be read"]),
    "JSON that is cut off": (JSON[:-40], "x.json", ["no JSON", "line 1"]),
    "JSON of something else": (b'{"questions": []}', "x.json", ["JSON without responses"]),
    "JSON that is a list": (b'[{"id": 1}]', "x.json", ["JSON without responses"]),
    "JSON without a response": (b'{"responses": []}', "x.json", ["no responses in it"]),
    "JSON of words": (b'{"responses": ["0363"]}', "x.json", ["no response: '0363'", "response 1"]),
    "JSON with a list for an answer": (
        b'{"responses": [{"id": "1", "taken": ["hulp"]}]}',
        "x.json",
        ["list or object", "response 1, column taken"],
    ),
    "JSON with a column twice": (b'{"responses": [{"id": "1", "q": "a", "q": "b"}]}', "x.json", ["two columns", "'q'"]),
    "JSON in cp1252": ('{"responses": [{"id": "é"}]}'.encode("cp1252"), "x.json", ["JSON and not UTF-8"]),
    "JSON too deep": (b'{"responses": ' + b"[" * 100_000, "x.json", ["JSON"]),
}


@pytest.mark.parametrize(("content", "file", "fragments"), REFUSED.values(), ids=REFUSED)
def test_a_file_without_answers_is_refused_with_what_to_do(content, file, fragments, tmp_path):
    path = tmp_path / file
    path.write_bytes(content(tmp_path) if callable(content) else content)
    with pytest.raises(IntakeError) as refused:
        read_export(receive(path))
    message = str(refused.value)
    assert [fragment for fragment in [*fragments, file, "expected: ", "to do: "] if fragment not in message] == []


def formulas(workbook, page):
    filled(page)
    page.write_formula(1, 1, "=1+1", None, 2)
    page.write_formula(2, 2, '="a"', None, "a")


def merged(workbook, page):
    filled(page)
    page.merge_range("A4:A5", "0518")


def merged_heading(workbook, page):
    filled(page)
    page.merge_range("B1:C1", "heeftteam", workbook.add_format({"bold": True}))


def many_formulas(workbook, page):
    page.write_row(0, 0, HEAD[:2])
    for row in range(1, 151):
        page.write_string(row, 0, "x")
        page.write_formula(row, 1, "=1+1", None, 2)


def a_chart_first(workbook, page):
    filled(page)
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=Blad1!$A$1:$A$2"})
    workbook.add_chartsheet("Grafiek").set_chart(chart)
    workbook.worksheets_objs.reverse()


def signs_of_formulas(workbook, page):
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ["0363", "#N/A", '<f>1</f> t="e"'])


def hidden_first(workbook, page):
    page.write_row(0, 0, ["intern", "geheim"])
    page.write_row(1, 0, ["x", "y"])
    other = workbook.add_worksheet("Antwoorden")
    filled(other)
    other.activate()
    page.hide()


def lower_right(workbook, page):
    for row, cells in enumerate([HEAD, ["0363", "yes", "goed"], ["0034", "=a", "matig"]], 2):
        page.write_row(row, 3, cells)
    page.write_formula(4, 4, "=1/0", None, "#DIV/0!")


def forms_of_numbers(workbook, page):
    page.write_row(0, 0, ["ID", "Start time", "Completion time", "Gemeente"])
    page.write_row(1, 0, [1, 46082.5, 46082.75, "0363"])


def lines(*more):
    return made.limesurvey_csv(made.Table(LIME.headings, [*LIME.cells, *more]), null_is_bare=True)


def kobo_of_an_option_unknown_to_the_form():
    content = made.kobo_csv(made.kobo_table()).splitlines(keepends=True)
    content[2] = content[2].rstrip(b"\n") + b';"1"\n'
    return b"".join(content)


def repeated(*cells):
    return simple(
        *(f"0034,no,matig,{cell}" for cell in cells),
        head="gemeente,heeftteam,toelichting,heeftteam",
        first="0363,yes,goed,yes",
    )


RESAVED = made.plain_csv(LIME)
LOOSE = b'"gemeente";"toelichting"\n"0363";"een\nregel"\n0034;goed;meer\n'
MAIL = b'"gemeente";"toelichting"\n"0363";"goed";"jan@voorbeeld.nl"\n'
MANY = b"a,b\n1,2\n" + b"3\n" * 250 + b"4,5\n"

# content; name of the file; by kind of finding: severity, row, column; rows that are read
TOLD = {
    "Western signs": (
        simple("0034,no,één").decode().encode("cp1252"),
        "x.csv",
        [("encoding", "warning", 3, None)],
        [2, 3],
    ),
    "accents encoded twice": (simple("0034,no,Ã©Ã©n"), "x.csv", [("damaged_text", "warning", 3, None)], [2, 3]),
    "signs that were lost": (simple("0034,no,\ufffdn"), "x.csv", [("damaged_text", "warning", 3, None)], [2, 3]),
    "a cell too few": (simple("0034,no", "0518,yes,goed"), "x.csv", [("cells_in_row", "error", 3, None)], [2, 4]),
    "a cell too many": (simple("0034,no,a,b", "0518,yes,goed"), "x.csv", [("cells_in_row", "error", 3, None)], [2, 4]),
    "separators at the end": (simple("0034,no,a,,"), "x.csv", [("blank_cells", "warning", 3, None)], [2, 3]),
    "separators at the end of every row": (simple("0034,no,a,,", first="0363,yes,goed,,"), "x.csv", [], [2, 3]),
    "a line break in a cell": (lines(["14", *LIME.cells[2][1:]]), "x.csv", [], [*range(2, 10)]),
    "a line break in a cell above a bad row": (LOOSE, "x.csv", [("cells_in_row", "error", 3, None)], [2]),
    "quotes that swallow a row": (
        b'a,b,c,d,e\n1,2,"x,4,5\n6,7,y",9,10\n11,12,"a, b\nc",14,15\n',
        "x.csv",
        [("rows_in_cell", "warning", 2, "c")],
        [2, 3],
    ),
    "an option unknown to the form": (
        kobo_of_an_option_unknown_to_the_form(),
        "x.csv",
        [("cells_in_row", "warning", 3, None)],
        [*range(2, 8)],
    ),
    "a blank line": (simple("", "0034,no,a", "", ""), "x.csv", [("blank_row", "note", 3, None)], [2, 4]),
    "a row of separators": (simple(",,", "0034,no,a"), "x.csv", [("blank_row", "note", 3, None)], [2, 4]),
    "blank lines above the headings": (b"\r\n\n" + SIMPLE, "x.csv", [], [2, 3]),
    "a heading twice, the same cells": (
        repeated("no"),
        "x.csv",
        [("repeated_heading", "note", 1, "heeftteam")],
        [2, 3],
    ),
    "a heading twice, other cells": (repeated("yes"), "x.csv", [("repeated_heading", "error", 1, "heeftteam")], [2, 3]),
    "a column without heading": (
        simple("0034,no,a,b", head="gemeente,heeftteam,toelichting,", first="0363,yes,goed,"),
        "x.csv",
        [("no_heading", "warning", 3, None)],
        [2, 3],
    ),
    "an empty column without heading": (simple("0034,no,a,", head="a,b,c,", first="1,2,3,"), "x.csv", [], [2, 3]),
    "saved again by a spreadsheet": (RESAVED, "x.csv", [("saved_again", "warning", None, None)], [*range(2, 9)]),
    "a line that tells the separator": (b"sep=;\r\n" + SIMPLE.replace(b",", b";"), "x.csv", [], [2, 3]),
    "line breaks of an old Mac": (SIMPLE.replace(b"\n", b"\r"), "x.csv", [], [2, 3]),
    "no line break at the end": (SIMPLE.rstrip(), "x.csv", [], [2, 3]),
    "UTF-16": (SIMPLE.decode().encode("utf-16"), "x.csv", [], [2, 3]),
    "UTF-16, the other way round": (b"\xfe\xff" + SIMPLE.decode().encode("utf-16-be"), "x.csv", [], [2, 3]),
    "UTF-32": (SIMPLE.decode().encode("utf-32"), "x.csv", [], [2, 3]),
    "dates as numbers": (
        b"ID;Start time;Completion time;a\n1;46082,5;2027-03-01 10:00:00;x\n",
        "x.csv",
        [("date_as_number", "note", 2, "Start time")],
        [2],
    ),
    "dates of a sheet as numbers": (
        book(forms_of_numbers),
        "x.xlsx",
        [("date_as_number", "note", 2, "Start time"), ("date_as_number", "note", 2, "Completion time")],
        [2],
    ),
    "formulas": (
        book(formulas),
        "x.xlsx",
        [("formula_cell", "warning", 2, "heeftteam"), ("formula_cell", "warning", 3, "toelichting")],
        [2, 3],
    ),
    "a formula that was never calculated": (
        sheets(Blad1=[HEAD, ["0363", "yes", "=1+1"]]),
        "x.xlsx",
        [("formula_cell", "error", 2, "toelichting")],
        [2],
    ),
    "an error, in a sheet that begins further on": (
        book(lower_right, strings_to_formulas=False),
        "x.xlsx",
        [("error_cell", "error", 5, "heeftteam")],
        [4, 5],
    ),
    "formulas everywhere": (
        book(many_formulas),
        "x.xlsx",
        [("formula_cell", "warning", row, "heeftteam") for row in range(2, 152)],
        [*range(2, 152)],
    ),
    "text that looks like a formula or an error": (book(signs_of_formulas), "x.xlsx", [], [2]),
    "a sheet of a chart": (book(a_chart_first), "x.xlsx", [("other_sheets", "note", None, None)], [2, 3]),
    "merged cells": (book(merged), "x.xlsx", [("merged_cells", "error", 4, "gemeente")], [2, 3, 4]),
    "merged headings": (
        book(merged_heading),
        "x.xlsx",
        [("merged_cells", "error", 1, None), ("no_heading", "warning", 2, None)],
        [2, 3],
    ),
    "other sheets": (
        sheets(Leeg=[], Blad1=[HEAD, ["0363", "yes", "goed"]], Uitleg=[["x"]]),
        "x.xlsx",
        [("other_sheets", "note", None, None)],
        [2],
    ),
    "a hidden sheet before it": (book(hidden_first), "x.xlsx", [("other_sheets", "note", None, None)], [2, 3]),
    "a CSV posing as xlsx": (SIMPLE, "x.xlsx", [("named_otherwise", "note", None, None)], [2, 3]),
    "an xlsx posing as xls": (XLSX, "x.xls", [("named_otherwise", "note", None, None)], [*range(2, 9)]),
    "a workbook in an encoding that is none": (
        rezipped(XLSX, "xl/workbook.xml", b'encoding="UTF-8"', b'encoding="UTb-8"'),
        "x.xlsx",
        [],
        [*range(2, 9)],
    ),
    "an xls posing as xlsx": (OLD, "x.xlsx", [("named_otherwise", "note", None, None)], [*range(2, 9)]),
    "an xlsx posing as CSV": (XLSX, "x.csv", [("named_otherwise", "note", None, None)], [*range(2, 9)]),
    "a .sav posing as CSV": (sav, "x.csv", [("named_otherwise", "note", None, None)], [*range(2, 9)]),
    "no suffix": (SIMPLE, "export", [("named_otherwise", "note", None, None)], [2, 3]),
    "a suffix in capitals": (SIMPLE, "EXPORT.CSV", [], [2, 3]),
    "answers as labels": (
        made.limesurvey_csv(made.limesurvey_table("codes", "labels"), null_is_bare=True),
        "x.csv",
        [("answers_as_labels", "note", None, None)],
        [*range(2, 9)],
    ),
    "a preview": (
        made.qualtrics(3).content,
        "x.csv",
        [("trial_answers", "note", 4, "Status")],
        [*range(5, 12)],
    ),
    "a response of JSON without a column": (
        b'{"responses": [{"id": "1", "lastpage": "1"}, {"id": "2"}]}',
        "x.json",
        [("cells_in_row", "warning", 3, None)],
        [2, 3],
    ),
    "JSON with texts for headings": (
        made.limesurvey_json(made.limesurvey_table("texts", "labels"), 6),
        "x.json",
        [("text_headings", "warning", None, None), ("answers_as_labels", "note", None, None)],
        [*range(2, 9)],
    ),
    "personal data in a cell that is lost": (MAIL, "x.csv", [("cells_in_row", "error", 2, None)], [2]),
    "hundreds of bad rows": (
        MANY,
        "x.csv",
        [("cells_in_row", "error", row, None) for row in range(3, 253)],
        [2, 253],
    ),
}


@pytest.mark.parametrize(("content", "file", "findings", "rows"), TOLD.values(), ids=TOLD)
def test_what_was_assumed_or_left_out_is_told_with_its_place(content, file, findings, rows, tmp_path):
    path = tmp_path / file
    path.write_bytes(content(tmp_path) if callable(content) else content)
    export = read_export(receive(path))
    found = [(finding.kind, finding.severity, finding.row, finding.column) for finding in export.findings]
    assert found == findings
    assert export.rows.tolist() == rows
    assert {finding.file for finding in export.findings} <= {file}


def test_of_a_sheet_that_is_calculated_throughout_the_first_cells_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_cells, "MOST_CELLS", 100)
    (tmp_path / "x.xlsx").write_bytes(book(many_formulas))
    *findings, last = read_export(receive(tmp_path / "x.xlsx")).findings
    assert [finding.row for finding in findings] == [*range(2, 102)]
    assert (last.kind, last.severity, last.row) == ("calculated_sheet", "error", None)
    assert last.message.startswith("150 cells hold a formula or an error, of which the first 100 ")


@pytest.mark.parametrize(
    "content", [MAIL, MAIL.replace(b"jan@voorbeeld.nl", b"+31 6 1234 5678")], ids=["mail", "phone"]
)
def test_what_may_tell_who_answered_is_not_in_a_finding(content, tmp_path):
    (tmp_path / "x.csv").write_bytes(content)
    assert [finding.value for finding in read_export(receive(tmp_path / "x.csv")).findings] == [None]


def a_folder(path):
    path.mkdir()


def nothing(path):
    pass


def a_pipe(path):
    os.mkfifo(path)


def a_large_file(path):
    with path.open("wb") as file:
        file.truncate(301 * MEGABYTE)


INSTEAD = {
    a_folder: ["this is no file"],
    nothing: ["x.csv is missing", "as the survey tool exported it"],
    a_pipe: ["this is no file"],
    a_large_file: ["a file of 301 MB", "at most 300 MB"],
}


@pytest.mark.parametrize(("make", "fragments"), INSTEAD.items(), ids=lambda given: getattr(given, "__name__", ""))
def test_what_is_no_file_is_refused(make, fragments, tmp_path):
    make(tmp_path / "x.csv")
    with pytest.raises(IntakeError) as refused:
        read_export(receive(tmp_path / "x.csv"))
    assert [fragment for fragment in fragments if fragment not in str(refused.value)] == []


def grown(path):
    with path.open("ab") as file:
        file.write(b"0518,yes,goed\n")


def written_again(path):
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [grown, written_again, os.unlink])
def test_a_file_that_changes_while_it_is_read_is_refused(change, tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_bytes(SIMPLE)
    original = recognise.kind_of

    def changing(content, file):
        change(path)
        return original(content, file)

    monkeypatch.setattr(recognise, "kind_of", changing)
    with pytest.raises(IntakeError, match="changed while it was read"):
        read_export(receive(path))


@pytest.mark.parametrize(
    ("content", "file", "package"),
    [
        (SIMPLE, "x.csv", "pyarrow"),
        (XLSX, "x.xlsx", "python-calamine"),
        (sav, "x.sav", "pyreadstat"),
        (dta, "x.dta", "pyreadstat"),
    ],
    ids=["csv", "xlsx", "sav", "dta"],
)
def test_a_package_that_is_not_installed_is_named_with_the_line_that_installs_it(
    content, file, package, tmp_path, monkeypatch
):
    (tmp_path / file).write_bytes(content(tmp_path) if callable(content) else content)
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)
    with pytest.raises(IntakeError) as refused:
        read_export(receive(tmp_path / file))
    assert package in str(refused.value)
    assert 'pip install "wijkpeiling[fieldwork]"' in str(refused.value)


@pytest.mark.parametrize(
    ("ending", "why"),
    [
        (lambda *_, **__: subprocess.CompletedProcess([], -11, b"", b""), "ended the program that reads it"),
        (lambda *_, **__: (_ for _ in ()).throw(subprocess.TimeoutExpired([], 300)), "more than 300 seconds"),
    ],
    ids=["ended", "endless"],
)
@pytest.mark.parametrize("file", ["x.sav", "x.xls"])
def test_a_library_that_ends_or_never_does_is_an_error_of_the_file(file, ending, why, tmp_path, monkeypatch):
    (tmp_path / file).write_bytes(sav(tmp_path) if file == "x.sav" else OLD)
    monkeypatch.setattr(coded.subprocess, "run", ending)
    with pytest.raises(IntakeError, match=why):
        read_export(receive(tmp_path / file))


def test_a_cell_far_away_is_seen_in_a_large_sheet_too(monkeypatch):
    for small in (0, 1 << 20):
        monkeypatch.setattr(sheet_cells, "SMALL", small)
        assert sheet_cells.telling_cells(book(far_away), "Blad1").area == 1048576 * 16384


@pytest.mark.parametrize(("limit", "most"), [("LARGEST_AREA", 50), ("MOST_COLUMNS", 3)])
def test_a_sheet_of_too_many_cells_is_refused_where_only_reading_it_tells(limit, most, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, limit, most)
    (tmp_path / "x.ods").write_bytes(made.opendocument(made.plain_table()))
    with pytest.raises(IntakeError, match="stands so far away"):
        read_export(receive(tmp_path / "x.ods"))
