"""An edition of which the new wave has item responses, and the baseline published percentages."""

import filecmp
import shutil
import subprocess
import sys

import numpy as np
import pytest

from wijkpeiling.answers import Answers
from wijkpeiling.contracts import CHANGES
from wijkpeiling.errors import InstrumentError, IntakeError, PopulationError, ProjectError
from wijkpeiling.estimation.change import overlap_correlations
from wijkpeiling.estimation.shares import estimates
from wijkpeiling.present import audit
from wijkpeiling.present.blocks import Cover, Table
from wijkpeiling.project import open_edition
from wijkpeiling.sources.base import CHANCE, RANGE
from wijkpeiling.sources.between import assumed_correlations
from wijkpeiling.sources.edition import read_sources
from wijkpeiling.trend.changes import changes_against, trend_of
from wijkpeiling.trend.comparison import compare_waves
from wijkpeiling.trend.conclusions import conclude

TEAM = "has_wijkteam"
TASKS = ["task_signalling", "task_case_management", "task_long_term_support"]
SHORTFALLS = ["shortfall_outreach", "shortfall_preventive_work", "shortfall_informal_networks"]
RESPONSES, FRAME = "2027/responses/responses.csv", "population/frame_2027.csv"


def read(mini):
    return read_sources(open_edition(wave=2027, language="en", start=mini.root))


@pytest.fixture(scope="module")
def sources(sources_of_mini):
    return sources_of_mini


def test_the_files_of_the_small_project_are_what_its_script_makes(mini, root):
    made = root / "tests" / "data" / "mini"
    shutil.copy(made / "make.py", mini.root / "make.py")
    files = [path.relative_to(mini.root) for path in mini.raw.rglob("*") if path.is_file()]
    shutil.rmtree(mini.raw)
    subprocess.run([sys.executable, str(mini.root / "make.py")], check=True)
    _, differs, missing = filecmp.cmpfiles(made, mini.root, map(str, files), shallow=False)
    assert len(files) > 12 and (differs, missing) == ([], [])


def test_each_wave_has_the_best_source_there_is(sources):
    assert sources.waves == [2017, 2019, 2027]
    assert [sources.of(wave).source for wave in sources.waves] == ["published", "published", "microdata"]
    assert [sources.source_of(*waves) for waves in ((2017, 2019), (2027,), (2017, 2027))] == [
        "published",
        "microdata",
        "mixed",
    ]


def test_the_base_of_an_item_is_that_of_the_concept_that_routes_to_it(sources):
    wave = sources.of(2027)
    assert {concept: wave.bases(concept) for concept in (TEAM, *TASKS)} == {
        TEAM: ["respondents"],
        # and all respondents, of whom those that were not shown it did not say yes
        **{task: ["with_team", "respondents"] for task in TASKS},
    }
    # the reports tell it over its own
    assert set(wave.estimates(TASKS)["base"]) == {"with_team"}


def test_over_all_respondents_an_item_is_a_no_where_the_answer_that_routes_was_no(mini):
    left_open = mini.row_of(RESPONSES, has_wijkteam="False")
    reasons = mini.rows(RESPONSES)[left_open - 1][-1]
    mini.put(RESPONSES, left_open, has_wijkteam="", missing_reason=f"has_wijkteam=not_answered; {reasons}")
    wave = read(mini).of(2027)
    responses, weights = wave.responses, wave.design.weights
    has_no_team = (~responses[TEAM]).fillna(False).to_numpy(bool)
    for task in TASKS:
        answered = responses[task].notna().to_numpy() | has_no_team
        yes = responses[task].fillna(False).to_numpy(bool)
        share = wave.share(task, "respondents")
        assert share.share == pytest.approx(weights[yes].sum() / weights[answered].sum())
        # who did not say whether it has a team is not counted
        assert share.n == answered.sum() < wave.n_respondents
        assert (share.N, share.method) == (100, "predictive")
        assert wave.share(task, "with_team").share > share.share


OPEN = "task_case_management"
FIGURES = "2017/published.csv"


def compared(mini, pct, base):
    """What is tested of the task with this percentage in 2017, over this base or over one that was not stated."""
    mini.put(FIGURES, mini.row_of(FIGURES, concept=OPEN), pct=str(pct), base=base, base_n="")
    tested, _ = compare_waves(read(mini), 2017, 2027, [OPEN], "en")
    return {test.overlap.kind: test for test in tested}


@pytest.mark.parametrize(
    ("pct", "over_team", "over_all", "conclusion"),
    [
        (37, "rose", "rose", "rose"),
        (60, "rose", "no_evidence", "no_evidence"),
        (82, "no_evidence", "fell", "no_evidence"),
        (95, "fell", "fell", "fell"),
        # over one base it rose, over the other it fell
        (73, "no_evidence", "no_evidence", "no_evidence"),
    ],
)
def test_of_a_base_that_was_not_stated_is_told_what_holds_over_each_that_it_can_be(
    mini, pct, over_team, over_all, conclusion
):
    of_each = [compared(mini, pct, base) for base in ("with_team", "respondents")]
    found = compared(mini, pct, "")
    for kind in ("chance", "range"):
        each, change = [tests[kind].change for tests in of_each], found[kind].change
        assert change.ci_low == pytest.approx(min(one.ci_low for one in each))
        assert change.ci_high == pytest.approx(max(one.ci_high for one in each))
        told = [conclude(one.difference, one.ci_low, one.ci_high, one.p_value) for one in (*each, change)]
        assert told == [over_team, over_all, conclusion]
        is_open = each[0].difference * each[1].difference < 0
        assert change.p_value == pytest.approx(1.0 if is_open else max(one.p_value for one in each))
        assert found[kind].reason.startswith("it was not published of whom the figure is; the difference is that over")
    assert {tests["chance"].reason for tests in of_each} == {
        "the comparison is over municipalities with a team",
        "the comparison is over all responding municipalities",
    }


@pytest.mark.parametrize("stated", [41, 52])
def test_a_stated_overlap_is_of_all_respondents_and_of_a_part_of_them_in_proportion(mini, stated):
    path = "2019/published.csv"
    mini.put(path, mini.row_of(path, concept=OPEN), base="", base_n="")
    known = read(mini).project.wave(2027).overlap_with(2019)
    mini.replace("2027/wave.yml", f"n_respondents: {known}\n", f"n_respondents: {stated}\n")
    sources = read(mini)
    (pair,) = sources.pairs(2019, 2027, [OPEN])
    ((overlap, by_base),) = pair.assumptions.items()
    assert overlap == ("known", stated) and list(by_base) == ["respondents", "with_team"]
    n_common = sources.published.population.n_common(*(sources.project.wave(year).frame_date for year in (2019, 2027)))
    first, second, correlation, _ = by_base["respondents"]
    assert correlation == assumed_correlations(first, second, n_common, overlap).lowest
    # fewer than chance has it make a difference less certain, also among those with a team
    assert by_base["with_team"].correlation == correlation and (correlation < 0) == (stated == 41)


@pytest.mark.parametrize("concepts", [TASKS, SHORTFALLS])
def test_every_item_that_both_waves_have_is_compared_and_gets_a_conclusion(sources, concepts):
    table = changes_against(sources, 2017, [2027], concepts, "en")
    assert table["concept"].tolist() == [concept for concept in concepts for _ in range(2)]
    assert table["overlap"].tolist() == ["chance", "range"] * 3
    assert set(table["source"]) == {"mixed"}
    assert set(table["conclusion"]) <= {"rose", "fell", "about_the_same", "no_evidence"}
    assert table.columns.tolist() == CHANGES.columns
    widths = (table["ci_high"] - table["ci_low"]).to_numpy().reshape(-1, 2)
    assert (widths[:, 1] >= widths[:, 0]).all()


def test_a_large_change_is_found_and_a_small_one_is_not(sources):
    table = changes_against(sources, 2017, [2027], TASKS + SHORTFALLS, "en").groupby("concept")["conclusion"].unique()
    assert table["task_signalling"].tolist() == ["rose"]
    assert table["task_long_term_support"].tolist() == ["fell"]
    assert table["shortfall_outreach"].tolist() == ["no_evidence"]


def test_the_overlap_that_the_wave_states_is_used_and_another_is_left_open(sources):
    stated = sources.project.wave(2027).overlap_with(2019)
    (known,) = sources.pairs(2019, 2027, [TEAM])
    (overlap,) = known.assumptions
    assert overlap == ("known", stated)
    first, second, correlation, _ = known.assumptions[overlap]["respondents"]
    n_common = sources.published.population.n_common(*(sources.project.wave(year).frame_date for year in (2019, 2027)))
    possible = overlap_correlations(first, second, n_common=n_common, n_overlap=(stated, stated))
    assert correlation == possible.lowest
    # of a smaller base how many answered twice is not stated
    (task,) = sources.pairs(2019, 2027, TASKS[:1])
    assert list(task.assumptions) == [CHANCE, RANGE]


def test_beside_a_published_figure_item_responses_have_the_interval_of_the_table_of_estimates(sources):
    wave = sources.of(2027)
    ((base, result),) = wave.items([TEAM])
    estimate = estimates(result, 2027, base=base, source="microdata").loc[0]
    share = wave.share(TEAM, base)
    assert share.method == estimate["method"] == "predictive"
    assert share.limits() == pytest.approx((estimate["ci_low"], estimate["ci_high"]))


def test_a_comparison_that_nobody_has_a_verdict_on_is_not_made(mini):
    mini.replace("2027/questionnaire.yml", "verdict: same", "verdict: broken")
    _, refused = compare_waves(read(mini), 2017, 2027, [TEAM], "en")
    assert [(why.conclusion, why.reason) for why in refused] == [("not_comparable", "the same question")]


def test_a_trend_runs_over_waves_of_both_sources(sources):
    trend = trend_of(sources, 2017, TEAM)
    assert trend.waves.tolist() == [2017, 2019, 2027]
    # protected in 2027: whole points, of which the widest are told
    assert trend.is_rounded and trend.slope_low <= trend.slope <= trend.slope_high
    likely, lowest, highest = sources.covariances([2017, 2019, 2027], TEAM, "respondents")
    assert (lowest <= likely + 1e-15).all() and (likely <= highest + 1e-15).all()
    assert np.diag(likely) == pytest.approx([sources.of(w).share(TEAM, "respondents").variance for w in sources.waves])


def test_without_item_responses_a_wave_is_estimated_from_what_was_published(mini):
    shutil.rmtree(mini.raw / "2027" / "responses")
    sources = read(mini)
    assert sources.of(2027).source == "published" and sources.of(2027).estimates([TEAM]).empty


def drop_row(mini):
    mini.remove(RESPONSES, 2)


def another_wave(mini):
    mini.put(RESPONSES, 3, wave="2019")


def unknown_concept(mini):
    mini.replace(RESPONSES, "task_signalling", "task_singing")


def no_boolean(mini):
    mini.put(RESPONSES, 2, has_wijkteam="maybe")


def a_real_code_of_another_frame(mini):
    mini.put(RESPONSES, 2, gemeentecode="GM0363")


def shown_without_a_team(mini):
    row = mini.row_of(RESPONSES, has_wijkteam="False")
    reasons = mini.rows(RESPONSES)[row - 1][-1]
    mini.put(
        RESPONSES, row, missing_reason=reasons.replace("task_signalling=not_shown", "task_signalling=not_answered")
    )


def hidden_with_a_team(mini):
    row = mini.row_of(RESPONSES, has_wijkteam="True", missing_reason="")
    mini.put(RESPONSES, row, task_signalling="", missing_reason="task_signalling=not_shown")


def half_a_frame(mini):
    mini.remove(FRAME, 2)


def no_frame(mini):
    (mini.raw / FRAME).unlink()


def routed_by_no_base(mini):
    mini.replace("2027/questionnaire.yml", "routing: has_wijkteam", "routing: task_signalling")


@pytest.mark.parametrize(
    ("breaks", "error", "says"),
    [
        (drop_row, IntakeError, r"65 respondents\n.*\n.*66, as wave.yml says"),
        (another_wave, IntakeError, r"wave 2019\n.*row 3, column wave"),
        (unknown_concept, IntakeError, "unknown column task_singing"),
        (no_boolean, IntakeError, r"'maybe' is not allowed\n.*row 2, column has_wijkteam"),
        (a_real_code_of_another_frame, IntakeError, r"not among the municipalities of its wave: GM0363"),
        (shown_without_a_team, IntakeError, r"task_signalling was shown, against the routing\n.*row \d+"),
        (hidden_with_a_team, IntakeError, r"task_signalling was not shown, against the routing\n.*row \d+"),
        (half_a_frame, PopulationError, r"99 municipalities\n.*frame_2027.csv"),
        (no_frame, PopulationError, r"frame_2027.csv is missing"),
        (routed_by_no_base, InstrumentError, "unknown routing task_signalling"),
    ],
)
def test_item_responses_that_cannot_be_are_refused_with_their_place(mini, breaks, error, says):
    breaks(mini)
    with pytest.raises(error, match=says):
        read(mini)


def test_an_item_not_shown_to_anyone_without_routing_is_refused_with_its_first_rows(mini):
    mini.replace("2027/questionnaire.yml", "    routing: has_wijkteam\n", "")
    with pytest.raises(IntakeError, match=r"task_signalling was not shown.*\n.*row \d+, \d+, \d+ and \d+ more"):
        read(mini)


def test_invented_answers_never_stand_beside_real_ones(sources, invented):
    assert isinstance(sources.answers, Answers) and sources.answers.source == "microdata"
    assert {invented.of(wave).source for wave in invented.waves} == {"synthetic"}
    assert invented.publications is None and sources.publications is not None


@pytest.mark.parametrize("language", ["nl", "en"])
class TestTheNotebooks:
    def test_the_cover_says_what_the_figures_come_from(self, shown_of_mini, language):
        (cover,) = [block for block in shown_of_mini(2027, None, language)["00_kern"] if isinstance(block, Cover)]
        assert cover.source == "mixed"
        assert {"nl": "antwoorden van gemeenten", "en": "answers of municipalities"}[language] in cover.subtitle

    @pytest.mark.parametrize(("name", "kind"), [("02_taken", "task"), ("03_preventie", "shortfall")])
    def test_changes_by_size_and_pairs_are_shown(self, shown_of_mini, language, name, kind):
        shown = {block.id: block for block in shown_of_mini(2027, None, language)[name] if hasattr(block, "id")}
        trend, account = (
            {block.id: block for block in shown_of_mini(2027, None, language)[other] if hasattr(block, "id")}
            for other in ("04_trend", "05_herkomst")
        )
        changes = trend[f"table_changes_{kind}"]
        assert len(changes.records) == 6 and {row["source"] for row in changes.records} == {"mixed"}
        assert all(isinstance(shown[f"table_{kind}_{what}"], Table) for what in ("size", "pairs"))
        assert isinstance(account[f"table_{kind}_sensitivity"], Table)

    def test_the_trend_takes_every_wave(self, shown_of_mini, language):
        shown = {block.id: block for block in shown_of_mini(2027, None, language)["04_trend"] if hasattr(block, "id")}
        assert "2027" in shown["slope"].text
        # the process behind the answers takes item responses of the baseline too
        assert "table_process" not in shown

    def test_what_was_published_is_audited(self, shown_of_mini, language):
        shown = {
            block.id: block for block in shown_of_mini(2027, None, language)["05_herkomst"] if hasattr(block, "id")
        }
        assert len(shown["table_audit"].records) == 14


def test_an_edition_of_a_wave_that_is_not_there_is_refused(mini):
    with pytest.raises(ProjectError):
        open_edition(wave=2028, start=mini.root)


# 57 of 66 with a team, weighted 88 percent; 46 of 56 signal, weighted 82 percent, and 71 or 72 percent of all
@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"concept": TEAM, "pct": "86"}, "feasible"),
        ({"concept": TEAM, "pct": "88"}, "feasible"),
        ({"concept": TEAM, "pct": "76"}, "contested"),
        ({"concept": TEAM, "pct": "76", "precision": "approximate"}, "not_checkable"),
        ({"concept": TEAM, "pct": "76", "unit": "teams"}, "not_checkable"),
        ({"concept": TEAM, "pct": "76", "status": "rejected"}, "rejected"),
        ({"concept": TASKS[0], "pct": "82", "base": "with_team"}, "not_checkable"),
        ({"concept": TASKS[0], "pct": "71", "base": "with_team"}, "contested"),
        ({"concept": TASKS[0], "pct": "71", "base": "respondents", "base_n": "66"}, "feasible"),
    ],
)
def test_a_published_percentage_that_the_answers_do_not_give_is_contested(mini, figure_row, cells, verdict):
    mini.add("2027/published.csv", **figure_row(**cells, remark_en="As printed."))
    edition = open_edition(wave=2027, language="en", start=mini.root)
    (row,) = audit.verdicts(edition, read_sources(edition)).query("wave == 2027").to_dict("records")
    assert row["verdict"] == verdict
    share = {TEAM: "88 percent", TASKS[0]: "82 percent"}[cells["concept"]]
    told = f"By the answers of this survey it is {share}; weighted or not, they do not give this percentage. "
    assert row["reason"] == (told if verdict == "contested" else "") + "As printed."
