"""
The verbs of the alarms.

    alarm = raise_alarm("audit:rule:high-frequency", severity=Severity.ALARM,
                        key=uid, subject="zhang", subject_uid=uid,
                        params={"count": 800, "minutes": 5}, events=[…])

Who watches the log raises them, in the transaction that moves its place in the log on;
people take steps; `escalate_overdue` and `deliver_due` do what is due, as often as
somebody calls them. A receiver that does not answer keeps none of this from happening.
"""

from __future__ import annotations

from .escalation import escalate_overdue
from .exceptions import AlarmRefused, NotDelivered
from .handling import add_note, assign, claim, close, hand_over, is_about
from .models import Alarm, AlarmDelivery, AlarmStep, Level, State, StepKind
from .outbox import Delivered, deliver_due, send_again
from .raising import from_event, raise_alarm
from .wording import known_rules, register_rule, rule_name

__all__ = [
    "Alarm",
    "AlarmDelivery",
    "AlarmRefused",
    "AlarmStep",
    "Delivered",
    "Level",
    "NotDelivered",
    "State",
    "StepKind",
    "add_note",
    "assign",
    "claim",
    "close",
    "deliver_due",
    "escalate_overdue",
    "from_event",
    "hand_over",
    "is_about",
    "known_rules",
    "raise_alarm",
    "register_rule",
    "rule_name",
    "send_again",
]
