"""From the cells of an export to the responses of a wave, and everything that was met on the way."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.answers import spell_missing_reasons
from wijkpeiling.errors import IntakeError
from wijkpeiling.files import MEGABYTE, read_text
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.intake.columns import Columns, find_columns, read_mapping
from wijkpeiling.intake.corrections import correct, read_corrections
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.municipalities import TODO, Register, identify, one_each, read_tokens
from wijkpeiling.intake.personal import flag_text
from wijkpeiling.intake.replies import Replies, read_replies
from wijkpeiling.intake.spelling import plain
from wijkpeiling.published import Published
from wijkpeiling.sources.intake import read_frame

INVITATIONS = "invitations.csv"
ALIASES = Path("population", "aliases.csv")


@dataclass(frozen=True)
class Assembled:
    """What an export comes to.

    Attributes
    ----------
    responses
        Contract ``responses``, in the order of the codes.
    days
        Contract ``fieldwork``; no rows where the export does not say when a reply was handed in.
    findings
        Everything that was met, in the order of the work.
    """

    responses: pd.DataFrame
    days: pd.DataFrame
    findings: tuple[Finding, ...]


def assemble(published: Published, wave: int, folder: Path, export: Export) -> Assembled:
    """Correct, map and read an export, and keep one reply of each municipality.

    Parameters
    ----------
    folder
        Of the wave's responses, with the corrections, the mapping and the invitations in it.

    Raises
    ------
    IntakeError
        When a correction or the mapping does not fit the export.
    PopulationError
        When the wave has no frame.
    """
    questionnaire, frame = published.questionnaires[wave], read_frame(published, wave)
    corrected = correct(export, read_corrections(folder))
    export = corrected.export
    columns = find_columns(export, questionnaire, read_mapping(folder))
    replies = read_replies(export, columns, questionnaire)
    identified = identify(export, columns, _register(published, wave, folder, frame))
    submitted = _submitted(export, columns)
    kept = one_each(identified.codes, replies.is_complete, replies.has_content, submitted)
    # whoever opened the questionnaire and left said nothing, of no municipality
    empty = set(export.rows[~replies.has_content].tolist())
    findings = (
        *export.findings,
        *corrected.findings,
        *columns.findings,
        *replies.findings,
        *(finding for finding in identified.findings if finding.row not in empty),
        *_unreadable_moments(export, columns, submitted),
        *_left_out(export, columns, identified.codes, replies, kept),
        *_other_wave(export, columns, wave),
        *flag_text(export, columns, questionnaire),
        *_assumed(export, columns, questionnaire),
    )
    responses = _responses(wave, questionnaire, frame, identified.codes, replies, kept)
    return Assembled(responses, _days(submitted[kept]), findings)


def _register(published: Published, wave: int, folder: Path, frame: pd.DataFrame) -> Register:
    project, day = published.project, published.project.wave(wave).frame_date.isoformat()
    ended = published.population.mergers
    ended = ended[(ended["date"] <= day) & ~ended["from_code"].isin(frame["gemeentecode"])]
    successors = {
        code: (rows["date"].iloc[0], tuple(rows["to_code"].dropna())) for code, rows in ended.groupby("from_code")
    }
    aliases: dict[str, str] = {}
    if (project.raw / ALIASES).is_file():
        table = contracts.read_table(project.raw / ALIASES, contracts.ALIASES, IntakeError)
        aliases = {plain(alias): name for alias, name in zip(table["alias"], table["name"], strict=True)}
    invitations = folder / INVITATIONS
    tokens = read_tokens(read_text(invitations, IntakeError, largest=MEGABYTE)) if invitations.is_file() else {}
    return Register(frame, successors, aliases, tokens)


def _submitted(export: Export, columns: Columns) -> pd.Series:
    """When each reply was handed in; where that cannot be read, the order of the file is that of time."""
    if "submitted" not in columns.roles:
        return pd.Series(pd.NaT, index=range(len(export.rows)))
    return pd.to_datetime(export.cells[columns.roles["submitted"]], errors="coerce", format="ISO8601", utc=True)


def _unreadable_moments(export: Export, columns: Columns, submitted: pd.Series) -> list[Finding]:
    heading = columns.roles.get("submitted")
    if heading is None:
        return []
    cells = export.cells[heading].fillna("")
    is_unreadable = (submitted.isna() & cells.str.strip().ne("")).to_numpy(bool)
    message = "no moment that can be read, as 2027-05-01 12:00:00 is: the reply is counted on no day"
    return [
        Finding("unreadable_moment", "warning", message, export.file, int(row), heading, cell[:80], TODO)
        for row, cell in zip(export.rows[is_unreadable], cells[is_unreadable], strict=True)
    ]


def _left_out(export: Export, columns: Columns, codes: pd.Series, replies: Replies, kept: np.ndarray) -> list[Finding]:
    """Replies that stay out: empty ones, and all but one of a municipality."""
    numbers = pd.Series(export.rows)
    kept_row = dict(zip(codes[kept], numbers[kept], strict=True))
    is_empty = ~replies.has_content
    is_double = ~kept & replies.has_content & codes.notna().to_numpy(bool)
    empty = [
        Finding("empty_reply", "note", "not one question was answered: left out", export.file, int(row))
        for row in export.rows[is_empty]
    ]
    heading = next((columns.roles[role] for role in ("code", "token", "municipality") if role in columns.roles), None)
    doubles = [
        Finding(
            "second_reply",
            "warning",
            f"{code} replied in row {kept_row[code]} too, which is kept: the latest that was handed in",
            export.file,
            int(row),
            heading,
        )
        for code, row in zip(codes[is_double], export.rows[is_double], strict=True)
    ]
    return empty + doubles


def _other_wave(export: Export, columns: Columns, wave: int) -> list[Finding]:
    heading = columns.roles.get("wave")
    if heading is None:
        return []
    cells = export.cells[heading].fillna("")
    return [
        Finding("other_wave", "error", f"of another wave than {wave}", export.file, int(row), heading, cell[:80], TODO)
        for row, cell in zip(export.rows, cells, strict=True)
        if cell != str(wave)
    ]


def _assumed(export: Export, columns: Columns, questionnaire: Questionnaire) -> list[Finding]:
    """How what is not there was told apart: by the file where it keeps that, else by routing and the end of a reply."""
    how = (
        "the file keeps apart what was not shown and what was left open"
        if export.keeps_null
        else "the file does not say why an answer is missing: not shown is taken from the routing, broken off from "
        "where a reply ends that was not handed in"
    )
    handed = "submitted" in columns.roles or "finished" in columns.roles
    notes = [Finding("missing_by", "note", how, export.file)]
    if not handed:
        notes.append(
            Finding(
                "all_complete", "note", "no column says what was handed in: every reply counts as complete", export.file
            )
        )
    for asked in questionnaire.asked():
        if asked.question.type == "multiple" and not asked.question.has_none and asked.name not in columns.absent:
            told = (
                f"{asked.name}: nothing ticked is taken as none of them, as the question offers no other way to say it"
            )
            notes.append(Finding("nothing_ticked", "note", told, export.file, column=asked.name))
    return notes


def _responses(
    wave: int, questionnaire: Questionnaire, frame: pd.DataFrame, codes: pd.Series, replies: Replies, kept: np.ndarray
) -> pd.DataFrame:
    """The replies that are kept, in the order of their codes: contract ``responses``."""
    concepts = list(questionnaire.items)
    answers = replies.answers[kept].reset_index(drop=True)
    reasons = replies.reasons[kept].reset_index(drop=True)
    placed = pd.DataFrame({"gemeentecode": codes[kept].to_numpy()}).merge(frame, on="gemeentecode", how="left")
    table = placed[["gemeentecode", "size_class", "provincie"]].join(answers)
    table = table.assign(wave=wave, weight=1.0, missing_reason=spell_missing_reasons(reasons).to_numpy())
    columns = contracts.responses(concepts).columns
    table = table[columns].sort_values("gemeentecode", ignore_index=True)
    return contracts.check(table, contracts.responses(concepts), IntakeError)


def _days(submitted: pd.Series) -> pd.DataFrame:
    days = submitted.dropna().dt.strftime("%Y-%m-%d").value_counts().sort_index()
    table = pd.DataFrame({"date": days.index, "respondents": days.to_numpy()})
    return contracts.check(table, contracts.FIELDWORK, IntakeError)
