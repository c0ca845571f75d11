"""How often the 95% interval for one share covers: by enumeration where that can be done, else by draws.

Its table and its part of COVERAGE.md are made by run.py.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import hypergeom

from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.estimation.intervals import has_no_variance, interval
from wijkpeiling.estimation.predictive import Counts, predictive_limits

TABLE = "single.csv"
SEED = 20261
DRAWS = 2000
# a drawn cell below the target is drawn again with more and other numbers, to tell a weakness from bad luck
AGAIN = 5
LOWEST, WIDER = 0.94, 1.15
LEVEL = 0.95
COLUMNS = ["grid", "n", "design", "truth", "p", "share", "draws", "coverage", "again", "width"]
COLUMNS += ["before_coverage", "before_width"]
ROUNDING = 1e-9
# designs with at most so many outcomes are enumerated
LARGEST_ENUMERATION = 30_000

MUNICIPALITIES = np.array([81, 189, 54, 31])
SIZES = (25, 45, 82, 120, 212)
RESPONSE = {"even": (1.0, 1.0, 1.0, 1.0), "rising": (0.6, 0.9, 1.2, 1.5), "falling": (1.5, 1.2, 0.9, 0.6)}
# a class with one respondent
ONE = ((44, 111, 34, 1), (1, 111, 34, 23))
# those of .5 and more are the same with yes for no: a graded share runs both ways
P = (0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5)
GRADES = np.array([-1.2, -0.2, 0.8, 1.8])
BASES = {"flat": (0.6, 0.6, 0.6, 0.6), "rising": (0.68, 0.84, 0.88, 1.0)}
CLASSES = ((54, 25), (54, 34), (81, 44), (189, 111), (31, 25), (31, 23), (189, 170))
BASE_SHARES = (0.5, 0.7, 0.85, 0.95)
# part of the municipalities of each class that lies in the domain
REGIONS = {"small": (0.04, 0.04, 0.04, 0.04), "middle": (0.1, 0.08, 0.06, 0.1), "large": (0.2, 0.25, 0.15, 0.1)}
BANDS = ((2, 4), (5, 9), (10, 355))


def simulate_all(draws: int = DRAWS) -> pd.DataFrame:
    """A row for each cell."""
    grids = (overall(draws), one_in_a_class(draws), of_classes(), over_base(draws), of_regions(draws))
    return pd.DataFrame([row for grid in grids for row in grid], columns=COLUMNS)


def overall(draws: int, sizes: tuple = SIZES) -> list[dict]:
    """All municipalities, in four strata."""
    designs = [(n, name, respondents(n, rate)) for n, (name, rate) in product(sizes, RESPONSE.items())]
    return _of_designs("overall", designs, draws)


def one_in_a_class(draws: int) -> list[dict]:
    """All municipalities, with a single respondent in a class."""
    designs = [(sum(n_h), f"class {np.argmin(n_h) + 1}", np.array(n_h)) for n_h in ONE]
    return _of_designs("overall, one in a class", designs, draws)


def _of_designs(grid: str, designs: list[tuple[int, str, np.ndarray]], draws: int) -> list[dict]:
    rows = []
    for n, design, n_h in designs:
        outcomes = _outcomes(n_h)
        limits = None if outcomes is None else _limits(n_h, outcomes)
        for truth, K in truths(MUNICIPALITIES):
            cell = {"grid": grid, "n": n, "design": design, **truth}
            if outcomes is None:
                cell |= _twice(_drawn_overall, draws, n_h, K)
            else:
                strata = zip(outcomes.T, MUNICIPALITIES, K, n_h, strict=True)
                chance = np.prod([hypergeom.pmf(x, *part) for x, *part in strata], axis=0)
                cell |= {"draws": 0, **_summary(limits, truth["share"], chance)}
            rows.append(cell)
    return rows


def of_classes(classes: tuple = CLASSES) -> list[dict]:
    """One size class over a base of unknown size, every number of yes; the worst of them is the cell."""
    rows = []
    for N, n in classes:
        m, x, limits = _class_limits(N, n)
        for part in BASE_SHARES:
            T = round(part * N)
            of_base = hypergeom.pmf(m, N, T, n)
            can_be = np.minimum(m, T)  # a larger base among the respondents has chance 0
            least = max(round(0.01 * T), 1)
            cells = [
                {"K": K, **_summary(limits, K / T, of_base * hypergeom.pmf(x, T, K, can_be))}
                for K in range(least, T // 2 + 1)
            ]
            table = pd.DataFrame(cells)
            share = table["K"][table["coverage"].argmin()] / T
            cell = {"grid": "class over a base", "n": n, "design": f"of {N}", "truth": f"{T} in the base", "draws": 0}
            lowest = table[["coverage", "before_coverage"]].min()
            rows.append(
                cell | {"p": round(share, 4), "share": share, **lowest, **table[["width", "before_width"]].mean()}
            )
    return rows


def over_base(draws: int, sizes: tuple = SIZES) -> list[dict]:
    """All municipalities of a base of unknown size."""
    rows = []
    for n, (response, rate), (base, parts) in product(sizes, RESPONSE.items(), BASES.items()):
        n_h, T = respondents(n, rate), np.rint(MUNICIPALITIES * parts).astype(int)
        for truth, K in truths(T):
            cell = {"grid": "overall over a base", "n": n, "design": f"{response}, base {base}", **truth}
            rows.append(cell | _twice(_drawn_base, draws, n_h, T, K))
    return rows


def of_regions(draws: int) -> list[dict]:
    """A domain across strata, by the number of answers in it."""
    rows = []
    for n, (region, parts) in product((45, 120, 212), REGIONS.items()):
        n_h, T = respondents(n, RESPONSE["rising"]), np.rint(MUNICIPALITIES * parts).astype(int)
        for truth, K in truths(T, (0.1, 0.3, 0.5)):
            _, m, covered, widths = _drawn_part(n_h, T, K, 0, 2 * draws)
            for low, high in BANDS:
                at = (m >= low) & (m <= high)
                if at.sum() < draws / 2:
                    continue
                cell = {"grid": f"region, {low}-{high} answers" if high < 355 else f"region, {low} answers or more"}
                cell |= {"n": n, "design": region, **truth, "draws": int(at.sum())}
                cell |= dict(zip(("coverage", "before_coverage"), covered[:, at].mean(axis=1), strict=True))
                rows.append(cell | dict(zip(("width", "before_width"), widths[:, at].mean(axis=1), strict=True)))
    return rows


def respondents(n: int, rate: tuple) -> np.ndarray:
    """Respondents per stratum, one or more and less than all."""
    part = MUNICIPALITIES * rate
    return np.clip(np.rint(n * part / part.sum()).astype(int), 1, MUNICIPALITIES - 1)


def truths(N: np.ndarray, shares: tuple = P):
    """Populations: how the share differs between strata, and the number of yes in each."""
    for p in shares:
        kinds = {"equal": np.rint(p * N), "graded up": _graded(N, p, GRADES), "graded down": _graded(N, p, -GRADES)}
        alone = {h: np.eye(4)[h] * np.rint(p * N.sum()) for h in (0, 3) if p * N.sum() <= N[h]}
        kinds |= {f"only in class {h + 1}": K for h, K in alone.items()}
        for name, K in kinds.items():
            if K.sum() > 0:
                yield {"truth": name, "p": p, "share": K.sum() / N.sum()}, K.astype(int)


def _graded(N: np.ndarray, p: float, grades: np.ndarray) -> np.ndarray:
    middle = brentq(lambda a: N @ expit(a + grades) - p * N.sum(), -12, 12)
    return np.rint(N * expit(middle + grades))


def _outcomes(n_h: np.ndarray) -> np.ndarray | None:
    if np.prod(n_h + 1) > LARGEST_ENUMERATION:
        return None
    return np.stack(np.meshgrid(*(np.arange(n + 1) for n in n_h), indexing="ij"), axis=-1).reshape(-1, len(n_h))


def _drawn_overall(n_h: np.ndarray, K: np.ndarray, look: int, draws: int) -> dict:
    random = np.random.default_rng([SEED, look, *n_h, *K])
    drawn = random.hypergeometric(K, MUNICIPALITIES - K, n_h, (draws, len(n_h)))
    outcomes, times = np.unique(drawn, axis=0, return_counts=True)
    return _summary(_limits(n_h, outcomes), K.sum() / MUNICIPALITIES.sum(), times / draws)


def _drawn_part(n_h: np.ndarray, T: np.ndarray, K: np.ndarray, look: int, draws: int) -> tuple:
    """Summary, number of answers, and per draw whether it covers and how wide it is, for the method before too."""
    random = np.random.default_rng([SEED, look, *n_h, *T, *K])
    m = random.hypergeometric(T, MUNICIPALITIES - T, n_h, (draws, len(n_h)))
    yes = random.hypergeometric(K, T - K, m)
    seen = m.sum(axis=1) > 0
    m, yes = m[seen], yes[seen]
    limits = _limits(n_h, yes, m)
    share, even = K.sum() / T.sum(), np.full(len(m), 1 / len(m))
    covered = np.array([_covers(*limits[:2], share), _covers(*limits[2:], share)])
    widths = np.array([limits[1] - limits[0], limits[3] - limits[2]])
    return _summary(limits, share, even), m.sum(axis=1), covered, widths


def _drawn_base(n_h: np.ndarray, T: np.ndarray, K: np.ndarray, look: int, draws: int) -> dict:
    return _drawn_part(n_h, T, K, look, draws)[0]


def _twice(draw: Callable, draws: int, *population: np.ndarray) -> dict:
    cell = {"draws": draws, **draw(*population, 0, draws)}
    again = {"again": draw(*population, 1, AGAIN * draws)["coverage"]} if cell["coverage"] < LOWEST else {}
    return cell | again


def _summary(limits: tuple, share: float, chance: np.ndarray) -> dict:
    low, high, before_low, before_high = limits
    return {
        "coverage": chance @ _covers(low, high, share),
        "width": chance @ (high - low),
        "before_coverage": chance @ _covers(before_low, before_high, share),
        "before_width": chance @ (before_high - before_low),
    }


def _covers(low: np.ndarray, high: np.ndarray, share: float) -> np.ndarray:
    return (low <= share + ROUNDING) & (share - ROUNDING <= high)


def _limits(n_h: np.ndarray, yes: np.ndarray, answered: np.ndarray | None = None) -> tuple:
    """The predictive limits and those of logit, or beta without variance, for outcomes of shape (C, H)."""
    m = np.broadcast_to(n_h if answered is None else answered, yes.shape).astype(float)
    weight = MUNICIPALITIES / n_h
    share = (yes @ weight) / (m @ weight)
    unobserved = np.broadcast_to(MUNICIPALITIES - n_h, yes.shape).astype(float)
    N = np.broadcast_to(MUNICIPALITIES, yes.shape).astype(float)
    counts = Counts(yes.astype(float), m - yes, n_h - m, unobserved, N)
    return *predictive_limits(counts, share, LEVEL), *_before(n_h, yes, m)


def _before(n_h: np.ndarray, yes: np.ndarray, m: np.ndarray) -> tuple:
    """The interval by linearisation (M13), with a class of one respondent joined to its neighbour."""
    joined = np.where(n_h < 2, np.maximum(np.arange(4) - 1, np.arange(4) == 0), np.arange(4))
    merged = np.eye(4)[joined][:, np.unique(joined)]
    n_h, N_h, yes, m = n_h @ merged, MUNICIPALITIES @ merged, yes @ merged, m @ merged
    weight = N_h / n_h
    share = (yes @ weight) / (m @ weight)
    unit = weight / (m @ weight)[:, None]
    sums = unit * (yes - m * share[:, None])
    squares = unit**2 * (yes * (1 - share[:, None]) ** 2 + (m - yes) * share[:, None] ** 2)
    factor = (1 - n_h / N_h) * n_h / (n_h - 1)
    se = np.sqrt(np.maximum(((squares - sums**2 / n_h) * factor).sum(axis=1), 0))
    n = m.sum(axis=1)
    df = n - (m > 0).sum(axis=1)
    flat = has_no_variance(share, se, n)
    limits = np.array([interval(name, share, se, df, n, np.rint(m @ weight), LEVEL) for name in ("beta", "logit")])
    return tuple(np.where(flat, limits[0], limits[1]))


@cache
def _class_limits(N: int, n: int) -> tuple:
    """Respondents in the base, yes, and the limits, for every outcome of one stratum."""
    m, x = (part.ravel() for part in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"))
    m, x = m[(x <= m) & (m > 0)], x[(x <= m) & (m > 0)]
    columns = [part[:, None].astype(float) for part in (x, m - x, n - m, np.full(len(m), N - n), np.full(len(m), N))]
    low, high = predictive_limits(Counts(*columns), x / m, LEVEL)
    return m, x, (low, high, *_rounded(N, n, m, x))


def _rounded(N: int, n: int, m: np.ndarray, x: np.ndarray) -> tuple:
    """The exact interval that takes the estimated size of the base as known."""
    size = np.maximum(np.rint(N / n * m).astype(int), m)
    limits = [exact_limits(int(T), int(of), LEVEL) for T, of in zip(size, m, strict=True)]
    return tuple(np.array([pair[side][yes] for pair, yes in zip(limits, x, strict=True)]) / size for side in (0, 1))


def report(table: pd.DataFrame) -> str:
    """The part of COVERAGE.md on one share."""
    text = HEAD.format(seed=SEED, draws=DRAWS, cells=len(table), lowest=LOWEST, wider=WIDER, again=AGAIN * DRAWS)
    return text + _by_grid(table) + "\n## The lowest cells of each grid\n\n" + _worst(table)


def _by_grid(table: pd.DataFrame) -> str:
    head = ["", "cells", "lowest", "5%", "median", f"below {LOWEST}", "before: lowest", "median", f"below {LOWEST}"]
    head += ["width / before, where that covers", f"above {WIDER}"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for name, part in _groups(table):
        settled = part["again"].fillna(part["coverage"])
        ratio = (part["width"] / part["before_width"])[part["before_coverage"] >= LOWEST]
        cells = [
            name,
            str(len(part)),
            f"{settled.min():.3f}",
            f"{settled.quantile(0.05):.3f}",
            f"{settled.median():.3f}",
        ]
        cells += [str((settled < LOWEST).sum()), f"{part['before_coverage'].min():.3f}"]
        cells += [f"{part['before_coverage'].median():.3f}", str((part["before_coverage"] < LOWEST).sum())]
        cells += [f"{ratio.mean():.3f}" if len(ratio) else "", f"{(ratio > WIDER).sum()} of {len(ratio)}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _groups(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each grid, and apart the cells where all yes stand in one stratum."""
    for grid, part in table.groupby("grid", sort=False):
        yield grid, part
        alone = part["truth"].str.startswith("only")
        if alone.any():
            yield f"{grid}, equal or graded", part[~alone]
            yield f"{grid}, in one stratum only", part[alone]


def _worst(table: pd.DataFrame, most: int = 5) -> str:
    head = ["grid", "n", "design", "truth", "share", "draws", "coverage", "again", "before", "width / before"]
    lines = ["| " + " | ".join(head) + " |", "|---|---:|---|---|" + "---:|" * 6]
    for _, part in table.groupby("grid", sort=False):
        for cell in part.sort_values("coverage", kind="stable").head(most).itertuples():
            numbers = [f"{cell.share:.3f}", str(cell.draws) if cell.draws else "all outcomes", f"{cell.coverage:.3f}"]
            numbers += ["" if np.isnan(cell.again) else f"{cell.again:.3f}", f"{cell.before_coverage:.3f}"]
            numbers += [f"{cell.width / cell.before_width:.3f}"]
            lines.append("| " + " | ".join([cell.grid, str(cell.n), cell.design, cell.truth, *numbers]) + " |")
    return "\n".join(lines) + "\n"


HEAD = """
# How often the interval for one share covers

Every cell stands in `single.csv`. Seed {seed}; {cells} cells, {draws} draws in each where the outcomes are too many to
take all.

A cell is a fixed population and a random sample per size class, of the municipalities of 2019. The default 95%
interval is held against the share in the population; *before* is the interval that was the default until then: logit,
beta without variance, and by class `exact` with the size of the base rounded and taken as known.

- **Overall**: 25 to 212 respondents; the same response in every class, or rising or falling with size; shares of 1 to
  50%, the same in every class, graded (logits -1.2 to 1.8) up or down with size, or with all yes in the smallest or the
  largest class. A share above 50% is the same cell with yes for no.
- **One in a class**: as overall, with a single respondent in the smallest or the largest class, which joined its
  neighbour before.
- **Class over a base**: one class, of which an unknown part has the item put to it, every number of yes; the cell shows
  the lowest, and the mean width.
- **Overall over a base**: as overall, over 60% of each class or 68 to 100%.
- **Region**: a domain across classes, by the number of answers that fell in it. With fewer than 10 it is withheld.

Targets: {lowest} in every cell, mean width at most {wider} of that before where that covers. A drawn cell below the
target is drawn again {again} times, with other numbers; that coverage counts.

"""
