"""What the municipalities that did not answer could do to a share."""

import numpy as np

from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.exact import Limits


def worst_case(count: np.ndarray, n: np.ndarray, nonrespondents: np.ndarray) -> Limits[np.ndarray]:
    """Bound the share without any assumption about those who did not answer.

    Parameters
    ----------
    count, n
        Yes answers, and answers; arrays of one shape.
    nonrespondents
        Municipalities that could belong to the base and gave no answer: all that took no part, and those that left
        the item open.

    Returns
    -------
    Limits
        The share when all of them belong to the base and say no, and when all say yes, 0-1; not a number where there
        is no municipality at all.

    Notes
    -----
    count / (n + m) and (count + m) / (n + m), with m non-respondents (Manski 1989; METHOD M5 and M19). Holds for any
    weights, since it counts municipalities; for a base of unknown size too, since the share lies within these bounds
    for every number of non-respondents that belongs to it. It is no confidence interval.
    """
    count, everyone = np.asarray(count), np.asarray(n) + nonrespondents
    with np.errstate(invalid="ignore"):
        return Limits(count / everyone, (count + nonrespondents) / everyone)


def r_indicator(n_h: np.ndarray, N_h: np.ndarray) -> float:
    """How evenly the strata answered.

    Parameters
    ----------
    n_h, N_h
        Shape (H,): respondents and municipalities per stratum, such as the size classes before any is merged.

    Returns
    -------
    float
        1 where every stratum answered equally well; 0 at its worst.

    Raises
    ------
    EstimationError
        When a stratum has no municipalities, or fewer than it has respondents.

    Notes
    -----
    R = 1 - 2 S, with S the standard deviation of the response rates over all municipalities, divisor N - 1 (Schouten,
    Cobben & Bethlehem 2009). The bias of an unweighted share is at most (1 - R) / (4 f). Says nothing about
    differences within strata, and is not corrected for chance: small strata make it a little too low.
    """
    n_h, N_h = np.asarray(n_h, dtype=float), np.asarray(N_h, dtype=float)
    wrong = (N_h <= 0) | (n_h > N_h) | (n_h < 0)
    if wrong.any():
        h = wrong.argmax()
        raise EstimationError(
            f"{n_h[h]:g} respondents of {N_h[h]:g} municipalities in stratum {h + 1}",
            expected="0 <= n_h <= N_h, and N_h above 0",
        )
    rate = n_h / N_h
    spread = N_h @ (rate - n_h.sum() / N_h.sum()) ** 2 / max(N_h.sum() - 1, 1)
    return float(1 - 2 * np.sqrt(spread))


def sensitivity(share: np.ndarray, response: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """The share when those who did not answer differ from those who did.

    Parameters
    ----------
    share
        Estimated share, or a limit of its interval, 0-1; any shape that broadcasts with the others.
    response
        Part of the municipalities that answered, 0-1.
    difference
        Share among those who did not answer minus the share among those who did, -1 to 1.

    Returns
    -------
    ndarray
        f p + (1 - f) (p + d), with p + d kept within 0 and 1.
    """
    share, response = np.asarray(share), np.asarray(response)
    return response * share + (1 - response) * np.clip(share + difference, 0, 1)
