"""Ends the sessions of who lost a right: the page still open must not outlive it."""

from __future__ import annotations

from collections.abc import Iterable

from jtsec.identity.models import Identity
from jtsec.sessions.api import EndReason, end_all


def end_sessions_of(people: Iterable[int]) -> tuple[str, ...]:
    """
    End every session of some people; in the transaction of the change that costs them.

    Args:
        people: primary keys of identities.

    Returns:
        Their usernames, in order, whether they were logged in or not.
    """
    rows = Identity.objects.filter(pk__in=list(people)).select_related("user")
    names = []
    for identity in rows.defer("resident_id"):
        end_all(identity.user, why=EndReason.RIGHTS_CHANGED)
        names.append(identity.user.get_username())
    return tuple(sorted(names))
