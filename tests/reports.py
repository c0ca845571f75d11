"""Reports to make formats of: the editions as the notebooks show them, and small ones to break."""

from wijkpeiling.charts.model import Bar, Bars
from wijkpeiling.present.blocks import Chart, Cover, KeyFigure, Origin, Prose, Sentence, Table
from wijkpeiling.report.model import Report, Section, assemble

# texts that another program takes for something else
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+31 6",
    "@naam",
    "-5 of meer",
    '<b>vet</b> & "meer"',
    "http://example.org/a",
    "1e5",
    "{=1+1}",
    "\t=1+1",
    "klok\x07 en \x0b",
    "é ☐ \U0001f3e0",
    "lang " * 600,
)
CAPTION = "Een titel van vierhonderd tekens, " * 12


def edition_report(notebooks, shown, bundle_of, language: str, source: str, wave: int = 2019) -> Report:
    """An edition from what its notebooks show."""
    sections = {}
    for name, blocks in shown(wave, None, language, source).items():
        texts = [cell | {"source": "".join(cell["source"])} for cell in notebooks[name]["cells"]]
        outputs = [{"output_type": "execute_result", "data": bundle_of(block)} for block in blocks]
        code = {"cell_type": "code", "metadata": {}, "source": "", "outputs": outputs}
        sections[name] = {"cells": [*(cell for cell in texts if cell["cell_type"] == "markdown"), code]}
    return assemble(sections, language).report


def table(*rows, columns=("", "Aandeel"), **given) -> Table:
    """A small table in Dutch."""
    return Table(
        **{"id": "table_a", "language": "nl", "caption": "Een tabel", "columns": columns, "rows": rows} | given
    )


def chart(**given) -> Chart:
    """A small chart in Dutch, of ``table_a``."""
    plot = Bars(bars=(Bar(label="2019", text="3 van 4", part=3, whole=4),))
    words = {"id": "figure_a", "language": "nl", "caption": "Een figuur", "alt": "59 procent", "table": "table_a"}
    return Chart(**words | {"plot": plot} | given)


def small_report(*blocks, **cover) -> Report:
    """A report in Dutch with these pieces in one section."""
    words = {"language": "nl", "title": "Titel", "subtitle": "Ondertitel", "source": "published"}
    section = Section(id="01_een", title="Een hoofdstuk", blocks=list(blocks))
    return Report(cover=Cover(**words | cover), sections=[section])


NEWS = {
    "lead": ("Het nieuws.", "De bron."),
    "key_figures": (
        KeyFigure(value="59%", text="komt te weinig toe aan preventie", interval="waarschijnlijk 54 tot 64 procent"),
        KeyFigure(value="212", text="gemeenten deden mee"),
    ),
    "chart": "figure_a",
    "origin": Origin(
        held_by="Instituut A & B",
        fieldwork="zomer 2019",
        report="Peiling 2019",
        published="1 mei 2020",
        url="https://example.org/rapport",
    ),
}
PROSE = Prose(
    text="Een alinea met *nadruk*, **kracht**, `code` en [een link](https://example.org/a).\n\n"
    "## Een kop\n\n- een\n- twee\n\n1. eerste\n2. tweede\n\n> Een citaat.\n\n<b>geen html</b>\n\n### Nog een kop"
)
SENTENCE = Sentence(id="zin", language="nl", text="Een zin met 59 procent.", key="In het kort 59 procent.")
