"""
The second copy: one line an event on the logger "jtsec.audit", at once.

It leaves the process before the transaction ends, so it tells of attempts, also of
those whose change was rolled back; the table tells what came of them. Sensitive
fields are not in it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from .entry import Entry
from .events import Severity

logger = logging.getLogger("jtsec.audit")

LEVELS: Mapping[int, int] = MappingProxyType(
    {
        Severity.INFO: logging.INFO,
        Severity.NOTICE: logging.INFO,
        Severity.WARNING: logging.WARNING,
        Severity.ALARM: logging.ERROR,
    }
)


def copy(entry: Entry) -> None:
    """Log an entry as one line."""
    level = LEVELS[entry.payload["severity"]]
    if logger.isEnabledFor(level):
        logger.log(level, "%s", line_of(entry.payload))


def line_of(payload: Mapping[str, Any]) -> str:
    """Return the line: code, outcome, then name=value, values quoted and escaped."""
    head = f"{payload['code']} {payload['outcome']}"
    pairs = (f'{name}="{escaped(str(value))}"' for name, value in _pairs(payload))
    return f"{head} {' '.join(pairs)}"


def _pairs(payload: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    actor, source = payload["actor"], payload["source"]
    yield "event", payload["id"]
    yield "actor", f"{actor['kind']}:{actor['username']}"
    yield "uid", actor["uid"]
    yield "address", source["address"]
    yield "terminal", source["terminal"] or source["mac"]
    yield "request", payload["request"]
    yield "resource", payload["resource"]
    yield "subject", payload["subject"]
    yield "reason", payload["reason"]
    yield from payload["data"].items()


def escaped(value: str) -> str:
    """
    Return a text that cannot begin a new line, end its quotes or move the cursor.

    A user name with a line break would otherwise write log lines of its own choice
    (CWE-117), and one with an escape sequence would command the reader's terminal.
    """
    if value.isprintable() and '"' not in value and "\\" not in value:
        return value
    return "".join(
        f"\\{one}"
        if one in '"\\'
        else one
        if one.isprintable()
        else f"\\u{{{ord(one):x}}}"
        for one in value
    )
