"""Every format says the same numbers: written as an edition writes it, read back, and held against the model."""

import csv
import re
from itertools import chain
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from tests.tagged_pdf import Tagged, plain
from wijkpeiling import language as speak
from wijkpeiling.charts.model import Intervals, Series
from wijkpeiling.charts.style import house_style
from wijkpeiling.present.blocks import Cell, Chart, Table
from wijkpeiling.report.data import tables_of, write_data
from wijkpeiling.report.hyphens import SOFT
from wijkpeiling.report.layout import figures_of
from wijkpeiling.report.model import Report
from wijkpeiling.report.sheet import sheet_of
from wijkpeiling.run.formats import WRITERS, Given, write_formats

EDITIONS = [(wave, *rest) for wave in (2019, 2022) for rest in (("nl", "published"), ("en", "published"))]
EDITIONS += [(2019, "nl", "synthetic"), (2019, "en", "synthetic")]
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
Differences = list[str]


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda edition: "-".join(map(str, edition)))
def written(request, edition_report, drawings_of, tmp_path_factory):
    """An edition's model, and the folder with every format of it."""
    wave, language, source = request.param
    report = edition_report(wave, language, source)
    folder = tmp_path_factory.mktemp("formats")
    write_data(report, folder / "data")
    write_formats(Given(report, drawings_of(report), house_style(), list(WRITERS), folder))
    return report, folder


def test_every_format_has_the_numbers_of_the_model(written):
    report, folder = written
    assert {name: found for name, read in READERS.items() if (found := read(report, folder))} == {}


def test_a_number_that_is_changed_is_found_in_every_format(written):
    report, folder = written
    changed = with_other_numbers(report)
    silent = [name for name, read in READERS.items() if (folder / name).exists() and not read(changed, folder)]
    assert silent == []


def test_one_number_that_is_changed_is_found_in_every_table(written):
    report, folder = written
    changed = {table.id: with_one_other_number(table) for table in report.tables}
    differ = [name for name, table in changed.items() if table != next(one for one in report.tables if one.id == name)]
    assert len(differ) > 5
    model = report.model_dump(mode="json")
    for section in model["sections"]:
        section["blocks"] = [
            changed[block["id"]].model_dump(mode="json") if block["kind"] == "table" else block
            for block in section["blocks"]
        ]
    for name in ("index.html", "report.pdf", "report.docx", "tables.xlsx"):
        found = READERS[name](Report.model_validate(model), folder)
        assert {one.split(":")[0] for one in found} == set(differ), name


def test_what_is_read_is_the_data_rounded(written):
    """Each text follows from its value by the language's own rounding, and the value stands in a data file."""
    report, folder = written
    known = {}
    for name in tables_of(report):
        numbers = pd.read_csv(folder / "data" / f"{name}.csv").select_dtypes("number")
        known[name] = {*numbers.to_numpy().ravel(), *(numbers["pct"] / 100 if "pct" in numbers else ())}
    for table in report.tables:
        for cell in (cell for row in table.rows for cell in row if cell.value is not None):
            values = cell.value if isinstance(cell.value, tuple) else (cell.value,)
            assert cell.text == SPELLED[cell.format](report.language, *values), table.id
            if table.contract in known and cell.format != "count":
                assert set(values) <= known[table.contract], (table.id, cell.text)


SPELLED = {
    "count": lambda language, value: str(value),
    "percent": lambda language, value: speak.percent_cell(value),
    "percent_range": lambda language, low, high: speak.range_cell(low, high),
    "points": lambda language, value: speak.points(value),
    "points_range": lambda language, low, high: speak.points_range(low, high, language),
    "p_value": lambda language, value: speak.p_value(value, language),
    "weight": lambda language, value: speak.hundredths(value, language),
}


def with_one_other_number(table: Table) -> Table:
    """The table with another number in the last of its cells that has one; the same table where none has."""
    model = table.model_dump(mode="json")
    places = [(y, x) for y, row in enumerate(table.texts) for x, text in enumerate(row) if NUMBER.search(text)]
    for y, x in places[-1:]:
        model["rows"][y][x] = other(model["rows"][y][x])
    return Table.model_validate(model)


def with_other_numbers(report: Report) -> Report:
    """The model with other numbers wherever it says one, and in the rows behind its tables."""
    model = report.model_dump(mode="json")
    cover = model["cover"]
    for key in cover["key_figures"]:
        key["value"] = more(key["value"])
    cover["lead"] = [more(text) for text in cover["lead"]]
    cover["title"] = more(cover["title"])
    for section in model["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "sentence":
                block["text"] = more(block["text"])
            if block["kind"] == "chart":
                block["alt"] = more(block["alt"])
            if block["kind"] == "table":
                block["rows"] = [[other(cell) for cell in row] for row in block["rows"]]
                for record in block["records"]:
                    record |= {name: record[name] + 0.01 for name in ("share", "difference", "pct") if record.get(name)}
    return Report.model_validate(model)


def more(text: str) -> str:
    return NUMBER.sub(lambda found: found[0] + "7", text)


def other(cell):
    if isinstance(cell, str):
        return more(cell)
    value = cell["value"]
    moved = [end + 0.01 for end in value] if isinstance(value, list) else None if value is None else value + 0.01
    return cell | {"text": more(cell["text"]), "value": moved}


def compared(what: str, expected: list, found: list) -> Differences:
    """What is not there as expected; a table that is missing is one difference."""
    if len(expected) != len(found):
        return [f"{what}: {len(found)} instead of {len(expected)}"]
    return [f"{what}: {there} instead of {one}" for one, there in zip(expected, found, strict=True) if one != there]


def said(report: Report) -> list[str]:
    """What stands before anything else, with its numbers."""
    cover = report.cover
    keys = chain.from_iterable((key.value, key.text, key.interval or "") for key in cover.key_figures)
    return [text for text in (cover.title, *cover.lead, *keys) if text]


def missing(what: str, expected: list[str], text: str) -> Differences:
    """What is not in a text; spaces, and where a line broke, do not count."""
    return [f"{what}: no {one!r}" for one in expected if plain(one) not in plain(text)]


def sentences(report: Report) -> list[str]:
    return [block.text for section in report.sections for block in section.blocks if block.kind == "sentence"]


def html(report: Report, folder: Path) -> Differences:
    pages = [
        BeautifulSoup((folder / name).read_text("utf-8").replace(SOFT, ""), "lxml")
        for name in ("index.html", "audit.html")
        if (folder / name).exists()
    ]
    places = {place["id"]: place for page in pages for place in page.select("div.table")}
    differences = compared("tables", sorted(table.id for table in report.tables), sorted(places))
    for table in report.tables:
        rows = places[table.id].select("tbody tr:not(.phone)") if table.id in places else []
        found = [tuple(cell.get_text() for cell in row.find_all(("th", "td"))) for row in rows]
        differences += compared(table.id, list(table.texts), found)
    drawn = {one["aria-label"] for page in pages for one in page.select("[role=img]")}
    differences += [f"figure {chart.id}" for chart in report.charts if chart.alt not in drawn]
    return differences + missing("page", [*said(report), *sentences(report)], pages[0].get_text())


def pdf(report: Report, folder: Path) -> Differences:
    document = Tagged((folder / "report.pdf").read_bytes())
    differences = []
    for table, found in zip(report.tables, document.tables(), strict=True):
        differences += compared(table.id, [[plain(text) for text in row] for row in table.texts], found[1:])
    figures = sorted(str(figure.Alt) for figure in document.all("/Figure"))
    differences += compared("figures", sorted(chart.alt for chart in report.charts), figures)
    return differences + missing("pdf", [*said(report), *sentences(report)], document.everything())


def word(report: Report, folder: Path) -> Differences:
    document = docx.Document(folder / "report.docx")
    differences = []
    for table, found in zip(report.tables, document.tables, strict=True):
        rows = [tuple(cell.text for cell in row.cells) for row in found.rows]
        differences += compared(table.id, list(table.texts), rows[1:])
    text = "\n".join(one.text for one in document.element.body.iter() if one.tag.endswith("}t") and one.text)
    return differences + missing("word", [*said(report), *sentences(report)], text)


def excel(report: Report, folder: Path) -> Differences:
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    differences = []
    for sheet, table in zip(book.worksheets[2:], report.tables, strict=True):
        (native,) = sheet.tables.values()
        found = [[as_put(cell.value) for cell in row] for row in sheet[native.ref][1:]]
        is_range = [any(cell.format.endswith("_range") for cell in column) for column in zip(*table.rows, strict=True)]
        expected = [
            [as_put(one) for cell, both in zip(row, is_range, strict=True) for one in put(cell, both)]
            for row in table.rows
        ]
        differences += compared(table.id, expected, found)
    return differences


def put(cell: Cell, is_range: bool) -> list[float | str]:
    """What a sheet has of a cell: its numbers or its words, in both columns of a range."""
    return ends(cell) or [cell.text] * (1 + is_range)


def as_put(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.10g}"


def ends(cell: Cell) -> list[float]:
    """The numbers of a cell as a sheet has them: points as points, both ends of a range."""
    if cell.value is None:
        return []
    values = cell.value if isinstance(cell.value, tuple) else (cell.value,)
    return [value * (100 if cell.format.startswith("points") else 1) for value in values]


def data(report: Report, folder: Path) -> Differences:
    differences = []
    for name, table in tables_of(report).items():
        plain_csv = pd.read_csv(folder / "data" / f"{name}.csv")
        dutch = pd.read_csv(folder / "data" / "nl" / f"{name}.csv", sep=";", decimal=",", encoding="utf-8-sig")
        for column in table.select_dtypes("number").columns:
            for found in (plain_csv, dutch):
                given, there = table[column].astype(float).tolist(), found[column].astype(float).tolist()
                differences += compared(f"{name}.{column}", list(map(repr, given)), list(map(repr, there)))
    return differences


def figures(report: Report, folder: Path) -> Differences:
    differences = []
    for figure in figures_of(report):
        with (folder / "figures" / f"{figure.chart.id}.csv").open(encoding="utf-8", newline="") as file:
            found = [tuple(text.removeprefix("'") for text in row) for row in csv.reader(file)][1:]
        mark = (figure.chart.mark,) if figure.chart.mark else ()
        differences += compared(figure.chart.id, [(*row, *mark) for row in figure.table.texts], found)
    return differences


def article(report: Report, folder: Path) -> Differences:
    """Each form has the numbers of the others, and none that the report has not."""
    markdown = (folder / "article.md").read_text("utf-8")
    page = BeautifulSoup((folder / "article.html").read_text("utf-8"), "lxml").body.get_text(" ")
    paper = "\n".join(one.text for one in docx.Document(folder / "article.docx").paragraphs)
    differences = compared("html", NUMBER.findall(markdown), NUMBER.findall(page))
    differences += compared("docx", NUMBER.findall(markdown), NUMBER.findall(paper))
    return differences + invented("article", markdown, report)


def infographic(report: Report, folder: Path) -> Differences:
    """What is set on the sheet, and what is told of it to who does not see it."""
    sheet = sheet_of(report)
    lines = [sheet.title, *sheet.sentences, *(row.text for shares in sheet.shares for row in shares.rows)]
    lines += [text for one in filter(None, (sheet.headline, *sheet.others)) for text in (one.value, one.text)]
    lines += [point.text for point in sheet.trend.points] if sheet.trend else []
    lines += [sheet.headline.worst] if sheet.headline and sheet.headline.worst else []
    told = BeautifulSoup((folder / "infographic.svg").read_text("utf-8"), "xml").desc.get_text()
    set_on = Tagged((folder / "infographic.pdf").read_bytes()).everything()
    differences = missing("pdf", lines, set_on) + compared("svg", [plain(sheet.alt)], [plain(told)])
    return differences + invented("sheet", "\n".join([*lines, told]), report)


def invented(what: str, text: str, report: Report) -> Differences:
    known = set(NUMBER.findall(everything(report)))
    return [f"{what}: {number}" for number in sorted(set(NUMBER.findall(text)) - known)]


def everything(report: Report) -> str:
    """All that the report says, in one text; "54\u201364%" has both of its numbers."""
    texts = [report.cover.subtitle, *said(report), *sentences(report)]
    if report.cover.origin:
        texts += list(report.cover.origin.model_dump().values())
    texts += [text for table in report.tables for row in table.texts for text in row]
    texts += [note for table in report.tables for note in table.notes]
    texts += [text for chart in report.charts for text in (chart.caption, chart.alt)]
    return "\n".join(text for text in texts if text)


READERS = {
    "index.html": html,
    "report.pdf": pdf,
    "report.docx": word,
    "tables.xlsx": excel,
    "data": data,
    "figures": figures,
    "article.md": article,
    "infographic.svg": infographic,
}


def test_a_figure_shows_the_numbers_of_its_table(written):
    report, _ = written
    for chart in report.charts:
        table = next(table for table in report.tables if table.id == chart.table)
        values = {end for row in table.rows for cell in row for end in ends(cell)}
        assert shown_in(chart) <= {round(value, 12) for value in values} | {None}


def shown_in(chart: Chart) -> set[float | None]:
    rows = {Intervals: "rows", Series: "points"}.get(type(chart.plot))
    marks = getattr(chart.plot, rows) if rows else ()
    known = [end for one in marks if one.low is not None for end in (one.share, one.low, one.high)]
    return {None if end is None else round(end, 12) for end in known}
