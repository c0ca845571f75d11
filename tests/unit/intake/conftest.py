"""A questionnaire with every kind of question, and exports of it made by hand."""

import numpy as np
import pandas as pd
import pytest

from tests.intake_field import Field
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.intake.export import Export
from wijkpeiling.records import read_yaml

QUESTIONNAIRE = """
is_public: true
questions:
  team:
    type: yes_no
    wording: {nl: 'Werkt uw gemeente met een wijkteam?', en: 'Does your municipality work with a team?'}
    options:
      dk: {label: {nl: weet niet, en: do not know}, is_missing: true}
  tasks:
    type: multiple
    wording: {nl: 'Welke taken heeft het wijkteam?', en: 'Which tasks does the team have?'}
    routing: has_wijkteam
    options:
      signal: {label: {nl: signaleren, en: signalling}}
      short: {label: {nl: 'kort, licht', en: 'short, light'}}
      none: {label: {nl: geen van deze, en: none of these}, is_exclusive: true}
      dk: {label: {nl: weet niet, en: do not know}, is_exclusive: true, is_missing: true}
  needs:
    type: multiple
    wording: {nl: 'Waaraan heeft u behoefte?', en: 'What do you need?'}
    options:
      money: {label: {nl: geld, en: money}}
      time: {label: {nl: tijd, en: time}}
  view:
    type: single
    wording: {nl: 'Bent u tevreden?', en: 'Are you satisfied?'}
    routing: has_wijkteam
    options:
      very: {label: {nl: zeer, en: very}}
      quite: {label: {nl: nogal, en: quite}}
      not: {label: {nl: niet, en: not}}
      dk: {label: {nl: weet niet, en: do not know}, is_missing: true}
  remarks:
    type: text
    wording: {nl: 'Opmerkingen', en: 'Remarks'}
items:
  has_wijkteam: {question: team, counts_as_yes: [yes]}
  task_signalling: {question: tasks, counts_as_yes: [signal]}
  task_short_term_support: {question: tasks, counts_as_yes: [short]}
  needs_money: {question: needs, counts_as_yes: [money]}
  satisfied: {question: view, counts_as_yes: [very, quite]}
"""
TICKS = ["tasks[signal]", "tasks[short]", "tasks[none]", "tasks[dk]"]
HEADINGS = ["id", "submitdate", "gemeente", "team", *TICKS, "needs[money]", "needs[time]", "view", "remarks"]


@pytest.fixture(scope="session")
def questionnaire(tmp_path_factory):
    path = tmp_path_factory.mktemp("questionnaire") / "questionnaire.yml"
    path.write_text(QUESTIONNAIRE, "utf-8")
    return read_yaml(path, Questionnaire)


@pytest.fixture
def export():
    """Make an export of rows; None is a cell that is not there (NULL)."""

    def make(*rows, headings=HEADINGS, **given):
        cells = pd.DataFrame(list(rows), columns=list(headings), dtype="string")
        return Export(
            given.pop("format", "limesurvey_csv"),
            "made by hand",
            "export.csv",
            cells,
            np.arange(2, 2 + len(rows)),
            **given,
        )

    return make


@pytest.fixture
def field(mini, tmp_path_factory):
    return Field(mini, tmp_path_factory.mktemp("field"))
