"""What a check of an edition finds, and what it looks at."""

from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from wijkpeiling.report.model import Report, read_model
from wijkpeiling.run.provenance import output_names, read_build
from wijkpeiling.run.reading import Page, read_page

MODEL = "report.json"


class Finding(NamedTuple):
    """Something that keeps an edition from going out.

    Attributes
    ----------
    what
        What is wrong, with the first offending values.
    where
        File, from the folder of the edition; id of the piece or number of the row.
    todo
        What to do about it.
    """

    what: str
    where: str
    todo: str


class Edition:
    """A folder that a build made, and the project that it is held against.

    Raises
    ------
    ReportError
        When the folder is no edition, or its model is none of this version.
    """

    def __init__(self, folder: Path, root: Path):
        self.folder, self.root = folder, root
        self.build: dict[str, Any] = read_build(folder)
        self.report: Report = read_model(folder / MODEL)

    @property
    def is_synthetic(self) -> bool:
        """Whether anything says that its answers are invented: a mark that is left out hides nothing."""
        parameters = self.build.get("parameters", {})
        said = (self.report.cover.source == "synthetic", self.build["kind"] == "demo")
        return any(said) or parameters.get("source") == "synthetic"

    @cached_property
    def files(self) -> list[str]:
        """Every file in the folder but ``build.json``, from there."""
        return output_names(self.folder)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Its HTML pages, by name."""
        return {name: read_page(self.folder / name) for name in self.files if name.endswith(".html")}
