"""The roles as a process knows them: believed, with what they inherit (A4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from .believing import Belief, believed
from .events import RolesInCycle
from .functions import Function
from .grants import Scope
from .models import Role
from .organisation_tree import Tree
from .policy_token import database
from .throttled import alarm


@dataclass(frozen=True, slots=True)
class KnownRole:
    """
    A role and all it gives.

    Args:
        code: its code.
        name: its name.
        duty: whose role it is.
        since, until: its own validity.
        rights: what it gives, its parents' rights included, each with the validity of
            the role it comes from.
        restrictions: where and when its holders may log in (A3.2.8).
    """

    code: str
    name: str
    duty: str
    since: datetime | None
    until: datetime | None
    rights: Mapping[str, tuple[Scope, ...]]
    restrictions: Mapping[str, Any] = field(default_factory=dict)


class Surroundings(Protocol):
    """What reading one person's grants asks of the policy they are part of."""

    @property
    def roles(self) -> Mapping[UUID, KnownRole]:
        """Return the live roles that can be believed, by primary key."""

    @property
    def tree(self) -> Tree:
        """Return the tree of the organisations."""

    def demands_of(self, right: str) -> Function | None:
        """Return what a right demands, None where there is no such right."""

    def is_propagatable(self, right: str) -> bool:
        """Answer whether a right may be had by propagation."""


def load_roles() -> dict[UUID, KnownRole]:
    """
    Return the live roles that can be believed, by primary key; one query.

    A role that was altered gives nothing, and what it is inherited by keeps its own
    rights. Roles that inherit from themselves give nothing at all: which of them was
    meant to be above cannot be known.
    """
    rows = Role.objects.using(database()).filter(ended_at__isnull=True)
    whole = {one.code: one for one in rows if believed(one) is Belief.WHOLE}
    return {one.pk: _known(one, whole) for one in whole.values()}


def _known(role: Role, whole: Mapping[str, Role]) -> KnownRole:
    rights: dict[str, list[Scope]] = {}
    for one in _inherited(role, whole):
        scope = Scope(None, one.valid_from, one.valid_until, f"role:{one.code}")
        for right in one.rights:
            rights.setdefault(str(right), []).append(scope)
    return KnownRole(
        code=role.code,
        name=role.name,
        duty=role.duty,
        since=role.valid_from,
        until=role.valid_until,
        rights={right: tuple(scopes) for right, scopes in rights.items()},
        restrictions=role.restrictions or {},
    )


def _inherited(role: Role, whole: Mapping[str, Role]) -> list[Role]:
    """Return a role and those it builds on, of its own duty; none in a cycle."""
    found: dict[str, Role] = {}
    waiting = [role.code]
    while waiting:
        one = whole.get(waiting.pop())
        if one is None or one.duty != role.duty or one.code in found:
            continue
        found[one.code] = one
        if role.code in one.parents:
            resource = f"{role._meta.label_lower}:{role.code}"
            alarm(f"cycle:{role.pk}", RolesInCycle(resource=resource))
            return []
        waiting.extend(str(parent) for parent in one.parents)
    return list(found.values())
