"""What a comparison allows one to say."""

import numpy as np

# a change that stays within five points either way is no change that policy would notice
EQUIVALENCE = 0.05
ALPHA = 0.05


def conclude(difference: float, ci_low: float, ci_high: float, p_adjusted: float) -> str:
    """The conclusion of a tested change, as the contract ``changes`` names it.

    Parameters
    ----------
    difference, ci_low, ci_high
        On the scale -1 to 1, at 95 percent.
    p_adjusted
        p-value, adjusted for the family it was tested in.

    Notes
    -----
    ``about_the_same`` needs the whole interval within five points, the strict form of two one-sided tests
    (Schuirmann 1987). A change can be both clear and small; then it is called a change.
    """
    if p_adjusted < ALPHA:
        return "rose" if difference > 0 else "fell"
    if ci_low > -EQUIVALENCE and ci_high < EQUIVALENCE:
        return "about_the_same"
    return "no_evidence"


def adjust(p_values: list[float], method: str = "holm") -> np.ndarray:
    """p-values adjusted for being one family.

    Parameters
    ----------
    p_values
        All the tests of the family.
    method
        ``holm`` for claims (Holm 1979), ``fdr_bh`` for screening (Benjamini & Hochberg 1995).
    """
    from statsmodels.stats.multitest import multipletests

    return multipletests(p_values, method=method)[1] if p_values else np.array([])
