"""The notebooks of the lessons as they are committed: short, thin, without results, in two languages."""

import ast
import json
import re

import pytest

from wijkpeiling.lessons.register import LESSONS as MODULES
from wijkpeiling.parameters import LESSON_PARAMETERS
from wijkpeiling.run.publications import LESSONS

MOST_CELLS = 15
BUILDING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
REPEATING = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def text(cell):
    return "".join(cell["source"])


def tagged(cells, tag):
    return [cell for cell in cells if tag in cell["metadata"].get("tags", [])]


@pytest.fixture(params=sorted(MODULES))
def path(request, root):
    return root / LESSONS.folder / f"{request.param}.ipynb"


@pytest.fixture
def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.fixture
def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_every_lesson_has_its_notebook(root):
    assert [path.stem for path in LESSONS.notebooks(root)] == sorted(MODULES)


def test_a_lesson_is_short(cells):
    assert len(cells) <= MOST_CELLS


def test_no_results_are_committed(code):
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []


def test_the_file_is_written_as_the_others(path):
    written = path.read_text(encoding="utf-8")
    notebook = json.loads(written)
    assert written == json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids == [f"{path.name[:2]}-{place:02}" for place in range(1, len(ids) + 1)]


def test_one_cell_sets_the_parameters_and_explains_them(code):
    (cell,) = tagged(code, "parameters")
    assert cell is code[0]
    body = ast.parse(text(cell)).body
    assert [target.id for line in body for target in line.targets] == list(LESSON_PARAMETERS)
    assert [ast.literal_eval(line.value) for line in body] == [2019, "nl", None]
    assert all(re.search(r"  # \S+", line) for line in text(cell).splitlines())


def test_code_is_thin(code):
    trees = [list(ast.walk(ast.parse(text(cell)))) for cell in code]
    nodes = [node for tree in trees for node in tree]
    assert [type(node).__name__ for node in nodes if isinstance(node, BUILDING + REPEATING)] == []
    imports = [
        place for place, tree in enumerate(trees) if any(isinstance(one, ast.ImportFrom | ast.Import) for one in tree)
    ]
    assert imports == [1]
    assert all(node.module.startswith("wijkpeiling.lessons") for node in nodes if isinstance(node, ast.ImportFrom))


def test_it_says_that_the_answers_are_invented(cells, path, code):
    shown = "cover(lesson)" if path.name.startswith("01") else "invented(lesson)"
    assert text(code[1]).endswith(shown)


def test_its_title_comes_before_anything_is_shown(cells, code):
    # a page takes what stands before the title of a lesson for the end of the one before
    titles = [place for place, cell in enumerate(cells) if re.match(r"# \S", text(cell)) and cell not in code]
    assert len(titles) == 2
    assert max(titles) < cells.index(code[1])
    assert cells.index(code[0]) < min(titles)


def test_it_leads_to_the_glossary(cells, path):
    (target,) = re.findall(r"\]\((\S+GLOSSARY\.md)\)", text(cells[0]))
    assert (path.parent / target).resolve().is_file()


def test_dutch_and_english_say_the_same_in_turn(cells):
    languages = [tag for cell in cells for tag in cell["metadata"].get("tags", []) if tag in ("nl", "en")]
    assert languages == ["nl", "en"] * 3
    for dutch, english in zip(tagged(cells, "nl"), tagged(cells, "en"), strict=True):
        shapes = [re.findall(r"^(#+|[-*]) |\n\n", text(cell), flags=re.MULTILINE) for cell in (dutch, english)]
        assert shapes[0] == shapes[1]
        assert [found for cell in (dutch, english) for found in re.findall(r"\d+\s?(?:%|procent)", text(cell))] == []


def test_a_prediction_comes_before_what_moves_and_two_answers_are_asked(cells, code):
    assert "**Voorspel eerst.**" in text(tagged(cells, "nl")[0])
    assert "**Predict first.**" in text(tagged(cells, "en")[0])
    assert [text(cell).startswith("answer = None  # ") for cell in code].count(True) == 2
    assert sum("\ncheck(" in text(cell) for cell in code) == 2
