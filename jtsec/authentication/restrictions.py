"""
From where and when somebody may log in, and stay (clause A3.2.8).

Every kind that is set must hold; within a kind, one entry that fits is enough. What is
set stands on the account, and on the roles that somebody holds; both are at hand, so
that a live session is held to it on every request without a query. The refusal carries
the exact reason for the audit; the sentence is general, for the exact rule would tell
an intruder what to change.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.core.net import is_within
from jtsec.core.source import Source

from .accounts import account_of
from .calendar import is_workday, local
from .exceptions import LoginRefused
from .models import Account
from .restriction_forms import DAY_MINUTES, WORKDAYS, window_of
from .shared_restrictions import Restrictions, restrictions_of

NOT_FROM_HERE: Final[Promise] = _(
    "Logging in from this place is not permitted. Ask your system administrator."
)
NOT_NOW: Final[Promise] = _(
    "Logging in at this time is not permitted. Ask your system administrator."
)


def check(user: Any, source: Source, at: datetime) -> None:
    """
    Return if a user may be here, from this source, at this moment.

    Args:
        user: who; asked for the joined account, no query.
        source: from where.
        at: when.

    Raises:
        LoginRefused: "network-not-allowed", "terminal-not-allowed",
            "place-not-allowed", "day-not-allowed" or "out-of-hours"; its `rule` says
            which role's, where it is not the account's own.
        VerifiedFalse, CannotVerify: the calendar cannot be believed.
    """
    account = account_of(user)
    if account is not None:
        check_source(account, source)
        check_time(account, at)
    for shared in restrictions_of(user, at):
        try:
            check_source(shared, source)
            check_time(shared, at)
        except LoginRefused as refused:
            refused.rule = shared.origin
            raise


def check_source(account: Account | Restrictions, source: Source) -> None:
    """Raise unless the network, the terminal and the place are permitted."""
    if account.networks and not is_within(source.address, account.networks):
        raise LoginRefused("network-not-allowed", str(NOT_FROM_HERE))
    names = {source.terminal, source.mac} - {""}
    if account.terminals and names.isdisjoint(account.terminals):
        raise LoginRefused("terminal-not-allowed", str(NOT_FROM_HERE))
    if account.places and not any(
        is_within(source.address, networks) for networks in account.places.values()
    ):
        raise LoginRefused("place-not-allowed", str(NOT_FROM_HERE))


def check_time(account: Account | Restrictions, at: datetime) -> None:
    """Raise unless the weekday and the hours are permitted."""
    if not account.weekdays and not account.hours:
        return
    there = local(at)
    days = [day for day in _days_in_force(account, there) if _is_day(account, day)]
    if days:
        return
    if account.weekdays and not _is_day(account, there.date()):
        raise LoginRefused("day-not-allowed", str(NOT_NOW))
    raise LoginRefused("out-of-hours", str(NOT_NOW))


def _days_in_force(account: Account | Restrictions, there: datetime) -> list[date]:
    """
    Return the days whose hours contain a moment.

    Hours that go over midnight belong to the day on which they begin: Friday's night
    shift ends on Saturday morning and is still Friday's.
    """
    today, minute = there.date(), there.hour * 60 + there.minute
    yesterday = today - timedelta(days=1)
    found = []
    for text in account.hours or [f"00:00-{DAY_MINUTES // 60}:00"]:
        begin, end = window_of(text)
        if begin < end:
            found += [today] if begin <= minute < end else []
        else:
            found += [today] if minute >= begin else []
            found += [yesterday] if minute < end else []
    return found


def _is_day(account: Account | Restrictions, day: date) -> bool:
    if not account.weekdays or day.isoweekday() in account.weekdays:
        return True
    return WORKDAYS in account.weekdays and is_workday(day)
