"""One edition, from notebooks to a folder that can be published."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from wijkpeiling.project import Edition
from wijkpeiling.run.folder import replacing
from wijkpeiling.run.notebooks import execute, report_notebooks
from wijkpeiling.run.progress import progress
from wijkpeiling.run.provenance import describe, is_current, read_build, write_build

if TYPE_CHECKING:
    from wijkpeiling.charts.style import Style
    from wijkpeiling.present.blocks import Drawings
    from wijkpeiling.report.model import Report

FORMATS = ("html", "data")


def build_edition(edition: Edition, output: Path, formats: list[str]) -> bool:
    """Execute the notebooks for an edition and write its folder.

    Parameters
    ----------
    output
        Folder of the edition. It is replaced as a whole when everything has succeeded, and not touched before.
    formats
        Of ``FORMATS``.

    Returns
    -------
    bool
        False when the folder already held this edition, made from the same inputs.

    Raises
    ------
    ReportError
        When the folder cannot be written, or holds something that is not an edition.
    WijkpeilingError
        For data that do not follow their contract, or what a notebook raised.
    """
    root = edition.project.root
    notebooks = report_notebooks(root)
    parameters = {
        "wave": edition.wave.wave,
        "baseline": edition.baseline_year,
        "language": edition.language,
        "source": edition.source,
    }
    description = describe(root, notebooks, parameters, formats)
    if is_current(output, description):
        return False
    from wijkpeiling.run.kernels import Kernels

    # the kernels' imports and ours go side by side
    with Kernels() as kernels:
        from wijkpeiling.sources.edition import read_sources

        # a fault in the data is told at once, not by whichever notebook comes upon it first
        read_sources(edition)
        with replacing(output) as folder, progress(len(notebooks) + 1) as steps:
            executed = execute(notebooks, parameters, kernels, on_done=steps.done)
            _write(executed, edition.language, formats, folder)
            write_build(folder, description)
            steps.done("report")
    return True


def _write(executed: dict[str, dict], language: str, formats: list[str], folder: Path) -> None:
    from wijkpeiling.charts.style import house_style
    from wijkpeiling.report.data import shown_contracts, write_data
    from wijkpeiling.report.model import assemble, write_model

    report, drawings = assemble(executed, language)
    write_model(report, folder / "report.json")
    (folder / "notebooks").mkdir()
    for name, notebook in executed.items():
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / "notebooks" / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")
    if "data" in formats and shown_contracts(report):
        write_data(report, folder / "data")
    _write_formats(report, drawings, house_style(), formats, folder)


def render_edition(edition: Path, style_file: Path | None = None) -> None:
    """Make the formats of an edition again from its ``report.json``; no notebook is run.

    Parameters
    ----------
    edition
        Folder of an edition. It is replaced as a whole when everything has succeeded.
    style_file
        Colours that differ from the house style, for charts and page.

    Raises
    ------
    ReportError
        When the folder is no edition, or the style cannot be read or lacks contrast.
    """
    from wijkpeiling.charts.style import house_style, read_style
    from wijkpeiling.report.model import draw_charts, read_model

    style = read_style(style_file) if style_file else house_style()
    report, description = read_model(edition / "report.json"), read_build(edition)
    with replacing(edition) as folder:
        shutil.copytree(edition, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("figures"))
        _write_formats(report, draw_charts(report, style), style, description["formats"], folder)
        write_build(folder, description | {"style": style.model_dump() if style_file else None})


def _write_formats(
    report: "Report", drawings: dict[str, "Drawings"], style: "Style", formats: list[str], folder: Path
) -> None:
    from wijkpeiling.report.data import shown_contracts
    from wijkpeiling.report.page import render_page

    (folder / "figures").mkdir()
    for name, drawn in drawings.items():
        (folder / "figures" / f"{name}.svg").write_text(drawn.wide, encoding="utf-8")
    if "html" in formats:
        data_files = shown_contracts(report) if "data" in formats else []
        page = render_page(report, drawings=drawings, style=style, data_files=data_files)
        (folder / "index.html").write_text(page, encoding="utf-8")
