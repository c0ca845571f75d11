"""Item responses of real municipalities, as they stand in ``data/raw``."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.answers import (
    NOT_ANSWERED,
    NOT_SHOWN,
    Answers,
    check_codes,
    check_missing_reasons,
    check_respondents,
    parse_missing_reasons,
    spell_missing_reasons,
)
from wijkpeiling.errors import IntakeError, PopulationError
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.project import Project
from wijkpeiling.published import Published
from wijkpeiling.sources.manifest import FIELDWORK, check_whole, is_awaited
from wijkpeiling.waves import Wave

NAMED = 3


def read_answers(published: Published) -> Answers | None:
    """Read ``responses/responses.csv`` of each wave that has it, and the frame of its year; None where no wave has.

    Raises
    ------
    IntakeError
        When a file breaks its contract, names an unknown concept or another wave, has another number of respondents
        than ``wave.yml``, or the questionnaire does not allow the answers: an option it does not offer, two answers of
        one choice, an item that was not shown where it routes to it, or the other way round.
    PopulationError
        When a frame is missing, breaks its contract, or holds another number of municipalities than the year has.
    """
    project = published.project
    paths = {year: project.responses(year) for year in project.waves}
    # before an intake a folder holds what that needs; one that holds nothing of it lost its responses
    paths = {year: path for year, path in paths.items() if path.parent.exists() and not is_awaited(path.parent)}
    if not paths:
        return None
    tables: dict[int, pd.DataFrame] = {}
    frames = {year: read_frame(published, year) for year in paths}
    routing: dict[tuple[int, str], str] = {}
    for year, path in paths.items():
        check_whole(path.parent)
        questionnaire = published.questionnaires[year]
        table = tables[year] = _read_responses(project, project.wave(year), questionnaire, path)
        check_respondents(table, frames[year], path)
        routed = {concept: questionnaire.routing(concept) for concept in contracts.concepts_of(table)}
        routed_by = {concept: by for concept, by in routed.items() if by is not None}
        check_routing(table, routed_by, path)
        check_contradictions(table, questionnaire, path)
        routing |= {(year, concept): by for concept, by in routed_by.items()}
    return Answers(
        responses=_together(list(tables.values()), list(project.concepts)),
        frames=pd.concat(frames.values(), ignore_index=True),
        mergers=published.population.mergers,
        source="microdata",
        frame_dates={year: project.wave(year).frame_date for year in paths},
        routing=routing,
    )


def check_routing(responses: pd.DataFrame, routed_by: Mapping[str, str], where: Path | str) -> None:
    """Hold ``not_shown`` against the routing: an item is shown to those that said yes to the concept that routes to it.

    Raises
    ------
    IntakeError
        Naming the first rows of the first item that was not shown and should have been, or the other way round.
    """
    concepts = contracts.concepts_of(responses)
    reasons = parse_missing_reasons(responses["missing_reason"], concepts, where)
    for concept in concepts:
        reason = reasons[concept]
        asked = reason.ne("not_asked").fillna(True).to_numpy(bool)
        is_hidden = reason.eq(NOT_SHOWN).fillna(False).to_numpy(bool)
        by = routed_by.get(concept)
        if by is not None and by not in responses:
            raise IntakeError(
                f"{concept} is routed by {by}, which has no column",
                where=where,
                expected=f"a column {by}",
                todo="add the column, or correct routing in questionnaire.yml",
            )
        should = np.zeros(len(responses), bool) if by is None else ~responses[by].fillna(False).to_numpy(bool)
        rows = np.flatnonzero(asked & (is_hidden != should))
        if len(rows):
            raise IntakeError(
                f"{concept} was {'not shown' if is_hidden[rows[0]] else 'shown'}, against the routing",
                where=f"{where}, row {_name(rows)}",
                expected=f"shown where {by} is true, not_shown elsewhere" if by else "shown to all that took part",
                todo="correct missing_reason, or routing in questionnaire.yml",
            )


def check_contradictions(responses: pd.DataFrame, questionnaire: Questionnaire, where: Path | str) -> None:
    """Hold yes against yes: one answer of a single choice, and nothing beside an exclusive option.

    Raises
    ------
    IntakeError
        Naming the first rows in which two concepts that rule each other out both have a yes.
    """
    for first, second in questionnaire.contradictions():
        if first not in responses or second not in responses:
            continue
        rows = np.flatnonzero((responses[first] & responses[second]).fillna(False).to_numpy(bool))
        if len(rows):
            raise IntakeError(
                f"{first} and {second} are both true, which the question "
                f"{questionnaire.items[first].question} does not allow",
                where=f"{where}, row {_name(rows)}",
                expected="one answer of a single choice; nothing beside an exclusive option",
                todo="correct the answers, or the question in questionnaire.yml",
            )


def _name(rows: np.ndarray) -> str:
    """The first rows as a spreadsheet shows them, and how many more there are."""
    named = ", ".join(str(row + 2) for row in rows[:NAMED])
    return named + (f" and {len(rows) - NAMED} more" if len(rows) > NAMED else "")


def _read_responses(project: Project, wave: Wave, questionnaire: Questionnaire, path: Path) -> pd.DataFrame:
    heading = contracts.read_heading(path, IntakeError)
    concepts = contracts.concepts_of(pd.DataFrame(columns=heading))
    unknown = [concept for concept in concepts if concept not in project.concepts]
    if unknown:
        raise IntakeError(
            f"unknown column {', '.join(unknown)}",
            where=f"{path}, row 1",
            expected="a slug of concepts.yml",
            todo="correct the heading, or add the concept there first",
        )
    contract = contracts.responses(concepts)
    cells = _say_yes_or_no(contracts.read_cells(path, contract, IntakeError), questionnaire, path)
    table = contracts.check_cells(cells, contract, IntakeError, where=path)
    _check_wave(table, wave.wave, path, IntakeError)
    check_codes(table["gemeentecode"], "microdata", path)
    check_missing_reasons(table, path)
    if wave.n_respondents is not None and wave.n_respondents != len(table):
        raise IntakeError(
            f"{len(table)} respondents",
            where=path,
            expected=f"{wave.n_respondents}, as wave.yml says",
            todo="complete the responses, or correct n_respondents",
        )
    return table


def _say_yes_or_no(cells: pd.DataFrame, questionnaire: Questionnaire, path: Path) -> pd.DataFrame:
    """The code of an option becomes what it says of the concept; one that says neither was not answered."""
    cells, neither = cells.copy(), {}
    for concept in contracts.concepts_of(cells):
        meaning = questionnaire.meaning(concept)
        column = cells[concept]
        if not meaning:
            continue
        strange = np.flatnonzero(~(column.isna() | column.isin([*contracts.BOOLEANS, *meaning])).to_numpy(bool))
        if len(strange):
            raise IntakeError(
                f"{column.iloc[strange[0]]!r} is not allowed",
                where=f"{path}, row {_name(strange)}, column {concept}",
                expected="True, False, or an option of the question: " + ", ".join(meaning),
                todo="correct the cell, or add the option in questionnaire.yml",
            )
        neither[concept] = column.isin([code for code, says in meaning.items() if says is None]).to_numpy(bool)
        written = {code: None if says is None else str(says) for code, says in meaning.items()}
        cells[concept] = column.map({word: word for word in contracts.BOOLEANS} | written).astype("string")
    return _with_reasons(cells, neither, path)


def _with_reasons(cells: pd.DataFrame, neither: Mapping[str, np.ndarray], path: Path) -> pd.DataFrame:
    """Add that an item was not answered to ``missing_reason``, for the rows that chose an option that says neither."""
    if not any(rows.any() for rows in neither.values()):
        return cells
    reasons = parse_missing_reasons(cells["missing_reason"], contracts.concepts_of(cells), path)
    for concept, rows in neither.items():
        other = np.flatnonzero(rows & reasons[concept].ne(NOT_ANSWERED).fillna(False).to_numpy(bool))
        if len(other):
            raise IntakeError(
                f"{concept} has an answer, and the reason {reasons[concept].iloc[other[0]]}",
                where=f"{path}, row {_name(other)}, column missing_reason",
                expected=f"{NOT_ANSWERED}, or no reason: the option says it",
                todo="correct the cell",
            )
        reasons.loc[rows, concept] = NOT_ANSWERED
    return cells.assign(missing_reason=spell_missing_reasons(reasons))


def read_frame(published: Published, year: int) -> pd.DataFrame:
    """Every municipality of a wave: contract ``frames``.

    Raises
    ------
    PopulationError
        When the frame is missing, breaks its contract, or holds another number of municipalities than the year has.
    """
    path = published.project.raw / "population" / f"frame_{year}.csv"
    frame = contracts.read_table(path, contracts.FRAMES, PopulationError)
    _check_wave(frame, year, path, PopulationError)
    check_codes(frame["gemeentecode"], "microdata", path)
    N = published.n_municipalities(year)
    if len(frame) != N:
        raise PopulationError(
            f"{len(frame)} municipalities",
            where=path,
            expected=f"{N}, as municipalities.csv and mergers.csv give for the day of the frame",
            todo="complete the frame, or correct the number",
        )
    return frame


def read_days(project: Project, year: int, n_respondents: int) -> pd.DataFrame:
    """Respondents by day, contract ``fieldwork``: no rows without ``fieldwork.csv`` beside the responses.

    Raises
    ------
    IntakeError
        When the file breaks its contract, or counts more respondents than took part.
    """
    path = project.responses(year).with_name(FIELDWORK)
    if not n_respondents or not path.is_file():
        return contracts.check(pd.DataFrame(columns=contracts.FIELDWORK.columns), contracts.FIELDWORK, IntakeError)
    days = contracts.read_table(path, contracts.FIELDWORK, IntakeError)
    if days["respondents"].sum() > n_respondents:
        raise IntakeError(
            f"{days['respondents'].sum()} respondents",
            where=path,
            expected=f"no more than the {n_respondents} that took part",
            todo="run wijkpeiling intake again on the export, or correct the file",
        )
    return days.sort_values("date", ignore_index=True)


def _check_wave(table: pd.DataFrame, year: int, path: Path, error: type[IntakeError] | type[PopulationError]) -> None:
    strange = np.flatnonzero((table["wave"] != year).to_numpy(bool))
    if len(strange):
        raise error(
            f"wave {table['wave'].iloc[strange[0]]}",
            where=f"{path}, row {strange[0] + 2}, column wave",
            expected=str(year),
            todo="correct the cell, or move the row to the file of its wave",
        )


def _together(tables: list[pd.DataFrame], order: list[str]) -> pd.DataFrame:
    """The waves in one table; what a wave has no column for, it did not ask."""
    concepts = [slug for slug in order if any(slug in table for table in tables)]
    complete = []
    for table in tables:
        own = contracts.concepts_of(table)
        reasons = parse_missing_reasons(table["missing_reason"], own).reindex(columns=concepts)
        reasons[[slug for slug in concepts if slug not in own]] = "not_asked"
        answers = table.reindex(columns=contracts.responses(concepts).columns)
        answers[concepts] = answers[concepts].astype("boolean")
        complete.append(answers.assign(missing_reason=spell_missing_reasons(reasons)))
    return pd.concat(complete, ignore_index=True)
