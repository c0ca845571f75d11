"""What a cell says: which of the options that a question offers were chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wijkpeiling.instrument.questionnaire import NO, YES, Asked
from wijkpeiling.intake.columns import Columns, Place
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.spelling import plain
from wijkpeiling.parameters import LANGUAGES

TICKED = {"y", "1", "ja", "yes", "x", "true", "waar", "checked", "selected"}
NOT_TICKED = {"", "n", "0", "nee", "no", "false", "onwaar", "unchecked", "not selected", "niet geselecteerd"}
# how a tool writes that there is nothing to write
NOT_THERE = {"n/a", "n.v.t."}
YES_AND_NO = {"y": YES, "ja": YES, "yes": YES, "true": YES, "n": NO, "nee": NO, "no": NO, "false": NO}
JOINED_BY = re.compile(r"\s*[;|,]\s*")


@dataclass(frozen=True)
class Choices:
    """The options of one question that each respondent chose.

    Attributes
    ----------
    codes
        Of the O options, in the order of the questionnaire; empty for a question in the respondent's own words.
    chosen
        Shape (R, O), boolean.
    has_content
        Shape (R,): something was filled in.
    is_null
        Shape (R,): the format says that there is no cell at all; all False where it cannot say so.
    is_unknown
        Shape (R,): what stands there is no answer to the question.
    findings
        Cells that are no answer to the question.
    """

    codes: tuple[str, ...]
    chosen: np.ndarray
    has_content: np.ndarray
    is_null: np.ndarray
    is_unknown: np.ndarray
    findings: tuple[Finding, ...] = ()

    def of(self, codes: set[str] | frozenset[str]) -> np.ndarray:
        """Whether one of these options was chosen, shape (R,)."""
        return np.any(self.chosen[:, [code in codes for code in self.codes]], axis=1)


class Reader:
    """Reads the cells of an export as choices.

    Parameters
    ----------
    export, columns
        The cells, and what their columns hold.
    """

    def __init__(self, export: Export, columns: Columns) -> None:
        self.export, self.columns = export, columns

    def choices(self, asked: Asked) -> Choices:
        """What each respondent chose of the options of a question; a question without a column has no content."""
        options = self.columns.options(asked.name)
        whole = self.columns.places.get(Place(asked.name))
        if options and whole is not None:
            return self._of_both(asked, options, whole)
        if options:
            return self._of_ticks(asked, options)
        if whole is None:
            nothing = np.zeros(len(self.export.rows), bool)
            return Choices((), np.zeros((len(nothing), 0), bool), nothing, nothing, nothing)
        if asked.question.type == "text":
            cells = self.export.cells[whole]
            filled = cells.fillna("").str.strip().ne("").to_numpy(bool)
            return Choices((), np.zeros((len(filled), 0), bool), filled, self._null(cells), np.zeros(len(filled), bool))
        return self._of_words(asked, whole)

    def _null(self, cells: pd.Series) -> np.ndarray:
        return cells.isna().to_numpy(bool) if self.export.keeps_null else np.zeros(len(cells), bool)

    def _of_ticks(self, asked: Asked, options: Mapping[str, str]) -> Choices:
        codes = tuple(asked.question.options)
        chosen = np.zeros((len(self.export.rows), len(codes)), bool)
        is_unknown = np.zeros(len(self.export.rows), bool)
        nulls, findings = [], []
        for code, heading in options.items():
            cells = self.export.cells[heading]
            spelt = {plain(code), *(plain(asked.question.options[code].label[language]) for language in LANGUAGES)}
            values = pd.Index(cells.fillna("").unique())
            words = {value: self._word(heading, value) for value in values}
            ticked = [value for value, word in words.items() if word in TICKED or word in spelt]
            strange = [value for value, word in words.items() if word not in TICKED | NOT_TICKED | NOT_THERE | spelt]
            chosen[:, codes.index(code)] = cells.isin(ticked).to_numpy(bool)
            nulls.append(
                self._null(cells) | cells.isin([v for v, word in words.items() if word in NOT_THERE]).to_numpy(bool)
            )
            is_unknown |= cells.isin(strange).to_numpy(bool)
            findings += self._strange(heading, strange, "ticked (Y, 1, the label) or not (empty, N, 0)")
        is_null = np.logical_and.reduce(nulls, axis=0, dtype=bool)
        return Choices(codes, chosen, np.any(chosen, axis=1), np.asarray(is_null), is_unknown, tuple(findings))

    def _of_both(self, asked: Asked, options: Mapping[str, str], whole: str) -> Choices:
        """A cell for all options beside one for each, as KoBoToolbox writes them: they are to say the same."""
        words = self._of_words(asked, whole)
        if set(options) < set(words.codes):
            return words
        ticks = self._of_ticks(asked, options)
        differs = np.any(ticks.chosen != words.chosen, axis=1) & bool(words.has_content.any())
        cells = self.export.cells[whole].fillna("")
        findings = [
            Finding(
                "options_disagree",
                "error",
                "names other options than are ticked beside it",
                self.export.file,
                row=int(row),
                column=whole,
                value=cell[:80],
                todo="correct one of the two in corrections.yml",
            )
            for row, cell in zip(self.export.rows[differs], cells[differs], strict=True)
        ]
        return replace(
            ticks,
            is_unknown=ticks.is_unknown | words.is_unknown | differs,
            findings=(*ticks.findings, *words.findings, *findings),
        )

    def _of_words(self, asked: Asked, heading: str) -> Choices:
        """One cell for the whole question: a code or label, or several of them joined."""
        question = asked.question
        codes = tuple(question.offered)
        spelt = {plain(label): code for code, label in self._labels(asked)}
        if question.type == "yes_no":
            spelt = YES_AND_NO | spelt
        spelt |= {plain(code): code for code in codes}
        cells = self.export.cells[heading]
        values = pd.Index(cells.fillna("").unique())
        read = {value: self._read(heading, value, spelt, is_multiple=question.type == "multiple") for value in values}
        table = np.array([[code in (found or ()) for code in codes] for found in read.values()], bool)
        at = values.get_indexer(cells.fillna(""))
        strange = [value for value, found in read.items() if found is None]
        absent = [value for value in values if self._word(heading, value) in NOT_THERE]
        chosen = table.reshape(len(values), len(codes))[at]
        return Choices(
            codes,
            chosen,
            chosen.any(axis=1),
            self._null(cells) | cells.isin(absent).to_numpy(bool),
            cells.isin(strange).to_numpy(bool),
            tuple(self._strange(heading, strange, "one of " + ", ".join(codes) + ", or a label")),
        )

    def _labels(self, asked: Asked) -> list[tuple[str, str]]:
        return [
            (code, option.label[language]) for code, option in asked.question.offered.items() for language in LANGUAGES
        ]

    def _word(self, heading: str, value: str) -> str:
        """A value as it is to be compared: by its label where the file has one, without what the file calls missing."""
        if value in self.export.user_missing.get(heading, {}):
            return ""
        return plain(self.export.labels.get(heading, {}).get(value, value))

    def _read(self, heading: str, value: str, spelt: Mapping[str, str], *, is_multiple: bool) -> set[str] | None:
        """Codes of the options that a cell names; None for what is none of them."""
        word = self._word(heading, value)
        if word in NOT_THERE or not word:
            return set()
        if word in spelt:
            return {spelt[word]}
        if not is_multiple:
            return None
        return _joined(word, spelt)

    def _strange(self, heading: str, values: list[str], expected: str) -> list[Finding]:
        cells = self.export.cells[heading]
        return [
            Finding(
                "unknown_answer",
                "error",
                f"not an answer to this question; expected {expected}",
                self.export.file,
                row=int(row),
                column=heading,
                value=value[:80],
                todo="correct it in corrections.yml, or add the option to questionnaire.yml",
            )
            for value in values
            for row in self.export.rows[cells.eq(value).fillna(False).to_numpy(bool)]
        ]


def _joined(word: str, spelt: Mapping[str, str]) -> set[str] | None:
    """Options named one after the other, by whatever joins them: the longest name that fits comes first.

    A label may hold the comma or the space that joins; so names are taken from the front, not split apart.
    """
    names = sorted(spelt, key=len, reverse=True)
    found, rest = set(), word
    while rest:
        name = next((name for name in names if rest == name or re.match(re.escape(name) + r"[\s;,|]", rest)), None)
        if name is None:
            return None
        found.add(spelt[name])
        rest = rest[len(name) :].lstrip(" ;,|")
    return found
