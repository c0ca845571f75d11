"""The rounds of the survey: ``wave.yml`` of each, checked by itself and against the others."""

import datetime
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wijkpeiling.errors import ProjectError
from wijkpeiling.records import Record, Text, read_yaml

YEAR = re.compile("[1-9][0-9]{3}")
# no country has more municipalities
Count = Annotated[int, Field(ge=1, le=100_000)]
Weighting = Literal["size_class", "none"]


class Overlap(Record):
    """Respondents of a wave that also answered an earlier one."""

    wave: int
    n_respondents: Annotated[int, Field(ge=0, le=100_000)]
    remark: Text | None = None


class LargestCities(Record):
    """How many of the largest municipalities took part, and which publication says so; without one it is not told."""

    n_municipalities: Count
    n_respondents: Annotated[int, Field(ge=0, le=100_000)]
    source: Text | None = None


class WaveReport(Record):
    """The publication of a wave."""

    title: str
    published: Text
    url: Annotated[str, Field(pattern="^https?://")] | None = None


class Wave(Record):
    """One round of the survey.

    Attributes
    ----------
    weighting
        How answers become shares of all municipalities: ``size_class``, weighed within each class up to the frame, or
        ``none``, in which every answer counts alike. Published figures stay as they were published.
    """

    wave: int
    fieldwork: Text
    frame_date: datetime.date
    n_respondents: Count | None
    baseline: int | None
    overlap: tuple[Overlap, ...]
    report: WaveReport
    held_by: Text
    largest_cities: LargestCities | None = None
    weighting: Weighting = "size_class"

    def overlap_with(self, wave: int) -> int | None:
        """Respondents that also answered ``wave``, or None where that is not known."""
        return next((known.n_respondents for known in self.overlap if known.wave == wave), None)


def read_waves(raw: Path) -> dict[int, Wave]:
    """Read the waves in ``data/raw``, by year, in order.

    Raises
    ------
    ProjectError
        When there is none, a folder is not named after its year, or waves contradict themselves or each other.
    """
    folders = sorted(folder for folder in raw.iterdir() if folder.is_dir() and folder.name.strip().isdigit())
    for folder in folders:
        if not YEAR.fullmatch(folder.name):
            raise ProjectError(
                f"a folder called {folder.name!r}",
                where=raw,
                expected="a folder named after the year in four digits, such as 2019",
                todo="rename the folder",
            )
    if not folders:
        raise ProjectError("no wave", where=raw, expected="a folder named after the year, such as 2019", todo="add one")
    waves = {int(folder.name): read_yaml(folder / "wave.yml", Wave) for folder in folders}
    for year, wave in waves.items():
        _check_wave(year, wave, waves, raw / str(year) / "wave.yml")
    return waves


def _check_wave(year: int, wave: Wave, waves: dict[int, Wave], path: Path) -> None:
    named = [known.wave for known in wave.overlap]
    cities = wave.largest_cities
    faults = {
        f"wave {wave.wave} stands in folder {year}": wave.wave != year,
        f"frame_date {wave.frame_date} is of another year": wave.frame_date.year != year,
        f"baseline {wave.baseline} is not before wave {year}": wave.baseline is not None and wave.baseline >= year,
        f"baseline {wave.baseline}, which is no wave": wave.baseline is not None and wave.baseline not in waves,
        f"overlap with {', '.join(map(str, named))}: not each once": len(set(named)) < len(named),
    }
    if cities:
        n, n_all = cities.n_respondents, wave.n_respondents
        faults |= {
            f"{n} of the {cities.n_municipalities} largest cities": n > cities.n_municipalities,
            f"{n} respondents among the largest cities, {n_all} among all": n_all is not None and n > n_all,
        }
    for known in wave.overlap:
        other = waves.get(known.wave)
        sizes = [one.n_respondents for one in (wave, other) if one and one.n_respondents is not None]
        faults |= {
            f"overlap with {known.wave}, which is not before {year}": known.wave >= year,
            f"overlap with {known.wave}, which is no wave": other is None,
            f"overlap of {known.n_respondents} with {known.wave}, where {min(sizes, default=0)} answered": bool(sizes)
            and known.n_respondents > min(sizes),
        }
    if any(faults.values()):
        raise ProjectError(
            next(fault for fault, holds in faults.items() if holds),
            where=path,
            expected="the year of its folder; baseline and overlaps of earlier waves, each once, no larger than either",
            todo="correct the value",
        )
