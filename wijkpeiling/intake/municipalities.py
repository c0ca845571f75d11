"""Which municipality each reply is of: by its code, its name or the token of its invitation."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

import numpy as np
import pandas as pd

from wijkpeiling.intake.columns import Columns
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding, Severity
from wijkpeiling.intake.spelling import plain

DIGITS = re.compile(r"(gm)?0*(\d{1,4})(\.0)?")
# what is written behind a name, or in front of it
SUFFIX = re.compile(r"\s*\((gemeente|gem\.?|[a-z]{1,3}\.?)\)$|^gemeente\s+")
TODO = "correct it in corrections.yml"


@dataclass(frozen=True)
class Register:
    """The municipalities that a reply can be of.

    Attributes
    ----------
    frame
        Contract ``frames``, of the wave.
    successors
        Of each code that ended before the day of the frame: date, and the codes that it became.
    aliases
        Official name of each other name that is in use.
    tokens
        Code of each token that was sent out.
    """

    frame: pd.DataFrame
    successors: Mapping[str, tuple[str, tuple[str, ...]]]
    aliases: Mapping[str, str]
    tokens: Mapping[str, str]

    @cached_property
    def by_code(self) -> dict[str, str]:
        """Name of each code."""
        return dict(zip(self.frame["gemeentecode"], self.frame["name"], strict=True))

    @cached_property
    def by_name(self) -> dict[str, set[str]]:
        """Codes of each spelling: the name as the frame has it, and without what stands behind it in brackets."""
        names: dict[str, set[str]] = defaultdict(set)
        for code, name in self.by_code.items():
            for spelling in (plain(name), _bare(plain(name))):
                names[spelling].add(code)
        return names

    def name(self, code: str) -> str:
        return self.by_code.get(code, "not in the frame")


@dataclass(frozen=True)
class Identified:
    """The municipality of each of R replies.

    Attributes
    ----------
    codes
        Shape (R,); NA where it could not be told.
    findings
        Replies of which it could not be told, and spellings that were read as something else than they say.
    """

    codes: pd.Series
    findings: tuple[Finding, ...]


def identify(export: Export, columns: Columns, register: Register) -> Identified:
    """Tell of which municipality each reply is.

    Notes
    -----
    A code goes before a token, a token before a name; what comes after is held against it. A name that is near another
    is a hint to the reader, never taken for it: nearest to "Den Haag" is "Alphen aan den Rijn".
    """
    # tokens that nobody wrote down say nothing
    known = ("code", *(["token"] if register.tokens else []), "municipality")
    headings = {role: columns.roles[role] for role in known if role in columns.roles}
    if not headings:
        return _nobody(export)
    first, *others = (_by(role, heading, export, register) for role, heading in headings.items())
    beside = [finding for other in others for finding in _beside(first, other, export.file, export.rows)]
    return Identified(first.codes, (*first.findings, *beside))


def _nobody(export: Export) -> Identified:
    nothing = pd.Series(pd.array([pd.NA] * len(export.rows), dtype="string"))
    message = "no column says of which municipality a reply is; expected gemeente, gemeentecode or token"
    todo = "export it too, or name its heading in columns.yml"
    return Identified(nothing, (Finding("no_municipality_column", "error", message, export.file, row=1, todo=todo),))


@dataclass(frozen=True)
class _Column:
    """What one column says of the municipality of each reply."""

    heading: str
    cells: pd.Series
    codes: pd.Series
    findings: list[Finding]


def _by(role: str, heading: str, export: Export, register: Register) -> _Column:
    cells = export.cells[heading].fillna("").str.strip()
    labels = export.labels.get(heading, {})
    reading = {value: _read(labels.get(value, value), role, register) for value in cells.unique()}
    codes = cells.map({value: found.code for value, found in reading.items()}).astype("string")
    findings = [
        Finding(found.kind, found.severity, found.message, export.file, int(row), heading, value[:80], TODO)
        for value, found in reading.items()
        if found.kind
        for row in export.rows[cells.eq(value).to_numpy(bool)]
    ]
    return _Column(heading, cells, codes, findings)


def _beside(first: _Column, other: _Column, file: str, rows: np.ndarray) -> Iterator[Finding]:
    """Where another column names another municipality, as when one of the two was sorted alone, or none."""
    differs = (first.codes.notna() & other.codes.notna() & (first.codes != other.codes)).fillna(False)
    for row, code, cell in zip(rows[differs], first.codes[differs], other.cells[differs], strict=True):
        message = f"another municipality than {code}, which {first.heading} says"
        yield Finding("two_municipalities", "error", message, file, int(row), other.heading, cell[:80], TODO)
    taken = dict(zip(rows, first.codes, strict=True))
    for finding in other.findings:
        if finding.severity == "error" and finding.value and isinstance(code := taken[finding.row], str):
            message = f"{finding.message}; taken is {code}, which {first.heading} says"
            yield replace(finding, severity="warning", message=message)


def read_tokens(text: str) -> dict[str, str]:
    """Code of each token in the list of invitations: columns ``token`` and ``attribute_1`` or ``gemeentecode``."""
    rows = csv.DictReader(text.splitlines())
    return {row["token"]: row.get("gemeentecode") or row.get("attribute_1") or "" for row in rows}


def one_each(codes: pd.Series, is_complete: np.ndarray, has_content: np.ndarray, when: pd.Series) -> np.ndarray:
    """Which replies to keep where a municipality gave several: the latest complete one, else the latest with an answer.

    Parameters
    ----------
    codes
        Shape (R,).
    when
        Shape (R,): when each was handed in; what is not known or equal is in the order of the file.

    Returns
    -------
    ndarray
        Shape (R,), boolean. A reply without any answer is never kept.
    """
    table = pd.DataFrame({"code": codes, "complete": is_complete, "when": when.to_numpy()})
    table["place"] = np.arange(len(table))
    candidates = table[has_content & codes.notna().to_numpy()]
    kept = candidates.sort_values(["complete", "when", "place"], na_position="first").groupby("code")["place"].last()
    return np.isin(np.arange(len(table)), kept.to_numpy())


@dataclass(frozen=True)
class _Reading:
    code: str | None
    kind: str = ""
    severity: Severity = "error"
    message: str = ""


def _read(text: str, role: str, register: Register) -> _Reading:
    if not text:
        return _Reading(None, "no_municipality", message="no municipality")
    if role == "token":
        code = register.tokens.get(text)
        return _Reading(code) if code else _Reading(None, "unknown_token", message="no invitation has this token")
    digits = DIGITS.fullmatch(text.casefold())
    return _of_code(text, digits, register) if digits else _of_name(text, register)


def _of_code(text: str, digits: re.Match[str], register: Register) -> _Reading:
    code = f"GM{int(digits[2]):04d}"
    if code in register.successors:
        date, successors = register.successors[code]
        names = [f"{new} ({register.name(new)})" for new in successors]
        into = f", into {' and '.join(names)}" if names else ""
        return _Reading(None, "municipality_ended", message=f"{code} ended on {date}{into}")
    if code not in register.by_code:
        return _Reading(None, "not_in_frame", message=f"{code} is not in the frame of the wave")
    if text.casefold() not in (code.casefold(), code[2:]):
        return _Reading(code, "code_as_number", "warning", f"taken for {code}: a code is GM and four digits")
    return _Reading(code)


def _of_name(text: str, register: Register) -> _Reading:
    names, spelt = register.by_name, plain(text)
    known = names.get(spelt) or names.get(_bare(spelt)) or names.get(_bare(plain(register.aliases.get(spelt, ""))))
    if known and len(known) == 1:
        return _Reading(next(iter(known)))
    if known:
        among = " or ".join(f"{code} ({register.name(code)})" for code in sorted(known))
        return _Reading(None, "ambiguous_municipality", message=f"more than one municipality has this name: {among}")
    near = get_close_matches(_bare(spelt), names, n=1, cutoff=0.8)
    hint = f"; did you mean {register.name(next(iter(names[near[0]])))}?" if near else ""
    return _Reading(None, "unknown_municipality", message=f"no municipality of the frame has this name{hint}")


def _bare(spelt: str) -> str:
    return SUFFIX.sub("", spelt).strip()
