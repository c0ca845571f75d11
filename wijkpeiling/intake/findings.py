"""What was met in an export: each finding with its place, as the spreadsheet shows it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that the user should know of an export.

    Attributes
    ----------
    kind
        What it is in a word or three joined by ``_``, whatever the place: ``unknown_column``, ``not_in_frame``.
    severity
        ``error`` keeps the answers out until it is corrected, ``warning`` says what was assumed, ``note`` what was
        done.
    message
        What was found, in words.
    file
        Name of the export, without folder.
    row
        As the spreadsheet shows it, from 1; None for the whole file.
    column
        Heading as it was written; None for the whole row.
    value
        What stands there, cut to 80 characters; None where it may be personal.
    todo
        What to do.
    """

    kind: str
    severity: Severity
    message: str
    file: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    todo: str | None = None
