"""Form v2: a JSON array of objects whose keys are sorted, carried as one text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from .log_entry import Kind, LogEntry

NAME: Final = "v2"
SUFFIX: Final = "json"

_COMMON: Final = (
    ("numId", "number"),
    ("userId", "user_id"),
    ("organization", "organisation"),
    ("organizationId", "organisation_id"),
    ("userName", "user_name"),
    ("terminalId", "terminal_id"),
    ("errorCode", "error_code"),
    ("display", "display"),
    ("dataLevel", "level"),
)
USER: Final = (
    *_COMMON,
    ("operateTime", "at"),
    ("operateType", "type"),
    ("operateResult", "result"),
    ("operateName", "name"),
    ("operateCondition", "condition"),
)
INTERFACE: Final = (
    *_COMMON,
    ("interfaceName", "name"),
    ("requester", "requester"),
    ("interfaceTime", "at"),
    ("interfaceResult", "result"),
    ("interfaceCondition", "condition"),
)
FIELDS: Final = {Kind.USER: USER, Kind.INTERFACE: INTERFACE}
TYPES: Final = {Kind.USER: ("1", "101"), Kind.INTERFACE: ("2", "201")}
"""logType and subLogType."""

_encode: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False
).encode


def row(entry: LogEntry) -> str:
    """Return one object."""
    return _encode({name: getattr(entry, of) for name, of in FIELDS[entry.kind]})


def size(row: str) -> int:
    """Return how many bytes an object takes once it is a text in the message."""
    return len(_encode(row).encode())


def document(system_id: str, rows: Sequence[str]) -> bytes:
    """Return the array that the message carries as `logContents`."""
    return f"[{','.join(rows)}]".encode()


def message(fields: dict[str, str]) -> bytes:
    """Return a message, the text of the array in it escaped once more."""
    return _encode(fields).encode()
