"""Time an intake beside reading its file once with the library that reads it: 400 rows, and 200,000 in CSV and xlsx.

The rows are those of a rehearsal, over and over, so most are second replies of a municipality: each is a finding.
"""

import csv
import io
import resource
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.csv
import python_calamine
import xlsxwriter

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.rehearsal.limesurvey import draw_replies, read_survey, write_export
from tests.rehearsal.run import SEED, WAVE, codes, judge, municipalities
from wijkpeiling.fieldwork.limesurvey import to_limesurvey
from wijkpeiling.instrument.reading import read_questionnaire
from wijkpeiling.intake.intake import take_in
from wijkpeiling.project import Project

COMMAND = Path(sys.executable).with_name("wijkpeiling")
SIZES = (400, 200_000)


FILES = {"csv": "write_csv", "xlsx": "write_xlsx"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        root = Path(folder) / "project"
        prepare(root)
        head, *rows = lines(root)
        print("| file | rows | reading once, s | intake, s | ratio | memory, GB |")
        print("|---|---|---|---|---|---|")
        for n, (ending, writer) in product(SIZES, FILES.items()):
            many = [[str(number), *rows[number % len(rows)][1:]] for number in range(n)]
            path = root / f"export-{n}.{ending}"
            globals()[writer](path, [head, *many])
            once, taken = (measured(task, root, path) for task in (f"read_{ending}", "intake"))
            cells = (
                f"{once.seconds:.2f} | {taken.seconds:.2f} | {taken.seconds / once.seconds:.1f} | {taken.memory:.2f}"
            )
            print(f"| {ending} | {n:,} | {cells} |", flush=True)


class Measured(NamedTuple):
    """Seconds that a task took, and gigabytes that its process held at most."""

    seconds: float
    memory: float


def measured(task: str, root: Path, path: Path) -> Measured:
    """A task in a process of its own: memory is told of a process, not of a call."""
    told = subprocess.run([sys.executable, __file__, task, root, path], check=True, capture_output=True, text=True)
    return Measured(*map(float, told.stdout.split()[-2:]))


def prepare(root: Path) -> None:
    subprocess.run([COMMAND, "init", root], check=True, capture_output=True)
    subprocess.run([COMMAND, "new", str(WAVE)], cwd=root, check=True, capture_output=True)
    judge(root / "data" / "raw" / str(WAVE) / "questionnaire.yml")
    (root / "gemeenten.csv").write_bytes(municipalities())
    frame = ["frame", str(WAVE), "--file", "gemeenten.csv", "--add-year"]
    subprocess.run([COMMAND, *frame], cwd=root, check=True, capture_output=True)


def lines(root: Path) -> list[list[str]]:
    project = Project(root)
    structure = to_limesurvey(read_questionnaire(project, WAVE), WAVE, project)
    questions = read_survey(structure)
    export = write_export(questions, draw_replies(questions, codes(root), np.random.default_rng(SEED)))
    return [line for line in csv.reader(io.StringIO(export.decode("utf-8-sig"), newline="")) if line]


def write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)


def write_xlsx(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)


def read_csv(root: Path, path: Path) -> None:
    pyarrow.csv.read_csv(path)


def read_xlsx(root: Path, path: Path) -> None:
    python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


def intake(root: Path, path: Path) -> None:
    take_in(Project(root), WAVE, path, replace=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        start = time.perf_counter()
        globals()[sys.argv[1]](*map(Path, sys.argv[2:]))
        print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
    else:
        main()
