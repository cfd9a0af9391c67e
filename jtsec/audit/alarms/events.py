"""What the alarms report to the audit; none is an alarm itself but a lost message."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "audit:alarm:raised",
    Outcome.DONE,
    Severity.WARNING,
    clause="A5.5",
    label=_("Alarm raised"),
)
class AlarmRaised(Event):
    """An alarm was opened; what comes again is counted in it."""

    resource: str
    rule: str
    level: int
    earlier: str


@event(
    "audit:alarm:step",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P61",
    label=_("Alarm handled"),
)
class AlarmHandled(Event):
    """Somebody took a step with an alarm: claimed, assigned, noted, handed over."""

    resource: str
    rule: str
    step: str
    before: str
    after: str
    note: str


@event(
    "audit:alarm:escalated",
    Outcome.DONE,
    Severity.WARNING,
    clause="P61",
    label=_("Alarm overdue"),
)
class AlarmOverdue(Event):
    """Nobody took an alarm in time; it became more urgent and was sent again."""

    resource: str
    rule: str
    due_at: str


@event(
    "audit:alarm:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="P61",
    label=_("Handling of an alarm refused"),
)
class AlarmStepRefused(Event):
    """Somebody tried a step with an alarm that is not theirs to take."""

    resource: str
    step: str
    reason: str


@event(
    "audit:incident:exported",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P61",
    label=_("Incident form exported"),
)
class IncidentExported(Event):
    """Somebody took the incident form of an alarm out of the system."""

    resource: str


@event(
    "audit:delivery:given-up",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A5.5",
    label=_("Alarm could not be delivered"),
)
class DeliveryGivenUp(Event):
    """A message of an alarm was given up; the channel has not worked for days."""

    resource: str
    alarm: str
    attempts: int
    reason: str


@event(
    "audit:delivery:resent",
    Outcome.DONE,
    Severity.NOTICE,
    label=_("Alarm message sent again"),
)
class DeliveryResent(Event):
    """Somebody had a message that was given up sent again."""

    resource: str
    alarm: str


@event(
    "audit:delivery:key-shown",
    Outcome.DONE,
    Severity.WARNING,
    label=_("Key of an alarm receiver shown"),
)
class ReceiverKeyShown(Event):
    """Somebody had the key shown by which a receiver verifies alarm messages."""

    resource: str
    key: str
