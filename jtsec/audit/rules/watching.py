"""
Following the log: checkpoint by checkpoint, each with its alarms in one transaction.

The cursor, the memories and the alarms of one checkpoint commit together, so a watcher
that is killed at any instruction has either done it or not begun. A row lock keeps two
watchers apart where the database can skip a locked row; everywhere the cursor is moved
by an UPDATE that names the number it was read at, so that whoever was overtaken writes
nothing. On SQLite the look itself is made before the transaction: it would keep every
writer waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connections, router, transaction
from django.db.models import F

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.audit.policies import api as policies
from jtsec.audit.sealing import api as sealing
from jtsec.core.clock import elapsed, now
from jtsec.core.context import acting_as, system_actor

from .engine import Engine
from .exceptions import WatcherBusy
from .models import ONE, RuleCursor
from .raising import raise_for
from .reading import Reading, rows_of
from .remembering import TableMemories
from .rule import Finding
from .sweeping import sweep_when_due
from .thresholds import Thresholds

ACTOR: Final = system_actor("jtsec_audit_watch")
"""Who raises the alarms, also when it is done after somebody's response."""

MOST_HELD: Final = 5_000
"""Users whose memories are kept from one checkpoint to the next."""


@dataclass(frozen=True)
class Look:
    """
    What one call of `watch` did.

    Args:
        checkpoints: how many it went over.
        events: how many events they hold.
        findings: how often an alarm was raised or counted.
        number: the checkpoint it got to.
        seconds: how long it took.
    """

    checkpoints: int
    events: int
    findings: int
    number: int
    seconds: float


@dataclass
class _Work:
    number: int
    read: Reading
    memories: TableMemories
    thresholds: Thresholds
    engine: Engine
    findings: list[Finding]


def watch(most_events: int | None = None) -> Look:
    """
    Look at what was sealed since the last look, and raise the alarms (A5.5 to A5.7).

    Args:
        most_events: stop after the checkpoint with which it were so many; None to go
            on to the end.

    Raises:
        WatcherBusy: another process is at it.
        AuditUnavailable, django.db.Error, CannotVerify: the checkpoint at hand was
            not done, and will be next time.
    """
    alias = router.db_for_write(AuditRecord)
    RuleCursor.objects.using(alias).get_or_create(pk=ONE)
    with acting_as(ACTOR):
        return _watch(alias, most_events)


def _watch(alias: str, most_events: int | None) -> Look:
    start = elapsed()
    checkpoints = events = findings = 0
    work: _Work | None = None
    while work := _step(alias, work):
        checkpoints += 1
        events += len(work.read.rows)
        findings += len(work.findings)
        if most_events is not None and events >= most_events:
            break
    findings += sweep_when_due(alias)
    number = _cursor(alias).number
    return Look(checkpoints, events, findings, number, elapsed() - start)


def lag() -> int:
    """Return how many checkpoints the rules have not seen."""
    last = sealing.last_checkpoint()
    alias = router.db_for_write(AuditRecord)
    cursor = RuleCursor.objects.using(alias).filter(pk=ONE).first()
    return (last.number if last else 0) - (cursor.number if cursor else 0)


def waiting_since() -> datetime | None:
    """Return when the oldest checkpoint was made that the rules have not seen."""
    alias = router.db_for_write(AuditRecord)
    cursor = RuleCursor.objects.using(alias).filter(pk=ONE).first()
    oldest = next(sealing.checkpoints_after(cursor.number if cursor else 0), None)
    return None if oldest is None else oldest.at


def _step(alias: str, before: _Work | None) -> _Work | None:
    """
    Do one checkpoint, and return what was done; None at the end of the log.

    Args:
        alias: the database.
        before: what this process did last; None for nothing.
    """
    if connections[alias].features.has_select_for_update_skip_locked:
        with transaction.atomic(using=alias):
            number = _locked(alias)
            work = _look(number, alias, before)
            if work is not None:
                _commit(number, work, alias)
        return work
    number = _cursor(alias).number
    work = _look(number, alias, before)
    if work is not None:
        with transaction.atomic(using=alias):
            _commit(number, work, alias)
    return work


def _look(number: int, alias: str, before: _Work | None) -> _Work | None:
    checkpoint = next(sealing.checkpoints_after(number), None)
    if checkpoint is None:
        return None
    memories = _memories(number, alias, before)
    thresholds = _thresholds(before)
    engine = Engine(memories, thresholds)
    read = rows_of(checkpoint.parsed(), alias)
    findings = engine.observe(read.rows)
    return _Work(checkpoint.number, read, memories, thresholds, engine, findings)


def _commit(number: int, work: _Work, alias: str) -> None:
    """Move the cursor on, and write what goes with it; all or nothing."""
    moved = (
        RuleCursor.objects.using(alias)
        .filter(pk=ONE, number=number)
        .update(
            number=work.number, events=F("events") + len(work.read.rows), seen_at=now()
        )
    )
    # First, for it takes the row's lock: who was overtaken must not raise again.
    if not moved:
        raise WatcherBusy("overtaken", "another watcher was faster")
    for finding in work.findings:
        raise_for(finding)
    if work.read.unreadable:
        # No rule could look at them; an alarm names them (clause A5.8).
        record(sealing.altered_records(work.read.unreadable))
    work.memories.save(sorted(work.engine.touched))


def _locked(alias: str) -> int:
    """Return the cursor's number, its row locked until the transaction ends."""
    rows = RuleCursor.objects.using(alias).select_for_update(skip_locked=True)
    cursor = rows.filter(pk=ONE).first()
    if cursor is None:
        raise WatcherBusy("watcher-busy", "another watcher reads the log")
    return cursor.number


def _memories(number: int, alias: str, before: _Work | None) -> TableMemories:
    """Return those of the last checkpoint, unless somebody else has done one since."""
    if (
        before is not None
        and before.number == number
        and len(before.memories.held) <= MOST_HELD
    ):
        return before.memories
    return TableMemories(alias)


def _thresholds(before: _Work | None) -> Thresholds:
    """Return those of the last checkpoint while the policies are the same."""
    policies_now = policies.in_force()
    if before is not None and before.thresholds.policies is policies_now:
        return before.thresholds
    return Thresholds(policies_now)


def _cursor(alias: str) -> RuleCursor:
    return RuleCursor.objects.using(alias).get(pk=ONE)
