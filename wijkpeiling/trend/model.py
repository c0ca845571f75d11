"""The trend of a share over three or more waves."""

import warnings
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.special import fdtrc, stdtrit

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.disclosure import whole
from wijkpeiling.trend.conclusions import ALPHA


@dataclass(frozen=True)
class Trend:
    """A fitted trend.

    Attributes
    ----------
    waves
        Years, shape (T,).
    predicted, predicted_low, predicted_high
        Shares along the straight line on the logit scale, with their 95 percent band; shape (T,), 0-1.
    differences, differences_se
        Average predicted difference of each wave from the baseline, from the fit with a term for each wave; shape (T,),
        0 at the baseline.
    slope, slope_low, slope_high, slope_p
        Average predicted change per year along the line, on the scale -1 to 1; 95 percent interval; Wald test.
    equal_p
        Wald test that all waves are equal.
    straight_p
        Wald test that the straight line fits.
    is_straight, is_rounded
        Whether that test leaves the line standing; whether it is told in whole points only, to protect respondents.
    """

    waves: np.ndarray
    baseline: int
    predicted: np.ndarray
    predicted_low: np.ndarray
    predicted_high: np.ndarray
    differences: np.ndarray
    differences_se: np.ndarray
    slope: float
    slope_low: float
    slope_high: float
    slope_p: float
    equal_p: float
    straight_p: float
    is_straight: bool
    is_rounded: bool = False


def fit_trend(waves: list[int], shares: np.ndarray, covariance: np.ndarray, baseline: int, df: float = np.inf) -> Trend:
    """Fit the trend of a share over waves of a finite population.

    Parameters
    ----------
    waves
        Years, at least three, with the baseline among them; shape (T,).
    shares
        Shape (T,), above 0 and below 1.
    covariance
        Of the shares around those of their populations, shape (T, T): the finite-population variances, with rounding,
        on the diagonal and the covariance of overlapping waves beside it.
    baseline
        The wave that the others are contrasted with.
    df
        Degrees of freedom of ``covariance``: respondents minus strata; infinite for published figures.

    Raises
    ------
    EstimationError
        For fewer than three waves, a baseline that is not among them, a share of 0 or 1, which has no logit, a df
        below the number of waves less one, or a covariance that is not positive definite, as with a census.

    Notes
    -----
    A binomial GLM by statsmodels with weights p(1 - p) / V, so that the variance function times the dispersion 1 - f is
    the design's; the covariance of its coefficients is the sandwich A^-1 B A^-1, B from ``covariance`` (Binder 1983).
    Tests of q terms are Wald's: F with q and df - q + 1 degrees of freedom (Korn & Graubard 1990), or chi-square.
    With a term for each wave the fit is saturated, and its differences and standard errors are those of the shares
    themselves. With three or four waves a straight line is a summary; ``straight_p`` says whether it is a fair one.
    """
    _check(waves, shares, baseline)
    _check_covariance(covariance, df)
    years = np.asarray(waves, dtype=float)
    each_wave = np.column_stack([np.ones(len(waves)), *(years == wave for wave in waves if wave != baseline)]).astype(
        float
    )
    line = np.column_stack([np.ones(len(waves)), years - baseline])
    fit_waves, cov_waves = _fit(shares, covariance, each_wave)
    fit_line, cov_line = _fit(shares, covariance, line)

    gradient = _gradient(fit_waves, each_wave)
    at_baseline = waves.index(baseline)
    difference = gradient - gradient[at_baseline]
    differences_se = np.sqrt(np.einsum("ti,ij,tj->t", difference, cov_waves, difference))

    eta = line @ fit_line.params
    eta_se = np.sqrt(np.einsum("ti,ij,tj->t", line, cov_line, line))
    slope, slope_se = _average_slope(fit_line.params, cov_line, line)
    z = float(stdtrit(df, 0.975)) if np.isfinite(df) else NormalDist().inv_cdf(0.975)
    terms = np.eye(len(waves))[1:]
    straight_p = _wald(fit_waves, cov_waves, _departures(each_wave, years - baseline), df)
    return Trend(
        waves=np.asarray(waves),
        baseline=baseline,
        predicted=_expit(eta),
        predicted_low=_expit(eta - z * eta_se),
        predicted_high=_expit(eta + z * eta_se),
        differences=_predict(fit_waves, each_wave) - _predict(fit_waves, each_wave)[at_baseline],
        differences_se=differences_se,
        slope=slope,
        slope_low=slope - z * slope_se,
        slope_high=slope + z * slope_se,
        slope_p=_wald(fit_line, cov_line, np.array([[0.0, 1.0]]), df),
        equal_p=_wald(fit_waves, cov_waves, terms, df),
        straight_p=straight_p,
        is_straight=bool(straight_p >= ALPHA),
    )


def rounded(trend: Trend) -> Trend:
    """The trend of a protected concept: whole points, without errors and p-values."""
    shares = ("predicted", "predicted_low", "predicted_high", "differences")
    told: dict[str, Any] = {name: np.array([whole(value) for value in getattr(trend, name)]) for name in shares}
    told |= {name: whole(getattr(trend, name)) for name in ("slope", "slope_low", "slope_high")}
    told |= dict.fromkeys(("slope_p", "equal_p", "straight_p"), np.nan)
    return replace(trend, **told, differences_se=np.full(len(trend.waves), np.nan), is_rounded=True)


def _check(waves: list[int], shares: np.ndarray, baseline: int) -> None:
    if len(waves) < 3:
        raise EstimationError(
            f"a trend over {len(waves)} waves",
            expected="three or more waves with a share",
            todo="compare the two waves instead",
        )
    if baseline not in waves:
        raise EstimationError(
            f"baseline {baseline} has no share to set the trend against",
            expected="one of " + ", ".join(map(str, waves)),
            todo="choose another baseline, or add its figure to published.csv",
        )
    if not ((shares > 0) & (shares < 1)).all():
        raise EstimationError(
            "a share of 0 or 1 has no logit", expected="shares between 0 and 1", todo="compare the waves one by one"
        )


def _check_covariance(covariance: np.ndarray, df: float) -> None:
    needed = len(covariance) - 1
    if not df >= needed:
        raise EstimationError(
            f"{df:g} degrees of freedom for {len(covariance)} waves",
            expected=f"{needed} or more",
            todo="compare the waves one by one, or merge strata",
        )
    if not (np.isfinite(covariance).all() and np.linalg.eigvalsh(covariance).min() > 0):
        raise EstimationError(
            "the covariance of the waves is not positive definite",
            expected="a variance above 0 for each wave, and overlaps that can be together",
            todo="compare the waves one by one, and check the overlaps in wave.yml",
        )


def _fit(shares: np.ndarray, covariance: np.ndarray, exog: np.ndarray) -> tuple[Any, np.ndarray]:
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    weights = shares * (1 - shares) / np.diag(covariance)
    with warnings.catch_warnings():
        # a term for each wave fits perfectly, as it should: the covariance comes from the design, not from residuals
        warnings.simplefilter("ignore")
        fit = GLM(shares, exog, family=Binomial(), var_weights=weights).fit(scale=1.0, tol=1e-12)
    mean = fit.fittedvalues
    bread = np.linalg.inv(exog.T @ (exog * (weights * mean * (1 - mean))[:, None]))
    scores = exog * weights[:, None]
    return fit, bread @ scores.T @ covariance @ scores @ bread


def _departures(exog: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Contrasts of the wave terms that are all 0 when the logits lie on one line; shape (T - 2, T)."""
    line = np.column_stack([np.ones_like(years), years])
    off_line = np.linalg.svd(line.T)[2][2:]
    return off_line @ exog


def _wald(fit: Any, covariance: np.ndarray, contrasts: np.ndarray, df: float) -> float:
    """p-value of the test that ``contrasts``, shape (q, parameters), are 0."""
    test = fit.wald_test(contrasts, cov_p=covariance, scalar=True, use_f=False)
    q = len(contrasts)
    if not np.isfinite(df):
        return float(test.pvalue)
    # the Wald statistic over q, brought to F's scale
    denominator = df - q + 1
    return float(fdtrc(q, denominator, float(test.statistic) / q * denominator / df))


def _average_slope(params: np.ndarray, covariance: np.ndarray, line: np.ndarray) -> tuple[float, float]:
    mean = _expit(line @ params)
    spread = mean * (1 - mean)
    slope = float(np.mean(spread) * params[1])
    bend = spread * (1 - 2 * mean)
    gradient = np.array([np.mean(bend) * params[1], np.mean(bend * line[:, 1]) * params[1] + np.mean(spread)])
    return slope, float(np.sqrt(gradient @ covariance @ gradient))


def _predict(fit: Any, exog: np.ndarray) -> np.ndarray:
    return _expit(exog @ fit.params)


def _gradient(fit: Any, exog: np.ndarray) -> np.ndarray:
    mean = _predict(fit, exog)
    return exog * (mean * (1 - mean))[:, None]


def _expit(eta: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-eta))
