"""
The verbs of the audit.

    with transaction.atomic():
        permit.grant()
        record(PermitGranted(resource=f"permits.permit:{permit.pk}"))

What happened (DONE) is written in the transaction that makes it happen. What was
refused or failed is written so that the rollback which follows does not take it: held
by the boundary around the request, and written when its transaction has ended. A
response that is streamed is produced after the boundary; its events are written at
once. Commands and jobs say who they are (`core.context.acting_as`) and open a
`boundary()` around their own transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from asgiref.sync import sync_to_async

from jtsec.core.context import Actor
from jtsec.core.exceptions import ConfigurationError
from jtsec.core.source import Source
from jtsec.crypto.exceptions import CryptoError

from . import journal, scope, writer
from .entry import Entry
from .events import Event, Outcome
from .exceptions import AppendOnly, AuditUnavailable, RecordAltered
from .table import Row

__all__ = [
    "AppendOnly",
    "AuditUnavailable",
    "RecordAltered",
    "after_rollback",
    "arecord",
    "boundary",
    "record",
    "record_all",
]


def record(
    event: Event, *, actor: Actor | None = None, source: Source | None = None
) -> None:
    """
    Record one event (clauses A5.1, A5.2).

    Args:
        event: an instance of a declared event class.
        actor: who acts; by default who acts in the context.
        source: from where; by default the context's.

    Raises:
        AuditUnavailable: it could not be written; the caller must not go on.
        TypeError: a field's value has no canonical form.
    """
    record_all((event,), actor=actor, source=source)


def record_all(
    events: Iterable[Event],
    *,
    actor: Actor | None = None,
    source: Source | None = None,
) -> None:
    """Record several events, those that may with one statement; see `record`."""
    with writer.all_or_nothing():
        here: list[Row] = []
        to_stay: list[Row] = []
        for event in events:
            entry = Entry(event, actor, source)
            journal.copy(entry)
            is_done = event.declaration.outcome is Outcome.DONE
            (here if is_done else to_stay).append(_row_of(entry))
        if here:
            writer.write_here(here)
        if to_stay and not (writer.must_wait() and scope.hold(to_stay)):
            writer.write_to_stay(to_stay)


arecord = sync_to_async(record)
"""Is `record` for coroutines; awaited, it returns when the event is written or held."""


def boundary() -> scope.Boundary:
    """
    Return a context manager, also an asynchronous one, that holds refusals.

    Leaving it writes what it holds, whatever happened inside. Inside another boundary
    and still in a transaction, it hands its rows on.

    Raises:
        AuditUnavailable: on leaving, when the rows could not be written.
    """
    return scope.Boundary()


def after_rollback(action: Callable[[], None]) -> None:
    """
    Run an action where no rollback of the application undoes it.

    Args:
        action: runs at once, or, inside a transaction, when the boundary around it
            is left; must not raise.
    """
    if not (writer.must_wait() and scope.defer(action)):
        action()


def _row_of(entry: Entry) -> Row:
    try:
        return entry.to_row()
    except (ConfigurationError, CryptoError) as error:
        code = entry.payload["code"]
        raise AuditUnavailable(f"not written to the audit: {code}") from error
