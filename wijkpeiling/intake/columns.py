"""The columns of an export, each with the question or the role that it has."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from wijkpeiling.errors import IntakeError
from wijkpeiling.instrument.questionnaire import Asked, Questionnaire
from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.intake.readers.tools import TOOLS
from wijkpeiling.intake.spelling import plain
from wijkpeiling.language import say
from wijkpeiling.parameters import LANGUAGES
from wijkpeiling.records import Record, read_yaml

FILE = "columns.yml"
IGNORED = "ignore"
# what a column that a survey tool adds says of the reply; the others are of no use here
ROLE_OF: dict[str, str] = {
    **dict.fromkeys(("id", "ResponseId", "_id", "ID"), "response"),
    **dict.fromkeys(("submitdate", "EndDate", "_submission_time", "Completion time"), "submitted"),
    "Finished": "finished",
    "lastpage": "lastpage",
    "token": "token",
}
# headings of the questionnaire itself, and of a list that somebody made by hand
OTHER_ROLES = {"gemeente": "municipality", "gemeentecode": "code", "peiling": "wave", "jaar": "wave", "wave": "wave"}
ROLES = frozenset({*ROLE_OF.values(), *OTHER_ROLES.values()})
ADDED = {
    plain(spelling): column for tool in TOOLS for column, more in tool.columns.items() for spelling in (column, *more)
}
# columns that tools add by a pattern: timings, and what KoBo and Qualtrics know of a respondent
BESIDE = re.compile(
    r"(groeps|vraag|group|question) ?(tijd|time).*|grouptime\d+|\w+time|duration.*|recipient\w+|externalreference"
    r"|location\w+|distributionchannel|user ?language|_\w+_?|weight|missing_reason|size_class|provincie|language",
    re.IGNORECASE,
)
OF_OPTION = ("{}[{}]", "{}_{}", "{}/{}", "{}.{}", "{}${}")
OF_TEXTS = ("{} [{}]", "{} - {}", "{}: {}")


class Place(NamedTuple):
    """What a column holds: the answer to a question, or whether one of its options was ticked."""

    question: str
    option: str | None = None

    def __str__(self) -> str:
        return self.question if self.option is None else f"{self.question}[{self.option}]"


class ColumnMapping(Record):
    """``columns.yml``: what the user says of headings that differ from the questionnaire.

    ``columns``: by heading, a question, ``question[option]``, a role or ``ignore``. ``absent``: questions that the
    export has no column for because the survey did not put them.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Columns:
    """The headings of an export by what they hold.

    Attributes
    ----------
    roles
        Heading of each role that there is: ``response``, ``submitted``, ``finished``, ``lastpage``, ``municipality``,
        ``code``, ``token``, ``wave``.
    places
        Heading of each question, or of each of its options.
    absent
        Names of the questions that have no column.
    findings
        Headings that nothing is known by, two for one place, questions without one.
    """

    roles: Mapping[str, str]
    places: Mapping[Place, str]
    absent: frozenset[str]
    findings: tuple[Finding, ...]

    def options(self, question: str) -> dict[str, str]:
        """Heading of each option of a question that has a column of its own."""
        return {
            place.option: heading
            for place, heading in self.places.items()
            if place.question == question and place.option is not None
        }


def read_mapping(folder: Path) -> ColumnMapping:
    """``columns.yml`` in the folder of a wave's responses; an empty mapping where there is none."""
    path = folder / FILE
    return read_yaml(path, ColumnMapping, IntakeError) if path.exists() else ColumnMapping()


def find_columns(export: Export, questionnaire: Questionnaire, mapping: ColumnMapping) -> Columns:
    """Find what each column of an export holds: by the mapping, else by its heading, else by the text of its question.

    Raises
    ------
    IntakeError
        When the mapping names a heading, question or option that is not there.
    """
    asked = questionnaire.asked()
    known = _known_headings(asked)
    told = _told(mapping, export, known)
    found: dict[Place | str, list[str]] = defaultdict(list)
    findings = []
    for heading in export.cells.columns:
        recognised = _recognised(heading, export.texts.get(heading), known)
        target = told.get(heading) or next(iter(recognised), None)
        if target is not None:
            found[target].append(heading)
            findings += [] if heading in told else _contradicting(export, heading, recognised)
        elif not any(plain(name) in ADDED or BESIDE.fullmatch(plain(name)) for name in _names(heading)[:2]):
            findings.append(_unknown(export, heading, known))
    found.pop(IGNORED, None)
    findings += _doubled(export, found)
    places = {place: headings[0] for place, headings in found.items() if isinstance(place, Place)}
    findings += _missing(export, asked, places, mapping.absent)
    return Columns(
        roles={role: headings[0] for role, headings in found.items() if isinstance(role, str)},
        places=places,
        absent=frozenset({question.name for question in asked} - {place.question for place in places}),
        findings=tuple(findings),
    )


def _known_headings(asked: list[Asked]) -> dict[str, Place | str]:
    """Every spelling by which a column is known, as `plain` has it; one that two share is no spelling of either."""
    spelt: dict[str, set[Place | str]] = defaultdict(set)
    for spelling, column in ADDED.items():
        if column in ROLE_OF:
            spelt[spelling].add(ROLE_OF[column])
    for spelling, role in OTHER_ROLES.items():
        spelt[plain(spelling)].add(role)
    for language in LANGUAGES:
        spelt[plain(say(language, "field_municipality"))].add("municipality")
    for question in asked:
        for spelling, place in _spellings(question):
            spelt[plain(spelling)].add(place)
    return {spelling: places.pop() for spelling, places in spelt.items() if len(places) == 1}


def _spellings(asked: Asked) -> Iterator[tuple[str, Place]]:
    question = asked.question
    wordings = [question.wording[language] for language in LANGUAGES] if question.wording else []
    for text in (asked.name, *wordings):
        yield text, Place(asked.name)
    if question.type != "multiple":
        return
    for code, option in question.options.items():
        place = Place(asked.name, code)
        for pattern in OF_OPTION:
            yield pattern.format(asked.name, code), place
        for wording, language in zip(wordings, LANGUAGES, strict=False):
            for pattern in OF_TEXTS:
                yield pattern.format(wording, option.label[language]), place


def _told(mapping: ColumnMapping, export: Export, known: dict[str, Place | str]) -> dict[str, Place | str]:
    headings = {plain(heading): heading for heading in export.cells.columns}
    targets: dict[str, Place | str] = {str(target): target for target in (*known.values(), *ROLES, IGNORED)}
    told = {}
    for heading, target in mapping.columns.items():
        if plain(heading) not in headings or target not in targets:
            is_heading = plain(heading) not in headings
            raise IntakeError(
                f"columns.{heading}: " + ("no such heading" if is_heading else f"{target} is nothing that was asked"),
                where=FILE,
                expected="a heading of the export, and a question, question[option], role or ignore"
                + _nearest(heading if is_heading else target, [*headings] if is_heading else [*targets]),
                todo="correct the key",
            )
        told[headings[plain(heading)]] = targets[target]
    return told


def _recognised(heading: str, text: str | None, known: dict[str, Place | str]) -> list[Place | str]:
    """What a heading is known as, by all of it, by its code, and by the text of its question."""
    spellings = [*_names(heading), *([text] if text else [])]
    return [known[plain(spelling)] for spelling in spellings if plain(spelling) in known]


def _contradicting(export: Export, heading: str, recognised: list[Place | str]) -> list[Finding]:
    """A code that stands beside the text of another question or option, as when headings were typed over."""
    places = [target for target in recognised if isinstance(target, Place)]
    for other in places[1:]:
        first = places[0]
        is_part = first.question == other.question and None in (first.option, other.option)
        if first != other and not is_part:
            message = f"its code says {first}, its text {other}"
            todo = f"say in {FILE} which of the two it is"
            return [Finding("two_meanings", "error", message, export.file, row=1, column=heading, todo=todo)]
    return []


def _names(heading: str) -> tuple[str, ...]:
    """The heading, and its code and text where these stand together: ``code. text``."""
    return heading, *heading.split(". ", 1)


def _unknown(export: Export, heading: str, known: dict[str, Place | str]) -> Finding:
    return Finding(
        "unknown_column",
        "error",
        f"no question or option of the questionnaire is known by this heading{_nearest(plain(heading), [*known])}",
        export.file,
        row=1,
        column=heading,
        todo=f"name what it is in {FILE}, or say there that it is to be ignored",
    )


def _doubled(export: Export, found: dict[Place | str, list[str]]) -> list[Finding]:
    return [
        Finding(
            "doubled_column",
            "error",
            f"{' and '.join(headings)} are both {target}",
            export.file,
            row=1,
            column=headings[1],
            todo=f"say in {FILE} which of them is to be ignored",
        )
        for target, headings in found.items()
        if len(headings) > 1
    ]


def _missing(
    export: Export, asked: list[Asked], places: Mapping[Place, str], absent: tuple[str, ...]
) -> Iterator[Finding]:
    for question in asked:
        has_whole = Place(question.name) in places
        codes = list(question.question.options) if question.question.type == "multiple" else []
        lacking = [code for code in codes if Place(question.name, code) not in places]
        is_lacking = len(lacking) == len(codes) if codes else True
        if has_whole or (codes and not lacking) or question.name in absent:
            continue
        what = question.name if is_lacking else ", ".join(str(Place(question.name, code)) for code in lacking)
        yield Finding(
            "missing_column",
            "error",
            f"no column for {what}",
            export.file,
            row=1,
            todo=f"export it too, name its heading in {FILE}, or list {question.name} there under absent",
        )


def _nearest(text: str, among: list[str]) -> str:
    near = get_close_matches(text, among, n=1, cutoff=0.8)
    return f"; did you mean {near[0]!r}?" if near else ""
