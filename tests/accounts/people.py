"""People whose accounts are reviewed, and moments in their past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jtsec.authentication.accounts import write_account
from jtsec.authentication.models import Account
from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.identity.api import actor_of
from jtsec.identity.models import Identity
from tests.authentication.persons import loaded
from tests.identity import people

NORTH = "110100000000"


def administrator(username: str, which: int, /, **other: Any) -> Actor:
    """Return a new system administrator as an actor."""
    people.person(username, which, **{"duty": "system", **other})
    return actor_of(loaded(username))


def the_other_duties() -> None:
    """Make a security and an audit administrator, two of each."""
    for which, duty in ((91, "security"), (93, "audit")):
        people.person(f"{duty}1", which, duty=duty)
        people.person(f"{duty}2", which + 1, duty=duty)


def unused_for(username: str, days: int) -> None:
    """Let somebody's account be made, and last used, so many days ago."""
    at = now() - timedelta(days=days)
    Account.objects.filter(user=loaded(username)).update(created_at=at, login_at=at)


def expired(username: str) -> None:
    """Let somebody's validity have ended yesterday."""
    user = loaded(username)
    write_account(user, valid_until=now() - timedelta(days=1))


def is_in_use(username: str) -> bool:
    """Answer whether an account is in use."""
    return Identity.objects.get(login_name=username).is_active
