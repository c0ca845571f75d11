"""Coverage of the interval for a change where hardly anyone answered both waves, at hard cells of `rare_overlap.py`."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent
rare = runpy.run_path(str(HERE / "rare_overlap.py"))


@pytest.mark.parametrize("n_pairs", [0, 1, 2])
def test_the_interval_covers_with_hardly_a_pair_and_not_with_the_correlation_as_estimated(n_pairs):
    found = rare["simulate"]((342, 171, 171), n_pairs, 0.3, 0.8, 500)
    assert found["coverage"] >= 0.94
    assert found["estimated_coverage"] < 0.93


def test_every_cell_of_the_committed_table_covers():
    table = pd.read_csv(HERE / rare["TABLE"])
    assert len(table) == len(rare["SIZES"]) * len(rare["PAIRS"]) * len(rare["P"]) * len(rare["PERSISTENCE"])
    assert table["again"].fillna(table["coverage"]).min() >= 0.94
