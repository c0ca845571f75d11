"""A folder shown on this machine: right types, nothing kept, nothing outside it, no lists."""

import threading
from http.client import HTTPConnection

import pytest

from wijkpeiling.errors import ReportError
from wijkpeiling.run.serving import HOST, open_server


@pytest.fixture
def shown(tmp_path):
    (tmp_path / "site" / "data").mkdir(parents=True)
    (tmp_path / "site" / "index.html").write_text("<p>één</p>", encoding="utf-8")
    (tmp_path / "site" / "data" / "a.csv").write_text("a\n", encoding="utf-8")
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    (tmp_path / "site" / "link.txt").symlink_to(tmp_path / "geheim.txt")
    server = open_server(tmp_path / "site", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "status", "media_type"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/data/a.csv", 200, "text/csv; charset=utf-8"),
        ("/data/", 404, None),
        ("/../geheim.txt", 404, None),
        ("/%2e%2e/geheim.txt", 404, None),
        ("/link.txt", 404, None),
    ],
)
def test_only_what_is_in_the_folder_is_shown(path, status, media_type, shown):
    connection = HTTPConnection(HOST, shown)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Cache-Control")) == (status, "no-store")
    assert b"geheim" not in answer.read()
    assert media_type in (None, answer.getheader("Content-Type"))


def test_a_folder_without_a_page_and_a_taken_port_are_refused(tmp_path, shown):
    with pytest.raises(ReportError, match="no page to show"):
        open_server(tmp_path, 0)
    with pytest.raises(ReportError, match="is taken"):
        open_server(tmp_path / "site", shown)
