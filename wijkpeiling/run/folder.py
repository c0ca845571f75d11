"""A folder that appears whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wijkpeiling.errors import ReportError
from wijkpeiling.run.provenance import BUILD


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """A new folder beside ``output`` that takes its place when the block succeeds, and is removed when it fails."""
    if output.exists() and not (output / BUILD).is_file() and (not output.is_dir() or any(output.iterdir())):
        raise ReportError(
            "the output folder holds something that is no edition",
            where=output,
            expected=f"a folder with {BUILD}, an empty one, or none",
            todo="choose another with --output",
        )
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    except OSError as failure:
        raise ReportError(
            f"the output folder cannot be written: {failure.strerror}",
            where=output,
            todo="choose another with --output, or change its permissions",
        ) from None
    try:
        new = work / "new"
        new.mkdir()
        yield new
        if output.exists():
            output.rename(work / "old")
        new.rename(output)
    finally:
        shutil.rmtree(work, ignore_errors=True)
