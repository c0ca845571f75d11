"""A project of one's own, made of what goes with the package."""

import shutil
from pathlib import Path

from wijkpeiling.errors import ProjectError
from wijkpeiling.fieldwork.new import TEMPLATES
from wijkpeiling.files import new_folder, shipped

NOTEBOOKS, RAW = Path("notebooks"), Path("data", "raw")
# the lessons lead to it
GLOSSARY = "GLOSSARY.md"
# answers are confidential; what begins with a point is left behind by an editor or a system
LEFT_OUT = shutil.ignore_patterns("responses", ".*", "__pycache__")


def make_project(folder: Path) -> Path:
    """Make a project: notebooks, glossary, the data of every wave but answers of municipalities, and a README.

    They come from the package as it was installed; in a checkout, from the checkout.

    Raises
    ------
    ProjectError
        When the folder is there and holds anything, or cannot be written.
    """
    source, target = shipped(), folder.absolute()
    with new_folder(target, ProjectError) as made:
        # those of the edition, and below them the lessons
        for notebook in sorted((source / NOTEBOOKS).rglob("[0-9][0-9]_*.ipynb")):
            copied = made / notebook.relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, copied)
        shutil.copytree(source / RAW, made / RAW, ignore=LEFT_OUT, copy_function=shutil.copyfile)
        shutil.copyfile(source / GLOSSARY, made / GLOSSARY)
        shutil.copyfile(TEMPLATES / "project.md", made / "README.md")
    return target
