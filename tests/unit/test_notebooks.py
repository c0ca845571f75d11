"""The notebooks as they are committed: thin, without results, in two languages."""

import ast
import json
import re

import pytest

from wijkpeiling.run.publications import EDITION

NAMES = ["00_kern", "01_respons", "02_taken", "03_preventie", "04_trend", "05_herkomst"]
PARAMETERS = ["wave", "baseline", "language", "source"]
BUILDING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
REPEATING = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def text(cell):
    return "".join(cell["source"])


def tagged(cells, tag):
    return [cell for cell in cells if tag in cell["metadata"].get("tags", [])]


@pytest.fixture(params=NAMES)
def cells(request, notebooks):
    return notebooks[request.param]["cells"]


@pytest.fixture
def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_these_are_the_notebooks_of_the_report(notebooks):
    assert [name for name in notebooks if re.match(r"\d\d_", name)] == NAMES


def test_no_results_are_committed(code):
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_kernel_is_plain_python(notebooks, name):
    metadata = notebooks[name]["metadata"]
    assert metadata["kernelspec"] == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert metadata["language_info"] == {"name": "python"}


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_written_as_the_others(root, notebooks, name):
    written = (root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    assert written == json.dumps(notebooks[name], indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_cells_have_ids_that_stay(notebooks, name):
    ids = [cell["id"] for cell in notebooks[name]["cells"]]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not re.fullmatch(name[:2] + r"-\d\d[a-z]?", one)] == []


def test_one_cell_sets_the_parameters_to_plain_values(cells):
    (cell,) = tagged(cells, "parameters")
    body = ast.parse(text(cell)).body
    assert [target.id for line in body for target in line.targets] == PARAMETERS
    assert [ast.literal_eval(line.value) for line in body] == [2019, None, "nl", "published"]


def test_every_parameter_is_explained(cells):
    (cell,) = tagged(cells, "parameters")
    assert all(re.search(r"  # \S+", line) for line in text(cell).splitlines())


def test_the_parameters_come_before_all_other_code(code):
    assert "parameters" in code[0]["metadata"]["tags"]


def test_imports_stand_in_one_cell_right_after_the_parameters(code):
    places = [
        place
        for place, cell in enumerate(code)
        if any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(ast.parse(text(cell))))
    ]
    assert places == [1]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_first_cell_of_a_language_is_the_title(cells, language):
    first, *rest = tagged(cells, language)
    assert first["cell_type"] == "markdown"
    assert re.match(r"# \S", text(first))
    assert [text(cell) for cell in rest if re.match(r"# ", text(cell))] == []


def test_dutch_and_english_say_the_same_in_turn(cells):
    languages = [tag for cell in cells for tag in cell["metadata"].get("tags", []) if tag in ("nl", "en")]
    assert languages == ["nl", "en"] * (len(languages) // 2)
    for dutch, english in zip(tagged(cells, "nl"), tagged(cells, "en"), strict=True):
        shapes = [re.findall(r"^(#+|[-*]) |\n\n", text(cell), flags=re.MULTILINE) for cell in (dutch, english)]
        assert shapes[0] == shapes[1]


def test_no_other_tags_are_used(cells):
    assert {tag for cell in cells for tag in cell["metadata"].get("tags", [])} == {"parameters", "nl", "en"}


def test_code_defines_and_repeats_nothing(code):
    trees = [ast.walk(ast.parse(text(cell))) for cell in code]
    assert [type(node).__name__ for tree in trees for node in tree if isinstance(node, BUILDING + REPEATING)] == []


def test_code_imports_from_the_package_only(code):
    modules = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for cell in code
        for node in ast.walk(ast.parse(text(cell)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert [module for module in modules if not module.startswith("wijkpeiling.")] == []


def test_code_holds_no_paths_and_no_shell(code):
    strings = [
        node.value
        for cell in code
        for node in ast.walk(ast.parse(text(cell)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [value for value in strings if "/" in value or "\\" in value or "~" in value] == []


def test_prose_of_the_report_holds_no_number_that_the_package_computes(cells):
    prose = [text(cell) for cell in cells if {"nl", "en"} & set(cell["metadata"].get("tags", []))]
    assert [found for one in prose for found in re.findall(r"\d+\s?(?:%|procent|percent)", one)] == []


def test_the_report_is_told_in_the_order_of_its_publication(root):
    told = [path.stem for path in EDITION.notebooks(root)]
    assert told == ["00_kern", "03_preventie", "02_taken", "04_trend", "01_respons", "05_herkomst"]


def test_notebooks_without_a_place_follow_by_name(tmp_path):
    for name in ("01_a", "02_b", "03_c", "04_d"):
        (tmp_path / EDITION.folder).mkdir(exist_ok=True)
        (tmp_path / EDITION.folder / f"{name}.ipynb").touch()
    placed, unplaced = (EDITION._replace(order=order).notebooks(tmp_path) for order in (("03", "01"), ()))
    assert [path.stem[:2] for path in placed] == ["03", "01", "02", "04"]
    assert [path.stem[:2] for path in unplaced] == ["01", "02", "03", "04"]
