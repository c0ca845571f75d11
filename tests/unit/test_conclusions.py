"""Words for a result, and p-values of a family."""

import pytest

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


def test_claims_are_adjusted_by_holm_without_asking():
    assert adjust([0.01, 0.04]).tolist() == pytest.approx([0.02, 0.04])
