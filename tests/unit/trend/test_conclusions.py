"""Words for a result, and p-values of a family."""

import numpy as np
import pytest
from scipy.special import ndtr
from statsmodels.stats.multitest import multipletests

from wijkpeiling.trend.conclusions import adjust, conclude


@pytest.mark.parametrize(
    ("difference", "ci_low", "ci_high", "p_adjusted", "conclusion"),
    [
        (0.14, 0.09, 0.19, 0.000, "rose"),
        (-0.10, -0.15, -0.05, 0.001, "fell"),
        (0.14, 0.09, 0.19, 0.049, "rose"),
        (0.14, 0.09, 0.19, 0.050, "no_evidence"),
        (-0.04, -0.08, 0.005, 0.19, "no_evidence"),
        (0.00, -0.049, 0.049, 1.0, "about_the_same"),
        (0.00, -0.05, 0.049, 1.0, "no_evidence"),
        (0.00, -0.049, 0.05, 1.0, "no_evidence"),
        # clear and small: a change
        (0.02, 0.01, 0.03, 0.01, "rose"),
        # clear on its own, not in its family
        (0.02, 0.005, 0.035, 0.06, "about_the_same"),
        (0.06, 0.01, 0.11, 0.06, "no_evidence"),
    ],
)
def test_the_conclusion_follows_from_p_value_and_interval(difference, ci_low, ci_high, p_adjusted, conclusion):
    assert conclude(difference, ci_low, ci_high, p_adjusted) == conclusion


@pytest.mark.parametrize(
    ("difference", "ci_low", "ci_high", "p_adjusted", "conclusion"),
    [
        (-0.08, -0.13, -0.04, 0.02, "fell"),
        (-0.09, -0.15, -0.03, 0.09, "withheld"),
        # a limit that is printed as 0 may lie on either side of it
        (-0.04, -0.08, 0.0, 0.2, "withheld"),
        (0.06, 0.0, 0.11, 0.2, "withheld"),
        # by no decimals is 0 outside
        (-0.04, -0.08, 0.01, 0.2, "no_evidence"),
        (0.02, 0.0, 0.04, 0.6, "about_the_same"),
    ],
)
def test_whole_points_leave_open_what_their_decimals_decide(difference, ci_low, ci_high, p_adjusted, conclusion):
    assert conclude(difference, ci_low, ci_high, p_adjusted, is_rounded=True) == conclusion


@pytest.mark.parametrize(
    ("p_values", "method", "adjusted"),
    [
        # Holm: 3 x 0.01, 2 x 0.03, and 0.04 no lower than the one before it
        ([0.01, 0.04, 0.03], "holm", [0.03, 0.06, 0.06]),
        # Benjamini-Hochberg: 0.01 x 3/1, 0.03 x 3/2 no higher than the next, 0.04 x 3/3
        ([0.01, 0.04, 0.03], "fdr_bh", [0.03, 0.04, 0.04]),
        ([0.2, 0.5, 0.9], "holm", [0.6, 1.0, 1.0]),
        ([0.02], "holm", [0.02]),
        ([0.02], "fdr_bh", [0.02]),
        ([], "holm", []),
    ],
)
def test_p_values_are_adjusted_for_their_family(p_values, method, adjusted):
    assert adjust(p_values, method).tolist() == pytest.approx(adjusted)


@pytest.mark.parametrize("method", ["holm", "fdr_bh"])
def test_adjusted_p_values_are_those_of_statsmodels_to_the_last_digit(method):
    generator = np.random.default_rng(3)
    for size in (1, 2, 7, 66):
        # with some that are equal, nought or one
        p_values = np.concatenate([generator.random(size) ** 3, [0.0, 1.0, 0.04, 0.04]])
        known = multipletests(p_values, method=method)[1]
        assert (adjust(p_values.tolist(), method) == known).all()


def test_claims_are_adjusted_by_holm_without_asking():
    assert adjust([0.01, 0.04]).tolist() == pytest.approx([0.02, 0.04])


@pytest.mark.parametrize("method", ["holm", "fdr_bh"])
@pytest.mark.parametrize("seed", range(5))
def test_p_values_picked_from_a_family_are_never_adjusted_less_than_beside_all_of_it(method, seed):
    family = np.random.default_rng(seed).random(20) ** 4
    for picked in (family[:5], np.sort(family)[:5], np.sort(family)[-5:]):
        beside_all = dict(zip(family, adjust(family.tolist(), method), strict=True))
        adjusted = adjust(picked.tolist(), method, family_size=20)
        assert all(adjusted >= [beside_all[p] for p in picked])
    assert adjust([0.01, 0.5], family_size=20).tolist() == pytest.approx([0.2, 1.0])


def test_items_that_do_not_differ_are_seldom_told_apart_from_the_one_that_happens_to_be_highest():
    z = np.random.default_rng(13).normal(size=(20_000, 13))
    smallest = 2 * ndtr(-np.ptp(z, axis=1) / 2**0.5)
    # from where the smallest p-value of a family is no sources: as if the highest had been named, and over all pairs
    steps = {family: 0.05 / adjust([0.0001, 1.0], family_size=family)[0] * 0.0001 for family in (12, 78)}
    wrong = {family: (smallest < limit).mean() for family, limit in steps.items()}
    assert wrong[12] > 0.15 and wrong[78] <= 0.05
