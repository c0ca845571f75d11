"""Figures published about the waves: checked, and set against the counts that can give them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from wijkpeiling import contracts
from wijkpeiling.agreement import check_agreement, check_waves
from wijkpeiling.errors import IntakeError
from wijkpeiling.figures import PublishedFigure, read_figures
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.instrument.reading import check_verdicts, read_questionnaire
from wijkpeiling.population import Population, read_population
from wijkpeiling.project import Project

OTHER_STUDIES = "other_studies.csv"

# a response rate is taken over the municipalities of the frame, and its count is the wave's own number of respondents
WHOLE_FRAME = "all_municipalities"
RESPONDENTS = "respondents"


@dataclass(frozen=True)
class Published:
    """Everything that was published about the waves, with what is needed to read it."""

    project: Project
    population: Population
    questionnaires: dict[int, Questionnaire]
    figures: tuple[PublishedFigure, ...]

    def n_municipalities(self, wave: int) -> int:
        """N: municipalities on the day the wave is set against."""
        return self.population.n_municipalities(self.project.wave(wave).frame_date)

    def has_results(self, wave: int) -> bool:
        """Whether anything is known of what came out of a wave: not of one that is still to be held."""
        return self.project.wave(wave).n_respondents is not None or any(figure.wave == wave for figure in self.figures)

    def accepted(self, wave: int, concept: str) -> PublishedFigure | None:
        """The accepted figure of a concept in a wave, the one with most known about its base; None without one."""
        figures = [
            figure
            for figure in self.figures
            if figure.is_accepted and figure.pct is not None and (figure.wave, figure.concept) == (wave, concept)
        ]
        return min(figures, key=lambda figure: (*_last(figure.count), *_last(figure.base_n)), default=None)

    def directions(self, wave: int, baseline: int) -> dict[str, PublishedFigure]:
        """Directions that a publication reports for ``wave`` against ``baseline``, by concept."""
        return {
            figure.concept: figure
            for figure in self.figures
            if figure.direction and (figure.wave, figure.compared_with) == (wave, baseline)
        }

    def stated_sizes(self, wave: int, base: str) -> list[int]:
        """Sizes of a base that accepted figures of a wave state."""
        return sorted(
            {
                figure.base_n
                for figure in self.figures
                if figure.is_accepted and figure.base_n is not None and (figure.wave, figure.base) == (wave, base)
            }
        )

    def measured(self) -> dict[str, list[int]]:
        """Waves with an accepted percentage of what municipalities answered, by concept."""
        waves = defaultdict(set)
        for figure in self.figures:
            if figure.is_accepted and figure.pct is not None and self.project.concepts[figure.concept].is_answer:
                waves[figure.concept].add(figure.wave)
        return {concept: sorted(years) for concept, years in waves.items()}

    def base_sizes(self, wave: int, base: str) -> tuple[int, ...]:
        """Numbers of respondents a base can have: one where it is known, several where a rounded share gives it."""
        n = self.project.wave(wave).n_respondents
        if base == RESPONDENTS:
            return () if n is None else (n,)
        if base == WHOLE_FRAME:
            return (self.n_municipalities(wave),)
        defining = self.project.bases[base].defined_by
        figure = self.accepted(wave, defining) if defining else None
        return () if figure is None or n is None else tuple(figure.counts(n))


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
    figures = [
        figure
        for wave in project.waves
        for figure in read_figures(project, project.raw / str(wave) / "published.csv", contracts.PUBLISHED, wave)
    ]
    published = Published(project, read_population(project), questionnaires, tuple(figures))
    check_waves(project, published.population)
    for figure in figures:
        _check_base(figure, published)
    resolved = tuple(
        replace(figure, bases=_candidate_bases(published, figure), count=_count(published, figure))
        for figure in figures
    )
    published = replace(published, figures=resolved)
    for figure in published.figures:
        _check_counts(figure)
    _check_repeated(published.figures)
    check_agreement(project, published.population, published.figures)
    check_verdicts(questionnaires, published.measured(), project.raw)
    return published


def read_other_studies(project: Project) -> list[PublishedFigure]:
    """Figures of other studies that could be mistaken for one of a wave."""
    return read_figures(project, project.raw / OTHER_STUDIES, contracts.OTHER_STUDIES)


def _last(number: int | None) -> tuple[bool, int]:
    """Sorts what is not known after every number."""
    return number is None, number or 0


def _count(published: Published, figure: PublishedFigure) -> int | None:
    """The count that a source states; of a response rate the respondents of the wave, where they give it."""
    if figure.base != WHOLE_FRAME or not figure.is_whole or figure.count is not None:
        return figure.count
    n = published.project.wave(figure.wave).n_respondents
    return n if n in figure.rounding_counts(published.n_municipalities(figure.wave)) else None


def _candidate_bases(published: Published, figure: PublishedFigure) -> dict[str, tuple[int, ...]]:
    if figure.base is not None:
        stated = () if figure.base_n is None else (figure.base_n,)
        return {figure.base: stated or published.base_sizes(figure.wave, figure.base)}
    bases = published.questionnaires[figure.wave].bases(figure.concept)
    sizes = {base: published.base_sizes(figure.wave, base) for base in bases} or _bases_of_the_same(published, figure)
    possible = {
        base: tuple(n for n in known if not figure.is_whole or figure.counts(n)) for base, known in sizes.items()
    }
    # a base over which no count gives the figure is not the one it was taken over, if another is
    return {base: known for base, known in (possible if any(possible.values()) else sizes).items() if known}


def _bases_of_the_same(published: Published, figure: PublishedFigure) -> dict[str, tuple[int, ...]]:
    """The base that another source of the same percentage states, where the questionnaire names none."""
    return {
        other.base: (other.base_n,)
        for other in published.figures
        if other.is_accepted
        and other.base is not None
        and other.base_n is not None
        and (other.wave, other.concept, other.unit, other.pct) == (figure.wave, figure.concept, figure.unit, figure.pct)
    }


def _check_base(figure: PublishedFigure, published: Published) -> None:
    if figure.base_n is None:
        return
    if figure.base is None:
        raise IntakeError(
            f"{figure.base_n} of what?",
            where=f"{figure.where}, column base",
            expected="one of " + ", ".join(published.project.bases),
            todo="name the base, or add it to data/raw/concepts.yml",
        )
    N = published.n_municipalities(figure.wave)
    n = published.project.wave(figure.wave).n_respondents
    exact = {RESPONDENTS: n, WHOLE_FRAME: N}.get(figure.base)
    most = (n or N) if published.project.bases[figure.base].defined_by else N
    if (exact is not None and figure.base_n != exact) or (figure.is_of_municipalities and figure.base_n > most):
        raise IntakeError(
            f"a base of {figure.base_n} is impossible",
            where=f"{figure.where}, column base_n",
            expected=f"{exact} for base {figure.base}" if exact else f"at most {most}, all that can belong to it",
            todo="correct the base",
        )


def _check_counts(figure: PublishedFigure) -> None:
    """An accepted percentage must be possible over at least one base that it may have been taken over."""
    if not figure.is_accepted or not figure.is_whole:
        return
    sizes = [n for known in figure.bases.values() for n in known]
    possible = [count for n in sizes for count in figure.rounding_counts(n)]
    if sizes and (not possible or (figure.count is not None and figure.count not in possible)):
        raise IntakeError(
            f"no count gives {figure.pct:g} percent of {' or '.join(map(str, sizes))}"
            if figure.count is None
            else f"{figure.count} of {' or '.join(map(str, sizes))} is not {figure.pct:g} percent",
            where=f"{figure.where}, column pct",
            expected=f"one of {sorted(set(possible))}" if possible else "a percentage that a whole count can give",
            todo="correct the base, or give the figure the status contested with a remark",
        )


def _check_repeated(figures: Iterable[PublishedFigure]) -> None:
    by_source: dict[Hashable, list[PublishedFigure]] = defaultdict(list)
    by_concept: dict[Hashable, list[PublishedFigure]] = defaultdict(list)
    for figure in figures:
        if figure.is_accepted and figure.is_whole:
            concept = (figure.wave, figure.concept, figure.unit)
            by_concept[concept].append(figure)
            by_source[(*concept, figure.source_title, figure.source_url, figure.pct)].append(figure)
    for same in by_source.values():
        if len(same) > 1:
            raise _disagreement(same, "appears twice from the same source", "remove one of the two rows")
    for same in by_concept.values():
        values = dict.fromkeys(f"{figure.pct:g}" for figure in same)
        if len(values) > 1:
            raise _disagreement(
                same,
                "has more than one accepted value: " + ", ".join(values),
                "give all but one the status contested or rejected, with a remark",
            )


def _disagreement(figures: list[PublishedFigure], what: str, todo: str) -> IntakeError:
    first, *_ = figures
    return IntakeError(
        f"{first.concept} in {first.wave} {what}",
        where="; ".join(figure.where for figure in figures),
        expected="one accepted value for a concept in a wave",
        todo=todo,
    )
