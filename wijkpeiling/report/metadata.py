"""What other programs and archives need to know of an edition's data, and what people read first.

Only what an edition knows is filled in: publisher, contact, identifier and date where its style gives them.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from wijkpeiling.charts.style import Licence, Sender, Style
from wijkpeiling.contracts import CONTRACTS
from wijkpeiling.language import listing, say
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.report.citation import citation
from wijkpeiling.report.codebook import codebook
from wijkpeiling.report.deposit import files_of, sha256
from wijkpeiling.report.model import Report

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
# licences that programs know by a name, by their address
LICENCE_NAMES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
}
EUROPE = "http://publications.europa.eu/resource/authority"
LANGUAGE_CODES = {"nl": "NLD", "en": "ENG"}
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
}
# columns that the rows of a table differ by, and columns whose values stand in another table
KEYS = {"concepts": ["concept"], "bases": ["base"], "codes": ["column", "code"]}
REFERRED = {"concept": "concepts", "base": "bases"}
_TYPES = {"Int64": "integer", "Float64": "number", "boolean": "boolean"}


def data_package(report: Report, tables: dict[str, pd.DataFrame], style: Style) -> dict[str, Any]:
    """The tables as a data package (Data Package 2.0), in the report's language."""
    return {
        "$schema": PROFILE,
        "name": "wijkpeiling",
        "title": report.cover.title,
        "description": report.cover.subtitle,
        "licenses": [_licence(style.licence)],
        **({"contributors": [{"title": style.sender.name, "roles": ["publisher"]}]} if style.sender else {}),
        "sources": _sources(report, tables),
        "resources": [_resource(report, name, tables) for name in tables],
    }


def _licence(licence: Licence) -> dict[str, str]:
    name = LICENCE_NAMES.get(licence.url)
    return ({"name": name} if name else {}) | {"title": licence.name, "path": licence.url}


def _sources(report: Report, tables: dict[str, pd.DataFrame]) -> list[dict[str, str]]:
    """The publications behind the figures; of invented answers there are none."""
    if "sources" in tables:
        listed = tables["sources"].itertuples()
        return [{"title": row.source} | _path(row.source_url) for row in listed]
    origin = report.cover.origin
    if origin is None or report.cover.source == "synthetic":
        return []
    return [{"title": origin.report} | _path(origin.url)]


def _path(url: Any) -> dict[str, str]:
    return {} if url is None or pd.isna(url) else {"path": url}


def _resource(report: Report, name: str, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    table, words = tables[name], codebook().tables[name]
    key = list(CONTRACTS[name].key) if name in CONTRACTS else KEYS.get(name, [])
    foreign = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other in REFERRED.items()
        if column in table and other != name
    ]
    if name == "audit":
        foreign.append({"fields": ["source"], "reference": {"resource": "sources", "fields": ["source"]}})
    return {
        "name": name,
        "type": "table",
        "title": _marked(report, words.title[report.language]),
        "description": words.description[report.language],
        "path": f"{name}.csv",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(report, name, column) for column in table.columns],
            "missingValues": [""],
            **({"primaryKey": key} if key else {}),
            **({"foreignKeys": foreign} if foreign else {}),
        },
    }


def _marked(report: Report, title: str) -> str:
    """A title that says so where the answers are invented, wherever the file goes."""
    return f"{title} ({say(report.language, 'synthetic_mark')})" if report.cover.source == "synthetic" else title


def _field(report: Report, table: str, column: str) -> dict[str, Any]:
    words = codebook().field(table, column)
    held = CONTRACTS[table].schema.columns[column] if table in CONTRACTS else None
    limits: dict[str, Any] = _limits(held) if held else {"required": column != "source_url"}
    if column == "source" and "enum" in limits:
        limits["enum"] = _sources_allowed(report, limits["enum"])
    return {
        "name": column,
        "type": _TYPES.get(str(held.dtype), "string") if held else "string",
        **({"format": "uri"} if column == "source_url" else {}),
        "title": words.title[report.language],
        "description": words.description[report.language],
        "constraints": limits,
    }


def _limits(column: pa.Column) -> dict[str, Any]:
    """What a contract asks of a column, as Table Schema says it."""
    limits: dict[str, Any] = {"required": not column.nullable}
    for check in column.checks:
        given = check.statistics or {}
        limits |= {
            ours: given[theirs]
            for ours, theirs in (("minimum", "min_value"), ("maximum", "max_value"))
            if theirs in given and abs(given[theirs]) != float("inf")
        }
        if "allowed_values" in given:
            limits["enum"] = sorted(given["allowed_values"])
    return limits


def _sources_allowed(report: Report, kinds: list[str]) -> list[str]:
    """Kinds of source that a document of the report's own may hold: real and invented figures never meet."""
    is_invented = report.cover.source == "synthetic"
    return [kind for kind in kinds if (kind == "synthetic") == is_invented]


def dcat(report: Report, tables: dict[str, pd.DataFrame], folder: Path, style: Style) -> dict[str, Any]:
    """The data as a dataset in JSON-LD, with the fields of DCAT-AP-NL that an edition knows."""
    language = report.language
    years = [int(year) for name in ("estimates", "audit") if name in tables for year in tables[name]["wave"]]
    period = {"dcat:startDate": _year(min(years)), "dcat:endDate": _year(max(years))} if years else {}
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "./",
        "@type": "dcat:Dataset",
        "dct:title": _said(report.cover.title, language),
        "dct:description": _said(report.cover.subtitle, language),
        "dct:language": {"@id": f"{EUROPE}/language/{LANGUAGE_CODES[language]}"},
        "dct:license": {"@id": style.licence.url},
        **_published(style),
        "dct:accessRights": {"@id": f"{EUROPE}/access-right/PUBLIC"},
        "dct:spatial": {"@id": f"{EUROPE}/country/NLD"},
        "dcat:theme": {"@id": f"{EUROPE}/data-theme/SOCI"},
        "dcat:keyword": [_said(word, language) for word in say(language, "data_keywords").split("|")],
        **({"dct:temporal": {"@type": "dct:PeriodOfTime", **period}} if period else {}),
        "dct:source": [{"@id": source["path"]} for source in _sources(report, tables) if "path" in source],
        "dcat:distribution": [
            _distribution(report, name, folder, style.licence) for name in files_of(folder) if name.endswith(".csv")
        ],
    }


def _published(style: Style) -> dict[str, Any]:
    """Who brings the data out, whom to ask, under which address and when, as DCAT says it: what the style gives."""
    sender, contact, day = style.sender, style.contact, style.published
    email = {"vcard:hasEmail": {"@id": f"mailto:{contact.email}"}} if contact and contact.email else {}
    given = {
        "dct:publisher": sender and {"@type": "foaf:Agent", "foaf:name": sender.name},
        "dcat:contactPoint": contact and {"@type": "vcard:Kind", "vcard:fn": contact.name, **email},
        "dct:identifier": style.address,
        "dct:issued": day and {"@type": "xsd:date", "@value": day.isoformat()},
    }
    return {name: value for name, value in given.items() if value}


def _missing(style: Style, language: str) -> list[str]:
    """What a register wants to know and the style does not give, each with its field of DCAT."""
    wanted = say(language, "data_readme_wanted").split("|")
    return [one for one in wanted if not any(f"({name})" in one for name in _published(style))]


def _said(text: str, language: str) -> dict[str, str]:
    return {"@value": text, "@language": language}


def _year(year: int) -> dict[str, str]:
    return {"@type": "xsd:gYear", "@value": str(year)}


def _distribution(report: Report, name: str, folder: Path, licence: Licence) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "dcat:Distribution",
        "dct:title": _said(_marked(report, _title(report, name)), report.language),
        "dct:license": {"@id": licence.url},
        "dct:format": {"@id": f"{EUROPE}/file-type/CSV"},
        "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
        "dcat:accessURL": {"@id": name},
        "dcat:downloadURL": {"@id": name},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str((folder / name).stat().st_size)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": sha256(folder / name)},
        },
    }


def _title(report: Report, name: str) -> str:
    """What a file is called: a table by its title, and that it is for Dutch Excel; any other by its name."""
    table = codebook().tables.get(Path(name).stem)
    if table is None or not name.endswith(".csv"):
        return say(report.language, "data_codebook") if Path(name).stem == "codebook" else Path(name).name
    title = table.title[report.language]
    return say(report.language, "data_dutch", title=title) if name.startswith("nl/") else title


def ro_crate(report: Report, tables: dict[str, pd.DataFrame], folder: Path, style: Style) -> dict[str, Any]:
    """The folder as a research object (RO-Crate 1.1), with publisher and date where the style gives them."""
    names, licence = files_of(folder), style.licence
    publishers = [_organization(style.sender)] if style.sender else []
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": report.cover.title,
                "description": report.cover.subtitle,
                "inLanguage": report.language,
                "license": {"@id": licence.url},
                **({"publisher": {"@id": publishers[0]["@id"]}} if publishers else {}),
                **({"datePublished": style.published.isoformat()} if style.published else {}),
                **({"identifier": style.address} if style.address else {}),
                "isBasedOn": [{"@id": source["path"]} for source in _sources(report, tables) if "path" in source],
                "hasPart": [{"@id": name} for name in names],
            },
            {"@id": licence.url, "@type": "CreativeWork", "name": licence.name},
            *publishers,
            *(
                {"@id": source["path"], "@type": "CreativeWork", "name": source["title"]}
                for source in {one["path"]: one for one in _sources(report, tables) if "path" in one}.values()
            ),
            *(_part(report, name, folder) for name in names),
        ],
    }


def _organization(sender: Sender) -> dict[str, str]:
    return {"@id": sender.url or "#publisher", "@type": "Organization", "name": sender.name}


def _part(report: Report, name: str, folder: Path) -> dict[str, str]:
    return {
        "@id": name,
        "@type": "File",
        "name": _marked(report, _title(report, name)),
        "encodingFormat": MEDIA_TYPES[Path(name).suffix],
        "contentSize": str((folder / name).stat().st_size),
        "sha256": sha256(folder / name),
    }


def readme(report: Report, tables: dict[str, pd.DataFrame], style: Style) -> str:
    """What stands in the folder, how to read and to cite it, under which licence, and what a publisher fills in."""
    language, licence = report.language, style.licence
    rows: list[Any] = [(f"{name}.csv", codebook().tables[name].description[language]) for name in tables]
    rows += [row.split("|") for row in say(language, "data_readme_others").split("||")]
    warning = ["**" + say(language, "data_readme_invented") + "**"] if report.cover.source == "synthetic" else []
    listed = [f"- {source['title']}{_link(source)}" for source in _sources(report, tables)]
    sources = [_head(language, "data_readme_sources"), "\n".join(listed)] if listed else []
    missing = listing(_missing(style, language), language)
    to_fill_in = [_head(language, "data_readme_fill_in"), say(language, "data_readme_fill_in_text", missing=missing)]
    parts = [
        f"# {report.cover.title}",
        report.cover.subtitle,
        *warning,
        _head(language, "data_readme_files"),
        _markdown_table(say(language, "data_readme_columns").split("|"), rows),
        say(language, "data_readme_reading"),
        say(language, "data_readme_not_validated"),
        _head(language, "data_readme_cite"),
        citation(report, style).text,
        _head(language, "data_readme_licence"),
        say(language, "data_readme_licence_text", title=licence.name, url=licence.url),
        *sources,
        *(to_fill_in if missing else []),
    ]
    return "\n\n".join(parts) + "\n"


def _head(language: str, key: str) -> str:
    return f"## {say(language, key)}"


def _link(source: dict[str, str]) -> str:
    return f": <{source['path']}>" if "path" in source else ""


def codebook_page(report: Report, tables: dict[str, pd.DataFrame]) -> str:
    """The codebook as Markdown: a table of columns for each table, and the codes that it holds."""
    language, words = report.language, codebook()
    parts = ["# " + say(language, "data_codebook") + f": {report.cover.title}"]
    columns, codes = (say(language, key).split("|") for key in ("data_codebook_columns", "data_codebook_codes"))
    for name, table in tables.items():
        rows = []
        for column in table.columns:
            field = words.field(name, column)
            rows.append((f"`{column}`", field.title[language], field.description[language]))
        described = words.tables[name]
        parts += [f"## {name}.csv: {described.title[language]}", described.description[language]]
        parts.append(_markdown_table(columns, rows))
    if "codes" in tables:
        held = tables["codes"][["column", "code", f"label_{language}"]].itertuples(index=False, name=None)
        rows = [(f"`{column}`", f"`{code}`", label) for column, code, label in held]
        parts += [_head(language, "data_codebook_codes_title"), _markdown_table(codes, rows)]
    return "\n\n".join(parts) + "\n"


def _markdown_table(heads: list[str], rows: list[Any]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") or EMPTY for cell in line) + " |" for line in lines
    )
