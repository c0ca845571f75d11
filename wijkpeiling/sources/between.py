"""How the shares of two waves vary together, whatever the two waves have as their source."""

from itertools import combinations, product

import numpy as np

from wijkpeiling.estimation.answered import joint_of_answers
from wijkpeiling.estimation.change import Joint, Share, overlap_correlations, possible_overlap
from wijkpeiling.published import RESPONDENTS, Published
from wijkpeiling.sources.base import CHANCE, RANGE, Covariances, Pair, WaveSource
from wijkpeiling.sources.microdata import MicrodataWave


def pairs(published: Published, first: WaveSource, second: WaveSource, concepts: list[str]) -> list[Pair]:
    """Every concept of which two waves, the earlier one first, have a share over the same base.

    Notes
    -----
    Where both waves have item responses, the panel tells who answered twice and how alike (METHOD.md, M16). Otherwise
    the overlap is what ``wave.yml`` says of it, which holds over all respondents. Where it says nothing there are two
    assumptions: as large as chance makes it, and the least favourable that can be (M6).
    """
    if isinstance(first, MicrodataWave) and isinstance(second, MicrodataWave):
        return _panel_pairs(first, second, concepts)
    found = (_stated_pair(published, first, second, concept) for concept in concepts)
    return [pair for pair in found if pair.assumptions]


def covariances(published: Published, waves: list[WaveSource], concept: str, base: str) -> Covariances:
    """Covariances between the shares of a concept in several waves, in order of time."""
    shares = [wave.share(concept, base) for wave in waves]
    lowest, highest, likely = (np.diag([share.variance for share in shares]) for _ in range(3))
    is_known = True
    for i, j in combinations(range(len(waves)), 2):
        first, second = waves[i], waves[j]
        scale = (shares[i].variance * shares[j].variance) ** 0.5
        if isinstance(first, MicrodataWave) and isinstance(second, MicrodataWave):
            ends = [float(first.overlap_with(second, [concept]).covariance[0, 0])] * 3
        else:
            is_known = False
            n_overlap = _stated_overlap(published, first, second) if base == RESPONDENTS else None
            of_chance, of_range = (
                _correlations(
                    published, first, second, shares[i], shares[j], overlap=unknown if n_overlap is None else n_overlap
                )
                for unknown in (CHANCE, RANGE)
            )
            ends = [scale * r for r in (of_range[0], of_range[1], of_chance[0])]
        for table, end in zip((lowest, highest, likely), ends, strict=True):
            table[i, j] = table[j, i] = end
    return Covariances(likely, None, None) if is_known else Covariances(likely, lowest, highest)


def assumed_correlations(
    one: Share, other: Share, n_common: int, overlap: int | str, *, is_exact: bool = False
) -> tuple[float, float]:
    """Lowest and highest correlation between two shares of which the overlap was not found in item responses.

    Parameters
    ----------
    n_common
        Municipalities in the frames of both waves.
    overlap
        How many answered both times, ``chance`` or ``range``.
    is_exact
        Whether a number that cannot be is an error. Otherwise the nearest that can be is taken.
    """
    if overlap == CHANCE:
        return 0.0, 0.0
    # a base can be smaller than the frame that the waves share
    n_common = min(n_common, one.N, other.N)
    fewest, most = possible_overlap(one, other, n_common)
    if overlap == RANGE:
        return overlap_correlations(one, other, n_common=n_common, n_overlap=(fewest, most))
    stated = int(overlap) if is_exact else min(max(int(overlap), fewest), most)
    return overlap_correlations(one, other, n_common=n_common, n_overlap=(stated, stated))


def _panel_pairs(first: MicrodataWave, second: MicrodataWave, concepts: list[str]) -> list[Pair]:
    found = []
    for (earlier_base, earlier), (base, later) in product(first.by_base(concepts), second.by_base(concepts)):
        both = [concept for concept in later if concept in earlier]
        if not both or base != earlier_base:
            continue
        results = first.shares(both), second.shares(both)
        together = first.overlap_with(second, both)
        label = f"known {together.n_common}"
        found += [Pair(concept, {label: {base: joint_of_answers(*results, together, concept)}}) for concept in both]
    return found


def _stated_pair(published: Published, first: WaveSource, second: WaveSource, concept: str) -> Pair:
    later = second.bases(concept)
    bases = [base for base in first.bases(concept) if base in later]
    shares = {base: (first.share(concept, base), second.share(concept, base)) for base in bases}
    n_overlap = _stated_overlap(published, first, second)
    labels: dict[str, int | str]
    if n_overlap is not None and RESPONDENTS in bases:
        labels = {f"known {n_overlap}": n_overlap}
    else:
        labels = {CHANCE: CHANCE, RANGE: RANGE} if bases else {}
    assumptions = {}
    for label, assumed in labels.items():
        assumptions[label] = {
            base: Joint(
                *both,
                _correlations(
                    published,
                    first,
                    second,
                    *both,
                    # how many of a smaller base answered twice was not found
                    overlap=assumed if base == RESPONDENTS or assumed == RANGE else CHANCE,
                ),
            )
            for base, both in shares.items()
        }
    return Pair(concept, assumptions)


def _stated_overlap(published: Published, first: WaveSource, second: WaveSource) -> int | None:
    return published.project.wave(second.wave).overlap_with(first.wave)


def _correlations(
    published: Published, first: WaveSource, second: WaveSource, one: Share, other: Share, *, overlap: int | str
) -> tuple[float, float]:
    """Lowest and highest correlation between two waves' shares; ``overlap`` is a number, ``chance`` or ``range``."""
    dates = (published.project.wave(wave.wave).frame_date for wave in (first, second))
    # the number is of respondents, and with item responses some of them left the item open
    is_exact = first.why_not is not None and second.why_not is not None
    return assumed_correlations(one, other, published.population.n_common(*dates), overlap, is_exact=is_exact)
