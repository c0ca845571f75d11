"""Counts of respondents whom nothing tells apart, and variances made of these: the way of large files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.domains import OVERALL

MISSING = -1
# rows counted at once: they stay in the cache, and single precision holds their number exactly
COUNTED_AT_ONCE = 1 << 14


@dataclass(frozen=True, eq=False)
class Cells:
    """Respondents that neither the design nor the domains can tell apart, counted.

    Attributes
    ----------
    domains
        (domain, value) pairs, of which the first is ``OVERALL``.
    of
        Shape (n,): the cell of each respondent.
    stratum, weight, start
        Shape (C,): the stratum, the weight, and the weight before calibration.
    auxiliary
        Shape (C, r): what the design was calibrated on; r is 0 where it was not.
    member
        Shape (C, D): whether the cell belongs to a domain.
    size
        Shape (C,): respondents.
    yes, answered
        Shape (C, k): respondents who said yes, and who answered.
    """

    domains: tuple[tuple[str, str], ...]
    of: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray
    start: np.ndarray
    auxiliary: np.ndarray
    member: np.ndarray
    size: np.ndarray
    yes: np.ndarray
    answered: np.ndarray

    def coefficients(self, share: np.ndarray, answered_weight: np.ndarray) -> np.ndarray:
        """Shape (r, D, k): the regression of 1_d r (y - p) / sum w r on the auxiliaries, with the starting weights."""
        inside = (self.start[:, None] * self.auxiliary).T[:, None, :] * self.member.T
        slopes = inside @ self.yes - share * (inside @ self.answered)
        return np.divide(slopes, answered_weight, out=np.zeros_like(slopes), where=answered_weight > 0)


def answer_codes(items: pd.DataFrame, n: int) -> np.ndarray:
    """Shape (k, n): the answers as 1 yes, 0 no, -1 missing.

    Raises
    ------
    EstimationError
        When there are not ``n`` rows, or a value is not yes, no or missing.
    """
    if len(items) != n:
        raise EstimationError(f"{len(items)} rows of answers for {n} respondents", expected="the rows of the design")
    if set(items.dtypes) != {pd.BooleanDtype()}:
        items = pd.DataFrame({name: _answers(column, name) for name, column in items.items()})
    return items.to_numpy(np.int8, na_value=MISSING).T


def count_cells(design: Design, domains: pd.DataFrame | None, base: np.ndarray | None, codes: np.ndarray) -> Cells:
    """Put the respondents of a design together and count their answers.

    Parameters
    ----------
    design, domains, base
        As for `shares.shares`.
    codes
        Shape (k, n): the answers, 1 yes, 0 no, -1 missing.

    Raises
    ------
    EstimationError
        When ``base`` or a domain has other rows than the design.
    """
    columns = {} if domains is None else {str(name): pd.Categorical(domains[name]) for name in domains}
    applies = np.ones(design.n, dtype=bool) if base is None else np.asarray(base, dtype=bool)
    for name, rows in (("base", len(applies)), *((name, len(column)) for name, column in columns.items())):
        if rows != design.n:
            raise EstimationError(f"{name}: {rows} rows for {design.n} respondents", expected="the rows of the design")
    # one number for each combination of group, base and domain values
    values = (len(design.group_weight), 2, *(len(column.categories) + 1 for column in columns.values()))
    key = design.group
    for size, part in zip(values[1:], (applies, *(column.codes + 1 for column in columns.values())), strict=True):
        key = key * size + part
    of, key = pd.factorize(key)
    group, in_base, *value = np.unravel_index(key, values)
    labels, members = zip(*_members(columns, in_base.astype(bool), value), strict=True)
    start = design.group_weight if design.calibration is None else design.calibration.start
    auxiliary = np.empty((len(start), 0)) if design.calibration is None else design.calibration.auxiliary
    yes, answered = _count(codes, of, len(key))
    return Cells(
        labels,
        of,
        design.group_stratum[group],
        design.group_weight[group],
        start[group],
        auxiliary[group],
        np.column_stack(members),
        np.bincount(of, minlength=len(key)),
        yes,
        answered,
    )


def counted_variance(design: Design, cells: Cells, share: np.ndarray, answered_weight: np.ndarray) -> np.ndarray:
    """The variances of `shares.linearised_variance`, shape (D, k), from counts.

    Parameters
    ----------
    design, cells
        The design, and its cells.
    share, answered_weight
        Shape (D, k): the shares, and the sums of the weights of those who answered.

    Returns
    -------
    ndarray
        Shape (D, k); not a number where nobody answered.

    Notes
    -----
    Within a cell there are three linearised values, for yes, no and missing; outside the domain only the fit on the
    auxiliaries is left, of which the moments per stratum suffice. So sum (z_i - zbar_h)^2 takes C D k steps instead of
    n D k, and equals the sum over respondents but for rounding.
    """
    coefficients = cells.coefficients(share, answered_weight)
    shape = (len(design.labels), *share.shape)
    # a row for each cell in each of its domains; cells outside a domain come in by their moments
    of, domain = np.nonzero(cells.member)
    place = cells.stratum[of] * shape[1] + domain
    in_stratum, in_place = indicator(cells.stratum, shape[0]), indicator(place, shape[0] * shape[1])
    yes, no, missing = cells.yes[of], (cells.answered - cells.yes)[of], (cells.size[:, None] - cells.answered)[of]
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = cells.weight[of, None] / answered_weight[domain]
        z_no = unit * -share[domain]
    z_yes = unit + z_no
    moments = np.column_stack([cells.weight[:, None] * cells.auxiliary, np.ones(len(cells.size))])
    fitted = np.tensordot(in_stratum @ (cells.size[:, None] * moments[:, :-1]), coefficients, axes=1)
    mean = design.centre[:, None, None] * ((in_place @ (z_yes * yes + z_no * no)).reshape(shape) - fitted)
    shift = mean.reshape(-1, shape[2])[place]
    for moment, slope in zip(moments[:, :-1].T, coefficients, strict=True):
        shift += moment[of, None] * slope[domain]
    squares = yes * (z_yes - shift) ** 2 + no * (z_no - shift) ** 2 + missing * shift**2
    inside = indicator(domain, shape[1]) @ (design.variance_factor[cells.stratum[of], None] * squares)
    products = (cells.size[:, None, None] * moments[:, :, None] * moments[:, None, :]).reshape(len(moments), -1)
    elsewhere = (in_stratum @ products)[:, None] - (in_place @ products[of]).reshape(*shape[:2], -1)
    elsewhere = elsewhere.reshape(*shape[:2], *2 * moments.shape[1:])
    slopes = np.concatenate([np.broadcast_to(coefficients[:, None], (len(coefficients), *shape)), mean[None]])
    outside = np.einsum("h,hdrs,rhdk,shdk->dk", design.variance_factor, elsewhere, slopes, slopes)
    return np.where(answered_weight > 0, np.maximum(inside + outside, 0), np.nan)


def indicator(codes: np.ndarray, size: int, dtype: type = float) -> sparse.csc_array:
    """Shape (size, len(codes)): 1 where the row is the code of the column."""
    return sparse.csc_array((np.ones(len(codes), dtype), codes, np.arange(len(codes) + 1)), shape=(size, len(codes)))


def _members(
    columns: dict[str, pd.Categorical], in_base: np.ndarray, values: list[np.ndarray]
) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Each domain with the cells, shape (C,), that belong to it."""
    yield OVERALL, in_base
    for (name, column), value in zip(columns.items(), values, strict=True):
        for code, category in enumerate(column.categories, start=1):
            yield (name, str(category)), in_base & (value == code)


def _count(codes: np.ndarray, of: np.ndarray, cells: int) -> np.ndarray:
    """Shape (2, cells, k): those who said yes, and those who answered."""
    signed, present = np.zeros((2, cells, len(codes)))
    at_once = max(COUNTED_AT_ONCE, cells)
    for first in range(0, len(of), at_once):
        rows = slice(first, first + at_once)
        in_cell = indicator(of[rows], cells, np.float32)
        block = codes[:, rows].T.astype(np.float32, order="C")
        # with missing as -1: yes minus missing, then yes plus missing
        signed += in_cell @ block
        present += in_cell @ np.abs(block, out=block)
    size = np.bincount(of, minlength=cells)[:, None]
    return np.stack([(present + signed) / 2, size - (present - signed) / 2])


def _answers(column: pd.Series, name: object) -> pd.Series:
    allowed = column.isna() | column.isin([True, False])
    if not allowed.all():
        raise EstimationError(
            f"answer {column[~allowed].tolist()[0]!r}",
            where=f"responses, column {name}, respondent {int((~allowed).to_numpy().argmax()) + 1}",
            expected="yes (True, 1), no (False, 0) or missing",
            todo="recode the item",
        )
    return column.astype("boolean")
