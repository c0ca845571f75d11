"""Commands that take a questionnaire to the field: what stands in its way, its files, and who is invited."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from wijkpeiling.cli.main import Language, ProjectFolder, app, tell
from wijkpeiling.cli.options import check_language, one_of, short
from wijkpeiling.errors import InstrumentError

Year = Annotated[int, typer.Argument(help="Year of the wave.", min=1000, max=9999)]


class Format(NamedTuple):
    """What ``--to`` can be.

    Attributes
    ----------
    module
        Of fieldwork; imported when it is asked for.
    writers
        Its functions, by the ending of the file that each writes.
    is_fielded
        Whether respondents get to see it, so that the audit has to find no error. What only describes a wave can be
        written of one that was held long ago.
    """

    module: str
    writers: dict[str, str]
    is_fielded: bool = True


FORMATS = {
    "limesurvey": Format("limesurvey", {".txt": "to_limesurvey"}),
    "xlsform": Format("xlsform", {".xlsx": "to_xlsform"}),
    "docx": Format("word", {".docx": "to_docx"}),
    "codebook": Format("codebook", {".html": "to_codebook_html", ".csv": "to_codebook_csv"}, is_fielded=False),
    "ddi": Format("ddi", {".xml": "to_ddi"}, is_fielded=False),
}


@app.command()
def questionnaire(
    wave: Year,
    to: Annotated[str | None, typer.Option(help="One of " + ", ".join(FORMATS) + ".", show_default="none")] = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write.", show_default="reports/questionnaire-WAVE/")
    ] = None,
    language: Language = "nl",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    project: ProjectFolder = Path(),
) -> None:
    """Say what stands in the way of a questionnaire; with --to, write it for a survey tool or a reader."""
    from wijkpeiling.instrument.audit import audit
    from wijkpeiling.instrument.reading import read_questionnaire
    from wijkpeiling.project import Project, find_root

    if to is not None:
        one_of(to, FORMATS, "--to")
    check_language(language)
    known = Project(find_root(project))
    read = read_questionnaire(known, wave)
    problems = audit(read, known)
    errors = [problem for problem in problems if problem.severity == "error"]
    if to is None:
        for severity, key, what, todo in problems:
            tell(f"{severity}: {key}: {what}\n  to do: {todo}")
        tell(f"{len(errors)} of {len(problems)} are errors" if problems else "nothing stands in its way")
        raise typer.Exit(InstrumentError.exit_code if errors else 0)
    chosen = FORMATS[to]
    if errors and chosen.is_fielded:
        first = errors[0]
        raise InstrumentError(
            f"the audit finds errors ({len(errors)}); the first: {first.key}: {first.what}",
            where=known.raw / str(wave) / "questionnaire.yml",
            expected="a questionnaire without errors",
            todo=f"{first.todo}; wijkpeiling questionnaire {wave} names all",
        )
    module = import_module(f"wijkpeiling.fieldwork.{chosen.module}")
    for ending, writer in chosen.writers.items():
        path = _target(output, ending, chosen) if output else _default(known.root, wave, to, language, ending)
        _write(path, getattr(module, writer)(read, wave, known, language), overwrite)


@app.command()
def invitations(wave: Year, project: ProjectFolder = Path()) -> None:
    """Write a token for each municipality of a wave, once."""
    from wijkpeiling.fieldwork.invitations import write_invitations
    from wijkpeiling.project import Project, find_root

    path = write_invitations(Project(find_root(project)), wave)
    tell(f"written to {short(path.absolute())}")
    tell("confidential: it says which answers are whose; git leaves it out, by .gitignore beside it")
    tell("LimeSurvey, participants: first add the attribute attribute_1; then import, blank e-mail addresses included")


def _default(root: Path, wave: int, to: str, language: str, ending: str) -> Path:
    return root / "reports" / f"questionnaire-{wave}" / f"{to}-{language}{ending}"


def _target(output: Path, ending: str, chosen: Format) -> Path:
    """The file that was named; where two are written, the other beside it."""
    if output.suffix.lower() not in chosen.writers:
        endings = " or ".join(chosen.writers)
        raise typer.BadParameter(f"{output.name!r:.60} does not end in {endings}", param_hint="--output")
    return output.with_suffix(ending).absolute()


def _write(path: Path, content: bytes, overwrite: bool) -> None:
    from wijkpeiling.files import write_file

    if path.is_file() and path.read_bytes() == content:
        tell(f"nothing changed since {short(path)}")
        return
    write_file(path, content, InstrumentError, overwrite=overwrite)
    tell(f"written to {short(path)}")
