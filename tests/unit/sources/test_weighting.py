"""The switch ``weighting`` of a wave: shares of all municipalities with the answers weighed, or each counted alike."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.slugs import TASKS, TEAM
from tests.unweighted import Unweighted
from wijkpeiling.errors import ProjectError
from wijkpeiling.language import say
from wijkpeiling.present.shares import base_notes
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import Sources, estimate, read_sources
from wijkpeiling.trend.changes import changes_against
from wijkpeiling.trend.comparison import compare_waves

CONCEPTS = [TEAM, *TASKS]


class BothOfAPair(Unweighted):
    unweighted = (2017, 2019)


class OnlyTheLater(Unweighted):
    unweighted = (2019,)


@pytest.fixture(scope="module")
def weighed(invented, unprotected):
    return unprotected(invented)


@pytest.fixture(scope="module", params=[BothOfAPair, OnlyTheLater])
def alike(request, weighed):
    published = replace(weighed.published, project=request.param(weighed.published.project.root))
    return type(weighed)(published, weighed.answers)


def test_a_wave_is_weighed_by_size_class_unless_its_file_says_otherwise(mini):
    assert {wave.weighting for wave in mini.project.waves.values()} == {"size_class"}
    mini.replace("2027/wave.yml", "baseline: 2017", "baseline: 2017\nweighting: none")
    assert mini.project.wave(2027).weighting == "none"


def test_another_way_of_weighting_is_refused(mini):
    mini.replace("2027/wave.yml", "baseline: 2017", "baseline: 2017\nweighting: provincie")
    with pytest.raises(ProjectError, match="weighting: Input should be 'size_class' or 'none', found 'provincie'"):
        mini.project.wave(2027)


def test_unweighted_shares_are_counts_over_those_that_answered(alike):
    table = estimate(alike, 2019, CONCEPTS)
    assert np.allclose(table["share"].astype(float), (table["count"] / table["n"]).astype(float), rtol=1e-12)
    # all respondents of all municipalities without strata: the interval of a count, as of a published figure
    assert table["method"].tolist()[0] == "exact"


def test_weighted_shares_are_the_sum_over_the_classes_of_the_frame(weighed):
    source = weighed.of(2019)
    by_class = source.responses.groupby("size_class", observed=False)[TEAM].mean().astype(float)
    N = source.answers.population_sizes(2019)
    assert np.isclose(estimate(weighed, 2019, [TEAM])["share"].iloc[0], by_class @ N / N.sum(), rtol=1e-12)


def test_the_switch_leaves_shares_by_class_and_waves_without_it_as_they_are(weighed, alike):
    for by in (None, "size_class"):
        same = estimate(weighed, 2015, [TEAM], by=by), estimate(alike, 2015, [TEAM], by=by)
        pd.testing.assert_frame_equal(*same)
    pd.testing.assert_frame_equal(
        estimate(weighed, 2019, CONCEPTS, by="size_class"), estimate(alike, 2019, CONCEPTS, by="size_class")
    )


def test_unweighted_waves_are_compared_with_others_as_answers_are(weighed, alike):
    tested, _ = compare_waves(alike, 2017, 2019, CONCEPTS, "en")
    before, _ = compare_waves(weighed, 2017, 2019, CONCEPTS, "en")
    assert [one.overlap for one in tested] == [one.overlap for one in before]
    for one, other in zip(tested, before, strict=True):
        assert abs(one.change.difference - other.change.difference) < 0.02
        assert np.isclose(one.change.ci_high - one.change.ci_low, other.change.ci_high - other.change.ci_low, rtol=0.1)
    assert len(changes_against(alike, 2017, [2019], TASKS, "en")) == len(TASKS)


def test_an_overlap_by_size_class_is_the_same_whatever_the_weighting(weighed, alike):
    both = [sources.of(2017).overlap_with(sources.of(2019), TASKS[:2], by="size_class") for sources in (weighed, alike)]
    # overall stands in the strata as well
    assert np.allclose(both[0].covariance, both[1].covariance)


def test_an_unweighted_edition_of_real_answers_compares_with_what_was_published(mini):
    mini.replace("2027/wave.yml", "baseline: 2017", "baseline: 2017\nweighting: none")
    sources = read_sources(open_edition(wave=2027, language="en", start=mini.root))
    assert isinstance(sources, Sources) and sources.of(2027).design.labels == ("all",)
    assert len(changes_against(sources, 2017, [2027], [TEAM], "en"))


@pytest.mark.parametrize(("weighting", "told"), [("size_class", 0), ("none", 1)])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_edition_says_whether_its_shares_are_weighed(mini, language, weighting, told):
    mini.replace("2027/wave.yml", "baseline: 2017", f"baseline: 2017\nweighting: {weighting}")
    opened = open_edition(wave=2027, language=language, start=mini.root)
    notes = base_notes(opened, estimate(read_sources(opened), 2027, [TEAM]))
    keys = ("note_weighted", "note_unweighted")
    assert [say(language, key) in notes for key in keys] == [key == keys[told] for key in keys]
