"""The tables that cross rooms: columns, types, ranges and keys, each stated once.

Shares, differences and standard errors are 0-1 (-1 to 1); ``pct`` is 0-100 and only where a source printed it.
"""

import datetime
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pandera.pandas as pa

# checking under this name too: whoever holds a table against a contract imports one module
from wijkpeiling.checking import BOOLEANS as BOOLEANS
from wijkpeiling.checking import Contract as Contract
from wijkpeiling.checking import check as check
from wijkpeiling.checking import check_cells as check_cells
from wijkpeiling.checking import read_cells as read_cells
from wijkpeiling.checking import read_heading as read_heading
from wijkpeiling.checking import read_table as read_table

# of the publisher's tables, by inhabitants
CBS_SIZE_CLASSES = ("lt_5k", "5k_10k", "10k_20k", "20k_50k", "50k_100k", "100k_150k", "150k_250k", "ge_250k")
SIZE_CLASSES = ("<20k", "20-50k", "50-100k", ">=100k")
STATUSES = ("accepted", "contested", "rejected", "direction_only", "other_study")
VERDICTS = ("reproduced", "feasible", "infeasible", "contested", "rejected", "not_checkable")
# in the order in which they are told: what is known best comes first
CONCLUSIONS = ("rose", "fell", "about_the_same", "withheld", "no_evidence", "direction_only", "not_comparable")
# how an interval was made; wilson, asin and mean only where they are asked for
INTERVAL_METHODS = ("exact", "predictive", "logit", "beta", "wilson", "asin", "mean", "census", "rounded", "none")
# how many answered both times: as counted, as chance makes it, or the least favourable number
OVERLAPS = ("known", "chance", "range")
CHANGE_METHODS = ("mover", "none")
FLAGS = (
    "base_not_stated",
    "base_size_not_stated",
    "approximate",
    "respondents_unknown",
    "no_answers",
    "no_variance",
    "no_df",
    "indicative",
    "suppressed",
    "rounded",
    "assumed",
)
SOURCES = ("published", "microdata", "synthetic")
# of a comparison: mixed is answers on one side and published figures on the other
COMPARED_SOURCES = (*SOURCES, "mixed")
UNITS = ("municipalities", "teams", "residents")
MISSING_REASONS = ("not_asked", "not_answered", "not_shown", "broken_off")


def _text(*, required: bool = True, among: tuple[str, ...] = (), pattern: str = "") -> pa.Column:
    checks = []
    if among:
        checks.append(pa.Check.isin(among, error="one of " + ", ".join(among)))
    if pattern:
        checks.append(pa.Check.str_matches(pattern, error=f"text that matches {pattern}"))
    return pa.Column("string", checks, nullable=not required, coerce=True)


def _number(low: float, high: float, *, required: bool = False, kind: str = "Float64") -> pa.Column:
    within = pa.Check.in_range(low, high, error=f"a number from {low:g} to {high:g}")
    return pa.Column(kind, within, nullable=not required, coerce=True)


def _count(*, required: bool = False, low: int = 0) -> pa.Column:
    enough = pa.Check.ge(low, error=f"a whole number of {low} or more")
    return pa.Column("Int64", enough, nullable=not required, coerce=True)


def _year(*, required: bool = True) -> pa.Column:
    return _number(1990, 2100, required=required, kind="Int64")


def _flag() -> pa.Column:
    return pa.Column("boolean", nullable=False, coerce=True)


def _size_class() -> pa.Column:
    return pa.Column(pd.CategoricalDtype(SIZE_CLASSES, ordered=True), nullable=False, coerce=True)


def _table(name: str, /, *, key: tuple[str, ...] = (), **columns: pa.Column) -> Contract:
    return Contract(name, pa.DataFrameSchema(columns, strict=True, ordered=True), key)


def _date() -> pa.Column:
    is_date = pa.Check(_is_date, element_wise=True, error="a date such as 2019-01-01")
    return pa.Column("string", is_date, nullable=False, coerce=True)


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


# no country has more inhabitants, if that is what a municipality stands for
LARGEST_WEIGHT = 1e10

_CODE = r"^GM\d{4}$"
# an invented municipality carries SY, with which no real code can begin
_CODE_OR_SYNTHETIC = r"^(GM|SY)\d{4}$"

_FIGURE: dict[str, Any] = {
    "concept": _text(),
    "pct": _number(0, 100),
    "precision": _text(required=False, among=("whole_percent", "approximate")),
    "count": _count(),
    "base": _text(required=False),
    "base_n": _count(low=1),
    "direction": _text(required=False, among=("higher", "lower")),
    "compared_with": _year(required=False),
    "unit": _text(among=UNITS),
    "status": _text(among=STATUSES),
    "remark_nl": _text(required=False),
    "remark_en": _text(required=False),
    "source_title": _text(),
    "source_url": _text(required=False, pattern=r"^https?://"),
    "confidence": _text(among=("high", "medium", "low")),
}
PUBLISHED = _table("published", **_FIGURE)
# what is not of a wave stands apart from them
OTHER_STUDIES = _table("other_studies", year=_year(), **_FIGURE | {"status": _text(among=("other_study",))})

MUNICIPALITIES = _table(
    "municipalities",
    key=("year",),
    year=_year(),
    municipalities=_count(required=True, low=1),
    status=_text(among=("confirmed", "not_confirmed")),
)

SIZE_CLASS_COUNTS = _table(
    "size_classes",
    key=("year", "size_class"),
    year=_year(),
    size_class=_text(among=CBS_SIZE_CLASSES),
    municipalities=_count(required=True),
    basis=_text(among=("exact", "rounded", "approximate")),
    remark=_text(required=False),
)

MERGERS = _table(
    "mergers",
    date=_date(),
    kind=_text(among=("merger", "absorption", "split", "rename")),
    from_code=_text(pattern=_CODE),
    to_code=_text(required=False, pattern=_CODE),
    remark=_text(required=False),
)

# as MERGERS, for the municipalities that answers come from, which may be invented
ANSWER_MERGERS = _table(
    "answer_mergers",
    date=_text(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    kind=_text(among=("merger", "absorption", "split", "rename")),
    from_code=_text(pattern=_CODE_OR_SYNTHETIC),
    to_code=_text(required=False, pattern=_CODE_OR_SYNTHETIC),
    remark=_text(required=False),
)

# names of municipalities that are in use beside the official one
ALIASES = _table("aliases", key=("alias",), alias=_text(), name=_text())

FRAMES = _table(
    "frames",
    key=("wave", "gemeentecode"),
    wave=_year(),
    gemeentecode=_text(pattern=_CODE_OR_SYNTHETIC),
    name=_text(),
    size_class=_size_class(),
    provincie=_text(),
)

# respondents by the day on which their reply was handed in
FIELDWORK = _table("fieldwork", key=("date",), date=_date(), respondents=_count(required=True, low=1))

_BEFORE_CONCEPTS: dict[str, pa.Column] = {
    "wave": _year(),
    "gemeentecode": _text(pattern=_CODE_OR_SYNTHETIC),
    "size_class": _size_class(),
    "provincie": _text(),
}
_AFTER_CONCEPTS: dict[str, pa.Column] = {
    "weight": _number(0, LARGEST_WEIGHT, required=True),
    "missing_reason": _text(required=False),
}


def responses(concepts: Sequence[str]) -> Contract:
    """The contract ``responses``: a row for each municipality that answered a wave.

    Parameters
    ----------
    concepts
        Slugs, in the order of their columns. Each column is boolean; NA was not asked, not answered or not shown, which
        ``missing_reason`` says as ``concept=reason``, joined with ``"; "``.
    """
    answers = {concept: pa.Column("boolean", nullable=True, coerce=True) for concept in concepts}
    return _table("responses", key=("wave", "gemeentecode"), **_BEFORE_CONCEPTS, **answers, **_AFTER_CONCEPTS)


def concepts_of(table: pd.DataFrame) -> list[str]:
    """Slugs of the concepts in a table of the contract ``responses``, in order."""
    fixed = {*_BEFORE_CONCEPTS, *_AFTER_CONCEPTS}
    return [column for column in table.columns if column not in fixed]


ESTIMATES = _table(
    "estimates",
    key=("wave", "concept", "domain", "domain_value", "base", "method", "target", "source"),
    wave=_year(),
    concept=_text(),
    domain=_text(),
    domain_value=_text(),
    base=_text(),
    n=_count(),
    N=_count(),
    is_n_estimated=_flag(),
    is_N_estimated=_flag(),
    count=_count(),
    share=_number(0, 1),
    se=_number(0, 1),
    ci_low=_number(0, 1),
    ci_high=_number(0, 1),
    level=_number(0, 1),
    df=_number(0, float("inf")),
    method=_text(among=INTERVAL_METHODS),
    deff=_number(0, float("inf")),
    worst_low=_number(0, 1),
    worst_high=_number(0, 1),
    target=_text(among=("population", "process")),
    source=_text(among=SOURCES),
    flag=_text(required=False, among=FLAGS),
    is_suppressed=_flag(),
)

CHANGES = _table(
    "changes",
    key=("concept", "domain", "domain_value", "baseline", "wave", "method", "overlap", "source"),
    concept=_text(),
    domain=_text(),
    domain_value=_text(),
    baseline=_year(),
    wave=_year(),
    difference=_number(-1, 1),
    se=_number(0, 1),
    ci_low=_number(-1, 1),
    ci_high=_number(-1, 1),
    p_value=_number(0, 1),
    p_adjusted=_number(0, 1),
    adjustment=_text(required=False),
    family_size=_count(),
    method=_text(among=CHANGE_METHODS),
    overlap=_text(required=False, among=OVERLAPS),
    n_overlap=_count(),
    source=_text(among=COMPARED_SOURCES),
    conclusion=_text(among=CONCLUSIONS),
    reason=_text(required=False),
)

AUDIT = _table(
    "audit",
    wave=_year(),
    concept=_text(),
    pct=_number(0, 100),
    base_n=_count(low=1),
    feasible_counts=_text(required=False),
    verdict=_text(among=VERDICTS),
    reason=_text(),
    source=_text(),
    source_url=_text(required=False, pattern=r"^https?://"),
)

CONTRACTS = {table.name: table for table in (ESTIMATES, CHANGES, AUDIT)}
