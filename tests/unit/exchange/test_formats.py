"""What went in comes out of each format: answers, the reason of each missing one, labels; and the same bytes again."""

import csv
import io
import re

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from wijkpeiling.contracts import MISSING_REASONS, SIZE_CLASSES
from wijkpeiling.exchange import spss, stata
from wijkpeiling.exchange.dataset import MISSING_CODES
from wijkpeiling.exchange.export import FORMATS
from wijkpeiling.exchange.names import names_within
from wijkpeiling.exchange.tables import csv_files, tables, xlsx
from wijkpeiling.published import read_published
from wijkpeiling.sources.intake import read_answers

OF_MUNICIPALITY = ["wave", "gemeentecode", "name", "size_class", "provincie"]
REASONS = {code: reason for reason, code in MISSING_CODES.items()}


@pytest.fixture
def expected(answered):
    """Each answer of the project as a word: yes, no or the reason that it is missing."""
    answers = read_answers(read_published(answered.project))
    given = answers.wave(2027)[answers.concepts].astype(object)
    words = given.map({True: "yes", False: "no"}.get)
    return words.where(given.notna(), answers.missing_reasons(2027).astype(object)).reset_index(drop=True)


def read_back(write, content, tmp_path, reader):
    path = tmp_path / f"back.{write}"
    path.write_bytes(content)
    return reader(str(path), user_missing=True)


def words_of(table, concepts, codes):
    return table[concepts].astype(object).map(lambda value: codes[value]).reset_index(drop=True)


def test_every_reason_has_a_code_of_its_own():
    assert set(MISSING_CODES) == set(MISSING_REASONS)
    assert len(set(MISSING_CODES.values())) == len(MISSING_CODES) and max(MISSING_CODES.values()) < 0


def test_the_answers_hold_every_kind_of_missing_that_a_wave_with_answers_has(expected):
    assert set(expected.stack()) == {"yes", "no", "not_answered", "not_shown", "broken_off"}


def test_spss_gives_back_answers_reasons_and_labels(dataset, expected, tmp_path):
    table, meta = read_back("sav", spss.sav(dataset), tmp_path, pyreadstat.read_sav)
    codes = {0.0: "no", 1.0: "yes", **{float(code): reason for code, reason in REASONS.items()}}
    pd.testing.assert_frame_equal(words_of(table, list(expected), codes), expected)
    pd.testing.assert_frame_equal(
        table[OF_MUNICIPALITY], dataset.table[OF_MUNICIPALITY], check_dtype=False, check_names=False
    )
    assert meta.column_names_to_labels == {variable.name: variable.label for variable in dataset.variables}
    for variable in dataset.variables:
        assert meta.variable_value_labels.get(variable.name, {}) == variable.values
        missing = [{"lo": -4.0, "hi": -1.0}] if variable.missing else None
        assert meta.missing_ranges.get(variable.name) == missing
    assert meta.variable_measure["size_class"] == "ordinal" and meta.variable_measure["provincie"] == "nominal"
    without, _ = pyreadstat.read_sav(str(tmp_path / "back.sav"))
    is_answer = expected.isin(["yes", "no"])
    pd.testing.assert_frame_equal(without[list(expected)].notna(), is_answer)


def test_stata_gives_back_answers_reasons_and_labels(dataset, expected, tmp_path):
    table, meta = read_back("dta", stata.dta(dataset), tmp_path, pyreadstat.read_dta)
    codes = {0: "no", 1: "yes", **{stata.LETTERS[code]: reason for code, reason in REASONS.items()}}
    pd.testing.assert_frame_equal(words_of(table, list(expected), codes), expected)
    assert meta.column_names_to_labels == {variable.name: variable.label for variable in dataset.variables}
    for variable in dataset.variables:
        labels = {stata.LETTERS[c] if c in variable.missing else c: label for c, label in variable.values.items()}
        assert meta.variable_value_labels.get(variable.name, {}) == labels


def of_csv(dataset):
    answers, codebook = (list(csv.reader(io.StringIO(text))) for text in csv_files(dataset))
    return answers, codebook


def of_xlsx(dataset):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(dataset)))
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    return [[["" if value is None else str(value) for value in row] for row in sheet.values] for sheet in book]


@pytest.mark.parametrize("read", [of_csv, of_xlsx])
def test_plain_tables_give_back_answers_and_reasons_and_the_codebook_says_what_they_are(dataset, expected, read):
    (heading, *rows), (columns, *codebook) = read(dataset)
    table = pd.DataFrame(rows, columns=heading)
    words = words_of(table, list(expected), {"1": "yes", "0": "no"} | {word: word for word in MISSING_REASONS})
    pd.testing.assert_frame_equal(words, expected)
    assert len(columns) == 5
    described = {(row[0], row[3]) for row in codebook}
    for name in expected:
        assert {(name, code) for code in ("0", "1", *MISSING_REASONS)} <= described
    of_size = [label for code, label in sorted(dataset.variables[3].values.items())]
    assert set(table["size_class"]) == set(of_size) and len(of_size) == len(SIZE_CLASSES)
    assert set(heading) == {row[0] for row in codebook}


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_answers_give_the_same_bytes_dated_in_the_wave(dataset, to):
    first, second = (FORMATS[to](dataset, f"a.{to}") for _ in range(2))
    assert first == second
    stamps = {"sav": b"01 Jan 2700:00:00", "dta": b"<timestamp>\x1101 Jan 2027 00:00</timestamp>"}
    assert stamps.get(to, b"") in first[f".{to}"]


@pytest.mark.parametrize("write", [spss.sav, stata.dta])
def test_awkward_names_labels_and_texts_are_taken(awkward, write, tmp_path):
    kind = {spss.sav: "sav", stata.dta: "dta"}[write]
    reader = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}[kind]
    table, meta = read_back(kind, write(awkward), tmp_path, reader)
    assert table["name"].tolist() == awkward.table["name"].tolist()
    assert table["weight"].tolist() == [1.5] * 6
    assert list(table)[1:3] == ["v_all", "v_str5"] and list(table)[5] == "with_hyphen"
    assert len({name.lower() for name in table}) == len(awkward.variables)
    assert all("\n" not in label for label in meta.column_labels)
    assert table["v_all"].tolist() == ([1, 0, -1, -2, -3, -4] if kind == "sav" else [1, 0, "a", "b", "c", "d"])


def test_plain_tables_hold_no_formula(awkward):
    answers, codebook = of_csv(awkward)
    assert not [cell for row in (*answers, *codebook) for cell in row if cell.startswith(("=", "@", "-x"))]
    assert answers[1][0] == "'=1+1" and answers[3][0] == "'s-Ver"
    (_, first, *_), _ = of_xlsx(awkward)
    assert first[0] == "=1+1"


NAMES = {
    "as they are": (["a", "b_1"], 8, ["a", "b_1"]),
    "cut": (["abcdefghij"], 8, ["abcdefgh"]),
    "equal once cut": (["abcdefghij", "abcdefghik", "abcdefghil"], 8, ["abcdefgh", "abcdef_2", "abcdef_3"]),
    "equal but for the case": (["abc", "ABC"], 8, ["abc", "ABC_2"]),
    "reserved": (["ALL", "using", "str12", "strong"], 8, ["v_ALL", "v_using", "v_str12", "strong"]),
    "no letter first": (["1a", "_b"], 8, ["v_1a", "v__b"]),
    "no letters": (["a-b", "é"], 8, ["a_b", "v__"]),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_what_spss_and_stata_take(name):
    names, longest, expected = NAMES[name]
    assert list(names_within(names, longest).values()) == expected


# the syntax


def test_the_syntax_repeats_labels_and_missing_values_and_adds_the_sets(dataset):
    text = spss.sps(dataset, "2027.sav")
    assert text.startswith("\ufeff* Encoding: UTF-8.\n") and "GET FILE='2027.sav'." in text
    for question, items in (("tasks", "task_"), ("shortfalls", "shortfall_")):
        (variables,) = re.findall(
            rf"MRSETS /MDGROUP NAME=\${question}\n  LABEL='.*'\n.*VARIABLES=\n((?:  \w+\n)+)", text
        )
        expected = [variable.name for variable in dataset.variables if variable.name.startswith(items)]
        assert variables.split() == expected and len(expected) == 3
    assert text.count("MRSETS") == 2 and text.count("VALUE=1\n") == 2
    coded = [variable.name for variable in dataset.variables if variable.missing]
    assert re.findall(r"MISSING VALUES (\w+) \(-4 THRU -1\)\.", text) == coded
    assert text.count("VARIABLE LABELS") == len(dataset.variables)


def test_the_syntax_doubles_quotation_marks_and_keeps_each_command_whole(awkward):
    text = spss.sps(awkward, "it's.sav")
    assert "GET FILE='it''s.sav'." in text and "1 'Ja, ''s zomers'" in text and "LABEL='Welke ''taken''? Alle.'" in text
    body = text.removeprefix("\ufeff").splitlines()
    # without what stands between quotation marks a full stop is at the end of a line only, and each command has one
    bare = [re.sub(r"'(?:[^']|'')*'", "''", line) for line in body if not line.startswith("*")]
    assert not [line for line in bare if "." in line.rstrip(".")]
    starts = [place for place, line in enumerate(bare) if not line.startswith(" ")]
    assert starts[0] == 0
    for first, last in zip(starts, [*starts[1:], len(bare)], strict=True):
        assert [line.endswith(".") for line in bare[first:last]] == [False] * (last - first - 1) + [True]
    # of what SPSS takes as one line in batch
    assert max(len(line.encode()) for line in body) <= 256


def test_tables_are_named_in_the_language(dataset):
    names = {"nl": ["Antwoorden", "Codeboek"], "en": ["Answers", "Codebook"]}
    assert list(tables(dataset)) == names[dataset.language]
