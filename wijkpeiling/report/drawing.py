"""Drawings as a page takes them: SVG in the page itself, its colours those of the page, light or dark."""

import csv
import io
import re

from wijkpeiling.charts.draw import Alone, draw_alone
from wijkpeiling.charts.style import DRAWN, Style, house_style
from wijkpeiling.language import say
from wijkpeiling.present.blocks import WIDE, Drawings
from wijkpeiling.report.layout import Figure, frame_of
from wijkpeiling.report.model import Report
from wijkpeiling.spreadsheets import as_text

# names that a drawing gives its parts, and refers to
_NAMED = re.compile(r'\b(id="|href="#|url\(#)')
_HEAD = re.compile(r"^.*?<svg |<metadata>.*?</metadata>|\s*xmlns(?::xlink)?=\"[^\"]*\"|\s*version=\"1.1\"", re.S)
_SIZE = re.compile(r' width="[\d.]+pt" height="[\d.]+pt"')


def in_page(drawings: Drawings, name: str) -> Drawings:
    """The drawings of a chart for a page that holds more of them: names of their own, colours by role.

    Only for drawings in the house style, of which every role that is drawn has a colour of its own.
    """
    wide, phone = (_in_page(svg, f"{name}-{size}") for size, svg in drawings)
    return Drawings(wide=wide, phone=phone)


def _in_page(svg: str, name: str) -> str:
    svg = _SIZE.sub("", _HEAD.sub(lambda found: "<svg " if found.group().endswith("<svg ") else "", svg))
    svg = svg.replace("xlink:href", "href")
    svg = _NAMED.sub(lambda found: f"{found.group()}{name}-", svg)
    for role in DRAWN:
        svg = svg.replace(getattr(house_style().colours, role), f"var(--{role})")
    return svg.strip()


def alone(report: Report, figure: Figure, style: Style) -> Alone:
    """The figure for who takes it from its page."""
    return draw_alone(figure.chart.plot, WIDE, style, frame_of(report, figure))


def as_csv(figure: Figure) -> bytes:
    """The table of a figure as it is read; no text in it is a formula for a spreadsheet.

    Each row of invented answers says so, as those of the data do: a row may go without its table.
    """
    table, mark = figure.table, figure.chart.mark
    source = [say(table.language, "figure_csv_source")] if mark else []
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(map(as_text, [*table.columns, *source]))
    writer.writerows(map(as_text, [*row, *([mark] if mark else [])]) for row in table.texts)
    return buffer.getvalue().encode("utf-8")
