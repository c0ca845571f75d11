"""Words and numbers as people read them, in Dutch and English."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

LOCALES = {"nl": "nl_NL", "en": "en_GB"}
# 15 significant digits: what a float carries, so that 0.595 is a half and rounds up
DIGITS = 15
# tests are read against this level: a p-value is never rounded across it
THRESHOLD = Decimal("0.05")


def say(language: str, key: str, **values: object) -> str:
    """The sentence or word of ``key`` in ``words/<language>.yml``, its gaps filled.

    Where the file gives forms, ``by`` names the value that chooses one: its own number where that has a form, otherwise
    the plural category that Unicode's CLDR gives it in the language (``one``, ``other``).
    """
    text = _words(language)[key]
    if isinstance(text, dict):
        text = _form(text, values, language)
    return text.format(**values)


def whole_percent(share: float, language: str) -> str:
    """``0.595`` as ``60 procent``: no decimals, half up."""
    return say(language, "percent", number=whole(share))


def rough_percent(share: float, language: str) -> str:
    """A share of which an approximation was published: ``ongeveer 45 procent``, and a third by its own name.

    Who writes two thirds did not count 67 percent, and ``ongeveer 67 procent`` sounds as if they had.
    """
    thirds = dict(pair.split("=") for pair in say(language, "thirds").split("|"))
    told = thirds.get(f"{share:.3f}") or whole_percent(share, language)
    return say(language, "about", share=told)


def whole(share: float) -> str:
    """A share or difference of shares in whole hundredths, half away from zero: ``0.595`` as ``60``."""
    return str(_round(share * 100))


def percent_cell(share: float) -> str:
    """A share in a table or figure: ``59%``."""
    return f"{whole(share)}%"


def range_cell(low: float, high: float) -> str:
    """An interval of shares in a table: ``55–63%``."""
    return f"{whole(low)}–{whole(high)}%"


def percent_range(low: float, high: float, language: str) -> str:
    """An interval of shares: ``0.55, 0.63`` as ``55 tot 63 procent``."""
    return say(language, "percent_range", low=whole(low), high=whole(high))


def points(difference: float) -> str:
    """A difference of shares with its sign: ``-0.14`` as ``-14``, with a real minus sign."""
    number = _round(difference * 100)
    return f"+{number}" if number > 0 else f"\u2212{-number}" if number < 0 else "0"


def points_in_words(difference: float, language: str) -> str:
    """A difference of shares in a sentence: ``0.01`` as ``+1 percentage point``."""
    return say(language, "in_points", points=points(difference), n=_round(difference * 100))


def points_range(low: float, high: float, language: str) -> str:
    """An interval of differences: ``-0.20, -0.08`` as ``−20 tot −8``."""
    return say(language, "range", low=points(low), high=points(high))


def tenths(value: float, language: str) -> str:
    """A number with one decimal, in the language's notation."""
    return _decimals(value, "0.1", language)


def hundredths(value: float, language: str) -> str:
    """A number with two decimals, in the language's notation."""
    return _decimals(value, "0.01", language)


def p_value(p: float, language: str) -> str:
    """A p-value with three decimals, or on which side of a level it lies that they do not show.

    ``0.0123`` as ``0,012``, ``0.0004`` as ``< 0,001``; ``0.04999`` as ``< 0,05`` and ``0.05001`` as ``> 0,05``.
    """
    exact = Decimal(f"{p:.{DIGITS}g}")
    rounded = exact.quantize(Decimal("0.001"), ROUND_HALF_UP)
    if exact < Decimal("0.001"):
        return "< " + format_decimal(Decimal("0.001"), "0.000", locale=LOCALES[language])
    if rounded == THRESHOLD != exact:
        side = "<" if exact < THRESHOLD else ">"
        return f"{side} " + format_decimal(THRESHOLD, "0.00", locale=LOCALES[language])
    return format_decimal(rounded, "0.000", locale=LOCALES[language])


def p_equation(p: float, language: str) -> str:
    """A p-value in a sentence: ``p = 0,012``, ``p < 0,001`` or ``p > 0,05``."""
    spelled = p_value(p, language)
    return f"p {spelled}" if spelled.startswith(("<", ">")) else f"p = {spelled}"


def number(value: int, language: str) -> str:
    """A whole number with the language's sign for thousands."""
    return format_decimal(value, locale=LOCALES[language])


# between two parts of one item
CONJUNCTIONS = {"nl": " en ", "en": " and "}


def listing(items: list[str], language: str, style: Literal["standard", "or"] = "standard") -> str:
    """``a, b en c``; with ``style="or"`` ``a, b of c``. A comma parts the last from what has a conjunction in it."""
    locale = LOCALES[language]
    if len(items) < 2 or not any(CONJUNCTIONS[language] in item for item in items[-2:]):
        return format_list(items, style=style, locale=locale)
    *others, last = items
    *_, conjunction = format_list(["", ""], style=style, locale=locale).split()
    return f"{', '.join(others)}, {conjunction} {last}"


def date(value: datetime.date, language: str) -> str:
    """A date in words: ``1 januari 2019``."""
    return format_date(value, "d MMMM y", locale=LOCALES[language])


def short_date(value: datetime.date, language: str) -> str:
    """A date without its year, for an axis or the first day of a period: ``1 jan``."""
    return format_date(value, "d MMM", locale=LOCALES[language])


def sentence_case(text: str) -> str:
    """``text`` with a capital in front, the rest untouched."""
    return text[:1].upper() + text[1:]


# what stands with the title of a publication, and what that is in the language of the reader
SAID_OF_SOURCE = {
    "en": {
        "publicatiepagina": "publication page",
        "Movisie-artikel": "Movisie article",
        "bladversie": "print edition",
        "tekst Movisie": "text by Movisie",
    }
}


def source(title: str, language: str) -> str:
    """The title of a publication, with what stands in brackets behind it in the language of the reader.

    ``Wijkteams (NJi 6 mei 2020)`` as ``Wijkteams (NJi 6 May 2020)``: the title itself stays what it is.
    """
    found = re.fullmatch(r"(.*)\(([^()]*)\)", title)
    if found is None or language == "nl":
        return title
    name, said = found.groups()
    for dutch, word in (SAID_OF_SOURCE[language] | _months(language)).items():
        said = re.sub(rf"\b{dutch}\b", word, said)
    return f"{name}({said})"


def publisher(title: str, language: str) -> str:
    """Who brought out a publication, as a sentence names it: what stands first in the brackets behind its title."""
    found = re.search(r"\(([^(),\d]+?)(?: via [^()]*| \d[^()]*|,[^()]*)?\)$", title)
    if found is None:
        return say(language, "publisher_unnamed")
    named = dict(pair.split("=") for pair in say(language, "publishers").split("|"))
    return named.get(found[1], found[1])


@cache
def _months(language: str) -> dict[str, str]:
    """The Dutch names of months, short ones too, with what they are in a language."""
    names = Locale.parse(LOCALES[language]).months["format"]["wide"]
    dutch = Locale.parse(LOCALES["nl"]).months["format"]
    return {dutch[width][month].rstrip("."): names[month] for width in ("wide", "abbreviated") for month in names}


def _decimals(value: float, step: str, language: str) -> str:
    # adding 0 takes the sign from a zero
    exact = Decimal(f"{value:.{DIGITS}g}").quantize(Decimal(step), ROUND_HALF_UP) + 0
    pattern = "#,##" + step.replace("1", "0")
    return format_decimal(exact, pattern, locale=LOCALES[language]).replace("-", "\u2212")


def _round(value: float) -> int:
    return int(Decimal(f"{value:.{DIGITS}g}").quantize(Decimal(1), ROUND_HALF_UP))


def _form(forms: dict[Any, str], values: dict[str, Any], language: str) -> str:
    count = values[forms["by"]]
    return forms.get(count) or forms[Locale.parse(LOCALES[language]).plural_form(count)]


@cache
def _words(language: str) -> dict[str, Any]:
    text = files("wijkpeiling").joinpath("words", f"{language}.yml").read_text(encoding="utf-8")
    # the loader in C, eight times as fast, where PyYAML was built with it
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
