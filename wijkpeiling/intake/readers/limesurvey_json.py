"""Responses that LimeSurvey exported as JSON, which keeps null and the empty cell apart in every version."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from wijkpeiling.errors import IntakeError
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.grid import Grid, counted, named, shown, text_columns
from wijkpeiling.intake.readers.tools import has_labels, heading_form, labels_found

FIRST_ROW: Final = 2
TODO: Final = "export the responses of the survey from LimeSurvey as JSON, and do not change the file"


def read_limesurvey_json(content: bytes, file: str) -> Export:
    """The export in a JSON file.

    A response has the row that a spreadsheet would give it: the first one 2, below the headings.

    Raises
    ------
    IntakeError
        When it is no JSON, or other JSON than LimeSurvey's responses.
    """
    responses = list(_responses(_loaded(content, file), file))
    headings = list(dict.fromkeys(key for response in responses for key in response))
    columns = {
        number: [_text(response.get(heading), file, row, heading) for row, response in enumerate(responses, FIRST_ROW)]
        for number, heading in enumerate(headings)
    }
    findings = (*_merged_columns(headings, file), *_lacking(responses, headings, file))
    rows = np.arange(len(responses)) + FIRST_ROW
    grid = named(Grid(file, headings, text_columns(columns), rows, findings))
    count, width = grid.cells.shape
    is_labelled = has_labels(grid.cells)
    null = "" if is_labelled else ", in which NULL and an empty cell differ"
    return Export(
        format="limesurvey_json",
        description=f"responses of LimeSurvey headed by {heading_form(headings)}, in JSON{null}: "
        f"{counted(count, 'row')}, {counted(width, 'column')}",
        file=file,
        cells=grid.cells.fillna("") if is_labelled else grid.cells,
        rows=rows,
        keeps_null=not is_labelled,
        findings=(*grid.findings, labels_found(file)) if is_labelled else tuple(grid.findings),
    )


def _loaded(content: bytes, file: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=lambda pairs: _unique(pairs, file))
    except UnicodeDecodeError:
        raise IntakeError("this is JSON and not UTF-8", where=file, expected="UTF-8", todo=TODO) from None
    except json.JSONDecodeError as failure:
        what = f"this is no JSON: {failure.msg}"
        where = f"{file}, line {failure.lineno}, position {failure.colno}"
        raise IntakeError(what, where=where, expected="a whole JSON file", todo=TODO) from None
    except (RecursionError, ValueError):
        raise IntakeError("JSON that cannot be read", where=file, expected="a list of responses", todo=TODO) from None


def _unique(pairs: Sequence[tuple[str, Any]], file: str) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    repeated = next(key for key in keys if keys.count(key) > 1)
    raise IntakeError(
        f"two columns are named {shown(repeated)!r}",
        where=file,
        expected="each column once",
        todo="export with question codes as headings; those are unique",
    )


def _responses(loaded: Any, file: str) -> Iterator[dict[str, Any]]:
    """Each response; LimeSurvey 3 names each by its number, later versions do not."""
    found = loaded.get("responses") if isinstance(loaded, dict) else None
    if not isinstance(found, list):
        raise IntakeError("JSON without responses", where=file, expected='{"responses": [...]}', todo=TODO)
    if not found:
        todo = "export the responses again, broken-off ones too, once there are some"
        raise IntakeError("there are no responses in it", where=file, expected="responses", todo=todo)
    for row, response in enumerate(found, FIRST_ROW):
        if isinstance(response, dict) and len(response) == 1:
            (only,) = response.values()
            response = only if isinstance(only, dict) else response
        if not isinstance(response, dict):
            where = f"{file}, response {row - FIRST_ROW + 1}"
            raise IntakeError(f"no response: {shown(response)!r}", where=where, expected="a response", todo=TODO)
        yield response


def _text(value: Any, file: str, row: int, heading: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    raise IntakeError(
        f"a list or object where an answer belongs: {shown(value)!r}",
        where=f"{file}, response {row - FIRST_ROW + 1}, column {shown(heading)}",
        expected="text, a number or null",
        todo=TODO,
    )


def _merged_columns(headings: Sequence[str], file: str) -> Iterator[Finding]:
    """LimeSurvey keeps one of the columns whose headings are equal, and does not say so."""
    if heading_form(headings) == "texts":
        message = "headed by texts of questions: of questions with the same text LimeSurvey wrote one only"
        todo = "export with question codes as headings; those are unique"
        yield Finding("text_headings", "warning", message, file, todo=todo)


def _lacking(responses: Sequence[dict[str, Any]], headings: Sequence[str], file: str) -> list[Finding]:
    """Columns that a response does not have, which LimeSurvey always writes."""
    return [
        Finding(
            "cells_in_row",
            "warning",
            f"{len(headings) - len(response):,} of {len(headings):,} columns are not in this response: taken as null",
            file,
            row=row,
            todo=TODO,
        )
        for row, response in enumerate(responses, FIRST_ROW)
        if len(response) < len(headings)
    ]
