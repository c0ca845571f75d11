"""What answers add to an edition, in words, tables and figures, in two languages."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wijkpeiling import language as speak
from wijkpeiling.charts.style import house_style
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.estimation.tables import rao_scott
from wijkpeiling.present import account, answers, audit, shares, trend
from wijkpeiling.present.blocks import EMPTY, PHONE, SVG, WIDE, Chart, Cover, Sentence, Table, marked, titled
from wijkpeiling.sources.edition import estimate, estimate_all_waves
from wijkpeiling.trend.answered import class_differences, item_differences, process_differences
from wijkpeiling.trend.changes import changes_against
from wijkpeiling.trend.conclusions import adjust

KINDS = ["task", "shortfall"]
LANGUAGES = ["nl", "en"]
MARKS = {"nl": "verzonnen antwoorden", "en": "invented answers"}
# an answer that is not there, in the words of each language
NOT_KNOWN = {"nl": "antwoorden per gemeente nodig", "en": "takes the answers of each municipality"}
DUTCH = re.compile(r"\b(?:het|een|van|gemeenten|inwoners|niet|antwoorden|punt)\b")
ENGLISH = re.compile(r"\b(?:the|and|municipalities|inhabitants|not|answers|points)\b")


@pytest.fixture(scope="module")
def of_kind(invented):
    """Shares by size class, overall, and pairs, of the concepts of a kind in 2019."""

    def concepts(kind):
        return [slug for slug, concept in invented.published.project.concepts.items() if concept.kind == kind]

    return {
        kind: (
            estimate(invented, 2019, concepts(kind), by="size_class"),
            estimate(invented, 2019, concepts(kind)),
            item_differences(invented, 2019, concepts(kind)),
        )
        for kind in KINDS
    }


@pytest.fixture(params=LANGUAGES)
def demo(request, edition):
    return edition(2019, language=request.param, source="synthetic")


@pytest.fixture(params=LANGUAGES)
def shown_demo(request, shown):
    """Everything that the notebooks of the demo show, in each language."""
    sections = shown(2019, None, request.param, "synthetic")
    return request.param, [block for blocks in sections.values() for block in blocks]


def texts(block):
    bundle = block.model_dump(mode="json")
    found = [bundle.get(key) or "" for key in ("text", "key", "title", "subtitle", "caption", "alt")]
    return found + bundle.get("notes", []) + [cell for row in getattr(block, "texts", ()) for cell in row]


def cells_of(table):
    """Cells by label of the row and of the column."""
    return {(row[0], name): cell for row in table.texts for name, cell in zip(table.columns[1:], row[1:], strict=True)}


# everything in the demo


def test_every_block_of_the_demo_carries_a_bundle_that_is_json(shown_demo):
    for block in shown_demo[1]:
        bundle = block.model_dump(mode="json")
        assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle


def test_no_text_of_the_demo_has_a_gap_a_missing_value_or_a_stray_space_in_it(shown_demo):
    found = [text for block in shown_demo[1] for text in texts(block)]
    assert [text for text in found if re.search(r"\bnan\b|<NA>|\bNone\b|[{}]|  |\s$|\s[.,;:]", text)] == []


def test_every_text_of_the_demo_is_in_its_language(shown_demo):
    language, blocks = shown_demo
    other = {"nl": ENGLISH, "en": DUTCH}[language]
    assert [text for block in blocks for text in texts(block) if other.search(text)] == []
    assert {block.language for block in blocks} == {language}


def test_every_table_and_figure_of_the_demo_says_that_answers_are_invented(shown_demo):
    language, blocks = shown_demo
    named = [block for block in blocks if isinstance(block, (Table, Chart))]
    assert len(named) > 20
    assert [block.id for block in named if not block.caption.endswith(f" ({MARKS[language]})")] == []
    assert [block.id for block in named if isinstance(block, Chart) and block.mark != MARKS[language]] == []
    (cover,) = [block for block in blocks if isinstance(block, Cover)]
    assert cover.source == "synthetic" and MARKS[language] in cover.subtitle


def test_no_table_of_the_demo_is_empty_and_every_row_is_as_wide_as_its_heading(shown_demo):
    tables = [block for block in shown_demo[1] if isinstance(block, Table)]
    assert [table.id for table in tables if not table.texts] == []
    assert [table.id for table in tables for row in table.texts if len(row) != len(table.columns)] == []


def test_the_demo_never_says_that_it_takes_answers(shown_demo):
    language, blocks = shown_demo
    assert [block.id for block in blocks if isinstance(block, Sentence) and NOT_KNOWN[language] in block.text] == []


def test_figures_of_the_demo_name_a_table_that_is_there(shown_demo):
    tables = {block.id for block in shown_demo[1] if isinstance(block, Table)}
    assert {block.table for block in shown_demo[1] if isinstance(block, Chart)} <= tables


@pytest.mark.parametrize("kind", KINDS)
def test_the_subtitle_of_a_figure_names_the_base_of_its_shares(demo, sources, edition, of_kind, kind):
    said = {"nl": "Aandeel van de gemeenten met een wijkteam dat", "en": "Share of municipalities with a team that"}
    assert shares.chart(demo, of_kind[kind][1], kind).subtitle.startswith(said[demo.language])
    # of a publication that leaves the base open, and of items over several bases
    real = edition(2019, language=demo.language)
    open_base = {"nl": "Aandeel van de gemeenten dat", "en": "Share of municipalities that"}[demo.language]
    assert shares.chart(real, estimate(sources, 2019, real.concepts(kind)), kind).subtitle.startswith(open_base)
    mixed = of_kind[kind][1].assign(base=lambda table: ["respondents", *table["base"].iloc[1:]])
    assert shares.chart(demo, mixed, kind).subtitle.startswith(open_base)


def test_every_table_of_rounded_shares_says_that_they_are(shown_demo):
    tables = {block.id: block for block in shown_demo[1] if isinstance(block, Table)}
    said = [speak.say(language, "rounded_note") for language in LANGUAGES]
    rounded = ["table_shortfall", "table_task", "table_trend", "table_bounds", "table_task_sensitivity"]
    assert [name for name in rounded if not set(said) & set(tables[name].notes)] == []


def test_without_the_test_of_the_line_no_change_per_year_is_told(shown_demo):
    (told,) = [block.text for block in shown_demo[1] if getattr(block, "id", "") == "slope"]
    assert told.startswith(("Een verandering per jaar geven we niet.", "No change per year is given."))
    assert re.findall(r"\d+", told) == ["2014", "2019"]


def test_an_open_mark_is_explained_where_there_is_one(demo, invented, sources, edition):
    said = speak.say(demo.language, "trend_reading_open")
    teams = [estimate_all_waves(of, "has_wijkteam") for of in (invented, sources)]
    readings = [trend.chart(one, of).reading for one, of in zip((demo, edition(2019)), teams, strict=True)]
    assert said not in readings[0] and speak.say("nl", "trend_reading_open") in readings[1]


# by size class


@pytest.mark.parametrize("kind", KINDS)
def test_shares_by_size_stand_in_a_row_for_each_item_and_a_column_for_each_class(demo, of_kind, kind):
    by_size = of_kind[kind][0]
    table = answers.size_table(demo, by_size, kind)
    labels = [speak.say(demo.language, f"size_{place}") for place in range(4)]
    assert table.columns == (speak.say(demo.language, "concept_column"), *labels)
    shown = by_size.loc[by_size["share"].notna(), "concept"].unique()
    assert [row[0] for row in table.texts] == [speak.sentence_case(demo.label(concept)) for concept in shown]
    found = cells_of(table)
    for row in by_size[by_size["concept"].isin(shown)].itertuples():
        cell = found[speak.sentence_case(demo.label(row.concept)), labels[SIZE_CLASSES.index(row.domain_value)]]
        if row.is_suppressed:
            assert cell == EMPTY
        else:
            # over a base that is an answer, an interval would tell its size
            assert cell == f"{speak.whole(row.share)}%" and pd.isna(row.ci_low)


def test_some_cells_of_the_demo_are_withheld_and_some_are_not(of_kind):
    assert set(of_kind["task"][0]["is_suppressed"]) == {True, False}


@pytest.mark.parametrize("kind", KINDS)
def test_items_of_which_no_class_is_told_are_named_in_one_note_and_stay_in_the_data(demo, of_kind, kind):
    by_size = of_kind[kind][0]
    table = answers.size_table(demo, by_size, kind)
    told = by_size.groupby("concept", sort=False)["share"].count()
    labels = [demo.label(concept) for concept in told.index[told == 0]]
    note = speak.say(demo.language, "size_withheld_items", labels=speak.listing(labels, demo.language))
    assert (note in table.notes) == bool(labels) == (kind == "task")
    # no dash is left to explain
    assert speak.say(demo.language, "size_withheld_note") not in table.notes
    assert len(table.records) == len(by_size) and [row for row in table.texts if set(row[1:]) == {EMPTY}] == []


def with_one_withheld(by_size):
    """The shares with one class withheld of an item of which classes are told."""
    place = by_size.index[by_size["share"].notna()][0]
    numbers = ["count", "share", "se", "ci_low", "ci_high", "df", "deff", "worst_low", "worst_high"]
    withheld = by_size.copy()
    withheld.loc[place, numbers] = pd.NA
    withheld.loc[place, "is_suppressed"] = True
    return withheld


@pytest.mark.parametrize("kind", KINDS)
def test_a_withheld_cell_is_a_dash_in_table_figure_words_and_data_alike(demo, of_kind, axis_of, kind):
    by_size = with_one_withheld(of_kind[kind][0])
    n_withheld = int(by_size["is_suppressed"].sum())
    is_told = by_size.groupby("concept")["share"].transform(lambda shares: shares.notna().any())
    table, figure = answers.size_table(demo, by_size, kind), answers.size_chart(demo, by_size, kind)
    axis = axis_of(figure)
    drawn = [text.get_text() for text in axis.texts if text.get_text().endswith(("%", EMPTY))]
    assert n_withheld > 0
    assert [cell for row in table.texts for cell in row].count(EMPTY) == by_size.loc[is_told, "is_suppressed"].sum()
    # an item of which nothing is told is left to a note
    assert drawn.count(EMPTY) == int(by_size.loc[is_told, "is_suppressed"].sum()) and len(drawn) == is_told.sum()
    assert [row.share for row in figure.plot.rows].count(None) == drawn.count(EMPTY)
    assert [row for row in figure.plot.rows if row.share is None and (row.low, row.high) != (None, None)] == []
    assert [record["is_suppressed"] for record in table.records].count(True) == n_withheld
    numbers = ("count", "share", "se", "ci_low", "ci_high", "df", "deff", "worst_low", "worst_high")
    withheld = [record for record in table.records if record["is_suppressed"]]
    assert [record[name] for record in withheld for name in numbers if record[name] is not None] == []


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_show_the_numbers_of_the_table_in_their_places(demo, of_kind, axis_of, kind, width):
    by_size = of_kind[kind][0]
    table, figure = answers.size_table(demo, by_size, kind), answers.size_chart(demo, by_size, kind)
    rows = iter(figure.plot.rows)
    for head, *cells in table.texts:
        drawn = [next(rows) for _ in cells]
        assert [(row.group, row.label) for row in drawn] == [(head, name) for name in table.columns[1:]]
        assert [row.text for row in drawn] == [cell.split(" ")[0] for cell in cells]
    assert list(rows) == []
    texts = [text.get_text() for text in axis_of(figure, width).texts]
    per_row = [text for row in figure.plot.rows for text in (row.text, row.label)]
    # a head that is too wide for a phone goes on below
    heads = [text for text in texts if text not in per_row]
    assert [text for text in texts if text in per_row] == per_row
    assert " ".join(heads) == " ".join(row[0] for row in table.texts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_share_of_all_is_a_line_through_the_classes_of_its_item(demo, of_kind, axis_of, kind):
    by_size = of_kind[kind][0]
    concept = by_size.loc[by_size["share"].notna(), "concept"].iloc[0]
    of_all = pd.DataFrame({"concept": [concept, concept], "share": [0.61, 0.61]})
    figure = answers.size_chart(demo, by_size, kind, of_all=of_all)
    label = speak.sentence_case(demo.label(concept))
    assert {row.group for row in figure.plot.rows if row.whole == 0.61} == {label}
    assert {row.whole for row in figure.plot.rows if row.group != label} <= {None}
    lines = [path.vertices for one in axis_of(figure).collections for path in one.get_paths()]
    assert [line for line in lines if len(line) == 2 and set(line[:, 0]) == {0.61}] != []
    said = speak.say(demo.language, "size_reading_all")
    assert said in figure.reading and said not in answers.size_chart(demo, by_size, kind).reading


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_for_the_grid_tell_where_classes_lie_farthest_apart(demo, of_kind, kind):
    by_size = of_kind[kind][0]
    figure = answers.size_chart(demo, by_size, kind)
    shares = by_size.groupby("concept")["share"]
    spread = (shares.max() - shares.min()).astype(float)
    concept = next(name for name in by_size["concept"] if spread[name] == spread.max())
    ends = [speak.whole(end) for end in (shares.min()[concept], shares.max()[concept])]
    assert demo.label(concept) in figure.alt and re.findall(r"\d+", figure.alt) == ends
    assert figure.table == answers.size_table(demo, by_size, kind).id


def differences(*is_certain, p=0.012):
    """What was tested of tasks: the first is certain or not, and so on."""
    concepts = ["task_case_management", "task_signalling", "task_short_term_support"][: len(is_certain)]
    table = pd.DataFrame({"concept": concepts, "is_certain": is_certain, "family_size": len(concepts)})
    return table.assign(p_value=p, p_adjusted=p, is_protected=False, n_asked=len(concepts))


@pytest.mark.parametrize(
    ("certain", "dutch", "english"),
    [
        ((), None, None),
        (
            (False, False),
            "Bij de getoetste taken (2) is geen verschil tussen grote en kleine gemeenten aangetoond.",
            "For the tasks tested (2), no difference between large and small municipalities was demonstrated.",
        ),
        (
            (True, False),
            "Van 2 getoetste taken is er 1 waarbij grote en kleine gemeenten aantoonbaar verschillen: casusregie.",
            "Of 2 tasks tested there is 1 on which large and small municipalities demonstrably differ: "
            "case coordination.",
        ),
        (
            (True, True, False),
            "Van 3 getoetste taken zijn er 2 waarbij grote en kleine gemeenten aantoonbaar verschillen: casusregie en "
            "signaleren.",
            "Of 3 tasks tested there are 2 on which large and small municipalities demonstrably differ: case "
            "coordination and spotting problems.",
        ),
    ],
)
def test_whether_classes_differ_is_told_as_tested(edition, of_kind, certain, dutch, english):
    some = of_kind["task"][0]
    titles = {
        (): {"nl": "Taken van het wijkteam naar grootte van de gemeente, 2019"},
        (False, False): {"nl": "Tussen grote en kleine gemeenten is geen verschil aangetoond"},
        (True, False): {"nl": "Grote en kleine gemeenten verschillen aantoonbaar bij casusregie"},
        (True, True, False): {"nl": "Grote en kleine gemeenten verschillen aantoonbaar bij casusregie en signaleren"},
    }[certain] | {
        "en": {
            (): "Tasks of the team by size of the municipality, 2019",
            (False, False): "No difference between large and small municipalities was demonstrated",
            (True, False): "Large and small municipalities demonstrably differ on case coordination",
            (
                True,
                True,
                False,
            ): "Large and small municipalities demonstrably differ on case coordination and spotting problems",
        }[certain]
    }
    for language, expected in (("nl", dutch), ("en", english)):
        told = answers.size_sentence(edition(2019, language=language), differences(*certain), "task")
        assert (told and told.text) == expected
        figure = answers.size_chart(edition(2019, language=language), some, "task", differences(*certain))
        assert figure.caption == titles[language]
        assert (figure.subtitle is None) == (certain == ())
        # only a difference is news
        assert (told and told.key) == (expected if any(certain) else None)


@pytest.mark.parametrize(
    ("p", "dutch"), [(0.012, ["aangetoond (p = 0,012)", EMPTY]), (float("nan"), ["aangetoond", EMPTY])]
)
def test_the_table_by_size_says_of_each_item_whether_classes_differ(edition, of_kind, p, dutch):
    by_size = of_kind["task"][0].query("concept in ['task_case_management', 'task_plan_with_client']")
    table = answers.size_table(edition(2019), by_size, "task", differences(True, p=p))
    assert table.columns[-1] == "Verschillen de klassen?"
    assert [row[-1] for row in table.texts] == dutch
    assert sum("Rao en Scott" in note for note in table.notes) == 1


@pytest.mark.parametrize("wave", [2015, 2017, 2019])
def test_what_is_protected_is_not_tested_by_class_and_the_sentence_says_so(invented, edition, wave):
    for kind, many in {"task": "taken", "shortfall": "tekorten"}.items():
        concepts = invented.of(wave).asked(edition(2019).concepts(kind))
        protected = [name for name in concepts if invented.of(wave).is_rounded(name)]
        assert [invented.of(wave).class_test(name) for name in protected] == [None] * len(protected)
        tested = class_differences(invented, wave, concepts)
        assert tested.loc[tested["is_protected"], "concept"].tolist() == protected
        assert tested.loc[tested["is_protected"], ["p_value", "p_adjusted"]].isna().all(axis=None)
        assert set(tested["family_size"]) <= {(~tested["is_protected"]).sum()}
        # over the base of a team all are protected: one sentence, whatever the answers were
        if protected:
            told = answers.size_sentence(edition(2019), tested, kind)
            assert told.text.startswith(f"Bij geen van de {len(protected)} {many} is getoetst") and told.key is None


@pytest.mark.parametrize(
    ("n_asked", "n_protected", "dutch", "english"),
    [
        (1, 1, "Bij de enige taak is niet getoetst of", "For the only task it was not tested whether"),
        (3, 3, "Bij geen van de 3 taken is getoetst of", "For none of the 3 tasks was it tested whether"),
        # the third was not tested for another reason
        (3, 2, "Bij 2 taken is niet getoetst of", "For 2 tasks it was not tested whether"),
        (3, 1, "Bij 1 taak is niet getoetst of", "For 1 task it was not tested whether"),
    ],
)
def test_that_no_item_was_tested_is_not_told_as_some(edition, n_asked, n_protected, dutch, english):
    table = differences(*[False] * n_protected, p=float("nan")).assign(is_protected=True, n_asked=n_asked)
    for language, begin in (("nl", dutch), ("en", english)):
        assert answers.size_sentence(edition(2019, language=language), table, "task").text.startswith(begin)


def test_a_figure_of_classes_that_were_not_tested_says_so(edition, of_kind):
    said = speak.say("nl", "size_reading_untested")
    for tested, is_said in ((differences(True), False), (differences(False).assign(is_protected=True), True)):
        reading = answers.size_chart(edition(2019), of_kind["task"][0], "task", tested).reading
        assert (said in reading) == is_said


def test_what_is_protected_is_in_no_family_and_beside_what_is_tested_it_is_left_out(edition):
    table = differences(True, False, p=0.01).assign(is_protected=[False, True])
    told = answers.size_sentence(edition(2019), table, "task")
    assert (
        told.key
        == "Van 1 getoetste taken is er 1 waarbij grote en kleine gemeenten aantoonbaar verschillen: casusregie."
    )
    assert told.text.removeprefix(told.key).startswith(" Bij 1 taak is niet getoetst")


def test_the_test_by_class_is_rao_scotts_with_holms_correction(invented, unprotected):
    sources = unprotected(invented)
    concepts = ["task_signalling", "task_short_term_support", "shortfall_outreach", "shortfall_preventive_work"]
    tested = class_differences(sources, 2019, concepts).set_index("concept")
    wave = sources.of(2019)
    known = {name: rao_scott(wave.design, wave.responses["size_class"], wave.responses[name]) for name in concepts}
    # a class in which fewer than five yeses or noes are expected is not tested
    small = [name for name, one in known.items() if (one.table.sum(axis=1).min() * one.table.sum().min() * one.n) < 5]
    assert small and set(tested.index) == set(concepts) - set(small)
    p = {name: known[name].p_value for name in tested.index}
    assert tested["p_value"].to_dict() == p
    assert tested["p_adjusted"].tolist() == adjust(list(p.values())).tolist()


def test_published_figures_are_tested_by_no_class(sources):
    assert class_differences(sources, 2019, ["task_signalling"]).empty


@pytest.mark.parametrize("kind", KINDS)
def test_tables_and_words_without_a_column_for_the_base_name_it(demo, invented, of_kind, kind):
    by_size, shares, _ = of_kind[kind]
    base = invented.published.project.bases["with_team"][demo.language]
    told = [
        answers.size_table(demo, by_size, kind).notes[0],
        answers.sensitivity_table(demo, invented, shares, kind).notes[0],
    ]
    assert [text for text in told if not text.endswith(f" {base}.")] == []


def test_a_number_that_is_not_shown_has_no_note_on_about(demo, invented, of_kind):
    notes = shares.table(demo, invented, of_kind["task"][1], "task").notes
    assert speak.say(demo.language, "rounded_note") in notes
    assert speak.say(demo.language, "note_with_team") not in notes


def test_a_change_from_answers_names_its_base_beside_what_was_assumed(demo, invented):
    since = changes_against(invented, 2017, [2019], ["task_signalling", "has_wijkteam"], demo.language)
    task, team = since.set_index("concept").loc[["task_signalling", "has_wijkteam"], "reason"]
    over = {
        slug: speak.say(demo.language, "compared_over", base=base[demo.language])
        for slug, base in invented.published.project.bases.items()
    }
    assert task == f"{over['with_team']}; {speak.say(demo.language, 'assumed_level', wave=2017)}"
    assert team == over["respondents"]


def test_there_is_no_chart_of_withheld_cells_only(edition, of_kind):
    nothing = pd.array([pd.NA] * len(of_kind["task"][0]), dtype="Float64")
    by_size = of_kind["task"][0].assign(share=nothing, ci_low=nothing, ci_high=nothing)
    assert answers.size_chart(edition(2019, source="synthetic"), by_size, "task") is None
    table = answers.size_table(edition(2019, source="synthetic"), by_size, "task")
    assert {cell for row in table.texts for cell in row[1:]} == {EMPTY}


def test_a_class_without_a_row_is_a_dash(edition, of_kind):
    without = of_kind["task"][0].query("domain_value != '>=100k'")
    table = answers.size_table(edition(2019, source="synthetic"), without, "task")
    assert {row[-1] for row in table.texts} == {EMPTY} and len(table.columns) == 5


def test_the_chart_drawn_twice_is_the_same_to_the_byte_and_carries_its_mark(demo, of_kind):
    figure = answers.size_chart(demo, of_kind["task"][0], "task")
    once = figure.drawings(house_style())
    assert once == figure.drawings(house_style()) and once.wide == figure._repr_mimebundle_()[SVG]
    mark = speak.sentence_case(MARKS[demo.language])
    assert once.wide.count(f"<!-- {mark} -->") == once.phone.count(f"<!-- {mark} -->") == 1
    assert f"<!-- {mark} -->" not in figure.model_copy(update={"mark": None}).drawings(house_style()).wide


# pairs of items, those that did not answer, the process


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_are_told_by_how_many_differ_for_certain(demo, of_kind, kind):
    pairs = of_kind[kind][2]
    text = answers.pairs_sentence(demo, pairs, kind).text
    n_withheld = pairs["is_withheld"].sum()
    assert [int(number) for number in re.findall(r"\d+", text)] == [pairs["is_certain"].sum(), len(pairs), n_withheld]
    assert 0 < pairs["is_certain"].sum() < len(pairs)


CONCLUDED = {
    "nl": {(True, False): "Aangetoond", (False, True): "Niet getoond", (False, False): "Niet aangetoond"},
    "en": {(True, False): "Demonstrated", (False, True): "Withheld", (False, False): "Not demonstrated"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_pair_stands_in_the_table_with_its_difference_interval_and_test(demo, of_kind, kind):
    pairs = of_kind[kind][2]
    table = answers.pairs_table(demo, pairs, kind)
    for row, pair in zip(table.texts, pairs.itertuples(), strict=True):
        assert row[0].startswith(speak.sentence_case(demo.label(pair.higher)))
        assert row[0].endswith(demo.label(pair.lower))
        assert row[1:] == (
            speak.points(pair.difference),
            speak.points_range(pair.ci_low, pair.ci_high, demo.language),
            CONCLUDED[demo.language][pair.is_certain, pair.is_withheld],
        )
    # without p-values, which would tell on answers, there is no column of them
    assert [heading[:2] for heading in table.columns if heading.startswith("p ")] == []
    assert speak.say(demo.language, "rounded_conclusion_note") in table.notes
    assert table.columns[-1] == speak.say(demo.language, "conclusion_column")
    assert {row[-1] for row in table.texts} == set(CONCLUDED[demo.language].values())
    assert str(len(pairs)) in table.notes[1]


@pytest.fixture(scope="module")
def a_dozen_and_one_more(of_many_items):
    return [item_differences(source, 2019, source.concepts) for source in (of_many_items(12), of_many_items(13))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_dozen_items_are_told_by_pairs_and_one_more_by_the_highest(demo, a_dozen_and_one_more, kind):
    dozen, more = a_dozen_and_one_more
    highest = demo.label(more["higher"].iloc[0])
    told = [answers.pairs_sentence(demo, pairs, kind).text for pairs in (dozen, more)]
    assert highest not in told[0] and highest in told[1]
    numbers = [list(map(int, re.findall(r"\d+", text))) for text in told]
    assert numbers == [[dozen["is_certain"].sum(), 66], [more["is_certain"].sum(), 12]]
    notes = [" ".join(answers.pairs_table(demo, pairs, kind).notes) for pairs in (dozen, more)]
    assert [set(re.findall(r"\d+", text)) for text in notes] == [{"66"}, {"78"}]
    rows = answers.pairs_table(demo, more, kind).texts
    assert len(rows) == 12 and all(row[0].startswith(speak.sentence_case(highest)) for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_share_moves_by_the_part_that_kept_silent(demo, invented, of_kind, kind):
    shares = of_kind[kind][1]
    table = answers.sensitivity_table(demo, invented, shares, kind)
    assert len(table.columns) == 6 and len(table.texts) == len(shares)
    # the base is not told: the part that did not answer is that of the wave
    unobserved = 1 - 212 / 355
    for row, share in zip(table.texts, shares.itertuples(), strict=True):
        moved = [min(max(share.share + difference, 0), 1) - share.share for difference in (-0.2, -0.1, 0, 0.1, 0.2)]
        assert row[1:] == tuple(f"{speak.whole(share.share + unobserved * by)}%" for by in moved)
        # as those that answered, in the middle
        assert row[3] == f"{speak.whole(share.share)}%"


def test_the_differences_of_those_that_kept_silent_head_their_columns(demo, invented, of_kind):
    columns = answers.sensitivity_table(demo, invented, of_kind["task"][1], "task").columns
    assert [re.search(r"[+\u2212]?\d+", name)[0] for name in columns[1:]] == ["\u221220", "\u221210", "0", "+10", "+20"]


def test_a_period_without_an_interval_is_told_without_one(demo, invented, unprotected):
    responses = invented.answers.responses.copy()
    responses.loc[responses["wave"] == 2015, "has_wijkteam"] = True
    sources = unprotected(replace(invented, answers=replace(invented.answers, responses=responses)))
    rows = {row[0]: row[1:] for row in answers.process_table(demo, sources, "has_wijkteam").texts}
    assert rows["2015\u20132017"][1:] == (EMPTY, EMPTY) and rows["2015\u20132017"][0].startswith("\u2212")
    assert EMPTY not in rows["2014\u20132017"] + rows["2017\u20132019"]


def test_the_process_is_told_by_period_the_later_year_minus_the_earlier(demo, invented):
    table = answers.process_table(demo, invented, "has_wijkteam")
    assert [row[0] for row in table.texts] == ["2014–2017", "2015–2017", "2017–2019"]
    for row, known in zip(table.texts, process_differences(invented, 2017, "has_wijkteam").itertuples(), strict=True):
        assert row[1:] == (
            speak.points(known.difference),
            speak.points_range(known.ci_low, known.ci_high, demo.language),
        )
    assert table.texts[0][1].startswith("+")


# who answered, and what was assumed


def test_the_response_of_each_class_adds_up_to_that_of_the_wave(demo, invented):
    table = answers.response_table(demo, invented)
    numbers = np.array([[int(cell) for cell in row[1:3]] for row in table.texts])
    assert numbers.sum(axis=0).tolist() == [355, 212]
    assert [row[3] for row in table.texts] == [f"{speak.whole(n / N)}%" for N, n in numbers]
    assert [row[0] for row in table.texts] == [speak.say(demo.language, f"size_{place}") for place in range(4)]
    assert [row[4] for row in table.texts] == [speak.hundredths(N / n, demo.language) for N, n in numbers]


def test_every_assumed_level_is_listed_with_its_reason(demo, invented):
    table = account.assumed_table(demo, invented)
    levels = invented.assumptions[2017]
    assert len(table.texts) == len(levels) == 10
    for row, (concept, level) in zip(table.texts, levels.items(), strict=True):
        assert row == (
            speak.sentence_case(demo.label(concept)),
            "2017",
            f"{level.pct}%",
            level.reason[demo.language],
        )


def test_a_level_that_is_not_used_is_not_listed(demo, invented):
    without = replace(invented.answers, assumed=frozenset({(2017, "task_signalling")}))
    table = account.assumed_table(demo, type(invented)(invented.published, without))
    assert [row[0] for row in table.texts] == [speak.sentence_case(demo.label("task_signalling"))]


# editions of other sources


@pytest.mark.parametrize("language", LANGUAGES)
def test_published_figures_alone_show_nothing_of_what_takes_answers(edition, sources, language):
    real = edition(2019, language=language)
    nothing = estimate(sources, 2019, real.concepts("task"), by="size_class")
    pairs = item_differences(sources, 2019, real.concepts("task"))
    told = [
        answers.response_table(real, sources),
        answers.size_sentence(real, class_differences(sources, 2019, real.concepts("task")), "task"),
        answers.size_table(real, nothing, "task"),
        answers.size_chart(real, nothing, "task"),
        answers.pairs_sentence(real, pairs, "task"),
        answers.pairs_table(real, pairs, "task"),
        answers.sensitivity_table(real, sources, estimate(sources, 2019, real.concepts("task")), "task"),
        answers.process_table(real, sources, "has_wijkteam"),
    ]
    assert set(told) == {None}


@pytest.mark.parametrize("source", ["published", "taken_in"])
def test_only_invented_answers_are_assumed(edition, request, source):
    sources = request.getfixturevalue({"published": "sources"}.get(source, source))
    assert account.assumed_table(edition(2019), sources) is None


def test_only_what_is_invented_is_marked(edition):
    real, demo = edition(2019), edition(2019, source="synthetic")
    assert marked(real) is None and marked(demo) == MARKS["nl"]
    assert titled(demo, "trend_caption") == f"{titled(real, 'trend_caption')} ({MARKS['nl']})"
    assert titled(real, "trend_caption") == speak.say("nl", "trend_caption")


def test_published_figures_are_not_audited_in_the_demo(demo, invented):
    assert audit.verdicts(demo, invented) is None
    assert (audit.disputed_table(demo, None), audit.table(demo, None), audit.chart(demo, None)) == (None,) * 3
    sentence = audit.sentence(demo, None)
    assert sentence.key is None and not re.search(r"\d", sentence.text)


def test_answers_taken_in_are_shown_as_such(edition, taken_in, of_kind):
    real = replace(edition(2019), source="microdata")
    concepts = real.concepts("task")
    table = answers.size_table(real, estimate(taken_in, 2019, concepts, by="size_class"), "task")
    invented = answers.size_table(edition(2019, source="synthetic"), of_kind["task"][0], "task")
    assert table.texts == invented.texts
    assert MARKS["nl"] not in table.caption and {record["source"] for record in table.records} == {"microdata"}


# what is protected


def numbers_in(part):
    """Every number of a chart that is no whole number."""
    if isinstance(part, dict):
        return [number for inner in part.values() for number in numbers_in(inner)]
    if isinstance(part, (list, tuple)):
        return [number for inner in part for number in numbers_in(inner)]
    return [part] if isinstance(part, float) else []


def test_nothing_that_the_demo_holds_tells_a_protected_concept_more_precisely_than_whole_percents(shown_demo, invented):
    waves = {wave: invented.of(wave).disclosure for wave in invented.waves}
    assert "has_wijkteam" in waves[2019].protected and waves[2019].bases == {"with_team"}
    records = [
        record
        for block in shown_demo[1]
        for record in getattr(block, "records", [])
        if {"concept", "lower", "difference"} & set(record) or block.id == "table_process"
    ]
    assert len(records) > 90
    told = [
        (name, value)
        for record in records
        for name, value in record.items()
        if isinstance(value, float) and not np.isnan(value) and name != "level"
    ]
    assert len(told) > 250
    assert [(name, value) for name, value in told if abs(value * 100 - round(value * 100)) > 1e-9] == []
    drawn = [
        number for block in shown_demo[1] if isinstance(block, Chart) for number in numbers_in(block.plot.model_dump())
    ]
    tabled = [
        number
        for block in shown_demo[1]
        if isinstance(block, Table) and "table_response" not in block.id
        for row in block.rows
        for cell in row
        if cell.value is not None and cell.format != "count"
        for number in np.atleast_1d(cell.value)
    ]
    assert len(drawn) > 60 and len(tabled) > 200
    assert [number for number in drawn + tabled if abs(number * 100 - round(number * 100)) > 1e-9] == []
    hidden = ("count", "se", "df", "deff", "p_value", "p_adjusted", "differences_se")
    assert [record for record in records for name in hidden if pd.notna(record.get(name))] == []
    over = [record for record in records if record.get("concept") != "has_wijkteam" and "concept" in record]
    assert [record for record in over for name in ("n", "N") if pd.notna(record.get(name))] == []
