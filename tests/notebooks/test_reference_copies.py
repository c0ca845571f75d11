import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NOTEBOOKS = sorted((HERE.parents[1] / "notebooks").glob("*.ipynb"))

# the cover is one piece
FEWEST = {"00_kern": 1}


def cells(path):
    return [
        (cell["cell_type"], "".join(cell["source"])) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_reference_copy_is_the_notebook_of_today(notebook):
    assert cells(HERE / notebook.name) == cells(notebook), "run `make reference-notebooks`"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_reference_copy_has_outputs_to_compare_with(notebook):
    outputs = [
        output
        for cell in json.loads((HERE / notebook.name).read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    assert len(outputs) >= FEWEST.get(notebook.stem, 4)
    assert {output["output_type"] for output in outputs} == {"execute_result"}
