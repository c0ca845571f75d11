"""Figures published about the waves: checked, and set against the counts that can give them."""

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.agreement import check_agreement, check_waves
from wijkpeiling.errors import IntakeError
from wijkpeiling.instrument import Questionnaire, check_verdicts, read_questionnaire
from wijkpeiling.population import Population, read_population
from wijkpeiling.project import Project

OTHER_STUDIES = "other_studies.csv"

# a response rate is taken over the municipalities of the frame, and its count is the wave's own number of respondents
WHOLE_FRAME = "all_municipalities"
RESPONDENTS = "respondents"


@dataclass(frozen=True)
class Published:
    """Everything that was published about the waves, with what is needed to read it.

    Attributes
    ----------
    figures
        Contract ``published`` with ``wave`` (year) and ``where`` (file and row) in front.
    """

    project: Project
    population: Population
    questionnaires: dict[int, Questionnaire]
    figures: pd.DataFrame

    def n_municipalities(self, wave: int) -> int:
        """N: municipalities on the day the wave is set against."""
        return self.population.n_municipalities(self.project.wave(wave).frame_date)

    def accepted(self, wave: int, concept: str) -> pd.Series | None:
        """The accepted figure of a concept in a wave, the one with most known about its base; None without one."""
        figures = self.figures
        rows = figures[
            (figures["wave"] == wave)
            & (figures["concept"] == concept)
            & (figures["status"] == "accepted")
            & figures["pct"].notna()
        ]
        if rows.empty:
            return None
        return rows.sort_values(["count", "base_n"], na_position="last", kind="stable").iloc[0]

    def directions(self, wave: int, baseline: int) -> dict[str, pd.Series]:
        """Directions that a publication reports for ``wave`` against ``baseline``, by concept."""
        figures = self.figures
        rows = figures[
            (figures["wave"] == wave) & (figures["compared_with"] == baseline) & figures["direction"].notna()
        ]
        return {row["concept"]: row for _, row in rows.iterrows()}

    def stated_sizes(self, wave: int, base: str) -> list[int]:
        """Sizes of a base that accepted figures of a wave state."""
        figures = self.figures
        rows = figures[(figures["wave"] == wave) & (figures["base"] == base) & (figures["status"] == "accepted")]
        return sorted({int(n) for n in rows["base_n"].dropna()})

    def measured(self) -> dict[str, list[int]]:
        """Waves with an accepted percentage of what municipalities answered, by concept."""
        figures = self.figures
        asked = [slug for slug, concept in self.project.concepts.items() if concept.is_answer]
        rows = figures[(figures["status"] == "accepted") & figures["pct"].notna() & figures["concept"].isin(asked)]
        return rows.groupby("concept")["wave"].unique().map(sorted).to_dict()

    def base_sizes(self, wave: int, base: str) -> list[int]:
        """Numbers of respondents a base can have: one where it is known, several where a rounded share gives it."""
        if base == RESPONDENTS:
            n = self.project.wave(wave).n_respondents
            return [] if n is None else [n]
        if base == WHOLE_FRAME:
            return [self.n_municipalities(wave)]
        defining = self.project.bases[base].defined_by
        figure = self.accepted(wave, defining) if defining else None
        n = self.project.wave(wave).n_respondents
        return [] if figure is None or n is None else feasible_counts_of(figure, n)

    def candidate_bases(self, figure: pd.Series) -> dict[str, list[int]]:
        """Bases that a figure may have been taken over, each with the sizes it can have."""
        if pd.notna(figure["base"]):
            stated = [] if pd.isna(figure["base_n"]) else [int(figure["base_n"])]
            return {figure["base"]: stated or self.base_sizes(figure["wave"], figure["base"])}
        if figure["wave"] not in self.questionnaires:
            return {}
        bases = self.questionnaires[figure["wave"]].bases(figure["concept"])
        sizes = {base: self.base_sizes(figure["wave"], base) for base in bases}
        possible = {
            base: [n for n in known if figure["precision"] != "whole_percent" or feasible_counts_of(figure, n)]
            for base, known in sizes.items()
        }
        # a base over which no count gives the figure is not the one it was taken over, if another is
        return {base: known for base, known in (possible if any(possible.values()) else sizes).items() if known}


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


def feasible_counts_of(figure: pd.Series, n: int) -> list[int]:
    """Counts out of ``n`` that a figure can stand for: the one its source states, or those that its percentage fits."""
    if pd.notna(figure["count"]):
        return [int(figure["count"])]
    return feasible_counts(figure["pct"], n)


def read_published(project: Project) -> Published:
    """Read the published figures of every wave and check them against concepts, waves and bases.

    Raises
    ------
    InstrumentError
        When an item has no verdict on comparability with an earlier wave that has a percentage of it.
    IntakeError
        When a file does not follow its contract, a figure names an unknown concept or an impossible base, accepted
        figures repeat or contradict each other, or no count can give an accepted percentage.
    """
    questionnaires = {wave: read_questionnaire(project, wave) for wave in project.waves}
    tables = [_read_figures(project, project.raw / str(wave) / "published.csv", wave) for wave in project.waves]
    figures = pd.concat(tables, ignore_index=True)
    published = Published(project, read_population(project), questionnaires, figures)
    check_waves(project, published.population)
    _check_figures(published)
    check_agreement(project, published.population, figures)
    check_verdicts(questionnaires, published.measured(), project.raw)
    return published


def read_other_studies(project: Project) -> pd.DataFrame:
    """Figures of other studies that could be mistaken for one of a wave: columns as ``Published.figures``."""
    path = project.raw / OTHER_STUDIES
    table = contracts.read_table(path, contracts.OTHER_STUDIES, IntakeError).rename(columns={"year": "wave"})
    figures = _locate(table, path, project)
    for _, figure in figures.iterrows():
        _check_concept(figure, project)
        _check_percentage(figure)
    return figures


def _read_figures(project: Project, path: Path, wave: int) -> pd.DataFrame:
    table = contracts.read_table(path, contracts.PUBLISHED, IntakeError)
    table.insert(0, "wave", wave)
    return _locate(table, path, project)


def _locate(table: pd.DataFrame, path: Path, project: Project) -> pd.DataFrame:
    place = path.relative_to(project.root).as_posix()
    table.insert(1, "where", [f"{place}, row {row}" for row in range(2, len(table) + 2)])
    return table


def _check_figures(published: Published) -> None:
    for _, figure in published.figures.iterrows():
        _check_concept(figure, published.project)
        _check_percentage(figure)
        _check_base(figure, published)
        _check_counts(figure, published)
    _check_agreement(published.figures)


def _check_concept(figure: pd.Series, project: Project) -> None:
    if figure["concept"] not in project.concepts:
        raise IntakeError(
            f"{figure['concept']} is no concept",
            where=f"{figure['where']}, column concept",
            expected="a slug of data/raw/concepts.yml",
            todo="correct the slug, or add the concept there first",
        )
    if pd.notna(figure["base"]) and figure["base"] not in project.bases:
        raise IntakeError(
            f"{figure['base']} is no base",
            where=f"{figure['where']}, column base",
            expected="one of " + ", ".join(project.bases),
            todo="correct the slug, or add the base to data/raw/concepts.yml first",
        )


def _check_percentage(figure: pd.Series) -> None:
    is_direction = figure["status"] == "direction_only"
    if is_direction != bool(pd.isna(figure["pct"])):
        raise IntakeError(
            f"{figure['concept']} has status {figure['status']} and "
            + ("a percentage" if is_direction else "no percentage"),
            where=f"{figure['where']}, column pct",
            expected="a percentage, unless the status is direction_only",
            todo="correct the status or the percentage",
        )
    if not is_direction and pd.isna(figure["precision"]):
        raise IntakeError(
            f"{figure['concept']} does not say how precise {figure['pct']:g} is",
            where=f"{figure['where']}, column precision",
            expected="whole_percent or approximate",
            todo='choose approximate for "about", "half" or "two thirds"',
        )
    if figure["precision"] == "whole_percent" and figure["pct"] != round(figure["pct"]):
        raise IntakeError(
            f"{figure['pct']:g} is not a whole percentage",
            where=f"{figure['where']}, column pct",
            expected="a whole number, or precision approximate",
            todo="copy the percentage as it was printed",
        )


def _check_base(figure: pd.Series, published: Published) -> None:
    if pd.isna(figure["base_n"]):
        return
    if pd.isna(figure["base"]):
        raise IntakeError(
            f"{figure['base_n']} of what?",
            where=f"{figure['where']}, column base",
            expected="one of " + ", ".join(published.project.bases),
            todo="name the base, or add it to data/raw/concepts.yml",
        )
    N = published.n_municipalities(figure["wave"])
    n = published.project.wave(figure["wave"]).n_respondents
    exact = {RESPONDENTS: n, WHOLE_FRAME: N}.get(figure["base"])
    most = (n or N) if published.project.bases[figure["base"]].defined_by else N
    is_municipal = figure["unit"] == "municipalities"
    if (exact is not None and figure["base_n"] != exact) or (is_municipal and figure["base_n"] > most):
        raise IntakeError(
            f"a base of {figure['base_n']} is impossible",
            where=f"{figure['where']}, column base_n",
            expected=f"{exact} for base {figure['base']}" if exact else f"at most {most}, all that can belong to it",
            todo="correct the base",
        )


def _check_counts(figure: pd.Series, published: Published) -> None:
    """An accepted percentage must be possible over at least one base that it may have been taken over."""
    if figure["status"] != "accepted" or figure["precision"] != "whole_percent":
        return
    sizes = [n for known in published.candidate_bases(figure).values() for n in known]
    possible = [count for n in sizes for count in feasible_counts(figure["pct"], n)]
    stated = figure["count"]
    if sizes and (not possible or (pd.notna(stated) and stated not in possible)):
        raise IntakeError(
            f"no count gives {figure['pct']:g} percent of {' or '.join(map(str, sizes))}"
            if pd.isna(stated)
            else f"{stated} of {' or '.join(map(str, sizes))} is not {figure['pct']:g} percent",
            where=f"{figure['where']}, column pct",
            expected=f"one of {sorted(set(possible))}" if possible else "a percentage that a whole count can give",
            todo="correct the base, or give the figure the status contested with a remark",
        )


def _check_agreement(figures: pd.DataFrame) -> None:
    accepted = figures[(figures["status"] == "accepted") & (figures["precision"] == "whole_percent")]
    source = ["wave", "concept", "unit", "source_title", "source_url", "pct"]
    for _, same in accepted.groupby(source, dropna=False, sort=False):
        if len(same) > 1:
            raise _disagreement(same, "appears twice from the same source", "remove one of the two rows")
    for _, same in accepted.groupby(["wave", "concept", "unit"], sort=False):
        if same["pct"].nunique() > 1:
            raise _disagreement(
                same,
                "has more than one accepted value: " + ", ".join(f"{pct:g}" for pct in same["pct"].unique()),
                "give all but one the status contested or rejected, with a remark",
            )


def _disagreement(rows: pd.DataFrame, what: str, todo: str) -> IntakeError:
    first = rows.iloc[0]
    return IntakeError(
        f"{first['concept']} in {first['wave']} {what}",
        where="; ".join(rows["where"]),
        expected="one accepted value for a concept in a wave",
        todo=todo,
    )
