"""The PDF of an edition, read back by its tags as a screen reader does: what is there, and under which head."""

import sys
from itertools import pairwise

import pikepdf
import pytest

from tests.tagged_pdf import Tagged, children, is_text, plain, spelled, to_unicode
from wijkpeiling.charts.model import Bar, Bars, Interval, Intervals
from wijkpeiling.charts.style import house_style
from wijkpeiling.editorial import Editorial, Link, Quote, Written
from wijkpeiling.errors import ReportError
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Chart, Cover, KeyFigure, Origin, Prose, Sentence, Table
from wijkpeiling.report.infographic import render_infographic
from wijkpeiling.report.layout import sentences_of
from wijkpeiling.report.model import Report, Section, draw_charts
from wijkpeiling.report.pdf import render_pdf
from wijkpeiling.report.sheet import sheet_of
from wijkpeiling.report.terms import terms_of

MARKUP = '#panic("x") *vet* _schuin_ $x^2$ = kop <label> @ref \\ `code` // weg /* weg */ [haak] https://a.b'
COVER = Cover(language="nl", title="Een titel", subtitle="Een ondertitel", source="published")
TABLE = Table(id="tabel", language="nl", caption="Een tabel", columns=("", "Aandeel"), rows=(("taak", "59%"),))
CHART = Chart(
    id="figuur",
    language="nl",
    caption="Een figuur",
    alt="59 procent",
    table="tabel",
    plot=Bars(bars=(Bar(label="2019", text="3 van 4", part=3, whole=4),)),
)


def scopes(cell) -> list[str]:
    return [str(one.Scope) for one in cell.get("/A", []) if "/Scope" in one]


def made(report: Report) -> bytes:
    return render_pdf(report, drawings=draw_charts(report, house_style()), style=house_style())


def small(*blocks, cover=COVER, title="Een hoofdstuk") -> Report:
    return Report(cover=cover, sections=[Section(id="01", title=title, blocks=list(blocks))])


def read(*blocks, **given) -> Tagged:
    return Tagged(made(small(*blocks, **given)))


@pytest.fixture(scope="module")
def reports(edition_report):
    return {
        "nl": edition_report(2019, "nl", "published"),
        "en demo": edition_report(2019, "en", "synthetic"),
        "without intervals": edition_report(2022, "en", "published"),
    }


@pytest.fixture(scope="module")
def written(reports, drawings_of):
    """The bytes of each."""
    return {
        name: render_pdf(report, drawings=drawings_of(report), style=house_style()) for name, report in reports.items()
    }


@pytest.fixture(scope="module")
def documents(written):
    return {name: Tagged(content) for name, content in written.items()}


NAMES = ("nl", "en demo", "without intervals")
each = pytest.mark.parametrize("name", NAMES)


@each
def test_it_says_what_it_is(name, reports, documents):
    root, cover = documents[name].pdf.Root, reports[name].cover
    metadata = root.Metadata.read_bytes().decode()
    assert str(root.Lang) == cover.language
    assert bool(root.MarkInfo.Marked) and bool(root.ViewerPreferences.DisplayDocTitle)
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert f'<rdf:li xml:lang="x-default">{cover.title}</rdf:li>' in metadata


@each
def test_every_number_of_every_table_is_in_it(name, reports, documents):
    expected = [
        [[plain(one or say(table.language, "concept_column")) for one in table.columns]]
        + [[plain(text) for text in row] for row in table.texts]
        for table in reports[name].tables
    ]
    assert documents[name].tables() == expected


@each
def test_columns_and_rows_have_heads(name, reports, documents):
    for given, found in zip(reports[name].tables, documents[name].all("/Table"), strict=True):
        columns, *rows = [
            documents[name].all("/TH", "/TD", below=row) for row in documents[name].all("/TR", below=found)
        ]
        assert [(str(cell.S), scopes(cell)) for cell in columns] == [("/TH", ["/Column"])] * len(given.columns)
        others = [("/TD", [])] * (len(given.columns) - 1)
        assert [[(str(cell.S), scopes(cell)) for cell in row] for row in rows] == [
            [("/TH", ["/Row"]), *others] for _ in given.rows
        ]


@each
def test_no_cell_names_its_heads_apart_from_their_scope(name, documents):
    cells = documents[name].all("/TH", "/TD")
    assert cells and not [cell for cell in cells if any(one.get("/Headers", []) for one in cell.get("/A", []))]


@each
def test_every_figure_stands_once_with_its_alternative_text(name, reports, documents):
    told = [str(figure.Alt) for figure in documents[name].all("/Figure")]
    assert sorted(told) == sorted(chart.alt for chart in reports[name].charts)


@each
def test_every_sentence_caption_and_note_is_in_it(name, reports, documents):
    text = documents[name].everything()
    blocks = [block for section in reports[name].sections for block in section.blocks]
    said = [block.text for block in blocks if isinstance(block, Sentence)]
    said += [block.key for block in blocks if isinstance(block, Sentence) and block.key]
    said += [block.caption for block in blocks if isinstance(block, Table | Chart)]
    said += [block.subtitle for block in blocks if isinstance(block, Chart) and block.subtitle]
    said += [sentence for block in blocks if isinstance(block, Chart) for sentence in sentences_of(block)]
    said += [note for block in blocks if isinstance(block, Table) for note in block.notes]
    said += [text for section in reports[name].sections for text in (section.title, section.heading)]
    assert [one for one in said if plain(one) not in text] == []


@each
def test_headings_make_the_outline_and_skip_no_level(name, reports, documents):
    levels = [int(str(heading.S)[2:]) for heading in documents[name].all("/H1", "/H2", "/H3", "/H4")]
    assert levels[0] == 1 and all(later <= earlier + 1 for earlier, later in pairwise(levels))
    with documents[name].pdf.open_outline() as outline:
        brief, full = ([str(one.title) for one in top.children] for top in outline.root)
    findings = [section.heading for section in reports[name].sections]
    assert full == [*findings, say(reports[name].language, "page_terms")] and set(brief) <= set(findings)


@each
def test_the_words_that_it_explains_are_a_list_at_its_end(name, reports, documents):
    document = documents[name]
    (listed,) = [one for one in document.all("/L") if document.all("/Lbl", below=one)]
    items = [[document.text(one) for one in document.all("/Lbl", "/LBody", below=item)] for item in children(listed)]
    expected = terms_of(reports[name])
    assert [[label.rstrip(":"), body] for label, body in items] == [
        [plain(term.name), plain(term.means)] for term in expected
    ]
    absent = {"nl": "gee", "en demo": "vng", "without intervals": "vws"}[name]
    assert {"case_coordination", "interval", "wave"} <= {term.slug for term in expected} - {absent}
    assert absent not in {term.slug for term in expected}


def test_a_report_without_such_words_has_no_list_of_them():
    document = read(Sentence(id="zin", language="nl", text="Een zin."))
    assert [document.text(one) for one in document.all("/H2")] == [plain("Een hoofdstuk")]
    assert document.all("/Lbl") == []


def test_a_chapter_has_its_finding_for_a_heading_below_its_topic():
    finding = Sentence(id="zin", language="nl", text="De helft zegt ja. Dat is veel.", claim="De helft zegt ja")
    document = read(finding.model_copy(update={"key": finding.text}), title="Wat zegt men?")
    assert [document.text(one) for one in document.all("/H2")] == [plain("De helft zegt ja")] * 2
    # the topic twice, the finding in the contents, in two headings and once in a sentence: the first pages say the rest
    text = document.everything()
    assert [text.count(plain(one)) for one in ("Wat zegt men?", "De helft zegt ja", "Dat is veel.")] == [2, 4, 2]


def test_a_section_without_a_finding_is_headed_by_its_title():
    document = read(Sentence(id="zin", language="nl", text="Een zin."), title="Wat zegt men?")
    assert [document.text(one) for one in document.all("/H2")] == [plain("Wat zegt men?")]


def test_how_to_read_a_figure_is_told_once_on_the_first_pages():
    """And again at a figure of the full report, which is pages further."""
    both = "Punt: het percentage. Streep: het interval."
    charts = [CHART.model_copy(update={"id": name, "reading": both}) for name in ("a", "b", "c")]
    charts[1] = charts[1].model_copy(update={"reading": f"{both} Open punt: ongeveer."})
    key = Sentence(id="zin", language="nl", text="Een zin.", key="Een zin.")
    sections = [
        Section(id="01", title="Een", blocks=[key, charts[0], TABLE]),
        Section(id="02", title="Twee", blocks=[key.model_copy(update={"id": "zin2"}), charts[1], charts[2]]),
    ]
    text = Tagged(made(Report(cover=COVER, sections=sections))).everything()
    assert [text.count(plain(one)) for one in ("Streep: het interval.", "Open punt: ongeveer.")] == [2, 1]


@each
def test_the_pages_for_readers_are_full_before_the_next_begins(name, documents):
    """The lowest line of text or figure on each stands below the middle of the paper; the report follows there."""
    document = documents[name]
    *_, full = document.all("/H1")
    pages = [page.objgen for page in document.pdf.pages]
    figures = {}
    for figure in document.all("/Figure"):
        for box in (attribute.BBox for attribute in figure.get("/A", []) if "/BBox" in attribute):
            figures.setdefault(pages.index(figure.Pg.objgen), []).append(float(box[1]))
    for number in range(1, pages.index(full.Pg.objgen)):
        assert min([*heights_of_lines(document.pdf.pages[number]), *figures.get(number, [])]) < 842 / 2, number


def heights_of_lines(page):
    """How high each line of text stands, of what is no head or foot of the page."""
    above, matrix, marks = [], pikepdf.Matrix(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                above.append(matrix)
            case "Q":
                matrix = above.pop()
            case "cm":
                matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
            case "BDC" | "BMC":
                marks.append(str(operands[0]))
            case "EMC":
                marks.pop()
            case "BT" if "/Artifact" not in marks:
                yield matrix.f


@each
def test_pages_are_numbered(name, documents):
    pages = documents[name].pdf.pages
    of = say(str(documents[name].pdf.Root.Lang), "pdf_of")
    for number, page in enumerate(pages, start=1):
        assert plain(f"{number} {of} {len(pages)}") in untagged(page)


def untagged(page) -> str:
    """All text of a page, what stands above and below it too."""
    characters, font, found = {n: to_unicode(f) for n, f in page.Resources.Font.items()}, {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = characters[str(operands[0])]
        if str(operator) == "TJ":
            found += [spelled(bytes(one), font) for one in operands[0] if is_text(one)]
    return plain("".join(found))


def test_every_page_of_invented_answers_says_so_and_no_other(documents):
    told = {"en demo": "en", "nl": "nl", "without intervals": "en"}
    marked = {
        name: [plain(say(language, "pdf_invented")) in untagged(page) for page in documents[name].pdf.pages]
        for name, language in told.items()
    }
    assert all(marked["en demo"]) and not any(marked["nl"] + marked["without intervals"])


def test_what_readers_get_first_is_two_to_four_pages(documents):
    for name in NAMES:
        pages = [page.objgen for page in documents[name].pdf.pages]
        *_, full = documents[name].all("/H1")
        assert 2 <= pages.index(full.Pg.objgen) <= 4


@each
def test_the_infographic_is_tagged_too(name, reports):
    report = reports[name]
    document = Tagged(render_infographic(report, style=house_style(), form="pdf"))
    sheet = sheet_of(report)
    assert len(document.pdf.pages) == 1 and str(document.pdf.Root.Lang) == report.language
    assert "<pdfuaid:part>1</pdfuaid:part>" in document.pdf.Root.Metadata.read_bytes().decode()
    drawn = [*sheet.shares, *([sheet.trend] if sheet.trend else [])]
    assert [str(figure.Alt) for figure in document.all("/Figure")] == [f"{one.title}: {one.alt}" for one in drawn]
    told = [sheet.title, *sheet.notes, *filter(None, [sheet.mark])]
    assert [one for one in told if plain(one) not in document.everything()] == []


def test_two_are_equal(reports, written):
    assert made(reports["nl"]) == written["nl"]


def test_text_from_outside_stays_text():
    document = read(
        Sentence(id="zin", language="nl", text=MARKUP, key=MARKUP),
        TABLE.model_copy(update={"caption": MARKUP, "columns": (MARKUP, "x"), "notes": (MARKUP,)}),
        cover=COVER.model_copy(update={"title": MARKUP, "subtitle": MARKUP}),
        title=MARKUP,
    )
    # title and subtitle, both once more as cited, contents, chapter twice, key, sentence, caption, column, note
    assert document.everything().count(plain(MARKUP)) == 12


def test_markdown_of_a_notebook_is_set():
    text = "Een **vet** woord, een [verwijzing](https://example.org) en `code`.\n\n## Kop\n\n- een\n- twee\n\n1. drie"
    document = read(Prose(text=text))
    assert [document.text(one) for one in document.all("/H3")] == ["Kop"]
    assert [document.text(one) for one in document.all("/LBody")] == ["een", "twee", "drie"]
    assert plain("Een vet woord, een verwijzing en code.") in document.everything()
    assert [str(link.A.URI) for link in document.pdf.pages[-1].Annots if "/A" in link] == ["https://example.org"]


def test_what_the_cover_holds_is_used():
    cover = COVER.model_copy(
        update={
            "lead": ("Eerste zin.", "Tweede zin."),
            "key_figures": (KeyFigure(value="59%", text="van de gemeenten", interval="54 tot 64"),),
            "chart": "figuur",
            "origin": Origin(
                held_by="Een instituut voor de VNG",
                fieldwork="najaar 2019",
                report="Een rapport",
                published="2020",
                url=None,
            ),
        }
    )
    document = read(CHART, TABLE, cover=cover)
    text = document.everything()
    for said in ("Eerste zin.", "Tweede zin.", "59%", "van de gemeenten", "54 tot 64", "najaar 2019"):
        assert plain(said) in text
    assert plain("Een instituut voor de Vereniging van Nederlandse Gemeenten (VNG).") in text
    pages = [page.objgen for page in document.pdf.pages]
    assert [pages.index(figure.Pg.objgen) for figure in document.all("/Figure")] == [1]


EDITORIAL = Editorial(
    quote=Quote(
        text=Written(nl=MARKUP, en="x"), name="Een naam", role=Written(nl="wethouder", en="alderman"), consent=True
    ),
    interpretation=Written(nl="Wat dit betekent.", en="x"),
    related=(Link(title=Written(nl="Een pagina", en="x"), url="https://example.org/verder"),),
)


def test_what_an_editor_adds_has_a_place_of_its_own_that_says_so():
    document = read(TABLE, cover=COVER.model_copy(update={"editorial": EDITORIAL}))
    assert say("nl", "word_editorial") in [str(one.get("/T", "")) for one in document.all("/H2")]
    heads = [document.text(one) for one in document.all("/H3")]
    assert heads == [plain(say("nl", key)) for key in ("word_interpretation", "word_related")]
    said = [say("nl", "word_editorial_note"), MARKUP, "Een naam, wethouder", "Wat dit betekent.", "Een pagina"]
    assert [one for one in said if plain(one) not in document.everything()] == []
    addresses = [str(link.A.URI) for page in document.pdf.pages for link in page.get("/Annots", []) if "/A" in link]
    assert addresses == ["https://example.org/verder"]
    assert plain(say("nl", "word_editorial_note")) not in read(TABLE).everything()


def test_a_drawing_of_very_many_rows_stays_on_its_page():
    rows = tuple(Interval(label=f"Taak {n}", text="50%", share=0.5) for n in range(150))
    table = Table(id="tabel", language="nl", caption="Een tabel", columns=("a", "b"), rows=(("taak", "50%"),) * 150)
    document = read(CHART.model_copy(update={"plot": Intervals(rows=rows)}), table)
    (figure,) = document.all("/Figure")
    left, bottom, right, top = (float(edge) for one in figure.A if "/BBox" in one for edge in one.BBox)
    assert 0 < left < right < 596 and 0 < bottom < top < 842


@pytest.mark.parametrize(
    ("blocks", "says"),
    [
        ([Prose(text="![x](y.png)")], "a picture in the text: y.png"),
        ([Prose(text="### Te diep")], "typst: "),
        ([Sentence(id="zin", language="nl", text="teken \U0001f600")], "typst: "),
    ],
)
def test_what_cannot_be_set_is_refused(blocks, says):
    with pytest.raises(ReportError) as refusal:
        made(small(*blocks))
    assert refusal.value.what.startswith(says)
    assert len(str(refusal.value).splitlines()) <= 4


@pytest.mark.parametrize("package", ["typst", "pikepdf"])
def test_a_missing_package_is_told_with_the_line_that_installs_it(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ReportError) as refusal:
        made(small(TABLE))
    assert '"wijkpeiling[publish]"' in refusal.value.todo and "--formats html,data" in refusal.value.todo
