"""p-values of a family of which the joint correlation is known."""

import numpy as np
import pytest
from scipy.special import ndtr

from wijkpeiling.errors import EstimationError
from wijkpeiling.methods.families import max_t
from wijkpeiling.trend.conclusions import adjust

FAMILY = 6


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_max_t_is_never_stricter_than_holm_but_for_simulation_error(correlation, seed):
    z = np.random.default_rng(seed).normal(1.5, 1.2, FAMILY)
    together = np.full((FAMILY, FAMILY), correlation) + (1 - correlation) * np.eye(FAMILY)
    stepped, holm = max_t(z, together, seed=seed), adjust((2 * ndtr(-np.abs(z))).tolist())
    # four standard errors of a probability from 100,000 draws
    assert (stepped <= holm + 4 * np.sqrt(holm * (1 - holm) / 100_000) + 4e-5).all()
    # in the order of the single tests
    assert (np.diff(stepped[np.argsort(-np.abs(z))]) >= 0).all()


def test_max_t_of_independent_tests_steps_down_by_sidak():
    z = np.array([2.0, -2.8, 1.0])
    p = 2 * ndtr(-np.abs(z))
    expected = [1 - (1 - p[0]) ** 2, 1 - (1 - p[1]) ** 3, p[2]]
    assert max_t(z, np.eye(3), seed=1) == pytest.approx(expected, abs=0.005)


def test_max_t_of_tests_that_are_one_leaves_their_p_values():
    z = np.array([2.0, 2.5, 1.0])
    assert max_t(z, np.ones((3, 3)), seed=1) == pytest.approx(2 * ndtr(-z), abs=0.005)


TOGETHER = [[1.0, 0.5, 0.2], [0.5, 1.0, 0.3], [0.2, 0.3, 1.0]]


@pytest.mark.parametrize(
    ("z", "correlation", "message"),
    [
        ([1.0, np.nan, 2.0], TOGETHER, "a z that is not a number"),
        ([1.0, 2.0], TOGETHER, r"shape \(3, 3\) for 2 estimates"),
        ([1.0, 2.0], [1.0, 1.0], r"shape \(2,\) for 2 estimates"),
        ([1.0, 2.0], [[1.0, np.nan], [np.nan, 1.0]], "correlation that is not a number"),
        ([1.0, 2.0], [[1.0, 0.5], [0.4, 1.0]], "not symmetric"),
        ([1.0, 2.0], [[0.0004, 0.0002], [0.0002, 0.0004]], "diagonal that is not 1"),
        ([1.0, 2.0], [[1.0, 1.2], [1.2, 1.0]], "cannot be together"),
        ([1.0, 2.0, 3.0], [[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]], "cannot be together"),
    ],
)
def test_a_family_that_cannot_be_is_refused(z, correlation, message):
    with pytest.raises(EstimationError, match=message):
        max_t(np.array(z), np.array(correlation), seed=1)


def test_items_that_are_the_same_count_once():
    once, twice = (max_t(np.full(m, 1.96), np.ones((m, m)), seed=1) for m in (1, 2))
    assert twice == pytest.approx([0.05, 0.05], abs=0.003)
    assert once == pytest.approx([0.05], abs=0.003)
