"""The command line: parses, calls, prints, and gives each kind of error its exit code."""

import os
import signal
import sys
import threading
from contextlib import suppress
from importlib.machinery import ExtensionFileLoader
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from wijkpeiling.cli.options import check_language, choices, numbers, short, whole_numbers
from wijkpeiling.errors import ProjectError, ReportError, WijkpeilingError
from wijkpeiling.run.process import STOPPING, TIME_LIMIT, close_stream
from wijkpeiling.run.publications import EDITION

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

INTERRUPTED = 130
WRONG_USE = 2
LONGEST_ARGUMENT = 1000
ALL_FORMATS = ",".join(EDITION.formats)


class Interrupted(BaseException):
    """The user or the system asked to stop: unlike KeyboardInterrupt, typer lets it through.

    It can be raised anywhere, so also where somebody else's code takes any error for its own: a bare ``except``, C code
    that clears what was raised. Dropped before `main` heard it, it is asked again.
    """

    is_heard = False

    def __del__(self) -> None:
        if not Interrupted.is_heard:
            _ask_again()


@app.callback()
def about() -> None:
    """Replicates the survey of Dutch neighbourhood teams: estimates, change against a baseline, reports."""


Wave = Annotated[int | None, typer.Option(help="Year of the wave.", show_default="the newest known")]
Baseline = Annotated[int | None, typer.Option(help="Year compared with.", show_default="as wave.yml")]
Language = Annotated[str, typer.Option(help="nl or en.")]
ProjectFolder = Annotated[Path, typer.Option(help="The project's folder.")]
Formats = Annotated[str, typer.Option(help=f"Any of {ALL_FORMATS}.", show_default="all")]
Output = Annotated[Path | None, typer.Option(help="Folder to write.", show_default="reports/WAVE")]
TimeLimit = Annotated[float, typer.Option(help="Seconds that one notebook may take.", min=1, max=86_400)]
DemoOutput = Annotated[Path | None, typer.Option(help="Folder to write.", show_default="reports/demo")]


@app.command()
def report(
    wave: Wave = None,
    baseline: Baseline = None,
    language: Language = "nl",
    project: ProjectFolder = Path(),
    output: Output = None,
    formats: Formats = ALL_FORMATS,
    time_limit: TimeLimit = TIME_LIMIT,
) -> None:
    """Build the edition of a wave from the notebooks."""
    _build("published", wave, baseline, language, project, output, formats, time_limit)


@app.command()
def demo(
    wave: Wave = None,
    baseline: Baseline = None,
    language: Language = "nl",
    project: ProjectFolder = Path(),
    output: DemoOutput = None,
    formats: Formats = ALL_FORMATS,
    time_limit: TimeLimit = TIME_LIMIT,
) -> None:
    """Build an edition on invented answers, marked as such, to see what a survey with answers gives."""
    _build("synthetic", wave, baseline, language, project, output, formats, time_limit)


@app.command()
def plan(
    baseline: Annotated[int | None, typer.Option(help="Wave to compare with.", show_default="the newest known")] = None,
    municipalities: Annotated[int | None, typer.Option(help="Municipalities then.", show_default="newest year")] = None,
    share: Annotated[float, typer.Option(help="Share expected, 0-1; 0.5 is the least favourable.")] = 0.5,
    response: Annotated[str, typer.Option(help="Response rates to compare, in percent.")] = "40,50,60,70,80",
    items: Annotated[str, typer.Option(help="Numbers of items tested together.")] = "1,4,10,40",
    overlap: Annotated[float | None, typer.Option(help="Part that answers both, 0-1.", show_default="chance")] = None,
    correlation: Annotated[float, typer.Option(help="Of a municipality's two answers, 0-1.")] = 0.0,
    change: Annotated[float, typer.Option(help="Change to find, in percentage points.")] = 5.0,
    language: Language = "nl",
    project: ProjectFolder = Path(),
    output: Annotated[Path | None, typer.Option(help="Folder to write.", show_default="reports/plan")] = None,
) -> None:
    """Say what a coming wave can find: the smallest detectable change, and the response it takes."""
    from wijkpeiling.project import find_root
    from wijkpeiling.run.planning import plan_wave

    check_language(language)
    root = find_root(project)
    folder = (output or root / "reports" / "plan").absolute()
    told = plan_wave(
        root,
        folder,
        baseline=baseline,
        municipalities=municipalities,
        share=share,
        rates=[rate / 100 for rate in numbers(response, "--response")],
        families=whole_numbers(items, "--items"),
        overlap=overlap,
        correlation=correlation,
        change=change / 100,
        language=language,
    )
    tell(told)
    tell(f"written to {short(folder)}")


@app.command()
def render(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition, such as reports/2019.")],
    style: Annotated[Path | None, typer.Option(help="Style file: colours by role.", show_default="house style")] = None,
) -> None:
    """Make the page and the charts of an edition again, without running a notebook."""
    from wijkpeiling.run.edition import render_edition

    folder = edition.absolute()
    render_edition(folder, style)
    tell(f"rendered {short(folder)}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context, project: ProjectFolder = Path()) -> None:
    """Open JupyterLab on the notebooks; further options go to JupyterLab."""
    import subprocess

    from wijkpeiling.project import find_root

    # the project is the root: a notebook cannot lead to what lies outside it, such as the glossary
    settings = [f"--ServerApp.root_dir={find_root(project)}", "--LabApp.default_url=/lab/tree/notebooks"]
    raise typer.Exit(subprocess.run([sys.executable, "-m", "jupyterlab", *settings, *context.args]).returncode)


def main() -> None:
    """Run the command line; a user's error is told without a traceback."""
    for asked in STOPPING:
        # under nohup a terminal that closes is to be ignored
        if signal.getsignal(asked) is not signal.SIG_IGN:
            signal.signal(asked, _interrupt)
    sys.unraisablehook = _tell_unraisable
    _prepare_streams()
    if any(len(argument) > LONGEST_ARGUMENT for argument in sys.argv):
        _stop(f"an argument of more than {LONGEST_ARGUMENT:,} characters", WRONG_USE)
    try:
        _check_current_folder()
        app()
    except WijkpeilingError as error:
        _stop(f"{type(error).__name__}: {error}", error.exit_code)
    except Interrupted:
        Interrupted.is_heard = True
        _tell_why("interrupted; nothing was written")
        with suppress(OSError):
            sys.stdout.flush()
        # all is cleared up; Python would take a second to take leave of its modules and threads
        os._exit(INTERRUPTED)


def _stop(told: str, code: int) -> NoReturn:
    _tell_why(told)
    sys.exit(code)


def _tell_why(told: str) -> None:
    try:
        typer.echo(told, err=True)
    except OSError:
        close_stream(sys.stderr)


def tell(told: str) -> None:
    """Say something on standard output; one that takes nothing is an error after the work."""
    try:
        typer.echo(told)
    except OSError as failure:
        close_stream(sys.stdout)
        raise ReportError(
            f"done, but it could not be told: {failure.strerror}",
            expected="a standard output that takes what is written",
            todo="look into the folder: it is there",
        ) from None


def _prepare_streams() -> None:
    """A stream that is closed takes nothing; one of few characters gets a question mark for the others."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(getattr(sys, name), TextIOWrapper):
            getattr(sys, name).reconfigure(errors="replace")


def _check_current_folder() -> None:
    try:
        Path.cwd()
    except OSError as failure:
        raise ProjectError(
            f"the current folder is not there: {failure.strerror}",
            expected="a folder that exists",
            todo="go to another folder with cd",
        ) from None


def _build(
    source: str,
    wave: int | None,
    baseline: int | None,
    language: str,
    project: Path,
    output: Path | None,
    formats: str,
    time_limit: float,
) -> None:
    from wijkpeiling.project import Project, find_root, open_edition
    from wijkpeiling.run.edition import build_edition

    chosen = choices(formats, EDITION.formats, "--formats")
    check_language(language)
    root = find_root(project)
    if wave is None:
        wave = Project(root).newest_counted_wave if source == "synthetic" else Project(root).newest_wave
    edition = open_edition(wave=wave, baseline=baseline, language=language, source=source, start=root)
    folder = (output or EDITION.target(root, edition.parameters)).absolute()
    is_new = build_edition(edition, folder, chosen, time_limit)
    tell(f"{'built' if is_new else 'nothing changed since'} {short(folder)}")


def _interrupt(number: int, frame: FrameType | None) -> None:
    # some libraries of C++ end the process when anything is raised while they are imported
    if _imports_compiled(frame):
        _ask_again()
    else:
        raise Interrupted


def _imports_compiled(frame: FrameType | None) -> bool:
    while frame and not isinstance(frame.f_locals.get("self"), ExtensionFileLoader):
        frame = frame.f_back
    return frame is not None


def _ask_again() -> None:
    """Ask this process to stop once more, a moment later."""
    again = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM))
    again.daemon = True
    again.start()


def _tell_unraisable(lost: Any) -> None:
    """Python drops what is raised while it clears something up: nothing to tell when it is asked again anyway."""
    if not isinstance(lost.exc_value, Interrupted):
        sys.__unraisablehook__(lost)
