"""The R-indicator: by hand, against what must hold of it, and how often its interval covers."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.nonresponse import r_indicator

# in four classes and three regions, as large as the real thing
SIZES = {"a": (40, 50, 20), "b": (60, 50, 60), "c": (20, 15, 14), "d": (3, 4, 6)}
FRAME = pd.DataFrame(
    [(name, region, N) for name, sizes in SIZES.items() for region, N in enumerate(sizes)], columns=["s", "p", "N"]
)


def response(n, N, **groups):
    return pd.DataFrame({"n": n, "N": N, **(groups or {"s": range(len(n))})})


def test_of_two_groups_by_hand():
    # 30 of 40 and 20 of 60: rates 3/4 and 1/3 around 1/2
    found = r_indicator(response([30, 20], [40, 60]))
    explained = 40 * (1 / 4) ** 2 + 60 * (1 / 6) ** 2
    rest = 40 * 3 / 16 + 60 * 2 / 9
    assert explained + rest == pytest.approx(100 / 4)
    assert found.uncorrected == pytest.approx(1 - 2 * (explained / 99) ** 0.5, rel=1e-12)
    assert found.value == pytest.approx(1 - 2 * ((explained - rest / 98) / 99) ** 0.5, rel=1e-12)
    assert found.low < found.value < found.high < 1


def test_with_one_division_it_is_the_spread_of_the_rates():
    n, N = FRAME["N"] // 2, FRAME["N"]
    found = r_indicator(response(n, N))
    rates = np.repeat(n / N, N)
    assert found.uncorrected == pytest.approx(1 - 2 * rates.std(ddof=1), rel=1e-12)


def test_groups_that_answered_equally_well_give_1_and_an_interval_that_ends_there():
    found = r_indicator(response([6, 12], [10, 20]))
    assert found.value == found.uncorrected == found.high == 1 and 0 < found.low < 1


@pytest.mark.parametrize(
    ("n", "N", "known"),
    [
        ([10, 20], [10, 20], 1),
        ([0, 0], [10, 20], 1),
        ([12], [20], 1),
        ([10, 0], [10, 10], 1 - 2 * (20 * 0.25 / 19) ** 0.5),
        ([1, 0], [1, 1], 0),
        ([1], [1], 1),
    ],
    ids=["all", "nobody", "one group", "decided by the groups", "two municipalities", "one municipality"],
)
def test_where_nothing_is_left_to_chance_there_is_no_interval(n, N, known):
    found = r_indicator(response(n, N))
    assert found.value == found.uncorrected == pytest.approx(max(known, 0)) and np.isnan([found.low, found.high]).all()


def test_names_and_order_of_groups_and_rows_do_not_matter():
    cells = FRAME.assign(n=(FRAME["N"] * np.linspace(0.3, 0.9, len(FRAME))).astype(int))
    other = cells.replace({"s": {"a": "z", "b": "y"}, "p": {0: 9}}).iloc[::-1][["p", "n", "s", "N"]]
    assert r_indicator(other) == pytest.approx(r_indicator(cells), rel=1e-9)


def test_a_group_without_municipalities_and_a_division_said_twice_add_nothing():
    cells = response([6, 3], [10, 20])
    assert r_indicator(response([6, 3, 0], [10, 20, 0])) == r_indicator(cells)
    assert r_indicator(cells.assign(again=cells["s"])) == pytest.approx(r_indicator(cells), rel=1e-9)


def test_a_division_that_matters_lowers_it():
    regions = FRAME.assign(n=(FRAME["N"] * FRAME["p"].map({0: 0.9, 1: 0.6, 2: 0.3})).astype(int))
    assert r_indicator(regions).value < 0.6 < 0.95 < r_indicator(regions.drop(columns="p")).value


@pytest.mark.parametrize(
    ("n", "N", "message"),
    [([11], [10], "11 respondents of 10"), ([-1], [10], "-1 respondents of 10"), ([0], [0], "no municipality")],
)
def test_a_response_that_cannot_be_is_refused(n, N, message):
    with pytest.raises(EstimationError, match=message):
        r_indicator(response(n, N))


@pytest.mark.parametrize(("spread", "bias", "least"), [(0.0, 0.0012, 0.96), (0.1, 0.0008, 0.93), (0.25, 0.002, 0.89)])
def test_in_simulation_the_spread_is_not_biased_and_the_interval_covers(spread, bias, least):
    random = np.random.default_rng(7)
    rate = 0.6 + spread * (FRAME["s"].map(dict(zip("abcd", (-1, 0.3, 0.9, 1), strict=True))) + FRAME["p"] / 3 - 0.3)
    true = np.repeat(rate, FRAME["N"]).std(ddof=1)
    found = np.array([r_indicator(FRAME.assign(n=random.binomial(FRAME["N"], rate))) for _ in range(300)])
    # the square, cut off at 0, is a little too large on average where response is even
    assert abs(np.mean(((1 - found[:, 0]) / 2) ** 2) - true**2) < bias
    assert np.mean(((1 - found[:, 3]) / 2) ** 2) - true**2 > 0.002
    covered = (found[:, 1] <= 1 - 2 * true + 1e-9) & (1 - 2 * true <= found[:, 2] + 1e-9)
    assert covered.mean() >= least
