"""Every estimate, standard error and interval equals R's; needs no R."""

import runpy
from pathlib import Path

import pytest

HERE = Path(__file__).parent
compare = runpy.run_path(str(HERE / "compare.py"))
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def errors():
    return compare["errors"]()


def test_every_value_of_r_is_computed(errors):
    missing = errors[errors["ours"].isna()]
    assert missing.empty, missing.head()


def test_no_value_is_further_from_r_than_the_tolerance(errors):
    off = errors[errors["error"] > TOLERANCE]
    assert off.empty, off.head(20)


def test_the_committed_table_names_every_estimator(errors):
    table = (HERE / "ERRORS.md").read_text(encoding="utf-8")
    for estimator, values, _ in compare["worst"](errors).to_numpy():
        assert f"| {estimator} | {values} |" in table
