"""Whom the respondents represent, when they answered, and what weighing their answers changes."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.slugs import TASKS, TEAM
from wijkpeiling import language as speak
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.estimation.disclosure import Disclosure
from wijkpeiling.estimation.nonresponse import RIndicator, largest_change, r_indicator
from wijkpeiling.present import answers, fieldwork, representation, weighting
from wijkpeiling.present import response as response_of_waves
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import Sources, read_sources
from wijkpeiling.sources.microdata import MicrodataWave

LANGUAGES = ["nl", "en"]
BLOCKS = {
    "provincie": representation.provincie_table,
    "evenness": representation.sentence,
    "panel sentence": representation.panel_sentence,
    "panel": representation.panel_table,
    "days sentence": fieldwork.sentence,
    "days chart": fieldwork.chart,
    "days": fieldwork.table,
    "weights": weighting.sentence,
    "effect sentence": lambda edition, sources: weighting.effect_sentence(edition, weighting.effect(edition, sources)),
    "effect": lambda edition, sources: weighting.effect_table(edition, sources, weighting.effect(edition, sources)),
}


def response(n, N, **groups):
    return pd.DataFrame({**groups, "n": n, "N": N})


def wave_of(n, N, provincies=None):
    """A source that knows the response of the four size classes, and of provincies."""
    by_size = response(n, N, size_class=SIZE_CLASSES)
    of_provincies = provincies or ([sum(n)], [sum(N)])
    by_provincie = response(*of_provincies, provincie=list("ABCD")[: len(of_provincies[0])])
    weight = np.divide(N, n, out=np.full(4, np.nan), where=np.array(n) > 0)
    tables = {("size_class",): by_size, ("provincie",): by_provincie}
    source = SimpleNamespace(
        why_not=None,
        n_respondents=sum(n),
        N=sum(N),
        response=lambda by=("size_class",): tables.get(tuple(by), by_size.rename(columns={"size_class": "s"})).copy(),
        weights=lambda: pd.DataFrame({"size_class": SIZE_CLASSES, "weight": weight}),
    )
    return SimpleNamespace(of=lambda wave: source, waves=[2019])


@pytest.fixture(scope="module", params=LANGUAGES)
def demo(edition, request):
    return edition(2019, language=request.param, source="synthetic")


def opened(mini, language="nl"):
    edition = open_edition(wave=2027, language=language, start=mini.root)
    return edition, read_sources(edition)


# published figures


@pytest.mark.parametrize("what", BLOCKS)
def test_an_edition_of_published_figures_shows_nothing_of_it(edition, sources, what):
    assert BLOCKS[what](edition(2019), sources) is None


# provincies


def test_the_provincies_add_up_to_the_wave(demo, invented):
    table = representation.provincie_table(demo, invented)
    numbers = np.array([[int(cell) for cell in row[1:3]] for row in table.texts])
    assert numbers.sum(axis=0).tolist() == [355, 212] and len(table.rows) > 5
    assert [row[3] for row in table.texts] == [f"{speak.whole(n / N)}%" for N, n in numbers]
    assert (numbers[:, 0] >= 10).all() and "(" in table.caption


@pytest.mark.parametrize(
    ("N", "told"),
    [
        ([30, 20, 12], ["A 30", "B 20", "C 12"]),
        ([30, 20, 10], ["A 30", "B 20", "C 10"]),
        # one alone would be the total minus the others
        ([30, 20, 9], ["A 30", "B + C 29"]),
        ([30, 6, 5], ["A 30", "B + C 11"]),
        # two that are small together take in the next
        ([30, 4, 5], ["A + B + C 39"]),
        ([9, 9, 30], ["C 30", "A + B 18"]),
        ([4], ["A 4"]),
    ],
    ids=str,
)
def test_small_provincies_stand_together_so_that_none_follows_from_the_rest(N, told):
    provincies = ([size // 2 for size in N], N)
    table = representation.by_provincie(wave_of([1] * 4, [2] * 4, provincies), 2019)
    assert [f"{row.provincie} {row.N}" for row in table.itertuples()] == told
    assert table["n"].sum() == sum(provincies[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_provincies_that_stand_together_are_named_and_explained(edition, language):
    sources = wave_of([1] * 4, [2] * 4, ([15, 10, 4], [30, 20, 9]))
    table = representation.provincie_table(edition(2019, language=language), sources)
    assert [row[0] for row in table.texts] == ["A", speak.listing(["B", "C"], language)]
    assert table.notes == (speak.say(language, "provincies_together_note", least=10),)


# who answered more often, and how evenly


@pytest.mark.parametrize(
    ("n", "N", "told"),
    [
        ([50, 50, 20, 5], [100, 100, 40, 10], ["response_size_even"]),
        ([20, 80, 20, 5], [100, 100, 40, 10], ["response_size_more 1", "response_size_less 0"]),
        ([20, 80, 38, 5], [100, 100, 40, 10], ["response_size_more 1 2", "response_size_less 0"]),
        ([20, 20, 38, 10], [100, 100, 40, 10], ["response_size_more 2 3", "response_size_less 0 1"]),
        # a class of no municipality is none
        ([50, 50, 20, 0], [100, 100, 40, 0], ["response_size_even"]),
    ],
    ids=str,
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_classes_that_answered_more_or_less_often_are_named(edition, language, n, N, told):
    text = representation.sentence(edition(2019, language=language), wave_of(n, N)).text
    for one in told:
        key, *classes = one.split()
        labels = [speak.say(language, "quoted", text=speak.say(language, f"size_{at}")) for at in classes]
        spelled = speak.say(language, key, n=len(labels), listing=speak.listing(labels, language))
        assert spelled in text
        text = text.replace(spelled, "")
    # one provincie is compared with none; what is left is the R-indicator
    assert text.strip().startswith(("De R-indicator", "The R-indicator"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("n", "N", "key"),
    [
        ([50, 50, 20, 5], [100, 100, 40, 10], "chance"),
        ([45, 58, 22, 6], [100, 100, 40, 10], "even"),
        ([20, 80, 38, 5], [100, 100, 40, 10], "uneven"),
    ],
)
def test_the_r_indicator_says_whether_chance_would_do_it(edition, language, n, N, key):
    text = representation.sentence(edition(2019, language=language), wave_of(n, N)).text
    found = r_indicator(response(n, N, size_class=SIZE_CLASSES))
    told = {name: speak.whole(getattr(found, name)) for name in ("value", "low", "high")}
    assert text.endswith(speak.say(language, f"r_indicator_{key}", **told))
    assert (found.value == 1, found.high == 1) == (key == "chance", key != "uneven")
    # what chance explains wholly has no value to tell
    assert not re.search(r"100 (van|of) 100", text)


@pytest.mark.parametrize(("language", "told"), [("nl", "99,6 van 100"), ("en", "99.6 of 100")])
def test_an_r_indicator_just_below_one_is_not_told_as_100(edition, monkeypatch, language, told):
    monkeypatch.setattr(representation, "r_indicator", lambda response: RIndicator(0.9969, 0.81, 1.0, 0.99))
    text = representation.sentence(edition(2019, language=language), wave_of([50, 50, 20, 5], [99, 100, 40, 10])).text
    assert told in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_everybody_answered_there_is_nothing_to_compare_or_to_weigh(edition, language):
    one, census = edition(2019, language=language), wave_of([30, 20, 10, 5], [30, 20, 10, 5])
    assert representation.sentence(one, census).text == speak.say(language, "response_everybody")
    assert weighting.sentence(one, census).text == speak.say(language, "weights_census")


# who answered twice


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_took_part_before_is_counted_where_the_answers_are_there(edition, invented, sources, language):
    one = edition(2019, language=language, source="synthetic")
    table = response_of_waves.table(one, response_of_waves.responses(invented), invented)
    cells = {row[0]: row[-1] for row in table.texts}
    codes = {wave: set(invented.of(wave).responses["gemeentecode"]) for wave in (2015, 2017, 2019)}
    assert cells["2014"] == EMPTY
    for wave, before in ((2015, [2014]), (2017, [2014, 2015]), (2019, [2014, 2015, 2017])):
        counts = [invented.panel(earlier, wave).both for earlier in before]
        told = [f"{n} ({earlier})" for n, earlier in zip(counts, before, strict=True)]
        assert cells[str(wave)] == speak.listing(told, language)
    # fewer than the codes that answered both: mergers changed some
    assert invented.panel(2017, 2019).both < len(codes[2017] & codes[2019])
    assert speak.say(language, "response_panel_note") in table.notes
    assert table.why[-1].steps[-1].methods == ("A18",)


def test_of_published_waves_it_is_what_was_published_or_not_known(edition, sources):
    table = response_of_waves.table(edition(2019), response_of_waves.responses(sources), sources)
    unknown = speak.say("nl", "not_known")
    assert [row[-1] for row in table.texts] == [EMPTY, unknown, unknown, "ongeveer 134 (2017)", unknown]
    assert speak.say("nl", "response_panel_note") not in table.notes


def test_who_answered_twice_is_told_of_each_earlier_wave_with_answers(demo, invented):
    table = representation.panel_table(demo, invented)
    rows = {row[0]: [int(cell) for cell in row[1:]] for row in table.texts}
    assert list(rows) == ["2014", "2015", "2017"]
    assert all(sum(counts) == N for N, *counts in rows.values())
    assert rows["2017"][1] == len(invented.answers.panel(2017, 2019)[0]) == 129
    assert rows["2017"][0] == invented.answers.n_common(2017, 2019)
    ending = {"nl": "en 129 in 2017. Heringedeelde gemeenten", "en": "and 129 in 2017. Merged or split ones"}
    told = representation.panel_sentence(demo, invented).text
    assert ending[demo.language] in told
    # the 134 of the section's first sentence: the codes that answered both times
    codes = [set(invented.of(wave).responses["gemeentecode"]) for wave in (2017, 2019)]
    assert len(codes[0] & codes[1]) == demo.wave.overlap_with(2017) == 134
    changed = {"nl": "Van de 134 gemeenten die ook in 2017 meededen, veranderden er 5", "en": "134 municipalities that"}
    assert changed[demo.language] in told and " 5 " in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_beside_a_published_wave_it_is_not_known_unless_stated(mini, language):
    edition, sources = opened(mini, language)
    assert representation.panel_sentence(edition, sources).text == speak.say(language, "panel_unknown", baseline=2017)
    assert representation.panel_table(edition, sources) is None
    stated = open_edition(wave=2027, baseline=2019, language=language, start=mini.root)
    assert representation.panel_sentence(stated, sources) is None


# when they answered


DAYS = {
    "short": ({"2027-06-01": 20, "2027-06-03": 30, "2027-06-04": 16}, [("1", 20), ("2", 20), ("3", 50), ("4", 66)]),
    "long": ({"2027-06-01": 20, "2027-06-08": 30, "2027-06-16": 10}, [("7", 20), ("14", 50), ("16", 60)]),
}


def with_days(mini, days):
    text = "date,respondents\n" + "".join(f"{day},{n}\n" for day, n in days.items())
    (mini.raw / "2027" / "responses" / "fieldwork.csv").write_text(text, encoding="utf-8")
    return mini


@pytest.mark.parametrize("length", DAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_response_grows_by_day_or_by_week(mini, length, language):
    days, until = DAYS[length]
    edition, sources = opened(with_days(mini, days), language)
    table, chart = fieldwork.table(edition, sources), fieldwork.chart(edition, sources)
    assert [int(row[2]) for row in table.texts] == [n for _, n in until]
    assert [row[3] for row in table.texts] == [f"{n}%" for _, n in until]
    (line,) = chart.plot.lines
    assert [x for x, _ in line.points] == [0, *(int(day) for day, _ in until)]
    assert [y for _, y in line.points] == pytest.approx([0, *(n for _, n in until)])
    assert len(chart.plot.ticks) == len(chart.plot.tick_texts) <= 6 and chart.table == table.id
    assert until[-1][1] == sum(days.values()) and f"{until[-1][1]}%" in chart.alt


def test_a_week_is_told_from_its_first_to_its_last_day(mini):
    edition, sources = opened(with_days(mini, DAYS["long"][0]))
    periods = [row[0] for row in fieldwork.table(edition, sources).texts]
    assert periods == ["1 jun \u2013 7 juni 2027", "8 jun \u2013 14 juni 2027", "15 jun \u2013 16 juni 2027"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (DAYS["short"][0], "Van 1 juni 2027 tot en met 4 juni 2027 kwamen 66 antwoorden binnen; op 3 juni 2027 was"),
        ({"2027-06-01": 66}, "Alle 66 antwoorden kwamen binnen op 1 juni 2027."),
        ({"2027-06-01": 65}, "op 1 juni 2027. Van 1 gemeente is niet bekend wanneer zij antwoordde."),
        ({"2027-06-01": 1}, "Het enige antwoord kwam binnen op 1 juni 2027. Van 65 gemeenten"),
    ],
    ids=["days", "one day", "one missing", "one"],
)
def test_when_the_answers_came_in_is_told_in_a_sentence(mini, days, told):
    edition, sources = opened(with_days(mini, days))
    assert told in fieldwork.sentence(edition, sources).text
    # what came in on one day does not grow
    assert (
        (fieldwork.chart(edition, sources) is None) == (fieldwork.table(edition, sources) is None) == (len(days) == 1)
    )


@pytest.mark.parametrize("days", [None, {}], ids=["no file", "no days"])
def test_without_the_days_nothing_is_told_of_them(mini, days):
    edition, sources = opened(mini if days is None else with_days(mini, days))
    assert [fieldwork.sentence(edition, sources), fieldwork.chart(edition, sources)] == [None, None]
    assert fieldwork.table(edition, sources) is None


def test_real_days_are_no_part_of_invented_answers(mini):
    edition, sources = opened(with_days(mini, DAYS["short"][0]))
    answers_of = Sources(sources.published, replace(sources.answers, **invented_codes(sources.answers)))
    assert len(sources.days(2027)) == 3 and answers_of.days(2027).empty
    assert fieldwork.sentence(edition, answers_of) is None


def invented_codes(known):
    renamed = {
        name: getattr(known, name).replace(r"^GM(?=\d{4}$)", "SY", regex=True)
        for name in ("responses", "frames", "mergers")
    }
    return renamed | {"source": "synthetic"}


# weights


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_least_and_most_that_an_answer_counts_for_and_what_that_costs(edition, language):
    text = weighting.sentence(edition(2019, language=language), wave_of([10, 10, 10, 10], [20, 20, 20, 30])).text
    low, high = (speak.hundredths(weight, language) for weight in (2, 3))
    assert speak.say(language, "weights_range", lowest=low, highest=high) in text
    # by hand: 40 (30 x 4 + 10 x 9) / 90^2
    factor = 40 * 210 / 90**2
    cost = {"n": 40, "effective": 39, "factor": speak.hundredths(factor, language)}
    assert speak.say(language, "weights_kish", **cost) in text
    # and (sqrt 1.5 - 1)/(sqrt 1.5 + 1) is 0.1010
    assert text.endswith(speak.say(language, "weights_bound", points=11))


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_weights_cost_nothing(edition, language):
    text = weighting.sentence(edition(2019, language=language), wave_of([10] * 4, [20] * 4)).text
    assert text == speak.say(language, "weights_equal", lowest=speak.hundredths(2, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("empty", "n"), [([3], [10, 10, 10, 0]), ([2, 3], [10, 10, 0, 0])], ids=["one", "several"])
def test_a_class_that_nobody_answered_for_is_named(edition, language, empty, n):
    sources = wave_of(n, [20, 20, 20, 20])
    labels = [speak.say(language, "quoted", text=speak.say(language, f"size_{at}")) for at in empty]
    said = speak.say(language, "weights_empty", n=len(empty), listing=speak.listing(labels, language))
    one = edition(2019, language=language)
    assert weighting.sentence(one, sources).text.endswith(said)
    table = answers.response_table(one, sources)
    assert [row[4] for row in table.texts][empty[0] :] == [EMPTY] * len(empty)


def test_the_weights_are_those_of_the_design(invented, unprotected):
    free = unprotected(invented)
    weights = free.of(2019).weights().set_index("size_class")["weight"]
    design = free.of(2019).design
    of_rows = free.of(2019).responses["size_class"].map(weights).astype(float)
    assert np.allclose(of_rows, design.weights) and np.isclose(of_rows.sum(), 355)


def test_what_weighting_changes_is_the_weighted_share_minus_that_of_the_counts(invented, unprotected, edition):
    free, one = unprotected(invented), edition(2019, source="synthetic")
    table = weighting.effect(one, free).set_index("concept")
    responses = free.of(2019).responses
    for concept in (TEAM, *TASKS):
        answered = responses[concept].dropna().astype(float)
        assert table.loc[concept, "unweighted"] == pytest.approx(answered.mean(), rel=1e-12)
    assert table.loc["task_signalling", "weighted"] == pytest.approx(0.75315, abs=1e-5)
    assert np.allclose(table["difference"], table["weighted"] - table["unweighted"])


def test_of_what_is_protected_it_is_not_told_what_weighting_changes(demo, invented):
    assert weighting.effect(demo, invented).empty
    assert invented.of(2019).is_rounded(TEAM) and invented.of(2019).is_rounded(TASKS[0])
    # but how much it can be, for which it takes no answers
    assert weighting.sentence(demo, invented).text.endswith(speak.say(demo.language, "weights_bound", points=8))
    assert largest_change(invented.of(2019).design.weights) == pytest.approx(0.0777, abs=1e-4)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("protected", [(), ("task_signalling",), ("task_signalling", "shortfall_outreach")], ids=len)
def test_items_that_are_protected_are_left_out_and_counted(mini, monkeypatch, language, protected):
    monkeypatch.setattr(MicrodataWave, "disclosure", Disclosure(frozenset(protected)))
    edition, sources = opened(mini, language)
    asked = sources.of(2027).asked(list(edition.project.concepts))
    shares = weighting.effect(edition, sources)
    assert shares["concept"].tolist() == [concept for concept in asked if concept not in protected]
    table = weighting.effect_table(edition, sources, shares)
    left_out = speak.say(language, "weighting_left_out", n=len(protected))
    assert len(table.rows) == len(shares) and (left_out in table.notes) == bool(protected)


@pytest.mark.parametrize(
    ("weights", "most"), [([2, 2, 2], 0), ([1, 4], 1 / 3), ([1, 2, 1, 4], 1 / 3), ([1.2, 1.5], 0.0557)]
)
def test_no_share_moves_by_more_than_the_weights_allow(weights, most):
    assert largest_change(np.array(weights)) == pytest.approx(most, abs=1e-4)
    random = np.random.default_rng(5)
    for _ in range(50):
        of_each = np.repeat(weights, random.integers(1, 40, len(weights)))
        yes = random.random(len(of_each)) < random.random(len(of_each)) ** random.integers(1, 4)
        assert abs(np.average(yes, weights=of_each) - yes.mean()) <= largest_change(of_each) + 1e-12


@pytest.mark.parametrize(
    ("differences", "key"),
    [([0.004, -0.0049], "no"), ([0.004, -0.013], "most"), ([0.03, 0.01], "most")],
    ids=["none", "one point down", "three points up"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_share_that_weighting_changes_most_is_named(edition, language, differences, key):
    one = edition(2019, language=language)
    shares = pd.DataFrame({"concept": TASKS[:2], "unweighted": [0.5, 0.6], "difference": differences})
    shares["weighted"] = shares["unweighted"] + shares["difference"]
    most = int(np.argmax(np.abs(differences)))
    text = weighting.effect_sentence(one, shares).text
    assert (one.label(TASKS[most]) in text) == (key == "most")
    if key == "most":
        assert f"{round(abs(differences[most]) * 100)} " in text
        assert speak.whole_percent(shares["weighted"][most], language) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wave_that_is_not_weighed_says_so_and_has_no_column_of_weights(mini, language, unprotected):
    mini.replace("2027/wave.yml", "baseline: 2017", "baseline: 2017\nweighting: none")
    edition, sources = opened(mini, language)
    weight = speak.hundredths(100 / 66, language)
    assert weighting.sentence(edition, sources).text == speak.say(language, "weights_none", weight=weight)
    table = answers.response_table(edition, sources)
    assert len(table.columns) == 4 and table.notes == ()
    # what weighting would change is told all the same
    weighed = opened(mini.replace("2027/wave.yml", "weighting: none", "weighting: size_class") or mini, language)
    told = [weighting.effect(one, unprotected(of)) for one, of in ((edition, sources), weighed)]
    pd.testing.assert_frame_equal(*told)
    assert len(told[0]) == 7


def test_answers_of_one_real_wave_tell_what_those_of_the_demo_tell(edition, taken_in):
    real = edition(2019)
    sources = Sources(taken_in.published, replace(taken_in.answers))
    told = {what: block(real, sources) for what, block in BLOCKS.items() if not what.startswith("days")}
    # all items are protected, as having a team is
    assert [what for what, block in told.items() if block is None] == ["effect sentence", "effect"]
