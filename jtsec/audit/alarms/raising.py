"""
Raises an alarm: opens it, or counts it in the one that is open already.

`fingerprint` is unique while an alarm is open, so the database decides which of two
processes opens it; the other counts. Each try begins with the UPDATE that counts: it
takes the row's lock, and on SQLite the one writer's, before anything is read.
"""

from __future__ import annotations

from typing import Final, Unpack

from django.db import IntegrityError, router, transaction
from django.db.models import F

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.identifiers import uuid7

from . import outbox
from .conf import alarm_settings
from .deadlocks import again_after_deadlock
from .events import AlarmRaised
from .finding import COLLECTIVE, Details, Finding
from .models import Alarm, StepKind
from .steps import add_step

MOST_CONCERNED: Final = 500
_TRIES: Final = 100
"""Each lost one means that another process has opened or closed the alarm."""


def raise_alarm(
    rule: str, *, severity: int, key: str, **details: Unpack[Details]
) -> Alarm:
    """
    Open an alarm, or count it in the open one of the same rule and key (A5.5, A5.7).

    It is written in the transaction in force, with its messages. No receiver is
    spoken to here; that is `deliver_due`.

    Args:
        rule: the rule's code, see `register_rule`; at most 100 characters.
        severity: an `audit.events.Severity`, or a `Level`.
        key: what it is about, in the rule's own words: one open alarm for each.
        details: see `Details`: subject, subject_uid, resource, source, params,
            events, at, concerned.

    Returns:
        The alarm as stored.

    Raises:
        AuditUnavailable, django.db.Error: nothing was written.
        TypeError: a figure has no JSON form.
    """
    finding = Finding(rule, severity, key, details)
    alias = router.db_for_write(Alarm)
    for _try in range(_TRIES):
        found = again_after_deadlock(lambda: _count_or_open(finding, alias), alias)
        if found is not None:
            return found
    raise IntegrityError(f"the alarm {rule} is opened and closed all the time")


def from_event(row: AuditRecord) -> Alarm:
    """
    Raise the alarm of an event that is one by itself (severity ALARM).

    One open alarm for each code, origin and object: a stranger's origin is the
    address, everybody else's the person.

    Args:
        row: the event, as the log has it; whether it is genuine, who reads the log
            has found out.
    """
    origin = row.actor_uid or row.source_address or row.actor_username
    return raise_alarm(
        row.code,
        severity=row.severity,
        key="|".join((origin, row.resource, row.subject)),
        subject=row.subject or row.actor_username,
        subject_uid="" if row.subject else row.actor_uid,
        resource=row.resource,
        source=row.source_address,
        params={"reason": row.reason, "actor": row.actor_username},
        events=(str(row.event_id),),
        at=row.at,
        concerned=(row.actor_uid, row.actor_username)
        if row.actor_kind == "person"
        else (),
    )


def _count_or_open(finding: Finding, alias: str) -> Alarm | None:
    with transaction.atomic(using=alias):
        return _count(finding, alias) or _open(finding, alias)


def _count(finding: Finding, alias: str) -> Alarm | None:
    """Count in the open alarm, and return it; None when there is none."""
    rows = Alarm.objects.using(alias).filter(fingerprint=finding.fingerprint())
    if not rows.update(occurrences=F("occurrences") + 1):
        return None
    alarm = rows.get()
    was = alarm.level
    alarm.level = max(was, finding.level)
    alarm.first_at = min(alarm.first_at, finding.at)
    alarm.last_at = max(alarm.last_at, finding.at)
    alarm.events = _newest(alarm.events, finding.events)
    alarm.concerned = _joined(alarm.concerned, finding.concerned)
    if finding.key != COLLECTIVE:
        # The newest figures are what somebody who looks now wants to know.
        alarm.params = finding.columns["params"]
    alarm.save(using=alias)
    if alarm.level > was:
        add_step(alarm, StepKind.RISEN, before=alarm.state, data={"level": alarm.level})
        outbox.enqueue(alarm, StepKind.RISEN)
    return alarm


def _open(finding: Finding, alias: str) -> Alarm | None:
    """Open an alarm; None when another process was first."""
    if _is_crowded(finding, alias):
        finding.become_collective()
        return _count(finding, alias) or _open(finding, alias)
    alarm = _new(finding)
    try:
        with transaction.atomic(using=alias):
            alarm.save(using=alias, force_insert=True)
    except IntegrityError:
        return None
    # Asked behind the INSERT: from there on nobody opens and closes another between.
    alarm.earlier = (
        Alarm.objects.using(alias)
        .filter(rule=finding.rule, key=finding.key, fingerprint__isnull=True)
        .order_by("-id")
        .first()
    )
    if alarm.earlier is not None:
        alarm.save(using=alias, update_fields=["earlier"])
    _announce(alarm, alarm.earlier)
    return alarm


def _new(finding: Finding) -> Alarm:
    raised = now()
    return Alarm(
        number=uuid7(raised),
        rule=finding.rule,
        key=finding.key,
        fingerprint=finding.fingerprint(),
        level=finding.level,
        concerned=_joined([], finding.concerned),
        events=_newest([], finding.events),
        first_at=finding.at,
        last_at=finding.at,
        raised_at=raised,
        due_at=raised + alarm_settings().respond_within,
        **finding.columns,
    )


def _announce(alarm: Alarm, earlier: Alarm | None) -> None:
    """Leave the first step, the event and the messages."""
    if earlier is not None:
        add_step(
            earlier,
            StepKind.RECURRED,
            before=earlier.state,
            data={"alarm": str(alarm.number)},
        )
    add_step(alarm, StepKind.RAISED, before="")
    record(
        AlarmRaised(
            resource=alarm.reference,
            rule=alarm.rule,
            level=alarm.level,
            earlier="" if earlier is None else str(earlier.number),
        )
    )
    outbox.enqueue(alarm, StepKind.RAISED)


def _is_crowded(finding: Finding, alias: str) -> bool:
    """
    Answer whether so many alarms of a rule are open that one more tells nothing.

    Whoever can make an alarm about anything, can make a million of them, and hide in
    the list the one that matters.
    """
    if finding.key == COLLECTIVE:
        return False
    rows = Alarm.objects.using(alias).filter(
        rule=finding.rule, fingerprint__isnull=False
    )
    return rows.count() >= alarm_settings().open_per_rule


def _newest(known: list[str], added: list[str]) -> list[str]:
    # Every id once, at its newest place.
    ordered = list(dict.fromkeys(reversed([*known, *added])))
    return ordered[: alarm_settings().events_kept][::-1]


def _joined(known: list[str], added: list[str]) -> list[str]:
    return list(dict.fromkeys([*known, *added]))[:MOST_CONCERNED]
