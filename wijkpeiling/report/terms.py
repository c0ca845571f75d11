"""Words that a report explains: on a page the first mention of each is a link to what it means."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

import yaml
from markupsafe import Markup, escape

from wijkpeiling.present.blocks import Block, Chart, Prose, Sentence, Table
from wijkpeiling.report.model import Report


class Term(NamedTuple):
    """A word as a list has it, and what it means.

    Attributes
    ----------
    full
        The words that an abbreviation stands for.
    is_aside
        Whether it is an abbreviation that such words cannot take the place of.
    """

    slug: str
    name: str
    means: str
    full: str | None
    is_aside: bool


class Terms:
    """The words that one page explains, and which of them it has met so far.

    Parameters
    ----------
    language
        ``nl`` or ``en``.
    """

    def __init__(self, language: str):
        self._known = _terms(language)
        self._pattern = _pattern(language)
        self._met: set[str] = set()

    def mark(self, text: str) -> Markup:
        """``text`` safe for a page, with a link on each word that no text before it had."""
        return Markup(self._pattern.sub(self._link, str(escape(text))))

    @property
    def met(self) -> list[Term]:
        """The words met, by name."""
        return sorted((self._known[slug] for slug in self._met), key=lambda term: term.name.lower())

    def _link(self, found: re.Match[str]) -> str:
        slug = str(found.lastgroup)
        if slug in self._met:
            return found[0]
        self._met.add(slug)
        return f'<a class="term" href="#term-{slug}">{found[0]}</a>'


def terms_of(report: Report) -> list[Term]:
    """The words that a report mentions, by name: what it says, but not how its numbers came about."""
    terms = Terms(report.language)
    for text in _texts(report):
        terms.mark(text)
    return terms.met


def written_out(text: str, language: str) -> str:
    """``text`` with the words of each abbreviation at its first mention: ``de Vereniging van Gemeenten (VNG)``.

    An abbreviation without such words stays as it is.
    """
    known, met = _terms(language), set()

    def write(found: re.Match[str]) -> str:
        full = known[str(found.lastgroup)].full
        if full is None or found.lastgroup in met:
            return found[0]
        met.add(found.lastgroup)
        return f"{full} ({found[0]})"

    return _pattern(language).sub(write, text)


def told_aside(text: str, language: str) -> list[str]:
    """What the abbreviations in a text mean that cannot be written out in their place, a sentence each."""
    terms, told = Terms(language), []
    terms.mark(text)
    # a meaning can have another such word
    while new := [term for term in terms.met if term.is_aside and term not in told]:
        told += new
        for term in new:
            terms.mark(term.means)
    return [f"{term.name}: {term.means[:1].lower()}{term.means[1:]}" for term in told]


def _texts(report: Report) -> Iterator[str]:
    cover, origin = report.cover, report.cover.origin
    yield from (cover.title, cover.subtitle, *cover.lead, *(figure.text for figure in cover.key_figures))
    yield from filter(None, (origin.held_by, origin.report) if origin else ())
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            yield from filter(None, _told(block))


def _told(block: Block) -> Iterator[str | None]:
    if isinstance(block, Prose):
        yield block.text
    elif isinstance(block, Sentence):
        yield from (block.text, block.key)
    elif isinstance(block, Chart):
        yield from (block.caption, block.subtitle, block.reading)
    elif isinstance(block, Table):
        yield from (block.caption, *block.columns, *chain.from_iterable(block.texts), *block.notes)


@cache
def _terms(language: str) -> dict[str, Term]:
    words = {slug: one[language] for slug, one in _file().items()}
    return {
        slug: Term(slug, one["name"], one["means"], one.get("full"), "is_aside" in one) for slug, one in words.items()
    }


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = (f"(?P<{slug}>{one[language]['word']})" for slug, one in _file().items())
    # part of no longer word, but that of a compound: G32-steden
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


@cache
def _file() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(files("wijkpeiling.report").joinpath("terms.yml").read_text(encoding="utf-8"))
