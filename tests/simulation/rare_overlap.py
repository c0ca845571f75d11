"""How often the 95% interval for a change covers where none, one or two municipalities answered both waves.

Its table and its part of COVERAGE.md are made by run.py.
"""

import runpy
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling.estimation.answered import change_of_answers
from wijkpeiling.estimation.change import mover
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.overlap import overlap
from wijkpeiling.estimation.shares import Shares, shares

TABLE = "rare_overlap.csv"
SEED = 20262
DRAWS = 2000
# a cell below the target is drawn again with more and other numbers, to tell a weakness from bad luck
AGAIN = 5
LOWEST = 0.94
ROUNDING = 1e-12
# municipalities, respondents in the first and in the second wave
SIZES = ((342, 171, 171), (120, 60, 45))
PAIRS = (0, 1, 2)
P = (0.1, 0.3, 0.7)
# correlation between the two answers of a municipality
PERSISTENCE = (0.0, 0.5, 0.8)

run = runpy.run_path(str(Path(__file__).parent / "run.py"))


def simulate_all(draws: int = DRAWS) -> pd.DataFrame:
    """A row for each cell."""
    return pd.DataFrame([_twice(draws, *cell) for cell in product(SIZES, PAIRS, P, PERSISTENCE)])


def population(N: int, p: float, rho: float) -> np.ndarray:
    """Shape (2, N): answers with share ``p`` in both waves, correlated by ``rho``."""
    yes = round(p * N)
    both = round(N * (p * p + rho * p * (1 - p)))
    answers = np.zeros((2, N), dtype=bool)
    answers[0, :yes] = True
    answers[1, yes - both : 2 * yes - both] = True
    return answers


def _twice(draws: int, sizes: tuple, n_pairs: int, p: float, rho: float) -> dict:
    N, first, second = sizes
    cell = {"N": N, "n_first": first, "n_second": second, "pairs": n_pairs, "p": p, "persistence": rho, "draws": draws}
    cell |= simulate(sizes, n_pairs, p, rho, draws)
    low = cell["coverage"] < LOWEST
    return cell | {"again": simulate(sizes, n_pairs, p, rho, AGAIN * draws, look=1)["coverage"] if low else np.nan}


def simulate(sizes: tuple, n_pairs: int, p: float, rho: float, draws: int, look: int = 0) -> dict:
    """Coverage and mean width over ``draws`` pairs of waves; each distinct outcome is estimated once."""
    N, *n = sizes
    answers = population(N, p, rho)
    random = np.random.default_rng([SEED, look, *sizes, n_pairs, int(100 * p), int(100 * rho)])
    order = random.permuted(np.tile(np.arange(N), (draws, 1)), axis=1)
    # those who answered both stand last in the first wave and first in the second
    start = n[0] - n_pairs
    waves = answers[0][order[:, : n[0]]], answers[1][order[:, start : start + n[1]]]
    twice = np.hstack([waves[0][:, start:], waves[1][:, :n_pairs]])
    outcome = np.column_stack([*(wave.sum(axis=1) for wave in waves), twice])
    _, place, times = np.unique(outcome, axis=0, return_index=True, return_counts=True)
    results = [_shares(wave[place], N) for wave in waves]
    pairs = np.column_stack([np.arange(start, n[0]), np.arange(n_pairs)])
    truth = answers[1].mean() - answers[0].mean()
    found = {}
    for name, (low, high) in _limits(results, pairs).items():
        covers = (low <= truth + ROUNDING) & (truth - ROUNDING <= high)
        found |= {f"{name}coverage": np.average(covers, weights=times)}
        found |= {f"{name}width": np.average(high - low, weights=times)}
    return found


def _shares(answers: np.ndarray, N: int) -> Shares:
    """Of one wave, an item for each row of ``answers``."""
    design = Design.from_responses(pd.DataFrame({"gemeentecode": range(answers.shape[1])}), N)
    return shares(design, pd.DataFrame(answers.T).astype("boolean"))


def _limits(results: list[Shares], pairs: np.ndarray) -> dict[str, np.ndarray]:
    """Those of `change_of_answers`, and those with the correlation as it is estimated."""
    both = overlap(*results, pairs)
    parts = [run["_parts"](result) for result in results]
    low, high = run["_answered_limits"](*parts, both)
    change = change_of_answers(*results, both, "0")
    assert np.allclose((change.ci_low, change.ci_high), (low[0], high[0]), atol=ROUNDING), change
    single = [
        [(part.share, *limits) for part, limits in zip(wave, run["_single_limits"](wave), strict=True)]
        for wave in parts
    ]
    estimated = [mover(*two, float(r)) for *two, r in zip(*single, np.diag(both.correlation), strict=True)]
    return {"": np.array([low, high]), "estimated_": np.array(estimated).T}


def report(table: pd.DataFrame) -> str:
    """The part of COVERAGE.md on waves that hardly overlap."""
    text = HEAD.format(seed=SEED, draws=DRAWS, cells=len(table), lowest=LOWEST, again=AGAIN * DRAWS)
    return text + _by_pairs(table) + "\n## The lowest cells with so few pairs\n\n" + _worst(table)


def _settled(table: pd.DataFrame) -> pd.Series:
    return table["again"].fillna(table["coverage"])


def _by_pairs(table: pd.DataFrame) -> str:
    head = ["municipalities, respondents", "pairs", "cells", "lowest", "median", f"below {LOWEST}"]
    head += ["correlation as estimated: lowest", "median", "width / that"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for (N, first, second, n_pairs), part in table.groupby(["N", "n_first", "n_second", "pairs"], sort=False):
        settled, estimated = _settled(part), part["estimated_coverage"]
        cells = [f"{N}, {first} and {second}", str(n_pairs), str(len(part))]
        cells += [f"{settled.min():.3f}", f"{settled.median():.3f}", str((settled < LOWEST).sum())]
        cells += [f"{estimated.min():.3f}", f"{estimated.median():.3f}"]
        cells += [f"{(part['width'] / part['estimated_width']).mean():.3f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _worst(table: pd.DataFrame, most: int = 3) -> str:
    head = ["pairs", "municipalities, respondents", "share", "persistence", "coverage", "again", "as estimated"]
    lines = ["| " + " | ".join(head) + " |", "|---:|---|" + "---:|" * 5]
    for n_pairs, part in table.groupby("pairs", sort=False):
        for cell in part.sort_values("coverage", kind="stable").head(most).itertuples():
            cells = [str(n_pairs), f"{cell.N}, {cell.n_first} and {cell.n_second}", str(cell.p), str(cell.persistence)]
            cells += [f"{cell.coverage:.3f}", "" if np.isnan(cell.again) else f"{cell.again:.3f}"]
            lines.append("| " + " | ".join([*cells, f"{cell.estimated_coverage:.3f}"]) + " |")
    return "\n".join(lines) + "\n"


HEAD = """
# How often the interval for a change covers where hardly anyone answered both waves

Every cell stands in `rare_overlap.csv`. Seed {seed}; {cells} cells, {draws} draws in each.

A cell is a fixed population without strata, two random samples of it, and none, one or two municipalities in both. So
small an overlap lies far below that of chance, and persistent answers make the change less certain than with two
independent waves. Without a pair nothing is known of how they persist: the interval takes the correlation that goes
with all municipalities standing by their answers. *As estimated* is the same interval with the correlation that the
pairs give, which is 0 without any.

Share: the same in both waves. Persistence: the correlation between the two answers of a municipality.

Target: {lowest} in every cell. A cell below it is drawn again {again} times, with other numbers; that coverage counts.

"""
