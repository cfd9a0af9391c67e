"""
One HTTP POST to a host that is on the list, and nothing around it.

No redirect is followed, no proxy is asked, no cookie is kept: a log that holds resident
ID numbers goes where the settings say or nowhere.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final
from urllib.parse import SplitResult, urlsplit

from jtsec.core.timed_connection import TimedConnection

from .conf import export_settings
from .exceptions import ExportNotConfigured

LARGEST_ANSWER: Final = 65_536
PORTS: Final = {"http": 80, "https": 443}


class NoAnswer(Exception):
    """Says that no whole answer came."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes


def post(body: bytes, content_type: str, headers: dict[str, str]) -> Reply:
    """
    Send bytes to the platform and return its answer.

    Raises:
        ExportNotConfigured: the address is missing or not on the list.
        NoAnswer: not connected, timed out, broken off, or longer than any answer.
    """
    settings = export_settings()
    url = endpoint(settings.url, settings.receivers)
    connection = _connect(url, settings.timeout_seconds)
    try:
        target = url.path or "/"
        if url.query:
            target = f"{target}?{url.query}"
        sent = {"Content-Type": content_type, "Connection": "close", **headers}
        connection.request("POST", target, body, sent)
        answer = connection.getresponse()
        read = answer.read(LARGEST_ANSWER + 1)
    except (OSError, HTTPException) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if len(read) > LARGEST_ANSWER:
        raise NoAnswer("the answer is longer than any answer of a platform")
    return Reply(answer.status, read)


def endpoint(address: str, allowed: tuple[str, ...]) -> SplitResult:
    """
    Return where to send, if that may be.

    Raises:
        ExportNotConfigured: no address, or its host and port are not on the list.
    """
    try:
        url = urlsplit(address)
        port = url.port or PORTS[url.scheme]
    except (ValueError, KeyError):
        raise ExportNotConfigured(
            "JTSEC_AUDIT_EXPORT_URL must be an http or https address"
        ) from None
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    if f"{host}:{port}" not in allowed:
        raise ExportNotConfigured(
            f"{host}:{port} is not in JTSEC_AUDIT_EXPORT_RECEIVERS"
        )
    return url


def _connect(url: SplitResult, seconds: int) -> TimedConnection:
    context = ssl.create_default_context() if url.scheme == "https" else None
    return TimedConnection(
        url.hostname or "", url.port or PORTS[url.scheme], seconds, context
    )
