"""What somebody's roles say about where and when they may log in (clause A3.2.8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from jtsec.authentication.api import Restrictions
from jtsec.core.exceptions import CannotVerify
from jtsec.core.guarding import writing
from jtsec.fields.api import check_seal
from jtsec.identity.api import identity_of

from .known_roles import KnownRole
from .models import GUARD, Role
from .policy import current, grants_of
from .policy_token import bump
from .rows import alive, keep


def restrictions_of_roles(user: Any, at: datetime) -> Iterable[Restrictions]:
    """
    Return the restrictions of the roles somebody holds at a moment.

    From what the process remembers of the policy: asked on every request, it costs no
    query.

    Raises:
        CannotVerify: a role cannot be verified, so what it restricts is not known.
    """
    identity = identity_of(user)
    # A list of all accounts asks about each; mostly no role restricts anything.
    if identity is None or not any(role.restrictions for role in _known_roles()):
        return ()
    grants = grants_of(identity)
    if not grants.is_whole:
        raise CannotVerify("a role, or who holds it, cannot be verified")
    return tuple(
        Restrictions.stored(role.restrictions, f"role:{role.code}")
        for role in grants.roles
        if role.restrictions and role.scope.holds(at)
    )


def _known_roles() -> Iterable[KnownRole]:
    return current().roles.values()


def follow_place(name: str, networks: list[str]) -> None:
    """
    Give a place's networks to every role bound to it, in the place's transaction.

    Raises:
        RowSealBroken, CannotVerify: a role was altered; nothing is sealed over that.
    """
    bump()
    with writing(GUARD):
        roles = Role.objects.filter(alive()).exclude(restrictions={})
        for role in roles.select_for_update():
            places = role.restrictions.get("places", {})
            if name in places:
                check_seal(role)
                bound = {**places, name: networks}
                role.restrictions = {**role.restrictions, "places": bound}
                keep(role)
