"""What two rooms work out by themselves, of other things that they are asked, comes to the same."""

from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import pytest

from wijkpeiling.agreement import _possible_in_both
from wijkpeiling.estimation.change import possible_overlap
from wijkpeiling.population import read_population
from wijkpeiling.waves import Overlap

YEARS = (2014, 2015, 2017, 2019)


@pytest.mark.parametrize(("earlier", "later"), list(combinations(YEARS, 2)))
def test_an_overlap_that_is_refused_where_it_is_read_is_one_that_estimation_cannot_have(published, earlier, later):
    project, population = published.project, published.population
    waves = [project.wave(year) for year in (earlier, later)]
    shares = [SimpleNamespace(n=wave.n_respondents, N=population.n_municipalities(wave.frame_date)) for wave in waves]
    fewest, most = possible_overlap(*shares, population.n_common(*(wave.frame_date for wave in waves)))
    read = _possible_in_both(project, population, waves[1], Overlap(wave=earlier, n_respondents=most))
    assert (read.start, read.stop - 1) == (fewest, most)


@pytest.mark.parametrize(("earlier", "later"), list(combinations(YEARS, 2)))
def test_the_municipalities_that_stay_the_same_are_those_of_that_lineage(project, invented_answers, earlier, later):
    answers = invented_answers
    population = replace(read_population(project), mergers=answers.mergers)
    codes = [answers.frame(year)["gemeentecode"] for year in (earlier, later)]
    dates = [project.wave(year).frame_date for year in (earlier, later)]
    lineage = population.lineage(codes[0], *dates)
    _, same = answers.common(earlier, later)
    assert set(codes[1].iloc[same]) == {code for code, how in lineage.items() if how in ("same", "renamed")}
    assert 0 < len(same) < len(codes[1])
