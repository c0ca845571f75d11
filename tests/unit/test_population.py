"""Municipalities through the years, followed from merger to merger."""

import csv
import datetime

import pandas as pd
import pytest

from wijkpeiling.errors import PopulationError
from wijkpeiling.population import Population, read_population

COUNTS = {2014: 403, 2015: 393, 2016: 390, 2017: 388, 2018: 380, 2019: 355, 2020: 355, 2021: 352, 2022: 345, 2023: 342}
MERGERS = "population/mergers.csv"


def new_year(year):
    return datetime.date(year, 1, 1)


@pytest.fixture(scope="module")
def population(project):
    return read_population(project)


@pytest.fixture(scope="module")
def mergers(five_waves):
    with (five_waves / "data" / "raw" / MERGERS).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.mark.parametrize(("year", "count"), COUNTS.items())
def test_municipalities_on_the_first_of_january(population, year, count):
    assert population.n_municipalities(new_year(year)) == count


@pytest.mark.parametrize("year", range(2014, 2023))
def test_the_mergers_lead_from_each_year_to_the_next(mergers, year):
    between = [row for row in mergers if new_year(year).isoformat() < row["date"] <= new_year(year + 1).isoformat()]
    ended = {row["from_code"] for row in between}
    begun = {row["to_code"] for row in between if row["kind"] in ("merger", "rename")}
    assert COUNTS[year] - len(ended) + len(begun) == COUNTS[year + 1]


@pytest.mark.parametrize(
    ("date", "count"),
    [("2022-01-01", 345), ("2022-03-23", 345), ("2022-03-24", 344), ("2022-10-01", 344), ("2015-12-31", 393)],
)
def test_within_a_year_a_municipality_can_end_or_change_its_code(population, date, count):
    assert population.n_municipalities(datetime.date.fromisoformat(date)) == count


@pytest.mark.parametrize(
    ("first", "second", "common"), [(2017, 2019, 343), (2019, 2020, 355), (2014, 2015, 391), (2017, 2017, 388)]
)
def test_municipalities_that_stand_in_two_waves(population, first, second, common):
    assert population.n_common(new_year(first), new_year(second)) == common


def test_a_code_that_began_and_ended_between_two_waves_was_in_neither():
    rows = [("2015-01-01", "A", "X"), ("2015-01-01", "B", "X"), ("2016-01-01", "X", "Y"), ("2016-01-01", "C", "Y")]
    population = Population(
        pd.DataFrame({"year": [2014, 2015, 2016], "municipalities": [10, 9, 8]}),
        pd.DataFrame(),
        pd.DataFrame(
            [(date, "merger", old, new) for date, old, new in rows], columns=["date", "kind", "from_code", "to_code"]
        ),
    )
    # of the ten of 2014 only A, B and C are gone
    assert population.n_common(new_year(2014), new_year(2017)) == 7


def test_an_unknown_year_is_refused(population):
    with pytest.raises(PopulationError, match="the number of municipalities in 2013 is not known"):
        population.n_municipalities(new_year(2013))


def test_size_classes_that_do_not_add_up_are_refused(copy):
    copy.replace("population/size_classes.csv", "2019,20k_50k,189", "2019,20k_50k,188")
    with pytest.raises(PopulationError, match="the size classes of 2019 add up to 354") as refusal:
        read_population(copy.project)
    assert refusal.value.expected.startswith("355")
    assert refusal.value.where.endswith("size_classes.csv")


def test_size_classes_of_a_year_without_municipalities_are_refused(copy):
    copy.add("population/size_classes.csv", year="2030", size_class="lt_5k", municipalities="3", basis="exact")
    with pytest.raises(PopulationError, match="the size classes of 2030 add up to 3"):
        read_population(copy.project)


def test_a_missing_merger_is_noticed(copy):
    copy.remove(MERGERS, copy.row_of(MERGERS, from_code="GM0265"))
    with pytest.raises(PopulationError, match="the mergers lead from 403 in 2014 to 394 in 2015") as refusal:
        read_population(copy.project)
    assert refusal.value.expected.startswith("393")


def test_a_merger_on_another_date_is_noticed(copy):
    copy.put(MERGERS, copy.row_of(MERGERS, from_code="GM0457"), date="2023-01-02")
    with pytest.raises(PopulationError, match="from 345 in 2022 to 343 in 2023"):
        read_population(copy.project)


@pytest.mark.parametrize(
    ("file", "changed", "says"),
    [
        (MERGERS, {"from_code": "612"}, "row 2, column from_code"),
        (MERGERS, {"kind": "marriage"}, "row 2, column kind"),
        (MERGERS, {"date": "1-1-2015"}, "row 2, column date"),
        ("population/municipalities.csv", {"municipalities": "about 400"}, "row 2, column municipalities"),
        ("population/municipalities.csv", {"year": "2015"}, "row 3"),
        ("population/size_classes.csv", {"municipalities": "-6"}, "row 2, column municipalities"),
        ("population/size_classes.csv", {"size_class": "5k_10k"}, "row 3"),
    ],
)
def test_a_broken_cell_is_refused_with_its_place(copy, file, changed, says):
    copy.put(file, 2, **changed)
    with pytest.raises(PopulationError) as refusal:
        read_population(copy.project)
    assert f"{file}, {says}" in refusal.value.where


@pytest.mark.parametrize("file", ["municipalities.csv", "size_classes.csv", "mergers.csv"])
def test_a_missing_file_is_named(copy, file):
    (copy.raw / "population" / file).unlink()
    with pytest.raises(PopulationError, match=f"{file} is missing") as refusal:
        read_population(copy.project)
    assert refusal.value.where.endswith(file)


def test_a_date_that_does_not_exist_is_refused(copy):
    copy.put(MERGERS, len(copy.rows(MERGERS)), date="2023-02-30")
    with pytest.raises(PopulationError):
        read_population(copy.project)


def last_row(copy):
    return len(copy.rows(MERGERS))


CANNOT_BE = {
    "a year missing": (
        lambda copy: copy.remove("population/municipalities.csv", 6),
        "no number of municipalities for 2018",
        "municipalities.csv",
    ),
    "no year at all": (
        lambda copy: [copy.remove("population/municipalities.csv", 2) for _ in range(13)],
        "no number of municipalities for any year",
        "municipalities.csv",
    ),
    "more municipalities than there can be": (
        lambda copy: copy.put("population/municipalities.csv", 2, municipalities="1" + "0" * 20),
        "not allowed",
        "municipalities.csv, row 2, column municipalities",
    ),
    "a misspelt size class": (
        lambda copy: copy.put("population/size_classes.csv", 2, size_class="lt5k"),
        "'lt5k' is not allowed",
        "size_classes.csv, row 2, column size_class",
    ),
    "a merger without a successor": (
        lambda copy: copy.put(MERGERS, 2, to_code=""),
        "a merger of GM0612 without a successor",
        "mergers.csv, row 2",
    ),
    "an absorption nobody knows of": (
        lambda copy: copy.put(MERGERS, copy.row_of(MERGERS, from_code="GM0265"), remark=""),
        "where GM0265 went is not known",
        "mergers.csv, row",
    ),
    "a merger twice": (
        lambda copy: copy.add(
            MERGERS, **dict(zip(copy.rows(MERGERS)[0], copy.rows(MERGERS)[1], strict=True), date="2016-01-01")
        ),
        "GM0612 ends on 2016-01-01 and on 2015-01-01",
        "mergers.csv, row",
    ),
    "a merger with itself": (
        lambda copy: copy.put(MERGERS, 2, to_code="GM0612"),
        "GM0612 becomes GM0612",
        "mergers.csv, row 2",
    ),
    "into a code that had ended": (
        lambda copy: copy.put(MERGERS, last_row(copy), to_code="GM0612"),
        "into GM0612, which ended on 2015-01-01",
        "mergers.csv, row",
    ),
}


@pytest.mark.parametrize(("break_it", "says", "where"), CANNOT_BE.values(), ids=CANNOT_BE)
def test_what_municipalities_cannot_do_is_refused(copy, break_it, says, where):
    break_it(copy)
    with pytest.raises(PopulationError, match=says) as refusal:
        read_population(copy.project)
    assert where in refusal.value.where
