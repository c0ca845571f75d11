"""What was met in an export: each finding with its place, as the spreadsheet shows it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning", "note"]
ORDER: tuple[Severity, ...] = ("error", "warning", "note")
# of one kind in one column, that are listed one by one
LISTED = 50


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


def capped(findings: Iterable[Finding], listed: int = LISTED) -> tuple[Finding, ...]:
    """The findings, of each kind in each column the first ``listed``, and one that says how many more there are.

    The worst first, and those in the order of their rows; what is of the whole file comes last.
    """
    alike: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        alike[finding.kind, finding.column].append(finding)
    shown = []
    for same in alike.values():
        shown += same[:listed]
        if len(same) > listed:
            more = f"{len(same) - listed:,} more rows: {same[0].message}"
            shown.append(replace(same[0], row=None, value=None, message=more))
    return tuple(sorted(shown, key=lambda one: (ORDER.index(one.severity), one.row is None, one.row or 0)))
