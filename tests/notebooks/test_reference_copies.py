import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WHERE = HERE.parents[1] / "notebooks"
NOTEBOOKS = sorted(path for path in WHERE.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)

# the cover is one piece
FEWEST = {"00_kern": 1}


def cells(path):
    return [
        (cell["cell_type"], "".join(cell["source"])) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]


def copy_of(notebook):
    return HERE / notebook.relative_to(WHERE)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_reference_copy_is_the_notebook_of_today(notebook):
    assert cells(copy_of(notebook)) == cells(notebook), "run `make reference-notebooks`"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_reference_copy_has_outputs_to_compare_with(notebook):
    outputs = [
        output
        for cell in json.loads(copy_of(notebook).read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    assert len(outputs) >= FEWEST.get(notebook.stem, 4)
    assert {output["output_type"] for output in outputs} == {"execute_result"}


@pytest.mark.parametrize("place", [WHERE, HERE], ids=["notebook", "copy"])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_state_of_widgets_is_kept(notebook, place):
    kept = json.loads((place / notebook.relative_to(WHERE)).read_text(encoding="utf-8"))
    shown = [kind for cell in kept["cells"] for output in cell.get("outputs", []) for kind in output.get("data", {})]
    assert "widgets" not in kept["metadata"]
    assert [kind for kind in shown if "widget" in kind] == []
