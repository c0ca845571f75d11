"""Every reader of ``data/raw`` against damage nobody thought of: an error of the package, short, or a reading."""

import shutil
import warnings

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wijkpeiling.errors import WijkpeilingError
from wijkpeiling.project import open_edition
from wijkpeiling.published import read_other_studies
from wijkpeiling.sources.edition import read_sources

# what one finds in a spreadsheet or a text file that went wrong
NASTY = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1.5",
        "1e300",
        "-0",
        "nan",
        "inf",
        "NaN",
        "None",
        "null",
        "~",
        "true",
        "yes",
        "1_000",
        "010",
    ),
    *(
        "0x1f",
        "²",
        "١٢",
        "1,5",
        "100000000000000000000",
        "9" * 400,
        "GM0000",
        "SY0000",
        "GM9999",
        "2019",
        "2018",
        "20190",
    ),
    *(
        "2019-02-30",
        "=1+1",
        "@a",
        "\0",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "é",
        "e\u0301",
        "x" * 5000,
        "[]",
        "{}",
        "[[[[",
        "&a",
        "*a",
    ),
    *(
        "!!int x",
        "!!python/name:os.system",
        "- ",
        ": ",
        "? ",
        "#",
        "'",
        '"',
        ",",
        ";",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "|",
        ">",
    ),
    *(
        "unknown",
        "has_wijkteam",
        "respondents",
        "accepted",
        "direction_only",
        "whole_percent",
        "approximate",
        "other_study",
    ),
]


@pytest.fixture(scope="module")
def projects(tmp_path_factory, root):
    """The small project with item responses, and the real one, of which the demo reads what it invents from."""
    folders = {2027: tmp_path_factory.mktemp("mini"), 2019: tmp_path_factory.mktemp("demo")}
    for folder, origin in zip(
        folders.values(), (root / "tests" / "data" / "mini", root / "tests" / "data" / "five_waves"), strict=True
    ):
        shutil.copytree(origin / "data", folder / "data")
    return folders


def read(project, wave):
    source = "published" if wave == 2027 else "synthetic"
    sources = read_sources(open_edition(wave=wave, source=source, start=project))
    for year in sources.waves:
        sources.of(year)
    read_other_studies(sources.project)


def damaged(data, content):
    """The bytes of a file after one damage: of a byte, a line, or a cell."""
    how = data.draw(
        st.sampled_from(["cell", "cell", "cell", "line", "twice", "swap", "cut", "insert", "byte", "empty"])
    )
    nasty = data.draw(st.sampled_from(NASTY)).encode()
    lines = content.splitlines(keepends=True)
    row = data.draw(st.integers(0, max(len(lines) - 1, 0)))
    place = data.draw(st.integers(0, max(len(content) - 1, 0)))
    if how == "cell" and lines:
        separator = b"," if b"," in lines[row] else b": "
        cells = lines[row].rstrip(b"\n").split(separator)
        cells[data.draw(st.integers(0, len(cells) - 1))] = nasty
        lines[row] = separator.join(cells) + b"\n"
        return b"".join(lines)
    changed = {
        "line": b"".join([*lines[:row], *lines[row + 1 :]]),
        "twice": b"".join([*lines[: row + 1], *lines[row:]]),
        "swap": b"".join([*lines[row:], *lines[:row]]),
        "cut": content[:place],
        "insert": content[:place] + nasty + content[place:],
        "byte": content[:place] + data.draw(st.binary(min_size=1, max_size=3)) + content[place + 1 :],
        "empty": b"",
        "cell": nasty,
    }
    return changed[how]


@pytest.mark.parametrize("wave", [2027, 2019])
def test_undamaged_it_is_read(projects, wave):
    read(projects[wave], wave)


# a failing example is told as it was found: making it smaller takes minutes
@settings(max_examples=100, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("wave", [2027, 2019])
def test_no_damage_gives_anything_but_a_reading_or_a_short_error(projects, wave, data):
    files = sorted(path for path in (projects[wave] / "data" / "raw").rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    content = path.read_bytes()
    try:
        path.write_bytes(damaged(data, content))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read(projects[wave], wave)
    except WijkpeilingError as error:
        assert len(str(error)) < 2000
    finally:
        path.write_bytes(content)
