"""A new wave: its folder, whole or not at all, and a questionnaire with which the trend goes on."""

import re

import pytest
import yaml

from wijkpeiling.errors import ProjectError
from wijkpeiling.fieldwork.limesurvey import to_limesurvey
from wijkpeiling.fieldwork.new import new_wave
from wijkpeiling.fieldwork.word import to_docx
from wijkpeiling.fieldwork.xlsform import to_xlsform
from wijkpeiling.instrument.reading import read_questionnaire
from wijkpeiling.project import open_edition
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import read_sources
from wijkpeiling.trend.changes import changes_against

TREND = [
    "has_wijkteam",
    *("task_needs_clarification", "task_case_management", "task_plan_with_client", "task_signalling"),
    *("task_short_term_support", "task_long_term_support"),
    *("shortfall_preventive_work", "shortfall_outreach"),
    *("shortfall_collective_services", "shortfall_informal_networks"),
]


@pytest.fixture
def begun(copy):
    """A copy of the five waves with a sixth."""
    new_wave(copy.project, 2027)
    return copy


@pytest.fixture
def questionnaire(begun):
    return read_questionnaire(begun.project, 2027)


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_the_folder_of_the_wave_is_made(copy):
    before = files(copy.root)
    assert new_wave(copy.project, 2027) == copy.raw / "2027"
    after = files(copy.root)
    assert sorted(after.keys() - before.keys()) == [
        f"data/raw/2027/{name}" for name in ("concepts.yml", "published.csv", "questionnaire.yml", "wave.yml")
    ]
    assert {name: after[name] for name in before} == before
    assert [folder.name for folder in copy.raw.iterdir() if folder.name.startswith(".")] == []


def test_a_folder_that_is_there_stays_as_it_is(begun):
    before = files(begun.root)
    with pytest.raises(ProjectError, match="2027 is there already") as refusal:
        new_wave(begun.project, 2027)
    assert refusal.value.where == str(begun.raw / "2027")
    assert files(begun.root) == before


def test_nothing_is_left_where_the_project_lacks_a_concept(copy):
    concepts = yaml.safe_load((copy.raw / "concepts.yml").read_text(encoding="utf-8"))
    for year in project_years(copy):
        path = copy.raw / year / "questionnaire.yml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("task_plan_with_client", "gp_fixed_contact_too"), "utf-8"
        )
        path = copy.raw / year / "published.csv"
        path.write_text(
            path.read_text(encoding="utf-8").replace("task_plan_with_client", "gp_fixed_contact_too"), "utf-8"
        )
    concepts["concepts"]["gp_fixed_contact_too"] = concepts["concepts"].pop("task_plan_with_client")
    (copy.raw / "concepts.yml").write_text(yaml.safe_dump(concepts, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ProjectError, match="no concept task_plan_with_client"):
        new_wave(copy.project, 2027)
    assert sorted(folder.name for folder in copy.raw.iterdir() if "2027" in folder.name) == []


def project_years(copy):
    return [str(year) for year in copy.project.waves]


def test_the_wave_is_that_of_the_year_and_keeps_the_baseline(begun):
    wave = begun.project.wave(2027)
    assert (str(wave.frame_date), wave.n_respondents, wave.baseline, wave.overlap) == ("2027-01-01", None, 2017, ())
    assert (wave.held_by.nl, wave.held_by.en) == ("[nog in te vullen]", "[to be filled in]")
    assert begun.rows("2027/published.csv") == [begun.rows("2019/published.csv")[0]]


@pytest.mark.parametrize(("wave", "asked_before"), [(2010, []), (2016, [2014, 2015])])
def test_a_wave_is_held_against_those_before_it_only(copy, wave, asked_before):
    new_wave(copy.project, wave)
    assert copy.project.wave(wave).baseline is None
    assert list(read_questionnaire(copy.project, wave).items["has_wijkteam"].comparability) == asked_before
    assert wave not in read_sources(open_edition(wave=2019, start=copy.root)).waves


def test_the_trend_goes_on(questionnaire):
    assert list(questionnaire.items)[: len(TREND)] == TREND
    assert [asked.name for asked in questionnaire.asked()][:3] == ["wijkteam", "tasks", "shortfalls"]
    assert questionnaire.question("has_wijkteam").type == "yes_no"
    assert questionnaire.meaning("has_wijkteam") == {"yes": True, "no": False, "dk": None}


def test_everything_new_is_on_prevention_and_stands_in_the_folder_of_the_wave(begun, questionnaire):
    added = yaml.safe_load((begun.raw / "2027" / "concepts.yml").read_text(encoding="utf-8"))["concepts"]
    assert list(added) == list(questionnaire.items)[len(TREND) :]
    assert {concept["kind"] for concept in added.values()} == {"prevention"}
    ways = {way for concept in added.values() for way in concept.get("ways_of_working", [])}
    levels = {level for concept in added.values() for level in concept.get("prevention_levels", [])}
    assert ways == set(begun.project.ways_of_working)
    assert levels == set(begun.project.prevention_levels)


def test_a_question_is_told_apart_from_one_that_was_passed_over(questionnaire):
    for name, question in questionnaire.questions.items():
        missing = [code for code, option in question.options.items() if option.is_missing]
        exclusive = [code for code, option in question.options.items() if option.is_exclusive]
        expected = {
            "multiple": (["dontknow"], ["none", "dontknow"]),
            "yes_no": (["dk"], []),
            "single": (["dk"], []),
            "text": ([], []),
        }[question.type]
        assert (missing, exclusive) == expected, name


def test_no_code_is_one_that_a_survey_tool_changes(questionnaire):
    for asked in questionnaire.asked():
        assert re.fullmatch("[a-z][a-z0-9]{0,19}", asked.name)
        longest = 20 if asked.question.type == "multiple" else 5
        for code in asked.question.offered:
            assert re.fullmatch("[a-z][a-z0-9]*", code) and len(code) <= longest, (asked.name, code)


def test_the_last_question_is_open(questionnaire):
    *_, last = questionnaire.asked()
    assert (last.question.type, last.concepts) == ("text", ())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("write", [to_limesurvey, to_xlsform, to_docx])
def test_it_can_be_fielded_as_it_is(begun, questionnaire, write, language):
    assert write(questionnaire, 2027, begun.project, language)


def test_a_verdict_is_asked_for_against_each_earlier_wave_and_none_is_taken_for_granted(begun, questionnaire):
    assert list(questionnaire.items["has_wijkteam"].comparability) == [2014, 2015, 2017, 2019, 2022]
    verdicts = {verdict.verdict for item in questionnaire.items.values() for verdict in item.comparability.values()}
    assert verdicts == {"unknown"}
    assert questionnaire.comparability("task_signalling", 2019).reason.nl == (
        "Of de vraag hetzelfde meet als die van 2019, is niet beoordeeld."
    )
    assert read_published(begun.project).questionnaires[2027] == questionnaire


def test_a_public_questionnaire_is_taken_over_with_its_verdicts(begun):
    begun.replace("2027/questionnaire.yml", "2019:\n        verdict: unknown", "2019:\n        verdict: minor")
    new_wave(begun.project, 2029)
    earlier, later = (read_questionnaire(begun.project, year) for year in (2027, 2029))
    assert (later.questions, list(later.items)) == (earlier.questions, list(earlier.items))
    assert later.comparability("has_wijkteam", 2027).verdict == "same"
    assert later.comparability("has_wijkteam", 2019) == earlier.comparability("has_wijkteam", 2019)
    assert later.comparability("prevention_place", 2027).reason.en == (
        "The question was taken over from the questionnaire of 2027."
    )
    assert yaml.safe_load((begun.raw / "2029" / "concepts.yml").read_text(encoding="utf-8")) == {"concepts": {}}
    first, *_ = (begun.raw / "2029" / "questionnaire.yml").read_text(encoding="utf-8").splitlines()
    assert first == "# Begun with the questionnaire of 2027. Change what this wave asks otherwise."


def test_a_wave_still_to_be_held_is_in_no_edition(begun):
    """Nor does it ask for what is not known yet: the number of municipalities."""
    sources = read_sources(open_edition(wave=2019, start=begun.root))
    assert sources.waves == [2014, 2015, 2017, 2019, 2022]
    with pytest.raises(ProjectError, match="nothing is known yet of what came out of 2027"):
        read_sources(open_edition(wave=2027, start=begun.root))


def test_a_wave_is_shown_from_its_first_figure(begun):
    begun.add(
        "2027/published.csv",
        concept="has_wijkteam",
        pct="85",
        precision="whole_percent",
        unit="municipalities",
        status="accepted",
        source_title="x",
        confidence="high",
    )
    assert read_sources(open_edition(wave=2019, start=begun.root)).waves[-1] == 2027


def answered(copy):
    """Invented answers to one question of 2027, of 200 in 342 invented municipalities."""
    codes = [f"GM{number:04}" for number in range(9000, 9342)]
    frame = [["wave", "gemeentecode", "name", "size_class", "provincie"]]
    frame += [["2027", code, f"Plaats {code}", "<20k", "Windmark"] for code in codes]
    replies = [["wave", "gemeentecode", "size_class", "provincie", "has_wijkteam", "weight", "missing_reason"]]
    replies += [
        ["2027", code, "<20k", "Windmark", str(place % 10 != 0), "1", ""] for place, code in enumerate(codes[:200])
    ]
    (copy.raw / "2027" / "responses").mkdir()
    for file, rows in {"population/frame_2027.csv": frame, "2027/responses/responses.csv": replies}.items():
        (copy.raw / file).write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    copy.add("population/municipalities.csv", year="2027", municipalities="342", status="confirmed")


def test_a_reason_may_come_to_hold_a_colon(begun):
    begun.replace("2027/questionnaire.yml", "van 2014, is niet beoordeeld", "van 2014: ja, vrijwel")
    reason = read_questionnaire(begun.project, 2027).comparability("has_wijkteam", 2014).reason
    assert reason.nl == "Of de vraag hetzelfde meet als die van 2014: ja, vrijwel."


@pytest.mark.parametrize("earlier", [2017, 2019])
def test_nothing_is_compared_until_somebody_has_judged_it(begun, earlier):
    answered(begun)

    def conclusions():
        edition = open_edition(wave=2027, baseline=earlier, start=begun.root)
        return changes_against(read_sources(edition), earlier, [2027], ["has_wijkteam"], "en")

    (row,) = conclusions().itertuples()
    assert (row.conclusion, row.method) == ("not_comparable", "none")
    assert f"Whether the question measures the same as that of {earlier} has not been judged" in row.reason
    begun.replace(
        "2027/questionnaire.yml", f"{earlier}:\n        verdict: unknown", f"{earlier}:\n        verdict: minor"
    )
    assert set(conclusions()["method"]) == {"mover"}
    assert "not_comparable" not in set(conclusions()["conclusion"])
