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
        ``yes_no``, ``single``, ``multiple``, ``text`` or ``unknown``, or ``dropdown`` for the municipality.
    wording
        Empty where it is not known.
    condition
        None where everybody is asked.
    concepts
        Slugs of the items that are answers to it.
    reason
        Why its type is unknown.
    """

    key: str
    name: str
    type: str
    wording: Text
    options: dict[str, Option] = field(default_factory=dict)
    condition: Condition | None = None
    is_required: bool = False
    concepts: tuple[str, ...] = ()
    routing: str | None = None
    reason: Text | None = None

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
    """The form of a wave, which can be put to a municipality.

    Raises
    ------
    InstrumentError
        For a question without words or of an unknown type, two of one name, or routing that no earlier question
        decides: none of these can be put to anybody.
    PopulationError
        When the frame of the wave is there and broken.
    """
    path = questionnaire_path(project, wave)
    for asked in _put(questionnaire, project):
        key = key_of(questionnaire, asked)
        _check_words(asked.question, key, path)
        _check_routing(questionnaire, asked, key, path)
    form = described(questionnaire, wave, project)
    _check_names(form.questions, path)
    return form


def described(questionnaire: Questionnaire, wave: int, project: Project) -> Form:
    """What is known of a form, also where it cannot be put: types, words or routing may be missing.

    The municipality is asked first, unless a question of unknown type shows that the form itself was not found.

    Raises
    ------
    PopulationError
        When the frame of the wave is there and broken.
    """
    asked = _put(questionnaire, project)
    first = [_municipality(project, wave)] if all(one.question.type in PUT for one in asked) else []
    questions = [_posed(questionnaire, one) for one in asked]
    title = questionnaire.title or in_words("field_title", wave=wave)
    path = questionnaire_path(project, wave)
    return Form(wave, path, title, questionnaire.introduction, (*first, *questions))


def _put(questionnaire: Questionnaire, project: Project) -> list[Asked]:
    """The questions in order, without what nobody is asked: a response rate follows from who took part."""
    return [
        one
        for one in questionnaire.asked()
        if not one.concepts or any(project.concepts[slug].is_answer for slug in one.concepts)
    ]


def _posed(questionnaire: Questionnaire, asked: Asked) -> Posed:
    return Posed(
        key=key_of(questionnaire, asked),
        name=asked.name,
        type=asked.question.type,
        wording=asked.question.wording or NO_WORDS,
        options=asked.question.offered,
        condition=_condition(questionnaire, asked.question.routing),
        concepts=asked.concepts,
        routing=asked.question.routing,
        reason=asked.question.reason,
    )


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


def _condition(questionnaire: Questionnaire, concept: str | None) -> Condition | None:
    """The answers of whoever is asked; None for everybody, and where no question of the wave answers to it."""
    decides = next((one for one in questionnaire.asked() if concept in one.concepts), None)
    if concept is None or decides is None:
        return None
    yes = questionnaire.says_yes(concept)
    codes = tuple(code for code in decides.question.offered if code in yes)
    return Condition(decides.name, decides.question.type == "multiple", codes) if codes else None


def _municipality(project: Project, wave: int) -> Posed:
    options = {
        # a code in a survey tool has at most five characters: GM is left out
        code[2:]: Option(label=Text(nl=name, en=name))
        for code, name in read_frame(project, wave)
    }
    wording = in_words("field_municipality")
    kind = "dropdown" if options else "text"
    return Posed(MUNICIPALITY, MUNICIPALITY, kind, wording, options, is_required=True)


def _check_words(question: Question, key: str, path: Path) -> None:
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


def _check_routing(questionnaire: Questionnaire, asked: Asked, key: str, path: Path) -> None:
    """An earlier question decides who is asked; at any other a survey tool asks everybody, and says nothing."""
    concept = asked.question.routing
    if concept is None:
        return
    order = questionnaire.asked()
    decides = next((one for one in order if concept in one.concepts), None)
    if decides is None or order.index(decides) >= order.index(asked):
        raise InstrumentError(
            f"{key}.routing: no earlier question answers to {concept}",
            where=path,
            expected="a concept that an earlier question of this wave answers to",
            todo="correct the routing, or move the item up",
        )
    strange = questionnaire.says_yes(concept) - set(decides.question.offered)
    if strange:
        raise InstrumentError(
            f"{key}.routing: {concept} counts as yes what {decides.name} does not offer: {', '.join(sorted(strange))}",
            where=path,
            expected="one of " + ", ".join(decides.question.offered),
            todo="correct counts_as_yes or the options",
        )


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
