"""The report model: what the executed notebooks show, in order, and nothing else."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wijkpeiling.errors import ReportError
from wijkpeiling.present.blocks import MIME, PHONE_SVG, SVG
from wijkpeiling.records import Record


class Cover(Record):
    """Title of the edition and the source of its figures."""

    kind: Literal["cover"] = "cover"
    language: str
    title: str
    subtitle: str
    source: Literal["published", "microdata", "synthetic"]


class Prose(Record):
    """A markdown cell in the edition's language; ``text`` is markdown."""

    kind: Literal["prose"] = "prose"
    text: str


class Sentence(Record):
    """Sentences that the package made."""

    kind: Literal["sentence"] = "sentence"
    id: str
    language: str
    text: str
    key: str | None


class Table(Record):
    """A table: cells as text, and the records of its contract."""

    kind: Literal["table"] = "table"
    id: str
    language: str
    caption: str = Field(min_length=1)
    columns: list[str]
    rows: list[list[str]]
    notes: list[str]
    contract: str | None
    records: list[dict]


class Figure(Record):
    """A figure: drawn at two widths, described in words, with its values as data."""

    kind: Literal["figure"] = "figure"
    id: str
    language: str
    caption: str = Field(min_length=1)
    alt: str = Field(min_length=1)
    table: str
    data: list[dict]
    svg: str
    phone_svg: str


Block = Annotated[Prose | Sentence | Table | Figure, Field(discriminator="kind")]


class Section(Record):
    """What one notebook shows."""

    id: str
    title: str
    blocks: list[Block]


class Report(Record):
    """An edition: everything a renderer needs."""

    cover: Cover
    sections: list[Section]

    @property
    def language(self) -> str:
        return self.cover.language

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
    def figures(self) -> list[Figure]:
        return [block for section in self.sections for block in section.blocks if isinstance(block, Figure)]

    @property
    def tables(self) -> list[Table]:
        return [block for section in self.sections for block in section.blocks if isinstance(block, Table)]


def assemble(notebooks: dict[str, dict], language: str) -> Report:
    """Read the report from executed notebooks.

    Parameters
    ----------
    notebooks
        Executed notebooks as nbformat dictionaries, by name, in the order of the report.
    language
        The markdown cells with this tag are part of the report.

    Raises
    ------
    ReportError
        When there is no cover or more than one, a notebook has no title, a block is in another language, a figure has
        no table in its section, two different blocks share an id, or figures of different sources meet.
    """
    covers, sections = [], []
    for name, notebook in notebooks.items():
        found = [block for cell in notebook["cells"] for block in _blocks(cell, language, name)]
        covers += [block for block in found if isinstance(block, Cover)]
        sections.append(_section(name, [block for block in found if not isinstance(block, Cover)]))
    if len(covers) != 1:
        raise ReportError(
            f"{len(covers)} covers", expected="one notebook that shows one cover", todo="mend the notebooks"
        )
    report = Report(cover=covers[0], sections=sections)
    _check(report)
    return report


def _blocks(cell: dict, language: str, notebook: str) -> list:
    if cell["cell_type"] == "markdown":
        return [Prose(text=cell["source"])] if language in cell["metadata"].get("tags", []) else []
    outputs = [output["data"] for output in cell.get("outputs", []) if MIME in output.get("data", {})]
    return [_block(output, language, notebook) for output in outputs]


def _block(output: dict, language: str, notebook: str) -> Cover | Sentence | Table | Figure:
    bundle = output[MIME]
    if bundle["language"] != language:
        raise ReportError(
            f"a {bundle['kind']} in language {bundle['language']} in a report in {language}",
            where=notebook,
            todo="hand the notebook's edition to every call",
        )
    if bundle["kind"] == "figure":
        return Figure(**bundle, svg=output[SVG], phone_svg=output[PHONE_SVG])
    return {"cover": Cover, "sentence": Sentence, "table": Table}[bundle["kind"]](**bundle)


def _section(name: str, blocks: list) -> Section:
    first = blocks[0] if blocks else None
    if not isinstance(first, Prose) or not first.text.startswith("# "):
        raise ReportError(
            "a notebook without a title in the report's language",
            where=f"notebooks/{name}.ipynb",
            expected="a first markdown cell with the language as its tag, beginning with '# '",
            todo="add the title",
        )
    heading, _, rest = first.text.partition("\n")
    prose = [Prose(text=rest.strip())] if rest.strip() else []
    return Section(id=name, title=heading.removeprefix("# "), blocks=[*prose, *_once(blocks[1:])])


def _once(blocks: list) -> list:
    """Leave out a block that says again, word for word, what the section said: "nothing was published on this"."""
    kept: list = []
    for block in blocks:
        if block not in kept:
            kept.append(block)
    return kept


def _check(report: Report) -> None:
    seen: dict[str, str] = {}
    for section in report.sections:
        where = f"notebooks/{section.id}.ipynb"
        tables = {block.id for block in section.blocks if isinstance(block, Table)}
        for block in section.blocks:
            if isinstance(block, Prose):
                continue
            if block.id in seen:
                raise ReportError(f"the id {block.id} stands twice", where=f"{seen[block.id]} and {where}")
            seen[block.id] = where
            if isinstance(block, Figure) and block.table not in tables:
                raise ReportError(
                    f"figure {block.id} has no table {block.table}",
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


def write_model(report: Report, path: Path) -> None:
    """Write the model as JSON, without the drawings, which stand in ``figures/``."""
    path.write_text(
        report.model_dump_json(
            indent=1, exclude={"sections": {"__all__": {"blocks": {"__all__": {"svg", "phone_svg"}}}}}
        )
        + "\n",
        encoding="utf-8",
    )
