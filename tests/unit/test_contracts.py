"""The tables that cross rooms: closed lists are closed."""

import pandas as pd
import pandera.pandas as pa
import pytest

from wijkpeiling import checking, contracts
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


ALL = [table for table in vars(contracts).values() if isinstance(table, contracts.Contract)]
# the columns of every contract, of those that ask the same kind of thing one
KINDS = {
    f"{column.dtype} {'or nothing' if column.nullable else ''} {[check.name for check in column.checks]}": column
    for table in [*ALL, contracts.responses(["x"])]
    for column in table.schema.columns.values()
}
WORDS = [
    "",
    "strange",
    "accepted",
    "GM0363",
    "SY0001",
    "2019-01-01",
    "<20k",
    "https://example.org",
    "0.5",
    "2019",
    "True",
]
CELLS = [*WORDS, pd.NA, None, float("nan"), -7, -0.001, 0, 0.5, 1, 101, 2019, float("inf"), 2**70, True, False]


def both_ways(table, contract):
    """A table as the short way has it, and as pandera's whole validation does; None where it is refused."""
    try:
        whole = contract.schema.validate(table)
    except (pa.errors.SchemaError, pa.errors.SchemaErrors):
        whole = None
    return checking._sound(table, contract), whole


@pytest.mark.filterwarnings("ignore:Constructing a Categorical")
@pytest.mark.parametrize("kind", KINDS)
def test_the_short_way_refuses_what_the_whole_validation_does_and_gives_the_same(kind):
    contract = contracts.Contract("one", pa.DataFrameSchema({"x": KINDS[kind]}, strict=True, ordered=True))
    listed = [check.statistics.get("allowed_values", [])[-1:] for check in KINDS[kind].checks]
    columns = [[], ["2019", pd.NA], *([cell] for cell in CELLS), *listed]
    found = [both_ways(pd.DataFrame({"x": pd.Series(cells, dtype=object)}), contract) for cells in columns]
    assert any(short is not None for short, _ in found[1:])
    for short, whole in found:
        assert (short is None) == (whole is None)
        if whole is not None:
            pd.testing.assert_frame_equal(short, whole)


@pytest.mark.parametrize("name", ["estimates", "changes"])
def test_the_short_way_takes_a_table_that_is_right_and_no_other_columns(tables, name):
    table, contract = tables[name], contracts.CONTRACTS[name]
    for right in (table, table.astype(object), table.iloc[:0], table.set_index(table.index + 5)):
        pd.testing.assert_frame_equal(*both_ways(right, contract))
    wrong = [table.iloc[:, ::-1], table.iloc[:, 1:], table.assign(more=1), pd.concat([table, table], axis=1)]
    assert [both_ways(one, contract) for one in wrong] == [(None, None)] * 4
