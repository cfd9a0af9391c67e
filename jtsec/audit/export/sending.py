"""
Sends what waits in the spool, the oldest first, until all is gone or nobody answers.

Before a batch leaves, the attempt is counted and committed; after the answer its state
is. Killed in between, the batch goes out again with the same number and the same bytes,
which the platform can tell: that is as close to "exactly once" as two machines get.
A refused batch is put aside and the next one sent. When nobody answers, the pass ends
and the next waits twice as long, up to a limit.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto.exceptions import CryptoError

from .conf import export_settings
from .events import BatchRefused, PlatformNotReached, PlatformReachedAgain
from .lease import Lease, LeaseLost
from .models import AuditExportBatch, AuditExportCursor, BatchState
from .receiver import Accepted, Answer, Rejected, Unreachable, sender_for
from .spool import alias, batch_of, cursor

logger = logging.getLogger("jtsec.audit.export")


@dataclass
class Sent:
    """What one pass came to."""

    accepted: int = 0
    refused: int = 0
    is_down: bool = False
    is_busy: bool = False
    """Another process sends."""


def send() -> Sent:
    """
    Send what waits and is due.

    Raises:
        ConfigurationError: nothing can be sent as things are set.
    """
    sent = Sent()
    lease = Lease.take()
    if lease is None:
        sent.is_busy = True
        return sent
    try:
        _send_all(lease, sent)
    except LeaseLost:
        sent.is_busy = True
    finally:
        lease.give_back()
    return sent


def _send_all(lease: Lease, sent: Sent) -> None:
    state = cursor()
    if _must_wait(state, now()):
        sent.is_down = True
        return
    last = 0
    while (row := _next(last)) is not None:
        last = row.pk
        lease.renew()
        answer = _send_one(row)
        if isinstance(answer, Unreachable):
            _note_silence(lease, state, answer)
            sent.is_down = True
            return
        state = _note_answer(lease, state)
        _settle(row, answer)
        if isinstance(answer, Accepted):
            sent.accepted += 1
        else:
            sent.refused += 1


def _next(after: int) -> AuditExportBatch | None:
    waiting = AuditExportBatch.objects.using(alias()).filter(
        state=BatchState.WAITING, pk__gt=after
    )
    return waiting.order_by("pk").first()


def _send_one(row: AuditExportBatch) -> Answer:
    _rows(row).update(attempts=F("attempts") + 1, tried_at=now())
    try:
        batch = batch_of(row)
    except CryptoError as error:
        # Somebody changed it in the table; what is not ours is not sent.
        return Rejected(f"the batch in the spool cannot be opened: {error}")
    try:
        return sender_for(row.form).send(batch)
    except ConfigurationError:
        raise
    # A sender is the project's code: whatever it trips over, the batch stays.
    except Exception as error:
        logger.exception("the sender failed on the batch %s", row.send_id)
        return Unreachable(f"{type(error).__name__} in the sender")


def _settle(row: AuditExportBatch, answer: Accepted | Rejected) -> None:
    text = answer.text[:255]
    if isinstance(answer, Accepted):
        # The platform has it; a copy of resident ID numbers serves nobody here.
        _rows(row).update(state=BatchState.ACCEPTED, answer=text, content=b"")
        return
    # The alarm first: killed in between, the batch is sent and refused once more.
    record(BatchRefused(resource=f"export:{row.send_id}", rows=row.rows, reason=text))
    _rows(row).update(state=BatchState.REFUSED, answer=text)


def _note_silence(lease: Lease, state: AuditExportCursor, answer: Unreachable) -> None:
    failures = state.failures + 1
    lease.write(
        failures=failures,
        down_since=state.down_since or now(),
        next_try_at=now() + timedelta(seconds=_wait(failures)),
    )
    if state.down_since is None:
        url = export_settings().url
        record(PlatformNotReached(resource=url, reason=answer.text[:255]))


def _note_answer(lease: Lease, state: AuditExportCursor) -> AuditExportCursor:
    if state.down_since is None:
        return state
    lease.write(failures=0, down_since=None, next_try_at=None)
    record(
        PlatformReachedAgain(
            resource=export_settings().url,
            seconds=int((now() - state.down_since).total_seconds()),
            attempts=state.failures,
        )
    )
    return cursor()


def _must_wait(state: AuditExportCursor, at: datetime) -> bool:
    if state.next_try_at is None:
        return False
    # Further away than any wait is long: the clock was set back.
    furthest = at + timedelta(seconds=export_settings().retry_limit_seconds)
    return at < state.next_try_at <= furthest


def _wait(failures: int) -> int:
    settings = export_settings()
    doubled: int = settings.retry_seconds * (1 << min(failures - 1, 16))
    return min(doubled, settings.retry_limit_seconds)


def _rows(row: AuditExportBatch) -> QuerySet[AuditExportBatch]:
    return AuditExportBatch.objects.using(alias()).filter(
        pk=row.pk, state=BatchState.WAITING
    )
