"""Invented answers: they reproduce what was published, and cannot be taken for a real municipality's."""

import datetime

import numpy as np
import pandas as pd
import pytest

from wijkpeiling import contracts
from wijkpeiling.answers import Answers, parse_missing_reasons, spell_missing_reasons
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.errors import IntakeError, PopulationError, WijkpeilingError
from wijkpeiling.published import read_published
from wijkpeiling.records import read_yaml
from wijkpeiling.synthetic.answers import _reach_overlap, synthesize
from wijkpeiling.synthetic.assumptions import Assumptions
from wijkpeiling.waves import Overlap

N_PER_CLASS = {
    2014: [137, 192, 44, 30],
    2015: [125, 193, 44, 31],
    2017: [121, 189, 47, 31],
    2019: [81, 189, 54, 31],
}
N_RESPONDENTS = {2014: 224, 2015: 234, 2017: 242, 2019: 212}
TASKS = {
    "task_needs_clarification": 90,
    "task_case_management": 86,
    "task_plan_with_client": 83,
    "task_signalling": 75,
    "task_short_term_support": 70,
    "task_long_term_support": 11,
}
SHORTFALLS = {
    "shortfall_preventive_work": 59,
    "shortfall_outreach": 52,
    "shortfall_collective_services": 51,
    "shortfall_informal_networks": 46,
}
HAS_TEAM = {2014: 69, 2015: 87, 2017: 83, 2019: 83}
ASSUMPTIONS = "synthetic.yml"

PROVINCES = {
    "Drenthe", "Flevoland", "Fryslân", "Gelderland", "Groningen", "Limburg", "Noord-Brabant", "Noord-Holland",
    "Overijssel", "Utrecht", "Zeeland", "Zuid-Holland",
}  # fmt: skip


@pytest.fixture(scope="module")
def answers(published):
    return synthesize(published)


def rounded_pct(column):
    """Whole percentage of those who answered, a half upwards, in whole numbers."""
    n, n_yes = int(column.count()), int(column.sum())
    return (200 * n_yes + n) // (2 * n)


def paired(answers, first, second):
    here, there = answers.panel(first, second)
    return answers.wave(first).iloc[here], answers.wave(second).iloc[there]


def correlation(a, b):
    both = a.notna().to_numpy() & b.notna().to_numpy()
    return np.corrcoef(a.to_numpy()[both].astype(float), b.to_numpy()[both].astype(float))[0, 1]


@pytest.mark.parametrize("seed", [2019, 1, 2, 3])
def test_the_published_percentages_are_reproduced(published, seed):
    answers = synthesize(published, seed)
    newest = answers.wave(2019)
    assert {concept: rounded_pct(newest[concept]) for concept in TASKS | SHORTFALLS} == TASKS | SHORTFALLS
    assert {year: rounded_pct(answers.wave(year)["has_wijkteam"]) for year in answers.waves} == HAS_TEAM
    assert answers.wave(2014)["has_wijkteam"].sum() == 154


def test_respondents_and_municipalities_are_as_many_as_in_reality(answers):
    assert {year: len(answers.wave(year)) for year in answers.waves} == N_RESPONDENTS
    assert {year: answers.population_sizes(year).to_list() for year in answers.waves} == N_PER_CLASS
    assert answers.population_sizes(2019).index.to_list() == list(SIZE_CLASSES)


@pytest.mark.parametrize("seed", [2019, 1, 2, 3])
def test_134_respondents_of_2019_also_answered_in_2017(published, seed):
    answers = synthesize(published, seed)
    codes = {year: set(answers.wave(year)["gemeentecode"]) for year in (2017, 2019)}
    assert len(codes[2017] & codes[2019]) == 134
    assert len(answers.panel(2017, 2019)[0]) <= 134


def test_cities_answer_more_often_in_2014(answers):
    response = answers.wave(2014)["size_class"].value_counts(sort=False) / answers.population_sizes(2014)
    assert response["<20k"] == pytest.approx(0.54, abs=0.01)
    assert response["20-50k"] == pytest.approx(0.54, abs=0.01)
    assert response[">=100k"] == pytest.approx(0.71, abs=0.02)


def test_the_same_seed_gives_the_same_answers_and_another_seed_others(published, answers):
    again, other = synthesize(published), synthesize(published, seed=7)
    for table in ("responses", "frames", "mergers"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(answers, table))
        assert not getattr(other, table).equals(getattr(answers, table))


def test_no_code_name_or_region_is_a_real_one(answers, real_names):
    codes = pd.concat([answers.frames["gemeentecode"], answers.mergers["from_code"], answers.mergers["to_code"]])
    assert codes.str.fullmatch(r"SY\d{4}").all()
    real = {name.casefold() for name in real_names}
    assert len(real) > 390
    assert not {name.casefold() for name in answers.frames["name"]} & real
    assert not set(answers.frames["provincie"]) & PROVINCES
    assert answers.source == "synthetic"
    assert (answers.mergers["remark"] == "Invented").all()


def test_no_name_that_can_be_drawn_is_a_real_one(project, real_names):
    words = read_yaml(project.raw / ASSUMPTIONS, Assumptions).names
    real = {name.casefold() for name in real_names}
    names = [(beginning + end).casefold() for beginning in words.beginnings for end in words.ends]
    assert len(set(names)) == len(names)
    assert not real & set(names)
    assert not [name for name in real for beginning in words.beginnings if name.startswith(beginning.casefold())]
    assert not PROVINCES & set(words.regions)


def test_a_municipality_keeps_its_name_and_region(answers):
    assert (answers.frames.groupby("gemeentecode")[["name", "provincie"]].nunique() == 1).all(axis=None)
    assert (answers.frames.groupby("name")["gemeentecode"].nunique() == 1).all()


def test_every_missing_answer_has_the_reason_that_fits(answers):
    follow_ups = [*TASKS, *SHORTFALLS]
    for year in answers.waves:
        wave, reasons = answers.wave(year), answers.missing_reasons(year)
        assert (reasons.notna() == wave[answers.concepts].isna()).all(axis=None)
        assert wave["has_wijkteam"].notna().all()
        if year < 2017:
            assert (reasons[follow_ups] == "not_asked").all(axis=None)
            continue
        without = ~wave["has_wijkteam"].astype(bool)
        assert (reasons.loc[without, follow_ups] == "not_shown").all(axis=None)
        assert set(np.unique(reasons.loc[~without, follow_ups].stack().dropna())) == {"not_answered"}
        assert 0.005 < reasons.loc[~without, follow_ups].notna().to_numpy().mean() < 0.03


def test_assumed_levels_are_those_of_2017_and_keep_the_reported_directions(published, answers):
    assert answers.assumed == {(2017, concept) for concept in TASKS | SHORTFALLS}
    earlier, later = answers.wave(2017), answers.wave(2019)
    reported = published.directions(2019, 2017)
    checked = [concept for concept in answers.concepts if concept in reported]
    assert checked == ["task_short_term_support", "task_long_term_support"]
    for concept in checked:
        assert reported[concept].direction == "lower"
        assert later[concept].mean() < earlier[concept].mean()


def test_a_published_figure_takes_the_place_of_an_assumed_one(copy, figure_row):
    copy.add("2017/published.csv", **figure_row(concept="task_signalling", pct="71"))
    answers = synthesize(read_published(copy.project))
    assert rounded_pct(answers.wave(2017)["task_signalling"]) == 71
    assert (2017, "task_signalling") not in answers.assumed
    assert (2017, "task_plan_with_client") in answers.assumed


def test_answers_last_and_items_of_a_kind_go_together(published):
    lasting, within, teams = [], [], []
    for seed in range(5):
        answers = synthesize(published, seed)
        first, second = paired(answers, 2017, 2019)
        lasting += [correlation(first[concept], second[concept]) for concept in TASKS | SHORTFALLS]
        teams.append(correlation(first["has_wijkteam"], second["has_wijkteam"]))
        wave = answers.wave(2019)
        for kind in (list(TASKS), list(SHORTFALLS)):
            within += [correlation(wave[a], wave[b]) for a in kind for b in kind if a < b]
    assert np.mean(lasting) > 0.3
    assert np.mean(within) > 0.1
    assert min(teams) > 0.2


def test_weights_are_left_to_estimation(answers):
    assert (answers.responses["weight"] == 1).all()


def test_mergers_lead_from_one_map_to_the_next(answers):
    for first, second in [(2014, 2015), (2015, 2017), (2017, 2019)]:
        before, after = (set(answers.frame(year)["gemeentecode"]) for year in (first, second))
        dates = answers.mergers["date"]
        between = answers.mergers[(dates > f"{first}-01-01") & (dates <= f"{second}-01-01")]
        assert before - after == set(between["from_code"])
        assert after - before == set(between.loc[between["kind"] == "merger", "to_code"])
        assert set(between["to_code"]) <= after


def test_as_many_codes_stand_in_two_waves_as_in_reality(answers, published):
    here, there = (set(answers.frame(year)["gemeentecode"]) for year in (2017, 2019))
    assert len(here & there) == 343


def test_the_panel_holds_the_same_municipality_twice_and_no_one_that_grew(answers):
    first, second = paired(answers, 2017, 2019)
    assert first["gemeentecode"].to_list() == second["gemeentecode"].to_list()
    grown = set(answers.mergers.loc[answers.mergers["date"] > "2017-01-01", "to_code"])
    assert grown
    assert not grown & set(first["gemeentecode"])
    codes = {year: set(answers.frame(year)["gemeentecode"]) for year in (2017, 2019)}
    assert answers.n_common(2017, 2019) == len((codes[2017] & codes[2019]) - grown)
    assert len(answers.common(2017, 2019)[0]) == answers.n_common(2017, 2019)


@pytest.mark.parametrize(
    ("old", "new", "error", "what"),
    [
        ("pct: 79", "pct: 65", IntakeError, "task_short_term_support: from 65 percent in 2017 to 70 in 2019 is higher"),
        (
            "pct: 79",
            "pct: 70",
            IntakeError,
            "task_short_term_support: from 70 percent in 2017 to 70 in 2019 is the same",
        ),
        ("pct: 79", "pct: 179", IntakeError, "less than or equal to 100"),
        ("    task_signalling:", "    task_singing:", IntakeError, "nothing can be assumed for task_singing"),
        ("  2017:\n    task", "  2018:\n    task", IntakeError, "nothing can be assumed for 2018"),
        ("shared: 0.30", "shared: 0.70", IntakeError, "cannot add up to more than 1"),
        ("[0.54, 0.54, 0.60, 0.71]", "[0.1, 0.1, 0.1, 0.9]", IntakeError, "from a class with fewer municipalities"),
    ],
)
def test_assumptions_that_cannot_be_are_refused(copy, old, new, error, what):
    copy.replace(ASSUMPTIONS, old, new)
    with pytest.raises(error) as refusal:
        synthesize(read_published(copy.project))
    assert what in str(refusal.value)
    assert ASSUMPTIONS in refusal.value.where


def test_an_overlap_that_cannot_be_is_refused(copy):
    copy.replace("2019/wave.yml", "n_respondents: 134", "n_respondents: 212")
    copy.remove("2019/published.csv", copy.row_of("2019/published.csv", concept="panel_overlap_prev_wave"))
    with pytest.raises(PopulationError, match="212 respondents that also answered in 2017 cannot be reached"):
        synthesize(read_published(copy.project))


def test_a_known_overlap_of_none_is_invented_as_none():
    # twenty in one class; six answered before, of eight that answer now three did
    answers, before = np.zeros((2, 20), dtype=bool)
    before[:6], answers[3:11] = True, True
    known = Overlap(wave=2017, n_respondents=0)
    reached = _reach_overlap(answers, before, np.zeros(20, dtype=int), known, np.random.default_rng(1))
    assert (reached.sum(), (reached & before).sum()) == (8, 0)


def test_a_wave_without_size_classes_is_refused(copy):
    for row in reversed(range(2, 10)):
        copy.remove("population/size_classes.csv", row)
    with pytest.raises(PopulationError, match="the size classes of 2014 are not known"):
        synthesize(read_published(copy.project))


# Answers made by hand: six municipalities on two maps


def response(wave, code, **changed):
    right = {
        "wave": wave,
        "gemeentecode": code,
        "size_class": "<20k",
        "provincie": "Regenland",
        "a": True,
        "b": pd.NA,
        "weight": 1.0,
        "missing_reason": "b=not_asked",
    }
    return right | changed


def unit(wave, code):
    return {"wave": wave, "gemeentecode": code, "name": code, "size_class": "<20k", "provincie": "Regenland"}


def made(responses, codes, mergers=(), **changed):
    frames = pd.DataFrame([unit(wave, code) for wave, of_wave in codes.items() for code in of_wave.split()])
    return Answers(
        responses=pd.DataFrame(responses),
        frames=frames,
        mergers=pd.DataFrame(
            [(date, kind, old, new, pd.NA) for date, kind, old, new in mergers],
            columns=contracts.ANSWER_MERGERS.columns,
        ),
        **{"source": "synthetic"} | changed,
    )


CODES = {2017: "SY0001 SY0002 SY0003 SY0004 SY0005 SY0006", 2019: "SY0001 SY0002 SY0003 SY0004 SY0007 SY0008"}
MERGERS = [
    ("2017-01-01", "absorption", "SY0009", "SY0001"),
    ("2018-01-01", "absorption", "SY0010", "SY0002"),
    ("2019-01-01", "split", "SY0005", "SY0003"),
    ("2018-07-01", "rename", "SY0006", "SY0008"),
    ("2019-01-01", "merger", "SY0005", "SY0007"),
    ("2020-01-01", "absorption", "SY0001", "SY0004"),
]


def everyone(codes=CODES):
    return [response(wave, code) for wave, of_wave in codes.items() for code in of_wave.split()]


def test_the_same_municipality_is_one_that_nothing_was_added_to_or_taken_from():
    answers = made(everyone(), CODES, MERGERS)
    first, second = paired(answers, 2017, 2019)
    # untouched, untouched, renamed: what happened on or before the first map, or after the second, does not count
    assert first["gemeentecode"].to_list() == ["SY0001", "SY0004", "SY0006"]
    assert second["gemeentecode"].to_list() == ["SY0001", "SY0004", "SY0008"]
    assert answers.n_common(2017, 2019) == 3


def test_the_panel_needs_an_answer_in_both_waves():
    responses = [response(2017, "SY0001"), response(2017, "SY0004"), response(2019, "SY0004"), response(2019, "SY0007")]
    answers = made(responses, CODES, MERGERS)
    first, second = answers.panel(2017, 2019)
    assert (first.tolist(), second.tolist()) == ([1], [0])
    assert answers.n_common(2017, 2019) == 3


def test_the_day_of_the_map_decides_what_lies_between_two_waves():
    late = {2019: datetime.date(2020, 6, 1)}
    assert made(everyone(), CODES, MERGERS, frame_dates=late).n_common(2017, 2019) == 1


def test_waves_are_compared_in_order_of_time():
    with pytest.raises(IntakeError, match="wave 2019 is not before wave 2017"):
        made(everyone(), CODES).panel(2019, 2017)


def test_a_wave_without_answers_is_refused():
    with pytest.raises(IntakeError, match="there are no answers of 2018") as refusal:
        made(everyone(), CODES).wave(2018)
    assert refusal.value.expected == "one of 2017, 2019"


def test_missing_reasons_read_back_as_they_were_written():
    reasons = pd.DataFrame(
        {"a": ["not_shown", pd.NA, pd.NA], "b": ["not_asked", "not_answered", pd.NA]}, dtype="string"
    )
    spelled = spell_missing_reasons(reasons)
    assert spelled.to_list()[:2] == ["a=not_shown; b=not_asked", "b=not_answered"]
    assert pd.isna(spelled[2])
    pd.testing.assert_frame_equal(parse_missing_reasons(spelled, ["a", "b"]), reasons)


# pandas will refuse an unknown category itself, and the contract then says the same
@pytest.mark.filterwarnings("ignore:Constructing a Categorical")
@pytest.mark.parametrize(
    ("changed", "error", "what"),
    [
        ({"gemeentecode": "SY0001"}, IntakeError, "the same row twice: wave 2017, gemeentecode SY0001"),
        ({"gemeentecode": "SY0099"}, IntakeError, "not among the municipalities of its wave: SY0099 (2017)"),
        ({"gemeentecode": "GM0363"}, IntakeError, "GM0363 stands among synthetic answers"),
        ({"gemeentecode": "0363"}, IntakeError, "'0363' is not allowed"),
        ({"size_class": ">=100k"}, IntakeError, "another size_class than in the frame: SY0002 (2017)"),
        ({"size_class": "100k"}, IntakeError, "one of <20k, 20-50k, 50-100k, >=100k"),
        ({"a": pd.NA}, IntakeError, "a has no answer and no reason for that"),
        ({"b": True}, IntakeError, "b has an answer and a reason for not having one"),
        ({"missing_reason": "b=forgotten"}, IntakeError, "'b=forgotten' is not allowed"),
        ({"missing_reason": "c=not_asked"}, IntakeError, "'c=not_asked' is not allowed"),
        ({"missing_reason": "b=not_asked; b=not_shown"}, IntakeError, "the concept appears twice"),
        ({"weight": pd.NA}, IntakeError, "an empty cell"),
    ],
)
def test_answers_that_break_their_contract_are_refused(changed, error, what):
    rows = [response(2017, "SY0001"), response(2017, "SY0002", **changed)]
    with pytest.raises(error) as refusal:
        made(rows, CODES)
    assert what in str(refusal.value)


def test_more_respondents_than_municipalities_is_refused():
    with pytest.raises(PopulationError, match="6 respondents of 2 municipalities in 2017"):
        made(everyone(), CODES | {2017: "SY0001 SY0002"})


def test_a_municipality_that_stands_twice_on_a_map_is_refused():
    with pytest.raises(PopulationError, match="the same row twice: wave 2017, gemeentecode SY0001"):
        made(everyone(), CODES | {2017: CODES[2017] + " SY0001"})


@pytest.mark.parametrize(
    "circle",
    [
        [("SY0001", "SY0001")],
        [("SY0001", "SY0002"), ("SY0002", "SY0001")],
        [("SY0001", "SY0002"), ("SY0002", "SY0003"), ("SY0003", "SY0001")],
    ],
)
def test_mergers_that_run_in_a_circle_are_refused(circle):
    rows = [("2018-01-01", "merger", old, new) for old, new in circle]
    with pytest.raises(PopulationError, match=r"the mergers run in a circle: SY000\d -> "):
        made(everyone(), CODES, rows)


def test_an_unknown_source_is_refused():
    with pytest.raises(WijkpeilingError, match="'published' is no source of answers"):
        made(everyone(), CODES, source="published")


def test_real_answers_hold_real_codes_only():
    codes = {wave: of_wave.replace("SY", "GM") for wave, of_wave in CODES.items()}
    real = made(everyone(codes), codes, [("2018-01-01", "absorption", "GM0010", "GM0002")], source="microdata")
    assert real.n_common(2017, 2019) == 3
    with pytest.raises(IntakeError, match="SY0001 stands among microdata answers"):
        made(everyone(), CODES, source="microdata")


def test_the_contract_has_a_column_for_each_concept_in_order():
    assert contracts.responses(["x", "y"]).columns == [
        "wave", "gemeentecode", "size_class", "provincie", "x", "y", "weight", "missing_reason",
    ]  # fmt: skip
    size_class = contracts.check(pd.DataFrame([unit(2019, "SY0001")]), contracts.FRAMES, IntakeError)["size_class"]
    assert size_class.cat.ordered
    assert size_class.cat.categories.to_list() == list(SIZE_CLASSES)
