"""No answer is misread in silence: a sheet that was damaged reads as a careful reader has it, or it is told.

``tests/intake_oracle.py`` says what that reader makes of it. ``make fuzz`` tries thousands.
"""

import dataclasses
import os
import re
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import MINI
from tests.intake_damage import damaged
from tests.intake_oracle import Verdict, read_sheet
from tests.intake_survey import CONCEPTS, forms, invent, questionnaire
from wijkpeiling.answers import parse_missing_reasons
from wijkpeiling.errors import IntakeError
from wijkpeiling.intake import assembly
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers import coded, workbook
from wijkpeiling.intake.readers.apart import codes_of
from wijkpeiling.intake.recognise import read_export, receive
from wijkpeiling.project import Project
from wijkpeiling.published import read_published
from wijkpeiling.sources.intake import read_frame

WAVE = 2027
EXAMPLES = int(os.environ.get("EXAMPLES", "25"))
KEEP_NULL = ("limesurvey-codes-codes-comma", "limesurvey-json")
# a failing example is told as it was found
SETTINGS = settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    derandomize="EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Intake(NamedTuple):
    """Answers by municipality, None where they were refused; and what was told."""

    answers: dict[str, dict[str, Any]] | None
    findings: tuple[Finding, ...]
    refusal: str = ""

    def tells_of(self, row: int | None) -> bool:
        """Whether a row is named, or the whole sheet where ``row`` is None."""
        rows = {finding.row for finding in self.findings if finding.severity != "note"}
        if row is None:
            return self.answers is None or bool(rows)
        return row in rows or re.search(rf"\brow {row}\b", self.refusal) is not None


@pytest.fixture(scope="module")
def intake(tmp_path_factory):
    """Take in a file of a form: ``intake(form, content)``."""
    folder = tmp_path_factory.mktemp("misread")
    published = read_published(Project(MINI))
    published = dataclasses.replace(published, questionnaires=published.questionnaires | {WAVE: questionnaire()})
    frame = read_frame(published, WAVE)

    def take_in(form, content) -> Intake:
        path = folder / form.file
        path.write_bytes(content)
        try:
            export = read_export(receive(path))
            found = assembly.assemble(published, WAVE, folder / "responses", export)
        except IntakeError as refused:
            return Intake(None, (), str(refused))
        errors = [finding for finding in found.findings if finding.severity == "error"]
        return Intake(None if errors else _answers(found.responses), found.findings)

    take_in.names = dict(zip(frame["gemeentecode"], frame["name"], strict=True))
    take_in.folder = folder
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assembly, "read_frame", lambda *_: frame)
        # the file itself is whole: a process of its own would take most of the time
        patched.setattr(coded, "_read_apart", lambda format, content, file: codes_of(format, content))
        patched.setattr(workbook, "_try_apart", lambda content, file: None)
        yield take_in


def _answers(responses) -> dict[str, dict[str, Any]]:
    reasons = parse_missing_reasons(responses["missing_reason"], list(CONCEPTS))
    return {
        code: {
            concept: reasons[concept][row] if responses[concept].isna()[row] else bool(responses[concept][row])
            for concept in CONCEPTS
        }
        for row, code in enumerate(responses["gemeentecode"])
    }


def silence(verdict: Verdict, came: Intake) -> str:
    """What went in silence; "" where nothing did."""
    if verdict.told:
        is_told = any if came.answers is None else all
        # a heading that is wrong explains what is wrong below it
        by_heading = came.answers is None and came.tells_of(1)
        if not by_heading and not is_told(came.tells_of(row) for row in verdict.told):
            return f"nothing told of {verdict.told}"
        return "" if came.answers is None else _difference(verdict.answers, came.answers, verdict)
    if came.answers is None:
        return "" if verdict.may_ask else "refused, though nothing is wrong"
    return _difference(verdict.answers, came.answers, verdict)


def _difference(expected, found, verdict) -> str:
    differs = {
        f"{code}: {concept}": (expected.get(code, {}).get(concept), found.get(code, {}).get(concept))
        for code in expected | found
        for concept in CONCEPTS
        if expected.get(code, {}).get(concept) != found.get(code, {}).get(concept)
    }
    return f"expected and found: {differs}" if differs else ""


@pytest.mark.parametrize("name", sorted(forms()))
@SETTINGS
@given(random=st.randoms(use_true_random=False), told=st.sampled_from(["code", "name", "both"]))
def test_a_damaged_sheet_reads_as_a_careful_reader_has_it_or_is_told(name, random, told, intake):
    form = forms()[name]
    survey = invent(random, intake.names, told, all_complete=not form.has_ends)
    damage = damaged(random, form.sheet(survey), form)
    try:
        content = form.content(damage.sheet, intake.folder)
    except (UnicodeEncodeError, ValueError) as impossible:
        # no such file can be written
        assert "encode" in str(impossible) or "write" in str(impossible), impossible
        return
    came = intake(form, damage.content(content) if damage.content else content)
    verdict = read_sheet(damage.sheet, intake.names, keeps_null=name in KEEP_NULL)
    assert not _silent(damage, verdict, came), (
        damage.what,
        damage.row,
        _silent(damage, verdict, came),
        came.refusal or came.findings,
    )


def _silent(damage, verdict: Verdict, came: Intake) -> str:
    if damage.outcome in (None, "same"):
        return silence(verdict, came)
    is_told = came.tells_of(damage.row)
    if damage.outcome == "told":
        return "" if is_told else "nothing told"
    if came.answers is None:
        return ""
    if damage.outcome == "part":
        return "" if came.answers.items() <= verdict.answers.items() else "other answers"
    return "" if is_told else _difference(verdict.answers, came.answers, verdict)
