"""Limits by one answer more: against known values, against drawing, and where they are taken."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.estimation import predictive
from wijkpeiling.estimation.answered import answered_share
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.estimation.predictive import Counts, predictive_limits
from wijkpeiling.estimation.shares import estimates, shares
from wijkpeiling.methods.weights import poststratify

LABELS = {"base": "respondents", "source": "microdata"}

CLASSES = ["a", "b", "c", "d"]
POPULATION = (81, 189, 54, 31)
RESPONDENTS = (44, 111, 34, 23)


def counts(yes, no, other=0, unobserved=0, N=None):
    parts = np.broadcast_arrays(
        *(np.atleast_2d(np.asarray(part, dtype=float)) for part in (yes, no, other, unobserved))
    )
    return Counts(*parts, sum(parts) if N is None else np.atleast_2d(np.asarray(N, dtype=float)))


def limits(seen, level=0.95):
    yes, no = seen.yes.sum(axis=1), seen.no.sum(axis=1)
    return np.array(predictive_limits(seen, yes / (yes + no), level)).ravel()


def wave(n_h=RESPONDENTS, N_h=POPULATION, **how):
    size_class = pd.Categorical(np.repeat(CLASSES[: len(n_h)], n_h), CLASSES[: len(N_h)])
    responses = pd.DataFrame({"gemeentecode": [f"GM{i:04d}" for i in range(sum(n_h))], "size_class": size_class})
    return responses, Design.from_responses(responses, pd.Series(N_h, CLASSES[: len(N_h)]), **how)


def table(design, yes, domains=None, base=None, **how):
    items = pd.DataFrame({"item": yes}).astype("boolean")
    return estimates(shares(design, items, domains, base), 2019, **LABELS, **how).set_index("domain_value")


@pytest.mark.parametrize(
    ("yes", "low", "high"),
    [((0, 0, 0, 0), 0, 4 / 355), ((44, 111, 34, 23), 351 / 355, 1), ((43, 111, 34, 23), 348 / 355, 354 / 355)],
)
def test_none_all_and_all_but_one_of_four_strata(yes, low, high):
    seen = counts(yes, np.subtract(RESPONDENTS, yes), 0, np.subtract(POPULATION, RESPONDENTS))
    assert limits(seen) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize("form", ["convolution", "enumeration", "moments"])
def test_a_quantile_is_that_of_an_urn_drawn_many_times(form):
    cases = {
        "convolution": counts((3, 9), (9, 4), 0, (20, 8)),
        "enumeration": counts((11,), (16,), 7, 20),
        "moments": counts((11, 8), (16, 9), (7, 3), (20, 8)),
    }
    seen = cases[form]
    assert set(seen.form) == {form}
    random = np.random.default_rng(5)
    highest = []
    for k in range(seen.yes.shape[1]):
        start = np.array([seen.yes[0] + (np.arange(seen.yes.shape[1]) == k), seen.no[0], seen.other[0]])
        chances = [random.gamma(part, size=(200_000, 3)) for part in np.maximum(start, 1e-9).T]
        unobserved = [
            random.multinomial(int(R), chance / chance.sum(axis=1, keepdims=True))
            for R, chance in zip(seen.unobserved[0], chances, strict=True)
        ]
        yes, no = (part.sum() + sum(s[:, j] for s in unobserved) for j, part in enumerate((seen.yes, seen.no)))
        highest.append(np.quantile(yes / (yes + no), 0.975))
    assert limits(seen)[1] == pytest.approx(max(highest), abs={"moments": 0.012}.get(form, 0.004))


@pytest.mark.parametrize("seen", [counts((11,), (16,), 7, 120), counts((30, 55), (14, 56), 0, (37, 78))])
def test_the_moments_come_near_the_exact_forms(seen, monkeypatch):
    exact = limits(seen)
    for name in ("LARGEST_ENUMERATION", "LARGEST_CONVOLUTION"):
        monkeypatch.setattr(predictive, name, 0)
    assert set(seen.form) == {"moments"}
    assert limits(seen) == pytest.approx(exact, abs=0.006)


def test_a_process_in_one_stratum_has_the_limits_of_clopper_and_pearson():
    from scipy.stats import beta

    seen = counts((7,), (13,), 0, np.inf, 40)
    assert limits(seen) == pytest.approx((beta.ppf(0.025, 7, 14), beta.ppf(0.975, 8, 13)), rel=1e-9)


def test_a_domain_seen_only_where_all_answered_may_have_members_elsewhere():
    everywhere = counts((0, 6), (0, 4), (10, 0), (15, 0))
    low, high = limits(everywhere)
    assert low < 0.6 < high
    assert tuple(limits(counts((3, 6), (7, 4), 0, (0, 0)))) == pytest.approx((0.45, 0.45))


def test_next_to_a_census_no_interval_is_a_point():
    assert tuple(limits(counts((0,), (60,), 3, 1))) == pytest.approx((0, 1 / 61))
    assert tuple(limits(counts((0, 20), (60, 0), 0, (1, 0)))) == pytest.approx((20 / 81, 21 / 81))
    assert tuple(limits(counts((12,), (60,), 3, 1))) == pytest.approx((12 / 73, 13 / 73))


def test_one_respondent_in_a_stratum_is_enough_and_makes_it_wide():
    narrow = np.diff(limits(counts((22, 55, 17, 11), (22, 56, 17, 12), 0, (37, 78, 20, 8))))
    wide = np.diff(limits(counts((22, 55, 17, 1), (22, 56, 17, 0), 0, (37, 78, 20, 30))))
    assert 1.5 < wide / narrow < 3


def test_a_class_over_a_base_of_unknown_size_reckons_with_that():
    responses, design = wave()
    of_c = (responses["size_class"] == "c").to_numpy()
    base = np.ones(design.n, dtype=bool)
    base[np.flatnonzero(of_c)[:4]] = False
    yes = np.zeros(design.n, dtype=bool)
    yes[np.flatnonzero(of_c)[4:22]] = True
    row = table(design, yes, responses[["size_class"]], base).loc["c"]
    assert (row["method"], row["n"], row["N"], row["count"]) == ("predictive", 30, 48, 18)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(limits(counts(18, 12, 4, 20))), abs=1e-12)


def test_a_class_with_everybody_in_the_base_has_the_exact_interval():
    responses, design = wave()
    rows = table(design, np.arange(design.n) % 3 == 0, responses[["size_class"]])
    assert rows["method"].to_dict() == {"all": "predictive"} | dict.fromkeys(CLASSES, "exact")
    assert rows["N"].to_list() == [355, *POPULATION]


@pytest.mark.parametrize("few", [0, 1])
def test_a_class_in_a_merged_stratum_keeps_its_own_size(few):
    responses, design = wave((44, 111, 34, few), lonely="collapse")
    assert len(design.labels) == 3
    yes = np.arange(design.n) % 2 == 0
    rows = table(design, yes, responses[["size_class"]])
    assert rows["N"].to_list() == [355, *POPULATION]
    low, high = exact_limits(54, 34)
    assert rows.loc["c", "method"] == "exact"
    assert rows.loc["c", "ci_low"] == low[rows.loc["c", "count"]] / 54
    assert rows.loc["c", "ci_high"] == high[rows.loc["c", "count"]] / 54
    assert rows.loc["d", "method"] == ("exact" if few else "none")


def test_a_base_in_a_merged_stratum_stands_for_its_own_class():
    responses, design = wave((44, 111, 34, 1), lonely="collapse")
    base = np.ones(design.n, dtype=bool)
    base[-18:-1] = False
    rows = table(design, np.arange(design.n) % 2 == 0, responses[["size_class"]], base)
    assert (rows.loc["c", "n"], rows.loc["c", "N"]) == (17, 27)


def test_another_division_by_the_same_names_is_no_size_class():
    _, design = wave()
    other = pd.DataFrame({"size_class": np.resize(CLASSES, design.n)})
    assert set(table(design, np.arange(design.n) % 2 == 0, other)["method"]) == {"predictive"}


def own_weights(responses):
    w = np.tile([1.5, 2.5], len(responses))[: len(responses)]
    size = responses["size_class"].astype(str)
    return responses.assign(
        w=w * size.map(dict(zip(CLASSES, POPULATION, strict=True))) / pd.Series(w).groupby(size).transform("sum")
    )


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("plain", "predictive"),
        ("process", "predictive"),
        ("thin", "beta"),
        ("weights", "logit"),
        ("calibrated", "logit"),
    ],
)
def test_the_method_follows_the_weights_and_the_strata(kind, method):
    responses, design = wave()
    if kind == "process":
        _, design = wave(target="process")
    if kind == "thin":
        responses, design = wave((5, 6, 6, 6))
    if kind == "weights":
        population = pd.Series(POPULATION, CLASSES)
        design = Design.from_responses(own_weights(responses), population, weight="w")
    if kind == "calibrated":
        region = pd.Series(np.resize(["n", "s"], design.n))
        design = poststratify(design, region, pd.Series({"n": 170, "s": 185}))
    row = table(design, np.arange(design.n) % 3 == 0).loc["all"]
    assert row["method"] == method
    assert row["ci_low"] < row["share"] < row["ci_high"]


def test_a_missing_answer_is_silence_where_the_number_of_municipalities_is_known():
    responses, design = wave()
    yes = pd.array(np.arange(design.n) % 2 == 0, dtype="boolean")
    yes[:4] = pd.NA
    row = table(design, yes).loc["all"]
    given = np.array(RESPONDENTS) - (4, 0, 0, 0)
    said = np.bincount(responses["size_class"].cat.codes, yes.to_numpy(float, na_value=0))
    seen = counts(said, given - said, 0, np.subtract(POPULATION, given))
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(limits(seen)), abs=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_a_share_by_itself_has_the_limits_of_the_table(level):
    responses, design = wave()
    base = np.arange(design.n) % 5 > 0
    items = pd.DataFrame({"item": np.arange(design.n) % 3 == 0}).astype("boolean")
    result = shares(design, items, responses[["size_class"]], base)
    for row in estimates(result, 2019, **LABELS, level=level).itertuples():
        share = answered_share(result, "item", (row.domain, row.domain_value))
        assert share.method == row.method == "predictive"
        assert share.limits(level) == (row.ci_low, row.ci_high)


def test_over_a_base_a_class_without_respondents_has_an_unknown_number():
    responses, design = wave((44, 111, 34, 0))
    base = np.arange(design.n) % 5 > 0
    row = table(design, np.arange(design.n) % 2 == 0, responses[["size_class"]], base).loc["d"]
    assert (row["n"], row["method"], row["flag"]) == (0, "none", "no_answers")
    assert pd.isna(row["N"])
