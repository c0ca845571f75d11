"""The manifest of taken-in responses: what they were made from, and the mark that they are whole."""

import datetime
import hashlib
from pathlib import Path

import yaml

from wijkpeiling.errors import IntakeError
from wijkpeiling.records import Record, read_yaml

FILE = "manifest.yml"
RESPONSES = "responses.csv"
# respondents by day; not there where the export does not say when a reply was handed in
FIELDWORK = "fieldwork.csv"
# what stands in the folder before its responses do
BEFOREHAND = ("invitations.csv", "corrections.yml", "columns.yml", "findings.csv", "findings.html")


class Manifest(Record):
    """``manifest.yml``, written after everything else.

    Attributes
    ----------
    export
        Name of the export under ``received/``.
    export_sha256, responses_sha256
        Of the export as received, and of ``responses.csv`` as it was made from it.
    inputs
        sha256 of everything else that the responses depend on, by path in ``data/raw``.
    format, description
        As the export was recognised.
    received
        The day it was taken in.
    replies, respondents
        Rows of the export, and municipalities that were kept of them.
    package
        Version of the package that took it in.
    """

    export: str
    export_sha256: str
    responses_sha256: str
    inputs: dict[str, str]
    format: str
    description: str
    received: datetime.date
    replies: int
    respondents: int
    package: str

    def spell(self) -> bytes:
        """The file itself."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True).encode()


def sha256(content: bytes) -> str:
    """The hash of a file's content, in 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in the folder of a wave's responses; None where they were not taken in but put there."""
    path = folder / FILE
    return read_yaml(path, Manifest, IntakeError) if path.exists() else None


def is_awaited(folder: Path) -> bool:
    """Whether the responses of a wave are still to be taken in."""
    has = {name for name in (*BEFOREHAND, FILE, RESPONSES) if (folder / name).exists()}
    return bool(has) and has <= set(BEFOREHAND)


def check_whole(folder: Path) -> None:
    """Refuse responses that are not those of their manifest.

    Raises
    ------
    IntakeError
        When an intake was cut short, or ``responses.csv`` was changed by hand.
    """
    manifest = read_manifest(folder)
    path = folder / RESPONSES
    if manifest and path.is_file() and sha256(path.read_bytes()) != manifest.responses_sha256:
        raise IntakeError(
            f"{RESPONSES} is not the one that {FILE} tells of",
            where=path,
            expected="the responses that intake wrote: a correction stands in corrections.yml",
            todo="run wijkpeiling intake again on the export",
        )
