"""What a wave asked, and whether that can be compared."""

import pytest

from wijkpeiling.errors import InstrumentError
from wijkpeiling.instrument import NOT_RECORDED, Comparability, read_questionnaire
from wijkpeiling.project import Text

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
