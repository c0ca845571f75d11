"""An invented wave of 2025, told sentence by sentence: stated bases, a fallen shortfall, a rise by chance overlap only.

Its figures stand in ``tests/data/trial-2025``, what is to be said of them in ``trial_sentences.yml``. Sentences about
other waves alone are left to their own tests.
"""

import pytest
import yaml

from wijkpeiling.present import changes, response, shares, trend
from wijkpeiling.present.blocks import PHONE, WIDE
from wijkpeiling.project import open_edition
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import Sources, estimate, estimate_all_waves
from wijkpeiling.trend.changes import changes_against

LANGUAGES = ["nl", "en"]
BASES = {"nl": "gemeenten met een wijkteam", "en": "municipalities with a team"}
SIZES = {"nl": "162 van ongeveer 296", "en": "162 of about 296"}
COMPARED = {"nl": "Vergeleken over", "en": "Compared over"}
CONCLUSIONS = {
    "nl": ("Naar verhouding meer gemeenten", "Niet aangetoond"),
    "en": ("Proportionally more municipalities", "Not shown"),
}


@pytest.fixture(scope="module")
def expected(root):
    return yaml.safe_load((root / "tests" / "data" / "trial_sentences.yml").read_text("utf-8"))


def told(root, language):
    """Edition, shares and changes by kind, and every sentence of the wave of 2025."""
    edition = open_edition(wave=2025, language=language, start=root)
    evidence = Sources(read_published(edition.project))
    of_kind = {}
    for kind in ("task", "shortfall"):
        concepts = edition.concepts(kind)
        of_kind[kind] = (
            estimate(evidence, 2025, concepts),
            changes_against(evidence, 2019, [2025], concepts, language),
        )
    team = estimate_all_waves(evidence, "has_wijkteam")
    against = changes_against(evidence, 2019, evidence.waves, ["has_wijkteam"], language)
    sentences = [
        response.sentence(edition, response.responses(evidence)),
        *(shares.sentence(edition, of_kind[kind][0], kind) for kind in of_kind),
        shares.matrix_sentence(edition, of_kind["shortfall"][0]),
        *(changes.sentence(edition, of_kind[kind][1], kind) for kind in of_kind),
        trend.sentence(edition, team, against),
    ]
    return edition, of_kind, {sentence.id: sentence for sentence in sentences}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trial_wave_is_told_sentence_by_sentence(trial, expected, language):
    _, of_kind, sentences = told(trial.root, language)
    # the headline would rest on the favourable overlap: the figures are chosen for it
    first, least = of_kind["task"][1].query("concept == 'task_short_term_support'")["p_adjusted"]
    assert 0.04 < first < 0.05 < 0.1 < least
    assert {name: sentence.text for name, sentence in sentences.items()} == expected["sentences"][language]
    summary = expected["sentences"][language] | expected["keys"][language]
    assert {name: sentence.key for name, sentence in sentences.items()} == summary


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_tables_say_the_same_of_the_base_and_of_each_conclusion(trial, language):
    edition, of_kind, _ = told(trial.root, language)
    for kind, (estimates, since) in of_kind.items():
        table = shares.table(edition, estimates, kind)
        assert {row[2:4] for row in table.texts} == {(BASES[language], SIZES[language])}
        # nothing is said of publications that leave the base out
        assert [note for note in table.notes if "publicati" in note.lower()] == []
        compared = [row for row in changes.table(edition, since, kind).texts if row[1] != "\u2013"]
        assert {row[-1] for row in compared} == {f"{COMPARED[language]} {BASES[language]}"}
    cells = [row[-2] for row in changes.table(edition, of_kind["task"][1], "task").texts]
    more, not_shown = CONCLUSIONS[language]
    assert cells == [not_shown, not_shown, more, not_shown]
    assert BASES[language] in shares.prevention_matrix(edition, of_kind["shortfall"][0]).notes[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_figure_is_described_and_keyed_over_the_stated_base(trial, expected, axis_of, language):
    edition, of_kind, _ = told(trial.root, language)
    figure = shares.chart(edition, of_kind["task"][0], "task")
    assert figure.alt.startswith(expected["alt"][language])
    for width in (WIDE, PHONE):
        (legend,) = axis_of(figure, width).figure.legends
        keys = [text.get_text() for text in legend.get_texts()]
        assert BASES[language] in keys[0]
        assert len(keys) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_share_is_told_over_its_own_base(trial, expected, axis_of, language):
    text, key = expected["mixed_bases"][language].values()
    row = trial.row_of("2025/published.csv", concept="task_short_term_support")
    trial.put("2025/published.csv", row, base="respondents", base_n="187")
    edition, of_kind, sentences = told(trial.root, language)
    assert sentences["shares_task"].text == sentences["shares_task"].key == text
    figure = shares.chart(edition, of_kind["task"][0], "task")
    assert figure.alt.count(BASES[language]) == 1
    (legend,) = axis_of(figure).figure.legends
    assert legend.get_texts()[0].get_text() == key


def test_another_base_is_named_as_concepts_yml_names_it(trial):
    row = trial.row_of("2025/published.csv", concept="task_short_term_support")
    trial.put("2025/published.csv", row, base="wants_monitoring", base_n="150")
    _, _, sentences = told(trial.root, "nl")
    assert sentences["shares_task"].text.startswith("In 2025 noemt 78 procent van gemeenten die willen monitoren kort")


@pytest.mark.parametrize(
    ("cells", "flag", "size", "n_notes"),
    [
        ({}, None, "162 van ongeveer 296", 0),
        # of a stated base of an unknown size the respondents are estimated too
        ({"base_n": ""}, "base_size_not_stated", "ongeveer 163 van 298", 0),
        ({"base": "", "base_n": ""}, "base_not_stated", "187 van 342", 1),
    ],
)
def test_a_table_notes_only_the_bases_and_flags_that_stand_in_it(trial, cells, flag, size, n_notes):
    for concept in ("task_short_term_support", "task_signalling"):
        trial.put("2025/published.csv", trial.row_of("2025/published.csv", concept=concept), **cells)
        if flag == "base_not_stated":
            item = f"  {concept}:\n    bases: [with_team]"
            trial.replace("2025/questionnaire.yml", item, item.replace("[", "[respondents, "))
    edition, of_kind, _ = told(trial.root, "nl")
    estimates = of_kind["task"][0]
    assert set(estimates["flag"].fillna("")) == {flag or ""}
    table = shares.table(edition, estimates, "task")
    assert table.texts[0][3] == size
    assert sum("zegt de publicatie niet" in note for note in table.notes) == n_notes


def test_notes_come_from_the_rows_not_from_the_edition(edition, invented, unprotected, evidence):
    """Figures of another source than the edition's bring their own notes."""
    opened = edition(2019)
    concepts = opened.concepts("task")
    answered = shares.base_notes(opened, estimate(unprotected(invented), 2019, concepts))
    # numbers that are withheld need no word on how sure they are
    withheld = shares.base_notes(opened, estimate(invented, 2019, concepts))
    published = shares.base_notes(opened, estimate(evidence, 2019, concepts))
    assert [note.split()[0] for note in answered] == ["Hoeveel", "Gewogen", "Alle"]
    assert withheld == answered[1:]
    assert [note.split()[0] for note in published] == ["Waar", "Hoeveel", "Het"]
    assert shares.base_notes(opened, estimate(evidence, 2019, ["has_wijkteam"])) == published[2:]
