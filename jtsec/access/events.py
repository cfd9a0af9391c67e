"""What access reports to the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "access:function:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.1",
    label=_("Function refused for lack of a right"),
)
class FunctionRefused(Event):
    """Somebody called a function without the right it needs."""

    resource: str
    reason: str


@event(
    "access:view:undeclared",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A3.1.1",
    label=_("Closed address called"),
)
class UndeclaredViewRefused(Event):
    """Somebody called a view that declares nothing and is therefore closed."""

    resource: str
    reason: str


@event(
    "access:policy:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.2",
    label=_("Change of the access policy refused"),
)
class PolicyChangeRefused(Event):
    """A change of roles, of who holds them, or of what belongs to them was refused."""

    resource: str
    subject_username: str
    action: str
    reason: str
    detail: str


@event(
    "access:role:created",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.6",
    label=_("Role created"),
)
class RoleCreated(Event):
    """A role was made."""

    resource: str
    after: Mapping[str, object]
    reason: str


@event(
    "access:role:changed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.6",
    label=_("Role changed"),
)
class RoleChanged(Event):
    """A role was changed; `losers` are the usernames of who lost a right by it."""

    resource: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    losers: Sequence[str]
    reason: str


@event(
    "access:role:ended",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.6",
    label=_("Role ended"),
)
class RoleEnded(Event):
    """A role was ended, and taken from all who held it."""

    resource: str
    before: Mapping[str, object]
    losers: Sequence[str]
    reason: str


@event(
    "access:role:assigned",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.6",
    label=_("Role given"),
)
class RoleAssigned(Event):
    """Somebody was given a role."""

    resource: str
    subject_username: str
    role: str
    after: Mapping[str, object]
    reason: str


@event(
    "access:role:revoked",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.6",
    label=_("Role taken back"),
)
class RoleRevoked(Event):
    """A role was taken from somebody."""

    resource: str
    subject_username: str
    role: str
    reason: str
