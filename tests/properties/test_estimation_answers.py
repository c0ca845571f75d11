"""What holds for every sample."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkpeiling.estimation.cells import counted_variance
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.nonresponse import worst_case
from wijkpeiling.estimation.overlap import overlap
from wijkpeiling.estimation.shares import estimates, linearised_variance, shares
from wijkpeiling.methods.weights import poststratify, rake

NAMED = {"base": "respondents", "source": "microdata"}

# a table is checked in a tenth of a second, on a busy machine in a few
unhurried = settings(deadline=None, max_examples=50)
LABELS = ("<20k", "20-50k", "50-100k", ">=100k")


@st.composite
def samples(draw, census=False):
    """Answers, items with gaps, and the population they come from."""
    strata = draw(st.integers(1, 4))
    n_h = np.array(draw(st.lists(st.integers(0, 12), min_size=strata, max_size=strata).filter(lambda n: sum(n) > 1)))
    rest = np.array(draw(st.lists(st.integers(0, 12), min_size=strata, max_size=strata)))
    N_h = n_h if census else np.maximum(n_h + rest, 1)
    n, random = int(n_h.sum()), np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    answers = pd.DataFrame(
        {
            "gemeentecode": [f"GM{i:04d}" for i in range(n)],
            "size_class": np.repeat(LABELS[:strata], n_h),
            "region": random.choice(["a", "b"], n),
        }
    )
    items = pd.DataFrame(random.random((n, 3)) < draw(st.sampled_from([0.02, 0.3, 0.98]))).astype("boolean")
    items = items.mask(random.random((n, 3)) < draw(st.sampled_from([0, 0.2]))).set_axis(list("xyz"), axis=1)
    items.iloc[0] = True
    return answers, items, pd.Series(N_h, index=list(LABELS[:strata]))


def result(answers, items, population, **how):
    return shares(Design.from_responses(answers, population, **how), items, answers[["region"]])


@unhurried
@given(samples())
def test_weights_sum_to_the_municipalities_of_each_stratum(sample):
    answers, _, population = sample
    design = Design.from_responses(answers, population)
    assert np.allclose(np.bincount(design.stratum, design.weights), design.N_h)
    assert design.N_h.sum() == population.sum()


@unhurried
@given(samples(census=True))
def test_a_census_has_no_error(sample):
    assert (result(*sample).variance[0] == 0).all()


@unhurried
@given(samples(), st.sampled_from(["population", "process"]), st.booleans())
def test_counts_give_the_variances_of_the_textbook(sample, target, is_calibrated):
    answers, items, population = sample
    design = Design.from_responses(answers, population, target=target)
    if is_calibrated:
        known = answers["region"].value_counts(normalize=True) * design.N
        design = poststratify(design, answers["region"], known)
    wave = shares(design, items, answers[["region", "size_class"]], base=np.arange(len(answers)) % 4 != 1)
    z = wave.linearised()
    written_out = np.where(wave.n > 0, linearised_variance(design, z).reshape(wave.share.shape), np.nan)
    counted = counted_variance(design, wave.cells, wave.share, wave.answered_weight)
    rounding = 1e-14 * (design.variance_factor[design.stratum] @ z**2).max()
    assert np.allclose(counted, written_out, rtol=1e-12, atol=rounding, equal_nan=True)


@unhurried
@given(samples())
def test_a_wave_does_not_change_from_itself(sample):
    wave = result(*sample)
    pairs = np.repeat(np.arange(wave.design.n), 2).reshape(-1, 2)
    both = overlap(wave, wave, pairs)
    change = np.diag(both.variance_1) + np.diag(both.variance_2) - 2 * np.diag(both.covariance)
    alone = wave.design.n_h == 1
    assert np.allclose(change[np.isfinite(wave.share.ravel())], 0, atol=1e-15) or alone.any()


@unhurried
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_and_the_labels_change_nothing(sample, random):
    answers, items, population = sample
    rows = random.sample(range(len(answers)), len(answers))
    columns = random.sample(list(items), 3)
    renamed = {"a": "q", "b": "r"}
    shuffled = answers.iloc[rows].reset_index(drop=True).replace({"region": renamed})
    before = result(answers, items, population)
    after = result(shuffled, items.iloc[rows].reset_index(drop=True)[columns], population)
    back = [columns.index(name) for name in items]
    assert np.allclose(before.share, after.share[:, back], equal_nan=True, rtol=1e-12)
    assert np.allclose(before.variance, after.variance[:, back], equal_nan=True, rtol=1e-9, atol=1e-24)


@unhurried
@given(samples())
def test_the_complement_mirrors(sample):
    answers, items, population = sample
    yes, no = (estimates(result(answers, table, population), 2019, **NAMED) for table in (items, ~items))
    number = {name: yes[name].to_numpy(float, na_value=np.nan) for name in ("share", "se", "ci_low", "ci_high")}
    other = {name: no[name].to_numpy(float, na_value=np.nan) for name in number}
    assert np.allclose(number["share"], 1 - other["share"], equal_nan=True)
    assert np.allclose(number["se"], other["se"], equal_nan=True, atol=1e-12)
    assert np.allclose(number["ci_low"], 1 - other["ci_high"], equal_nan=True, atol=1e-9)


@unhurried
@given(samples(), st.sampled_from(["population", "process"]))
def test_an_interval_holds_its_share_and_has_width_but_for_a_census(sample, target):
    table = estimates(result(*sample, target=target), 2019, **NAMED)
    known = table[table["n"] > 0]
    assert (known["ci_low"] <= known["share"] + 1e-12).all()
    assert (known["ci_high"] >= known["share"] - 1e-12).all()
    wide = known["ci_high"] > known["ci_low"]
    assert (wide | (known["method"] == "census")).all()
    assert not known[["share", "se", "ci_low", "ci_high"]].isna().any(axis=None)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 6))
def test_whoever_belongs_and_whatever_they_would_say_the_share_is_within_the_worst_case(yes, no, nonrespondents):
    low, high = worst_case(np.array(yes), np.array(yes + no), np.array(nonrespondents))
    possible = [
        (yes + said_yes) / (yes + no + belong)
        for belong in range(nonrespondents + 1)
        for said_yes in range(belong + 1)
        if yes + no + belong
    ]
    # and no wider than that
    if possible:
        assert (low, high) == (min(possible), max(possible))


@unhurried
@given(samples())
def test_covariances_have_the_variances_on_their_diagonal_and_are_positive(sample):
    wave = result(*sample)
    covariance = wave.covariance()
    defined = np.isfinite(wave.variance.ravel())
    assert np.allclose(np.diag(covariance)[defined], wave.variance.ravel()[defined], rtol=1e-9, atol=1e-24)
    assert np.linalg.eigvalsh(covariance).min() > -1e-12


@unhurried
@given(samples())
def test_raking_to_what_the_weights_already_meet_changes_no_weight(sample):
    answers, _, population = sample
    design = Design.from_responses(answers, population)
    totals = pd.Series(design.weights).groupby(answers["region"]).sum()
    assert np.allclose(rake(design, answers[["region"]], {"region": totals}).weights, design.weights)
