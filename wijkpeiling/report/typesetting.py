"""The door to typst: a template of this room and what it reads, as a document; no typst is written by Python."""

import json
from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any, Literal

from wijkpeiling.errors import ReportError
from wijkpeiling.extras import PUBLISH, library

# points of a screen to the inch, twice: a picture that stays sharp on most of them
PPI = 192


def typeset(
    template: str,
    given: Mapping[str, Any],
    figures: Mapping[str, str] | None = None,
    *,
    form: Literal["pdf", "svg", "png"] = "pdf",
    standard: str | None = None,
) -> bytes:
    """Set a template.

    Parameters
    ----------
    template
        Name of a file in ``templates``.
    given
        What the template reads, as values of JSON by the name of the file: ``json("report.json")``. Text in it stays
        text, whatever signs it has.
    figures
        SVG documents by the id of their chart: ``image("figures/ID.svg")``.
    form
        Of the document; only a PDF can have more than one page.
    standard
        That a PDF declares, such as ``ua-1``; typst refuses a document that does not follow it.

    Raises
    ------
    ReportError
        When typst is not installed, refuses the document or warns of anything, such as a font that is not there; for a
        picture of more than one page.
    """
    typst = library("typst", "setting a PDF or an infographic", ReportError, PUBLISH)
    room = files("wijkpeiling.report").joinpath("templates")
    known = {"main.typ": room.joinpath(template).read_bytes()}
    known |= {f"{name}.json": json.dumps(value, ensure_ascii=False).encode() for name, value in given.items()}
    known |= {f"figures/{name}.svg": drawn.encode() for name, drawn in (figures or {}).items()}
    options = {"pdf_standards": [standard] if standard else None, "ppi": PPI if form == "png" else None}
    with as_file(files("wijkpeiling.charts").joinpath("fonts")) as fonts:
        # nobody's own fonts get into a publication
        compiler = typst.Compiler(known, font_paths=[str(fonts)], ignore_system_fonts=True)
        try:
            document, warnings = compiler.compile_with_warnings(format=form, **options)
        except typst.TypstError as refusal:
            raise _refused(template, refusal) from None
    if warnings:
        raise _refused(template, warnings[0])
    if not isinstance(document, bytes):
        raise ReportError(
            f"{len(document)} pages", where=template, expected="a picture of one page", todo="show fewer rows"
        )
    return document


def _refused(template: str, told: Any) -> ReportError:
    """What typst says against a document: it names the text that its fonts cannot show, or the heading that jumps."""
    hint = "; ".join(told.hints)
    return ReportError(
        f"typst: {told.message}",
        where=f"wijkpeiling/report/templates/{template}",
        expected=hint or "a document without a warning",
        todo="correct the text or the template",
    )
