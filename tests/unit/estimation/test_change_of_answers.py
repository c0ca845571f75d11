"""One share of answers in a comparison, and its change between two waves."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.answered import answered_share, change_of_answers, lowered
from wijkpeiling.estimation.change import compare, mover
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.domains import OVERALL
from wijkpeiling.estimation.overlap import overlap
from wijkpeiling.estimation.rounded import Case, RoundedShare
from wijkpeiling.estimation.shares import estimates, shares
from wijkpeiling.methods.weights import poststratify

LABELS = {"base": "respondents", "source": "microdata"}

POPULATION = pd.Series({"small": 60, "large": 20})
REGION = ("region", "a")


def wave(seed, population=POPULATION, p=0.4, region=("a", "b"), weighted=False, **how):
    """30 small and 12 large municipalities, with two items of which the second has gaps."""
    random = np.random.default_rng(seed)
    answers = pd.DataFrame({"gemeentecode": range(42), "size_class": ["small"] * 30 + ["large"] * 12})
    items = pd.DataFrame({"x": random.random(42) < p, "y": random.random(42) < p}).astype("boolean")
    items.loc[::7, "y"] = pd.NA
    design = Design.from_responses(answers, population, **how)
    if weighted:
        design = poststratify(design, pd.Series(np.resize(["q", "r"], 42), name="half"), pd.Series({"q": 38, "r": 42}))
    return shares(design, items, pd.DataFrame({"region": np.resize(region, 42)}))


def same(n=42):
    return np.repeat(np.arange(n), 2).reshape(-1, 2)


def change(first, second, item="x", domain=OVERALL, pairs=None, **how):
    return change_of_answers(
        first, second, overlap(first, second, same() if pairs is None else pairs), item, domain, **how
    )


@pytest.mark.parametrize(
    "how", [{}, {"population": 80}, {"weighted": True}, {"p": 0.0}, {"target": "process"}, {"population": 42}]
)
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_every_share_has_the_limits_of_the_table_of_estimates(how, level):
    result = wave(1, **how)
    table = estimates(result, 2019, **LABELS, level=level)
    for row in table[table["n"] > 0].itertuples():
        share = answered_share(result, row.concept, (row.domain, row.domain_value))
        assert share.limits(level) == pytest.approx((row.ci_low, row.ci_high), rel=1e-12)
        assert (share.n, share.N, share.df, share.method) == (row.n, row.N, row.df, row.method)
        assert share.variance == pytest.approx(row.se**2, rel=1e-12)


def test_the_standard_error_is_that_of_the_covariance():
    first, second = wave(1), wave(2)
    both = overlap(first, second, same())
    variance = both.variance_1[0, 0] + both.variance_2[0, 0] - 2 * both.covariance[0, 0]
    found = change_of_answers(first, second, both, "x")
    assert found.se == pytest.approx(variance**0.5, rel=1e-12)
    assert found.difference == second.share[0, 0] - first.share[0, 0]
    assert found.correlation == pytest.approx(both.correlation[0, 0])


def test_item_and_domain_are_found_where_they_stand():
    first, second = wave(1), wave(2)
    both = overlap(first, second, same())
    found = change_of_answers(first, second, both, "y", ("region", "b"))
    place = first.domains.index(("region", "b")) * 2 + 1
    assert found.correlation == pytest.approx(both.correlation[place, place])
    assert found.difference == second.share.ravel()[place] - first.share.ravel()[place]


def test_domains_may_stand_in_another_order_in_the_other_wave():
    first, second = wave(1), wave(2, region=("b", "c", "a"))
    found = change(first, second, domain=("region", "b"))
    assert found.difference == second.share[second.domains.index(("region", "b")), 0] - first.share[2, 0]


@pytest.mark.parametrize("how", [{}, {"weighted": True}, {"p": 0.05}, {"p": 0.0}, {"target": "process"}])
@pytest.mark.parametrize("domain", [OVERALL, REGION])
def test_a_wave_has_not_changed_from_itself(how, domain):
    result = wave(3, **how)
    found = change(result, result, domain=domain)
    assert (found.difference, found.se, found.p_value, found.ci_low, found.ci_high) == (0, 0, 1, 0, 0)


def test_the_same_answers_by_the_same_municipalities_leave_room_for_change_among_the_others():
    found = change(wave(3), wave(3))
    assert (found.difference, found.p_value) == (0, 1)
    assert found.se == pytest.approx(0, abs=1e-8)
    # nobody of 42 changed: up to 4 of the other 38 could have without it being strange
    assert found.ci_high == pytest.approx(-found.ci_low, abs=0.01)
    assert 2 / 80 < found.ci_high < 6 / 80


@pytest.mark.parametrize(("seeds", "p_value"), [((1, 4), 0.0), ((1, 1), 1.0)])
def test_two_censuses_differ_or_they_do_not(seeds, p_value):
    census = pd.Series({"small": 30, "large": 12})
    first, second = (wave(seed, population=census) for seed in seeds)
    found = change(first, second)
    assert (found.se, found.p_value) == (0, p_value)
    assert found.ci_low == found.ci_high == found.difference


def test_a_census_and_a_sample():
    census = wave(1, population=pd.Series({"small": 30, "large": 12}))
    continuing = pd.DataFrame(np.diag([30, 12]), POPULATION.index, POPULATION.index)
    second = wave(2)
    both = overlap(census, second, same(), continuing)
    found = change_of_answers(census, second, both, "x")
    assert found.se == pytest.approx(second.se[0, 0])
    assert np.isfinite([found.ci_low, found.ci_high, found.p_value]).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("pairs", [same(), same(20), np.column_stack([np.arange(18), np.arange(12, 30)])])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_test_and_interval_agree(seed, pairs, level):
    first, second = wave(seed, p=0.15), wave(seed + 50, p=0.4)
    found = change(first, second, pairs=pairs, level=level)
    assert (found.p_value < 1 - level) == (not found.ci_low <= 0 <= found.ci_high)


def test_answers_and_a_published_percentage_can_be_compared():
    published = RoundedShare(0.3, 40, 80, (Case(12, 40, 80),))
    later = answered_share(wave(1), "x")
    assert compare(published, later).difference == later.share - 0.3


def test_the_interval_takes_a_correlation_that_half_a_pair_lowers():
    first, second = (answered_share(wave(seed, population=80), "x") for seed in (1, 2))
    spread = (first.share * (1 - first.share) * second.share * (1 - second.share)) ** 0.5
    f = 42 / 80
    for n_pairs in (30, 12):
        whole = (n_pairs - 80 * f * f) / (42 * (1 - f))
        r = 0.6 * whole
        assert lowered(r, first, second, n_pairs) == pytest.approx(
            whole * (0.6 + np.sign(whole) * -0.5 / n_pairs / spread)
        )


def test_lowering_ends_where_municipalities_stand_by_their_answers_or_do_not():
    first, second = (answered_share(wave(seed, population=80), "x") for seed in (1, 2))
    whole = (2 - 80 * (42 / 80) ** 2) / (42 * (1 - 42 / 80))
    assert lowered(0.9 * whole, first, second, 2) == pytest.approx(max(whole, -1))
    assert lowered(0.001, first, second, 40) == 0
    assert lowered(-0.2, first, second, 40) == -0.2
    # without a pair nothing is known of how they answer: as if all stood by their answers
    assert lowered(0.3, first, second, 0) == -1


def test_an_estimate_that_is_the_same_has_no_interval_however_skew():
    assert mover((0.1, 0.05, 0.3), (0.1, 0.05, 0.3), 1.0) == (0.0, 0.0)
    low, high = mover((0.1, 0.05, 0.3), (0.1, 0.05, 0.3), 0.99)
    assert low < 0 < high


def test_what_is_not_there_is_refused():
    first, second = wave(1), wave(2)
    both = overlap(first, second, same())
    with pytest.raises(EstimationError, match="no item z"):
        change_of_answers(first, second, both, "z")
    with pytest.raises(EstimationError, match="no domain region c"):
        change_of_answers(first, second, both, "x", ("region", "c"))
    with pytest.raises(EstimationError, match="an overlap of 6 by 8 shares"):
        change_of_answers(first, second, overlap(first, wave(2, region=("a", "b", "c")), same()), "x")
    unobserved = wave(1)
    unobserved.n[1, 1] = 0
    with pytest.raises(EstimationError, match="nobody in region a answered y"):
        answered_share(unobserved, "y", REGION)
