"""What totals tell of the classes that make them up."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

# beside half a step, for what a computer cannot write exactly
SLIP = 1e-9
# what a share in whole percents leaves open
ROUNDED = 0.005 + SLIP


class Ranges(NamedTuple):
    """Shape (H,): the fewest and the most that can have said yes in each class."""

    low: np.ndarray
    high: np.ndarray


class Told(NamedTuple):
    """What an attacker reads of a table by class, beside the number of answers in each class and their weights.

    Attributes
    ----------
    shown
        Shape (H,): classes of which the count is printed; None for not one.
    total
        Whether the count of all classes together is printed.
    step
        What the weighted share of all is rounded to, 0-1: 0 for in full, None where it is not printed.
    """

    shown: np.ndarray | None = None
    total: bool = True
    step: float | None = 0.01


def possible_counts(yes: np.ndarray, answered: np.ndarray, weight: np.ndarray, told: Told | None = None) -> Ranges:
    """How many can have said yes in each of H classes, for whoever knows what is printed.

    Parameters
    ----------
    yes, answered, weight
        Shape (H,): counts, and the weight of each answer. Known to the attacker are every number of ``answered`` and
        the weights.
    told
        What is printed; None for the sum of ``yes`` and the weighted share in whole percents.

    Notes
    -----
    The least and the greatest of each whole y_h in 0 to n_h with sum_h y_h = Y and
    | sum_h w_h y_h / sum_h w_h n_h - p | <= half a step, by integer programming. Who answered is as a rule not known,
    so that more is possible than is found here. What the rule itself tells, that a withheld count is a small one, is
    left out.
    """
    told = told or Told()
    limits = _together(yes, answered, weight, told)
    shown = np.zeros(len(yes), dtype=bool) if told.shown is None else told.shown
    bounds = Bounds(np.where(shown, yes, 0), np.where(shown, yes, answered))
    found = []
    for place in range(len(yes)):
        aim = np.zeros(len(yes))
        aim[place] = 1
        ends = [milp(sign * aim, constraints=limits, bounds=bounds, integrality=np.ones(len(yes))) for sign in (1, -1)]
        # a total that the solver finds no division of has none but the true one
        found.append([round(end.x[place]) if end.success else yes[place] for end in ends])
    return Ranges(*np.array(found, dtype=int).T)


def _together(yes: np.ndarray, answered: np.ndarray, weight: np.ndarray, told: Told) -> LinearConstraint:
    """What is told of all classes together."""
    total = float(yes.sum())
    rows = [np.ones(len(yes))]
    low, high = ([total], [total]) if told.total else ([0.0], [float(answered.sum())])
    if told.step is not None:
        whole = float(weight @ answered)
        share = float(weight @ yes) / whole
        # the share as it is told: the middle of the step that it was rounded to
        printed = np.floor(share / told.step + 0.5) * told.step if told.step else share
        rows.append(weight / whole)
        low.append(printed - told.step / 2 - SLIP)
        high.append(printed + told.step / 2 + SLIP)
    return LinearConstraint(np.vstack(rows), low, high)
