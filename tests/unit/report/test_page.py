"""The pages of an edition: what stands where, the audit apart, who brings it out."""

import json
import re
from itertools import chain
from xml.etree import ElementTree

import pytest

from wijkpeiling.charts.model import Bar, Bars, Interval, Intervals
from wijkpeiling.charts.style import Contact, Licence, Sender, house_style
from wijkpeiling.editorial import Editorial
from wijkpeiling.errors import ReportError
from wijkpeiling.language import say
from wijkpeiling.present.blocks import EMPTY, Cell, Chart, Cover, KeyFigure, Origin, Prose, Sentence, Table
from wijkpeiling.report.drawing import alone, as_csv, in_page
from wijkpeiling.report.layout import (
    below,
    figures_of,
    is_number,
    kept_columns,
    lay_out,
    readings_of,
    respondents_of,
    source_of,
)
from wijkpeiling.report.model import Report, Section, draw_charts
from wijkpeiling.report.page import ALSO, BESIDE, render_audit, render_page

ORIGIN = Origin(
    held_by="Een instituut",
    fieldwork="zomer 2019",
    report="Vijf jaar later",
    published="voorjaar 2020",
    url="https://example.org/rapport",
)
COVER = Cover(
    language="nl",
    title="Wijkteams komen onvoldoende toe aan preventie",
    subtitle="Peiling 2019",
    source="published",
    lead=("Eerste zin.", "Tweede zin."),
    key_figures=(
        KeyFigure(value="59%", text="van de gemeenten", interval="Waarschijnlijk 54 tot 64 procent"),
        KeyFigure(value="83%", text="heeft een wijkteam"),
    ),
    chart="figure_b",
    origin=ORIGIN,
)


def record(wave, n, N, domain="overall"):
    return {"wave": wave, "n": n, "N": N, "domain": domain}


def table(name, records=(), contract=None, rows=None):
    rows = rows or (("taak", Cell(text="59%", value=0.59, format="percent")),)
    columns = ("", *("Aandeel" for _ in rows[0][1:]))
    return Table(
        id=f"table_{name}",
        language="nl",
        caption=f"Tabel {name}",
        columns=columns,
        rows=rows,
        records=list(records),
        contract=contract,
        notes=("Een noot.",),
    )


def chart(name, **more):
    row = Interval(label="Taak", text="59%", share=0.59, low=0.54, high=0.64)
    return Chart(
        id=f"figure_{name}",
        language="nl",
        caption=f"Bevinding {name}",
        alt=f"59 procent, {name}",
        table=f"table_{name}",
        **({"plot": Intervals(rows=(row,)), "subtitle": "Aandeel, 2019", "reading": "Punt: het percentage."} | more),
    )


AUDIT = table(
    "audit",
    [
        {"verdict": "feasible", "wave": 2019, "source_url": "https://example.org/bron"},
        {"verdict": "rejected", "wave": 2014},
    ],
    "audit",
    (("een", "2019"), ("twee", "2014")),
)
REPORT = Report(
    cover=COVER,
    sections=[
        Section(
            id="01_een",
            title="Hoofdstuk een",
            blocks=[Prose(text="## Kop\n\nTekst."), chart("a"), table("a", [record(2019, 212, 355)]), table("los")],
        ),
        Section(
            id="02_twee",
            title="Hoofdstuk twee",
            blocks=[
                Sentence(id="zin", language="nl", text="Een zin.", key="In het kort."),
                chart("b"),
                table("b", [record(2017, 242, 388), record(2019, 212, 355), record(2019, 9, 30, "G32")]),
                AUDIT,
                chart("audit", plot=Bars(bars=(Bar(label="2019", text="1", part=1, whole=2),))),
            ],
        ),
    ],
)
DRAWINGS = draw_charts(REPORT, house_style())
STYLE = house_style().model_copy(
    update={
        "sender": Sender(name="Een uitgever", url="https://example.org"),
        "contact": Contact(name="De redactie", email="redactie@example.org"),
        "licence": Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"),
        "address": "https://example.org/2019",
    }
)


def page(report=REPORT, style=STYLE, **more):
    return render_page(report, drawings=DRAWINGS, style=style, **({"data_files": ["estimates"]} | more))


def with_cover(**changed):
    return REPORT.model_copy(update={"cover": COVER.model_copy(update=changed)})


@pytest.mark.parametrize("source", ["synthetic", "published"])
def test_the_warning_of_an_example_is_a_landmark_of_its_own_above_the_header(source):
    html = page(with_cover(source=source))
    warned = re.search(r'<aside class="warning">[^<]+</aside>\s*<header>', html) is not None
    assert warned == (source == "synthetic") == (say("nl", "synthetic_warning") in html)


@pytest.mark.parametrize(("value", "is_long"), [("59%", False), ("100%", False), ("ongeveer 80%", True)])
def test_a_key_figure_that_is_no_bare_number_has_its_words_below_it(value, is_long):
    html = page(with_cover(key_figures=(KeyFigure(value=value, text="van de gemeenten"),)))
    mark = ' class="long"' if is_long else ""
    assert f"<b{mark}>{value}</b>" in html


def test_the_main_figure_is_the_first_and_each_stands_once():
    layout = lay_out(REPORT)
    assert (layout.main.number, layout.main.chart.id) == (1, "figure_b")
    assert [(one.number, one.chart.id) for one in figures_of(REPORT)] == [
        (2, "figure_a"),
        (1, "figure_b"),
        (1, "figure_audit"),
    ]
    html = page()
    places = [html.index(f'id="{name}"') for name in ("main", "figure_b", "contents", "01_een", "figure_a", "02_twee")]
    assert places == sorted(places)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) > 50 and len(ids) == len(set(ids))


def test_before_anything_else_stand_title_lead_and_key_figures_with_their_intervals():
    html = page()
    texts = [COVER.title, "Eerste zin. Tweede zin.", "59%", "Waarschijnlijk 54 tot 64 procent", "83%", "zomer 2019"]
    head = html[html.index("<h1>") : html.index("<main")]
    assert [text for text in texts if text not in head] == []
    assert head.count('class="between"') == 1
    assert '<a href="https://example.org/rapport">Vijf jaar later</a>, voorjaar 2020' in head


def test_a_cover_without_news_still_makes_a_page_with_the_summary():
    bare = with_cover(lead=(), key_figures=(), chart=None, origin=None)
    html = page(bare, house_style())
    assert lay_out(bare).main is None
    assert "In het kort." in html and "In het kort." not in page()
    assert [word for word in ('class="keys"', 'class="origin"', 'class="lead"') if word in html] == []


def test_a_table_folds_under_its_figure_or_by_itself_by_a_name_that_says_which():
    html = page()
    html = re.sub(r'<span class="spoken">([^<]+)</span></summary>', r"\1</summary>", html)
    folded = re.findall(r"<details>\n<summary>([^<]+)</summary>\n(?:<div class=\"table\" id=\"(\w+)\")?", html)
    assert ("Tabel bij figuur 1: Tabel b", "table_b") in folded
    assert [place for name, place in folded if name.startswith("Tabel: ")] == ["table_los"]
    assert len(re.findall('<div class="table"', html)) == len([place for _, place in folded if place])


HEAD, METHOD = Prose(text="## Elke peiling\n"), Sentence(id="lijn", language="nl", text="Een lijn.", is_detail=True)
SAID = Sentence(id="nieuws", language="nl", text="Nieuws.")


@pytest.mark.parametrize(
    ("blocks", "kinds"),
    [
        ([HEAD, table("c"), METHOD], ["fold"]),
        ([SAID, HEAD, METHOD], ["sentence", "fold"]),
        ([HEAD, SAID, table("c")], ["prose", "sentence", "table"]),
        ([HEAD, table("c"), Prose(text="## Nog een kop\n\nTekst."), SAID], ["fold", "prose", "sentence"]),
        ([Prose(text="## Elke peiling\n\nMet *uitleg*."), METHOD], ["fold"]),
        ([HEAD, chart("c"), table("c")], ["prose", "figure"]),
        ([HEAD, AUDIT], ["prose", "table"]),
        ([table("c"), METHOD], ["table", "sentence"]),
    ],
)
def test_under_a_heading_that_has_only_details_all_is_folded_by_it(blocks, kinds):
    report = Report(cover=COVER, sections=[Section(id="03", title="Drie", blocks=blocks)])
    (chapter,) = lay_out(report).chapters
    assert [block.kind for block in chapter.blocks] == kinds
    html = render_page(report, drawings=draw_charts(report, house_style()), style=STYLE, data_files=[])
    assert html.count("<summary><h3>Elke peiling</h3></summary>") == kinds.count("fold")
    assert ("<p>Met <em>uitleg</em>.</p>" in html) == ("uitleg" in str(blocks))
    assert html.count('id="table_c"') == (table("c") in blocks)


@pytest.mark.parametrize(
    ("claims", "head"),
    [
        ((None,), "Drie"),
        (("Eén van de vier",), '<span class="name">Drie</span> Eén van de vier'),
        ((None, "Meer gemeenten", "Minder gemeenten"), '<span class="name">Drie</span> Meer gemeenten'),
    ],
)
def test_a_chapter_is_headed_by_its_first_finding(claims, head):
    said = [Sentence(id=f"zin{n}", language="nl", text="Een zin.", claim=claim) for n, claim in enumerate(claims)]
    report = Report(cover=COVER, sections=[Section(id="03", title="Drie", blocks=said)])
    html = render_page(report, drawings={}, style=STYLE, data_files=[])
    assert f'<h2 id="03" tabindex="-1">{head}</h2>' in html and '<li><a href="#03">Drie</a></li>' in html


def test_how_to_read_a_figure_is_said_once():
    html = page()
    assert [html.count(text) for text in set(readings_of(lay_out(REPORT)).values())] == [1]
    longer = chart("c", reading="Punt: het percentage. Open punt: bij benadering.")
    more = Section(id="03", title="Drie", blocks=[longer, table("c")])
    found = readings_of(lay_out(REPORT.model_copy(update={"sections": [*REPORT.sections, more]})))
    assert found == {"figure_b": "Punt: het percentage.", "figure_c": "Open punt: bij benadering."}


def test_under_a_figure_stand_reading_source_respondents_and_files_named_after_it():
    html = page()
    figure = html[html.index('<figure id="figure_b"') : html.index("</figure>")]
    for text in (
        "Punt: het percentage.",
        "Bron: Vijf jaar later, voorjaar 2020.",
        "Deelnemers: 242 van de 388 gemeenten (2017) en 212 van de 355 gemeenten (2019).",
        'aria-label="59 procent, b"',
    ):
        assert text in figure
    links = re.findall(r'<a href="(figures/[^"]+)" download>(\w+)<span class="spoken"> ([^<]+)</span>', figure)
    assert links == [(f"figures/figure_b.{k}", k.upper(), "van figuur 1, Bevinding b") for k in ("png", "svg", "csv")]


def test_without_an_origin_the_source_is_what_the_cover_says():
    assert source_of(with_cover(origin=None)) == "Bron: Peiling 2019."


def test_no_respondents_are_told_of_a_figure_that_shows_them():
    (figure,) = [one for one in figures_of(REPORT) if one.chart.id == "figure_audit"]
    assert respondents_of(REPORT, figure) is None


def test_a_number_of_respondents_that_is_estimated_is_not_told_as_known():
    (figure,) = [one for one in figures_of(REPORT) if one.chart.id == "figure_b"]
    estimated = [row | {"n": 999, "is_n_estimated": True} for row in figure.table.records]
    both = figure.table.model_copy(update={"records": [*figure.table.records, *estimated]})
    alone = figure.table.model_copy(update={"records": estimated})
    assert respondents_of(REPORT, figure._replace(table=both)) == respondents_of(REPORT, figure)
    assert respondents_of(REPORT, figure._replace(table=alone)) is None


def test_the_audit_has_a_page_of_its_own_that_is_linked():
    html, audit = page(), render_audit(REPORT, drawings=DRAWINGS, style=STYLE)
    assert "table_audit" not in html and html.count('href="audit.html"') == 1
    assert 'id="table_audit"' in audit and 'id="figure_audit"' in audit and 'href="index.html"' in audit
    assert "<script" not in audit
    assert audit.count('<a href="https://example.org/bron">2019</a>') == 1
    without = REPORT.model_copy(update={"sections": REPORT.sections[:1], "cover": with_cover(chart=None).cover})
    assert render_audit(without, drawings=DRAWINGS, style=STYLE) is None


@pytest.mark.parametrize(("choice", "row"), [("verdict-feasible", "feasible"), ("wave-2014", "w2014")])
def test_a_choice_in_the_audit_hides_the_rows_of_the_others(choice, row):
    audit = render_audit(REPORT, drawings=DRAWINGS, style=STYLE)
    assert f'id="{choice}"' in audit
    assert f"body:has(#{choice}:checked) tbody tr:not(.{row}) {{ display: none; }}" in audit
    assert len(re.findall(rf'<tr class="[^"]*\b{row}\b[^"]*">', audit)) == 1


def test_a_cell_has_no_role():
    assert [html for html in (page(), render_audit(REPORT, drawings=DRAWINGS, style=STYLE)) if "<td role" in html] == []


def test_the_page_says_who_brings_it_out_and_how_to_cite_it():
    html = page()
    for text in ("mailto:redactie@example.org", "CC BY 4.0", "Een uitgever (z.d.). <cite>Wijkteams komen"):
        assert text in html
    bare = page(style=house_style())
    assert [word for word in ("mailto:", 'class="sender">\n</p>') if word in bare] == ['class="sender">\n</p>']
    # what the licence is on is said beside it, whoever chose it
    own = Licence(name="Eigen voorwaarden", url="https://example.org/voorwaarden")
    for licence in (house_style().licence, own):
        html = page(style=house_style().model_copy(update={"licence": licence}))
        assert f'<a href="{licence.url}" rel="license">{licence.name}</a>. {say("nl", "page_licence_of")}' in html


def test_the_page_leads_to_the_method_where_that_stands_beside_it():
    link = '<a href="data/METHOD.md" hreflang="en">'
    last = page().split("<section aria-labelledby=")[-2]
    assert link in last and say("nl", "page_method") in last
    assert link not in page(data_files=[])


def test_a_dataset_is_described_for_search_engines_and_ends_no_element():
    report = with_cover(title="Een </script> titel")
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(report))[1]
    described = json.loads(text)
    assert described["@type"] == "Dataset" and described["name"] == "Een </script> titel"
    assert described["distribution"][0]["contentUrl"] == "https://example.org/2019/data/estimates.csv"
    assert described["license"] == STYLE.licence.url and described["publisher"]["name"] == "Een uitgever"
    assert "publisher" not in json.loads(re.search(r'ld\+json">(.*?)</script>', page(style=house_style()))[1])


@pytest.mark.parametrize(("style", "base"), [(STYLE, "https://example.org/2019/"), (house_style(), "")])
def test_a_link_to_the_page_shows_the_main_figure(style, base):
    assert f'<meta property="og:image" content="{base}figures/figure_b.png">' in page(style=style)


def test_the_other_language_is_named_and_hidden_until_it_is_there():
    assert re.search(r'<nav class="language" data-other="2019-en" hidden', page(other_edition="2019-en"))
    assert 'class="language"' not in page()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "rapport.pdf", 'https://a"b'])
def test_an_address_of_the_report_that_is_none_of_the_web_is_refused(url):
    with pytest.raises(ReportError, match=r"cover\.origin\.url .* is no address of the web"):
        page(with_cover(origin=ORIGIN.model_copy(update={"url": url})))


def test_what_an_editor_added_stands_in_a_section_that_says_so():
    words = {"nl": "Een <duiding>.", "en": "A reading."}
    added = Editorial(
        interpretation=words,
        quote={"text": {"nl": "Zo is het.", "en": "So it is."}, "name": "A. B.", "role": words, "consent": True},
        related=({"title": {"nl": "Lees meer", "en": "Read on"}, "url": "https://example.org/meer"},),
    )
    html = page(with_cover(editorial=added))
    section = html[html.index('<section class="editorial"') : html.index('<section aria-labelledby="data"')]
    for text in (say("nl", "word_editorial_note"), "Een &lt;duiding&gt;.", "Zo is het.", "A. B.", "Lees meer</a>"):
        assert text in section
    assert '<a href="#editorial">' in html and "editorial" not in page().partition("<body")[2]


def test_formats_that_stand_beside_the_page_are_linked():
    html = page(beside=("report.pdf", "tables.xlsx"))
    assert '<a href="report.pdf" type="application/pdf">Rapport (PDF)</a>' in html
    assert 'href="tables.xlsx"' in html and "report.pdf" not in page()
    html = page(beside=tuple(BESIDE))
    everything = [*BESIDE, *chain.from_iterable(ALSO.values())]
    assert len(everything) == 12 and [name for name in everything if html.count(f'href="{name}"') != 1] == []


def test_what_is_drawn_takes_the_colours_of_the_page_and_names_of_its_own():
    drawn = in_page(DRAWINGS["figure_a"], "figure_a")
    other = in_page(DRAWINGS["figure_b"], "figure_b")
    for svg in drawn.wide, drawn.phone:
        ElementTree.fromstring(svg)
        assert re.findall(r"#[0-9a-f]{6}\b", svg) == []
        assert {"var(--estimate)", "var(--axis)", "var(--ink)"} <= set(re.findall(r"var\(--\w+\)", svg))
        named, used = (set(re.findall(found, svg)) for found in (r'\bid="([^"]+)"', r'(?:href="|url\()#([^")]+)'))
        assert used <= named
    names = [set(re.findall(r'\bid="([^"]+)"', svg)) for one in (drawn, other) for svg in (one.wide, one.phone)]
    assert sum(map(len, names)) == len(set.union(*names))


def test_a_figure_alone_says_finding_year_source_and_respondents():
    figure = figures_of(REPORT)[1]
    svg = alone(REPORT, figure, house_style()).svg
    assert {"Bevinding b", "Aandeel, 2019", "Punt: het percentage."} <= set(re.findall(r"<!-- (.*?) -->", svg))
    assert "Bron: Een instituut" in svg and "212 van de 355 gemeenten (2019)" in svg


def test_the_table_of_a_figure_is_a_csv_without_a_formula():
    figure = figures_of(REPORT)[0]
    rows = (("=1+1", "59%"), ("\u22125", "a,b"))
    changed = figure._replace(table=table("x", rows=rows))
    assert as_csv(changed).decode() == ',Aandeel\n\'=1+1,59%\n\u22125,"a,b"\n'
    marked = changed._replace(chart=changed.chart.model_copy(update={"mark": "verzonnen antwoorden"}))
    assert as_csv(marked).decode() == (
        ',Aandeel,Bron\n\'=1+1,59%,verzonnen antwoorden\n\u22125,"a,b",verzonnen antwoorden\n'
    )


NUMBER = Cell(text="59%", value=0.59, format="percent")
LONG = "een toelichting van meer dan een paar woorden"


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (("taak",), {0}),
        (("taak", NUMBER, "alle", "212", NUMBER, NUMBER), {0, 1, 4, 5}),
        (("taak", "2019", NUMBER, LONG, "past", LONG), {0, 1, 2, 4}),
        (("taak", LONG, LONG, LONG), {0}),
        (("taak", NUMBER, NUMBER, NUMBER, NUMBER), {0, 1, 2, 3}),
    ],
)
def test_a_phone_shows_four_columns_at_most_and_numbers_first(row, kept):
    assert kept_columns((row,)) == kept
    assert below((*row, EMPTY), kept) == [place for place in range(len(row)) if place not in kept]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((NUMBER, NUMBER), True),
        ((NUMBER, NUMBER, "niet bekend"), True),
        ((EMPTY, EMPTY), False),
        (("a", NUMBER), False),
    ],
)
def test_a_column_of_numbers_may_have_a_few_that_are_not_known(cells, expected):
    assert is_number(tuple(("taak", cell) for cell in cells), 1) is expected
