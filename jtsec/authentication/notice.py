"""
What somebody is told after login: this one, the last one, and what failed in between.

Kept on the account, in the login's transaction; Django's own `last_login` is
overwritten before any page could show it. A failure is one statement that puts a line
in front of the others and cuts the text at a length, so that no flood of failures
grows the row and no two lose each other's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db import connections, router
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, Left

from jtsec.audit.api import after_rollback
from jtsec.core.apart import one_statement_apart
from jtsec.core.clock import now
from jtsec.core.source import Source

from .accounts import account_of
from .conf import authentication_settings
from .models import Account
from .standing import password_until, standing_of

KEPT: Final = 20
"""Failures of which time and source are kept; beyond it they are counted."""

LINE_LENGTH: Final = 200
TEXT_LENGTH: Final = KEPT * LINE_LENGTH
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed try: when, from where, and why it failed."""

    at: datetime
    address: str
    terminal: str
    reason: str


@dataclass(frozen=True, slots=True)
class LoginNotice:
    """
    What clause A3.2.12 has shown after a login.

    Args:
        login_at, login_address, login_terminal: this login.
        previous_at, previous_address, previous_terminal: the one before, if any.
        failure_count: how many tries failed between the two.
        failures: the latest of them, newest first, at most `KEPT`.
        valid_until: the end of the account's validity, None without one.
        days_left_account: days until then.
        password_until: the end of the password's validity.
        days_left_password: days until then.
        warn_days: from how many days left the user is warned.
    """

    login_at: datetime | None
    login_address: str
    login_terminal: str
    previous_at: datetime | None
    previous_address: str
    previous_terminal: str
    failure_count: int
    failures: tuple[Failure, ...]
    valid_until: datetime | None
    days_left_account: int | None
    password_until: datetime
    days_left_password: int
    warn_days: int

    @property
    def is_account_ending(self) -> bool:
        """Answer whether the account expires soon."""
        left = self.days_left_account
        return left is not None and left <= self.warn_days

    @property
    def is_password_ending(self) -> bool:
        """Answer whether the password expires soon."""
        return self.days_left_password <= self.warn_days

    def as_dict(self) -> dict[str, Any]:
        """Return the notice as plain values for JSON; times in ISO 8601."""
        return {
            "this": _login(self.login_at, self.login_address, self.login_terminal),
            "previous": None
            if self.previous_at is None
            else _login(
                self.previous_at, self.previous_address, self.previous_terminal
            ),
            "failure_count": self.failure_count,
            "failures": [
                _login(one.at, one.address, one.terminal) for one in self.failures
            ],
            "valid_until": _iso(self.valid_until),
            "days_left_account": self.days_left_account,
            "password_until": _iso(self.password_until),
            "days_left_password": self.days_left_password,
        }


def notice_of(user: Any) -> LoginNotice | None:
    """Return what a user is to be told of logins, None for who has no account."""
    account = account_of(user)
    if account is None:
        return None
    standing = standing_of(user, now())
    return LoginNotice(
        login_at=account.login_at,
        login_address=account.login_address,
        login_terminal=account.login_terminal,
        previous_at=account.previous_at,
        previous_address=account.previous_address,
        previous_terminal=account.previous_terminal,
        failure_count=account.shown_failure_count,
        failures=_parsed(account.shown_failures),
        valid_until=account.valid_until,
        days_left_account=standing.days_left_account,
        password_until=password_until(account),
        days_left_password=standing.days_left_password,
        warn_days=authentication_settings().warn_days,
    )


def note_failure(user: Any, source: Source, reason: str) -> None:
    """
    Note a failed try for its owner; stays whatever the surrounding transaction does.

    Inside of a request's transaction it waits for its end: that transaction may have
    locked the account already, to store a password of the old kind anew, and a second
    connection would wait for it in vain.

    Args:
        user: whose account was tried.
        source: from where.
        reason: why it failed, such as "wrong".
    """
    after_rollback(partial(_put_in_front, user.pk, _line(now(), source, reason)))


def _put_in_front(user_pk: Any, line: str) -> None:
    with one_statement_apart(router.db_for_write(Account)) as alias:
        Account.objects.using(alias).filter(user_id=user_pk).update(
            failures=Left(
                Concat(Value(line), F("failures"), output_field=TextField()),
                TEXT_LENGTH,
            ),
            failure_count=F("failure_count") + 1,
        )


_REMEMBER: Final = """
UPDATE {} SET
    previous_at = login_at,
    previous_address = login_address,
    previous_terminal = login_terminal,
    shown_failures = failures,
    shown_failure_count = failure_count,
    login_at = %s,
    login_address = %s,
    login_terminal = %s,
    failures = %s,
    failure_count = %s
WHERE user_id = %s
"""


def remember_login(user: Any, source: Source) -> None:
    """
    Make this login the present one, and what was the present one the last.

    One statement. MySQL evaluates it from left to right with the new values, so every
    column is read before it is set: the order of the names below matters.
    """
    at, terminal = now(), _terminal(source)
    connection = connections[router.db_for_write(Account)]
    key = user._meta.pk.get_db_prep_value(user.pk, connection)
    moment = connection.ops.adapt_datetimefield_value(at)
    table = connection.ops.quote_name(Account._meta.db_table)
    with connection.cursor() as cursor:
        # Plain SQL: Django takes longer to write ten columns than a server to change
        # them, and every login waits for it.
        cursor.execute(
            _REMEMBER.format(table), (moment, source.address, terminal, "", 0, key)
        )
    if (account := account_of(user)) is not None:
        _follow(account, at, source.address, terminal)


def _follow(account: Account, at: datetime, address: str, terminal: str) -> None:
    """Bring the row at hand up to date, so that this request needs no second look."""
    account.previous_at = account.login_at
    account.previous_address = account.login_address
    account.previous_terminal = account.login_terminal
    account.shown_failures = account.failures
    account.shown_failure_count = account.failure_count
    account.login_at = at
    account.login_address, account.login_terminal = address, terminal
    account.failures, account.failure_count = "", 0


def _line(at: datetime, source: Source, reason: str) -> str:
    microseconds = int(at.timestamp() // 1) * 1_000_000 + at.microsecond
    parts = (str(microseconds), source.address, _terminal(source), reason)
    return "\t".join(parts)[: LINE_LENGTH - 1] + "\n"


def _parsed(text: str) -> tuple[Failure, ...]:
    """Read the lines back; the last one may have been cut and then has no end."""
    whole = text.splitlines(keepends=True)[:KEPT]
    found = []
    for line in whole:
        parts = line.rstrip("\n").split("\t")
        if line.endswith("\n") and len(parts) == 4 and parts[0].isdecimal():
            at = _moment(int(parts[0]))
            found.append(Failure(at, parts[1], parts[2], parts[3]))
    return tuple(found)


def _moment(microseconds: int) -> datetime:
    aware = EPOCH + timedelta(microseconds=microseconds)
    return aware if settings.USE_TZ else aware.astimezone().replace(tzinfo=None)


def _terminal(source: Source) -> str:
    return source.terminal or source.mac


def _login(at: datetime | None, address: str, terminal: str) -> dict[str, Any]:
    return {"at": _iso(at), "address": address, "terminal": terminal}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
