"""Covariance between waves."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.overlap import joint_covariance, overlap
from wijkpeiling.estimation.shares import shares

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
    assert both.n_overlap == 42
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
    assert overlap(first, second, pairs, continuing, with_merged=True).n_overlap == 41


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
