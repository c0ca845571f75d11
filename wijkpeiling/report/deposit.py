"""An archive of the data, ready to deposit: the same files give the same bytes."""

import hashlib
import stat
import zipfile
from pathlib import Path

SUMS, ARCHIVE = "SHA256SUMS", "deposit.zip"
# of every file in the archive, the first that the format knows
TIME = (1980, 1, 1, 0, 0, 0)
READABLE = (stat.S_IFREG | 0o644) << 16


def files_of(folder: Path) -> list[str]:
    """Names of the files in a folder and below it, in order, but for the checksums and the archive."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [name for name in found if name not in (SUMS, ARCHIVE)]


def sha256(path: Path) -> str:
    """The checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_deposit(folder: Path) -> None:
    """Write ``SHA256SUMS``, as ``sha256sum --check`` reads it, and ``deposit.zip`` with it and every file it names."""
    names = files_of(folder)
    sums = "".join(f"{sha256(folder / name)}  {name}\n" for name in names)
    (folder / SUMS).write_text(sums, encoding="utf-8")
    with zipfile.ZipFile(folder / ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in [*names, SUMS]:
            entry = zipfile.ZipInfo(name, TIME)
            entry.external_attr, entry.compress_type = READABLE, zipfile.ZIP_DEFLATED
            # 3: as a system with such permissions writes it, on whatever system it is made
            entry.create_system = 3
            archive.writestr(entry, (folder / name).read_bytes())
