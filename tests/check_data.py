"""Check the data of editions with frictionless, by the keys, types and limits that their own datapackage.json states.

python tests/check_data.py [--frictionless PYTHON] [FOLDER ...]

FOLDER is an edition; by default every one in reports/. frictionless gets an environment of its own for the run, unless
--frictionless names a Python that has it.
"""

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

FRICTIONLESS = "frictionless==5.21.0"
INSTALL = f"frictionless is missing: python -m venv DIR && DIR/bin/pip install {FRICTIONLESS}, then name that Python"
PACKAGE = Path("data", "datapackage.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--frictionless", help="a Python that has frictionless")
    arguments = parser.parse_args()
    folders = arguments.folders or sorted(path.parents[1] for path in Path("reports").glob(f"*/{PACKAGE}"))
    if not folders:
        sys.exit("no edition in reports/: build one with make report, or name its folder")
    missing = [str(folder) for folder in folders if not (folder / PACKAGE).is_file()]
    if missing:
        sys.exit(f"no {PACKAGE} in {', '.join(missing)}: name the folder of an edition with data")
    with tempfile.TemporaryDirectory() as folder:
        python = arguments.frictionless or _python(Path(folder) / "frictionless")
        failed = [one for one in folders if not _is_valid(python, one)]
    sys.exit(f"not valid: {', '.join(map(str, failed))}" if failed else 0)


def _python(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    if subprocess.run([python, "-m", "pip", "install", "--quiet", FRICTIONLESS], capture_output=True).returncode:
        sys.exit(INSTALL)
    return python


def _is_valid(python: str, edition: Path) -> bool:
    command = [python, "-m", "frictionless", "validate", PACKAGE.name]
    done = subprocess.run(command, cwd=edition / PACKAGE.parent, capture_output=True, text=True)
    if "No module named" in done.stderr:
        sys.exit(INSTALL)
    print(edition, done.stdout + done.stderr if done.returncode else "valid", sep=": ")
    return not done.returncode


if __name__ == "__main__":
    main()
