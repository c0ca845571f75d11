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


def max_t(z: np.ndarray, correlation: np.ndarray, *, seed: int, draws: int = 100_000) -> np.ndarray:
    """p-values adjusted for a family of which the joint correlation is known.

    Parameters
    ----------
    z
        Estimates over their standard errors, shape (m,).
    correlation
        Between the estimates, shape (m, m).
    seed, draws
        Of the simulated null distribution; its error is about sqrt(p (1 - p) / draws).

    Returns
    -------
    ndarray
        Shape (m,): in order of abs(``z``), the largest first, the chance that the largest of those not yet passed is at
        least as large, and no lower than the one before it.

    Notes
    -----
    Step-down max-T (Westfall & Young 1993, free combinations) under a multivariate normal null (Hothorn, Bretz &
    Westfall 2008). Holm puts m - j + 1 times the single p-value where this has the chance of the maximum, so but for
    simulation error Holm on the same normal p-values is never lower; where items go together it is higher. Not with few
    answers: it leans on normality in the tails.
    """
    generator = np.random.default_rng(seed)
    null = generator.multivariate_normal(np.zeros(len(z)), correlation, size=draws, method="eigh")
    order = np.argsort(-np.abs(z))
    largest_left = np.maximum.accumulate(np.abs(null[:, order[::-1]]), axis=1)[:, ::-1]
    adjusted = np.empty(len(z))
    adjusted[order] = np.maximum.accumulate((largest_left >= np.abs(z)[order]).mean(axis=0))
    return adjusted
