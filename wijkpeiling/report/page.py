"""The web edition: a page and an audit, each one file, readable without a network, on a phone and on paper."""

import hashlib
import json
import re
from base64 import b64encode
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from mistune import HTMLRenderer, Markdown

from wijkpeiling import language as speak
from wijkpeiling.charts.style import Style
from wijkpeiling.errors import ReportError
from wijkpeiling.present.blocks import Drawings
from wijkpeiling.report.citation import citation
from wijkpeiling.report.drawing import in_page
from wijkpeiling.report.explained import explained
from wijkpeiling.report.hyphens import hyphened
from wijkpeiling.report.layout import (
    below,
    figures_of,
    is_number,
    kept_columns,
    lay_out,
    readings_of,
    respondents_of,
    source_of,
)
from wijkpeiling.report.model import Report
from wijkpeiling.report.prose import picture_in_text
from wijkpeiling.report.terms import Terms, written_out
from wijkpeiling.report.titles import Titles

PAGE, AUDIT_PAGE = "index.html", "audit.html"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# what can stand beside the page, in this order: the words for it, and its media type
BESIDE = {
    "report.pdf": ("page_file_report", "application/pdf"),
    "infographic.pdf": ("page_file_infographic", "application/pdf"),
    "report.docx": ("page_file_text", WORD),
    "tables.xlsx": ("page_file_tables", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "article.docx": ("page_file_article", WORD),
    "data/deposit.zip": ("page_file_deposit", "application/zip"),
}
# what comes with it, linked in its row
ALSO = {
    "infographic.pdf": {"infographic.svg": "SVG", "infographic.png": "PNG"},
    "article.docx": {"article.html": "HTML", "article.md": "Markdown"},
    "data/deposit.zip": {"data/README.md": "README", "data/datapackage.json": "Data Package"},
}
WEB = re.compile(r"https?://[^\s\"<>]+")


def render_page(
    report: Report,
    *,
    drawings: dict[str, Drawings],
    style: Style,
    data_files: list[str],
    beside: tuple[str, ...] = (),
    other_edition: str | None = None,
) -> str:
    """The report as an HTML page with its styles, fonts and charts in it.

    Parameters
    ----------
    drawings
        Of each chart, by its id, in the house style: the page gives them its own colours.
    style
        Colours of the page, and who brings it out.
    data_files
        Names of the data files that stand beside the page.
    beside
        Names of the files that stand beside it, of those in `BESIDE`.
    other_edition
        Name of the folder, beside that of the page, in which the edition in the other language stands if it is there.

    Raises
    ------
    ReportError
        For a picture in a notebook's text, and an address of the survey's report that is none of the web.
    jinja2.UndefinedError
        Never for a report that ``assemble`` made: the model has everything that the template names.
    """
    _check_address(report)
    return (
        environment(__package__)
        .get_template("page.html.j2")
        .render(
            **_common(report, drawings, style, "page.js"),
            data_files=data_files,
            beside=[(name, *BESIDE[name], ALSO.get(name, {})) for name in beside],
            other_edition=other_edition,
            dataset=_dataset(report, style, data_files),
        )
    )


def render_audit(report: Report, *, drawings: dict[str, Drawings], style: Style) -> str | None:
    """The audit as a page of its own, with a filter that needs no script; None for a report without one."""
    if lay_out(report).audit is None:
        return None
    return (
        environment(__package__)
        .get_template("audit.html.j2")
        .render(**_common(report, drawings, style, None, explains=False))
    )


def _common(
    report: Report, drawings: dict[str, Drawings], style: Style, script: str | None, *, explains: bool = True
) -> dict[str, Any]:
    layout, terms, titles = lay_out(report), Terms(report.language), Titles(report)
    return {
        "report": report,
        "shown": layout.main or next(iter(figures_of(report)), None),
        "language": report.language,
        "named": titles.mark,
        "mark": lambda text: titles.mark(text, terms.mark if explains else escape),
        "hyphened": lambda text: hyphened(text, report.language),
        "terms": terms,
        "cite": citation(report, style),
        "written_out": lambda text: written_out(text, report.language),
        "layout": layout,
        "say": lambda key, **values: speak.say(report.language, key, **values),
        "date": lambda day: speak.date(day, report.language),
        "version": version("wijkpeiling"),
        "drawings": {name: in_page(drawn, name) for name, drawn in drawings.items()},
        "source": lambda figure: source_of(report, figure, is_on_page=True),
        "readings": readings_of(layout),
        "respondents": lambda figure: respondents_of(report, figure),
        **dress(style, script),
    }


@cache
def environment(package: str) -> Environment:
    """The templates of a package, which may take ``head.html.j2`` and ``parts.html.j2`` of this one."""
    templates = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys([package, __package__])]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"markdown": _markdown}
    templates.globals |= {"kept_columns": kept_columns, "is_number": is_number, "below": below, "explained": explained}
    # a page that explains words, names publications in another language, or says where words break, has its own
    templates.globals |= {"mark": escape, "named": escape, "hyphened": str}
    return templates


def dress(style: Style, script: str | None = None) -> dict[str, object]:
    """What ``head.html.j2`` takes: colours, styles and fonts, so that a page needs no other file."""
    text = _resource("wijkpeiling.report", "templates", script).decode() if script else None
    return {
        "house": style,
        "colours": style.colours.model_dump(),
        "dark": style.dark.model_dump(),
        "style": _resource("wijkpeiling.report", "templates", "page.css").decode(),
        "fonts": _fonts(style),
        "script": Markup(text) if text else None,
        # the one script that may run on the page is this one, to the letter
        "script_hash": b64encode(hashlib.sha256(text.encode()).digest()).decode() if text else None,
    }


def _fonts(style: Style) -> list[tuple[int, str]]:
    if style.fonts is None:
        return [(weight, _font(name)) for weight, name in ((400, "Inter-Regular.woff2"), (600, "Inter-SemiBold.woff2"))]
    given = style.fonts
    return [(400, f"data:font/sfnt;base64,{given.regular}"), (600, f"data:font/sfnt;base64,{given.bold}")]


def _check_address(report: Report) -> None:
    origin = report.cover.origin
    if origin is not None and origin.url is not None and not WEB.fullmatch(origin.url):
        raise ReportError(
            f"cover.origin.url {origin.url} is no address of the web",
            where="the cover of the report",
            expected="http:// or https://",
            todo="correct it in the wave.yml of the wave, or leave it out",
        )


def _dataset(report: Report, style: Style, data_files: list[str]) -> Markup:
    """The edition as a Dataset of schema.org, in JSON-LD."""
    cover, base = report.cover, f"{style.address.rstrip('/')}/" if style.address else ""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": cover.title,
        "description": " ".join(cover.lead) or cover.subtitle,
        "inLanguage": report.language,
        "isAccessibleForFree": True,
        "url": style.address,
        "license": style.licence.url,
        "datePublished": style.published.isoformat() if style.published else None,
        "publisher": {"@type": "Organization", "name": style.sender.name, "url": style.sender.url}
        if style.sender
        else None,
        "creator": {"@type": "Organization", "name": cover.origin.held_by} if cover.origin else None,
        "isBasedOn": cover.origin.url if cover.origin else None,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": f"{base}data/{name}.csv"}
            for name in data_files
        ],
    }
    known = _without_gaps(described)
    # no text can end the element that holds it
    return Markup(json.dumps(known, ensure_ascii=False).replace("<", "\\u003c"))


def _without_gaps(described: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_gaps(value) if isinstance(value, dict) else value
        for name, value in described.items()
        if value not in (None, [])
    }


def _markdown(text: str, notebook: str) -> str:
    """Markdown of a notebook as HTML."""
    return str(Markdown(_Prose(notebook))(text))


class _Prose(HTMLRenderer):
    """Headings one level lower, below the section's own title; HTML as text; no pictures."""

    def __init__(self, notebook: str):
        super().__init__(escape=True)
        self.notebook = notebook

    def heading(self, text: str, level: int, **attrs: object) -> str:
        return super().heading(text, level + 1, **attrs)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        raise picture_in_text(url, self.notebook)


@cache
def _font(name: str) -> str:
    return "data:font/woff2;base64," + b64encode(_resource("wijkpeiling.charts", "fonts", name)).decode()


def _resource(package: str, *path: str) -> bytes:
    return files(package).joinpath(*path).read_bytes()
