"""Cells, rows and labels by size class."""

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.present.blocks import EMPTY, known
from wijkpeiling.project import Edition


def class_label(size_class: str, language: str) -> str:
    """A size class in words: ``20.000 tot 50.000``."""
    return speak.say(language, f"size_{SIZE_CLASSES.index(size_class)}")


def size_notes(by_size: pd.DataFrame, language: str) -> tuple[str, ...]:
    """Signs that stand in the cells of a table by size class."""
    signs = {"size_note": by_size["ci_low"].notna(), "size_withheld_note": by_size["share"].isna()}
    return tuple(speak.say(language, key) for key, holds in signs.items() if holds.any())


def size_cell(classes: pd.DataFrame, size_class: str) -> str:
    """The share of a class with its interval, as far as they are told."""
    if size_class not in classes.index or pd.isna(classes.loc[size_class, "share"]):
        return EMPTY
    cell = classes.loc[size_class]
    if pd.isna(cell["ci_low"]):
        return speak.percent_cell(cell["share"])
    return f"{speak.percent_cell(cell['share'])} ({speak.range_cell(cell['ci_low'], cell['ci_high'])})"


def class_test(tested: pd.DataFrame, concept: str, language: str) -> str:
    """Whether classes differ, with the p-value where it can be told; a dash for what was not tested."""
    if concept not in tested.index:
        return EMPTY
    told = speak.say(language, "size_differs" if tested.loc[concept, "is_certain"] else "size_differs_not")
    p = tested.loc[concept, "p_adjusted"]
    return told if pd.isna(p) else f"{told} ({speak.p_equation(p, language)})"


def class_rows(
    edition: Edition, by_size: pd.DataFrame, shares: pd.DataFrame, of_all: pd.DataFrame | None = None
) -> tuple[Interval, ...]:
    """A row for each class of each item in ``shares``, which has an item in each row and a class in each column."""
    known_of_all = {} if of_all is None else of_all.drop_duplicates("concept").set_index("concept")["share"].to_dict()
    ends = by_size.set_index(["concept", "domain_value"])[["ci_low", "ci_high"]]
    rows = []
    for (concept, name), share in shares.stack(future_stack=True).items():
        low, high = ends.loc[(concept, name)] if (concept, name) in ends.index else (None, None)
        row = Interval(
            label=class_label(name, edition.language),
            text=EMPTY if pd.isna(share) else speak.percent_cell(share),
            share=known(share),
            low=known(low),
            high=known(high),
            group=speak.sentence_case(edition.label(concept)),
            is_part=True,
            whole=known(known_of_all.get(concept)),
        )
        rows.append(row)
    return tuple(rows)


def size_reading(by_size: pd.DataFrame, of_all: pd.DataFrame | None, language: str) -> str:
    """How to read the marks that are there."""
    marks = {"size_reading": True, "size_reading_interval": by_size["ci_low"].notna().any()}
    marks["size_reading_all"] = of_all is not None and not of_all.empty
    return " ".join(speak.say(language, key) for key, holds in marks.items() if holds)
