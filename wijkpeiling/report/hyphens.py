"""Where a long word may break in a narrow column: a browser without a dictionary breaks it anywhere."""

import re
from functools import cache
from importlib.resources import files

import yaml

SOFT = "\u00ad"


def hyphened(text: str, language: str) -> str:
    """``text`` with a soft hyphen, which shows only where a line ends there, at each place of ``hyphens.yml``.

    Words that are not in the file stay whole.
    """
    places = _places(language)
    return _pattern(language).sub(lambda found: _broken(found[0], places[found[0].lower()]), text)


def _broken(word: str, lengths: tuple[int, ...]) -> str:
    letters = iter(word)
    return SOFT.join("".join(next(letters) for _ in range(length)) for length in lengths)


@cache
def _places(language: str) -> dict[str, tuple[int, ...]]:
    """Of each word the lengths of its parts."""
    words = yaml.safe_load(files("wijkpeiling.report").joinpath("hyphens.yml").read_text(encoding="utf-8"))[language]
    return {word.replace("-", ""): tuple(map(len, word.split("-"))) for word in words.split()}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    # the longest first: a word may begin with another one
    return re.compile("|".join(sorted(_places(language), key=len, reverse=True)), re.IGNORECASE)
