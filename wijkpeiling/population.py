"""How many municipalities there are, by year and size class, and how they merged."""

import datetime
import graphlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import PopulationError
from wijkpeiling.project import Project

MUNICIPALITIES = "data/raw/population/municipalities.csv"
MERGERS = "data/raw/population/mergers.csv"
LINEAGES = ("same", "renamed", "merged", "split")


@dataclass(frozen=True)
class Population:
    """The municipalities of the Netherlands through the years.

    Attributes
    ----------
    municipalities, size_classes, mergers
        Tables of the contracts of those names.
    """

    municipalities: pd.DataFrame
    size_classes: pd.DataFrame
    mergers: pd.DataFrame

    def n_municipalities(self, date: datetime.date) -> int:
        """Municipalities on ``date``: those of 1 January, less the ones that ended since.

        Raises
        ------
        PopulationError
            When the year is not in ``municipalities.csv``.
        """
        if date.year not in self._counts:
            raise PopulationError(
                f"the number of municipalities in {date.year} is not known",
                where=MUNICIPALITIES,
                expected=f"a row for {date.year}",
                todo="add the row, with its source in sources.yml",
            )
        return self._counts[date.year] + self.net_change(datetime.date(date.year, 1, 1), date)

    def n_common(self, first: datetime.date, second: datetime.date) -> int:
        """Municipalities whose code stands on both dates: the frame that two waves share."""
        return self.n_municipalities(first) - len(self._ended(first, second) - self._begun(first, second))

    def lineage(self, codes: Iterable[str], first: datetime.date, second: datetime.date) -> dict[str, str]:
        """The codes that those of ``first`` have led to on ``second``, each with how: one of `LINEAGES`.

        ``same``: nothing happened to it that is on record. ``renamed``: another code for the same municipality.
        ``merged``: it holds what were two or more, under a new code or that of the one which took in the others.
        ``split``: it took in part of another. Of a municipality that took in whole ones and a part, ``merged``.
        """
        found, ended = dict.fromkeys(codes, "same"), set()
        dates = self.mergers["date"]
        between = self.mergers[(dates > first.isoformat()) & (dates <= second.isoformat())]
        for change in between.sort_values("date", kind="stable").itertuples():
            if change.from_code not in found:
                continue
            ended.add(change.from_code)
            before, new = found[change.from_code], change.to_code
            if pd.isna(new):
                continue
            if change.kind == "rename":
                found[new] = "renamed" if before == "same" else before
            elif change.kind != "split":
                found[new] = "merged"
            elif found.get(new) != "merged":
                found[new] = "split"
        return {code: how for code, how in found.items() if code not in ended}

    def net_change(self, first: datetime.date, second: datetime.date) -> int:
        """By how much the number of municipalities changed from one date to the other."""
        return len(self._begun(first, second)) - len(self._ended(first, second))

    def _ended(self, after: datetime.date, until: datetime.date) -> set[str]:
        return _dated(self._ends, after, until)

    def _begun(self, after: datetime.date, until: datetime.date) -> set[str]:
        """Codes that are new: an absorbing municipality keeps the code it had."""
        return _dated(self._beginnings, after, until)

    # asked for each figure and each pair of waves, of tables that do not change
    @cached_property
    def _counts(self) -> dict[int, int]:
        return self.municipalities.set_index("year")["municipalities"].astype(int).to_dict()

    @cached_property
    def _ends(self) -> list[tuple[str, str]]:
        return list(zip(self.mergers["date"], self.mergers["from_code"], strict=True))

    @cached_property
    def _beginnings(self) -> list[tuple[str, str]]:
        new = self.mergers[self.mergers["kind"].isin(["merger", "rename"])].dropna(subset="to_code")
        return list(zip(new["date"], new["to_code"], strict=True))


def _dated(codes: list[tuple[str, str]], after: datetime.date, until: datetime.date) -> set[str]:
    first, last = after.isoformat(), until.isoformat()
    return {code for date, code in codes if first < date <= last}


def read_population(project: Project) -> Population:
    """Read ``data/raw/population`` and check that its tables agree.

    Raises
    ------
    PopulationError
        When a file is missing or broken, size classes do not add up to the year's municipalities, or the mergers do
        not lead from one year's number to the next.
    """
    population = read_tables(project)
    check_population(population)
    return population


def read_tables(project: Project) -> Population:
    """Read ``data/raw/population``, each table by itself: whoever is to change one checks them together afterwards.

    Raises
    ------
    PopulationError
        When a file is missing or broken.
    """
    folder = project.raw / "population"
    return Population(
        contracts.read_table(folder / "municipalities.csv", contracts.MUNICIPALITIES, PopulationError),
        contracts.read_table(folder / "size_classes.csv", contracts.SIZE_CLASS_COUNTS, PopulationError),
        contracts.read_table(folder / "mergers.csv", contracts.MERGERS, PopulationError),
    )


def check_population(population: Population) -> None:
    """Hold the tables against each other.

    Raises
    ------
    PopulationError
        As `read_population`.
    """
    _check_years(population)
    _check_size_classes(population)
    _check_each_merger(population)
    check_no_circle(population.mergers, MERGERS)
    _check_mergers(population)


def _check_years(population: Population) -> None:
    years = sorted(population.municipalities["year"])
    missing = sorted(set(range(years[0], years[-1])) - set(years)) if years else []
    if missing or not years:
        raise PopulationError(
            f"no number of municipalities for {', '.join(map(str, missing)) or 'any year'}",
            where=MUNICIPALITIES,
            expected="every year between the first and the last: mergers are followed from one to the next",
            todo="add the year",
        )


def _check_each_merger(population: Population) -> None:
    """Each code ends once, becomes another, and nothing comes after its end."""
    ended: dict[str, str] = {}
    for row, (date, kind, old, new, remark) in enumerate(population.mergers.itertuples(index=False), start=2):
        faults = {
            f"a {kind} of {old} without a successor": pd.isna(new) and kind in ("merger", "rename"),
            f"where {old} went is not known, and not why": pd.isna(new) and pd.isna(remark),
            f"{old} becomes {old}": old == new,
            f"{old} ends on {date} and on {ended.get(old)}": old in ended and (kind != "split" or ended[old] != date),
        }
        if any(faults.values()):
            raise _merger_error(next(fault for fault, holds in faults.items() if holds), row)
        ended[old] = date
    for row, (date, _, old, new, _) in enumerate(population.mergers.itertuples(index=False), start=2):
        if ended.get(new, date) < date:
            raise _merger_error(f"{old} goes into {new}, which ended on {ended[new]}", row)
    same = population.mergers.duplicated(["date", "from_code", "to_code"])
    if same.any():
        raise _merger_error("the same row twice", int(same.to_numpy().argmax()) + 2)


def check_no_circle(mergers: pd.DataFrame, where: str) -> None:
    """Refuse municipalities that went into each other, one way or another.

    Parameters
    ----------
    mergers
        Contract ``mergers`` or ``answer_mergers``.
    where
        What they are called in a message.

    Raises
    ------
    PopulationError
        Naming the circle.
    """
    predecessors: dict[str, set[str]] = {}
    for change in mergers.dropna(subset=["to_code"]).itertuples():
        predecessors.setdefault(change.to_code, set()).add(change.from_code)
    try:
        graphlib.TopologicalSorter(predecessors).prepare()
    except graphlib.CycleError as failure:
        raise PopulationError(
            "the mergers run in a circle: " + " -> ".join(failure.args[1]),
            where=where,
            expected="a code that ended does not come back",
            todo="correct from_code, to_code or the date",
        ) from None


def _merger_error(what: str, row: int) -> PopulationError:
    return PopulationError(
        what,
        where=f"{MERGERS}, row {row}",
        expected="each code ends once, in a code that is there; a remark where its successor is not known",
        todo="correct the row",
    )


def _check_size_classes(population: Population) -> None:
    totals = population.size_classes.groupby("year")["municipalities"].sum()
    counts = population.municipalities.set_index("year")["municipalities"]
    for year, total in totals.items():
        if year not in counts.index or counts[year] != total:
            raise PopulationError(
                f"the size classes of {year} add up to {total}",
                where="data/raw/population/size_classes.csv",
                expected=f"{counts.get(year, 'a row for the year')} as in municipalities.csv",
                todo="correct the class that is off",
            )


def _check_mergers(population: Population) -> None:
    counts = population._counts
    for year in sorted(counts)[:-1]:
        first, second = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
        reached = population.n_common(first, second) + len(population._begun(first, second))
        if reached != counts[year + 1]:
            raise PopulationError(
                f"the mergers lead from {counts[year]} in {year} to {reached} in {year + 1}",
                where=MERGERS,
                expected=f"{counts[year + 1]} as in municipalities.csv",
                todo="add the merger that is missing or correct its date",
            )
