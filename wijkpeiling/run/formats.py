"""The files of each format, made of the model of a report alone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wijkpeiling.charts.style import Style
    from wijkpeiling.present.blocks import Drawings
    from wijkpeiling.report.model import Report


class Given(NamedTuple):
    """What every format is made of, and the folder that it goes into.

    Attributes
    ----------
    drawings
        Of each chart, by its id.
    formats
        That are asked for: the page names the files that stand beside it.
    """

    report: "Report"
    drawings: "dict[str, Drawings]"
    style: "Style"
    formats: list[str]
    folder: Path


def write_formats(given: Given) -> None:
    """Write the figures, and the files of each format that is asked for; ``data`` is written with the model."""
    (given.folder / "figures").mkdir()
    for name, drawn in given.drawings.items():
        (given.folder / "figures" / f"{name}.svg").write_text(drawn.wide, encoding="utf-8")
    for name in given.formats:
        if name in WRITERS:
            WRITERS[name](given)


def _html(given: Given) -> None:
    from wijkpeiling.report.data import shown_contracts
    from wijkpeiling.report.page import render_page

    data_files = shown_contracts(given.report) if "data" in given.formats else []
    page = render_page(given.report, drawings=given.drawings, style=given.style, data_files=data_files)
    (given.folder / "index.html").write_text(page, encoding="utf-8")


def _pdf(given: Given) -> None:
    from wijkpeiling.report.pdf import render_pdf

    content = render_pdf(given.report, drawings=given.drawings, style=given.style)
    (given.folder / "report.pdf").write_bytes(content)


def _infographic(given: Given) -> None:
    from wijkpeiling.report.infographic import FORMS, render_infographic

    for form in FORMS:
        content = render_infographic(given.report, style=given.style, form=form)
        (given.folder / f"infographic.{form}").write_bytes(content)


def _docx(given: Given) -> None:
    from wijkpeiling.report.word import render_word

    content = render_word(given.report, drawings=given.drawings, style=given.style)
    (given.folder / "report.docx").write_bytes(content)


def _xlsx(given: Given) -> None:
    from wijkpeiling.report.workbook import render_workbook

    (given.folder / "tables.xlsx").write_bytes(render_workbook(given.report))


def _article(given: Given) -> None:
    from wijkpeiling.report.article import write_article
    from wijkpeiling.report.news import article_of

    article = article_of(given.report)
    if article:
        write_article(article, given.folder)


WRITERS: dict[str, Callable[[Given], None]] = {
    "html": _html,
    "pdf": _pdf,
    "infographic": _infographic,
    "docx": _docx,
    "xlsx": _xlsx,
    "article": _article,
}
