"""How the shares of two waves vary together, whatever the two waves have as their source."""

from itertools import combinations, product

import numpy as np

from wijkpeiling.estimation.answered import joint_of_answers
from wijkpeiling.estimation.change import Correlations, Joint, Share, overlap_correlations, possible_overlap
from wijkpeiling.published import RESPONDENTS, Published
from wijkpeiling.sources.base import CHANCE, RANGE, AssumedOverlap, Covariances, Pair, PanelCounts, WaveSource
from wijkpeiling.sources.microdata import MicrodataWave


def pairs(published: Published, first: WaveSource, second: WaveSource, concepts: list[str]) -> list[Pair]:
    """Every concept of which two waves, the earlier one first, have a share over the same base.

    Notes
    -----
    Where both waves have item responses, the panel tells who answered twice and how alike (METHOD.md, M16). Otherwise
    the overlap is what ``wave.yml`` says of it, which holds over all respondents. Where it says nothing there are two
    assumptions: as large as chance makes it, and the least favourable that can be (M6).
    """
    answered = _answered(first, second)
    if answered:
        return _panel_pairs(*answered, concepts)
    found = (_stated_pair(published, first, second, concept) for concept in concepts)
    return [pair for pair in found if pair.assumptions]


def panel(first: WaveSource, second: WaveSource) -> PanelCounts | None:
    """Who answered two waves, or one of them; None where either has no item responses."""
    answered = _answered(first, second)
    if not answered:
        return None
    earlier, later = answered
    took_part = zip(answered, earlier.answers.common(earlier.wave, later.wave), strict=True)
    then, now = (
        wave.answers.frame(wave.wave)["gemeentecode"].isin(wave.responses["gemeentecode"]).to_numpy()[rows]
        for wave, rows in took_part
    )
    return PanelCounts(*(int(rows.sum()) for rows in (then & now, now & ~then, then & ~now, ~then & ~now)))


def covariances(published: Published, waves: list[WaveSource], concept: str, base: str) -> Covariances:
    """Covariances between the shares of a concept in several waves, in order of time."""
    shares = [wave.share(concept, base) for wave in waves]
    lowest, highest, likely = (np.diag([share.variance for share in shares]) for _ in range(3))
    is_known = True
    for i, j in combinations(range(len(waves)), 2):
        first, second = waves[i], waves[j]
        scale = (shares[i].variance * shares[j].variance) ** 0.5
        answered = _answered(first, second)
        if answered:
            earlier, later = answered
            ends = [float(earlier.overlap_with(later, [concept], base=base).covariance[0, 0])] * 3
        else:
            is_known = False
            stated = _stated_overlap(published, first, second) if base == RESPONDENTS else None
            of_chance, of_range = (
                _correlations(published, first, second, shares[i], shares[j], stated or unknown)
                for unknown in (CHANCE, RANGE)
            )
            ends = [scale * r for r in (of_range.lowest, of_range.highest, of_chance.lowest)]
        for table, end in zip((lowest, highest, likely), ends, strict=True):
            table[i, j] = table[j, i] = end
    return Covariances(likely, None, None) if is_known else Covariances(likely, lowest, highest)


def assumed_correlations(
    one: Share, other: Share, n_common: int, overlap: AssumedOverlap, *, is_exact: bool = False
) -> Correlations:
    """Lowest and highest correlation between two shares of which the overlap was not found in item responses.

    Parameters
    ----------
    n_common
        Municipalities in the frames of both waves.
    is_exact
        Whether a number that cannot be is an error. Otherwise the nearest that can be is taken.
    """
    if overlap == CHANCE:
        return Correlations(0.0, 0.0)
    # a base can be smaller than the frame that the waves share
    n_common = min(n_common, one.N, other.N)
    possible = possible_overlap(one, other, n_common)
    if overlap.n is None:
        return overlap_correlations(one, other, n_common=n_common, n_overlap=possible)
    stated = overlap.n if is_exact else min(max(overlap.n, possible.fewest), possible.most)
    return overlap_correlations(one, other, n_common=n_common, n_overlap=(stated, stated))


def _answered(first: WaveSource, second: WaveSource) -> tuple[MicrodataWave, MicrodataWave] | None:
    """Two waves of which the panel is known: both have item responses."""
    if isinstance(first, MicrodataWave) and isinstance(second, MicrodataWave):
        return first, second
    return None


def _panel_pairs(first: MicrodataWave, second: MicrodataWave, concepts: list[str]) -> list[Pair]:
    found = []
    for (earlier_base, earlier), (base, later) in product(first.by_base(concepts), second.by_base(concepts)):
        both = [concept for concept in later if concept in earlier]
        if not both or base != earlier_base:
            continue
        results = first.shares(both), second.shares(both)
        together = first.overlap_with(second, both)
        known = AssumedOverlap("known", together.n_overlap)
        found += [Pair(concept, {known: {base: joint_of_answers(*results, together, concept)}}) for concept in both]
    return found


def _stated_pair(published: Published, first: WaveSource, second: WaveSource, concept: str) -> Pair:
    later = second.bases(concept)
    bases = [base for base in first.bases(concept) if base in later]
    shares = {base: (first.share(concept, base), second.share(concept, base)) for base in bases}
    stated = _stated_overlap(published, first, second)
    assumptions = {}
    for overlap in (stated,) if stated and RESPONDENTS in bases else (CHANCE, RANGE):
        # a number that is stated is of all respondents; of a part of them as many answered twice (METHOD.md, A6)
        over = {base: shares[base if overlap.n is None else RESPONDENTS] for base in bases}
        assumptions[overlap] = {
            base: Joint(*shares[base], _correlations(published, first, second, *over[base], overlap).lowest)
            for base in bases
        }
    return Pair(concept, assumptions if bases else {})


def _stated_overlap(published: Published, first: WaveSource, second: WaveSource) -> AssumedOverlap | None:
    n = published.project.wave(second.wave).overlap_with(first.wave)
    return None if n is None else AssumedOverlap("known", n)


def _correlations(
    published: Published, first: WaveSource, second: WaveSource, one: Share, other: Share, overlap: AssumedOverlap
) -> Correlations:
    dates = (published.project.wave(wave.wave).frame_date for wave in (first, second))
    # the number is of respondents, and with item responses some of them left the item open
    is_exact = first.why_not is not None and second.why_not is not None
    return assumed_correlations(one, other, published.population.n_common(*dates), overlap, is_exact=is_exact)
