"""The report in Word: every word and number of it, in styles, with fields that an editor's changes do not break."""

import io
import re
import sys
import zipfile
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn

from tests.reports import CAPTION, HOSTILE, NEWS, PROSE, SENTENCE, chart, small_report, table
from wijkpeiling.charts.style import house_style, read_style
from wijkpeiling.editorial import Editorial
from wijkpeiling.errors import ReportError
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Cell, Prose, Sentence
from wijkpeiling.report.model import draw_charts
from wijkpeiling.report.office import headings
from wijkpeiling.report.terms import terms_of
from wijkpeiling.report.word import MANY_LINES, render_word

PERCENT = Cell(text="59%", value=0.594, format="percent")
SVG_URI = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
EDITORIAL = {
    "quote": {"text": "Het zit tegen.", "name": "A. de Naam", "role": "wethouder", "consent": True},
    "interpretation": "Dit betekent iets.",
    "advice": "Doe er iets aan.",
    "related": [{"title": "Meer lezen", "url": "https://example.org/meer"}],
}


@pytest.fixture(scope="module")
def rendered(drawings_of):
    """The bytes of a report as Word document: made once for all tests that look at them."""
    made = {}

    def content(report):
        if id(report) not in made:
            made[id(report)] = report, render_word(report, drawings=drawings_of(report), style=house_style())
        return made[id(report)][1]

    return content


@pytest.fixture(scope="module")
def opened(rendered):
    """A report as Word document, read back once."""
    made = {}

    def document(report):
        if id(report) not in made:
            made[id(report)] = report, docx.Document(io.BytesIO(rendered(report)))
        return made[id(report)][1]

    return document


def written(*blocks, **cover):
    report = small_report(*blocks, **cover)
    return docx.Document(
        io.BytesIO(render_word(report, drawings=draw_charts(report, house_style()), style=house_style()))
    )


def told(document, style=None):
    return [one.text for one in document.paragraphs if style in (None, one.style.name)]


def fields(part, kind):
    return [(one.instruction.split()[1], one.result_text) for one in part.fields if one.type == kind]


def bookmarks(document):
    return {one.get(qn("w:name")) for one in document.element.iter(qn("w:bookmarkStart"))}


def both(text):
    return {"nl": text, "en": text} if isinstance(text, str) else text


def test_every_cell_of_every_table_reads_as_in_the_report(edition, opened):
    tables = opened(edition).tables
    assert len(tables) == len(edition.tables) > 5
    for one, found in zip(edition.tables, tables, strict=True):
        rows = [tuple(cell.text for cell in row.cells) for row in found.rows]
        assert rows == [headings(one), *one.texts], one.id


def test_every_sentence_note_and_summary_is_there_in_order(edition, opened):
    texts = told(opened(edition))
    sentences = [one.text for section in edition.sections for one in section.blocks if isinstance(one, Sentence)]
    assert [text for text in texts if text in sentences] == sentences
    notes = [note for one in edition.tables for note in one.notes]
    assert [text for text in told(opened(edition), "Note") if text in notes] == notes
    summary = [f"{text} ({section.title})" for section, text in edition.summary]
    assert [text for text in told(opened(edition), "List Bullet") if text in summary] == summary


def test_headings_go_down_a_level_at_a_time_under_the_title(edition, opened):
    document = opened(edition)
    assert told(document, "Title") == [edition.cover.title]
    levels = [int(one.style.name[-1]) for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    titles = [say(edition.language, "page_summary"), *(section.heading for section in edition.sections)]
    assert told(document, "Heading 1") == [*titles, say(edition.language, "page_terms")]


def test_the_words_that_it_explains_stand_at_its_end(edition, opened):
    texts, explained = told(opened(edition)), terms_of(edition)
    start = len(texts) - texts[::-1].index(say(edition.language, "page_terms"))
    # after them, how to cite it and what made it
    assert texts[start:-2] == [f"{term.name}: {term.means}" for term in explained]
    assert {"case_coordination", "interval", "points"} <= {term.slug for term in explained}


def test_a_report_without_such_words_has_no_list_of_them():
    assert say("nl", "page_terms") not in told(written(PROSE, SENTENCE, table(), language="nl"))


def test_captions_count_by_field_and_carry_a_place_to_refer_to(edition, opened):
    document = opened(edition)
    words = {"nl": ("Tabel", "Figuur"), "en": ("Table", "Figure")}[edition.language]
    for word, blocks in zip(words, (edition.tables, edition.charts), strict=True):
        found = [one for one in document.paragraphs if fields(one, "SEQ") and one.text.startswith(f"{word} ")]
        assert [fields(one, "SEQ") for one in found] == [[(word, str(n))] for n in range(1, len(blocks) + 1)]
        assert [one.text for one in found] == [f"{word} {n}. {one.caption}" for n, one in enumerate(blocks, start=1)]
        # a place around the number alone: a reference says "Table 3" and not its title
        for one in found:
            inside = "".join(t.text for t in one._p.iter(qn("w:t")))
            (start,) = one._p.iter(qn("w:bookmarkStart"))
            (end,) = one._p.iter(qn("w:bookmarkEnd"))
            order = list(one._p.iter())
            covered = [t.text for t in one._p.iter(qn("w:t")) if order.index(start) < order.index(t) < order.index(end)]
            assert inside.startswith("".join(covered)) and re.fullmatch(rf"{word} \d+", "".join(covered))


def test_every_reference_leads_to_a_place_with_those_words(edition, opened):
    document = opened(edition)
    places = bookmarks(document)
    referred = fields(document, "REF")
    # the picture of the cover says which figure it is
    assert len(referred) == len(edition.charts) + len(edition.summary) + bool(edition.cover.chart) > 5
    assert [name for name, _ in referred if name not in places] == []
    assert len(places) == sum(1 for _ in document.element.iter(qn("w:bookmarkStart")))
    numbers = {one.id: n for n, one in enumerate(edition.tables, start=1)}
    word = {"nl": "Tabel", "en": "Table"}[edition.language]
    found = [text for _, text in referred if re.fullmatch(rf"{word} \d+", text)]
    assert found == [f"{word} {numbers[one.table]}" for one in edition.charts]


def test_the_contents_list_the_headings_and_link_to_them(edition, opened):
    document = opened(edition)
    (contents,) = (one for one in document.fields if one.type == "TOC")
    assert '\\o "1-2"' in contents.instruction and contents.dirty
    heads = [one.text for one in document.paragraphs if one.style.name in ("Heading 1", "Heading 2")]
    listed = [one for one in document.paragraphs if one.style.name.startswith("toc")]
    assert [one.text for one in listed] == heads
    assert {link.fragment for one in listed for link in one.hyperlinks} <= bookmarks(document)


def test_each_figure_is_vector_and_pixels_with_alt_text_of_its_own(edition, opened):
    shapes = [one.docPr for one in opened(edition).element.iter(qn("wp:inline"))]
    of_cover = [one.alt for one in edition.charts if one.id == edition.cover.chart]
    assert [one.get("descr") for one in shapes] == of_cover + [one.alt for one in edition.charts]
    assert [one.alt for one in edition.charts if one.alt == one.caption] == []
    kinds = dict.fromkeys(("svg", "png"), 0)
    for part in opened(edition).part.package.parts:
        ending = str(part.partname).rsplit(".", 1)[-1]
        if ending in kinds:
            kinds[ending] += 1
    assert kinds == dict.fromkeys(kinds, len(edition.charts))
    xml = opened(edition).element.xml
    assert xml.count(SVG_URI) == len(shapes)


def test_tables_repeat_their_head_mark_their_first_column_and_are_described(edition, opened):
    for one, found in zip(edition.tables, opened(edition).tables, strict=True):
        assert found.rows[0].repeat_as_header and not any(row.repeat_as_header for row in list(found.rows)[1:])
        assert all(row.dont_split for row in found.rows)
        assert (found.look.first_row, found.look.first_column, found.look.horizontal_banding) == (True, True, False)
        assert found.style.name == "Wijkpeiling Table"
        assert found.title == one.caption
        assert found.description != one.caption and all(name in found.description for name in headings(one))


@pytest.mark.parametrize(("language", "locale"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_every_style_is_in_the_language_of_the_report(report_of, opened, language, locale):
    document = opened(report_of(language, "published"))
    of_text = [one for one in document.styles if one.type in (1, 2)]
    assert {one.element.rPr.find(qn("w:lang")).get(qn("w:val")) for one in of_text} == {locale}
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {locale}
    assert document.core_properties.language == locale
    assert [one.get(qn("w:val")) for one in document.settings.element.iter(qn("w:themeFontLang"))] == [locale]


def test_the_document_names_itself_and_no_tool_or_person(report_of, opened):
    report = report_of("nl", "published")
    known = opened(report).core_properties
    assert (known.title, known.subject) == (report.cover.title, report.cover.subtitle)
    assert (known.author, known.last_modified_by or "", known.comments) == ("", "", "")
    assert known.created == known.modified
    settings = opened(report).settings.element
    modes = [one for one in settings.iter(qn("w:compatSetting")) if one.get(qn("w:name")) == "compatibilityMode"]
    assert [one.get(qn("w:val")) for one in modes] == ["15"]


def test_the_demo_says_on_every_page_that_nothing_is_real(edition, opened):
    document = opened(edition)
    mark = say(edition.language, "office_invented")
    is_invented = edition.cover.source == "synthetic"
    for section in document.sections:
        assert (mark in [one.text for one in section.header.paragraphs]) == is_invented
    assert (mark in told(document, "Warning")) == is_invented


def test_two_of_one_report_are_the_same_bytes(edition, drawings_of, rendered):
    assert rendered(edition) == render_word(edition, drawings=drawings_of(edition), style=house_style())


def test_it_is_what_an_editor_edits_without_frames_and_drawn_text(edition, opened):
    xml = opened(edition).element.xml
    assert [word for word in ("w:framePr", "wps:txbx", "v:textbox", "wp:anchor", "w:sdt>") if word in xml] == []
    styles = {one.style.name for one in opened(edition).paragraphs}
    assert "Normal" in styles and {"Title", "Heading 1", "Heading 2", "Caption", "Note"} <= styles


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_text(text):
    held = text.replace("\x07", "\ufffd").replace("\x0b", "\ufffd")
    document = written(
        table((text, PERCENT), caption=text, columns=(text, "Aandeel"), notes=(text,)),
        Sentence(id="zin", language="nl", text=text, key=text),
        chart(caption=text, alt=text),
        title=text,
    )
    assert told(document, "Title") == [held]
    assert document.core_properties.title == (held if len(held) <= 255 else held[:254] + "…")
    assert told(document, "Finding") == [held]
    assert [cell.text for cell in document.tables[0].columns[0].cells] == [held, held]
    assert told(document, "Caption") == [f"Tabel 1. {held}"]
    (shape,) = document.element.iter(qn("wp:docPr"))
    # an attribute of XML has no tab
    assert shape.get("descr").split() == held.split()


def test_a_title_of_four_hundred_characters_is_whole():
    assert told(written(table(("a", PERCENT), caption=CAPTION)), "Caption") == [f"Tabel 1. {CAPTION}"]


def test_the_news_stands_first_with_its_picture_and_origin():
    document = written(chart(), table(("taak", PERCENT)), **NEWS)
    texts = told(document)
    assert texts[: texts.index("Inhoud")] == [
        "Titel",
        "Ondertitel",
        "Het nieuws.",
        "De bron.",
        "59% komt te weinig toe aan preventie. waarschijnlijk 54 tot 64 procent",
        "212 gemeenten deden mee",
        "",
        "Figuur 1. Een figuur",
        "Gehouden door: Instituut A & B",
        "Veldwerk: zomer 2019",
        "Rapport: Peiling 2019",
        "Gepubliceerd: 1 mei 2020",
        "Adres: https://example.org/rapport",
    ]
    assert [one.get("descr") for one in document.element.iter(qn("wp:docPr"))] == ["59 procent", "59 procent"]
    (address,) = (link.address for one in document.paragraphs for link in one.hyperlinks if link.address)
    assert address == "https://example.org/rapport"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "www.example.org"])
def test_an_origin_that_is_no_address_of_the_web_is_its_words(url):
    origin = NEWS["origin"].model_copy(update={"url": url})
    document = written(origin=origin)
    assert f"Adres: {url}" in told(document, "Note")
    assert [link for one in document.paragraphs for link in one.hyperlinks if link.address] == []


def test_what_word_numbers_has_its_own_number():
    document = written(chart(), table(("taak", PERCENT)), SENTENCE, **NEWS)
    for name in ("wp:docPr", "w:bookmarkStart"):
        key = "id" if name == "wp:docPr" else qn("w:id")
        found = [one.get(key) for one in document.element.iter(qn(name))]
        assert len(set(found)) == len(found) > 1


def test_markdown_becomes_styles():
    document = written(PROSE)
    texts = [(one.style.name, one.text) for one in document.paragraphs if one.style.name != "Note"]
    assert texts[texts.index(("Heading 1", "Een hoofdstuk")) + 1 :] == [
        ("Normal", "Een alinea met nadruk, kracht, code en een link."),
        ("Heading 2", "Een kop"),
        ("List Bullet", "een"),
        ("List Bullet", "twee"),
        ("List Number", "eerste"),
        ("List Number", "tweede"),
        ("Quote", "Een citaat."),
        ("Normal", "<b>geen html</b>"),
        ("Heading 3", "Nog een kop"),
    ]
    (paragraph,) = (one for one in document.paragraphs if one.text.startswith("Een alinea"))
    assert [run.text for run in paragraph.runs if run.bold] == ["kracht"]
    assert [run.text for run in paragraph.runs if run.italic] == ["nadruk"]
    assert [link.address for link in paragraph.hyperlinks] == ["https://example.org/a"]


def test_a_chapter_has_its_finding_for_a_heading_below_its_topic():
    finding = SENTENCE.model_copy(update={"claim": "Een bevinding"})
    document = written(finding)
    texts = [(one.style.name, one.text) for one in document.paragraphs]
    assert texts[texts.index(("Topic", "Een hoofdstuk")) + 1] == ("Heading 1", "Een bevinding")
    assert ("toc 1", "Een bevinding") in texts and ("toc 1", "Een hoofdstuk") not in texts
    # the summary names the topic: its own sentence says what the finding says
    assert [text for _, text in fields(document, "REF")] == ["Een hoofdstuk"]


def test_each_numbered_list_begins_at_one():
    document = written(Prose(text="1. a\n2. b\n\ntekst\n\n1. c\n2. d\n\n- e\n  - f\n    - g\n      - h"))
    numbered = [one for one in document.paragraphs if one.style.name == "List Number"]
    lists = [one.numbering.num_id for one in numbered]
    assert lists[0] == lists[1] != lists[2] == lists[3]
    assert told(document, "List Bullet 3") == ["g", "h"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "../a"])
def test_a_link_that_leads_nowhere_on_the_web_is_its_words(url):
    (paragraph,) = (one for one in written(Prose(text=f"Zie [hier]({url}).")).paragraphs if one.text == "Zie hier.")
    assert paragraph.hyperlinks == []


def test_a_picture_in_the_text_is_refused():
    with pytest.raises(ReportError, match="a picture in the text") as refused:
        written(Prose(text="![alt](https://example.org/a.png)"))
    assert refused.value.where == "01_een.ipynb"


def test_a_large_table_lies_on_its_side_and_the_next_page_stands():
    columns = tuple("abcdef")
    large = table(*[tuple("abcdef")] * MANY_LINES, columns=columns)
    document = written(large, Sentence(id="zin", language="nl", text="Verder."), table(("a", "b"), id="table_b"))
    sides = [section.page_width > section.page_height for section in document.sections]
    assert sides == [False, True, False]


def test_tables_are_as_wide_as_the_text(edition, opened):
    sections = opened(edition).sections
    rooms = [one.page_width - one.left_margin - one.right_margin for one in sections]
    for found in opened(edition).tables:
        wide = sum(column.width for column in found.columns)
        assert min(abs(wide - room) for room in rooms) < 10000


@pytest.mark.parametrize("without", [None, *EDITORIAL])
def test_what_editors_added_is_marked_and_no_part_of_it_is_made_up(without):
    given = {
        "quote": {**EDITORIAL["quote"], "text": both("Het zit tegen."), "role": both("wethouder")},
        "interpretation": both(EDITORIAL["interpretation"]),
        "advice": both(EDITORIAL["advice"]),
        "related": [{"title": both("Meer lezen"), "url": "https://example.org/meer"}],
    }
    given.pop(without, None)
    texts = told(written(SENTENCE, editorial=Editorial.model_validate(given)))
    words = {
        "quote": ["Het zit tegen. – A. de Naam, wethouder"],
        "interpretation": ["Duiding", "Dit betekent iets."],
        "advice": ["Advies", "Doe er iets aan."],
        "related": ["Verder lezen", "Meer lezen"],
    }
    first, last = texts.index("Van de redactie", texts.index("In het kort 59 procent. (Een hoofdstuk)")), len(texts)
    until = texts.index("Een hoofdstuk", first)
    expected = [text for part, lines in words.items() if part != without for text in lines]
    assert texts[first:until] == ["Van de redactie", say("nl", "word_editorial_note"), *expected]
    assert until < last


def test_without_editors_there_is_no_place_for_them():
    assert "Van de redactie" not in told(written(SENTENCE))


def test_a_report_without_tables_figures_and_summary_is_a_document():
    assert told(written())[:4] == ["Titel", "Ondertitel", "Inhoud", "Een hoofdstuk"]


def test_a_style_colours_headings_and_tables(tmp_path):
    (tmp_path / "style.yml").write_text("colours: {brand: '#7a1f5c'}", encoding="utf-8")
    content = render_word(small_report(SENTENCE), drawings={}, style=read_style(tmp_path / "style.yml"))
    styles = docx.Document(io.BytesIO(content)).styles
    assert {str(styles[name].font.color.rgb) for name in ("Title", "Heading 1")} == {"7A1F5C"}


def test_nothing_is_fetched_and_no_program_is_in_it(edition, rendered):
    with zipfile.ZipFile(io.BytesIO(rendered(edition))) as archive:
        relations = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
        assert [name for name in archive.namelist() if "vba" in name or "embeddings" in name] == []
    # an address that a reader may follow is no file that the document fetches
    outside = re.findall(rb'<Relationship [^>]*TargetMode="External"[^>]*>', relations)
    assert [one for one in outside if b"/hyperlink" not in one] == []


def test_without_the_package_the_line_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ReportError, match=r"docx.*[\s\S]*wijkpeiling\[publish\]"):
        render_word(small_report(), drawings={}, style=house_style())
