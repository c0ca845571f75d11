"""Hold the form of a new wave against ODK Validate, which ODK and KoBo use: ``make test-xlsform``. Needs Java."""

import shutil
import sys
import tempfile
from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.validators.odk_validate import ODKValidateError
from pyxform.xls2xform import convert

from wijkpeiling.fieldwork import xlsform
from wijkpeiling.fieldwork.new import new_wave
from wijkpeiling.instrument.reading import read_questionnaire
from wijkpeiling.parameters import LANGUAGES
from wijkpeiling.project import Project

ROOT = Path(__file__).parents[2]
JAVA = "Java is missing: apt-get install default-jre-headless (Debian), brew install openjdk (macOS)"
FRAME = "wave,gemeentecode,name,size_class,provincie\n{wave},GM9000,Mompeldam,<20k,Windmark\n"


def main() -> None:
    if shutil.which("java") is None:
        sys.exit(JAVA)
    with tempfile.TemporaryDirectory(prefix="xlsform-") as folder:
        shutil.copytree(ROOT / "tests" / "data" / "five_waves" / "data", Path(folder) / "data")
        wave = max(Project(Path(folder)).waves) + 5
        new_wave(Project(Path(folder)), wave)
        project = Project(Path(folder))
        for language in LANGUAGES:
            validate(project, wave, language)
        frame = project.raw / "population" / f"frame_{wave}.csv"
        frame.write_text(FRAME.format(wave=wave), encoding="utf-8")
        validate(project, wave, LANGUAGES[0])
        refuse_broken(project, wave)
    print("ODK Validate takes the form in each language, with and without a list of municipalities")


def validate(project: Project, wave: int, language: str) -> None:
    """Convert and validate; a warning is a fault too."""
    warnings: list[str] = []
    content = xlsform.to_xlsform(read_questionnaire(project, wave), wave, project, language)
    try:
        convert(content, warnings=warnings, validate=True, file_type=".xlsx")
    except (PyXFormError, ODKValidateError) as failure:
        sys.exit(f"refused ({language}): {failure}")
    if warnings:
        sys.exit(f"warned ({language}): " + "; ".join(warnings))


def refuse_broken(project: Project, wave: int) -> None:
    """A condition that only ODK Validate refuses is refused: otherwise nothing was validated above."""
    right, xlsform._relevant = xlsform._relevant, lambda condition: "no-such-function(.)"
    content = xlsform.to_xlsform(read_questionnaire(project, wave), wave, project)
    xlsform._relevant = right
    convert(content, warnings=[], validate=False, file_type=".xlsx")
    try:
        convert(content, warnings=[], validate=True, file_type=".xlsx")
    except ODKValidateError:
        return
    sys.exit("a broken condition was taken: ODK Validate did not run")


if __name__ == "__main__":
    main()
