"""One export of a survey tool taken in: from the file as received to the responses of a wave."""

import datetime
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.answers import spell_missing_reasons
from wijkpeiling.errors import IntakeError
from wijkpeiling.files import MEGABYTE, read_text, write_file
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.intake.columns import FILE as COLUMNS
from wijkpeiling.intake.columns import Columns, find_columns, read_mapping
from wijkpeiling.intake.corrections import FILE as CORRECTIONS
from wijkpeiling.intake.corrections import correct, read_corrections
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding, capped
from wijkpeiling.intake.municipalities import TODO, Register, identify, one_each, read_tokens
from wijkpeiling.intake.personal import flag_text
from wijkpeiling.intake.recognise import read_export
from wijkpeiling.intake.replies import Replies, read_replies
from wijkpeiling.intake.report import FINDINGS, findings_csv, findings_html, is_ours
from wijkpeiling.intake.spelling import plain
from wijkpeiling.project import Project
from wijkpeiling.published import Published, read_published
from wijkpeiling.sources.intake import read_frame
from wijkpeiling.sources.manifest import FILE as MANIFEST
from wijkpeiling.sources.manifest import RESPONSES, Manifest, read_manifest, sha256

RECEIVED = "received"
INVITATIONS = "invitations.csv"
ALIASES = Path("population", "aliases.csv")


@dataclass(frozen=True)
class TakenIn:
    """What an intake came to.

    Attributes
    ----------
    description
        What the file was recognised as.
    replies, respondents
        Rows of the export, and municipalities kept of them.
    findings
        Everything that was met.
    is_new
        Whether anything was written: the same export taken in twice is written once.
    """

    description: str
    replies: int
    respondents: int
    findings: tuple[Finding, ...]
    is_new: bool


def take_in(project: Project, wave: int, path: Path, *, replace: bool = False) -> TakenIn:
    """Take in an export as the responses of a wave.

    Parameters
    ----------
    path
        The export; it is copied, never changed.
    replace
        Whether another export that was taken in earlier may be replaced; its copy stays.

    Raises
    ------
    IntakeError
        When the file cannot be read, a correction finds nothing, another export was taken in earlier, or a finding is
        an error: then the findings are written, and nothing else.
    """
    published = read_published(project)
    folder = project.raw / str(project.wave(wave).wave) / "responses"
    earlier = read_manifest(folder)
    _check_ours(folder, earlier)
    export = read_export(path)
    content = path.read_bytes()
    inputs = _inputs(project, wave)
    if earlier and earlier.export_sha256 == sha256(content) and earlier.inputs == inputs and _is_there(folder, earlier):
        return TakenIn(earlier.description, earlier.replies, earlier.respondents, (), is_new=False)
    if earlier and earlier.export_sha256 != sha256(content) and not replace:
        raise IntakeError(
            f"another export was taken in on {earlier.received}: {earlier.export}",
            where=path,
            expected="the same file, or --replace",
            todo="add --replace to take this one instead; the earlier one stays under received/",
        )
    responses, met = _read(published, wave, folder, export)
    findings = capped(met)
    _write_findings(folder, export, findings, len(responses))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise _refusal(folder, export, errors)
    _write(folder, path.name, content, export, responses, inputs)
    return TakenIn(export.description, len(export.rows), len(responses), findings, is_new=True)


def _check_ours(folder: Path, earlier: Manifest | None) -> None:
    """Nothing that somebody else put there is replaced."""
    strange = [name for name in (RESPONSES,) if (folder / name).exists() and earlier is None]
    strange += [name for name in FINDINGS if (folder / name).exists() and not is_ours(folder / name)]
    if strange:
        raise IntakeError(
            f"{strange[0]} is there, and intake did not make it",
            where=folder,
            expected="a folder for intake to write in",
            todo="move the file away",
        )


def _inputs(project: Project, wave: int) -> dict[str, str]:
    """What the responses depend on beside the export, each with its hash."""
    folder = Path(str(wave), "responses")
    names = (
        Path("concepts.yml"),
        Path(str(wave), "concepts.yml"),
        Path(str(wave), "wave.yml"),
        Path(str(wave), "questionnaire.yml"),
        Path("population", f"frame_{wave}.csv"),
        Path("population", "mergers.csv"),
        ALIASES,
        folder / COLUMNS,
        folder / CORRECTIONS,
        folder / INVITATIONS,
    )
    return {
        name.as_posix(): sha256((project.raw / name).read_bytes()) for name in names if (project.raw / name).is_file()
    }


def _is_there(folder: Path, manifest: Manifest) -> bool:
    path = folder / RESPONSES
    return path.is_file() and sha256(path.read_bytes()) == manifest.responses_sha256


def _read(published: Published, wave: int, folder: Path, export: Export) -> tuple[pd.DataFrame, list[Finding]]:
    """The responses of the export, and everything that was met on the way."""
    questionnaire, frame = published.questionnaires[wave], read_frame(published, wave)
    corrected = correct(export, read_corrections(folder))
    export = corrected.export
    columns = find_columns(export, questionnaire, read_mapping(folder))
    replies = read_replies(export, columns, questionnaire)
    identified = identify(export, columns, _register(published, wave, folder, frame))
    kept = one_each(identified.codes, replies.is_complete, replies.has_content, _submitted(export, columns))
    findings = [
        *export.findings,
        *corrected.findings,
        *columns.findings,
        *replies.findings,
        *identified.findings,
        *_left_out(export, columns, identified.codes, replies, kept),
        *_other_wave(export, columns, wave),
        *flag_text(export, columns, questionnaire),
        *_assumed(export, columns, questionnaire),
    ]
    return _responses(wave, questionnaire, frame, identified.codes, replies, kept), findings


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


def _write_findings(folder: Path, export: Export, findings: tuple[Finding, ...], respondents: int) -> None:
    made = findings_csv(findings), findings_html(findings, export, respondents)
    for name, content in zip(FINDINGS, made, strict=True):
        write_file(folder / name, content, IntakeError, overwrite=True)


def _write(
    folder: Path, file: str, content: bytes, export: Export, responses: pd.DataFrame, inputs: dict[str, str]
) -> None:
    written = responses.to_csv(index=False, lineterminator="\n").encode()
    name = f"{sha256(content)[:8]}-{file}"
    manifest = Manifest(
        export=name,
        export_sha256=sha256(content),
        responses_sha256=sha256(written),
        inputs=inputs,
        format=export.format,
        description=export.description,
        received=datetime.date.today(),
        replies=len(export.rows),
        respondents=len(responses),
        package=version("wijkpeiling"),
    )
    files = {Path(RECEIVED, name): content, Path(RESPONSES): written, Path(MANIFEST): manifest.spell()}
    # the manifest comes last: responses beside another one are refused where they are read
    for place, made in files.items():
        write_file(folder / place, made, IntakeError, overwrite=True)


def _refusal(folder: Path, export: Export, errors: list[Finding]) -> IntakeError:
    first = errors[0]
    place = f"row {first.row}" if first.row else "the file"
    found = f" ({first.value!r})" if first.value else ""
    return IntakeError(
        f"{len(errors)} error{'s' if len(errors) > 1 else ''}; the first: {first.message}{found}",
        where=f"{export.file}, {place}" + (f", column {first.column}" if first.column else ""),
        expected="an export without errors; nothing was taken in",
        todo=f"see {folder / FINDINGS[1]}, and correct them in {CORRECTIONS} or {COLUMNS}",
    )
