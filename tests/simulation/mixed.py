"""How often the 95% interval for a change covers with a published percentage first and item responses later.

Its table and its part of COVERAGE.md are made by run.py.
"""

import runpy
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling.estimation.answered import answered_share
from wijkpeiling.estimation.change import Share, change_limits
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.exact import Limits
from wijkpeiling.estimation.limits import limits, methods_of
from wijkpeiling.estimation.shares import Shares, shares
from wijkpeiling.sources.base import CHANCE, RANGE, AssumedOverlap
from wijkpeiling.sources.between import assumed_correlations

TABLE = "mixed.csv"
# the interval was chosen on the populations of the first; those of the second were first seen when it stood
SEEDS = {"first": 20263, "fresh": 20271}
DRAWS = 2000
# a cell below the target is drawn again with more and other numbers, to tell a weakness from bad luck
AGAIN = 5
LOWEST = 0.94
ROUNDING = 1e-12
# municipalities, respondents in the earlier and in the later wave
SIZES = ((100, 66, 60), (388, 240, 212))
# share in the earlier and in the later wave
P = ((0.05, 0.08), (0.4, 0.5), (0.95, 0.95))
OVERLAPS = ("least", "chance", "larger", "largest")
# correlation between the two answers of a municipality; the strong one is the most that an edition allows for
PERSISTENCE = {"weak": 0.1, "strong": 0.6}
# what an edition can assume of the overlap: the number that wave.yml states, or where it states none the other two
LABELS = ("known", "range", "chance")

run = runpy.run_path(str(Path(__file__).parent / "run.py"))


@dataclass(frozen=True)
class Fixed:
    """A share with its limits at one level, worked out once for all draws that give it."""

    share: float
    n: int
    N: int
    variance: float
    limits: tuple

    @classmethod
    def of(cls, share: Share) -> "Fixed":
        return cls(share.share, share.n, share.N, share.variance, tuple(share.ways(run["LEVEL"])))

    def ways(self, level: float) -> list:
        assert level == run["LEVEL"]
        return list(self.limits)


def simulate_all(draws: int = DRAWS) -> pd.DataFrame:
    """A row for each cell, on the populations of each seed."""
    return pd.DataFrame([_twice(draws, *cell) for cell in product(SEEDS, SIZES, P, OVERLAPS, PERSISTENCE)])


def population(N: int, p: tuple, rho: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Answers of shape (2, N), correlated by ``rho``, and the size class of each municipality, which matters for them.

    In the larger classes more say yes, in both waves.
    """
    random = np.random.default_rng([seed, N, int(100 * p[0]), int(100 * rho)])
    stratum = np.repeat(np.arange(4), run["apportion"](N, run["MUNICIPALITIES"]))
    first, second = (round(share * N) for share in p)
    both = round(N * (p[0] * p[1] + rho * np.sqrt(p[0] * (1 - p[0]) * p[1] * (1 - p[1]))))
    one = random.permutation(np.r_[[True] * (first - both), [False] * (second - both)])
    kinds = np.zeros((2, N), dtype=bool)
    kinds[:, :both] = True
    kinds[:, both : both + len(one)] = one, ~one
    answers = np.empty_like(kinds)
    answers[:, np.argsort(-(0.4 * stratum + random.standard_normal(N)))] = kinds
    return answers, stratum


def respondents(sizes: tuple, overlap: str) -> np.ndarray:
    """Shape (4, H): municipalities by size class, who answered the earlier wave, the later one, and both.

    In the later wave fewer of the small ones answered and more of the large; in the earlier as many everywhere.
    """
    N, n_first, n_second = sizes
    N_h = run["apportion"](N, run["MUNICIPALITIES"])
    first = run["apportion"](n_first, N_h)
    second = np.minimum(run["apportion"](n_second, N_h * np.array(run["UNEVEN"])), N_h)
    fewest, most = np.maximum(first + second - N_h, 0), np.minimum(first, second)
    chance = round((first * second / N_h).sum())
    asked = dict(zip(OVERLAPS, (fewest.sum(), chance, (chance + most.sum()) // 2, most.sum()), strict=True))[overlap]
    more = asked - fewest.sum()
    return np.array([N_h, first, second, fewest + (run["apportion"](more, most - fewest) if more else 0)])


def _twice(draws: int, populations: str, sizes: tuple, p: tuple, overlap: str, persistence: str) -> dict:
    cell = {"populations": populations, **dict(zip(("N", "n_first", "n_second"), sizes, strict=True))}
    cell |= {"p_first": p[0], "p_second": p[1]}
    cell |= {
        "overlap": overlap,
        "n_overlap": respondents(sizes, overlap)[3].sum(),
        "persistence": persistence,
        "draws": draws,
    }
    cell |= simulate(sizes, p, overlap, persistence, draws, populations)
    is_low = min(cell["known_coverage"], cell["range_coverage"]) < LOWEST
    again = simulate(sizes, p, overlap, persistence, AGAIN * draws, populations, look=1) if is_low else {}
    return cell | {f"{label}_again": again.get(f"{label}_coverage", np.nan) for label in LABELS}


def simulate(
    sizes: tuple, p: tuple, overlap: str, persistence: str, draws: int, populations: str = "first", look: int = 0
) -> dict:
    """Coverage and mean width over ``draws`` pairs of waves, under each assumption about the overlap."""
    seed = SEEDS[populations]
    answers, stratum = population(sizes[0], p, PERSISTENCE[persistence], seed)
    of_class = respondents(sizes, overlap)
    n_overlap = int(of_class[3].sum())
    place = [seed, look, sizes[0], int(100 * p[0]), n_overlap, int(100 * PERSISTENCE[persistence])]
    counts, later = _drawn(np.random.default_rng(place), answers, stratum, of_class, draws)
    earlier = {count: Fixed.of(run["published_share"](count, sizes[1], sizes[0])) for count in set(counts)}
    truth = answers[1].mean() - answers[0].mean()
    assumed = {"known": AssumedOverlap("known", n_overlap), "range": RANGE, "chance": CHANCE}
    found = {}
    for label in LABELS:
        ends = np.array(
            [
                _limits(earlier[count], share, sizes[0], assumed[label])
                for count, share in zip(counts, later, strict=True)
            ]
        )
        covers = (ends[:, 0] <= truth + ROUNDING) & (truth - ROUNDING <= ends[:, 1])
        found |= {f"{label}_coverage": covers.mean(), f"{label}_width": np.diff(ends).mean()}
    return found


def _limits(first: Share, second: Share, n_common: int, overlap: AssumedOverlap) -> Limits[float]:
    return change_limits(first, second, assumed_correlations(first, second, n_common, overlap).lowest)


def _drawn(
    random: np.random.Generator, answers: np.ndarray, stratum: np.ndarray, of_class: np.ndarray, draws: int
) -> tuple[list[int], list[Fixed]]:
    """Yes in the earlier wave and the share in the later one, for each pair of waves."""
    order = np.argsort(stratum + random.random((draws, len(stratum))), axis=1)
    N_h, *_, n_h, _ = of_class
    # within a class those of the later wave come first, and those of both stand last among them
    earlier, later = [], []
    for start, (_, n_first, n_second, n_both) in zip(np.r_[0, np.cumsum(N_h)], of_class.T, strict=False):
        later.append(start + np.arange(n_second))
        earlier.append(start + n_second - n_both + np.arange(n_first))
    labels = np.array(run["LABELS"])
    rows = pd.DataFrame({"gemeentecode": range(n_h.sum()), "size_class": np.repeat(labels, n_h)})
    design = Design.from_responses(rows, pd.Series(N_h, index=labels))
    result = shares(design, pd.DataFrame(answers[1][order[:, np.concatenate(later)]].T).astype("boolean"))
    return answers[0][order[:, np.concatenate(earlier)]].sum(axis=1).tolist(), _later_shares(result)


def _later_shares(result: Shares) -> list[Fixed]:
    """What `MicrodataWave.share` gives for each item, all at once."""
    low, high = (part[0] for part in limits(result, methods_of(result), run["LEVEL"]))
    columns = (part[0].tolist() for part in (result.share, result.variance, result.n))
    N = int(np.rint(result.N[0]))
    found = [
        Fixed(share, n, N, variance, ((share, *ends),))
        for share, variance, n, *ends in zip(*columns, low.tolist(), high.tolist(), strict=True)
    ]
    one = Fixed.of(answered_share(result, result.items[0]))
    assert np.allclose(
        [found[0].share, found[0].variance, *found[0].limits[0]], [one.share, one.variance, *one.limits[0]]
    )
    return found


def report(table: pd.DataFrame) -> str:
    """The part of COVERAGE.md on item responses against a published figure."""
    head = ["populations", "overlap assumed", "cells", "lowest", "median", f"below {LOWEST}"]
    head += ["width / known", "lowest cell"]
    lines = ["| " + " | ".join(head) + " |", "|---|---|" + "---:|" * 5 + "---|"]
    for (populations, same), label in product(table.groupby("populations", sort=False), LABELS):
        coverage = same[f"{label}_again"].fillna(same[f"{label}_coverage"])
        cells = [str(populations), label, str(len(same)), f"{coverage.min():.3f}", f"{coverage.median():.3f}"]
        cells += [str((coverage < LOWEST).sum()), f"{(same[f'{label}_width'] / same['known_width']).mean():.2f}"]
        lines.append("| " + " | ".join([*cells, _words(same.loc[coverage.idxmin()])]) + " |")
    cells = len(table) // len(SEEDS)
    text = HEAD.format(**SEEDS, draws=DRAWS, cells=cells, lowest=LOWEST, again=AGAIN * DRAWS, **PERSISTENCE)
    return text + "\n".join(lines) + "\n"


def _words(cell: pd.Series) -> str:
    twice = f"{cell['n_overlap']} both times ({cell['overlap']})"
    return (
        f"{cell['n_first']} and {cell['n_second']} of {cell['N']}, {twice}, "
        f"share {cell['p_first']} to {cell['p_second']}, persistence {cell['persistence']}"
    )


HEAD = """
# How often the interval for a change covers from a published percentage to item responses

Every cell stands in `mixed.csv`: {cells} cells, {draws} draws in each, twice. The interval was chosen (METHOD.md, M11)
on the populations of seed {first} (*first*); those of seed {fresh} (*fresh*) were drawn when it stood, and changed
nothing.

A cell is a fixed population of municipalities in four size classes, which matter for the answer. Of the earlier wave
the share is published as a whole percentage, of the later one it is estimated from item responses by size class, in
which 20% fewer of the smallest took part and 25% more of the largest. The number that answered both times is the least
or the largest possible, that of chance, or halfway between chance and the largest. Persistence, the correlation between
the two answers of a municipality, is {weak} (weak) or {strong} (strong): the most that an edition allows for.

*known*: `wave.yml` states the overlap. Where it does not, an edition shows *chance*, which falls short where fewer
answered twice than chance has it, beside *range*, and a sentence claims what both hold.

Target: {lowest} in every cell of *known* and *range*. A cell of these below it is drawn again {again} times, with other
numbers; that coverage counts.

"""
