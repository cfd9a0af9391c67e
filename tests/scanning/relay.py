"""
Stands between a scanner and the example: counts, and can come from many addresses.

The example blacklists a terminal after twenty failed logins, so a scanner that attacks
the login form is soon told nothing but that. An attacker with many machines goes on; so
does the relay, which can connect from a new address of 127.0.0.0/8 for each request.
Nothing is switched off in the example for that.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections import Counter
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te"}
VARIABLE = re.compile(r"TX[0-9]{16}|[0-9a-f]{64}|[0-9a-f-]{36}|[0-9]+")
FATAL = re.compile(r"/accounts/(logout/|password/|sessions/.*end)")
"""What ends the scan's own session or locks its account; tried by hand instead."""
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
SECRET = re.compile(r"csrftoken=(\w+)")


class Relay(ThreadingHTTPServer):
    """
    Listens on one port of the loopback interface and passes on to another.

    Args:
        port: where the scanner comes in; 0 for a free one.
        target: the port of the example.
        cookie: what every request carries instead of the scanner's own cookies.
        has_many: whether each request comes from another address.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, port: int, target: int, *, cookie: str = "", has_many: bool = False
    ) -> None:
        super().__init__(("127.0.0.1", port), Passing)
        self.target, self.cookie, self.has_many = target, cookie, has_many
        self.statuses: Counter[int] = Counter()
        self.pages: dict[str, Counter[str]] = {}
        self.failures: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.held_back = 0
        self._addresses = itertools.count(2)
        self._lock = threading.Lock()

    def source(self) -> str:
        """Return the address of this machine that the next request comes from."""
        if not self.has_many:
            return "127.0.0.1"
        with self._lock:
            number = next(self._addresses)
        return f"127.1.{number // 250 % 250}.{number % 250 + 1}"

    def count(self, method: str, path: str, status: int) -> None:
        """Count an answer, and keep each address whose answer was a server error."""
        page = VARIABLE.sub("*", urlsplit(path).path)[:80]
        with self._lock:
            self.statuses[status] += 1
            self.pages.setdefault(page, Counter())[f"{method} {status}"] += 1
            if status >= 500:
                self.failures[f"{method} {path}"] += 1

    def summary(self) -> dict[str, Any]:
        """Return what went through."""
        known = {
            page: dict(sorted(found.items()))
            for page, found in sorted(self.pages.items())
            if any(not one.endswith((" 404", " 400", " 405")) for one in found)
        }
        return {
            "requests": sum(self.statuses.values()),
            "statuses": {str(key): self.statuses[key] for key in sorted(self.statuses)},
            "held_back": self.held_back,
            "server_errors": dict(self.failures),
            "given_up": dict(self.broken),
            "pages": known,
        }


class Passing(BaseHTTPRequestHandler):
    """Passes one request on, and its answer back."""

    protocol_version = "HTTP/1.1"
    server: Relay

    def pass_on(self) -> None:
        """Send the request to the example and its answer to the scanner."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.cookie and self.command != "GET" and FATAL.match(self.path):
            self.server.held_back += 1
            self.answer(204, [], b"")
            return
        try:
            status, headers, content = self.ask(body)
            self.server.count(self.command, self.path, status)
            self.answer(status, headers, content)
        except (OSError, HTTPException, ValueError) as error:
            self.close_connection = True
            self.server.broken[type(error).__name__] += 1

    def ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Return what the example answers."""
        connection = HTTPConnection(
            "127.0.0.1",
            self.server.target,
            timeout=60,
            source_address=(self.server.source(), 0),
        )
        try:
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            headings = self.headings()
            for name, value in headings.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        secret = SECRET.search(headings.get("cookie", ""))
        if secret:
            # Masked anew in each page, the token makes each form a new one to a
            # scanner that compares; unmasked it is as good, and always the same.
            content = TOKEN.sub(rb"\g<1>" + secret[1].encode(), content)
        return answer.status, answer.getheaders(), content

    def headings(self) -> dict[str, str]:
        """
        Return the headers to send, with the cookie of whoever is logged in.

        Each is sent once: wapiti's module `csrf` sends the content type twice, gets
        every form refused as unreadable, and takes that for a token not looked at.
        """
        kept = {
            name.lower(): value
            for name, value in self.headers.items()
            if name.lower() not in HOP
        }
        return kept | ({"cookie": self.server.cookie} if self.server.cookie else {})

    def answer(
        self, status: int, headers: list[tuple[str, str]], content: bytes
    ) -> None:
        """Send an answer back."""
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP | {"content-length"}:
                self.send_header(name, value)
        if status >= 200 and status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        """Pass on every method, also those that scanners make up."""
        if name.startswith("do_"):
            return self.pass_on
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what matters is counted."""
