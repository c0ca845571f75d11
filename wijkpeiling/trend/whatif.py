"""What another response, overlap or family would find: the plan of a coming wave over a grid of choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from wijkpeiling.estimation.exact import Case, exact_intervals
from wijkpeiling.trend.planning import Plan, errors_found, fewest_found

RATES = tuple(percent / 100 for percent in range(30, 101, 5))
OVERLAPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
CORRELATIONS = (0.0, 0.2, 0.4, 0.6, 0.8)
SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
ITEMS = (1, 2, 4, 10, 20, 40)
CHANGES = (0.02, 0.03, 0.05, 0.075, 0.1, 0.15)
# of the rates and families that are asked for, so many stand in the grid: each makes it larger by a twelfth or more
MOST_ASKED = 8


@dataclass(frozen=True)
class Choices:
    """The steps of each choice, in order.

    Attributes
    ----------
    responses
        Municipalities that answer.
    overlaps
        As in `Plan`; None, as many as chance makes it, is the first.
    correlations, shares, changes
        Parts of 1.
    items
        Tested together.
    """

    responses: tuple[int, ...]
    overlaps: tuple[float | None, ...]
    correlations: tuple[float, ...]
    shares: tuple[float, ...]
    items: tuple[int, ...]
    changes: tuple[float, ...]


@dataclass(frozen=True)
class WhatIf:
    """What each choice finds.

    Attributes
    ----------
    plan, choices
        Sizes come from the plan; its share, overlap and correlation are among the choices.
    limits
        95% limits of the share in the coming wave, shape (responses, shares, 2).
    detectable
        Smallest detectable change, shape (overlaps, correlations, shares, items, responses).
    needed
        Fewest respondents that find the change, 0 where none do; shape (overlaps, correlations, shares, items,
        changes).
    """

    plan: Plan
    choices: Choices
    limits: np.ndarray
    detectable: np.ndarray
    needed: np.ndarray


def choices_of(plan: Plan, rates: Iterable[float], families: Iterable[int], change: float) -> Choices:
    """The steps of every choice, with those of the plan, and the first of what is asked for, among them."""
    asked = [plan.respondents(rate) for rate in [*list(rates)[:MOST_ASKED], *RATES]]
    overlap = () if plan.overlap is None else (plan.overlap,)
    return Choices(
        responses=tuple(sorted({n for n in asked if n >= 2} | {plan.N})),
        overlaps=(None, *sorted({*OVERLAPS, *overlap})),
        correlations=tuple(sorted({*CORRELATIONS, plan.correlation})),
        shares=tuple(sorted({*SHARES, plan.p})),
        items=tuple(sorted({*ITEMS, *list(families)[:MOST_ASKED]})),
        changes=tuple(sorted({*CHANGES, change})),
    )


def what_if(plan: Plan, choices: Choices) -> WhatIf:
    """The interval, the smallest detectable change and the response it takes, for every choice.

    Parameters
    ----------
    plan
        The coming wave and its baseline.
    choices
        From `choices_of`.

    Returns
    -------
    WhatIf

    Notes
    -----
    The change is that of `wijkpeiling.trend.planning.detectable_change`. The interval is the exact one of a published
    share (`wijkpeiling.estimation.exact.exact_limits`) when the count is the share of the respondents, rounded: with
    answers and a stratified estimate it will be a little shorter. Not for a rare share, with the same limits as the
    change.
    """
    factors = np.array([errors_found(plan, items) for items in choices.items])
    sizes = np.arange(2, plan.N + 1)
    at = np.array(choices.responses) - 2
    shape = (len(choices.overlaps), len(choices.correlations), len(choices.shares), len(factors))
    detectable = np.empty((*shape, len(at)))
    needed = np.empty((*shape, len(choices.changes)), dtype=int)
    places = product(enumerate(choices.overlaps), enumerate(choices.correlations), enumerate(choices.shares))
    for (o, overlap), (k, correlation), (p, share) in places:
        errors = replace(plan, overlap=overlap, correlation=correlation, p=share).errors(sizes)
        detectable[o, k, p] = factors[:, None] * errors[at]
        for m, factor in enumerate(factors):
            needed[o, k, p, m] = [fewest_found(factor * errors, change) for change in choices.changes]
    return WhatIf(plan, choices, _limits(plan.N, choices), detectable, needed)


def _limits(N: int, choices: Choices) -> np.ndarray:
    cases = [[Case(int(share * n + 0.5), n, N) for share in choices.shares] for n in choices.responses]
    # one at a time: a table of all of them would be too large for a large population
    return np.array([[np.ravel(exact_intervals((case,))) / N for case in row] for row in cases])
