"""What approvals ask of access: whether somebody has a right at this very moment."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.db.models.constants import LOOKUP_SEP

from jtsec.access.api import decide, function_of, grants_of
from jtsec.identity.models import Identity

LACKING = ("right-missing", "expired")


def missing(
    person: Identity, right: str, obj: Any = None, *, afresh: bool = True
) -> str:
    """
    Return why somebody lacks a right, "" when they have it.

    Args:
        person: who.
        right: a Django permission name.
        obj: the row it is about, whose organisation and label count as well.
        afresh: read anew, under the lock that changes of the policy share: a right
            that was taken away a moment ago, by another process, counts for nothing
            (A4.10). False for lists, which decide nothing.
    """
    decision = decide(person.user, right, obj, fresh=afresh)
    return "" if decision.allowed else decision.reason


def stands_in_way(
    person: Identity,
    giver: Identity,
    right: str,
    obj: Any = None,
    *,
    afresh: bool = True,
) -> str:
    """
    Return why somebody may not use another's right in their place, "" if they may.

    Standing in gives the right that is lacking and nothing else: another duty, a
    non-police person or a clearance too low stays what it is (A4.4, A4.7, A4.14). What
    is bound to the giver's terminal, and the other side of a conflict, is not lent.
    """
    own = missing(person, right, obj, afresh=afresh)
    if own not in LACKING:
        return own
    function = function_of(right)
    if function is not None and function.critical:
        return "terminal-not-bound"
    others = () if function is None else function.conflicts_with
    if any(not missing(person, one, obj, afresh=afresh) for one in others):
        return "conflict"
    if _is_above(person, obj):
        return "label"
    return missing(giver, right, obj, afresh=afresh)


def _is_above(person: Identity, obj: Any) -> bool:
    """Answer whether a row is more sensitive than somebody may see; no label: yes."""
    path = getattr(getattr(type(obj), "SCOPE", None), "label", "")
    if not path:
        return False
    label: Any = attrgetter(path.replace(LOOKUP_SEP, "."))(obj)
    return label is None or label > grants_of(person).clearance
