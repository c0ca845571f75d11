"""What the respondents said of each concept, and why they said nothing where they did not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wijkpeiling.instrument.questionnaire import Asked, Questionnaire
from wijkpeiling.intake.choices import Choices, Reader
from wijkpeiling.intake.columns import Columns
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding, Severity

NOT_ASKED, NOT_SHOWN, NOT_ANSWERED, BROKEN_OFF = "not_asked", "not_shown", "not_answered", "broken_off"
TODO = "look at the reply, and correct it in corrections.yml"
UNFINISHED = {"", "0", "false", "no", "nee", "onwaar"}
FINISHED = {"1", "true", "yes", "ja", "waar"}
# kind: severity and what is told
CONTRADICTIONS: dict[str, tuple[Severity, str]] = {
    "answered_not_shown": ("error", "answered, where the routing of questionnaire.yml does not show it"),
    "exclusive_and_other": ("error", "an option that excludes the others is ticked beside another"),
    "several_answers": ("error", "more than one answer where one was to be given"),
    "null_though_shown": (
        "warning",
        "not shown, says the file, where the routing shows it: taken as not answered",
    ),
    "shown_against_routing": (
        "warning",
        "shown, says the file, where the routing does not show it: taken as not shown; look whether the survey's own "
        "condition holds",
    ),
}


@dataclass(frozen=True)
class Replies:
    """The answers of R respondents on C concepts.

    Attributes
    ----------
    answers
        Shape (R, C), boolean; NA is no answer.
    reasons
        Shape (R, C): why an answer is missing, of ``contracts.MISSING_REASONS``; NA where there is one.
    is_complete
        Shape (R,): handed in, not broken off.
    has_content
        Shape (R,): at least one question was answered.
    findings
        What contradicts the questionnaire or had to be assumed.
    """

    answers: pd.DataFrame
    reasons: pd.DataFrame
    is_complete: np.ndarray
    has_content: np.ndarray
    findings: tuple[Finding, ...]


def read_replies(export: Export, columns: Columns, questionnaire: Questionnaire) -> Replies:
    """Read the answer to every question, and tell apart why one is missing.

    Notes
    -----
    An answer that is missing was, in this order: not asked (the export has no column, and ``columns.yml`` says so), not
    shown (what routes to it was not answered with yes), broken off (the reply was not handed in, and nothing was filled
    in from here on), or not answered. Where the format keeps the difference between empty and not there, it is held
    against the routing, and a difference is a finding. Where an exclusive option was ticked, the others are no,
    whatever the format says of them: survey tools switch them off.
    """
    reader = Reader(export, columns)
    asked = questionnaire.asked()
    choices = {question.name: reader.choices(question) for question in asked}
    is_complete = _complete(export, columns)
    filled = np.column_stack([choices[question.name].has_content for question in asked])
    # the last question that was reached; -1 of an empty reply
    has_content = np.asarray(filled.any(axis=1))
    last = np.where(has_content, filled.shape[1] - 1 - filled[:, ::-1].argmax(axis=1), -1)
    last = np.maximum(last, _last_sent(export, columns, is_complete, len(asked)))
    answers: dict[str, pd.Series] = {}
    reasons: dict[str, pd.Series] = {}
    # an answer that cannot be read says nothing of what it routes to either
    in_doubt: dict[str, np.ndarray] = {}
    findings = [finding for chosen in choices.values() for finding in chosen.findings]
    findings += [*_unclear(export, columns), *_odd_pages(export, columns, is_complete, len(asked))]
    for place, question in enumerate(asked):
        chosen = choices[question.name]
        routing = question.question.routing
        shown = answers[routing].fillna(False).to_numpy(bool) if routing in answers else np.ones(len(last), bool)
        doubt = in_doubt.get(routing or "", np.zeros(len(last), bool))
        broken = ~is_complete & (last < place)
        is_answered = chosen.has_content | _says_none(question, chosen, shown & is_complete)
        why = np.select(
            [np.full(len(last), question.name in columns.absent), ~shown, is_answered, broken],
            [NOT_ASKED, NOT_SHOWN, "", BROKEN_OFF],
            NOT_ANSWERED,
        )
        findings += _contradictions(export, question, chosen, shown, is_complete, ~doubt)
        for concept in question.concepts:
            in_doubt[concept] = doubt | chosen.is_unknown
            answers[concept], reasons[concept] = _concept(questionnaire, concept, question, chosen, why)
    return Replies(
        pd.DataFrame(answers, columns=list(questionnaire.items)),
        pd.DataFrame(reasons, columns=list(questionnaire.items)),
        is_complete,
        has_content,
        tuple(findings),
    )


def _complete(export: Export, columns: Columns) -> np.ndarray:
    """Whether each reply was handed in: as its date says, or a mark; a format that has neither holds nothing else."""
    for role in ("finished", "submitted"):
        if role in columns.roles:
            cells = export.cells[columns.roles[role]].fillna("").str.strip().str.casefold()
            return ~cells.isin(UNFINISHED).to_numpy(bool)
    return np.ones(len(export.rows), bool)


def _unclear(export: Export, columns: Columns) -> Iterator[Finding]:
    """Cells that are to say whether a reply was handed in, and do not."""
    heading = columns.roles.get("finished")
    if heading is None:
        return
    cells = export.cells[heading].fillna("")
    is_unclear = ~cells.str.strip().str.casefold().isin(FINISHED | UNFINISHED).to_numpy(bool)
    message = "does not say whether the reply was handed in; expected 1 or 0, True or False"
    for row, cell in zip(export.rows[is_unclear], cells[is_unclear], strict=True):
        yield Finding("unclear_end", "error", message, export.file, int(row), heading, cell[:80], TODO)


def _last_sent(export: Export, columns: Columns, is_complete: np.ndarray, n_questions: int) -> np.ndarray:
    """Place of the last question that was sent, where the file tells the last page; -1 where it does not.

    The form puts the municipality on the first page and each question on one of its own. A survey that was divided
    otherwise has another last page for whoever came to the end, and then pages say nothing of questions.
    """
    nothing = np.full(len(export.rows), -1)
    if "lastpage" not in columns.roles:
        return nothing
    pages = _pages(export, columns.roles["lastpage"])
    return pages - 2 if set(pages[is_complete].tolist()) == {n_questions + 1} else nothing


def _pages(export: Export, heading: str) -> np.ndarray:
    """The last page of each reply; 0 where none can be read."""
    numbers = pd.to_numeric(export.cells[heading], errors="coerce").fillna(0)
    return numbers.where(numbers % 1 == 0, 0).clip(0, 10_000).to_numpy(int)


def _odd_pages(export: Export, columns: Columns, is_complete: np.ndarray, n_questions: int) -> Iterator[Finding]:
    """Last pages that are none, and the first by which all of them say nothing, though most replies end on one page."""
    heading = columns.roles.get("lastpage")
    if heading is None:
        return
    cells, pages = export.cells[heading].fillna(""), _pages(export, heading)
    is_none = cells.str.strip().ne("").to_numpy(bool) & (pages == 0) & cells.str.strip().ne("0").to_numpy(bool)
    is_odd = is_complete & (pages != n_questions + 1) & ~is_none
    has_most = 2 * np.sum(is_complete & (pages == n_questions + 1)) > is_complete.sum()
    odd = {int(at): "no page" for at in np.flatnonzero(is_none)}
    odd |= {int(at): "not the page on which others were handed in" for at in np.flatnonzero(is_odd)[:1] if has_most}
    for at, what in odd.items():
        message = f"{what}: where a reply was broken off is taken from its answers"
        row, page = int(export.rows[at]), str(cells.iloc[at])[:80]
        yield Finding("odd_page", "warning", message, export.file, row, heading, page, TODO)


def _says_none(asked: Asked, chosen: Choices, shown: np.ndarray) -> np.ndarray:
    """Nothing ticked says no to all, where the question offers no other way to say so."""
    if asked.question.type != "multiple" or asked.question.has_none:
        return np.zeros(len(shown), bool)
    return shown & ~chosen.has_content & ~chosen.is_null


def _concept(
    questionnaire: Questionnaire, concept: str, asked: Asked, chosen: Choices, why: np.ndarray
) -> tuple[pd.Series, pd.Series]:
    """What was said of a concept, and the reason where nothing was."""
    yes = chosen.of(questionnaire.says_yes(concept))
    neither = {code for code, option in asked.question.offered.items() if option.is_missing}
    why = np.where((why == "") & chosen.of(neither) & ~yes, NOT_ANSWERED, why)
    is_answered = why == ""
    answers = pd.Series(pd.array(yes, dtype="boolean"))
    return answers.mask(~is_answered), pd.Series(why, dtype="string").mask(is_answered)


def _contradictions(
    export: Export,
    asked: Asked,
    chosen: Choices,
    shown: np.ndarray,
    is_complete: np.ndarray,
    is_sure: np.ndarray,
) -> Iterator[Finding]:
    options = asked.question.offered.items()
    exclusive = {code for code, option in options if option.is_exclusive}
    both = chosen.of(exclusive) & chosen.of(set(chosen.codes) - exclusive)
    several = (chosen.chosen.sum(axis=1) > 1) & (asked.question.type != "multiple")
    is_open = ~chosen.has_content & bool(export.keeps_null)
    for kind, rows in {
        "answered_not_shown": chosen.has_content & ~shown,
        "exclusive_and_other": both,
        "several_answers": several,
        "null_though_shown": is_open & chosen.is_null & shown & is_complete,
        "shown_against_routing": is_open & ~chosen.is_null & ~shown,
    }.items():
        severity, message = CONTRADICTIONS[kind]
        for row in export.rows[rows & is_sure]:
            yield Finding(kind, severity, message, export.file, int(row), asked.name, todo=TODO)
