"""The infographic: which numbers stand on the sheet, and that it says itself what they are."""

import io
import itertools
import re
import xml.etree.ElementTree as ET

import pikepdf
import pytest
from PIL import Image

from tests.tagged_pdf import Tagged
from tests.told_reports import LABELS, share, table
from wijkpeiling.charts.model import Bar, Bars, Interval, Intervals, Point, Series
from wijkpeiling.charts.style import house_style
from wijkpeiling.editorial import Editorial, Quote, Written
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Chart, Cover, KeyFigure, Origin, Sentence, Table
from wijkpeiling.report.infographic import FORMS, render_infographic
from wijkpeiling.report.model import Report, Section
from wijkpeiling.report.sheet import MOST_ROWS, sheet_of

MARKUP = '#panic("x") *vet* $x^2$ <label> @ref [haak] & "aan"'
COVER = Cover(language="nl", title="Een titel", subtitle="Een ondertitel", source="published")
KEY = KeyFigure(value="59%", text="zegt dat preventief werken blijft liggen", interval="waarschijnlijk 54 tot 64")
OTHER = KeyFigure(value="11%", text="noemt langdurende ondersteuning")
ORIGIN = Origin(
    held_by="Een instituut", fieldwork="zomer 2019", report="Een rapport", published="2020", url="https://x.nl"
)


def interval(label, share, low=None, high=None, **others):
    return Interval(label=label, text=f"{share:.0%}", share=share, low=low, high=high, **others)


SHORTFALLS = (
    interval("Outreachend werken", 0.52, 0.48, 0.57),
    interval("Preventief werken", 0.59, 0.54, 0.64),
)
TASKS = (interval("Signaleren", 0.75, 0.7, 0.79),)
TREND = Series(points=(Point(wave=2019, text="83%", share=0.83, low=0.79, high=0.86),))
OPEN = TREND.model_copy(update={"points": (Point(wave=2022, text="80%", share=0.8),)})
RESPONSE = Bars(
    bars=(
        Bar(label="2017", text="242 van de 388", part=242, whole=388),
        Bar(label="2019", text="212 van de 355", part=212, whole=355),
        Bar(label="2022", text="onbekend", part=None, whole=344),
    )
)


def chart(name, plot, language="nl"):
    return Chart(id=name, language=language, caption=f"Over {name}", alt="In woorden", table=f"t_{name}", plot=plot)


def shares(name, rows):
    return chart(name, Intervals(rows=rows))


def changes(name, baseline=2017, wave=2019):
    rows = [{"baseline": baseline, "wave": wave, "source": "published"}]
    return Table(
        id=name, language="nl", caption="Verandering", columns=("a",), rows=(("b",),), contract="changes", records=rows
    )


def sentence(name, text):
    return Sentence(id=name, language="nl", text=text)


def report(*sections, **cover):
    made = [Section(id=f"{n:02}", title=f"Deel {n}", blocks=list(blocks)) for n, blocks in enumerate(sections)]
    return Report(cover=COVER.model_copy(update=cover), sections=made)


EVERYTHING = (
    (chart("respons", RESPONSE),),
    (shares("taken", TASKS), sentence("s", "Taken namen af."), changes("c")),
    (shares("tekorten", SHORTFALLS), shares("tekorten_klein", TASKS)),
    (chart("trend", TREND), sentence("t", "Het aandeel steeg."), changes("c2", 2014)),
)


def test_the_cover_gives_number_and_chart():
    sheet = sheet_of(report(*EVERYTHING, key_figures=(KEY, OTHER), chart="tekorten", origin=ORIGIN))
    assert (sheet.headline.value, sheet.headline.text, sheet.headline.of_hundred) == ("59%", KEY.text, 59)
    assert sheet.headline.interval == "Waarschijnlijk 54 tot 64"
    assert sheet.others == (OTHER,)
    assert [one.title for one in sheet.shares] == ["Over tekorten", "Over taken"]
    assert sheet.sender == "Op basis van de peiling van Een instituut · Een ondertitel"
    assert "Een rapport, Een instituut, 2020, https://x.nl" in sheet.notes[-1]


def test_without_them_it_is_the_highest_of_the_first_chart():
    sheet = sheet_of(report(*EVERYTHING))
    assert (sheet.headline.value, sheet.headline.text) == ("75%", "Over taken: Signaleren")
    assert sheet.headline.interval == say("nl", "infographic_between", low="70", high="79")
    assert [one.title for one in sheet.shares] == ["Over taken", "Over tekorten"]
    assert sheet.notes[-1] == "Bron: Een ondertitel"


def test_rows_stand_from_high_to_low_with_the_number_marked():
    (first, _) = sheet_of(report(*EVERYTHING, key_figures=(KEY,), chart="tekorten")).shares
    assert [(row.label, row.low, row.high, row.is_headline) for row in first.rows] == [
        ("Preventief werken", 0.54, 0.64, True),
        ("Outreachend werken", 0.48, 0.57, False),
    ]
    assert first.alt == "Preventief werken: 59% (54–64%); Outreachend werken: 52% (48–57%)"


@pytest.mark.parametrize("other", [{"is_part": True}, {"bounds_low": 0.1, "bounds_high": 0.9}])
def test_a_chart_of_parts_or_of_bounds_is_not_the_news(other):
    sheet = sheet_of(report((shares("klein", (interval("Klein", 0.9, **other),)),), (shares("taken", TASKS),)))
    assert [one.title for one in sheet.shares] == ["Over taken"] and sheet.headline.value == "75%"


def test_a_row_without_a_percentage_does_not_stand_on_the_sheet():
    hidden = Interval(label="Verborgen", text="–", share=None)
    (shown,) = sheet_of(report((shares("taken", (hidden, *TASKS)),))).shares
    assert [row.label for row in shown.rows] == ["Signaleren"]
    assert sheet_of(report((shares("taken", (hidden,)),))).shares == ()


def test_more_rows_than_fit_are_told():
    rows = tuple(interval(f"Taak {n}", n / 100) for n in range(20))
    (shown,) = sheet_of(report((shares("taken", rows),))).shares
    assert [row.text for row in shown.rows] == [f"{n}%" for n in range(19, 19 - MOST_ROWS, -1)]
    assert shown.note == say("nl", "infographic_highest", shown=MOST_ROWS, all=20)


@pytest.mark.parametrize(
    ("chart_of_cover", "title", "text"),
    [("taken", "tussen 2017 en 2019", "Taken namen af."), ("trend", "tussen 2017 en 2019", "Taken namen af.")],
)
def test_the_change_is_that_of_a_chart_on_the_sheet(chart_of_cover, title, text):
    change = sheet_of(report(*EVERYTHING, chart=chart_of_cover)).change
    assert change.title.endswith(title) and change.text == text


def test_no_change_is_told_of_what_does_not_stand_on_the_sheet():
    assert sheet_of(report((chart("trend", TREND), sentence("t", "Het aandeel steeg."), changes("c")))).change is None


def test_a_change_is_told_from_the_earlier_year():
    sections = [(shares("taken", TASKS), sentence("t", "Het aandeel steeg."), changes("c", baseline=2019, wave=2014))]
    assert sheet_of(report(*sections)).change.title.endswith("2014 en 2019")


@pytest.mark.parametrize(
    ("told", "part"), [("In 2019 deden 212 mee.", 212 / 355), ("In 2017 deden 242 mee.", 242 / 388), ("2022: ?", None)]
)
def test_the_response_is_that_of_the_wave_that_the_report_names(told, part):
    key = Sentence(id="respons", language="nl", text="Een langere zin.", key=told)
    response = sheet_of(report((chart("respons", RESPONSE), key))).response
    assert (response.text, response.part) == (told, part)


def test_without_a_number_the_sheet_says_what_the_report_says_in_brief():
    key = Sentence(id="z", language="nl", text="Een langere zin.", key="In het kort.")
    assert sheet_of(report((key,))).sentences == ("In het kort.",)
    assert sheet_of(report((key,), lead=("Een eerste zin.",))).sentences == ("Een eerste zin.",)
    assert sheet_of(report((key, shares("taken", TASKS)))).sentences == ()
    # what stands beside the response is said once
    assert sheet_of(report((chart("respons", RESPONSE), key))).sentences == ()


def test_a_quote_stands_on_the_sheet_as_not_from_the_figures():
    quote = Quote(
        text=Written(nl="Het kan beter", en="x"), name="Een naam", role=Written(nl="raadslid", en="x"), consent=True
    )
    given = report(*EVERYTHING, editorial=Editorial(quote=quote))
    said = sheet_of(given).quote
    assert said.text == say("nl", "article_quote", text="Het kan beter", name="Een naam", role="raadslid")
    assert said.mark == say("nl", "article_said")
    with_quote, without = (
        render_infographic(one, style=house_style(), form="svg") for one in (given, report(*EVERYTHING))
    )
    assert with_quote != without and sheet_of(report(*EVERYTHING)).quote is None


def test_an_edition_of_nothing_but_sentences_has_a_sheet():
    sheet = sheet_of(report((sentence("s", "Een zin."),)))
    assert (sheet.headline, sheet.shares, sheet.change, sheet.trend, sheet.response) == (None, (), None, None, None)
    assert render_infographic(report((sentence("s", "Een zin."),)), style=house_style(), form="pdf")


@pytest.mark.parametrize(
    ("rows", "points", "keys"),
    [
        (SHORTFALLS, TREND, ["interval", "rank"]),
        (TASKS, TREND, ["interval"]),
        ((interval("Taak", 0.4),), OPEN, ["no_interval", "open"]),
        ((), TREND, ["interval"]),
        (TASKS, OPEN, ["interval", "open"]),
    ],
)
def test_the_sheet_says_how_to_read_what_stands_on_it(rows, points, keys):
    sheet = sheet_of(report((shares("taken", rows),) if rows else (), (chart("trend", points),)))
    assert sheet.notes[0] == " ".join(say("nl", f"infographic_{key}") for key in keys)


WORST = {"worst_low": 0.35, "worst_high": 0.76}


def told(rows, **cover):
    """A report of which the chart of shortfalls has these rows behind it, and 59 percent for a number."""
    drawn = shares("tekorten", SHORTFALLS)
    behind = table(drawn.table, "estimates", [row | {"source": "published"} for row in rows])
    key = Sentence(id="respons", language="nl", text="Een zin.", key="In 2019 deden 212 mee.")
    return report((drawn, behind), (chart("respons", RESPONSE), key), key_figures=(KEY,), labels=LABELS, **cover)


@pytest.mark.parametrize(
    ("rows", "whom"),
    [
        ([{"base": "respondents"}], "gemeenten"),
        ([{"base": "with_team"}], "gemeenten met een wijkteam"),
        ([], "gemeenten"),
    ],
)
def test_the_circles_are_of_those_that_answered_and_say_how_many_did(rows, whom):
    rows = [share("shortfall_preventive_work", 0.59, 0.54, 0.64, **row) for row in rows]
    circles = sheet_of(told(rows)).headline.circles
    assert circles == f"59 van elke 100 {whom} die antwoordden (respons: 212 van 355)."


def test_circles_of_a_base_that_is_not_stated_say_so():
    rows = [share("shortfall_preventive_work", 0.59, 0.54, 0.64, base="with_team", flag="base_not_stated")]
    circles = sheet_of(told(rows)).headline.circles
    assert "niet of het gaat om alle gemeenten die meededen (respons: 212 van 355), of alleen om die met" in circles


def test_the_source_is_where_the_numbers_on_the_sheet_were_published():
    """Not the report of the survey, and nothing of another year or of figures that are disputed."""
    rows = [share("shortfall_preventive_work", 0.59, 0.54, 0.64, wave=2019)]
    address = "https://krant.nl/wijkteams"
    audited = [
        {"wave": wave, "concept": concept, "pct": 59.0, "verdict": verdict, "source": title, "source_url": address}
        for wave, concept, verdict, title in [
            (2019, "shortfall_preventive_work", "contested", "Betwist"),
            (2019, "shortfall_preventive_work", "feasible", "Wijkteams (Krant 6 mei 2020)"),
            (2019, "task_signalling", "feasible", "Staat er niet"),
            (2017, "shortfall_preventive_work", "feasible", "Ander jaar"),
        ]
    ]
    given = told(rows, origin=ORIGIN, wave=2019)
    blocks = [*given.sections[0].blocks, table("t_audit", "audit", audited)]
    given = given.model_copy(update={"sections": [given.sections[0].model_copy(update={"blocks": blocks})]})
    assert sheet_of(given).notes[-1] == f"Bron: Wijkteams (Krant 6 mei 2020), {address}"


def test_where_the_lead_stands_for_charts_its_publications_are_the_source():
    row = share("shortfall_preventive_work", 0.48, wave=2022, source="published")
    audited = {"wave": 2022, "concept": row["concept"], "pct": 48.0, "verdict": "not_checkable", "source": "Krant"}
    given = report((table("table_shortfall", "estimates", [row]), table("t", "audit", [audited])), wave=2022)
    assert sheet_of(given).notes[-1] == "Bron: Krant"


def test_where_the_response_is_not_known_the_circles_do_not_tell_it():
    assert sheet_of(report(*EVERYTHING, key_figures=(KEY,))).headline.circles.endswith("gemeenten die antwoordden.")


@pytest.mark.parametrize(
    ("rows", "low_high"),
    [
        ([WORST], ("35", "76")),
        ([WORST, {"worst_low": 0.32, "worst_high": 0.78, "base": "with_team"}], ("32", "78")),
        ([WORST | {"ci_low": None, "ci_high": None}], None),
        ([{}], None),
        ([WORST | {"share": 0.58}], None),
    ],
)
def test_the_worst_case_stands_beside_the_number_where_it_is_known(rows, low_high):
    rows = [share("shortfall_preventive_work", 0.59, 0.54, 0.64) | row for row in rows]
    sheet = sheet_of(told(rows))
    expected = low_high and say("nl", "infographic_worst", low=low_high[0], high=low_high[1])
    assert sheet.headline.worst == expected
    assert ("ten hoogste" in sheet.alt) == (low_high is not None)


def test_where_no_chart_of_percentages_stands_the_sheet_has_the_lead():
    given = {"key_figures": (KEY,), "lead": ("Een zin.",)}
    assert sheet_of(report((chart("trend", TREND),), **given)).sentences == ("Een zin.",)
    assert sheet_of(report((shares("taken", TASKS),), **given)).sentences == ()


EDITIONS = [(2019, "nl", "published"), (2019, "en", "synthetic"), (2022, "nl", "published"), (2014, "en", "published")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_every_edition_has_a_sheet_that_is_the_same_twice(edition, form, edition_report):
    one, other = (render_infographic(edition_report(*edition), style=house_style(), form=form) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_the_numbers_are_those_of_the_tables(edition, edition_report):
    given = edition_report(*edition)
    texts = {text for table in given.tables for row in table.texts for text in row}
    sheet = sheet_of(given)
    shown = [row for shares in sheet.shares for row in shares.rows]
    assert all(row.text in texts for row in shown)
    assert sheet.headline is None or sheet.headline.value in texts


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_a_drawing_says_in_words_what_it_shows(edition, edition_report):
    given = edition_report(*edition)
    drawing = ET.fromstring(render_infographic(given, style=house_style(), form="svg"))
    title, words = drawing[0], drawing[1]
    assert (title.tag.split("}")[1], title.text) == ("title", given.cover.title)
    assert words.text == sheet_of(given).alt
    assert drawing.get("role") == "img" and drawing.get("lang") == given.language
    marked = say(given.language, "pdf_invented")
    assert (marked in words.text) == (given.cover.source == "synthetic")


def test_every_colour_is_one_of_the_style(edition_report):
    drawing = render_infographic(edition_report(2019, "nl", "published"), style=house_style(), form="svg").decode()
    colours = {colour.lower() for colour in house_style().colours.model_dump().values()}
    assert set(re.findall(r"#[0-9a-f]{6}", drawing)) <= colours


def test_text_from_outside_stays_text():
    row = interval(MARKUP, 0.5, 0.4, 0.6)
    given = report((shares("taken", (row,)), sentence("s", MARKUP), changes("c")), title=MARKUP, subtitle=MARKUP)
    drawing = ET.fromstring(render_infographic(given, style=house_style(), form="svg"))
    assert drawing[0].text == MARKUP and MARKUP in drawing[1].text


POINTS_WIDE, SCREEN_WIDE = 595.28, 1080


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_the_smallest_text_can_be_read_on_paper_and_on_a_screen(edition, edition_report):
    """At least 6.5 points on A4, and 12 pixels on a screen of 1080."""
    drawn = render_infographic(edition_report(*edition), style=house_style(), form="pdf")
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        sizes = {float(at[1]) for at, operator in pikepdf.parse_content_stream(pdf.pages[0]) if str(operator) == "Tf"}
    assert len(sizes) > 3 and min(sizes) >= 6.5 and min(sizes) * SCREEN_WIDE / POINTS_WIDE >= 12


def runs(row):
    """First and last place of each run of the same colour."""
    places = [place for place, is_ink in enumerate(row) if is_ink]
    groups = itertools.groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
    return [(found[0][1], found[-1][1]) for found in (list(group) for _, group in groups)]


def test_a_dot_leaves_the_ends_of_its_interval_to_be_seen(edition_report):
    """The row that has the accent: across its middle one line, and beside that an end, the dot and the other end."""
    drawn = render_infographic(edition_report(2019, "nl", "published"), style=house_style(), form="png")
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    accent = tuple(bytes.fromhex(house_style().colours.accent.removeprefix("#")))
    # below the number and its circles
    below = range(picture.height * 3 // 10, picture.height * 6 // 10)
    lines = [runs([picture.getpixel((x, y)) == accent for x in range(picture.width)]) for y in below]
    first, last = max((line[0] for line in lines if line), key=lambda run: run[1] - run[0])
    parts = [[one for one in line if first <= one[0] and one[1] <= last] for line in lines]
    (low, dot, high), *_ = [part for part in parts if len(part) == 3]
    assert low[0] == first and high[1] == last
    assert dot[1] - dot[0] < (last - first) / 3


def test_every_mark_of_the_trend_stands_against_a_scale(edition_report):
    given = edition_report(2019, "nl", "published")
    document = Tagged(render_infographic(given, style=house_style(), form="pdf"))
    *_, trend = document.all("/Figure")
    assert all(text in document.text(trend) for text in ("0%", "50%", "100%"))
