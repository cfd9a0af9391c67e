"""
Who holds which rights, read from the database under the policy's lock.

What a process remembers of the policy (`policy`) answers questions; whoever changes
the policy decides by the rows themselves. Locking reads, because in a transaction that
has begun before the lock was taken a plain one shows the past on some databases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from jtsec.core.clock import now
from jtsec.fields.api import check_seal

from .models import Assignment, RightGrant, Role
from .rows import alive

Reach = tuple[str, int, bool]
"""A right, the organisation it is held for, and whether those below count."""


class RoleBook:
    """
    All live roles as they are now, with what each one gives.

    Args:
        is_locked: whether the reads lock; not where something is only shown.
    """

    def __init__(self, *, is_locked: bool = True) -> None:
        self.is_locked = is_locked
        rows = _read(Role.objects.filter(alive()), is_locked=is_locked)
        self.by_pk: dict[Any, Role] = {role.pk: role for role in rows.order_by("code")}
        self.by_code = {role.code: role for role in self.by_pk.values()}

    def reckoned_with(self, role: Role) -> RoleBook:
        """Return the same book with a role as somebody wants it to be."""
        other = copy(self)
        other.by_pk = {**self.by_pk, role.pk: role}
        other.by_code = {**self.by_code, role.code: role}
        return other

    def closure(self, role: Role) -> tuple[Role, ...]:
        """Return a role and all it builds on; ends also on a cycle made by SQL."""
        found = {role.code: role}
        waiting = list(role.parents)
        while waiting:
            parent = self.by_code.get(waiting.pop())
            if parent is not None and parent.code not in found:
                found[parent.code] = parent
                waiting += parent.parents
        return tuple(found.values())

    def rights(self, role: Role) -> frozenset[str]:
        """Return every right a role gives, those of its parents included."""
        return frozenset(right for one in self.closure(role) for right in one.rights)

    def built_on(self, role: Role) -> tuple[Role, ...]:
        """Return the roles that give what this one gives: itself, and its heirs."""
        heirs = self.by_pk.values()
        return tuple(one for one in heirs if role in self.closure(one))

    def require_whole(self, role: Role) -> None:
        """
        Return if the seals of a role and of all it builds on are whole.

        Raises:
            RowSealBroken, CannotVerify: one is not, or cannot be verified.
        """
        for one in self.closure(role):
            check_seal(one)


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
    return _read(wanted.order_by("pk"), is_locked=is_locked)


def _read(rows: QuerySet[Any], *, is_locked: bool) -> QuerySet[Any]:
    return rows.select_for_update() if is_locked else rows


def _reach(right: str, row: Assignment | RightGrant) -> Reach:
    return right, row.organisation_id, bool(row.with_below)


def _is_past(role: Role) -> bool:
    return role.valid_until is not None and role.valid_until <= now()


def _is_in_force(row: Role | Assignment) -> bool:
    moment = now()
    return (row.valid_from is None or row.valid_from <= moment) and (
        row.valid_until is None or moment < row.valid_until
    )
