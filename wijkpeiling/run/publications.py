"""What can be published: for each publication its notebooks, their parameters, and the formats it is written in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from wijkpeiling.errors import RunError
from wijkpeiling.parameters import EDITION_PARAMETERS, LANGUAGES, LESSON_PARAMETERS, Parameter

# packages of the extra that a format takes; page and data take none
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "pdf": ("typst", "pikepdf"),
    "infographic": ("typst",),
    "docx": ("docx",),
    "xlsx": ("xlsxwriter",),
    "article": ("docx",),
}


class Publication(NamedTuple):
    """A folder of notebooks that are run with the same parameters and told as one report.

    Parameters
    ----------
    name
        What it is called.
    folder
        Of its notebooks, from the project's root.
    parameters
        That each notebook sets in its cell tagged ``parameters``, and no others; ``language`` is always one.
    formats
        That it can be written in.
    called
        From the parameters, the name of its folder in ``reports/``.
    order
        Numbers of the notebooks in the order of the report; those not named follow by name.
    """

    name: str
    folder: str
    parameters: Mapping[str, Parameter]
    formats: tuple[str, ...]
    called: Callable[[Mapping[str, Any]], str]
    order: tuple[str, ...] = ()

    def notebooks(self, root: Path) -> list[Path]:
        """Its notebooks, in the order of the report: those of which the name begins with two digits.

        Raises
        ------
        RunError
            When there are none.
        """
        found = sorted((root / self.folder).glob("[0-9][0-9]_*.ipynb"))
        if not found:
            raise RunError(
                "no notebooks",
                where=root / self.folder,
                expected="files such as 01_respons.ipynb",
                todo="put them back",
            )
        return sorted(found, key=self._place)

    def _place(self, path: Path) -> int:
        number = path.name[:2]
        return self.order.index(number) if number in self.order else len(self.order)

    def kind(self, parameters: Mapping[str, Any]) -> str:
        """What its folder holds: invented answers never take the place of real ones."""
        return "demo" if _is_invented(parameters) else self.name

    def target(self, root: Path, parameters: Mapping[str, Any]) -> Path:
        """Where it is written when nothing else is asked for."""
        return root / "reports" / self.called(parameters)


def _is_invented(parameters: Mapping[str, Any]) -> bool:
    return parameters.get("source") == "synthetic"


def _in_language(name: object, parameters: Mapping[str, Any]) -> str:
    """The name alone in the first language, with the language behind it in another."""
    language = parameters["language"]
    return str(name) if language == LANGUAGES[0] else f"{name}-{language}"


EDITION = Publication(
    name="edition",
    folder="notebooks",
    parameters=EDITION_PARAMETERS,
    formats=("html", "pdf", "infographic", "docx", "xlsx", "article", "data"),
    called=lambda given: _in_language("demo" if _is_invented(given) else given["wave"], given),
    # the news, shortfalls, tasks, change, who took part, account
    order=("00", "03", "02", "04", "01", "05"),
)

LESSONS = Publication(
    name="lessons",
    folder="notebooks/verkennen",
    parameters=LESSON_PARAMETERS,
    formats=("html",),
    called=lambda given: _in_language("lessons", given),
)


def other_language(kind: str, parameters: Mapping[str, Any]) -> str | None:
    """The name that the same edition has in the other language; None for what is published in one."""
    if kind not in (EDITION.name, "demo"):
        return None
    other = next(language for language in LANGUAGES if language != parameters["language"])
    return EDITION.called({**parameters, "language": other})
