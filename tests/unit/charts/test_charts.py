"""Charts as data: every kind draws at any size in any style, the same each time."""

import os
import re
import subprocess
import sys
from itertools import pairwise

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from pydantic import TypeAdapter

from wijkpeiling.charts.draw import DRAWERS, Frame, draw, draw_alone, framed, parameters
from wijkpeiling.charts.kinds import BELOW
from wijkpeiling.charts.model import Bar, Bars, Grid, Interval, Intervals, Line, Lines, Plot, Point, Series
from wijkpeiling.charts.style import DRAWN, house_style

PLOTS = {
    "intervals": Intervals(
        rows=(
            Interval(
                label="Tussen $5 en $10",
                text="59%",
                share=0.59,
                low=0.55,
                high=0.64,
                bounds_low=0.35,
                bounds_high=0.76,
                is_accent=True,
            ),
            Interval(label="Bij benadering", text="ongeveer 45%", share=0.45),
            Interval(label="Tot 20.000", text="40%", share=0.4, low=0.3, high=0.5, group="Een taak", is_part=True),
            Interval(label="Meer", text="–", share=None, group="Een taak", is_part=True),
        ),
        half_label="de helft",
    ),
    "series": Series(
        points=(
            Point(wave=2014, text="69%", share=0.69, low=0.65, high=0.73),
            Point(wave=2022, text="ongeveer 80%", share=0.8),
        ),
    ),
    "grid": Grid(
        rows=("Signaleren", "Casusregie"),
        columns=("tot 20.000 inwoners", "100.000 en meer"),
        values=((0.5, None), (1.0, 0.1)),
        texts=(("50%", "–"), ("100%", "10%")),
        highest=1,
    ),
    "bars": Bars(
        bars=(Bar(label="2014", text="3 van 4", part=3, whole=4), Bar(label="2022", text="?", part=None, whole=5))
    ),
    "lines": Lines(
        lines=(Line(label="1 item", points=((0.4, 8), (0.8, 4))), Line(label="4 items", points=((0.4, 9), (0.8, 5)))),
        ticks=(0.4, 0.8),
        tick_texts=("40%", "80%"),
        x_label="Respons",
        y_label="Procentpunt",
    ),
}


def words_of(svg):
    """Texts of a drawing: they are drawn as shapes, and named in a comment."""
    return re.findall(r"<!-- (.*?) -->", svg)


def test_every_kind_of_chart_has_a_drawer_and_an_example():
    schema = TypeAdapter(Plot).json_schema()
    assert set(schema["discriminator"]["mapping"]) == set(DRAWERS) == set(PLOTS)


@pytest.mark.parametrize("kind", PLOTS)
@pytest.mark.parametrize("width", [720, 343, 1200])
def test_a_chart_comes_back_from_json_and_draws_the_same(kind, width):
    plot = PLOTS[kind]
    read: Plot = TypeAdapter(Plot).validate_json(plot.model_dump_json())
    assert read == plot
    assert draw(read, width, house_style()) == draw(plot, width, house_style())


@pytest.mark.parametrize("kind", PLOTS)
def test_a_mark_stands_on_the_drawing(kind):
    assert "Verzonnen antwoorden" in words_of(draw(PLOTS[kind], 720, house_style(), "verzonnen antwoorden"))
    assert "Verzonnen antwoorden" not in words_of(draw(PLOTS[kind], 720, house_style()))


def test_a_label_with_dollars_is_no_formula():
    assert "Tussen $5 en $10" in words_of(draw(PLOTS["intervals"], 720, house_style()))


STRANGE = {role: f"#0{place:x}0b0c" for place, role in enumerate(DRAWN)}


@pytest.fixture(scope="module")
def in_both_styles():
    """Every kind of chart in the house style, and in one with a colour of its own for each role that is drawn."""
    style = house_style()
    strange = style.model_copy(update={"colours": style.colours.model_copy(update=STRANGE)})
    return [[draw(plot, 720, one, "x") for plot in PLOTS.values()] for one in (style, strange)]


@pytest.mark.parametrize("role", STRANGE)
def test_a_colour_of_the_style_reaches_the_drawing(in_both_styles, role):
    before, after = (any(STRANGE[role] in svg for svg in drawn) for drawn in in_both_styles)
    assert (before, after) == (False, True)


@pytest.mark.parametrize("share", [0.03, 0.97])
def test_the_axis_of_shares_runs_from_0_to_100_whatever_they_are(share):
    one = Series(points=(Point(wave=2019, text="x", share=share, low=share - 0.02, high=share + 0.02),))
    assert {"0%", "100%"} <= set(words_of(draw(one, 720, house_style())))


def test_nothing_is_drawn_between_waves_and_an_approximation_has_no_whisker():
    (axis,) = laid_out(PLOTS["series"], 720).axes
    dots = [drawn for drawn in axis.collections if isinstance(drawn, PathCollection)]
    whiskers = [drawn for drawn in axis.collections if isinstance(drawn, LineCollection)]
    # nothing but the line at zero is a line
    assert [list(line.get_ydata()) for line in axis.lines] == [[0, 0]]
    assert [list(path.vertices[:, 0]) for whisker in whiskers for path in whisker.get_paths()] == [[2014, 2014]]
    assert [len(dot.get_offsets()) for dot in dots] == [1, 1]
    fills = [to_hex(colour) for dot in dots for colour in dot.get_facecolors()]
    assert fills == [house_style().colours.estimate, house_style().colours.paper]


@pytest.mark.parametrize("half_label", [None, "de helft"])
def test_the_line_at_one_half_is_drawn_and_named_only_where_it_is_the_point(half_label):
    svg = draw(PLOTS["intervals"].model_copy(update={"half_label": half_label}), 720, house_style())
    assert ("de helft" in words_of(svg)) == (half_label is not None)
    assert svg.count("stroke-dasharray: 3.375") == (half_label is not None)


def test_the_row_of_the_title_is_bold_and_no_other():
    (axis,) = laid_out(PLOTS["intervals"], 720).axes
    bold = [text.get_text() for text in axis.texts if text.get_fontweight() == 600 and "%" not in text.get_text()]
    assert bold == ["Tussen $5 en $10", "Een taak", "–"]


@pytest.mark.parametrize("kind", PLOTS)
def test_a_drawing_that_stands_alone_says_what_it_shows_and_from_whom(kind):
    frame = Frame("verzonnen", "Meer dan de helft", "Aandeel gemeenten, 2019", ("Punt: het percentage.", "Bron: x"))
    alone, again = (draw_alone(PLOTS[kind], 720, house_style(), frame) for _ in range(2))
    assert {"Verzonnen", *frame[1:3], *frame.notes} <= set(words_of(alone.svg))
    assert alone.png.startswith(b"\x89PNG") and b"Software" not in alone.png
    assert alone == again


def test_what_stands_around_a_drawing_stays_within_it():
    frame = Frame(
        None,
        "Een titel die niet op een regel past " * 4,
        "Wat, in welk jaar " * 12,
        ("Bron: een instituut, een peiling " * 5,),
    )
    with mpl.style.context(["default", parameters(house_style())]):
        figure = framed(DRAWERS["bars"](PLOTS["bars"], 672, house_style()), frame, house_style(), edge=24)
        FigureCanvasAgg(figure).draw()
        boxes = [text.get_window_extent() for text in figure.texts]
        (axes,) = (axis.get_window_extent() for axis in figure.axes)
    width, height = figure.bbox.width, figure.bbox.height
    assert all(box.x0 >= 20 and box.x1 <= width - 20 and box.y0 >= 20 and box.y1 <= height - 20 for box in boxes)
    assert len(boxes) > 5
    above = [box for box in boxes if box.y0 > axes.y1]
    assert [box.y0 >= axes.y1 or box.y1 <= axes.y0 for box in boxes] == [True] * len(boxes)
    assert 3 <= len(above) < len(boxes)
    assert all(lower.y1 <= upper.y0 + 1 for upper, lower in pairwise(boxes))


def laid_out(plot, width):
    """The figure with everything in its place: a figure without a canvas of its own draws nothing."""
    with mpl.style.context(["default", parameters(house_style())]):
        figure = DRAWERS[plot.kind](plot, width, house_style())
        FigureCanvasAgg(figure).draw()
    return figure


def of_rows(kind, n_rows):
    plot = PLOTS[kind]
    if kind == "intervals":
        row = plot.rows[0]
        return plot.model_copy(
            update={
                "rows": tuple(row.model_copy(update={"label": f"Taak {n} van het wijkteam"}) for n in range(n_rows))
            }
        )
    labels = tuple(f"Taak {n} van het wijkteam in de gemeente" for n in range(n_rows))
    return plot.model_copy(
        update={"rows": labels, "values": ((0.5, None),) * n_rows, "texts": (("50%", "–"),) * n_rows}
    )


@pytest.mark.parametrize("width", [720, 343])
@pytest.mark.parametrize(("n_rows", "n_times"), [(15, 1), (16, 2), (40, 2)])
@pytest.mark.parametrize(("kind", "head"), [("intervals", "25%"), ("grid", "100.000 en")])
def test_a_drawing_higher_than_a_screen_is_read_from_both_ends(kind, head, n_rows, n_times, width):
    plot = of_rows(kind, n_rows)
    named = [word for word in words_of(draw(plot, width, house_style())) if word.startswith(head)]
    assert len(named) == n_times


@pytest.mark.parametrize("width", [720, 343])
@pytest.mark.parametrize("kind", ["intervals", "grid"])
def test_names_of_many_rows_do_not_touch_and_stay_within_the_drawing(kind, width):
    figure = laid_out(of_rows(kind, 40), width)
    (axis,) = figure.axes
    labels = [text for text in [*axis.texts, *axis.get_yticklabels()] if text.get_text().startswith("Taak")]
    boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.y0)
    assert len(boxes) == 40
    assert all(lower.y1 <= upper.y0 for lower, upper in pairwise(boxes))
    assert all(box.x0 >= 0 and box.x1 <= width * figure.dpi for box in boxes)


@pytest.mark.parametrize("kind", ["intervals", "grid"])
def test_time_to_draw_grows_no_faster_than_the_rows(kind, monkeypatch):
    """Whole drawings are what costs: there are as many for forty rows as for four."""
    made = []
    renderer = RendererAgg.__init__
    monkeypatch.setattr(RendererAgg, "__init__", lambda self, *size: made.append(1) or renderer(self, *size))
    counts = []
    for n_rows in (4, 40):
        made.clear()
        draw(of_rows(kind, n_rows), 720, house_style())
        counts.append(len(made))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("width", [720, 343])
@pytest.mark.parametrize("kind", PLOTS)
def test_every_text_stays_within_the_drawing(kind, width):
    figure = laid_out(PLOTS[kind], width)
    (axis,) = figure.axes
    texts = [text for text in [*axis.texts, *axis.get_xticklabels(), *axis.get_yticklabels()] if text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    outside = [text for text, box in boxes if box.x0 < -1 or box.x1 > figure.bbox.width + 1]
    assert (len(boxes) > 1, outside) == (True, [])


@pytest.mark.parametrize("width", [720, 343])
def test_the_percentage_stands_at_its_whisker_and_worst_case_bounds_below_both(width):
    (axis,) = laid_out(PLOTS["intervals"], width).axes
    (value,) = [text for text in axis.texts if text.get_text() == "59%"]
    assert value.xy[0] == 0.64
    lines = [path.vertices for one in axis.collections if isinstance(one, LineCollection) for path in one.get_paths()]
    (bounds,) = [line for line in lines if set(line[:, 0]) == {0.35, 0.76}]
    ends = [line for line in lines if set(line[:, 0]) in ({0.35}, {0.76})]
    assert set(bounds[:, 1]) == {value.xy[1] + BELOW} and len(ends) == 2


def test_a_personal_matplotlibrc_changes_nothing(tmp_path):
    (tmp_path / "matplotlibrc").write_text("axes.facecolor: black\nlines.linewidth: 9\nfont.size: 30\n")
    code = (
        "from wijkpeiling.charts.draw import draw; from wijkpeiling.charts.style import DRAWN, house_style;"
        "from wijkpeiling.charts.model import Bar, Bars;"
        "print(draw(Bars(bars=(Bar(label='2014', text='3 van 4', part=3, whole=4),)), 720, house_style()), end='')"
    )
    personal = os.environ | {"MPLCONFIGDIR": str(tmp_path), "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")}
    drawn = subprocess.run([sys.executable, "-c", code], env=personal, capture_output=True, text=True, check=True)
    plot = Bars(bars=(Bar(label="2014", text="3 van 4", part=3, whole=4),))
    assert drawn.stdout == draw(plot, 720, house_style())
