"""Every file of ``tests/intake_files.py`` comes back cell by cell, with what it keeps of NULL."""

import pytest

from tests.intake_files import every_file
from wijkpeiling.intake.recognise import read_export


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return every_file(tmp_path_factory.mktemp("files"))


@pytest.fixture
def read(tmp_path):
    def read_content(content, file="export.csv"):
        (tmp_path / file).write_bytes(content)
        return read_export(tmp_path / file)

    return read_content


def cells_of(export):
    return [
        [None if cell is None or cell != cell else cell for cell in row]
        for row in export.cells.astype(object).where(export.cells.notna(), None).to_numpy().tolist()
    ]


def test_every_file_comes_back_cell_by_cell(files, read):
    wrong = {}
    for name, written in files.items():
        export = read(written.content, written.file)
        expected = [
            [cell if cell is not None or written.keeps_null else "" for cell in row] for row in written.table.cells
        ]
        if list(export.cells) != written.table.headings or cells_of(export) != expected:
            wrong[name] = (list(export.cells), cells_of(export)), (written.table.headings, expected)
        if (export.format, export.keeps_null) != (written.format, written.keeps_null):
            wrong[name, "format"] = export.format, export.keeps_null
    assert wrong == {}
