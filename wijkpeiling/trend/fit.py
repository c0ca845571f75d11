"""Binomial fits with the covariance of the design, and Wald tests over all covariances that can be."""

import warnings
from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc, expit, fdtrc

# as part of the largest variance, or as a difference of logits: rounding of the computer
NO_ERROR = 1e-10


class Bounds(NamedTuple):
    """Lowest and highest covariance of each pair of waves, shape (T, T); the variances on both diagonals."""

    lowest: np.ndarray
    highest: np.ndarray


class Fit(NamedTuple):
    """Coefficients, their covariance, the terms, and what each wave's share adds to each coefficient."""

    params: np.ndarray
    covariance: np.ndarray
    exog: np.ndarray
    influence: np.ndarray


class Slope(NamedTuple):
    """The average slope on the scale of shares, and its gradient in the coefficients."""

    slope: float
    gradient: np.ndarray


class SlopeLimits(NamedTuple):
    """Interval of the average slope, and the p-value of its test."""

    low: float
    high: float
    p: float


def fit_terms(shares: np.ndarray, covariance: np.ndarray, exog: np.ndarray) -> Fit:
    """Binomial GLM of shares on the terms ``exog``, weighted by p(1 - p) over the variance; the sandwich covariance."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    variance = np.diag(covariance)
    smallest = variance[variance > 0].min() if variance.any() else 1.0
    weights = shares * (1 - shares) / np.where(variance > 0, variance, smallest)
    with warnings.catch_warnings():
        # a term for each wave fits perfectly, as it should: the covariance comes from the design, not from residuals
        warnings.simplefilter("ignore")
        fit = GLM(shares, exog, family=Binomial(), var_weights=weights).fit(scale=1.0, tol=1e-12)
    mean = fit.fittedvalues
    bread = np.linalg.inv(exog.T @ (exog * (weights * mean * (1 - mean))[:, None]))
    influence = bread @ (exog * weights[:, None]).T
    return Fit(np.asarray(fit.params), influence @ covariance @ influence.T, exog, influence)


def departures(exog: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Contrasts of the wave terms that are all 0 when the logits lie on one line; shape (T - 2, T)."""
    line = np.column_stack([np.ones_like(years), years])
    off_line = np.linalg.svd(line.T)[2][2:]
    return off_line @ exog


def wald(fit: Fit, contrasts: np.ndarray, df: float) -> float:
    """p-value of the test that ``contrasts``, shape (q, parameters), are 0."""
    return _p_value(contrasts @ fit.params, contrasts @ fit.covariance @ contrasts.T, df)


def _p_value(estimate: np.ndarray, covariance: np.ndarray, df: float) -> float:
    """Of the test that ``estimate``, shape (q,), is 0; what is known without error needs no test."""
    spread, directions = np.linalg.eigh(covariance)
    known = spread <= NO_ERROR * spread.max()
    along = directions.T @ estimate
    if (np.abs(along[known]) > NO_ERROR).any():
        return 0.0
    q = int((~known).sum())
    if q == 0:
        return 1.0
    return _p_of(float((along[~known] ** 2 / spread[~known]).sum()), q, df)


def _p_of(statistic: float, q: int, df: float) -> float:
    if not np.isfinite(df):
        return float(chdtrc(q, statistic))
    # the Wald statistic over q, brought to F's scale
    denominator = df - q + 1
    return float(fdtrc(q, denominator, statistic / q * denominator / df))


def slope_within(line: Fit, bounds: Bounds, z: float, df: float) -> SlopeLimits:
    """Interval and p-value of the average slope, with the least favourable covariances within the bounds."""
    slope, gradient = average_slope(line)
    half = z * _largest_variance(gradient @ line.influence, bounds) ** 0.5
    of_coefficient = _largest_variance(line.influence[1], bounds)
    p = _p_value(line.params[1:], np.array([[of_coefficient]]), df)
    return SlopeLimits(slope - half, slope + half, p)


def _largest_variance(coefficients: np.ndarray, bounds: Bounds) -> float:
    """Largest variance of a sum of shares times ``coefficients``: each pair at the end that its signs ask for."""
    products = np.outer(coefficients, coefficients)
    return max(float((products * np.where(products > 0, bounds.highest, bounds.lowest)).sum()), 0.0)


def largest_p(fit: Fit, contrasts: np.ndarray, bounds: Bounds, df: float) -> float:
    """p-value of the Wald test of `wald` with the least favourable covariances within the bounds.

    The Wald statistic is that of the one combination of the contrasts which is furthest from 0 in its own errors. Any
    combination has a least favourable variance; the furthest one then gives a statistic that no covariance goes below.
    """
    from scipy.optimize import minimize

    estimate, influence = contrasts @ fit.params, contrasts @ fit.influence
    if not np.abs(estimate).max() > NO_ERROR:
        return 1.0

    def loss(combination: np.ndarray) -> float:
        variance = _largest_variance(combination @ influence, bounds)
        distance = (combination @ estimate) ** 2
        return -distance / variance if variance > 0 else -np.inf if distance > 0 else 0.0

    start = np.linalg.pinv(contrasts @ fit.covariance @ contrasts.T) @ estimate
    best = minimize(loss, start / np.abs(start).max(), method="Nelder-Mead") if start.any() else None
    statistic = -best.fun if best is not None else np.inf
    return _p_of(float(statistic), len(contrasts), df)


def average_slope(line: Fit) -> Slope:
    """The mean over the waves of what a year adds to the share."""
    mean = predict(line)
    spread = mean * (1 - mean)
    change = line.params[1]
    bend = spread * (1 - 2 * mean)
    gradient = np.array([np.mean(bend) * change, np.mean(bend * line.exog[:, 1]) * change + np.mean(spread)])
    return Slope(float(np.mean(spread) * change), gradient)


def errors(terms: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Standard errors of ``terms`` times the coefficients."""
    return np.sqrt(np.maximum(np.einsum("ti,ij,tj->t", terms, covariance, terms), 0))


def predict(fit: Fit) -> np.ndarray:
    """Share of each wave."""
    return expit(fit.exog @ fit.params)


def gradient(fit: Fit) -> np.ndarray:
    """Of the shares of `predict` in the coefficients; shape (T, parameters)."""
    mean = predict(fit)
    return fit.exog * (mean * (1 - mean))[:, None]
