"""A visitor without a browser: cookies, forms with their token, redirects on demand."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import partial
from http.client import HTTPConnection, HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    ProxyHandler,
    Request,
    build_opener,
)

PASSWORD = "Jtsec@Demo2026"
LOGIN = "/accounts/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class _Stay(HTTPRedirectHandler):
    """Shows a redirect as the answer it is."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow nothing."""


class _From(HTTPHandler):
    """Calls from one of this machine's addresses; all of 127.0.0.0/8 are its own."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def http_open(self, req: Request) -> Any:
        """Open a connection that comes from there."""
        place = (self.source, 0)
        connect = partial(HTTPConnection, source_address=place)
        return self.do_open(connect, req)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Message
    content: bytes = b""

    @property
    def target(self) -> str:
        """Return where a redirect leads, without the host."""
        parts = urlsplit(self.headers.get("Location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")


class Visitor:
    """
    Somebody at the door of one served demonstration.

    Args:
        address: where it is served.
        source: from which address of this machine they come.
    """

    def __init__(self, address: str, source: str = "127.0.0.1") -> None:
        self.address = address
        self.cookies = CookieJar()
        self._opener = build_opener(
            ProxyHandler({}), HTTPCookieProcessor(self.cookies), _Stay(), _From(source)
        )

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._send(Request(self.address + path))

    def post(
        self, path: str, fields: Mapping[str, str] | bytes, *, form: str = ""
    ) -> Answer:
        """Send a form with the token of the page it stands on."""
        found = TOKEN.search(self.get(form or path).text)
        token = found[1] if found else ""
        if isinstance(fields, bytes):
            body = b"csrfmiddlewaretoken=" + token.encode() + b"&" + fields
        else:
            body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send(Request(self.address + path, body, headers))

    def upload(
        self, path: str, fields: Mapping[str, str], name: str, content: bytes
    ) -> Answer:
        """Send a form with a file in its field `attachment`."""
        found = TOKEN.search(self.get(path).text)
        edge = secrets.token_hex(16)
        parts = {"csrfmiddlewaretoken": found[1] if found else "", **fields}
        body = b"".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
            f"{value}\r\n".encode()
            for key, value in parts.items()
        )
        body += (
            f'--{edge}\r\nContent-Disposition: form-data; name="attachment"; '
            f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        ).encode()
        body += content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._send(Request(self.address + path, body, headers))

    def call(self, path: str, data: Mapping[str, Any] | None = None) -> Answer:
        """Call an interface as a program does: JSON there, JSON back."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if data is None:
            return self._send(Request(self.address + path, headers=headers))
        tokens = [one.value for one in self.cookies if "csrf" in one.name]
        headers |= {"X-CSRFToken": tokens[0] or "", "Referer": self.address}
        body = json.dumps(data).encode()
        return self._send(Request(self.address + path, body, headers))

    def log_in(self, username: str, password: str = PASSWORD) -> Answer:
        """Send the login form."""
        return self.post(LOGIN, {"username": username, "password": password})

    def _send(self, request: Request) -> Answer:
        try:
            with self._opener.open(request, timeout=60) as response:
                content = response.read()
                text = content.decode(errors="replace")
                return Answer(response.status, text, response.headers, content)
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), error.headers)
