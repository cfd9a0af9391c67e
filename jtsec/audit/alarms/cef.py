"""
An alarm as one line in CEF, version 0, and in a syslog message (RFC 5424).

    <106>1 2026-11-22T05:00:00.000000Z host jtsec - alarm - CEF:0|jtsec|jtsec|…

Whoever can name an alarm must not be able to write a second one, or another field: in
the header a backslash and a pipe are escaped, in the extension a backslash, an equals
sign and line ends; line ends of the header become spaces. Described with a vector in
docs/reference/formats.md.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from jtsec import __version__

from .models import Level

FACILITY: Final = 13
"""Log audit (RFC 5424, table 1)."""

CEF_SEVERITY: Final[Mapping[int, int]] = MappingProxyType(
    {Level.NOTICE: 3, Level.WARNING: 5, Level.ALARM: 8, Level.URGENT: 10}
)
SYSLOG_SEVERITY: Final[Mapping[int, int]] = MappingProxyType(
    {Level.NOTICE: 5, Level.WARNING: 4, Level.ALARM: 2, Level.URGENT: 1}
)
BOM: Final = b"\xef\xbb\xbf"


def cef_line(message: Mapping[str, Any]) -> str:
    """
    Return the CEF line of a message (format jtsec-alarm/1).

    Args:
        message: as `message_of` makes it.
    """
    head = (
        "jtsec",
        "jtsec",
        __version__,
        message["rule"],
        message["name"],
        str(CEF_SEVERITY[message["level"]]),
    )
    extension = {
        "externalId": message["delivery"],
        "cat": message["why"],
        "cnt": message["occurrences"],
        "start": milliseconds(message["first"]),
        "end": milliseconds(message["last"]),
        "rt": milliseconds(message["at"]),
        "cs1Label": "alarm",
        "cs1": message["alarm"],
        "msg": message["summary"],
    }
    fields = " ".join(f"{name}={in_extension(v)}" for name, v in extension.items())
    return "|".join(("CEF:0", *map(in_header, head), fields))


def in_header(value: object) -> str:
    """Return a value as it stands between the pipes of the header."""
    text = str(value).replace("\\", "\\\\").replace("|", "\\|")
    return " ".join(text.splitlines())


def in_extension(value: object) -> str:
    """Return a value as it stands behind an equals sign of the extension."""
    text = str(value).replace("\\", "\\\\").replace("=", "\\=")
    return text.replace("\r", "\\r").replace("\n", "\\n")


def milliseconds(moment: str) -> int:
    """Return a moment of a message in milliseconds since 1970."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def syslog_message(message: Mapping[str, Any], host: str = "") -> bytes:
    """
    Return the syslog message of an alarm, without framing.

    Args:
        message: as `message_of` makes it.
        host: the name this machine gives itself, by default what it is called.
    """
    priority = FACILITY * 8 + SYSLOG_SEVERITY[message["level"]]
    line = cef_line(message)
    name = _printable(host or socket.gethostname()) or "-"
    head = f"<{priority}>1 {message['at']} {name} jtsec - alarm - ".encode("ascii")
    # What is UTF-8 has to say so (RFC 5424, 6.4); plain ASCII need not.
    mark = b"" if line.isascii() else BOM
    return head + mark + line.encode("utf-8", "backslashreplace")


def _printable(name: str) -> str:
    return "".join(one for one in name if "!" <= one <= "~")[:255]
