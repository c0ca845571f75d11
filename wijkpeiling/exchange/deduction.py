"""What totals tell of the classes that make them up."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

# what a share in whole percents leaves open
ROUNDED = 0.005 + 1e-9


class Ranges(NamedTuple):
    """Shape (H,): the fewest and the most that can have said yes in each class."""

    low: np.ndarray
    high: np.ndarray


def possible_counts(yes: np.ndarray, answered: np.ndarray, weight: np.ndarray) -> Ranges:
    """How many can have said yes in each of H classes, for whoever knows the total and the weighted share.

    Parameters
    ----------
    yes, answered, weight
        Shape (H,): counts, and the weight of each answer. Known to the attacker are the sum of ``yes``, every number
        of ``answered``, the weights, and the weighted share in whole percents.

    Notes
    -----
    The least and the greatest of each whole y_h in 0 to n_h with sum_h y_h = Y and
    | sum_h w_h y_h / sum_h w_h n_h - p | <= 0.005, by integer programming. Who answered is as a rule not known, so that
    more is possible than is found here.
    """
    known = float(weight @ yes)
    # the share as it is told: the middle of the percent that it was rounded to
    whole = float(weight @ answered)
    share = np.floor(known / whole * 100 + 0.5) / 100
    limits = LinearConstraint(
        np.vstack([np.ones(len(yes)), weight / whole]), [yes.sum(), share - ROUNDED], [yes.sum(), share + ROUNDED]
    )
    found = []
    for place in range(len(yes)):
        aim = np.zeros(len(yes))
        aim[place] = 1
        ends = [
            milp(sign * aim, constraints=limits, bounds=Bounds(0, answered), integrality=np.ones(len(yes)))
            for sign in (1, -1)
        ]
        # a total that the solver finds no division of has none but the true one
        found.append([round(end.x[place]) if end.success else yes[place] for end in ends])
    return Ranges(*np.array(found, dtype=int).T)
