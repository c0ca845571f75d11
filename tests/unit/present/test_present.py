"""What the notebooks show: bundles that a report can be made of, in words, tables and figures."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb

from wijkpeiling import language as speak
from wijkpeiling.charts.style import contrast, house_style
from wijkpeiling.present import trend
from wijkpeiling.present.blocks import (
    EMPTY,
    MIME,
    PHONE,
    PHONE_SVG,
    SVG,
    WIDE,
    Chart,
    Cover,
    Drawings,
    Sentence,
    Table,
    records,
)
from wijkpeiling.present.shares import LONGEST_ALT
from wijkpeiling.trend.changes import changes_against, trend_of
from wijkpeiling.trend.model import NoTrend

EDITIONS = [
    *((wave, None, language) for wave in (2014, 2015, 2017, 2019, 2022) for language in ("nl", "en")),
    (2017, 2015, "nl"),
    (2022, 2019, "en"),
]
FIGURES = ["figure_response", "figure_task", "figure_shortfall", "figure_trend", "figure_audit"]
NOTEBOOKS = ["00_kern", "01_respons", "02_taken", "03_preventie", "04_trend", "05_herkomst"]


def everything(sections):
    return [block for blocks in sections.values() for block in blocks]


def named(sections, name):
    (block,) = [block for block in everything(sections) if getattr(block, "id", None) == name]
    return block


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda edition: "-".join(map(str, edition)))
def sections(request, shown):
    return shown(*request.param)


@pytest.fixture(scope="module")
def bundles(sections, bundle_of):
    return [bundle_of(block) for block in everything(sections)]


@pytest.fixture(params=["nl", "en"])
def of_2019(request, shown):
    return shown(2019, None, request.param)


def test_the_first_notebook_shows_the_cover_and_no_other_does(sections):
    shown = {name: [type(block) for block in blocks] for name, blocks in sections.items()}
    assert list(shown) == NOTEBOOKS and shown.pop("00_kern") == [Cover]
    assert [name for name, kinds in shown.items() if Cover in kinds] == []


def test_a_notebook_shows_nothing_only_where_nothing_was_published(sections):
    # the shortfalls were not published before 2019
    assert {name for name, blocks in sections.items() if not blocks} <= {"03_preventie"}


def test_what_cannot_be_told_is_told_once_and_in_the_account(sections):
    texts = [block.text for block in everything(sections) if isinstance(block, Sentence)]
    once = [speak.say(language, "answers_missing") for language in ("nl", "en")]
    assert sum(text.count(one) for text in texts for one in once) == 1
    assert any(one in block.text for one in once for block in sections["05_herkomst"] if isinstance(block, Sentence))


def test_every_block_carries_a_bundle_that_is_json(bundles):
    for bundle in (one[MIME] for one in bundles):
        assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle


def test_every_block_shows_itself_without_the_bundle_too(bundles):
    assert [one for one in bundles if not one["text/plain"] or not ({"text/html", SVG} & set(one))] == []


def test_no_text_has_a_gap_a_missing_value_or_a_stray_space_in_it(sections):
    for block in everything(sections):
        bundle = block.model_dump(mode="json")
        texts = [bundle.get(key) or "" for key in ("text", "key", "title", "subtitle", "caption", "alt")]
        texts += bundle.get("notes", []) + [cell for row in getattr(block, "texts", ()) for cell in row]
        assert [text for text in texts if re.search(r"\bnan\b|<NA>|\bNone\b|[{}]|  |\s$|\s[.,;:]", text)] == []


def test_every_figure_names_a_table_of_its_notebook(sections):
    for blocks in sections.values():
        tables = {block.id for block in blocks if isinstance(block, Table)}
        assert {block.table for block in blocks if isinstance(block, Chart)} <= tables


def test_every_row_of_a_table_is_as_wide_as_its_heading(sections):
    tables = [block for block in everything(sections) if isinstance(block, Table)]
    assert [table.id for table in tables for row in table.texts if len(row) != len(table.columns)] == []


def test_every_block_is_in_the_language_of_the_edition(of_2019):
    (cover,) = [block for block in everything(of_2019) if isinstance(block, Cover)]
    assert {block.language for block in everything(of_2019)} == {cover.language}


@pytest.mark.parametrize(("name", "kind"), [("02_taken", "task"), ("03_preventie", "shortfall")])
def test_a_wave_without_figures_of_a_kind_says_so_in_the_account_alone(shown, name, kind):
    sections = shown(2017, 2015, "nl")
    missing = speak.say("nl", f"{kind}_missing", wave=2017)
    assert missing in named(sections, "limits").text
    assert [block.id for block in sections[name] if kind in block.id or missing in getattr(block, "text", "")] == []


def test_a_wave_of_unknown_respondents_says_so(shown):
    text = named(shown(2022, 2019, "en"), "response").text
    assert text.startswith("How many municipalities took part in the survey of 2022 was not found. In 2019, 212 of the")


@pytest.mark.parametrize(("wave", "is_drawn"), [(2022, False), (2019, True)])
def test_a_response_that_is_not_known_is_no_figure(shown, wave, is_drawn):
    ids = [block.id for block in shown(wave, None, "nl")["01_respons"]]
    assert "table_response" in ids and ("figure_response" in ids) == is_drawn


def test_shares_are_told_from_high_to_low(shown):
    text = named(shown(2019, None, "nl"), "shares_task").text
    found = [int(number) for number in re.findall(r"(\d+) procent(?=[ )])", text)]
    assert found[0] == 90 and found[-5:] == [86, 83, 75, 70, 11]


def test_the_words_about_change_name_the_direction_without_a_number(shown):
    text = named(shown(2019, None, "nl"), "changes_task").text
    assert "kortdurende ondersteuning en langdurende ondersteuning" in text
    assert re.findall(r"[+\u2212]\d", text) == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_description_of_a_chart_holds_its_numbers_in_one_breath(of_2019, name):
    chart = named(of_2019, name)
    expected = expected_numbers(chart.plot)
    assert len(expected) > 1
    assert [number for number in expected if number not in re.findall(r"\d+", chart.alt)] == []
    assert len(chart.alt) <= LONGEST_ALT and chart.alt != chart.caption


def test_no_description_is_long_or_says_its_title_again(sections):
    charts = [block for block in everything(sections) if isinstance(block, Chart)]
    assert [one.id for one in charts if len(one.alt) > LONGEST_ALT or one.caption in one.alt] == []
    assert [one.id for one in charts if one.subtitle == one.caption] == []


def expected_numbers(plot):
    if plot.kind == "bars":
        return [str(number) for bar in plot.bars if bar.part is not None for number in (bar.part, bar.whole)]
    if plot.kind == "grid":
        totals = [sum(map(int, row)) for row in plot.values]
        return [str(total) for total in (*totals, sum(totals))]
    marks = plot.rows if plot.kind == "intervals" else plot.points
    return [speak.whole(mark.share) for mark in marks]


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_has_the_numbers_of_its_table(of_2019, name):
    plot = named(of_2019, name).plot
    rows = named(of_2019, named(of_2019, name).table).records
    if plot.kind == "grid":
        assert sum(sum(map(int, row)) for row in plot.values) == len(rows)
    elif plot.kind == "bars":
        assert [(bar.part, bar.whole) for bar in plot.bars] == [(r["n"], r["N"]) for r in rows if r["wave"] == 2019]
    else:
        marks = plot.rows if plot.kind == "intervals" else plot.points
        items = pd.DataFrame(rows).groupby(["wave", "concept"], sort=False)
        widest = items.agg({"share": "first", "ci_low": "min", "ci_high": "max"}).astype(float)
        drawn = pd.DataFrame([(mark.share, mark.low, mark.high) for mark in marks], dtype=float)
        assert sorted(map(str, drawn.to_numpy().tolist())) == sorted(map(str, widest.to_numpy().tolist()))


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_is_drawn_for_a_page_and_for_a_phone_the_same_each_time(of_2019, bundle_of, name):
    chart = named(of_2019, name)
    shown = bundle_of(chart)
    widths = [float(re.search(r'width="([\d.]+)pt"', shown[key])[1]) for key in (SVG, PHONE_SVG)]
    assert widths == pytest.approx([WIDE * 0.75, PHONE * 0.75])
    assert chart.drawings(house_style()) == Drawings(wide=shown[SVG], phone=shown[PHONE_SVG])


def test_a_chart_holds_no_date_and_no_script(of_2019, bundle_of):
    svg = bundle_of(named(of_2019, "figure_trend"))[SVG]
    assert [word for word in ("<script", "dc:date", "Matplotlib v") if word in svg] == []


@pytest.mark.parametrize("name", FIGURES[:-1])
def test_words_and_numbers_in_a_chart_can_be_read_on_white(shown, axis_of, name):
    axis = axis_of(named(shown(2019, None, "nl"), name))
    assert [text.get_text() for text in axis.texts if contrast(to_hex(text.get_color()), "#ffffff") < 4.5] == []


@pytest.mark.parametrize(
    ("language", "reproduced", "counts", "reason"),
    [
        ("nl", "nagerekend", ["154 van 224", "31 van 224", "224 van 403"], "Dit aantal is gepubliceerd."),
        ("en", "reproduced", ["154 of 224", "31 of 224", "224 of 403"], "This number was published."),
    ],
)
def test_a_count_that_was_published_stands_in_the_audit_alone(shown, language, reproduced, counts, reason):
    table = named(shown(2019, None, language), "table_audit")
    rows = [at for at, row in enumerate(table.texts) if row[4] == reproduced]
    assert [table.texts[at][3] for at in rows][:3] == counts and len(rows) == 6
    told = {step.text for at in rows for step in table.why[at].steps if step.column == table.columns[3]}
    assert told == {reason}


@pytest.mark.parametrize(("language", "said"), [("nl", "geen controle mogelijk"), ("en", "No check is possible")])
def test_the_summary_says_of_how_many_figures_nothing_can_be_checked(shown, language, said):
    told = named(shown(2019, None, language), "audit")
    n = sum(row["verdict"] == "not_checkable" for row in named(shown(2019, None, language), "table_audit").records)
    assert n > 0 and said in told.key and re.findall(r"\d+", told.key)[-1] == str(n)


@pytest.mark.parametrize("scheme", ["colours", "dark"])
def test_numbers_in_a_grid_can_be_read_on_their_cell(of_2019, axis_of, scheme):
    colours = getattr(house_style(), scheme)
    chart = named(of_2019, "figure_audit")
    axis = axis_of(chart)
    grounds = {(int(bar.get_x()), int(bar.get_y())): bar.get_alpha() for bar in axis.patches}
    assert len(grounds) == sum(value > 0 for row in chart.plot.values for value in row)
    faint = []
    for text in axis.texts:
        column, row = (int(place) for place in text.get_position())
        alpha = grounds.get((column, row), 0)
        pair = zip(to_rgb(colours.estimate), to_rgb(colours.paper), strict=True)
        ground = [alpha * a + (1 - alpha) * b for a, b in pair]
        if text.get_text() and contrast(colours.ink, to_hex(ground)) < 4.5:
            faint.append(text.get_text())
    assert (len(axis.texts) > 10, faint) == (True, [])


def test_missing_values_become_none_in_records():
    table = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [0.5, float("nan")], "c": ["x", None]})
    assert records(table) == [{"a": 1, "b": 0.5, "c": "x"}, {"a": None, "b": None, "c": None}]


def test_tables_escape_what_a_source_wrote():
    html = Table(
        id="t", language="nl", caption="A < B", columns=("", "<b>"), rows=(("<script>", "a & b"),)
    )._repr_mimebundle_()["text/html"]
    assert "<script>" not in html and "<b>" not in html and "a &amp; b" in html


def test_a_change_is_told_with_its_points(edition, sources):
    against = changes_against(sources, 2014, [2017], ["has_wijkteam"], "nl")
    told = trend.others_sentence(edition(2019, baseline=2014), against).text
    assert told.startswith("In 2017 hadden meer gemeenten een wijkteam dan in 2014 (+14 procentpunt, 95%-interval")


def test_a_missing_trend_is_told(edition):
    assert trend.slope_sentence(edition(2019), None).text == speak.say("nl", "slope_missing", baseline=2017)


@pytest.mark.parametrize(
    ("reason", "dutch", "english"),
    [
        (
            "everybody",
            "in 2014 en 2015 antwoordden alle gemeenten ja",
            "in 2014 and 2015 all municipalities answered yes",
        ),
        ("nobody", "in 2014 en 2015 antwoordde geen enkele gemeente ja", "in 2014 and 2015 not one municipality"),
        (
            "not_comparable",
            "De vraag van 2014 en 2015 is niet te vergelijken met die van 2017",
            "comparable with that of 2017",
        ),
    ],
)
def test_why_there_is_no_trend_is_told(edition, reason, dutch, english):
    for language, says in (("nl", dutch), ("en", english)):
        told = trend.slope_sentence(edition(2019, language=language), NoTrend(reason, (2014, 2015)))
        assert says in told.text


@pytest.mark.parametrize(
    ("language", "interval"),
    [
        (
            "nl",
            "(95%-interval 0,9 tot 2,7; bij de ongunstigste aantallen gemeenten die twee keer meededen 0,4 tot 3,2)",
        ),
        (
            "en",
            "(95% interval 0.9 to 2.7; with the least favourable numbers of municipalities that took part twice "
            "0.4 to 3.2)",
        ),
    ],
)
def test_the_slope_is_told_with_its_range(edition, sources, language, interval):
    fitted = trend_of(sources, 2017, "has_wijkteam")
    straight = trend.slope_sentence(edition(2019, language=language), replace(fitted, is_straight=True))
    assert interval in straight.text
    # where a line does not fit, its slope would say nothing
    assert interval not in trend.slope_sentence(edition(2019, language=language), fitted).text


def test_waves_left_out_of_the_trend_are_told(edition, sources):
    fitted = replace(trend_of(sources, 2017, "has_wijkteam"), left_out=(2014,))
    told = trend.slope_sentence(edition(2019, language="nl"), fitted)
    assert told.text.endswith("De vraag van 2014 is niet te vergelijken met die van 2017 en telt in de trend niet mee.")


@pytest.mark.parametrize(("language", "word"), [("nl", "ja"), ("en", "yes")])
def test_the_prevention_matrix_has_each_shortfall_once(shown, language, word):
    table = named(shown(2019, None, language), "table_prevention_matrix")
    assert [row[1] for row in table.texts] == ["59%", "52%", "51%", "46%"]
    assert table.texts[0][3:] == (word, word, EMPTY) and table.texts[1][3:] == (EMPTY, word, EMPTY)
    # only the percentage is a number, and says how it came about
    assert all("%" not in cell for row in table.texts for cell in (row[0], *row[2:]))
    assert all(row is not None and row.steps[0].result == "59%" for row in table.why[:1])


@pytest.mark.parametrize(
    ("wave", "baseline", "claim"),
    [
        (2019, None, "In 2017 en in 2019 had 83 procent van de gemeenten een wijkteam"),
        (2019, 2015, "In 2019 had 83 procent van de gemeenten een wijkteam, in 2015 87 procent"),
        (2022, None, "In 2017 en in 2019 had 83 procent van de gemeenten een wijkteam, in 2022 ongeveer 80 procent"),
        (2014, None, "In 2014 had 69 procent van de gemeenten een wijkteam"),
    ],
)
def test_the_figure_of_the_trend_sets_side_by_side_what_is_tested_and_names_an_approximation(
    shown, wave, baseline, claim
):
    assert named(shown(wave, baseline, "nl"), "figure_trend").caption == claim


@pytest.mark.parametrize(
    ("language", "remark"), [("nl", "Movisie noemt het aandeel"), ("en", "Movisie calls the share")]
)
def test_what_the_publication_says_of_an_approximation_is_told_in_its_own_edition(shown, language, remark):
    told = {wave: named(shown(wave, None, language), "trend_approximate").text for wave in (2019, 2022)}
    assert remark in told[2022] and told[2022].split(" ", 8)[:8] == told[2019].split(" ", 8)[:8]
    assert remark not in told[2019]
