"""The municipalities of a year from a server that speaks the open data form of CBS, and fails in every way one can."""

import ast
import subprocess
import sys

import pytest

from tests import cbs_server as act
from wijkpeiling.errors import PopulationError
from wijkpeiling.fieldwork.frame import make_frame

ATTEMPTS = 3
OUTAGES = {
    "slow": (act.slow, "no answer within 0 seconds"),
    "dripping": (act.dripping, "no answer within 2 seconds"),
    "reset": (act.reset, "there is no connection, or it was broken"),
    "half": (act.half, "the answer broke off halfway"),
    "half as a whole": (act.half_as_a_whole, "the answer is no table"),
    "page": (act.page, "the answer is no table"),
    "no table": (act.no_table, "the answer is no table"),
    "text for rows": (act.text_for_rows, "the answer is no table"),
    "busy": (act.refused(503), "the server answers 503"),
    "too often": (act.refused(429), "the server answers 429"),
}


def times_asked(server):
    return sum(path.endswith("TypedDataSet") for path in server.asked)


def test_the_frame_that_cbs_gives_is_that_of_the_project(server, mini):
    made = make_frame(mini.project, 2027)
    assert made.is_new and made.path.read_bytes() == (mini.root / "kept.csv").read_bytes()
    assert made.told[0] == "100 municipalities on 2027-01-01, from table 99999NED of CBS"
    assert all(path.startswith("/ODataFeed/odata/99999NED/") for path in server.asked)


@pytest.mark.parametrize("name", OUTAGES)
def test_an_outage_that_passes_is_waited_for(server, mini, name):
    server.outages = [OUTAGES[name][0]]
    assert make_frame(mini.project, 2027).path.read_bytes() == (mini.root / "kept.csv").read_bytes()
    assert times_asked(server) == 2


@pytest.mark.parametrize("name", OUTAGES)
def test_an_outage_that_lasts_is_told_in_words_and_a_file_can_be_given_instead(server, mini, name):
    outage, words = OUTAGES[name]
    server.outages = [outage] * 9
    with pytest.raises(PopulationError, match=rf"table 99999NED could not be fetched: {words}\n[^$]*--file"):
        make_frame(mini.project, 2027)
    assert times_asked(server) == ATTEMPTS
    assert not list((mini.raw / "population").glob("frame_2027*"))


def test_no_server_at_all_is_told_in_words(server, mini):
    server.http.shutdown()
    server.http.server_close()
    with pytest.raises(PopulationError, match=r"there is no connection, or it was broken\n[^$]*--file"):
        make_frame(mini.project, 2027)


def test_a_refusal_that_will_be_the_same_next_time_is_not_tried_again(server, mini):
    server.outages = [act.refused(404)] * 9
    with pytest.raises(PopulationError, match="the server answers 404"):
        make_frame(mini.project, 2027)
    assert times_asked(server) == 1


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("Code_1", "municipality codes"),
        ("Code_33", "codes of provincies"),
        ("Naam_34", "names beside Code_33"),
        ("Inwonertal_57", "Inwonertal"),
    ],
)
def test_a_table_without_a_column_is_told(server, mini, column, says):
    for row in server.rows:
        # a dimension keeps its codes where the table of its titles is empty
        row["RegioS"] = f"{row['RegioS']} x"
        del row[column]
    with pytest.raises(PopulationError, match=rf"table 99999NED has no column of {says}"):
        make_frame(mini.project, 2027)


def test_a_table_without_rows_is_told(server, mini):
    server.rows.clear()
    with pytest.raises(PopulationError, match="no column of municipality codes"):
        make_frame(mini.project, 2027)


def test_a_row_that_is_no_municipality_stays_out(server, mini):
    server.rows.append(dict.fromkeys(server.rows[0], "") | {"RegioS": "NL01", "Naam_2": "Nederland"})
    assert make_frame(mini.project, 2027).path.read_bytes() == (mini.root / "kept.csv").read_bytes()


def test_a_year_of_which_the_table_is_not_known_says_where_to_find_it(server, mini):
    with pytest.raises(PopulationError, match=r"the table of 2028 is not known\n[^$]*opendata.cbs.nl[^$]*2028: NUMBER"):
        make_frame(mini.project, 2028)
    assert server.asked == []


def test_nothing_else_imports_what_fetches(root):
    named = {
        path.name
        for path in (root / "wijkpeiling").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and node.value == "cbsodata")
        or (isinstance(node, ast.Import | ast.ImportFrom) and "cbsodata" in ast.unparse(node))
    }
    assert named == {"cbs.py"}


def test_a_frame_from_a_file_never_imports_what_fetches(mini):
    (mini.raw / "population" / "sources.yml").write_text(act.SOURCES, encoding="utf-8")
    (mini.raw / "population" / "frame_2027.csv").rename(mini.root / "own.csv")
    code = (
        "import sys; from pathlib import Path; from wijkpeiling.project import Project; import wijkpeiling.cli\n"
        "from wijkpeiling.fieldwork.frame import make_frame\n"
        "make_frame(Project(Path('.')), 2027, file=Path('own.csv'))\n"
        "sys.exit('cbsodata' in sys.modules or 'requests' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=mini.root).returncode == 0
