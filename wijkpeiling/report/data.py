"""The edition's data: the contracts as CSV, described so that other programs can read them."""

import json
from pathlib import Path

import pandas as pd

from wijkpeiling.contracts import CONTRACTS, Contract, check
from wijkpeiling.errors import ReportError
from wijkpeiling.report.model import Report

# what a formula begins with, in one spreadsheet or another
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TYPES = {"Int64": "integer", "Float64": "number", "boolean": "boolean"}


def write_data(report: Report, folder: Path) -> None:
    """Write a CSV for each contract that the report has rows of, and ``datapackage.json``.

    The rows are those behind the tables, each once, in the order of the report, at full precision.
    """
    folder.mkdir()
    for name in shown_contracts(report):
        table = check(_rows(report, CONTRACTS[name]), CONTRACTS[name], ReportError)
        words = table.select_dtypes(["string", "object"]).columns
        table[words] = table[words].map(_as_text, na_action="ignore")
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    package = _describe(report)
    (folder / "datapackage.json").write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _as_text(cell: object) -> object:
    """A cell that a spreadsheet would take for a formula, with the ' in front that makes it text there."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def shown_contracts(report: Report) -> list[str]:
    """Names of the contracts that the report's tables are made of, in their own order."""
    shown = {table.contract for table in report.tables if table.records}
    return [name for name in CONTRACTS if name in shown]


def _rows(report: Report, contract: Contract) -> pd.DataFrame:
    records = [record for table in report.tables if table.contract == contract.name for record in table.records]
    rows = pd.DataFrame(records, columns=contract.columns).convert_dtypes()
    return rows.drop_duplicates() if contract.key else rows


def _describe(report: Report) -> dict:
    """A data package (Frictionless Table Schema)."""
    return {
        "name": "wijkpeiling",
        "title": report.cover.title,
        "description": report.cover.subtitle,
        "resources": [
            {
                "name": contract.name,
                "path": f"{contract.name}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": name, "type": _TYPES.get(str(column.dtype), "string")}
                        for name, column in contract.schema.columns.items()
                    ],
                    "missingValues": [""],
                    **({"primaryKey": list(contract.key)} if contract.key else {}),
                },
            }
            for contract in map(CONTRACTS.__getitem__, shown_contracts(report))
        ],
    }
