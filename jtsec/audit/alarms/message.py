"""
What leaves the system of an alarm: one small message, made once (format jtsec-alarm/1).

It says that there is something to look at, how urgent, and its number. Who did what to
whom stays behind the login: a mail box and a log collector are read by other people.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from jtsec.audit.payload import moment
from jtsec.core.clock import now, shown

from .models import Alarm, Level, StepKind
from .wording import rule_name

FORMAT: Final = "jtsec-alarm/1"


def message_of(alarm: Alarm, why: StepKind, number: UUID) -> dict[str, Any]:
    """
    Return the message of an alarm, as every channel gets it.

    Args:
        alarm: as it stands.
        why: the step that makes it be sent.
        number: the delivery's number, by which a receiver knows it again.
    """
    # Whoever raises the alarm may read another language than who is on duty.
    with override(settings.LANGUAGE_CODE):
        return {
            "format": FORMAT,
            "delivery": str(number),
            "alarm": str(alarm.number),
            "rule": alarm.rule,
            "name": rule_name(alarm.rule),
            "level": int(alarm.level),
            "level_name": str(Level(alarm.level).label),
            "why": why.value,
            "first": moment(alarm.first_at),
            "last": moment(alarm.last_at),
            "occurrences": int(alarm.occurrences),
            "summary": _summary(alarm, why),
            "at": moment(now()),
        }


def _summary(alarm: Alarm, why: StepKind) -> str:
    template = (
        _("Overdue alarm (%(level)s): %(name)s. First at %(first)s, %(count)s times.")
        if why is StepKind.ESCALATED
        else _("Alarm (%(level)s): %(name)s. First at %(first)s, %(count)s times.")
    )
    return template % {
        "level": Level(alarm.level).label,
        "name": rule_name(alarm.rule),
        "first": shown(alarm.first_at),
        "count": alarm.occurrences,
    }
