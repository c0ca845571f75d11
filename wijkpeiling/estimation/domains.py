"""The part of the frame that a domain has in each stratum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wijkpeiling.estimation.design import Design

OVERALL = ("overall", "all")
# the part of a size below which a difference from the weights is rounding
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class DomainFrame:
    """Where the members of D domains can be, in H strata.

    Attributes
    ----------
    n, N
        Shape (D, H): respondents and municipalities. Of a size class its own, also when its stratum is merged, and 0
        in the other strata; of any other domain those of the whole strata, since its members may be anywhere.
    inside
        Shape (D, H): respondents in the domain and the base.
    scale
        Shape (D,): by which a sum of weights is multiplied to give the number in the frame; not 1 for a size class in
        a merged stratum alone.
    """

    n: np.ndarray
    N: np.ndarray
    inside: np.ndarray
    scale: np.ndarray

    def sizes(self, weight: np.ndarray) -> np.ndarray:
        """Shape (D,): municipalities in each domain and base, from the sums of the weights.

        A size class without respondents has those of the frame, and over a base an unknown number.
        """
        is_empty = self.n.sum(axis=1) == 0
        # overall comes first: with all respondents in it, the base is everyone
        everyone = (self.inside[0] == self.n[0]).all()
        return np.where(is_empty, self.N.sum(axis=1) if everyone else np.nan, weight * self.scale)

    def is_estimated(self, sizes: np.ndarray) -> np.ndarray:
        """Shape (D,): which of ``sizes`` are sums of weights over a part of the municipalities, not the frame's own."""
        return np.isfinite(sizes) & ~np.isclose(sizes, self.N.sum(axis=1), rtol=ROUNDING, atol=0)


def domain_frame(
    design: Design, domains: tuple[tuple[str, str], ...], members: np.ndarray, stratum: np.ndarray
) -> DomainFrame:
    """Find the part of the frame of each domain.

    Parameters
    ----------
    domains
        (domain, value) pairs.
    members
        Shape (D, C): respondents of each domain and its base, in cells that lie within a stratum.
    stratum
        Shape (C,): the stratum of each cell.
    """
    H = len(design.labels)
    inside = np.column_stack([members[:, stratum == h].sum(axis=1) for h in range(H)]).astype(float)
    n, N = (np.broadcast_to(part, inside.shape).astype(float) for part in (design.n_h, design.N_h))
    scale = np.ones(len(domains))
    for d, (column, value) in enumerate(domains):
        if column != design.column or not _is_class(design, value, inside[d]):
            continue
        h, (n_class, N_class) = design.stratum_of[value], design.classes[value]
        if design.is_plain and n_class:
            scale[d] = (N_class / n_class) / (design.N_h[h] / design.n_h[h])
        n[d], N[d] = np.zeros((2, H))
        n[d, h], N[d, h] = n_class, N_class
    return DomainFrame(n, N, inside, scale)


def _is_class(design: Design, value: str, inside: np.ndarray) -> bool:
    """Whether the members fit the size class of that name: another division may go by the same names."""
    if value not in design.stratum_of:
        return False
    at = np.arange(len(inside)) == design.stratum_of[value]
    return bool((inside <= np.where(at, design.classes[value][0], 0)).all())
