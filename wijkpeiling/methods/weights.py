"""Weights that make the respondents add up to what is known of all municipalities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import WEIGHT_TOLERANCE, Calibration, Design

# part of the totals by which calibrated weights may miss them
CONVERGED = 1e-12
MOST_STEPS = 100
# part of the largest singular value under which an auxiliary repeats the others
REPEATED = 1e-10


class Factors(NamedTuple):
    """The factors by which weights change, and their slopes."""

    factor: np.ndarray
    slope: np.ndarray


class Margin(NamedTuple):
    """Indicators of the groups, shape (n, groups), and the municipalities in each."""

    indicators: np.ndarray
    sizes: np.ndarray


Distance = Callable[[np.ndarray], Factors]


def poststratify(design: Design, groups: pd.Series, totals: pd.Series) -> Design:
    """Weigh the respondents of each group up to the number of municipalities in it.

    Parameters
    ----------
    design
        A design without calibration.
    groups
        Length n: the group of each respondent, none missing. Several variables crossed make one group each.
    totals
        Municipalities per group, indexed by group; they sum to N.

    Returns
    -------
    Design
        With weights that sum to ``totals``; its variances are of residuals within groups.

    Raises
    ------
    EstimationError
        When the totals do not match the frame or a group has municipalities and no respondents.

    Notes
    -----
    Calibration on the indicators of the groups, which has one solution: within a group weights change by one
    factor (Sarndal, Swensson & Wretman 1992, section 7.6). Not for groups of fewer than about five respondents.
    """
    return _calibrated(design, *_margin(design, groups, totals), _linear, f"post-stratified on {groups.name}")


def rake(design: Design, margins: pd.DataFrame, totals: Mapping[str, pd.Series]) -> Design:
    """Weigh the respondents up to several margins at once.

    Parameters
    ----------
    design
        A design without calibration.
    margins
        A row for each respondent and a column for each margin, none missing.
    totals
        For each column the municipalities per value; each sums to N.

    Returns
    -------
    Design
        With weights above 0 that meet every margin.

    Raises
    ------
    EstimationError
        When the margins do not match the frame, or no weights above 0 meet all of them.

    Notes
    -----
    Exponential distance, solved by Newton's method: the limit of iterative proportional fitting (Deville, Sarndal &
    Sautory 1993). The variance is that of residuals from the regression on the margins with the starting weights.
    Not for margins with nearly empty cells: weights grow without bound; use `calibrate` with ``bounds``.
    """
    missing = [name for name in margins if name not in totals]
    if missing or len(totals) != len(margins.columns):
        raise EstimationError(
            f"margins {', '.join(margins)}, totals {', '.join(totals)}", expected="totals for each margin"
        )
    parts = [_margin(design, margins[name], totals[name]) for name in margins]
    auxiliary = np.column_stack([indicators for indicators, _ in parts])
    known = np.concatenate([sizes for _, sizes in parts])
    return _calibrated(design, auxiliary, known, _exponential, f"raked to {', '.join(margins)}")


def calibrate(
    design: Design,
    auxiliary: pd.DataFrame,
    totals: pd.Series,
    *,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
) -> Design:
    """Weigh the respondents up to known totals of numbers, such as inhabitants.

    Parameters
    ----------
    design
        A design without calibration.
    auxiliary
        A row for each respondent, numeric columns, none missing. The constant is added: weights also sum to N.
    totals
        The total of each column over all municipalities, indexed by column.
    method
        ``linear`` (generalised regression), ``truncated`` or ``logit`` (both within ``bounds``).
    bounds
        Least and largest factor by which a weight may change, around 1; for ``truncated`` and ``logit``.

    Returns
    -------
    Design
        With weights above 0 that meet the totals.

    Raises
    ------
    EstimationError
        When names or values do not fit, a weight would be 0 or less, or no weights within the bounds meet the totals.

    Notes
    -----
    Deville & Sarndal (1992), their cases 1, 7 and 6. The linearised value is the calibrated weight times the
    residual of the regression on the auxiliaries with the starting weights, whatever the distance: weights are not
    fixed numbers. Not for more auxiliaries than about a tenth of the respondents.
    """
    distance = _distance(method, bounds)
    if list(auxiliary.columns) != list(totals.index):
        raise EstimationError(
            f"auxiliaries {', '.join(map(str, auxiliary.columns))}, totals {', '.join(map(str, totals.index))}",
            expected="a total for each auxiliary, in the same order",
        )
    values = auxiliary.to_numpy(dtype=float, na_value=np.nan)
    _check_length(design, len(values))
    wrong = ~np.isfinite(values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise EstimationError(
            f"respondent {row + 1} has no {auxiliary.columns[column]}",
            expected="a number for each respondent",
            todo="fill it in from the frame: auxiliaries are known for every municipality",
        )
    values = np.column_stack([np.ones(design.n), values])
    known = np.append(float(design.N), totals.to_numpy(dtype=float))
    return _calibrated(design, values, known, distance, f"calibrated ({method}) on {', '.join(auxiliary)}")


def _margin(design: Design, groups: pd.Series, totals: pd.Series) -> Margin:
    _check_length(design, len(groups))
    if not totals.index.is_unique:
        label = totals.index[totals.index.duplicated()][0]
        raise EstimationError(
            f"{groups.name}: {label} has more than one total", expected="one total for each", todo="merge its rows"
        )
    sizes = totals.to_numpy(dtype=float)
    if not abs(sizes.sum() - design.N) <= WEIGHT_TOLERANCE * design.N:
        raise EstimationError(
            f"the totals of {groups.name} sum to {sizes.sum():g}",
            expected=f"the number of municipalities, {design.N}",
            todo="take the totals from the frame of the same year",
        )
    labels = totals.index.astype(str)
    codes = labels.get_indexer(groups.astype("string"))
    if (codes < 0).any():
        raise EstimationError(
            f"{groups.name}: {groups.iloc[(codes < 0).argmax()]!r} has no total", expected="one of " + ", ".join(labels)
        )
    n_group = np.bincount(codes, minlength=len(labels))
    unmatched = (n_group == 0) & (sizes > 0) | (n_group > 0) & (sizes <= 0)
    if unmatched.any():
        g = unmatched.argmax()
        raise EstimationError(
            f"{groups.name} {labels[g]}: {n_group[g]} respondents, {sizes[g]:g} municipalities",
            expected="respondents where there are municipalities, and only there",
            todo="merge the group with another",
        )
    if (n_group > sizes).any():
        g = (n_group > sizes).argmax()
        raise EstimationError(
            f"{groups.name} {labels[g]}: {n_group[g]} respondents, {sizes[g]:g} municipalities",
            expected="no more respondents than municipalities",
            todo="correct the totals, or the groups of the respondents",
        )
    present = np.flatnonzero(n_group)
    return Margin((codes[:, None] == present).astype(float), sizes[present])


def _check_length(design: Design, rows: int) -> None:
    if rows != design.n:
        raise EstimationError(f"{rows} rows for {design.n} respondents", expected="the rows of the design, in order")


def _calibrated(design: Design, values: np.ndarray, totals: np.ndarray, distance: Distance, note: str) -> Design:
    if design.calibration is not None:
        raise EstimationError("the design is calibrated already", todo="put all that is known in one calibration")
    columns = [design.group, *values.T]
    group = pd.DataFrame(dict(enumerate(columns))).groupby(list(range(len(columns))), sort=False).ngroup().to_numpy()
    size = np.bincount(group)
    first = np.empty(len(size), dtype=np.intp)
    first[group[::-1]] = np.arange(design.n)[::-1]
    start = design.weights[first]
    # columns that are orthonormal under the starting weights: rank is plain to see, and Newton starts at the identity
    root = np.sqrt(size * start)[:, None]
    left, singular, right = np.linalg.svd(root * values[first], full_matrices=False)
    rank = int((singular > REPEATED * singular[0]).sum())
    auxiliary, right = left[:, :rank] / root, right[:rank]
    if np.abs(totals - right.T @ (right @ totals)).max() > WEIGHT_TOLERANCE * np.abs(totals).max():
        raise EstimationError(
            "the totals contradict each other", todo="check that auxiliaries that add up have totals that do"
        )
    factor = _solve(auxiliary, size * start, right @ totals / singular[:rank], distance)
    if factor.min() <= 0:
        raise EstimationError(
            f"a weight would be {(factor * start).min():.3g}",
            expected="above 0",
            todo="rake, or calibrate within bounds",
        )
    return replace(
        design,
        group=group,
        group_stratum=design.stratum[first],
        group_weight=factor * start,
        calibration=Calibration(auxiliary, start),
        notes=(*design.notes, note),
    )


def _solve(auxiliary: np.ndarray, mass: np.ndarray, totals: np.ndarray, distance: Distance) -> np.ndarray:
    """The factors F(A lambda) with A' (mass F) = totals, by Newton's method with halved steps."""
    multiplier, step = np.zeros(auxiliary.shape[1]), None
    best = np.inf
    for _ in range(MOST_STEPS):
        with np.errstate(over="ignore", invalid="ignore"):
            factor, slope = distance(auxiliary @ multiplier)
            gap = totals - auxiliary.T @ (mass * factor)
        miss = np.abs(gap).max() / np.abs(totals).max()
        if miss <= CONVERGED:
            return factor
        if step is not None and not miss < best:
            step = step / 2
            multiplier = multiplier - step
            continue
        best = miss
        hessian = auxiliary.T @ ((mass * slope)[:, None] * auxiliary)
        step = np.linalg.lstsq(hessian, gap, rcond=None)[0]
        multiplier = multiplier + step
    raise EstimationError(
        f"no weights found that meet the totals: after {MOST_STEPS} steps they miss by {best:.1%}",
        expected="totals that these respondents can be weighed up to",
        todo="merge small groups, drop a margin, or widen the bounds",
    )


def _distance(method: str, bounds: tuple[float, float] | None) -> Distance:
    if method == "linear" and bounds is None:
        return _linear
    if method not in ("truncated", "logit") or bounds is None or not 0 <= bounds[0] < 1 < bounds[1] < np.inf:
        raise EstimationError(
            f"method {method!r} with bounds {bounds}",
            expected="linear without bounds; truncated or logit with 0 <= low < 1 < high",
        )
    low, high = bounds
    if method == "truncated":
        return lambda u: Factors(np.clip(1 + u, low, high), ((1 + u > low) & (1 + u < high)).astype(float))
    scale = (high - low) / ((1 - low) * (high - 1))

    def logit(u: np.ndarray) -> Factors:
        # the share of the way from low to high, which is (1 - low) / (high - low) at u = 0
        share = 1 / (1 + (high - 1) / (1 - low) * np.exp(-scale * u))
        return Factors(low + (high - low) * share, (high - low) * scale * share * (1 - share))

    return logit


def _linear(u: np.ndarray) -> Factors:
    return Factors(1 + u, np.ones_like(u))


def _exponential(u: np.ndarray) -> Factors:
    factor = np.exp(u)
    return Factors(factor, factor)
