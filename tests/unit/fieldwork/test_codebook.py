"""The codebook: as a table, and as a page that needs no other file."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest

from wijkpeiling.fieldwork.codebook import to_codebook_csv, to_codebook_html
from wijkpeiling.instrument.reading import read_questionnaire


def rows(project, wave=2027, language="nl"):
    content = to_codebook_csv(read_questionnaire(project, wave), wave, project, language)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def page(project, wave=2027, language="nl"):
    return to_codebook_html(read_questionnaire(project, wave), wave, project, language).decode()


class Outline(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data.strip())

    def all(self, tag, key):
        return [attrs.get(key) for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("write", [to_codebook_csv, to_codebook_html])
def test_two_files_of_one_questionnaire_are_the_same_bytes(rich, write):
    questionnaire = read_questionnaire(rich.project, 2027)
    assert write(questionnaire, 2027, rich.project) == write(questionnaire, 2027, rich.project)


@pytest.mark.parametrize(
    ("question", "code", "expected"),
    [
        (
            "tasks",
            "signal",
            {
                "number": "4",
                "type": "multiple",
                "label": '"signaleren"',
                "concepts": "signalling; task_signalling",
                "asked_of": "Alleen als u bij vraag 3 koos voor ‘vaak’ of ‘soms’.",
                "limesurvey": "tasks[signal]",
                "spss_stata": "tasks_signal",
                "kobo_odk": "tasks/signal",
            },
        ),
        ("tasks", "dk", {"is_exclusive": "true", "is_missing": "true", "concepts": ""}),
        (
            "haswijkteam",
            "yes",
            {"label": "ja", "asked_of": "iedereen", "concepts": "has_wijkteam", "limesurvey": "haswijkteam"},
        ),
        ("gemeente", "0003", {"number": "1", "type": "dropdown", "label": "Één, aan zee", "spss_stata": "gemeente"}),
        ("remarks", "", {"type": "text", "label": "", "is_missing": "", "kobo_odk": "remarks"}),
    ],
)
def test_a_row_says_what_an_option_is_and_what_its_column_is_called(rich, question, code, expected):
    (row,) = [row for row in rows(rich.project) if (row["question"], row["code"]) == (question, code)]
    assert {key: row[key] for key in expected} == expected


def test_the_verdicts_on_comparability_stand_with_the_question(mini):
    (row,) = [row for row in rows(mini.project) if row["code"] == "signalling"]
    assert row["comparability"].startswith("task_signalling 2017: same; task_signalling 2019: same; task_case")


def test_a_wave_of_which_the_form_was_not_found_claims_no_question_or_column(project):
    found = rows(project, 2019)
    assert {row["type"] for row in found} == {"unknown"}
    assert {(row["wording"], row["asked_of"], row["limesurvey"]) for row in found} == {("", "niet bekend", "")}
    assert "gemeente" not in {row["question"] for row in found}
    assert "Signaleren" in page(project, 2019)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ["Codeboek", "Zegt ja op", "telt als niet beantwoord", "meer antwoorden mogelijk", "Aandeel over"]),
        ("en", ["Codebook", "Says yes to", "counts as not answered", "several answers possible", "Share of"]),
    ],
)
def test_the_page_is_in_its_language(rich, language, words):
    text = page(rich.project, language=language)
    assert Outline(text).all("html", "lang") == [language]
    assert [word for word in words if word not in text] == []


def test_the_page_is_told_by_its_structure(rich):
    outline = Outline(page(rich.project))
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert [attrs for tag, attrs in outline.tags if tag == "th" and attrs.get("scope") not in ("row", "col")] == []
    names = [tag for tag, _ in outline.tags]
    assert names.count("h1") == names.count("main") == 1 and names.count("caption") == names.count("table") > 10
    assert {link.removeprefix("#") for link in outline.all("a", "href")} <= set(ids)


def test_each_option_that_can_be_ticked_has_the_names_of_its_columns(rich):
    words = [word for word in Outline(page(rich.project)).words if word]
    place = words.index("Hoe de kolommen heten")
    assert words[place + 1 : place + 9] == [
        *("Code", "LimeSurvey", "SPSS, Stata", "KoBo, ODK"),
        *("signal", "tasks[signal]", "tasks_signal", "tasks/signal"),
    ]
    assert words.count("Hoe de kolommen heten") == 1


def test_the_page_needs_no_other_file_and_shows_texts_as_they_are(rich):
    text = page(rich.project)
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', text) == []
    assert "casusregie &lt;b&gt;" in text and "<b>" not in text
    assert text.count("Mompeldam") == 0
