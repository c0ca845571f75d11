"""The trend of a share over three or more waves."""

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.special import expit, stdtrit

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.disclosure import whole
from wijkpeiling.trend.conclusions import ALPHA
from wijkpeiling.trend.fit import (
    Bounds,
    average_slope,
    departures,
    errors,
    fit_terms,
    gradient,
    largest_p,
    predict,
    slope_within,
    wald,
)

RANGE = ("slope_range_low", "slope_range_high", "slope_range_p", "equal_range_p", "straight_range_p")


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
    slope_range_low, slope_range_high, slope_range_p, equal_range_p, straight_range_p
        The same with the least favourable of all possible overlaps and persistence; None from answers, which know both.
    equal_p
        Wald test that all waves are equal.
    straight_p
        Wald test that the straight line fits.
    is_straight, is_rounded
        Whether that test leaves the line standing, over the range where there is one; whether the trend is told in
        whole points only, to protect respondents.
    left_out
        Years that asked something else than the baseline.
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
    is_straight: bool | None
    is_rounded: bool = False
    slope_range_low: float | None = None
    slope_range_high: float | None = None
    slope_range_p: float | None = None
    equal_range_p: float | None = None
    straight_range_p: float | None = None
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True)
class NoTrend:
    """Why there is no trend, where there are waves enough.

    Attributes
    ----------
    reason
        ``everybody`` or ``nobody``: in ``waves`` all answers are the same, and such a share has no logit;
        ``not_comparable``: without ``waves``, which asked something else than the baseline, there are fewer than three.
    """

    reason: str
    waves: tuple[int, ...]


def fit_trend(
    waves: list[int],
    shares: np.ndarray,
    covariance: np.ndarray,
    baseline: int,
    df: float = np.inf,
    possible: Bounds | None = None,
) -> Trend:
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
    possible
        Covariances between the waves that the range allows for; without them there is no range.

    Raises
    ------
    EstimationError
        For fewer than three waves, a baseline that is not among them, a share of 0 or 1, which has no logit, a df
        below the number of waves less one, or a covariance that is not positive definite, censuses left aside.

    Notes
    -----
    A binomial GLM by statsmodels with weights p(1 - p) / V, so that the variance function times the dispersion 1 - f is
    the design's; the covariance of its coefficients is the sandwich A^-1 B A^-1, B from ``covariance`` (Binder 1983).
    Tests of q terms are Wald's: F with q and df - q + 1 degrees of freedom (Korn & Graubard 1990), or chi-square.
    With a term for each wave the fit is saturated, and its differences and standard errors are those of the shares
    themselves. With three or four waves a straight line is a summary; ``straight_p`` says whether it is a fair one.

    **Range.** The slope is to first order sum a_t p_t, with variance sum a_t a_u C_tu: linear in every covariance, and
    largest with the highest covariance where a_t a_u > 0 and the lowest elsewhere. These ends need not be possible
    together; then it is too large, never too small. The tests of several terms take the one combination of them that
    is furthest from 0, so judged.

    **Census.** Its variance is 0. In the weights alone it counts as the most precise of the others, so that the line
    does not run through it whatever they say; all errors are those of ``covariance``. What is known without error
    differs or does not: a p-value of 0 or 1.
    """
    _check(waves, shares, baseline)
    _check_covariance(covariance, df)
    years = np.asarray(waves, dtype=float)
    contrasts = [years == wave for wave in waves if wave != baseline]
    each = fit_terms(shares, covariance, np.column_stack([np.ones(len(waves)), *contrasts]).astype(float))
    line = fit_terms(shares, covariance, np.column_stack([np.ones(len(waves)), years - baseline]))

    at_wave = gradient(each)
    at_baseline = waves.index(baseline)
    z = float(stdtrit(df, 0.975)) if np.isfinite(df) else NormalDist().inv_cdf(0.975)
    eta = line.exog @ line.params
    half = z * errors(line.exog, line.covariance)
    slope = average_slope(line).slope
    low, high, p = slope_within(line, Bounds(covariance, covariance), z, df)
    off_line, equal = departures(each.exog, years - baseline), np.eye(len(waves))[1:]
    straight_p = wald(each, off_line, df)
    outer: dict[str, Any] = {}
    if possible:
        outer = dict(zip(RANGE[:3], slope_within(line, possible, z, df), strict=True))
        outer |= {
            "equal_range_p": largest_p(each, equal, possible, df),
            "straight_range_p": largest_p(each, off_line, possible, df),
        }
    return Trend(
        waves=np.asarray(waves),
        baseline=baseline,
        predicted=expit(eta),
        predicted_low=expit(eta - half),
        predicted_high=expit(eta + half),
        differences=predict(each) - predict(each)[at_baseline],
        differences_se=errors(at_wave - at_wave[at_baseline], each.covariance),
        slope=slope,
        slope_low=low,
        slope_high=high,
        slope_p=p,
        equal_p=wald(each, equal, df),
        straight_p=straight_p,
        is_straight=bool(outer.get("straight_range_p", straight_p) >= ALPHA),
        **outer,
    )


def without_logit(waves: list[int], shares: np.ndarray) -> NoTrend | None:
    """Why shares have no trend: everybody or nobody in some waves; None where they can have one."""
    for reason, share in (("everybody", 1), ("nobody", 0)):
        at = tuple(wave for wave, is_all in zip(waves, shares == share, strict=True) if is_all)
        if at:
            return NoTrend(reason, at)
    return None


def rounded(trend: Trend) -> Trend:
    """The trend of a protected concept: whole points, without errors and p-values; of interval and range the range."""
    shares = ("predicted", "predicted_low", "predicted_high", "differences")
    told: dict[str, Any] = {name: np.array([whole(value) for value in getattr(trend, name)]) for name in shares}
    told |= {name: whole(getattr(trend, name)) for name in ("slope", "slope_low", "slope_high")}
    if trend.slope_range_low is not None and trend.slope_range_high is not None:
        told |= {"slope_low": whole(trend.slope_range_low), "slope_high": whole(trend.slope_range_high)}
    told |= dict.fromkeys(RANGE)
    told |= dict.fromkeys(("slope_p", "equal_p", "straight_p"), np.nan)
    nothing = np.full(len(trend.waves), np.nan)
    # whether the line is a fair summary follows from a p-value: not told
    return replace(trend, **told, differences_se=nothing, is_straight=None, is_rounded=True)


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
    varies = np.diag(covariance) != 0
    others = covariance[np.ix_(varies, varies)]
    is_definite = not varies.any() or (np.isfinite(covariance).all() and np.linalg.eigvalsh(others).min() > 0)
    # what does not vary, goes together with nothing
    if not is_definite or covariance[~varies].any():
        raise EstimationError(
            "the covariance of the waves is not positive definite",
            expected="a variance for each wave, 0 for a census alone, and overlaps that can be together",
            todo="compare the waves one by one, and check the overlaps in wave.yml",
        )
