"""The command ``frame``: the municipalities of a wave."""

from pathlib import Path
from typing import Annotated

import typer

from wijkpeiling.cli.main import ProjectFolder, app, tell
from wijkpeiling.cli.options import short


@app.command()
def frame(
    wave: Annotated[int, typer.Argument(help="Year of the wave.", min=1990, max=2100)],
    file: Annotated[
        Path | None,
        typer.Option(
            help="A list of your own (CSV or a spreadsheet): code, name, provincie, inhabitants or size class.",
            show_default="fetched from CBS",
        ),
    ] = None,
    add_year: Annotated[
        bool, typer.Option("--add-year", help="Write the year's number to municipalities.csv, unless confirmed.")
    ] = False,
    project: ProjectFolder = Path(),
) -> None:
    """List the municipalities of a wave, from CBS or a file, and link them to those of an earlier wave."""
    from wijkpeiling.fieldwork.frame import make_frame
    from wijkpeiling.project import Project, find_root

    if file is None:
        # nothing else here takes longer than a moment
        tell(f"fetching the municipalities of {wave} from CBS")
    made = make_frame(Project(find_root(project)), wave, file=file, add_year=add_year)
    for line in made.told:
        tell(line)
    tell(f"{'written to' if made.is_new else 'nothing changed since'} {short(made.path.absolute())}")
