"""Coverage of the interval for a change of answers, at hard cells of `run.py`."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent
run = runpy.run_path(str(HERE / "run.py"))
REPLICATES = 500


@pytest.mark.parametrize(
    ("block", "size", "overlap"),
    [
        (("none", False, False, "strong"), 60, 0.4),
        (("uneven", False, True, "strong"), 120, 0.6),
        (("uneven", True, False, "strong"), 60, 0.8),
        (("proportional", False, False, "strong"), 212, 0.4),
    ],
)
def test_the_interval_covers_where_that_of_stacked_waves_does_not(block, size, overlap):
    for cell in run["simulate"](run["Block"](*block), size, overlap, REPLICATES):
        assert cell["coverage"] >= 0.93, cell
        assert cell["stacked_coverage"] < cell["coverage"] - 0.03, cell


def test_published_percentages_cover_too_without_the_persistence():
    cells = run["simulate"](run["Block"]("none", False, True, "weak"), 60, 0.6, REPLICATES)
    assert {cell["source"] for cell in cells} == {"answers", "published"}
    assert min(cell["coverage"] for cell in cells) >= 0.93


def test_the_committed_table_has_every_cell_and_its_report():
    table = pd.read_csv(HERE / "coverage.csv")
    key = [*run["KEY"], "p"]
    cells = (
        sum(len(block.sources) for block in run["BLOCKS"]) * len(run["SIZES"]) * len(run["OVERLAPS"]) * len(run["P"])
    )
    assert len(table) == len(table.drop_duplicates(key)) == cells
    assert (table["replicates"] >= run["REPLICATES"]).all()
    assert (HERE / "COVERAGE.md").read_text(encoding="utf-8") == run["whole_report"]()
