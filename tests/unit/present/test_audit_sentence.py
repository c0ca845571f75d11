"""What is told of the audit: every form of its sentences, of no, one and many figures for each verdict."""

import pandas as pd
import pytest

from wijkpeiling.contracts import VERDICTS
from wijkpeiling.present import audit

UNCHECKED = {
    "nl": "Bij {n} is geen controle mogelijk, bijvoorbeeld doordat een percentage of aantal gemeenten ontbreekt.",
    "en": "No check is possible for {n}, for instance because a percentage or a number of municipalities is missing.",
}
# number of figures with each verdict, in the order of `VERDICTS`; the sentences without that of what is not checked
TOLD = {
    "nl": [
        (
            (0, 0, 0, 0, 0, 0),
            ["Over wijkteams en de peilingen zijn geen gepubliceerde cijfers of uitspraken gevonden."],
        ),
        (
            (1, 0, 0, 0, 0, 0),
            [
                "Over wijkteams en de peilingen is 1 cijfer of uitspraak gevonden.",
                "Bij 1 cijfer is bekend hoeveel gemeenten het antwoord gaven; het percentage klopt daarmee.",
            ],
        ),
        (
            (0, 1, 0, 1, 0, 0),
            [
                "Over wijkteams en de peilingen zijn 2 cijfers en uitspraken gevonden.",
                "Bij 1 cijfer is niet bekend hoeveel gemeenten het antwoord gaven, "
                "maar is het percentage rekenkundig mogelijk.",
                "Niet gebruikt is 1 cijfer, omdat het betwist is.",
            ],
        ),
        (
            (0, 0, 2, 0, 0, 1),
            [
                "Over wijkteams en de peilingen zijn 3 cijfers en uitspraken gevonden.",
                "Niet gebruikt zijn 2 cijfers, omdat ze onmogelijk zijn.",
            ],
        ),
        (
            (6, 34, 0, 3, 2, 52),
            [
                "Over wijkteams en de peilingen zijn 97 cijfers en uitspraken gevonden.",
                "Bij 6 cijfers is bekend hoeveel gemeenten het antwoord gaven; het percentage klopt daarmee.",
                "Bij 34 cijfers is niet bekend hoeveel gemeenten het antwoord gaven, "
                "maar is het percentage rekenkundig mogelijk.",
                "Niet gebruikt zijn de cijfers die betwist (3) of verworpen (2) zijn.",
            ],
        ),
        (
            (0, 0, 1, 1, 1, 2),
            [
                "Over wijkteams en de peilingen zijn 5 cijfers en uitspraken gevonden.",
                "Niet gebruikt zijn de cijfers die betwist (1), verworpen (1) of onmogelijk (1) zijn.",
            ],
        ),
    ],
    "en": [
        ((0, 0, 0, 0, 0, 0), ["No published figures or statements on teams and the surveys were found."]),
        (
            (1, 0, 0, 0, 0, 0),
            [
                "1 figure or statement on teams and the surveys was found.",
                "For 1 figure it is known how many municipalities gave the answer, and the percentage agrees.",
            ],
        ),
        (
            (0, 1, 0, 1, 0, 0),
            [
                "2 figures and statements on teams and the surveys were found.",
                "For 1 figure it is not known how many municipalities gave the answer, but the percentage is possible.",
                "1 figure was not used, because it is contested.",
            ],
        ),
        (
            (0, 0, 2, 0, 0, 1),
            [
                "3 figures and statements on teams and the surveys were found.",
                "2 figures were not used, because they are infeasible.",
            ],
        ),
        (
            (6, 34, 0, 3, 2, 52),
            [
                "97 figures and statements on teams and the surveys were found.",
                "For 6 figures it is known how many municipalities gave the answer, and the percentage agrees.",
                "For 34 figures it is not known how many municipalities gave the answer, "
                "but the percentage is possible.",
                "The figures that are contested (3) or rejected (2) were not used.",
            ],
        ),
        (
            (0, 0, 1, 1, 1, 2),
            [
                "5 figures and statements on teams and the surveys were found.",
                "The figures that are contested (1), rejected (1) or infeasible (1) were not used.",
            ],
        ),
    ],
}
CASES = [(language, counts, told) for language, cases in TOLD.items() for counts, told in cases]


def sentence(edition, language, counts):
    verdicts = [verdict for verdict, n in zip(VERDICTS, counts, strict=True) for _ in range(n)]
    return audit.sentence(edition(2019, language=language), pd.DataFrame({"verdict": verdicts}))


@pytest.mark.parametrize(("language", "counts", "told"), CASES)
def test_each_verdict_that_there_is_has_a_sentence_and_no_other_is_named(edition, language, counts, told):
    unchecked = [UNCHECKED[language].format(n=counts[-1])] if counts[-1] else []
    assert sentence(edition, language, counts).text == " ".join([*told, *unchecked])


@pytest.mark.parametrize(
    ("language", "counts", "key"),
    [
        ("nl", (0, 0, 0, 0, 0, 0), None),
        ("nl", (0, 0, 0, 1, 0, 0), None),
        (
            "nl",
            (1, 1, 0, 0, 0, 0),
            "Van de 2 gepubliceerde cijfers en uitspraken is er geen betwist, verworpen of onmogelijk.",
        ),
        (
            "nl",
            (1, 1, 0, 1, 0, 1),
            "Van de 4 gepubliceerde cijfers en uitspraken is er 1 betwist. Bij 1 is geen controle mogelijk.",
        ),
        (
            "nl",
            (6, 34, 0, 3, 2, 52),
            "Van de 97 gepubliceerde cijfers en uitspraken zijn er 5 betwist of verworpen. "
            "Bij 52 is geen controle mogelijk.",
        ),
        ("en", (0, 0, 0, 0, 0, 0), None),
        ("en", (0, 0, 0, 1, 0, 0), None),
        (
            "en",
            (1, 1, 0, 0, 0, 0),
            "Of the 2 published figures and statements, none is contested, rejected or infeasible.",
        ),
        (
            "en",
            (1, 1, 0, 1, 0, 1),
            "Of the 4 published figures and statements, 1 is contested. No check is possible for 1.",
        ),
        (
            "en",
            (6, 34, 0, 3, 2, 52),
            "Of the 97 published figures and statements, 5 are contested or rejected. No check is possible for 52.",
        ),
    ],
)
def test_the_summary_names_the_verdicts_that_there_are(edition, language, counts, key):
    assert sentence(edition, language, counts).key == key


@pytest.mark.parametrize(("language", "counts", "told"), CASES)
def test_the_summary_repeats_no_sentence(edition, language, counts, told):
    found = sentence(edition, language, counts)
    assert not set((found.key or "").split(". ")) & {one.removesuffix(".") for one in found.text.split(". ")}
