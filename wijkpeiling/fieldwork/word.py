"""The questionnaire in Word, for reading along: numbered questions, their answers, and in words who is asked."""

import io
from typing import Any

from wijkpeiling.errors import InstrumentError
from wijkpeiling.extras import library
from wijkpeiling.fieldwork.form import Form, Posed, form_of
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.language import say
from wijkpeiling.project import Project
from wijkpeiling.report.word_styles import prepare

# before what one ticks: a box where several can be ticked, a circle where one is chosen
BOXES = {"multiple": "☐", "single": "○", "yes_no": "○"}
INDENT_MM = 8
LINES_OF_OWN_WORDS = 4


def to_docx(questionnaire: Questionnaire, wave: int, project: Project, language: str = "nl") -> bytes:
    """The questionnaire of a wave as a Word document (``.docx``) in one language.

    Raises
    ------
    InstrumentError
        For what cannot be put to anybody (`form_of`).
    """
    form = form_of(questionnaire, wave, project)
    document = library("docx", "writing a Word document", InstrumentError).Document()
    prepare(document, form.title[language], language)
    _add_footer(document, form.title[language])
    document.add_paragraph(form.title[language], style="Title")
    for paragraph in _paragraphs(form.introduction[language] if form.introduction else ""):
        document.add_paragraph(paragraph)
    document.add_paragraph(say(language, "field_read_along")).runs[0].italic = True
    for number, posed in enumerate(form.questions, start=1):
        _add_question(document, form, posed, number, language)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _add_question(document: Any, form: Form, posed: Posed, number: int, language: str) -> None:
    from docx.shared import Pt

    document.add_heading(f"{number}. {' '.join(_paragraphs(posed.wording[language]))}", level=1)
    notes = []
    if posed.condition:
        notes.append(form.who(posed.condition, language))
    if posed.type == "multiple":
        notes.append(say(language, "field_several"))
    if posed.type == "dropdown":
        notes.append(say(language, "field_from_list"))
    if notes:
        note = document.add_paragraph(" ".join(notes))
        note.runs[0].italic = True
        note.paragraph_format.keep_with_next, note.paragraph_format.space_after = True, Pt(4)
    if posed.type in BOXES:
        _add_options(document, posed, language)
    else:
        _add_room(document, 1 if posed.is_required else LINES_OF_OWN_WORDS)


def _add_options(document: Any, posed: Posed, language: str) -> None:
    from docx.shared import Mm, Pt

    for place, option in enumerate(posed.options.values(), start=1):
        label = option.label[language]
        told = say(language, "field_alone", label=label) if option.is_exclusive else label
        paragraph = document.add_paragraph(f"{BOXES[posed.type]}\t{told}")
        form = paragraph.paragraph_format
        form.left_indent, form.first_line_indent, form.space_after = Mm(INDENT_MM), Mm(-INDENT_MM), Pt(2)
        form.tab_stops.add_tab_stop(Mm(INDENT_MM))
        # a question and its answers stand on one page
        form.keep_with_next = place < len(posed.options)


def _add_room(document: Any, lines: int) -> None:
    """A frame to write in."""
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    for _ in range(lines):
        paragraph.add_run().add_break()
    for edge in ("top", "left", "bottom", "right"):
        paragraph.paragraph_format.borders[edge].size = Pt(0.5)
        paragraph.paragraph_format.borders[edge].space = Pt(4)


def _add_footer(document: Any, title: str) -> None:
    from docx import fields

    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run(f"{title} – ")
    footer.add_field(fields.page_number())


def _paragraphs(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
