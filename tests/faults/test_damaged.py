"""Damaged data: refused where they are read, in the class of their room, with the place, in a few lines.

The cases are in ``damaged.yml``; what a line of text cannot say of a damage is a function here.
"""

import ast
import os
import re
import shutil
import traceback
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.conftest import FIVE_WAVES, MINI, ROOT, Copy
from wijkpeiling import checking, errors
from wijkpeiling.editorial import read_editorial
from wijkpeiling.project import Project, open_edition
from wijkpeiling.published import read_other_studies, read_published
from wijkpeiling.sources.intake import read_answers, read_days
from wijkpeiling.synthetic.answers import synthesize

CASES = {
    f"{file}: {name}": (file, error, case)
    for file, by_class in yaml.safe_load((Path(__file__).parent / "damaged.yml").read_text("utf-8")).items()
    for error, cases in by_class.items()
    for name, case in cases.items()
}
# a row of 2019 that is right where it stands alone
RIGHT = {"concept": "task_signalling", "pct": "58", "source_title": "Een ander rapport"}


def nothing(path):
    path.unlink()


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_new_folder(path):
    path.mkdir()


def a_new_link(path):
    path.symlink_to(path.with_name("nowhere.yml"))


def a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def a_link_to_itself(path):
    path.unlink()
    path.symlink_to(path)


def two_megabytes(path):
    path.write_bytes(b"#" * (2 << 20))


def three_gigabytes(path):
    os.truncate(path, 3 << 30)


def sixteen_bits(path):
    # without a byte order mark: with one its first byte is told of
    path.write_bytes(path.read_text("utf-8").encode("utf-16-le"))


def a_bomb(path):
    levels = [f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 9) + "]" for level in range(1, 12)]
    path.write_text("\n".join(["a0: &a0 [x]", *levels]), encoding="utf-8")


def nesting(path):
    path.write_text("bases: " + "[" * 5000, encoding="utf-8")


def digits(path):
    path.write_text("bases: " + "9" * 5000, encoding="utf-8")


def changed(old, new):
    def change(path):
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def a_year(name):
    return lambda path: path.rename(path.with_name(name))


def no_waves(path):
    for folder in path.parent.glob("20*"):
        shutil.rmtree(folder)


def later_frame(path):
    text = path.read_text("utf-8").replace("wave: 2027", "wave: 2028").replace("2027-01-01", "2028-01-01")
    path.write_text(text, encoding="utf-8")
    path.parent.rename(path.parent.with_name("2028"))


def lines(keep):
    def change(path):
        text = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(keep(text)), encoding="utf-8")

    return change


def without_team(path):
    """Responses without the column that routes, and without the reasons that go with it."""
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    kept = [row[:4] + row[5:] for row in rows if row[4] != "False"]
    path.write_text("\n".join(map(",".join, kept)) + "\n", encoding="utf-8")
    changed("n_respondents: 66", f"n_respondents: {len(kept) - 1}")(path.parents[1] / "wave.yml")


def many(path):
    """A municipality more than there are, in a wave that does not say how many answered."""
    heading, first, *_ = path.read_text("utf-8").splitlines()
    rows = [first.replace("GM9000", f"GM{number}") for number in range(9000, 9101)]
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    changed("n_respondents: 66", "n_respondents: null")(path.parents[1] / "wave.yml")


def no_words(path):
    text, rest = path.read_text("utf-8").split("  ends:\n")
    path.write_text(text + "  ends: []\n\n" + rest.partition("\n\n")[2], encoding="utf-8")


def a_manifest(path):
    path.write_text(
        "export: a.csv\nexport_sha256: a\nresponses_sha256: b\ninputs: {}\nformat: csv\ndescription: a\n"
        "received: '2027-06-01'\nreplies: 1\nrespondents: 1\npackage: '1'\n",
        encoding="utf-8",
    )


MADE = {
    made.__name__: made
    for made in (
        *(nothing, a_folder, a_pipe, a_link_to_itself, two_megabytes, three_gigabytes, sixteen_bits, a_bomb),
        *(a_new_folder, a_new_link, nesting, digits, no_waves, later_frame, without_team, many, no_words, a_manifest),
    )
} | {
    "a_long_label": changed("nl: signaleren", "nl: " + "x" * 400),
    "a_long_cell": changed("task_signalling,58", "task_signalling," + "5" * 5000),
    "a_long_word": changed("[Dauw", "[" + "Dauw" * 500),
    "few_names": lambda path: path.write_text(re.sub(r"\[Dauw,.*?\]", "[Dauw]", path.read_text("utf-8"), flags=re.S)),
    "a_power": a_year("²"),
    "a_zero": a_year("02019"),
    "half": lines(lambda text: text[:51]),
    "half_of_21": lines(lambda text: text[:11]),
    "a_row_less": lines(lambda text: text[:-1]),
    "semicolons": lines(lambda text: [line.replace(",", ";") for line in text]),
    "without_2014": lines(lambda text: [line for line in text if not line.startswith("2014,")]),
}


def damage(copy, file, case, figure_row):
    """Do to a file what a case says."""
    path = copy.raw / file
    for old, new in case.get("replace", {}).items():
        copy.replace(file, old, new)
    if "put" in case:
        copy.put(file, **case["put"])
    if "add" in case:
        copy.add(file, **figure_row(**RIGHT | case["add"]))
    if "append" in case:
        path.write_text(path.read_text("utf-8") + case["append"], encoding="utf-8")
    if "write" in case:
        path.write_text(case["write"], encoding="utf-8")
    for old, new in case.get("bytes", {}).items():
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode("latin-1"), 1))
    if "make" in case:
        MADE[case["make"]](path)
    for other, more in case.get("also", {}).items():
        damage(copy, other, more, figure_row)


def read(root):
    """Everything that an edition reads."""
    edition = open_edition(wave=Project(root).newest_wave, start=root)
    published = read_published(edition.project)
    answers = read_answers(published)
    for wave in answers.waves if answers else ():
        read_days(edition.project, wave, len(answers.wave(wave)))
    read_other_studies(edition.project)
    for year in edition.project.waves:
        read_editorial(edition.project.raw, year)


@pytest.fixture(scope="module")
def refusal(tmp_path_factory, published, figure_row):
    """What is raised on the data of a case, each read once: ``refusal("2019/wave.yml: no wave.yml")``."""
    folders = (tmp_path_factory.mktemp("damaged") for _ in CASES)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checking, "check_cells", _right_once(checking.check_cells))
        yield cache(lambda name: _refusal(name, next(folders), published, figure_row))


def _right_once(check_cells):
    """The same, but a table that was found right before is not looked at again: most of a project is not damaged."""
    known = {}

    def check(cells, contract, error, *, where):
        key = contract.name, cells.to_csv()
        if key not in known:
            known[key] = check_cells(cells, contract, error, where=where)
        return known[key].copy()

    return check


def _refusal(name, root, published, figure_row):
    file, _, case = CASES[name]
    is_demo = file == "synthetic.yml" or case.get("demo", False)
    shutil.copytree((FIVE_WAVES if is_demo else MINI) / "data" / "raw", root / "data" / "raw")
    damage(Copy(root), case.get("in", file), case, figure_row)
    try:
        if file == "synthetic.yml":
            # nothing else is damaged, and reading the rest takes most of the time
            synthesize(replace(published, project=Project(root)))
        elif is_demo:
            synthesize(read_published(Project(root)))
        else:
            read(root)
    except Exception as refused:
        return refused
    finally:
        shutil.rmtree(root)
    return None


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_its_class_its_place_and_what_to_do(name, refusal):
    file, error, case = CASES[name]
    refused = refusal(name)
    assert type(refused) is getattr(errors, error), refused
    message = str(refused)
    assert [part for part in [Path(file).name, *case["says"]] if str(part) not in message] == [], message
    assert len(message) <= 2000 and len(message.splitlines()) <= 4
    assert refused.where and refused.todo


def test_there_are_enough_of_them():
    assert len(CASES) >= 150


READERS = (
    *("files", "checking", "records", "waves", "project", "concepts", "editorial", "population"),
    *("instrument/reading", "figures", "published", "agreement", "sources/manifest"),
    *("answers", "sources/intake", "synthetic/assumptions", "synthetic/answers", "synthetic/municipalities"),
)
# function: why no data can bring it there
NO_DATA = {
    "open_edition": "a baseline that is named, not read",
    "Project.wave": "a year that is named, not read",
    "Answers._rows": "a year that is named, not read",
    "Answers._same_municipalities": "years that are named, not read",
    "_check_source": "a kind of source that no reader has",
    "write_file": "it writes",
    **dict.fromkeys(("new_folder", "_put", "_check_free", "keep_from_git"), "it makes, and reads nothing"),
}


def places_of(path):
    """Function, first and last line of each statement in a module that raises an error."""

    def within(node, function):
        for child in ast.iter_child_nodes(node):
            is_named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            inner = ".".join(filter(None, [function, child.name])) if is_named else function
            # what a model of YAML raises comes out of its reader
            if isinstance(child, ast.Raise) and "ValueError" not in ast.unparse(child):
                yield inner, child.lineno, child.end_lineno
            yield from within(child, inner)

    return list(within(ast.parse(path.read_text("utf-8")), ""))


def test_every_refusal_of_a_reader_has_a_case(refusal):
    reached = set()
    for refused in map(refusal, CASES):
        while refused:
            frames = traceback.walk_tb(refused.__traceback__)
            reached |= {(Path(frame.f_code.co_filename), line) for frame, line in frames}
            refused = refused.__context__
    missed = [
        f"{name}.py, line {first}, in {function}"
        for name in READERS
        for path in [ROOT / "wijkpeiling" / f"{name}.py"]
        for function, first, last in places_of(path)
        if function not in NO_DATA and not any((path, line) in reached for line in range(first, last + 1))
    ]
    assert missed == []
