"""What people add to the figures of a wave: ``editorial.yml``, of which nothing comes from the data."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from wijkpeiling.errors import ProjectError
from wijkpeiling.records import Record, Text, read_yaml

FILE = "editorial.yml"
SCHEMES = ("http", "https")

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _with_consent(given: bool) -> bool:
    if not given:
        raise ValueError("a quote goes out with the consent of who said it: consent is true")
    return given


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or len(url.split()) != 1:
        raise ValueError("an address that begins with https:// or http://")
    return url


class Written(Text):
    """Words of a person, in every language of the reports, none empty."""

    nl: Words
    en: Words


class Quote(Record):
    """What somebody says of the figures, who that is, and that they consent to its publication."""

    text: Written
    name: Words
    role: Written
    consent: Annotated[bool, Field(strict=True), AfterValidator(_with_consent)]


class Link(Record):
    """A page to read on."""

    title: Written
    url: Annotated[str, AfterValidator(_web_address)]


class Editorial(Record):
    """What an editor adds to the edition of a wave; every part may stay away, and none is ever made up."""

    quote: Quote | None = None
    interpretation: Written | None = None
    advice: Written | None = None
    related: tuple[Link, ...] = ()


def read_editorial(raw: Path, wave: int) -> Editorial | None:
    """Read what an editor added to a wave; None where there is no file.

    Raises
    ------
    ProjectError
        For a quote without a name or without consent, a text that is empty or in one language, a link that is no
        address of the web, or a key that is not known: with the file and the key.
    """
    path = raw / str(wave) / FILE
    return read_yaml(path, Editorial, ProjectError) if path.exists() or path.is_symlink() else None
