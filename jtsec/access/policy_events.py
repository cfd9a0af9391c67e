"""What access reports when the policy changes: roles, posts, clearances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


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


@event(
    "access:post:given",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P15.1",
    label=_("Post given"),
)
class PostGiven(Event):
    """Somebody was given a post."""

    resource: str
    subject_username: str
    post: str
    reason: str


@event(
    "access:post:taken-back",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P15.1",
    label=_("Post taken back"),
)
class PostTakenBack(Event):
    """A post was taken from somebody."""

    resource: str
    subject_username: str
    post: str
    reason: str


@event(
    "access:clearance:changed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.14",
    label=_("Clearance changed"),
)
class ClearanceChanged(Event):
    """Somebody may see up to another sensitivity than before."""

    resource: str
    subject_username: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    reason: str


@event(
    "access:groups:imported",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.6",
    label=_("Roles made of groups"),
)
class GroupsImported(Event):
    """Roles were made of the groups that a project had before."""

    roles: Sequence[str]
    assignments: int
    problems: int
    reason: str
