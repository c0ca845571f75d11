"""The report model: what the executed notebooks show, in order, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from wijkpeiling.charts.style import Style
from wijkpeiling.editorial import Editorial
from wijkpeiling.errors import ReportError
from wijkpeiling.present.blocks import MIME, PHONE_SVG, SVG, Block, Chart, Cover, Drawings, Prose, Sentence, Table
from wijkpeiling.records import Record

_PIECE: TypeAdapter[Any] = TypeAdapter(Cover | Block)


class Section(Record):
    """What one notebook shows."""

    id: str
    title: str
    blocks: list[Block]

    @property
    def claim(self) -> str | None:
        """The first finding that the section tells; None where it tells none, and its title asks or names."""
        claims = (block.claim for block in self.blocks if isinstance(block, Sentence))
        return next(filter(None, claims), None)

    @property
    def heading(self) -> str:
        """What stands above the section: its finding, or else its title."""
        return self.claim or self.title

    @property
    def topic(self) -> str | None:
        """The title, where a finding stands in its place and it goes above that; None where it is the heading."""
        return self.title if self.claim else None


class Report(Record):
    """An edition: everything a renderer needs."""

    cover: Cover
    sections: list[Section]

    @property
    def language(self) -> str:
        return self.cover.language

    @property
    def editorial(self) -> Editorial | None:
        """What an editor added: nothing of it comes from the data."""
        return self.cover.editorial

    def label(self, column: str, slug: str) -> str:
        """What a slug in the records stands for, in the report's language; the slug itself where that is not known."""
        text = self.cover.labels.get(column, {}).get(slug)
        return text[self.language] if text else slug

    @property
    def summary(self) -> list[tuple[Section, str]]:
        """What the report says in brief, each with the section it comes from."""
        return [
            (section, block.key)
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Sentence) and block.key
        ]

    @property
    def charts(self) -> list[Chart]:
        return [block for section in self.sections for block in section.blocks if isinstance(block, Chart)]

    @property
    def tables(self) -> list[Table]:
        return [block for section in self.sections for block in section.blocks if isinstance(block, Table)]


class Assembled(NamedTuple):
    """A report, and the drawings that its notebooks show, by the id of their chart."""

    report: Report
    drawings: dict[str, Drawings]


class _Shown(NamedTuple):
    """A piece as a cell shows it."""

    piece: Any
    drawings: Drawings | None = None


def assemble(notebooks: dict[str, dict], language: str, folder: str = "notebooks") -> Assembled:
    """Read the report from executed notebooks.

    Parameters
    ----------
    notebooks
        Executed notebooks as nbformat dictionaries, by name, in the order of the report.
    language
        The markdown cells with this tag are part of the report.
    folder
        Where the notebooks stand, as an error names it.

    Raises
    ------
    ReportError
        When there is no cover or more than one, a notebook has no title, a block is in another language, a figure has
        no table in its section, two different blocks share an id, or figures of different sources meet.
    """
    covers: list[Cover] = []
    sections: list[Section] = []
    drawings: dict[str, Drawings] = {}
    for name, notebook in notebooks.items():
        shown = list(_shown(notebook, language, name))
        drawings |= {one.piece.id: one.drawings for one in shown if one.drawings}
        covers += [one.piece for one in shown if isinstance(one.piece, Cover)]
        sections.append(_section(name, folder, [one.piece for one in shown if not isinstance(one.piece, Cover)]))
    if len(covers) != 1:
        raise ReportError(
            f"{len(covers)} covers", expected="one notebook that shows one cover", todo="correct the notebooks"
        )
    report = Report(cover=covers[0], sections=[section for section in sections if section.blocks])
    _check(report, folder)
    return Assembled(report, drawings)


def _shown(notebook: dict, language: str, name: str) -> Iterator[_Shown]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and language in cell["metadata"].get("tags", []):
            yield _Shown(Prose(text=cell["source"]))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if MIME in data:
                drawings = Drawings(wide=data[SVG], phone=data[PHONE_SVG]) if SVG in data else None
                yield _Shown(_piece(data[MIME], language, name), drawings)


def _piece(bundle: dict, language: str, notebook: str) -> Cover | Sentence | Table | Chart:
    if bundle["language"] != language:
        raise ReportError(
            f"a {bundle['kind']} in language {bundle['language']} in a report in {language}",
            where=notebook,
            todo="hand the notebook's edition to every call",
        )
    return _PIECE.validate_python(bundle)


def _section(name: str, folder: str, blocks: list) -> Section:
    first = blocks[0] if blocks else None
    if not isinstance(first, Prose) or not first.text.startswith("# "):
        raise ReportError(
            "a notebook without a title in the report's language",
            where=f"{folder}/{name}.ipynb",
            expected="a first markdown cell with the language as its tag, beginning with '# '",
            todo="add the title",
        )
    heading, _, rest = first.text.partition("\n")
    shown = _announced(_once(blocks[1:]))
    prose = [Prose(text=rest.strip())] if rest.strip() and shown else []
    return Section(id=name, title=heading.removeprefix("# "), blocks=[*prose, *shown])


def _announced(blocks: list) -> list:
    """Leave out a heading, and the text that comes with it, under which nothing is shown."""
    kept: list = []
    for block in reversed(blocks):
        level, below = _level(block), _level(kept[-1]) if kept else 1
        # kept: what is no heading, and a heading above that or above one of a lower level
        if level == 0 or below == 0 or below > level:
            kept.append(block)
    return kept[::-1]


def _level(block: Any) -> int:
    """Of the heading that a text begins with; 0 for any other block."""
    text = block.text if isinstance(block, Prose) else ""
    marks = len(text) - len(text.lstrip("#"))
    return marks if text[marks : marks + 1] == " " else 0


def _once(blocks: list) -> list:
    """Leave out a block that says again, word for word, what the section said: "nothing was published on this"."""
    kept: list = []
    for block in blocks:
        if block not in kept:
            kept.append(block)
    return kept


def _check(report: Report, folder: str) -> None:
    seen: dict[str, str] = {}
    for section in report.sections:
        where = f"{folder}/{section.id}.ipynb"
        tables = {block.id for block in section.blocks if isinstance(block, Table)}
        for block in section.blocks:
            if isinstance(block, Prose):
                continue
            if block.id in seen:
                raise ReportError(f"the id {block.id} appears twice", where=f"{seen[block.id]} and {where}")
            seen[block.id] = where
            if isinstance(block, Chart) and block.table not in tables:
                raise ReportError(
                    f"chart {block.id} has no table {block.table}",
                    where=where,
                    expected="the table with the same numbers in the same notebook",
                    todo="show the table as well",
                )
            if isinstance(block, Table):
                _check_sources(block, report.cover.source, where)


def _check_sources(table: Table, source: str, where: str) -> None:
    """Real and synthetic figures never stand in one document."""
    found = {record["source"] for record in table.records if table.contract in ("estimates", "changes")}
    if (source == "synthetic" and found - {"synthetic"}) or (source != "synthetic" and "synthetic" in found):
        raise ReportError(
            f"{', '.join(sorted(found))} figures in a report of {source} ones", where=f"{where}, {table.id}"
        )


def draw_charts(report: Report, style: Style) -> dict[str, Drawings]:
    """Every chart of the report drawn anew, by its id."""
    return {chart.id: chart.drawings(style) for chart in report.charts}


def write_model(report: Report, path: Path) -> None:
    """Write the model as JSON: everything that the report says, so that any format can be made from it."""
    path.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_model(path: Path) -> Report:
    """Read the model that `write_model` wrote.

    Raises
    ------
    ReportError
        When the file is missing or is no report of this version of the package.
    """
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ReportError(
            "the model of the report cannot be read",
            where=path,
            expected="the report.json of an edition",
            todo="name the folder of an edition, such as reports/2019",
        ) from None
    except ValidationError as failure:
        first = failure.errors(include_url=False)[0]
        raise ReportError(
            f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}",
            where=path,
            expected="a report.json that this version wrote",
            todo="build the edition again",
        ) from None
