"""The frame of a wave from a list of one's own: normalised, counted, held against the mergers, linked to the last."""

import openpyxl
import pandas as pd
import pytest
import yaml

from tests.cbs_server import INHABITANTS, SOURCES
from wijkpeiling.errors import PopulationError
from wijkpeiling.fieldwork.frame import make_frame

FRAME, YEARS, MERGERS = "population/frame_2027.csv", "population/municipalities.csv", "population/mergers.csv"
HEADING = ["gemeentecode", "name", "provincie", "inhabitants"]


class Own:
    """The municipalities of the small project as a list that a user has, to be changed and saved."""

    def __init__(self, mini):
        self.mini, self.path = mini, mini.root / "own.csv"
        (mini.raw / "population" / "sources.yml").write_text(SOURCES, encoding="utf-8")
        self.kept = (mini.raw / FRAME).read_text(encoding="utf-8")
        self.frame = pd.read_csv(mini.raw / FRAME, dtype=str)
        (mini.raw / FRAME).unlink()
        self.table = self.frame[HEADING[:-1]].assign(inhabitants=self.frame["size_class"].map(INHABITANTS).astype(str))

    def made(self, **given):
        if self.path.suffix == ".csv":
            self.table.to_csv(self.path, index=False)
        return make_frame(self.mini.project, 2027, file=self.path, **given)

    def earlier(self, codes, year=2019):
        table = pd.DataFrame({"wave": year, "gemeentecode": sorted(codes)})
        table = table.assign(name=table["gemeentecode"], size_class="<20k", provincie="Donderland")
        table.to_csv(self.mini.raw / "population" / f"frame_{year}.csv", index=False)

    def ended(self):
        """Codes that ended between the waves of 2019 and 2027."""
        return [row[2] for row in self.mini.rows(MERGERS)[1:] if row[0] > "2019-01-01"]


@pytest.fixture
def own(mini):
    return Own(mini)


def test_a_list_becomes_the_frame_with_its_source_and_date(own):
    own.table = own.table.sample(frac=1, random_state=1)
    made = own.made()
    assert made.path.read_text(encoding="utf-8") == own.kept
    record = yaml.safe_load(made.path.with_suffix(".yml").read_text(encoding="utf-8"))
    assert record.pop("read") and len(record.pop("sha256")) == 64
    assert record == {"file": "own.csv", "frame_date": "2027-01-01", "municipalities": 100}


def test_the_source_of_a_table_of_cbs_has_its_number_date_and_licence(server, mini):
    path = make_frame(mini.project, 2027).path.with_suffix(".yml")
    record = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert record.pop("fetched")
    assert record == {
        "publisher": "CBS",
        "licence": "CC BY 4.0",
        "series": "Gebieden in Nederland 2027",
        "table": "99999NED",
        "frame_date": "2027-01-01",
        "municipalities": 100,
    }


def in_thousands(table, sign):
    return table["inhabitants"].str[:-3] + sign + table["inhabitants"].str[-3:]


@pytest.mark.parametrize(
    ("heading", "change"),
    [
        (["GemeentecodeGM", "Gemeentenaam", "Provincienaam", "Aantal inwoners"], lambda table: table),
        (["Gemeentecode", "Naam", "Provincie", "Inwonertal"], lambda table: table),
        (HEADING, lambda table: table.assign(gemeentecode=table["gemeentecode"].str[2:])),
        (HEADING, lambda table: table.assign(gemeentecode=table["gemeentecode"].str.lower() + " ")),
        (HEADING, lambda table: table.assign(name=table["name"] + " (gemeente)")),
        (HEADING, lambda table: table.assign(provincie="  " + table["provincie"] + "  (PV)")),
        (HEADING, lambda table: table.assign(inhabitants=in_thousands(table, "."))),
        (HEADING, lambda table: table.assign(inhabitants=in_thousands(table, " "))),
        (HEADING, lambda table: table.assign(remark="")),
    ],
)
def test_what_one_can_write_for_the_same_is_taken_for_the_same(own, heading, change):
    own.table = change(own.table).rename(columns=dict(zip(HEADING, heading, strict=True)))
    assert own.made().path.read_text(encoding="utf-8") == own.kept


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_and_a_byte_order_mark_make_no_difference(own, separator, encoding):
    own.table.to_csv(own.path, index=False, sep=separator, encoding=encoding)
    made = make_frame(own.mini.project, 2027, file=own.path)
    assert made.path.read_text(encoding="utf-8") == own.kept


def test_a_size_class_serves_where_inhabitants_are_not_known(own):
    own.table = own.frame[["gemeentecode", "name", "provincie", "size_class"]]
    assert own.made().path.read_text(encoding="utf-8") == own.kept


def test_a_spreadsheet_with_numbers_for_codes_and_inhabitants_is_read(own):
    own.path = own.path.with_suffix(".xlsx")
    book = openpyxl.Workbook()
    book.active.append(HEADING)
    for code, name, provincie, inhabitants in own.table.itertuples(index=False):
        book.active.append([int(code[2:]), name, provincie, float(inhabitants)])
    book.active.append([None] * 4)
    book.save(own.path)
    assert own.made().path.read_text(encoding="utf-8") == own.kept


@pytest.mark.parametrize(
    ("inhabitants", "size_class"),
    [(1, "<20k"), (19_999, "<20k"), (20_000, "20-50k"), (49_999, "20-50k"), (50_000, "50-100k"), (100_000, ">=100k")],
)
def test_size_classes_begin_at_round_numbers(own, inhabitants, size_class):
    own.table.loc[0, "inhabitants"] = str(inhabitants)
    assert pd.read_csv(own.made().path)["size_class"][0] == size_class


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("gemeentecode", "", "an empty cell\n.*own.csv, row 3, column gemeentecode"),
        ("gemeentecode", "GM12345", "'GM12345' is not allowed\n.*row 3, column gemeentecode"),
        ("gemeentecode", "SY0001", "'SY0001' is not allowed\n.*row 3, column gemeentecode"),
        ("gemeentecode", "GM9000", "the same row twice: wave 2027, gemeentecode GM9000\n.*row 3"),
        ("name", "", "an empty cell\n.*row 3, column name"),
        ("name", "Mompeldam", "'Mompeldam' is not allowed\n.*row 3, column name\n.*a name of its own"),
        ("name", '=HYPERLINK("x")', r"'=HYPERLINK\(\"x\"\)' is not allowed\n.*row 3, column name\n.*formula"),
        ("provincie", "", "an empty cell\n.*row 3, column provincie"),
        ("inhabitants", "", "'' is not allowed\n.*row 3, column inhabitants\n.*whole number"),
        ("inhabitants", "0", "'0' is not allowed\n.*row 3, column inhabitants"),
        ("inhabitants", "12,5", "'12,5' is not allowed\n.*row 3, column inhabitants"),
        ("inhabitants", "veel", "'veel' is not allowed\n.*row 3, column inhabitants"),
        ("gemeentecode", "GM9001", r"GM9001: GM9001 ended on 2023-01-01, in GM9044\n.*mergers.csv"),
    ],
)
def test_a_cell_that_is_wrong_is_told_with_its_place_and_nothing_is_written(own, column, value, says):
    own.table.loc[1, column] = value
    with pytest.raises(PopulationError, match=says):
        own.made()
    assert not list((own.mini.raw / "population").glob("frame_2027*"))


def test_a_size_class_that_is_not_that_of_the_inhabitants_is_refused(own):
    own.table["size_class"] = own.frame["size_class"]
    own.table.loc[2, "inhabitants"] = "250000"
    with pytest.raises(PopulationError, match=r"row 4, column size_class\n.*the size class of the inhabitants"):
        own.made()


@pytest.mark.parametrize("column", HEADING)
def test_a_column_that_is_missing_is_told(own, column):
    own.table = own.table.drop(columns=column)
    with pytest.raises(PopulationError, match=rf"no column of {column}[^\n]*\n.*own.csv, row 1"):
        own.made()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("own.csv", b"", "no municipalities"),
        ("own.csv", b"gemeentecode,name,provincie,inhabitants\n\n\n", "no municipalities"),
        ("own.csv", "gemeentecode\nGM9000\nSúd".encode("cp1252"), "is not UTF-8"),
        (
            "own.csv",
            b"gemeentecode,name,provincie,inhabitants\nGM9000,a,b,1,2\n",
            r"5 cells where the heading has 4\n.*row 2",
        ),
        ("own.xlsx", b"gemeentecode,name\nGM9000,a", "no spreadsheet that can be read"),
        ("own.xlsx", b"", "no spreadsheet that can be read"),
        ("own.xlsx", None, "no spreadsheet that can be read"),
        ("own.csv", None, "own.csv is missing"),
    ],
)
def test_a_file_that_is_no_list_is_told(own, name, content, says):
    path = own.mini.root / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PopulationError, match=says):
        make_frame(own.mini.project, 2027, file=path)


# of the row of 2027 in municipalities.csv: what stands there, whether the year may be added, and what comes of it
COUNTS = {
    ("100,confirmed", False): "100,confirmed",
    ("100,confirmed", True): "100,confirmed",
    ("100,not_confirmed", False): "100,not_confirmed",
    ("100,not_confirmed", True): "100,not_confirmed",
    ("99,confirmed", False): r"100 municipalities on 1 January 2027\n.*\n.*as there: 99, confirmed\n.*correct the list",
    ("99,confirmed", True): r"as there: 99, confirmed\n.*correct the list",
    ("99,not_confirmed", False): r"as there: 99, not_confirmed\n.*--add-year writes 2027,100,not_confirmed",
    ("99,not_confirmed", True): "100,not_confirmed",
    ("", False): r"as there: no row\n.*--add-year writes 2027,100,not_confirmed",
    ("", True): "100,not_confirmed",
}


@pytest.mark.parametrize(("row", "add_year"), COUNTS)
def test_the_number_of_municipalities_is_held_against_that_of_the_year(own, row, add_year):
    number, expected = own.mini.row_of(YEARS, year="2027"), COUNTS[row, add_year]
    if row:
        own.mini.put(YEARS, number, **dict(zip(("municipalities", "status"), row.split(","), strict=True)))
    else:
        own.mini.remove(YEARS, number)
    before = own.mini.rows(YEARS)
    if "\\n" in expected:
        with pytest.raises(PopulationError, match=expected):
            own.made(add_year=add_year)
        assert own.mini.rows(YEARS) == before
    else:
        told = own.made(add_year=add_year).told
        assert own.mini.rows(YEARS)[-1] == ["2027", *expected.split(",")]
        assert any("is now" in line for line in told) == (own.mini.rows(YEARS) != before)


def test_a_number_that_cbs_gives_is_confirmed_when_that_may_be_written(server, mini):
    row = mini.row_of(YEARS, year="2027")
    mini.put(YEARS, row, status="not_confirmed")
    make_frame(mini.project, 2027)
    assert mini.rows(YEARS)[row - 1] == ["2027", "100", "not_confirmed"]
    assert make_frame(mini.project, 2027, add_year=True).told[-1].endswith("2027 is now 100, confirmed")
    assert mini.rows(YEARS)[row - 1] == ["2027", "100", "confirmed"]


def test_a_year_that_leaves_one_out_is_not_added(own):
    for year in ("2026", "2027"):
        own.mini.remove(YEARS, own.mini.row_of(YEARS, year=year))
    with pytest.raises(PopulationError, match="no number of municipalities for 2026"):
        own.made(add_year=True)


def test_without_an_earlier_frame_that_is_said(own):
    assert own.made().told[2].startswith("there is no earlier frame")


# what happened after 2019 to GM9000 besides the absorptions on record, and how many came about in which way
HAPPENED = {
    "nothing": ([], "90 same, 0 renamed, 10 merged, 0 split; 10 codes ended"),
    "renamed": (
        [("2020-01-01", "rename", "GM8000", "GM9000")],
        "89 same, 1 renamed, 10 merged, 0 split; 11 codes ended",
    ),
    "renamed twice": (
        [("2020-01-01", "rename", "GM8000", "GM8001"), ("2021-06-01", "rename", "GM8001", "GM9000")],
        "89 same, 1 renamed, 10 merged, 0 split; 11 codes ended",
    ),
    "new from two": (
        [("2020-01-01", "merger", "GM8000", "GM9000"), ("2020-01-01", "merger", "GM8001", "GM9000")],
        "89 same, 0 renamed, 11 merged, 0 split; 12 codes ended",
    ),
    "two took in parts": (
        [("2020-01-01", "split", "GM8000", "GM9000"), ("2020-01-01", "split", "GM8000", "GM9003")],
        "88 same, 0 renamed, 10 merged, 2 split; 11 codes ended",
    ),
    "a part and a whole": (
        [("2020-01-01", "split", "GM8000", "GM9000"), ("2020-01-01", "absorption", "GM8001", "GM9000")],
        "89 same, 0 renamed, 11 merged, 0 split; 12 codes ended",
    ),
    "renamed after it took in another": (
        [("2020-01-01", "absorption", "GM8000", "GM8001"), ("2021-01-01", "rename", "GM8001", "GM9000")],
        "89 same, 0 renamed, 11 merged, 0 split; 12 codes ended",
    ),
}


@pytest.mark.parametrize("name", HAPPENED)
def test_the_frame_is_linked_to_the_last_one_before_it(own, name):
    changes, told = HAPPENED[name]
    codes = {*own.table["gemeentecode"], *own.ended()}
    is_new = {new for _, kind, _, new in changes if kind in ("merger", "rename")}
    for date, kind, old, new in changes:
        own.mini.add(MERGERS, date=date, kind=kind, from_code=old, to_code=new)
        codes.add(old)
    codes -= is_new
    own.earlier(codes)
    _renumber(own.mini, changes)
    assert own.made().told[2] == f"since the frame of 2019: {told}"


def _renumber(mini, changes):
    """Years before a change have as many municipalities more as ended by it, less those that began."""
    for year in range(2017, 2027):
        later = [change for change in changes if change[0] > f"{year}-01-01"]
        ended = {old for _, _, old, _ in later}
        begun = {new for _, kind, _, new in later if kind in ("merger", "rename")}
        row = mini.row_of(YEARS, year=str(year))
        was = int(mini.rows(YEARS)[row - 1][1])
        mini.put(YEARS, row, municipalities=str(was + len(ended) - len(begun)))


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (
            lambda codes: codes - {"GM9000"},
            "GM9000: new since the frame of 2019, and no merger says how\n.*mergers.csv",
        ),
        (lambda codes: codes | {"GM8000"}, "GM8000: gone since the frame of 2019, and no merger says how"),
        (lambda codes: codes - {f"GM90{n}" for n in (50, 52, 53, 54, 55, 57, 59)}, r" and \d more: new since"),
    ],
)
def test_a_code_that_no_merger_accounts_for_is_refused(own, before, says):
    own.earlier(before({*own.table["gemeentecode"], *own.ended()}))
    with pytest.raises(PopulationError, match=says):
        own.made()


def test_a_municipality_that_ended_before_the_day_of_the_frame_is_left_out(own):
    own.mini.replace("2027/wave.yml", "frame_date: '2027-01-01'", "frame_date: '2027-06-01'")
    own.mini.add(MERGERS, date="2027-03-01", kind="absorption", from_code="GM9000", to_code="GM9003")
    made = own.made()
    assert made.told[:2] == (
        "99 municipalities on 2027-06-01, from own.csv",
        "left out, for they ended in 2027 before that day: GM9000",
    )
    assert "GM9000" not in made.path.read_text(encoding="utf-8")


def test_a_municipality_that_began_before_the_day_of_the_frame_is_asked_for(own):
    own.mini.replace("2027/wave.yml", "frame_date: '2027-01-01'", "frame_date: '2027-06-01'")
    own.mini.add(MERGERS, date="2027-03-01", kind="rename", from_code="GM9000", to_code="GM8000")
    with pytest.raises(PopulationError, match=r"GM8000 began in 2027, before the day of the frame"):
        own.made()
    own.table.loc[0, "gemeentecode"] = "GM8000"
    assert own.made().told[0] == "100 municipalities on 2027-06-01, from own.csv"


def test_the_same_again_changes_nothing_and_another_frame_is_not_written_over_it(own):
    made = own.made()
    files = {path: path.read_bytes() for path in made.path.parent.glob("*")}
    assert not own.made().is_new
    own.table.loc[0, "name"] = "Elders"
    with pytest.raises(PopulationError, match=r"frame_2027\.csv is there already, and differs"):
        own.made()
    assert {path: path.read_bytes() for path in made.path.parent.glob("*")} == files


def test_a_wave_that_has_no_folder_yet_has_the_frame_of_1_january(own):
    own.mini.add(YEARS, year="2028", municipalities="100", status="not_confirmed")
    own.table.to_csv(own.path, index=False)
    own.mini.replace("population/sources.yml", "2027:", "2028:")
    made = make_frame(own.mini.project, 2028, file=own.path)
    assert made.path.name == "frame_2028.csv" and made.told[0].startswith("100 municipalities on 2028-01-01")


def test_the_command_tells_what_was_done_and_gives_an_error_its_code(own, main_here):
    own.table.to_csv(own.path, index=False)
    command = ["frame", "2027", "--file", "own.csv"]
    run = main_here(*command, cwd=own.mini.root)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "written to data/raw/population/frame_2027.csv"
    own.path.unlink()
    run = main_here(*command, cwd=own.mini.root)
    assert run.returncode == PopulationError.exit_code and run.stderr.startswith("PopulationError: own.csv is missing")
