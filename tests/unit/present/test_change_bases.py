"""Over whom a change is, and what is said once of all rows of a table."""

import numpy as np
import pandas as pd
import pytest

from wijkpeiling.contracts import CHANGES
from wijkpeiling.language import say
from wijkpeiling.present import changes
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import Sources, read_sources
from wijkpeiling.trend.changes import changes_against

KINDS = ("task", "shortfall", "team")
OVER = {
    "nl": {"with_team": "gemeenten met een wijkteam", "respondents": "alle gemeenten die meededen"},
    "en": {"with_team": "municipalities with a team", "respondents": "all responding municipalities"},
}
COMPARED = {"nl": "De vergelijking gaat over", "en": "The comparison is over"}
ASSUMED = {
    "nl": "het niveau van 2017 is aangenomen, want niet gevonden",
    "en": "the level of 2017 is assumed, as it was not found",
}
OPEN, FIGURES = "task_case_management", "2017/published.csv"


def table_of(opened, sources, kind):
    waves = [wave for wave in sources.waves if wave != 2017] if kind == "team" else [2019]
    concepts = ["has_wijkteam"] if kind == "team" else opened.concepts(kind)
    return changes.table(opened, changes_against(sources, 2017, waves, concepts, opened.language), kind, sources)


@pytest.mark.parametrize("language", OVER)
@pytest.mark.parametrize("kind", KINDS)
def test_the_base_of_changes_from_answers_stands_once_under_their_table(edition, invented, kind, language):
    table = table_of(edition(2019, language=language, source="synthetic"), invented, kind)
    over = f"{COMPARED[language]} {OVER[language]['respondents' if kind == 'team' else 'with_team']}"
    assert table.notes[0] == (f"{over}." if kind == "team" else f"{over}; {ASSUMED[language]}.")
    cells = [cell for row in table.texts for cell in row]
    assert not any(over in cell or ASSUMED[language] in cell for cell in cells)
    # the data keep it in each row
    assert all(over[1:] in record["reason"] for record in table.records)


def test_a_published_change_names_its_base_too(edition, sources):
    table = table_of(edition(2019), sources, "team")
    assert table.notes[0] == "De vergelijking gaat over alle gemeenten die meededen."
    # why 2022 was not compared is of that row alone
    assert [row[-1] for row in table.texts] == [
        *[EMPTY] * (len(table.rows) - 1),
        "Van 2022 is het aantal gemeenten dat antwoordde niet bekend; niet getoetst",
    ]


@pytest.mark.parametrize(
    ("reasons", "is_tested", "note", "column"),
    [
        (["a; b", "a; b"], [True, True], "A; b.", None),
        (["a; b", "a; b; c"], [True, True], "A; b.", ["", "C"]),
        (["a", "b"], [True, True], None, ["A", "B"]),
        ([None, None], [True, True], None, None),
        ([None, "b"], [True, True], None, ["", "B"]),
        # why a row was not tested is no part of what tests share, nor do they have to share it
        (["a", "b"], [True, False], "A.", ["", "B"]),
        (["a", "a"], [True, False], "A.", None),
        (["a", "a"], [False, False], "A.", None),
        (["a.", "a."], [False, False], "A.", None),
    ],
)
def test_what_all_rows_say_is_a_note_and_the_column_has_the_rest(edition, reasons, is_tested, note, column):
    difference = np.where(is_tested, 0.02, np.nan)
    rows = pd.DataFrame(
        {
            "concept": ["task_signalling", "task_case_management"],
            "baseline": 2017,
            "wave": 2019,
            "difference": difference,
            "ci_low": difference - 0.05,
            "ci_high": difference + 0.05,
            "p_value": 0.5,
            "p_adjusted": 0.5,
            "family_size": 2,
            "overlap": "chance",
            "source": "published",
            "conclusion": np.where(is_tested, "no_evidence", "not_comparable"),
            "reason": reasons,
        },
        columns=CHANGES.columns,
    )
    table = changes.table(edition(2019), rows, "task")
    assert [one for one in table.notes if one[:2] in ("A.", "A;", "B.", "C.")] == ([note] if note else [])
    heading = say("nl", "reason_column")
    told = [row[-1].replace(EMPTY, "") for row in table.texts] if heading in table.columns else None
    assert told == column
    assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize(
    ("base", "language", "ending"),
    [
        ("respondents", "nl", "De vergelijking van casusregie gaat over alle gemeenten die meededen."),
        ("respondents", "en", "The comparison of case coordination is over all responding municipalities."),
        ("with_team", "nl", None),
    ],
)
def test_the_sentence_names_a_base_that_the_shares_are_not_told_over(mini, base, language, ending):
    mini.put(FIGURES, mini.row_of(FIGURES, concept=OPEN), pct="60", base=base, base_n="")
    opened = open_edition(wave=2027, baseline=2017, language=language, start=mini.root)
    sources: Sources = read_sources(opened)
    told = changes.sentence(opened, changes_against(sources, 2017, [2027], [OPEN], language), "task", sources)
    last = told.text.rsplit(". ", 1)[-1]
    assert (last == ending) if ending else ("vergelijking" not in told.text)
    assert told.key == told.text
