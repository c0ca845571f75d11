"""Words that a page explains: the first mention of each is a link to what it means."""

import re
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml
from markupsafe import Markup, escape


class Term(NamedTuple):
    """A word as a list has it, and what it means."""

    slug: str
    name: str
    means: str


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


@cache
def _terms(language: str) -> dict[str, Term]:
    return {slug: Term(slug, one[language]["name"], one[language]["means"]) for slug, one in _file().items()}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = (f"(?P<{slug}>{one[language]['word']})" for slug, one in _file().items())
    # part of no longer word, but that of a compound: G32-steden
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


@cache
def _file() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(files("wijkpeiling.report").joinpath("terms.yml").read_text(encoding="utf-8"))
