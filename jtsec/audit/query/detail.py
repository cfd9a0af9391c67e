"""
One event with everything it holds (clause A5.2); its encrypted details on demand.

Looking at an event is recorded, and reading its encrypted details again: these hold
what somebody searched for, whose data it was, and what stood there before.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jtsec.audit.api import record
from jtsec.audit.details import open_details
from jtsec.audit.exceptions import RecordAltered
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import parse
from jtsec.audit.verification import verify_record
from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.crypto.exceptions import CryptoError

from .events import DetailsOpened, DetailsUnreadable, RecordViewed
from .sealed import Sealed, sealed_of
from .searching import LOG
from .states import State

PAIRED = ("before", "after", "sensitive_before", "sensitive_after")
"""Fields of events that tell changes, in clear and encrypted."""


@dataclass(frozen=True)
class Change:
    """What one field was and became; None on the side where it does not stand."""

    name: str
    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        """Answer whether it changed."""
        return self.before != self.after


@dataclass(frozen=True)
class Detail:
    """
    One event, taken apart.

    Args:
        row: the row.
        state: what its check value says.
        altered: names of the columns that differ from its content.
        sealed: what its seal says.
        is_core: whether it belongs to a core function.
        changes: before and after, field by field.
        data: what else was recorded.
        has_details: whether encrypted details are in it.
        details: those details where they were opened, else None.
        is_readable: whether its content could be read at all.
    """

    row: AuditRecord
    state: State
    altered: tuple[str, ...]
    sealed: Sealed
    is_core: bool
    changes: tuple[Change, ...]
    data: tuple[tuple[str, str], ...]
    has_details: bool
    details: tuple[tuple[str, str], ...] | None = None
    is_readable: bool = True


def detail_of(event_id: UUID) -> Detail | None:
    """Return one event, None where there is none; records who looked."""
    row = AuditRecord.objects.filter(event_id=event_id).first()
    if row is None:
        return None
    record(RecordViewed(resource=f"{LOG}:{event_id}", code=row.code))
    return _taken_apart(row, None)


def opened_detail_of(event_id: UUID) -> Detail | None:
    """
    Return one event with its encrypted details; records who read them.

    The record comes first: nobody reads them without it.
    """
    row = AuditRecord.objects.filter(event_id=event_id).first()
    if row is None:
        return None
    resource = f"{LOG}:{event_id}"
    record(DetailsOpened(resource=resource, code=row.code))
    try:
        opened = open_details(parse(bytes(row.payload)))
    except (
        ValueError,
        KeyError,
        Base64Error,
        CryptoError,
        ConfigurationError,
    ) as error:
        record(DetailsUnreadable(resource=resource, reason=type(error).__name__))
        return _taken_apart(row, None)
    return _taken_apart(row, opened)


def data_of(row: AuditRecord) -> Mapping[str, Any]:
    """Return what an event recorded in clear; nothing of a row that is unreadable."""
    try:
        data = parse(bytes(row.payload)).get("data")
    except ValueError:
        return {}
    return data if isinstance(data, Mapping) else {}


def _taken_apart(row: AuditRecord, opened: Mapping[str, Any] | None) -> Detail:
    state, altered = _judged(row)
    try:
        payload: Mapping[str, Any] = parse(bytes(row.payload))
        is_readable = True
    except ValueError:
        payload, is_readable = {}, False
    data = data_of(row)
    return Detail(
        row=row,
        state=state,
        altered=altered,
        sealed=sealed_of(row),
        is_core=bool(payload.get("core")),
        changes=tuple(_changes(data, opened or {})),
        data=tuple(_flat({k: v for k, v in data.items() if k not in PAIRED})),
        has_details=bool(payload.get("sealed")),
        details=None
        if opened is None
        else tuple(_flat({k: v for k, v in opened.items() if k not in PAIRED})),
        is_readable=is_readable,
    )


def _judged(row: AuditRecord) -> tuple[State, tuple[str, ...]]:
    try:
        verify_record(row)
    except RecordAltered as error:
        return State.ALTERED, error.columns
    except CannotVerify:
        return State.UNKNOWN, ()
    return State.WHOLE, ()


def _changes(data: Mapping[str, Any], opened: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what changed; fields that were encrypted stand beside the others."""
    was, became = (
        {
            name: value
            for part in (data.get(side), *_opened(opened, side))
            if isinstance(part, Mapping)
            for name, value in part.items()
        }
        for side in ("before", "after")
    )
    for name in dict.fromkeys((*was, *became)):
        yield Change(
            name,
            _text(was[name]) if name in was else None,
            _text(became[name]) if name in became else None,
        )


def _opened(opened: Mapping[str, Any], side: str) -> tuple[Any, Any]:
    """Return one side of what was encrypted; events of models call it sensitive."""
    return opened.get(side), opened.get(f"sensitive_{side}")


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value with the way to it."""
    if isinstance(value, Mapping) and value:
        for name, one in value.items():
            yield from _flat(one, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and any(
        isinstance(one, Mapping | list) for one in value
    ):
        for number, one in enumerate(value, 1):
            yield from _flat(one, f"{path} {number}")
    elif path:
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)
