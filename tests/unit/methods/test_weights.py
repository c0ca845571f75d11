"""Weights calibrated on what is known of all municipalities."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.shares import shares
from wijkpeiling.methods.weights import calibrate, poststratify, rake

POPULATION = pd.Series({"<20k": 10, "20-50k": 20, "50-100k": 8, ">=100k": 4})


@pytest.fixture
def design():
    classes = np.repeat(POPULATION.index, [5, 10, 4, 2])
    answers = pd.DataFrame({"gemeentecode": [f"GM{i:04d}" for i in range(len(classes))], "size_class": classes})
    return Design.from_responses(answers, POPULATION)


def region(design):
    return pd.Series(np.resize(["a", "b"], design.n), name="region")


def test_poststratified_weights_meet_the_totals_and_leave_the_design_as_it_was(design):
    weighed = poststratify(design, region(design), pd.Series({"a": 12, "b": 30}))
    assert np.allclose(np.bincount(region(design) == "b", weighed.weights), [12, 30])
    assert design.calibration is None
    assert "post-stratified on region" in str(weighed)


def test_raked_weights_meet_every_margin(design):
    margins = pd.DataFrame({"region": region(design), "kind": np.resize(["x", "y", "z"], design.n)})
    totals = {"region": pd.Series({"a": 12, "b": 30}), "kind": pd.Series({"x": 10, "y": 20, "z": 12})}
    weighed = rake(design, margins, totals)
    for name, sizes in totals.items():
        assert np.allclose(pd.Series(weighed.weights).groupby(margins[name]).sum(), sizes, rtol=1e-10)


def test_bounded_weights_stay_within_bounds_and_meet_the_totals(design):
    x = pd.DataFrame({"x": np.linspace(1, 2, design.n)})
    for method in ("truncated", "logit"):
        weighed = calibrate(design, x, pd.Series({"x": 65.0}), method=method, bounds=(0.7, 1.5))
        factor = weighed.weights / design.weights
        assert factor.min() >= 0.7 - 1e-12
        assert factor.max() <= 1.5 + 1e-12
        assert np.isclose(weighed.weights @ x["x"], 65)
        assert np.isclose(weighed.weights.sum(), 42)


@pytest.mark.parametrize(
    ("totals", "message"),
    [
        ({"a": 12, "b": 29}, "sum to 41"),
        ({"a": 42}, "'b' has no total"),
        ({"a": 12, "b": 20, "c": 10}, "region c: 0 respondents, 10"),
        ({"a": 42, "b": 0}, "region b: 10 respondents, 0"),
        ({"a": 33, "b": 9}, "region b: 10 respondents, 9 municipalities(.|\\n)*no more respondents"),
        (pd.Series([12, 10, 20], ["a", "b", "b"]), "region: b has more than one total"),
    ],
)
def test_totals_that_do_not_fit_the_frame_are_refused(design, totals, message):
    with pytest.raises(EstimationError, match=message):
        poststratify(design, region(design), pd.Series(totals))


def test_raking_that_cannot_converge_is_refused(design):
    # everyone in a is an x and everyone in b a y, so these margins contradict each other
    margins = pd.DataFrame({"region": region(design), "kind": region(design).map({"a": "x", "b": "y"})})
    totals = {"region": pd.Series({"a": 12, "b": 30}), "kind": pd.Series({"x": 20, "y": 22})}
    with pytest.raises(EstimationError, match="contradict"):
        rake(design, margins, totals)
    # of a five are an x and nobody of b: 12 of a can never make 20 of x
    margins["kind"] = np.where(margins.index.isin([0, 2, 4, 6, 8]), "x", "y")
    with pytest.raises(EstimationError, match="no weights found"):
        rake(design, margins, totals)


def test_linear_weights_of_0_or_less_are_refused(design):
    with pytest.raises(EstimationError, match="above 0"):
        calibrate(design, pd.DataFrame({"x": np.linspace(1, 2, design.n)}), pd.Series({"x": 45.0}))


@pytest.mark.parametrize(
    "how",
    [
        {"method": "linear", "bounds": (0.5, 2)},
        {"method": "logit"},
        {"method": "logit", "bounds": (1.1, 2)},
        {"method": "x"},
    ],
)
def test_a_method_and_its_bounds_go_together(design, how):
    with pytest.raises(EstimationError, match="bounds"):
        calibrate(design, pd.DataFrame({"x": np.ones(design.n)}), pd.Series({"x": 42.0}), **how)


def test_auxiliaries_fit_the_respondents(design):
    with pytest.raises(EstimationError, match="respondent 3 has no x"):
        x = np.where(np.arange(design.n) == 2, np.nan, 1.0)
        calibrate(design, pd.DataFrame({"x": x}), pd.Series({"x": 42.0}))
    with pytest.raises(EstimationError, match="20 rows for 21 respondents"):
        poststratify(design, region(design)[:20], pd.Series({"a": 12, "b": 30}))
    with pytest.raises(EstimationError, match="a total for each"):
        calibrate(design, pd.DataFrame({"x": np.ones(design.n)}), pd.Series({"y": 42.0}))


def test_calibrating_twice_is_refused(design):
    once = poststratify(design, region(design), pd.Series({"a": 12, "b": 30}))
    with pytest.raises(EstimationError, match="calibrated already"):
        poststratify(once, region(design), pd.Series({"a": 12, "b": 30}))


def test_calibration_on_what_is_measured_leaves_no_error(design):
    item = pd.DataFrame({"y": region(design) == "a"})
    weighed = poststratify(design, region(design), pd.Series({"a": 12, "b": 30}))
    result = shares(weighed, item)
    assert np.isclose(result.share[0, 0], 12 / 42)
    assert result.se[0, 0] < 1e-9
