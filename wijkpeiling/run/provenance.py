"""What an edition was made from, so that it can be checked and need not be made twice."""

import hashlib
import json
import os
import platform
import subprocess
from importlib.metadata import requires, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from wijkpeiling.errors import ReportError
from wijkpeiling.files import MEGABYTE, read_text, shipped

NAME = "wijkpeiling"
BUILD = "build.json"
# goes with the data of every edition
METHOD = "METHOD.md"
# what a new project is made of makes no edition; a checkout has it elsewhere
NO_CODE = {"__pycache__", "project_files"}
LARGEST_BUILD = 10 * MEGABYTE


def describe(
    root: Path, notebooks: list[Path], kind: str, parameters: dict[str, Any], formats: list[str]
) -> dict[str, Any]:
    """What the edition was made from: inputs with their sha256, versions, parameters, and the commit for the record."""
    lock = root / "requirements.lock"
    return {
        "kind": kind,
        "package": package(),
        "python": platform.python_version(),
        "libraries": _library_versions(),
        "lock_sha256": _hash(lock) if lock.is_file() else None,
        "git": _git(root),
        "parameters": parameters,
        "formats": formats,
        "style": None,
        "inputs": hashes(root, [*_raw_files(root), *notebooks]),
    }


def package() -> dict[str, str]:
    """The package that makes it: name, version, and one hash over its files."""
    return {"name": NAME, "version": version(NAME), "sha256": _package_hash()}


def stamps(root: Path, notebooks: list[Path]) -> dict[Path, tuple[int, ...]]:
    """When each input was last written: a file that was changed and put back has another stamp, and the same hash."""
    found = {path: path.stat() for path in [*_raw_files(root), *notebooks]}
    return {path: (at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns) for path, at in found.items()}


def check_unchanged(root: Path, notebooks: list[Path], before: dict[Path, tuple[int, ...]]) -> None:
    """Refuse an edition of which the inputs were written while it was made.

    Raises
    ------
    ReportError
        Naming the first file that came, went, or was written.
    """
    try:
        after = stamps(root, notebooks)
    except FileNotFoundError as failure:
        after = {path: stamp for path, stamp in before.items() if str(path) != str(failure.filename)}
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    if changed:
        raise ReportError(
            f"{len(changed)} of the files were written while the edition was made",
            where=changed[0],
            expected="data and notebooks that stay as they are until it is done",
            todo="run again",
        )


def hashes(root: Path, paths: list[Path]) -> dict[str, str]:
    """sha256 of each file, by its path from ``root``."""
    return {path.relative_to(root).as_posix(): _hash(path) for path in sorted(paths)}


def is_current(output: Path, description: dict) -> bool:
    """Whether ``output`` was made from exactly this, and is still as it was written."""
    try:
        built = read_build(output)
        written = built.pop("outputs")
        # a commit of something else changes nothing here: what counts has a checksum of its own
        same = built | {"git": None} == json.loads(json.dumps(description | {"git": None}))
        return same and written == output_hashes(output)
    except (ReportError, FileNotFoundError):
        # also when another build puts its own in this place meanwhile
        return False


def read_build(output: Path) -> dict[str, Any]:
    """What ``build.json`` says: what the folder was made from, its ``kind``, and its ``outputs``.

    Raises
    ------
    ReportError
        When there is no such file, or it is not one that the package wrote.
    """
    path = output / BUILD
    try:
        built = json.loads(read_text(path, ReportError, largest=LARGEST_BUILD))
        is_ours = built["package"]["name"] == NAME and set(map(type, built["outputs"].values())) <= {str}
        # before there were other kinds
        built.setdefault("kind", "demo" if built.get("parameters", {}).get("source") == "synthetic" else "edition")
    except (ReportError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise ReportError(
            "this is no edition",
            where=path,
            expected="the build.json of an edition",
            todo="name the folder of an edition, such as reports/2019",
        )
    return built


def write_build(output: Path, description: dict) -> None:
    """Write ``build.json`` for everything else that stands in ``output``."""
    content = description | {"outputs": output_hashes(output)}
    (output / BUILD).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def output_hashes(output: Path) -> dict[str, str]:
    """sha256 of every file of an edition but ``build.json``."""
    return hashes(output, [output / name for name in output_names(output)])


def output_names(output: Path) -> list[str]:
    """Every file of an edition but ``build.json``, from its folder."""
    found = [path for path in output.rglob("*") if path.is_file() and path != output / BUILD]
    return sorted(path.relative_to(output).as_posix() for path in found)


def input_hashes(root: Path, built: dict[str, Any]) -> dict[str, str]:
    """sha256 of what the inputs of a ``build.json`` are now: the data as they stand, and the notebooks it names."""
    raw = _raw_files(root)
    known = {path.relative_to(root).as_posix() for path in raw}
    others = [root / name for name in built["inputs"] if name not in known and (root / name).is_file()]
    return hashes(root, [*raw, *others])


def _raw_files(root: Path) -> list[Path]:
    """Every file below ``data/raw``, those in linked folders too."""
    found, seen = [], set()
    for folder, folders, names in os.walk(root / "data" / "raw", followlinks=True):
        seen.add(os.path.realpath(folder))
        # a link to a folder above would be followed for ever
        folders[:] = [name for name in folders if os.path.realpath(Path(folder, name)) not in seen]
        found += [path for name in names if (path := Path(folder, name)).is_file()]
    return found


def _hash(path: Path) -> str:
    if not path.as_posix().isprintable():
        raise ReportError(
            "a file name with a character that is none",
            where=path,
            expected="a name in UTF-8, on one line",
            todo="rename the file",
        )
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as failure:
        raise ReportError(
            f"the file cannot be read: {failure.strerror}",
            where=path,
            expected="a file that you may read",
            todo="change its permissions, or move it out of the project",
        ) from None


def _package_hash() -> str:
    """One hash over the package's own files, and the method that it hands on: names and contents."""
    folder = Path(str(files(NAME)))
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and NO_CODE.isdisjoint(path.relative_to(folder).parts):
            total.update(f"{path.relative_to(folder).as_posix()} {_hash(path)}\n".encode())
    total.update(f"{METHOD} {_hash(shipped() / METHOD)}\n".encode())
    return total.hexdigest()


def _library_versions() -> dict[str, str]:
    needed = [line for line in requires(NAME) or [] if "extra ==" not in line]
    names = sorted(line.split("<")[0].split(">")[0].split("=")[0].strip() for line in needed)
    return {name: version(name) for name in names}


def _git(root: Path) -> dict | None:
    """Commit and whether the tree is as committed; None where the project is no checkout or git is absent."""
    if not (root / ".git").exists():
        return None
    try:
        commit = _git_says(root, "rev-parse", "HEAD")
        return {"commit": commit, "is_clean": not _git_says(root, "status", "--porcelain")}
    except (OSError, subprocess.CalledProcessError):
        return None


def _git_says(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()
