"""A test of independence in a table of answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import helmert
from scipy.special import fdtrc

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.shares import shares


@dataclass(frozen=True, eq=False)
class TableTest:
    """The outcome of a Rao-Scott test.

    Attributes
    ----------
    table
        Shape (r, c): estimated shares of all who answered both, summing to 1, with labels.
    n
        Respondents who answered both.
    chi2
        Pearson's statistic for ``n`` independent answers; not itself to be looked up in a chi-square table.
    f, df_1, df_2
        The second-order statistic and its degrees of freedom, not whole numbers.
    p_value
        P(F > f), 0-1.
    """

    table: pd.DataFrame
    n: int
    chi2: float
    f: float
    df_1: float
    df_2: float
    p_value: float


def rao_scott(design: Design, rows: pd.Series, columns: pd.Series) -> TableTest:
    """Test whether two answers are independent over the municipalities.

    Parameters
    ----------
    design
        The design, of n respondents.
    rows, columns
        Length n: the two answers; who misses one is left out as a domain.

    Returns
    -------
    TableTest

    Raises
    ------
    EstimationError
        When either has fewer than two values, so many cells are empty that some contrast has no answers (as with
        perfect association), or no variance is left (a census needs no test).

    Notes
    -----
    Rao & Scott (1984), second order, F form: with D the diagonal of cell shares, V their covariance under the design,
    and C contrasts of the interaction, the generalised design effects are the eigenvalues of
    (C' D^-1 C / n)^-1 C' D^-1 V D^-1 C; F = chi2 / trace, on d = trace^2 / trace of the square and d (n - H) degrees
    of freedom. Not for items of one question with several answers, nor where cells expect fewer than about 5.
    """
    both = (rows.notna() & columns.notna()).to_numpy()
    if len(both) != design.n:
        raise EstimationError(f"{len(both)} answers for {design.n} respondents", expected="the rows of the design")
    row, column = (pd.Categorical(part.where(both).to_numpy()) for part in (rows, columns))
    shape = len(row.categories), len(column.categories)
    if min(shape) < 2:
        raise EstimationError(
            f"a table of {shape[0]} by {shape[1]}", expected="two or more values for each", todo="leave the test out"
        )
    cell = np.where(both, row.codes * shape[1] + column.codes, -1)
    indicators = pd.DataFrame(cell[:, None] == np.arange(shape[0] * shape[1])).astype("boolean")
    result = shares(design, indicators, base=both)
    p, n = result.share[0].reshape(shape), int(both.sum())
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    chi2 = n * ((p - expected) ** 2 / expected).sum()
    contrasts = np.kron(helmert(shape[0]), helmert(shape[1])).T
    inverse = np.divide(1.0, p.ravel(), out=np.zeros(p.size), where=p.ravel() > 0)
    scaled = inverse[:, None] * contrasts
    spread = contrasts.T @ scaled / n
    if np.linalg.matrix_rank(spread, hermitian=True) < len(spread):
        raise EstimationError(
            f"{(p == 0).sum()} of the {p.size} cells of the table are empty",
            expected="answers in enough cells for every contrast of the interaction",
            todo="merge values, or show the table without a test",
        )
    effects = np.linalg.solve(spread, scaled.T @ result.covariance() @ scaled)
    trace = effects.trace()
    if not trace > 0:
        raise EstimationError("no variance in the table", todo="compare the shares: these are all municipalities")
    df_1 = trace**2 / (effects @ effects).trace()
    df_2 = df_1 * float(result.df[0, 0])
    return TableTest(
        pd.DataFrame(p, index=row.categories, columns=column.categories),
        n,
        float(chi2),
        float(chi2 / trace),
        float(df_1),
        float(df_2),
        float(fdtrc(df_1, df_2, chi2 / trace)),
    )
