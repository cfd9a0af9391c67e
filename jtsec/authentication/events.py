"""What authentication reports to the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Sensitive, Severity, event


@event(
    "authentication:login:succeeded",
    Outcome.DONE,
    core=True,
    clause="A3.2.12",
    label=_("Login"),
)
class LoginSucceeded(Event):
    """
    Somebody logged in; `previous_at` is the login before this one.

    `session` is the beginning of the key under which the session is listed; "" where
    the login has none.
    """

    previous_at: datetime | None
    failures_before: int
    must_change_password: bool = False
    method: str = "password"
    session: str = ""


@event(
    "authentication:login:left",
    Outcome.DONE,
    core=True,
    clause="A5.2",
    label=_("Logout"),
)
class LoggedOut(Event):
    """Somebody logged out."""


@event(
    "authentication:login:exposed",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A3.2.4",
    label=_("Password in an address"),
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
    label=_("Login disowned by the user"),
)
class LoginDisowned(Event):
    """Somebody said that logins or failures shown to them were not their own."""

    login_at: datetime | None
    login_address: str
    previous_at: datetime | None
    previous_address: str
    failures: int
    remark: str = ""


@event(
    "authentication:session:refused",
    Outcome.REFUSED,
    Severity.NOTICE,
    clause="A3.2.8",
    label=_("Session no longer permitted"),
)
class LiveSessionRefused(Event):
    """
    Somebody logged in may stay no longer; `reason` says exactly why.

    `rule` names the role whose restriction it was, "" for the account's own.
    """

    reason: str
    rule: str = ""


@event(
    "authentication:account:broken",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A3.2.8",
    label=_("Account data altered"),
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
    label=_("Login restrictions changed"),
)
class RestrictionsChanged(Event):
    """From where and when somebody may log in was changed."""

    resource: str
    subject_username: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "authentication:account:extended",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.2.9",
    label=_("Validity changed"),
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
    label=_("Account activated"),
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
    label=_("Password change required"),
)
class PasswordChangeRequired(Event):
    """Somebody must choose a new password before anything else."""

    resource: str
    subject_username: str
    reason: str


@event(
    "authentication:account:refused",
    Outcome.REFUSED,
    Severity.NOTICE,
    clause="A3.2.9",
    label=_("Account change refused"),
)
class AccountChangeRefused(Event):
    """Somebody was refused who wanted to change another's account."""

    resource: str
    subject_username: str
    action: str
    reason: str


@event(
    "authentication:place:defined",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.2.8",
    label=_("Login place defined"),
)
class PlaceDefined(Event):
    """The networks of a place were set; accounts bound to it follow."""

    resource: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "authentication:calendar:changed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.2.8",
    label=_("Calendar changed"),
)
class CalendarChanged(Event):
    """Days were declared working or free."""

    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "authentication:login:refused",
    Outcome.REFUSED,
    Severity.NOTICE,
    core=True,
    clause="A3.2.6",
    label=_("Login refused"),
)
class LoginFailed(Event):
    """
    A login was refused; `reason` says exactly why, the person only read that it was.

    One event an attempt, also while locked: a flood shows as a flood. What raises an
    alarm is the lock, once. What was typed is encrypted: some type their password
    where the name belongs; `subject_username` is empty where nobody has that name.
    `rule` names the role whose restriction refused, "" for the account's own.
    """

    subject_username: str
    reason: str
    rule: str = ""
    typed_name: Sensitive[str] = ""


@event(
    "authentication:user:locked",
    Outcome.REFUSED,
    Severity.ALARM,
    core=True,
    clause="A3.2.6",
    label=_("User locked"),
)
class UserLocked(Event):
    """A user reached the limit of wrong passwords; `until` empty: until lifted."""

    subject_username: str
    failures: int
    until: str | None = None


@event(
    "authentication:terminal:blocked",
    Outcome.REFUSED,
    Severity.ALARM,
    core=True,
    clause="A3.2.7",
    label=_("Terminal blocked"),
)
class TerminalBlocked(Event):
    """A terminal reached the limit of failed logins and is blacklisted."""

    resource: str
    failures: int
    until: str | None = None


@event(
    "authentication:block:lifted",
    Outcome.DONE,
    Severity.WARNING,
    core=True,
    clause="A3.2.7",
    label=_("Lock lifted"),
)
class BlockLifted(Event):
    """A lock was lifted, or a terminal taken off the blacklist, by whom and why."""

    resource: str
    reason: str


@event(
    "authentication:block:lifted-in-emergency",
    Outcome.DONE,
    Severity.ALARM,
    core=True,
    clause="A3.2.7",
    label=_("Lock lifted in an emergency"),
)
class BlockLiftedInEmergency(Event):
    """A lock was lifted from the server's console, without an administrator."""

    resource: str
    reason: str
    operator: str


@event(
    "authentication:block:lift-refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A3.2.7",
    label=_("Unlocking refused"),
)
class LiftRefused(Event):
    """Somebody wanted to lift a block who may not, or their own."""

    resource: str
    reason: str


@event(
    "authentication:password:foreign",
    Outcome.REFUSED,
    Severity.ALARM,
    core=True,
    clause="A3.2.5",
    label=_("Password value of another account"),
)
class StoredPasswordForeign(Event):
    """
    A user's row holds a password value that was never theirs; somebody wrote it there.

    `reason` is "foreign": it is bound to another UID, or "not-adopted": it is bound to
    nobody and was not there when the person was registered.
    """

    resource: str
    subject_username: str
    reason: str


@event(
    "authentication:password:changed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A3.2.5",
    label=_("Password changed"),
)
class PasswordChanged(Event):
    """A password was set, by its owner or for them."""

    resource: str
    subject_username: str
    by_owner: bool


@event(
    "authentication:password:upgraded",
    Outcome.DONE,
    clause="A3.2.5",
    label=_("Password stored anew"),
)
class PasswordUpgraded(Event):
    """A right password was stored anew: bound, with today's cost or today's key."""

    resource: str
    subject_username: str
    reason: str
