"""What totals tell of the classes that make them up, against every division tried one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkpeiling.exchange.deduction import ROUNDED, Told, possible_counts

CASES = {
    "all said yes": ([12, 30], [12, 30], [1.5, 1.2], [12, 30], [12, 30]),
    "one said no": ([11, 30], [12, 30], [1.5, 1.5], [11, 29], [12, 30]),
    "equal weights": ([6, 4], [10, 10], [2.0, 2.0], [0, 0], [10, 10]),
    # 5 of 10 and 5 of 10: another division is another percent
    "weights that differ much": ([5, 5], [10, 10], [1.0, 9.0], [5, 5], [5, 5]),
    "an empty class": ([0, 5], [0, 10], [1.0, 1.0], [0, 5], [0, 5]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_fewest_and_the_most_that_can_have_said_yes(name):
    yes, answered, weight, low, high = map(np.array, CASES[name])
    found = possible_counts(yes, answered, weight.astype(float))
    assert (found.low.tolist(), found.high.tolist()) == (low.tolist(), high.tolist())


@st.composite
def classes(draw):
    answered = draw(st.lists(st.integers(1, 8), min_size=2, max_size=3))
    yes = [draw(st.integers(0, n)) for n in answered]
    weight = [draw(st.floats(1, 3)) for _ in answered]
    return np.array(yes), np.array(answered), np.array(weight)


@given(classes())
def test_it_finds_what_trying_every_division_finds(of):
    yes, answered, weight = of
    share = np.floor(weight @ yes / (weight @ answered) * 100 + 0.5) / 100
    every = np.array(list(product(*(range(n + 1) for n in answered))))
    fits = (every.sum(axis=1) == yes.sum()) & (np.abs(every @ weight / (weight @ answered) - share) <= ROUNDED)
    found = possible_counts(yes, answered, weight)
    assert (found.low <= yes).all() and (yes <= found.high).all()
    np.testing.assert_array_equal(found.low, every[fits].min(axis=0))
    np.testing.assert_array_equal(found.high, every[fits].max(axis=0))


YES, ANSWERED, WEIGHT = np.array([30, 93, 30, 23]), np.array([44, 111, 34, 23]), np.array([81, 189, 54, 31])
OUT = np.array([True, True, False, False])
READ = {
    # 176 - 30 - 93 - 30
    "the total minus the others": (Told(np.array([True, True, True, False]), step=None), [30, 93, 30, 23], None),
    # 53 of 34 and 23
    "two left out": (Told(OUT, step=None), [30, 93, 30, 19], [30, 93, 34, 23]),
    "two left out, and the weighted share in full": (Told(OUT, step=0), [30, 93, 30, 23], None),
    "nothing but the classes that are shown": (Told(OUT, total=False, step=None), [30, 93, 0, 0], [30, 93, 34, 23]),
    "nothing at all": (Told(total=False, step=None), [0, 0, 0, 0], [44, 111, 34, 23]),
}


@pytest.mark.parametrize("name", READ)
def test_what_a_reader_works_out_follows_from_what_is_printed(name):
    told, low, high = READ[name]
    found = possible_counts(YES, ANSWERED, WEIGHT / ANSWERED, told)
    assert (found.low.tolist(), found.high.tolist()) == (low, high or low)
