"""How many municipalities there are, by year and size class, and how they merged."""

import datetime
from dataclasses import dataclass

import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import PopulationError
from wijkpeiling.project import Project


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
        counts = self.municipalities.set_index("year")["municipalities"]
        if date.year not in counts.index:
            raise PopulationError(
                f"the number of municipalities in {date.year} is not known",
                where="data/raw/population/municipalities.csv",
                expected=f"a row for {date.year}",
                todo="add the row, with its source in sources.yml",
            )
        new_year = datetime.date(date.year, 1, 1)
        return int(counts[date.year]) + len(self._begun(new_year, date)) - len(self._ended(new_year, date))

    def n_common(self, first: datetime.date, second: datetime.date) -> int:
        """Municipalities whose code stands on both dates: the frame that two waves share."""
        return self.n_municipalities(first) - len(self._ended(first, second) - self._begun(first, second))

    def _ended(self, after: datetime.date, until: datetime.date) -> set[str]:
        return set(self._between(after, until)["from_code"])

    def _begun(self, after: datetime.date, until: datetime.date) -> set[str]:
        """Codes that are new: an absorbing municipality keeps the code it had."""
        between = self._between(after, until)
        return set(between.loc[between["kind"].isin(["merger", "rename"]), "to_code"].dropna())

    def _between(self, after: datetime.date, until: datetime.date) -> pd.DataFrame:
        dates = self.mergers["date"]
        return self.mergers[(dates > after.isoformat()) & (dates <= until.isoformat())]


def read_population(project: Project) -> Population:
    """Read ``data/raw/population`` and check that its tables agree.

    Raises
    ------
    PopulationError
        When a file is missing or broken, size classes do not add up to the year's municipalities, or the mergers do
        not lead from one year's number to the next.
    """
    folder = project.raw / "population"
    population = Population(
        contracts.read_table(folder / "municipalities.csv", contracts.MUNICIPALITIES, PopulationError),
        contracts.read_table(folder / "size_classes.csv", contracts.SIZE_CLASS_COUNTS, PopulationError),
        contracts.read_table(folder / "mergers.csv", contracts.MERGERS, PopulationError),
    )
    _check_size_classes(population)
    _check_mergers(population)
    return population


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
    counts = population.municipalities.set_index("year")["municipalities"].to_dict()
    last = datetime.date.fromisoformat(population.mergers["date"].max()).year
    for year in sorted(counts):
        if year + 1 not in counts or year + 1 > last:
            continue
        first, second = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
        reached = population.n_common(first, second) + len(population._begun(first, second))
        if reached != counts[year + 1]:
            raise PopulationError(
                f"the mergers lead from {counts[year]} in {year} to {reached} in {year + 1}",
                where="data/raw/population/mergers.csv",
                expected=f"{counts[year + 1]} as in municipalities.csv",
                todo="add the merger that is missing or correct its date",
            )
