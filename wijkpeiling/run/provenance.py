"""What an edition was made from, so that it can be checked and need not be made twice."""

import hashlib
import json
import platform
import subprocess
from importlib.metadata import requires, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from wijkpeiling.errors import ReportError

BUILD = "build.json"


def describe(root: Path, notebooks: list[Path], parameters: dict[str, Any], formats: list[str]) -> dict:
    """What the edition was made from: inputs with their sha256, versions, parameters, and the commit for the record."""
    raw = [path for path in (root / "data" / "raw").rglob("*") if path.is_file()]
    lock = root / "requirements.lock"
    return {
        "package": {"name": "wijkpeiling", "version": version("wijkpeiling"), "sha256": _package_hash()},
        "python": platform.python_version(),
        "libraries": _library_versions(),
        "lock_sha256": _hash(lock) if lock.is_file() else None,
        "git": _git(root),
        "parameters": parameters,
        "formats": formats,
        "style": None,
        "inputs": hashes(root, [*raw, *notebooks]),
    }


def hashes(root: Path, paths: list[Path]) -> dict[str, str]:
    """sha256 of each file, by its path from ``root``."""
    return {path.relative_to(root).as_posix(): _hash(path) for path in sorted(paths)}


def is_current(output: Path, description: dict) -> bool:
    """Whether ``output`` was made from exactly this, and is still as it was written."""
    try:
        built = json.loads((output / BUILD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    written = built.pop("outputs", None)
    # a commit of something else changes nothing here: what counts has a checksum of its own
    same = built | {"git": None} == json.loads(json.dumps(description | {"git": None}))
    return same and written == output_hashes(output)


def read_build(output: Path) -> dict:
    """What ``build.json`` says the edition was made from, without its outputs.

    Raises
    ------
    ReportError
        When there is no such file, or it is not one that the package wrote.
    """
    path = output / BUILD
    try:
        built = json.loads(path.read_text(encoding="utf-8"))
        del built["outputs"]
        return built
    except (OSError, ValueError, TypeError, KeyError):
        raise ReportError(
            "this is no edition",
            where=path,
            expected="the build.json of an edition",
            todo="name the folder of an edition, such as reports/2019",
        ) from None


def write_build(output: Path, description: dict) -> None:
    """Write ``build.json`` for everything else that stands in ``output``."""
    content = description | {"outputs": output_hashes(output)}
    (output / BUILD).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def output_hashes(output: Path) -> dict[str, str]:
    """sha256 of every file of an edition but ``build.json``."""
    return hashes(output, [path for path in output.rglob("*") if path.is_file() and path != output / BUILD])


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _package_hash() -> str:
    """One hash over the package's own files: names and contents."""
    folder = Path(str(files("wijkpeiling")))
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(f"{path.relative_to(folder).as_posix()} {_hash(path)}\n".encode())
    return total.hexdigest()


def _library_versions() -> dict[str, str]:
    needed = [line for line in requires("wijkpeiling") or [] if "extra ==" not in line]
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
