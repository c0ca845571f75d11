"""Cells, rows, labels and words by size class."""

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Interval
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.present.blocks import EMPTY, known, titled
from wijkpeiling.project import Edition


def class_label(size_class: str, language: str) -> str:
    """A size class in words: ``20.000 tot 50.000``."""
    return speak.say(language, f"size_{SIZE_CLASSES.index(size_class)}")


def told_by_class(by_size: pd.DataFrame) -> pd.DataFrame:
    """The items of which some class is told; all of them where none is."""
    is_told = by_size.groupby("concept")["share"].transform(lambda shares: shares.notna().any()).astype(bool)
    return by_size[is_told] if is_told.any() else by_size


def size_notes(edition: Edition, by_size: pd.DataFrame, told: pd.DataFrame) -> tuple[str, ...]:
    """Signs that stand in the cells of a table by size class, and the items that it does not hold."""
    signs = {"size_note": told["ci_low"].notna(), "size_withheld_note": told["share"].isna()}
    notes = [speak.say(edition.language, key) for key, holds in signs.items() if holds.any()]
    left_out = [edition.label(name) for name in by_size["concept"].unique() if name not in set(told["concept"])]
    if left_out:
        labels = speak.listing(left_out, edition.language)
        notes.append(speak.say(edition.language, "size_withheld_items", labels=labels))
    return tuple(notes)


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


def size_reading(by_size: pd.DataFrame, of_all: pd.DataFrame | None, language: str, *, is_tested: bool) -> str:
    """How to read the marks that are there, and that differences between them were not tested."""
    marks = {"size_reading": True, "size_reading_interval": by_size["ci_low"].notna().any()}
    marks["size_reading_all"] = of_all is not None and not of_all.empty
    marks["size_reading_untested"] = not is_tested
    return " ".join(speak.say(language, key) for key, holds in marks.items() if holds)


def tested_items(differences: pd.DataFrame | None) -> pd.DataFrame:
    """What `class_differences` tested: the items of which the outcome can be told."""
    return pd.DataFrame() if differences is None or differences.empty else differences[~differences["is_protected"]]


def outcome(edition: Edition, tested: pd.DataFrame, kind: str) -> str:
    """Of which of the tested items the classes differ for certain."""
    certain = [edition.label(concept) for concept in tested.loc[tested["is_certain"], "concept"]]
    return speak.say(
        edition.language,
        f"{kind}_size_sentence",
        n_certain=len(certain),
        n_tested=len(tested),
        labels=speak.listing(certain, edition.language),
    )


def size_claim(edition: Edition, differences: pd.DataFrame | None) -> str | None:
    """Whether the classes differ, as the title of a figure; None where that was not tested."""
    tested = tested_items(differences)
    if tested.empty:
        return None
    certain = [edition.label(concept) for concept in tested.loc[tested["is_certain"], "concept"]]
    labels = speak.listing(certain, edition.language)
    return titled(edition, "size_claim" if certain else "size_claim_none", labels=labels)


def widest_spread(edition: Edition, shares: pd.DataFrame) -> str:
    """The item of which shares lie farthest apart between classes, with its shares."""
    language = edition.language
    spread = shares.max(axis=1) - shares.min(axis=1)
    concept = spread.idxmax()
    cells = shares.loc[concept].dropna()
    return speak.say(
        language,
        "size_alt",
        label=edition.label(concept),
        low=speak.whole(cells.min()),
        high=speak.whole_percent(cells.max(), language),
    )
