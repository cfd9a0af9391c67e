"""A visitor without a browser: cookies, forms with their token, redirects on demand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
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


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Message

    @property
    def target(self) -> str:
        """Return where a redirect leads, without the host."""
        parts = urlsplit(self.headers.get("Location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")


class Visitor:
    """Somebody at the door of one served demonstration."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self._opener = build_opener(
            ProxyHandler({}), HTTPCookieProcessor(self.cookies), _Stay()
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

    def log_in(self, username: str, password: str = PASSWORD) -> Answer:
        """Send the login form."""
        return self.post(LOGIN, {"username": username, "password": password})

    def _send(self, request: Request) -> Answer:
        try:
            with self._opener.open(request, timeout=60) as response:
                return Answer(
                    response.status, response.read().decode(), response.headers
                )
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), error.headers)
