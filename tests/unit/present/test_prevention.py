"""What a wave asked on prevention, told as tasks and shortfalls are; nothing where it asked nothing."""

import pytest

from wijkpeiling.present import found, shares
from wijkpeiling.present.blocks import Chart, Table
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import Sources, estimate, read_sources

TELLERS = {
    "sentence": lambda edition, sources, told: shares.sentence(edition, told, "prevention"),
    "chart": lambda edition, sources, told: shares.chart(edition, told, "prevention"),
    "table": lambda edition, sources, told: shares.table(edition, sources, told, "prevention"),
}


@pytest.fixture
def asked(mini):
    """A project of which the last wave asked on prevention."""
    for _ in range(2):
        mini.replace("concepts.yml", "kind: shortfall", "kind: prevention")
    return mini


@pytest.mark.parametrize(("wave", "baseline"), [(2017, None), (2019, 2017)])
@pytest.mark.parametrize("tell", TELLERS.values(), ids=TELLERS)
def test_nothing_is_said_of_a_wave_that_asked_nothing(edition, sources, wave, baseline, tell):
    one = edition(wave, baseline)
    assert tell(one, sources, estimate(sources, wave, one.concepts("prevention"))) is None


@pytest.mark.parametrize(
    ("language", "begins", "caption"),
    [
        ("nl", "Over preventie meldde", "Preventie door het wijkteam, 2027"),
        ("en", "On prevention, ", "Prevention by the neighbourhood team, 2027"),
    ],
)
def test_what_was_asked_is_told_drawn_and_tabled(asked, language, begins, caption):
    edition = open_edition(wave=2027, language=language, start=asked.root)
    concepts = edition.concepts("prevention")
    sources = read_sources(edition)
    prevention = estimate(sources, 2027, concepts)
    sentence, chart, table = (tell(edition, sources, prevention) for tell in TELLERS.values())
    assert len(concepts) == 2
    assert sentence.text.startswith(begins)
    assert [edition.label(concept) in sentence.text for concept in concepts] == [True, True]
    assert isinstance(chart, Chart) and chart.table == table.id
    assert isinstance(table, Table) and table.caption == caption
    assert {row["concept"] for row in table.records} == set(concepts)


def test_a_sentence_names_six_and_the_table_all(edition, invented):
    one = edition(2019, 2017, source="synthetic")
    concepts = [*one.concepts("task")[:6], *one.concepts("shortfall")[:4]]
    told = estimate(invented, 2019, concepts)
    shown = told["concept"].unique()
    sentence, table = shares.sentence(one, told, "prevention"), shares.table(one, invented, told, "prevention")
    assert len(shown) > 6
    assert sum(one.label(concept) in sentence.text for concept in shown) == 6
    assert {row["concept"] for row in table.records} == set(shown)


def test_what_is_told_on_prevention_is_not_told_again(asked):
    edition = open_edition(wave=2019, start=asked.root)
    others = found.other_shares(edition, Sources(read_sources(edition).published))
    assert len(estimate(Sources(read_sources(edition).published), 2019, edition.concepts("prevention"))) > 0
    assert set(others["concept"]).isdisjoint(edition.concepts("prevention"))
