"""What is put to a municipality: which one it is, then every question in its order, each with who is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from wijkpeiling import contracts
from wijkpeiling.errors import InstrumentError, PopulationError
from wijkpeiling.instrument.questionnaire import Asked, Option, Question, Questionnaire, tool_name
from wijkpeiling.language import listing, say
from wijkpeiling.parameters import LANGUAGES
from wijkpeiling.project import Project
from wijkpeiling.records import Text

MUNICIPALITY = "gemeente"
# the types of a question that can be put
PUT = ("yes_no", "single", "multiple", "text")


class Condition(NamedTuple):
    """Who is asked: whoever gave one of these answers to an earlier question.

    Attributes
    ----------
    name
        Of the earlier question, as survey tools know it.
    is_multiple
        Whether several of its options can be ticked.
    codes
        Of the options that say yes to the concept; one of them is enough.
    """

    name: str
    is_multiple: bool
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Posed:
    """A question as it is put.

    Attributes
    ----------
    key
        Of ``questionnaire.yml``, for whoever has to correct it.
    name
        In every survey tool: letters and digits, a letter first.
    type
        ``yes_no``, ``single``, ``multiple``, ``text``, or ``dropdown`` for the municipality.
    condition
        None where everybody is asked.
    """

    key: str
    name: str
    type: str
    wording: Text
    options: dict[str, Option] = field(default_factory=dict)
    condition: Condition | None = None
    is_required: bool = False

    @property
    def exclusive(self) -> list[str]:
        """Codes of the options that go with no other."""
        return [code for code, option in self.options.items() if option.is_exclusive]

    def quoted(self, codes: Sequence[str], language: str) -> str:
        """Labels of options, one of which is meant: ``‘vaak’ of ‘soms’``."""
        return listing([f"‘{self.options[code].label[language]}’" for code in codes], language, style="or")


@dataclass(frozen=True)
class Form:
    """A questionnaire as it goes to the field, in every language."""

    wave: int
    path: Path
    title: Text
    introduction: Text | None
    questions: tuple[Posed, ...]

    def number(self, name: str) -> int:
        """The place of a question, from 1."""
        return next(number for number, posed in enumerate(self.questions, start=1) if posed.name == name)

    def who(self, condition: Condition, language: str) -> str:
        """Who is asked, in words: "Alleen als u bij vraag 2 koos voor ‘ja’."."""
        number = self.number(condition.name)
        chosen = self.questions[number - 1].quoted(condition.codes, language)
        return say(language, "field_only_if", number=number, options=chosen)


def form_of(questionnaire: Questionnaire, wave: int, project: Project) -> Form:
    """The form of a wave; its first question asks for the municipality.

    Raises
    ------
    InstrumentError
        For a question without words or of an unknown type, two of one name, or routing that no earlier question
        decides: none of these can be put to anybody.
    PopulationError
        When the frame of the wave is there and broken.
    """
    path = questionnaire_path(project, wave)
    asked = questionnaire.asked()
    posed = [_municipality(project, wave)]
    for one in asked:
        _check_words(one, key_of(questionnaire, one), path)
        posed.append(
            Posed(
                key=key_of(questionnaire, one),
                name=one.name,
                type=one.question.type,
                wording=one.question.wording or NO_WORDS,
                options=one.question.offered,
                condition=condition_of(questionnaire, one, path),
            )
        )
    _check_names(posed, path)
    title = questionnaire.title or in_words("field_title", wave=wave)
    return Form(wave, path, title, questionnaire.introduction, tuple(posed))


NO_WORDS = Text(nl="", en="")


def in_words(key: str, **values: object) -> Text:
    """A sentence of the words files in every language."""
    return Text(**{language: say(language, key, **values) for language in LANGUAGES})


def questionnaire_path(project: Project, wave: int) -> Path:
    """Where the questionnaire of a wave stands."""
    return project.raw / str(wave) / "questionnaire.yml"


def frame_path(project: Project, wave: int) -> Path:
    """Where the municipalities of a wave stand."""
    return project.raw / "population" / f"frame_{wave}.csv"


def key_of(questionnaire: Questionnaire, asked: Asked) -> str:
    """The key of ``questionnaire.yml`` under which a question stands."""
    first = asked.concepts[0] if asked.concepts else None
    question = questionnaire.items[first].question if first else None
    if first and question is None:
        return f"items.{first}"
    return f"questions.{question or next(name for name in questionnaire.questions if tool_name(name) == asked.name)}"


def condition_of(questionnaire: Questionnaire, asked: Asked, path: Path) -> Condition | None:
    """The answers of whoever is asked a question, or None where everybody is.

    Raises
    ------
    InstrumentError
        When no earlier question decides: a survey tool would ask everybody, and say nothing.
    """
    concept = asked.question.routing
    if concept is None:
        return None
    key = f"{key_of(questionnaire, asked)}.routing"
    order = questionnaire.asked()
    decides = next((one for one in order if concept in one.concepts), None)
    if decides is None or order.index(decides) >= order.index(asked):
        raise InstrumentError(
            f"{key}: no earlier question answers to {concept}",
            where=path,
            expected="a concept that an earlier question of this wave answers to",
            todo="correct the routing, or move the item up",
        )
    yes = questionnaire.says_yes(concept)
    codes = tuple(code for code in decides.question.offered if code in yes)
    if not codes or set(codes) != yes:
        raise InstrumentError(
            f"{key}: {concept} counts as yes what {decides.name} does not offer: "
            + (", ".join(sorted(yes - set(codes))) or "nothing"),
            where=path,
            expected="one of " + (", ".join(decides.question.offered) or "its options, of which none is known"),
            todo="correct counts_as_yes or the options",
        )
    return Condition(decides.name, decides.question.type == "multiple", codes)


def read_frame(project: Project, wave: int) -> list[tuple[str, str]]:
    """Code and name of the municipalities of a wave, by name; none where the wave has no frame.

    Raises
    ------
    PopulationError
        When the file is broken.
    """
    path = frame_path(project, wave)
    if not path.exists():
        return []
    frame = contracts.read_table(path, contracts.FRAMES, PopulationError)
    named = zip(frame["gemeentecode"], frame["name"], strict=True)
    # an accent comes after its letter, not after z
    return sorted(named, key=lambda one: (normalize("NFKD", one[1]).casefold(), one[0]))


def _municipality(project: Project, wave: int) -> Posed:
    options = {
        # a code in a survey tool has at most five characters: GM is left out
        code[2:]: Option(label=Text(nl=name, en=name))
        for code, name in read_frame(project, wave)
    }
    wording = in_words("field_municipality")
    kind = "dropdown" if options else "text"
    return Posed(MUNICIPALITY, MUNICIPALITY, kind, wording, options, is_required=True)


def _check_words(asked: Asked, key: str, path: Path) -> None:
    question = asked.question
    if question.type not in PUT:
        raise InstrumentError(
            f"{key}: of type {question.type}",
            where=path,
            expected="a question that can be put: " + ", ".join(PUT),
            todo="fill in its type, wording and options",
        )
    for place, language in _unsaid(question):
        raise InstrumentError(
            f"{key}.{place}: no words in {language}",
            where=path,
            expected="words in " + " and ".join(LANGUAGES),
            todo="write them: respondents choose their language",
        )


def _unsaid(question: Question) -> Iterator[tuple[str, str]]:
    said = {"wording": question.wording or NO_WORDS}
    said |= {f"options.{code}.label": option.label for code, option in question.offered.items()}
    for place, text in said.items():
        yield from ((place, language) for language in LANGUAGES if not text[language].strip())


def _check_names(posed: Sequence[Posed], path: Path) -> None:
    """No two questions of one name, also where a survey tool does not tell capitals from small letters."""
    first: dict[str, str] = {}
    for one in posed:
        other = first.setdefault(one.name.casefold(), one.key)
        if other != one.key:
            raise InstrumentError(
                f"{one.key}: called {one.name} in survey tools, as {other} is",
                where=path,
                expected="names that differ in their letters and digits; capitals do not count",
                todo="give it another name",
            )
