"""Write the invented municipalities and answers that R and the package both compute from.

python tests/reference/make_data.py
"""

from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling.estimation.design import Design
from wijkpeiling.methods.replicates import bootstrap

HERE = Path(__file__).parent
SIZES = {"<20k": (81, 46), "20-50k": (189, 113), "50-100k": (54, 34), ">=100k": (31, 19)}
INHABITANTS = {"<20k": (6, 20), "20-50k": (20, 50), "50-100k": (50, 100), ">=100k": (100, 400)}
PROVINCIES = {"Duinland": 0.3, "Heide": 0.3, "Polder": 0.25, "Stroom": 0.13, "Wad": 0.02}
REPLICATES = 12


def main() -> None:
    random = np.random.default_rng(2019)
    frame = _municipalities(random)
    frame.to_csv(HERE / "municipalities.csv", index=False)
    drawn = [
        random.choice(rows.index, SIZES[size_class][1], replace=False)
        for size_class, rows in frame.groupby("size_class", sort=False)
    ]
    rows = np.sort(np.concatenate(drawn))
    answers = _answers(frame.loc[rows].reset_index(drop=True), random)
    answers.to_csv(HERE / "responses.csv", index=False)
    _later(answers, frame, rows, random).to_csv(HERE / "later.csv", index=False)
    population = pd.Series({label: N for label, (N, _) in SIZES.items()})
    weights = bootstrap(Design.from_responses(answers, population), REPLICATES, seed=1).weights.T
    pd.DataFrame(weights).to_csv(HERE / "replicate_weights.csv", index=False, float_format="%.17g")


def _municipalities(random: np.random.Generator) -> pd.DataFrame:
    """A frame in order of size."""
    parts = []
    for size_class, (N, _) in SIZES.items():
        low, high = INHABITANTS[size_class]
        parts.append(
            pd.DataFrame(
                {
                    "size_class": size_class,
                    "provincie": random.choice(list(PROVINCIES), N, p=list(PROVINCIES.values())),
                    "inhabitants": np.round(random.uniform(low, high, N), 1),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame.insert(0, "gemeentecode", [f"GM{9000 + place}" for place in frame.index])
    return frame


def _answers(sample: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    n, lean = len(sample), np.log(sample["inhabitants"].to_numpy()) / 6
    answers = sample.assign(
        common=random.random(n) < 0.85 - 0.3 * lean,
        half=random.random(n) < 0.2 + 0.4 * lean,
        seldom=random.random(n) < 0.03,
        gaps=random.random(n) < 0.4,
        never=False,
        always=True,
        large=sample["size_class"] == ">=100k",
        weight=1.0,
    ).astype({"gaps": object})
    answers.loc[random.random(n) < 0.15, "gaps"] = None
    # weights that differ within strata and sum to N_h
    raw = pd.Series(random.uniform(0.5, 1.5, n))
    totals = answers["size_class"].map({label: N for label, (N, _) in SIZES.items()})
    answers["weight"] = raw / raw.groupby(answers["size_class"]).transform("sum") * totals
    return answers


def _later(answers: pd.DataFrame, frame: pd.DataFrame, rows: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """A later wave: the answer of the same municipalities, and a partly other sample of as many."""
    same = np.where(random.random(len(answers)) < 0.7, answers["half"], random.random(len(answers)) < 0.5)
    stays = random.random(len(answers)) < 0.63
    others = frame.drop(index=rows)
    partly = answers["gemeentecode"].copy()
    for size_class, left in answers[~stays].groupby("size_class", sort=False):
        pool = others.loc[others["size_class"] == size_class, "gemeentecode"].to_numpy()
        chosen = left.index[: len(pool)]
        partly[chosen] = random.choice(pool, len(chosen), replace=False)
    partly_half = np.where(partly == answers["gemeentecode"], same, random.random(len(answers)) < 0.5)
    return pd.DataFrame(
        {
            "gemeentecode": answers["gemeentecode"],
            "size_class": answers["size_class"],
            "half": same,
            "partly_gemeentecode": partly,
            "partly_half": partly_half.astype(bool),
        }
    )


if __name__ == "__main__":
    main()
