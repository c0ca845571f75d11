"""Replicate weights against the linearised error."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.shares import shares
from wijkpeiling.methods.replicates import bootstrap, jackknife
from wijkpeiling.methods.weights import poststratify

POPULATION = pd.Series({"small": 60, "large": 20})


def respondents(small=30, large=12):
    stratum = np.repeat(["small", "large"], [small, large])
    return pd.DataFrame({"gemeentecode": [f"GM{i:04d}" for i in range(len(stratum))], "size_class": stratum})


def result_of(answers, seed, population=POPULATION):
    random = np.random.default_rng(seed)
    values = pd.DataFrame({f"item_{j}": random.random(len(answers)) < 0.4 for j in range(2)})
    return shares(Design.from_responses(answers, population), values)


def test_the_jackknife_agrees_with_the_linearised_error():
    wave = result_of(respondents(), 1)
    assert np.allclose(jackknife(wave.design).variance(wave), wave.variance, rtol=1e-10)


def test_the_bootstrap_agrees_and_repeats():
    wave = result_of(respondents(), 1)
    draws = bootstrap(wave.design, 4000, seed=1)
    assert np.allclose(draws.variance(wave), wave.variance, rtol=0.1)
    assert (draws.weights >= 0).all()
    assert np.allclose(draws.weights.sum(axis=1), 80)
    assert np.array_equal(draws.weights, bootstrap(wave.design, 4000, seed=1).weights)


def test_a_census_does_not_vary_over_replicates():
    wave = result_of(respondents(), 1, population=pd.Series({"small": 30, "large": 12}))
    for replicates in (jackknife(wave.design), bootstrap(wave.design, 50, seed=1)):
        assert np.allclose(replicates.variance(wave), 0, atol=1e-30)


def test_replicates_of_what_cannot_be_replicated_are_refused():
    wave = result_of(respondents(), 1)
    region = pd.Series(np.resize(["a", "b"], 42), name="region")
    with pytest.raises(EstimationError, match="calibrated"):
        jackknife(poststratify(wave.design, region, pd.Series({"a": 30, "b": 50})))
    with pytest.raises(EstimationError, match="one respondent"):
        bootstrap(Design.from_responses(respondents(30, 1), POPULATION, lonely="adjust"), seed=1)
    with pytest.raises(EstimationError, match="1 replicates"):
        bootstrap(wave.design, 1, seed=1)
