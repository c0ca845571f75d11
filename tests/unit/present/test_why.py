"""Why a number is what it is: every table of every wave, answers that are protected or not, one row in a notebook."""

import contextlib
from unittest.mock import patch

import pytest

from tests.conftest import FIVE_WAVES, _run
from tests.sums import check, evaluate, unexplained, work_out
from wijkpeiling.estimation.exact import Case, exact_intervals, tail_chances
from wijkpeiling.present.blocks import MIME, Table
from wijkpeiling.present.notation import Notation
from wijkpeiling.present.reasons import Why
from wijkpeiling.present.why import why, why_share
from wijkpeiling.report.explained import explained
from wijkpeiling.sources.edition import estimate, estimate_all_waves
from wijkpeiling.trend.changes import changes_against
from wijkpeiling.trend.conclusions import adjust, holm_of

LANGUAGES = ["nl", "en"]
WAVES = [(2014, None), (2015, None), (2017, None), (2019, None), (2017, 2015), (2022, None)]


def tables_of(sections):
    blocks = [block for section in sections.values() for block in section if isinstance(block, Table)]
    return [block.model_dump(mode="json") for block in blocks]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("wave", "baseline"), WAVES)
def test_every_number_of_published_figures_is_worked_out_as_printed(shown, wave, baseline, language):
    tables = tables_of(shown(wave, baseline, language, "published"))
    assert unexplained(tables) == []
    n_lines, lost = work_out(tables, language)
    assert lost == [] and n_lines > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_beside_item_responses_is_worked_out_as_printed(shown_of_mini, language):
    tables = tables_of(shown_of_mini(2027, None, language))
    assert unexplained(tables) == []
    n_lines, lost = work_out(tables, language)
    assert lost == [] and n_lines > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_answers_that_nothing_protects_is_worked_out_as_printed(
    notebooks, invented, unprotected, language
):
    bare = unprotected(invented)
    parameters = {"wave": 2019, "baseline": None, "language": language, "source": "synthetic"}
    with contextlib.chdir(FIVE_WAVES), patch("wijkpeiling.sources.edition.read_sources", lambda edition: bare):
        sections = {name: _run(notebook, parameters) for name, notebook in notebooks.items()}
    tables = tables_of(sections)
    assert unexplained(tables) == []
    n_lines, lost = work_out(tables, language)
    assert lost == [] and n_lines > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_estimates_answers_in_a_notebook(edition, sources, language):
    opened = edition(2019, language=language)
    row = next(estimate(sources, 2019, ["shortfall_preventive_work"]).itertuples(index=False))
    told = why(row, opened, sources)
    assert isinstance(told, Why) and MIME not in told._repr_mimebundle_()
    html = told._repr_mimebundle_()["text/html"]
    assert html.count("<code>") == sum(len(step.formulas) for step in told.steps) > 8
    # those of METHOD.md's worked example
    lines = [line for step in told.steps for line in step.formulas]
    assert {"194/355 = 55%", "226/355 = 64%", "125/(212+143) = 35%", "(126+143)/(212+143) = 76%"} <= set(lines)
    call = {"nl": "HYPGEOM.VERD(124;212;194;355;WAAR)", "en": "HYPGEOM.DIST(124,212,194,355,TRUE)"}[language]
    mark = {"nl": ",", "en": "."}[language]
    assert f"1-{call} = 0{mark}0301 > 0{mark}025" in lines
    assert "212" in told.base and told.sources[0].url in html


def test_a_row_of_changes_answers_alone_as_in_its_table(edition, sources):
    opened = edition(2019)
    changes = changes_against(sources, 2017, sources.waves, ["has_wijkteam"], "nl")
    tested = changes[changes["difference"].notna()]
    for _, row in tested.iterrows():
        steps = why(row, opened, sources).steps
        assert [step.column for step in steps][:2] == ["Verschil (procentpunt)", "95%-interval"]
        assert [line for step in steps for line in step.formulas if not check(line, "nl")] == []
    assert why(changes[changes["difference"].isna()].iloc[0], opened, sources) is None


def test_a_protected_row_answers_with_its_rule_alone(edition, invented):
    opened = edition(2019, source="synthetic")
    for wave in invented.waves:
        told = why(estimate(invented, wave, ["has_wijkteam"]).iloc[0], opened, invented)
        assert [step.formulas for step in told.steps] == [()] * 3 and "M20" in told.steps[0].methods
    # also one that somebody worked out exactly
    exact = estimate_all_waves(invented, "has_wijkteam").iloc[0].copy()
    exact["flag"], exact["method"], exact["count"] = None, "exact", 150
    assert all(not step.formulas for step in why(exact, opened, invented).steps)


@pytest.mark.parametrize("wrong", ["125/212 = 58,0%", "194/355 = 54%", "2*0,5 < 0,001", "1 = 0,03 > 0,025"])
def test_a_sum_that_is_not_so_is_found(wrong):
    with pytest.raises(AssertionError):
        check(wrong, "nl")


def test_the_grammar_is_all_that_is_understood():
    assert evaluate("2^3-(1+1)*2/4", "nl") == 7 and evaluate("MAX(0;MIN(1;1,5))", "nl") == 1
    assert evaluate("MAX(0,MIN(1,1.5))", "en") == 1
    with pytest.raises(AssertionError):
        evaluate("__import__('os')", "nl")


def test_numbers_have_the_digits_that_their_result_needs():
    write = Notation("nl")
    assert write.number(0.5) == "0,5" and write.number(-0.4754831) == "-0,475483"
    # 2 x 0.173 would be 0.346
    assert write.multiplied(2, 0.17257) == "2*0,1726"
    assert write.against_tail("1", 0.0250081) == "1 = 0,025008 > 0,025"


def test_tail_chances_are_those_that_decide_the_limits():
    case = Case(125, 212, 355)
    low, high = (int(end[0]) for end in exact_intervals((case,)))
    assert tail_chances(case, low).at_least > 0.025 >= tail_chances(case, low - 1).at_least
    assert tail_chances(case, high).at_most > 0.025 >= tail_chances(case, high + 1).at_most


@pytest.mark.parametrize("p_values", [[0.2, 0.001, 0.04], [0.03, 0.031, 0.032], [1.0, 1.0], [0.5]])
@pytest.mark.parametrize("more", [0, 5])
def test_the_product_of_holm_is_the_adjusted_p_value(p_values, more):
    family = len(p_values) + more
    told = [min(one.times * one.p, 1) for one in holm_of(p_values, family)]
    assert told == pytest.approx(list(adjust(p_values, family_size=family)))


def test_the_page_says_once_what_rows_share(shown):
    (table,) = [
        block for block in shown(2019, None, "nl", "published")["02_taken"] if getattr(block, "id", "") == "table_task"
    ]
    told = explained(table)
    assert len(told.rules) == 2 and len(told.entries) == len(table.rows)
    assert all(not step.text for entry in told.entries for step in entry.steps)
    assert told.sources and all(not entry.sources for entry in told.entries)


@pytest.mark.parametrize("rows", [1, 2])
def test_of_a_base_that_the_source_leaves_open_each_row_names_its_own(edition, sources, rows):
    told = why_share(edition(2019), sources, estimate(sources, 2019, ["task_long_term_support"]).head(rows), {})
    assert "212" in told.base and ("176" in told.base) == (rows == 2) == ("Beide" in told.base)


@pytest.mark.parametrize(
    ("language", "counted", "certain"),
    [
        ("nl", "Het eerste aantal is gepubliceerd: 154.", "ligt vast"),
        ("en", "The first number was published: 154.", "is certain"),
    ],
)
def test_a_count_that_was_published_is_not_called_the_only_one_possible(edition, sources, language, counted, certain):
    # 155 of 224 rounds to 69 as well
    told = why(estimate(sources, 2014, ["has_wijkteam"]).iloc[0], edition(2014, language=language), sources)
    assert told.steps[0].text.endswith(counted) and certain not in told.steps[0].text


@pytest.mark.parametrize(
    ("language", "share", "size"),
    [
        (
            "nl",
            "Het aantal gemeenten dat meedeed, gedeeld door alle gemeenten",
            "Het aantal gemeenten in de hele groep",
        ),
        (
            "en",
            "The number of municipalities that took part, divided by all",
            "The number of municipalities in the whole",
        ),
    ],
)
def test_a_response_rate_is_explained_as_one_over_a_whole_group(shown, language, share, size):
    blocks = shown(2014, None, language, "published")["01_respons"]
    (table,) = [block for block in blocks if getattr(block, "id", "") == "table_groups_response"]
    assert [row.base.split("(")[-1] for row in table.why] == ["37).", "362)."]
    assert all(
        step.text.startswith(told) for row in table.why for step, told in zip(row.steps, (share, size), strict=True)
    )
