"""What can stand where a text file belongs."""

import os

import pytest

from wijkpeiling.errors import IntakeError
from wijkpeiling.files import MEGABYTE, read_text, write_file


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
