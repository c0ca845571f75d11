"""Covariance between waves, replicate weights, and tests for tables."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.overlap import joint_covariance, overlap
from wijkpeiling.estimation.replicates import bootstrap, jackknife
from wijkpeiling.estimation.shares import shares
from wijkpeiling.estimation.tables import rao_scott
from wijkpeiling.estimation.weights import poststratify

POPULATION = pd.Series({"small": 60, "large": 20})


def respondents(small=30, large=12, first=0):
    stratum = np.repeat(["small", "large"], [small, large])
    return pd.DataFrame({"gemeentecode": [f"GM{first + i:04d}" for i in range(len(stratum))], "size_class": stratum})


def result_of(answers, seed, items=2, population=POPULATION, **how):
    random = np.random.default_rng(seed)
    values = pd.DataFrame({f"item_{j}": random.random(len(answers)) < 0.4 for j in range(items)})
    return shares(Design.from_responses(answers, population, **how), values)


def same(n):
    return np.repeat(np.arange(n), 2).reshape(-1, 2)


@pytest.mark.parametrize("target", ["population", "process"])
def test_a_wave_varies_with_itself_as_it_varies(target):
    wave = result_of(respondents(), 1, target=target)
    both = overlap(wave, wave, same(42))
    assert np.allclose(both.covariance, both.variance_1, rtol=1e-12)
    assert np.allclose(np.diag(both.correlation), 1)


def test_the_covariance_is_that_of_the_textbook():
    answers = respondents(30, 0)
    first, second = (result_of(answers, seed, items=1, population=pd.Series({"small": 60})) for seed in (1, 2))
    pairs = np.column_stack([np.arange(18), np.arange(12, 30)])
    y = [(wave.codes[0] == 1).astype(float) for wave in (first, second)]
    s12 = np.cov(y[0][pairs[:, 0]], y[1][pairs[:, 1]])[0, 1]
    expected = s12 * (18 / (30 * 30) - 1 / 60)
    assert np.isclose(overlap(first, second, pairs).covariance[0, 0], expected, rtol=1e-12)


def test_overlap_as_large_as_chance_gives_no_covariance():
    first, second = (result_of(respondents(30, 0), seed, population=pd.Series({"small": 60})) for seed in (1, 2))
    both = overlap(first, second, same(15))
    assert np.allclose(both.covariance, 0, atol=1e-18)


def test_a_stratum_with_too_few_pairs_borrows_and_says_so():
    first, second = result_of(respondents(), 1), result_of(respondents(), 2)
    both = overlap(first, second, same(31))
    assert both.borrowed == ("large",)
    assert np.isfinite(both.covariance).all()
    assert np.abs(both.correlation).max() <= 1


def test_waves_without_pairs_have_no_covariance_to_borrow():
    both = overlap(result_of(respondents(), 1), result_of(respondents(), 2), np.empty((0, 2)))
    assert (both.covariance == 0).all()
    assert both.borrowed == ("small", "large")


def test_strata_may_change_between_waves():
    first = result_of(respondents(), 1)
    later = respondents(28, 14)
    second = result_of(later, 2, population=pd.Series({"small": 56, "large": 22}))
    continuing = pd.DataFrame({"small": [54, 0], "large": [4, 18]}, index=["small", "large"])
    both = overlap(first, second, same(42), continuing)
    assert both.n_common == 42
    assert not both.borrowed
    with pytest.raises(EstimationError, match="continuing"):
        overlap(first, second, same(42))


def test_merged_strata_are_found_in_the_frame():
    population = pd.Series({"small": 60, "large": 20, "huge": 4})
    first, second = (result_of(respondents(), seed, population=population) for seed in (1, 2))
    assert first.design.labels == ("small", "large + huge")
    continuing = pd.DataFrame(np.diag([60, 20, 4]), index=population.index, columns=population.index)
    assert np.allclose(
        overlap(first, second, same(42), continuing).covariance, overlap(first, second, same(42)).covariance
    )


def test_merged_municipalities_are_left_out_unless_asked_for():
    first, second = result_of(respondents(), 1), result_of(respondents(), 2)
    pairs = np.vstack([same(40), [41, 0]])
    with pytest.raises(EstimationError, match="row 0 of wave 2 stands in two pairs"):
        overlap(first, second, pairs)
    continuing = pd.DataFrame(np.diag([60, 20]), index=POPULATION.index, columns=POPULATION.index)
    continuing.loc["large", "small"] = 1
    assert overlap(first, second, pairs, continuing, with_merged=True).n_common == 41


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a, b, pairs: (a, b, pairs + 40), "row 42 of wave 1"),
        (lambda a, b, pairs: (a, result_of(respondents(), 2, target="process"), pairs), "different targets"),
        (
            lambda a, b, pairs: (
                a,
                b,
                pairs,
                pd.DataFrame([[3, 0], [0, 3]], index=POPULATION.index, columns=POPULATION.index),
            ),
            "30 pairs in small, where 3",
        ),
        (lambda a, b, pairs: (a, b, pairs, pd.DataFrame([[60]], index=["tiny"], columns=["small"])), "stratum tiny"),
    ],
)
def test_pairs_that_do_not_fit_are_refused(change, message):
    with pytest.raises(EstimationError, match=message):
        overlap(*change(result_of(respondents(), 1), result_of(respondents(), 2), same(42)))


def test_three_waves_have_one_covariance_matrix():
    waves = [result_of(respondents(), seed) for seed in (1, 2, 3)]
    joint = joint_covariance(waves, {(0, 1): same(42), (1, 2): same(42)})
    assert joint.shape == (6, 6)
    assert np.allclose(joint, joint.T)
    assert (joint[:2, 4:] == 0).all()
    assert np.allclose(joint[2:4, 4:], overlap(waves[1], waves[2], same(42)).covariance)
    with pytest.raises(EstimationError, match="waves 1 and 0"):
        joint_covariance(waves, {(1, 0): same(42)})


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


def test_a_table_test_finds_dependence_and_no_dependence():
    answers = respondents()
    design = Design.from_responses(answers, POPULATION)
    random = np.random.default_rng(5)
    left = pd.Series(random.random(42) < 0.5)
    right = pd.Series(random.random(42) < 0.5)
    assert rao_scott(design, left, right).p_value > 0.05
    test = rao_scott(design, left, left)
    assert test.p_value < 1e-6
    assert np.isclose(test.table.to_numpy().sum(), 1)


def test_a_table_needs_two_values_and_a_sample():
    design = Design.from_responses(respondents(), POPULATION)
    some = pd.Series(np.resize([True, False], 42))
    with pytest.raises(EstimationError, match="1 by 2"):
        rao_scott(design, pd.Series([True] * 42), some)
    census = Design.from_responses(respondents(), pd.Series({"small": 30, "large": 12}))
    with pytest.raises(EstimationError, match="no variance"):
        rao_scott(census, some, pd.Series(np.resize([True, True, False], 42)))
    with pytest.raises(EstimationError, match="41 answers"):
        rao_scott(design, some[:41], some[:41])


EVENLY = np.resize([0, 1, 2], 42)


@pytest.mark.parametrize(
    ("left", "right"),
    [(EVENLY, EVENLY), (EVENLY, (EVENLY + 1) % 3), (np.resize([0, 1, 2, 3], 42), np.resize([0, 1, 2, 3], 42))],
    ids=["each with itself", "each with the next", "4 by 4"],
)
def test_a_table_of_perfect_association_is_refused(left, right):
    design = Design.from_responses(respondents(), POPULATION)
    with pytest.raises(EstimationError, match="cells of the table are empty"):
        rao_scott(design, pd.Series(left), pd.Series(right))


def test_a_table_with_an_empty_cell_can_be_tested():
    design = Design.from_responses(respondents(), POPULATION)
    right = np.where((EVENLY == 0) & (np.arange(42) % 2 == 0), 1, np.resize([0, 0, 1, 1, 2, 2, 1], 42))
    right[(EVENLY == 0) & (right == 2)] = 1
    test = rao_scott(design, pd.Series(EVENLY), pd.Series(right))
    assert (test.table.to_numpy() == 0).sum() == 1
    assert 0 < test.p_value < 1
