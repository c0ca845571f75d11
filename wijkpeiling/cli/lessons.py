"""Commands for who teaches: the lessons as a page, and their worked solutions."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from wijkpeiling.cli.main import Language, ProjectFolder, Wave, app, tell
from wijkpeiling.cli.options import check_language, short
from wijkpeiling.errors import ReportError
from wijkpeiling.run.publications import LESSONS

Output = Annotated[Path | None, typer.Option(help="Folder to write.", show_default="reports/lessons")]
Solutions = Annotated[Path, typer.Argument(help="Folder to write them in, not that of the lessons.", metavar="FOLDER")]


@app.command()
def lessons(
    wave: Wave = None, language: Language = "nl", project: ProjectFolder = Path(), output: Output = None
) -> None:
    """Build the lessons as a page, on invented answers; who learns opens them with `wijkpeiling lab`."""
    from wijkpeiling.run.edition import build

    root = _root(project, language)
    given = _given(root, wave, language)
    folder = (output or LESSONS.target(root, given)).absolute()
    is_new = build(LESSONS, root, given, folder, list(LESSONS.formats))
    tell(f"{'built' if is_new else 'nothing changed since'} {short(folder)}")


@app.command()
def solutions(folder: Solutions, wave: Wave = None, language: Language = "nl", project: ProjectFolder = Path()) -> None:
    """Write the worked solutions of the lessons, a notebook for each, for teachers."""
    from wijkpeiling.lessons import solutions as worked
    from wijkpeiling.lessons.opening import open_lesson
    from wijkpeiling.lessons.register import LESSONS as MODULES

    root = _root(project, language)
    given = _given(root, wave, language)
    target = folder.absolute()
    if (root / "notebooks").resolve() in (target.resolve(), *target.resolve().parents):
        raise ReportError(
            "solutions beside the lessons",
            where=target,
            expected="a folder outside notebooks/, which students open",
            todo="choose another folder",
        )
    lesson = open_lesson(**given, project=root)
    written = {
        path.stem: worked.solutions(_title(path, language), MODULES[path.stem].questions(lesson))
        for path in LESSONS.notebooks(root)
        if path.stem in MODULES
    }
    _write(target, written)
    tell(f"written to {short(target)}: {', '.join(written)}")


def _root(project: Path, language: str) -> Path:
    from wijkpeiling.project import find_root

    check_language(language)
    return find_root(project)


def _given(root: Path, wave: int | None, language: str) -> dict[str, Any]:
    from wijkpeiling.project import Project

    year = Project(root).newest_counted_wave if wave is None else wave
    return {"wave": year, "language": language, "start": None}


def _title(path: Path, language: str) -> str:
    """The title of a lesson: the first line of its first cell in the language."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    told = ["".join(cell["source"]) for cell in cells if language in cell["metadata"].get("tags", [])]
    return told[0].splitlines()[0].removeprefix("# ") if told else path.stem


def _write(folder: Path, notebooks: dict[str, dict]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, notebook in notebooks.items():
            text = json.dumps(notebook, indent=1, ensure_ascii=False)
            (folder / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")
    except OSError as failure:
        raise ReportError(
            f"the folder cannot be written: {failure.strerror}", where=folder, todo="choose another folder"
        ) from failure
