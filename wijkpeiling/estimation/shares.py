"""Shares of municipalities, overall and by domain, with every covariance between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from wijkpeiling import contracts
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.domains import DomainFrame, domain_frame
from wijkpeiling.estimation.intervals import METHODS, has_no_variance
from wijkpeiling.estimation.limits import limits, methods_of
from wijkpeiling.estimation.nonresponse import worst_case

MISSING = -1
OVERALL = ("overall", "all")
# the part of N below which a difference between weights and answers is rounding
ROUNDING = 1e-9
# rows counted at once: they stay in the cache, and single precision holds their number exactly
COUNTED_AT_ONCE = 1 << 14
# linearised values held at once (32 MB)
LARGEST_BLOCK = 1 << 22


@dataclass(frozen=True, eq=False)
class Cells:
    """Respondents that neither the design nor the domains can tell apart, counted.

    Attributes
    ----------
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

    of: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray
    start: np.ndarray
    auxiliary: np.ndarray
    member: np.ndarray
    size: np.ndarray
    yes: np.ndarray
    answered: np.ndarray


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of k items in D domains; the tables have shape (D, k) unless said otherwise.

    Attributes
    ----------
    design
        The design they stand on.
    items, domains
        Names of the items, and (domain, value) pairs, of which the first is ``("overall", "all")``.
    n, count
        Answers, and how many of these are yes.
    frame
        Respondents and municipalities per domain and stratum.
    N
        Shape (D,): municipalities in the domain: those of the frame where they are known, or the sum of the weights.
    answered_weight
        The sum of the weights of those who answered.
    share, variance
        0-1, and not a number where nobody answered.
    df
        Degrees of freedom: answers minus strata with an answer.
    codes
        Shape (k, n): the answers, 1 yes, 0 no, -1 missing.
    cells
        The answers counted.
    coefficients
        Shape (r, D, k): regression of the deviations from the shares on the auxiliaries.
    """

    design: Design
    items: tuple[str, ...]
    domains: tuple[tuple[str, str], ...]
    n: np.ndarray
    count: np.ndarray
    frame: DomainFrame
    N: np.ndarray
    answered_weight: np.ndarray
    share: np.ndarray
    variance: np.ndarray
    df: np.ndarray
    codes: np.ndarray
    cells: Cells
    coefficients: np.ndarray

    @property
    def se(self) -> np.ndarray:
        return np.sqrt(self.variance)

    @property
    def deff(self) -> np.ndarray:
        """The variance over that of a simple random sample of as many answers; not a number at 0%, 100%, a census."""
        with np.errstate(divide="ignore", invalid="ignore"):
            simple = self.share * (1 - self.share) / (self.n - 1)
            if self.design.target == "population":
                N = self.answered_weight
                simple = simple * np.where(N - self.n > ROUNDING * N, 1 - self.n / N, 0.0)
            return np.where(simple > 0, self.variance / simple, np.nan)

    @property
    def is_census(self) -> np.ndarray:
        """Whether every municipality of the domain answered, and the target is the population."""
        everyone = self.n == self.frame.inside.sum(axis=1)[:, None]
        nobody_silent = (self.frame.n == self.frame.N).all(axis=1) & (self.design.target == "population")
        return everyone & (self.n > 0) & nobody_silent[:, None]

    @property
    def is_self_weighted(self) -> np.ndarray:
        """Shape (D,): whether the domain has equal weights, no calibration, and the population as its target."""
        weight = self.cells.weight[:, None]
        least = np.where(self.cells.member, weight, np.inf).min(axis=0)
        most = np.where(self.cells.member, weight, 0.0).max(axis=0)
        plain = self.design.calibration is None and self.design.target == "population"
        return plain & np.isclose(least, most, rtol=ROUNDING, atol=0)

    def linearised(self, rows: slice = slice(None)) -> np.ndarray:
        """Shape (rows, D k): what each respondent adds to the error of each share, domain after domain.

        Notes
        -----
        z_i = w_i 1_d r_i (y_i - p) / sum w r (Binder 1983); after calibration w_i times the residual of its
        regression on the auxiliaries (Deville & Sarndal 1992). Where nobody answered, 0 for everyone.
        """
        of, codes = self.cells.of[rows], self.codes[:, rows].T[:, None, :]
        inside = self.cells.member[of][:, :, None] & (codes != MISSING)
        with np.errstate(divide="ignore", invalid="ignore"):
            deviation = np.where(inside, (codes - self.share) / self.answered_weight, 0.0)
        fitted = np.tensordot(self.cells.auxiliary, self.coefficients, axes=1)[of]
        return (self.cells.weight[of, None, None] * (deviation - fitted)).reshape(len(of), -1)

    def covariance(self) -> np.ndarray:
        """Shape (D k, D k): covariances between all shares, domain after domain; worked out once and read-only.

        Notes
        -----
        sum_h (1 - f_h) n_h / (n_h - 1) sum_i (z_i - zbar_h)(z_i - zbar_h)' over all respondents of the stratum, with
        zeros outside the domain (Sarndal, Swensson & Wretman 1992, section 5.8; Lumley 2010). It takes n (D k)^2
        steps: not for a million rows and hundreds of shares.
        """
        return self._covariance

    @cached_property
    def _covariance(self) -> np.ndarray:
        design, width = self.design, self.share.size
        at_once = max(LARGEST_BLOCK // width, 1)
        blocks = [slice(start, start + at_once) for start in range(0, design.n, at_once)]
        strata = len(design.labels)
        sums = sum(_indicator(design.stratum[block], strata) @ self.linearised(block) for block in blocks)
        mean = design.centre[:, None] * sums
        total = np.zeros((width, width))
        for block in blocks:
            h = design.stratum[block]
            centred = np.sqrt(design.variance_factor)[h, None] * (self.linearised(block) - mean[h])
            total += centred.T @ centred
        total.flags.writeable = False
        return total


def shares(
    design: Design, items: pd.DataFrame, domains: pd.DataFrame | None = None, base: np.ndarray | None = None
) -> Shares:
    """Estimate the share of municipalities that say yes, per item and domain.

    Parameters
    ----------
    design
        The design, of n respondents.
    items
        A row for each respondent in the order of the design, a column for each item: nullable booleans, or numbers
        0, 1 and missing.
    domains
        Columns whose values are domains: size class, provincie, the answer to another item. Missing: in none.
    base
        Length n, boolean: the respondents to whom the items apply, default all. Others are no non-response.

    Returns
    -------
    Shares
        Overall first, then the values of each domain in order.

    Raises
    ------
    EstimationError
        When rows do not match, a value is not yes, no or missing, or nobody answered an item at all.

    Notes
    -----
    p = sum w r y / sum w r, the ratio of two estimated totals. Assumes that within a domain the missing answers are
    like those given. The design stays whole: a domain is zeros outside it, not a smaller sample. Respondents of one
    cell (stratum, weight, auxiliaries, domains) have three linearised values, for yes, no and missing, so counts per
    cell, made in one pass over the answers, give every variance without loss.
    """
    codes = _codes(items, design.n)
    labels, cells = _cells(design, domains, base, codes)
    silent = cells.answered[cells.member[:, 0]].sum(axis=0) == 0
    if silent.any():
        name = items.columns[silent.argmax()]
        raise EstimationError(
            f"nobody answered {name}",
            where=f"responses, column {name}",
            expected="one answer or more",
            todo="leave the item out: it was not asked",
        )
    inside = cells.member.T.astype(float)
    weighted = inside * cells.weight
    n, count, answered_weight = inside @ cells.answered, inside @ cells.yes, weighted @ cells.answered
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (weighted @ cells.yes) / answered_weight
    coefficients = _coefficients(cells, share, answered_weight)
    frame = domain_frame(design, labels, cells.member.T * cells.size, cells.stratum)
    strata = (cells.stratum == h for h in range(len(design.labels)))
    strata_with_answers = sum(cells.member[at].T @ cells.answered[at] > 0 for at in strata)
    return Shares(
        design,
        tuple(map(str, items.columns)),
        labels,
        n.astype(np.int64),
        count.astype(np.int64),
        frame,
        frame.sizes(weighted @ cells.size),
        answered_weight,
        share,
        _variance(design, cells, share, answered_weight, coefficients),
        n - strata_with_answers,
        codes,
        cells,
        coefficients,
    )


def estimates(
    result: Shares,
    wave: int,
    *,
    base: str = "respondents",
    source: str = "microdata",
    level: float = 0.95,
    method: str | None = None,
    nonrespondents: np.ndarray | None = None,
) -> pd.DataFrame:
    """Put shares and their intervals in the ``estimates`` table of the contracts.

    Parameters
    ----------
    result
        Shares of k items in D domains.
    wave
        The year of the wave.
    base
        The name of those to whom the items apply.
    source
        ``microdata`` or ``synthetic``.
    level
        Confidence level, between 0 and 1.
    method
        One of `intervals.METHODS` for all rows; by default `limits.methods_of` decides per row, as it does for
        ``exact`` once all weights are found equal. A census keeps width 0, and a share without variance the ``beta``
        interval, whatever is asked.
    nonrespondents
        Shape (D, k): municipalities that could belong to a row and gave no answer, for the worst-case bounds of
        `nonresponse.worst_case`; without it these stay empty.

    Returns
    -------
    DataFrame
        D k rows, domain after domain. ``flag`` is ``no_answers``, ``no_variance`` (0%, 100%, or decided by the
        strata), ``no_df`` (as many strata as answers: the standard error is a guess) or empty.

    Raises
    ------
    EstimationError
        When ``exact`` is asked where weights differ, or the table breaks the contract.
    """
    design, shape = result.design, result.share.shape
    N = np.broadcast_to(np.rint(result.N)[:, None], shape)
    methods = methods_of(result)
    flat = has_no_variance(result.share, result.se, result.n) & ~result.is_census
    if method is not None:
        _check_method(method, result)
    if method not in (None, "exact"):
        methods = np.select([np.isin(methods, ("none", "census")), flat], [methods, "beta"], method)
    low, high = limits(result, methods, level)
    unknown = np.full(shape, np.nan)
    worst_low, worst_high = worst_case(result.count, result.n, unknown if nonrespondents is None else nonrespondents)
    flag = np.select([result.n == 0, flat, result.df <= 0], ["no_answers", "no_variance", "no_df"], "")
    domain, value = np.array(result.domains, dtype=object).repeat(shape[1], axis=0).T
    answered = result.n.ravel() > 0
    columns = {
        "wave": wave,
        "concept": np.tile(np.array(result.items, dtype=object), shape[0]),
        "domain": domain,
        "domain_value": value,
        "base": base,
        "n": result.n,
        "N": N,
        "count": result.count,
        "share": result.share,
        "se": result.se,
        "ci_low": low,
        "ci_high": high,
        "level": level,
        "df": np.maximum(result.df, 0),
        "method": methods,
        "deff": result.deff,
        "worst_low": worst_low,
        "worst_high": worst_high,
        "target": design.target,
        "source": source,
        "flag": flag,
        "is_suppressed": False,
    }
    table = pd.DataFrame(
        {name: part.ravel() if isinstance(part, np.ndarray) else part for name, part in columns.items()},
        index=range(len(answered)),
    )
    return contracts.check(table.replace({"flag": {"": None}}), contracts.ESTIMATES, EstimationError)


def _check_method(method: str, result: Shares) -> None:
    if method not in METHODS:
        raise EstimationError(f"interval method {method!r}", expected="one of " + ", ".join(METHODS))
    if method == "exact" and not result.is_self_weighted.all():
        domain, value = result.domains[int(np.argmin(result.is_self_weighted))]
        raise EstimationError(
            f"an exact interval with unequal or calibrated weights, or for a process ({domain} {value})",
            expected="equal weights and a finite population",
            todo="leave method out: exact is chosen where it can be given",
        )


def _codes(items: pd.DataFrame, n: int) -> np.ndarray:
    """Shape (k, n): 1 yes, 0 no, -1 missing."""
    if len(items) != n:
        raise EstimationError(f"{len(items)} rows of answers for {n} respondents", expected="the rows of the design")
    if set(items.dtypes) != {pd.BooleanDtype()}:
        items = pd.DataFrame({name: _answers(column, name) for name, column in items.items()})
    return items.to_numpy(np.int8, na_value=MISSING).T


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


def _cells(
    design: Design, domains: pd.DataFrame | None, base: np.ndarray | None, codes: np.ndarray
) -> tuple[tuple[tuple[str, str], ...], Cells]:
    columns = [] if domains is None else [(str(name), pd.Categorical(domains[name])) for name in domains]
    applies = np.ones(design.n, dtype=bool) if base is None else np.asarray(base, dtype=bool)
    for name, rows in (("base", len(applies)), *((name, len(column)) for name, column in columns)):
        if rows != design.n:
            raise EstimationError(f"{name}: {rows} rows for {design.n} respondents", expected="the rows of the design")
    # one number for each combination of group, base and domain values
    parts = [(applies, 2), *((column.codes + 1, len(column.categories) + 1) for _, column in columns)]
    key = design.group
    for part, values in parts:
        key = key * values + part
    of, key = pd.factorize(key)
    decoded = []
    for _, values in reversed(parts):
        key, part = np.divmod(key, values)
        decoded.append(part)
    inside = decoded.pop().astype(bool)
    labels, member = [OVERALL], [inside]
    for (name, column), value in zip(columns, reversed(decoded), strict=True):
        for code, category in enumerate(column.categories, start=1):
            labels.append((name, str(category)))
            member.append(inside & (value == code))
    start = design.group_weight if design.calibration is None else design.calibration.start
    auxiliary = np.empty((len(start), 0)) if design.calibration is None else design.calibration.auxiliary
    cells = Cells(
        of,
        design.group_stratum[key],
        design.group_weight[key],
        start[key],
        auxiliary[key],
        np.column_stack(member),
        np.bincount(of, minlength=len(key)),
        *_count(codes, of, len(key)),
    )
    return tuple(labels), cells


def _indicator(codes: np.ndarray, size: int, dtype: type = float) -> sparse.csc_array:
    """Shape (size, len(codes)): 1 where the row is the code of the column."""
    return sparse.csc_array((np.ones(len(codes), dtype), codes, np.arange(len(codes) + 1)), shape=(size, len(codes)))


def _count(codes: np.ndarray, of: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Those who said yes and those who answered, each of shape (cells, k)."""
    signed, present = np.zeros((2, cells, len(codes)))
    at_once = max(COUNTED_AT_ONCE, cells)
    for first in range(0, len(of), at_once):
        rows = slice(first, first + at_once)
        indicator = _indicator(of[rows], cells, np.float32)
        block = codes[:, rows].T.astype(np.float32, order="C")
        # with missing as -1: yes minus missing, then yes plus missing
        signed += indicator @ block
        present += indicator @ np.abs(block, out=block)
    size = np.bincount(of, minlength=cells)[:, None]
    return (present + signed) / 2, size - (present - signed) / 2


def _coefficients(cells: Cells, share: np.ndarray, answered_weight: np.ndarray) -> np.ndarray:
    """Shape (r, D, k): the regression of 1_d r (y - p) / sum w r on the auxiliaries, with the starting weights."""
    inside = (cells.start[:, None] * cells.auxiliary).T[:, None, :] * cells.member.T
    slopes = inside @ cells.yes - share * (inside @ cells.answered)
    return np.divide(slopes, answered_weight, out=np.zeros_like(slopes), where=answered_weight > 0)


def _variance(
    design: Design, cells: Cells, share: np.ndarray, answered_weight: np.ndarray, coefficients: np.ndarray
) -> np.ndarray:
    """The variance of each share, shape (D, k)."""
    shape = (len(design.labels), *share.shape)
    # a row for each cell in each of its domains; cells outside a domain come in by their moments
    of, domain = np.nonzero(cells.member)
    place = cells.stratum[of] * shape[1] + domain
    in_stratum, in_place = _indicator(cells.stratum, shape[0]), _indicator(place, shape[0] * shape[1])
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
    inside = _indicator(domain, shape[1]) @ (design.variance_factor[cells.stratum[of], None] * squares)
    products = (cells.size[:, None, None] * moments[:, :, None] * moments[:, None, :]).reshape(len(moments), -1)
    elsewhere = (in_stratum @ products)[:, None] - (in_place @ products[of]).reshape(*shape[:2], -1)
    elsewhere = elsewhere.reshape(*shape[:2], *2 * moments.shape[1:])
    slopes = np.concatenate([np.broadcast_to(coefficients[:, None], (len(coefficients), *shape)), mean[None]])
    outside = np.einsum("h,hdrs,rhdk,shdk->dk", design.variance_factor, elsewhere, slopes, slopes)
    return np.maximum(inside + outside, 0)
