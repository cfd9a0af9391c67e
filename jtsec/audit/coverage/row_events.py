"""
Events of changed rows, made and written in the transaction of the change.

All rows of one statement share who did it and from where; each has its own number and
its own check value. They are written in pieces, so that a change of a hundred thousand
rows holds a few hundred events at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from jtsec.audit import journal, writer
from jtsec.audit.entry import Entry
from jtsec.audit.events import Event
from jtsec.audit.exceptions import AuditUnavailable
from jtsec.audit.table import Row
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto.exceptions import CryptoError

from .columns import Column
from .events import RowChanged, RowCreated, RowDeleted
from .registry import Watched

PIECE: Final = 400
"""Events that are held at a time."""

Change = tuple[Column, Any, Any]
"""A column, its value before and its value after."""


def created(watched: Watched, key: Any, values: Iterable[tuple[Column, Any]]) -> Event:
    """Return the event of a new row."""
    after, sensitive = _parted(values)
    return RowCreated(
        resource=watched.resource(key), after=after, sensitive_after=sensitive
    )


def deleted(watched: Watched, key: Any, values: Iterable[tuple[Column, Any]]) -> Event:
    """Return the event of a row that is gone."""
    before, sensitive = _parted(values)
    return RowDeleted(
        resource=watched.resource(key), before=before, sensitive_before=sensitive
    )


def changed(watched: Watched, key: Any, changes: Iterable[Change]) -> Event | None:
    """Return the event of a change, None where nothing differs."""
    found = [one for one in changes if one[0].is_changed(one[1], one[2])]
    if not found:
        return None
    before, sensitive_before = _parted((column, old) for column, old, _ in found)
    after, sensitive_after = _parted((column, new) for column, _, new in found)
    return RowChanged(
        resource=watched.resource(key),
        before=before,
        after=after,
        sensitive_before=sensitive_before,
        sensitive_after=sensitive_after,
    )


def write(events: Iterable[Event | None], *, core: bool) -> None:
    """
    Write events of rows in the transaction in force.

    Args:
        events: they are made as they are written, a piece at a time.
        core: whether the rows belong to a core function (A5.5).

    Raises:
        AuditUnavailable: they were not written, and the change must not stay.
    """
    waiting = (event for event in events if event is not None)
    while piece := [_row(event, core) for event in islice(waiting, PIECE)]:
        writer.write_here(piece)


def _row(event: Event, core: bool) -> Row:
    entry = Entry(event)
    # Nothing sensitive: no box, whose encryption would cost as much as the rest.
    if all(value is None for value in entry.sensitive.values()):
        entry.sensitive = {}
    if core:
        entry.payload["core"] = True
    journal.copy(entry)
    try:
        return entry.to_row()
    except (ConfigurationError, CryptoError) as error:
        code = entry.payload["code"]
        raise AuditUnavailable(f"not written to the audit: {code}") from error


def _parted(
    values: Iterable[tuple[Column, Any]],
) -> tuple[dict[str, Any], Mapping[str, Any] | None]:
    """Return what stands in the open, and what is encrypted, None for nothing."""
    plain: dict[str, Any] = {}
    sealed: dict[str, Any] = {}
    for column, value in values:
        (sealed if column.is_sensitive else plain)[column.name] = column.show(value)
    return plain, sealed or None


def in_pieces(keys: list[Any], size: int) -> Iterator[list[Any]]:
    """Yield a list in pieces."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
