"""An invented wave of 2025, told sentence by sentence: stated bases, a fallen shortfall, a rise by chance overlap only.

Its figures stand in ``tests/data/trial-2025``, what is to be said of them in ``trial_sentences.yml``. Sentences about
other waves alone are left to their own tests.
"""

import shutil
from functools import cache

import pytest
import yaml

from wijkpeiling.present import changes, response, shares, trend
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.project import Project, open_edition
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import Sources, estimate, estimate_all_waves
from wijkpeiling.trend.changes import changes_against

LANGUAGES = ["nl", "en"]
KINDS = ["task", "shortfall"]
BASES = {"nl": "gemeenten met een wijkteam", "en": "municipalities with a team"}
RESPONDENTS = {"nl": "alle gemeenten die meededen", "en": "all responding municipalities"}
SIZES = {"nl": "162 van ongeveer 296", "en": "162 of about 296"}
UNSTATED = {"nl": "De bron zegt niet of het gaat om", "en": "The source does not say whether these are"}
COMPARED = {"nl": "De vergelijking gaat over", "en": "The comparison is over"}
CONCLUSIONS = {
    "nl": ("Meer gemeenten", "Geen verandering aangetoond"),
    "en": ("More municipalities", "No evidence of change"),
}


@pytest.fixture(scope="module")
def expected(root):
    return yaml.safe_load((root / "tests" / "data" / "trial_sentences.yml").read_text("utf-8"))


class Told:
    """The edition of 2025 in a language: its shares and changes by kind, each estimated when a test asks for it."""

    def __init__(self, sources, language):
        self.sources = sources
        self.edition = open_edition(wave=2025, language=language, start=sources.published.project.root)
        self.estimates, self.since = cache(self._estimates), cache(self._since)

    def _estimates(self, kind):
        return estimate(self.sources, 2025, self.edition.concepts(kind))

    def _since(self, kind):
        concepts = self.edition.concepts(kind)
        return changes_against(self.sources, 2019, [2025], concepts, self.edition.language)

    def sentences(self):
        """Every sentence of the wave, by id."""
        edition, sources = self.edition, self.sources
        team = estimate_all_waves(sources, "has_wijkteam")
        against = changes_against(sources, 2019, sources.waves, ["has_wijkteam"], edition.language)
        sentences = [
            response.sentence(edition, response.responses(sources), sources),
            *(shares.sentence(edition, self.estimates(kind), kind) for kind in KINDS),
            shares.matrix_sentence(edition, self.estimates("shortfall")),
            *(changes.sentence(edition, self.since(kind), kind) for kind in KINDS),
            trend.sentence(edition, team, against),
            trend.others_sentence(edition, against),
        ]
        return {sentence.id: sentence for sentence in sentences}


def told(root, language):
    return Told(Sources(read_published(Project(root))), language)


@pytest.fixture(scope="module")
def as_it_stands(tmp_path_factory, root, five_waves):
    """The trial wave as its files have it, read once: ``as_it_stands("nl")``."""
    raw = tmp_path_factory.mktemp("trial") / "data" / "raw"
    shutil.copytree(five_waves / "data" / "raw", raw)
    shutil.copytree(root / "tests" / "data" / "trial-2025", raw / "2025")
    sources = Sources(read_published(Project(raw.parents[1])))
    return cache(lambda language: Told(sources, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trial_wave_is_told_sentence_by_sentence(as_it_stands, expected, language):
    trial = as_it_stands(language)
    sentences = trial.sentences()
    # the headline would rest on the favourable overlap: the figures are chosen for it
    first, least = trial.since("task").query("concept == 'task_short_term_support'")["p_adjusted"]
    assert 0.04 < first < 0.05 < 0.1 < least
    assert {name: sentence.text for name, sentence in sentences.items()} == expected["sentences"][language]
    summary = expected["sentences"][language] | expected["keys"][language]
    assert {name: sentence.key for name, sentence in sentences.items()} == summary


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_tables_say_the_same_of_the_base_and_of_each_conclusion(as_it_stands, language):
    trial = as_it_stands(language)
    edition = trial.edition
    for kind in KINDS:
        table = shares.table(edition, trial.sources, trial.estimates(kind), kind)
        assert table.notes[0].endswith(f"{BASES[language]} ({SIZES[language]}).")
        # nothing is said of sources that leave the base out
        assert [note for note in table.notes if note.startswith(UNSTATED[language])] == []
        against = changes.table(edition, trial.since(kind), kind)
        assert against.notes[0] == f"{COMPARED[language]} {BASES[language]}."
        # in a column stands only why an item was not compared
        assert {cell for row in against.texts if row[1] != EMPTY for cell in row[6:]} <= {EMPTY}
    cells = [row[5] for row in changes.table(edition, trial.since("task"), "task").texts]
    more, not_shown = CONCLUSIONS[language]
    assert cells == [not_shown, not_shown, more, not_shown]
    assert BASES[language] in shares.prevention_matrix(edition, trial.estimates("shortfall")).notes[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_its_figures_are_described_over_the_stated_base(as_it_stands, expected, language, kind):
    trial = as_it_stands(language)
    figure = shares.chart(trial.edition, trial.estimates(kind), kind)
    assert {"caption": figure.caption, "alt": figure.alt} == expected["figures"][kind][language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_share_is_told_over_its_own_base(trial, expected, language):
    row = trial.row_of("2025/published.csv", concept="task_short_term_support")
    trial.put("2025/published.csv", row, base="respondents", base_n="187")
    mixed = told(trial.root, language)
    sentence = shares.sentence(mixed.edition, mixed.estimates("task"), "task")
    assert sentence.text == expected["mixed_bases"][language]
    # the table says it in a column
    table = shares.table(mixed.edition, mixed.sources, mixed.estimates("task"), "task")
    assert [row[-1] for row in table.texts] == [RESPONDENTS[language], BASES[language]]


def test_another_base_is_named_as_concepts_yml_names_it(trial):
    row = trial.row_of("2025/published.csv", concept="task_short_term_support")
    trial.put("2025/published.csv", row, base="wants_monitoring", base_n="150")
    other = told(trial.root, "nl")
    sentence = shares.sentence(other.edition, other.estimates("task"), "task")
    assert sentence.text.startswith("In 2025 noemde 78 procent van gemeenten die willen monitoren kort")


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
    changed = told(trial.root, "nl")
    estimates = changed.estimates("task")
    assert set(estimates["flag"].fillna("")) == {flag or ""}
    table = shares.table(changed.edition, changed.sources, estimates, "task")
    assert f"({size})" in table.notes[0]
    assert sum(note.startswith(UNSTATED["nl"]) for note in table.notes) == n_notes


def test_notes_come_from_the_rows_not_from_the_edition(edition, invented, unprotected, sources):
    """Figures of another source than the edition's bring their own notes."""
    opened = edition(2019)
    concepts = opened.concepts("task")
    answered = shares.base_notes(opened, estimate(unprotected(invented), 2019, concepts))
    # numbers that are withheld need no word on how sure they are
    withheld = shares.base_notes(opened, estimate(invented, 2019, concepts))
    published = shares.base_notes(opened, estimate(sources, 2019, concepts))
    assert [note.split()[0] for note in answered] == ["Hoeveel", "Gewogen", "Alle"]
    assert withheld == answered[1:]
    assert [note.split()[0] for note in published] == ["Hoeveel", "Waarschijnlijk"]
    assert shares.base_notes(opened, estimate(sources, 2019, ["has_wijkteam"])) == published[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_base_that_is_not_stated_is_told_of_tasks_in_the_words_of_the_shortfalls(edition, sources, language):
    opened = edition(2019, language=language)
    of_kind = {kind: estimate(sources, 2019, opened.concepts(kind)) for kind in KINDS}
    # in the text where the news is, under the table of both
    told = {kind: shares.sentence(opened, of_kind[kind], kind).text for kind in KINDS}
    assert [UNSTATED[language] in told[kind] for kind in KINDS] == [False, True]
    for kind in KINDS:
        assert shares.table(opened, sources, of_kind[kind], kind).notes[0].startswith(UNSTATED[language])
