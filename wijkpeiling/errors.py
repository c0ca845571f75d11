"""The errors a user can cause, one class and one exit code per room."""

from pathlib import Path
from typing import Self

# each line of a message but the first, as it is read and as the error calls it
LABELS = {"where": "where", "expected": "expected", "to do": "todo"}

# characters of what, where, expected and todo: together they fit on a screen
LONGEST = (800, 300, 400, 300)
KEPT_AT_END = 100
CUT = " [...] "
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


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
        self.what, self.where, self.expected, self.todo = (
            _on_one_line(part, longest) for part, longest in zip((what, where, expected, todo), LONGEST, strict=True)
        )
        labelled = [(label, getattr(self, part)) for label, part in LABELS.items()]
        super().__init__("\n".join([self.what] + [f"  {label}: {text}" for label, text in labelled if text]))

    @classmethod
    def from_message(cls, message: str) -> Self:
        """The error that says ``message``: what a kernel tells of an error is its class and this text.

        Lines that no error of the package writes belong to what is wrong.
        """
        what, parts = [], {}
        for line in message.split("\n"):
            label, _, text = line.strip().partition(": ")
            if label in LABELS and line.startswith("  "):
                parts[LABELS[label]] = text
            else:
                what.append(line)
        return cls("\n".join(what), **parts)


def _on_one_line(text: object, longest: int) -> str:
    """Without line breaks, characters that a terminal would obey, and more than a reader can take in."""
    line = " ".join("".join(sign if sign.isprintable() else UNPRINTABLE for sign in part) for part in str(text).split())
    if len(line) <= longest:
        return line
    return line[: longest - KEPT_AT_END - len(CUT)] + CUT + line[-KEPT_AT_END:]


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


class ReportError(WijkpeilingError):
    """The report cannot be assembled or written."""

    exit_code = 16


class RunError(WijkpeilingError):
    """A notebook could not be run."""

    exit_code = 17


ERRORS_BY_NAME = {error.__name__: error for error in WijkpeilingError.__subclasses__()}
