"""Shares, their intervals, and what non-response could do."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.estimation.intervals import METHODS, interval
from wijkpeiling.estimation.nonresponse import sensitivity, worst_case
from wijkpeiling.estimation.shares import estimates, shares

LABELS = {"base": "respondents", "source": "microdata"}

SIZES = {"small": (60, 30), "large": (20, 15)}


def wave(sizes=SIZES):
    stratum = np.repeat(list(sizes), [n for _, n in sizes.values()])
    codes = [f"GM{i:04d}" for i in range(len(stratum))]
    answers = pd.DataFrame({"gemeentecode": codes, "size_class": stratum})
    population = pd.Series({label: N for label, (N, _) in sizes.items()})
    return answers, population


@pytest.fixture
def design():
    return Design.from_responses(*wave())


@pytest.fixture
def items(design):
    random = np.random.default_rng(3)
    gaps = pd.array(random.random(design.n) < 0.5, dtype="boolean")
    gaps[random.random(design.n) < 0.2] = pd.NA
    yes = pd.array(random.random(design.n) < 0.4, dtype="boolean")
    return pd.DataFrame({"yes": yes, "gaps": gaps, "never": False, "always": True}).astype("boolean")


def test_a_share_is_weighted_and_its_error_is_that_of_the_textbook(design):
    y = pd.DataFrame({"y": np.r_[np.repeat([1, 0], [10, 20]), np.repeat([1, 0], [9, 6])]})
    result = shares(design, y)
    assert np.isclose(result.share[0, 0], (60 * 10 / 30 + 20 * 9 / 15) / 80)
    parts = [(60, 30, 10 / 30), (20, 15, 9 / 15)]
    variance = sum((N / 80) ** 2 * (1 - n / N) * p * (1 - p) / (n - 1) for N, n, p in parts)
    assert np.isclose(result.variance[0, 0], variance, rtol=1e-13)


def test_covariances_agree_with_variances_and_sum_over_a_partition(design, items):
    result = shares(design, items, pd.DataFrame({"region": np.resize(["a", "b", "c"], design.n)}))
    covariance = result.covariance()
    assert np.allclose(np.diag(covariance), result.variance.ravel(), rtol=1e-12)
    assert np.allclose(covariance, covariance.T)


def test_a_domain_keeps_the_whole_design(design, items):
    size = pd.DataFrame({"size_class": np.repeat(["large", "small"], [0, design.n])})
    everyone = shares(design, items, size)
    assert everyone.domains == (("overall", "all"), ("size_class", "small"))
    assert np.allclose(everyone.se[0], everyone.se[1])


def test_missing_answers_and_a_base_are_domains(design, items):
    answered = items["gaps"].notna().to_numpy()
    through_base = shares(design, items[["yes"]], base=answered)
    filled = pd.DataFrame({"yes": items["yes"].where(answered)})
    through_missing = shares(design, filled)
    assert np.allclose(through_base.se, through_missing.se)
    assert through_base.n == through_missing.n == answered.sum()
    assert through_base.N < through_missing.N


def test_a_missing_domain_is_no_domain(design, items):
    domain = pd.Series(np.where(np.arange(design.n) < 10, "a", None), name="region", dtype=object)
    result = shares(design, items, domain.to_frame())
    assert result.domains[1:] == (("region", "a"),)
    assert result.n[1, 0] == 10


def test_numbers_and_booleans_say_the_same(design, items):
    numbers = items.astype("Float64").astype(float)
    assert np.array_equal(shares(design, numbers).share, shares(design, items).share)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda t: t.assign(yes=2), "answer 2"),
        (lambda t: t.assign(yes="ja"), "answer 'ja'"),
        (lambda t: t.assign(yes=pd.array([pd.NA] * len(t), dtype="boolean")), "nobody answered yes"),
        (lambda t: t.iloc[1:], "44 rows of answers for 45"),
    ],
)
def test_bad_answers_are_refused(design, items, spoil, message):
    with pytest.raises(EstimationError, match=message):
        shares(design, spoil(items))


def test_domains_fit_the_respondents(design, items):
    with pytest.raises(EstimationError, match="region: 44 rows"):
        shares(design, items, pd.DataFrame({"region": ["a"] * 44}))


def test_the_table_names_the_method_of_each_row(design, items):
    table = estimates(shares(design, items), 2019, **LABELS).set_index("concept")
    assert (table["method"] == "predictive").all()
    assert table.loc["never", "flag"] == "no_variance"
    assert (table["ci_high"] > table["ci_low"]).all()
    assert pd.isna(table.loc["never", "deff"])


def test_equal_weights_give_the_exact_interval(items):
    answers, _ = wave()
    plain = Design.from_responses(answers, 80)
    table = estimates(shares(plain, items), 2019, **LABELS).set_index("concept")
    assert (table["method"] == "exact").all()
    low, high = exact_limits(80, 45)
    count = table.loc["yes", "count"]
    assert (table.loc["yes", "ci_low"], table.loc["yes", "ci_high"]) == (low[count] / 80, high[count] / 80)


def test_a_size_class_by_itself_gets_the_exact_interval(design, items):
    answers, _ = wave()
    table = estimates(shares(design, items, answers[["size_class"]]), 2019, **LABELS)
    small = table[(table["domain_value"] == "small") & (table["concept"] == "yes")].iloc[0]
    assert small["method"] == "exact"
    assert (small["n"], small["N"]) == (30, 60)


def test_only_a_census_has_an_interval_of_no_width(items):
    answers, _ = wave()
    population = pd.Series({"small": 30, "large": 15})
    table = estimates(shares(Design.from_responses(answers, population), items), 2019, **LABELS).set_index("concept")
    assert (table.loc[["yes", "never", "always"], "method"] == "census").all()
    assert (table.loc["yes", ["ci_low", "ci_high"]] == table.loc["yes", "share"]).all()
    # who left the question open could have said anything
    assert table.loc["gaps", "ci_high"] > table.loc["gaps", "ci_low"]
    process = Design.from_responses(answers, population, target="process")
    table = estimates(shares(process, items), 2019, **LABELS)
    assert (table["ci_high"] > table["ci_low"]).all()


def test_an_item_that_the_strata_decide_has_an_interval_with_width(design):
    answers, _ = wave()
    table = estimates(shares(design, pd.DataFrame({"large": answers["size_class"] == "large"})), 2019, **LABELS).iloc[0]
    assert (table["method"], table["flag"]) == ("predictive", "no_variance")
    assert table["ci_low"] < table["share"] < table["ci_high"]


def test_without_degrees_of_freedom_no_standard_error_is_needed(design, items):
    two = pd.DataFrame({"region": np.where(np.isin(np.arange(design.n), [0, 40]), "tiny", "rest")})
    items.loc[[0, 40], "yes"] = [True, False]
    table = estimates(shares(design, items, two), 2019, **LABELS)
    row = table[(table["domain_value"] == "tiny") & (table["concept"] == "yes")].iloc[0]
    assert (row["df"], row["flag"]) == (0, "no_df")
    assert 0 < row["ci_low"] < 0.1 and row["ci_high"] > 0.8
    table = estimates(shares(design, items, two), 2019, **LABELS, method="logit")
    row = table[(table["domain_value"] == "tiny") & (table["concept"] == "yes")].iloc[0]
    assert (row["ci_low"], row["ci_high"]) == (0, 1)


def test_a_domain_without_answers_is_said_to_have_none(design, items):
    items.loc[:4, "gaps"] = pd.NA
    region = pd.DataFrame({"region": np.where(np.arange(design.n) < 5, "a", "b")})
    result = shares(design, items, region)
    table = estimates(result, 2019, **LABELS, nonrespondents=np.full(result.share.shape, 35))
    row = table[(table["domain_value"] == "a") & (table["concept"] == "gaps")].iloc[0]
    assert (row["n"], row["method"], row["flag"]) == (0, "none", "no_answers")
    assert pd.isna(row["share"])
    assert (row["worst_low"], row["worst_high"]) == (0, 1)


@pytest.mark.parametrize("method", METHODS[1:])
def test_a_method_can_be_asked_for(design, items, method):
    table = estimates(shares(design, items), 2019, **LABELS, method=method).set_index("concept")
    assert table.loc["yes", "method"] == method
    assert table.loc["never", "method"] == "beta"
    assert table.loc["never", "ci_high"] > 0


def test_exact_is_refused_where_weights_differ(design, items):
    with pytest.raises(EstimationError, match="unequal"):
        estimates(shares(design, items), 2019, **LABELS, method="exact")
    with pytest.raises(EstimationError, match="interval method 'wald'"):
        estimates(shares(design, items), 2019, **LABELS, method="wald")


def test_0_of_212_in_342():
    low, high = interval("exact", np.array(0.0), np.array(0.0), np.array(211), np.array(212), np.array(342))
    assert (low, round(float(high), 4)) == (0, 0.0088)
    low, high = interval("beta", np.array(0.0), np.array(0.0), np.array(211), np.array(212), np.array(342))
    assert low == 0
    assert 0.006 < high < 0.0088


@pytest.mark.parametrize(("method", "level"), [("logit", 1.5), ("nothing", 0.95)])
def test_an_interval_needs_a_method_and_a_level(method, level):
    with pytest.raises(EstimationError):
        interval(method, *(np.array([0.5]),) * 5, level)


def test_an_exact_interval_needs_a_finite_population():
    with pytest.raises(EstimationError, match="process"):
        interval("exact", np.array([0.5]), np.array([0.1]), np.array([9]), np.array([10]), np.array([np.inf]))


@pytest.mark.parametrize(
    ("count", "n", "nonrespondents", "low", "high"),
    [
        (125, 212, 143, 125 / 355, 268 / 355),
        # a task over those with a team: 143 took no part, 2 left it open, and all may have a team
        (130, 174, 145, 130 / 319, 275 / 319),
        (12, 23, 0, 12 / 23, 12 / 23),
        (0, 0, 5, 0, 1),
        (0, 0, 0, np.nan, np.nan),
    ],
)
def test_in_the_worst_case_all_that_did_not_answer_say_no_or_yes(count, n, nonrespondents, low, high):
    bounds = worst_case(np.array([count]), np.array([n]), np.array([nonrespondents]))
    assert np.allclose(bounds, ([low], [high]), equal_nan=True)


def test_the_worst_case_takes_the_non_respondents_it_is_given_and_is_empty_without(design, items):
    result = shares(design, items)
    bounds = ["worst_low", "worst_high"]
    assert estimates(result, 2019, **LABELS)[bounds].isna().all(axis=None)
    table = estimates(result, 2019, **LABELS, nonrespondents=np.array([[35, 36, 37, 38]]))
    assert result.share.shape == (1, 4)
    assert table["worst_low"].tolist() == [
        count / (n + m) for count, n, m in zip(table["count"], table["n"], [35, 36, 37, 38], strict=True)
    ]


def test_sensitivity_moves_the_part_that_did_not_answer():
    moved = sensitivity(0.59, 0.6, np.array([-0.1, 0.0, 0.1, 0.9]))
    assert np.allclose(moved, [0.55, 0.59, 0.63, 0.6 * 0.59 + 0.4])
