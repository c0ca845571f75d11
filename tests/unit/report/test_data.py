"""The data of an edition: words for every column and code, copies for Excel, metadata, and the archive."""

import csv
import datetime
import hashlib
import io
import json
import re
import zipfile

import pytest

from tests.told_reports import LABELS, change, made, share
from wijkpeiling import contracts
from wijkpeiling.charts.style import Contact, Licence, Sender, house_style
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Origin
from wijkpeiling.report.citation import citation
from wijkpeiling.report.codebook import codebook
from wijkpeiling.report.data import METHOD, tables_of, write_data

AUDITED = {
    "wave": 2027,
    "concept": "task_signalling",
    "pct": 58.0,
    "base_n": 66,
    "feasible_counts": "38/66",
    "verdict": "feasible",
    "reason": "=1+1",
    "source": "Een rapport",
    "source_url": "https://www.voorbeeld.nl/rapport",
}
# columns that hold codes, as the contracts list them
CODES = {
    "method": {*contracts.INTERVAL_METHODS, *contracts.CHANGE_METHODS},
    "target": {"population", "process"},
    "source": set(contracts.COMPARED_SOURCES),
    "flag": set(contracts.FLAGS),
    "overlap": set(contracts.OVERLAPS),
    "conclusion": set(contracts.CONCLUSIONS),
    "verdict": set(contracts.VERDICTS),
}


def report(**cover):
    estimates = [share("task_signalling", 0.58, 0.5, 0.65, se=0.04, n=66), share("has_wijkteam", 0.8, base="unknown")]
    tables = {"table_task": estimates}
    changes = {"table_changes_task": [change("task_signalling", "rose", 0.08, reason="een reden")]}
    built = made(tables, changes, **cover)
    audit = made({"table_audit": []}).tables[0].model_copy(update={"contract": "audit", "records": [AUDITED]})
    section = built.sections[0]
    return built.model_copy(update={"sections": [section.model_copy(update={"blocks": [*section.blocks, audit]})]})


@pytest.fixture(scope="module", params=["nl", "en"])
def written(request, tmp_path_factory):
    """The language and the folder of the data."""
    folder = tmp_path_factory.mktemp("written") / "data"
    write_data(report(language=request.param), folder)
    return request.param, folder


def rows(path, **dialect):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), **dialect))


def read(path):
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("name", contracts.CONTRACTS)
def test_every_column_of_a_contract_is_described(name):
    columns = contracts.CONTRACTS[name].columns
    for column in columns:
        words = codebook().field(name, column)
        assert all((words.title[language], words.description[language]) for language in ("nl", "en"))
    assert set(codebook().tables[name].fields) <= set(columns)


@pytest.mark.parametrize("column", CODES)
def test_every_code_of_a_contract_has_words_and_no_other(column):
    assert set(codebook().codes[column]) == CODES[column]


def test_size_classes_have_words():
    assert set(contracts.SIZE_CLASSES) < set(codebook().codes["domain_value"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_verdict_has_the_word_of_the_page(language):
    words = {verdict: label[language] for verdict, label in codebook().codes["verdict"].items()}
    assert words == {verdict: say(language, f"verdict_{verdict}") for verdict in contracts.VERDICTS}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ["n", "N"])
def test_a_size_names_the_column_that_says_whether_it_is_known(name, language):
    assert f"is_{name}_estimated" in codebook().field("estimates", name).description[language]


def test_nothing_of_the_codebook_is_empty():
    words = [*codebook().common.values(), *codebook().tables.values()]
    words += [field for table in codebook().tables.values() for field in table.fields.values()]
    texts = [text for word in words for text in (word.title, word.description)]
    texts += [label for labels in codebook().codes.values() for label in labels.values()]
    assert all(text[language].strip() for text in texts for language in ("nl", "en"))


def test_every_slug_and_code_has_words_in_both_languages(written):
    _, folder = written
    concepts = {row["concept"]: (row["label_nl"], row["label_en"]) for row in rows(folder / "concepts.csv")}
    assert concepts == {
        "task_signalling": ("signaleren", "spotting problems"),
        "has_wijkteam": ("werkt met een wijkteam", "has a neighbourhood team"),
    }
    bases = {row["base"]: row["label_nl"] for row in rows(folder / "bases.csv")}
    assert bases == {"respondents": "alle gemeenten die antwoordden", "unknown": "niet bekend"}
    codes = {(row["column"], row["code"]): row["label_en"] for row in rows(folder / "codes.csv")}
    assert codes["conclusion", "rose"] == "proportionally more municipalities"
    held = {
        (column, row[column])
        for table in ("estimates", "changes", "audit")
        for row in rows(folder / f"{table}.csv")
        for column in CODES
        if row.get(column) and (column, table) != ("source", "audit")
    }
    assert held <= set(codes)


def test_the_sources_stand_with_their_address(written):
    _, folder = written
    assert rows(folder / "sources.csv") == [{"source": "Een rapport", "source_url": "https://www.voorbeeld.nl/rapport"}]
    assert [row["source_url"] for row in rows(folder / "audit.csv")] == ["https://www.voorbeeld.nl/rapport"]
    assert read(folder / "datapackage.json")["sources"] == [
        {"title": "Een rapport", "path": "https://www.voorbeeld.nl/rapport"}
    ]


def test_dutch_excel_gets_the_same_rows_with_commas_and_words(written):
    language, folder = written
    for path in sorted(folder.glob("nl/*.csv")):
        copy, original = rows(path, delimiter=";"), rows(folder / path.name)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf") and b"\r\n" in path.read_bytes()
        assert len(copy) == len(original)
        for one, other in zip(copy, original, strict=True):
            assert {name: one[name].replace(",", ".") for name in other} == {
                name: cell.replace(",", ".") for name, cell in other.items()
            }
    first = rows(folder / "nl" / "estimates.csv", delimiter=";")[0]
    assert (first["share"], first["n"]) == ("0,58", "66")
    assert first["concept_label"] == LABELS["concept"]["task_signalling"][language]
    assert first["base_label"] == LABELS["base"]["respondents"][language]


def test_a_word_that_looks_like_a_formula_is_a_word_in_every_copy(written):
    _, folder = written
    told = [rows(folder / "audit.csv"), rows(folder / "nl" / "audit.csv", delimiter=";")]
    assert [row["reason"] for (row,) in told] == ["'=1+1"] * 2


def test_the_package_describes_every_file_column_key_and_limit(written):
    language, folder = written
    package = read(folder / "datapackage.json")
    assert package["$schema"].endswith("2.0/datapackage.json") and package["licenses"][0]["name"] == "CC-BY-4.0"
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert {f"{name}.csv" for name in resources} | {"codebook.csv"} == {path.name for path in folder.glob("*.csv")}
    for name, resource in resources.items():
        heading = (folder / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == heading
        assert all(field["title"] and field["description"] for field in resource["schema"]["fields"])
        assert resource["title"] == codebook().tables[name].title[language]
        for key in resource["schema"].get("foreignKeys", []):
            there = {row[key["reference"]["fields"][0]] for row in rows(folder / f"{key['reference']['resource']}.csv")}
            assert {row[key["fields"][0]] for row in rows(folder / f"{name}.csv")} <= there
    fields = {field["name"]: field for field in resources["estimates"]["schema"]["fields"]}
    assert fields["share"]["constraints"] == {"required": False, "minimum": 0, "maximum": 1}
    assert fields["flag"]["constraints"]["enum"] == sorted(contracts.FLAGS)
    assert fields["source"]["constraints"]["enum"] == ["microdata", "published"]
    assert fields["df"]["constraints"] == {"required": False, "minimum": 0}
    foreign = {
        (name, key["fields"][0]) for name, one in resources.items() for key in one["schema"].get("foreignKeys", [])
    }
    assert foreign == {
        *((name, "concept") for name in ("estimates", "changes", "audit")),
        ("estimates", "base"),
        ("audit", "source"),
    }


def test_dcat_lists_every_csv_with_its_size_and_checksum(written):
    language, folder = written
    dataset = read(folder / "dcat.jsonld")
    listed = {one["@id"]: one for one in dataset["dcat:distribution"]}
    assert set(listed) == {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    for name, one in listed.items():
        content = (folder / name).read_bytes()
        assert one["dcat:byteSize"]["@value"] == str(len(content))
        assert one["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(content).hexdigest()
        assert one["dct:title"]["@language"] == language
    assert dataset["dct:temporal"]["dcat:startDate"]["@value"] == "2027"
    assert dataset["dct:license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    # nothing that an edition does not know
    assert not {"dct:publisher", "dcat:contactPoint", "dct:issued", "dct:identifier"} & set(dataset)


def test_the_crate_names_every_file_that_was_there(written):
    _, folder = written
    graph = {node["@id"]: node for node in read(folder / "ro-crate-metadata.json")["@graph"]}
    after = {"SHA256SUMS", "deposit.zip", "ro-crate-metadata.json"}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - after
    assert {part["@id"] for part in graph["./"]["hasPart"]} == there
    assert all(graph[name]["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in there)
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {one["@id"] for one in graph["./"]["isBasedOn"]} <= set(graph)


def test_the_archive_holds_every_file_and_its_checksum(written):
    _, folder = written
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines())
    with zipfile.ZipFile(folder / "deposit.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {*sums, "SHA256SUMS"}
        assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(sums) == there - {"SHA256SUMS", "deposit.zip"}


CRATE = "ro-crate-metadata.json"
OWN = Licence(name="Eigen voorwaarden", url="https://example.org/voorwaarden")


@pytest.mark.parametrize("licence", [None, OWN])
@pytest.mark.parametrize(
    ("language", "source_keeps"), [("nl", "blijven van hun bron"), ("en", "those of their source")]
)
def test_one_licence_stands_everywhere_and_says_what_it_is_on(tmp_path, licence, language, source_keeps):
    folder = tmp_path / "data"
    style = house_style().model_copy(update={"licence": licence}) if licence else None
    write_data(report(language=language), folder, style)
    name, url = (licence or house_style().licence).name, (licence or house_style().licence).url
    package, dcat, crate = (read(folder / f"{one}") for one in ("datapackage.json", "dcat.jsonld", CRATE))
    assert package["licenses"] == [{"title": name, "path": url} | ({} if licence else {"name": "CC-BY-4.0"})]
    assert {one["dct:license"]["@id"] for one in (dcat, *dcat["dcat:distribution"])} == {url}
    described = {one["@id"]: one for one in crate["@graph"]}
    assert described["./"]["license"] == {"@id": url} and described[url]["name"] == name
    text = (folder / "README.md").read_text("utf-8")
    assert f"[{name}]({url})" in text and source_keeps in text
    everything = "".join(
        path.read_text("utf-8")
        for path in folder.iterdir()
        if path.suffix in (".json", ".jsonld", ".md") and path.name != METHOD
    )
    assert ("creativecommons" in everything) == (licence is None)


def test_the_method_travels_with_the_data_and_leads_nowhere_that_did_not(written, root):
    _, folder = written
    text, own = (folder / METHOD).read_text("utf-8"), (root / METHOD).read_text("utf-8")
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert [one for one in targets if not one.startswith(("http", "#"))] == []
    assert [line for line in own.splitlines() if "](" not in line] == [
        line for line, given in zip(text.splitlines(), own.splitlines(), strict=True) if "](" not in given
    ]


SENDER = Sender(name="Een uitgever", url="https://example.org")
WHO = {
    "sender": SENDER,
    "contact": Contact(name="De redactie", email="redactie@example.org"),
    "published": datetime.date(2026, 11, 25),
    "address": "https://doi.org/10.1/x",
}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "publisher contactPoint identifier issued"),
        (("sender",), "contactPoint identifier issued"),
        (("sender", "published"), "contactPoint identifier"),
        (("sender", "contact", "published", "address"), ""),
    ],
)
def test_publisher_and_date_stand_where_the_style_gives_them(tmp_path, given, missing):
    style = house_style().model_copy(update={name: WHO[name] for name in given})
    write_data(report(language="en"), tmp_path / "data", style)
    package, dataset, crate = (read(tmp_path / "data" / one) for one in ("datapackage.json", "dcat.jsonld", CRATE))
    described = {one["@id"]: one for one in crate["@graph"]}
    fields = {"dct:publisher": "sender", "dcat:contactPoint": "contact", "dct:identifier": "address"}
    fields["dct:issued"] = "published"
    assert {fields[name] for name in fields if name in dataset} == set(given)
    assert ("contributors" in package) == ("publisher" in described["./"]) == ("sender" in given)
    if "sender" in given:
        assert described[described["./"]["publisher"]["@id"]]["name"] == "Een uitgever"
    assert described["./"].get("datePublished") == ("2026-11-25" if "published" in given else None)
    text = (tmp_path / "data" / "README.md").read_text("utf-8")
    assert ("To be filled in" in text) == bool(missing)
    assert re.findall(r"\((?:dct|dcat):(\w+)\)", text) == missing.split()
    assert citation(report(language="en"), style).text in text


def test_two_times_the_same_report_is_the_same_bytes(written, tmp_path):
    language, folder = written
    write_data(report(language=language), tmp_path / "data")
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / "data" / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_the_readme_names_every_file_and_source(written):
    _, folder = written
    text = (folder / "README.md").read_text("utf-8")
    named = {path.name for path in folder.iterdir() if path.is_file()} - {"README.md"}
    assert [name for name in named if name not in text] == []
    assert "nl/*.csv" in text and "Een rapport: <https://www.voorbeeld.nl/rapport>" in text


def test_the_codebook_has_a_row_for_each_column_and_code(written):
    _, folder = written
    listed = rows(folder / "codebook.csv")
    tables = tables_of(report())
    assert {(row["table"], row["column"]) for row in listed} == {(name, one) for name in tables for one in tables[name]}
    assert [row["code"] for row in listed if (row["table"], row["column"]) == ("changes", "conclusion")] == ["rose"]
    assert all(row["title"] and row["description"] for row in listed)
    page = (folder / "codebook.md").read_text("utf-8")
    assert all(f"`{row['column']}`" in page for row in listed) and "`rose`" in page


def test_invented_answers_are_called_so_in_every_file_that_has_words(tmp_path):
    mark = "verzonnen antwoorden"
    built = made({"table_task": [share("task_signalling", 0.58, 0.5, 0.65, source="synthetic")]}, source="synthetic")
    origin = Origin(held_by="x", fieldwork="x", report="Echt rapport", published="x", url="https://www.voorbeeld.nl")
    built = built.model_copy(update={"cover": built.cover.model_copy(update={"origin": origin})})
    write_data(built, tmp_path / "data")
    package = read(tmp_path / "data" / "datapackage.json")
    assert all(mark in resource["title"] for resource in package["resources"]) and package["sources"] == []
    fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert fields["source"]["constraints"]["enum"] == ["synthetic"]
    assert mark in (tmp_path / "data" / "README.md").read_text("utf-8")
    titles = [one["dct:title"]["@value"] for one in read(tmp_path / "data" / "dcat.jsonld")["dcat:distribution"]]
    assert all(mark in title for title in titles)
    assert "Echt rapport" not in "".join(
        path.read_text("utf-8") for path in (tmp_path / "data").glob("*.*") if path.suffix != ".zip"
    )


def test_without_an_audit_the_source_is_the_report_of_the_wave(tmp_path):
    origin = Origin(held_by="x", fieldwork="x", report="Het rapport", published="x", url="https://www.voorbeeld.nl")
    built = made({"table_task": [share("task_signalling", 0.58, 0.5, 0.65)]}, origin=origin)
    write_data(built, tmp_path / "data")
    assert read(tmp_path / "data" / "datapackage.json")["sources"] == [
        {"title": "Het rapport", "path": "https://www.voorbeeld.nl"}
    ]
    assert "sources.csv" not in {path.name for path in (tmp_path / "data").iterdir()}


def test_a_slug_without_words_stands_for_itself(tmp_path):
    write_data(made({"table_task": [share("task_signalling", 0.58, 0.5, 0.65)]}, labels={}), tmp_path / "data")
    assert rows(tmp_path / "data" / "concepts.csv") == [
        dict.fromkeys(("concept", "label_nl", "label_en"), "task_signalling")
    ]
