"""What the commands have in common: how options are read, and how a path is told."""

from collections.abc import Collection
from math import isfinite, nan
from pathlib import Path

import typer

from wijkpeiling.parameters import LANGUAGES


def one_of(text: str, allowed: Collection[str], option: str) -> None:
    """Refuse a text that is not one of those allowed; several with commas between them are not one."""
    if text not in allowed:
        raise typer.BadParameter(f"{text!r:.60} is not one of {', '.join(allowed)}", param_hint=option)


def check_language(language: str) -> None:
    """Refuse what is no language of the project."""
    one_of(language, LANGUAGES, "--language")


def choices(text: str, allowed: Collection[str], option: str) -> list[str]:
    """Those named, with commas between them, in the order in which they are allowed."""
    chosen = [part.strip() for part in text.split(",")]
    unknown = [part for part in chosen if part not in allowed]
    if unknown:
        raise typer.BadParameter(
            f"{', '.join(map(repr, unknown))} is not one of {', '.join(allowed)}", param_hint=option
        )
    return [part for part in allowed if part in chosen]


def numbers(text: str, option: str) -> list[float]:
    """Numbers with commas between them."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = [nan]
    if not all(map(isfinite, found)):
        raise typer.BadParameter(f"{text!r:.60} is no list of numbers such as 40,50", param_hint=option)
    return found


def whole_numbers(text: str, option: str) -> list[int]:
    """Whole numbers with commas between them."""
    found = numbers(text, option)
    if not all(number.is_integer() for number in found):
        raise typer.BadParameter(f"{text!r:.60} is no list of whole numbers such as 1,10", param_hint=option)
    return [int(number) for number in found]


def short(path: Path) -> str:
    """The path from here where that is shorter to read."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
