"""Run the notebooks with their own parameters and keep them here with outputs, for nbval to compare with."""

import json
from pathlib import Path

from wijkpeiling.present.blocks import PHONE_SVG, SVG
from wijkpeiling.project import find_root
from wijkpeiling.run.kernels import Kernels
from wijkpeiling.run.notebooks import execute
from wijkpeiling.run.publications import EDITION, LESSONS

HERE = Path(__file__).resolve().parent
ROOT = find_root(HERE)


def without_drawings(notebook: dict) -> dict:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output["data"] |= {kind: "DRAWING" for kind in (SVG, PHONE_SVG) if kind in output["data"]}
    return notebook


with Kernels() as kernels:
    for publication in (EDITION, LESSONS):
        # as they stand below notebooks/
        folder = HERE / Path(publication.folder).relative_to("notebooks")
        executed = execute(publication.notebooks(ROOT), {}, kernels, publication.parameters)
        for name, notebook in executed.items():
            text = json.dumps(without_drawings(notebook), indent=1, ensure_ascii=False, sort_keys=True)
            (folder / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")
            print(f"wrote {folder / name}.ipynb")
