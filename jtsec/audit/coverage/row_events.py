"""
Events of changed rows, made and written in the transaction of the change.

All rows of one statement share who did it and from where; each has its own number and
its own check value. They are written in pieces, so that a change of a hundred thousand
rows holds a few hundred events at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from jtsec.audit import scope, writer
from jtsec.audit.events import Event
from jtsec.audit.table import Row

from .columns import Column
from .events import RowChanged, RowCreated, RowDeleted
from .moulds import row_of
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
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    sealed_before: dict[str, Any] = {}
    sealed_after: dict[str, Any] = {}
    for column, old, new in changes:
        # Most are the same, and a call for each would cost more than the comparison.
        if old is new or (old == new and type(old) is type(new)):
            continue
        if not column.is_changed(old, new):
            continue
        if column.is_sensitive:
            sealed_before[column.name] = column.show(old)
            sealed_after[column.name] = column.show(new)
        else:
            before[column.name] = column.show(old)
            after[column.name] = column.show(new)
    if not after and not sealed_after:
        return None
    return RowChanged(
        resource=watched.resource(key),
        before=before,
        after=after,
        sensitive_before=sealed_before or None,
        sensitive_after=sealed_after or None,
    )


def write(events: Iterable[Event | None], *, core: bool, using: str) -> None:
    """
    Write events of rows, in the transaction of the change where there can be one.

    Args:
        events: they are made as they are written, a piece at a time.
        core: whether the rows belong to a core function (A5.5).
        using: the alias of the database of the rows.

    Raises:
        AuditUnavailable: they were not written, and the change must not stay.
    """
    piece: list[Row] = []
    for event in events:
        if event is None:
            continue
        piece.append(row_of(event, core=core))
        if len(piece) == PIECE:
            _write(piece, using)
            piece = []
    if piece:
        _write(piece, using)


def _write(rows: list[Row], using: str) -> None:
    # A rollback of the audit's own database would take the event of a change that
    # stays in another one.
    if writer.shares_transactions_with(using):
        writer.write_here(rows)
    elif not (writer.must_wait() and scope.hold(rows)):
        writer.write_to_stay(rows)


def _parted(
    values: Iterable[tuple[Column, Any]],
) -> tuple[dict[str, Any], Mapping[str, Any] | None]:
    """Return what stands in the open, and what is encrypted, None for nothing."""
    plain: dict[str, Any] = {}
    sealed: dict[str, Any] = {}
    for column, value in values:
        (sealed if column.is_sensitive else plain)[column.name] = column.show(value)
    return plain, sealed or None
