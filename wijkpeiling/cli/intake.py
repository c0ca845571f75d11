"""The command that takes in an export."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from wijkpeiling.cli.main import ProjectFolder, app, tell


@app.command()
def intake(
    file: Annotated[Path, typer.Argument(help="Export of the survey tool.")],
    wave: Annotated[int, typer.Option(help="Year of the wave.")],
    replace: Annotated[bool, typer.Option("--replace", help="Take it instead of an earlier export.")] = False,
    project: ProjectFolder = Path(),
) -> None:
    """Take in what a survey tool exported, as the responses of a wave."""
    from wijkpeiling.intake.intake import take_in
    from wijkpeiling.project import Project, find_root

    taken = take_in(Project(find_root(project)), wave, file.absolute(), replace=replace)
    tell(f"recognised: {taken.description}")
    if not taken.is_new:
        tell("nothing changed: this export was taken in before")
        return
    counts = Counter(finding.severity for finding in taken.findings)
    tell(f"taken in: {taken.replies:,} replies, {taken.respondents:,} municipalities")
    tell(f"warnings: {counts['warning']}; notes: {counts['note']}; see data/raw/{wave}/responses/findings.html")
