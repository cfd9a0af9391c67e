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
from .incidents import (
    Classification,
    Incident,
    IncidentForm,
    TimelineEntry,
    describe,
    export_incident_form,
    incident_form,
    incident_of,
    write_incident,
)
from .listing import (
    AlarmFilter,
    Figures,
    Page,
    alarm_numbered,
    figures,
    open_alarms,
    page_of,
)
from .models import Alarm, AlarmDelivery, AlarmStep, Level, State, StepKind
from .outbox import Delivered, deliver_due, send_again, undelivered
from .raising import from_event, raise_alarm
from .webhook import show_receiver_key
from .wording import known_rules, register_rule, rule_name

__all__ = [
    "Alarm",
    "AlarmDelivery",
    "AlarmFilter",
    "AlarmRefused",
    "AlarmStep",
    "Classification",
    "Delivered",
    "Figures",
    "Incident",
    "IncidentForm",
    "Level",
    "NotDelivered",
    "Page",
    "State",
    "StepKind",
    "TimelineEntry",
    "add_note",
    "alarm_numbered",
    "assign",
    "claim",
    "close",
    "deliver_due",
    "describe",
    "escalate_overdue",
    "export_incident_form",
    "figures",
    "from_event",
    "hand_over",
    "incident_form",
    "incident_of",
    "is_about",
    "known_rules",
    "open_alarms",
    "page_of",
    "raise_alarm",
    "register_rule",
    "rule_name",
    "send_again",
    "show_receiver_key",
    "undelivered",
    "write_incident",
]
