"""Fixtures for every test: a project of five waves, copies of it to break, and what the notebooks show of it.

The data of the project itself, which grow, are in ``tests/data`` and ``tests/notebooks`` alone.
"""

import ast
import contextlib
import csv
import gc
import json
import shutil
import signal
import sys
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from wijkpeiling.charts import draw
from wijkpeiling.charts.style import house_style
from wijkpeiling.cli import main
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.disclosure import Disclosure
from wijkpeiling.estimation.shares import shares
from wijkpeiling.present.blocks import WIDE
from wijkpeiling.project import Project, open_edition
from wijkpeiling.published import read_published
from wijkpeiling.run.process import STOPPING
from wijkpeiling.sources.edition import Sources, read_sources
from wijkpeiling.sources.microdata import MicrodataWave
from wijkpeiling.synthetic.answers import synthesize

ROOT = Path(__file__).parents[1]
# data/raw as it once stood: what is added there changes nothing here
FIVE_WAVES = ROOT / "tests" / "data" / "five_waves"
# published figures of 2017 and 2019, item responses of 2027; made by make.py there
MINI = ROOT / "tests" / "data" / "mini"

# the same examples in every run, and no time limit on a busy machine
settings.register_profile("project", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("project")


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage again and again takes a fifteenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


class Copy:
    """A copy of ``data/raw`` that a test may break; files are named from there, rows as a spreadsheet shows them."""

    def __init__(self, root: Path):
        self.root = root
        self.raw = root / "data" / "raw"

    @property
    def project(self) -> Project:
        return Project(self.root)

    def rows(self, file: str) -> list[list[str]]:
        with (self.raw / file).open(encoding="utf-8", newline="") as source:
            return list(csv.reader(source))

    def row_of(self, file: str, **cells: str) -> int:
        heading, *rows = self.rows(file)
        for number, row in enumerate(rows, start=2):
            if all(row[heading.index(column)] == value for column, value in cells.items()):
                return number
        raise LookupError(cells)

    def put(self, file: str, row: int, **cells: str) -> None:
        rows = self.rows(file)
        for column, value in cells.items():
            rows[row - 1][rows[0].index(column)] = value
        self._write_rows(file, rows)

    def add(self, file: str, **cells: str) -> int:
        """Add a row and return its number; columns that are not named stay empty."""
        rows = self.rows(file)
        self._write_rows(file, [*rows, [cells.get(column, "") for column in rows[0]]])
        return len(rows) + 1

    def remove(self, file: str, row: int) -> None:
        rows = self.rows(file)
        self._write_rows(file, rows[: row - 1] + rows[row:])

    def replace(self, file: str, old: str, new: str) -> None:
        text = (self.raw / file).read_text(encoding="utf-8")
        assert old in text
        (self.raw / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    def _write_rows(self, file: str, rows: list[list[str]]) -> None:
        with (self.raw / file).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows(rows)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def five_waves() -> Path:
    return FIVE_WAVES


@pytest.fixture(scope="session")
def project() -> Project:
    return Project(FIVE_WAVES)


@pytest.fixture(scope="session")
def published(project):
    return read_published(project)


@pytest.fixture(scope="session")
def sources(published) -> Sources:
    """Published figures alone."""
    return Sources(published)


@pytest.fixture(scope="session")
def invented_answers(published):
    return synthesize(published)


@pytest.fixture(scope="session")
def invented(published, invented_answers) -> Sources:
    """Invented answers beside the published figures, as ``wijkpeiling demo`` has them."""
    return Sources(published, invented_answers)


class UnprotectedWave(MicrodataWave):
    """A wave of which nothing is rounded: for tests of how exact the estimates are."""

    disclosure = Disclosure()


class Unprotected(Sources):
    microdata_wave = UnprotectedWave


@pytest.fixture(scope="session")
def unprotected():
    """Sources without its protection: ``unprotected(invented)``."""
    return lambda sources: Unprotected(sources.published, sources.answers)


@pytest.fixture(scope="session")
def of_many_items(project):
    """A source of made-up answers to so many items over each base: ``of_many_items(13)``, ``of_many_items(12, 2)``."""

    def made(*n_items, protected=()):
        generator, names = np.random.default_rng(8), iter(project.concepts)
        frame = pd.DataFrame({"gemeentecode": [f"SY{place:04}" for place in range(212)], "size_class": "<20k"})
        design = Design.from_responses(frame, pd.Series({"<20k": 355}))
        items = []
        for n in n_items:
            answers = generator.random((212, n)) < np.linspace(0.5, 0.7, n)
            table = pd.DataFrame(answers, columns=list(islice(names, n))).astype("boolean")
            items.append(("with_team", shares(design, table, frame[["size_class"]])))
        concepts = [name for _, result in items for name in result.items]
        source = SimpleNamespace(items=lambda concepts: items, is_rounded=lambda concept: concept in protected)
        return SimpleNamespace(of=lambda wave: source, items=items, concepts=concepts)

    return made


@pytest.fixture(scope="session")
def taken_in(published, invented_answers) -> Sources:
    """The same answers as if real municipalities had given them."""
    answers = invented_answers
    renamed = {
        name: getattr(answers, name).replace(r"^SY(?=\d{4}$)", "GM", regex=True) for name in ("frames", "mergers")
    }
    codes = answers.responses["gemeentecode"].str.replace("SY", "GM")
    responses = answers.responses.assign(gemeentecode=codes)
    return Sources(published, replace(answers, responses=responses, **renamed, source="microdata", assumed=frozenset()))


@pytest.fixture(scope="session")
def edition():
    """Open an edition of the project: ``edition(2019)``, ``edition(2017, baseline=2015, language="en")``."""
    return cache(
        lambda wave, baseline=None, language="nl", source="published": open_edition(
            wave=wave, baseline=baseline, language=language, source=source, start=FIVE_WAVES
        )
    )


@pytest.fixture(scope="session")
def real_names() -> list[str]:
    """Municipalities of 2019 and those that ended since 2014, without the additions that some names carry."""
    return (ROOT / "tests" / "data" / "real_names.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def mini(tmp_path) -> Copy:
    """The small project of which the last wave has item responses."""
    shutil.copytree(MINI / "data" / "raw", tmp_path / "data" / "raw")
    return Copy(tmp_path)


@pytest.fixture
def copy(tmp_path) -> Copy:
    shutil.copytree(FIVE_WAVES / "data" / "raw", tmp_path / "data" / "raw")
    return Copy(tmp_path)


@pytest.fixture
def trial(copy) -> Copy:
    """The project with an invented wave of 2025: bases stated, no overlap known."""
    shutil.copytree(ROOT / "tests" / "data" / "trial-2025", copy.raw / "2025")
    return copy


@pytest.fixture
def main_here(monkeypatch, capsys):
    """Run ``wijkpeiling`` within this process, which spares its start; gives what a finished process does."""
    handlers = {number: signal.getsignal(number) for number in STOPPING}

    def run_command(*arguments, cwd):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
        monkeypatch.setattr(sys, "argv", ["wijkpeiling", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        told = capsys.readouterr()
        return SimpleNamespace(returncode=stopped.value.code or 0, stdout=told.out, stderr=told.err)

    yield run_command
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def figure_row():
    """A row of ``published.csv`` that is right, to be changed: ``figure_row(pct="80")``."""
    right = {
        "concept": "task_short_term_support",
        "pct": "80",
        "precision": "whole_percent",
        "unit": "municipalities",
        "status": "accepted",
        "source_title": "Rapport van de peiling",
        "source_url": "https://example.org/rapport",
        "confidence": "high",
    }
    return lambda **changed: right | changed


@pytest.fixture(scope="session")
def notebooks() -> dict[str, dict]:
    """The notebooks as they stand in the project, by name."""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="session")
def axis_of():
    """A chart as matplotlib draws it, in the house style: ``axis_of(chart)``, ``axis_of(chart, PHONE)``."""

    def drawn(chart, width=WIDE):
        style = house_style()
        with mpl.style.context(["default", draw.parameters(style)]):
            (axis,) = draw.DRAWERS[chart.plot.kind](chart.plot, width, style).axes
        return axis

    return drawn


@pytest.fixture(scope="session")
def shown(notebooks, sources, invented):
    """What each notebook shows, by name, run in this process: ``shown(2019, None, "nl", "published")``."""
    known = {"published": sources, "synthetic": invented}
    read_once = patch("wijkpeiling.sources.edition.read_sources", lambda edition: known[edition.source])

    @cache
    def run(wave, baseline, language, source="published"):
        parameters = {"wave": wave, "baseline": baseline, "language": language, "source": source}
        with contextlib.chdir(FIVE_WAVES), read_once:
            return {name: _run(notebook, parameters) for name, notebook in notebooks.items()}

    return run


@pytest.fixture(scope="session")
def bundle_of():
    """What JupyterLab gets of a block that ``shown`` gave: each chart is drawn once for all tests that look at it."""
    made = {}

    def bundle(block):
        # the block is kept beside it, so that no other takes its number
        if id(block) not in made:
            made[id(block)] = block, block._repr_mimebundle_()
        return made[id(block)][1]

    return bundle


@pytest.fixture(scope="session")
def sources_of_mini() -> Sources:
    """Published figures of 2017 and 2019, item responses of 2027."""
    return read_sources(open_edition(wave=2027, start=MINI))


@pytest.fixture(scope="session")
def shown_of_mini(notebooks, sources_of_mini):
    """What each notebook shows of the small project: ``shown_of_mini(2027, None, "nl")``."""
    read_once = patch("wijkpeiling.sources.edition.read_sources", lambda edition: sources_of_mini)

    @cache
    def run(wave, baseline, language):
        parameters = {"wave": wave, "baseline": baseline, "language": language, "source": "published"}
        with contextlib.chdir(MINI), read_once:
            return {name: _run(notebook, parameters) for name, notebook in notebooks.items()}

    return run


def _run(notebook: dict, parameters: dict) -> list:
    """The value of the last expression of each code cell that ends with one."""
    names: dict = {"In": []}
    values = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<cell>", "exec"), names)
        if last is not None:
            values.append(eval(compile(ast.Expression(last.value), "<cell>", "eval"), names))
    # as in a notebook, a cell that gives nothing shows nothing
    return [value for value in values if value is not None]
