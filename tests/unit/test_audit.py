"""The audit against verdicts worked out from the files alone."""

import csv
from collections import Counter

import pytest
import yaml

from wijkpeiling.audit import audit
from wijkpeiling.published import read_published

WAVES = (2014, 2015, 2017, 2019, 2022)


@pytest.fixture(scope="module")
def verdicts(published):
    return audit(published, "en")


@pytest.fixture(scope="module")
def expected(five_waves):
    """Wave, concept and verdict of every figure, from the CSV and YAML files."""
    raw = five_waves / "data" / "raw"
    found = []
    for wave in WAVES:
        n = yaml.safe_load((raw / str(wave) / "wave.yml").read_text("utf-8"))["n_respondents"]
        items = yaml.safe_load((raw / str(wave) / "questionnaire.yml").read_text("utf-8"))["items"]
        rows = read(raw / str(wave) / "published.csv")
        for row in rows:
            asked = items.get(row["concept"], {"bases": []})["bases"]
            found.append((wave, row["concept"], verdict(row, n, asked, rows)))
    found += [(int(row["year"]), row["concept"], "not_checkable") for row in read(raw / "other_studies.csv")]
    return found


def read(path):
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def size_of(row, n, asked, rows):
    """The size of its base: stated, all that answered, or as another source of the same percentage states it."""
    if row["base_n"]:
        return int(row["base_n"])
    if "respondents" in (row["base"], *(asked if not row["base"] else ())):
        return n
    same = [other for other in rows if (other["concept"], other["pct"]) == (row["concept"], row["pct"])]
    stated = [int(other["base_n"]) for other in same if other["status"] == "accepted" and other["base_n"]]
    return stated[0] if stated and not row["base"] and not asked else None


def verdict(row, n, asked, rows):
    if row["status"] in ("rejected", "contested"):
        return row["status"]
    if row["precision"] != "whole_percent" or row["unit"] != "municipalities":
        return "not_checkable"
    size = size_of(row, n, asked, rows)
    if size is None:
        return "not_checkable"
    count = n if row["base"] == "all_municipalities" else int(row["count"]) if row["count"] else None
    if count is not None and abs(100 * count / size - float(row["pct"])) <= 0.5:
        return "reproduced"
    return "feasible"


def test_every_figure_has_the_verdict_that_its_row_gives(verdicts, expected):
    rows = zip(verdicts["wave"], verdicts["concept"], verdicts["verdict"], strict=True)
    assert list(rows) == expected


def test_the_verdicts_are_as_many_as_the_files_give(verdicts, expected):
    assert Counter(verdicts["verdict"]) == Counter(verdict for _, _, verdict in expected)
    assert len(verdicts) == len(expected)


def test_no_figure_is_impossible_over_its_base(verdicts):
    assert verdicts.loc[verdicts["verdict"] == "infeasible", "concept"].tolist() == []


@pytest.mark.parametrize("wave", [2014, 2015, 2017, 2019])
def test_every_response_rate_is_reproduced(verdicts, wave):
    rows = verdicts[(verdicts["wave"] == wave) & (verdicts["concept"] == "response_rate") & verdicts["base_n"].notna()]
    assert rows["verdict"].tolist() == ["reproduced"]


@pytest.mark.parametrize(
    ("wave", "concept", "pct", "counts"),
    [
        (2019, "task_signalling", 75, "158-160/212; 131-132/175; 132/176; 132-133/177"),
        (2014, "response_rate_g32", 78, "29/37"),
        (2014, "response_rate", 56, "224/403"),
        (2015, "response_rate", 60, "234/393"),
        (2017, "response_rate", 62, "242/388"),
        (2019, "response_rate", 60, "212/355"),
        (2014, "has_wijkteam", 69, "154/224"),
        (2014, "no_wijkteam_other_organisation", 14, "31/224"),
        # worked out from a percentage, so no number that was published
        (2019, "panel_overlap_prev_wave", 63, "133-134/212"),
        (2015, "has_wijkteam", 90, "210-211/234"),
        # another percentage than the source with a base gives
        (2014, "response_rate", 66, ""),
    ],
)
def test_feasible_counts_are_spelled_for_each_size_of_the_base(verdicts, wave, concept, pct, counts):
    rows = verdicts[(verdicts["wave"] == wave) & (verdicts["concept"] == concept) & (verdicts["pct"] == pct)]
    assert rows["feasible_counts"].fillna("").tolist() == [counts]


def test_a_figure_whose_count_is_known_shows_that_count_alone(verdicts):
    reproduced = verdicts[verdicts["verdict"] == "reproduced"]
    assert len(reproduced) == 6 and reproduced["feasible_counts"].str.fullmatch(r"\d+/\d+").all()


def test_a_rate_that_the_respondents_do_not_give_keeps_every_count(copy, figure_row):
    base = {"base": "all_municipalities", "base_n": "403"}
    copy.add("2014/published.csv", **figure_row(concept="response_rate", pct="66", status="contested", **base))
    found = audit(read_published(copy.project), "en")
    told = found[(found["concept"] == "response_rate") & (found["pct"] == 66) & found["base_n"].notna()]
    assert told[["feasible_counts", "verdict"]].to_numpy().tolist() == [["264-267/403", "contested"]]


@pytest.mark.parametrize(
    ("concept", "counts"), [("has_wijkteam_g32", "27/29"), ("no_area_analysis_before_start", "81-82/182")]
)
def test_a_source_that_repeats_a_percentage_has_the_base_that_the_other_states(verdicts, concept, counts):
    rows = verdicts[verdicts["concept"] == concept]
    assert rows["base_n"].isna().tolist() == [False, True]
    assert rows["feasible_counts"].tolist() == [counts] * 2 and set(rows["verdict"]) == {"feasible"}


def test_an_impossible_contested_figure_is_called_infeasible(copy, figure_row):
    row = figure_row(concept="time_use_casework", pct="94", base="with_team", base_n="29", status="contested")
    copy.add("2019/published.csv", **row)
    found = audit(read_published(copy.project), "en").set_index(["wave", "concept", "pct"])
    assert found.loc[(2019, "time_use_casework", 94), "verdict"] == "infeasible"
    assert found.loc[(2019, "time_use_casework", 94), "feasible_counts"] == "none/29"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_verdict_has_a_reason_in_the_language_of_the_report(published, language):
    assert (audit(published, language)["reason"].str.len() > 10).all()


def test_every_figure_keeps_the_address_of_its_publication(verdicts, five_waves):
    raw = five_waves / "data" / "raw"
    files = [raw / str(wave) / "published.csv" for wave in WAVES] + [raw / "other_studies.csv"]
    found = [row["source_url"] for file in files for row in read(file)]
    assert verdicts["source_url"].fillna("").tolist() == found
    assert any(found)
