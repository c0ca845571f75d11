"""Shares of municipalities, overall and by domain, with every covariance between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.cells import MISSING, Cells, answer_codes, count_cells, counted_variance, indicator
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.domains import ROUNDING, DomainFrame, domain_frame
from wijkpeiling.estimation.intervals import METHODS, has_no_variance
from wijkpeiling.estimation.limits import limits, methods_of
from wijkpeiling.estimation.nonresponse import worst_case

# linearised values held at once (32 MB)
LARGEST_BLOCK = 1 << 22
# linearised values beyond which counting is faster: 342 municipalities with ten items in nine domains have fewer
MANY_VALUES = 1 << 15


def linearised_variance(design: Design, z: np.ndarray) -> np.ndarray:
    """The variances of m estimates, shape (m,), from their linearised values.

    Parameters
    ----------
    design
        The design, of n respondents.
    z
        Shape (n, m): what each respondent adds to the error of each estimate, as `Shares.linearised` gives.

    Notes
    -----
    sum_h (1 - f_h) n_h / (n_h - 1) sum_i (z_i - zbar_h)^2 over all respondents of the stratum, with zeros outside the
    domain (Sarndal, Swensson & Wretman 1992, section 5.8; Lumley 2010).
    """
    in_stratum = indicator(design.stratum, len(design.labels))
    mean = design.centre[:, None] * (in_stratum @ z)
    squares = (z - mean[design.stratum]) ** 2
    return design.variance_factor @ (in_stratum @ squares)


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
    share
        0-1, and not a number where nobody answered.
    df
        Degrees of freedom: answers minus strata with an answer.
    codes
        Shape (k, n): the answers, 1 yes, 0 no, -1 missing.
    cells
        The answers counted.
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
    df: np.ndarray
    codes: np.ndarray
    cells: Cells

    @cached_property
    def variance(self) -> np.ndarray:
        """The variances of the shares; not a number where nobody answered.

        Up to ``MANY_VALUES`` linearised values (n D k) by the formula of the textbook, `linearised_variance`; beyond
        by `cells.counted_variance`, which gives the same from counts.
        """
        if self.design.n * self.share.size > MANY_VALUES:
            return counted_variance(self.design, self.cells, self.share, self.answered_weight)
        variance = linearised_variance(self.design, self.linearised()).reshape(self.share.shape)
        return np.where(self.n > 0, variance, np.nan)

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
        everyone_answered = (self.frame.n == self.frame.N).all(axis=1) & (self.design.target == "population")
        return everyone & (self.n > 0) & everyone_answered[:, None]

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
        slopes = self.cells.coefficients(self.share, self.answered_weight)
        fitted = np.tensordot(self.cells.auxiliary, slopes, axes=1)[of]
        return (self.cells.weight[of, None, None] * (deviation - fitted)).reshape(len(of), -1)

    def covariance(self) -> np.ndarray:
        """Shape (D k, D k): covariances between all shares, domain after domain; worked out once and read-only.

        Notes
        -----
        As `linearised_variance`, with (z_i - zbar_h)(z_i - zbar_h)' for the square. It takes n (D k)^2 steps: not for
        a million rows and hundreds of shares.
        """
        return self._covariance

    @cached_property
    def _covariance(self) -> np.ndarray:
        design, width = self.design, self.share.size
        at_once = max(LARGEST_BLOCK // width, 1)
        blocks = [slice(start, start + at_once) for start in range(0, design.n, at_once)]
        strata = len(design.labels)
        sums = sum(indicator(design.stratum[block], strata) @ self.linearised(block) for block in blocks)
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
    like those given. The design stays whole: a domain is zeros outside it, not a smaller sample. The sums are taken
    over `Cells`, counted in one pass over the answers.
    """
    codes = answer_codes(items, design.n)
    cells = count_cells(design, domains, base, codes)
    unanswered = cells.answered[cells.member[:, 0]].sum(axis=0) == 0
    if unanswered.any():
        name = items.columns[unanswered.argmax()]
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
    frame = domain_frame(design, cells.domains, cells.member.T * cells.size, cells.stratum)
    strata = (cells.stratum == h for h in range(len(design.labels)))
    strata_with_answers = sum(cells.member[at].T @ cells.answered[at] > 0 for at in strata)
    return Shares(
        design,
        tuple(map(str, items.columns)),
        cells.domains,
        n.astype(np.int64),
        count.astype(np.int64),
        frame,
        frame.sizes(weighted @ cells.size),
        answered_weight,
        share,
        n - strata_with_answers,
        codes,
        cells,
    )


def estimates(
    result: Shares,
    wave: int,
    *,
    base: str,
    source: str,
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
    base, source
        The name of those to whom the items apply; ``microdata`` or ``synthetic``.
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
    flat = has_no_variance(result.share, result.se, result.n) & ~result.is_census
    methods = _methods(result, method, flat)
    low, high = limits(result, methods, level)
    unknown = np.full(shape, np.nan)
    worst_low, worst_high = worst_case(result.count, result.n, unknown if nonrespondents is None else nonrespondents)
    flag = np.select([result.n == 0, flat, result.df <= 0], ["no_answers", "no_variance", "no_df"], "")
    domain, value = np.array(result.domains, dtype=object).repeat(shape[1], axis=0).T
    columns = {
        "wave": wave,
        "concept": np.tile(np.array(result.items, dtype=object), shape[0]),
        "domain": domain,
        "domain_value": value,
        "base": base,
        "n": result.n,
        "N": N,
        "is_n_estimated": False,
        "is_N_estimated": np.repeat(result.frame.is_estimated(result.N), shape[1]),
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
        index=range(result.n.size),
    )
    return contracts.check(table.replace({"flag": {"": None}}), contracts.ESTIMATES, EstimationError)


def _methods(result: Shares, method: str | None, flat: np.ndarray) -> np.ndarray:
    """Shape (D, k): the interval method of each row, where ``flat`` is without variance."""
    methods = methods_of(result)
    if method is None:
        return methods
    _check_method(method, result)
    if method == "exact":
        return methods
    return np.select([np.isin(methods, ("none", "census")), flat], [methods, "beta"], method)


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
