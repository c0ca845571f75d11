"""What the municipalities that did not answer could do to a share."""

import numpy as np

from wijkpeiling.errors import EstimationError


def worst_case(count: np.ndarray, n: np.ndarray, N: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bound the share without any assumption about those who did not answer.

    Parameters
    ----------
    count, n
        Yes answers, and answers; arrays of one shape.
    N
        Municipalities they were asked of, at least ``n`` but for rounding.

    Returns
    -------
    low, high
        The share when all others say no, and when all say yes, 0-1.

    Notes
    -----
    [f p, f p + 1 - f] with f = n / N and p = count / n (Manski 1989). Holds for any weights, since it counts
    municipalities. No sampling error is left out: the answers that were given are known. In a domain whose size is
    itself estimated, N is an estimate, and so are the bounds.
    """
    N = np.maximum(N, np.maximum(n, 1))
    return count / N, (count + N - n) / N


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
