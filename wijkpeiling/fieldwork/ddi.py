"""The questionnaire as DDI-Codebook 2.5, the description that data archives take with the answers."""

from collections.abc import Iterator
from xml.etree import ElementTree

from wijkpeiling.fieldwork.form import Form, Posed, described, in_words
from wijkpeiling.instrument.questionnaire import Questionnaire
from wijkpeiling.language import say
from wijkpeiling.parameters import LANGUAGES
from wijkpeiling.project import Project
from wijkpeiling.records import Text

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
VERSION = "2.5"
# why an answer is missing, as the column missing_reason says it
REASONS = ("not_shown", "not_answered", "broken_off")
TICKED = {"1": "field_ticked", "0": "field_not_ticked"}

Element = ElementTree.Element


def to_ddi(questionnaire: Questionnaire, wave: int, project: Project, language: str = "nl") -> bytes:
    """The study and its variables in DDI-Codebook 2.5 (``.xml``), every text in both languages.

    A variable for each question, or for each option where several can be ticked, called as a survey tool's
    export to SPSS calls it; its categories, its universe by the routing, and why an answer can be missing. It describes
    what was asked: the files of ``wijkpeiling export`` hold concepts, under their slugs.

    Parameters
    ----------
    language
        Of the title; the other is the parallel title.

    Raises
    ------
    PopulationError
        When the frame of the wave is there and broken.

    Notes
    -----
    Elements and their order are those of https://ddialliance.org/Specification/DDI-Codebook/2.5/. Tests look for the
    elements that it requires; the file has not been held against its schema.
    """
    form = described(questionnaire, wave, project)
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": VERSION, LANGUAGE: language})
    _add_study(root, form, project, language)
    data = ElementTree.SubElement(root, "dataDscr")
    for posed in form.questions:
        if posed.type == "multiple":
            members = " ".join(_id(posed, code) for code in posed.options)
            group = ElementTree.SubElement(data, "varGrp", ID=f"G_{posed.name}", type="multipleResp", var=members)
            _add_texts(group, "labl", _label(posed, project))
    for posed in form.questions:
        for code in posed.options if posed.type == "multiple" else (None,):
            _add_variable(data, form, posed, code, project, questionnaire)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_study(root: Element, form: Form, project: Project, language: str) -> None:
    known = project.waves[form.wave]
    study = ElementTree.SubElement(root, "stdyDscr")
    citation = ElementTree.SubElement(study, "citation")
    titles = ElementTree.SubElement(citation, "titlStmt")
    _add(titles, "titl", form.title[language], language)
    for other in LANGUAGES:
        if other != language:
            _add(titles, "parTitl", form.title[other], other)
    _add(titles, "IDNo", f"wijkpeiling-{form.wave}")
    responsible = ElementTree.SubElement(citation, "rspStmt")
    _add_texts(responsible, "AuthEnty", known.held_by)
    information = ElementTree.SubElement(study, "stdyInfo")
    if form.introduction:
        _add_texts(information, "abstract", form.introduction)
    summary = ElementTree.SubElement(information, "sumDscr")
    _add_texts(summary, "collDate", known.fieldwork)
    _add_texts(summary, "nation", in_words("field_nation"))
    _add_texts(summary, "anlyUnit", in_words("field_unit"))
    _add_texts(summary, "universe", in_words("field_universe", date=known.frame_date.isoformat()))


def _add_variable(
    data: Element, form: Form, posed: Posed, code: str | None, project: Project, questionnaire: Questionnaire
) -> None:
    variable = ElementTree.SubElement(data, "var", ID=_id(posed, code), name=_name(posed, code), intrvl="discrete")
    label = _label(posed, project) if code is None else posed.options[code].label
    _add_texts(variable, "labl", label)
    if posed.wording[LANGUAGES[0]]:
        question = ElementTree.SubElement(variable, "qstn")
        _add_texts(question, "qstnLit", posed.wording)
    _add_texts(variable, "universe", _universe(form, posed, project))
    for value, text, is_missing in _categories(posed, code):
        attributes = {"missing": "Y"} if is_missing else {}
        category = ElementTree.SubElement(variable, "catgry", attributes)
        _add(category, "catValu", value)
        _add_texts(category, "labl", text)
    for slug in posed.concepts:
        if code is None or code in questionnaire.says_yes(slug):
            _add(variable, "concept", slug)
    kind = "character" if code is None else "numeric"
    ElementTree.SubElement(variable, "varFormat", type=kind)


def _categories(posed: Posed, code: str | None) -> Iterator[tuple[str, Text, bool]]:
    """Value, label, and whether it stands for a missing answer."""
    if code is not None:
        yield from ((value, in_words(key), False) for value, key in TICKED.items())
    else:
        yield from ((value, option.label, option.is_missing) for value, option in posed.options.items())
    for reason in REASONS:
        # who is always asked is always shown the question
        if reason != "not_shown" or posed.routing:
            yield reason, in_words(f"field_reason_{reason}"), True


def _universe(form: Form, posed: Posed, project: Project) -> Text:
    """Who was asked: the base that the routing concept defines, and the answers that lead to it."""
    base = project.base_defined_by(posed.routing)
    if base is None:
        return in_words("not_known" if posed.type == "unknown" else "field_everybody")
    if posed.condition is None:
        return project.bases[base]
    told = {
        language: say(
            language, "field_universe_of", base=project.bases[base][language], who=form.who(posed.condition, language)
        )
        for language in LANGUAGES
    }
    return Text(**told)


def _label(posed: Posed, project: Project) -> Text:
    """The wording; where that is not known, the concepts that it measures."""
    if posed.wording[LANGUAGES[0]]:
        return posed.wording
    labels = [project.concepts[slug].label for slug in posed.concepts]
    return Text(**{language: "; ".join(label[language] for label in labels) or posed.name for language in LANGUAGES})


def _name(posed: Posed, code: str | None) -> str:
    return posed.name if code is None else f"{posed.name}_{code}"


def _id(posed: Posed, code: str | None) -> str:
    # an identifier begins with a letter, and is no other's
    return f"V_{_name(posed, code)}"


def _add_texts(parent: Element, tag: str, text: Text) -> None:
    for language in LANGUAGES:
        _add(parent, tag, text[language], language)


def _add(parent: Element, tag: str, text: str, language: str | None = None) -> None:
    element = ElementTree.SubElement(parent, tag, {LANGUAGE: language} if language else {})
    element.text = text
