"""How often the 95% interval for a change covers with a published percentage first and item responses later.

Its table and its part of COVERAGE.md are made by run.py.
"""

import runpy
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling.estimation.answered import share_to_compare
from wijkpeiling.estimation.change import Share, change_limits, possible_overlap
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.shares import shares
from wijkpeiling.sources.base import CHANCE, RANGE
from wijkpeiling.sources.between import assumed_correlations

TABLE = "mixed.csv"
SEED = 20263
DRAWS = 2000
# a cell below the target is drawn again with more and other numbers, to tell a weakness from bad luck
AGAIN = 5
LOWEST = 0.94
ROUNDING = 1e-12
# municipalities, respondents in the earlier and in the later wave
SIZES = ((120, 60, 60), (388, 240, 212))
# share in the earlier and in the later wave
P = ((0.05, 0.08), (0.4, 0.5), (0.9, 0.9))
OVERLAPS = ("least", "chance", "larger", "largest")
# correlation between the two answers of a municipality; the strong one is the most that an edition allows for
PERSISTENCE = {"weak": 0.1, "strong": 0.6}
# what an edition can assume of the overlap: the number that wave.yml states, or where it states none the other two
LABELS = ("known", RANGE, CHANCE)

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
    """A row for each cell."""
    return pd.DataFrame([_twice(draws, *cell) for cell in product(SIZES, P, OVERLAPS, PERSISTENCE)])


def population(N: int, p: tuple, rho: float) -> tuple[np.ndarray, np.ndarray]:
    """Answers of shape (2, N), correlated by ``rho``, and the size class of each municipality, which matters for them.

    In the larger classes more say yes, in both waves.
    """
    random = np.random.default_rng([SEED, N, int(100 * p[0]), int(100 * rho)])
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


def overlaps(N: int, n_first: int, n_second: int) -> dict[str, int]:
    """How many answered both times, under each name of ``OVERLAPS``."""
    least, largest = max(0, n_first + n_second - N), min(n_first, n_second)
    chance = round(n_first * n_second / N)
    return dict(zip(OVERLAPS, (least, chance, (chance + largest) // 2, largest), strict=True))


def _twice(draws: int, sizes: tuple, p: tuple, overlap: str, persistence: str) -> dict:
    cell = {**dict(zip(("N", "n_first", "n_second"), sizes, strict=True)), "p_first": p[0], "p_second": p[1]}
    cell |= {"overlap": overlap, "n_overlap": overlaps(*sizes)[overlap], "persistence": persistence, "draws": draws}
    cell |= simulate(sizes, p, overlap, persistence, draws)
    is_low = min(cell["known_coverage"], cell["range_coverage"]) < LOWEST
    again = simulate(sizes, p, overlap, persistence, AGAIN * draws, look=1) if is_low else {}
    return cell | {f"{label}_again": again.get(f"{label}_coverage", np.nan) for label in LABELS}


def simulate(sizes: tuple, p: tuple, overlap: str, persistence: str, draws: int, look: int = 0) -> dict:
    """Coverage and mean width over ``draws`` pairs of waves, under each assumption about the overlap."""
    answers, stratum = population(sizes[0], p, PERSISTENCE[persistence])
    n_overlap = overlaps(*sizes)[overlap]
    place = [SEED, look, sizes[0], int(100 * p[0]), n_overlap, int(100 * PERSISTENCE[persistence])]
    counts, later = _drawn(np.random.default_rng(place), answers, stratum, sizes[1:], n_overlap, draws)
    earlier = {count: Fixed.of(run["published_share"](count, sizes[1], sizes[0])) for count in set(counts)}
    truth = answers[1].mean() - answers[0].mean()
    assumed = {"known": n_overlap, RANGE: RANGE, CHANCE: CHANCE}
    found = {}
    for label in LABELS:
        limits = np.array(
            [_limits(earlier[count], share, sizes[0], assumed[label]) for count, share in zip(counts, later, strict=True)]
        )
        covers = (limits[:, 0] <= truth + ROUNDING) & (truth - ROUNDING <= limits[:, 1])
        found |= {f"{label}_coverage": covers.mean(), f"{label}_width": np.diff(limits).mean()}
    return found


def _limits(first: Share, second: Share, n_common: int, overlap: int | str) -> tuple[float, float]:
    return change_limits(first, second, min(assumed_correlations(first, second, n_common, overlap)))


def _drawn(
    random: np.random.Generator, answers: np.ndarray, stratum: np.ndarray, n: tuple, n_overlap: int, draws: int
) -> tuple[list[int], list[Fixed]]:
    """Yes in the earlier wave and the share in the later one, for each pair of waves.

    The later wave is a random sample of each size class in proportion. Of those that answered it ``n_overlap`` answered
    the earlier one, and as many of the others as make ``n[0]``.
    """
    N, N_h = len(stratum), np.bincount(stratum)
    n_h = run["apportion"](n[1], N_h)
    starts = np.r_[0, np.cumsum(N_h)[:-1]]
    order = np.argsort(stratum + random.random((draws, N)), axis=1)
    is_later = np.zeros(N, dtype=bool)
    is_later[np.concatenate([np.arange(start, start + taken) for start, taken in zip(starts, n_h, strict=True)])] = True
    later, others = (random.permuted(order[:, at], axis=1) for at in (is_later, ~is_later))
    earlier = np.hstack([later[:, :n_overlap], others[:, : n[0] - n_overlap]])
    labels = np.array(run["LABELS"])
    rows = pd.DataFrame({"gemeentecode": range(n[1]), "size_class": np.repeat(labels, n_h)})
    design = Design.from_responses(rows, pd.Series(N_h, index=labels))
    result = shares(design, pd.DataFrame(answers[1][order[:, is_later]].T).astype("boolean"))
    return answers[0][earlier].sum(axis=1).tolist(), _later_shares(result)


def _later_shares(result) -> list[Fixed]:
    kept = {}
    keys = list(zip(result.share[0].tolist(), result.variance[0].tolist(), strict=True))
    for item, key in zip(result.items, keys, strict=True):
        if key not in kept:
            kept[key] = Fixed.of(share_to_compare(result, item))
    return [kept[key] for key in keys]
