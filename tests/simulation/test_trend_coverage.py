"""Coverage of the slope from published figures, at hard cells of `trend.py`."""

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).parent
trend = runpy.run_path(str(HERE / "trend.py"))
table = pd.read_csv(HERE / trend["TABLE"], keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("course", ["flat", "bent"])
def test_a_cell_comes_out_as_in_the_table(course):
    found = trend["cell"](380, "early alike, late alike", 0.5, course, "strong", trend["DRAWS"])
    known = table.merge(pd.DataFrame([found])[trend["KEY"]]).iloc[0]
    for name in ("true_slope", "coverage", "width", "chance_coverage", "chance_width"):
        assert np.isclose(found[name], known[name], atol=6e-5), name


def test_the_range_covers_in_every_cell_and_the_interval_where_the_overlaps_are_those_of_chance():
    assert table["again"].fillna(table["coverage"]).min() >= 0.94
    by_chance = table[(table["answered"] == "by chance") & (table["share"].between(0.2, 0.5))]
    assert by_chance["chance_coverage"].min() >= 0.93


def test_the_interval_that_takes_chance_for_granted_does_not_cover_every_overlap():
    assert table["chance_coverage"].min() < 0.85
    assert set(table["persistence"]) == set(trend["PERSISTENCE"]) and table["agreement"].max() <= 0.6
