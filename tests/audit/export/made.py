"""Payloads and platforms that the tests of the export make."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

from jtsec.audit.export.log_entry import LogEntry, log_entries
from jtsec.crypto import sm3

SYSTEM = "A33010000001"
SECRET = "given-out-by-the-platform"


def payload(**changes: Any) -> dict[str, Any]:
    """Return the payload of a login of 张三, with what a test changes."""
    actor = {
        "kind": "person",
        "uid": "0190b3f0-0000-7000-8000-000000000001",
        "username": "zhang",
        "name": "张三",
        "is_police": True,
        "organisation": "330100000000",
        "duty": "business",
    }
    return {
        "v": 1,
        "id": str(uuid4()),
        "at": "2026-03-01T16:30:05.123456Z",
        "code": "tests:permit:granted",
        "outcome": "done",
        "severity": 10,
        "core": False,
        "actor": actor | changes.pop("actor", {}),
        "source": {"address": "10.33.1.7", "terminal": "", "mac": ""},
        "request": "r1",
        "resource": "permits.permit:7",
        "subject": "",
        "reason": "",
        "data": {},
        **changes,
    }


def entry(**changes: Any) -> LogEntry:
    """Return the entry of one payload."""
    (made,) = log_entries([payload(**changes)])
    return made


def parsed(document: bytes) -> ElementTree.Element:
    """Read a document of form v1 as a reader that knows GBK does."""
    text = document.decode("gbk")
    head, _, rest = text.partition("\n")
    assert head == '<?xml version="1.0" encoding="GBK"?>'
    return ElementTree.fromstring(rest)


class Platform:
    """An audit platform on the loopback: remembers every batch it was handed."""

    def __init__(self) -> None:
        self.received: list[dict[str, str]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.status = "0000"
        self.breaks_off = False
        self.port = 0

    def numbers(self) -> list[str]:
        """Return the number of every row that was taken, one for each time."""
        return [
            row["numId"]
            for message in self.received
            for row in json.loads(message["logContents"])
        ]

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Take a message of form v2 and answer it."""
        message = json.loads(body)
        if self.answers:
            return self.answers.pop(0)
        if self.status == "0000":
            self.received.append(message)
        said = {"status_code": self.status, "Message": "ok"}
        summed = f"{self.status}&ok&{message['sysId']}".encode()
        return 200, json.dumps({**said, "checkSum": sm3.hexdigest(summed)}).encode()

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[str]:
        """Listen until the block is left; the same port may be taken again."""
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, said = platform.answer(body)
                if platform.breaks_off:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args: Any) -> None:
                return

        class Server(ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, *args: Any) -> None:
                return

        server = Server(("127.0.0.1", port), Handler)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{self.port}/commonApi/logApi_v2/transferJsonLog"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
