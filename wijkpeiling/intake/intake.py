"""One export of a survey tool taken in: from the file as received to the responses of a wave."""

import datetime
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from wijkpeiling.errors import IntakeError
from wijkpeiling.files import keep_from_git, write_file
from wijkpeiling.intake.assembly import ALIASES, INVITATIONS, Assembled, assemble
from wijkpeiling.intake.columns import FILE as COLUMNS
from wijkpeiling.intake.corrections import FILE as CORRECTIONS
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding, capped
from wijkpeiling.intake.recognise import Received, read_export, receive
from wijkpeiling.intake.report import FINDINGS, findings_csv, findings_html, is_ours
from wijkpeiling.project import Project
from wijkpeiling.published import read_published
from wijkpeiling.sources.manifest import FIELDWORK, RESPONSES, Manifest, read_manifest, sha256
from wijkpeiling.sources.manifest import FILE as MANIFEST

RECEIVED = "received"
# answers are given in confidence: git keeps what says how they were taken in, and nothing that they say
PRIVATE = ("*", "!.gitignore", "!columns.yml", "!manifest.yml")


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
    received, inputs = receive(path), _inputs(project, wave)
    is_same = earlier is not None and earlier.export_sha256 == received.sha256
    if earlier and is_same and earlier.inputs == inputs and _is_there(folder, earlier):
        return TakenIn(earlier.description, earlier.replies, earlier.respondents, (), is_new=False)
    export = read_export(received)
    if earlier and not is_same and not replace:
        raise IntakeError(
            f"another export was taken in on {earlier.received}: {earlier.export}",
            where=path,
            expected="the same file, or --replace",
            todo="add --replace to take this one instead; the earlier one stays under received/",
        )
    keep_from_git(folder, PRIVATE, IntakeError)
    assembled = assemble(published, wave, folder, export)
    findings, respondents = capped(assembled.findings), len(assembled.responses)
    _write_findings(folder, export, findings, respondents)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise _refusal(folder, export, errors)
    _write(folder, received, export, assembled, inputs)
    return TakenIn(export.description, len(export.rows), respondents, findings, is_new=True)


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


def _write_findings(folder: Path, export: Export, findings: tuple[Finding, ...], respondents: int) -> None:
    made = findings_csv(findings), findings_html(findings, export, respondents)
    for name, content in zip(FINDINGS, made, strict=True):
        write_file(folder / name, content, IntakeError, overwrite=True)


def _write(folder: Path, received: Received, export: Export, assembled: Assembled, inputs: dict[str, str]) -> None:
    written = _csv(assembled.responses)
    name = f"{received.sha256[:8]}-{received.path.name}"
    manifest = Manifest(
        export=name,
        export_sha256=received.sha256,
        responses_sha256=sha256(written),
        inputs=inputs,
        format=export.format,
        description=export.description,
        received=datetime.date.today(),
        replies=len(export.rows),
        respondents=len(assembled.responses),
        package=version("wijkpeiling"),
    )
    files = {Path(RECEIVED, name): received.content, Path(FIELDWORK): _csv(assembled.days), Path(RESPONSES): written}
    # the manifest comes last: responses beside another one are refused where they are read
    for place, made in (files | {Path(MANIFEST): manifest.spell()}).items():
        write_file(folder / place, made, IntakeError, overwrite=True)


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode()


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
