"""What identity reports to the audit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Sensitive, Severity, event


@event(
    "identity:person:registered",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.1.4",
    label=_("User registered"),
)
class PersonRegistered(Event):
    """A user was given an identity."""

    resource: str
    subject_username: str
    after: Mapping[str, object]
    resident_id: Sensitive[str]


@event(
    "identity:person:refused",
    Outcome.REFUSED,
    Severity.NOTICE,
    clause="A3.1.2",
    label=_("Registration or change refused"),
)
class PersonRefused(Event):
    """A registration or change was refused; `field` says over which identifier."""

    subject_username: str
    field: str
    reason: str


@event(
    "identity:person:changed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.1.4",
    label=_("User changed"),
)
class PersonChanged(Event):
    """An identity was changed; ID numbers are masked in `before` and `after`."""

    resource: str
    subject_username: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    resident_ids: Sensitive[str] = ""
    reason: str = ""


@event(
    "identity:person:deactivated",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.1.4",
    label=_("User deactivated"),
)
class PersonDeactivated(Event):
    """An account was put out of use."""

    resource: str
    subject_username: str
    reason: str


@event(
    "identity:person:reactivated",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.1.4",
    label=_("User put into use again"),
)
class PersonReactivated(Event):
    """An account was put into use again."""

    resource: str
    subject_username: str
    reason: str


@event(
    "identity:person:restored",
    Outcome.DONE,
    Severity.WARNING,
    clause="A3.1.2",
    label=_("Identity restored"),
)
class PersonRestored(Event):
    """An identity whose seal was broken was said anew by an administrator."""

    resource: str
    subject_username: str
    after: Mapping[str, object]
    reason: str


@event(
    "identity:person:deleted",
    Outcome.DONE,
    Severity.WARNING,
    clause="A3.1.2",
    label=_("User deleted"),
)
class PersonDeleted(Event):
    """A user with an identity was deleted; the ledger keeps what was given out."""

    resource: str
    subject_username: str
    before: Mapping[str, object]


@event(
    "identity:password:adopted",
    Outcome.DONE,
    Severity.NOTICE,
    label=_("Earlier password adopted"),
)
class PasswordAdopted(Event):
    """A password from before the identity was bound to it, for one login."""

    resource: str
    subject_username: str


@event(
    "identity:seal:broken",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A3.1.2",
    label=_("Identity altered"),
)
class SealFoundBroken(Event):
    """An identity was altered behind the application's back."""

    resource: str
    subject_username: str
    disagrees: str


@event(
    "identity:seal:unverifiable",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A3.1.2",
    label=_("Identity not verifiable"),
)
class SealNotVerified(Event):
    """A seal could not be verified, for its key is missing."""

    resource: str
    subject_username: str
    reason: str


@event(
    "identity:organisation:created",
    Outcome.DONE,
    clause="A3.1.4",
    label=_("Organisation created"),
)
class OrganisationCreated(Event):
    """An organisation was added."""

    resource: str
    after: Mapping[str, object]
    reason: str = ""


@event(
    "identity:organisation:changed",
    Outcome.DONE,
    clause="A3.1.4",
    label=_("Organisation changed"),
)
class OrganisationChanged(Event):
    """An organisation was renamed, moved, put out of use or into use again."""

    resource: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    reason: str = ""


@event(
    "identity:file:imported",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.1.4",
    label=_("Users imported"),
)
class FileImported(Event):
    """Identities were imported from a file."""

    registered: int
    unchanged: int
    digest: str
    reason: str
