"""The grid of choices holds what the package gives for each of them."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.trend.planning import Plan, detectable_change, needed_response
from wijkpeiling.trend.whatif import MOST_ASKED, choices_of, what_if

PLAN = Plan(342, 212, 355, p=0.33, overlap=0.65, correlation=0.45)


@pytest.fixture(scope="module")
def found():
    return what_if(PLAN, choices_of(PLAN, [0.42, 0.6], [3, 40], 0.06))


def plans(found):
    steps = found.choices
    return np.ndindex(len(steps.overlaps), len(steps.correlations), len(steps.shares))


def plan_at(found, place):
    steps, (o, k, p) = found.choices, place
    return replace(PLAN, overlap=steps.overlaps[o], correlation=steps.correlations[k], p=steps.shares[p])


def test_every_change_is_the_one_that_the_package_finds(found):
    steps = found.choices
    for place in plans(found):
        plan = plan_at(found, place)
        expected = [[detectable_change(plan, n, m) for n in steps.responses] for m in steps.items]
        np.testing.assert_allclose(found.detectable[place], expected, rtol=1e-12)


def test_every_response_is_the_one_that_the_package_needs(found):
    steps = found.choices
    for place in plans(found):
        plan = plan_at(found, place)
        for (m, items), (c, change) in product(enumerate(steps.items), enumerate(steps.changes)):
            try:
                needed = needed_response(plan, change, items)
            except EstimationError:
                needed = 0
            assert found.needed[*place, m, c] == needed, (plan, items, change)
    assert 0 in found.needed and len(np.unique(found.needed)) > 100


def test_needed_is_the_fewest_from_which_every_larger_response_finds_it(found):
    plan = replace(PLAN, overlap=None, correlation=0.0, p=0.5)
    n = needed_response(plan, 0.1, 4)
    assert detectable_change(plan, n - 1, 4) > 0.1
    assert all(detectable_change(plan, more, 4) <= 0.1 for more in range(n, plan.N + 1))


def test_every_interval_is_the_exact_one(found):
    steps = found.choices
    for n, row in zip(steps.responses, found.limits, strict=True):
        limits = exact_limits(PLAN.N, n)
        for share, (low, high) in zip(steps.shares, row, strict=True):
            count = int(share * n + 0.5)
            assert (low, high) == (limits.low[count] / PLAN.N, limits.high[count] / PLAN.N)
            assert low <= count / n <= high


def test_the_plan_itself_is_among_the_choices(found):
    steps = found.choices
    assert PLAN.respondents(0.42) in steps.responses and PLAN.N in steps.responses
    for asked, among in [
        (0.65, steps.overlaps),
        (0.45, steps.correlations),
        (0.33, steps.shares),
        (3, steps.items),
        (0.06, steps.changes),
    ]:
        assert asked in among
    assert steps.overlaps[0] is None
    assert list(steps.overlaps[1:]) == sorted(steps.overlaps[1:])


def test_a_long_list_of_rates_does_not_make_the_grid_long():
    rates = [rate / 1000 for rate in range(100, 900)]
    usual, long = (choices_of(PLAN, asked, range(1, len(asked)), 0.05) for asked in ([0.5, 0.6], rates))
    assert len(long.responses) <= len(usual.responses) + MOST_ASKED
    assert len(long.items) <= len(usual.items) + MOST_ASKED


def test_a_wave_of_two_municipalities_has_one_response():
    assert choices_of(Plan(2, 2, 2), [1.0], [1], 0.05).responses == (2,)
