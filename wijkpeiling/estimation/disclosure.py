"""Which cells would tell what single municipalities answered, and are therefore withheld."""

import numpy as np
import pandas as pd

SMALLEST_BASE = 10
INDICATIVE_BASE = 30
# a count, or its complement, of 1 to 4 points to few municipalities; so does "none" or "all" of a small group
SMALLEST_COUNT = 5
HIDDEN = ("count", "share", "se", "ci_low", "ci_high", "df", "deff", "worst_low", "worst_high")


def suppress(by_domain: pd.DataFrame, overall: pd.DataFrame) -> pd.DataFrame:
    """Withhold the cells of a table by domain that could be traced to single municipalities.

    Parameters
    ----------
    by_domain
        Contract ``estimates``, all values of one domain.
    overall
        Contract ``estimates``, the same concepts overall: what a reader can subtract from.

    Returns
    -------
    DataFrame
        ``by_domain`` with the withheld numbers missing, ``is_suppressed`` and ``flag`` set.

    Notes
    -----
    Withheld first: a base under 10; a count, or a complement, of 1 to 4; 0% or 100% of a base under 30. Then, for each
    concept, the next smallest cells, until those withheld could not be found by subtracting the others from the total:
    5 or more yes, 5 or more no, and 5 or more answers outside any one of them, or nothing left to subtract from. Each
    count then lies anywhere in a range of 5 or more, or from none to all. A base under 30 is flagged as indicative.
    Bases stay: they tell how many were asked, not what they said. The method goes: one of them is for 0% and 100%.
    """
    table = by_domain.copy()
    hidden = _is_small(table)
    for concept, rows in table.groupby("concept", sort=False).indices.items():
        cells = table.iloc[rows]
        known = overall[overall["concept"] == concept]
        withheld = hidden[rows]
        if withheld.any() and len(known):
            hidden[rows] = _protect(cells, withheld)
    table.loc[hidden, list(HIDDEN)] = pd.NA
    table.loc[hidden, "method"] = "none"
    table.loc[hidden, "is_suppressed"] = True
    table.loc[hidden, "flag"] = "suppressed"
    indicative = ~hidden & (table["n"] < INDICATIVE_BASE).to_numpy(dtype=bool) & table["flag"].isna().to_numpy()
    table.loc[indicative, "flag"] = "indicative"
    return table


def _is_small(table: pd.DataFrame) -> np.ndarray:
    n, yes = table["n"].to_numpy(dtype=int), table["count"].to_numpy(dtype=int)
    least = np.minimum(yes, n - yes)
    is_few = (least > 0) & (least < SMALLEST_COUNT)
    is_unanimous = (least == 0) & (n < INDICATIVE_BASE)
    # where nobody answered there is nothing to withhold
    return (n > 0) & ((n < SMALLEST_BASE) | is_few | is_unanimous)


def _protect(cells: pd.DataFrame, withheld: np.ndarray) -> np.ndarray:
    """Withhold more cells of one concept, smallest first, until subtracting does not find the others."""
    n, yes = cells["n"].to_numpy(dtype=int), cells["count"].to_numpy(dtype=int)
    withheld = withheld.copy()
    while not withheld[n > 0].all():
        hidden_yes, hidden_no = yes[withheld].sum(), (n - yes)[withheld].sum()
        outside_largest = n[withheld].sum() - n[withheld].max()
        if min(hidden_yes, hidden_no, outside_largest) >= SMALLEST_COUNT:
            break
        least = np.where(withheld | (n == 0), np.iinfo(int).max, np.minimum(yes, n - yes))
        withheld[least.argmin()] = True
    return withheld
