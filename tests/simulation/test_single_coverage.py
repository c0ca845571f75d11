"""Coverage of the interval for one share, at hard cells of `single.py`."""

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.limits import methods_of
from wijkpeiling.estimation.shares import estimates, shares

LABELS = {"base": "respondents", "source": "microdata"}

HERE = Path(__file__).parent
single = runpy.run_path(str(HERE / "single.py"))
table = pd.read_csv(HERE / single["TABLE"])
KEY = ["grid", "n", "design", "truth", "p"]


def test_the_cells_that_are_enumerated_come_out_as_in_the_table():
    found = pd.DataFrame(single["overall"](1, sizes=(25,)) + single["of_classes"](((54, 34), (31, 23))))
    both = found.merge(table, on=KEY, suffixes=("", "_known"))
    assert len(both) == len(found) > 60
    for name in ("coverage", "width", "before_coverage", "before_width"):
        assert np.allclose(both[name], both[f"{name}_known"], atol=6e-5)


def test_every_cell_covers_and_the_intervals_are_hardly_wider_than_before():
    settled = table["again"].fillna(table["coverage"])
    assert settled.min() >= 0.94
    assert set(table["grid"]) >= {"overall", "class over a base", "overall over a base", "region, 2-4 answers"}
    # where a class of one joined its neighbour, the interval before was short because it took them for alike
    for grid, cells in table[table["grid"] != "overall, one in a class"].groupby("grid"):
        covered = cells[cells["before_coverage"] >= 0.94]
        assert (covered["width"] / covered["before_width"]).mean() <= 1.15, grid


@pytest.mark.parametrize("grid", ["overall", "class over a base", "overall over a base", "region, 10 answers or more"])
def test_the_interval_before_did_not_cover(grid):
    assert table.loc[table["grid"] == grid, "before_coverage"].min() < 0.9


def test_the_simulated_limits_are_those_of_the_table_of_estimates():
    n_h, N_h = single["respondents"](82, single["RESPONSE"]["rising"]), single["MUNICIPALITIES"]
    labels = np.array(["a", "b", "c", "d"])
    responses = pd.DataFrame({"gemeentecode": np.arange(n_h.sum()), "size_class": np.repeat(labels, n_h)})
    design = Design.from_responses(responses, pd.Series(N_h, labels))
    random = np.random.default_rng(1)
    stratum = np.repeat(np.arange(4), n_h)
    for part in (1.0, 0.7):
        base = random.random(design.n) < part
        yes = random.random(design.n) < 0.3
        result = shares(design, pd.DataFrame({"item": yes}).astype("boolean"), base=base)
        row = estimates(result, 2019, **LABELS).iloc[0]
        counts = [np.bincount(stratum, kept, minlength=4)[None] for kept in (yes & base, base)]
        low, high, *before = single["_limits"](n_h, *counts)
        assert methods_of(result)[0, 0] == row["method"] == "predictive"
        assert (low[0], high[0]) == pytest.approx((row["ci_low"], row["ci_high"]), abs=1e-12)
        row = estimates(result, 2019, **LABELS, method="logit").iloc[0]
        assert np.ravel(before) == pytest.approx((row["ci_low"], row["ci_high"]), abs=1e-12)
