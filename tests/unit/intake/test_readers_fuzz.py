"""Damage that nobody thought of, in every file that a survey tool makes: an error of the package, or a whole export."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake_files import every_file
from wijkpeiling.errors import WijkpeilingError
from wijkpeiling.intake.recognise import read_export, receive

LONGEST_MESSAGE = 2000
KINDS = [
    "limesurvey-6-codes-codes-comma",
    "limesurvey-5-texts-labels-semicolon",
    "limesurvey-json-6-codes",
    "spss",
    "stata",
    "excel",
    "excel-97",
    "forms",
    "qualtrics-3",
    "kobo-csv",
    "csv-utf-16",
]
SIGNS = [
    b'"',
    b'""',
    b",",
    b";",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"\xff",
    b"\x81",
    b"sep=;\n",
    b"<f>",
    b"{",
    b"\xef\xbb\xbf",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    made = every_file(tmp_path_factory.mktemp("files"))
    return {name: made[name] for name in [*KINDS, "kobo-xlsx"]}


@st.composite
def damages(draw):
    """What happens to a file: bytes flipped, put in, cut out or doubled, at places that are parts of its length."""
    place = st.floats(0, 1, exclude_max=True)
    flip = st.tuples(st.just("flip"), place, st.integers(1, 255))
    insert = st.tuples(st.just("insert"), place, st.sampled_from(SIGNS))
    cut = st.tuples(st.just("cut"), place, place)
    double = st.tuples(st.just("double"), place, place)
    return draw(st.lists(st.one_of(flip, insert, cut, double), min_size=1, max_size=6))


def damaged(content, damage):
    for what, first, second in damage:
        at = int(first * len(content))
        if what == "flip" and content:
            content = content[:at] + bytes([content[at] ^ second]) + content[at + 1 :]
        elif what == "insert":
            content = content[:at] + second + content[at:]
        elif what in ("cut", "double"):
            start, end = sorted((at, int(second * len(content))))
            content = content[:end] + content[start:] if what == "double" else content[:start] + content[end:]
    return content


def damaged_inside(content, damage):
    """A workbook whose sheet is damaged, in a zip that is whole."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as other:
        for name in archive.namelist():
            part = archive.read(name)
            other.writestr(name, damaged(part, damage) if name.endswith(("sheet1.xml", "sharedStrings.xml")) else part)
    return made.getvalue()


def whole_or_refused(path):
    try:
        export = read_export(receive(path))
    except WijkpeilingError as error:
        assert 0 < len(str(error)) <= LONGEST_MESSAGE
        return
    assert export.cells.shape[0] == len(export.rows) > 0
    assert (np.diff(export.rows) > 0).all()
    assert export.cells.columns.is_unique
    assert set(map(str, export.cells.dtypes)) <= {"string"}
    assert export.keeps_null or not export.cells.isna().to_numpy().any()
    assert max((len(finding.message) for finding in export.findings), default=0) <= LONGEST_MESSAGE


@pytest.mark.parametrize("kind", KINDS)
@given(damage=damages())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_damage_is_an_error_of_the_package_or_a_whole_export(kind, damage, files, tmp_path):
    path = tmp_path / files[kind].file
    path.write_bytes(damaged(files[kind].content, damage))
    whole_or_refused(path)


@pytest.mark.parametrize("kind", ["excel", "forms", "kobo-xlsx"])
@given(damage=damages())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_damage_within_a_workbook_is_an_error_of_the_package_or_a_whole_export(kind, damage, files, tmp_path):
    path = tmp_path / files[kind].file
    path.write_bytes(damaged_inside(files[kind].content, damage))
    whole_or_refused(path)
