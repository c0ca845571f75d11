"""Published figures held against what the waves and the population say: what cannot be is refused where it is read."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from wijkpeiling.errors import ProjectError
from wijkpeiling.figures import PublishedFigure, contradiction
from wijkpeiling.population import Population
from wijkpeiling.project import Project
from wijkpeiling.waves import Overlap, Wave

RESPONSE_RATE = "response_rate"
PANEL_OVERLAP = "panel_overlap_prev_wave"
# "about half" beside 55 percent; "about half" beside 86 is a slip
FAR_APART = 10
# half a percentage point, by which a printed percentage can differ from the one it rounds
ROUNDING = 0.005 + 1e-11

Figures = Sequence[PublishedFigure]
Fault = tuple[str, list[PublishedFigure]]


def check_waves(project: Project, population: Population) -> None:
    """Refuse a wave that the population cannot have had.

    Raises
    ------
    ProjectError
        When more municipalities answered than there were, or an overlap is larger or smaller than can be.
    """
    for wave in project.waves.values():
        _check_sizes(project, population, wave)


def check_agreement(project: Project, population: Population, figures: Figures) -> None:
    """Refuse figures that contradict each other or the waves.

    Raises
    ------
    IntakeError
        When a figure is compared with a year that is no wave, a direction contradicts another, accepted figures of one
        concept stand far apart, a count is of more municipalities than can be, or a response rate or overlap is not
        that of ``wave.yml``.

    Notes
    -----
    A figure that names its base and not how many it holds is no contradiction: a source can say no more than that (two
    thirds of the respondents of 2022, whose number was not found). It has a share and no interval, which its flag says.
    """
    for figure in figures:
        year = figure.compared_with
        if year is not None and year not in project.waves:
            raise contradiction(f"{figure.concept} is compared with {year}, which is no wave", figure.where)
    for what, same in (*_contrary_directions(figures), *_far_apart(figures)):
        raise contradiction(what, "; ".join(figure.where for figure in same))
    for figure in figures:
        if figure.is_accepted:
            _check_count(project, population, figure)
            _check_printed(project, population, figure)


def _check_sizes(project: Project, population: Population, wave: Wave) -> None:
    where = project.raw / str(wave.wave) / "wave.yml"
    n = wave.n_respondents
    # of a wave that is still to be held, the number of municipalities need not be known
    if n is not None and n > (N := population.n_municipalities(wave.frame_date)):
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


def _contrary_directions(figures: Figures) -> Iterator[Fault]:
    told = [figure for figure in figures if figure.direction and figure.status != "rejected"]
    for same in _groups(told, lambda figure: (figure.concept, figure.wave, figure.compared_with)):
        if len({figure.direction for figure in same}) > 1:
            (first, *_) = same
            yield f"{first.concept} of {first.wave} is both higher and lower than in {first.compared_with}", same


def _far_apart(figures: Figures) -> Iterator[Fault]:
    accepted = [figure for figure in figures if figure.is_accepted]
    for same in _groups(accepted, lambda figure: (figure.concept, figure.wave, figure.unit)):
        values = [figure.pct for figure in same if figure.pct is not None]
        if values and max(values) - min(values) > FAR_APART:
            (first, *_) = same
            yield (
                f"{first.concept} of {first.wave} is {' and '.join(f'{pct:g}' for pct in values)} percent at once",
                same,
            )


def _groups(figures: Figures, key: Callable[[PublishedFigure], Hashable]) -> Iterable[list[PublishedFigure]]:
    groups: dict[Hashable, list[PublishedFigure]] = defaultdict(list)
    for figure in figures:
        groups[key(figure)].append(figure)
    return groups.values()


def _check_count(project: Project, population: Population, figure: PublishedFigure) -> None:
    """No more municipalities than answered have a property; of a frame, than there are."""
    if not figure.is_of_municipalities or figure.count is None:
        return
    wave = project.wave(figure.wave)
    is_frame = figure.base is None or project.bases[figure.base].is_frame
    most = None if is_frame else wave.n_respondents
    most = population.n_municipalities(wave.frame_date) if most is None else most
    if figure.count > most:
        raise contradiction(
            f"a count of {figure.count} municipalities, where there are {most}", f"{figure.where}, column count"
        )


def _check_printed(project: Project, population: Population, figure: PublishedFigure) -> None:
    """A response rate and an overlap that were printed are those that ``wave.yml`` counts."""
    is_printed = figure.is_whole and figure.pct is not None
    if not is_printed or figure.concept not in (RESPONSE_RATE, PANEL_OVERLAP):
        return
    wave = project.wave(figure.wave)
    earlier = [year for year in project.waves if year < wave.wave]
    if figure.concept == RESPONSE_RATE:
        part, whole = wave.n_respondents, population.n_municipalities(wave.frame_date)
    else:
        part, whole = wave.overlap_with(max(earlier)) if earlier else None, wave.n_respondents or 0
    if part is not None and whole and abs(part / whole - figure.share) > ROUNDING:
        raise contradiction(
            f"{figure.concept} of {figure.pct:g} percent, where wave.yml has {part} of {whole}",
            f"{figure.where}, column pct",
        )
