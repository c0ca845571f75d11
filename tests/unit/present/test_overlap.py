"""Who answered two waves, and what tables and sentences say of how that was worked out."""

import pytest

from wijkpeiling.language import say
from wijkpeiling.present import answers, audit, changes, response
from wijkpeiling.present.overlap import stated_overlap
from wijkpeiling.present.why import why
from wijkpeiling.sources.edition import estimate
from wijkpeiling.trend.answered import item_differences
from wijkpeiling.trend.changes import changes_against

ABOUT = {
    "nl": ("deed 63 procent (ongeveer 134) ook in 2017 mee", "ongeveer 134 gemeenten", "Omgerekend"),
    "en": ("63 percent (about 134) also took part in 2017", "about 134 municipalities", "Worked out"),
}
APART = {"nl": "alsof beide jaren niet samenhangen", "en": "as if the years were unrelated"}
ALLOWED = {"nl": "houdt rekening met gemeenten die beide keren", "en": "allows for municipalities that took part both"}


@pytest.mark.parametrize("language", ABOUT)
def test_an_overlap_worked_out_from_a_percentage_is_told_as_such(edition, sources, language):
    opened = edition(2019, language=language)
    sentence, cell, reason = ABOUT[language]
    told = response.sentence(opened, response.responses(sources), sources).text
    assert sentence in told and APART[language] not in told and ALLOWED[language] not in told
    against = changes_against(sources, 2017, [2019], ["has_wijkteam"], language)
    table = changes.table(opened, against, "team", sources)
    assert table.texts[0][4] == cell
    assert any(APART[language] in note for note in table.notes)
    assert not any(ALLOWED[language] in note for note in table.notes)
    assert why(against.iloc[0], opened, sources).steps[-1].text.startswith(reason)


@pytest.mark.parametrize("language", ABOUT)
def test_an_overlap_counted_in_answers_is_allowed_for(edition, invented, language):
    opened = edition(2019, language=language, source="synthetic")
    assert stated_overlap(invented, 2017, 2019) is None
    against = changes_against(invented, 2017, [2019], ["has_wijkteam"], language)
    notes = changes.table(opened, against, "team", invented).notes
    assert any(say(language, "changes_note_synthetic") == note for note in notes)
    assert not any(APART[language] in note for note in notes)


def test_every_verdict_that_occurs_is_explained(edition, sources):
    opened = edition(2019)
    verdicts = audit.verdicts(opened, sources)
    found = {note.split(":")[0] for note in audit.table(opened, verdicts, sources).notes}
    assert found == {"Nagerekend", "Mogelijk", "Betwist", "Verworpen", "Niet te controleren"}
    disputed = {note.split(":")[0] for note in audit.disputed_table(opened, verdicts, sources).notes}
    assert disputed == {"Betwist", "Verworpen"}


def test_notes_of_protected_tables_tell_what_was_done(edition, invented):
    opened = edition(2019, source="synthetic")
    process = answers.process_table(opened, invented, "has_wijkteam")
    assert "ongewogen en zonder correctie voor het aantal vergelijkingen" in process.notes[0]
    assert {step.methods for row in process.why for step in row.steps} == {("M18", "M20")}
    pairs = item_differences(invented, 2019, opened.concepts("task"))
    table = answers.pairs_table(opened, pairs, "task", invented)
    assert ("M7", "M15", "M20") in {step.methods for row in table.why for step in row.steps}
    for withheld in (True, False):
        shown = answers.pairs_table(opened, pairs.assign(is_withheld=withheld), "task")
        assert sum(note.startswith("Niet getoond:") for note in shown.notes) == withheld


@pytest.mark.parametrize(("share", "stops"), [(0.1, True), (0.5, False), (0.9, True)])
def test_a_shift_that_stops_is_told(edition, invented, share, stops):
    shares = estimate(invented, 2019, ["task_signalling"]).assign(share=share)
    table = answers.sensitivity_table(edition(2019, source="synthetic"), invented, shares, "task")
    assert any("stopt daar" in note for note in table.notes) == stops
    assert any("toeval is niet meegerekend" in note for note in table.notes)


def test_about_as_many_is_not_corrected_and_the_table_says_so(edition, sources):
    against = changes_against(sources, 2017, [2019], ["has_wijkteam"], "nl")
    for conclusion, holds in (("about_the_same", True), ("rose", False)):
        table = changes.table(edition(2019), against.assign(conclusion=conclusion), "team", sources)
        assert any(note.startswith("Vrijwel evenveel:") for note in table.notes) == holds
