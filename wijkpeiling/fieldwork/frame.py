"""The municipalities of a wave: listed, held against what is known of them, and linked to those of an earlier wave."""

import datetime
import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import yaml

from wijkpeiling import contracts
from wijkpeiling.errors import PopulationError
from wijkpeiling.fieldwork.cbs import PopulationSources, fetch_municipalities
from wijkpeiling.fieldwork.listed import read_list
from wijkpeiling.files import write_file
from wijkpeiling.population import LINEAGES, MERGERS, MUNICIPALITIES, Population, check_population, read_tables
from wijkpeiling.project import Project
from wijkpeiling.records import read_yaml
from wijkpeiling.spreadsheets import FORMULA

# inhabitants from which the next of SIZE_CLASSES begins
SIZE_LIMITS = (20_000, 50_000, 100_000)
# what the publisher puts behind a name that a provincie has too; "(NH.)" tells two municipalities apart and stays
ADDED = re.compile(r"\s*\((?:gemeente|PV)\)$")
WHOLE_NUMBER = re.compile(r"\d{1,9}|\d{1,3}(?:[., ]\d{3}){1,2}")
NAMED = 5


class Day(NamedTuple):
    """The day that the frame of a wave is of."""

    wave: int
    date: datetime.date

    @property
    def new_year(self) -> datetime.date:
        """The day that the list of a year is of."""
        return datetime.date(self.wave, 1, 1)


class Source(NamedTuple):
    """Where a list came from: what ``frame_<wave>.yml`` says of it, and in words for the user."""

    record: dict[str, str]
    told: str


class Listed(NamedTuple):
    """A list of municipalities as text, and where it came from."""

    table: pd.DataFrame
    source: Source


class OnTheDay(NamedTuple):
    """The municipalities on the day of the frame, and what there is to tell of those that were left out."""

    frame: pd.DataFrame
    told: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A frame that was written: its file, and what there is to tell of it, line by line."""

    path: Path
    told: tuple[str, ...]
    is_new: bool


def make_frame(
    project: Project, wave: int, *, file: Path | None = None, add_year: bool = False, today: datetime.date | None = None
) -> Made:
    """Write ``frame_<wave>.csv``, and ``frame_<wave>.yml`` with its source and date.

    Parameters
    ----------
    file
        A list of the user; without it the table of CBS is fetched.
    add_year
        Whether ``municipalities.csv`` may gain the year, or its number where that was not confirmed.
    today
        Day of fetching, for the record.

    Raises
    ------
    PopulationError
        When the list cannot be had or read, breaks the contract ``frames``, has another number of municipalities than
        the year, or a code that the mergers do not account for; nothing is written then.
    """
    population = read_tables(project)
    day = Day(wave, frame_date_of(project, wave))
    listed, source = _listed(project, wave, file, (today or datetime.date.today()).isoformat())
    on_list = normalised(listed, wave, where=file or source.told)
    frame, left_out = _on_the_day(on_list, population, day)
    linked = _linked(project, population, frame, day)
    years = _with_year(population, day, len(frame), add_year, is_official=file is None)
    record = {**source.record, "frame_date": day.date.isoformat(), "municipalities": len(frame)}
    classes = frame["size_class"].value_counts(sort=False)
    folder = project.raw / "population"
    is_new = _write(folder, frame, record, years, wave)
    told = [
        f"{len(frame)} municipalities on {day.date.isoformat()}, from {source.told}",
        *left_out,
        "by size class: " + ", ".join(f"{n} of {name}" for name, n in classes.items()),
        *linked,
        *([] if years is None else [f"{MUNICIPALITIES}: {wave} is now {_count_of(years, wave)}"]),
    ]
    return Made(folder / f"frame_{wave}.csv", tuple(told), is_new)


def frame_date_of(project: Project, wave: int) -> datetime.date:
    """The day of the map of a wave; 1 January where the wave has no folder yet."""
    return project.waves[wave].frame_date if wave in project.waves else datetime.date(wave, 1, 1)


def normalised(listed: pd.DataFrame, wave: int, *, where: Path | str) -> pd.DataFrame:
    """Contract ``frames`` from a list of text: codes in full, names without additions, size classes from inhabitants.

    Raises
    ------
    PopulationError
        For a cell that does not say what its column should, a code or name that appears twice, or a size class that is
        not that of the inhabitants; rows are those of a file of which the heading is row 1.
    """
    frame = pd.DataFrame(
        {
            "wave": wave,
            "gemeentecode": listed["gemeentecode"].map(_code),
            "name": listed["name"].map(_name),
            "size_class": _size_classes(listed, where),
            "provincie": listed["provincie"].map(_name),
        }
    ).replace("", pd.NA)
    checked = contracts.check(frame, contracts.FRAMES, PopulationError, where=where)
    invented = ~checked["gemeentecode"].str.startswith("GM").to_numpy(bool)
    _refuse(invented, checked["gemeentecode"], where, "GM and four digits: a municipality that is real")
    for column in ("name", "provincie"):
        is_formula = checked[column].str.startswith(FORMULA).to_numpy(bool)
        _refuse(is_formula, checked[column], where, "a name: a spreadsheet would take this for a formula")
    _refuse(checked["name"].duplicated().to_numpy(), checked["name"], where, "a name of its own, such as Bergen (NH.)")
    return checked


def _code(text: str) -> str:
    """Spreadsheets take GM0003 for a number where it stands without its letters."""
    text = text.strip().upper()
    return f"GM{text:0>4}" if text.isdecimal() and text.isascii() else text


def _name(text: str) -> str:
    return ADDED.sub("", unicodedata.normalize("NFC", " ".join(text.split())))


def _size_classes(listed: pd.DataFrame, where: Path | str) -> pd.Series:
    if "inhabitants" not in listed:
        return listed["size_class"]
    told = listed["inhabitants"].fillna("")
    is_number = told.map(lambda text: bool(WHOLE_NUMBER.fullmatch(text) and int(_digits(text)))).to_numpy(bool)
    _refuse(~is_number, told.rename("inhabitants"), where, "a whole number of 1 or more")
    place = np.searchsorted(SIZE_LIMITS, told.map(_digits).astype(int), side="right")
    classes = pd.Series(np.array(contracts.SIZE_CLASSES)[place], index=listed.index)
    if "size_class" in listed:
        differs = (listed["size_class"].fillna("") != classes).to_numpy(bool)
        _refuse(differs, listed["size_class"].fillna(""), where, "the size class of the inhabitants beside it")
    return classes


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _refuse(rows: np.ndarray, column: pd.Series, where: Path | str, expected: str) -> None:
    if rows.any():
        first = int(rows.argmax())
        raise PopulationError(
            f"{column.iloc[first]!r} is not allowed",
            where=f"{where}, row {first + 2}, column {column.name}",
            expected=expected,
            todo="correct the cell",
        )


def _on_the_day(frame: pd.DataFrame, population: Population, day: Day) -> OnTheDay:
    """A list of 1 January as it is on the day of the frame."""
    codes = set(frame["gemeentecode"])
    now = set(population.lineage(codes, day.new_year, day.date))
    if now - codes:
        raise PopulationError(
            f"{_codes(now - codes)} began in {day.wave}, before the day of the frame, and is not on the list",
            where=MERGERS,
            expected=f"the municipalities of {day.date.isoformat()}",
            todo="give a list of that day with --file",
        )
    left_out = codes - now
    kept = frame[frame["gemeentecode"].isin(now)].sort_values("gemeentecode").reset_index(drop=True)
    told = f"left out, for they ended in {day.wave} before that day: {_codes(left_out)}"
    return OnTheDay(kept, (told,) if left_out else ())


def _linked(project: Project, population: Population, frame: pd.DataFrame, day: Day) -> list[str]:
    """How the municipalities of the frame came about from those of the last frame before it."""
    codes = set(frame["gemeentecode"])
    _refuse_ended(population, codes, day)
    earlier = [year for year in _frames(project) if year < day.wave]
    if not earlier:
        return ["there is no earlier frame: codes that are new could not be checked against the mergers"]
    before = max(earlier)
    known = contracts.read_table(project.raw / "population" / f"frame_{before}.csv", contracts.FRAMES, PopulationError)[
        "gemeentecode"
    ]
    lineage = population.lineage(known, frame_date_of(project, before), day.date)
    for strange, fault in ((codes - set(lineage), "new"), (set(lineage) - codes, "gone")):
        if strange:
            raise PopulationError(
                f"{_codes(strange)}: {fault} since the frame of {before}, and no merger says how",
                where=MERGERS,
                expected="a row for each code that ended or began",
                todo="add the mergers, renames and splits since then, or correct the list",
            )
    counts = Counter(lineage.values())
    told = ", ".join(f"{counts[how]} {how}" for how in LINEAGES)
    return [f"since the frame of {before}: {told}; {len(set(known) - codes)} codes ended"]


def _refuse_ended(population: Population, codes: set[str], day: Day) -> None:
    mergers = population.mergers
    ended = mergers[(mergers["date"] <= day.date.isoformat()) & mergers["from_code"].isin(codes)]
    if len(ended):
        first = ended.iloc[0]
        went = f", in {first['to_code']}" if pd.notna(first["to_code"]) else ""
        raise PopulationError(
            f"{_codes(set(ended['from_code']))}: {first['from_code']} ended on {first['date']}{went}",
            where=MERGERS,
            expected=f"codes of {day.date.isoformat()}",
            todo="look whether this is the list of another year, or correct the merger",
        )


def _with_year(population: Population, day: Day, n: int, add_year: bool, *, is_official: bool) -> pd.DataFrame | None:
    """The table ``municipalities`` with the number of this frame; None where that is there already."""
    table, wave = population.municipalities, day.wave
    on_new_year = n - population.net_change(day.new_year, day.date)
    known = table[table["year"] == wave]
    status = "confirmed" if is_official else "not_confirmed"
    row = pd.DataFrame({"year": [wave], "municipalities": [on_new_year], "status": [status]})
    is_open = known.empty or known["status"].iloc[0] != "confirmed"
    is_same = not known.empty and int(known["municipalities"].iloc[0]) == on_new_year
    if is_same and not (add_year and is_open and is_official):
        check_population(population)
        return None
    if not (add_year and is_open):
        found = "no row" if known.empty else f"{known['municipalities'].iloc[0]}, {known['status'].iloc[0]}"
        raise PopulationError(
            f"{on_new_year} municipalities on 1 January {wave}",
            where=MUNICIPALITIES,
            expected=f"as there: {found}",
            todo=f"look which is right; --add-year writes {wave},{on_new_year},{status}"
            if is_open
            else "complete or correct the list",
        )
    years = pd.concat([table[table["year"] != wave], row.astype(table.dtypes)]).sort_values("year", ignore_index=True)
    check_population(replace(population, municipalities=years))
    return years


def _count_of(years: pd.DataFrame, wave: int) -> str:
    row = years[years["year"] == wave].iloc[0]
    return f"{row['municipalities']}, {row['status']}"


def _listed(project: Project, wave: int, file: Path | None, today: str) -> Listed:
    if file is not None:
        listed = read_list(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        return Listed(listed, Source({"file": file.name, "sha256": digest, "read": today}, file.name))
    sources = read_yaml(project.raw / "population" / "sources.yml", PopulationSources, PopulationError)
    table = sources.table(wave)
    record = {"publisher": sources.publisher, "licence": sources.licence, "series": f"{sources.series} {wave}"}
    told = f"table {table} of {sources.publisher}"
    return Listed(fetch_municipalities(sources, wave), Source(record | {"table": table, "fetched": today}, told))


def _frames(project: Project) -> list[int]:
    found = (re.fullmatch(r"frame_(\d{4})", path.stem) for path in (project.raw / "population").glob("frame_*.csv"))
    return [int(match[1]) for match in found if match]


def _codes(codes: set[str]) -> str:
    named = sorted(codes)
    return ", ".join(named[:NAMED]) + (f" and {len(named) - NAMED} more" if len(named) > NAMED else "")


def _write(folder: Path, frame: pd.DataFrame, record: dict, years: pd.DataFrame | None, wave: int) -> bool:
    """The frame last, for it says that a wave has one; whether it was not there yet."""
    path = folder / f"frame_{wave}.csv"
    content = frame.to_csv(index=False, lineterminator="\n").encode()
    if path.is_file() and path.read_bytes() != content:
        raise PopulationError(
            f"{path.name} is there already, and differs",
            where=path,
            expected="no frame, or this one",
            todo="move it away to replace it",
        )
    if years is not None:
        table = years.to_csv(index=False, lineterminator="\n").encode()
        write_file(folder / "municipalities.csv", table, PopulationError, overwrite=True)
    is_new = not path.is_file()
    if is_new:
        told = yaml.safe_dump(record, sort_keys=False, allow_unicode=True).encode()
        write_file(path.with_suffix(".yml"), told, PopulationError, overwrite=True)
        write_file(path, content, PopulationError)
    return is_new
