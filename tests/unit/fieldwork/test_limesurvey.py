"""The survey structure for LimeSurvey: what it imports without changing anything."""

import csv
import io

import pytest

from wijkpeiling.errors import InstrumentError
from wijkpeiling.fieldwork import limesurvey
from wijkpeiling.fieldwork.limesurvey import COLUMNS, to_limesurvey
from wijkpeiling.instrument.reading import read_questionnaire

FILE = "2027/questionnaire.yml"


def written(project, language="nl"):
    return to_limesurvey(read_questionnaire(project, 2027), 2027, project, language)


def rows(project, language="nl"):
    text = written(project, language).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))


def of_class(found, kind, language="nl"):
    return [row for row in found if row["class"] == kind and row["language"] == language]


def test_the_file_is_utf_8_with_a_mark_and_a_heading_without_quotation_marks(rich):
    content = written(rich.project)
    assert content.startswith(b"\xef\xbb\xbfclass\ttype/scale\tname\t")
    # LimeSurvey takes a pair of quotation marks around a cell away, even where it was quoted
    assert b'"' not in content and b"\\" not in content and b"\r" not in content
    assert {line.count("\t") for line in content.decode().splitlines()} == {len(COLUMNS) - 1}


def test_two_files_of_one_questionnaire_are_the_same_bytes(rich):
    assert written(rich.project) == written(rich.project)


def test_each_language_has_the_same_rows_in_the_same_order(rich):
    def shape(language):
        kept = [row for row in rows(rich.project) if row["language"] == language and row["class"] != "SL"]
        told = ("text", "language")
        return [
            {key: cell for key, cell in row.items() if key not in told and not (row["class"] == "G" and key == "name")}
            for row in kept
        ]

    assert shape("nl") == shape("en")
    assert len(shape("nl")) > 20


@pytest.mark.parametrize(("language", "others"), [("nl", "en"), ("en", "nl")])
def test_the_base_language_comes_first_as_a_whole(rich, language, others):
    found = rows(rich.project, language)
    settings = {row["name"]: row["text"] for row in found if row["class"] == "S"}
    assert (settings["language"], settings["additional_languages"]) == (language, others)
    order = [row["language"] for row in found if row["class"] in ("G", "Q", "SQ", "A")]
    assert order == [language] * (len(order) // 2) + [others] * (len(order) // 2)


def test_the_survey_has_title_welcome_and_dates_in_each_language(rich):
    told = {(row["language"], row["name"]): row["text"] for row in rows(rich.project) if row["class"] == "SL"}
    assert told["nl", "surveyls_title"] == "Peiling wijkteams &amp; wijken"
    assert told["en", "surveyls_welcometext"].endswith("not more.<br>You can stop in between.")
    assert told["nl", "surveyls_dateformat"] == told["en", "surveyls_dateformat"] == "2"
    settings = {row["name"]: row["text"] for row in rows(rich.project) if row["class"] == "S"}
    assert (settings["format"], settings["shownoanswer"], settings["ipaddr"]) == ("G", "N", "N")


def test_every_question_is_a_page_so_that_the_last_page_says_where_somebody_stopped(rich):
    found = [row for row in rows(rich.project) if row["language"] == "nl" and row["class"] in ("G", "Q")]
    pages = {one["name"]: group["type/scale"] for group, one in zip(found[::2], found[1::2], strict=True)}
    assert pages == {
        "gemeente": "1",
        "haswijkteam": "2",
        "collectivework": "3",
        "tasks": "4",
        "partners": "5",
        "remarks": "6",
    }
    assert found[2]["name"] == "Vraag 2 van 6"


@pytest.mark.parametrize(
    ("name", "kind", "mandatory", "exclusive"),
    [
        ("gemeente", "!", "Y", ""),
        ("haswijkteam", "L", "N", ""),
        ("collectivework", "L", "N", ""),
        ("tasks", "M", "N", "none;dk"),
        ("partners", "L", "N", ""),
        ("remarks", "T", "N", ""),
    ],
)
def test_each_type_of_question_has_a_type_of_limesurvey(rich, name, kind, mandatory, exclusive):
    (row,) = [row for row in of_class(rows(rich.project), "Q") if row["name"] == name]
    assert (row["type/scale"], row["mandatory"], row["other"]) == (kind, mandatory, "N")
    assert row["exclude_all_others"] == exclusive


def test_without_a_frame_the_municipality_is_a_short_text(rich):
    (rich.raw / "population" / "frame_2027.csv").unlink()
    first = of_class(rows(rich.project), "Q")[0]
    assert (first["name"], first["type/scale"], first["mandatory"]) == ("gemeente", "S", "Y")


def test_options_follow_their_question(rich):
    found = [(row["class"], row["name"]) for row in rows(rich.project) if row["language"] == "en"]
    place = found.index(("Q", "tasks"))
    assert found[place + 1 : place + 5] == [("SQ", "signal"), ("SQ", "caseManagement"), ("SQ", "none"), ("SQ", "dk")]
    assert found[found.index(("Q", "haswijkteam")) + 1 :][:3] == [("A", "yes"), ("A", "no"), ("A", "dk")]
    assert found[found.index(("Q", "gemeente")) + 1 :][:2] == [("A", "0003"), ("A", "9000")]


@pytest.mark.parametrize(
    ("name", "relevance"),
    [
        ("gemeente", "1"),
        ("haswijkteam", "1"),
        ("collectivework", "haswijkteam.NAOK == 'yes'"),
        ("tasks", "collectivework.NAOK == 'often' or collectivework.NAOK == 'some'"),
        ("partners", "tasks_signal.NAOK == 'Y' or tasks_caseManagement.NAOK == 'Y'"),
    ],
)
def test_routing_is_a_relevance_in_each_language(rich, name, relevance):
    assert [row["relevance"] for row in rows(rich.project) if row["name"] == name] == [relevance] * 2


def test_a_relevance_that_names_what_is_not_there_is_not_written(rich, monkeypatch):
    monkeypatch.setattr(limesurvey, "_relevance", lambda condition: "tasks_gone.NAOK == 'Y'")
    with pytest.raises(InstrumentError, match="collectivework: its relevance names tasks_gone"):
        written(rich.project)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("{kies}", "{ kies}"),
        ("{ kies }", "{ kies }"),
        ("aan het eind {", "aan het eind { "),
        ("{{x}}", "{ { x}}"),
        ('"van kop" tot "staart"', "&quot;van kop&quot; tot &quot;staart&quot;"),
        ("tab\ten  ruimte", "tab en ruimte"),
        ("regel een\n\nregel twee\r\ndrie\u2028vier", "regel een<br><br>regel twee<br>drie<br>vier"),
        ("<script>a && b</script>", "&lt;script&gt;a &amp;&amp; b&lt;/script&gt;"),
        ("C:\\wijk\\", "C:&#92;wijk&#92;"),
        ("=1+1", "=1+1"),
        ("één – €", "één – €"),
    ],
)
def test_a_text_stays_what_it_is(text, kept):
    assert limesurvey._html(text) == kept


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("often:", "always:", "options.always: LimeSurvey does not keep always as the code of an answer"),
        ("often:", "a_b:", "options.a_b: LimeSurvey does not keep a_b as the code of an answer"),
        ("often:", "other:", "options.other"),
        ("signal:", "long_term:", "options.long_term: LimeSurvey does not keep long_term as the code of a subquestion"),
        ("signal:", f"{'a' * 21}:", "as the code of a subquestion"),
        ("signal:", "time:", "options.time"),
        ("signal:", "Comment:", "options.Comment"),
        ("signal:", "Dk:", "questions.tasks.options: Dk and dk are one code to LimeSurvey"),
        ("remarks:", f"{'a' * 21}:", "as the code of a question"),
        ("remarks:", "Token:", "questions.Token: LimeSurvey does not keep Token as the code of a question"),
        ("remarks:", "seed:", "questions.seed"),
    ],
)
def test_a_code_that_limesurvey_would_change_is_refused_with_its_key(rich, old, new, what):
    rich.replace(FILE, f"  {old}", f"  {new}")
    if "signal" in old:
        rich.replace(FILE, "[signal, caseManagement]", f"[{new.rstrip(':')}]")
        rich.replace(FILE, "[signal]", f"[{new.rstrip(':')}]")
    if "often" in old:
        rich.replace(FILE, "[often, some]", "[some]")
    with pytest.raises(InstrumentError) as told:
        written(rich.project)
    assert what in told.value.what
    assert told.value.where.endswith(FILE)


def test_codes_of_a_wave_that_was_never_fielded_in_limesurvey_are_refused(mini):
    rest = "  has_wijkteam:\n    bases:"
    mini.replace(FILE, rest, '  has_wijkteam:\n    wording: {nl: "Heeft u er een?", en: "Is there one?"}\n    bases:')
    with pytest.raises(InstrumentError, match=r"questions\.tasks\.options\.case_management"):
        written(mini.project)
