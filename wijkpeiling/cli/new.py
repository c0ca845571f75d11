"""Commands that begin something: a new wave, a project of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from wijkpeiling.cli.main import ProjectFolder, app, tell
from wijkpeiling.cli.options import short

Year = Annotated[int, typer.Argument(help="Year of the wave.", min=1000, max=9999)]


@app.command()
def new(wave: Year, project: ProjectFolder = Path()) -> None:
    """Make the folder of a new wave: its questionnaire, and what is to be filled in."""
    from wijkpeiling.fieldwork.new import new_wave
    from wijkpeiling.project import Project, find_root

    folder = new_wave(Project(find_root(project)), wave)
    tell(f"made {short(folder)}")
    tell("next: fill in wave.yml; read questionnaire.yml, change what is asked otherwise, and judge its verdicts")
    tell(f"then: wijkpeiling questionnaire {wave}, which says what is not in order yet")


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Folder to make, or an empty one.", metavar="DIR")]) -> None:
    """Make a project of your own: the notebooks and the data of the earlier waves."""
    from wijkpeiling.fieldwork.init import make_project

    made = make_project(folder)
    tell(f"made {short(made)}")
    tell("next: go there with cd, and run wijkpeiling report, or wijkpeiling new YEAR")
