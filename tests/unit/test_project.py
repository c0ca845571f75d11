"""The project on disk: found, opened, and refused where half of it is missing."""

import shutil

import pytest

from wijkpeiling.errors import ProjectError, RunError
from wijkpeiling.project import Project, find_root, open_edition

WAVES = "2014, 2015, 2017, 2019, 2022"


@pytest.mark.parametrize("below", [".", "data", "data/raw", "data/raw/2019"])
def test_the_root_is_found_from_a_folder_below_it(mini, below):
    assert find_root(mini.root / below) == mini.root.resolve()


def test_a_folder_outside_a_project_is_refused(tmp_path):
    with pytest.raises(ProjectError, match="this is no wijkpeiling project") as refusal:
        find_root(tmp_path)
    assert str(tmp_path) in refusal.value.where
    assert "--project" in refusal.value.todo


def test_waves_stand_in_order_of_time(project):
    assert list(project.waves) == [2014, 2015, 2017, 2019, 2022]


def test_the_newest_wave_is_the_last_with_a_known_number_of_respondents(project):
    assert project.newest_wave == 2019


def test_a_wave_whose_answers_are_there_is_known_too(mini):
    mini.replace("2027/wave.yml", "n_respondents: 66", "n_respondents: null")
    assert mini.project.newest_wave == 2027
    # a demo and a plan go by the number in wave.yml
    assert mini.project.newest_counted_wave == 2019
    (mini.raw / "2027" / "responses" / "responses.csv").unlink()
    assert mini.project.newest_wave == 2019


@pytest.mark.parametrize("newest", ["newest_wave", "newest_counted_wave"])
def test_a_project_of_which_no_wave_is_known_has_no_newest(copy, newest):
    for year, n in ((2014, 224), (2015, 234), (2017, 242), (2019, 212)):
        copy.replace(f"{year}/wave.yml", f"n_respondents: {n}", "n_respondents: null")
    with pytest.raises(ProjectError, match="no wave of which the number of respondents is known") as refusal:
        getattr(copy.project, newest)
    assert "n_respondents in a wave.yml" in refusal.value.expected


def test_an_edition_has_the_baseline_of_its_wave(five_waves):
    edition = open_edition(wave=2019, start=five_waves / "data" / "raw")
    assert (edition.wave.wave, edition.baseline.wave, edition.language) == (2019, 2017, "nl")
    assert edition.wave.overlap_with(2017) == 134
    assert edition.wave.overlap_with(2015) is None


def test_a_chosen_baseline_goes_before_that_of_the_wave(five_waves):
    assert open_edition(wave=2019, baseline=2014, start=five_waves).baseline.wave == 2014


def test_labels_are_in_the_language_of_the_edition(edition):
    assert edition(2019).label("task_signalling") == "signaleren"
    assert edition(2019, language="en").label("task_signalling") == "spotting problems"


@pytest.mark.parametrize(
    ("parameters", "what", "expected"),
    [
        ({"wave": 2018}, "there is no wave 2018", WAVES),
        ({"wave": 2019, "baseline": 2016}, "there is no wave 2016", WAVES),
        ({"wave": 2019, "baseline": 2019}, "baseline 2019 is not before wave 2019", "2014, 2015, 2017"),
        ({"wave": 2017, "baseline": 2019}, "baseline 2019 is not before wave 2017", "2014, 2015"),
        ({"wave": 2014, "baseline": 2015}, "baseline 2015 is not before wave 2014", "an earlier wave: none"),
    ],
)
def test_a_wave_or_baseline_that_is_not_there_is_refused(five_waves, parameters, what, expected):
    with pytest.raises(ProjectError) as refusal:
        open_edition(**parameters, start=five_waves)
    assert refusal.value.what == what
    assert expected in refusal.value.expected
    assert refusal.value.todo


@pytest.mark.parametrize(("wave", "baseline"), [(2014, None), (2015, None), (2017, None), (2019, 2017), (2022, 2017)])
def test_a_wave_opens_with_the_baseline_that_it_names_or_without_one(five_waves, wave, baseline):
    assert open_edition(wave=wave, start=five_waves).baseline_year == baseline


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("population: g32", "population: g40", "base respondents_g32 is to stand for g40, which is no base"),
        (
            "part_of: {concept: has_wijkteam,",
            "part_of: {concept: has_team,",
            "concept has_wijkteam_g32 is part of has_team",
        ),
        (
            "defined_by: has_wijkteam",
            "defined_by: has_team",
            "base with_team is defined by has_team, which is no concept",
        ),
    ],
)
def test_a_link_to_what_is_not_there_is_refused(copy, old, new, what):
    copy.replace("concepts.yml", old, new)
    with pytest.raises(ProjectError) as refusal:
        _ = copy.project.bases
    assert what in refusal.value.what


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"wave": "2019"}, "wave"),
        ({"wave": 2019.0}, "wave"),
        ({"wave": True}, "wave"),
        ({"wave": None}, "wave"),
        ({"wave": 2019, "baseline": "2017"}, "baseline"),
        ({"wave": 2019, "baseline": False}, "baseline"),
        ({"wave": 2019, "language": "fr"}, "language"),
        ({"wave": 2019, "language": None}, "language"),
    ],
)
def test_a_parameter_of_the_wrong_type_is_refused(five_waves, parameters, name):
    with pytest.raises(RunError, match=f"parameter {name} is {parameters[name]!r}"):
        open_edition(**parameters, start=five_waves)


def test_a_wave_folder_without_wave_yml_is_refused(mini):
    (mini.raw / "2021").mkdir()
    with pytest.raises(ProjectError, match=r"wave\.yml is missing") as refusal:
        _ = mini.project.waves
    assert refusal.value.where == str(mini.raw / "2021" / "wave.yml")


def test_a_wave_in_the_folder_of_another_is_refused(mini):
    shutil.copytree(mini.raw / "2019", mini.raw / "2021")
    with pytest.raises(ProjectError, match="wave 2019 stands in folder 2021") as refusal:
        _ = mini.project.waves
    assert refusal.value.where == str(mini.raw / "2021" / "wave.yml")


def test_a_project_without_a_wave_is_refused(mini):
    for wave in mini.project.waves:
        shutil.rmtree(mini.raw / str(wave))
    with pytest.raises(ProjectError, match="no wave"):
        _ = mini.project.waves


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        ("n_respondents: 72", "n_respondents: 72: 3", "broken YAML", "wave.yml, line 6, column"),
        ("n_respondents: 72", "n_respondents: [72", "broken YAML", "wave.yml, line"),
        ("n_respondents: 72", "n_respondents: 72\nwave: 2019", "'wave' appears twice", "wave.yml, line 7, column 1"),
        ("n_respondents: 72", "n_respondents: 72\nrespondents: 72", "respondents: Extra inputs", "wave.yml"),
        ("n_respondents: 72", "n_respondents: many", "n_respondents: Input should be a valid integer", "wave.yml"),
        ("n_respondents: 72\n", "", "n_respondents: Field required", "wave.yml"),
        ("frame_date: '2019-01-01'", "frame_date: '2019-13-01'", "frame_date", "wave.yml"),
        ("n_respondents: 72", "n_respondents: {{ n }}", "", "wave.yml"),
    ],
    ids=["colon", "bracket", "key twice", "unknown key", "word", "missing key", "no such date", "unfilled template"],
)
def test_a_broken_wave_file_is_refused_with_its_place(mini, old, new, what, where):
    mini.replace("2019/wave.yml", old, new)
    with pytest.raises(ProjectError) as refusal:
        _ = mini.project.waves
    assert what in refusal.value.what
    assert where in refusal.value.where
    assert len(str(refusal.value).splitlines()) <= 4


@pytest.mark.parametrize("text", ["", "2019\n", "- wave\n"])
def test_a_wave_file_that_is_no_list_of_keys_is_refused(mini, text):
    (mini.raw / "2019" / "wave.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError, match="the whole file"):
        _ = mini.project.waves


def test_a_yaml_file_that_is_not_utf_8_is_refused(mini):
    path = mini.raw / "2019" / "wave.yml"
    path.write_bytes(path.read_text(encoding="utf-8").replace("zomer", "zómer").encode("latin-1"))
    with pytest.raises(ProjectError, match="not UTF-8") as refusal:
        _ = mini.project.waves
    assert refusal.value.where == f"{path}, line 3"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "prevention_levels: [grows]",
            "prevention_levels: [shrinks]",
            "task_signalling: unknown prevention_levels shrinks",
        ),
        (
            "ways_of_working: [fast_signals]",
            "ways_of_working: [slowly]",
            "task_signalling: unknown ways_of_working slowly",
        ),
        (
            "defined_by: has_wijkteam",
            "defined_by: has_team",
            "base with_team is defined by has_team, which is no concept",
        ),
        ("kind: task", "kind: chore", "concepts.task_needs_clarification.kind: Input should be"),
    ],
)
def test_concepts_that_contradict_each_other_are_refused(copy, old, new, what):
    copy.replace("concepts.yml", old, new)
    with pytest.raises(ProjectError) as refusal:
        _ = copy.project.concepts
    assert what in refusal.value.what
    assert refusal.value.where.endswith("concepts.yml")


def test_values_of_a_project_cannot_be_changed(project):
    with pytest.raises(ValueError, match="frozen"):
        Project(project.root).wave(2019).n_respondents = 213


@pytest.mark.parametrize(
    ("cells", "unknown"),
    [
        ([], None),
        (["", "wave = 2019", "golf = 3"], None),
        (["", "wave = 2019", "# Parameters\nwave = 2022\n"], None),
        (["", "wave = 2019", "# Parameters\ngolf = 2022\n"], "golf"),
        (["# Parameters\ngolf = 1\n", "# Parameters\nwave = 2022\n"], None),
        (["# Parameters\nwav = 1\ntaal = 'nl'\n"], "wav, taal"),
    ],
)
def test_a_parameter_from_papermill_that_is_not_known_is_refused(five_waves, cells, unknown):
    if unknown is None:
        assert open_edition(wave=2019, start=five_waves, cells=cells).wave.wave == 2019
        return
    with pytest.raises(RunError) as refused:
        open_edition(wave=2019, start=five_waves, cells=cells)
    assert refused.value.what == f"unknown parameter {unknown}"
    assert refused.value.expected == "one of wave, baseline, language, source"
