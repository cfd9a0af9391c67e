"""The list of accounts: whose, since when, last used when, with which roles (P32)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jtsec.access.models import Assignment
from jtsec.authentication.api import account_of, standing_of
from jtsec.authentication.models import Account
from jtsec.core.clock import now
from jtsec.identity.models import Identity


@dataclass(frozen=True)
class ListedAccount:
    """
    One account as the list shows it.

    Args:
        identity: whose; the ID number is not loaded.
        created_at: since when there is an account.
        last_use: the last login, None when there never was one.
        idle_since: from when on it counts as unused: the last login, or the making or
            the activation of the account where that was later.
        valid_from: the beginning of its validity, None when there is none.
        valid_until: the end of its validity, None when there is none.
        password_days: days until the password expires, None without an account.
        roles: the names of the roles its owner holds.
        reason: why nobody can enter by it at present, "" when its owner can:
            "inactive", "not-yet-valid", "account-expired", "account-dormant" or
            "account-missing".
    """

    identity: Identity
    created_at: datetime | None
    last_use: datetime | None
    idle_since: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    password_days: int | None
    roles: tuple[str, ...]
    reason: str


def every_identity() -> QuerySet[Identity]:
    """
    Return all identities, with what a list of accounts shows.

    Without the ID numbers: one that SQL altered would not open, and no list could be
    drawn up at all. Whoever changes an account verifies it first.
    """
    rows = Identity.objects.select_related("user__jtsec_account", "organisation")
    return rows.defer("resident_id").order_by("organisation__code", "login_name")


def listed(identities: Iterable[Identity]) -> Iterator[ListedAccount]:
    """Yield what is known of some accounts; one query for all their roles."""
    found = list(identities)
    roles, at = _roles_of(found), now()
    for identity in found:
        yield _listed(identity, roles.get(identity.pk, ()), at)


def listed_one(identity: Identity) -> ListedAccount:
    """Return what is known of one account."""
    return next(listed([identity]))


def _listed(identity: Identity, roles: tuple[str, ...], at: datetime) -> ListedAccount:
    user = identity.user
    account = account_of(user)
    return ListedAccount(
        identity=identity,
        created_at=account.created_at if account else None,
        last_use=account.login_at if account else None,
        idle_since=_idle_since(account),
        valid_from=account.valid_from if account else None,
        valid_until=account.valid_until if account else None,
        password_days=standing_of(user, at).days_left_password if account else None,
        roles=roles,
        reason=_reason(identity, user, at),
    )


def _idle_since(account: Account | None) -> datetime | None:
    """Return what the login counts dormancy from; a test holds the two together."""
    if account is None:
        return None
    used = (account.created_at, account.login_at, account.reactivated_at)
    return max(one for one in used if one is not None)


def _reason(identity: Identity, user: Any, at: datetime) -> str:
    if not identity.is_active or not user.is_active:
        return "inactive"
    standing = standing_of(user, at)
    return "" if standing.may_enter else standing.reason


def _roles_of(identities: list[Identity]) -> Mapping[int, tuple[str, ...]]:
    held: dict[int, tuple[str, ...]] = {}
    rows = Assignment.objects.filter(ended_at=None).select_related("role")
    for start in range(0, len(identities), 500):
        some = [one.pk for one in identities[start : start + 500]]
        for row in rows.filter(identity__in=some).order_by("role__name"):
            names = held.get(row.identity_id, ())
            held[row.identity_id] = (*names, row.role.name)
    return held
