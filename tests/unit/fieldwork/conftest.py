"""A server that has the municipalities of the small project, and a questionnaire in which everything occurs."""

import cbsodata
import pytest

from tests.cbs_server import INHABITANTS, SILENCE, SOURCES, WHOLE, Server
from wijkpeiling.fieldwork import cbs

QUESTIONNAIRE = r"""
is_public: true
title: {nl: "Peiling wijkteams & wijken", en: "Survey of teams & neighbourhoods"}
introduction:
  nl: |-
    Welkom. Invullen duurt één kwartier.
    U kunt tussendoor stoppen.
  en: |-
    Welcome. It takes a quarter of an hour – not more.
    You can stop in between.
own_question: {type: yes_no, options: {dk: {label: {nl: weet niet, en: do not know}, is_missing: true}}}
questions:
  collective_work:
    type: single
    wording: {nl: "Hoe vaak werkt het team 'collectief'?", en: "How often does the team work 'collectively'?"}
    routing: has_wijkteam
    options:
      often: {label: {nl: vaak, en: often}}
      some: {label: {nl: soms, en: sometimes}}
      never: {label: {nl: nooit, en: never}}
      dk: {label: {nl: weet niet, en: do not know}, is_missing: true}
  tasks:
    type: multiple
    wording: {nl: "Welke taken heeft het team {kies}?", en: "Which tasks does the team have {choose}?"}
    routing: collective_work
    options:
      signal: {label: {nl: '"signaleren"', en: '"signalling"'}}
      caseManagement: {label: {nl: "casusregie <b>", en: "case coordination <b>"}}
      none: {label: {nl: geen van deze, en: none of these}, is_exclusive: true}
      dk: {label: {nl: weet niet, en: do not know}, is_exclusive: true, is_missing: true}
  partners:
    type: single
    wording: {nl: "Wie signaleert er mee?", en: "Who else signals?"}
    routing: signalling
    options:
      gp: {label: {nl: huisarts, en: GP}}
      no: {label: {nl: niemand, en: nobody}}
  remarks:
    type: text
    wording: {nl: "Wat wilt u nog kwijt?\tBijvoorbeeld over C:\\wijk\\", en: "Anything else?\tSay, on C:\\wijk\\"}
items:
  has_wijkteam:
    wording: {nl: "Heeft uw gemeente een wijkteam?", en: "Does your municipality have a team?"}
    bases: [respondents]
  collective_work:
    question: collective_work
    counts_as_yes: [often, some]
    bases: [with_team]
  signalling: {question: tasks, counts_as_yes: [signal, caseManagement], bases: [working_together]}
  task_signalling: {question: tasks, counts_as_yes: [signal], bases: [working_together]}
  gp_signals: {question: partners, counts_as_yes: [gp], bases: [who_signal]}
"""
CONCEPTS = """
bases:
  working_together: {nl: gemeenten die collectief werken, en: who work collectively, defined_by: collective_work}
  who_signal: {nl: gemeenten die signaleren, en: who signal, defined_by: signalling}
concepts:
  collective_work: {kind: prevention, label: {nl: collectief werken, en: collective work}}
  signalling: {kind: prevention, label: {nl: signaleert of regisseert, en: signals or coordinates}}
  gp_signals: {kind: prevention, label: {nl: huisarts signaleert, en: GP signals}}
"""
FRAME = """wave,gemeentecode,name,size_class,provincie
2027,GM0003,"Één, aan zee",<20k,Windmark
2027,GM9000,Mompeldam,50-100k,Donderland
"""


@pytest.fixture
def rich(mini):
    """A copy of the project ``mini`` with that questionnaire as its wave 2027, and what it adds to the concepts."""
    folder = mini.raw / "2027"
    (folder / "questionnaire.yml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (folder / "concepts.yml").write_text(CONCEPTS, encoding="utf-8")
    (mini.raw / "population" / "frame_2027.csv").write_text(FRAME, encoding="utf-8")
    return mini


@pytest.fixture
def rows(mini):
    """The municipalities of the last wave of the small project as CBS writes them: padded, with suffixes."""
    _, *listed = mini.rows("population/frame_2027.csv")
    provincies = sorted({row[4] for row in listed})
    return [
        {
            "ID": number,
            "RegioS": code,
            "Code_1": f"{code}    ",
            "Naam_2": name + " (gemeente)" * (number % 2) + "   ",
            "Sorteringsnaam_3": name.upper(),
            "Code_14": "CR01",
            "Naam_15": "Overal",
            # the same for many: no codes of the municipalities themselves
            "Code_20": "GM9000    ",
            "Naam_21": "Ver weg",
            "Code_33": f"PV9{provincies.index(provincie)}    ",
            "Naam_34": f"{provincie} (PV)  ",
            "Inwonertal_57": INHABITANTS[size_class],
            "Omgevingsadressendichtheid_58": None,
        }
        for number, (_, code, name, size_class, provincie) in enumerate(listed)
    ]


@pytest.fixture
def server(rows, mini, monkeypatch):
    """The small project without its frame, and a server that has it."""
    server = Server(rows)
    (mini.raw / "population" / "sources.yml").write_text(SOURCES, encoding="utf-8")
    (mini.raw / "population" / "frame_2027.csv").rename(mini.root / "kept.csv")
    monkeypatch.setattr(cbsodata.options, "use_https", False)
    monkeypatch.setattr(cbsodata.options, "catalog_url", server.place)
    for name, value in {"SILENCE": SILENCE, "WHOLE": WHOLE, "WAITS": (0.0, 0.0)}.items():
        monkeypatch.setattr(cbs, name, value)
    yield server
    server.http.shutdown()
    server.http.server_close()
