"""One publication, from notebooks to a folder that can go out."""

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkpeiling.errors import ProjectError, ReportError, RunError
from wijkpeiling.extras import PUBLISH, library
from wijkpeiling.parameters import check_parameters
from wijkpeiling.project import Edition, find_root
from wijkpeiling.run.folder import replacing
from wijkpeiling.run.formats import Given, import_ahead, write_formats
from wijkpeiling.run.notebooks import execute
from wijkpeiling.run.process import TIME_LIMIT
from wijkpeiling.run.progress import progress
from wijkpeiling.run.provenance import check_unchanged, describe, is_current, read_build, stamps, write_build
from wijkpeiling.run.publications import EDITION, PACKAGES, Publication, other_language

if TYPE_CHECKING:
    from wijkpeiling.charts.style import Style
    from wijkpeiling.report.model import Report
    from wijkpeiling.run.kernels import Kernels


def build_edition(edition: Edition, output: Path, formats: list[str], time_limit: float = TIME_LIMIT) -> bool:
    """Build the edition of a wave: see `build`. Its data are read first, so that a fault in them is told at once."""

    def read_first() -> None:
        # imported while the kernels start
        from wijkpeiling.sources.edition import read_sources

        read_sources(edition)
        _ = edition.editorial

    root, parameters = edition.project.root, edition.parameters
    return build(EDITION, root, parameters, output, formats, read_first=read_first, time_limit=time_limit)


def build(
    publication: Publication,
    root: Path,
    parameters: Mapping[str, Any],
    output: Path,
    formats: list[str],
    *,
    kernels: "Kernels | None" = None,
    read_first: Callable[[], object] = lambda: None,
    time_limit: float = TIME_LIMIT,
) -> bool:
    """Execute the notebooks of a publication and write its folder.

    Parameters
    ----------
    root
        The project's folder.
    parameters
        A value for each parameter of the publication.
    output
        Folder of the publication. It is replaced as a whole when everything has succeeded, and not touched before.
    formats
        Of the publication's ``formats``.
    kernels
        Where the notebooks run, opened and closed by a caller that builds more than one; None for kernels of its own.
    read_first
        Called before the notebooks run, beside the start of the kernels. A caller that builds more than one publication
        of the same data reads them itself, once.
    time_limit
        Seconds that one notebook may take.

    Returns
    -------
    bool
        False when the folder already held this publication, made from the same inputs.

    Raises
    ------
    ReportError
        When the folder cannot be written or holds something else, a format is not one of the publication's, or data or
        notebooks were written in the meantime.
    RunError
        For a parameter of the wrong type, one that is not known, or one without a value.
    WijkpeilingError
        For data that do not follow their contract, or what a notebook raised.
    """
    _check_request(publication, parameters, formats)
    notebooks = publication.notebooks(root)
    kind = publication.kind(parameters)
    style = project_style(root)
    before = stamps(root, notebooks)
    description = describe(root, notebooks, kind, dict(parameters), formats)
    description["style"] = on_record(style)
    if is_current(output, description):
        return False
    from wijkpeiling.run.kernels import Kernels

    # the kernels' imports and ours go side by side
    with nullcontext(kernels) if kernels else Kernels() as open_kernels:
        read_first()
        with replacing(output, kind, root) as folder, progress(len(notebooks) + 1) as steps:
            imports = import_ahead(formats)
            executed = execute(
                notebooks,
                dict(parameters),
                open_kernels,
                publication.parameters,
                on_done=steps.done,
                time_limit=time_limit,
            )
            check_unchanged(root, notebooks, before)
            imports.join()
            _write(executed, parameters, publication, formats, folder, style)
            write_build(folder, description)
            steps.done("report")
    return True


def _check_request(publication: Publication, parameters: Mapping[str, Any], formats: list[str]) -> None:
    check_parameters(parameters, publication.parameters)
    missing = [name for name in publication.parameters if name not in parameters]
    if missing:
        raise RunError(f"no value for parameter {', '.join(missing)}", todo="give one and run again")
    strange = [one for one in formats if one not in publication.formats]
    if strange:
        raise ReportError(
            f"format {', '.join(strange)} of publication {publication.name}",
            expected="one of " + ", ".join(publication.formats),
            todo="choose another",
        )
    # told before the notebooks run
    for one in formats:
        for package in PACKAGES.get(one, ()):
            library(package, f"the format {one}", ReportError, PUBLISH)


def _write(
    executed: dict[str, dict],
    parameters: Mapping[str, Any],
    publication: Publication,
    formats: list[str],
    folder: Path,
    style: "Style",
) -> None:
    from wijkpeiling.charts.style import house_style
    from wijkpeiling.report.model import assemble, draw_charts, write_model

    report, drawings = assemble(executed, parameters["language"], publication.folder)
    write_model(report, folder / "report.json")
    (folder / "notebooks").mkdir()
    for name, notebook in executed.items():
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / "notebooks" / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")
    _write_data(report, formats, style, folder)
    if style != house_style():
        # the notebooks show them in the looks of the package
        drawings = draw_charts(report, style)
    other = other_language(publication.kind(parameters), parameters)
    write_formats(Given(report, drawings, style, formats, folder, other))


def _write_data(report: "Report", formats: list[str], style: "Style", folder: Path) -> None:
    from wijkpeiling.report.data import shown_contracts, write_data

    if "data" in formats and shown_contracts(report):
        write_data(report, folder / "data", style)


def project_style(root: Path) -> "Style":
    """The style of a project, read before its notebooks run, so that a fault in it is told at once."""
    from wijkpeiling.charts import style

    return style.project_style(root)


def on_record(style: "Style") -> dict[str, Any] | None:
    """What ``build.json`` says of a style: nothing of the package's own."""
    from wijkpeiling.charts.style import house_style

    is_own = style.model_copy(update={"url": None}) == house_style()
    return None if is_own else style.on_record()


def render_edition(edition: Path, style_file: Path | None = None) -> None:
    """Make the formats of an edition again from its ``report.json``; no notebook is run.

    Parameters
    ----------
    edition
        Folder of an edition. It is replaced as a whole when everything has succeeded.
    style_file
        What differs from the house style, for charts and page; None for the ``style.yml`` of the project that the
        folder stands in, if there is one.

    Raises
    ------
    ReportError
        When the folder is no edition, or the style cannot be read or lacks contrast.
    """
    from wijkpeiling.charts.style import read_style
    from wijkpeiling.report.model import draw_charts, read_model

    style = read_style(style_file) if style_file else _style_around(edition)
    report, built = read_model(edition / "report.json"), read_build(edition)
    description = {name: value for name, value in built.items() if name != "outputs"}
    with replacing(edition, built["kind"]) as folder:
        shutil.copytree(edition, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("figures", "data"))
        # with the licence and the publisher of the style
        _write_data(report, description["formats"], style, folder)
        other = other_language(built["kind"], description["parameters"])
        write_formats(Given(report, draw_charts(report, style), style, description["formats"], folder, other))
        write_build(folder, description | {"style": on_record(style)})


def _style_around(edition: Path) -> "Style":
    """That of the project around an edition; the package's own where it stands in none."""
    from wijkpeiling.charts.style import house_style

    try:
        return project_style(find_root(edition))
    except ProjectError:
        return house_style()
