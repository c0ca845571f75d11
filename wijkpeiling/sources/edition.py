"""The best source of each wave of an edition."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import pandas as pd

from wijkpeiling.agreement import ROUNDING
from wijkpeiling.answers import Answers
from wijkpeiling.errors import ProjectError
from wijkpeiling.figures import PublishedFigure
from wijkpeiling.instrument.questionnaire import Comparability
from wijkpeiling.project import Edition, Project
from wijkpeiling.published import Published, read_published
from wijkpeiling.records import Text
from wijkpeiling.sources.base import Covariances, Pair, PanelCounts, WaveSource
from wijkpeiling.sources.between import covariances, pairs, panel
from wijkpeiling.sources.intake import read_answers, read_days
from wijkpeiling.sources.microdata import MicrodataWave
from wijkpeiling.sources.published import PublishedWave
from wijkpeiling.synthetic.answers import synthesize
from wijkpeiling.synthetic.assumptions import AssumedLevel, read_assumptions

# invented answers were invented to one wording
INVENTED_ALIKE = Comparability(verdict="same", reason=Text(nl="", en=""))
MIXED = "mixed"


@dataclass(frozen=True)
class Sources:
    """The source of each wave: its microdata where there are any, otherwise what was published about it.

    Invented microdata stand alone: next to them no wave has a real source.
    """

    published: Published
    answers: Answers | None = None

    microdata_wave: ClassVar[type[MicrodataWave]] = MicrodataWave

    @property
    def project(self) -> Project:
        return self.published.project

    @property
    def _is_invented(self) -> bool:
        return self.answers is not None and self.answers.source == "synthetic"

    @property
    def publications(self) -> Published | None:
        """What was published about the waves; None beside invented answers, where real figures have no place."""
        return None if self._is_invented else self.published

    @property
    def waves(self) -> list[int]:
        """Waves to show, in order of time: without one that is still to be held."""
        answered = self.answers.waves if self.answers else []
        if self._is_invented:
            return answered
        return [year for year in self.project.waves if year in answered or self.published.has_results(year)]

    @cached_property
    def _of(self) -> dict[int, WaveSource]:
        return {}

    def of(self, wave: int) -> WaveSource:
        """The source of a wave."""
        if wave not in self._of:
            has_answers = self.answers and (self._is_invented or wave in self.answers.waves)
            self._of[wave] = (
                self.microdata_wave(self.project, self.answers, wave)
                if self.answers and has_answers
                else PublishedWave(self.published, wave)
            )
        return self._of[wave]

    def source_of(self, *waves: int | None) -> str:
        """The source of these waves together: ``published``, ``microdata``, ``synthetic``, or ``mixed``."""
        found = {self.of(wave).source for wave in waves if wave is not None}
        return found.pop() if len(found) == 1 else MIXED

    @property
    def assumptions(self) -> dict[int, dict[str, AssumedLevel]]:
        """Every level that invented answers were given without a source, by wave and concept."""
        return read_assumptions(self.project).levels if self._is_invented else {}

    def comparability(self, concept: str, earlier: int, later: int) -> Comparability:
        """Whether a concept measures the same in two waves."""
        if self._is_invented:
            return INVENTED_ALIKE
        return self.published.questionnaires[later].comparability(concept, earlier)

    def directions(self, earlier: int, later: int) -> dict[str, PublishedFigure]:
        """Directions that a publication reports, by concept."""
        return {} if self._is_invented else self.published.directions(later, earlier)

    def pairs(self, earlier: int, later: int, concepts: list[str]) -> list[Pair]:
        """Every concept of which two waves have a share over the same base: see `sources.between.pairs`."""
        return pairs(self.published, self.of(earlier), self.of(later), concepts)

    def n_common(self, earlier: int, later: int) -> int:
        """Municipalities that stand in the frames of two waves."""
        dates = (self.project.wave(wave).frame_date for wave in (earlier, later))
        return self.published.population.n_common(*dates)

    def panel(self, earlier: int, later: int) -> PanelCounts | None:
        """Who answered two waves or one of them: see `sources.between.panel`."""
        return panel(self.of(earlier), self.of(later))

    def days(self, wave: int) -> pd.DataFrame:
        """Contract ``fieldwork``; no rows where nobody wrote down when the answers came in."""
        return read_days(self.project, wave, 0 if self._is_invented else self.of(wave).n_respondents or 0)

    def answered_otherwise(self, figure: PublishedFigure) -> float | None:
        """The share in the answers of its wave, where a published percentage is not that; None otherwise.

        A publication may have weighted or not, and taken any base that it does not state: it is that share if one of
        these rounds to it. None too for what has no answers, or is no whole percentage of municipalities.
        """
        wave = self.of(figure.wave)
        is_whole = figure.is_accepted and figure.is_whole and figure.is_of_municipalities
        if not is_whole or not isinstance(wave, MicrodataWave):
            return None
        bases = wave.bases(figure.concept)
        if not bases:
            return None
        possible = [base for base in bases if base in figure.bases] or bases
        found = [wave.shares([figure.concept], base=base) for base in possible]
        shares = [share for one in found for share in (one.share[0, 0], one.count[0, 0] / one.n[0, 0])]
        agrees = any(abs(share - figure.share) <= ROUNDING for share in shares)
        return None if agrees else float(found[0].share[0, 0])

    def covariances(self, waves: list[int], concept: str, base: str) -> Covariances:
        """Covariances between the shares of a concept in several waves: see `sources.between.covariances`."""
        return covariances(self.published, [self.of(wave) for wave in waves], concept, base)


def read_sources(edition: Edition) -> Sources:
    """The best source that each wave has, real or, for an edition that asks so, invented.

    Raises
    ------
    ProjectError
        When nothing came out of the wave or its baseline yet, or it has no invented answers.
    IntakeError, PopulationError
        For data that do not follow their contract.
    """
    published = read_published(edition.project)
    is_invented = edition.source == "synthetic"
    sources = Sources(published, synthesize(published) if is_invented else read_answers(published))
    for wave in edition.years.values():
        if wave is not None and wave not in sources.waves:
            raise (_not_invented if is_invented else _not_held)(edition, wave, sources.waves)
    return sources


def _not_invented(edition: Edition, wave: int, known: list[int]) -> ProjectError:
    return ProjectError(
        f"there are no answers of {wave}: its number of respondents is not known",
        where=edition.project.raw / str(wave) / "wave.yml",
        expected="n_respondents, or one of the waves " + ", ".join(map(str, known)),
        todo="fill in n_respondents (the year also needs rows in data/raw/population/size_classes.csv), "
        "or choose another wave or baseline",
    )


def _not_held(edition: Edition, wave: int, known: list[int]) -> ProjectError:
    return ProjectError(
        f"nothing is known yet of what came out of {wave}",
        where=edition.project.raw / str(wave),
        expected="responses/responses.csv, a figure in published.csv, or one of the waves "
        + ", ".join(map(str, known)),
        todo="take its answers in, or choose another wave or baseline",
    )


def estimate(sources: Sources, wave: int, concepts: list[str], by: str | None = None) -> pd.DataFrame:
    """Estimate the share of each concept in a wave.

    Parameters
    ----------
    concepts
        Slugs; those that the wave has nothing on are left out.
    by
        A column of the answers, such as ``size_class``, or a domain of published figures, such as ``city_network``.

    Returns
    -------
    DataFrame
        Contract ``estimates``; by ``by``, its values only, without the cells that would tell on municipalities.
    """
    return sources.of(wave).estimates(concepts, by)


def estimate_all_waves(sources: Sources, concept: str) -> pd.DataFrame:
    """Estimate one concept in every wave that has something on it: contract ``estimates``, by time."""
    tables = [estimate(sources, wave, [concept]) for wave in sources.waves]
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
