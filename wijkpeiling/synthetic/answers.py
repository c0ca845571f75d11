"""Answers of municipalities that do not exist, fitted to what was published about the real ones.

Codes begin with SY, names are put together from words of fancy, and invented regions stand in for the provinces:
nothing here can be taken for a real municipality. Percentages of tasks and shortfalls are over the municipalities with
a team that answered the item, because a municipality without a team has no task to give it.
"""

from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.answers import Answers, spell_missing_reasons
from wijkpeiling.errors import IntakeError, PopulationError
from wijkpeiling.figures import PublishedFigure, feasible_counts
from wijkpeiling.published import Published
from wijkpeiling.synthetic.assumptions import ASSUMPTIONS, AnswerModel, Assumptions, check_occurring, read_assumptions
from wijkpeiling.synthetic.municipalities import invent_municipalities
from wijkpeiling.waves import Overlap, Wave

WITH_TEAM = "with_team"
FOLLOW_UP_KINDS = ("task", "shortfall")


class Level(NamedTuple):
    """The national percentage of a concept in a wave, and the count behind it where that was published."""

    pct: float
    n_yes: int | None
    is_assumed: bool


Levels = dict[tuple[int, str], Level]


def synthesize(published: Published, seed: int = 2019) -> Answers:
    """Invent the answers of every wave of which the number of respondents is known.

    Parameters
    ----------
    published
        The figures to reproduce, and the municipalities per size class.
    seed
        The same seed gives the same answers.

    Returns
    -------
    Answers
        Of source ``synthetic``. Over those who answered, the unweighted national share of each concept rounds to its
        published percentage, or to the one of ``data/raw/synthetic.yml`` that is listed in ``assumed``.

    Raises
    ------
    IntakeError
        When an assumption names a wave or concept that cannot have one, or goes against a published direction.
    PopulationError
        When a wave's size classes are not known, or the overlap with an earlier wave cannot be reached.

    Notes
    -----
    Behind each answer stands a normal score: a part that items of one kind share and a part of the item itself, both
    kept by the municipality from wave to wave, a part that is new, and the effect of size. The highest scores say yes,
    as many as the percentage asks. A municipality that a merger made starts anew. Who answers is drawn within size
    classes, apart from what they answer, so non-response is at random within a class. The known overlap of two waves
    counts codes; it may hold a municipality that took in another in between, which ``Answers.panel`` leaves out.

    Do not use it to learn something about municipalities: only the totals are theirs.
    """
    rng = np.random.default_rng(seed)
    waves = [wave for wave in published.project.waves.values() if wave.n_respondents is not None]
    known = _published_levels(published, waves)
    assumptions = read_assumptions(published.project)
    check_occurring(assumptions, known, published.project.raw / ASSUMPTIONS)
    levels = _add_assumed(published, known, assumptions)
    frames, mergers = invent_municipalities(published.population, waves, assumptions.names, rng)
    respondents = _draw_respondents(frames, waves, assumptions, rng)
    return Answers(
        responses=_invent_answers(published, respondents, levels, assumptions.answers, rng),
        frames=frames,
        mergers=mergers,
        source="synthetic",
        assumed=frozenset(key for key, level in levels.items() if level.is_assumed),
        frame_dates={wave.wave: wave.frame_date for wave in waves},
        routing={key: _team_concept(published) for key in levels if key[1] != _team_concept(published)},
    )


def _team_concept(published: Published) -> str:
    return str(published.project.bases[WITH_TEAM].defined_by)


def _published_levels(published: Published, waves: list[Wave]) -> Levels:
    """Having a team, tasks and shortfalls: every wave and concept that has an accepted percentage."""
    team, concepts = _team_concept(published), published.project.concepts
    asked = sorted(slug for slug, concept in concepts.items() if slug == team or concept.kind in FOLLOW_UP_KINDS)
    levels = {}
    for wave, concept in product(waves, asked):
        figure = published.accepted(wave.wave, concept)
        if figure and figure.is_whole and figure.is_of_municipalities and figure.pct is not None:
            # a published count holds over all respondents, and here only having a team is taken over those
            levels[wave.wave, concept] = Level(figure.pct, figure.count if concept == team else None, is_assumed=False)
    return levels


def _add_assumed(published: Published, levels: Levels, assumptions: Assumptions) -> Levels:
    """Fill in what was not found; a wave and concept without a level was not asked."""
    assumed = {
        (wave, concept): Level(level.pct, None, is_assumed=True)
        for wave, of_wave in assumptions.levels.items()
        for concept, level in of_wave.items()
    }
    levels = assumed | levels
    for earlier, wave in combinations(sorted({wave for wave, _ in levels}), 2):
        for concept, reported in published.directions(wave, earlier).items():
            before, after = levels.get((earlier, concept)), levels.get((wave, concept))
            if before and after and (before.is_assumed or after.is_assumed):
                _check_direction(before, after, reported, published.project.raw / ASSUMPTIONS)
    return levels


def _check_direction(before: Level, after: Level, reported: PublishedFigure, path: Path) -> None:
    found = "higher" if after.pct > before.pct else "lower" if after.pct < before.pct else "the same"
    if found != reported.direction:
        raise IntakeError(
            f"{reported.concept}: from {before.pct:g} percent in {reported.compared_with} to {after.pct:g} in "
            f"{reported.wave} is {found}",
            where=path,
            expected=f"{reported.direction}, as {reported.where} says",
            todo="correct the assumed level",
        )


def _draw_respondents(
    frames: pd.DataFrame, waves: list[Wave], assumptions: Assumptions, rng: np.random.Generator
) -> pd.DataFrame:
    """The rows of ``frames`` that answer: as many as really did, with the overlap between waves where that is known."""
    drawn: dict[int, pd.DataFrame] = {}
    for wave in waves:
        frame = frames[frames["wave"] == wave.wave]
        size_class = frame["size_class"].cat.codes.to_numpy()
        answers = _draw_within_classes(wave, size_class, assumptions, rng)
        for known in wave.overlap:
            if known.wave in drawn:
                before = frame["gemeentecode"].isin(drawn[known.wave]["gemeentecode"]).to_numpy()
                answers = _reach_overlap(answers, before, size_class, known, rng)
        drawn[wave.wave] = frame[answers]
    return pd.concat(drawn.values(), ignore_index=True)


def _draw_within_classes(
    wave: Wave, size_class: np.ndarray, assumptions: Assumptions, rng: np.random.Generator
) -> np.ndarray:
    N = np.bincount(size_class, minlength=len(contracts.SIZE_CLASSES))
    assumed = assumptions.response.get(wave.wave)
    n = _divide(wave.n_respondents or 0, N * np.array(assumed.by_size_class) if assumed else N)
    if (n > N).any():
        raise IntakeError(
            f"response.{wave.wave}: {n.max()} of the respondents would come from a class with fewer municipalities",
            where=ASSUMPTIONS,
            expected="shares that differ less between size classes",
            todo="correct the shares",
        )
    answers = np.zeros(len(size_class), bool)
    for stratum, n_stratum in enumerate(n):
        answers[rng.choice(np.flatnonzero(size_class == stratum), n_stratum, replace=False)] = True
    return answers


def _divide(total: int, weights: np.ndarray) -> np.ndarray:
    """Divide ``total`` by weight; what is left after rounding down goes to the largest remainders."""
    quota = total * weights / weights.sum()
    counts = np.floor(quota).astype(int)
    counts[np.argsort(counts - quota, kind="stable")[: total - counts.sum()]] += 1
    return counts


def _reach_overlap(
    answers: np.ndarray, before: np.ndarray, size_class: np.ndarray, known: Overlap, rng: np.random.Generator
) -> np.ndarray:
    """Swap respondents within their size class, until the known number of them also answered the earlier wave."""
    surplus = int((answers & before).sum()) - known.n_respondents
    leaver_answered_before = surplus > 0
    leavers = rng.permutation(np.flatnonzero(answers & (before == leaver_answered_before)))
    joiners = rng.permutation(np.flatnonzero(~answers & (before != leaver_answered_before)))
    swaps = [
        swap
        for stratum in range(len(contracts.SIZE_CLASSES))
        for swap in zip(leavers[size_class[leavers] == stratum], joiners[size_class[joiners] == stratum], strict=False)
    ]
    if len(swaps) < abs(surplus):
        raise PopulationError(
            f"{known.n_respondents} respondents that also answered in {known.wave} cannot be reached",
            where=f"wave.yml, overlap with {known.wave}",
            expected="an overlap that both numbers of respondents allow",
            todo="correct the overlap in wave.yml",
        )
    out, into = np.array(swaps, dtype=int).reshape(-1, 2)[rng.permutation(len(swaps))[: abs(surplus)]].T
    swapped = answers.copy()
    swapped[out], swapped[into] = False, True
    return swapped


def _invent_answers(
    published: Published, respondents: pd.DataFrame, levels: Levels, model: AnswerModel, rng: np.random.Generator
) -> pd.DataFrame:
    """The contract ``responses``: in each wave the highest scores say yes, as many as the national level asks."""
    team = _team_concept(published)
    kinds = {
        slug: concept.kind
        for slug, concept in published.project.concepts.items()
        if any(slug == asked for _, asked in levels)
    }
    scores = _scores(respondents, list(kinds.values()), model, rng)
    answers = pd.DataFrame(pd.NA, index=respondents.index, columns=list(kinds), dtype="object")
    reasons = pd.DataFrame("not_asked", index=respondents.index, columns=list(kinds), dtype="object")
    has_team = np.ones(len(respondents), bool)
    # having a team comes first: it decides who is shown the rest
    for wave, concept in sorted(levels, key=lambda key: (key[1] != team, key)):
        column = answers.columns.get_loc(concept)
        rows = np.flatnonzero(respondents["wave"] == wave)
        shown = rows[has_team[rows]]
        answered = shown if concept == team else shown[rng.random(len(shown)) >= model.not_answered]
        ranked = answered[np.argsort(-scores[answered, column])]
        n_yes = _n_yes(levels[wave, concept], len(answered), f"{concept} in {wave}")
        reasons.iloc[rows, column] = "not_shown"
        reasons.iloc[shown, column] = "not_answered"
        reasons.iloc[answered, column] = pd.NA
        answers.iloc[ranked[:n_yes], column] = True
        answers.iloc[ranked[n_yes:], column] = False
        if concept == team:
            has_team[ranked[n_yes:]] = False
    return pd.concat([respondents.drop(columns="name"), answers.astype("boolean")], axis=1).assign(
        weight=1.0, missing_reason=spell_missing_reasons(reasons)
    )


def _scores(respondents: pd.DataFrame, kinds: list[str], model: AnswerModel, rng: np.random.Generator) -> np.ndarray:
    """How much each respondent (row) leans to yes on each concept (column)."""
    place, codes = pd.factorize(respondents["gemeentecode"])
    kind_of, kind_names = pd.factorize(np.array(kinds))
    shared = rng.standard_normal((len(codes), len(kind_names)))[:, kind_of]
    lasting = rng.standard_normal((len(codes), len(kinds)))
    new = rng.standard_normal((len(respondents), len(kinds)))
    none = (0.0,) * len(contracts.SIZE_CLASSES)
    by_size = np.array([model.size_effects.get(kind, none) for kind in kinds]).T
    return (
        np.sqrt(model.shared) * shared[place]
        + np.sqrt(model.lasting) * lasting[place]
        + np.sqrt(1 - model.shared - model.lasting) * new
        + by_size[respondents["size_class"].cat.codes]
    )


def _n_yes(level: Level, n: int, what: str) -> int:
    """The count out of ``n`` that comes closest to a level, and rounds to it, a half upwards."""
    if level.n_yes is not None:
        return level.n_yes
    counts = [count for count in feasible_counts(level.pct, n) if n and (200 * count + n) // (2 * n) == level.pct]
    if not counts:
        raise IntakeError(
            f"{what}: no count out of {n} answers gives {level.pct:g} percent",
            where=ASSUMPTIONS,
            expected="a percentage that a whole count can give",
            todo="correct the level or not_answered, or choose another seed",
        )
    return min(counts, key=lambda count: abs(100 * count - level.pct * n))
