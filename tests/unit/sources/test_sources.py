"""What an edition is estimated from: published figures alone, or invented answers as well."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.slugs import SHORTFALLS, TASKS, TEAM
from wijkpeiling.answers import parse_missing_reasons, spell_missing_reasons
from wijkpeiling.contracts import ESTIMATES, SIZE_CLASSES, check
from wijkpeiling.errors import EstimationError
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import (
    Sources,
    estimate,
    estimate_all_waves,
    read_sources,
)
from wijkpeiling.sources.microdata import MicrodataWave
from wijkpeiling.sources.published import estimate_published
from wijkpeiling.synthetic.answers import synthesize
from wijkpeiling.trend.changes import trend_of
from wijkpeiling.trend.comparison import compare_waves

WAVES = [2014, 2015, 2017, 2019]


@pytest.fixture(scope="module")
def invented(invented, unprotected):
    """As exact as they are estimated, before anything is protected."""
    return unprotected(invented)


@pytest.fixture(scope="module")
def taken_in(taken_in, unprotected):
    return unprotected(taken_in)


@pytest.fixture(scope="module")
def of_2019(invented):
    return estimate(invented, 2019, [TEAM, *TASKS, *SHORTFALLS]).set_index("concept")


@pytest.fixture(scope="module")
def by_size(invented):
    return estimate(invented, 2019, TASKS, by="size_class")


@pytest.fixture
def fresh(published, invented):
    """Sources with nothing computed yet."""
    return Sources(published, invented.answers)


def test_the_source_of_an_edition_chooses_its_evidence(edition):
    real, invented = (read_sources(edition(2019, source=source)) for source in ("published", "synthetic"))
    assert [sources.source_of(2017, 2019) for sources in (real, invented)] == ["published", "synthetic"]
    assert real.answers is None and invented.answers is not None


def test_waves_are_those_with_answers_or_all_that_something_was_published_about(sources, invented):
    assert sources.waves == [*WAVES, 2022]
    assert invented.waves == WAVES


def test_published_figures_alone_assume_nothing(sources):
    assert sources.assumptions == {}
    assert not any(sources.of(wave).is_assumed(TEAM) for wave in sources.waves)


def test_the_assumed_levels_are_those_of_the_file_of_assumptions(invented):
    assert invented.answers.assumed == {(2017, concept) for concept in TASKS + SHORTFALLS}
    levels = invented.assumptions[2017]
    assert {(2017, concept) for concept in levels} == invented.answers.assumed
    assert all(level.reason[language] for level in levels.values() for language in ("nl", "en"))


def test_everyone_was_asked_for_a_team_and_those_with_one_for_its_tasks(invented):
    concepts = [*TASKS, TEAM, *SHORTFALLS]
    assert invented.of(2019).by_base(concepts) == [("respondents", [TEAM]), ("with_team", TASKS + SHORTFALLS)]
    assert invented.of(2014).by_base(concepts) == [("respondents", [TEAM])]
    assert invented.of(2014).by_base(TASKS) == []
    # answered by nobody in any wave
    assert invented.of(2019).by_base(["task_work_and_income"]) == []


@pytest.fixture(scope="module")
def one_not_shown(invented, unprotected):
    """One municipality with a team was not shown signalling in 2019, and said yes to it before."""
    answers = invented.answers
    responses = answers.responses.copy()
    row = responses.index[(responses["wave"] == 2019) & responses["task_signalling"].fillna(False)][0]
    responses.loc[row, "task_signalling"] = pd.NA
    reasons = pd.DataFrame(pd.NA, index=responses.index, columns=answers.concepts, dtype="string")
    for year in answers.waves:
        reasons[responses["wave"] == year] = answers.missing_reasons(year).to_numpy()
    reasons.loc[row, "task_signalling"] = "not_shown"
    responses["missing_reason"] = spell_missing_reasons(reasons)
    return unprotected(Sources(invented.published, replace(answers, responses=responses)))


def test_a_task_that_one_municipality_was_not_shown_is_estimated_apart(invented, one_not_shown):
    others = [task for task in TASKS if task != "task_signalling"]
    assert one_not_shown.of(2019).by_base([*TASKS, TEAM]) == [
        ("respondents", [TEAM]),
        ("with_team", others),
        ("with_team", ["task_signalling"]),
    ]


@pytest.mark.parametrize("by", [None, "size_class"])
def test_a_task_that_one_municipality_was_not_shown_leaves_the_other_rows_as_they_are(invented, one_not_shown, by):
    before, after = (estimate(sources, 2019, TASKS, by) for sources in (invented, one_not_shown))
    keys = ["concept", "domain_value", "base"]
    pd.testing.assert_frame_equal(before[keys], after[keys])
    is_other = before["concept"] != "task_signalling"
    pd.testing.assert_frame_equal(before[is_other], after[is_other])
    assert before["n"].sum() - after["n"].sum() == before["count"].sum() - after["count"].sum() == 1


def test_a_task_that_one_municipality_was_not_shown_is_compared_with_the_earlier_wave(invented, one_not_shown):
    before, after = (compare_waves(sources, 2017, 2019, TASKS, "en")[0] for sources in (invented, one_not_shown))
    assert {test.concept for test in after} == set(TASKS)
    p_values = [{test.concept: test.change.p_value for test in tests} for tests in (before, after)]
    assert {task for task in TASKS if p_values[0][task] != p_values[1][task]} == {"task_signalling"}


def test_a_wave_without_answers_asked_nothing(invented):
    assert invented.of(2022).asked([TEAM]) == []
    assert estimate(invented, 2022, [TEAM]).empty


def test_estimates_of_answers_follow_their_contract(of_2019, by_size):
    for table in (of_2019.reset_index()[ESTIMATES.columns], by_size):
        pd.testing.assert_frame_equal(check(table, ESTIMATES, EstimationError), table)
        assert set(table["source"]) == {"synthetic"} and set(table["target"]) == {"population"}


def test_each_estimate_has_the_base_that_answered_it(invented, of_2019):
    answers = invented.answers.wave(2019)
    assert of_2019["base"].to_dict() == {TEAM: "respondents"} | dict.fromkeys(TASKS + SHORTFALLS, "with_team")
    for concept, row in of_2019.iterrows():
        answered = answers[concept].dropna()
        assert (row["n"], row["count"]) == (len(answered), answered.sum())
    assert of_2019.loc[TEAM, "N"] == 355
    # municipalities with a team are themselves an estimate: the weighted share of all
    assert of_2019.loc[TASKS[0], "N"] == round(355 * of_2019.loc[TEAM, "share"])


def test_a_share_is_weighted_by_size_class(invented, of_2019):
    answers, N = invented.answers.wave(2019), invented.answers.population_sizes(2019)
    weight = answers["size_class"].map(N / answers["size_class"].value_counts()).astype(float)
    for concept in (TEAM, *TASKS):
        answered = answers[concept].notna()
        expected = np.average(answers.loc[answered, concept].astype(float), weights=weight[answered])
        assert of_2019.loc[concept, "share"] == pytest.approx(expected, rel=1e-12)


def test_an_assumed_level_is_flagged_and_a_published_one_is_not(invented, of_2019):
    before = estimate(invented, 2017, [TEAM, *TASKS]).set_index("concept")["flag"]
    assert before.isna().to_dict() == {TEAM: True} | dict.fromkeys(TASKS, False)
    assert set(before.dropna()) == {"assumed"}
    assert of_2019["flag"].isna().all()


def test_by_size_every_class_has_a_row_and_the_total_has_none(by_size):
    assert set(zip(by_size["domain"], by_size["domain_value"], strict=True)) == {
        ("size_class", name) for name in SIZE_CLASSES
    }
    assert by_size["concept"].value_counts().to_dict() == dict.fromkeys(TASKS, 4)


def test_size_classes_add_up_to_the_total(by_size, of_2019):
    for concept, cells in by_size.groupby("concept"):
        assert cells["n"].sum() == of_2019.loc[concept, "n"]
        if not cells["is_suppressed"].any():
            assert cells["count"].sum() == of_2019.loc[concept, "count"]
            weighted = (cells["share"] * cells["N"]).sum() / cells["N"].sum()
            assert weighted == pytest.approx(of_2019.loc[concept, "share"], abs=0.01)


def test_a_class_in_which_few_said_no_is_withheld(invented, by_size):
    answers = invented.answers.wave(2019)
    small = by_size[by_size["is_suppressed"]]
    few = [
        (concept, name)
        for concept in TASKS
        for name, group in answers.groupby("size_class", observed=True)[concept]
        if 0 < min(group.sum(), (~group.dropna()).sum()) < 5
    ]
    assert few
    assert set(few) <= set(zip(small["concept"], small["domain_value"], strict=True))
    assert small[["count", "share", "se", "ci_low", "ci_high"]].isna().all(axis=None)


def test_published_figures_are_estimated_as_before_and_not_by_size(published, sources):
    pd.testing.assert_frame_equal(estimate(sources, 2019, TASKS), estimate_published(published, 2019, TASKS))
    table = estimate(sources, 2019, TASKS, by="size_class")
    assert table.empty and table.columns.tolist() == ESTIMATES.columns


def test_concepts_that_nobody_answered_give_an_empty_table_with_the_columns_of_the_contract(invented):
    table = estimate(invented, 2014, TASKS)
    assert table.empty and table.columns.tolist() == ESTIMATES.columns


def test_all_waves_with_answers_stand_in_order_of_time(invented):
    assert estimate_all_waves(invented, TEAM)["wave"].tolist() == WAVES
    assert estimate_all_waves(invented, TASKS[0])["wave"].tolist() == [2017, 2019]
    assert estimate_all_waves(invented, "task_work_and_income").columns.tolist() == ESTIMATES.columns


@pytest.mark.parametrize(("first", "second"), [(2014, 2015), (2015, 2017), (2017, 2019)])
def test_the_panel_is_that_of_the_answers_within_the_frame_that_continues(invented, first, second):
    pairs, continuing = invented.of(first).panel_with(invented.of(second))
    earlier, later = pairs.T
    codes = invented.of(first).responses["gemeentecode"].to_numpy()[earlier]
    assert (codes == invented.of(second).responses["gemeentecode"].to_numpy()[later]).all()
    assert len(set(codes)) == len(pairs) == len(invented.answers.panel(first, second)[0])
    assert continuing.to_numpy().sum() == invented.answers.n_common(first, second)


def test_of_the_134_that_answered_twice_129_are_the_same_municipality(invented):
    overlap = invented.of(2017).overlap_with(invented.of(2019), [TEAM])
    assert overlap.n_overlap == len(invented.of(2017).panel_with(invented.of(2019))[0]) == 129
    # within a class there are pairs enough; few moved to another class
    assert [cell for cell in overlap.borrowed if " to " not in cell] == []


def test_answers_that_last_make_two_waves_vary_together(invented):
    overlap = invented.of(2017).overlap_with(invented.of(2019), TASKS)
    assert overlap.covariance.shape == (6, 6)
    assert (np.diag(overlap.correlation) > 0).all()


def test_an_overlap_by_size_class_has_every_domain(invented):
    overlap = invented.of(2017).overlap_with(invented.of(2019), TASKS[:2], by="size_class")
    assert overlap.covariance.shape == (10, 10)
    # municipalities of different size classes in both waves are no pairs of one class
    assert np.isfinite(overlap.correlation).all()


def test_over_all_respondents_shares_and_overlap_are_as_if_those_without_a_team_had_said_no(invented):
    answers, (task, *_) = invented.answers, TASKS
    reasons = parse_missing_reasons(answers.responses["missing_reason"], answers.concepts)
    is_hidden = reasons[task].eq("not_shown").fillna(False)
    reasons.loc[is_hidden, task] = pd.NA
    said = answers.responses.assign(missing_reason=spell_missing_reasons(reasons))
    said.loc[is_hidden, task] = False
    asked_of_all = Sources(invented.published, replace(answers, responses=said, routing={}))
    years, both = [2017, 2019], (invented, asked_of_all)
    shares = [[sources.of(year).share(task, "respondents") for year in years] for sources in both]
    assert shares[0] == shares[1]
    covariances = [sources.covariances(years, task, "respondents").likely for sources in both]
    assert np.array_equal(*covariances)
    assert not np.allclose(covariances[0], invented.covariances(years, task, "with_team").likely)


def test_a_trend_of_an_item_that_was_routed_runs_over_its_own_base(invented):
    answers, (task, *_) = invented.answers, TASKS
    responses, is_2015 = answers.responses.copy(), answers.responses["wave"] == 2015
    reasons = parse_missing_reasons(responses["missing_reason"], answers.concepts)
    with_team = is_2015 & responses[TEAM].fillna(False)
    responses.loc[with_team, task] = np.arange(with_team.sum()) % 3 > 0
    reasons.loc[is_2015, task] = reasons.loc[is_2015, task].mask(with_team, pd.NA).mask(~with_team, "not_shown")
    responses["missing_reason"] = spell_missing_reasons(reasons)
    routing = {**answers.routing, (2015, task): TEAM}
    asked = replace(invented, answers=replace(answers, responses=responses, routing=routing))
    trend = trend_of(asked, 2017, task)
    own = {wave: asked.of(wave).share(task, "with_team").share for wave in (2015, 2017)}
    assert trend.waves.tolist() == [2015, 2017, 2019]
    assert abs(trend.differences[0]) == pytest.approx(abs(own[2017] - own[2015]))


def test_concepts_of_different_bases_are_not_estimated_together(invented):
    with pytest.raises(EstimationError, match=f"{TEAM}, {TASKS[0]} were asked of different municipalities") as refusal:
        invented.of(2019).shares([TEAM, TASKS[0]])
    assert refusal.value.expected == "concepts with one base"
    assert refusal.value.todo
    assert refusal.value.exit_code == 14


def test_published_figures_alone_have_no_item_responses_to_give_and_say_why(sources):
    source = sources.of(2019)
    assert source.why_not == "answers_missing"
    assert source.items([TEAM]) == []
    assert source.response().empty and source.item_responses(TEAM).empty


def test_shares_are_estimated_once_for_each_wave_concepts_and_domain(fresh, monkeypatch):
    made = []
    estimated = MicrodataWave._estimate
    monkeypatch.setattr(MicrodataWave, "_estimate", lambda self, *key: made.append(key) or estimated(self, *key))
    first = fresh.of(2019).shares(TASKS)
    assert fresh.of(2019).shares(list(TASKS)) is first
    assert made == [(TASKS, None, False)]
    others = [
        fresh.of(2017).shares(TASKS),
        fresh.of(2019).shares(TASKS[:2]),
        fresh.of(2019).shares(TASKS, "size_class"),
    ]
    assert len(made) == 4 and all(other is not first for other in others)


def test_reasons_are_spelled_out_once_for_each_wave(fresh):
    assert fresh.of(2019).missing_reasons is fresh.of(2019).missing_reasons
    assert fresh.of(2017).missing_reasons is not fresh.of(2019).missing_reasons


def test_evidence_shares_nothing_with_other_evidence(published, invented, fresh):
    assert fresh.of(2019).shares(TASKS) is not invented.of(2019).shares(TASKS)
    other = Sources(published, synthesize(published, seed=7))
    assert not np.allclose(
        other.of(2019).shares(TASKS, "size_class").share, fresh.of(2019).shares(TASKS, "size_class").share
    )


def test_a_level_that_is_published_is_no_longer_assumed(copy, figure_row, unprotected):
    copy.add("2017/published.csv", **figure_row(concept="task_signalling", pct="71"))
    published = read_published(copy.project)
    sources = unprotected(Sources(published, synthesize(published)))
    table = estimate(sources, 2017, TASKS).set_index("concept")
    assert table["flag"].isna().to_dict() == {concept: concept == "task_signalling" for concept in TASKS}
    assert round(100 * table.loc["task_signalling", "count"] / table.loc["task_signalling", "n"]) == 71


def test_answers_taken_in_are_microdata_and_assume_nothing(invented, taken_in):
    assert (taken_in.source_of(2017, 2019), taken_in.assumptions) == ("microdata", {})
    table = estimate(taken_in, 2017, TASKS)
    assert set(table["source"]) == {"microdata"} and table["flag"].isna().all()
    np.testing.assert_array_equal(table["share"], estimate(invented, 2017, TASKS)["share"])


@pytest.mark.parametrize("by", [None, "size_class"])
def test_without_any_assumption_each_silent_municipality_may_have_a_team_and_say_either(invented, by):
    answers, frame = invented.of(2019).responses, invented.answers.frame(2019)
    for _, row in estimate(invented, 2019, [TEAM, *TASKS], by=by).iterrows():
        inside = [part["size_class"] == row["domain_value"] if by else part.index >= 0 for part in (answers, frame)]
        here, N = answers[inside[0]], inside[1].sum()
        unobserved = N - len(here)
        if row["base"] == "with_team":
            unobserved += (here[TEAM] & here[row["concept"]].isna()).sum()
        yes, n = here[row["concept"]].sum(), here[row["concept"]].notna().sum()
        if row["is_suppressed"]:
            assert row[["worst_low", "worst_high"]].isna().all()
        else:
            assert row["worst_low"] == pytest.approx(yes / (n + unobserved))
            assert row["worst_high"] == pytest.approx((yes + unobserved) / (n + unobserved))


@pytest.mark.parametrize(
    ("concept", "by", "is_estimated"),
    [("has_wijkteam", None, False), ("has_wijkteam", "size_class", False), ("task_signalling", None, True)],
)
def test_of_answers_the_size_of_a_part_of_the_municipalities_is_marked(
    invented, unprotected, concept, by, is_estimated
):
    table = unprotected(invented).of(2019).estimates([concept], by)
    assert set(table["is_N_estimated"]) == {is_estimated} and not table["is_n_estimated"].any()
