"""Everything that the demo publishes of one wave, put in one integer programme against what it withholds."""

from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.estimation.disclosure import Disclosure, is_small
from wijkpeiling.estimation.evidence import Evidence, estimate

TEAM = "has_wijkteam"
WAVE = 2019
# what rounding to whole percents leaves open, and what full precision does
ROUNDED, EXACT = 0.005 + 1e-9, 1e-10
# answers an item can lack in a class: more than the attacker may know, so that the attack is stronger
MOST_MISSING = 10


class Attack:
    """Unknowns: by class the respondents with a team, and of each item those that answered and said yes."""

    def __init__(self, n, N, items):
        self.n, self.N, self.items = n, N, items
        self.size = len(n) * (1 + 2 * len(items))
        self.rows, self.low, self.high = [], [], []
        for item in items:
            for h in range(len(n)):
                self.add({("r", item, h): 1, ("y", item, h): -1}, 0, np.inf)
                self.add({("t", "", h): 1, ("r", item, h): -1}, 0, np.inf)

    def place(self, kind, item, h):
        start = {"t": 0, "r": 1, "y": 2}[kind]
        return h if kind == "t" else len(self.n) * (start + 2 * self.items.index(item)) + h

    def add(self, terms, low, high):
        row = np.zeros(self.size)
        for place, factor in terms.items():
            row[self.place(*place)] += factor
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def ratio(self, top, bottom, share, tolerance):
        """``top / bottom`` lies within ``tolerance`` of ``share``; each is terms and a constant."""
        (over, a), (under, b) = top, bottom
        for sign in (1, -1):
            edge = share + sign * tolerance
            terms = {key: sign * (over.get(key, 0) - edge * under.get(key, 0)) for key in {**over, **under}}
            # in thousands: the solver lets a row be off by a millionth
            self.add({key: 1000 * value for key, value in terms.items()}, -np.inf, -1000 * sign * (a - edge * b))

    def range(self, place):
        aim = np.zeros(self.size)
        aim[self.place(*place)] = 1
        upper = np.tile(self.n, self.size // len(self.n))
        limits = LinearConstraint(np.array(self.rows), self.low, self.high)
        found = []
        for sign in (1, -1):
            result = milp(sign * aim, constraints=limits, bounds=Bounds(0, upper), integrality=np.ones(self.size))
            assert result.success, result.message
            found.append(round(result.x @ aim))
        return tuple(found)


def put_together(overall, by_size, n, N):
    """The attack with every constraint that the two tables give."""
    items = [concept for concept in overall["concept"] if concept != TEAM]
    attack, every, weight = Attack(n, N, items), range(len(n)), N / n
    for row in overall.itertuples():
        tolerance = ROUNDED if row.flag == "rounded" else EXACT
        yes = [("t", "", h) if row.concept == TEAM else ("y", row.concept, h) for h in every]
        answered = [("r", row.concept, h) for h in every]
        top = dict(zip(yes, weight, strict=True)), 0
        if row.concept == TEAM:
            attack.ratio(top, ({}, N.sum()), row.share, tolerance)
            base = {}, N.sum()
        else:
            attack.ratio(top, (dict(zip(answered, weight, strict=True)), 0), row.share, tolerance)
            base = {("t", "", h): 1 for h in every}, N.sum() - n.sum()
            if pd.notna(row.n):
                attack.add(dict.fromkeys(answered, 1), row.n, row.n)
        if pd.notna(row.count):
            attack.add(dict.fromkeys(yes, 1), row.count, row.count)
        if pd.notna(row.worst_low):
            attack.ratio((dict.fromkeys(yes, 1), 0), base, row.worst_low, tolerance)
    for row in by_size.itertuples():
        h = SIZE_CLASSES.index(row.domain_value)
        yes = ("t", "", h) if row.concept == TEAM else ("y", row.concept, h)
        if pd.notna(row.n) and row.concept != TEAM:
            attack.add({("r", row.concept, h): 1}, row.n, row.n)
        if pd.notna(row.count):
            attack.add({yes: 1}, row.count, row.count)
        elif pd.notna(row.share):
            attack.ratio(({yes: 1}, 0), ({("r", row.concept, h): 1}, 0), row.share, ROUNDED)
    for h in every:
        bases = possible_bases(by_size[by_size["domain_value"] == SIZE_CLASSES[h]], n[h])
        attack.add({("t", "", h): 1}, min(bases), max(bases))
    return attack


def possible_bases(cells, n):
    """Numbers with a team in a class that can give every rounded share of it."""
    cells = cells[cells["flag"] == "rounded"]
    triples = np.array(
        [(t, r, y) for t in range(n + 1) for r in range(max(1, t - MOST_MISSING), t + 1) for y in range(r + 1)]
    )
    bases = set(range(n + 1))
    for row in cells.itertuples():
        fitting = triples[np.abs(triples[:, 2] / triples[:, 1] - row.share) <= ROUNDED]
        bases &= set(fitting[:, 0].tolist())
    return bases


@pytest.fixture(scope="module")
def sizes(invented):
    N = invented.answers.population_sizes(WAVE)
    n = invented.responses(WAVE)["size_class"].value_counts(sort=False).reindex(N.index)
    return n.to_numpy(dtype=int), N.to_numpy(dtype=int)


def published(evidence):
    concepts = evidence.asked(WAVE, list(evidence.published.project.concepts))
    overall = estimate(evidence, WAVE, concepts)
    return overall, estimate(evidence, WAVE, [name for name in concepts if name != TEAM], by="size_class")


def solved(attack, by_size):
    hidden = by_size[by_size["is_suppressed"]]
    places = [("y", row.concept, SIZE_CLASSES.index(row.domain_value)) for row in hidden.itertuples()]
    places += [("t", "", h) for h in range(len(SIZE_CLASSES))]
    return {place: attack.range(place) for place in places}


def test_no_withheld_cell_and_no_team_base_can_be_solved_back(invented, sizes):
    overall, by_size = published(invented)
    found = solved(put_together(overall, by_size, *sizes), by_size)
    answers = invented.responses(WAVE).groupby("size_class", observed=False)
    for (kind, item, h), (low, high) in found.items():
        # the attack is of the true answers: a programme that excludes them shows nothing
        assert low <= answers[item or TEAM].sum().iloc[h] <= high
        assert high > low, (kind, item, h)
    assert by_size["is_suppressed"].mean() <= 0.5
    # no class of a protected item is known to within ten counts
    assert min(high - low for (kind, *_), (low, high) in found.items() if kind == "y") >= 10


def test_without_the_rule_the_attack_recovers_cells(published_evidence, sizes):
    overall, by_size = published(published_evidence)
    # withheld as single small cells are, with everything else at full precision
    small = is_small(by_size)
    by_size.loc[small, ["count", "share"]] = pd.NA
    by_size.loc[small, "is_suppressed"] = True
    found = solved(put_together(overall, by_size, *sizes), by_size)
    recovered = [place for place, (low, high) in found.items() if low == high and place[0] == "y"]
    assert len(recovered) == small.sum() > 0


@pytest.fixture
def published_evidence(invented):
    bare = Evidence(invented.published, invented.answers)
    with patch.object(Evidence, "disclosure", lambda *_: Unprotected()):
        yield bare


class Unprotected(Disclosure):
    def estimates(self, table):
        return table
