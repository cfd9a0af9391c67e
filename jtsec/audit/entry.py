"""
From an event and its surroundings to a finished row.

The row is made at the moment of the event, even where it is written later: who acted,
from where and when must not drift until the end of the request.
"""

from __future__ import annotations

import logging
from typing import Any

from jtsec.core.clock import now
from jtsec.core.context import Actor, current
from jtsec.core.identifiers import uuid7
from jtsec.core.source import Source
from jtsec.keys import api as keys

from .details import seal_details
from .events import Event
from .payload import VERSION, canonical, columns_of, moment, plain, text
from .table import Row

logger = logging.getLogger("jtsec.audit")

UNKNOWN = Actor(kind="unknown")
CONVENTIONAL = {
    "resource": "resource",
    "subject_username": "subject",
    "reason": "reason",
}
"""Fields that have a place of their own in the payload."""


class Entry:
    """
    One event with its surroundings, in plain values.

    Args:
        event: the event.
        actor: who acts; None for who acts in the context.
        source: from where; None for the context's.

    Raises:
        TypeError: a field's value has no canonical form.
    """

    __slots__ = ("event_id", "payload", "sensitive")

    def __init__(
        self, event: Event, actor: Actor | None = None, source: Source | None = None
    ) -> None:
        declaration = event.declaration
        context = current()
        at = now()
        self.event_id = uuid7(at)
        data: dict[str, Any] = {}
        self.sensitive: dict[str, Any] = {}
        for name in declaration.names:
            kept = self.sensitive if name in declaration.sensitive else data
            kept[name] = plain(getattr(event, name))
        self.payload: dict[str, Any] = {
            "v": VERSION,
            "id": str(self.event_id),
            "at": moment(at),
            "code": declaration.code,
            "outcome": declaration.outcome.value,
            "severity": declaration.severity.value,
            "core": declaration.core,
            "actor": _actor(actor),
            "source": _source(context.source if source is None else source),
            "request": context.request_id,
        }
        for name, place in CONVENTIONAL.items():
            self.payload[place] = _as_text(data.pop(name, ""))
        self.payload["data"] = data

    def to_row(self) -> Row:
        """
        Return the row: details encrypted, bytes final, MAC over them.

        Raises:
            ConfigurationError, CryptoError: the keys cannot be used.
        """
        # Nothing said needs no box; what is 0 or empty in another way is something.
        if any(value not in (None, "") for value in self.sensitive.values()):
            self.payload["sealed"] = seal_details(self.event_id, self.sensitive)
        payload = canonical(self.payload)
        key_id, mac = keys.mac(keys.Purpose.AUDIT_MAC, payload)
        row = columns_of(self.payload)
        return row | {"payload": payload, "mac": mac, "mac_key_id": key_id}


def _actor(actor: Actor | None) -> dict[str, Any]:
    if actor is None:
        try:
            actor = current().actor
        # Who it is may stand in the very database that failed; the failure must be
        # recorded all the same, and as nobody's rather than as somebody else's.
        except Exception:
            logger.exception("the actor of an event could not be found out")
            actor = UNKNOWN
    return {
        "kind": actor.kind,
        "uid": text(actor.uid),
        "username": text(actor.username),
        "name": text(actor.name),
        "is_police": actor.is_police,
        "organisation": text(actor.organisation),
        "duty": text(actor.duty),
    }


def _source(source: Source) -> dict[str, str]:
    return {
        "address": text(source.address),
        "terminal": text(source.terminal),
        "mac": text(source.mac),
    }


def _as_text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)
