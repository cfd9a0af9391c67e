"""
Whose desk an alarm lies on: the audit's, or the security administrators'.

The same pages stand at two addresses, each behind the right of one duty: no page is
shared by two (clause A4.4). The security administrators' show what was handed to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from jtsec.audit.alarms.api import Alarm, alarm_numbered
from jtsec.core.context import Actor
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.identity.api import actor_of, verify
from jtsec.identity.models import Identity


@dataclass(frozen=True)
class Desk:
    """
    One of the two.

    Args:
        name: what its URL names begin with.
        right: what its pages ask for.
        duty: who works at it.
        handed_over: whether only alarms that were handed over lie on it.
    """

    name: str
    right: str
    duty: str
    handed_over: bool

    def address(self, page: str = "", alarm: Alarm | None = None) -> str:
        """Return where a page of the desk is: the list, or one of an alarm's."""
        view = f"jtsec-console:{self.name}{page}"
        return reverse(view, args=(alarm.number,) if alarm is not None else ())

    def find(self, number: UUID) -> Alarm:
        """Return an alarm that lies here, or raise `Http404`."""
        alarm = alarm_numbered(str(number), handed_over=self.handed_over)
        if alarm is None:
            raise Http404
        return alarm


AUDIT: Final = Desk("alarm", "jtsec.view_alarm", "audit", handed_over=False)
SECURITY: Final = Desk(
    "handed-alarm", "jtsec.handle_handed_alarm", "security", handed_over=True
)


def colleagues(desk: Desk) -> list[tuple[str, str]]:
    """Return uid and name of everybody in use who works at a desk, by name."""
    rows = Identity.objects.filter(
        duty=desk.duty, is_active=True, user__is_active=True
    ).order_by("name", "uid")
    return [(str(one.uid), f"{one.name} ({one.login_name})") for one in rows]


def colleague(desk: Desk, uid: str) -> Actor | None:
    """
    Return who works at a desk under a uid; None for everybody else.

    Whose identity was changed past the application is nobody here (clause A3.1.2).
    """
    if uid not in dict(colleagues(desk)):
        return None
    identity = Identity.objects.select_related("user", "organisation").get(uid=uid)
    try:
        verify(identity)
    except (VerifiedFalse, CannotVerify):
        return None
    return actor_of(identity.user)
