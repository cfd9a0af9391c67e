"""
What an event is in the words of the police log: declared here, once.

The platform knows few types of operation and its own codes of failure. The first row
whose pattern fits an event's code decides; a project puts rows of its own before them
(`JTSEC_AUDIT_EXPORT_OPERATIONS`, `JTSEC_AUDIT_EXPORT_ERROR_CODES`). Types 0 to 4 are
the same everywhere; from 5 on platforms differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Final

from jtsec.audit.events import label_of

from .conf import export_settings


class Type(IntEnum):
    """The types of operation."""

    LOGIN = 0
    QUERY = 1
    CREATE = 2
    CHANGE = 3
    DELETE = 4
    LOGOUT = 5
    EXPORT = 6


class Level(IntEnum):
    """How sensitive the data of an operation is."""

    PUBLIC = 0
    ORDINARY = 1
    PERSONAL = 2
    PRIVATE = 3


@dataclass(frozen=True)
class Operation:
    """
    What was done, for the platform.

    Args:
        type: number of the type of operation.
        name: the function, in words.
        level: how sensitive the data is; None when the event's own fields decide.
    """

    type: int
    name: str
    level: int | None = None


def _ending(words: str, kind: Type) -> tuple[tuple[str, Type], ...]:
    return tuple((f"*:*:{word}*", kind) for word in words.split())


TYPES: Final[tuple[tuple[str, Type], ...]] = (
    ("authentication:login:left", Type.LOGOUT),
    ("sessions:session:ended", Type.LOGOUT),
    ("authentication:login:*", Type.LOGIN),
    ("authentication:user:locked", Type.LOGIN),
    ("authentication:terminal:blocked", Type.LOGIN),
    ("authentication:session:refused", Type.LOGIN),
    ("sessions:login:*", Type.LOGIN),
    ("sessions:session:second-place", Type.LOGIN),
    *_ending("exported downloaded printed", Type.EXPORT),
    *_ending("queried viewed read searched listed opened", Type.QUERY),
    *_ending("created registered added granted assigned bound", Type.CREATE),
    *_ending("defined imported", Type.CREATE),
    *_ending("deleted removed revoked deactivated dropped unbound", Type.DELETE),
    ("access:function:*", Type.QUERY),
    ("access:view:*", Type.QUERY),
    ("errors:*", Type.QUERY),
    ("audit:attack:*", Type.QUERY),
    ("*", Type.CHANGE),
)

FAILURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wrong": "3004",
        "unknown-user": "3004",
        "network-not-allowed": "3001",
        "terminal-not-allowed": "3001",
        "place-not-allowed": "3001",
        "terminal-blocked": "3001",
        "invalid": "1001",
        "access:*": "3007",
        "audit:attack:suspicious": "1001",
        "audit:attack:*": "3007",
        "errors:permission:refused": "3007",
    }
)
"""Reason, or pattern of an event's code, to code; other failures have none."""


def operation_of(code: str) -> Operation:
    """
    Return what an event's code stands for.

    Args:
        code: the event's code; one that nobody declares any more is a change.
    """
    own = _first_fit(code, export_settings().operations.items()) or {}
    kind = _first_fit(code, TYPES)
    return Operation(
        type=int(own.get("type", Type.CHANGE if kind is None else kind)),
        name=str(own.get("name") or label_of(code)),
        level=own.get("level"),
    )


def failure_of(code: str, reason: str) -> str:
    """Return the platform's code of a failure, "" where it knows none."""
    own = export_settings().error_codes
    for table in (own, FAILURES):
        if reason in table:
            return table[reason]
        patterns = ((key, value) for key, value in table.items() if ":" in key)
        found = _first_fit(code, patterns)
        if found is not None:
            return str(found)
    return ""


def is_interface(code: str) -> bool:
    """Answer whether an event belongs to the log of interface services."""
    return _fits(code, export_settings().interface_codes)


def is_left_out(code: str) -> bool:
    """Answer whether the project keeps an event to itself."""
    return _fits(code, export_settings().leave_out)


def _fits(code: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in patterns)


def _first_fit(code: str, table: Iterable[tuple[str, Any]]) -> Any:
    return next((found for key, found in table if fnmatchcase(code, key)), None)
