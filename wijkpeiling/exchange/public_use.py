"""A file for public use: answers without what points to a municipality, by class no finer than an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wijkpeiling.errors import ReportError
from wijkpeiling.estimation.disclosure import SMALLEST_BASE, SMALLEST_COUNT, Disclosure, is_small
from wijkpeiling.exchange.dataset import MISSING_CODES, NO, YES, Dataset, Described, Variable, size_codes, size_variable
from wijkpeiling.exchange.deduction import possible_counts
from wijkpeiling.language import listing, say

# respondents that at least share each combination of size class and provincie
K = 5
ANY, OTHER = 0, -1
OF_MUNICIPALITY = ("size_class", "provincie", "weight")


@dataclass(frozen=True)
class PublicUse:
    """The answers that can be given to anyone.

    Attributes
    ----------
    table
        A row for each respondent, in the order of its content. By class: ``size_class`` from 1, ``provincie`` as
        numbers of ``provincies`` (`OTHER` for those that were joined, `ANY` where it is not told), ``weight``. Of each
        concept that is given 1, 0 or the code of a reason.
    withheld
        Concepts that are left out.
    provincies
        Those that are told, from 1.
    """

    table: pd.DataFrame
    withheld: tuple[str, ...]
    provincies: tuple[str, ...]

    @property
    def has_classes(self) -> bool:
        """Whether size class, provincie and weight are told."""
        return "size_class" in self.table


def public_use(answers: pd.DataFrame, routing: Mapping[str, str], disclosure: Disclosure) -> PublicUse:
    """Leave out and join what would tell how single municipalities answered.

    Parameters
    ----------
    answers
        ``size_class`` (ordered categories), ``provincie``, ``weight`` (of the design: one for each class), and concepts
        as 1, 0 or the code of a reason.
    routing
        The concept that routes to another.
    disclosure
        What an edition of the wave protects (METHOD.md, M20).

    Raises
    ------
    ReportError
        When fewer than `K` took part, or nothing is left that can be told.

    Notes
    -----
    Where an edition tells everything by class, so does the file, and of a class the provincies in which at least `K`
    took part and no cell is small; the others are joined until that holds for them together. Where an edition protects
    anything, single answers by class would give it back: the file has no classes then. A concept with fewer than five
    yes or five no among all is left out, and so is a protected one of which the total, beside the rounded share of the
    edition, leaves fewer than six numbers possible in a class (`possible_counts`); with it what it routes to, for who
    was shown that is its answer.

    k-anonymity (Sweeney 2002) is of what is known of everybody: class and provincie. It does not hold against whoever
    knows answers of a municipality; no file of single answers does.
    """
    concepts = [name for name in answers if name not in OF_MUNICIPALITY]
    if len(answers) < K:
        raise _nothing(f"{len(answers)} municipalities took part", f"{K} or more")
    # who stopped halfway is known to those that held the survey
    told = answers.replace({name: {MISSING_CODES["broken_off"]: MISSING_CODES["not_answered"]} for name in concepts})
    by_class = [rows for _, rows in told.groupby("size_class", observed=True)]
    is_open = not disclosure.protected and not disclosure.bases
    if is_open and all(_is_safe(rows, concepts) for rows in by_class):
        return _by_class(by_class, concepts)
    small = [
        name
        for name in concepts
        if _is_small_overall(told[name]) or (name in disclosure.protected and _tells_of_a_class(told, name))
    ]
    withheld = tuple(name for name in concepts if _leads_to(name, routing) & set(small))
    kept = [name for name in concepts if name not in withheld]
    if not kept:
        raise _nothing("every answer would tell of a few municipalities", "an item that several answered either way")
    return PublicUse(_in_order(told[kept]), withheld, ())


def public_dataset(result: PublicUse, wave: int, described: Described) -> Dataset:
    """A file for public use, with in words what was done to it and what it still gives away."""
    language = described.language
    concepts = [name for name in result.table if name not in OF_MUNICIPALITY]
    provincies = {
        **dict(enumerate(result.provincies, start=1)),
        OTHER: say(language, "export_other_provincie"),
        ANY: say(language, "export_any_provincie"),
    }
    variables = {
        "size_class": size_variable(language),
        "provincie": Variable("provincie", say(language, "export_provincie"), provincies),
        **{variable.name: variable for variable in described.variables(concepts)},
        "weight": Variable("weight", say(language, "export_design_weight")),
    }
    return Dataset(
        wave,
        language,
        say(language, "export_title_public", wave=wave),
        tuple(variables[name] for name in result.table),
        result.table,
        described.sets(concepts),
        _notes(result, described),
    )


def _notes(result: PublicUse, described: Described) -> tuple[str, ...]:
    language = described.language
    kept = "export_public_classes" if result.has_classes else "export_public_together"
    labels = [described.project.concepts[name].label[language] for name in result.withheld]
    withheld = say(language, "export_public_withheld", n=SMALLEST_COUNT, listing=listing(labels, language))
    return (
        say(language, "export_public_rows"),
        say(language, kept, k=K),
        *([withheld] if labels else []),
        say(language, "export_public_broken_off"),
        say(language, "export_public_risk"),
    )


def _by_class(by_class: Sequence[pd.DataFrame], concepts: Sequence[str]) -> PublicUse:
    told = [rows.assign(told=_provincies(rows, concepts)) for rows in by_class]
    together = pd.concat(told)
    provincies = tuple(sorted(set(together["told"]) - {ANY, OTHER}))
    places: dict[object, int] = {ANY: ANY, OTHER: OTHER, **{name: at for at, name in enumerate(provincies, start=1)}}
    table = pd.DataFrame(
        {
            "size_class": size_codes(together["size_class"]),
            "provincie": together["told"].map(places).astype("Int64"),
            **together[list(concepts)],
            "weight": together["weight"].astype(float),
        }
    )
    return PublicUse(_in_order(table), (), provincies)


def _provincies(rows: pd.DataFrame, concepts: Sequence[str]) -> pd.Series:
    """The provincie of each row of a class where that is safe, and otherwise that it is one of the others, or any."""
    sizes = rows["provincie"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    kept = [name for name in sizes.index if _is_safe(rows[rows["provincie"] == name], concepts)]
    while kept:
        others = rows[~rows["provincie"].isin(kept)]
        if others.empty or _is_safe(others, concepts):
            break
        kept.pop()
    is_kept = rows["provincie"].isin(kept)
    return rows["provincie"].astype(object).where(is_kept, OTHER if kept else ANY)


def _is_safe(rows: pd.DataFrame, concepts: Sequence[str]) -> bool:
    """Whether as many share a group as have to, and no answer in it is that of a few."""
    given = rows[list(concepts)]
    cells = pd.DataFrame({"n": given.ge(NO).sum(), "count": given.eq(YES).sum()})
    return len(rows) >= K and not is_small(cells).any()


def _is_small_overall(column: pd.Series) -> bool:
    # among all together none or all is an answer of everybody, by class as well
    yes, no = int((column == YES).sum()), int((column == NO).sum())
    return yes + no < SMALLEST_BASE or min(yes, no) < SMALLEST_COUNT


def _tells_of_a_class(told: pd.DataFrame, concept: str) -> bool:
    """Whether the total of a concept says how few or how many said yes in a class, beside the rounded share."""
    given = told[told[concept] >= NO]
    classes = given.groupby("size_class", observed=True)
    yes, answered = classes[concept].sum().to_numpy(int), classes[concept].size().to_numpy(int)
    low, high = possible_counts(yes, answered, classes["weight"].first().to_numpy(float))
    return bool((high - low < np.minimum(SMALLEST_COUNT, answered)).any())


def _leads_to(concept: str, routing: Mapping[str, str]) -> set[str]:
    """A concept, and those whose answers decide whether it was shown."""
    found = {concept}
    while concept in routing and routing[concept] not in found:
        concept = routing[concept]
        found.add(concept)
    return found


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by their content: in the order of the codes each would be known by its place."""
    columns = [table[name].to_numpy(dtype=float) for name in reversed(list(table))]
    return table.iloc[np.lexsort(columns)].reset_index(drop=True)


def _nothing(what: str, expected: str) -> ReportError:
    return ReportError(
        f"no file for public use: {what}",
        expected=expected,
        todo="publish the edition instead: it rounds and withholds what single answers would tell",
    )
