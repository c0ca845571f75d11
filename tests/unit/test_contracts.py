"""The tables that cross rooms: closed lists are closed."""

import pandas as pd
import pytest

from wijkpeiling import contracts
from wijkpeiling.errors import EstimationError
from wijkpeiling.trend.changes import changes_against


@pytest.fixture(scope="module")
def tables(sources):
    from wijkpeiling.sources.edition import estimate

    return {
        "estimates": estimate(sources, 2019, ["task_signalling"]),
        "changes": changes_against(sources, 2017, [2019], ["has_wijkteam"], "nl"),
    }


@pytest.mark.parametrize(
    ("name", "column", "known"),
    [
        ("estimates", "method", contracts.INTERVAL_METHODS),
        ("estimates", "flag", contracts.FLAGS),
        ("estimates", "source", contracts.SOURCES),
        ("changes", "method", contracts.CHANGE_METHODS),
        ("changes", "conclusion", contracts.CONCLUSIONS),
    ],
)
def test_a_word_that_is_not_on_the_list_is_refused(tables, name, column, known):
    table = tables[name]
    assert set(table[column].dropna()) <= set(known)
    with pytest.raises(EstimationError) as refused:
        contracts.check(table.assign(**{column: "strange"}), contracts.CONTRACTS[name], EstimationError)
    assert "'strange' is not allowed" in refused.value.what
    assert refused.value.expected == "one of " + ", ".join(known)


def test_an_empty_flag_is_allowed(tables):
    table = tables["estimates"].assign(flag=pd.NA)
    assert contracts.check(table, contracts.ESTIMATES, EstimationError)["flag"].isna().all()
