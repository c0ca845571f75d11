"""The folder of a publication: written whole or not at all, and nobody else's files replaced."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from wijkpeiling.errors import ReportError
from wijkpeiling.run.process import uninterrupted
from wijkpeiling.run.provenance import BUILD, read_build

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed
    fcntl = None  # type: ignore[assignment]

# in a folder that is being made: held open, and locked, for as long as somebody is making it
OWNER = ".wijkpeiling-build"
# where nobody writes a publication
SOURCES = ("data", "notebooks", "wijkpeiling", ".git", ".venv")
CANNOT_WRITE = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.EFBIG,
    errno.ENAMETOOLONG,
)


@contextmanager
def replacing(
    output: Path, kind: str, root: Path | None = None, check: Callable[[], object] = lambda: None
) -> Iterator[Path]:
    """A new folder beside ``output`` that takes its place when the block succeeds, and is removed when it fails.

    Parameters
    ----------
    output
        A link is followed to its target.
    kind
        What is made: ``edition``, ``demo``, ``plan`` or ``site``. An earlier one of the same kind is replaced.
    root
        The project; nothing is written where its data and notebooks stand.
    check
        Called once more before the new folder takes its place, when nobody else can change what is there.

    Raises
    ------
    ReportError
        When ``output`` holds anything that the package did not make, is of another kind or stands where no
        publication can stand: before the block, and again after it. When the folder cannot be written.
    """
    target = _target(output)
    _check_place(target, root)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _nobody_else_in(target.parent):
            check_replaceable(target, kind)
            _clear_left(target)
            work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            owner = _own(work)
    except OSError as failure:
        raise _cannot_write(output, failure) from None
    try:
        with owner:
            new = work / "new"
            new.mkdir()
            yield new
            with _nobody_else_in(target.parent):
                # somebody may have put something there in the meantime
                check_replaceable(target, kind)
                check()
                _swap(new, target, work / "old")
    except OSError as failure:
        if failure.errno not in CANNOT_WRITE:
            raise
        raise _cannot_write(output, failure) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def check_replaceable(target: Path, kind: str) -> None:
    """Refuse a folder in which anything stands that the package did not write as this kind of publication.

    Raises
    ------
    ReportError
        Naming the first file.
    """
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir():
        raise _refusal(f"{target.name} is a file", target, f"a folder with {BUILD}, an empty one, or none")
    if not (target / BUILD).is_file():
        raise _refusal(
            "the output folder holds something that is no edition",
            target,
            f"a folder with {BUILD}, an empty one, or none",
        )
    try:
        built = read_build(target)
    except ReportError:
        raise _refusal(f"{BUILD} is not one that the package wrote", target / BUILD, "an edition, or none") from None
    if built["kind"] != kind:
        raise _refusal(
            f"the output folder holds another kind of publication: {built['kind']}", target, f"one of kind {kind}"
        )
    made = {BUILD, *built["outputs"]}
    for folder, folders, names in os.walk(target):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        strange = [here / name for name in [*links, *sorted(names)] if _name(here / name, target) not in made]
        if strange:
            raise _refusal("a file that the package did not make", strange[0], f"only what {BUILD} lists")


def _name(path: Path, target: Path) -> str:
    return path.relative_to(target).as_posix()


def _refusal(what: str, where: Path, expected: str) -> ReportError:
    todo = "choose another folder with --output, or move it away; nothing was replaced"
    return ReportError(what, where=where, expected=expected, todo=todo)


def _cannot_write(output: Path, failure: OSError) -> ReportError:
    return ReportError(
        f"the output folder cannot be written: {failure.strerror}",
        where=failure.filename or output,
        todo="choose another with --output, change its permissions, or make room; what was there stays",
    )


def _target(output: Path) -> Path:
    if output.is_symlink() and not output.exists():
        raise _refusal("the output is a link to nothing", output, "a folder, or a link to one")
    target = output.resolve()
    if os.path.ismount(target):
        raise _refusal("the output is the root of a disk, which cannot be replaced", output, "a folder below it")
    return target


def _check_place(target: Path, root: Path | None) -> None:
    forbidden = [root.resolve() / name for name in SOURCES] if root else []
    for folder in forbidden:
        if target.is_relative_to(folder):
            raise _refusal("the output stands among what editions are made from", target, f"a folder outside {folder}")
    if root and root.resolve().is_relative_to(target):
        raise _refusal("the output holds the project itself", target, "a folder such as reports/2019")
    for folder in target.parents:
        if (folder / BUILD).is_file():
            raise _refusal(f"the output stands within another publication, {folder}", target, "a folder of its own")


def _swap(new: Path, target: Path, old: Path) -> None:
    """Put ``new`` in the place of ``target``; whatever happens, one of the two is there."""
    with uninterrupted():
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _nobody_else_in(folder: Path) -> Iterator[None]:
    """Wait until no other build looks at what stands in ``folder`` or changes it, and keep others waiting.

    Held for as long as checking takes, or putting one folder in another's place, and never while notebooks run.
    """
    if not fcntl:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # some network disks lock no folders: there two builds at once may find each other halfway, and say so
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _own(work: Path) -> IO[str]:
    """Hold the folder as ours until what is returned is closed, or this process ends."""
    owner = (work / OWNER).open("w", encoding="utf-8")
    _lock(owner)
    return owner


def _lock(owner: IO[str]) -> None:
    if fcntl:
        fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _clear_left(target: Path) -> None:
    """Remove what builds left that were killed, and put back an edition that one of them had moved away."""
    for work in sorted(target.parent.glob(f".{target.name}-*")):
        if not _is_left(work):
            continue
        old = work / "old"
        if old.is_dir() and not target.exists():
            old.rename(target)
        shutil.rmtree(work, ignore_errors=True)


def _is_left(work: Path) -> bool:
    try:
        with (work / OWNER).open("r+", encoding="utf-8") as owner:
            _lock(owner)
        if not fcntl:
            (work / OWNER).unlink()
    except OSError:
        # not ours, or somebody is at work in it
        return False
    return True
