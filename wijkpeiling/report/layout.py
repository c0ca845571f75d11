"""What stands where on the pages of an edition: figures with their number and table, and the audit apart."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from wijkpeiling.charts.draw import Frame
from wijkpeiling.language import listing, publisher, say, source
from wijkpeiling.present.blocks import EMPTY, Block, Cell, Chart, Prose, Sentence, Table
from wijkpeiling.report.model import Report, Section

# the contract of the table that has a page of its own
AUDIT = "audit"
# verdicts on figures that no drawing shows
DISPUTED = ("contested", "rejected", "infeasible")
# that the line under a figure names
MOST_TITLES = 2
# columns of a table on a phone
MOST_COLUMNS = 4
# what a text under a heading of its own begins with
HEADING = "## "
# characters of a text that has a column there
LONGEST_ON_PHONE = 24


class Figure(NamedTuple):
    """A chart with its number in the report and the table that folds under it."""

    number: int
    chart: Chart
    table: Table
    kind: str = "figure"


class Fold(NamedTuple):
    """What stands under a heading and is all detail: tables, and sentences of the method. It opens by its heading."""

    title: str
    text: str
    blocks: tuple[Block, ...]
    kind: str = "fold"


class Chapter(NamedTuple):
    """A section as the page has it: blocks, with a `Figure` for a chart and its table, and what is detail folded."""

    section: Section
    blocks: tuple[Block | Figure | Fold, ...]


class Layout(NamedTuple):
    """The edition's page and its audit: ``main`` stands first, the rest in the order of the report."""

    main: Figure | None
    chapters: tuple[Chapter, ...]
    audit: Table | None
    audit_figure: Figure | None


def lay_out(report: Report) -> Layout:
    """Put the blocks of a report in their places; each stands once."""
    tables = {table.id: table for table in report.tables}
    audit = next((table for table in report.tables if table.contract == AUDIT), None)
    on_page = [chart for chart in report.charts if audit is None or chart.table != audit.id]
    first = [chart for chart in on_page if chart.id == report.cover.chart]
    ordered = [*first, *(chart for chart in on_page if chart not in first)]
    figures = {chart.id: Figure(place, chart, tables[chart.table]) for place, chart in enumerate(ordered, 1)}
    of_audit = [chart for chart in report.charts if chart not in on_page]
    return Layout(
        main=figures[first[0].id] if first else None,
        chapters=tuple(Chapter(section, _folded(_blocks(section, figures), audit)) for section in report.sections),
        audit=audit,
        audit_figure=Figure(1, of_audit[0], tables[of_audit[0].table]) if of_audit else None,
    )


def figures_of(report: Report) -> list[Figure]:
    """Every figure of the edition, each once."""
    layout = lay_out(report)
    on_page = {
        block.chart.id: block for chapter in layout.chapters for block in chapter.blocks if isinstance(block, Figure)
    }
    return [*on_page.values(), *([layout.audit_figure] if layout.audit_figure else [])]


def _blocks(section: Section, figures: dict[str, Figure]) -> Iterator[Block | Figure]:
    """A chart stands with its table, so the table alone falls away; the chart of an audit stands with the audit."""
    folded = {figure.table.id for figure in figures.values()}
    for block in section.blocks:
        if isinstance(block, Chart):
            if block.id in figures:
                yield figures[block.id]
        elif not (isinstance(block, Table) and block.id in folded):
            yield block


def _folded(blocks: Iterable[Block | Figure], audit: Table | None) -> tuple[Block | Figure | Fold, ...]:
    """The blocks with those under a heading, where all are detail, in a `Fold`; the audit is a link and stays out."""
    parts: list[list[Block | Figure]] = [[]]
    for block in blocks:
        if isinstance(block, Prose) and block.text.startswith(HEADING):
            parts.append([])
        parts[-1].append(block)
    first, *others = parts
    return (*first, *chain.from_iterable(_fold(part, audit) for part in others))


def _fold(part: list[Block | Figure], audit: Table | None) -> list[Block | Figure] | list[Fold]:
    head, *shown = part
    details = [block for block in shown if isinstance(block, Table | Sentence) and not _is_news(block, audit)]
    if not isinstance(head, Prose) or not details or len(details) < len(shown):
        return part
    title, _, text = head.text.removeprefix(HEADING).partition("\n")
    return [Fold(title.strip(), text.strip(), tuple(details))]


def _is_news(block: Table | Sentence, audit: Table | None) -> bool:
    return not block.is_detail if isinstance(block, Sentence) else block is audit


def frame_of(report: Report, figure: Figure) -> Frame:
    """What stands around a figure that goes without its page: finding, subtitle, reading, source, respondents."""
    chart = figure.chart
    notes = (chart.reading, source_of(report, figure), respondents_of(report, figure))
    return Frame(chart.mark, chart.caption, chart.subtitle, tuple(note for note in notes if note))


def readings_of(layout: Layout) -> dict[str, str]:
    """How to read each figure of the page, by the id of its chart: each sentence once, at the first that needs it."""
    figures = [block for chapter in layout.chapters for block in chapter.blocks if isinstance(block, Figure)]
    said: set[str] = set()
    readings: dict[str, str] = {}
    for figure in sorted(figures, key=lambda figure: figure.number):
        new = [sentence for sentence in sentences_of(figure.chart) if sentence not in said]
        said.update(new)
        if new:
            readings[figure.chart.id] = " ".join(new)
    return readings


def sentences_of(chart: Chart) -> list[str]:
    """How to read a chart, sentence by sentence."""
    return re.split(r"(?<=\.) (?=[A-Z])", chart.reading) if chart.reading else []


def source_of(report: Report, figure: Figure | None = None, *, is_on_page: bool = False) -> str:
    """Where the numbers of a figure were published; else who held the survey and where it was reported.

    Without an origin, what the cover says of its figures. On the page, of which the head says who held the survey, the
    report is enough.
    """
    cover, origin = report.cover, report.cover.origin
    titles = list(publications_of(report, [figure.table])) if figure else []
    if len(titles) > MOST_TITLES:
        return say(report.language, "figure_sources_many")
    if titles:
        return say(report.language, "figure_source", source="; ".join(titles))
    if origin is None:
        return say(report.language, "figure_source", source=cover.subtitle)
    holder = None if is_on_page else origin.held_by
    told = ", ".join(part for part in (holder, origin.report, origin.published) if part)
    return say(report.language, "figure_source", source=told)


def publications_of(report: Report, tables: Iterable[Table], wave: int | None = None) -> dict[str, str | None]:
    """Titles of the first publication of each number of tables, as the audit names them, with its address.

    With a ``wave`` only of the numbers of that year.
    """
    found: dict[tuple[object, object], tuple[str, str | None]] = {}
    for row in _audited(report):
        title = source(row["source"], report.language), row.get("source_url")
        found.setdefault((row.get("wave"), row.get("concept")), title)
    rows = (row for table in tables for row in table.records if row.get("source") != "microdata")
    shown = ((row.get("wave"), row.get("concept")) for row in rows if wave in (None, row.get("wave")))
    return dict(found[one] for one in shown if one in found)


def publisher_of(report: Report, change: Any) -> str:
    """Who reported the direction of a change, as a sentence names it: the first statement of it without a number."""
    said = (row for row in _audited(report) if row.get("pct") is None)
    about = (row["source"] for row in said if (row["wave"], row["concept"]) == (change.wave, change.concept))
    return publisher(next(about, ""), report.language)


def _audited(report: Report) -> Iterator[dict[str, Any]]:
    """What the audit says of published figures that are not disputed."""
    for table in report.tables:
        for row in table.records if table.contract == AUDIT else ():
            if row.get("verdict") not in DISPUTED and row.get("source"):
                yield row


def respondents_of(report: Report, figure: Figure) -> str | None:
    """How many municipalities the figure rests on, wave by wave; None where that is not known or is what it shows."""
    if figure.chart.plot.kind == "bars":
        return None
    sizes: dict[object, set[tuple[int, int]]] = {}
    for record in figure.table.records:
        is_known = record.get("n") is not None and record.get("N") is not None and not record.get("is_n_estimated")
        if is_known and record.get("domain", "overall") == "overall":
            sizes.setdefault(record.get("wave"), set()).add((record["n"], record["N"]))
    told = [
        say(report.language, "figure_size", n=max(pairs)[0], N=max(pairs)[1]) + (f" ({wave})" if len(sizes) > 1 else "")
        for wave, pairs in sizes.items()
    ]
    return say(report.language, "figure_respondents", sizes=listing(told, report.language)) if told else None


def kept_columns(rows: tuple[tuple[Cell | str, ...], ...]) -> set[int]:
    """The columns that a phone shows, at most four: the first, then numbers, then short words; the rest go below."""
    others = range(1, len(rows[0]) if rows else 0)
    longest = {place: max(len(_text(row[place])) for row in rows) for place in others}
    numbers = [place for place in others if is_number(rows, place)]
    words = [place for place in others if place not in numbers and longest[place] <= LONGEST_ON_PHONE]
    return {0, *[*numbers, *sorted(words, key=longest.__getitem__)][: MOST_COLUMNS - 1]}


def below(row: tuple[Cell | str, ...], kept: set[int]) -> list[int]:
    """The columns that a phone puts below the row, where they say something."""
    return [place for place, cell in enumerate(row) if place not in kept and _text(cell) not in ("", EMPTY)]


def is_number(rows: tuple[tuple[Cell | str, ...], ...], place: int) -> bool:
    """Whether a column holds numbers, but for a few that are not known."""
    known = [row[place] for row in rows if _text(row[place]) not in ("", EMPTY)]
    return sum(isinstance(cell, Cell) and cell.format != "text" for cell in known) > len(known) / 2


def _text(cell: Cell | str) -> str:
    return cell if isinstance(cell, str) else cell.text
