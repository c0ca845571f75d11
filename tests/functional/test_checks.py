"""What keeps an edition from going out: an edition that breaks each rule, and what is said of it."""

import csv
import json
import shutil

import pytest

from wijkpeiling.errors import ReportError
from wijkpeiling.language import sentence_case
from wijkpeiling.run.checks import CHECKS, check_edition
from wijkpeiling.run.provenance import BUILD, output_hashes


@pytest.fixture
def copied(built, demo, tmp_path):
    """An edition of its own to break, ``copied("edition")`` or ``copied("demo")``, with the project it is of."""

    def copy(kind):
        project, folder = (built[0], "2019") if kind == "edition" else (demo[0], "demo")
        shutil.copytree(project / "reports" / folder, tmp_path / folder)
        return tmp_path / folder, project

    return copy


def seal(folder):
    """List the files as they are now: what is looked at is not that they were changed."""
    built = json.loads((folder / BUILD).read_text("utf-8"))
    (folder / BUILD).write_text(json.dumps(built | {"outputs": output_hashes(folder)}), encoding="utf-8")


def in_model(change):
    """Break the model, and leave the rest as it was."""

    def breaks(folder):
        model = json.loads((folder / "report.json").read_text("utf-8"))
        change(model)
        (folder / "report.json").write_text(json.dumps(model), encoding="utf-8")
        seal(folder)

    return breaks


def in_build(**changed):
    def breaks(folder):
        built = json.loads((folder / BUILD).read_text("utf-8"))
        (folder / BUILD).write_text(json.dumps(built | changed), encoding="utf-8")

    return breaks


def in_page(old, new):
    def breaks(folder):
        text = (folder / "index.html").read_text("utf-8")
        assert old in text
        (folder / "index.html").write_text(text.replace(old, new, 1), encoding="utf-8")
        seal(folder)

    return breaks


def add(name, content=b"x", *, is_listed=False):
    def breaks(folder):
        (folder / name).write_bytes(content)
        if is_listed:
            seal(folder)

    return breaks


def blocks(model, kind):
    return [block for section in model["sections"] for block in section["blocks"] if block["kind"] == kind]


def rows(model, **wanted):
    """Rows of estimates in the model that have these values."""
    tables = [table for table in blocks(model, "table") if table["contract"] == "estimates"]
    found = [row for table in tables for row in table["records"]]
    return [row for row in found if wanted.items() <= row.items()]


def tell(name, value, **wanted):
    return in_model(lambda model: rows(model, **wanted)[0].update({name: value}))


def show_withheld(model):
    table = next(table for table in blocks(model, "table") if any(row.get("is_suppressed") for row in table["records"]))
    withheld = next(row for row in table["records"] if row["is_suppressed"])
    label = sentence_case(model["cover"]["labels"]["concept"][withheld["concept"]]["nl"])
    # an item that is withheld in every class has no row
    shown = [{"text": "50%", "value": 0.5, "format": "percent"} for _ in table["columns"][1:]]
    table["rows"] = [*(row for row in table["rows"] if row[0] != label), [label, *shown]]
    table["why"] = []


def in_data(folder):
    """A number in a withheld row of the data files."""
    path = folder / "data" / "estimates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        told, names = list(reader), reader.fieldnames
    next(row for row in told if row["is_suppressed"] == "True")["share"] = "0.5"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(told)
    seal(folder)


def unmark_figure(folder):
    """The table of a figure without the column that says that it is invented."""
    path = sorted((folder / "figures").glob("*.csv"))[0]
    told = list(csv.reader(path.read_text("utf-8").splitlines()))
    path.write_text("\n".join(",".join(row[:-1]) for row in told), encoding="utf-8")
    seal(folder)


def unmark(model):
    for chart in blocks(model, "chart")[:1]:
        chart["mark"] = None


BREAKS = {
    "as_built": [
        ("edition", lambda folder: (folder / "report.pdf").unlink(), "is missing"),
        ("edition", add("scriptie.docx"), "does not list"),
        ("edition", lambda folder: (folder / "article.md").write_text("iets anders"), "not as it was built"),
        ("edition", lambda folder: (folder / "link.txt").symlink_to(folder / "article.md"), "a link instead of a file"),
    ],
    "from_these_inputs": [
        ("edition", in_build(inputs={"data/raw/concepts.yml": "0" * 64}), "data/raw/concepts.yml was changed"),
        ("edition", in_build(package={"name": "wijkpeiling", "version": "0", "sha256": ""}), "another version"),
    ],
    "disclosed": [
        ("demo", tell("share", 0.5, is_suppressed=True), "a withheld cell has a share"),
        ("demo", tell("share", 0.5151, flag="rounded"), "finer than a percent"),
        ("demo", tell("count", 100, flag="rounded"), "a rounded cell has a count"),
        ("demo", in_model(show_withheld), "a withheld cell shows"),
        ("demo", in_data, "data/estimates.csv"),
    ],
    "pictures_described": [
        ("edition", in_model(lambda model: blocks(model, "chart")[0].update(alt=" ")), "no alternative text"),
        (
            "edition",
            in_model(lambda model: blocks(model, "chart")[0].update(alt=blocks(model, "chart")[0]["caption"])),
            "is its caption",
        ),
        ("edition", in_page("</main>", '<img src="figures/figure_task.png"></main>'), "a picture without"),
    ],
    "one_language": [
        ("edition", in_model(lambda model: blocks(model, "sentence")[0].update(language="en")), "is in language en"),
        ("edition", in_page('<html lang="nl"', '<html lang="en"'), "the page has language en"),
    ],
    "links_lead_somewhere": [
        ("edition", in_page("</main>", '<a href="weg.html">weg</a></main>'), "not in the edition"),
        ("edition", in_page("</main>", '<a href="#weg">weg</a></main>'), "not on the page"),
        ("edition", in_page("</main>", '<a href="javascript:x()">weg</a></main>'), "no http(s)"),
        ("edition", in_page("</main>", '<a href="../../elders.html">weg</a></main>'), "not in the edition"),
        ("edition", in_page("</main>", '<img alt="x" src="https://example.org/x.png"></main>'), "from elsewhere"),
    ],
    "invented_is_marked": [
        ("demo", in_model(unmark), "does not say that the answers are invented"),
        ("demo", unmark_figure, ".csv: it does not say that the answers are invented"),
        ("demo", add("article.md", b"# Nieuws\n", is_listed=True), "does not say that the answers are invented"),
        ("demo", in_model(lambda model: model["cover"].update(source="published")), "told as published"),
        (
            "edition",
            in_model(lambda model: rows(model, source="published")[0].update(source="synthetic")),
            "invented figures",
        ),
    ],
}
CASES = [(rule, *case) for rule, cases in BREAKS.items() for case in cases]


@pytest.mark.parametrize("kind", ["edition", "demo"])
def test_an_edition_as_it_is_built_has_nothing_amiss(kind, copied):
    assert check_edition(*copied(kind)) == []


def test_every_rule_has_an_edition_that_breaks_it():
    assert set(BREAKS) == {rule.__name__ for rule in CHECKS}


@pytest.mark.parametrize(("rule", "kind", "breaks", "says"), CASES, ids=[f"{one[0]}: {one[3]}" for one in CASES])
def test_what_breaks_a_rule_is_found_by_it(rule, kind, breaks, says, copied):
    folder, project = copied(kind)
    breaks(folder)
    found = check_edition(folder, project)
    told = [f"{finding.where}: {finding.what}" for finding in found]
    assert any(says in one for one in told), told
    assert all(finding.todo for finding in found)


def test_an_input_that_changes_is_found_and_one_that_comes(copied, tmp_path):
    folder, project = copied("edition")
    root = tmp_path / "project"
    shutil.copytree(project, root, ignore=shutil.ignore_patterns("reports"))
    (root / "data" / "raw" / "nieuw.txt").write_text("nieuw")
    with (root / "data" / "raw" / "concepts.yml").open("a") as file:
        file.write("\n")
    told = [finding.what for finding in check_edition(folder, root)]
    assert told == [
        "input data/raw/concepts.yml was changed since the edition was made",
        "input data/raw/nieuw.txt is new since the edition was made",
    ]


def test_the_command_names_each_finding_and_ends_as_other_refusals_do(copied, main_here):
    folder, project = copied("edition")
    ended = main_here("check", folder, cwd=project)
    assert (ended.returncode, ended.stdout.endswith("nothing found\n")) == (0, True)
    (folder / "scriptie.docx").write_bytes(b"x")
    ended = main_here("check", folder, cwd=project)
    assert ended.returncode == ReportError.exit_code
    for said in ("scriptie.docx", "to do: move it out of the edition", "scriptie.docx cannot be read", "2 findings"):
        assert said in ended.stdout


def test_a_folder_that_is_no_edition_is_refused(tmp_path, built, run_here):
    code, told = run_here("check", tmp_path, cwd=built[0])
    assert code == ReportError.exit_code and "this is no edition" in told
