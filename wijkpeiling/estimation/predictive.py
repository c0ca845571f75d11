"""Limits for a share from what the answers foretell of the unobserved, after one answer that nobody gave."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, gammaln

from wijkpeiling.estimation.exact import Limits

# unobserved municipalities up to which the exact forms are taken; beyond, two moments say the same for less
LARGEST_CONVOLUTION = 4096
LARGEST_ENUMERATION = 220
# cells of probabilities held at once (32 MB)
LARGEST_BLOCK = 1 << 22
# a tail that equals alpha/2 but for rounding of the transforms is not above it
TIE = 1e-9
# outcomes less likely than e^-30 change no limit
NEGLIGIBLE = -30.0
# scipy takes seconds for beta quantiles with smaller parameters
LEAST_PARAMETER = 0.002
# parameters of a beta that stands for answers
HALF_AN_ANSWER = 0.5


@dataclass(frozen=True, eq=False)
class Counts:
    """What was seen of C shares in H strata; all arrays of shape (..., H).

    Attributes
    ----------
    yes, no
        Answers in the domain.
    other
        Respondents outside the domain or its base.
    unobserved
        Municipalities not seen; infinite where the target is the process.
    N
        Municipalities, by which strata weigh where the target is the process.
    """

    yes: np.ndarray
    no: np.ndarray
    other: np.ndarray
    unobserved: np.ndarray
    N: np.ndarray

    def __getitem__(self, at: np.ndarray | tuple) -> Counts:
        return Counts(self.yes[at], self.no[at], self.other[at], self.unobserved[at], self.N[at])

    @property
    def swapped(self) -> Counts:
        """With yes for no."""
        return Counts(self.no, self.yes, self.other, self.unobserved, self.N)

    @property
    def can_move(self) -> np.ndarray:
        """The strata that could have given one answer more: those with unobserved ones and an answer in the domain.

        A domain seen only where everybody was observed may have members in every other stratum.
        """
        unseen = self.unobserved > 0
        likely = unseen & (self.yes + self.no > 0)
        return np.where(likely.any(axis=-1, keepdims=True), likely, unseen)

    @property
    def in_play(self) -> np.ndarray:
        """The strata that the share is made of."""
        return self.can_move | (self.yes + self.no > 0)

    @property
    def is_whole(self) -> np.ndarray:
        """Shape (C,): whether in these strata everybody is in the domain, so that their number is known."""
        return (~self.in_play | (self.other == 0)).all(axis=-1)

    @property
    def form(self) -> np.ndarray:
        """Shape (C,): how the limits are worked out: ``convolution``, ``enumeration`` or ``moments``."""
        unobserved = np.where(self.in_play, self.unobserved, 0).sum(axis=-1)
        rules = [
            self.is_whole & (unobserved <= LARGEST_CONVOLUTION),
            ~self.is_whole & (self.in_play.sum(axis=-1) == 1) & (unobserved <= LARGEST_ENUMERATION),
        ]
        return np.select(rules, ["convolution", "enumeration"], "moments")


def predictive_limits(counts: Counts, share: np.ndarray, level: float = 0.95) -> Limits[np.ndarray]:
    """Confidence limits for shares of a stratified sample with weights N_h / n_h.

    Parameters
    ----------
    counts
        Answers, other respondents and unobserved municipalities, for C shares in H strata.
    share
        Shape (C,): the estimates, 0-1. The limits are drawn out to hold them.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Limits
        Shape (C,), 0-1. Nested in the level; those of no are those of yes, mirrored.

    Notes
    -----
    The unobserved of stratum h are divided over yes, no and other as a Polya urn has it that starts with those seen: a
    Dirichlet-multinomial, independent between strata (Ghosh & Meeden 1997). First one answer is added that nobody
    gave, a no for the lower limit and a yes for the upper, in the stratum where it moves the limit most (after Fay &
    Feuer 1997, who add one event at the largest weight). The limits are the alpha/2 quantiles of the share that
    follows. In one stratum with everybody in the domain this is the test inversion of `wijkpeiling.estimation.exact`,
    as P(X >= x | K) = P(x + B <= K) for B beta-binomial with N - n trials and parameters x and n - x + 1.

    - ``convolution``: everybody is in the domain, the distribution is exact by fast Fourier transform.
    - ``enumeration``: one stratum and some outside the domain; all ways to divide the unobserved.
    - ``moments``: a beta with the mean and the variance of the linearised share, in every other case; where a stratum
      has nobody of the one kind also the beta over what is left to vary, whichever is wider. For a process the limit
      for an infinite population, Clopper-Pearson in one stratum.

    Not for calibrated weights or weights of your own, nor for many thin strata (n < 1.5 H^2): each adds its variance
    but the added answer comes once. Only for one stratum is the coverage proven; tests/simulation has the others.
    """
    tail = (1 - level) / 2
    high, low = _upper(counts, tail), 1 - _upper(counts.swapped, tail)
    return _held(counts, share, low, high)


def _held(counts: Counts, share: np.ndarray, low: np.ndarray, high: np.ndarray) -> Limits[np.ndarray]:
    """Limits drawn out to hold the share and, next to a census, the neighbours of a single number of yes.

    Both as the exact interval does, so that they agree.
    """
    yes, no, unobserved = (
        part.sum(axis=-1) for part in (counts.yes, counts.no, np.where(counts.in_play, counts.unobserved, 0))
    )
    N = np.where(counts.is_whole & np.isfinite(unobserved), yes + no + unobserved, np.nan)
    down, up = np.floor(share * N + TIE) / N, np.ceil(share * N - TIE) / N
    low, high = np.fmin(low, np.fmin(down, share)), np.fmax(high, np.fmax(up, share))
    is_point = (high - low <= TIE) & counts.can_move.any(axis=-1)
    return Limits(
        np.where(is_point, np.fmax(low - 1 / N, yes / N), low),
        np.where(is_point, np.fmin(high + 1 / N, 1 - no / N), high),
    )


def _upper(counts: Counts, tail: float) -> np.ndarray:
    upper, form = np.empty(len(counts.yes)), counts.form
    for name, limit in _FORMS.items():
        at = np.flatnonzero(form == name)
        if len(at):
            upper[at] = limit(counts[at], tail)
    return np.where(counts.no.sum(axis=-1) == 0, 1.0, np.minimum(upper, 1))


def _by_convolution(counts: Counts, tail: float) -> np.ndarray:
    unobserved = np.where(counts.in_play, counts.unobserved, 0).astype(np.intp)
    yes, no = counts.yes.astype(np.intp), counts.no.astype(np.intp)
    length = 1 << int(unobserved.sum(axis=1).max()).bit_length()
    at_once = max(LARGEST_BLOCK // (length * unobserved.shape[1]), 1)
    more = [
        _most(yes[rows], no[rows], unobserved[rows], counts.can_move[rows], length, tail)
        for rows in (slice(start, start + at_once) for start in range(0, len(yes), at_once))
    ]
    known = yes.sum(axis=1)
    return (known + np.concatenate(more)) / (known + no.sum(axis=1) + unobserved.sum(axis=1))


def _most(
    yes: np.ndarray, no: np.ndarray, unobserved: np.ndarray, can_move: np.ndarray, length: int, tail: float
) -> np.ndarray:
    """The largest number of the unobserved that may say yes, over the strata that could have given one yes more."""
    plain, moved = (np.fft.rfft(_beta_binomial(yes + extra, no, unobserved, length)) for extra in (0, 1))
    most = np.zeros(len(yes), dtype=np.intp)
    for k in range(yes.shape[1]):
        at = np.flatnonzero(can_move[:, k])
        together = moved[at, k] * np.delete(plain[at], k, axis=1).prod(axis=1)
        at_most = np.cumsum(np.fft.irfft(together, length), axis=1)
        most[at] = np.maximum(most[at], (at_most < 1 - tail - TIE).sum(axis=1))
    return np.minimum(most, unobserved.sum(axis=1))


def _beta_binomial(yes: np.ndarray, no: np.ndarray, unobserved: np.ndarray, length: int) -> np.ndarray:
    """Chances of y yes among the unobserved, shape (C, H, length); a parameter of 0 never comes."""
    log = _log_factorials(int((yes + no + unobserved).max()) + 1)
    y = np.arange(length)
    a, b, R = yes[..., None], no[..., None], unobserved[..., None]
    rest = np.maximum(R - y, 0)
    some_a, some_b = np.maximum(a, 1), np.maximum(b, 1)
    constant = log[R] + log[some_a + some_b - 1] - log[some_a - 1] - log[some_b - 1] - log[some_a + some_b + R - 1]
    kept = np.minimum(y, R)
    exponent = constant + log[some_a + kept - 1] - log[kept] + log[some_b + rest - 1] - log[rest]
    chance = np.where(y <= R, np.exp(exponent), 0.0)
    return np.select([a == 0, b == 0], [y == 0, y == R], chance)


def _by_enumeration(counts: Counts, tail: float) -> np.ndarray:
    stratum = counts.can_move.argmax(axis=1)[:, None]
    seen = (np.take_along_axis(part, stratum, axis=1)[:, 0] for part in (counts.yes, counts.no, counts.other))
    unobserved = np.take_along_axis(counts.unobserved, stratum, axis=1)[:, 0]
    cells = zip(*(part.astype(int).tolist() for part in (*seen, unobserved)), strict=True)
    return np.array([_upper_of_base(*cell, tail) for cell in cells])


@lru_cache(maxsize=1 << 14)
def _upper_of_base(yes: int, no: int, other: int, unobserved: int, tail: float) -> float:
    if no == 0 or unobserved == 0:
        return yes / (yes + no)
    log = _log_factorials(yes + no + other + unobserved + 1)
    ways = _ways(unobserved)
    more_yes, more_no, in_base = ways
    parts = log[yes + more_yes] - log[more_yes] + log[no - 1 + more_no] - log[more_no]
    rest = unobserved - in_base
    parts += log[other - 1 + rest] - log[rest]
    constant = log[unobserved] + log[yes + no + other] - log[yes + no + other + unobserved]
    parts += constant - log[yes] - log[no - 1] - log[other - 1]
    kept = np.flatnonzero(parts > NEGLIGIBLE)
    share = (yes + more_yes[kept]) / (yes + no + in_base[kept])
    order = np.argsort(-share)
    above = np.cumsum(np.exp(parts[kept][order]))
    limit = share[order[np.searchsorted(above, tail * (1 + TIE), side="right")]]
    # next to a census the quantile can be what was seen: the next that is possible is let in
    possible = (yes + more_yes) / (yes + no + in_base)
    return float(max(limit, possible[possible > yes / (yes + no)].min()))


class _Ways(NamedTuple):
    """All numbers of yes and of no among the unobserved, and their sums."""

    more_yes: np.ndarray
    more_no: np.ndarray
    in_base: np.ndarray


@lru_cache(maxsize=64)
def _ways(unobserved: int) -> _Ways:
    more_yes, more_no = np.nonzero(np.add.outer(np.arange(unobserved + 1), np.arange(unobserved + 1)) <= unobserved)
    return _Ways(more_yes, more_no, more_yes + more_no)


def _by_moments(counts: Counts, tail: float) -> np.ndarray:
    upper = np.zeros(len(counts.yes))
    can_move = counts.can_move
    for k in range(counts.yes.shape[1]):
        at = np.flatnonzero(can_move[:, k])
        if len(at):
            upper[at] = np.maximum(upper[at], _beta_quantile(*_moments(counts[at], k), 1 - tail))
    # those that said no are known, and at most all of the unobserved say yes
    yes, no, unobserved = (part.sum(axis=-1) for part in (counts.yes, counts.no, counts.unobserved))
    return np.minimum(upper, 1 - no / (yes + no + unobserved))


class _Moments(NamedTuple):
    """Mean, variance and least value of linearised shares."""

    mean: np.ndarray
    variance: np.ndarray
    least: np.ndarray


def _moments(counts: Counts, k: int) -> _Moments:
    """The moments with one yes more in stratum ``k``."""
    extra = (np.arange(counts.yes.shape[1]) == k).astype(float)
    yes, no = counts.yes + extra, counts.no
    seen = yes + no + counts.other
    # a stratum without respondents that are relevant here has nothing to foretell
    each = np.maximum(seen, 1)
    is_process = np.isinf(counts.unobserved).any(axis=-1, keepdims=True)
    R = np.where(is_process, counts.N, counts.unobserved)
    fixed_yes, fixed = (np.where(is_process, 0, part) for part in (counts.yes, counts.yes + no))
    total = (fixed + R * (yes + no) / each).sum(axis=-1)
    mean = (fixed_yes + R * yes / each).sum(axis=-1) / total
    t = mean[:, None]
    spread = (yes * (1 - t) ** 2 + no * t**2) / each - ((yes * (1 - t) - no * t) / each) ** 2
    factor = R * np.where(is_process, R, each + R) / (each + 1)
    # a stratum where nobody says no stays so
    least = np.where(no == 0, fixed + R * yes / each, 0.0).sum(axis=-1) / total
    return _Moments(mean, (factor * spread).sum(axis=-1) / total**2, least)


def _beta_quantile(mean: np.ndarray, variance: np.ndarray, least: np.ndarray, chance: float) -> np.ndarray:
    """The larger of the quantiles of a beta from 0 to 1 and of one from the least value to 1.

    Where few strata can still vary, the first leans to one side more than the share does. The second is not taken
    where its parameters are small: the variance is then that of the size of the domain, which has no least value.
    """
    quantile = _scaled_quantile(mean, variance, np.zeros_like(least), chance)
    at = np.flatnonzero(least > 0)
    at = at[np.min(_parameters(mean[at], variance[at], least[at]), axis=0, initial=np.inf) >= HALF_AN_ANSWER]
    quantile[at] = np.maximum(quantile[at], _scaled_quantile(mean[at], variance[at], least[at], chance))
    return quantile


def _scaled_quantile(mean: np.ndarray, variance: np.ndarray, least: np.ndarray, chance: float) -> np.ndarray:
    a, b = np.maximum(_parameters(mean, variance, least), LEAST_PARAMETER)
    return np.where(variance > 0, least + (1 - least) * betaincinv(a, b, chance), mean)


def _parameters(mean: np.ndarray, variance: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Shape (2, C): both parameters of the beta from ``least`` to 1; not a number without variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (mean - least) / (1 - least)
        size = centre * (1 - centre) * (1 - least) ** 2 / variance - 1
        return np.array([centre * size, (1 - centre) * size])


@cache
def _log_factorial_table(size: int) -> np.ndarray:
    return gammaln(np.arange(size) + 1.0)


def _log_factorials(size: int) -> np.ndarray:
    """Logarithms of 0!, 1!, ..., at least up to ``size``."""
    return _log_factorial_table(1 << size.bit_length())


_FORMS = {"convolution": _by_convolution, "enumeration": _by_enumeration, "moments": _by_moments}
