"""Tells what a pass found, once, in the transaction in which it is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from jtsec.audit.api import record_all
from jtsec.audit.events import Event

from .events import RecordsAltered, RecordsUnverifiable, SigningKeyChanged
from .models import AuditCheckpoint
from .standing import State

NAMED: Final = 50
"""Ids that an alarm names; it counts the rest."""


def tell(checkpoint: AuditCheckpoint | None, before: State, after: State) -> None:
    """
    Record what is new.

    Args:
        checkpoint: the checkpoint that was made.
        before: what was told already.
        after: what is told now.

    Raises:
        AuditUnavailable: it could not be recorded; the pass must not count.
    """
    record_all(list(_events(checkpoint, before, after)))


def altered_records(ids: Sequence[int]) -> RecordsAltered:
    """Return the event of records that are not what was written, by their ids."""
    return RecordsAltered(
        resource=_resource(ids), records=tuple(ids[:NAMED]), count=len(ids)
    )


def _events(
    checkpoint: AuditCheckpoint | None, before: State, after: State
) -> Iterator[Event]:
    altered = _new(after.altered, before.altered)
    if altered:
        yield altered_records(altered)
    unknown = _new(after.unknown, before.unknown)
    if unknown:
        yield RecordsUnverifiable(
            resource=_resource(unknown), records=unknown[:NAMED], count=len(unknown)
        )
    body = checkpoint.parsed() if checkpoint else None
    if body is not None and body.next_key is not None:
        yield SigningKeyChanged(
            resource=f"jtsec.auditcheckpoint:{body.number}",
            before=body.key,
            after=body.next_key.id,
        )


def _new(now: Sequence[int], told: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(now) - set(told)))


def _resource(ids: Sequence[int]) -> str:
    return f"jtsec.auditrecord:{ids[0]}"
