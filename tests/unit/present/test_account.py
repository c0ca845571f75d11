"""The account of an edition, and what was published beside its tasks and shortfalls."""

import re

import pytest

from wijkpeiling import language as speak
from wijkpeiling.present import account, found, response, shares
from wijkpeiling.present.blocks import EMPTY, Sentence, Table
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import Sources, estimate, read_sources
from wijkpeiling.trend.changes import changes_against

LANGUAGES = ["nl", "en"]
# what 2019 has on other items than tasks and shortfalls
ORGANISED = {
    "team": {
        "nl": "In 2019 had 46 procent van de gemeenten een breed wijkteam voor alle hulpvragen "
        "(waarschijnlijk 41 tot 51 procent). Verder had 23 procent een team per doelgroep of domein "
        "en had 10 procent een breed team voor alleen complexe hulpvragen.",
        "en": "In 2019, 46 percent of municipalities had a broad team for all requests for help "
        "(probably 41 to 51 percent). Also, 23 percent had teams by target group or domain "
        "and 10 percent had a broad team for complex requests only.",
    },
    "goal": {
        "nl": "In 2019 droeg het wijkteam volgens ongeveer twee derde van de gemeenten bij aan de transitiedoelen.",
        "en": "In 2019, about two thirds of municipalities said that the team contributed to the transition goals.",
    },
}


def named(sections, name):
    return next((block for blocks in sections.values() for block in blocks if getattr(block, "id", None) == name), None)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nl",
            "De percentages hier komen uit publicaties over de peiling. De antwoorden per gemeente zijn niet gevonden.",
        ),
        (
            "en",
            "The percentages here come from publications on the survey. The answers of each municipality were not "
            "found.",
        ),
    ],
)
def test_what_the_percentages_come_from_is_told(edition, sources, language, told):
    assert account.origin(edition(2019, language=language), sources).text == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_filled_in_the_questionnaire_is_told_to_be_unknown(edition, sources, invented, language):
    told = response.respondent_sentence(edition(2019, language=language), sources)
    assert told.text == speak.say(language, "respondent_unknown")
    assert response.respondent_sentence(edition(2019, language=language, source="synthetic"), invented) is None


@pytest.mark.parametrize("wave", [2014, 2015, 2017, 2019, 2022])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_without_a_publication_is_not_told(edition, sources, language, wave):
    assert response.largest_sentence(edition(wave, language=language), sources) is None


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "Van de allergrootste gemeenten deden mee: 3 van de 4 in 2019. Bron: Een rapport."),
        ("en", "Of the very largest municipalities, these took part: 3 of the 4 in 2019. Source: A report."),
    ],
)
def test_how_many_of_the_largest_took_part_is_told_with_its_publication(copy, language, told):
    path = copy.raw / "2019" / "wave.yml"
    found, replaced = re.subn(r"source: null.*", "source: {nl: Een rapport, en: A report.}", path.read_text("utf-8"))
    path.write_text(found, "utf-8")
    opened = open_edition(wave=2019, language=language, start=copy.root)
    assert replaced == 1 and response.largest_sentence(opened, read_sources(opened)).text == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_invented_answers_were_held_by_nobody(edition, invented, language):
    told = account.origin(edition(2019, language=language, source="synthetic"), invented).text
    assert told == speak.say(language, "origin_synthetic") and "Movisie" not in told


@pytest.mark.parametrize(
    ("language", "example"),
    [
        (
            "nl",
            "Bij preventief werken en vroegsignalering (59 procent) loopt het interval van 54 tot 64 procent; "
            "de uiterste grenzen zijn 32 en 78 procent.",
        ),
        (
            "en",
            "For preventive work and early detection (59 percent) the interval runs from 54 to 64 percent; "
            "the worst-case bounds are 32 and 78 percent.",
        ),
    ],
)
def test_which_bounds_to_believe_is_told_with_an_example(shown, language, example):
    text = named(shown(2019, None, language), "bounds").text
    # each of the two says for whom it is
    assert all(speak.say(language, key) in text for key in ("bounds_interval", "bounds_worst"))
    assert text.endswith(example)


def test_every_percentage_of_the_wave_stands_once_between_its_bounds(shown):
    table = named(shown(2019, None, "nl"), "table_bounds")
    assert len(table.texts) == len({row[0] for row in table.texts}) == 11
    for row in table.rows:
        share, (low, high), (least, most) = (cell.value for cell in row[1:])
        assert least <= low <= share <= high <= most
    assert table.notes[0].count("(") == 2 and table.notes[1].startswith("Werkt met een wijkteam: over alle gemeenten")


@pytest.mark.parametrize(
    ("language", "alt"),
    [
        (
            "nl",
            "Bij preventief werken en vroegsignalering loopt het interval van 54 tot 64 procent; "
            "de uiterste grenzen zijn 32 en 78 procent.",
        ),
        (
            "en",
            "For preventive work and early detection the interval runs from 54 to 64 percent; "
            "the worst-case bounds are 32 and 78 percent.",
        ),
    ],
)
def test_the_chart_of_bounds_has_the_items_of_the_news_with_both(edition, sources, shown, language, alt):
    figure = named(shown(2019, None, language), "figure_bounds")
    table = named(shown(2019, None, language), "table_bounds")
    cells = {row[0].text: [cell.value for cell in row[1:]] for row in table.rows}
    assert len(figure.plot.rows) == 4 and figure.alt == alt
    # from which a figure says where its numbers were published
    assert {"shortfall_preventive_work", "shortfall_outreach"} <= {record["concept"] for record in table.records}
    for row in figure.plot.rows:
        assert [row.share, (row.low, row.high), (row.bounds_low, row.bounds_high)] == cells[row.label]
    opened = edition(2019, language=language)
    known = estimate(sources, 2019, opened.concepts("shortfall"))
    assert figure.caption == speak.say(language, "bounds_claim")
    near = account.bounds_chart(opened, [known.assign(worst_low=known["ci_low"], worst_high=known["ci_high"])])
    assert near.caption == speak.say(language, "bounds_figure", wave=2019) and near.subtitle is None


def test_bounds_are_left_out_where_no_percentage_has_an_interval(edition, sources):
    nothing = estimate(sources, 2022, ["has_wijkteam"])
    assert account.bounds_sentence(edition(2022), [nothing]) is None
    assert account.bounds_table(edition(2022), [nothing]) is None
    assert account.bounds_chart(edition(2022), [nothing]) is None


# what each edition cannot tell: keys of sentences, and whether answers are among them
LIMITS = [
    (2019, None, "published", ["answers_missing", "changes_missing"]),
    (2022, None, "published", ["no_limits", "answers_missing", "changes_missing"]),
    (2017, 2015, "published", ["shortfall_missing", "task_missing", "answers_missing"]),
    (2014, None, "published", ["shortfall_missing", "task_missing", "answers_missing", "changes_no_baseline"]),
    (2019, None, "synthetic", []),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("wave", "baseline", "source", "keys"), LIMITS)
def test_what_an_edition_cannot_tell_is_told_once(shown, wave, baseline, source, keys, language):
    told = named(shown(wave, baseline, language, source), "limits")
    kinds = {2019: ["shortfall"], 2022: ["shortfall", "task"]}.get(wave, [])
    what = speak.listing([speak.say(language, f"changes_of_{kind}") for kind in kinds], language)
    values = {"wave": wave, "baseline": baseline or 2017, "what": what}
    assert (told and told.text) == (" ".join(speak.say(language, key, **values) for key in keys) or None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("pct", "key"), [("", "monitoring_in_words"), ("40", "monitoring_share"), (None, None)])
def test_the_need_of_support_with_monitoring_is_told(copy, pct, key, language):
    row = copy.row_of("2019/published.csv", concept="wants_support_monitoring")
    if pct is None:
        copy.remove("2019/published.csv", row)
    elif pct:
        copy.put("2019/published.csv", row, pct=pct, precision="whole_percent", status="accepted")
    edition = open_edition(wave=2019, language=language, start=copy.root)
    told = found.monitoring(edition, read_sources(edition))
    share = speak.whole_percent(0.4, language)
    assert (told and told.text) == (key and speak.say(language, key, wave=2019, share=share))
    assert told is None or told.key == told.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["team", "goal"])
def test_how_teams_are_organised_and_what_municipalities_think_is_told(edition, sources, kind, language):
    opened = edition(2019, language=language)
    told = found.sentence(opened, found.other_shares(opened, sources), kind)
    assert told.text == ORGANISED[kind][language]
    assert found.sentence(opened, None, kind) is None


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nl",
            [
                "De percentages gaan over gemeenten met een wijkteam.",
                "Werkt met een wijkteam: over alle gemeenten die meededen (212 van 355).",
            ],
        ),
        (
            "en",
            [
                "The percentages are of municipalities with a team.",
                "Has a neighbourhood team: of all responding municipalities (212 of 355).",
            ],
        ),
    ],
)
def test_of_two_stated_bases_each_is_told_with_its_items(edition, invented, language, told):
    opened = edition(2019, language=language, source="synthetic")
    tables = [estimate(invented, 2019, concepts) for concepts in (["task_signalling"], ["has_wijkteam"])]
    notes = account.bounds_table(opened, tables, invented).notes
    assert list(notes[:2]) == told


def test_an_item_of_two_possible_bases_has_one_row_and_records_of_both(shown):
    table = named(shown(2019, None, "nl"), "table_other")
    assert [row[0] for row in table.texts] == list(dict.fromkeys(row[0] for row in table.texts))
    assert sum(record["concept"] == "model_specific_teams" for record in table.records) == 2
    assert {row[2] for row in table.texts} == {"niet vermeld", "alle gemeenten die meededen", "inwoners", "wijkteams"}


@pytest.mark.parametrize(
    ("language", "units"), [("nl", ["wijkteams", "inwoners"]), ("en", ["neighbourhood teams", "residents"])]
)
def test_percentages_of_teams_and_residents_stand_last_and_have_no_interval(shown, language, units):
    table = named(shown(2019, None, language), "table_other")
    assert [row[1:4] for row in table.texts[-2:]] == [("20%", units[0], EMPTY), ("28%", units[1], EMPTY)]
    assert len(table.why) == len(table.rows)


@pytest.mark.parametrize("kind", ["task", "shortfall"])
def test_the_tables_of_the_wave_have_one_row_for_each_item(shown, kind):
    table = named(shown(2019, None, "nl"), f"table_{kind}")
    items = {record["concept"] for record in table.records}
    assert len(table.texts) == len(items) and len(table.records) == 2 * len(items)
    ends = {}
    for record in table.records:
        low, high = ends.get(record["share"], (1, 0))
        ends[record["share"]] = min(low, record["ci_low"]), max(high, record["ci_high"])
    assert {row[1].value: row[2].value for row in table.rows} == ends
    assert "(212 van 355)" in table.notes[0] and "(ongeveer 176 van 295)" in table.notes[0]


def test_what_was_published_in_words_only_has_its_source(shown, sources, edition):
    table = named(shown(2019, None, "nl"), "table_in_words")
    assert isinstance(table, Table)
    known = {
        edition(2019).label(one.concept).lower(): one.source_title
        for one in sources.published.figures
        if one.wave == 2019 and one.pct is None
    }
    assert len(table.texts) > 2 and all(known[row[0].lower()] == row[-1] for row in table.texts)
    # of a task a direction is told as a change; what the source does not call a task is told as the source does
    items = {row[0].lower(): row[1] for row in table.texts}
    assert "kortdurende ondersteuning" not in items
    assert items["werk en inkomen in het wijkteam ondergebracht"].startswith(
        "Vaker in het team ondergebracht dan eerder"
    )
    assert items["volgt en evalueert de wijkteams"].startswith("In bijna alle gemeenten praktijk")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wave", [2017, 2019, 2022])
def test_that_something_is_in_words_only_stands_in_the_caption_alone(shown, wave, language):
    table = named(shown(wave, None, language), "table_in_words")
    said = [part.strip() for part in speak.say(language, "in_words_said").split("|")]
    assert [row for row in table.texts if any(part in row[1] for part in said)] == []
    assert all(row[1][0].isupper() for row in table.texts)


def test_a_direction_is_in_words_where_the_edition_has_another_baseline(shown):
    table = named(shown(2019, 2015, "nl"), "table_in_words")
    assert {"Kortdurende ondersteuning", "Langdurende ondersteuning"} <= {row[0] for row in table.texts}


def test_beside_invented_answers_nothing_is_told_that_was_published(edition, invented):
    demo = edition(2019, source="synthetic")
    assert found.monitoring(demo, invented) is None and found.in_words(demo, invented) is None


def test_a_direction_is_no_gap(edition, sources):
    opened = edition(2019)
    nothing = changes_against(sources, 2017, [2019], ["task_signalling"], "nl")
    tasks, shortfalls = (estimate(sources, 2019, opened.concepts(kind)) for kind in ("task", "shortfall"))
    since = changes_against(sources, 2017, [2019], opened.concepts("task"), "nl")
    told = [
        account.limits(opened, sources, shortfalls=shortfalls, tasks=tasks, changes=changes)
        for changes in (since, nothing)
    ]
    assert all(isinstance(one, Sentence) for one in told)
    assert ["de taken" in one.text for one in told] == [False, True]
    assert Sources(sources.published).of(2019).class_test("task_signalling") is None


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "De bron zegt niet of het gaat om alle gemeenten die meededen of gemeenten met een wijkteam; de marge"),
        ("en", "does not say whether these are all responding municipalities or municipalities with a team; the"),
    ],
)
def test_a_base_that_is_not_stated_is_told_beside_the_first_percentage(edition, sources, language, told):
    opened = edition(2019, language=language)
    estimates = estimate(sources, 2019, opened.concepts("shortfall"))
    assert (estimates["flag"] == "base_not_stated").all()
    told_first = shares.sentence(opened, estimates, "shortfall")
    assert told in told_first.text and told in told_first.key
    stated = estimates[estimates["base"] == "respondents"].assign(flag=None)
    assert told not in shares.sentence(opened, stated, "shortfall").text
