"""Simulate how often the 95% interval for a change between two overlapping waves covers; writes COVERAGE.md.

The other files of SECTIONS add their own grids, each with a table.

python tests/simulation/run.py                    ten minutes in two processes
python tests/simulation/run.py --only single      one section, the others from their tables
python tests/simulation/run.py --replicates 200   a quick look, nothing written
"""

import argparse
import json
import os
import runpy
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

# the matrices are small: threads of a linear algebra library would only get in each other's way
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from wijkpeiling.estimation.answered import FOR_CHANGE, AnsweredShare, change_of_answers, lowered
from wijkpeiling.estimation.change import mover, overlap_correlations
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.intervals import interval
from wijkpeiling.estimation.limits import methods_of
from wijkpeiling.estimation.overlap import Overlap, overlap
from wijkpeiling.estimation.rounded import Case, RoundedShare
from wijkpeiling.estimation.shares import Shares, shares
from wijkpeiling.figures import feasible_counts
from wijkpeiling.methods.weights import poststratify

HERE = Path(__file__).parent
# files with TABLE, simulate_all(draws) and report(table), in the order of COVERAGE.md
SECTIONS = ("single", "trend", "rare_overlap", "mixed", "open_base")
SEED = 20260
REPLICATES = 2000
# a cell below the target is simulated again with more and other replicates, to tell a weakness from bad luck
AGAIN = 5
LOWEST, MEDIAN, WIDEST, SE_RATIO = 0.94, 0.97, 1.12, (0.95, 1.08)
# replicates that share which size classes and regions answered; within these every replicate has its own units
ALIKE = {True: 10, False: 250}
Z = 1.959963984540054
LEVEL = 0.95
ROUNDING = 1e-12

OVERLAPS = (0.4, 0.6, 0.8, 1.0)
# the share in the first wave, and in the second
P = {0.01: 0.02, 0.05: 0.08, 0.3: 0.36, 0.6: 0.54}
# respondents in the second wave -> municipalities, respondents in the first and in the second, but for mergers
SIZES = {60: (120, 60, 60), 120: (240, 132, 120), 212: (388, 240, 212)}
# correlation between the inclinations of a municipality in the two waves
PERSISTENCE = {"weak": 0.25, "strong": 0.9}
LABELS = ("lt_20k", "20k_50k", "50k_100k", "ge_100k")
MUNICIPALITIES = (81, 189, 54, 31)
UNEVEN = (0.8, 1.0, 1.1, 1.25)
REGIONS = ("north", "middle", "south")


@dataclass(frozen=True)
class Block:
    """One kind of survey, crossed with every overlap, share and size; without strata also as it is published."""

    strata: str
    calibrated: bool
    mergers: bool
    persistence: str

    @property
    def sources(self) -> tuple[str, ...]:
        return ("answers", "published") if self.strata == "none" else ("answers",)


BLOCKS = (
    Block("none", False, False, "strong"),
    Block("none", False, True, "weak"),
    Block("proportional", False, False, "strong"),
    Block("uneven", False, True, "strong"),
    Block("uneven", True, False, "strong"),
    Block("uneven", True, True, "weak"),
)


@dataclass(frozen=True, eq=False)
class Frame:
    """A finite population in two waves; stratum -1 where a municipality is not there.

    Attributes
    ----------
    strata
        Shape (2, U): the stratum of each municipality in each wave.
    region
        Shape (U,).
    answers
        For each share in the first wave, shape (2, U).
    """

    strata: np.ndarray
    region: np.ndarray
    answers: dict[float, np.ndarray]

    @property
    def there(self) -> np.ndarray:
        return self.strata >= 0

    def sizes(self, wave: int) -> np.ndarray:
        return np.bincount(self.strata[wave][self.there[wave]])

    def truth(self, p: float) -> float:
        first, second = (answer[there].mean() for answer, there in zip(self.answers[p], self.there, strict=True))
        return second - first

    def agreement(self, p: float) -> float:
        return float(np.corrcoef(self.answers[p][:, self.there.all(axis=0)])[0, 1])


def frame_of(block: Block, size: int) -> Frame:
    """The population of a block, the same for every overlap."""
    N = SIZES[size][0]
    random = np.random.default_rng([SEED, size, block.mergers, list(PERSISTENCE).index(block.persistence)])
    first = np.repeat(np.arange(4), apportion(N, MUNICIPALITIES))
    second = first.copy()
    if block.mergers:
        first, second = _merged(random, first, second)
    region = random.integers(0, 3, len(first))
    inclined = np.array([-0.4, 0.0, 0.3, 0.6])[np.maximum(first, second)] + np.array([-0.5, 0.0, 0.5])[region]
    rho = PERSISTENCE[block.persistence]
    answers = {}
    for shares_of_waves in P.items():
        one, other = random.standard_normal((2, len(first)))
        scores = inclined + one, inclined + rho * one + np.sqrt(1 - rho**2) * other
        answers[shares_of_waves[0]] = np.array(
            [_highest(s, h >= 0, p) for s, h, p in zip(scores, (first, second), shares_of_waves, strict=True)]
        )
    strata = np.array([first, second])
    return Frame(strata if block.strata != "none" else np.minimum(strata, 0), region, answers)


def simulate(block: Block, size: int, part: float, replicates: int, look: int = 0) -> list[dict]:
    """Draw ``replicates`` pairs of waves in which ``part`` of the smaller answered both; rows of the table."""
    frame = frame_of(block, size)
    place = [SEED, look, BLOCKS.index(block) if block in BLOCKS else len(BLOCKS), size, int(100 * part)]
    random = np.random.default_rng(place)
    alike = ALIKE[block.calibrated or block.mergers]
    draws = [_drawn(frame, block, size, part, random, alike, check=not i) for i in range(-(-replicates // alike))]
    drawn = pd.concat(draws, ignore_index=True)
    settings = {
        "strata": block.strata,
        "calibrated": block.calibrated,
        "mergers": block.mergers,
        "persistence": block.persistence,
        "overlap": part,
        "n": size,
        "N": int(frame.sizes(0).sum()),
    }
    return [
        {"source": source, **settings, **_cell(frame, p, drawn[drawn["p"] == p], source)}
        for source in block.sources
        for p in P
    ]


def apportion(total: int, parts: np.ndarray | tuple) -> np.ndarray:
    """Whole numbers that sum to ``total``, as the parts: largest remainders."""
    exact = np.asarray(parts, dtype=float) / np.sum(parts) * total
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return whole


def _merged(random: np.random.Generator, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As many leave, arrive and grow into a next class as between 2017 and 2019, in proportion."""
    N = len(first)
    chance = np.array([0.5, 0.35, 0.1, 0.05])[first]
    left = random.choice(N, round(0.116 * N), replace=False, p=chance / chance.sum())
    second[left] = -1
    grown = random.choice(np.flatnonzero((second >= 0) & (second < 3)), round(0.04 * N), replace=False)
    second[grown] += 1
    arrived = np.resize([1, 1, 2], round(0.031 * N))
    return np.r_[first, np.full(len(arrived), -1)], np.r_[second, arrived]


def _highest(score: np.ndarray, there: np.ndarray, p: float) -> np.ndarray:
    answers = np.zeros(len(score), dtype=bool)
    places = np.flatnonzero(there)
    answers[places[np.argsort(-score[places])[: max(round(p * len(places)), 1)]]] = True
    return answers


def _drawn(
    frame: Frame, block: Block, size: int, part: float, random: np.random.Generator, alike: int, check: bool
) -> pd.DataFrame:
    """Estimates from ``alike`` pairs of waves, for each share."""
    rows = _respondents(frame, block, size, part, random)
    designs = [_design(frame, block, wave, rows[wave]) for wave in (0, 1)]
    _, *places = np.intersect1d(*rows, return_indices=True)
    units = _shuffled(frame, block.calibrated, random, alike)
    results = []
    for wave, design in enumerate(designs):
        answers = np.hstack([answers[wave][units][rows[wave]] for answers in frame.answers.values()])
        results.append(shares(design, pd.DataFrame(answers).astype("boolean")))
    both = overlap(*results, np.column_stack(places), _continuing(frame))
    parts = [_parts(result) for result in results]
    low, high = _answered_limits(*parts, both)
    independent = np.diag(both.variance_1) + np.diag(both.variance_2)
    found = {
        "p": np.repeat(list(frame.answers), alike),
        "pairs": len(places[0]),
        "correlation": np.diag(both.correlation),
        "variance": np.maximum(independent - 2 * np.diag(both.covariance), 0),
        "independent": independent,
        "stacked": _stacked(frame, rows, results),
        "answers_difference": (results[1].share - results[0].share)[0],
        "answers_se": np.sqrt(np.maximum(independent - 2 * np.diag(both.covariance), 0)),
        "answers_low": low,
        "answers_high": high,
    }
    if check:
        change = change_of_answers(*results, both, "0")
        assert np.allclose((change.ci_low, change.ci_high), (low[0], high[0]), atol=ROUNDING), change
        assert np.isclose(change.se, found["answers_se"][0], atol=ROUNDING), change
    if "published" in block.sources:
        n_common = int(frame.there.all(axis=0).sum())
        changes = [
            _published_change(*(_published(part) for part in pair), len(places[0]), n_common)
            for pair in zip(*parts, strict=True)
        ]
        columns = ("published_difference", "published_se", "published_low", "published_high")
        found |= dict(zip(columns, np.array(changes).T, strict=True))
    return pd.DataFrame(found)


def _respondents(
    frame: Frame, block: Block, size: int, part: float, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Who answered: a random sample per stratum in each wave, and among the continuing as many twice as asked for."""
    first, second = (_sample(frame, block, size, wave, random) for wave in (0, 1))
    cell = (frame.strata[0] + 1) * 5 + frame.strata[1] + 1
    n_first, n_second, N = (np.bincount(cell[rows], minlength=25) for rows in (first, second, slice(None)))
    continuing = np.bincount(cell[frame.there.all(axis=0)], minlength=25) > 0
    fewest = np.where(continuing, np.maximum(n_first + n_second - N, 0), 0)
    most = np.where(continuing, np.minimum(n_first, n_second), 0)
    asked = min(max(round(part * min(len(first), len(second))), fewest.sum()), most.sum())
    again = fewest + (apportion(asked - fewest.sum(), most - fewest) if asked > fewest.sum() else 0)
    answered = np.isin(np.arange(len(cell)), first)
    chosen = []
    for c in np.flatnonzero(n_second):
        units = random.permutation(np.flatnonzero(cell == c))
        chosen += [units[answered[units]][: again[c]], units[~answered[units]][: n_second[c] - again[c]]]
    return first, np.concatenate(chosen)


def _sample(frame: Frame, block: Block, size: int, wave: int, random: np.random.Generator) -> np.ndarray:
    N_h = frame.sizes(wave)
    rate = np.array(UNEVEN if block.strata == "uneven" else (1.0,) * 4)[: len(N_h)]
    n = round(SIZES[size][1 + wave] * N_h.sum() / SIZES[size][0])
    n_h = np.minimum(apportion(n, N_h * rate), N_h)
    units = [random.permutation(np.flatnonzero(frame.strata[wave] == h))[:n] for h, n in enumerate(n_h)]
    return np.concatenate(units)


def _design(frame: Frame, block: Block, wave: int, rows: np.ndarray) -> Design:
    N_h = frame.sizes(wave)
    labels = np.array(LABELS[: len(N_h)])
    wave_rows = pd.DataFrame({"gemeentecode": rows, "size_class": labels[frame.strata[wave][rows]]})
    design = Design.from_responses(wave_rows, pd.Series(N_h, index=labels))
    if not block.calibrated:
        return design
    names = np.array(REGIONS)
    totals = pd.Series(np.bincount(frame.region[frame.there[wave]]), index=names)
    return poststratify(design, pd.Series(names[frame.region[rows]], name="region"), totals)


def _continuing(frame: Frame) -> pd.DataFrame:
    labels = [LABELS[: len(frame.sizes(wave))] for wave in (0, 1)]
    table = np.zeros([len(part) for part in labels])
    np.add.at(table, tuple(frame.strata[:, frame.there.all(axis=0)]), 1)
    return pd.DataFrame(table, *labels)


def _shuffled(frame: Frame, calibrated: bool, random: np.random.Generator, times: int) -> np.ndarray:
    """Shape (U, times): which municipality stands at each place, drawn among those the design cannot tell apart."""
    kind = (frame.strata[0] + 1) * 100 + (frame.strata[1] + 1) * 10 + frame.region * calibrated
    order = np.argsort(kind, kind="stable")
    units = np.empty((len(kind), times), dtype=np.intp)
    units[order] = order[np.argsort(kind[order, None] + random.random((len(kind), times)), axis=0)]
    return units


def _parts(result: Shares) -> list[AnsweredShare]:
    """What `answered_share` gives for each item, all at once."""
    share, variance, n, df = (part[0] for part in (result.share, result.variance, result.n, result.df))
    N = np.full(len(share), int(np.rint(result.N[0])))
    columns = (share, variance, n, N, df, methods_of(result)[0])
    return [AnsweredShare(*values, "population") for values in zip(*(c.tolist() for c in columns), strict=True)]


def _answered_limits(first: list, second: list, both: Overlap) -> np.ndarray:
    """Shape (2, k): the intervals of `change_of_answers`, without its tests, which take forty intervals each."""
    single = [_single_limits(parts) for parts in (first, second)]
    r, n_pairs = np.diag(both.correlation), float(both.n_overlap)
    return np.array(
        [
            mover((one.share, *limits_1), (other.share, *limits_2), lowered(float(r_k), one, other, n_pairs))
            for one, other, limits_1, limits_2, r_k in zip(first, second, *single, r, strict=True)
        ]
    ).T


def _single_limits(parts: list) -> np.ndarray:
    limits = np.empty((len(parts), 2))
    methods = np.array([FOR_CHANGE.get(part.method, part.method) for part in parts])
    values = np.array([(part.share, part.variance**0.5, part.df, part.n, part.N) for part in parts]).T
    for method in np.unique(methods):
        at = methods == method
        limits[at] = np.column_stack(interval(method, *values[:, at], LEVEL))
    return limits


def _published(share: AnsweredShare) -> RoundedShare:
    return published_share(round(share.share * share.n), share.n, share.N)


@cache
def _published_change(
    first: RoundedShare, second: RoundedShare, n_pairs: int, n_common: int
) -> tuple[float, float, float, float]:
    """Difference, standard error and interval as `compare` gives them for two percentages with a known overlap."""
    r = overlap_correlations(first, second, n_common=n_common, n_overlap=(n_pairs, n_pairs)).lowest
    variance = first.variance + second.variance - 2 * r * (first.variance * second.variance) ** 0.5
    interval = mover((first.share, *_limits(first)), (second.share, *_limits(second)), r)
    return second.share - first.share, variance**0.5, *interval


@cache
def _limits(share: RoundedShare) -> tuple[float, float]:
    return share.limits(LEVEL)


def percent(count: int, n: int) -> int:
    """The whole percentage, half rounded up."""
    return (200 * count + n) // (2 * n)


@cache
def published_share(count: int, n: int, N: int) -> RoundedShare:
    """What remains of a count once it is published as a whole percentage."""
    pct = percent(count, n)
    counts = feasible_counts(pct, n)
    cases = tuple(Case(possible, n, N) for possible in counts)
    return RoundedShare(count / n if len(cases) == 1 else pct / 100, n, N, cases)


def _stacked(frame: Frame, rows: tuple[np.ndarray, np.ndarray], results: list[Shares]) -> np.ndarray:
    """Variance of the change when the waves are stacked, as R's svydesign(id = ~unit, strata, fpc) has it.

    Units are clusters of one file, each in its first stratum; the correction counts the distinct units that answered.
    """
    z = np.zeros((frame.strata.shape[1], results[0].share.size))
    answered = np.zeros(len(z), dtype=bool)
    for sign, unit, result in zip((-1, 1), rows, results, strict=True):
        z[unit] += sign * result.linearised()
        answered[unit] = True
    stratum = np.where(frame.there[0], *frame.strata)
    total = np.zeros(z.shape[1])
    for h in np.unique(stratum):
        at = answered & (stratum == h)
        n, N = at.sum(), (stratum == h).sum()
        total += (1 - n / N) * n * z[at].var(axis=0, ddof=1)
    return total


def _cell(frame: Frame, p: float, drawn: pd.DataFrame, source: str) -> dict:
    """What became of the intervals in one cell; the other methods always have the answers."""
    true = frame.truth(p)
    difference, se, low, high = (drawn[f"{source}_{name}"] for name in ("difference", "se", "low", "high"))
    cell = {
        "p": p,
        "true_change": true,
        "agreement": frame.agreement(p),
        "pairs": drawn["pairs"].mean(),
        "correlation": drawn["correlation"].mean(),
        "replicates": len(drawn),
        "coverage": ((low <= true + ROUNDING) & (true - ROUNDING <= high)).mean(),
        "width": (high - low).mean(),
        "se_ratio": se.mean() / difference.std(),
        "rms_ratio": np.sqrt((se**2).mean()) / difference.std(),
    }
    off = (drawn["answers_difference"] - true).abs()
    for name, column in (("wald", "variance"), ("independent", "independent"), ("stacked", "stacked")):
        half = Z * np.sqrt(drawn[column])
        cell[f"{name}_coverage"] = (off <= half + ROUNDING).mean()
        cell[f"{name}_width"] = 2 * half.mean()
    return cell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=REPLICATES, help=f"fewer than {REPLICATES}: nothing written")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", choices=("change", *SECTIONS), help="this section alone")
    asked = parser.parse_args()
    found = {}
    if asked.only in (None, "change"):
        found["coverage.csv"] = (changes(asked.replicates, asked.processes), report)
    for name in SECTIONS:
        section = runpy.run_path(str(HERE / f"{name}.py"))
        if asked.only in (None, name):
            found[section["TABLE"]] = (section["simulate_all"](asked.replicates), section["report"])
    if asked.replicates < REPLICATES:
        print("\n".join(write(table) for table, write in found.values()))
        return
    for file, (table, _) in found.items():
        table.to_csv(HERE / file, index=False, float_format="%.4f", lineterminator="\n")
    (HERE / "COVERAGE.md").write_text(whole_report(), encoding="utf-8")


def changes(replicates: int, processes: int) -> pd.DataFrame:
    """The cells of a change, each with a second look where it is below the target."""
    jobs = [(*job, replicates) for job in product(BLOCKS, SIZES, OVERLAPS)]
    with ProcessPoolExecutor(processes) as pool:
        table = pd.DataFrame(_run(pool, jobs))
        table["again"] = _second_look(pool, table, AGAIN * replicates)
    return table


def whole_report() -> str:
    """COVERAGE.md, from the tables as they are on disk, so that a test can make it again."""
    text = report(pd.read_csv(HERE / "coverage.csv"))
    for name in SECTIONS:
        section = runpy.run_path(str(HERE / f"{name}.py"))
        text += section["report"](pd.read_csv(HERE / section["TABLE"]))
    return text


def _second_look(pool: ProcessPoolExecutor, table: pd.DataFrame, replicates: int) -> list[float]:
    """Coverage of the cells that are below the target, simulated again; not a number for the others."""
    low = table["coverage"] < LOWEST
    settings = table.loc[low, KEY[1:]].drop_duplicates().itertuples(index=False)
    jobs = [(Block(*cell[:4]), cell.n, cell.overlap, replicates, 1) for cell in settings]
    found = {tuple(cell[name] for name in (*KEY, "p")): cell["coverage"] for cell in _run(pool, jobs)}
    cells = table[[*KEY, "p"]].itertuples(index=False, name=None)
    return [found[cell] if is_low else np.nan for cell, is_low in zip(cells, low, strict=True)]


def _run(pool: ProcessPoolExecutor, jobs: list[tuple]) -> list[dict]:
    """The rows of all jobs, with a line of progress for each."""
    start, rows = time.monotonic(), []
    for done, found in enumerate(pool.map(simulate, *zip(*jobs, strict=True)) if jobs else (), start=1):
        rows += found
        seconds, lowest = round(time.monotonic() - start), round(min(cell["coverage"] for cell in rows), 4)
        progress = {"done": done, "of": len(jobs), "seconds": seconds, "lowest_coverage": lowest}
        print(json.dumps(progress), file=sys.stderr, flush=True)
    return rows


def report(table: pd.DataFrame) -> str:
    """COVERAGE.md."""
    replicates = int(table["replicates"].min())
    error = (LEVEL * (1 - LEVEL) / replicates) ** 0.5
    sizes = "; ".join(f"{n[0]} and {n[1]} of {N}" for _, (N, *n) in SIZES.items())
    answers = table[table["source"] == "answers"]
    text = HEAD.format(
        seed=SEED,
        replicates=replicates,
        cells=len(table),
        overlaps=", ".join(map(str, OVERLAPS)),
        p=", ".join(f"{one} to {other}" for one, other in P.items()),
        sizes=sizes,
        weak=_range(table.loc[(table["persistence"] == "weak") & (table["p"] > 0.1), "agreement"]),
        strong=_range(table.loc[(table["persistence"] == "strong") & (table["p"] > 0.1), "agreement"]),
        error=f"{error:.4f}",
        low=f"{LEVEL - 2 * error:.3f}",
        lowest=LOWEST,
        median=MEDIAN,
        widest=WIDEST,
        se_low=SE_RATIO[0],
        se_high=SE_RATIO[1],
    )
    sources = [(source, part) for source, part in table.groupby("source")]
    blocks = [(", ".join(_block_words(key)), part) for key, part in table.groupby(["source", *KEY[1:5]], sort=False)]
    text += _summary(sources) + REMARKS
    text += "\n## By kind of survey\n\n" + _summary(blocks)
    text += "\n## From answers, by share\n\n" + _summary([(f"p = {p}", part) for p, part in answers.groupby("p")])
    text += "\n## From answers, by overlap\n\n" + _summary(
        [(f"{o:.0%}", part) for o, part in answers.groupby("overlap")]
    )
    text += "\n## From answers, by number of respondents\n\n" + _summary(
        [(f"n = {n}", part) for n, part in answers.groupby("n")]
    )
    return text + _outside(table)


def _range(column: pd.Series) -> str:
    return f"{column.min():.2f} to {column.max():.2f}"


def _block_words(key: tuple) -> list[str]:
    source, strata, calibrated, mergers, persistence = key
    words = [source, "no strata" if strata == "none" else f"{strata} strata", f"{persistence} persistence"]
    return words + ["calibrated"] * bool(calibrated) + ["mergers"] * bool(mergers)


def _summary(groups: list[tuple[str, pd.DataFrame]]) -> str:
    head = ["", "cells", "lowest", "median", f"below {LOWEST}", "width / Wald", "SE ratio", "RMS ratio"]
    head += ["Wald lowest", "median", "independent lowest", "median", "stacked lowest", "median"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for name, part in groups:
        cells = [name, str(len(part)), f"{part['coverage'].min():.3f}", f"{part['coverage'].median():.3f}"]
        cells += [str((part["coverage"] < LOWEST).sum()), f"{part['width'].mean() / part['wald_width'].mean():.3f}"]
        cells += [_range(part["se_ratio"]), _range(part["rms_ratio"])]
        for method in ("wald", "independent", "stacked"):
            column = part[f"{method}_coverage"]
            cells += [f"{column.min():.3f}", f"{column.median():.3f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _outside(table: pd.DataFrame) -> str:
    """The cells outside the targets, each with why."""
    found = table[(table["coverage"] < LOWEST) | ~table["se_ratio"].between(*SE_RATIO)]
    head = ["kind", "overlap", "p", "n", "coverage", "SE ratio", "RMS ratio", "why"]
    sides = {"small": (table["se_ratio"] < SE_RATIO[0]).sum(), "large": (table["se_ratio"] > SE_RATIO[1]).sum()}
    lines = [OUTSIDE.format(n=len(found), all=len(table), below=(table["coverage"] < LOWEST).sum(), **sides)]
    lines += ["| " + " | ".join(head) + " |", "|---|---:|---:|---:|---:|---:|---:|---|"]
    for cell in found.itertuples(index=False):
        kind = ", ".join(_block_words((cell.source, cell.strata, cell.calibrated, cell.mergers, cell.persistence)))
        numbers = [f"{cell.overlap:.0%}", str(cell.p), str(cell.n)]
        numbers += [f"{cell.coverage:.3f}", f"{cell.se_ratio:.3f}", f"{cell.rms_ratio:.3f}"]
        lines.append("| " + " | ".join([kind, *numbers, "; ".join(_why(cell))]) + " |")
    return "\n".join(lines) + "\n"


def _why(cell) -> list[str]:
    why = []
    if cell.coverage < LOWEST:
        verdict = "chance" if cell.again >= LOWEST else "too short"
        why.append(f"{verdict}: {cell.again:.3f} of {AGAIN * cell.replicates} other replicates")
    if cell.se_ratio < SE_RATIO[0]:
        few_yes = (
            f"few yes, about {cell.n * cell.p:.1g} in the first wave: the mean of a root lies below the root of a mean"
        )
        rounded = "a whole percentage of so few yes: its error is not spread evenly over half a point"
        persistent = "published: more persistence than the 0.6 allowed for, and an overlap below chance"
        few = "few respondents for this many classes, regions and changes: the linearised variance is a little low"
        is_right = cell.rms_ratio >= SE_RATIO[0]
        published = rounded if cell.p <= 0.01 else persistent
        why.append(few_yes if is_right else published if cell.source == "published" else few)
    if cell.se_ratio > SE_RATIO[1]:
        why.append("persistence is not published: the least favourable correlation is taken, from 0 to 0.6")
    return why


KEY = ["source", "strata", "calibrated", "mergers", "persistence", "overlap", "n"]

HEAD = """# How often the interval for a change covers

Written by `make simulate`; every cell stands in `coverage.csv`. Seed {seed}, {replicates} replicates in each of
{cells} cells.

A cell is a fixed population of municipalities in two waves. Each wave is a random sample per size class; of those who
continue, as many answer twice as the cell says. The default 95% interval for the change is held against the change in
the population.

- **Crossed in every kind of survey**: part of the smaller wave that answered both ({overlaps}; with mergers at most
  what the continuing municipalities allow); the share in the first and the second wave ({p}); respondents and
  municipalities ({sizes}; with mergers 8% fewer of both in the second wave).
- **Kinds of survey**: size classes as in 2019 with the same response everywhere (*proportional*) or from 20% less among
  the smallest to 25% more among the largest (*uneven*), or none; *calibrated*: post-stratified on three regions that
  matter for the answer; *mergers*: 12% leave, 3% arrive, 4% grow into a next class; *published*: whole percentages, the
  overlap known, persistence not. Every level of every factor is crossed with all overlaps, shares and sizes, though not
  with all levels of the other factors.
- **Persistence**: the correlation between the two answers of a municipality, {weak} (weak) or {strong} (strong) for
  shares of 30% and 60%.
- **Beside it**: the Wald interval with the same covariance; with the covariance left out (*independent*); and with that
  of stacked waves, the municipality as a cluster and the distinct municipalities over N as the correction (*stacked*),
  as general survey software has it. All three have the answers, also beside published percentages.
- **SE ratio**: mean standard error over the standard deviation of the estimates. **RMS ratio**: the same with the root
  of the mean variance, which shows whether the variance itself is right.

The coverage of a cell has a standard error of {error}: of cells that cover exactly 95% one in forty comes out below
{low}. Where the design has regions or mergers, ten replicates share how many of each kind answered, which adds little.

The interval was chosen on other populations and other random numbers than these. Targets: {lowest} in every cell,
median at most {median}, mean width at most {widest} of Wald's, SE ratio {se_low} to {se_high}.

## Summary

"""

REMARKS = """
Published percentages cannot meet the targets for width and SE ratio: they do not say how far municipalities stand by
their answers, so that the correlation is taken as 0 where more answered twice than chance has it, and as that of a
persistence of 0.6 where fewer did.
"""

OUTSIDE = """
## Cells outside the targets

{n} cells of {all}: {below} for coverage, {small} for standard errors that are too small, {large} for standard errors
that are too large.
"""

if __name__ == "__main__":
    main()
