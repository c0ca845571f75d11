"""The errors a user can cause, one class and one exit code per room."""

from pathlib import Path


class WijkpeilingError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    what
        What is wrong, with the first offending values.
    where
        File, row as the spreadsheet shows it, column.
    expected
        What would have been right.
    todo
        What to do about it.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | Path = "", expected: str = "", todo: str = ""):
        self.what, self.where, self.expected, self.todo = map(_on_one_line, (what, where, expected, todo))
        labelled = [("where", self.where), ("expected", self.expected), ("to do", self.todo)]
        super().__init__("\n".join([self.what] + [f"  {label}: {text}" for label, text in labelled if text]))


def _on_one_line(text: object) -> str:
    return " ".join(str(text).split())


class ProjectError(WijkpeilingError):
    """The files of the project under ``data/raw`` are missing, broken or contradict each other."""

    exit_code = 10


class InstrumentError(WijkpeilingError):
    """The questionnaire of a wave is missing or does not fit the concepts."""

    exit_code = 11


class IntakeError(WijkpeilingError):
    """Published figures or answers do not follow their contract."""

    exit_code = 12


class PopulationError(WijkpeilingError):
    """Municipality counts, size classes or mergers do not add up."""

    exit_code = 13


class EstimationError(WijkpeilingError):
    """An estimate was asked for that the design or the data cannot give."""

    exit_code = 14


class ComparabilityError(WijkpeilingError):
    """Two waves were asked to be compared on something that changed between them."""

    exit_code = 15


class ReportError(WijkpeilingError):
    """The report cannot be assembled or written."""

    exit_code = 16


class RunError(WijkpeilingError):
    """A notebook could not be run."""

    exit_code = 17


ERRORS_BY_NAME = {error.__name__: error for error in WijkpeilingError.__subclasses__()}
