"""What a comparison allows one to say."""

import numpy as np

from wijkpeiling.errors import EstimationError

# a change that stays within five points either way is no change that policy would notice
EQUIVALENCE = 0.05
ALPHA = 0.05
# by which a correlation matrix may miss one: it comes from sums of products
ROUNDING = 1e-8


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

    Raises
    ------
    EstimationError
        When a ``z`` is not a number, or ``correlation`` is no correlation matrix of as many estimates.

    Notes
    -----
    Step-down max-T (Westfall & Young 1993, free combinations) under a multivariate normal null (Hothorn, Bretz &
    Westfall 2008). Holm puts m - j + 1 times the single p-value where this has the chance of the maximum, so but for
    simulation error Holm on the same normal p-values is never lower; where items go together it is higher. Not with few
    answers: it leans on normality in the tails.
    """
    _check_family(np.asarray(z), np.asarray(correlation))
    generator = np.random.default_rng(seed)
    null = generator.multivariate_normal(np.zeros(len(z)), correlation, size=draws, method="eigh")
    order = np.argsort(-np.abs(z))
    largest_left = np.maximum.accumulate(np.abs(null[:, order[::-1]]), axis=1)[:, ::-1]
    adjusted = np.empty(len(z))
    adjusted[order] = np.maximum.accumulate((largest_left >= np.abs(z)[order]).mean(axis=0))
    return adjusted


def _check_family(z: np.ndarray, correlation: np.ndarray) -> None:
    m = len(z)
    is_square = correlation.shape == (m, m)
    checks = {
        "a z that is not a number": lambda: np.isnan(z).any(),
        f"a correlation of shape {correlation.shape} for {m} estimates": lambda: not is_square,
        "a correlation that is not a number": lambda: not np.isfinite(correlation).all(),
        "a correlation that is not symmetric": lambda: (
            not np.allclose(correlation, correlation.T, rtol=0, atol=ROUNDING)
        ),
        "a diagonal that is not 1": lambda: not np.allclose(np.diag(correlation), 1, rtol=0, atol=ROUNDING),
        "correlations that cannot be together": lambda: np.linalg.eigvalsh(correlation).min() < -ROUNDING * m,
    }
    # later ones can only be asked where the earlier hold
    found = next((what for what, is_wrong in checks.items() if is_wrong()), None)
    if found:
        raise EstimationError(
            found,
            where="max_t",
            expected=f"{m} numbers, and a positive semi-definite matrix of {m} by {m} with ones on the diagonal",
            todo="leave out what has no standard error, and take all correlations from one covariance",
        )
