"""The data in the project: it loads, agrees with itself, and holds nothing that nobody published."""

import csv
import re
from collections import Counter

import pytest
import yaml

from wijkpeiling.audit import audit
from wijkpeiling.instrument.reading import read_questionnaire
from wijkpeiling.population import read_population
from wijkpeiling.published import read_other_studies

WAVES = [2014, 2015, 2017, 2019, 2022]
REMARKS = ["remark_nl", "remark_en"]


@pytest.fixture(scope="module")
def figures(root):
    """Every row of every published.csv, with its wave."""
    found = []
    for wave in WAVES:
        with (root / "data" / "raw" / str(wave) / "published.csv").open(encoding="utf-8", newline="") as source:
            found += [{"wave": wave} | row for row in csv.DictReader(source)]
    return found


@pytest.mark.parametrize("wave", WAVES)
def test_each_wave_loads(project, wave):
    assert project.wave(wave).wave == wave
    assert read_questionnaire(project, wave).items


def test_population_published_figures_and_other_studies_load(project, published):
    assert len(read_population(project).municipalities) == 13
    assert len(published.figures) == 94
    assert len(read_other_studies(project)) == 3


def test_the_folder_holds_only_files_that_are_known(root):
    raw = root / "data" / "raw"
    of_waves = {f"{wave}/{name}" for wave in WAVES for name in ("wave.yml", "questionnaire.yml", "published.csv")}
    of_population = {
        f"population/{name}"
        for name in ("municipalities.csv", "size_classes.csv", "mergers.csv", "aliases.csv", "sources.yml")
    }
    found = {path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file()}
    assert found == of_waves | of_population | {"README.md", "concepts.yml", "other_studies.csv", "synthetic.yml"}


def test_the_record_has_97_figures_of_which_two_are_rejected_and_three_contested(published):
    verdicts = audit(published, "nl")
    named = {
        verdict: sorted(zip(rows["wave"], rows["concept"], strict=True))
        for verdict, rows in verdicts.groupby("verdict")
        if verdict in ("rejected", "contested", "infeasible")
    }
    assert len(verdicts) == 97
    assert named == {
        "contested": [
            (2015, "has_wijkteam"),
            (2015, "residents_in_team"),
            (2017, "shortfall_preventive_work"),
        ],
        "rejected": [(2014, "response_rate"), (2015, "has_wijkteam_projected")],
    }


# what a reason says, and the one verdict that goes with it
REASONS = {
    "nl": {
        r"(zonder|geen) grondslag|zonder aantal steden": "feasible",
        r"De (bron|onderzoeker) (telt|spreekt over) teams": "not_checkable",
        r"deel van de inwoners|van gevallen": "not_checkable",
        r"Alleen (in woorden|de richting)": "not_checkable",
        r"een vermoeden|zonder bron|noemt geen bron": "contested",
        r"Kan niet kloppen|Geen meting": "rejected",
    },
    "en": {
        r"without a (base|number of cities)|states no base": "feasible",
        r"The (source|researcher) (counts|speaks of) teams": "not_checkable",
        r"share of residents|of cases": "not_checkable",
        r"In words only|Direction only": "not_checkable",
        r"is a guess|names no source": "contested",
        r"Cannot be right|Not a measurement": "rejected",
    },
}


@pytest.mark.parametrize("language", REASONS)
def test_the_same_reason_has_the_same_verdict(published, language):
    verdicts = audit(published, language)
    rows = list(zip(verdicts["reason"], verdicts["verdict"], strict=True))
    found = {
        said: sorted({verdict for reason, verdict in rows if re.search(said, reason)}) for said in REASONS[language]
    }
    assert found == {said: [verdict] for said, verdict in REASONS[language].items()}
    assert verdicts.groupby("reason")["verdict"].nunique().max() == 1


def test_every_concept_is_asked_or_published(project, figures):
    asked = {concept for wave in WAVES for concept in read_questionnaire(project, wave).items}
    other = {figure.concept for figure in read_other_studies(project)}
    assert set(project.concepts) - asked - {row["concept"] for row in figures} - other == set()


def test_every_published_share_of_municipalities_belongs_to_a_question_of_its_wave(project, figures):
    accepted = [row for row in figures if row["status"] == "accepted" and row["unit"] == "municipalities"]
    questions = {wave: read_questionnaire(project, wave).items for wave in WAVES}
    assert [(row["wave"], row["concept"]) for row in accepted if row["concept"] not in questions[row["wave"]]] == []


def test_every_base_prevention_level_and_way_of_working_is_used_or_named(project, figures):
    bases = {base for wave in WAVES for item in read_questionnaire(project, wave).items.values() for base in item.bases}
    published = {row["base"] for row in figures} | {figure.base for figure in read_other_studies(project)}
    assert set(project.bases) - bases - published == set()
    levels = {level for concept in project.concepts.values() for level in concept.prevention_levels}
    assert levels == set(project.prevention_levels)


def test_every_figure_that_is_not_accepted_has_its_reason_in_both_languages(figures):
    unexplained = [row for row in figures if row["status"] != "accepted" and not all(row[name] for name in REMARKS)]
    assert unexplained == []


def test_a_remark_stands_in_both_languages_or_in_none(figures):
    assert [row["concept"] for row in figures if bool(row["remark_nl"]) != bool(row["remark_en"])] == []


def test_no_percentage_of_2014_to_2017_is_known_for_the_tasks_and_shortfalls_of_2019(project, figures):
    kinds = {concept for concept, known in project.concepts.items() if known.kind in ("task", "shortfall")}
    filled = [
        (row["wave"], row["concept"])
        for row in figures
        if row["wave"] < 2019 and row["concept"] in kinds and row["status"] == "accepted"
    ]
    assert filled == []


@pytest.mark.parametrize("concept", ["task_short_term_support", "task_long_term_support"])
def test_the_direction_of_2019_against_2017_is_on_record(figures, concept):
    (row,) = [row for row in figures if row["concept"] == concept and row["direction"]]
    assert (row["wave"], row["direction"], row["compared_with"], row["pct"]) == (2019, "lower", "2017", "")


def test_the_overlap_of_2017_and_2019_is_the_published_percentage(project, published):
    overlap = project.wave(2019).overlap_with(2017)
    figure = published.accepted(2019, "panel_overlap_prev_wave")
    assert round(100 * overlap / figure.base_n) == figure.pct == 63


def test_no_publication_contradicts_its_own_direction(figures):
    directions = Counter((row["wave"], row["concept"], row["compared_with"]) for row in figures if row["direction"])
    assert [comparison for comparison, times in directions.items() if times > 1] == []


def test_a_direction_is_against_an_earlier_wave(figures):
    compared = [(row["wave"], int(row["compared_with"])) for row in figures if row["direction"]]
    assert [pair for pair in compared if pair[1] not in WAVES or pair[1] >= pair[0]] == []


def test_every_year_of_municipalities_has_its_source(root, project):
    sources = yaml.safe_load((root / "data" / "raw" / "population" / "sources.yml").read_text("utf-8"))
    assert list(sources["odata_tables"]) == read_population(project).municipalities["year"].tolist()
    assert set(sources["files"]) == {"municipalities.csv", "size_classes.csv", "mergers.csv"}


@pytest.mark.parametrize("key", ["bases", "prevention_levels", "ways_of_working"])
def test_labels_are_unique_in_each_language(project, key):
    for language in ("nl", "en"):
        labels = [text[language] for text in getattr(project, key).values()]
        assert len(set(labels)) == len(labels)


def test_labels_of_concepts_are_unique_in_each_language(project):
    for language in ("nl", "en"):
        labels = [concept.label[language] for concept in project.concepts.values()]
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("concept", "pct"),
    [
        ("changes_last_three_years", "90"),
        ("change_working_method", "53"),
        ("change_cooperation_partners", "51"),
        ("gp_fixed_contact", "45"),
        ("task_signalling_and_prevention", "81"),
        ("shortfall_signalling_and_prevention", "48"),
        ("too_little_connection_general_services", "41"),
    ],
)
def test_what_is_known_of_2022_is_on_record(figures, concept, pct):
    assert [row["pct"] for row in figures if (row["wave"], row["concept"]) == (2022, concept)] == [pct]


def test_the_contested_59_percent_has_its_address(figures):
    (row,) = [
        row for row in figures if (row["wave"], row["concept"], row["pct"]) == (2017, "shortfall_preventive_work", "59")
    ]
    assert row["source_url"] == "https://www.movisie.nl/artikel/wijkteams-preventief-werken"


def test_nothing_is_called_never_published(root):
    """The reports of 2014, 2015 and 2017 exist: what is not in the data was not found."""
    files = [*(root / "data" / "raw").rglob("*.yml"), *(root / "wijkpeiling").rglob("*.yml"), root / "METHOD.md"]
    files += [root / "README.md", *(root / "notebooks").glob("*.ipynb")]
    claims = ("nooit gepubliceerd", "never published", "niets is gepubliceerd", "nothing was published")
    told = {path.name: [claim for claim in claims if claim in path.read_text("utf-8")] for path in files}
    assert {name: found for name, found in told.items() if found} == {}


def test_how_many_of_the_largest_cities_took_part_is_a_fact_of_the_wave(project):
    known = {year: wave.largest_cities for year, wave in project.waves.items() if wave.largest_cities}
    assert {year: (cities.n_respondents, cities.n_municipalities) for year, cities in known.items()} == {
        2014: (1, 4),
        2019: (3, 4),
    }
