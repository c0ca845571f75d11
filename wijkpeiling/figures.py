"""One figure that a publication gives about a wave: read from a row, checked by itself."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from wijkpeiling import contracts
from wijkpeiling.checking import Contract
from wijkpeiling.errors import IntakeError
from wijkpeiling.project import Project

WHOLE, APPROXIMATE = "whole_percent", "approximate"


@dataclass(frozen=True)
class PublishedFigure:
    """A percentage, or a direction, that a publication gives; None where its row has an empty cell.

    Attributes
    ----------
    wave
        Year; of another study, its own.
    where
        File, and row as a spreadsheet shows it.
    pct
        0 to 100, as printed.
    precision
        ``whole_percent`` or ``approximate``.
    count
        Municipalities behind the percentage, where the source gives them; of a response rate those of ``wave.yml``.
    base, base_n
        Over whom it was taken and how many they were, where the source states it.
    direction, compared_with
        ``higher`` or ``lower``, than in the wave of that year.
    unit
        Of `contracts.UNITS`.
    status
        Of `contracts.STATUSES`.
    remark_nl, remark_en
        What readers must know of it.
    source_title, source_url, confidence
        Where it was found, and how sure that is.
    bases
        Each base that it may have been taken over, with the sizes that this base can have; a figure that says its base
        has one. Filled by `published.read_published`.
    """

    wave: int
    where: str
    concept: str
    pct: float | None
    precision: str | None
    count: int | None
    base: str | None
    base_n: int | None
    direction: str | None
    compared_with: int | None
    unit: str
    status: str
    remark_nl: str | None
    remark_en: str | None
    source_title: str
    source_url: str | None
    confidence: str
    bases: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_accepted(self) -> bool:
        return self.status == "accepted"

    @property
    def is_whole(self) -> bool:
        """Whether it is a percentage rounded to a whole number."""
        return self.precision == WHOLE

    @property
    def is_of_municipalities(self) -> bool:
        return self.unit == "municipalities"

    @property
    def share(self) -> float:
        """The percentage on the scale of 0 to 1; NaN where only a direction was published."""
        return math.nan if self.pct is None else self.pct / 100

    def remark(self, language: str) -> str | None:
        return {"nl": self.remark_nl, "en": self.remark_en}[language]

    def counts(self, n: int) -> list[int]:
        """Counts out of ``n`` that it can stand for: the one its source states, or those that its percentage fits."""
        return self.rounding_counts(n) if self.count is None else [self.count]

    def rounding_counts(self, n: int) -> list[int]:
        """Counts out of ``n`` that round to it; none for a direction."""
        return [] if self.pct is None else feasible_counts(self.pct, n)


def feasible_counts(pct: float, n: int) -> list[int]:
    """Counts out of ``n`` that round to the whole percentage ``pct``.

    Parameters
    ----------
    pct
        Whole percentage, 0 to 100.
    n
        Base, at least 1.

    Notes
    -----
    Both ways of rounding a half are allowed, so a count exactly between two percentages fits both. An empty list is a
    finding about the source: weighted, another base, or a slip (the granularity test of Brown & Heathers 2017).
    """
    low = math.ceil((Fraction(pct) - Fraction(1, 2)) * n / 100)
    high = math.floor((Fraction(pct) + Fraction(1, 2)) * n / 100)
    return list(range(max(low, 0), min(high, n) + 1))


def read_figures(project: Project, path: Path, contract: Contract, wave: int | None = None) -> list[PublishedFigure]:
    """Read a file of published figures, each checked by itself.

    Parameters
    ----------
    contract
        ``contracts.PUBLISHED`` of a wave, or ``contracts.OTHER_STUDIES``, whose rows have a year.
    wave
        The wave they are about.

    Raises
    ------
    IntakeError
        When the file does not follow its contract, or a figure names an unknown concept or base or contradicts itself.
    """
    table = contracts.read_table(path, contract, IntakeError)
    place = path.relative_to(project.root).as_posix()
    cells = table.astype(object).where(table.notna(), None)
    figures = []
    for row, values in enumerate(cells.to_dict("records"), start=2):
        year = values.pop("year", wave)
        figure = PublishedFigure(wave=year, where=f"{place}, row {row}", **values)
        for fault in (*_unknown_names(figure, project), *_faults_of_percentage(figure), *_out_of_place(figure, wave)):
            raise fault
        figures.append(figure)
    return figures


def _unknown_names(figure: PublishedFigure, project: Project) -> Iterator[IntakeError]:
    if figure.concept not in project.concepts:
        yield IntakeError(
            f"{figure.concept} is no concept",
            where=f"{figure.where}, column concept",
            expected="a slug of data/raw/concepts.yml",
            todo="correct the slug, or add the concept there first",
        )
    if figure.base is not None and figure.base not in project.bases:
        yield IntakeError(
            f"{figure.base} is no base",
            where=f"{figure.where}, column base",
            expected="one of " + ", ".join(project.bases),
            todo="correct the slug, or add the base to data/raw/concepts.yml first",
        )


def _faults_of_percentage(figure: PublishedFigure) -> Iterator[IntakeError]:
    is_direction = figure.status == "direction_only"
    if is_direction != (figure.pct is None):
        yield IntakeError(
            f"{figure.concept} has status {figure.status} and " + ("a percentage" if is_direction else "no percentage"),
            where=f"{figure.where}, column pct",
            expected="a percentage, unless the status is direction_only",
            todo="correct the status or the percentage",
        )
    if not is_direction and figure.precision is None:
        yield IntakeError(
            f"{figure.concept} does not say how precise {figure.pct:g} is",
            where=f"{figure.where}, column precision",
            expected="whole_percent or approximate",
            todo='choose approximate for "about", "half" or "two thirds"',
        )
    if figure.is_whole and figure.pct is not None and not figure.pct.is_integer():
        yield IntakeError(
            f"{figure.pct:g} is not a whole percentage",
            where=f"{figure.where}, column pct",
            expected="a whole number, or precision approximate",
            todo="copy the percentage as it was printed",
        )


def _out_of_place(figure: PublishedFigure, wave: int | None) -> Iterator[IntakeError]:
    year = figure.compared_with
    faults = {
        "a figure of another study": wave is not None and figure.status == "other_study",
        f"a direction of {figure.concept} against no year": figure.direction is not None and year is None,
        f"{figure.concept} is compared with {year}, without a direction": figure.direction is None and year is not None,
        f"{figure.concept} is compared with {year}, which is not before {figure.wave}": year is not None
        and year >= figure.wave,
        f"a count of {figure.count} beside an approximate percentage": figure.precision == APPROXIMATE
        and figure.count is not None,
    }
    for fault, holds in faults.items():
        if holds:
            yield contradiction(fault, figure.where)


def contradiction(what: str, where: str) -> IntakeError:
    """The error for figures that cannot hold together."""
    return IntakeError(
        what,
        where=where,
        expected="figures of this wave that can hold together, and with wave.yml",
        todo="correct the row, or give it the status contested or rejected, with a remark",
    )
