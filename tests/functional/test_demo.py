"""The demo as its readers get it: whole, and not to be mistaken for a report on real municipalities."""

import csv
import json
import re
from html import unescape

import pytest
import yaml

from tests.trials import FORMAT_FILES, data_files, text_of
from wijkpeiling.errors import PopulationError

MARKS = {"nl": "verzonnen antwoorden", "en": "invented answers"}
WARNINGS = {
    "nl": "Voorbeeld met verzonnen antwoorden: geen enkel cijfer op deze pagina is echt.",
    "en": "Example with invented answers: not one figure on this page is real.",
}
# sentences of an edition that has published figures only
NOT_KNOWN = {
    "nl": "Daarvoor zijn de antwoorden per gemeente nodig.",
    "en": "That would require the answers of each municipality.",
}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FIGURES = ["response", "task", "task_size", "shortfall", "shortfall_size", "trend", "bounds"]
NOTEBOOKS = ["00_kern", "01_respons", "02_taken", "03_preventie", "04_trend", "05_herkomst"]
CODE = re.compile(r"\b(?:GM|SY)\d{4}\b")


@pytest.fixture(scope="module")
def edition(demo):
    return demo[0] / "reports" / "demo"


@pytest.fixture(scope="module", params=["nl", "en"])
def each(request, edition, english):
    """The edition in each language: its language and its folder."""
    return request.param, {"nl": edition, "en": english}[request.param]


def page_of(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


def report_of(folder):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def blocks_of(folder, *kinds):
    return [block for section in report_of(folder)["sections"] for block in section["blocks"] if block["kind"] in kinds]


def texts_of(folder):
    """Every file of an edition as text, the drawings within the page and the notebooks too."""
    files = [path for path in folder.rglob("*.*") if path.suffix not in (".pdf", ".png")]
    texts = {path.relative_to(folder).as_posix(): text_of(path) for path in files}
    drawn = re.findall(r"(?s)<svg .*?</svg>", texts["index.html"])
    texts |= {f"index.html, drawing {place}": svg for place, svg in enumerate(drawn)}
    texts["index.html"] = re.sub(r"data:[^\"')]+", "", texts["index.html"])
    return texts


def outputs_of(folder):
    """What each notebook shows, as text, without the cells that made it."""
    shown = {}
    for path in (folder / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        shown[path.stem] = json.dumps([cell.get("outputs", []) for cell in cells], ensure_ascii=False)
    return shown


def test_the_demo_is_complete_and_holds_no_audit(edition):
    written = {path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file()}
    assert written == {
        "index.html",
        "report.pdf",
        *(f"infographic.{form}" for form in ("pdf", "png", "svg")),
        "report.json",
        "build.json",
        *FORMAT_FILES,
        *data_files("estimates", "changes"),
        *(f"figures/figure_{name}.{form}" for name in FIGURES for form in ("svg", "png", "csv")),
        *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS),
    }


def test_the_page_warns_before_anything_else(each):
    language, folder = each
    body = page_of(folder).partition("<body")[2]
    words = re.sub(r"<[^>]*>", "\n", body.partition(">")[2])
    # after the link for who reads by keyboard
    first = [line.strip() for line in words.splitlines() if line.strip()][1]
    assert first == WARNINGS[language]
    assert body.index('<aside class="warning">') < body.index("<header>")
    assert body.startswith(' class="synthetic"')


def test_the_heading_says_that_answers_and_municipalities_are_invented(each):
    language, folder = each
    header = re.search(r"<header>.*?</header>", page_of(folder), re.S)[0]
    said = {"nl": "verzonnen antwoorden van verzonnen gemeenten", "en": "invented answers of invented municipalities"}
    assert said[language] in header
    invented = {"nl": "de antwoorden zijn verzonnen", "en": "the answers are invented"}
    assert invented[language] in re.search(r'<meta name="description" content="([^"]*)"', page_of(folder))[1]


def test_the_warning_stands_out(edition):
    style = re.search(r"<style>.*?</style>", page_of(edition), re.S)[0]
    assert re.search(r"\.warning\s*{[^}]*background", style)
    assert not re.search(r"\.warning\s*{[^}]*display:\s*none", style)


def test_every_caption_on_the_page_and_in_the_model_carries_the_mark(each):
    language, folder = each
    captions = re.findall(r"<(caption|figcaption)>(.*?)</\1>", page_of(folder), re.S)
    assert len(captions) > 20
    # a figure's has its number, its title and at times what it shows, each by itself
    titles = [re.sub(r"(?s).*<span class=.title.[^>]*>(.*?)</span>.*", r"\1", text) for _, text in captions]
    assert [text for text in titles if not unescape(text).endswith(f"({MARKS[language]})")] == []
    blocks = blocks_of(folder, "table", "chart")
    assert [block["id"] for block in blocks if not block["caption"].endswith(f"({MARKS[language]})")] == []


def test_every_drawing_carries_the_mark_wherever_it_goes(each):
    language, folder = each
    mark = MARKS[language][0].upper() + MARKS[language][1:]
    charts = ("figures/", "index.html, drawing")
    drawings = {n: text for n, text in texts_of(folder).items() if n.startswith(charts) and "<svg" in text[:1000]}
    # each in a file of its own, and on the page for a screen and for a phone
    assert len(drawings) == 3 * len(FIGURES)
    # the letters are drawn as shapes; what they spell stands beside them
    assert [name for name, svg in drawings.items() if svg.count(f"<!-- {mark} -->") != 1] == []


def test_every_row_of_the_table_of_a_figure_carries_the_mark(each):
    language, folder = each
    for path in (folder / "figures").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
        assert rows and {row[-1] for row in rows} == {MARKS[language]}, path.name


def test_every_drawing_in_a_notebook_carries_the_mark(each):
    language, folder = each
    mark = MARKS[language][0].upper() + MARKS[language][1:]
    shown = "".join(outputs_of(folder).values())
    assert shown.count(f"<!-- {mark} -->") == shown.count("</svg>") == 2 * len(FIGURES)


def test_every_row_of_data_is_synthetic(each):
    _, folder = each
    for name in ("estimates", "changes"):
        with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            sources = [row["source"] for row in csv.DictReader(file)]
        assert sources and set(sources) == {"synthetic"}


def test_the_data_tell_nothing_more_precisely_than_whole_percents_where_a_concept_is_protected(each):
    _, folder = each
    rounded = 0
    for name in ("estimates", "changes"):
        with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        told = ("share", "difference", "ci_low", "ci_high", "worst_low", "worst_high")
        for row in rows:
            numbers = [100 * float(row[column]) for column in told if row.get(column)]
            assert all(abs(number - round(number)) < 1e-9 for number in numbers), row
            assert [row[column] for column in ("count", "se", "df", "deff", "p_value") if row.get(column)] == []
            rounded += bool(numbers)
    assert rounded > 40


def test_the_data_package_says_invented(each):
    language, folder = each
    package = json.loads((folder / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert MARKS[language] in package["description"]
    assert [resource["name"] for resource in package["resources"]] == [
        *("estimates", "changes", "concepts", "bases", "codes")
    ]


def test_the_model_and_the_build_name_their_source(edition):
    assert report_of(edition)["cover"]["source"] == "synthetic"
    build = json.loads((edition / "build.json").read_text(encoding="utf-8"))
    assert build["parameters"] == {"wave": 2019, "baseline": 2017, "language": "nl", "source": "synthetic"}
    assert len(build["inputs"]["data/raw/synthetic.yml"]) == 64


def test_every_table_and_figure_is_filled(each):
    language, folder = each
    assert [table["id"] for table in blocks_of(folder, "table") if not table["rows"]] == []
    assert {chart["id"] for chart in blocks_of(folder, "chart")} == {f"figure_{name}" for name in FIGURES}
    assert [block["id"] for block in blocks_of(folder, "sentence") if block["id"].startswith("missing")] == []
    assert NOT_KNOWN[language] not in unescape(page_of(folder))


def test_what_answers_add_is_all_there(edition):
    tables = {table["id"] for table in blocks_of(edition, "table")}
    of_a_kind = {f"table_{kind}_{what}" for kind in ("task", "shortfall") for what in ("size", "pairs", "sensitivity")}
    assert of_a_kind | {"table_response_size", "table_process", "table_assumed"} <= tables
    # the audit is of real figures
    assert not tables & {"table_audit", "table_disputed"}


def test_every_assumption_is_listed_with_its_reason(each, demo):
    language, folder = each
    assumed = yaml.safe_load((demo[0] / "data" / "raw" / "synthetic.yml").read_text(encoding="utf-8"))["levels"]
    (table,) = [table for table in blocks_of(folder, "table") if table["id"] == "table_assumed"]
    listed = sorted((int(wave), level["text"], reason) for _, wave, level, reason in table["rows"])
    assert listed == sorted(
        (wave, f"{level['pct']}%", level["reason"][language])
        for wave, levels in assumed.items()
        for level in levels.values()
    )


def test_no_municipality_is_in_it_real_or_invented(each, real_names):
    _, folder = each
    texts = texts_of(folder)
    assert [(name, found) for name, text in texts.items() for found in CODE.findall(text)] == []
    names = re.compile(r"\b(?:" + "|".join(map(re.escape, real_names)) + r")\b")
    assert [(name, found) for name, text in texts.items() for found in names.findall(text)] == []


def test_no_publication_stands_in_it(each, demo):
    _, folder = each
    told = set()
    for path in (demo[0] / "data" / "raw").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        told |= {row[name] for row in rows for name in ("source_title", "source_url") if row.get(name)}
    assert len(told) > 20
    texts = texts_of(folder)
    assert [(name, source) for name, text in texts.items() for source in told if source in text] == []
    # addresses in a drawing name its format
    for name in ("index.html", "report.json", "article.md", "data/estimates.csv", "data/changes.csv"):
        assert set(re.findall(r"https?://[^\s\"]+", texts[name])) <= {"https://schema.org", LICENCE}
    own = "https://(datapackage.org/profiles|creativecommons.org/licenses)/"
    assert [one for one in re.findall(r"https?://\S+", texts["data/datapackage.json"]) if not re.match(own, one)] == []


def test_a_real_edition_holds_nothing_invented(built):
    folder = built[0] / "reports" / "2019"
    texts = texts_of(folder)
    assert [name for name, text in texts.items() if re.search(r"\bSY\d{4}\b", text)] == []
    # notebooks name the choice of source where it is made, and the build its inputs: neither is shown
    shown = {name: text for name, text in texts.items() if name != "build.json" and not name.startswith("notebooks/")}
    # the method tells how answers are invented for an example
    method = shown.pop("data/METHOD.md")
    assert method in shown["data/deposit.zip"]
    shown["data/deposit.zip"] = shown["data/deposit.zip"].replace(method, "")
    shown |= outputs_of(folder)
    for name in ("index.html", "audit.html"):
        shown[name] = re.sub(r"<style>.*?</style>", "", shown[name], flags=re.S)
    assert [name for name, text in shown.items() if re.search("verzonnen|invented|synthetic", text, re.I)] == []
    for name in ("estimates", "changes"):
        with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert {row["source"] for row in csv.DictReader(file)} == {"published"}


def test_the_demo_does_not_take_the_place_of_an_edition(demo):
    assert {path.name for path in (demo[0] / "reports").iterdir()} <= {"demo", "demo-en"}
    assert demo[1].stdout == "built reports/demo\n"


def test_a_demo_and_an_edition_of_the_same_wave_do_not_pass_for_each_other(demo, run):
    project = demo[0]
    again = run("wijkpeiling", "demo", cwd=project)
    assert again.stdout == "nothing changed since reports/demo\n"


def test_the_same_demo_twice_is_the_same_to_the_byte(demo, english, run, files_of):
    other = demo[0] / "elsewhere" / "demo"
    process = run("wijkpeiling", "demo", "--language", "en", "--output", other, cwd=demo[0])
    assert process.returncode == 0, process.stderr
    assert files_of(english) == files_of(other)


def test_the_english_demo_is_english(english):
    page = page_of(english)
    assert '<html lang="en">' in page
    assert "gemeenten" not in re.sub(r"<td[^>]*>.*?</td>", "", page)


def test_a_wave_without_answers_is_refused_with_those_there_are(project, run_here):
    code, message = run_here("demo", "--wave", "2022", cwd=project)
    assert code == 10
    assert "there are no answers of 2022" in message
    assert "2014, 2015, 2017, 2019" in message
    assert "2022/wave.yml" in message and "n_respondents" in message


def test_a_wave_without_size_classes_says_which_rows_to_add_before_anything_runs(project, run_here, monkeypatch):
    from wijkpeiling.run import edition

    monkeypatch.setattr(edition, "execute", lambda *_, **__: pytest.fail("a notebook was run"))
    classes = project / "data" / "raw" / "population" / "size_classes.csv"
    kept = [line for line in classes.read_text("utf-8").splitlines() if not line.startswith("2019,")]
    classes.write_text("\n".join(kept) + "\n", "utf-8")
    code, message = run_here("demo", cwd=project)
    assert code == PopulationError.exit_code
    assert "the size classes of 2019 are not known" in message
    assert "2019,SIZE_CLASS,MUNICIPALITIES,BASIS for each of: lt_5k" in message
