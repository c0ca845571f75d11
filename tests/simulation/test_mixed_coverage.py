"""Coverage of the interval for a change from a published percentage to item responses, at hard cells of `mixed.py`."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent
mixed = runpy.run_path(str(HERE / "mixed.py"))


@pytest.mark.parametrize(
    ("p", "overlap", "persistence"),
    [((0.95, 0.95), "least", "strong"), ((0.95, 0.95), "larger", "weak"), ((0.05, 0.08), "chance", "strong")],
)
def test_a_share_near_the_end_in_a_small_wave_covers(p, overlap, persistence):
    found = mixed["simulate"]((100, 66, 60), p, overlap, persistence, 1500)
    assert min(found["known_coverage"], found["range_coverage"]) >= 0.94


def test_the_lowest_of_the_fresh_populations_covers_with_draws_of_its_own():
    found = mixed["simulate"]((100, 66, 60), (0.95, 0.95), "least", "strong", 1500, "fresh", look=2)
    assert min(found["known_coverage"], found["range_coverage"]) >= 0.94


def test_the_range_covers_where_the_overlap_of_chance_does_not():
    found = mixed["simulate"]((388, 240, 212), (0.4, 0.5), "least", "strong", 500)
    assert found["range_coverage"] >= 0.94 and found["range_width"] > 1.15 * found["chance_width"]


@pytest.mark.parametrize("populations", mixed["SEEDS"])
def test_every_cell_of_the_committed_table_covers_where_an_edition_relies_on_it(populations):
    table = pd.read_csv(HERE / mixed["TABLE"])
    table = table[table["populations"] == populations]
    assert len(table) == 48
    for label in ("known", "range"):
        assert table[f"{label}_again"].fillna(table[f"{label}_coverage"]).min() >= 0.94
