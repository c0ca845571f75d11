"""The design: strata and weights."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError, PopulationError
from wijkpeiling.estimation.design import Design

POPULATION = pd.Series({"<20k": 10, "20-50k": 20, "50-100k": 8, ">=100k": 4})


def responses(*counts):
    classes = np.repeat(POPULATION.index[: len(counts)], counts)
    return pd.DataFrame({"gemeentecode": [f"GM{i:04d}" for i in range(len(classes))], "size_class": classes})


@pytest.fixture
def design():
    return Design.from_responses(responses(5, 10, 4, 2), POPULATION)


def test_weights_are_municipalities_per_respondent(design):
    assert design.n == 21
    assert design.N == 42
    assert design.df == 17
    assert design.weights.sum() == 42
    assert design.weights[0] == 2


def test_a_design_prints_n_N_df_and_its_assumptions(design):
    text = str(design)
    assert "21 of 42 municipalities, 17 degrees of freedom, target: population" in text
    assert "as if drawn at random" in text


def test_a_design_cannot_be_changed(design):
    with pytest.raises(AttributeError):
        design.target = "process"
    with pytest.raises(ValueError, match="read-only"):
        design.group_weight[0] = 1


@pytest.mark.parametrize(
    ("counts", "labels"),
    [
        ((5, 10, 4, 1), ("<20k", "20-50k", "50-100k + >=100k")),
        ((5, 10, 4, 0), ("<20k", "20-50k", "50-100k + >=100k")),
        ((1, 10, 4, 2), ("<20k + 20-50k", "50-100k", ">=100k")),
        ((5, 10, 0, 0), ("<20k", "20-50k + 50-100k + >=100k")),
        ((5, 10, 1, 4), ("<20k", "20-50k + 50-100k", ">=100k")),
    ],
)
def test_a_small_stratum_joins_its_neighbour(counts, labels):
    design = Design.from_responses(responses(*counts), POPULATION, lonely="collapse")
    assert design.labels == labels
    assert design.n_h.sum() == sum(counts)
    assert design.N == 42
    assert set(design.stratum_of) == set(POPULATION.index)


def test_what_was_merged_is_said():
    design = Design.from_responses(responses(5, 10, 4, 0), POPULATION)
    assert "stratum >=100k has 0 of 4 and joins 50-100k" in str(design)


def test_one_respondent_is_enough_for_a_stratum():
    assert len(Design.from_responses(responses(5, 10, 4, 1), POPULATION).labels) == 4


def test_a_stratum_of_one_that_is_taken_whole_stays():
    population = POPULATION.where(POPULATION.index != ">=100k", 1)
    design = Design.from_responses(responses(5, 10, 4, 1), population, lonely="collapse")
    assert design.labels == tuple(POPULATION.index)
    process = Design.from_responses(responses(5, 10, 4, 1), population, target="process", lonely="collapse")
    assert len(process.labels) == 3


def test_a_stratum_without_municipalities_is_left_out():
    design = Design.from_responses(responses(5, 10, 4), POPULATION.where(POPULATION.index != ">=100k", 0))
    assert design.labels == ("<20k", "20-50k", "50-100k")


def test_lonely_adjust_keeps_the_stratum_and_lonely_fail_refuses():
    answers = responses(5, 10, 4, 1)
    assert len(Design.from_responses(answers, POPULATION, lonely="adjust").labels) == 4
    with pytest.raises(EstimationError, match="1 respondents of 4"):
        Design.from_responses(answers, POPULATION, lonely="fail")


def broken(change):
    answers = responses(5, 10, 4, 2)
    return change(answers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a.assign(gemeentecode=["GM0001", *a["gemeentecode"][1:]]), "GM0001 appears twice"),
        (lambda a: a.assign(size_class=["huge", *a["size_class"][1:]]), "GM0000: stratum 'huge'"),
        (lambda a: a.assign(size_class=[None, *a["size_class"][1:]]), "GM0000: no stratum"),
        (lambda a: a.drop(columns="size_class"), "no column size_class"),
        (lambda a: a.drop(columns="gemeentecode"), "no column gemeentecode"),
        (lambda a: a.iloc[:0], "nobody answered"),
        (lambda a: a.assign(size_class=">=100k"), "21 respondents in stratum >=100k, which has 4"),
    ],
)
def test_answers_that_do_not_fit_the_population_are_refused(change, message):
    with pytest.raises(EstimationError, match=message):
        Design.from_responses(broken(change), POPULATION)


@pytest.mark.parametrize("wrong", [-1, 1.5, None])
def test_a_population_is_whole_numbers(wrong):
    with pytest.raises(PopulationError, match="population of <20k"):
        Design.from_responses(responses(5, 10), pd.Series({"<20k": wrong, "20-50k": 20}, dtype=object))


def test_a_stratum_stands_in_the_population_once():
    with pytest.raises(PopulationError, match="twice"):
        Design.from_responses(responses(5), pd.Series([5, 6], index=["<20k", "<20k"]))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([2.0] * 20 + [np.nan], "GM0020: weight nan"),
        ([0.0] + [2.0] * 20, "GM0000"),
        ([0.9, 2.2, 2.3, 2.3, 2.3] + [2.0] * 16, "GM0000: weight 0.9(.|\\n)*stands at least for itself"),
        ([3.0] * 21, "sum to 15"),
        ([5.2] + [1.2] * 4 + [2.0] * 16, "GM0000: weight 5.2, more than all others"),
    ],
)
def test_weights_that_do_not_fit_the_frame_are_refused(weights, message):
    with pytest.raises(EstimationError, match=message):
        Design.from_responses(responses(5, 10, 4, 2).assign(weight=weights), POPULATION, weight="weight")


@pytest.mark.parametrize(
    ("N", "weights", "is_taken"),
    [
        (100, [99.0, 1.0], False),
        (100, [60.0, 40.0], False),
        (100, [50.0, 50.0], True),
        (100, [51.0, *[1.0] * 49], False),
        (100, [50.0, *[50 / 49] * 49], True),
        (100, [100.0], True),
    ],
)
def test_no_answer_decides_for_more_than_all_others_together(N, weights, is_taken):
    answers = pd.DataFrame({"gemeentecode": range(len(weights)), "weight": weights})
    if is_taken:
        assert Design.from_responses(answers, N, weight="weight").weights.tolist() == weights
        return
    with pytest.raises(EstimationError, match="at most half"):
        Design.from_responses(answers, N, weight="weight")


def test_one_of_two_in_a_small_stratum_may_stand_for_most_of_it():
    answers = responses(5, 10, 4, 2).assign(weight=[2.0] * 19 + [3.0, 1.0])
    assert Design.from_responses(answers, POPULATION, weight="weight").weights[-2:].tolist() == [3, 1]
