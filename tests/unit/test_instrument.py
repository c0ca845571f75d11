"""What a wave asked, and whether that can be compared."""

import re

import pytest

from wijkpeiling.errors import InstrumentError
from wijkpeiling.instrument import NOT_RECORDED, Comparability, read_questionnaire
from wijkpeiling.project import Text
from wijkpeiling.published import read_published

FILE = "2019/questionnaire.yml"


@pytest.mark.parametrize(
    ("verdict", "is_comparable"), [("same", True), ("minor", True), ("broken", False), ("unknown", False)]
)
def test_only_the_same_question_or_one_with_a_minor_change_is_comparable(verdict, is_comparable):
    assert Comparability(verdict=verdict, reason=Text(nl="x", en="x")).is_comparable is is_comparable


@pytest.mark.parametrize(
    ("concept", "earlier", "verdict"),
    [
        ("has_wijkteam", 2014, "same"),
        ("task_short_term_support", 2017, "same"),
        ("task_signalling", 2017, "minor"),
        ("shortfall_outreach", 2017, "unknown"),
    ],
)
def test_comparability_is_what_the_questionnaire_records(project, concept, earlier, verdict):
    assert read_questionnaire(project, 2019).comparability(concept, earlier).verdict == verdict


@pytest.mark.parametrize(("concept", "earlier"), [("task_signalling", 2015), ("gp_fixed_contact", 2017)])
def test_what_nobody_recorded_is_not_comparable(project, concept, earlier):
    assert read_questionnaire(project, 2019).comparability(concept, earlier) == NOT_RECORDED
    assert not NOT_RECORDED.is_comparable


def test_bases_of_a_concept_that_was_not_asked_are_none(project):
    questionnaire = read_questionnaire(project, 2019)
    assert questionnaire.bases("task_signalling") == ("respondents", "with_team")
    assert questionnaire.bases("gp_fixed_contact") == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("  task_signalling:", "  task_signaling:", "task_signaling: unknown concept task_signaling"),
        ("bases: [respondents, with_team]", "bases: [respondents, teams]", "unknown base teams"),
        ("      2017:", "      2016:", "unknown wave 2016"),
        ("verdict: same", "verdict: equal", "Input should be 'same', 'minor', 'broken' or 'unknown'"),
        ("is_public: false", "is_public: false\nis_short: true", "is_short: Extra inputs"),
        ("is_public: false", "is_public: [", "broken YAML"),
    ],
)
def test_a_questionnaire_that_does_not_fit_is_refused(copy, old, new, what):
    copy.replace(FILE, old, new)
    with pytest.raises(InstrumentError) as refusal:
        read_questionnaire(copy.project, 2019)
    assert what in refusal.value.what
    assert FILE in refusal.value.where


def test_a_missing_questionnaire_is_named(copy):
    (copy.raw / FILE).unlink()
    with pytest.raises(InstrumentError, match=r"questionnaire\.yml is missing"):
        read_questionnaire(copy.project, 2019)


def test_items_without_a_verdict_are_named_all_at_once_when_the_figures_are_read(copy, figure_row):
    for concept in ("task_signalling", "shortfall_outreach"):
        copy.add("2015/published.csv", **figure_row(concept=concept))
    copy.replace("2015/questionnaire.yml", "items:\n", "items:\n  task_signalling:\n    bases: [respondents]\n")
    with pytest.raises(InstrumentError) as refusal:
        read_published(copy.project)
    # 2017 asked signalling; 2019 is told when 2017 is mended
    assert refusal.value.what == ("no verdict on comparability of 1 of the items of 2017: task_signalling with 2015")
    assert "2017/questionnaire.yml" in refusal.value.where
    assert "verdict: same, minor, broken or unknown" in refusal.value.expected


def test_a_wave_whose_items_have_no_verdicts_names_each_with_its_waves(copy):
    text = (copy.raw / FILE).read_text("utf-8")
    bare = re.sub(r"(?m)^    comparability:\n(?:      .*\n)+", "", text)
    (copy.raw / FILE).write_text(bare, "utf-8")
    with pytest.raises(InstrumentError) as refusal:
        read_published(copy.project)
    assert refusal.value.what == (
        "no verdict on comparability of 3 of the items of 2019: has_wijkteam with 2014, 2015, 2017; "
        "model_broad_all_questions with 2015; model_specific_teams with 2015, 2017"
    )


def test_a_response_needs_no_verdict(published):
    assert "response_rate" not in published.measured()
    assert published.measured()["has_wijkteam"] == [2014, 2015, 2017, 2019, 2022]
