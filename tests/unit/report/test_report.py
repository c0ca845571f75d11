"""The report model: what it is assembled from, what it refuses, and the data that it writes."""

import csv
import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from wijkpeiling.charts.model import Bar, Bars
from wijkpeiling.charts.style import house_style, read_style
from wijkpeiling.contracts import ESTIMATES
from wijkpeiling.errors import ReportError
from wijkpeiling.present.blocks import MIME, Cell, Chart, Cover, Piece, Sentence, Table, records
from wijkpeiling.report.data import shown_contracts, write_data
from wijkpeiling.report.model import assemble, draw_charts, read_model, write_model
from wijkpeiling.report.page import render_page
from wijkpeiling.sources.published import estimate_published

COVER = Cover(language="nl", title="Titel", subtitle="Ondertitel", source="published")
SENTENCE = Sentence(id="zin", language="nl", text="Een zin.", key="In het kort.")
TABLE = Table(id="tabel", language="nl", caption="Een tabel", columns=("", "Aandeel"), rows=(("taak", "59%"),))
CHART = Chart(
    id="figuur",
    language="nl",
    caption="Een figuur",
    alt="59 procent",
    table="tabel",
    plot=Bars(bars=(Bar(label="2019", text="3 van 4", part=3, whole=4),)),
)
COLUMNS = {
    "estimates": "wave concept domain domain_value base n N is_n_estimated is_N_estimated count share se ci_low "
    "ci_high level df method deff worst_low worst_high target source flag is_suppressed",
    "changes": "concept domain domain_value baseline wave difference se ci_low ci_high p_value p_adjusted adjustment "
    "family_size method overlap n_overlap source conclusion reason",
    "audit": "wave concept pct base_n feasible_counts verdict reason source source_url",
}


def prose(text="# Een titel", *, tags=("nl",)):
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": text}


def shows(*blocks, bundle_of=Piece._repr_mimebundle_):
    outputs = [{"output_type": "execute_result", "data": bundle_of(block)} for block in blocks]
    return {"cell_type": "code", "metadata": {}, "source": "", "outputs": outputs}


def chart(**changed):
    return shows(CHART.model_copy(update=changed))


def replace(piece, **changed):
    return piece.model_copy(update=changed)


def notebook(*cells):
    return {"cells": list(cells)}


def records_from(source):
    return replace(TABLE, contract="estimates", records=[{"source": source}])


@pytest.fixture(scope="module", params=["nl", "en"])
def report(request, notebooks, shown, bundle_of):
    """The edition of 2019, from what the notebooks show."""
    sections = {}
    for name, blocks in shown(2019, None, request.param).items():
        texts = [cell | {"source": "".join(cell["source"])} for cell in notebooks[name]["cells"]]
        titles = [cell for cell in texts if cell["cell_type"] == "markdown"]
        sections[name] = notebook(*titles, shows(*blocks, bundle_of=bundle_of))
    return assemble(sections, request.param).report


def test_a_report_is_what_the_notebooks_show_in_their_order():
    report = assemble(
        {
            "01_een": notebook(
                shows(COVER), prose("# Een\n\nInleiding."), prose("# One", tags=["en"]), shows(SENTENCE)
            ),
            "02_twee": notebook(prose("Voor wie meeleest.", tags=[]), prose("# Twee"), shows(TABLE), chart()),
        },
        "nl",
    ).report
    assert (report.cover.title, report.language) == ("Titel", "nl")
    assert [(section.id, section.title) for section in report.sections] == [("01_een", "Een"), ("02_twee", "Twee")]
    assert [block.kind for section in report.sections for block in section.blocks] == [
        "prose",
        "sentence",
        "table",
        "chart",
    ]
    assert [(section.id, text) for section, text in report.summary] == [("01_een", "In het kort.")]
    assert [table.id for table in report.tables] == ["tabel"]
    assert [chart.id for chart in report.charts] == ["figuur"]


def test_what_a_notebook_says_twice_word_for_word_is_said_once():
    report = assemble({"01": notebook(shows(COVER), prose(), shows(SENTENCE), shows(SENTENCE))}, "nl").report
    assert [block.kind for block in report.sections[0].blocks] == ["sentence"]


def test_other_output_of_a_notebook_is_left_out():
    stream = {
        "cell_type": "code",
        "metadata": {},
        "source": "",
        "outputs": [{"output_type": "stream", "text": "hallo"}],
    }
    cells = notebook(shows(COVER), prose(), stream, shows(SENTENCE))
    assert [block.kind for block in assemble({"01": cells}, "nl").report.sections[0].blocks] == ["sentence"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        # nothing below a heading, nor below a lower one of it
        (["## A", SENTENCE], ["## A", "Een zin."]),
        ([SENTENCE, "## A"], ["Een zin."]),
        (["## A\n\nUitleg.", "## B", SENTENCE], ["## B", "Een zin."]),
        (["## A", "### B", SENTENCE], ["## A", "### B", "Een zin."]),
        (["### B", "## A", SENTENCE], ["## A", "Een zin."]),
        (["## A", SENTENCE, "### B", "## C"], ["## A", "Een zin."]),
        # text that is no heading says something by itself
        (["Uitleg."], ["Uitleg."]),
        (["## A", "#geen kop"], ["## A", "#geen kop"]),
    ],
)
def test_a_heading_under_which_nothing_is_shown_is_left_out(cells, told):
    made = [prose(cell) if isinstance(cell, str) else shows(cell) for cell in cells]
    (section,) = assemble({"01": notebook(shows(COVER), prose("# Titel"), *made)}, "nl").report.sections
    assert [block.text for block in section.blocks] == told


def test_a_notebook_that_shows_nothing_is_no_section():
    silent = notebook(prose("# Stil\n\nUitleg."), prose("## Leeg"))
    report = assemble({"00": notebook(prose("# Kern"), shows(COVER)), "01": silent}, "nl").report
    assert report.sections == []


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([prose(), shows(SENTENCE)], "0 covers"),
        ([prose(), shows(COVER, COVER)], "2 covers"),
        ([shows(COVER), prose("Geen titel")], "a notebook without a title"),
        ([shows(COVER), prose("## Een kop")], "a notebook without a title"),
        ([shows(COVER), prose("# A title", tags=["en"])], "a notebook without a title"),
        ([shows(COVER), shows(SENTENCE), prose()], "a notebook without a title"),
        ([shows(COVER)], "a notebook without a title"),
        ([shows(replace(COVER, language="en")), prose()], "a cover in language en in a report in nl"),
        (
            [shows(COVER), prose(), shows(replace(SENTENCE, language="en"))],
            "a sentence in language en in a report in nl",
        ),
        ([shows(COVER), prose(), shows(TABLE), chart(language="en")], "a chart in language en in a report in nl"),
        ([shows(COVER), prose(), chart()], "chart figuur has no table tabel"),
        (
            [shows(COVER), prose(), shows(SENTENCE, replace(SENTENCE, text="Een andere zin."))],
            "the id zin appears twice",
        ),
        ([shows(COVER), prose(), shows(TABLE, replace(SENTENCE, id="tabel"))], "the id tabel appears twice"),
        ([shows(COVER), prose(), shows(records_from("synthetic"))], "synthetic figures in a report of published ones"),
        (
            [shows(replace(COVER, source="synthetic")), prose(), shows(records_from("published"))],
            "published figures in a report of synthetic ones",
        ),
    ],
)
def test_a_report_that_is_not_whole_is_refused(cells, says):
    with pytest.raises(ReportError) as refusal:
        assemble({"01_een": notebook(*cells)}, "nl")
    assert refusal.value.what.startswith(says)
    assert len(str(refusal.value).splitlines()) <= 4


def test_two_notebooks_with_a_cover_each_are_refused():
    one = notebook(shows(COVER), prose())
    with pytest.raises(ReportError, match="2 covers"):
        assemble({"01": one, "02": one}, "nl")


def test_the_table_of_a_figure_stands_in_the_same_notebook():
    with pytest.raises(ReportError, match="chart figuur has no table tabel"):
        assemble({"01": notebook(shows(COVER), prose(), shows(TABLE)), "02": notebook(prose(), chart())}, "nl")


def test_an_id_is_used_once_in_the_whole_report():
    with pytest.raises(ReportError, match="the id zin appears twice") as refusal:
        assemble(
            {"01": notebook(shows(COVER), prose(), shows(SENTENCE)), "02": notebook(prose(), shows(SENTENCE))}, "nl"
        )
    assert refusal.value.where == "notebooks/01.ipynb and notebooks/02.ipynb"


@pytest.mark.parametrize("source", ["published", "microdata", "synthetic"])
def test_figures_of_the_source_on_the_cover_are_welcome(source):
    report = assemble(
        {"01": notebook(shows(replace(COVER, source=source)), prose(), shows(records_from(source)))}, "nl"
    ).report
    assert report.cover.source == source


def test_the_model_is_written_without_the_drawings(report, tmp_path):
    write_model(report, tmp_path / "report.json")
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    blocks = [block for section in json.loads(text)["sections"] for block in section["blocks"]]
    assert "<svg" not in text
    assert [block["id"] for block in blocks if block["kind"] == "chart"] == [chart.id for chart in report.charts]


@pytest.mark.parametrize("name", COLUMNS)
def test_the_data_of_an_edition_have_the_columns_of_the_contract_in_order(report, tmp_path, name):
    write_data(report, tmp_path / "data")
    with (tmp_path / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        heading, *rows = csv.reader(source)
    assert heading == COLUMNS[name].split()
    assert rows and all(len(row) == len(heading) for row in rows)


def test_the_data_of_an_edition_are_the_rows_behind_its_tables(report, tmp_path):
    write_data(report, tmp_path / "data")
    with (tmp_path / "data" / "estimates.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    signalling = [row for row in rows if row["concept"] == "task_signalling"]
    assert [(row["wave"], row["base"], row["share"]) for row in signalling] == [
        ("2019", "respondents", "0.75"),
        ("2019", "with_team", "0.75"),
    ]
    keys = [(row["wave"], row["concept"], row["base"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_the_data_package_describes_every_file(report, tmp_path):
    write_data(report, tmp_path / "data")
    package = json.loads((tmp_path / "data" / "datapackage.json").read_text(encoding="utf-8"))
    described = {
        resource["path"]: [field["name"] for field in resource["schema"]["fields"]] for resource in package["resources"]
    }
    assert {name: described[f"{name}.csv"] for name in COLUMNS} == {name: one.split() for name, one in COLUMNS.items()}
    keys = {resource["name"]: resource["schema"].get("primaryKey", []) for resource in package["resources"]}
    assert all(set(keys[name]) <= set(columns.split()) for name, columns in COLUMNS.items())


def test_an_edition_has_data_files_only_for_what_it_shows(tmp_path):
    report = assemble({"01": notebook(shows(COVER), prose(), shows(TABLE))}, "nl").report
    write_data(report, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["datapackage.json"]
    assert json.loads((tmp_path / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"] == []
    assert shown_contracts(report) == []


def test_a_contract_is_shown_by_a_table_with_rows_in_the_order_of_the_contracts():
    audit = replace(TABLE, id="oordeel", contract="audit", records=[{"source": "Een rapport"}])
    changes = replace(TABLE, id="verandering", contract="changes", records=[{"source": "published"}])
    empty = replace(TABLE, contract="estimates", records=[])
    report = assemble({"01": notebook(shows(COVER), prose(), shows(audit, empty, changes))}, "nl").report
    assert shown_contracts(report) == ["changes", "audit"]


def test_the_data_package_carries_the_words_of_the_cover(report, tmp_path):
    write_data(report, tmp_path / "data")
    package = json.loads((tmp_path / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert (package["title"], package["description"]) == (report.cover.title, report.cover.subtitle)


def test_two_tables_that_disagree_on_a_row_are_refused(published, tmp_path):
    rows = records(estimate_published(published, 2019, ["task_signalling"]), ESTIMATES)
    one = replace(TABLE, contract="estimates", records=rows)
    other = replace(one, id="andere_tabel", records=[row | {"share": 0.5} for row in rows])
    with pytest.raises(ReportError):
        write_data(assemble({"01": notebook(shows(COVER), prose(), shows(one, other))}, "nl").report, tmp_path / "data")


@pytest.fixture(scope="module")
def drawings(report):
    return draw_charts(report, house_style())


@pytest.fixture(scope="module")
def page_of(report, drawings):
    return lambda data_files: render_page(report, drawings=drawings, style=house_style(), data_files=data_files)


def test_a_report_read_back_from_its_model_says_the_same(report, tmp_path):
    write_model(report, tmp_path / "report.json")
    read = read_model(tmp_path / "report.json")
    assert read == report
    write_model(read, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "report.json").read_bytes()


@pytest.mark.parametrize("text", [None, "", "[]", "{", '{"cover": 1}', "\xff"])
def test_a_model_that_is_none_is_refused(text, tmp_path):
    if text is not None:
        (tmp_path / "report.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ReportError) as refused:
        read_model(tmp_path / "report.json")
    assert "report.json" in refused.value.where


def test_the_drawings_of_notebooks_are_those_drawn_from_the_model():
    notebooks = {"01": notebook(shows(COVER), prose(), shows(TABLE), chart())}
    assembled = assemble(notebooks, "nl")
    assert list(assembled.drawings) == [one.id for one in assembled.report.charts] != []
    assert assembled.drawings == draw_charts(assembled.report, house_style())


def test_a_style_changes_every_chart_and_the_page(report, drawings, tmp_path):
    (tmp_path / "style.yml").write_text("colours: {brand: '#7a1f5c', estimate: '#7a1f5c'}", encoding="utf-8")
    style = read_style(tmp_path / "style.yml")
    restyled = draw_charts(report, style)
    assert [name for name in drawings if drawings[name] == restyled[name]] == []
    page = render_page(report, drawings=drawings, style=style, data_files=[])
    assert "--brand: #7a1f5c;" in page and "--estimate: #7a1f5c;" in page
    assert house_style().colours.estimate not in page


def test_a_cell_keeps_its_number_beside_its_text():
    cell = Cell(text="59%", value=0.5912, format="percent")
    table = replace(TABLE, rows=((Cell(text="taak"), cell),))
    bundle = table._repr_mimebundle_()[MIME]
    assert bundle["rows"] == [["taak", {"text": "59%", "value": 0.5912, "format": "percent"}]]
    assert Table(**bundle) == table


def test_a_row_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="a cell for each of the 2 columns"):
        Table(id="t", language="nl", caption="c", columns=("", "a"), rows=(("b",),))


def test_the_page_names_every_section_table_and_figure(report, page_of):
    page = page_of(list(COLUMNS))
    assert f'<html lang="{report.language}">' in page
    of_audit = {"table_audit", "figure_audit"}
    blocks = {block.id for block in report.tables + report.charts}
    assert of_audit < blocks
    places = {section.id for section in report.sections} | blocks
    assert {place for place in places if f'id="{place}"' not in page} == of_audit
    # the news stands in the place of the summary
    news = [*report.cover.lead, *(figure.text for figure in report.cover.key_figures)]
    read = re.sub(r'<a class="term"[^>]*>(.*?)</a>', r"\1", page).replace("&#39;", "'")
    assert len(news) == 6 and [text for text in news if text not in read] == []


def test_the_page_of_a_cover_without_news_says_what_the_sections_say_in_brief(report):
    plain = report.model_copy(update={"cover": report.cover.model_copy(update={"lead": ()})})
    style = house_style()
    page = render_page(plain, drawings=draw_charts(plain, style), style=style, data_files=[])
    assert [text for _, text in report.summary if text not in page.replace("&#39;", "'")] == []


@pytest.mark.parametrize("data_files", [[], ["estimates"], ["estimates", "changes", "audit"]])
def test_the_page_links_the_data_only_where_they_are(page_of, data_files):
    page = page_of(data_files)
    assert [name for name in COLUMNS if f'href="data/{name}.csv"' in page] == data_files


def test_the_page_needs_nothing_from_a_network(page_of):
    page = page_of(list(COLUMNS))
    assert [word for word in ('src="http', "url(http", "@import", "<iframe", "<object", "srcset") if word in page] == []
    assert re.findall(r'<link [^>]*href="(?!data:)[^"]*"', page) == []


@pytest.mark.parametrize(
    "picture",
    [
        "![alt](https://example.org/a.png)",
        "![](data:image/png;base64,AA)",
        "text ![a][b]\n\n[b]: //example.org/a.png",
        "[![a](a.png)](https://example.org)",
    ],
)
def test_a_picture_in_the_text_is_refused_by_notebook_and_address(picture):
    report = assemble({"01_eerste": notebook(shows(COVER), prose(), prose(picture))}, "nl").report
    with pytest.raises(ReportError, match="a picture in the text") as refused:
        render_page(report, drawings={}, style=house_style(), data_files=[])
    assert refused.value.where == "01_eerste.ipynb"


def test_the_page_lets_nothing_in_from_elsewhere(page_of):
    page = page_of([])
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["font-src"] == "data:"
    # of the edition itself, by which a page finds out whether its folder came along
    assert rules["img-src"] == "'self' data:"
    scripts = re.findall(r"(?s)<script>(.*?)</script>", page)
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    assert rules["script-src"] == " ".join(f"'sha256-{one}'" for one in hashes) and len(hashes) == 1
    # it holds from the first thing that is loaded
    assert page.index("Content-Security-Policy") < page.index("<link") < page.index("<style")


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-5 of meer", "@naam", "\t=1+1", "=cmd|' /C calc'!A0"])
def test_text_that_a_spreadsheet_would_take_for_a_formula_goes_out_as_text(text, tmp_path):
    row = dict.fromkeys(COLUMNS["audit"].split()) | {
        "wave": 2019,
        "concept": "task_signalling",
        "verdict": "feasible",
        "reason": text,
        "source": "Een rapport",
    }
    table = replace(TABLE, contract="audit", records=[row])
    write_data(assemble({"01": notebook(shows(COVER), prose(), shows(table))}, "nl").report, tmp_path / "data")
    with (tmp_path / "data" / "audit.csv").open(encoding="utf-8", newline="") as source:
        (written,) = csv.DictReader(source)
    assert written["reason"] == f"'{text}"
    assert (written["wave"], written["source"]) == ("2019", "Een rapport")
