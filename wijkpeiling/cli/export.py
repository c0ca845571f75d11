"""The command ``export``: the answers of a wave in a file for others."""

from pathlib import Path
from typing import Annotated

import typer

from wijkpeiling.cli.main import Language, ProjectFolder, app, tell
from wijkpeiling.cli.options import check_language, one_of, short


@app.command()
def export(
    wave: Annotated[int, typer.Argument(help="Year of the wave.")],
    to: Annotated[str, typer.Option(help="sav (SPSS), dta (Stata), csv or xlsx.")],
    public: Annotated[
        bool, typer.Option("--public", help="Without codes, names and all that points to a municipality.")
    ] = False,
    language: Language = "nl",
    output: Annotated[
        Path | None, typer.Option(help="File to write.", show_default="reports/exports/WAVE.FORMAT")
    ] = None,
    project: ProjectFolder = Path(),
) -> None:
    """Write the answers of a wave with labels and the reason of each missing one, whole or for public use."""
    from wijkpeiling.exchange.export import FORMATS
    from wijkpeiling.exchange.export import export as write
    from wijkpeiling.project import Project, find_root

    one_of(to, FORMATS, "--to")
    check_language(language)
    root = find_root(project)
    path = output or root / "reports" / "exports" / f"{wave}{'_public' if public else ''}.{to}"
    if path.suffix != f".{to}":
        raise typer.BadParameter(f"{path.name!r:.60} does not end with .{to}", param_hint="--output")
    written = write(Project(root), wave, to, path.absolute(), is_public=public, language=language)
    for line in written.told:
        tell(line)
    tell("written to " + ", ".join(short(place) for place in written.paths))
