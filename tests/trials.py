"""Projects to try the command line on, and what a trial of it leaves."""

import shutil
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# of this environment
COMMANDS = Path(sys.executable).parent
# what an edition holds beside its page, data, figures and notebooks
FORMAT_FILES = {"report.pdf", "report.docx", "tables.xlsx", "article.md", "article.html", "article.docx"}
FORMAT_FILES |= {f"infographic.{form}" for form in ("pdf", "png", "svg")}
# set in the environment of a trial, for what it starts to be found by
MARK = "WIJKPEILING_TRIAL"


def copy_project(target, without=()):
    """A project of its own: data of five waves and the notebooks, but for those of some names, nothing else."""
    shutil.copytree(ROOT / "tests" / "data" / "five_waves" / "data", target / "data")
    left_out = shutil.ignore_patterns(".ipynb_checkpoints", *without)
    shutil.copytree(ROOT / "notebooks", target / "notebooks", ignore=left_out)
    return target


def data_files(*contracts):
    """Names of the data files of an edition that has rows of these contracts."""
    tables = [*contracts, "concepts", "bases", "codes", *(["sources"] if "audit" in contracts else [])]
    others = (
        "METHOD.md",
        "README.md",
        "SHA256SUMS",
        "codebook.csv",
        "codebook.md",
        "datapackage.json",
        "dcat.jsonld",
        "deposit.zip",
    )
    copies = {f"data/{folder}{name}.csv" for name in tables for folder in ("", "nl/")}
    return copies | {f"data/{name}" for name in (*others, "ro-crate-metadata.json")}


def text_of(path):
    """What a file says, as far as it can be read as text: of an archive or an Office file, what its parts say."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", "ignore")
    with zipfile.ZipFile(path) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())


def files_of(folder):
    """The bytes of every file in a folder, by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def processes_of(trial):
    """Process ids of everything that carries the mark of a trial in its environment."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            state = environment.with_name("stat").read_text().rpartition(")")[2].split()[0]
            if f"{MARK}={trial}\0".encode() in environment.read_bytes() and state != "Z":
                found.append(int(environment.parent.name))
        except (OSError, IndexError):
            continue
    return found


def until(condition, seconds):
    """Look until something holds; the time it took, or None."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if condition():
            return time.monotonic() - start
        time.sleep(0.02)
    return None
