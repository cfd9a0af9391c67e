"""What authentication reports to the audit."""

from __future__ import annotations

from collections.abc import Mapping

from jtsec.audit.events import Event, Outcome, Severity, event


@event("authentication:login:succeeded", Outcome.DONE, core=True, clause="A3.2.12")
class LoginSucceeded(Event):
    """Somebody logged in; `previous_at` is the login before this one."""

    previous_at: str
    failures_before: int
    must_change_password: bool = False


@event("authentication:login:left", Outcome.DONE, core=True, clause="A5.2")
class LoggedOut(Event):
    """Somebody logged out."""


@event(
    "authentication:login:exposed",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A3.2.4",
)
class PasswordExposed(Event):
    """A password came in the address of a page, where logs and caches keep it."""

    reason: str


@event(
    "authentication:login:disowned",
    Outcome.DONE,
    Severity.ALARM,
    core=True,
    clause="A3.2.12",
)
class LoginDisowned(Event):
    """Somebody said that logins or failures shown to them were not their own."""

    login_at: str
    login_address: str
    previous_at: str
    previous_address: str
    failures: int
    remark: str = ""


@event(
    "authentication:session:refused",
    Outcome.REFUSED,
    Severity.NOTICE,
    clause="A3.2.8",
)
class LiveSessionRefused(Event):
    """Somebody logged in may stay no longer; `reason` says exactly why."""

    reason: str


@event(
    "authentication:account:broken", Outcome.REFUSED, Severity.ALARM, clause="A3.2.8"
)
class AccountFoundBroken(Event):
    """Validity, restrictions or password age were altered, or removed, by SQL."""

    resource: str
    subject_username: str
    reason: str


@event(
    "authentication:account:restricted",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.2.8",
)
class RestrictionsChanged(Event):
    """From where and when somebody may log in was changed."""

    resource: str
    subject_username: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "authentication:account:extended", Outcome.DONE, Severity.NOTICE, clause="A3.2.9"
)
class ValidityChanged(Event):
    """The time in which an account is valid was changed."""

    resource: str
    subject_username: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "authentication:account:reactivated",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.2.9",
)
class AccountReactivated(Event):
    """An expired or dormant account may be used again, after a password change."""

    resource: str
    subject_username: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "authentication:password:required",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.2.9",
)
class PasswordChangeRequired(Event):
    """Somebody must choose a new password before anything else."""

    resource: str
    subject_username: str
    reason: str


@event(
    "authentication:account:refused", Outcome.REFUSED, Severity.NOTICE, clause="A3.2.9"
)
class AccountChangeRefused(Event):
    """Somebody was refused who wanted to change another's account."""

    resource: str
    subject_username: str
    action: str
    reason: str


@event(
    "authentication:place:defined", Outcome.DONE, Severity.NOTICE, clause="A3.2.8"
)
class PlaceDefined(Event):
    """The networks of a place were set; accounts bound to it follow."""

    resource: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "authentication:calendar:changed", Outcome.DONE, Severity.NOTICE, clause="A3.2.8"
)
class CalendarChanged(Event):
    """Days were declared working or free."""

    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]
