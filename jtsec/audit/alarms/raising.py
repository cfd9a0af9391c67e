"""
Raises an alarm: opens it, or counts it in the one that is open already.

`fingerprint` is unique while an alarm is open, so the database decides which of two
processes opens it; the other counts. Each try begins with the UPDATE that counts: it
takes the row's lock, and on SQLite the one writer's, before anything is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, router, transaction
from django.db.models import F

from jtsec.audit.api import record
from jtsec.audit.events import Severity
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import plain
from jtsec.core.clock import now
from jtsec.core.identifiers import uuid7
from jtsec.crypto import sm3

from . import outbox
from .conf import alarm_settings
from .events import AlarmRaised
from .models import Alarm, Level, StepKind
from .steps import add_step

COLLECTIVE: Final = "*"
"""The key under which a rule's alarms are counted when too many are open."""

KEY_LENGTH: Final = 255
MOST_CONCERNED: Final = 500
_TRIES: Final = 100
"""Each lost one means that another process has opened or closed the alarm."""


def raise_alarm(
    rule: str,
    *,
    severity: int,
    key: str,
    subject: str = "",
    subject_uid: str = "",
    resource: str = "",
    source: str = "",
    params: Mapping[str, Any] | None = None,
    events: Sequence[str] = (),
    at: datetime | None = None,
    concerned: Sequence[str] = (),
) -> Alarm:
    """
    Open an alarm, or count it in the open one of the same rule and key (A5.5, A5.7).

    It is written in the transaction in force, with its messages. No receiver is
    spoken to here; that is `deliver_due`.

    Args:
        rule: the rule's code, see `register_rule`; at most 100 characters.
        severity: an `audit.events.Severity`, or a `Level`.
        key: what it is about, in the rule's own words: one open alarm for each.
        subject: the login name of the user it is about, "" when there is none.
        subject_uid: that user's uid.
        resource: what was touched, as in an event.
        source: the address it came from.
        params: figures for the rule's sentence, JSON-able.
        events: the ids of the events that show it, oldest first.
        at: when it happened; now by default.
        concerned: uids and login names of further persons it is about; none of
            them may close it.

    Returns:
        The alarm as stored.

    Raises:
        AuditUnavailable, django.db.Error: nothing was written.
        TypeError: a figure has no JSON form.
    """
    finding = _Finding(
        rule=rule,
        key=_key(key),
        level=_level(severity),
        at=at or now(),
        events=[str(one) for one in events],
        concerned=[one for one in (subject_uid, subject, *concerned) if one],
        columns={
            "subject": storable(subject)[:254],
            "resource": storable(resource)[:255],
            "source": source[:45],
            "params": _storable_tree(plain(dict(params or {}))),
        },
    )
    alias = router.db_for_write(Alarm)
    for _try in range(_TRIES):
        with transaction.atomic(using=alias):
            found = _count(finding, alias) or _open(finding, alias)
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


class _Finding:
    """What a rule found, in values that can be stored."""

    def __init__(
        self,
        *,
        rule: str,
        key: str,
        level: Level,
        at: datetime,
        events: list[str],
        concerned: list[str],
        columns: dict[str, Any],
    ) -> None:
        self.rule = rule
        self.key = key
        self.level = level
        self.at = at
        self.events = events
        self.concerned = [storable(one) for one in concerned]
        self.columns = columns

    def fingerprint(self) -> str:
        return fingerprint_of(self.rule, self.key)

    def become_collective(self) -> None:
        self.key = COLLECTIVE
        self.columns |= {"subject": "", "resource": "", "source": "", "params": {}}


def fingerprint_of(rule: str, key: str) -> str:
    """Return what stands for a rule and a key while their alarm is open."""
    return sm3.hexdigest(f"{rule}\x00{key}".encode())


def _count(finding: _Finding, alias: str) -> Alarm | None:
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


def _open(finding: _Finding, alias: str) -> Alarm | None:
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


def _new(finding: _Finding) -> Alarm:
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


def _is_crowded(finding: _Finding, alias: str) -> bool:
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


def _level(severity: int) -> Level:
    wanted = max(int(severity), int(Severity.NOTICE))
    return max(level for level in Level if level <= wanted)


def _key(key: str) -> str:
    text = storable(key)
    if len(text) <= KEY_LENGTH:
        return text
    digest = sm3.hexdigest(text.encode())
    return f"{text[: KEY_LENGTH - len(digest) - 1]}…{digest}"


def _newest(known: list[str], added: list[str]) -> list[str]:
    # Every id once, at its newest place.
    ordered = list(dict.fromkeys(reversed([*known, *added])))
    return ordered[: alarm_settings().events_kept][::-1]


def _joined(known: list[str], added: list[str]) -> list[str]:
    return list(dict.fromkeys([*known, *added]))[:MOST_CONCERNED]


def storable(text: str) -> str:
    """Return a text every database takes: PostgreSQL refuses NUL, all half pairs."""
    visible = text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace")
    return visible.decode("utf-8")


def _storable_tree(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(key): _storable_tree(one) for key, one in value.items()}
        case list():
            return [_storable_tree(one) for one in value]
    return value
