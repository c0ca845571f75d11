"""The report in Word, for an editor to work in: plain styles, and numbers and references that survive editing."""

import io
from collections.abc import Mapping
from importlib.metadata import version
from math import ceil, sqrt
from typing import Any

from wijkpeiling.charts.draw import draw_png
from wijkpeiling.charts.style import Style
from wijkpeiling.language import say
from wijkpeiling.present.blocks import WIDE, Chart, Drawings, Sentence, Table
from wijkpeiling.present.blocks import Prose as ProseBlock
from wijkpeiling.report.citation import citation
from wijkpeiling.report.model import Report, Section
from wijkpeiling.report.office import LONGEST_PROPERTY, cut, described, headings, numbers, origin_of, storable
from wijkpeiling.report.terms import terms_of
from wijkpeiling.report.word_styles import TABLE_STYLE, TABLE_TEXT_ID, TEXT_LYING_MM, TEXT_MM, new_document, turn_page
from wijkpeiling.report.word_text import (
    WEB,
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
# a figure leaves room on its page for what is said of it, that of the cover for more
TALLEST_MM, TALLEST_ON_COVER_MM = 190, 55
LABELS = {"figure": "word_figure", "table": "word_table"}
# of a table: a letter of its text, the edges of a cell, and the letters that a column makes room for
LETTER_MM, EDGES_MM, LONGEST_WORD = 1.6, 2.5, 21
# a table of at most so many lines stays on one page; one of so many lines and columns lies on its side
ON_ONE_PAGE, MANY_LINES, MANY_COLUMNS = 34, 50, 6


def render_word(report: Report, *, drawings: Mapping[str, Drawings], style: Style) -> bytes:
    """The report as a Word document (``.docx``): equal reports give equal bytes.

    Titles of tables and figures are captions with fields, so that they are numbered anew when one is added, and
    references to them follow. A figure is SVG with a PNG for programs that show none, and has its alternative text.

    Parameters
    ----------
    drawings
        Of each chart, by its id.
    style
        Colours and font of the styles, sender and logo; the colours of the drawings are in them.

    Raises
    ------
    ReportError
        When python-docx-ng is not installed, or for a picture in a notebook's text.
    """
    report = storable(report)
    document = new_document(report.cover.title, report.language, style)
    document.core_properties.subject = cut(report.cover.subtitle, LONGEST_PROPERTY)
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
        contents = self.add(self.say("page_contents"), "TOC Heading")
        # a cover with news is a page of its own
        contents.paragraph_format.page_break_before = bool(self.report.cover.lead)
        self._write_summary()
        self._write_editorial()
        for section in self.report.sections:
            self._write_section(section)
        self._write_terms()
        self.add(f"{self.say('page_cite')}: {citation(self.report, self.style).text}", "Note")
        self.add(self.say("page_made", version=version("wijkpeiling")), "Note")
        add_contents(contents, [one for one in self.headings if one.level <= IN_CONTENTS])

    def _write_margins(self) -> None:
        """The mark of invented answers above every page, the title and the number of the page below it."""
        from docx import fields

        section = self.document.sections[0]
        if self.report.cover.source == "synthetic":
            head = section.header.paragraphs[0]
            # below the sender
            warning = section.header.add_paragraph() if head.runs else head
            warning.text, warning.style = self.say("office_invented"), "Header Warning"
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
            paragraph.add_run(f" {figure.text}" + (f". {figure.interval}" if figure.interval else ""))
        for chart in self.report.charts:
            if chart.id == cover.chart:
                self._write_picture(chart, TALLEST_ON_COVER_MM)
                caption = self.add("", "Figure Caption")
                self._refer(caption, "figure", chart.id)
                caption.add_run(f". {chart.caption}")
        for label, text in origin_of(self.report):
            paragraph = self.add(f"{label}: ", "Note")
            if text.startswith(WEB):
                paragraph.add_hyperlink(text, text)
            else:
                paragraph.add_run(text)

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
        place = self.bookmarks.of("section", section.id)
        if section.topic:
            # the summary refers to it: a finding would say its own sentence again
            self.add(section.topic, "Topic").add_bookmark(place)
            self._head(section.heading, 1, below_topic=True)
        else:
            self._head(section.heading, 1, place)
        for block in section.blocks:
            if isinstance(block, ProseBlock):
                self.prose.add(block.text, section.id)
            elif isinstance(block, Sentence):
                self.add(block.text, "Finding")
            elif isinstance(block, Chart):
                self._write_chart(block)
            else:
                self._write_table(block)

    def _write_terms(self) -> None:
        explained = terms_of(self.report)
        if explained:
            self._head(self.say("page_terms"), 1)
        for term in explained:
            paragraph = self.add("")
            paragraph.add_run(term.name).bold = True
            paragraph.add_run(f": {term.means}")

    def _head(self, text: str, level: int, bookmark: str | None = None, *, below_topic: bool = False) -> None:
        heading = self.add(text, f"Heading {level}")
        if below_topic:
            heading.paragraph_format.space_before = 0
        self._note_heading(heading, level, bookmark)

    def _note_heading(self, paragraph: Any, level: int, bookmark: str | None = None) -> None:
        bookmark = bookmark or self.bookmarks.of("heading", str(len(self.headings)))
        paragraph.add_bookmark(bookmark)
        self.headings.append(Heading(level, paragraph.text, bookmark))

    def _write_chart(self, chart: Chart) -> None:
        self._write_picture(chart)
        caption = self.add("", "Figure Caption")
        self._number(caption, "figure", chart)
        for line in filter(None, (chart.subtitle, chart.reading)):
            self.add(line, "Note")
        before, after = self.say("word_same_numbers", table=GAP).split(GAP)
        note = self.add(before, "Note")
        self._refer(note, "table", chart.table)
        note.add_run(after)

    def _write_picture(self, chart: Chart, tallest: float = TALLEST_MM) -> None:
        from docx.shared import Mm

        svg, png = io.BytesIO(self.drawings[chart.id].wide.encode()), io.BytesIO(self.pictures[chart.id])
        run = self.add("", "Figure").add_run()
        picture = run.add_picture(svg, width=Mm(TEXT_MM), description=chart.alt, svg_fallback=png)
        smaller = min(1, Mm(tallest) / picture.height)
        picture.width, picture.height = round(picture.width * smaller), round(picture.height * smaller)

    def _number(self, caption: Any, kind: str, block: Chart | Table) -> None:
        number = self._number_of(kind, block.id)
        add_number(caption, self.say(LABELS[kind]), number, self.bookmarks.of(kind, block.id))
        caption.add_run(f". {block.caption}")

    def _refer(self, paragraph: Any, kind: str, id: str) -> None:
        text = f"{self.say(LABELS[kind])} {self._number_of(kind, id)}"
        add_reference(paragraph, text, self.bookmarks.of(kind, id))

    def _number_of(self, kind: str, id: str) -> int:
        return {"figure": self.numbers.figures, "table": self.numbers.tables}[kind][id]

    def _write_table(self, block: Table) -> None:
        rows = [headings(block), *block.texts]
        n_lines = _n_lines(rows, _widths(rows, TEXT_MM))
        lies = n_lines >= MANY_LINES and len(block.columns) >= MANY_COLUMNS
        if lies:
            turn_page(self.document)
        caption = self.add("", "Caption")
        self._number(caption, "table", block)
        caption.paragraph_format.keep_with_next = True
        table = self.document.add_table(len(rows), len(block.columns), style=TABLE_STYLE)
        table.title, table.description = block.caption, described(block)
        look = table.look
        look.first_row = look.first_column = True
        look.last_row = look.last_column = look.horizontal_banding = look.vertical_banding = False
        table.autofit = False
        _fill(table, rows, TEXT_LYING_MM if lies else TEXT_MM, stays_together=n_lines <= ON_ONE_PAGE)
        table.rows[0].repeat_as_header = True
        for note in block.notes:
            self.add(note, "Note")
        if lies:
            turn_page(self.document)


def _fill(table: Any, rows: list[tuple[str, ...]], whole: float, *, stays_together: bool) -> None:
    """Write texts into the cells of a table so many mm wide."""
    from docx.shared import Mm

    widths = [Mm(width) for width in _widths(rows, whole)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, (row, texts) in enumerate(zip(table.rows, rows, strict=True), start=1):
        row.dont_split = True
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            # its id: looking up a name takes the library a millisecond a cell
            paragraph._p.style = TABLE_TEXT_ID
            paragraph.add_run(text)
            if stays_together and place < len(rows):
                paragraph.paragraph_format.keep_with_next = True


def _widths(rows: list[tuple[str, ...]], whole: float) -> list[float]:
    """Widths of columns in mm: room for the longest word of each, the rest by how much text it has beyond that."""
    least, more = [], []
    for column in zip(*rows, strict=True):
        longest_word = max(len(word) for text in column for word in text.split() or [""])
        # the mean of squares: one long text in a column asks for more than many short ones
        mean = LETTER_MM * sqrt(sum(len(text) ** 2 for text in column) / len(column))
        least.append(EDGES_MM + LETTER_MM * (1 + min(longest_word, LONGEST_WORD)))
        more.append(max(mean - least[-1], mean / 10))
    room = max(whole - sum(least), 0)
    widths = [width + room * share / sum(more) for width, share in zip(least, more, strict=True)]
    return [whole * width / sum(widths) for width in widths]


def _n_lines(rows: list[tuple[str, ...]], widths: list[float]) -> int:
    """About how many lines a table takes."""
    return sum(
        max(ceil(len(text) * LETTER_MM / (width - EDGES_MM)) for text, width in zip(row, widths, strict=True))
        for row in rows
    )
