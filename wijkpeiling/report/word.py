"""The report in Word, for an editor to work in: plain styles, and numbers and references that survive editing."""

import io
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from wijkpeiling.charts.draw import draw_png
from wijkpeiling.charts.style import Style
from wijkpeiling.language import say
from wijkpeiling.present.blocks import WIDE, Chart, Drawings, Sentence, Table
from wijkpeiling.present.blocks import Prose as ProseBlock
from wijkpeiling.report.model import Report, Section
from wijkpeiling.report.office import described, headings, numbers, origin_of, storable
from wijkpeiling.report.word_styles import TABLE_STYLE, TEXT_MM, new_document
from wijkpeiling.report.word_text import (
    Bookmarks,
    Heading,
    Prose,
    add_contents,
    add_number,
    add_reference,
)

# what a reference stands for while its sentence is worded
GAP = "\0"
IN_CONTENTS = 2
# of a column of a table, in characters: no narrower than its longest word, and no wider than this
WIDEST = 34


def render_word(report: Report, *, drawings: Mapping[str, Drawings], style: Style) -> bytes:
    """The report as a Word document (``.docx``): equal reports give equal bytes.

    Titles of tables and figures are captions with fields, so that they are numbered anew when one is added, and
    references to them follow. A figure is SVG with a PNG for programs that show none, and has its alternative text.

    Parameters
    ----------
    drawings
        Of each chart, by its id.
    style
        The colours of the styles; those of the drawings are in them.

    Raises
    ------
    ReportError
        When python-docx-ng is not installed, or for a picture in a notebook's text.
    """
    report = storable(report)
    document = new_document(report.cover.title, report.cover.subtitle, report.language, style)
    _Word(document, report, drawings, style).write()
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


class _Word:
    """The document that is being written."""

    def __init__(self, document: Any, report: Report, drawings: Mapping[str, Drawings], style: Style):
        self.document, self.report, self.drawings, self.style = document, report, drawings, style
        self.numbers, self.bookmarks = numbers(report), Bookmarks()
        self.headings: list[Heading] = []
        self.prose = Prose(document, self._note_heading)
        self.pictures = {chart.id: draw_png(chart.plot, WIDE, style, chart.mark) for chart in report.charts}

    def say(self, key: str, **values: object) -> str:
        return say(self.report.language, key, **values)

    def add(self, text: str, style: str | None = None) -> Any:
        return self.document.add_paragraph(text, style=style)

    def write(self) -> None:
        self._write_margins()
        self._write_cover()
        self.add(self.say("page_contents"), "TOC Heading")
        after_contents = self.add("")
        after_contents.paragraph_format.page_break_before = False
        self._write_summary()
        self._write_editorial()
        for section in self.report.sections:
            self._write_section(section)
        self.add(self.say("page_made", version=version("wijkpeiling")), "Note")
        add_contents(after_contents, [one for one in self.headings if one.level <= IN_CONTENTS])

    def _write_margins(self) -> None:
        """The mark of invented answers above every page, the title and the number of the page below it."""
        from docx import fields

        section = self.document.sections[0]
        if self.report.cover.source == "synthetic":
            section.header.paragraphs[0].text = self.say("office_invented")
            section.header.paragraphs[0].style = "Warning"
        footer = section.footer.paragraphs[0]
        footer.add_run(f"{self.report.cover.title}  \u2013  ")
        footer.add_field(fields.page_number(), simple=True, result="1")
        footer.add_run(" / ")
        footer.add_field(fields.page_count(), simple=True, result="1")

    def _write_cover(self) -> None:
        cover = self.report.cover
        self.add(cover.title, "Title")
        self.add(cover.subtitle, "Subtitle")
        if cover.source == "synthetic":
            self.add(self.say("office_invented"), "Warning")
        for sentence in cover.lead:
            self.add(sentence, "Lead")
        for figure in cover.key_figures:
            paragraph = self.add("", "Key Figure")
            paragraph.add_run(figure.value).bold = True
            paragraph.add_run(f" {figure.text}" + (f" ({figure.interval})" if figure.interval else ""))
        for chart in self.report.charts:
            if chart.id == cover.chart:
                self._write_picture(chart)
                caption = self.add("", "Figure Caption")
                self._refer(caption, "figure", chart.id)
                caption.add_run(f". {chart.caption}")
        for label, text in origin_of(self.report):
            self.add(f"{label}: {text}", "Note")

    def _write_summary(self) -> None:
        if self.report.summary:
            self._head(self.say("page_summary"), 1)
        for section, text in self.report.summary:
            paragraph = self.add(f"{text} (", "List Bullet")
            add_reference(paragraph, section.title, self.bookmarks.of("section", section.id))
            paragraph.add_run(")")

    def _write_editorial(self) -> None:
        editorial, language = self.report.editorial, self.report.language
        if editorial is None:
            return
        self._head(self.say("word_editorial"), 1)
        self.add(self.say("word_editorial_note"), "Note")
        if quote := editorial.quote:
            self.add(f"{quote.text[language]} \u2013 {quote.name}, {quote.role[language]}", "Quote")
        for key, text in (("word_interpretation", editorial.interpretation), ("word_advice", editorial.advice)):
            if text:
                self._head(self.say(key), 2)
                self.add(text[language])
        if editorial.related:
            self._head(self.say("word_related"), 2)
        for link in editorial.related:
            self.add("", "List Bullet").add_hyperlink(link.title[language], link.url)

    def _write_section(self, section: Section) -> None:
        self._head(section.title, 1, self.bookmarks.of("section", section.id))
        for block in section.blocks:
            if isinstance(block, ProseBlock):
                self.prose.add(block.text, section.id)
            elif isinstance(block, Sentence):
                self.add(block.text, "Finding")
            elif isinstance(block, Chart):
                self._write_chart(block)
            else:
                self._write_table(block)

    def _head(self, text: str, level: int, bookmark: str | None = None) -> None:
        self._note_heading(self.add(text, f"Heading {level}"), level, bookmark)

    def _note_heading(self, paragraph: Any, level: int, bookmark: str | None = None) -> None:
        bookmark = bookmark or self.bookmarks.of("heading", str(len(self.headings)))
        paragraph.add_bookmark(bookmark)
        self.headings.append(Heading(level, paragraph.text, bookmark))

    def _write_chart(self, chart: Chart) -> None:
        self._write_picture(chart)
        caption = self.add("", "Figure Caption")
        self._number(caption, "figure", chart)
        before, after = self.say("word_same_numbers", table=GAP).split(GAP)
        note = self.add(before, "Note")
        self._refer(note, "table", chart.table)
        note.add_run(after)

    def _write_picture(self, chart: Chart) -> None:
        from docx.shared import Mm

        svg, png = io.BytesIO(self.drawings[chart.id].wide.encode()), io.BytesIO(self.pictures[chart.id])
        run = self.add("", "Figure").add_run()
        run.add_picture(svg, width=Mm(TEXT_MM), description=chart.alt, svg_fallback=png)

    def _number(self, caption: Any, kind: str, block: Chart | Table) -> None:
        number = self._number_of(kind, block.id)
        add_number(caption, self.say(f"word_{kind}"), number, self.bookmarks.of(kind, block.id))
        caption.add_run(f". {block.caption}")

    def _refer(self, paragraph: Any, kind: str, id: str) -> None:
        text = f"{self.say(f'word_{kind}')} {self._number_of(kind, id)}"
        add_reference(paragraph, text, self.bookmarks.of(kind, id))

    def _number_of(self, kind: str, id: str) -> int:
        return {"figure": self.numbers.figures, "table": self.numbers.tables}[kind][id]

    def _write_table(self, block: Table) -> None:
        caption = self.add("", "Caption")
        self._number(caption, "table", block)
        caption.paragraph_format.keep_with_next = True
        rows = [headings(block), *block.texts]
        table = self.document.add_table(len(rows), len(block.columns), style=TABLE_STYLE)
        table.title, table.description = block.caption, described(block)
        look = table.look
        look.first_row = look.first_column = True
        look.last_row = look.last_column = look.horizontal_banding = look.vertical_banding = False
        table.autofit = False
        widths = _widths(rows)
        for row, texts in zip(table.rows, rows, strict=True):
            row.dont_split = True
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = width
                cell.paragraphs[0].style = "Table Text"
                cell.paragraphs[0].add_run(text)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        table.rows[0].repeat_as_header = True
        for note in block.notes:
            self.add(note, "Note")


def _widths(rows: list[tuple[str, ...]]) -> list[Any]:
    """Widths of columns by what stands in them, the whole as wide as the text."""
    from docx.shared import Mm

    asked = []
    for column in zip(*rows, strict=True):
        longest_word = max(len(word) for text in column for word in text.split() or [""])
        longest = max(map(len, column))
        asked.append(max(longest_word + 2, min(longest, WIDEST), 6))
    return [Mm(TEXT_MM * one / sum(asked)) for one in asked]
