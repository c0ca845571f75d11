"""Covariance between waves in which partly the same municipalities answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.shares import Shares


@dataclass(frozen=True, eq=False)
class Overlap:
    """Covariances within and between two waves.

    Attributes
    ----------
    variance_1, variance_2
        Shape (m1, m1) and (m2, m2): covariances of the shares of each wave, domain after domain.
    covariance
        Shape (m1, m2): covariances between a share of the first wave and one of the second.
    n_overlap
        Pairs of answers they rest on.
    borrowed
        Strata, "first to second" where they differ, with fewer than two pairs, which borrowed the correlation of all.
    """

    variance_1: np.ndarray
    variance_2: np.ndarray
    covariance: np.ndarray
    n_overlap: int
    borrowed: tuple[str, ...]

    @property
    def correlation(self) -> np.ndarray:
        """Shape (m1, m2): correlations between the shares, -1 to 1; 0 where one has no variance."""
        return _scaled(self.covariance, np.diag(self.variance_1), np.diag(self.variance_2))


def overlap(
    first: Shares,
    second: Shares,
    pairs: np.ndarray,
    continuing: pd.DataFrame | None = None,
    *,
    with_merged: bool = False,
) -> Overlap:
    """Estimate how the shares of two waves vary together.

    Parameters
    ----------
    first, second
        Shares of the two waves, with one target. For changes: the same items and domains in the same order.
    pairs
        Shape (n12, 2), integers: the row in the first and in the second wave of each municipality that answered both
        and stayed the same. Merged and split ones are left out: their covariance is taken as 0.
    continuing
        Municipalities of the frame that stayed the same, by size class in the first wave (index) and in the second
        (columns). Default, for waves with the same strata and N_h: all of them, each in its stratum.
    with_merged
        Allow one row in several pairs, to see how much merged municipalities could matter if they resembled their
        successors as others resemble themselves; ``continuing`` then counts these pairs too.

    Returns
    -------
    Overlap

    Raises
    ------
    EstimationError
        When targets differ, a row is not there or stands in two pairs, or the frame lacks municipalities that
        answered twice.

    Notes
    -----
    With z the linearised values, for the stratum h of the first wave and g of the second

        C = sum_hg s_hg (n_hg - N_hg f_h f_g)

    where s_hg is the covariance of z over the n_hg pairs (divisor n_hg - 1), N_hg the continuing municipalities and f
    the sampling fractions; without the second term where the target is the process. For equal strata and weights
    N_h / n_h this is W_h^2 S_12 (n_12 / (n_1 n_2) - 1 / N) (Tam 1984; Qualite & Tille 2008; Knottnerus & Van Delden
    2012 for strata that change), and with residuals for z it holds after calibration (Berger 2004). Assumes that
    given how many answered twice, which ones did is as if by chance. Between equal waves C is the variance itself.

    With fewer than two pairs in a cell s_hg is the correlation of all pairs times the spreads of the two waves.
    Stacking the waves with the municipality as a cluster and one correction is not this: it takes the sampling
    fraction of the union, and its intervals are far too short.
    """
    designs = first.design, second.design
    if designs[0].target != designs[1].target:
        raise EstimationError("two waves with different targets", expected="population twice, or process twice")
    pairs = _checked_pairs(pairs, designs, with_merged)
    frame = _continuing(designs, continuing)
    z = first.linearised(), second.linearised()
    strata = tuple(design.stratum[rows] for design, rows in zip(designs, pairs.T, strict=True))
    n_overlap = np.zeros(frame.shape, dtype=np.int64)
    np.add.at(n_overlap, strata, 1)
    _check_frame(designs, n_overlap, frame)
    chance = frame * np.outer(designs[0].sampled, designs[1].sampled)
    borrowed, weight = _borrowed(designs, n_overlap, chance)
    covariance = np.zeros((z[0].shape[1], z[1].shape[1]))
    common, squares = np.zeros_like(covariance), [np.zeros(part.shape[1]) for part in z]
    for h, g in np.argwhere(n_overlap > 1):
        at = (strata[0] == h) & (strata[1] == g)
        deviations = [part[rows[at]] for part, rows in zip(z, pairs.T, strict=True)]
        deviations = [part - part.mean(axis=0) for part in deviations]
        products = deviations[0].T @ deviations[1]
        covariance += products / (n_overlap[h, g] - 1) * (n_overlap[h, g] - chance[h, g])
        common += products
        squares = [total + (part**2).sum(axis=0) for total, part in zip(squares, deviations, strict=True)]
    if weight:
        spread = [_spread(design, part) for design, part in zip(designs, z, strict=True)]
        for (h, g), times in weight.items():
            covariance += times * _scaled(common, *squares) * np.outer(spread[0][h], spread[1][g])
    return Overlap(first.covariance(), second.covariance(), covariance, len(pairs), borrowed)


def joint_covariance(
    waves: Sequence[Shares],
    pairs: Mapping[tuple[int, int], np.ndarray],
    continuing: Mapping[tuple[int, int], pd.DataFrame] | None = None,
) -> np.ndarray:
    """Covariances between all shares of two or more waves.

    Parameters
    ----------
    waves
        The shares of each wave.
    pairs
        For places (a, b) in ``waves``, a before b: the pairs of rows, as for `overlap`. Waves without an entry are
        taken to be independent.
    continuing
        For the same keys the frame, as for `overlap`.

    Returns
    -------
    ndarray
        Shape (m, m), with m the shares of all waves together, wave after wave.

    Raises
    ------
    EstimationError
        As `overlap`, and for a key that is not a pair of waves.
    """
    ends = np.cumsum([wave.share.size for wave in waves])
    at = [slice(end - wave.share.size, end) for end, wave in zip(ends, waves, strict=True)]
    joint = np.zeros((ends[-1], ends[-1]))
    for place, wave in zip(at, waves, strict=True):
        joint[place, place] = wave.covariance()
    for (a, b), rows in pairs.items():
        if not 0 <= a < b < len(waves):
            raise EstimationError(f"pairs of waves {a} and {b}", expected=f"places 0 to {len(waves) - 1}, in order")
        between = overlap(waves[a], waves[b], rows, (continuing or {}).get((a, b))).covariance
        joint[at[a], at[b]], joint[at[b], at[a]] = between, between.T
    return joint


def _checked_pairs(pairs: np.ndarray, designs: tuple[Design, Design], with_merged: bool) -> np.ndarray:
    pairs = np.asarray(pairs, dtype=np.intp).reshape(-1, 2)
    for wave, (rows, design) in enumerate(zip(pairs.T, designs, strict=True), start=1):
        outside = (rows < 0) | (rows >= design.n)
        if outside.any():
            raise EstimationError(
                f"row {rows[outside][0]} of wave {wave}, which has {design.n} respondents", expected="rows from 0"
            )
        if not with_merged and len(np.unique(rows)) < len(rows):
            repeated = np.flatnonzero(np.bincount(rows) > 1)[0]
            raise EstimationError(
                f"row {repeated} of wave {wave} stands in two pairs",
                expected="each municipality once",
                todo="leave merged and split municipalities out, or ask with_merged to see what they could do",
            )
    return pairs


def _continuing(designs: tuple[Design, Design], given: pd.DataFrame | None) -> np.ndarray:
    """Shape (H1, H2): municipalities that stayed the same, by stratum in both waves."""
    first, second = designs
    if given is None:
        if first.labels != second.labels or not np.array_equal(first.N_h, second.N_h):
            raise EstimationError(
                "the waves have different strata or numbers of municipalities",
                todo="say in `continuing` how many municipalities stayed the same, by size class in both waves",
            )
        return np.diag(first.N_h).astype(float)
    for axis, design in ((given.index, first), (given.columns, second)):
        unknown = [label for label in map(str, axis) if label not in design.stratum_of]
        if unknown:
            raise EstimationError(
                f"continuing municipalities in stratum {unknown[0]}", expected=f"one of {', '.join(design.stratum_of)}"
            )
    table = np.zeros((len(first.labels), len(second.labels)))
    rows, columns = ([d.stratum_of[str(label)] for label in axis] for d, axis in zip(designs, given.axes, strict=True))
    np.add.at(table, np.ix_(rows, columns), given.to_numpy(dtype=float))
    return table


def _check_frame(designs: tuple[Design, Design], n_overlap: np.ndarray, frame: np.ndarray) -> None:
    excess = n_overlap > frame
    if excess.any():
        h, g = np.argwhere(excess)[0]
        raise EstimationError(
            f"{n_overlap[h, g]} pairs in {_cell(designs, h, g)}, where {frame[h, g]:g} municipalities stayed the same",
            expected="no more pairs than municipalities",
            todo="check the pairs and the frame",
        )


def _borrowed(
    designs: tuple[Design, Design], n_overlap: np.ndarray, chance: np.ndarray
) -> tuple[tuple[str, ...], dict[tuple[int, int], float]]:
    """The cells with too few pairs for a covariance of their own, and how much each weighs."""
    cells = [(int(h), int(g)) for h, g in np.argwhere((n_overlap < 2) & (n_overlap != chance))]
    labels = tuple(_cell(designs, h, g) for h, g in cells)
    return labels, {(h, g): n_overlap[h, g] - chance[h, g] for h, g in cells}


def _cell(designs: tuple[Design, Design], h: int, g: int) -> str:
    first, second = designs[0].labels[h], designs[1].labels[g]
    return first if first == second else f"{first} to {second}"


def _spread(design: Design, z: np.ndarray) -> np.ndarray:
    """Shape (H, m): standard deviations of linearised values within strata; 0 with one respondent."""
    groups = pd.DataFrame(z).groupby(design.stratum)
    return groups.std(ddof=1).fillna(0.0).to_numpy()


def _scaled(products: np.ndarray, squares_1: np.ndarray, squares_2: np.ndarray) -> np.ndarray:
    """Products over the roots of squares, between -1 and 1, and 0 where a square is."""
    scale = np.sqrt(np.outer(squares_1, squares_2))
    return np.clip(np.divide(products, scale, out=np.zeros_like(products), where=scale > 0), -1, 1)
