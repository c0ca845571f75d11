"""Counting gives the variances of the textbook, and the textbook those of a sum over respondents."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.estimation import shares as room
from wijkpeiling.estimation.cells import counted_variance
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.shares import linearised_variance, shares
from wijkpeiling.methods.weights import calibrate, poststratify

SIZES = {"small": (60, 30), "middle": (40, 24), "large": (20, 15), "largest": (6, 6)}
LONELY = {"small": (60, 30), "large": (20, 1), "largest": (6, 6)}
CENSUS = {"small": (30, 30), "large": (15, 15)}


def wave(sizes):
    stratum = np.repeat(list(sizes), [n for _, n in sizes.values()])
    random = np.random.default_rng(len(stratum))
    answers = pd.DataFrame(
        {
            "gemeentecode": [f"GM{i:04d}" for i in range(len(stratum))],
            "size_class": stratum,
            "region": random.choice(["a", "b", "c"], len(stratum)),
            "inhabitants": random.uniform(5, 90, len(stratum)),
            "weight": 1 + random.random(len(stratum)),
        }
    )
    n = pd.Series({name: n for name, (_, n) in sizes.items()})
    N = pd.Series({name: N for name, (N, _) in sizes.items()})
    spare = (N - n)[stratum].to_numpy()
    share = answers["weight"] / answers.groupby("size_class")["weight"].transform("sum")
    return answers.assign(weight=1 + spare * share), N


def answers_of(answers):
    random = np.random.default_rng(7)
    items = pd.DataFrame(random.random((len(answers), 4)) < [0.02, 0.4, 0.6, 0.97], columns=list("wxyz"))
    items = items.astype("boolean").mask(random.random(items.shape) < [0, 0.3, 0.05, 0.1])
    items.iloc[0] = True
    return items


def groups_of(answers, design):
    shares_of = answers["region"].value_counts(normalize=True).sort_index()
    return poststratify(design, answers["region"], shares_of * design.N)


def totals_of(answers, design):
    mean = 1.02 * (design.weights @ answers["inhabitants"])
    return calibrate(design, answers[["inhabitants"]], pd.Series({"inhabitants": mean}))


CASES = {
    "strata": {},
    "no strata": {"population": 200},
    "a process": {"target": "process"},
    "own weights": {"weight": "weight"},
    "post-stratified": {"calibrated": groups_of},
    "calibrated": {"calibrated": totals_of},
    "own weights, calibrated, a process": {"weight": "weight", "target": "process", "calibrated": totals_of},
    "a lonely stratum": {"sizes": LONELY},
    "a lonely stratum, calibrated": {"sizes": LONELY, "calibrated": totals_of},
    "a census": {"sizes": CENSUS},
}


@pytest.fixture(params=CASES)
def result(request):
    how = dict(CASES[request.param])
    answers, population = wave(how.pop("sizes", SIZES))
    calibrated = how.pop("calibrated", lambda _, design: design)
    design = calibrated(answers, Design.from_responses(answers, how.pop("population", population), **how))
    domains = answers[["size_class", "region"]].assign(region=lambda t: t["region"].where(t.index % 7 > 0))
    return shares(design, answers_of(answers), domains, base=np.arange(design.n) % 5 > 0)


def by_respondent(result):
    """Shape (D k,): the formulas of METHOD M13, respondent after respondent."""
    design, member = result.design, result.cells.member[result.cells.of]
    start, x = np.ones(design.n), np.empty((design.n, 0))
    if design.calibration is not None:
        start, x = design.calibration.start[design.group], design.calibration.auxiliary[design.group]
    variances = []
    for d in range(len(result.domains)):
        for y in result.codes:
            inside, w = member[:, d] & (y >= 0), design.weights
            total = w[inside].sum()
            p = w[inside & (y == 1)].sum() / total if total else np.nan
            u = np.where(inside, y - p, 0.0) / total if total else np.zeros(design.n)
            root = np.sqrt(start)
            z = w * (u - x @ np.linalg.lstsq(root[:, None] * x, root * u, rcond=None)[0])
            variance = 0.0
            for h, (n_h, N_h) in enumerate(zip(design.n_h, design.N_h, strict=True)):
                z_h, f = z[design.stratum == h], n_h / N_h if design.target == "population" else 0.0
                if n_h > 1:
                    variance += (1 - f) * n_h / (n_h - 1) * ((z_h - z_h.mean()) ** 2).sum()
                else:
                    variance += (1 - f) * (z_h**2).sum()
            variances.append(variance if total else np.nan)
    return np.array(variances)


def close(one, other, result):
    """Whether variances agree to 1e-12, or to the rounding of what they are differences of."""
    squares = result.design.variance_factor[result.design.stratum] @ result.linearised() ** 2
    assert np.array_equal(np.isnan(one), np.isnan(other))
    return (np.abs(one - other) <= 1e-12 * np.fmax(one, other) + 1e-14 * squares)[~np.isnan(one)].all()


def test_counts_give_the_variances_of_the_textbook(result):
    written_out = linearised_variance(result.design, result.linearised())
    counted = counted_variance(result.design, result.cells, result.share, result.answered_weight).ravel()
    assert close(counted, np.where(result.n.ravel() > 0, written_out, np.nan), result)


def test_the_textbook_is_a_sum_over_respondents(result):
    assert close(result.variance.ravel(), by_respondent(result), result)


@pytest.mark.parametrize(("most", "way"), [(0, "counted_variance"), (1 << 30, "linearised_variance")])
def test_the_number_of_values_decides_which_is_taken(result, monkeypatch, most, way):
    calls, original = [], getattr(room, way)
    monkeypatch.setattr(room, "MANY_VALUES", most)
    monkeypatch.setattr(room, way, lambda *parts: calls.append(way) or original(*parts))
    assert close(result.variance.ravel(), by_respondent(result), result)
    assert calls == [way]
