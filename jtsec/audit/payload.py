"""
The canonical bytes of an event, and the columns that are copied from them.

Format 1: a JSON object, keys sorted, no spaces, UTF-8, no floats. These bytes are
stored as they were authenticated: nobody has to rebuild them to verify, so no change
of a library, a time zone or a column type can make an honest row look altered. The
columns repeat parts of them for queries and prove nothing; `columns_of` is the one
function that fills them and that `verification` compares with.

Described with a test vector in docs/reference/formats.md; readable for ever.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise

from .canonical import canonical

__all__ = [
    "DEPTH_LIMIT",
    "TEXT_COLUMNS",
    "TEXT_LIMIT",
    "VERSION",
    "canonical",
    "columns_of",
    "moment",
    "parse",
    "plain",
    "text",
]

VERSION: Final = 1
TEXT_LIMIT: Final = 8192
"""Characters of one text that are kept: a typed name of ten megabytes is an attack."""

DEPTH_LIMIT: Final = 8

TEXT_COLUMNS: Final[Mapping[str, tuple[tuple[str, ...], int]]] = MappingProxyType(
    {
        "code": (("code",), 100),
        "outcome": (("outcome",), 8),
        "actor_kind": (("actor", "kind"), 16),
        "actor_uid": (("actor", "uid"), 36),
        "actor_username": (("actor", "username"), 254),
        "actor_name": (("actor", "name"), 150),
        "actor_organisation": (("actor", "organisation"), 32),
        "actor_duty": (("actor", "duty"), 16),
        "source_address": (("source", "address"), 45),
        "source_terminal": (("source", "terminal"), 64),
        "source_mac": (("source", "mac"), 64),
        "request_id": (("request",), 64),
        "resource": (("resource",), 255),
        "subject": (("subject",), 254),
        "reason": (("reason",), 255),
    }
)
"""Column: where it stands in the payload, and how many characters are copied."""

_PARTS: Final = tuple(
    (
        part,
        tuple(
            (name, path[-1], limit)
            for name, (path, limit) in TEXT_COLUMNS.items()
            if path[:-1] == ((part,) if part else ())
        ),
    )
    for part in ("", "actor", "source")
)
"""The same by the part of the payload, for every event pays for the walk."""


def parse(payload: bytes) -> dict[str, Any]:
    """
    Return what canonical bytes say.

    Raises:
        ValueError: not such bytes, or of a version nobody here can read.
    """
    try:
        parsed = json.loads(payload)
    except RecursionError as error:
        raise ValueError("deeper than any payload") from error
    if not isinstance(parsed, dict) or parsed.get("v") != VERSION:
        raise ValueError("not an audit payload of version 1")
    return parsed


def plain(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """
    Return a value as it stands in a payload.

    Raises:
        TypeError: the value is of a kind that has no canonical form.
    """
    if type(value) is str and len(value) <= TEXT_LIMIT:
        return value
    match value:
        case str():
            return text(value)
        case None | bool() | int():
            return value
        case datetime():
            return moment(value)
        case float() | Decimal() | UUID() | date() | time() | Promise():
            return text(str(value))
        case Mapping() if depth:
            return {_key(key): plain(one, depth - 1) for key, one in value.items()}
        case list() | tuple() | set() | frozenset() if depth:
            # A set has no order of its own; two runs must give the same bytes.
            ordered = sorted(value) if isinstance(value, set | frozenset) else value
            return [plain(one, depth - 1) for one in ordered]
    raise TypeError(f"{type(value).__name__} cannot stand in an audit event")


def text(value: str) -> str:
    """Return a text, cut where it is longer than anybody honest would send."""
    if len(value) <= TEXT_LIMIT:
        # A subclass (SafeString, an enumeration) is written as what it says.
        return value if type(value) is str else str.__str__(value)
    return f"{value[:TEXT_LIMIT]}…[{len(value)}]"


def moment(value: datetime) -> str:
    """Return a time in UTC with microseconds; text, so no time zone moves it."""
    if value.tzinfo is not UTC:
        aware = timezone.make_aware(value) if timezone.is_naive(value) else value
        value = aware.astimezone(UTC)
    return value.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def columns_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the columns' values for a payload.

    Raises:
        ValueError, KeyError, TypeError: the payload is not of this form.
    """
    at = datetime.fromisoformat(payload["at"])
    columns: dict[str, Any] = {
        "event_id": UUID(payload["id"]),
        "at": at if settings.USE_TZ else timezone.make_naive(at),
        "severity": payload["severity"],
        "actor_is_police": payload["actor"]["is_police"],
    }
    for part, found in _PARTS:
        place = payload[part] if part else payload
        for name, key, limit in found:
            value = place[key]
            is_plain = len(value) <= limit and value.isascii() and "\x00" not in value
            columns[name] = value if is_plain else _column_text(value, limit)
    return columns


def _column_text(value: str, limit: int) -> str:
    """Return what a text column can hold: PostgreSQL refuses NUL, all half pairs."""
    if value.isascii() and "\x00" not in value:
        return value[:limit]
    visible = value.replace("\x00", "\\x00").encode("utf-8", "backslashreplace")
    return visible.decode("utf-8")[:limit]


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("the keys of a mapping in an audit event are text")
    return text(key)
