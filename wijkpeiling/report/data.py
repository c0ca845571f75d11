"""The edition's data: the contracts as CSV, their words, and what other programs and archives need to know of them.

The files of the contracts follow them to the letter. Words stand in tables of their own, that the contracts refer to;
the copies in ``nl/`` are for Dutch Excel, with the words beside the slugs.
"""

import json
import re
from pathlib import Path

import pandas as pd

from wijkpeiling.charts.style import Style, house_style
from wijkpeiling.contracts import CONTRACTS, Contract, check
from wijkpeiling.errors import ReportError
from wijkpeiling.files import shipped
from wijkpeiling.language import say
from wijkpeiling.records import Text
from wijkpeiling.report import metadata
from wijkpeiling.report.codebook import LANGUAGES, codes_of, described
from wijkpeiling.report.deposit import write_deposit
from wijkpeiling.report.model import Report
from wijkpeiling.spreadsheets import as_text

# for Excel that is set to Dutch: it takes a comma for the sign of decimals, and UTF-8 only with a byte order mark
DUTCH = {"sep": ";", "decimal": ",", "encoding": "utf-8-sig", "lineterminator": "\r\n"}
# columns of slugs that have a table of words, by the name of that table
SLUGS = {"concept": "concepts", "base": "bases"}
# the method that the numbers rest on, and its links into folders of the project, which an edition has not
METHOD = "METHOD.md"
_INTO_PROJECT = re.compile(r"\[([^\]]+)\]\((?!https?:|#)[^)]*\)")


def write_data(report: Report, folder: Path, style: Style | None = None) -> None:
    """Write a CSV for each contract that the report has rows of, with words, method, metadata, and an archive of all.

    The rows are those behind the tables, each once, in the order of the report, at full precision.

    Parameters
    ----------
    style
        Who brings them out, when, and under which licence; None for the house style. The licence is on what the edition
        made: percentages that a publication gave stay under the terms of their source, and ``README.md`` says so.

    Notes
    -----
    ``datapackage.json`` follows Data Package 2.0. ``dcat.jsonld`` has the fields of DCAT-AP-NL that an edition knows,
    and ``ro-crate-metadata.json`` those of RO-Crate 1.1. What the style does not give is for whoever deposits it.
    """
    folder.mkdir()
    tables, style = tables_of(report), style or house_style()
    for name, table in tables.items():
        _escaped(table).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    if tables:
        _write_dutch(report, tables, folder / "nl")
        _escaped(described(tables, report.language)).to_csv(folder / "codebook.csv", index=False, lineterminator="\n")
        _write_text(folder / "codebook.md", metadata.codebook_page(report, tables))
        _write_text(folder / "README.md", metadata.readme(report, tables, style))
        _write_text(folder / METHOD, method())
    _write_json(folder / "datapackage.json", metadata.data_package(report, tables, style))
    if tables:
        # they list the files that stand there
        _write_json(folder / "dcat.jsonld", metadata.dcat(report, tables, folder, style))
        _write_json(folder / "ro-crate-metadata.json", metadata.ro_crate(report, tables, folder, style))
        write_deposit(folder)


def method() -> str:
    """METHOD.md of the package as it travels with the data."""
    return _INTO_PROJECT.sub(r"\1", (shipped() / METHOD).read_text(encoding="utf-8"))


def shown_contracts(report: Report) -> list[str]:
    """Names of the contracts that the report's tables are made of, in their own order."""
    shown = {table.contract for table in report.tables if table.records}
    return [name for name in CONTRACTS if name in shown]


def tables_of(report: Report) -> dict[str, pd.DataFrame]:
    """The tables of the data, by name: the contracts, and after them the words of what they hold; none without rows.

    Raises
    ------
    ReportError
        Where two tables of the report disagree on a row.
    """
    tables = {
        name: check(_rows(report, CONTRACTS[name]), CONTRACTS[name], ReportError) for name in shown_contracts(report)
    }
    if not tables:
        return {}
    words = {name: _words(report, tables, column) for column, name in SLUGS.items()}
    codes = [(found.column, found.code, *_both(found.label)) for found in codes_of(tables)]
    words["codes"] = pd.DataFrame(codes, columns=["column", "code", *_labels()])
    if "audit" in tables:
        words["sources"] = tables["audit"][["source", "source_url"]].drop_duplicates(ignore_index=True)
    return tables | {name: table for name, table in words.items() if len(table)}


def _rows(report: Report, contract: Contract) -> pd.DataFrame:
    records = [record for table in report.tables if table.contract == contract.name for record in table.records]
    rows = pd.DataFrame(records, columns=contract.columns).convert_dtypes()
    return rows.drop_duplicates() if contract.key else rows


def _words(report: Report, tables: dict[str, pd.DataFrame], column: str) -> pd.DataFrame:
    """What the slugs of a column stand for, those that the tables hold, in the order of the project."""
    held = {slug for table in tables.values() if column in table for slug in table[column].dropna()}
    known = report.cover.labels.get(column, {})
    unknown = {slug: _not_known(column, slug) for slug in sorted(held - set(known))}
    rows = [(slug, *_both(text)) for slug, text in (known | unknown).items() if slug in held]
    return pd.DataFrame(rows, columns=[column, *_labels()])


def _not_known(column: str, slug: str) -> Text:
    is_open = column == "base" and slug == "unknown"
    return Text(**{language: say(language, "not_known") if is_open else slug for language in LANGUAGES})


def _both(text: Text) -> list[str]:
    return [text[language] for language in LANGUAGES]


def _labels() -> list[str]:
    return [f"label_{language}" for language in LANGUAGES]


def _escaped(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its words as a spreadsheet takes them for words."""
    words = list(table.select_dtypes(["string", "object"]).columns)
    return table.assign(**{name: table[name].map(as_text, na_action="ignore") for name in words})


def _write_dutch(report: Report, tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Each table for Dutch Excel, with a column of words behind each column of slugs."""
    folder.mkdir()
    for name, table in tables.items():
        copy = _escaped(table)
        for column, words in SLUGS.items():
            if column in copy and words != name:
                labels = tables[words].set_index(column)[f"label_{report.language}"]
                copy.insert(copy.columns.get_loc(column) + 1, f"{column}_label", copy[column].map(labels))
        copy.to_csv(folder / f"{name}.csv", index=False, **DUTCH)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _write_json(path: Path, content: dict) -> None:
    _write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
