"""Tests of independence in a table of answers."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.tables import rao_scott

POPULATION = pd.Series({"small": 60, "large": 20})


def respondents(small=30, large=12):
    stratum = np.repeat(["small", "large"], [small, large])
    return pd.DataFrame({"gemeentecode": [f"GM{i:04d}" for i in range(len(stratum))], "size_class": stratum})


def test_a_table_test_finds_dependence_and_no_dependence():
    answers = respondents()
    design = Design.from_responses(answers, POPULATION)
    random = np.random.default_rng(5)
    left = pd.Series(random.random(42) < 0.5)
    right = pd.Series(random.random(42) < 0.5)
    assert rao_scott(design, left, right).p_value > 0.05
    test = rao_scott(design, left, left)
    assert test.p_value < 1e-6
    assert np.isclose(test.table.to_numpy().sum(), 1)


def test_a_table_needs_two_values_and_a_sample():
    design = Design.from_responses(respondents(), POPULATION)
    some = pd.Series(np.resize([True, False], 42))
    with pytest.raises(EstimationError, match="1 by 2"):
        rao_scott(design, pd.Series([True] * 42), some)
    census = Design.from_responses(respondents(), pd.Series({"small": 30, "large": 12}))
    with pytest.raises(EstimationError, match="no variance"):
        rao_scott(census, some, pd.Series(np.resize([True, True, False], 42)))
    with pytest.raises(EstimationError, match="41 answers"):
        rao_scott(design, some[:41], some[:41])


EVENLY = np.resize([0, 1, 2], 42)


@pytest.mark.parametrize(
    ("left", "right"),
    [(EVENLY, EVENLY), (EVENLY, (EVENLY + 1) % 3), (np.resize([0, 1, 2, 3], 42), np.resize([0, 1, 2, 3], 42))],
    ids=["each with itself", "each with the next", "4 by 4"],
)
def test_a_table_of_perfect_association_is_refused(left, right):
    design = Design.from_responses(respondents(), POPULATION)
    with pytest.raises(EstimationError, match="cells of the table are empty"):
        rao_scott(design, pd.Series(left), pd.Series(right))


def test_a_table_with_an_empty_cell_can_be_tested():
    design = Design.from_responses(respondents(), POPULATION)
    right = np.where((EVENLY == 0) & (np.arange(42) % 2 == 0), 1, np.resize([0, 0, 1, 1, 2, 2, 1], 42))
    right[(EVENLY == 0) & (right == 2)] = 1
    test = rao_scott(design, pd.Series(EVENLY), pd.Series(right))
    assert (test.table.to_numpy() == 0).sum() == 1
    assert 0 < test.p_value < 1
