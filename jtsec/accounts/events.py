"""What the accounts report to the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "accounts:act:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="P32",
    label=_("Handling of accounts refused"),
)
class ActRefused(Event):
    """Somebody who may not was about to review, suspend or reset accounts."""

    resource: str
    action: str
    reason: str


@event(
    "accounts:review:opened",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P32",
    label=_("Review of accounts opened"),
)
class ReviewOpened(Event):
    """The list of every account in use was drawn up for a quarter."""

    resource: str
    accounts: int
    due_at: datetime
    reason: str


@event(
    "accounts:review:confirmed",
    Outcome.DONE,
    clause="P32",
    label=_("Account confirmed"),
)
class AccountConfirmed(Event):
    """Whoever answers for an account said that it is needed."""

    resource: str
    subject_username: str
    reason: str
    before: Mapping[str, object]


@event(
    "accounts:review:struck",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P32",
    label=_("Account struck off"),
)
class AccountStruck(Event):
    """Whoever answers for an account said that it is not needed any more."""

    resource: str
    subject_username: str
    reason: str
    before: Mapping[str, object]


@event(
    "accounts:review:closed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P32",
    label=_("Review of accounts closed"),
)
class ReviewClosed(Event):
    """A review was closed: so many accounts stay, went out of use, are left."""

    resource: str
    outcomes: Mapping[str, object]
    reason: str


@event(
    "accounts:review:exported",
    Outcome.DONE,
    clause="P32",
    label=_("Review of accounts exported"),
)
class ReviewExported(Event):
    """The record of a review was taken away as a file."""

    resource: str
    form: str


@event(
    "accounts:review:broken",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="P32",
    label=_("Review of accounts altered"),
)
class ReviewFoundBroken(Event):
    """The list of a review was altered behind the application's back."""

    resource: str
    reason: str


@event(
    "accounts:unused:suspended",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P44.1",
    label=_("Unused accounts suspended"),
)
class UnusedSuspended(Event):
    """Accounts unused for too long were put out of use; each has an event as well."""

    days: int
    suspended: int
    kept: int
    operator: str
    reason: str


@event(
    "accounts:password:reset",
    Outcome.DONE,
    Severity.NOTICE,
    clause="P37",
    label=_("Password reset by an administrator"),
)
class PasswordReset(Event):
    """An administrator gave somebody a password for one login."""

    resource: str
    subject_username: str
    reason: str
