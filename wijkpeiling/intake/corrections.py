"""What the user corrects in an export, without touching the file that was received."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from wijkpeiling.errors import IntakeError
from wijkpeiling.intake.columns import ADDED, ROLE_OF
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.spelling import plain
from wijkpeiling.records import Record, read_yaml

FILE = "corrections.yml"


class Correction(Record):
    """One cell that becomes another, or one reply that stays out.

    ``response`` is what the export has in its own column of numbers (``id``), which stays the same in a later export;
    ``row`` is as the spreadsheet shows it. ``expect`` is what stands in ``column`` now: a correction that finds
    something else is an error, so that none is left behind by a newer export. ``value`` is what it becomes, or
    ``remove: true`` keeps the whole reply out.
    """

    response: str | None = None
    row: int | None = None
    column: str
    expect: str
    value: str | None = None
    remove: bool = False
    reason: str


class Corrections(Record):
    """The whole of ``corrections.yml``."""

    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class Corrected:
    """An export with its corrections in it.

    Attributes
    ----------
    findings
        Each correction that was made, with its reason.
    """

    export: Export
    findings: tuple[Finding, ...]


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """``corrections.yml`` in the folder of a wave's responses; none where there is no file."""
    path = folder / FILE
    return read_yaml(path, Corrections, IntakeError).corrections if path.exists() else ()


def correct(export: Export, corrections: tuple[Correction, ...]) -> Corrected:
    """Make the corrections, in their order.

    Raises
    ------
    IntakeError
        When a correction says both or neither of ``row`` and ``response``, or of ``value`` and ``remove``, names a row,
        reply or column that is not there, or finds another value than it expects.
    """
    cells = export.cells.copy() if corrections else export.cells
    stays, findings = np.ones(len(export.rows), bool), []
    for number, correction in enumerate(corrections, start=1):
        place, column = _place(export, correction, number), _column(export, correction, number)
        at = cells.columns.get_loc(column)
        found = cells.iat[place, at]
        if plain("" if found is None or found != found else str(found)) != plain(correction.expect):
            raise _refusal(number, f"{correction.expect!r} is not in row {export.rows[place]}, {found!r} is")
        if correction.remove:
            stays[place] = False
        else:
            cells.iat[place, at] = correction.value
        what = "kept out" if correction.remove else f"{correction.expect!r} became {correction.value!r}"
        findings.append(
            Finding(
                "corrected",
                "note",
                f"{what}: {correction.reason}",
                export.file,
                int(export.rows[place]),
                column,
                correction.expect[:80],
            )
        )
    cells = cells[stays].reset_index(drop=True) if corrections else cells
    return Corrected(replace(export, cells=cells, rows=export.rows[stays]), tuple(findings))


def _place(export: Export, correction: Correction, number: int) -> int:
    if (correction.row is None) == (correction.response is None):
        raise _refusal(number, "row and response: one of the two says which reply is meant")
    if correction.remove != (correction.value is None):
        raise _refusal(number, "value and remove: one of the two says what to do")
    if correction.row is not None:
        places = np.flatnonzero(export.rows == correction.row)
        if len(places) != 1:
            raise _refusal(number, f"no reply in row {correction.row}")
        return int(places[0])
    columns = {name: ADDED.get(plain(name), "") for name in export.cells.columns}
    numbers = next((name for name, column in columns.items() if ROLE_OF.get(column) == "response"), None)
    if numbers is None:
        raise _refusal(number, "the export has no column of numbers (id), so row says which reply is meant")
    places = np.flatnonzero(export.cells[numbers].eq(correction.response).fillna(False).to_numpy(bool))
    if len(places) != 1:
        raise _refusal(number, f"{len(places)} replies with number {correction.response} in column {numbers}")
    return int(places[0])


def _column(export: Export, correction: Correction, number: int) -> str:
    names = [name for name in export.cells.columns if plain(name) == plain(correction.column)]
    if not names:
        raise _refusal(number, f"no column {correction.column}")
    return str(names[0])


def _refusal(number: int, what: str) -> IntakeError:
    return IntakeError(
        f"correction {number}: {what}",
        where=FILE,
        expected="row or response, column and expect as the export has them now; value or remove; reason",
        todo="correct it, or remove it where the export was corrected at its source",
    )
