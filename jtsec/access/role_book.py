"""All live roles, and what each one gives with what it builds on (clause A4.6)."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.models import QuerySet

from jtsec.fields.api import check_seal

from .models import Role
from .rows import alive


class RoleBook:
    """
    All live roles as they are now, with what each one gives.

    Args:
        is_locked: whether the reads lock; not where something is only shown.
    """

    def __init__(self, *, is_locked: bool = True) -> None:
        self.is_locked = is_locked
        rows = locked(Role.objects.filter(alive()), is_locked=is_locked)
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


def locked(rows: QuerySet[Any], *, is_locked: bool) -> QuerySet[Any]:
    """Return rows to be read: the latest state, or without making anybody wait."""
    return rows.select_for_update() if is_locked else rows
