"""Replicate weights: the jackknife and the bootstrap of a sample without replacement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.cells import MISSING
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.shares import Shares


@dataclass(frozen=True, eq=False)
class Replicates:
    """Sets of weights whose spread shows the sampling error.

    Attributes
    ----------
    weights
        Shape (R, n): a set of weights on each row.
    scale
        Shape (R,): what the squared deviation of a replicate counts for; R's ``scale * rscales``.
    """

    weights: np.ndarray
    scale: np.ndarray

    def shares(self, result: Shares) -> np.ndarray:
        """Shape (R, D, k): the shares under each set of weights, by two matrix products.

        Not a number where a set of weights leaves nobody who answered in a domain.
        """
        inside = result.cells.member[result.cells.of][:, :, None]
        codes = result.codes.T[:, None, :]
        yes, answered = (
            (self.weights @ (inside & kept).reshape(len(inside), -1).astype(float))
            for kept in (codes == 1, codes != MISSING)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            return (yes / answered).reshape(-1, *result.share.shape)

    def variance(self, result: Shares) -> np.ndarray:
        """Shape (D, k): sum over replicates of scale times the squared deviation from the full share.

        Not a number where a replicate has nobody of a domain left: such a domain is too small to replicate.
        """
        return np.tensordot(self.scale, (self.shares(result) - result.share) ** 2, axes=1)


def jackknife(design: Design) -> Replicates:
    """Leave out one respondent at a time, within strata.

    Parameters
    ----------
    design
        A design without calibration or lonely strata, of at most some thousands of respondents.

    Returns
    -------
    Replicates
        One set of weights for each respondent; those of a stratum taken whole count for nothing.

    Raises
    ------
    EstimationError
        For a calibrated design or a lonely stratum.

    Notes
    -----
    The other respondents of stratum h get the weight times n_h / (n_h - 1), and the squared deviation from the full
    estimate counts (1 - f_h)(n_h - 1) / n_h (Wolter 2007, chapter 4): R's JKn with ``mse = TRUE``. Not for medians.
    """
    _check_replicable(design)
    h = design.stratum
    grown = np.divide(design.n_h, design.n_h - 1, out=np.ones(len(design.n_h)), where=design.n_h > 1)
    factor = np.where(h[:, None] == h, grown[h], 1.0)
    # the only respondent of a stratum taken whole stays
    np.fill_diagonal(factor, np.where(design.n_h[h] > 1, 0.0, 1.0))
    return Replicates(factor * design.weights, ((1 - design.sampled) / grown)[h])


def bootstrap(design: Design, replicates: int = 1000, *, seed: int) -> Replicates:
    """Draw half of each stratum again and again, without replacement, and rescale.

    Parameters
    ----------
    design
        A design without calibration or lonely strata.
    replicates
        Sets of weights, 2 or more; 1,000 for a standard error, 10,000 for percentiles.
    seed
        Seed of the random numbers: the same seed gives the same weights.

    Returns
    -------
    Replicates
        With weights of 0 or more and equal scale.

    Raises
    ------
    EstimationError
        For a calibrated design, a lonely stratum or fewer than two replicates.

    Notes
    -----
    m = floor(n_h / 2) are drawn from the n_h without replacement and weigh w (1 - l + l n_h / m), the others w (1 - l),
    with l = sqrt(m (1 - f_h) / (n_h - m)) (Chipperfield & Preston 2007; Preston 2009, one stage). The variance of a
    total over the draws is the usual one with the finite-population correction; a stratum taken whole does not vary.
    The bootstrap with replacement and no correction overstates a standard error by 58% at f = .6.
    """
    _check_replicable(design)
    if replicates < 2:
        raise EstimationError(f"{replicates} replicates", expected="2 or more")
    random = np.random.default_rng(seed)
    factor = np.ones((replicates, design.n))
    for h, (n, sampled) in enumerate(zip(design.n_h, design.sampled, strict=True)):
        if sampled == 1:
            continue
        half = n // 2
        shrink = np.sqrt(half * (1 - sampled) / (n - half))
        order = random.random((replicates, n)).argpartition(half, axis=1)
        drawn = np.zeros((replicates, n))
        np.put_along_axis(drawn, order[:, :half], n / half, axis=1)
        factor[:, design.stratum == h] = 1 - shrink + shrink * drawn
    return Replicates(factor * design.weights, np.full(replicates, 1 / replicates))


def _check_replicable(design: Design) -> None:
    if design.calibration is not None:
        raise EstimationError(
            "replicates of a calibrated design",
            expected="a design without calibration",
            todo="use the linearised variance, which accounts for the calibration",
        )
    if design.is_lonely.any():
        raise EstimationError(
            f"stratum {design.labels[design.is_lonely.argmax()]} has one respondent",
            expected="two or more, or all of the stratum",
            todo="make the design with lonely='collapse'",
        )
