"""The files of each format, made of the model of a report alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from wijkpeiling.run.publications import PACKAGES

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
        That are asked for.
    other_language
        Name of the folder of the same edition in the other language, where there is such a name.
    """

    report: "Report"
    drawings: "dict[str, Drawings]"
    style: "Style"
    formats: list[str]
    folder: Path
    other_language: str | None = None


def write_formats(given: Given) -> None:
    """Write the figures, and the files of each format that is asked for; ``data`` is written with the model."""
    asked = [name for name in given.formats if name in WRITERS]
    with ThreadPoolExecutor(max_workers=1) as beside:
        # typst sets its pages beside the work of Python
        typeset = [beside.submit(WRITERS[name], given) for name in asked if name in TYPESET]
        _write_figures(given)
        for name in asked:
            if name not in {*TYPESET, "html"}:
                WRITERS[name](given)
    for done in typeset:
        done.result()
    # the page last, because it names the files that stand beside it
    if "html" in asked:
        WRITERS["html"](given)


def import_ahead(formats: list[str]) -> Thread:
    """Import what the formats take on a thread of its own, while notebooks run and this process waits for them.

    To be joined before the formats are written: two threads that import the same modules can see them half made.
    """
    ours = [f"wijkpeiling.{name}" for name in ("charts.draw", "report.data", "report.page")]
    others = [package for one in formats for package in PACKAGES.get(one, ())]
    imports = Thread(target=_import_all, args=([*ours, *others],), name="imports", daemon=True)
    imports.start()
    return imports


def _import_all(names: list[str]) -> None:
    for name in names:
        # whatever is the matter with one is told where it is used
        with suppress(Exception):
            import_module(name)


def _write_figures(given: Given) -> None:
    """Each figure with all that it needs to go without its page: SVG, PNG, and its table as CSV."""
    from wijkpeiling.report.drawing import alone, as_csv
    from wijkpeiling.report.layout import figures_of

    folder = given.folder / "figures"
    folder.mkdir()
    for figure in figures_of(given.report):
        drawn = alone(given.report, figure, given.style)
        (folder / f"{figure.chart.id}.svg").write_text(drawn.svg, encoding="utf-8")
        (folder / f"{figure.chart.id}.png").write_bytes(drawn.png)
        (folder / f"{figure.chart.id}.csv").write_bytes(as_csv(figure))


def _html(given: Given) -> None:
    from wijkpeiling.report.data import shown_contracts
    from wijkpeiling.report.page import AUDIT_PAGE, BESIDE, PAGE, render_audit, render_page

    drawings = _in_house_style(given)
    page = render_page(
        given.report,
        drawings=drawings,
        style=given.style,
        data_files=shown_contracts(given.report) if "data" in given.formats else [],
        beside=tuple(name for name in BESIDE if (given.folder / name).is_file()),
        other_edition=given.other_language,
    )
    (given.folder / PAGE).write_text(page, encoding="utf-8")
    audit = render_audit(given.report, drawings=drawings, style=given.style)
    if audit is not None:
        (given.folder / AUDIT_PAGE).write_text(audit, encoding="utf-8")


def _in_house_style(given: Given) -> "dict[str, Drawings]":
    """The drawings for a page, which has its own colours: only other letters are drawn anew for it."""
    from wijkpeiling.charts.style import house_style
    from wijkpeiling.report.model import draw_charts

    house = house_style()
    if (given.style.colours, given.style.fonts) == (house.colours, house.fonts):
        return given.drawings
    return draw_charts(given.report, house.model_copy(update={"fonts": given.style.fonts}))


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
        write_article(article, given.folder, given.style)


WRITERS: dict[str, Callable[[Given], None]] = {
    "html": _html,
    "pdf": _pdf,
    "infographic": _infographic,
    "docx": _docx,
    "xlsx": _xlsx,
    "article": _article,
}
# those that typst makes
TYPESET = ("pdf", "infographic")
