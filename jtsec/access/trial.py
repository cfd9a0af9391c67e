"""What would stand against giving somebody a role, found out without giving it."""

from __future__ import annotations

from jtsec.identity.models import Identity

from .exclusions import Exclusion, excluded
from .holdings import held_by
from .models import Role
from .role_book import RoleBook


def what_excludes(identity: Identity, role: Role) -> tuple[Exclusion, ...]:
    """
    Return why somebody could not hold a role beside what they hold (A4.4, A4.7).

    For the page of who decides over an application. Giving it asks again, under the
    lock.

    Args:
        identity: to whom it would be given.
        role: which.
    """
    book = RoleBook(is_locked=False)
    held = held_by([identity.pk], book)[identity.pk].rights.keys()
    found = tuple(excluded(identity, book.rights(role) | held))
    if role.duty == identity.duty:
        return found
    return (Exclusion("foreign-duty", f"role:{role.code}"), *found)
