"""The smallest detectable change, against hand calculation, and the response it takes."""

from math import sqrt

import numpy as np
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.trend.planning import Plan, detectable_change, needed_response, plan_table

# the normal quantiles from a table: 5% two-sided, 5% over 40 items, 80%
Z_ONE, Z_FORTY, Z_POWER = 1.959964, 3.227218, 0.841621
# as 2017 and 2019: 134 answered twice, of the 212 that answered in the second
AS_2019 = {"N": 355, "baseline_n": 242, "baseline_N": 388, "n_common": 343}


def plan(**changed):
    return Plan(**{**AS_2019, "p": 0.3, **changed})


def test_by_hand_without_overlap_beyond_chance():
    se = sqrt(0.3 * 0.7 * ((1 - 212 / 355) / 212 * 355 / 354 + (1 - 242 / 388) / 242 * 388 / 387))
    assert plan().se(212) == pytest.approx(se, rel=1e-12)
    assert detectable_change(plan(), 212) == pytest.approx((Z_ONE + Z_POWER) * se, rel=1e-6)
    assert detectable_change(plan(), 212, items=40) == pytest.approx((Z_FORTY + Z_POWER) * se, rel=1e-6)


def test_a_wave_like_that_of_2019_finds_seven_and_a_half_points_for_one_item_and_eleven_for_forty():
    usual = plan(overlap=134 / 212, correlation=0.4)
    assert usual.n_overlap(212) == 134
    assert detectable_change(usual, 212) == pytest.approx(0.075, abs=0.001)
    assert detectable_change(usual, 212, items=40) == pytest.approx(0.109, abs=0.001)


def test_by_hand_with_overlap():
    small = Plan(N=100, baseline_n=50, baseline_N=100, p=0.5, overlap=0.8, correlation=0.5)
    variance = 2 * 100 / 99 * 0.25 / 50 * 0.5 - 2 * 0.5 * 0.25 * (40 / 2500 - 1 / 100)
    assert small.se(50) == pytest.approx(sqrt(variance), rel=1e-12)


def test_overlap_as_large_as_chance_makes_correlation_idle():
    assert plan(correlation=0.9).se(212) == plan(correlation=0.0).se(212)


@pytest.mark.parametrize(("overlap", "sign"), [(0.55, -1), (0.9, 1)])
def test_correlation_helps_above_chance_and_hurts_below(overlap, sign):
    loose, tight = (detectable_change(plan(overlap=overlap, correlation=rho), 212) for rho in (0.0, 0.8))
    assert np.sign(loose - tight) == sign


def test_overlap_stays_within_what_the_sizes_allow():
    assert plan(overlap=0.1).n_overlap(340) == 340 + 242 - (355 + 388 - 343)
    assert plan(overlap=1.0, n_common=200).n_overlap(212) == 200


def test_two_censuses_find_every_change():
    assert detectable_change(Plan(N=100, baseline_n=100, baseline_N=100), 100) == 0
    assert needed_response(Plan(N=100, baseline_n=100, baseline_N=100), 1e-6) == 100


@pytest.mark.parametrize("change", [0.075, 0.1, 0.2])
@pytest.mark.parametrize("items", [1, 10])
@pytest.mark.parametrize("overlap", [None, 0.63])
def test_the_needed_response_finds_the_change_and_one_fewer_does_not(change, items, overlap):
    asked = plan(overlap=overlap, correlation=0.4)
    n = needed_response(asked, change, items) if detectable_change(asked, 355, items) <= change else None
    if n is None:
        with pytest.raises(EstimationError, match="even if all 355"):
            needed_response(asked, change, items)
    else:
        assert detectable_change(asked, n, items) <= change < detectable_change(asked, n - 1, items)


def test_five_points_is_more_than_even_a_census_finds():
    with pytest.raises(EstimationError) as refused:
        needed_response(plan(), 0.05)
    assert "5.0% is too small to find, even if all 355" in str(refused.value)
    assert "5.1% or more, with 242 of 388" in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 4


def test_the_table_has_a_row_for_each_response_and_family():
    asked = plan(overlap=0.63, correlation=0.4)
    table = plan_table(asked, [asked.respondents(rate) for rate in (0.4, 0.6, 0.8)], items=(1, 40))
    assert list(table["n"]) == [142, 142, 213, 213, 284, 284]
    assert table["response_rate"].to_numpy() == pytest.approx(np.repeat([0.4, 0.6, 0.8], 2))
    for row in table.itertuples():
        assert row.detectable_change == detectable_change(asked, row.n, row.items)
    alone, family = (table[table["items"] == items]["detectable_change"].to_numpy() for items in (1, 40))
    assert (np.diff(alone) < 0).all()
    assert (family > alone).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"p": 0.0}, "p 0.0"),
        ({"power": 1.0}, "power 1.0"),
        ({"alpha": 80}, "alpha 80"),
        ({"overlap": 134}, "overlap 134"),
        ({"correlation": -0.1}, "correlation -0.1"),
        ({"baseline_n": 400}, "baseline 400 of 388"),
        ({"n_common": 356}, "356 in both"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(EstimationError, match=message):
        plan(**wrong)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(EstimationError, match="356 respondents of 355"):
        detectable_change(plan(), 356)
    with pytest.raises(EstimationError, match="0 items"):
        detectable_change(plan(), 212, items=0)
    with pytest.raises(EstimationError, match="a change of 5"):
        needed_response(plan(), 5)
