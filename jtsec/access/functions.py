"""
The rights that belong to a duty by themselves (clauses A4.4, A4.5).

A function of jtsec's own, such as reading the audit, is for exactly one duty. The duty
stands in the sealed identity and is one column, so nobody has two; a permission row
that somebody writes into Django's tables neither gives such a right nor takes it.
"""

from __future__ import annotations

from typing import Any

from jtsec.identity.api import identity_of

_duties: dict[str, str] = {}


def bind_right(right: str, duty: str) -> None:
    """
    Say that a right belongs to a duty; called from the wiring of who offers it.

    Args:
        right: a Django permission name, `app.operation_thing`.
        duty: "business", "system", "security" or "audit".

    Raises:
        ValueError: it belongs to another duty already.
    """
    if _duties.setdefault(right, duty) != duty:
        raise ValueError(f"{right} belongs to the duty {_duties[right]}")


def may_use(user: Any, right: str) -> bool:
    """Answer whether somebody who is logged in has a right."""
    duty = _duties.get(right)
    if duty is None:
        return bool(user.has_perm(right))
    identity = identity_of(user)
    return identity is not None and bool(identity.duty == duty)
