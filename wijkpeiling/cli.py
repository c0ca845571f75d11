"""The command line: parses, calls, prints, and gives each kind of error its exit code."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from wijkpeiling.errors import WijkpeilingError
from wijkpeiling.parameters import LANGUAGES

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

INTERRUPTED = 130


class Interrupted(BaseException):
    """The user or the system asked to stop: unlike KeyboardInterrupt, typer lets it through."""


@app.callback()
def about() -> None:
    """Replicates the survey of Dutch neighbourhood teams: estimates, change against a baseline, reports."""


Wave = Annotated[int | None, typer.Option(help="Year of the wave.", show_default="the newest known")]
Baseline = Annotated[int | None, typer.Option(help="Year compared with.", show_default="as wave.yml")]
Language = Annotated[str, typer.Option(help="nl or en.")]
ProjectFolder = Annotated[Path, typer.Option(help="The project's folder.")]
Formats = Annotated[str, typer.Option(help="Any of html,data.")]
Output = Annotated[Path | None, typer.Option(help="Folder to write.", show_default="reports/WAVE")]
DemoOutput = Annotated[Path | None, typer.Option(help="Folder to write.", show_default="reports/demo")]


@app.command()
def report(
    wave: Wave = None,
    baseline: Baseline = None,
    language: Language = "nl",
    project: ProjectFolder = Path(),
    output: Output = None,
    formats: Formats = "html,data",
) -> None:
    """Build the edition of a wave from the notebooks."""
    _build("published", wave, baseline, language, project, output, formats)


@app.command()
def demo(
    wave: Wave = None,
    baseline: Baseline = None,
    language: Language = "nl",
    project: ProjectFolder = Path(),
    output: DemoOutput = None,
    formats: Formats = "html,data",
) -> None:
    """Build an edition on invented answers, marked as such, to see what a survey with answers gives."""
    _build("synthetic", wave, baseline, language, project, output, formats)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context, project: Annotated[Path, typer.Option(help="The project's folder.")] = Path()) -> None:
    """Open JupyterLab on the notebooks; further options go to JupyterLab."""
    import subprocess

    from wijkpeiling.project import find_root

    folder = find_root(project) / "notebooks"
    raise typer.Exit(subprocess.run([sys.executable, "-m", "jupyterlab", str(folder), *context.args]).returncode)


def main() -> None:
    """Run the command line; a user's error is told without a traceback."""
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, _interrupt)
    try:
        app()
    except WijkpeilingError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(error.exit_code)
    except Interrupted:
        typer.echo("interrupted; nothing was written", err=True)
        sys.exit(INTERRUPTED)


def _build(
    source: str,
    wave: int | None,
    baseline: int | None,
    language: str,
    project: Path,
    output: Path | None,
    formats: str,
) -> None:
    from wijkpeiling.project import Project, find_root, open_edition
    from wijkpeiling.run.edition import FORMATS, build_edition

    chosen = _choices(formats, FORMATS, "--formats")
    _choices(language, LANGUAGES, "--language")
    root = find_root(project)
    year = Project(root).newest_wave if wave is None else wave
    edition = open_edition(wave=year, baseline=baseline, language=language, source=source, start=root)
    name = "demo" if source == "synthetic" else str(year)
    if language != LANGUAGES[0]:
        name += f"-{language}"
    folder = (output or root / "reports" / name).absolute()
    is_new = build_edition(edition, folder, chosen)
    typer.echo(f"{'built' if is_new else 'nothing changed since'} {_short(folder)}")


def _interrupt(number: int, frame: object) -> None:
    raise Interrupted


def _choices(text: str, allowed: tuple[str, ...], option: str) -> list[str]:
    chosen = [part.strip() for part in text.split(",")]
    unknown = [part for part in chosen if part not in allowed]
    if unknown:
        raise typer.BadParameter(
            f"{', '.join(map(repr, unknown))} is not one of {', '.join(allowed)}", param_hint=option
        )
    return [part for part in allowed if part in chosen]


def _short(path: Path) -> str:
    """The path from here where that is shorter to read."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
