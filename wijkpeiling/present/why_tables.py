"""Why the numbers of tables that take answers are what they are: by size class, pairs of items, weighting."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.present.blocks import EMPTY
from wijkpeiling.present.notation import Notation
from wijkpeiling.present.reasons import Step, Why
from wijkpeiling.present.why import TEST_ROLES, printed
from wijkpeiling.present.why_answers import answered_steps, weighted_sum
from wijkpeiling.present.why_changes import item_steps, process_steps
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources

Rows = Sequence[tuple[Any, ...]]
# columns of a table of tests
TESTS = {role: at for at, role in enumerate(TEST_ROLES, start=1)}


def why_of_classes(
    edition: Edition, sources: Sources | None, by_size: pd.DataFrame, columns: Sequence[str], rows: Rows
) -> tuple[Why | None, ...]:
    """Of each item by size class, a step for each class and one for the test."""
    if sources is None:
        return ()
    concepts = by_size["concept"].unique()
    found = (
        _of_classes(edition, sources, by_size[by_size["concept"] == concept], columns, row)
        for concept, row in zip(concepts, rows, strict=True)
    )
    return _for_each(rows, found, edition.language)


def _of_classes(
    edition: Edition, sources: Sources, classes: pd.DataFrame, columns: Sequence[str], row: tuple[Any, ...]
) -> list[Step]:
    language, steps = edition.language, []
    known = {one["domain_value"]: one for _, one in classes.iterrows()}
    for heading, text, name in zip(columns[1:], row[1:], SIZE_CLASSES, strict=False):
        if text == EMPTY or name not in known:
            continue
        cell = {"share": (heading, text)} | ({"interval": (heading, text)} if "(" in text else {})
        told = list(answered_steps(edition, sources, known[name], cell))
        merged = told[0].model_copy(update={"formulas": tuple(line for one in told for line in one.formulas)})
        steps.append(merged)
    if len(row) > len(SIZE_CLASSES) + 1 and row[-1] != EMPTY:
        test = speak.say(language, "why_size_test")
        steps.append(Step(column=columns[-1], result=row[-1], text=test, methods=("M24", "M10")))
    return steps


def why_of_pairs(
    edition: Edition, sources: Sources | None, pairs: pd.DataFrame, columns: Sequence[str], rows: Rows
) -> tuple[Why | None, ...]:
    """Of each pair of items of one wave."""
    if sources is None:
        return ()
    found = (item_steps(edition, sources, pairs, at, printed(columns, row, TESTS)) for at, row in enumerate(rows))
    return _for_each(rows, found, edition.language)


def why_of_process(
    language: str, differences: pd.DataFrame, columns: Sequence[str], rows: Rows
) -> tuple[Why | None, ...]:
    """Of each difference in what lies behind the municipalities."""
    found = (process_steps(differences.iloc[at], printed(columns, row, TESTS), language) for at, row in enumerate(rows))
    return _for_each(rows, found, language)


def _for_each(rows: Rows, found: Iterable[Iterable[Step]], language: str) -> tuple[Why, ...]:
    """The steps of each row under the head that the row has."""
    return tuple(
        Why(language=language, name=row[0], steps=tuple(steps)) for row, steps in zip(rows, found, strict=True)
    )


def why_of_weighting(
    edition: Edition, sources: Sources, shares: pd.DataFrame, columns: Sequence[str], rows: Rows
) -> tuple[Why | None, ...]:
    """Of each share with and without weighting, and what lies between."""
    language = edition.language
    write, found = Notation(language), []
    for one, row in zip(shares.itertuples(), rows, strict=True):
        sums = weighted_sum(sources, edition.wave.wave, one.concept)
        lines = (
            (write.percent(sums.weighted, one.weighted),) if sums and sums.weighted else (),
            (write.percent(sums.unweighted, one.unweighted),) if sums else (),
            (write.points(f"{write.number(one.weighted)}-{write.number(one.unweighted)}", one.difference),),
        )
        keys = ("why_weighted", "why_unweighted", "why_weighting")
        steps = tuple(
            Step(
                column=columns[at],
                result=row[at].text,
                text=speak.say(language, key),
                formulas=line,
                methods=("M12", "M13"),
            )
            for at, (key, line) in enumerate(zip(keys, lines, strict=True), start=1)
        )
        found.append(Why(language=language, name=row[0], steps=steps))
    return tuple(found)
