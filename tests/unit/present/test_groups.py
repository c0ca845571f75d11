"""What was published by group of municipalities, and what stands apart."""

import pandas as pd
import pytest

from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.present import shares
from wijkpeiling.sources.published import estimate_published


def named(sections, name):
    return [block for blocks in sections.values() for block in blocks if getattr(block, "id", None) == name]


def test_having_a_team_in_2014_is_estimated_for_the_g32(published):
    (row,) = estimate_published(published, 2014, ["has_wijkteam"], by="city_network").to_dict("records")
    low, high = exact_limits(37, 29, 0.95)
    assert (row["domain"], row["domain_value"], row["n"], row["N"], row["count"]) == ("city_network", "g32", 29, 37, 27)
    assert (row["ci_low"], row["ci_high"]) == (low[27] / 37, high[27] / 37)
    assert (row["worst_low"], row["worst_high"]) == (27 / 37, 35 / 37)


@pytest.mark.parametrize(("value", "n", "share"), [("g32", 37, 29 / 37), ("smaller", 362, 0.54)])
def test_the_response_of_a_group_has_no_interval(published, value, n, share):
    table = estimate_published(published, 2014, ["response_rate"], by="city_network").set_index("domain_value")
    row = table.loc[value]
    assert (row["n"], row["N"], row["method"]) == (n, n, "census")
    assert row["share"] == pytest.approx(share)
    assert pd.isna(row["ci_low"]) and pd.isna(row["ci_high"])


def test_a_group_of_unknown_size_has_a_share_without_an_interval(copy):
    from wijkpeiling.published import read_published

    row = copy.row_of("2014/published.csv", concept="response_rate_g32")
    copy.put("2014/published.csv", row, base_n="")
    (row,) = estimate_published(read_published(copy.project), 2014, ["has_wijkteam"], by="city_network").to_dict(
        "records"
    )
    assert row["share"] == 0.93
    assert pd.isna(row["ci_low"]) and row["flag"] == "respondents_unknown"


@pytest.mark.parametrize(("wave", "by"), [(2014, "size_class"), (2019, "city_network")])
def test_what_was_not_published_by_a_domain_gives_no_row(published, wave, by):
    assert estimate_published(published, wave, ["has_wijkteam", "response_rate"], by=by).empty


@pytest.mark.parametrize(("language", "gap"), [("nl", "78 procent.*54 procent"), ("en", "78 percent.*54 percent")])
@pytest.mark.parametrize("wave", [2014, 2019])
def test_the_gap_is_told_with_what_the_intervals_make_of_it_and_whether_it_is_of_this_wave(shown, wave, language, gap):
    (sentence,) = named(shown(wave, None, language), "groups_response")
    assert pd.Series([sentence.text]).str.contains(gap).all()
    missing = {"nl": "Van 2019 is dit niet gevonden.", "en": "This was not found for 2019."}[language]
    assert sentence.text.endswith(missing) == (wave == 2019)


@pytest.mark.parametrize(("notebook", "what"), [("01_respons", "response"), ("04_trend", "team")])
def test_the_edition_of_2014_has_rows_by_group(shown, notebook, what):
    (table,) = [
        block for block in shown(2014, None, "nl")[notebook] if getattr(block, "id", "") == f"table_groups_{what}"
    ]
    assert {record["domain"] for record in table.records} == {"city_network"}


def test_invented_answers_stand_beside_no_published_group(shown):
    sections = shown(2019, None, "nl", "synthetic")
    found = [f"{kind}_{what}" for kind in ("groups", "table_groups") for what in ("response", "team")]
    assert [name for name in [*found, "largest", "table_other"] if named(sections, name)] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_2022_shows_what_is_known_of_it_without_an_interval(shown, language):
    sections = shown(2022, None, language)
    assert named(sections, "changes_task") == named(sections, "changes_shortfall") == []
    tables = [named(sections, name)[0] for name in ("table_task", "table_shortfall", "table_other")]
    cells = {record["concept"]: record for table in tables for record in table.records}
    assert sorted(round(record["share"] * 100) for record in cells.values()) == [41, 45, 48, 51, 53, 81, 90]
    assert [record for record in cells.values() if record["ci_low"] is not None] == []
    assert [name for name in ("task", "shortfall") if named(sections, f"table_changes_{name}")] == []


@pytest.mark.parametrize(("kind", "of_2019"), [("task", "75"), ("shortfall", "59")])
def test_2022_stands_beside_the_words_of_2019(shown, kind, of_2019):
    (table,) = named(shown(2022, None, "nl"), f"table_{kind}")
    (remark,) = [row[-1] for row in table.texts if "2019" in row[-1] and "preventie" in row[0].lower()]
    assert of_2019 in remark


@pytest.mark.parametrize("wave", [2014, 2015, 2017])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_first_wave_names_no_baseline(shown, wave, language):
    texts = [
        text
        for blocks in shown(wave, None, language).values()
        for block in blocks
        for text in (getattr(block, "text", ""), getattr(block, "subtitle", None) or "")
    ]
    assert [text for text in texts if "None" in text or "vergeleken met die van" in text or "baseline of" in text] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_approximate_share_stands_in_the_table_beside_those_with_an_interval(edition, sources, published, language):
    table = estimate_published(published, 2019, ["task_signalling", "task_case_management"])
    rough = table["concept"] == "task_signalling"
    table.loc[rough, ["n", "N", "count", "ci_low", "ci_high", "worst_low", "worst_high"]] = pd.NA
    opened = edition(2019, language=language)
    assert "75" not in shares.sentence(opened, table, "task").text
    assert [row[3] for row in shares.table(opened, sources, table, "task").texts].count("\u2013") == 1
    assert "75" not in shares.chart(opened, table, "task").alt
