"""All roles with what they give and who holds them, for lists and pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from .holdings import unexpired
from .inconsistencies import seal_fault
from .models import Assignment
from .role_book import RoleBook


@dataclass(frozen=True)
class Holder:
    """
    Somebody who holds a role.

    Args:
        username: who.
        organisation: the code of the organisation whose data it reaches.
        with_below: whether also of those under it.
        until: to when, None for no end.
    """

    username: str
    organisation: str
    with_below: bool
    until: datetime | None


@dataclass(frozen=True)
class ListedRole:
    """
    One role.

    Args:
        code, name, duty: the role's.
        parents: codes of the roles it builds on directly.
        rights: all it gives, its parents' included.
        is_whole: whether its seal is.
        holders: who holds it.
    """

    code: str
    name: str
    duty: str
    parents: tuple[str, ...]
    rights: tuple[str, ...]
    is_whole: bool
    holders: tuple[Holder, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON; times in ISO 8601."""
        found = asdict(self)
        for holder in found["holders"]:
            holder["until"] = holder["until"] and holder["until"].isoformat()
        return found


def list_roles() -> tuple[ListedRole, ...]:
    """Return the live roles, by code; two queries."""
    book = RoleBook(is_locked=False)
    rows = Assignment.objects.filter(unexpired())
    rows = rows.select_related("identity", "organisation").defer(
        "identity__resident_id"
    )
    holders: dict[Any, list[Holder]] = {}
    for one in rows.order_by("identity__login_name"):
        holders.setdefault(one.role_id, []).append(
            Holder(
                username=one.identity.login_name,
                organisation=one.organisation.code,
                with_below=one.with_below,
                until=one.valid_until,
            )
        )
    return tuple(
        ListedRole(
            code=role.code,
            name=role.name,
            duty=role.duty,
            parents=tuple(role.parents),
            rights=tuple(sorted(book.rights(role))),
            is_whole=not seal_fault(role),
            holders=tuple(holders.get(role.pk, ())),
        )
        for role in book.by_pk.values()
    )
