"""What the policies report to the audit (A5.3)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "audit:policy:added",
    Outcome.DONE,
    Severity.WARNING,
    clause="A5.3",
    label=_("Audit policy set"),
)
class PolicyAdded(Event):
    """An auditor set for whom something is recorded, alarmed or watched."""

    resource: str
    reason: str
    after: Mapping[str, object]


@event(
    "audit:policy:changed",
    Outcome.DONE,
    Severity.WARNING,
    clause="A5.3",
    label=_("Audit policy changed"),
)
class PolicyChanged(Event):
    """An auditor changed a policy."""

    resource: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "audit:policy:retired",
    Outcome.DONE,
    Severity.WARNING,
    clause="A5.3",
    label=_("Audit policy retired"),
)
class PolicyRetired(Event):
    """An auditor put a policy out of force; the row stays."""

    resource: str
    reason: str
    before: Mapping[str, object]


@event(
    "audit:policy:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A5.3",
    label=_("Audit policy refused"),
)
class PolicyChangeRefused(Event):
    """Somebody who may not, or something that may not be, was to change a policy."""

    resource: str
    reason: str
    action: str
