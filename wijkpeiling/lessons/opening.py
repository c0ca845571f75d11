"""A lesson opened: the invented answers of the demo, in a language."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import cast

import numpy as np

from wijkpeiling import language as speak
from wijkpeiling.errors import ProjectError, RunError
from wijkpeiling.parameters import LESSON_PARAMETERS, check_parameters, injected_names, refuse_unknown
from wijkpeiling.present.blocks import Cover
from wijkpeiling.project import Edition, find_root, open_edition
from wijkpeiling.sources.edition import Sources, read_sources
from wijkpeiling.sources.microdata import MicrodataWave

# the same municipalities are drawn everywhere
SEED = 2019


@dataclass(frozen=True)
class Lesson:
    """What a lesson works with.

    Attributes
    ----------
    edition
        Of the demo: its source is ``synthetic``.
    sources
        The invented answers of each wave.
    start
        Where a slider begins; None for what the lesson chooses.
    """

    edition: Edition
    sources: Sources
    start: int | None = None

    @property
    def language(self) -> str:
        return self.edition.language

    @property
    def wave(self) -> int:
        return self.edition.wave.wave

    @property
    def N(self) -> int:
        """Municipalities in the frame of the wave."""
        return self.sources.published.n_municipalities(self.wave)

    @property
    def source(self) -> MicrodataWave:
        """The invented answers of the wave."""
        return cast(MicrodataWave, self.sources.of(self.wave))

    @cached_property
    def concept(self) -> str:
        """What the lessons ask about: the first shortfall that the wave asked on."""
        asked = self.source.asked(self.edition.concepts("shortfall"))
        if not asked:
            raise RunError(
                f"parameter wave is {self.wave}",
                expected="a wave that asked what teams get too little round to",
                todo="choose another wave, and run again",
            )
        return asked[0]

    @cached_property
    def answers(self) -> np.ndarray:
        """Whether each respondent said yes to ``concept``, in an order drawn once: the first n are a random sample."""
        given = self.source.responses[self.concept].dropna().to_numpy(dtype=bool)
        return np.random.default_rng(SEED).permutation(given)

    def say(self, key: str, **values: object) -> str:
        """Words of the lessons in its language."""
        return speak.say(self.language, key, **values)


def open_lesson(
    *, wave: int, language: str, start: int | None = None, cells: Sequence[str] = (), project: Path | str = "."
) -> Lesson:
    """Open the project around the notebook with the demo's invented answers.

    Parameters
    ----------
    wave, language, start
        The parameters of the notebook.
    cells
        What the notebook has run, its ``In``: a misspelt parameter is refused.
    project
        The project's folder or one below it.

    Raises
    ------
    RunError
        For a parameter that is wrong or not known.
    ProjectError
        Outside a project: it says where to start.
    """
    refuse_unknown(injected_names(cells), LESSON_PARAMETERS)
    check_parameters({"wave": wave, "language": language, "start": start}, LESSON_PARAMETERS)
    try:
        root = find_root(project)
    except ProjectError as outside:
        raise ProjectError(
            "this notebook stands outside a wijkpeiling project",
            where=outside.where,
            expected="notebooks/verkennen in a project",
            todo="start with `wijkpeiling init FOLDER` for a project of your own, and then `wijkpeiling lab` in it",
        ) from None
    edition = open_edition(wave=wave, language=language, source="synthetic", start=root)
    return Lesson(edition, read_sources(edition), start)


@dataclass(frozen=True)
class Note:
    """What a lesson says to whoever runs it: no piece of a report, which says it on its cover and on every page."""

    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": f"<p>{escape(self.text)}</p>", "text/plain": self.text}


def invented(lesson: Lesson) -> Note:
    """That every answer in the lesson is invented, for each lesson after the first, which has the cover."""
    return Note(lesson.say("lesson_invented", wave=lesson.wave))


def cover(lesson: Lesson) -> Cover:
    """The cover of the lessons: that every answer in them is invented."""
    return Cover(
        language=lesson.language,
        title=lesson.say("lesson_cover_title"),
        subtitle=speak.say(lesson.language, "subtitle_synthetic", wave=lesson.wave),
        source="synthetic",
        lead=(lesson.say("lesson_cover_lead"),),
        wave=lesson.wave,
    )
