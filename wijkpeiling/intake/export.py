"""An export as its file gives it: cells of text, nothing interpreted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wijkpeiling.intake.findings import Finding


@dataclass(frozen=True)
class Export:
    """The rows that a survey tool wrote.

    Attributes
    ----------
    format
        As it was recognised: ``limesurvey_csv``, ``limesurvey_json``, ``spss``, ``stata``, ``excel``, ``forms``,
        ``qualtrics``, ``kobo``, ``csv``.
    description
        What was recognised, in one sentence for the user.
    file
        Name of the file, without folder.
    cells
        Shape (R, C), string dtype: a row for each respondent, a column for each heading as written (unique: a repeated
        one is a finding and stays out). "" is a cell that is there and empty; NA is a cell that the format says is not
        there at all (NULL), where ``keeps_null``.
    rows
        Shape (R,): the row of each respondent as the spreadsheet shows it.
    keeps_null
        Whether the format keeps the difference between NULL and empty.
    labels
        By column, label of each code, where the file holds them (SPSS, Stata).
    texts
        By column, the text of the question, where the file holds it beside the heading.
    user_missing
        By column, codes that the file itself declares missing, with their label.
    findings
        What was met in reading: encoding, separator, merged cells, formulas, repeated headings.
    """

    format: str
    description: str
    file: str
    cells: pd.DataFrame
    rows: np.ndarray
    keeps_null: bool = False
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    user_missing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
