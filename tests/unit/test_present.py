"""What the notebooks show: bundles that a report can be made of, in words, tables and figures."""

import json
import re

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from wijkpeiling.present.drawing import render

from wijkpeiling import language as speak
from wijkpeiling.present import changes, drawing, trend
from wijkpeiling.present.blocks import EMPTY, MIME, PHONE, PHONE_SVG, SVG, WIDE, Cover, Figure, Sentence, Table, records
from wijkpeiling.trend.changes import changes_against

EDITIONS = [
    *((wave, None, language) for wave in (2014, 2015, 2017, 2019, 2022) for language in ("nl", "en")),
    (2017, 2015, "nl"),
    (2022, 2019, "en"),
]
FIGURES = ["figure_response", "figure_task", "figure_shortfall", "figure_trend", "figure_audit"]
NOTEBOOKS = ["01_respons", "02_taken", "03_preventie", "04_trend", "05_herkomst"]


def everything(sections):
    return [block for blocks in sections.values() for block in blocks]


def named(sections, name):
    (block,) = [block for block in everything(sections) if getattr(block, "id", None) == name]
    return block


@pytest.fixture(params=EDITIONS, ids=lambda edition: "-".join(map(str, edition)))
def sections(request, shown):
    return shown(*request.param)


@pytest.fixture(params=["nl", "en"])
def of_2019(request, shown):
    return shown(2019, None, request.param)


def test_every_edition_shows_something_in_every_notebook(sections):
    assert {name: bool(blocks) for name, blocks in sections.items()} == dict.fromkeys(NOTEBOOKS, True)


def test_every_block_carries_a_bundle_that_is_json(sections):
    for block in everything(sections):
        bundle = block._repr_mimebundle_()[MIME]
        assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle


def test_every_block_shows_itself_without_the_bundle_too(sections):
    shown = [block._repr_mimebundle_() for block in everything(sections)]
    assert [one for one in shown if not one["text/plain"] or not ({"text/html", SVG} & set(one))] == []


def test_no_text_has_a_gap_a_missing_value_or_a_stray_space_in_it(sections):
    for block in everything(sections):
        bundle = block._repr_mimebundle_()[MIME]
        texts = [bundle.get(key) or "" for key in ("text", "key", "title", "subtitle", "caption", "alt")]
        texts += bundle.get("notes", []) + [cell for row in bundle.get("rows", []) for cell in row]
        assert [text for text in texts if re.search(r"\bnan\b|<NA>|\bNone\b|[{}]|  |\s$|\s[.,;:]", text)] == []


def test_every_figure_names_a_table_of_its_notebook(sections):
    for blocks in sections.values():
        tables = {block.id for block in blocks if isinstance(block, Table)}
        assert {block.table for block in blocks if isinstance(block, Figure)} <= tables


def test_every_row_of_a_table_is_as_wide_as_its_heading(sections):
    tables = [block for block in everything(sections) if isinstance(block, Table)]
    assert [table.id for table in tables for row in table.rows if len(row) != len(table.columns)] == []


def test_every_block_is_in_the_language_of_the_edition(of_2019):
    (cover,) = [block for block in everything(of_2019) if isinstance(block, Cover)]
    assert {block.language for block in everything(of_2019)} == {cover.language}


def test_a_wave_without_task_figures_says_so_in_a_sentence(shown):
    blocks = shown(2017, 2015, "nl")["02_taken"]
    assert all(isinstance(block, Sentence) for block in blocks[:3])
    assert {block.text for block in blocks[:3]} == {speak.say("nl", "task_missing", wave=2017)}


def test_a_wave_of_unknown_respondents_says_so(shown):
    text = named(shown(2022, 2019, "en"), "response").text
    assert text.startswith("How many municipalities completed the 2022 survey is not known. In 2019, 212 of the 355")


def test_shares_are_told_from_high_to_low(shown):
    text = named(shown(2019, None, "nl"), "shares_task").text
    found = [int(number) for number in re.findall(r"(\d+) procent(?=[ )])", text)]
    assert found[0] == 90 and found[-5:] == [86, 83, 75, 70, 11]


def test_the_words_about_change_name_the_direction_without_a_number(shown):
    text = named(shown(2019, None, "nl"), "changes_task").text
    assert "kortdurende ondersteuning en langdurende ondersteuning" in text
    assert re.findall(r"[+\u2212]\d", text) == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_description_of_a_figure_holds_its_numbers(of_2019, name):
    figure = named(of_2019, name)
    assert [number for number in expected_numbers(figure) if number not in re.findall(r"\d+", figure.alt)] == []
    assert len(figure.data) > 3


def expected_numbers(figure):
    if figure.id == "figure_response":
        return [str(row[name]) for row in figure.data if row["n"] for name in ("n", "N")]
    if figure.id == "figure_audit":
        totals = pd.DataFrame(figure.data).groupby("verdict")["n_figures"].sum()
        return [str(total) for total in (*totals, totals.sum())]
    first = pd.DataFrame(figure.data).drop_duplicates("concept" if "concept" in figure.data[0] else "wave")
    shares = first[["share", "ci_low", "ci_high"]].to_numpy(dtype=float).ravel()
    return [speak.whole(share) for share in shares if share == share]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_the_numbers_of_its_table(of_2019, name):
    figure = named(of_2019, name)
    table = named(of_2019, figure.table)
    if name == "figure_audit":
        drawn, tabled = sum(row["n_figures"] for row in figure.data), len(table.records)
    else:
        columns = [column for column in figure.data[0] if column in table.records[0]]
        drawn = [[row[column] for column in columns] for row in figure.data]
        tabled = [[row[column] for column in columns] for row in table.records]
    assert drawn == tabled


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_figure_drawn_twice_is_the_same_to_the_byte(shown, name, width):
    figure = named(shown(2019, None, "nl"), name)
    assert render(figure.draw, width) == render(figure.draw, width)


def test_a_figure_is_drawn_for_a_page_and_for_a_phone(of_2019):
    for name in FIGURES:
        shown = named(of_2019, name)._repr_mimebundle_()
        widths = [float(re.search(r'width="([\d.]+)pt"', shown[key])[1]) for key in (SVG, PHONE_SVG)]
        assert widths == pytest.approx([WIDE * 72, PHONE * 72])


def test_a_figure_holds_no_date_and_no_script(of_2019):
    svg = named(of_2019, "figure_trend")._repr_mimebundle_()[SVG]
    assert [word for word in ("<script", "dc:date", "Matplotlib v") if word in svg] == []


def luminance(color):
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other="#ffffff"):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("color", "expected"),
    [("#000000", 21.0), ("#ffffff", 1.0), ("#777777", 4.48), ("#0000ff", 8.59)],
)
def test_contrast_is_that_of_wcag(color, expected):
    assert contrast(color) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("name", ["BLUE", "RUST", "GREY"])
def test_colours_of_marks_stand_out_on_white(name):
    assert contrast(getattr(drawing, name)) >= 3


@pytest.mark.parametrize("name", ["text.color", "axes.labelcolor", "xtick.color", "ytick.color"])
def test_colours_of_text_can_be_read_on_white(name):
    assert contrast(drawing._STYLE[name]) >= 4.5


@pytest.mark.parametrize("name", FIGURES[:-1])
def test_words_and_numbers_in_a_figure_can_be_read_on_white(shown, name):
    (axis,) = named(shown(2019, None, "nl"), name).draw(WIDE).axes
    assert [text.get_text() for text in axis.texts if contrast(to_hex(text.get_color())) < 4.5] == []


def test_numbers_in_the_grid_of_verdicts_can_be_read_on_their_cell(shown):
    (axis,) = named(shown(2019, None, "nl"), "figure_audit").draw(WIDE).axes
    (grid,) = axis.collections
    cells = [
        (text.get_text(), contrast(to_hex(text.get_color()), to_hex(ground)))
        for text, ground in zip(axis.texts, grid.get_facecolors(), strict=True)
    ]
    assert [(number, round(ratio, 1)) for number, ratio in cells if number and ratio < 4.5] == []


@pytest.mark.parametrize("name", ["figure_task_size", "figure_shortfall_size"])
def test_numbers_in_the_grid_of_size_classes_can_be_read_on_their_cell(shown, name):
    (axis,) = named(shown(2019, None, "nl", "synthetic"), name).draw(WIDE).axes
    (grid,) = axis.collections
    grounds = grid.get_facecolors().reshape(-1, 4, 4)
    cells = []
    for text in axis.texts:
        column, row = (int(place) for place in text.get_position())
        # a cell without a number is not filled
        ground = "#ffffff" if text.get_text() == EMPTY else to_hex(grounds[row, column])
        cells.append((text.get_text(), contrast(to_hex(text.get_color()), ground)))
    assert len(cells) == grounds.shape[0] * 4
    assert [(number, round(ratio, 1)) for number, ratio in cells if ratio < 4.5] == []


def test_missing_values_become_none_in_records():
    table = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [0.5, float("nan")], "c": ["x", None]})
    assert records(table) == [{"a": 1, "b": 0.5, "c": "x"}, {"a": None, "b": None, "c": None}]


def test_tables_escape_what_a_source_wrote():
    html = Table("t", "nl", "A < B", ("", "<b>"), (("<script>", "a & b"),))._repr_mimebundle_()["text/html"]
    assert "<script>" not in html and "<b>" not in html and "a &amp; b" in html


def test_a_change_is_told_with_its_points(edition, evidence):
    told = changes.sentence(
        edition(2017, baseline=2014), changes_against(evidence, 2014, [2017], ["has_wijkteam"], "nl"), "team"
    )
    assert (
        told.text == "Naar verhouding geldt voor meer gemeenten dan in 2014: werkt met een wijkteam (+14 procentpunt)."
    )


def test_a_missing_trend_is_told(edition):
    assert trend.slope_sentence(edition(2019), None).text == speak.say("nl", "slope_missing", baseline=2017)


def test_an_empty_cell_of_the_prevention_matrix_is_a_dash(shown):
    table = named(shown(2019, None, "nl"), "table_prevention_matrix")
    cells = [cell for row in table.rows for cell in row[1:]]
    assert EMPTY in cells and any("59%" in cell for cell in cells)
