"""Text in the respondent's own words: never published, and flagged where it may say who somebody is."""

import re
from collections.abc import Iterator

from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.intake.columns import Columns, Place
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.spreadsheets import FORMULA

PERSONAL = {
    "an e-mail address": re.compile(r"[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE),
    "a telephone number": re.compile(r"(?<!\d)(?:\+31|0031|0)[\s-]?(?:\d[\s-]?){8}\d(?!\d)"),
}


def flag_text(export: Export, columns: Columns, questionnaire: Questionnaire) -> Iterator[Finding]:
    """What stands in answers in the respondent's own words that somebody should look at; never the words themselves."""
    for asked in questionnaire.asked():
        heading = columns.places.get(Place(asked.name))
        if asked.question.type != "text" or heading is None:
            continue
        for row, text in zip(export.rows, export.cells[heading].fillna(""), strict=True):
            found = [what for what, pattern in PERSONAL.items() if pattern.search(text)]
            if found:
                yield Finding(
                    "personal_data",
                    "warning",
                    f"it may hold {' and '.join(found)}; text is never published",
                    export.file,
                    int(row),
                    heading,
                    todo="remove it from the export before you give that to anyone",
                )
            if text.startswith(FORMULA):
                yield Finding(
                    "text_like_formula",
                    "note",
                    "begins like a formula: a spreadsheet that opens the export may run it",
                    export.file,
                    int(row),
                    heading,
                )
