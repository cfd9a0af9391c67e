"""
The incident record of an alarm, and the form it is handed in as (clause P61).

What is written is a step like any other: whoever completes the record adds a new
version, and the old ones stay. The form is neutral: a title, labelled values and the
way from alarm to closure; a page prints it, and reports make a Word file of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from jtsec.audit.api import record
from jtsec.core import clock
from jtsec.core.context import current
from jtsec.core.exceptions import InputError

from .events import IncidentExported
from .finding import storable
from .handling import require_may, take_step
from .models import Alarm, AlarmStep, State, StepKind
from .wording import rule_name, sentence_of

TEXT_LENGTH: Final = 4000


class Classification(models.TextChoices):
    """What kind of incident it was."""

    ATTACK = "attack", gettext_lazy("Network attack")
    MALWARE = "malware", gettext_lazy("Harmful program")
    DATA = "data", gettext_lazy("Data altered, leaked or lost")
    MISUSE = "misuse", gettext_lazy("Use against the rules")
    FAULT = "fault", gettext_lazy("Fault of equipment or software")
    OTHER = "other", pgettext_lazy("jtsec incident", "Other")
    NONE = "none", gettext_lazy("No incident")


@dataclass(frozen=True)
class Incident:
    """
    What is known of an incident; each part may be added later.

    Args:
        found_by: who or what found it.
        classification: a value of `Classification`, or "".
        cause: why it could happen.
        measures: what was done.
        impact: what it did to whom.
        reported_to: whom it was reported to, and when.
    """

    found_by: str = ""
    classification: str = ""
    cause: str = ""
    measures: str = ""
    impact: str = ""
    reported_to: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One step on the way from alarm to closure, in words."""

    at: str
    step: str
    who: str
    note: str


@dataclass(frozen=True)
class IncidentForm:
    """
    The form, in the language of the moment.

    Args:
        title: its name.
        rows: label and value, in the order of the form; an empty value is to be
            filled in by hand.
        timeline: the steps, oldest first.
        signatures: who signs it.
    """

    title: str
    rows: Sequence[tuple[str, str]]
    timeline: Sequence[TimelineEntry]
    signatures: Sequence[str]


def incident_of(alarm: Alarm) -> Incident | None:
    """Return the newest version of an alarm's record; None when there is none."""
    step = alarm.steps.filter(kind=StepKind.INCIDENT).order_by("-id").first()
    return None if step is None else _from_data(step.data)


def write_incident(alarm: Alarm, incident: Incident) -> Alarm:
    """
    Add a version of an alarm's record, also after the alarm is closed.

    Raises:
        AlarmRefused: not theirs to write, or it is about them; recorded.
        InputError: it says nothing, a text is too long, or the classification is none.
    """
    values = {name: storable(text.strip()) for name, text in asdict(incident).items()}
    if not any(values.values()):
        raise InputError(_("Say what was found or done."), field="cause")
    for name, value in values.items():
        if len(value) > TEXT_LENGTH:
            text = _("At most %(number)d characters.") % {"number": TEXT_LENGTH}
            raise InputError(text, field=name)
    if values["classification"] not in ("", *Classification.values):
        raise InputError(_("Choose a kind of incident."), field="classification")
    return take_step(alarm, StepKind.INCIDENT, _keep, data=values, closed_too=True)


def export_incident_form(alarm: Alarm) -> IncidentForm:
    """
    Return the form for taking it out of the system; recorded.

    Raises:
        AlarmRefused: not theirs to see.
    """
    # As for a note: whoever it is about may see what is said of them.
    require_may(current().actor, alarm, StepKind.NOTED)
    record(IncidentExported(resource=alarm.reference))
    return incident_form(alarm)


def incident_form(alarm: Alarm) -> IncidentForm:
    """Return the form of an alarm."""
    steps = list(alarm.steps.all())
    known = incident_of(alarm) or Incident()
    return IncidentForm(
        title=_("Report on the handling of a security incident"),
        rows=[*_alarm_rows(alarm), *_incident_rows(known), *_end_rows(alarm, steps)],
        timeline=[_entry(step) for step in steps],
        signatures=[_("Filled in by"), _("Checked by"), _("Date")],
    )


def describe(alarm: Alarm) -> str:
    """Return what happened, as a sentence in the language of the moment."""
    standing = {
        "subject": alarm.subject,
        "resource": alarm.resource,
        "source": alarm.source,
        "occurrences": alarm.occurrences,
    }
    return sentence_of(alarm.rule, alarm.params, standing)


def shown(at: datetime | None) -> str:
    """Return a time as people read it, in the zone of the project."""
    return "" if at is None else clock.shown(at)


def _keep(row: Alarm, actor: object) -> None:
    """Leave the state as it is: a record tells, it does not close."""


def _from_data(data: Mapping[str, Any]) -> Incident:
    # A version written by newer software may hold more.
    return Incident(**{one.name: data.get(one.name, "") for one in fields(Incident)})


def _alarm_rows(alarm: Alarm) -> Iterator[tuple[str, str]]:
    yield _("Alarm number"), str(alarm.number)
    yield _("Rule"), rule_name(alarm.rule)
    yield _("Level"), str(alarm.get_level_display())
    yield _("What happened"), describe(alarm)
    yield _("User concerned"), alarm.subject
    yield _("Resource"), alarm.resource
    yield _("Source address"), alarm.source
    yield _("First time"), shown(alarm.first_at)
    yield _("Last time"), shown(alarm.last_at)
    yield _("Occurrences"), str(alarm.occurrences)
    yield _("Raised at"), shown(alarm.raised_at)
    yield _("First handled"), shown(alarm.answered_at)
    yield _("Overdue"), _("Yes") if alarm.is_overdue else _("No")


def _incident_rows(known: Incident) -> Iterator[tuple[str, str]]:
    kinds = dict(Classification.choices)
    yield _("Found by"), known.found_by
    yield _("Kind of incident"), str(kinds.get(known.classification, ""))
    yield _("Cause"), known.cause
    yield _("Measures"), known.measures
    yield _("Impact"), known.impact
    yield _("Reported to"), known.reported_to


def _end_rows(alarm: Alarm, steps: Sequence[AlarmStep]) -> Iterator[tuple[str, str]]:
    closing = next((one for one in steps if one.kind == StepKind.CLOSED), None)
    yield _("Handled by"), alarm.assignee_name
    yield pgettext("jtsec alarm", "Result"), str(State(alarm.state).label)
    yield pgettext("jtsec alarm", "Conclusion"), closing.note if closing else ""
    yield _("Closed at"), shown(alarm.closed_at)
    if alarm.earlier is not None:
        yield _("Earlier alarm"), str(alarm.earlier.number)


def _entry(step: AlarmStep) -> TimelineEntry:
    note = step.note
    if step.kind == StepKind.ASSIGNED:
        note = f"{step.data.get('to_name', '')}: {note}"
    if step.kind == StepKind.RECURRED:
        note = str(step.data.get("alarm", ""))
    return TimelineEntry(
        at=shown(step.at),
        step=str(StepKind(step.kind).label),
        who=step.actor_name or step.actor_username,
        note=note,
    )
