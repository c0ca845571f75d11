"""The design: who answered, out of which municipalities, and for how many each answer stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wijkpeiling.errors import EstimationError, PopulationError

TARGETS = ("population", "process")
LONELY = ("collapse", "adjust", "fail")
# weights come from spreadsheets: a sum that differs by less than this part of N is rounding
WEIGHT_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the variance needs to know of a calibration.

    Attributes
    ----------
    auxiliary
        Shape (groups, r): the auxiliary variables as columns that are orthonormal under ``start``, so that the
        regression of u on them is A A'(start u).
    start
        Shape (groups,): the weights before calibration.
    """

    auxiliary: np.ndarray
    start: np.ndarray


@dataclass(frozen=True, eq=False)
class Design:
    """A stratified sample without replacement of municipalities; nothing in it can be changed.

    Attributes
    ----------
    labels
        The H strata, in the order of the population.
    stratum_of
        The stratum in which each size class ended: its place in ``labels``.
    n_h, N_h
        Shape (H,): respondents and municipalities per stratum.
    group
        Shape (n,): a code for each respondent; those of one group share stratum, weight and auxiliaries.
    group_stratum, group_weight
        Shape (groups,): the stratum and the weight of a group.
    target
        ``population``: the municipalities of that year, a census has no error. ``process``: what made them answer
        so, no finite-population correction.
    lonely
        What happens to a stratum with one respondent that is not taken whole.
    notes
        The assumptions, one sentence each.
    column
        The column of the responses with the size class; empty without strata.
    classes
        Respondents and municipalities of each size class, before any was merged.
    calibration
        None without calibration.

    Notes
    -----
    Assumes that within a stratum the municipalities that answered are as if drawn at random from all of them
    (response homogeneity groups; Sarndal, Swensson & Wretman 1992, section 15.6). That cannot be checked from the
    answers: see `wijkpeiling.estimation.nonresponse`.

    Not for samples of teams within municipalities, nor for draws with unequal probabilities within a stratum.
    """

    labels: tuple[str, ...]
    stratum_of: dict[str, int]
    n_h: np.ndarray
    N_h: np.ndarray
    group: np.ndarray
    group_stratum: np.ndarray
    group_weight: np.ndarray
    target: str
    lonely: str
    notes: tuple[str, ...]
    column: str
    classes: dict[str, tuple[int, int]]
    calibration: Calibration | None = None

    def __post_init__(self) -> None:
        for array in (self.n_h, self.N_h, self.group, self.group_stratum, self.group_weight):
            array.flags.writeable = False

    @classmethod
    def from_responses(
        cls,
        responses: pd.DataFrame,
        population: pd.Series | int,
        *,
        stratum: str = "size_class",
        target: str = "population",
        lonely: str = "adjust",
        weight: str | None = None,
    ) -> Design:
        """Make the design of one wave.

        Parameters
        ----------
        responses
            A row for each municipality that answered: ``gemeentecode``, the ``stratum`` column, and the ``weight``
            column if one is named.
        population
            Municipalities per stratum, indexed by stratum, small to large; or one number for a sample without
            strata.
        stratum
            The column with the stratum.
        target
            ``population`` or ``process``.
        lonely
            ``adjust``: a stratum without respondents joins the next smaller one (the smallest joins the next larger);
            one respondent is set against the overall share, which overstates the error. ``collapse``: a stratum with
            one respondent, not taken whole, joins its neighbour too, which takes them for alike. The rule looks at
            who answered, never at what. ``fail``: refuse.
        weight
            A column with weights of your own: 1 or more, summing to N_h in each stratum, of which one respondent among
            three or more has at most half. Default: N_h / n_h.

        Raises
        ------
        PopulationError
            When the population is not whole numbers, one for each stratum.
        EstimationError
            When the responses do not fit the population.
        """
        if target not in TARGETS or lonely not in LONELY:
            raise EstimationError(
                f"target {target!r}, lonely {lonely!r}",
                expected=f"target one of {', '.join(TARGETS)}; lonely one of {', '.join(LONELY)}",
            )
        _check_municipalities(responses)
        if isinstance(population, pd.Series):
            given = _checked_population(population)
            codes = _stratum_codes(responses, stratum, given)
        else:
            given = _checked_population(pd.Series([population], index=["all"]))
            codes = np.zeros(len(responses), dtype=np.intp)
        n_given = np.bincount(codes, minlength=len(given))
        _check_counts(n_given, given)
        merged, notes = _merged_strata(n_given, given, target, lonely)
        n_h, N_h = (np.bincount(merged, sizes).astype(np.int64) for sizes in (n_given, given.to_numpy()))
        kept = np.flatnonzero(N_h)
        place = np.searchsorted(kept, merged)
        labels = tuple(" + ".join(given.index[(merged == h) & (given > 0)]) for h in kept)
        stratum_of = {label: int(h) for label, size, h in zip(given.index, given, place, strict=True) if size}
        classes = dict(zip(given.index, zip(n_given.tolist(), given.tolist(), strict=True), strict=True))
        n_h, N_h, codes = n_h[kept], N_h[kept], place[codes]
        if weight is None:
            group, group_stratum, group_weight = codes, np.arange(len(labels)), N_h / n_h
            notes = (*notes, "weight: municipalities per respondent in the stratum")
        else:
            weights = _checked_weights(responses, weight, codes, labels, N_h)
            group, distinct = pd.factorize(pd.MultiIndex.from_arrays([codes, weights]))
            group_stratum = distinct.get_level_values(0).to_numpy()
            group_weight = distinct.get_level_values(1).to_numpy()
            notes = (*notes, f"weight: as given in column {weight}, taken as fixed numbers")
        of = (group, group_stratum, group_weight, target, lonely, (_ASSUMED, *notes))
        return cls(labels, stratum_of, n_h, N_h, *of, stratum if isinstance(population, pd.Series) else "", classes)

    @property
    def n(self) -> int:
        return len(self.group)

    @property
    def N(self) -> int:
        return int(self.N_h.sum())

    @property
    def df(self) -> int:
        """Degrees of freedom: respondents minus strata."""
        return self.n - len(self.labels)

    @property
    def stratum(self) -> np.ndarray:
        """Shape (n,): the stratum of each respondent."""
        return self.group_stratum[self.group]

    @property
    def weights(self) -> np.ndarray:
        """Shape (n,): the municipalities each respondent stands for."""
        return self.group_weight[self.group]

    @property
    def sampled(self) -> np.ndarray:
        """Shape (H,): the part of each stratum that counts as observed; 0 where the target is the process."""
        return self.n_h / self.N_h if self.target == "population" else np.zeros(len(self.labels))

    @property
    def is_plain(self) -> bool:
        """Whether every weight is N_h / n_h."""
        plain = (self.N_h / self.n_h)[self.group_stratum]
        return self.calibration is None and np.allclose(self.group_weight, plain, rtol=WEIGHT_TOLERANCE, atol=0)

    @property
    def is_lonely(self) -> np.ndarray:
        """Shape (H,): strata whose one respondent cannot be set against another of the same stratum."""
        return (self.n_h == 1) & (self.sampled < 1)

    @property
    def centre(self) -> np.ndarray:
        """Shape (H,): 1 / n_h, by which a sum becomes the mean to measure from; 0 for a lonely stratum."""
        return np.where(self.is_lonely, 0.0, 1 / self.n_h)

    @property
    def variance_factor(self) -> np.ndarray:
        """Shape (H,): (1 - f_h) n_h / (n_h - 1), by which the squares of a stratum count in a variance."""
        return (1 - self.sampled) * np.where(self.n_h > 1, self.n_h / np.maximum(self.n_h - 1, 1), 1.0)

    def __str__(self) -> str:
        strata = ", ".join(f"{a} {n} of {N}" for a, n, N in zip(self.labels, self.n_h, self.N_h, strict=True))
        heading = f"{self.n} of {self.N} municipalities, {self.df} degrees of freedom, target: {self.target}"
        return "\n".join([heading, f"strata: {strata}", *(f"- {note}" for note in self.notes)])


_ASSUMED = "within a stratum, those who answered are as if drawn at random"


def _check_municipalities(responses: pd.DataFrame) -> None:
    if "gemeentecode" not in responses:
        raise EstimationError("no column gemeentecode", where="responses", expected="a municipality on each row")
    if responses.empty:
        raise EstimationError("nobody answered", where="responses", expected="one row or more")
    repeated = responses["gemeentecode"].duplicated()
    if repeated.any():
        raise EstimationError(
            f"{_first(responses, repeated)} appears twice in the wave",
            where="responses, column gemeentecode",
            expected="one row for each municipality",
            todo="keep one answer per municipality",
        )


def _checked_population(population: pd.Series) -> pd.Series:
    sizes = pd.to_numeric(population, errors="coerce")
    wrong = sizes.isna() | (sizes < 0) | (sizes % 1 != 0)
    if wrong.any() or not sizes.sum() > 0:
        label = population.index[wrong.to_numpy().argmax()]
        raise PopulationError(
            f"population of {label}: {population.loc[label]}", expected="a whole number of municipalities"
        )
    if population.index.has_duplicates:
        label = population.index[population.index.duplicated()][0]
        raise PopulationError(f"stratum {label} appears twice in the population", expected="one number per stratum")
    return pd.Series(sizes.to_numpy(np.int64), index=population.index.astype(str))


def _stratum_codes(responses: pd.DataFrame, stratum: str, population: pd.Series) -> np.ndarray:
    if stratum not in responses:
        raise EstimationError(f"no column {stratum}", where="responses", expected="the stratum of each municipality")
    column = responses[stratum]
    codes = population.index.get_indexer(column.astype("string"))
    outside = codes < 0
    if outside.any():
        row = outside.argmax()
        found = "no stratum" if pd.isna(column.iloc[row]) else f"stratum {column.iloc[row]!r}"
        raise EstimationError(
            f"{_first(responses, outside)}: {found}, which the population does not have",
            where=f"responses, column {stratum}",
            expected="one of " + ", ".join(population.index),
            todo="correct the stratum, or add it to the population",
        )
    return codes


def _check_counts(n_h: np.ndarray, population: pd.Series) -> None:
    excess = n_h > population.to_numpy()
    if excess.any():
        h = excess.argmax()
        raise EstimationError(
            f"{n_h[h]} respondents in stratum {population.index[h]}, which has {population.iloc[h]} municipalities",
            expected="no more respondents than municipalities",
            todo="check the year of the population and the stratum of the respondents",
        )


def _merged_strata(
    n_h: np.ndarray, population: pd.Series, target: str, lonely: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The stratum that each stratum ends in, as a place in the given order, and what was done."""
    merged = np.arange(len(population))
    notes: list[str] = []
    while True:
        n, N = np.bincount(merged, n_h), np.bincount(merged, population)
        small = (n < 2) & (N > 0) & ((n < N) | (target == "process"))
        if lonely == "adjust":
            small &= n == 0
        if not small.any():
            return merged, tuple(notes)
        others = np.unique(merged[population.to_numpy() > 0])
        h = small.argmax()
        if lonely == "fail" or len(others) == 1:
            raise EstimationError(
                f"stratum {population.index[h]}: {n[h]:.0f} respondents of {N[h]:.0f} municipalities",
                expected="two or more, or all of them",
                todo="merge it with another stratum" if lonely == "fail" else "no error can be estimated",
            )
        place = np.searchsorted(others, h)
        into = others[place - 1] if place else others[1]
        notes.append(f"stratum {population.index[h]} has {n[h]:.0f} of {N[h]:.0f} and joins {population.index[into]}")
        merged = np.where(merged == h, into, merged)


def _checked_weights(
    responses: pd.DataFrame, weight: str, codes: np.ndarray, labels: tuple[str, ...], N_h: np.ndarray
) -> np.ndarray:
    if weight not in responses:
        raise EstimationError(f"no column {weight}", where="responses", expected="a weight for each municipality")
    weights = pd.to_numeric(responses[weight], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(weights) & (weights >= 1 - WEIGHT_TOLERANCE))
    if wrong.any():
        raise EstimationError(
            f"{_first(responses, wrong)}: weight {responses[weight].iloc[wrong.argmax()]}",
            where=f"responses, column {weight}",
            expected="1 or more: a respondent stands at least for itself",
            todo="weigh municipalities per respondent, not relative to the average",
        )
    sums = np.bincount(codes, weights)
    unequal = np.abs(sums - N_h) > WEIGHT_TOLERANCE * N_h
    if unequal.any():
        h = unequal.argmax()
        raise EstimationError(
            f"the weights of stratum {labels[h]} sum to {sums[h]:g}",
            where=f"responses, column {weight}",
            expected=f"the number of municipalities, {N_h[h]}",
            todo="scale the weights, or leave them out for N_h / n_h",
        )
    # an estimate that one answer decides lies next to that answer: its residual, and so the error, look small
    most = np.where(np.bincount(codes) > 2, N_h, N_h.sum())[codes] / 2 * (1 + WEIGHT_TOLERANCE)
    heavy = (weights > most) & (len(weights) > 1)
    if heavy.any():
        raise EstimationError(
            f"{_first(responses, heavy)}: weight {weights[heavy][0]:g}, more than all others together",
            where=f"responses, column {weight}",
            expected="at most half of the stratum's municipalities for one respondent",
            todo="trim the weights, or merge strata",
        )
    return weights


def _first(responses: pd.DataFrame, rows: np.ndarray | pd.Series) -> str:
    codes = responses["gemeentecode"].to_numpy()[np.asarray(rows)]
    return ", ".join(map(str, codes[:3])) + (f" and {len(codes) - 3} more" if len(codes) > 3 else "")
