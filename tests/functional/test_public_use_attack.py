"""The attack on what an edition withholds, by someone who has the file for public use beside it."""

import pytest

from tests.functional.test_disclosure_attack import TEAM, check_solutions, published, put_together, sizes, solved
from wijkpeiling.exchange.export import public_answers
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import read_sources


@pytest.fixture(scope="module")
def invented(five_waves):
    return read_sources(open_edition(wave=2019, source="synthetic", start=five_waves))


@pytest.mark.parametrize("wave", [2015, 2019])
def test_nothing_withheld_can_be_solved_back_with_the_totals_of_the_file(invented, wave):
    overall, by_size, pairs = published(invented, wave)
    n, N = sizes(invented, wave)
    attack = put_together(overall, by_size, pairs, n, N)
    file = public_answers(invented.of(wave))
    assert not file.has_classes and TEAM in file.table
    for concept in file.table:
        answered, yes = int(file.table[concept].ge(0).sum()), int(file.table[concept].eq(1).sum())
        if concept == TEAM:
            attack.add({("t", "", h): 1 for h in range(len(n))}, yes, yes)
        elif concept in attack.items:
            attack.add({("r", concept, h): 1 for h in range(len(n))}, answered, answered)
            attack.add({("y", concept, h): 1 for h in range(len(n))}, yes, yes)
    found = solved(attack, by_size)
    assert found
    check_solutions(found, invented, wave)
