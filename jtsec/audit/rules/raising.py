"""From a finding to an alarm: raised in the watcher's transaction."""

from __future__ import annotations

from django.db import router

from jtsec.audit.alarms import api as alarms
from jtsec.audit.models import AuditRecord

from .engine import ALARM_ITSELF
from .rule import Finding


def raise_for(finding: Finding) -> None:
    """
    Raise the alarm of a finding, or count it in the one that is open.

    Raises:
        AuditUnavailable, django.db.Error: nothing was written; the cursor must stay.
    """
    sighting = finding.sighting
    if sighting is None:
        uid, username = finding.subject
        alarms.raise_alarm(
            finding.code,
            severity=finding.severity,
            key=finding.key,
            subject=username,
            subject_uid=uid,
            params=finding.params,
        )
        return
    row = sighting.row
    if finding.rule == ALARM_ITSELF:
        log = AuditRecord.objects.using(router.db_for_write(AuditRecord))
        alarms.from_event(log.get(pk=row.id))
        return
    alarms.raise_alarm(
        finding.code,
        severity=finding.severity,
        key=finding.key,
        subject=row.actor_username,
        subject_uid=row.actor_uid,
        resource=row.resource,
        source=row.source_address,
        params=finding.params,
        events=(str(row.event_id),),
        at=row.at,
        concerned=(row.subject,) if row.subject else (),
    )
