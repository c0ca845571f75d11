"""The municipalities of a year from the open data of Statistics Netherlands (CBS), fetched on request only."""

import re
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import pandas as pd

from wijkpeiling.errors import PopulationError
from wijkpeiling.extras import library
from wijkpeiling.records import Record, Text

Result = TypeVar("Result")

SOURCES = "data/raw/population/sources.yml"
# seconds of silence, seconds for a whole table, and seconds of waiting before each next attempt
SILENCE, WHOLE = 20.0, 60.0
WAITS = (2.0, 8.0)
# answers of a server that is busy or being mended; any other refusal will be the same next time
PASSING = (408, 425, 429, 500, 502, 503, 504)
BY_FILE = "try again later, or give a file with --file: code, name, provincie, and inhabitants or size class"
CODE, PROVINCIE = r"GM\d{4}", r"PV\d{2}"


class PopulationSources(Record):
    """The whole of ``sources.yml``.

    ``odata_tables`` has the table of each year, ``odata_inhabitants`` the name of its column of inhabitants without the
    number that stands after it, which differs from year to year.
    """

    publisher: str
    licence: str
    series: str
    odata_tables: dict[int, str]
    odata_inhabitants: str
    files: dict[str, Text]

    def table(self, year: int) -> str:
        """The table of a year.

        Raises
        ------
        PopulationError
            When there is none; the message says where it can be found.
        """
        if year not in self.odata_tables:
            raise PopulationError(
                f"the table of {year} is not known",
                where=f"{SOURCES}, odata_tables",
                expected=f'the number of "{self.series} {year}" at opendata.cbs.nl, such as 84378NED',
                todo=f"add the line {year}: NUMBER, or give a file with --file",
            )
        return self.odata_tables[year]


def fetch_municipalities(sources: PopulationSources, year: int) -> pd.DataFrame:
    """Fetch the municipalities of 1 January of a year.

    Returns
    -------
    pd.DataFrame
        A row for each: ``gemeentecode``, ``name``, ``provincie`` and ``inhabitants``, as text without spaces around it.

    Raises
    ------
    PopulationError
        When the table is not known, cannot be had, or lacks one of these columns.

    Notes
    -----
    Columns carry a number that differs per year, so codes are found by the shape of their values and a name as the
    first column of names after its code. Codes in the dimension of the table itself come back as names.
    """
    table_id = sources.table(year)
    table = pd.DataFrame(_fetch(table_id))
    code = _column_of(table, CODE, "municipality codes", table_id, is_unique=True)
    provincie = _column_of(table, PROVINCIE, "codes of provincies", table_id)
    found = {
        "gemeentecode": code,
        "name": _name_after(table, code, table_id),
        "provincie": _name_after(table, provincie, table_id),
        "inhabitants": _inhabitants(table, sources.odata_inhabitants, table_id),
    }
    listed = pd.DataFrame({name: table[column] for name, column in found.items()}).astype("string")
    return listed[listed["gemeentecode"] != ""].reset_index(drop=True)


def _fetch(table_id: str) -> list[dict[str, str]]:
    get_data = library("cbsodata", "fetching the municipalities", PopulationError).get_data
    call = partial(get_data, table_id, timeout=SILENCE)
    for wait in (*WAITS, None):
        try:
            return [_stripped(row) for row in _within(WHOLE, call)]
        # whatever a server can send instead of a table: no answer, a page, a table of another form
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
            status = _status(failure)
            if wait is None or (status and status not in PASSING):
                raise PopulationError(
                    f"table {table_id} could not be fetched: {_in_words(failure, status)}",
                    where="opendata.cbs.nl",
                    expected="the open data of CBS, over a connection that lets it through",
                    todo=BY_FILE,
                ) from None
        time.sleep(wait)
    raise AssertionError


def _within(seconds: float, call: Callable[[], Result]) -> Result:
    """What ``call`` gives, or TimeoutError: a server that sends a little now and then is never silent for long."""
    given: list[Result] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(call())
        except BaseException as failure:  # handed on to the thread that waits
            raised.append(failure)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not given:
        raise TimeoutError
    return given[0]


def _status(failure: BaseException | None) -> int | None:
    """The status that a server refused with; cbsodata raises an error of its own from the one that has it."""
    while failure is not None:
        response = getattr(failure, "response", None)
        if response is not None:
            return int(response.status_code)
        failure = failure.__cause__
    return None


def _in_words(failure: Exception, status: int | None) -> str:
    if status:
        return f"the server answers {status}"
    names = {kind.__name__ for kind in type(failure).__mro__}
    if names & {"Timeout", "TimeoutError"}:
        return f"no answer within {WHOLE if 'TimeoutError' in names else SILENCE:.0f} seconds"
    if "ChunkedEncodingError" in names:
        return "the answer broke off halfway"
    return "there is no connection, or it was broken" if isinstance(failure, OSError) else "the answer is no table"


def _stripped(row: dict[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value).strip() for name, value in row.items()}


def _column_of(table: pd.DataFrame, shape: str, what: str, table_id: str, *, is_unique: bool = False) -> str:
    for name in table:
        filled = table.loc[table[name] != "", name]
        if len(filled) and filled.str.fullmatch(shape).all() and not (is_unique and filled.duplicated().any()):
            return str(name)
    raise _lacks(what, table_id)


def _name_after(table: pd.DataFrame, code: str, table_id: str) -> str:
    columns = list(table)
    names = [name for name in columns[columns.index(code) + 1 :] if re.match("na+m", name, re.IGNORECASE)]
    if not names:
        raise _lacks(f"names beside {code}", table_id)
    return names[0]


def _inhabitants(table: pd.DataFrame, name: str, table_id: str) -> str:
    columns = [column for column in table if re.sub(r"_\d+$", "", column).casefold() == name.casefold()]
    if len(columns) != 1:
        raise _lacks(f"{name} (odata_inhabitants in sources.yml)", table_id)
    return str(columns[0])


def _lacks(what: str, table_id: str) -> PopulationError:
    return PopulationError(
        f"table {table_id} has no column of {what}",
        where=f"{SOURCES}, odata_tables",
        expected="the table of the municipalities of one year",
        todo="correct the number of the table, or " + BY_FILE.partition(", or ")[2],
    )
