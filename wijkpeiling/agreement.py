"""Published figures held against what the waves and the population say: what cannot be is refused where it is read."""

from collections.abc import Iterator

import pandas as pd

from wijkpeiling.errors import IntakeError, ProjectError
from wijkpeiling.population import Population
from wijkpeiling.project import Project
from wijkpeiling.waves import Overlap, Wave

RESPONSE_RATE = "response_rate"
PANEL_OVERLAP = "panel_overlap_prev_wave"
# "about half" beside 55 percent; "about half" beside 86 is a slip
FAR_APART = 10
# of a percentage point, by which a printed percentage can differ from the one it rounds
ROUNDING = 0.5 + 1e-9


def check_waves(project: Project, population: Population) -> None:
    """Refuse a wave that the population cannot have had.

    Raises
    ------
    ProjectError
        When more municipalities answered than there were, or an overlap is larger or smaller than can be.
    """
    for wave in project.waves.values():
        _check_sizes(project, population, wave)


def check_agreement(project: Project, population: Population, figures: pd.DataFrame) -> None:
    """Refuse figures that contradict each other or the waves.

    Parameters
    ----------
    figures
        Contract ``published`` with ``wave`` and ``where`` in front.

    Raises
    ------
    IntakeError
        When a figure belongs elsewhere, a direction contradicts another or itself, an approximation stands far from the
        percentage, a count is of more municipalities than can be, or a response rate or overlap is not that of
        ``wave.yml``.

    Notes
    -----
    A figure that names its base and not how many it holds is no contradiction: a source can say no more than that (two
    thirds of the respondents of 2022, whose number was not found). It has a share and no interval, which its flag says.
    """
    accepted = figures[figures["status"] == "accepted"]
    for _, figure in figures.iterrows():
        what = _out_of_place(figure, list(project.waves))
        if what:
            raise _contradiction(what, figure["where"])
    for what, rows in [*_contrary_directions(figures), *_far_apart(accepted)]:
        raise _contradiction(what, "; ".join(rows["where"]))
    for _, figure in accepted.iterrows():
        _check_count(project, population, figure)
        _check_printed(project, population, figure)


def _check_sizes(project: Project, population: Population, wave: Wave) -> None:
    where = project.raw / str(wave.wave) / "wave.yml"
    N, n = population.n_municipalities(wave.frame_date), wave.n_respondents
    if n is not None and n > N:
        raise ProjectError(
            f"{n} respondents of {N} municipalities",
            where=f"{where}, n_respondents",
            expected=f"at most the {N} municipalities of {wave.frame_date}",
            todo="correct n_respondents or frame_date",
        )
    if wave.largest_cities and wave.largest_cities.n_municipalities > N:
        raise ProjectError(
            f"{wave.largest_cities.n_municipalities} largest cities of {N} municipalities",
            where=f"{where}, largest_cities",
            expected=f"at most the {N} municipalities of {wave.frame_date}",
            todo="correct largest_cities or frame_date",
        )
    for known in wave.overlap:
        possible = _possible_in_both(project, population, wave, known)
        if known.n_respondents not in possible:
            raise ProjectError(
                f"overlap of {known.n_respondents} with {known.wave}",
                where=f"{where}, overlap",
                expected=f"at least {possible.start}, or more answered than there were municipalities for both without "
                f"them; at most {possible.stop - 1}",
                todo="correct the overlap",
            )


def _possible_in_both(project: Project, population: Population, wave: Wave, known: Overlap) -> range:
    """Numbers of municipalities that can have answered both waves, as in `possible_overlap` of estimation."""
    other = project.wave(known.wave)
    dates = other.frame_date, wave.frame_date
    common = population.n_common(*dates)
    sizes = [n for n in (wave.n_respondents, other.n_respondents) if n is not None]
    everyone = sum(map(population.n_municipalities, dates)) - common
    fewest = max(0, sum(sizes) - everyone) if len(sizes) == len(dates) else 0
    return range(fewest, min([*sizes, common]) + 1)


def _out_of_place(figure: pd.Series, waves: list[int]) -> str | None:
    """What is wrong with a figure by itself; None for nothing."""
    has_direction, year = pd.notna(figure["direction"]), figure["compared_with"]
    faults = {
        "a figure of another study": figure["status"] == "other_study",
        f"a direction of {figure['concept']} against no year": has_direction and pd.isna(year),
        f"{figure['concept']} is compared with {year}, without a direction": not has_direction and pd.notna(year),
        f"{figure['concept']} is compared with {year}, which is not before {figure['wave']}": pd.notna(year)
        and year >= figure["wave"],
        f"{figure['concept']} is compared with {year}, which is no wave": pd.notna(year) and year not in waves,
        f"a count of {figure['count']} beside an approximate percentage": figure["precision"] == "approximate"
        and pd.notna(figure["count"]),
    }
    return next((fault for fault, holds in faults.items() if holds), None)


def _contrary_directions(figures: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    told = figures[figures["direction"].notna() & (figures["status"] != "rejected")]
    for (concept, wave, year), rows in told.groupby(["concept", "wave", "compared_with"]):
        if rows["direction"].nunique() > 1:
            yield f"{concept} of {wave} is both higher and lower than in {year}", rows


def _far_apart(accepted: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for (concept, wave, _), rows in accepted[accepted["pct"].notna()].groupby(["concept", "wave", "unit"]):
        if rows["pct"].max() - rows["pct"].min() > FAR_APART:
            values = " and ".join(f"{pct:g}" for pct in rows["pct"])
            yield f"{concept} of {wave} is {values} percent at once", rows


def _check_count(project: Project, population: Population, figure: pd.Series) -> None:
    """No more municipalities than answered have a property; of a frame, than there are."""
    if figure["unit"] != "municipalities" or pd.isna(figure["count"]):
        return
    wave = project.wave(figure["wave"])
    is_frame = pd.isna(figure["base"]) or project.bases[figure["base"]].is_frame
    most = None if is_frame else wave.n_respondents
    most = population.n_municipalities(wave.frame_date) if most is None else most
    if figure["count"] > most:
        raise _contradiction(
            f"a count of {figure['count']} municipalities, where there are {most}", f"{figure['where']}, column count"
        )


def _check_printed(project: Project, population: Population, figure: pd.Series) -> None:
    """A response rate and an overlap that were printed are those that ``wave.yml`` counts."""
    if figure["precision"] != "whole_percent" or figure["concept"] not in (RESPONSE_RATE, PANEL_OVERLAP):
        return
    wave = project.wave(figure["wave"])
    earlier = [year for year in project.waves if year < wave.wave]
    if figure["concept"] == RESPONSE_RATE:
        part, whole = wave.n_respondents, population.n_municipalities(wave.frame_date)
    else:
        part, whole = wave.overlap_with(max(earlier)) if earlier else None, wave.n_respondents or 0
    if part is not None and whole and abs(100 * part / whole - figure["pct"]) > ROUNDING:
        raise _contradiction(
            f"{figure['concept']} of {figure['pct']:g} percent, where wave.yml has {part} of {whole}",
            f"{figure['where']}, column pct",
        )


def _contradiction(what: str, where: str) -> IntakeError:
    return IntakeError(
        what,
        where=where,
        expected="figures of this wave that can hold together, and with wave.yml",
        todo="correct the row, or give it the status contested or rejected, with a remark",
    )
