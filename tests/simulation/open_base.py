"""How often the 95% interval for a change covers where the earlier figure does not say over which base it was taken.

Its table and its part of COVERAGE.md are made by run.py.
"""

import runpy
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling.estimation.answered import answered_share
from wijkpeiling.estimation.change import Share, change_limits
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.exact import Case, Limits, exact_limits
from wijkpeiling.estimation.rounded import RoundedShare
from wijkpeiling.estimation.shares import shares
from wijkpeiling.figures import feasible_counts
from wijkpeiling.sources.base import CHANCE, RANGE, AssumedOverlap
from wijkpeiling.sources.between import assumed_correlations

TABLE = "open_base.csv"
SEED = 20272
DRAWS = 1000
LOWEST = 0.94
ROUNDING = 1e-12
# municipalities, respondents in the earlier and in the later wave
SIZES = ((100, 66, 60), (388, 240, 212))
TEAM = (0.8, 0.85)
# share among those with a team, in the earlier and in the later wave
P = ((0.1, 0.14), (0.55, 0.45), (0.92, 0.92))
BASES = ("respondents", "with_team")
OVERLAPS = ("least", "largest")
# part of what a municipality answers that lasts; of those with a team that leave the item open
LASTING, LEFT_OPEN = 0.6, 0.05
ASSUMED = ("known", "range", "chance")
# taken over every base that it can be, or over that of the item responses alone
TAKEN = ("each", "own")
# where no count over a base gives the percentage
UNTOLD = (np.nan, np.nan)

mixed = runpy.run_path(str(Path(__file__).parent / "mixed.py"))
run = mixed["run"]


def simulate_all(draws: int = DRAWS) -> pd.DataFrame:
    """A row for each cell."""
    return pd.DataFrame([_cell(min(draws, DRAWS), *cell) for cell in product(SIZES, P, OVERLAPS, BASES)])


def population(N: int, p: tuple) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who has a team and who says yes, shapes (2, N), and the size class of each, which matters for both."""
    random = np.random.default_rng([SEED, N, int(100 * p[0])])
    stratum = np.repeat(np.arange(4), run["apportion"](N, run["MUNICIPALITIES"]))
    lasting = random.standard_normal((2, 1, N))
    score = LASTING**0.5 * lasting + (1 - LASTING) ** 0.5 * random.standard_normal((2, 2, N)) + 0.4 * stratum
    team, yes = np.zeros((2, 2, N), dtype=bool)
    for wave in (0, 1):
        has_one = np.argsort(-score[0, wave])[: round(TEAM[wave] * N)]
        team[wave, has_one] = True
        first = np.argsort(-score[1, wave, has_one])[: round(p[wave] * len(has_one))]
        yes[wave, has_one[first]] = True
    return team, yes, stratum


def simulate(sizes: tuple, p: tuple, overlap: str, base: str, draws: int) -> dict:
    """Coverage and mean width over ``draws`` pairs of waves, of which the earlier is published over ``base``."""
    team, yes, stratum = population(sizes[0], p)
    of_class = mixed["respondents"](sizes, overlap)
    n_overlap = int(of_class[3].sum())
    random = np.random.default_rng([SEED, sizes[0], int(100 * p[0]), n_overlap, BASES.index(base)])
    inside = team if base == "with_team" else np.ones_like(team)
    truth = yes[1].sum() / inside[1].sum() - yes[0].sum() / inside[0].sum()
    assumed = {"known": AssumedOverlap("known", n_overlap), "range": RANGE, "chance": CHANCE}
    ends = {(label, taken): [] for label in ASSUMED for taken in TAKEN}
    for _ in range(draws):
        earlier, later = _rows(random, stratum, of_class)
        counts = int(team[0, earlier].sum()), int(yes[0, earlier].sum())
        size = counts[0] if base == "with_team" else len(earlier)
        first = published(run["percent"](counts[0], len(earlier)), run["percent"](counts[1], size), *sizes[:2])
        second = _answered(random, team[1, later], yes[1, later], stratum[later], of_class[0])
        for label in ASSUMED:
            found = {name: _limits(first, second, name, sizes[0], assumed[label]) for name in first}
            ends[label, "each"].append((min(low for low, _ in found.values()), max(high for _, high in found.values())))
            ends[label, "own"].append(found.get("with_team", UNTOLD))
    result = {}
    for (label, taken), pairs in ends.items():
        low, high = np.array(pairs).T
        is_told = ~np.isnan(low)
        covers = (low <= truth + ROUNDING) & (truth - ROUNDING <= high)
        result[f"{label}_{taken}"] = covers[is_told].mean()
        result[f"{label}_{taken}_width"] = (high - low)[is_told].mean()
    return result


@cache
def published(pct_team: int, pct: int, N: int, n: int) -> dict[str, Share]:
    """The share behind a percentage over each base that can give it, as `sources.published.rounded_share` has it."""
    low, high = exact_limits(N, n, run["LEVEL"])
    of_base = {
        "respondents": [(n, [N])],
        "with_team": [(size, range(int(low[size]), int(high[size]) + 1)) for size in feasible_counts(pct_team, n)],
    }
    found = {}
    for base, sizes in of_base.items():
        fits = [(size, all_N) for size, all_N in sizes if feasible_counts(pct, size)]
        if not fits:
            continue
        cases = tuple(
            Case(count, size, among) for size, all_N in fits for among in all_N for count in feasible_counts(pct, size)
        )
        middle = fits[len(fits) // 2][0]
        likely = round(middle / n * N) if base == "with_team" else N
        found[base] = mixed["Fixed"].of(RoundedShare(pct / 100, middle, likely, cases))
    return found


def _cell(draws: int, sizes: tuple, p: tuple, overlap: str, base: str) -> dict:
    cell = {**dict(zip(("N", "n_first", "n_second"), sizes, strict=True)), "p_first": p[0], "p_second": p[1]}
    cell |= {"overlap": overlap, "base": base, "draws": draws}
    return cell | simulate(sizes, p, overlap, base, draws)


def _limits(first: dict, second: dict, base: str, n_common: int, overlap: AssumedOverlap) -> Limits[float]:
    # a number that is stated is of all respondents, and in proportion of a part of them
    over = "respondents" if overlap.n is not None and "respondents" in first else base
    r = assumed_correlations(first[over], second[over], n_common, overlap).lowest
    return change_limits(first[base], second[base], r)


def _rows(random: np.random.Generator, stratum: np.ndarray, of_class: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who answered the earlier wave, and who the later one."""
    order = np.argsort(stratum + random.random(len(stratum)))
    earlier, later = [], []
    for start, (_, n_first, n_second, n_both) in zip(np.r_[0, np.cumsum(of_class[0])], of_class.T, strict=False):
        later.append(order[start : start + n_second])
        earlier.append(order[start + n_second - n_both : start + n_second - n_both + n_first])
    return np.concatenate(earlier), np.concatenate(later)


def _answered(
    random: np.random.Generator, team: np.ndarray, yes: np.ndarray, stratum: np.ndarray, N_h: np.ndarray
) -> dict[str, Share]:
    """The later share over each base, as `sources.microdata.MicrodataWave.share` has it."""
    labels = np.array(run["LABELS"])
    rows = pd.DataFrame({"gemeentecode": range(len(team)), "size_class": labels[stratum]})
    design = Design.from_responses(rows, pd.Series(N_h, index=labels))
    said = pd.Series(yes, dtype="boolean").mask(team & (random.random(len(team)) < LEFT_OPEN))
    results = {
        "respondents": shares(design, said.to_frame("item")),
        "with_team": shares(design, said.where(team).to_frame("item"), None, team),
    }
    return {base: mixed["Fixed"].of(answered_share(result, "item")) for base, result in results.items()}


def report(table: pd.DataFrame) -> str:
    """The part of COVERAGE.md on a base that was not stated."""
    lines = [
        "| overlap assumed | taken over | in truth | cells | lowest | median | mean width |",
        "|---|---|---|" + "---:|" * 4,
    ]
    for label, taken, base in product(ASSUMED, TAKEN, BASES):
        same = table[table["base"] == base]
        coverage, width = same[f"{label}_{taken}"], same[f"{label}_{taken}_width"]
        numbers = [str(len(same)), f"{coverage.min():.3f}", f"{coverage.median():.3f}", f"{width.mean():.3f}"]
        lines.append("| " + " | ".join([label, taken, base, *numbers]) + " |")
    text = HEAD.format(seed=SEED, cells=len(table), draws=DRAWS, lowest=LOWEST, left=f"{LEFT_OPEN:.0%}")
    return text + "\n".join(lines) + "\n"


HEAD = """
# How often it covers where the published percentage does not say over which base it was taken

Every cell stands in `open_base.csv`. Seed {seed}; {cells} cells, {draws} draws in each.

As above, for an item that only those with a team were shown; {left} of these left it open. Of the earlier wave the
share with a team and that of the item are published as whole percentages, the last in truth over all respondents or
over those with a team. *each*: the interval over each base that can give the percentage, taken together (METHOD.md,
M11). *own*: over those with a team alone, as if that had been stated.

Target: {lowest} in every cell of *known* and *range* taken over *each*, whichever base it was in truth.

"""
