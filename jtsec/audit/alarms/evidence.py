"""What the alarms can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from jtsec.core.clock import now
from jtsec.core.evidence import Fact

from . import channels
from .conf import alarm_settings
from .models import Alarm, AlarmDelivery, DeliveryState, State
from .wording import known_rules


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    rules = sorted(known_rules())
    yield Fact("A5.5", "Rules and events that raise an alarm", bool(rules), rules)
    yield Fact(
        "A5.5",
        "Ways by which an alarm leaves, beside the page",
        True,
        sorted({channel for channel, _target in channels.targets()}),
    )
    minutes = alarm_settings().respond_minutes
    yield Fact("P61", "Minutes until an alarm is overdue", minutes <= 120, minutes)
    yield from _counted()


def _counted() -> Iterator[Fact]:
    overdue = "Open alarms that nobody has taken in time"
    lost = "Messages of alarms that were given up"
    try:
        waiting = Alarm.objects.filter(
            state=State.OPEN, answered_at__isnull=True, due_at__lt=now()
        ).count()
        given_up = AlarmDelivery.objects.filter(state=DeliveryState.GIVEN_UP).count()
    except DatabaseError as error:
        yield Fact("P61", overdue, None, str(error))
        return
    yield Fact("P61", overdue, waiting == 0, waiting)
    yield Fact("A5.5", lost, given_up == 0, given_up)
