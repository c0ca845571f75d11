"""The report as a PDF: a few pages for readers and the full report behind them, tagged for screen readers."""

import io
from importlib.metadata import version
from typing import Any

from wijkpeiling.charts.style import Style
from wijkpeiling.errors import ReportError
from wijkpeiling.extras import PUBLISH, library
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Drawings
from wijkpeiling.report.citation import citation
from wijkpeiling.report.layout import sentences_of
from wijkpeiling.report.model import Report
from wijkpeiling.report.prose import read_prose
from wijkpeiling.report.terms import terms_of, written_out
from wijkpeiling.report.titles import titles_of
from wijkpeiling.report.typesetting import typeset

# what the PDF declares: ISO 14289-1, of which typst checks what a program can
STANDARD = "ua-1"
# words of the template, by their key
WORDS = {
    "contents": "page_contents",
    "advice": "word_advice",
    "editorial": "word_editorial",
    "fieldwork": "page_fieldwork",
    "full": "pdf_full",
    "invented": "pdf_invented",
    "cite": "page_cite",
    "item": "concept_column",
    "in_dutch": "page_in_dutch",
    "interpretation": "word_interpretation",
    "method": "pdf_method",
    "not_from_figures": "word_editorial_note",
    "of": "pdf_of",
    "page": "pdf_page",
    "related": "word_related",
    "report": "page_report",
    "same_numbers": "pdf_same_numbers",
    "summary": "page_summary",
    "table": "pdf_table",
    "terms": "page_terms",
}


def render_pdf(report: Report, *, drawings: dict[str, Drawings], style: Style) -> bytes:
    """The report as a PDF in A4 that declares PDF/UA-1; the same bytes for the same report.

    Parameters
    ----------
    drawings
        Of each chart, by its id.
    style
        Colours, fonts, sender and logo of the pages; those of the drawings are in them.

    Raises
    ------
    ReportError
        When typst or pikepdf is not installed, for a picture in a notebook's text, and for what typst refuses: a
        character that no font has, a heading that skips a level.

    Notes
    -----
    What declares a standard is not thereby validated: the tests hold what a program can see of it.
    """
    figures = {name: drawn.wide for name, drawn in drawings.items()}
    return _head_rows(typeset("report.typ", _given(report, style), figures, style=style, standard=STANDARD))


def _given(report: Report, style: Style) -> dict[str, Any]:
    """What ``report.typ`` reads, by the name of the file."""
    words = {name: say(report.language, key) for name, key in WORDS.items()}
    words["made"] = say(report.language, "page_made", version=version("wijkpeiling"))
    words["citation"] = citation(report, style).text
    if report.cover.origin:
        words["held_by"] = written_out(report.cover.origin.held_by, report.language)
    return {
        # where its numbers come from is told on the page
        "report": report.model_dump(mode="json", exclude={"sections": {"__all__": {"blocks": {"__all__": {"why"}}}}}),
        "prose": _prose(report),
        "readings": {chart.id: sentences_of(chart) for chart in report.charts},
        "terms": [{"name": term.name, "means": term.means} for term in terms_of(report)],
        "titles": titles_of(report),
        "heads": {section.id: {"heading": section.heading, "topic": section.topic} for section in report.sections},
        "words": words,
    }


def _prose(report: Report) -> list[list[Any]]:
    """The tokens of each block of prose, in the place that it has in the report."""
    return [
        [read_prose(block.text, section.id) if block.kind == "prose" else None for block in section.blocks]
        for section in report.sections
    ]


def _head_rows(document: bytes) -> bytes:
    """The same PDF in which the first cell of a row heads it: typst's binding has heads of columns only."""
    pikepdf = library("pikepdf", "marking the heads of rows in a PDF", ReportError, PUBLISH)
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        tags = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        for row in (row for tag in tags if tag.S == "/TBody" for row in tag.K):
            for cell in row.K:
                # a list of heads, which names those of columns alone, would go before what the scopes say
                cell.A = pikepdf.Array(one for one in cell.get("/A", []) if one.O != "/Table")
            row.K[0].S = pikepdf.Name.TH
            row.K[0].A.append(pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row))
        pdf.save(written, deterministic_id=True)
    return written.getvalue()
