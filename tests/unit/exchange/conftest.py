"""Datasets to write: the answers of the small project, and one with everything that a format can stumble over."""

import pandas as pd
import pytest

from wijkpeiling.exchange.dataset import MISSING_CODES, Dataset, ResponseSet, Variable
from wijkpeiling.exchange.export import dataset_of

RESPONSES = "2027/responses/responses.csv"


@pytest.fixture
def answered(mini):
    """The small project, in which some broke off."""
    place = mini.rows(RESPONSES)[0].index("missing_reason")
    for number, row in enumerate(mini.rows(RESPONSES)[1:], start=2):
        if "task_signalling=not_answered" in row[place]:
            mini.put(RESPONSES, number, missing_reason=row[place].replace("not_answered", "broken_off"))
    return mini


@pytest.fixture(params=["nl", "en"])
def dataset(answered, request):
    return dataset_of(answered.project, 2027, language=request.param)


@pytest.fixture
def awkward():
    """Quotes, accents, a formula, names that are too long, reserved or equal once cut, and every reason."""
    reasons = {code: reason for reason, code in MISSING_CODES.items()}
    words = {0: "Nee", 1: "Ja, 's zomers", **{code: f"één {reason}" for code, reason in reasons.items()}}
    long = "too_little_connection_general_services"
    names = ["all", "str5", f"{long}_a", f"{long}_b", "with-hyphen"]
    variables = (
        Variable("name", "De 'naam' " + "é" * 300),
        *(Variable(name, f"=vraag {name}.\nÉn een regel", words, reasons) for name in names),
        Variable("weight", "Gewicht"),
    )
    rows = 6
    answers = {name: pd.array([1, 0, -1, -2, -3, -4], dtype="Int64") for name in names}
    table = pd.DataFrame({"name": ["=1+1", "Súd", "'s-Ver", "-x", "@y", "z"], **answers, "weight": [1.5] * rows})
    sets = (ResponseSet("tasks", "Welke 'taken'?\nAlle.", tuple(names[2:])),)
    return Dataset(2027, "nl", "Peiling 2027: " + "é" * 80, variables, table, sets)
