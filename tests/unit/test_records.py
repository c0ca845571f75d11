"""YAML of the project: what is refused where it is read, and how it is told."""

import time
from typing import Any

import pytest
import yaml
from pydantic import Field

from wijkpeiling.errors import ProjectError
from wijkpeiling.records import Record, Slugs, read_yaml


class Piece(Record):
    count: int
    part: float = 0.5
    parts: tuple[float, ...] = ()
    by_year: dict[int, str] = Field(default_factory=dict)
    is_right: bool = False
    names: Slugs = ()
    word: str = ""
    anything: Any = None


def bomb(levels):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]" for i in range(1, levels)]
    return "\n".join(lines)


REFUSED = {
    "underscores": ("count: 1_00", ["'1_00' is not written as a number", "line 1, column 8"]),
    "underscores in quotation marks": ("count: '1_00'", ["'1_00' has underscores", "line 1"]),
    "octal": ("count: 010", ["'010' is not written as a number"]),
    "hexadecimal": ("count: 0x1f", ["'0x1f'"]),
    "sexagesimal": ("count: 1:30", ["'1:30'"]),
    "too many digits": ("count: " + "9" * 5000, ["is not written as a number"]),
    "not a number": ("count: 1\npart: .nan", ["'.nan'", "line 2"]),
    "infinite": ("count: 1\npart: -.inf", ["'-.inf'"]),
    "infinite by its exponent": ("count: 1\npart: 1e999", ["part", "finite"]),
    "words": ("count: many", ["count", "'many'"]),
    "a list": ("count: [1]", ["count", "[1]"]),
    "a fraction": ("count: 1.5", ["count", "1.5"]),
    "nothing": ("count:", ["count", "None"]),
    "a truth": ("word: true\ncount: 1", ["word", "True"]),
    "a truth for a number": ("count: true", ["count: true or false where neither belongs"]),
    "a truth among numbers": ("count: 1\nparts: [0.5, false]", ["parts: true or false where neither belongs"]),
    "a truth for a year": ("count: 1\nby_year: {true: x}", ["by_year: true or false where neither belongs"]),
    "a name twice": ("count: 1\nnames: [a, b, a]", ["names", "a twice"]),
    "a tag": ("count: !!int x", ["a tag (tag:yaml.org,2002:int)"]),
    "a tag of Python": ("count: !!python/object/apply:os.getcwd []", ["a tag"]),
    "an alias": ("word: &w yes\nanything: *w\ncount: 1", ["an alias", "line 2"]),
    "aliases of aliases": (bomb(9), ["an alias"]),
    "too deep": ("anything: " + "[" * 5000, ["too many deep"]),
    "a key twice": ("count: 1\ncount: 2", ["'count' appears twice", "line 2"]),
    "a long key twice": ("? " + "k" * 900 + "\n: 1\n? " + "k" * 900 + "\n: 2", ["appears twice"]),
    "a key that is a list": ("? [count]\n: 1", ["a key that is no word"]),
    "an unknown key": ("count: 1\ncuont: 2", ["cuont"]),
    "no key": ("count", ["the whole file"]),
    "empty": ("", ["the whole file"]),
    "two documents": ("count: 1\n---\ncount: 2", ["another document"]),
    "a control character": ("word: \x07", ["unacceptable character"]),
    "NUL": ("count: 1\0", ["NUL", "line 1"]),
    "an unclosed quotation mark": ('word: "x\ncount: 1', ["broken YAML"]),
    "tabs": ("count:\t1\n\tword: x", ["broken YAML", "line 1"]),
    "another version of YAML": ("%YAML 9.0\n---\ncount: 1", ["incompatible"]),
    "a long value": ("count: '" + "x" * 10_000 + "'", ["count", "xxx"]),
}


@pytest.mark.parametrize(("text", "fragments"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_at_once_and_told_in_a_few_words(text, fragments, tmp_path):
    path = tmp_path / "piece.yml"
    path.write_text(text, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(ProjectError) as refused:
        read_yaml(path, Piece)
    told = str(refused.value)
    assert [fragment for fragment in [*fragments, "piece.yml"] if fragment not in told] == []
    assert len(told) < 2000
    # a bound against a hang, far above what any of these takes
    assert time.process_time() - start < 5


ALLOWED = {
    "count: 0": Piece(count=0),
    "count: +5": Piece(count=5),
    "count: -12": Piece(count=-12),
    "count: '7'": Piece(count=7),
    "count: 1\npart: 0.25": Piece(count=1, part=0.25),
    "count: 1\npart: 1e-3": Piece(count=1, part=0.001),
    "\ufeffcount: 1": Piece(count=1),
    "count: 1\nis_right: true": Piece(count=1, is_right=True),
    "count: 1\nanything: [true]": Piece(count=1, anything=[True]),
    "count: 1\nnames: [a, b]": Piece(count=1, names=("a", "b")),
    "count: 1\nword: '010'": Piece(count=1, word="010"),
}


@pytest.mark.parametrize(("text", "piece"), ALLOWED.items(), ids=ALLOWED)
def test_numbers_as_one_writes_them(text, piece, tmp_path):
    path = tmp_path / "piece.yml"
    path.write_text(text, encoding="utf-8")
    assert read_yaml(path, Piece) == piece


class Other(Record):
    count: int


def test_a_text_is_parsed_once_a_changed_file_and_another_model_anew_and_a_fault_each_time(tmp_path, monkeypatch):
    parsed = []
    load = yaml.load
    monkeypatch.setattr(yaml, "load", lambda *given: parsed.append(given[0]) or load(*given))
    one, copy = tmp_path / "one.yml", tmp_path / "copy.yml"
    for path in (one, copy):
        path.write_text("count: 41", encoding="utf-8")
    assert read_yaml(one, Piece) == read_yaml(copy, Piece) == Piece(count=41)
    assert parsed == ["count: 41"]
    assert read_yaml(one, Other) == Other(count=41)
    one.write_text("count: 42", encoding="utf-8")
    assert read_yaml(one, Piece) == Piece(count=42) and len(parsed) == 3
    copy.write_text("count: many", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ProjectError, match="many"):
            read_yaml(copy, Piece)
