"""What holds for the limits by one answer more, whatever was answered."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.estimation.predictive import Counts, predictive_limits

stratum = st.tuples(*(st.integers(0, most) for most in (12, 12, 6, 25)))
surveys = st.lists(stratum, min_size=1, max_size=4).filter(lambda rows: sum(yes + no for yes, no, *_ in rows) > 0)
levels = st.floats(0.5, 0.99)


def counted(rows, is_process=False):
    yes, no, other, unobserved = np.array(rows, dtype=float).T[:, None, :]
    N = yes + no + other + unobserved
    return Counts(yes, no, other, np.where(is_process & (N > 0), np.inf, unobserved), np.maximum(N, 1))


def limits(counts, level=0.95):
    yes, no = counts.yes.sum(axis=1), counts.no.sum(axis=1)
    low, high = predictive_limits(counts, yes / (yes + no), level)
    return float(low[0]), float(high[0])


@given(surveys, levels, levels, st.booleans())
def test_a_higher_level_gives_limits_around_those_of_a_lower(rows, one, other, is_process):
    inner, outer = (limits(counted(rows, is_process), level) for level in sorted([one, other]))
    # a single number of yes, next to a census, gets its neighbours on both sides
    seen = np.array(rows)[np.array(rows)[:, :2].sum(axis=1) > 0]
    step = 1.0 / seen[:, [0, 1, 3]].sum()
    slack = step if inner[1] - inner[0] <= 2 * step + 1e-9 else 0
    assert outer[0] <= inner[0] + slack + 1e-9 and inner[1] <= outer[1] + slack + 1e-9


@given(surveys, levels, st.booleans())
def test_yes_for_no_mirrors_the_limits(rows, level, is_process):
    low, high = limits(counted(rows, is_process), level)
    mirrored = limits(counted([(no, yes, *rest) for yes, no, *rest in rows], is_process), level)
    assert np.allclose(mirrored, (1 - high, 1 - low), atol=1e-9)


@given(surveys, levels)
def test_only_a_census_has_no_width_and_every_interval_holds_what_was_seen(rows, level):
    low, high = limits(counted(rows), level)
    yes, no, _, unobserved = np.array(rows).sum(axis=0)
    assert 0 <= low <= yes / (yes + no) <= high <= 1
    assert (high - low <= 1e-9) == (unobserved == 0)


@given(st.integers(2, 120), st.data())
def test_one_stratum_with_everybody_in_it_has_the_exact_interval(N, data):
    n = data.draw(st.integers(1, N - 1))
    x = data.draw(st.integers(0, n))
    level = data.draw(st.sampled_from([0.8, 0.9, 0.95, 0.99]))
    low, high = (part[x] / N for part in exact_limits(N, n, level))
    assert np.allclose(limits(counted([(x, n - x, 0, N - n)]), level), (low, high), atol=1e-9)
