"""Coverage of the interval for a change from a figure whose base was not stated, at cells of `open_base.py`."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent
open_base = runpy.run_path(str(HERE / "open_base.py"))


@pytest.mark.parametrize("base", open_base["BASES"])
def test_over_each_base_that_it_can_be_it_covers_whichever_it_was(base):
    found = open_base["simulate"]((388, 240, 212), (0.55, 0.45), "largest", base, 150)
    assert found["known_each"] >= 0.94
    # over the base of the item responses alone only if it was that one
    assert (found["known_own"] >= 0.94) == (base == "with_team")


def test_every_cell_of_the_committed_table_covers_where_an_edition_relies_on_it():
    table = pd.read_csv(HERE / open_base["TABLE"])
    assert len(table) == len(table.drop_duplicates(["N", "p_first", "overlap", "base"])) == 24
    assert (table["draws"] == open_base["DRAWS"]).all()
    assert table[["known_each", "range_each"]].min(axis=None) >= open_base["LOWEST"]
