"""The trend model against the shares themselves and against plain statsmodels."""

from itertools import permutations, product

import numpy as np
import pytest
import statsmodels.api as sm

from wijkpeiling.errors import EstimationError
from wijkpeiling.trend.fit import Bounds
from wijkpeiling.trend.model import fit_trend

WAVES = [2014, 2015, 2017, 2019]
SHARES = np.array([0.6875, 0.87, 0.83, 0.80])
ERRORS = np.array([0.021, 0.014, 0.015, 0.017])
CORRELATION = np.array([[1, 0.1, 0, 0], [0.1, 1, 0, -0.05], [0, 0, 1, 0.3], [0, -0.05, 0.3, 1]])
COVARIANCE = CORRELATION * np.outer(ERRORS, ERRORS)

# odds of 1/4, 1/2 and 1: on the logit scale exactly a straight line
LINE_WAVES, LINE_YES, LINE_N = [2015, 2017, 2019], np.array([6, 10, 15]), 30


@pytest.fixture(scope="module")
def on_a_line():
    shares = LINE_YES / LINE_N
    return fit_trend(LINE_WAVES, shares, np.diag(shares * (1 - shares) / LINE_N), 2017)


@pytest.mark.parametrize("baseline", WAVES)
def test_differences_and_their_errors_are_those_of_the_shares_and_their_covariance(baseline):
    trend = fit_trend(WAVES, SHARES, COVARIANCE, baseline)
    at = WAVES.index(baseline)
    variances = np.diag(COVARIANCE) + COVARIANCE[at, at] - 2 * COVARIANCE[at]
    assert trend.differences == pytest.approx(SHARES - SHARES[at], abs=1e-9)
    assert trend.differences_se == pytest.approx(np.sqrt(np.maximum(variances, 0)), abs=1e-9)
    assert (trend.differences[at], trend.differences_se[at]) == (0, 0)


def test_the_line_is_that_of_a_plain_binomial_glm():
    n = np.array([90, 120, 150, 200])
    trend = fit_trend(WAVES, SHARES, np.diag(SHARES * (1 - SHARES) / n), 2017)
    counts = np.column_stack([SHARES * n, (1 - SHARES) * n])
    plain = sm.GLM(counts, sm.add_constant(np.array(WAVES) - 2017.0), sm.families.Binomial()).fit(tol=1e-12)
    assert trend.predicted == pytest.approx(plain.fittedvalues, abs=1e-9)


# statsmodels warns of a perfect fit, which is the point
@pytest.mark.filterwarnings("ignore::Warning:statsmodels")
def test_tests_and_bands_are_those_of_a_plain_binomial_glm_where_the_line_fits(on_a_line):
    counts = np.column_stack([LINE_YES, LINE_N - LINE_YES])
    exog = sm.add_constant(np.array(LINE_WAVES) - 2017.0)
    plain = sm.GLM(counts, exog, sm.families.Binomial()).fit(tol=1e-12)
    band = plain.get_prediction(exog).summary_frame()
    assert on_a_line.slope_p == pytest.approx(plain.pvalues[1], rel=1e-6)
    assert on_a_line.predicted_low == pytest.approx(band["mean_ci_lower"].to_numpy(), abs=1e-7)
    assert on_a_line.predicted_high == pytest.approx(band["mean_ci_upper"].to_numpy(), abs=1e-7)


def test_the_slope_is_the_average_marginal_effect_of_a_plain_logit(on_a_line):
    years = np.repeat(np.array(LINE_WAVES) - 2017.0, LINE_N)
    answers = np.concatenate([np.arange(LINE_N) < yes for yes in LINE_YES]).astype(float)
    plain = sm.Logit(answers, sm.add_constant(years)).fit(disp=0, tol=1e-12).get_margeff()
    low, high = plain.conf_int()[0]
    assert on_a_line.slope == pytest.approx(plain.margeff[0], rel=1e-6)
    assert (on_a_line.slope_low, on_a_line.slope_high) == pytest.approx((low, high), rel=1e-6)


# statsmodels warns of a perfect fit, which is the point
@pytest.mark.filterwarnings("ignore::Warning:statsmodels")
def test_the_test_of_equal_waves_is_that_of_a_plain_binomial_glm():
    n = np.array([90, 120, 150, 200])
    trend = fit_trend(WAVES, SHARES, np.diag(SHARES * (1 - SHARES) / n), 2017)
    counts = np.column_stack([SHARES * n, (1 - SHARES) * n])
    exog = np.column_stack([np.ones(4), np.eye(4)[:, [0, 1, 3]]])
    plain = sm.GLM(counts, exog, sm.families.Binomial()).fit(tol=1e-8)
    assert trend.equal_p == pytest.approx(float(plain.wald_test(np.eye(4)[1:], scalar=True).pvalue), rel=1e-6)


def test_a_straight_line_is_called_straight_and_a_bend_is_not(on_a_line):
    assert on_a_line.straight_p == pytest.approx(1.0, abs=1e-6)
    assert fit_trend(WAVES, SHARES, COVARIANCE, 2017).straight_p < 0.001


def test_equal_shares_have_no_slope_and_no_differences():
    trend = fit_trend(WAVES, np.full(4, 0.8), np.diag(ERRORS**2), 2017)
    assert trend.slope == pytest.approx(0, abs=1e-12)
    assert (trend.slope_p, trend.equal_p, trend.straight_p) == pytest.approx((1, 1, 1), abs=1e-6)
    assert trend.slope_low < 0 < trend.slope_high


@pytest.mark.parametrize("baseline", WAVES)
def test_the_baseline_changes_neither_line_nor_tests(baseline):
    trend, other = fit_trend(WAVES, SHARES, COVARIANCE, baseline), fit_trend(WAVES, SHARES, COVARIANCE, 2014)
    assert trend.predicted == pytest.approx(other.predicted, abs=1e-9)
    found = (trend.slope, trend.slope_low, trend.slope_high, trend.slope_p, trend.equal_p, trend.straight_p)
    expected = (other.slope, other.slope_low, other.slope_high, other.slope_p, other.equal_p, other.straight_p)
    assert found == pytest.approx(expected, rel=1e-6)


def test_the_order_of_the_waves_changes_nothing():
    trend = fit_trend(WAVES, SHARES, COVARIANCE, 2017)
    for order in list(permutations(range(4)))[1::6]:
        places = list(order)
        turned = fit_trend([WAVES[i] for i in places], SHARES[places], COVARIANCE[np.ix_(places, places)], 2017)
        assert turned.differences == pytest.approx(trend.differences[places], abs=1e-9)
        assert (turned.slope, turned.equal_p, turned.straight_p) == pytest.approx(
            (trend.slope, trend.equal_p, trend.straight_p), rel=1e-6
        )


@pytest.mark.parametrize(
    ("waves", "shares", "baseline", "says"),
    [
        ([2017, 2019], [0.5, 0.6], 2017, "a trend over 2 waves"),
        ([2014, 2017, 2019], [0.5, 0.6, 0.7], 2015, "baseline 2015 has no share"),
        ([2014, 2017, 2019], [0.5, 0.6, 1.0], 2017, "a share of 0 or 1 has no logit"),
        ([2014, 2017, 2019], [0.0, 0.6, 0.7], 2017, "a share of 0 or 1 has no logit"),
        ([2014, 2017, 2019], [0.5, float("nan"), 0.7], 2017, "a share of 0 or 1 has no logit"),
    ],
)
def test_a_trend_that_cannot_be_fitted_is_refused(waves, shares, baseline, says):
    with pytest.raises(EstimationError, match=says):
        fit_trend(waves, np.array(shares), np.eye(len(waves)) * 0.0004, baseline)


@pytest.mark.parametrize(
    ("covariance", "df", "message"),
    [
        (COVARIANCE, 0, "degrees of freedom"),
        (COVARIANCE * (1 - np.diag([1.0, 0, 0, 0])), np.inf, "not positive definite"),
        (COVARIANCE + np.diag(np.full(3, 0.01), 1) + np.diag(np.full(3, 0.01), -1), np.inf, "not positive definite"),
    ],
    ids=["df of 0", "a census that goes together with others", "overlaps that cannot be together"],
)
def test_a_covariance_that_cannot_be_is_refused(covariance, df, message):
    with pytest.raises(EstimationError, match=message):
        fit_trend(WAVES, SHARES, covariance, 2019, df)


NO_OVERLAP = np.diag(ERRORS**2)


def ends(lowest, highest):
    scale = np.outer(ERRORS, ERRORS)
    mixed = [np.where(np.eye(4) == 1, 1.0, correlation) * scale for correlation in (lowest, highest)]
    return Bounds(*mixed)


@pytest.mark.parametrize(
    ("shares", "limits"),
    [
        (SHARES, (-0.3, 0.4)),
        (np.array([0.05, 0.06, 0.04, 0.09]), (-0.2, 0.0)),
        (np.array([0.5, 0.6, 0.7, 0.85]), (0.0, 0.3)),
    ],
)
def test_no_covariance_within_the_bounds_gives_less_certainty_than_the_range(shares, limits):
    bounds = ends(*limits)
    trend = fit_trend(WAVES, shares, NO_OVERLAP, 2017, possible=bounds)
    random = np.random.default_rng(3)
    widest = 0.0
    upper = np.triu_indices(4, 1)
    corners = product((0.0, 1.0), repeat=6)
    for part in [*corners, *random.random((20, 6))]:
        covariance = NO_OVERLAP.copy()
        covariance[upper] = bounds.lowest[upper] + np.array(part) * (bounds.highest - bounds.lowest)[upper]
        covariance.T[upper] = covariance[upper]
        if np.linalg.eigvalsh(covariance).min() <= 0:
            continue
        one = fit_trend(WAVES, shares, covariance, 2017)
        widest = max(widest, one.slope_high - one.slope_low)
        for name in ("slope_p", "equal_p", "straight_p"):
            assert getattr(one, name) <= getattr(trend, name.replace("_p", "_range_p")) * (1 + 1e-6)
    assert widest == pytest.approx(trend.slope_range_high - trend.slope_range_low, rel=1e-9)
    assert (trend.slope_low, trend.slope_p) == (fit_trend(WAVES, shares, NO_OVERLAP, 2017).slope_low, trend.slope_p)


def test_bounds_of_one_covariance_are_that_covariance():
    trend = fit_trend(WAVES, SHARES, COVARIANCE, 2017, possible=Bounds(COVARIANCE, COVARIANCE))
    assert (trend.slope_range_low, trend.slope_range_high) == pytest.approx((trend.slope_low, trend.slope_high))
    found = (trend.slope_range_p, trend.equal_range_p, trend.straight_range_p)
    assert found == pytest.approx((trend.slope_p, trend.equal_p, trend.straight_p), rel=1e-3)


def test_a_bend_that_not_every_overlap_shows_is_not_called_a_bend():
    bend = np.array([0.70, 0.76, 0.76, 0.74])
    trend = fit_trend(WAVES, bend, NO_OVERLAP, 2017, possible=ends(-0.6, 0.3))
    assert trend.straight_p < 0.05 <= trend.straight_range_p
    assert trend.is_straight and not fit_trend(WAVES, bend, NO_OVERLAP, 2017).is_straight


@pytest.mark.parametrize("census", [(2019,), (2014, 2019), (2015, 2017, 2019), tuple(WAVES)])
def test_a_census_adds_nothing_to_the_errors_and_does_not_take_over_the_line(census):
    certain = np.isin(WAVES, census)
    covariance = np.where(np.add.outer(certain, certain), 0.0, COVARIANCE)
    trend, sampled = fit_trend(WAVES, SHARES, covariance, 2019), fit_trend(WAVES, SHARES, COVARIANCE, 2019)
    assert trend.differences_se == pytest.approx(np.sqrt(np.diag(covariance)), abs=1e-12)
    others = ERRORS[~certain].min() ** 2 if not certain.all() else 1
    weighed = fit_trend(WAVES, SHARES, covariance + np.diag(certain * others), 2019)
    assert trend.predicted == pytest.approx(weighed.predicted, abs=1e-9)
    assert np.isfinite([trend.slope_low, trend.slope_high, trend.slope_p, trend.equal_p, trend.straight_p]).all()
    assert trend.slope_high - trend.slope_low < sampled.slope_high - sampled.slope_low
    # two that were counted in full differ without a doubt; a line through all is no estimate either
    assert (trend.equal_p == 0) == (len(census) > 1)
    assert (trend.slope_low == trend.slope_high) == (len(census) == 4)


def test_censuses_that_are_equal_show_no_change():
    trend = fit_trend(WAVES, np.full(4, 0.8), np.zeros((4, 4)), 2017)
    assert (trend.slope_p, trend.equal_p, trend.straight_p) == (1, 1, 1)
    assert trend.slope_low == trend.slope_high == pytest.approx(0, abs=1e-12)
