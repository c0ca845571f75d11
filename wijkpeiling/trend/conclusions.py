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


def adjust(p_values: list[float], method: str = "holm", family_size: int | None = None) -> np.ndarray:
    """p-values adjusted for being one family.

    Parameters
    ----------
    p_values
        All the tests of the family.
    method
        ``holm`` for claims (Holm 1979), ``fdr_bh`` for screening (Benjamini & Hochberg 1995).
    family_size
        Tests in the family, where ``p_values`` were picked from it after the data were seen; by default they are all.

    Notes
    -----
    A test that was not picked counts with p = 1. By either method no adjusted p-value falls when a p-value rises, so
    the picked ones are at least what they would be beside all the others.
    """
    from statsmodels.stats.multitest import multipletests

    n = len(p_values)
    others = [1.0] * ((family_size or n) - n)
    return multipletests([*p_values, *others], method=method)[1][:n] if p_values else np.array([])
