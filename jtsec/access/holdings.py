"""
Who holds which rights, read from the database under the policy's lock.

What a process remembers of the policy (`policy`) answers questions; whoever changes
the policy decides by the rows themselves. Locking reads, because in a transaction that
has begun before the lock was taken a plain one shows the past on some databases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from jtsec.core.clock import now

from .models import Assignment, RightGrant, Role
from .role_book import RoleBook, locked
from .rows import alive

Reach = tuple[str, int, bool]
"""A right, the organisation it is held for, and whether those below count."""


@dataclass
class Held:
    """
    What one person holds.

    Args:
        rights: each right, and where it comes from: "role:code" or "grant:id".
        roles: the codes of the roles.
        reaches: what is in force at this moment, and for which organisation.
    """

    rights: dict[str, set[str]] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    reaches: set[Reach] = field(default_factory=set)

    def add(self, right: str, origin: str) -> None:
        """Note one right."""
        self.rights.setdefault(right, set()).add(origin)


def held_by(people: Collection[int] | None, book: RoleBook) -> dict[int, Held]:
    """
    Return what people hold, or will hold from a later day on.

    What has not begun counts: two roles that exclude each other must not meet then
    either. Rows whose seal is broken count too; they give nothing, but whoever is to
    get more should not have an open question.

    Args:
        people: primary keys of identities; None for everybody.
        book: the roles.

    Returns:
        By primary key of the identity; an empty one for each that was asked for.
    """
    found = {pk: Held() for pk in people or ()}
    for assignment in _of(people, Assignment.objects.all(), is_locked=book.is_locked):
        role = book.by_pk.get(assignment.role_id)
        if role is None or _is_past(role):
            continue
        held = found.setdefault(assignment.identity_id, Held())
        held.roles.add(role.code)
        is_now = _is_in_force(assignment) and _is_in_force(role)
        for right in book.rights(role):
            held.add(right, f"role:{role.code}")
            if is_now:
                held.reaches.add(_reach(right, assignment))
    for grant in _of(people, RightGrant.objects.all(), is_locked=book.is_locked):
        held = found.setdefault(grant.identity_id, Held())
        held.add(grant.right, f"grant:{grant.pk}")
        held.reaches.add(_reach(grant.right, grant))
    return found


def holders_of(roles: Iterable[Role], *, is_locked: bool = True) -> frozenset[int]:
    """Return the primary keys of the identities that hold one of some roles."""
    rows = Assignment.objects.filter(role__in=[role.pk for role in roles])
    return frozenset(one.identity_id for one in _of(None, rows, is_locked=is_locked))


def losers(
    before: Mapping[int, Held], after: Mapping[int, Held]
) -> dict[int, frozenset[str]]:
    """Return who lost a right, or organisations it reached, and which rights."""
    lost = {
        pk: frozenset(
            reach[0] for reach in held.reaches - after.get(pk, Held()).reaches
        )
        for pk, held in before.items()
    }
    return {pk: rights for pk, rights in lost.items() if rights}


def unexpired() -> Q:
    """Return what holds for rows that have not ended and are not past their date."""
    return alive() & (Q(valid_until__isnull=True) | Q(valid_until__gt=now()))


def _of(
    people: Collection[int] | None, rows: QuerySet[Any], *, is_locked: bool
) -> QuerySet[Any]:
    wanted = rows.filter(unexpired())
    if people is not None:
        wanted = wanted.filter(identity__in=people)
    return locked(wanted.order_by("pk"), is_locked=is_locked)


def _reach(right: str, row: Assignment | RightGrant) -> Reach:
    return right, row.organisation_id, bool(row.with_below)


def _is_past(role: Role) -> bool:
    return role.valid_until is not None and role.valid_until <= now()


def _is_in_force(row: Role | Assignment) -> bool:
    moment = now()
    return (row.valid_from is None or row.valid_from <= moment) and (
        row.valid_until is None or moment < row.valid_until
    )
