"""Simulate what DIFFERENCES.md decides on: changes between overlapping waves, and raking.

python tests/reference/simulate.py           about ten minutes; prints the tables of DIFFERENCES.md
"""

import sys

import numpy as np
import pandas as pd

from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.overlap import overlap
from wijkpeiling.estimation.shares import Shares, shares
from wijkpeiling.methods.weights import rake

STRATA = {"small": 90, "middle": 190, "large": 62}
Z = 1.959963984540054
SEED = 2019


def changes(samples: int) -> pd.DataFrame:
    """Coverage of Wald intervals for a change, with the right covariance and with that of stacked waves."""
    rows = []
    for moved in (False, True):
        for respondents, part in ((0.4, 0.4), (0.4, 0.8), (0.6, 0.4), (0.6, 0.62), (0.6, 0.8), (0.6, 1.0)):
            random = np.random.default_rng(SEED)
            frame, true = _frame(random, moved)
            continuing = pd.crosstab(frame["stratum"], frame["later"])
            outcomes = [_change(frame, continuing, respondents, part, random) for _ in range(samples)]
            estimate, ours, stacked = np.array(outcomes).T
            rows.append(
                {
                    "strata": "change" if moved else "stay",
                    "respondents": respondents,
                    "of whom again": part,
                    "real SE": estimate.std(),
                    "our SE": np.sqrt((ours**2).mean()),
                    "stacked SE": np.sqrt((stacked**2).mean()),
                    "our coverage": (np.abs(estimate - true) <= Z * ours).mean(),
                    "stacked coverage": (np.abs(estimate - true) <= Z * stacked).mean(),
                }
            )
    return pd.DataFrame(rows)


def raking(samples: int) -> pd.DataFrame:
    """The real error of a raked share, our standard error, and that of R's rake()."""
    random = np.random.default_rng(SEED)
    frame, _ = _frame(random, moved=False)
    frame["region"] = random.choice(["a", "b", "c"], len(frame))
    frame["y"] = random.random(len(frame)) < 0.1 + 0.5 * (frame["region"] == "a") + 0.3 * (frame["stratum"] == "large")
    population = frame["stratum"].value_counts(sort=False)
    margins = {name: frame[name].value_counts(sort=False) for name in ("stratum", "region")}
    outcomes = []
    for _ in range(samples):
        rates = {"small": 0.15, "middle": 0.6, "large": 0.9}
        drawn = [random.choice(part.index, int(rates[h] * len(part)), replace=False) for h, part in _strata(frame)]
        sample = frame.loc[np.concatenate(drawn)].reset_index(drop=True)
        plain = Design.from_responses(sample, population, stratum="stratum")
        result = shares(rake(plain, sample[["stratum", "region"]], margins), sample[["y"]])
        outcomes.append((result.share[0, 0], result.se[0, 0], _unweighted_se(result, sample)))
    estimate, ours, unweighted = np.array(outcomes).T
    return pd.DataFrame(
        {
            "real SE": [estimate.std()],
            "our SE": np.sqrt((ours**2).mean()),
            "rake() SE": np.sqrt((unweighted**2).mean()),
        }
    )


def _strata(frame: pd.DataFrame, column: str = "stratum"):
    return frame.groupby(column, sort=False)


def _frame(random: np.random.Generator, moved: bool) -> tuple[pd.DataFrame, float]:
    """Municipalities with two persistent answers, and the change between them."""
    stratum = np.repeat(list(STRATA), list(STRATA.values()))
    p = pd.Series(stratum).map({"small": 0.25, "middle": 0.35, "large": 0.55}).to_numpy()
    first = random.random(len(p)) < p
    second = np.where(random.random(len(p)) < 0.6, first, random.random(len(p)) < p + 0.05)
    later = stratum.copy()
    if moved:
        later[(stratum == "small") & (random.random(len(p)) < 0.2)] = "middle"
    codes = [f"GM{place:04d}" for place in range(len(p))]
    frame = pd.DataFrame({"gemeentecode": codes, "stratum": stratum, "later": later, "first": first, "second": second})
    return frame, second.mean() - first.mean()


def _change(
    frame: pd.DataFrame, continuing: pd.DataFrame, respondents: float, part: float, random: np.random.Generator
) -> tuple[float, float, float]:
    """One pair of waves: the change, our standard error, and that of stacked waves."""
    rows_1, rows_2 = [], []
    for _, cell in frame.groupby(["stratum", "later"], sort=False):
        units = random.permutation(cell.index)
        n = round(respondents * len(units))
        again = round(part * n)
        rows_1.append(units[:n])
        rows_2.append(np.r_[units[:again], units[n : 2 * n - again]])
    waves = []
    for rows, column, stratum in ((rows_1, "first", "stratum"), (rows_2, "second", "later")):
        wave = frame.loc[np.sort(np.concatenate(rows))].reset_index()
        design = Design.from_responses(wave, frame[stratum].value_counts(sort=False), stratum=stratum)
        waves.append((wave, shares(design, wave[[column]].set_axis(["y"], axis=1))))
    (wave_1, first), (wave_2, second) = waves
    _, row_1, row_2 = np.intersect1d(wave_1["index"], wave_2["index"], return_indices=True)
    both = overlap(first, second, np.column_stack([row_1, row_2]), continuing)
    variance = (both.variance_1 + both.variance_2 - 2 * both.covariance)[0, 0]
    change = (second.share - first.share)[0, 0]
    return change, np.sqrt(max(variance, 0)), _stacked_se(frame, (wave_1, first), (wave_2, second))


def _stacked_se(frame: pd.DataFrame, *waves: tuple[pd.DataFrame, Shares]) -> float:
    """What R gives: the municipality is a cluster with an answer in one wave or in both, in its first stratum."""
    z = np.zeros(len(frame))
    present = np.zeros(len(frame), dtype=bool)
    for sign, (wave, result) in zip((-1, 1), waves, strict=True):
        z[wave["index"]] += sign * result.linearised()[:, 0]
        present[wave["index"]] = True
    variance = 0.0
    for _, part in _strata(frame):
        at = part.index[present[part.index]]
        variance += (1 - len(at) / len(part)) * len(at) * z[at].var(ddof=1)
    return np.sqrt(variance)


def _unweighted_se(result: Shares, sample: pd.DataFrame) -> float:
    """R's rake(): the residual of a regression on the margins without weights."""
    design = result.design
    u = (sample["y"].to_numpy() - result.share[0, 0]) / design.weights.sum()
    X = pd.get_dummies(sample[["stratum", "region"]]).to_numpy(dtype=float)
    z = design.weights * (u - X @ np.linalg.lstsq(X, u, rcond=None)[0])
    h = design.stratum
    centred = z - (design.centre * np.bincount(h, z))[h]
    return np.sqrt((design.variance_factor[h] * centred**2).sum())


if __name__ == "__main__":
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(changes(samples).round(4).to_string(index=False))
    print(raking(samples).round(5).to_string(index=False))
