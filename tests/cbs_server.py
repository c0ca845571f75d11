"""A small server that speaks the open data form of CBS, with the outages that a server has."""

import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

TABLE = "99999NED"
SILENCE, WHOLE = 0.4, 1.5
INHABITANTS = {"<20k": 12_345, "20-50k": 20_000, "50-100k": 99_999, ">=100k": 100_000}
SOURCES = f"""\
publisher: CBS
licence: CC BY 4.0
series: Gebieden in Nederland
odata_tables: {{2027: {TABLE}}}
odata_inhabitants: Inwonertal
files: {{}}
"""


class Server:
    """``outages`` are what it does to the next requests for the rows; ``asked`` are the paths that were asked."""

    def __init__(self, rows):
        self.rows, self.outages, self.asked = rows, [], []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def place(self):
        return f"127.0.0.1:{self.http.server_port}"

    def answer(self, path):
        names = ["TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties", "CategoryGroups", "RegioS"]
        regions = [{"Key": row["RegioS"], "Title": row["Naam_2"].strip()} for row in self.rows]
        tables = {"TypedDataSet": self.rows, "UntypedDataSet": self.rows, "RegioS": regions}
        name = path.rstrip("/").rpartition("/")[2]
        return tables.get(name, []) if name != TABLE else [{"name": name, "url": name} for name in names]

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = urlsplit(self.path).path
                server.asked.append(path)
                outage = server.outages.pop(0) if path.endswith("TypedDataSet") and server.outages else None
                body = json.dumps({"value": server.answer(path)}).encode()
                (outage or whole)(self, body)

            def log_message(self, *arguments):
                pass

        return Handler


def whole(handler, body, status=200, kind="application/json", length=None):
    handler.close_connection = True
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(length or len(body)))
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body)


def slow(handler, body):
    time.sleep(2 * SILENCE)
    handler.close_connection = True


def dripping(handler, body):
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for place in range(int(2 * WHOLE / 0.1)):
        try:
            handler.wfile.write(body[place : place + 1])
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.1)


def reset(handler, body):
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def half(handler, body):
    whole(handler, body[: len(body) // 2], length=len(body))


def half_as_a_whole(handler, body):
    whole(handler, body[: len(body) // 2])


def page(handler, body):
    whole(handler, b"<html><body>Onderhoud</body></html>", kind="text/html")


def no_table(handler, body):
    whole(handler, b'{"error": {"code": ""}}')


def text_for_rows(handler, body):
    whole(handler, b'{"value": ["GM9000", "GM9001"]}')


def refused(status):
    return lambda handler, body: whole(handler, b"busy", status, "text/plain")
