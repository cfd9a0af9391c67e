"""How far people see: asked of the one decision, so that nothing is seen without it."""

from __future__ import annotations

from typing import Any

from jtsec.core.context import current
from jtsec.identity.api import identity_of

from . import policy
from .decision import decide
from .django_permissions import with_django_permissions
from .scope import Reach, reach_of


def reach_of_user(user: Any, right: str) -> Reach:
    """
    Return how far somebody sees with a right now; nothing where it may not be used.

    Args:
        user: anybody, also a visitor who is not logged in.
        right: the right.
    """
    if not decide(user, right):
        return Reach(right)
    known = policy.current()
    identity, function = identity_of(user), known.demands_of(right)
    if identity is None or function is None:
        return Reach(right)
    grants = with_django_permissions(known.grants_of(identity), user, function)
    return reach_of(grants, right, uid=str(identity.uid))


def is_of_who_acts(reach: Reach) -> bool:
    """Answer whether a reach is that of the person who acts now."""
    return bool(reach.uid) and reach.uid == current().actor.uid
