"""The answers of municipalities, wave by wave, whatever they came from: an intake or an invention."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import IntakeError, PopulationError
from wijkpeiling.population import check_no_circle

# how the codes of a source begin: no real municipality ever carries an invented answer, or the other way round
CODE_PREFIXES = {"microdata": "GM", "synthetic": "SY"}
NOT_SHOWN, NOT_ANSWERED, BROKEN_OFF = "not_shown", "not_answered", "broken_off"
# whoever was to answer and did not: passed over, or stopped before it
LEFT_OPEN = (NOT_ANSWERED, BROKEN_OFF)
# what a message calls answers that were put together from files, or invented
RESPONSES = "table responses"


class Pairs(NamedTuple):
    """Row positions in a table of the first and of the second wave: the k-th of both is one municipality."""

    first: np.ndarray
    second: np.ndarray


@dataclass(frozen=True)
class Answers:
    """Everything that estimation from answers needs.

    Attributes
    ----------
    responses
        Contract ``responses``: a row for each municipality that answered a wave.
    frames
        Contract ``frames``: a row for each municipality of each wave, respondent or not.
    mergers
        Contract ``answer_mergers``: what happened to the municipalities between the waves.
    source
        ``microdata`` or ``synthetic``.
    assumed
        Wave and concept of each national level that was assumed because none was found.
    frame_dates
        The day that the map of a wave is of; 1 January of its year for a wave that is not in it.
    routing
        By wave and concept, the concept whose yes-sayers were asked; a concept that is not in it was asked of all.

    Raises
    ------
    IntakeError
        When the answers break their contract, or do not fit the municipalities of their wave.
    PopulationError
        When the municipalities break their contract, or the mergers run in a circle.
    """

    responses: pd.DataFrame
    frames: pd.DataFrame
    mergers: pd.DataFrame
    source: str
    assumed: Collection[tuple[int, str]] = frozenset()
    frame_dates: Mapping[int, datetime.date] = field(default_factory=dict)
    routing: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        contract = contracts.responses(contracts.concepts_of(self.responses))
        checked = {
            "responses": contracts.check(self.responses, contract, IntakeError),
            "frames": contracts.check(self.frames, contracts.FRAMES, PopulationError),
            "mergers": contracts.check(self.mergers, contracts.ANSWER_MERGERS, PopulationError),
        }
        for name, table in checked.items():
            object.__setattr__(self, name, table)
        _check_source(self)
        check_missing_reasons(self.responses)
        check_respondents(self.responses, self.frames)
        check_no_circle(self.mergers, "table mergers")

    @property
    def concepts(self) -> list[str]:
        """Slugs of the concepts that have a column, asked in every wave or not."""
        return contracts.concepts_of(self.responses)

    @property
    def waves(self) -> list[int]:
        """Years that have answers, in order."""
        return sorted(int(year) for year in self.responses["wave"].unique())

    def wave(self, year: int) -> pd.DataFrame:
        """The responses of one wave, numbered from 0.

        Raises
        ------
        IntakeError
            When nobody answered that wave; the message lists the waves there are.
        """
        return self._rows(self.responses, year)

    def frame(self, year: int) -> pd.DataFrame:
        """The municipalities of one wave, respondents or not, numbered from 0."""
        return self._rows(self.frames, year)

    def missing_reasons(self, year: int) -> pd.DataFrame:
        """Why an answer is missing: rows as ``wave(year)``, a column per concept, NA where there is an answer."""
        return parse_missing_reasons(self.wave(year)["missing_reason"], self.concepts)

    def population_sizes(self, year: int) -> pd.Series:
        """Municipalities in each size class of a wave, from small to large."""
        return self.frame(year)["size_class"].value_counts(sort=False).rename("N")

    def panel(self, first: int, second: int) -> Pairs:
        """Municipalities that answered both waves and are the same in both.

        Parameters
        ----------
        first, second
            Years of two waves, the earlier one first.

        Returns
        -------
        Pairs
            Row positions in ``wave(first)`` and in ``wave(second)``.

        Notes
        -----
        The same is more than the same code: a municipality that took in another, or part of one, keeps its code and
        has other inhabitants. It is also less: a municipality that was only renamed has another code.
        """
        return self._pairs(self.wave(first), self.wave(second), self._same_municipalities(first, second))

    def common(self, first: int, second: int) -> Pairs:
        """Row positions in ``frame(first)`` and ``frame(second)`` of the municipalities that are the same in both."""
        return self._pairs(self.frame(first), self.frame(second), self._same_municipalities(first, second))

    def n_common(self, first: int, second: int) -> int:
        """Municipalities, respondents or not, that are the same in both waves."""
        return len(self._same_municipalities(first, second))

    def _rows(self, table: pd.DataFrame, year: int) -> pd.DataFrame:
        if year not in self.waves:
            raise IntakeError(
                f"there are no answers of {year}",
                expected="one of " + ", ".join(map(str, self.waves)),
                todo="choose one of these, or take the answers in first",
            )
        return table[table["wave"] == year].reset_index(drop=True)

    def _same_municipalities(self, first: int, second: int) -> dict[str, str]:
        """Code in the later wave of each municipality that is still the same, by its code in the earlier one."""
        if first >= second:
            raise IntakeError(f"wave {first} is not before wave {second}", todo="name the earlier wave first")
        now = {code: code for code in self.frame(first)["gemeentecode"]}
        for change in self._changes(first, second):
            if change.kind == "rename":
                now = {code: change.to_code if at == change.from_code else at for code, at in now.items()}
            else:
                ended = {change.from_code, change.to_code}
                now = {code: at for code, at in now.items() if at not in ended}
        later = set(self.frame(second)["gemeentecode"])
        return {code: at for code, at in now.items() if at in later}

    def _changes(self, first: int, second: int) -> Iterator:
        """What happened after the day of the first map, up to and on the day of the second, in order of time."""
        dates = self.mergers["date"]
        is_between = (dates > self._frame_date(first)) & (dates <= self._frame_date(second))
        return self.mergers[is_between].sort_values("date", kind="stable").itertuples()

    def _frame_date(self, year: int) -> str:
        return self.frame_dates.get(year, datetime.date(year, 1, 1)).isoformat()

    @staticmethod
    def _pairs(earlier: pd.DataFrame, later: pd.DataFrame, same: dict[str, str]) -> Pairs:
        expected_code = earlier["gemeentecode"].map(same)
        positions = pd.Index(later["gemeentecode"]).get_indexer(expected_code)
        return Pairs(np.flatnonzero(positions >= 0), positions[positions >= 0])


def spell_missing_reasons(reasons: pd.DataFrame) -> pd.Series:
    """The column ``missing_reason`` from a table with a column per concept; NA where nothing is missing."""
    spelled = [
        "; ".join(f"{concept}={reason}" for concept, reason in row.items() if pd.notna(reason))
        for row in reasons.to_dict("records")
    ]
    return pd.Series(spelled, index=reasons.index, dtype="string").replace("", pd.NA)


def parse_missing_reasons(
    missing_reason: pd.Series, concepts: list[str], where: Path | str = RESPONSES
) -> pd.DataFrame:
    """A table with a column per concept from the column ``missing_reason``: the reverse of ``spell_missing_reasons``.

    Raises
    ------
    IntakeError
        For a part that is not ``concept=reason``, a concept or reason that is not known, or one that appears twice.
    """
    rows = [_parse_row(text, _place(where, row), concepts) for row, text in enumerate(missing_reason)]
    return pd.DataFrame(rows, index=missing_reason.index, columns=concepts, dtype="string")


def check_missing_reasons(responses: pd.DataFrame, where: Path | str = RESPONSES) -> None:
    """Hold ``missing_reason`` against the answers: every NA has a reason, and nothing else has.

    Raises
    ------
    IntakeError
        Naming the first row and concept where they do not agree.
    """
    concepts = contracts.concepts_of(responses)
    has_reason = parse_missing_reasons(responses["missing_reason"], concepts, where).notna().to_numpy()
    is_missing = responses[concepts].isna().to_numpy()
    differs = np.argwhere(has_reason != is_missing)
    if len(differs):
        row, column = differs[0]
        without = is_missing[row, column]
        raise IntakeError(
            f"{concepts[column]} has "
            + ("no answer and no reason for that" if without else "an answer and a reason for not having one"),
            where=_place(where, row),
            expected=f"a reason ({', '.join(contracts.MISSING_REASONS)}) for each missing answer, and for no other",
            todo="add the reason" if without else "remove the reason or the answer",
        )


def _parse_row(text: object, where: str, concepts: list[str]) -> dict[str, str]:
    if pd.isna(text):
        return {}
    reasons: dict[str, str] = {}
    for part in str(text).split("; "):
        concept, _, reason = part.partition("=")
        if concept not in concepts or reason not in contracts.MISSING_REASONS or concept in reasons:
            raise IntakeError(
                f"{part!r} is not allowed" + (": the concept appears twice" if concept in reasons else ""),
                where=where,
                expected=f"concept=reason, joined with '; ', the reason one of {', '.join(contracts.MISSING_REASONS)}",
                todo="correct the cell",
            )
        reasons[concept] = reason
    return reasons


def _place(where: Path | str, row: int, column: str = "missing_reason") -> str:
    return f"{where}, row {row + 2}, column {column}"


def check_codes(codes: pd.Series, source: str, where: Path | str) -> None:
    """Refuse an invented municipality among real answers, or the other way round.

    Parameters
    ----------
    codes
        Of municipalities, named after their column; rows numbered from 0.
    source
        ``microdata`` or ``synthetic``.

    Raises
    ------
    IntakeError
        Naming the first code of another source, and its row.
    """
    is_strange = codes.notna() & ~codes.str.startswith(CODE_PREFIXES[source]).fillna(False)
    strange = np.flatnonzero(is_strange.to_numpy(bool))
    if len(strange):
        raise IntakeError(
            f"{codes.iloc[strange[0]]} stands among {source} answers",
            where=_place(where, strange[0], str(codes.name)),
            expected=f"codes that begin with {CODE_PREFIXES[source]}",
            todo="keep real and invented municipalities apart",
        )


def _check_source(answers: Answers) -> None:
    if answers.source not in CODE_PREFIXES:
        raise IntakeError(f"{answers.source!r} is no source of answers", expected="one of " + ", ".join(CODE_PREFIXES))
    columns = {RESPONSES: ["gemeentecode"], "table frames": ["gemeentecode"], "table mergers": ["from_code", "to_code"]}
    tables = (answers.responses, answers.frames, answers.mergers)
    for (where, names), table in zip(columns.items(), tables, strict=True):
        for name in names:
            check_codes(table[name], answers.source, where)


def check_respondents(responses: pd.DataFrame, frames: pd.DataFrame, where: Path | str = RESPONSES) -> None:
    """Hold respondents against the municipalities of their wave.

    Parameters
    ----------
    responses, frames
        Contracts of those names.
    where
        What the responses are called in a message.

    Raises
    ------
    IntakeError
        When a respondent is not in the frame of its wave, or has another size class or provincie there.
    PopulationError
        When a wave has more respondents than municipalities.
    """
    _check_numbers(responses, frames, where)
    key, known = ["wave", "gemeentecode"], ["size_class", "provincie"]
    placed = responses[key + known].merge(frames, on=key, how="left", suffixes=("", "_of_frame"))
    strangers = placed[placed["name"].isna()]
    if len(strangers):
        raise IntakeError(
            "not among the municipalities of its wave: " + _list_codes(strangers),
            where=_place(where, strangers.index[0], "gemeentecode"),
            expected="a code that the frame of the wave has",
            todo="correct the code or the wave, or complete the frame",
        )
    for name in known:
        moved = placed[placed[name] != placed[f"{name}_of_frame"]]
        if len(moved):
            first = moved.iloc[0]
            raise IntakeError(
                f"another {name} than in the frame: {_list_codes(moved)}",
                where=_place(where, moved.index[0], name),
                expected=f"{first[f'{name}_of_frame']} for {first['gemeentecode']}",
                todo=f"take {name} from the frame",
            )


def _check_numbers(responses: pd.DataFrame, frames: pd.DataFrame, where: Path | str) -> None:
    """More respondents than municipalities is half a frame: say that before naming whoever is not in it."""
    N = frames["wave"].value_counts()
    for wave, n in responses["wave"].value_counts(sort=False).items():
        if n > N.get(wave, 0):
            raise PopulationError(
                f"{n} respondents of {N.get(wave, 0)} municipalities in {wave}",
                where=where,
                expected="every municipality of the wave, whether it answered or not",
                todo="complete the frame of the wave",
            )


def _list_codes(rows: pd.DataFrame) -> str:
    codes = [f"{row.gemeentecode} ({row.wave})" for row in rows.head(3).itertuples()]
    return ", ".join(codes) + (f" and {len(rows) - 3} more" if len(rows) > 3 else "")
