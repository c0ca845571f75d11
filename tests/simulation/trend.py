"""How often the interval and the range of the slope from published figures cover.

Its table and its part of COVERAGE.md are made by run.py.
"""

from functools import cache, lru_cache
from itertools import combinations, product

import numpy as np
import pandas as pd
from pandas.core.groupby import SeriesGroupBy
from scipy.special import expit, logit

from wijkpeiling.estimation.change import overlap_correlations, possible_overlap
from wijkpeiling.estimation.rounded import Case, RoundedShare
from wijkpeiling.figures import feasible_counts
from wijkpeiling.trend.fit import Bounds
from wijkpeiling.trend.model import fit_trend

TABLE = "trend.csv"
SEED = 20262
DRAWS = 2000
# a cell of which the range is below the target is drawn again with more and other numbers
AGAIN = 5
LOWEST, LEVEL = 0.94, 0.95
Z = 1.959963984540054
KEY = ["n", "N", "answered", "share", "course", "persistence"]
COLUMNS = [*KEY, "agreement", "true_slope", "draws", "chance_coverage", "chance_width", "coverage", "again", "width"]

YEARS = np.array([2014.0, 2015.0, 2017.0, 2019.0])
BASELINE = 2017
# municipalities -> respondents of the four waves
SIZES = {60: (25, 30, 28, 26), 120: (60, 66, 72, 60), 380: (224, 234, 242, 212)}
# part of the municipalities, in random order, from which on each wave has its respondents; None: an order of its own
ANSWERED = {
    "by chance": (None, None, None, None),
    "always the same": (0.0, 0.0, 0.0, 0.0),
    "as different as can be": (0.0, 0.25, 0.5, 0.75),
    "early alike, late alike": (0.0, 0.0, 0.5, 0.5),
    "first as last": (0.0, 0.5, 0.5, 0.0),
}
SHARES = (0.05, 0.2, 0.5, 0.9)
# how far the logits of the four waves lie from that of the share
COURSES = {
    "flat": (0.0, 0.0, 0.0, 0.0),
    "rising": (-0.3, -0.18, 0.06, 0.3),
    "bent": (-0.6, 0.2, 0.2, 0.2),
}
# the highest correlation between the answers of two waves; none: they have nothing in common but chance
PERSISTENCE = {"none": 0.0, "middle": 0.3, "strong": 0.6}


def simulate_all(draws: int = DRAWS) -> pd.DataFrame:
    """A row for each cell."""
    cells = product(SIZES, ANSWERED, SHARES, COURSES, PERSISTENCE)
    return pd.DataFrame([cell(*settings, draws) for settings in cells], columns=COLUMNS)


def cell(N: int, answered: str, share: float, course: str, persistence: str, draws: int) -> dict:
    """What became of the interval and the range of one population and one way of answering."""
    place = [SEED, N, *(list(names).index(at) for names, at in ((SHARES, share), (COURSES, course)))]
    answers = population(N, share, course, persistence, place)
    first = _covered(answers, N, answered, 0, draws)
    again = {}
    if first["coverage"] < LOWEST:
        again = {"again": _covered(answers, N, answered, 1, AGAIN * draws)["coverage"]}
    settings = dict(zip(KEY, (min(SIZES[N]), N, answered, share, course, persistence), strict=True))
    return {**settings, "agreement": agreements(answers).max(), "draws": draws, **first, **again}


def population(N: int, share: float, course: str, persistence: str, place: list[int]) -> np.ndarray:
    """Shape (4, N): the answers of the highest persistence in scores with which no two waves agree more than asked."""
    random = np.random.default_rng(place)
    always, each = random.standard_normal(N), random.standard_normal((4, N))
    yes = np.clip(np.rint(N * expit(logit(share) + np.array(COURSES[course]))), 1, N - 1).astype(int)
    for rho in np.linspace(0.98, 0.0, 50) if PERSISTENCE[persistence] else [0.0]:
        scores = np.sqrt(rho) * always + np.sqrt(1 - rho) * each
        answers = np.argsort(np.argsort(-scores, axis=1), axis=1) < yes[:, None]
        if agreements(answers).max() <= PERSISTENCE[persistence]:
            break
    return answers


def agreements(answers: np.ndarray) -> np.ndarray:
    """Correlation between the answers of each pair of waves."""
    return np.corrcoef(answers)[np.triu_indices(4, 1)]


def _covered(answers: np.ndarray, N: int, answered: str, look: int, draws: int) -> dict:
    counts = drawn_counts(answers, N, answered, look, draws)
    shares, variances = published(counts, SIZES[N], N)
    # a share of 0 or 1 has no trend
    fitted = ((shares > 0) & (shares < 1)).all(axis=1)
    slope, *halves = slopes(shares[fitted], variances[fitted], N)
    _check(shares[fitted][0], variances[fitted][0], N, slope[0], [half[0] for half in halves])
    exact = answers.mean(axis=1)
    # of the line through the population, weighted as on average
    true = slopes(exact[None], variances[fitted].mean(axis=0)[None], N, exact[None])[0][0]
    chance, widest = ((np.abs(slope - true) <= half).mean() for half in halves)
    widths = [2 * half.mean() for half in halves]
    found = {"chance_coverage": chance, "chance_width": widths[0], "coverage": widest, "width": widths[1]}
    return {"true_slope": true, **found}


def drawn_counts(answers: np.ndarray, N: int, answered: str, look: int, draws: int) -> np.ndarray:
    """Shape (draws, 4): how many say yes; every wave alone is a simple random sample."""
    random = np.random.default_rng([SEED, look, N])
    counts = np.empty((draws, 4), dtype=int)
    for wave, (start, n) in enumerate(zip(ANSWERED[answered], SIZES[N], strict=True)):
        if start is None:
            yes = answers[wave].sum()
            counts[:, wave] = random.hypergeometric(yes, N - yes, n, draws)
        else:
            at = (round(start * N) + np.arange(n)) % N
            counts[:, wave] = answers[wave][orders(N, look, draws)[at]].sum(axis=0)
    return counts


@lru_cache(maxsize=2)
def orders(N: int, look: int, draws: int) -> np.ndarray:
    """Shape (N, draws): random orders of all municipalities, the same for every cell of so many."""
    random = np.random.default_rng([SEED, look, N, 1])
    return np.argsort(random.random((N, draws)), axis=0)


def published(counts: np.ndarray, sizes: tuple, N: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares and variances as they are known from a whole percentage; both of shape (draws, 4)."""
    known = [
        np.array([[(one := published_share(count, n, N)).share, one.variance] for count in range(n + 1)]) for n in sizes
    ]
    both = np.stack([table[counts[:, wave]] for wave, table in enumerate(known)], axis=1)
    return both[..., 0], both[..., 1]


@cache
def published_share(count: int, n: int, N: int) -> RoundedShare:
    """What remains of a count once it is published as a whole percentage."""
    pct = (200 * count + n) // (2 * n)
    cases = tuple(Case(possible, n, N) for possible in feasible_counts(pct, n))
    return RoundedShare(count / n if len(cases) == 1 else pct / 100, n, N, cases)


@cache
def correlations(N: int) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest correlation of each pair of waves over all overlaps, 1 with itself."""
    lowest, highest = np.eye(4), np.eye(4)
    waves = [RoundedShare(0.5, n, N, ()) for n in SIZES[N]]
    for i, j in combinations(range(4), 2):
        ends = overlap_correlations(waves[i], waves[j], n_common=N, n_overlap=possible_overlap(waves[i], waves[j], N))
        for bound, end in zip((lowest, highest), ends, strict=True):
            bound[i, j] = bound[j, i] = end
    return lowest, highest


def slopes(
    shares: np.ndarray, variances: np.ndarray, N: int, weighed: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Average slope of each draw with half its interval and half its range: `fit_trend` for all draws at once."""
    weights = (shares if weighed is None else weighed) * (1 - (shares if weighed is None else weighed)) / variances
    line = np.column_stack([np.ones(4), YEARS - BASELINE])
    params = np.column_stack([logit(shares.mean(axis=1)), np.zeros(len(shares))])
    for _ in range(12):
        mean = expit(params @ line.T)
        spread = mean * (1 - mean)
        bread = np.linalg.inv(np.einsum("ti,dt,tj->dij", line, weights * spread, line))
        params = params + np.einsum("dij,tj,dt->di", bread, line, weights * (shares - mean))
    mean = expit(params @ line.T)
    spread = mean * (1 - mean)
    bend = spread * (1 - 2 * mean)
    of_slope = (bend @ line / 4) * params[:, [1]] + np.outer(spread.mean(axis=1), [0, 1])
    # what each share adds to the slope, in its own standard errors
    part = np.einsum("di,dij,tj,dt->dt", of_slope, bread, line, weights) * np.sqrt(variances)
    products = part[:, :, None] * part[:, None, :]
    lowest, highest = correlations(N)
    at_worst = np.where(products > 0, highest, lowest)
    slope = spread.mean(axis=1) * params[:, 1]
    return slope, Z * np.sqrt((part**2).sum(axis=1)), Z * np.sqrt((products * at_worst).sum(axis=(1, 2)))


def _check(shares: np.ndarray, variances: np.ndarray, N: int, slope: float, halves: list[float]) -> None:
    scale = np.sqrt(np.outer(variances, variances))
    possible = Bounds(*(bound * scale for bound in correlations(N)))
    trend = fit_trend(YEARS.astype(int).tolist(), shares, np.diag(variances), BASELINE, possible=possible)
    found = slope - halves[0], slope + halves[0], slope - halves[1], slope + halves[1]
    expected = trend.slope_low, trend.slope_high, trend.slope_range_low, trend.slope_range_high
    assert np.allclose(found, expected, atol=1e-9), (found, expected)


def report(table: pd.DataFrame) -> str:
    """The part of COVERAGE.md on the slope."""
    sizes = "; ".join(f"{', '.join(map(str, n))} of {N}" for N, n in SIZES.items())
    agreement = table[table["share"] == 0.5].groupby("persistence")["agreement"]
    told = ", ".join(
        f"{low:.2f} to {high:.2f} ({name})" for name in PERSISTENCE for low, high in [_ends(agreement, name)]
    )
    text = HEAD.format(seed=SEED, draws=DRAWS, cells=len(table), sizes=sizes, agreement=told, lowest=LOWEST)
    for name in ("answered", "persistence", "n", "share", "course"):
        text += _summary([(str(value), part) for value, part in table.groupby(name, sort=False)], name) + "\n"
    return text + WORST + _worst(table, "coverage", "range") + "\n" + _worst(table, "chance_coverage", "interval")


def _ends(agreement: SeriesGroupBy, name: str) -> tuple[float, float]:
    # adding 0 takes the sign from a zero
    return agreement.min()[name].round(2) + 0, agreement.max()[name].round(2) + 0


def _settled(table: pd.DataFrame) -> pd.Series:
    return table["again"].fillna(table["coverage"])


def _summary(groups: list[tuple[str, pd.DataFrame]], name: str) -> str:
    head = [
        name,
        "cells",
        "range: lowest",
        "median",
        f"below {LOWEST}",
        "interval: lowest",
        "median",
        f"below {LOWEST}",
    ]
    lines = ["| " + " | ".join([*head, "range / interval"]) + " |", "|---|" + "---:|" * len(head)]
    for value, part in groups:
        cells = [value, str(len(part))]
        for column in (_settled(part), part["chance_coverage"]):
            cells += [f"{column.min():.3f}", f"{column.median():.3f}", str((column < LOWEST).sum())]
        lines.append("| " + " | ".join([*cells, f"{(part['width'] / part['chance_width']).mean():.2f}"]) + " |")
    return "\n".join(lines) + "\n"


def _worst(table: pd.DataFrame, by: str, name: str, most: int = 6) -> str:
    head = [f"lowest {name}", "N", "share", "course", "persistence", "range", "again", "interval", "range / interval"]
    lines = ["| " + " | ".join(head) + " |", "|---|---:|---:|---|---|" + "---:|" * 4]
    for at in table.sort_values(by, kind="stable").head(most).itertuples():
        again = "" if np.isnan(at.again) else f"{at.again:.3f}"
        cells = [at.answered, str(at.N), str(at.share), at.course, at.persistence, f"{at.coverage:.3f}", again]
        cells += [f"{at.chance_coverage:.3f}", f"{at.width / at.chance_width:.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


HEAD = """
# How often the interval for a slope from published figures covers

Every cell stands in `trend.csv`. Seed {seed}; {cells} cells, {draws} draws in each.

A cell is a fixed population in the waves of 2014, 2015, 2017 and 2019, each published as a whole percentage of a simple
random sample, of which nobody says who answered twice. The *interval* takes the overlaps as those of chance, the
*range* takes the least favourable ones. Both are held against the slope of the line through the shares of the
population, weighted as the figures are on average. Draws with a wave of 0 or 100 percent have no trend and are left
out.

- **Respondents**: {sizes} municipalities.
- **Answered**: every wave by chance; the same municipalities as far as the numbers allow; a quarter further on in one
  order of all municipalities each time; the first two alike and the last two, with as few in both as can be; the first
  as the last, and the middle two.
- **Share** of yes, and its **course**: flat, rising .6 on the logit scale along a line, or bent after the first wave.
- **Persistence**: the highest correlation between the answers of a municipality in two waves, at shares of a half:
  {agreement}. Assumed is 0 to .6.

Target: the range covers at least {lowest} in every cell. A cell below it is drawn again five times, with other numbers;
that coverage counts. The interval is no promise where the overlaps are not those of chance: that is what the range is
for.

"""

WORST = """## The lowest cells for a slope

"""
