"""A folder shown in a browser on this machine, and to nobody else."""

import errno
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from wijkpeiling.errors import ReportError

HOST = "127.0.0.1"
# what a machine's own table may not have, or have otherwise
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".ipynb": "application/x-ipynb+json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "": "text/plain; charset=utf-8",
}


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder: no list of them, nothing that a link in it leads to elsewhere, nothing kept."""

    extensions_map = TYPES
    server_version, sys_version = "wijkpeiling", ""

    def send_head(self) -> Any:
        home = Path(self.directory).resolve()
        try:
            is_inside = Path(self.translate_path(self.path)).resolve().is_relative_to(home)
        except (OSError, ValueError):
            is_inside = False
        if not is_inside:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        """No folder shows what is in it: only its ``index.html``, if it has one."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of what is asked for."""


def open_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder on this machine alone, which ``serve_forever`` starts; port 0 takes a free one.

    Raises
    ------
    ReportError
        For a folder without a page, or a port that cannot be had.
    """
    if not (folder / "index.html").is_file():
        raise ReportError(
            "there is no page to show",
            where=folder,
            expected="a folder with index.html: a site or an edition",
            todo="build an edition with wijkpeiling report, or a site with wijkpeiling publish",
        )
    handler: Callable[..., Any] = partial(_Handler, directory=str(folder))
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except OSError as failure:
        is_taken = failure.errno == errno.EADDRINUSE
        raise ReportError(
            f"port {port} {'is taken' if is_taken else f'cannot be had: {failure.strerror}'}",
            where=HOST,
            expected="a free port",
            todo="choose another with --port; 0 takes any that is free",
        ) from None
