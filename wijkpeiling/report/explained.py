"""How a page tells where the numbers of a table come from: what its rows share once, and of each row the rest."""

from collections import Counter
from typing import Any, NamedTuple

from wijkpeiling.present.blocks import Table
from wijkpeiling.present.reasons import Reference, Step, Why


class Rule(NamedTuple):
    """The words that most rows have for a column, with the sections of METHOD.md they rest on."""

    column: str
    text: str
    methods: tuple[str, ...]


class Entry(NamedTuple):
    """A row: what is its own. ``steps`` without the words that stand in the rules."""

    name: str
    base: str
    steps: tuple[Step, ...]
    sources: tuple[Reference, ...]


class Explained(NamedTuple):
    """A table explained: base and sources where all rows have the same, rules, and the rows that add to these."""

    base: str
    sources: tuple[Reference, ...]
    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]


def explained(table: Table) -> Explained | None:
    """What the page folds below a table; None where the table says nothing of it."""
    rows = [row for row in table.why if row]
    if not rows:
        return None
    base = _same([row.base for row in rows]) or ""
    sources = _same([row.sources for row in rows]) or ()
    rules = _rules(rows)
    told = {rule.column: rule for rule in rules}
    entries = [
        Entry(
            row.name,
            "" if base else row.base,
            tuple(_without(step, told) for step in row.steps),
            () if sources else row.sources,
        )
        for row in rows
    ]
    return Explained(base, sources, rules, tuple(entry for entry in entries if _says_more(entry)))


def _says_more(entry: Entry) -> bool:
    """Whether a row has something of its own: of one that has not, the rules say all."""
    own = any(step.formulas or step.text or step.detail for step in entry.steps)
    return bool(own or entry.base or entry.sources)


def _same(values: list[Any]) -> Any:
    """What all have; None where they differ, or there is one alone."""
    return values[0] if len(values) > 1 and all(one == values[0] for one in values) else None


def _rules(rows: list[Why]) -> tuple[Rule, ...]:
    """For each column the words that most rows have, where more than one has them; what all these rest on."""
    steps = [step for row in rows for step in row.steps]
    counted = Counter((step.column, step.text) for step in steps)
    found: dict[str, Rule] = {}
    for (column, text), n in counted.most_common():
        if n > 1 and column not in found:
            alike = [step.methods for step in steps if (step.column, step.text) == (column, text)]
            shared = tuple(name for name in alike[0] if all(name in methods for methods in alike))
            found[column] = Rule(column, text, shared)
    return tuple(found[column] for column in dict.fromkeys(step.column for step in steps) if column in found)


def _without(step: Step, rules: dict[str, Rule]) -> Step:
    """A step without what the rule of its column says already."""
    rule = rules.get(step.column)
    if rule is None or rule.text != step.text:
        return step
    own = tuple(name for name in step.methods if name not in rule.methods)
    return step.model_copy(update={"text": "", "methods": own})
