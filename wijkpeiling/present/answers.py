"""What the answers of municipalities add: by size class, pairs of items, sensitivity, and who answered.

With published figures alone each of these says nothing; that it takes answers is said once, in ``account``.
"""

from typing import Any

import numpy as np
import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Intervals
from wijkpeiling.contracts import ESTIMATES, SIZE_CLASSES
from wijkpeiling.estimation.disclosure import whole
from wijkpeiling.estimation.nonresponse import sensitivity
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Chart, Sentence, Table, marked, records, rounded_note, titled
from wijkpeiling.present.classes import (
    class_label,
    class_rows,
    class_test,
    outcome,
    size_cell,
    size_claim,
    size_notes,
    size_reading,
    tested_items,
    told_by_class,
    widest_spread,
)
from wijkpeiling.present.shares import LONGEST_ALT, bases_in_words
from wijkpeiling.present.why_counts import of_group, of_sensitivity
from wijkpeiling.present.why_tables import why_of_classes, why_of_pairs, why_of_process
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources
from wijkpeiling.trend.answered import process_differences

# how much more or less often those who did not answer would have said yes
DIFFERENCES = (-0.2, -0.1, 0.0, 0.1, 0.2)


def response_table(edition: Edition, sources: Sources) -> Table | None:
    """Municipalities and respondents in each size class, with the weight of an answer where these differ by class."""
    source = sources.of(edition.wave.wave)
    if source.why_not:
        return None
    wave, language = edition.wave.wave, edition.language
    response = source.response().merge(source.weights(), on="size_class")
    response = response[response["N"] > 0]
    is_weighed = edition.wave.weighting == "size_class"
    rows = [
        (
            class_label(row.size_class, language),
            cells.count(row.N),
            cells.count(row.n),
            cells.percent(row.n / row.N),
            *((cells.weight(row.weight, language),) if is_weighed else ()),
        )
        for row in response.itertuples()
    ]
    columns = tuple(speak.say(language, "response_size_columns").split("|"))[: len(rows[0])]
    return Table(
        id="table_response_size",
        language=language,
        caption=titled(edition, "response_size_caption", wave=wave),
        columns=columns,
        rows=tuple(rows),
        notes=(speak.say(language, "weight_note"),) if is_weighed else (),
        records=records(response),
        why=tuple(
            of_group(language, columns, row, response.iloc[at], response["weight"].iloc[at])
            for at, row in enumerate(rows)
        ),
    )


def size_sentence(edition: Edition, differences: pd.DataFrame, kind: str) -> Sentence | None:
    """Of which items the size classes differ for certain, and of how many that may not be told.

    None where nothing could be tested or had to be left out.
    """
    if differences.empty:
        return None
    language, tested = edition.language, tested_items(differences)
    n_left_out = len(differences) - len(tested)
    # none of them is another thing to say than some
    is_all = n_left_out == differences["n_asked"].iloc[0]
    key = f"{kind}_size_left_out_all" if is_all else f"{kind}_size_left_out"
    left_out = [speak.say(language, key, n_left_out=n_left_out)] if n_left_out else []
    certain, found = tested["is_certain"].any(), [] if tested.empty else [outcome(edition, tested, kind)]
    text = " ".join([*found, *left_out])
    return Sentence(id=f"{kind}_size", language=language, text=text, key=found[0] if certain else None)


def size_table(
    edition: Edition,
    by_size: pd.DataFrame,
    kind: str,
    differences: pd.DataFrame | None = None,
    sources: Sources | None = None,
) -> Table | None:
    """Shares by size class with their intervals; a row for each item, a column for each class and one for the test.

    Items of which every class is withheld are named in a note, beside others.
    """
    if by_size.empty:
        return None
    language = edition.language
    tested = tested_items(differences)
    tested = tested if tested.empty else tested.set_index("concept")
    rows, told = [], told_by_class(by_size)
    for concept in told["concept"].unique():
        classes = by_size[by_size["concept"] == concept].set_index("domain_value")
        test = [] if tested.empty else [class_test(tested, concept, language)]
        rows.append(
            (speak.sentence_case(edition.label(concept)), *(size_cell(classes, name) for name in SIZE_CLASSES), *test)
        )
    test_column = [] if tested.empty else [speak.say(language, "size_test_column")]
    test_note = [] if tested.empty else [speak.say(language, "size_test_note", family=len(tested))]
    columns = (
        speak.say(language, "concept_column"),
        *(class_label(name, language) for name in SIZE_CLASSES),
        *test_column,
    )
    return Table(
        id=f"table_{kind}_size",
        language=language,
        caption=titled(edition, f"{kind}_size_caption", wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        notes=(
            *bases_in_words(edition, by_size),
            *size_notes(edition, by_size, told),
            *test_note,
            *rounded_note(by_size, language, "rounded_size_note"),
        ),
        contract="estimates",
        records=records(by_size, ESTIMATES),
        why=why_of_classes(edition, sources, told, columns, rows),
    )


def size_chart(
    edition: Edition,
    by_size: pd.DataFrame,
    kind: str,
    differences: pd.DataFrame | None = None,
    of_all: pd.DataFrame | None = None,
) -> Chart | None:
    """For each item a row for each size class, with its interval or a dash; described by what was tested of it.

    An item of which every class is withheld is left to the table; None where all are. ``of_all`` holds the shares of
    all municipalities, contract ``estimates``: a line through the classes.
    """
    if by_size.empty or by_size["share"].isna().all():
        return None
    language = edition.language
    shares = by_size.pivot(index="concept", columns="domain_value", values="share")
    shares = shares.reindex(index=by_size["concept"].unique(), columns=list(SIZE_CLASSES)).astype(float)
    shares = shares.dropna(how="all")
    tested = size_sentence(edition, pd.DataFrame() if differences is None else differences, kind)
    spread = widest_spread(edition, shares)
    told = [f"{tested.text} {spread}", tested.text, spread] if tested else [spread]
    topic = titled(edition, f"{kind}_size_figure", wave=edition.wave.wave)
    return Chart(
        id=f"figure_{kind}_size",
        language=language,
        caption=size_claim(edition, differences) or topic,
        subtitle=topic if size_claim(edition, differences) else None,
        alt=next(text for text in told if len(text) <= LONGEST_ALT or text == told[-1]),
        table=f"table_{kind}_size",
        plot=Intervals(rows=class_rows(edition, by_size, shares, of_all)),
        reading=size_reading(by_size, of_all, language, is_tested=not tested_items(differences).empty),
        mark=marked(edition),
    )


def pairs_sentence(edition: Edition, pairs: pd.DataFrame, kind: str) -> Sentence | None:
    """How many pairs of items demonstrably differ, or how many items from the highest."""
    if pairs.empty:
        return None
    key = "pairs_sentence" if _is_whole_family(pairs) else "pairs_highest_sentence"
    highest = speak.listing([edition.label(concept) for concept in pairs["higher"].unique()], edition.language)
    n_certain: int | str = int(pairs["is_certain"].sum())
    if pairs["p_adjusted"].isna().any():
        n_certain = speak.say(edition.language, "at_least", n=n_certain)
    parts = [speak.say(edition.language, key, n_pairs=len(pairs), n_certain=n_certain, highest=highest)]
    if pairs["is_withheld"].any():
        parts.append(speak.say(edition.language, "pairs_withheld", n=int(pairs["is_withheld"].sum())))
    return Sentence(id=f"{kind}_pairs", language=edition.language, text=" ".join(parts))


def pairs_table(edition: Edition, pairs: pd.DataFrame, kind: str, sources: Sources | None = None) -> Table | None:
    """The difference between each two items of one wave, or from the highest where that makes too many, concluded."""
    if pairs.empty:
        return None
    language = edition.language
    names = [
        speak.say(
            language, "pair", higher=speak.sentence_case(edition.label(row.higher)), lower=edition.label(row.lower)
        )
        for row in pairs.itertuples()
    ]
    family = speak.say(
        language,
        "family_note" if _is_whole_family(pairs) else "family_highest_note",
        family=int(pairs["family_size"].iloc[0]),
    )
    columns = (*speak.say(language, "pairs_columns").split("|"), speak.say(language, "conclusion_column"))
    numbers = _difference_rows(names, pairs, "p_adjusted", language)
    rows = tuple((*row, _concluded(pair, language)) for row, pair in zip(numbers, pairs.itertuples(), strict=True))
    shown = cells.filled(columns, rows)
    return Table(
        id=f"table_{kind}_pairs",
        language=language,
        caption=titled(edition, f"{kind}_pairs_caption", wave=edition.wave.wave),
        columns=shown.columns,
        rows=shown.rows,
        notes=(
            speak.say(language, "pairs_note"),
            family,
            *_points_note(pairs, language),
            *([speak.say(language, "rounded_conclusion_note")] * bool(pairs["p_value"].isna().any())),
            *([speak.say(language, "pairs_withheld_note")] * bool(pairs["is_withheld"].any())),
        ),
        records=records(pairs),
        why=why_of_pairs(edition, sources, pairs, columns, rows),
    )


def sensitivity_table(edition: Edition, sources: Sources, shares: pd.DataFrame, kind: str) -> Table | None:
    """Each share if municipalities that did not take part had said yes more or less often."""
    source = sources.of(edition.wave.wave)
    if source.why_not or source.n_respondents is None or shares.empty:
        return None
    language = edition.language
    table = shares[["concept", "n", "N", "share"]].astype({"n": float, "N": float, "share": float})
    is_rounded = (shares["flag"] == "rounded").to_numpy(dtype=bool)
    # where the base is not told, that of the wave stands for it
    rate = source.n_respondents / source.N
    answered = (table["n"] / table["N"]).fillna(rate).to_numpy()
    for difference in DIFFERENCES:
        moved = sensitivity(table["share"].to_numpy(), answered, np.array(difference))
        table[f"{difference:+.1f}"] = np.where(is_rounded, [whole(share) for share in moved], moved)
    rows = [
        (speak.sentence_case(edition.label(row[0])), *(cells.percent(share) for share in row[4:]))
        for row in table.itertuples(index=False)
    ]
    columns = (
        speak.say(language, "concept_column"),
        *(speak.say(language, "nonresponse_column", points=speak.points(difference)) for difference in DIFFERENCES),
    )
    told_rate = f"{source.n_respondents}/{source.N}"
    written = [told_rate if pd.isna(row.n) else f"{row.n:g}/{row.N:g}" for row in table.itertuples()]
    return Table(
        id=f"table_{kind}_sensitivity",
        language=language,
        caption=titled(edition, f"{kind}_sensitivity_caption", wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        notes=(
            *bases_in_words(edition, shares),
            speak.say(language, "sensitivity_note"),
            *([speak.say(language, "sensitivity_stop_note")] * _stops(table["share"])),
            *rounded_note(shares, language),
        ),
        records=records(table),
        why=tuple(
            of_sensitivity(language, columns, row, share, rate, dict(zip(DIFFERENCES, moved, strict=True)))
            for row, share, rate, moved in zip(rows, table["share"], written, table.iloc[:, 4:].to_numpy(), strict=True)
        ),
    )


def _stops(share: pd.Series) -> bool:
    """Whether a shift ends at nobody or everybody."""
    return bool(((share + min(DIFFERENCES) < 0) | (share + max(DIFFERENCES) > 1)).any())


def process_table(edition: Edition, sources: Sources, concept: str) -> Table | None:
    """Differences from the baseline in what lies behind the municipalities of those years, not in them."""
    language, baseline = edition.language, edition.baseline_year
    if baseline is None:
        return None
    differences = process_differences(sources, baseline, concept)
    if differences.empty:
        return None
    periods = ["\u2013".join(map(str, sorted([int(wave), baseline]))) for wave in differences["wave"]]
    columns = tuple(speak.say(language, "process_columns").split("|"))
    rows = _difference_rows(periods, differences, "p_value", language)
    shown = cells.filled(columns, rows)
    return Table(
        id="table_process",
        language=language,
        caption=titled(edition, "process_caption", baseline=baseline),
        columns=shown.columns,
        rows=shown.rows,
        notes=(speak.say(language, "process_note"), *_points_note(differences, language)),
        records=records(differences),
        why=why_of_process(language, differences, columns, rows),
    )


def _difference_rows(names: list[str], differences: pd.DataFrame, p_value: str, language: str) -> tuple[tuple, ...]:
    """Each difference under its name, with its interval and the p-value of a column."""
    numbers = differences[["difference", "ci_low", "ci_high", p_value]].itertuples(index=False)
    return tuple(
        (name, cells.points(difference), cells.points_range(low, high, language), cells.p_value(p, language))
        for name, (difference, low, high, p) in zip(names, numbers, strict=True)
    )


def _concluded(pair: Any, language: str) -> str:
    """Whether two items demonstrably differ, or that this is withheld."""
    key = "conclusion_withheld" if pair.is_withheld else "size_differs" if pair.is_certain else "size_differs_not"
    return speak.sentence_case(speak.say(language, key))


def _is_whole_family(pairs: pd.DataFrame) -> bool:
    return len(pairs) == pairs["family_size"].iloc[0]


def _points_note(differences: pd.DataFrame, language: str) -> tuple[str, ...]:
    return (speak.say(language, "rounded_points_note"),) if differences["p_value"].isna().any() else ()
