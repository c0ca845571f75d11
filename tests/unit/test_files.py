"""What can stand where a text file belongs."""

import os

import pytest

from wijkpeiling.errors import IntakeError, ProjectError
from wijkpeiling.files import MEGABYTE, new_folder, read_text, write_file


def a_folder(path):
    path.mkdir()


def a_pipe(path):
    os.mkfifo(path)


def a_link_to_nothing(path):
    path.symlink_to(path.parent / "gone")


def a_link_to_itself(path):
    path.symlink_to(path)


def a_large_file(path):
    with path.open("wb") as file:
        file.truncate(3 << 30)


def another_encoding(path):
    path.write_bytes("eerste\nnaïef".encode("cp1252"))


def sixteen_bits(path):
    path.write_text("eerste", encoding="utf-16-be")


def a_picture(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00")


INSTEAD = {
    a_folder: ["this is no file"],
    a_pipe: ["this is no file"],
    a_link_to_nothing: ["is missing", "put the file back"],
    a_link_to_itself: ["cannot be read"],
    a_large_file: ["a file of 3,072 MB", "at most 1 MB"],
    another_encoding: ["0xef is not UTF-8", "line 2"],
    sixteen_bits: ["NUL", "UTF-16"],
    a_picture: ["0x89 is not UTF-8", "line 1"],
}


@pytest.mark.parametrize(("make", "fragments"), INSTEAD.items(), ids=lambda made: getattr(made, "__name__", ""))
def test_a_file_that_is_none_is_refused_by_name(make, fragments, tmp_path):
    make(tmp_path / "figures.csv")
    with pytest.raises(IntakeError) as refused:
        read_text(tmp_path / "figures.csv", IntakeError, largest=MEGABYTE)
    assert [fragment for fragment in fragments if fragment not in str(refused.value)] == []


def test_a_byte_order_mark_is_no_text(tmp_path):
    (tmp_path / "figures.csv").write_text("één", encoding="utf-8-sig")
    assert read_text(tmp_path / "figures.csv", IntakeError, largest=MEGABYTE) == "één"


def test_a_written_file_is_whole_and_readable_like_any_other(tmp_path):
    path = tmp_path / "new" / "file.csv"
    write_file(path, b"a,b\n", IntakeError)
    assert path.read_bytes() == b"a,b\n"
    other = tmp_path / "other"
    other.write_bytes(b"")
    assert path.stat().st_mode == other.stat().st_mode
    assert [file.name for file in path.parent.iterdir()] == ["file.csv"]


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"mine")
    with pytest.raises(IntakeError, match="is there already"):
        write_file(path, b"ours", IntakeError)
    assert path.read_bytes() == b"mine"
    assert [file.name for file in tmp_path.iterdir()] == ["file.csv"]
    write_file(path, b"ours", IntakeError, overwrite=True)
    assert path.read_bytes() == b"ours"


def test_a_folder_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(IntakeError, match="file is no folder"):
        write_file(tmp_path / "file" / "inner.csv", b"", IntakeError)


def made_in(path, error=ProjectError):
    with new_folder(path, error) as work:
        (work / "a").mkdir()
        (work / "a" / "b.txt").write_text("b", encoding="utf-8")
        (work / "c.txt").write_text("c", encoding="utf-8")
        yield work


@pytest.mark.parametrize("is_there", [False, True])
def test_a_new_folder_appears_when_it_is_whole(tmp_path, is_there):
    path = tmp_path / "new"
    if is_there:
        path.mkdir()
    for work in made_in(path):
        assert [*path.glob("*")] == []
        assert work.parent == tmp_path
    assert sorted(one.name for one in path.iterdir()) == ["a", "c.txt"]
    assert [one.name for one in tmp_path.iterdir()] == ["new"]
    assert path.stat().st_mode & 0o777 == 0o777 & ~mask()


def mask():
    found = os.umask(0)
    os.umask(found)
    return found


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_nothing_stays_of_a_folder_that_fails(tmp_path, failure, is_there):
    path = tmp_path / "new"
    if is_there:
        path.mkdir()
    with pytest.raises(failure), new_folder(path, ProjectError) as work:
        (work / "a").mkdir()
        raise failure
    assert [one.name for one in tmp_path.iterdir()] == ["new"] * is_there
    assert [*path.glob("*")] == []


def test_what_somebody_put_there_in_the_meantime_stays(tmp_path):
    path = tmp_path / "new"
    with pytest.raises(ProjectError, match="new is there already"), new_folder(path, ProjectError) as work:
        (work / "a").mkdir()
        path.mkdir()
        (path / "theirs").touch()
    assert [one.name for one in tmp_path.iterdir()] == ["new"]
    assert [one.name for one in path.iterdir()] == ["theirs"]


@pytest.mark.parametrize("make", [lambda path: path.touch(), lambda path: path.symlink_to("nowhere")])
def test_a_place_that_is_no_folder_is_taken(tmp_path, make):
    make(tmp_path / "new")
    with pytest.raises(ProjectError, match="new is there already"), new_folder(tmp_path / "new", ProjectError):
        raise AssertionError


def test_a_place_that_cannot_be_written_in_is_told(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(ProjectError, match="the folder cannot be made"),
        new_folder(tmp_path / "file" / "new", ProjectError),
    ):
        raise AssertionError
