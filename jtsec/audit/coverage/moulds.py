"""
Rows of events that follow one another: what they share is worked out once.

A save pays for its event each time, and a change of many rows for each of them. Who
acts, from where, and what kind of event it is are the same from one to the next; a
mould keeps the part of the payload and the columns that follow from them. What comes
out is, byte for byte, what `audit.entry` makes.
"""

from __future__ import annotations

from threading import local
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from jtsec.audit import journal
from jtsec.audit.details import seal_details
from jtsec.audit.entry import CONVENTIONAL, Entry
from jtsec.audit.events import Event
from jtsec.audit.exceptions import AuditUnavailable
from jtsec.audit.payload import TEXT_LIMIT, canonical, columns_of, moment
from jtsec.audit.table import Row
from jtsec.core.clock import now
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import ConfigurationError
from jtsec.core.identifiers import uuid7
from jtsec.core.source import Source
from jtsec.crypto.exceptions import CryptoError
from jtsec.keys import api as keys

_RESOURCE_LENGTH: Final = 255
_of_thread: Any = local()


class Mould:
    """
    What the events of one kind share while the same person acts from the same place.

    Args:
        entry: one of them, made the long way.
        event: its event.
        actor: who acts.
        source: from where.
        core: whether they belong to a core function.
    """

    def __init__(
        self, entry: Entry, event: Event, actor: Actor, source: Source, core: bool
    ) -> None:
        self.actor = actor
        self.source = source
        self.core = core
        self.payload = {**entry.payload, "core": entry.payload["core"] or core}
        self.columns = columns_of(self.payload)
        declaration = event.declaration
        self.plain_names = tuple(
            name
            for name in declaration.names
            if name not in declaration.sensitive and name not in CONVENTIONAL
        )
        self.sensitive_names = tuple(declaration.sensitive)

    def row(self, event: Event, request_id: str) -> Row:
        """Return the row of another event."""
        at = now()
        held = vars(event)
        entry = Entry.__new__(Entry)
        entry.event_id = event_id = uuid7(at)
        entry.sensitive = {}
        entry.payload = payload = {
            **self.payload,
            "id": str(event_id),
            "at": moment(at),
            "request": request_id,
            "resource": held["resource"],
            # Their values are in their final form, see `columns`.
            "data": {name: held[name] for name in self.plain_names},
        }
        journal.copy(entry)
        sealed = {name: held[name] for name in self.sensitive_names}
        # Nothing sensitive: no box, whose encryption would cost as much as the rest.
        if [value for value in sealed.values() if value is not None]:
            payload["sealed"] = seal_details(event_id, sealed)
        data = canonical(payload)
        key_id, mac = keys.mac(keys.Purpose.AUDIT_MAC, data)
        return {
            **self.columns,
            "event_id": event_id,
            "at": at if settings.USE_TZ else timezone.make_naive(at),
            "request_id": request_id,
            "resource": held["resource"],
            "payload": data,
            "mac": mac,
            "mac_key_id": key_id,
        }


def row_of(event: Event, *, core: bool) -> Row:
    """
    Return the row of an event of a model.

    Args:
        event: the event.
        core: whether it belongs to a core function.

    Raises:
        AuditUnavailable: the keys cannot be used.
    """
    try:
        if not _is_ordinary(vars(event)["resource"]):
            return _the_long_way(event, core)
        context = current()
        try:
            actor = context.actor
        # Who it is may stand in a database that failed; `Entry` says what then.
        except Exception:
            return _the_long_way(event, core)
        mould = _mould_for(event, actor, context.source, core)
        return mould.row(event, context.request_id)
    except (ConfigurationError, CryptoError) as error:
        code = event.declaration.code
        raise AuditUnavailable(f"not written to the audit: {code}") from error


def _mould_for(event: Event, actor: Actor, source: Source, core: bool) -> Mould:
    try:
        moulds: dict[type[Event], Mould] = _of_thread.moulds
    except AttributeError:
        moulds = _of_thread.moulds = {}
    kind = type(event)
    known = moulds.get(kind)
    if (
        known is not None
        and (known.actor is actor or known.actor == actor)
        and (known.source is source or known.source == source)
        and known.core is core
    ):
        return known
    entry = Entry(event, actor, source)
    made = moulds[kind] = Mould(entry, event, actor, source, core)
    return made


def _the_long_way(event: Event, core: bool) -> Row:
    entry = Entry(event)
    if all(value is None for value in entry.sensitive.values()):
        entry.sensitive = {}
    entry.payload["core"] = entry.payload["core"] or core
    journal.copy(entry)
    return entry.to_row()


def _is_ordinary(resource: str) -> bool:
    """Answer whether a resource stands in its column as it is."""
    is_short = len(resource) <= min(_RESOURCE_LENGTH, TEXT_LIMIT)
    return is_short and resource.isascii() and "\x00" not in resource
