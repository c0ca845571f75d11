"""The infographic: one sheet with the news of an edition, which says itself where its numbers come from."""

from html import escape
from typing import Literal, get_args

from wijkpeiling.charts.style import Style
from wijkpeiling.report.model import Report
from wijkpeiling.report.pdf import STANDARD
from wijkpeiling.report.sheet import Sheet, sheet_of
from wijkpeiling.report.typesetting import typeset

Form = Literal["svg", "png", "pdf"]
FORMS: tuple[Form, ...] = get_args(Form)


def render_infographic(report: Report, *, style: Style, form: Form) -> bytes:
    """The news of a report on one sheet of A4: an SVG with a title and a description, a PNG, or a tagged PDF.

    Raises
    ------
    ReportError
        When typst is not installed, or the sheet does not fit on its page at any size that can be read.
    """
    sheet = sheet_of(report)
    given = {"sheet": sheet.model_dump(mode="json") | {"alt": sheet.alt}}
    drawn = typeset("infographic.typ", given, style=style, form=form, standard=STANDARD if form == "pdf" else None)
    return _described(drawn, sheet) if form == "svg" else drawn


def _described(svg: bytes, sheet: Sheet) -> bytes:
    """The drawing with what it says in words: typst draws its text as shapes."""
    opening, rest = svg.split(b">", 1)
    words = f"<title>{escape(sheet.title)}</title><desc>{escape(sheet.alt)}</desc>"
    return opening + f' role="img" lang="{sheet.language}">{words}'.encode() + rest
