"""Raises what nobody took in time by a level, once, and has it sent again (P61)."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import partial

from django.db import router, transaction
from django.db.models import QuerySet

from jtsec.audit.api import record
from jtsec.audit.payload import moment
from jtsec.core.clock import now
from jtsec.core.context import Context, acting_as, current, system_actor

from . import outbox
from .conf import alarm_settings
from .deadlocks import again_after_deadlock
from .events import AlarmOverdue
from .models import Alarm, Level, State, StepKind
from .steps import add_step


def escalate_overdue() -> list[Alarm]:
    """
    Escalate every alarm that nobody took within the time; each once.

    Any number of processes may do so at the same time.

    Returns:
        Those that this call escalated.
    """
    alias = router.db_for_write(Alarm)
    waiting = Alarm.objects.filter(
        state=State.OPEN, answered_at__isnull=True, escalated_at__isnull=True
    )
    again_after_deadlock(partial(_bring_forward, waiting), alias)
    overdue = waiting.filter(due_at__lt=now())
    with _as_somebody():
        found = [
            again_after_deadlock(partial(_escalate, pk, alias), alias)
            for pk in list(overdue.order_by("due_at").values_list("pk", flat=True))
        ]
    return [alarm for alarm in found if alarm is not None]


def _bring_forward(waiting: QuerySet[Alarm]) -> None:
    """Give nobody longer than from now, by a clock that was ahead or a longer time."""
    latest = now() + alarm_settings().respond_within
    waiting.filter(due_at__gt=latest).update(due_at=latest)


def _escalate(pk: int, alias: str) -> Alarm | None:
    with transaction.atomic(using=alias):
        rows = Alarm.objects.using(alias).filter(
            pk=pk, state=State.OPEN, answered_at__isnull=True, escalated_at__isnull=True
        )
        # Who changes the row does it; whoever comes second finds nothing to change.
        if not rows.update(escalated_at=now()):
            return None
        alarm = Alarm.objects.using(alias).get(pk=pk)
        alarm.level = min(alarm.level + 10, Level.URGENT)
        alarm.save(using=alias, update_fields=["level"])
        due = moment(alarm.due_at)
        data = {"level": int(alarm.level), "due": due}
        add_step(alarm, StepKind.ESCALATED, before=alarm.state, data=data)
        record(AlarmOverdue(resource=alarm.reference, rule=alarm.rule, due_at=due))
        outbox.enqueue(alarm, StepKind.ESCALATED)
    return alarm


def _as_somebody() -> AbstractContextManager[Context | None]:
    """Name the system where nobody acts: nothing is done by nobody."""
    if current().actor.kind == "anonymous":
        return acting_as(system_actor("jtsec_alarms"))
    return nullcontext()
