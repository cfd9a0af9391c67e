"""
What is left of given rights when nobody holds what nobody may hold (A4.4, A4.7).

Every grant is checked before it is made. What is found here came another way: by SQL
and somebody who had the key, or by a declaration that has changed since. It gives
nothing, whatever the rows say, and leaves an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jtsec.identity.models import Identity

from . import setting_up
from .events import ForbiddenGrantFound
from .functions import Function, functions
from .grants import Scope
from .known_roles import Surroundings
from .throttled import alarm

Rights = Mapping[str, tuple[Scope, ...]]
BY_DUTY: Final = (Scope(origin="duty"),)


@dataclass(frozen=True)
class Permitted:
    """What somebody may use, and what they hold on both sides of a conflict."""

    rights: Rights
    in_conflict: frozenset[str]


def only_permitted(
    given: Rights, identity: Identity, policy: Surroundings, *, is_initial: bool
) -> Permitted:
    """
    Return the rights of a duty together with what was given, less what cannot be.

    Args:
        given: what roles and propagation give, by right.
        identity: the person, verified.
        policy: says which rights there are.
        is_initial: whether this is the administrator made at installation.
    """
    usable: dict[str, tuple[Scope, ...]] = {}
    forbidden: dict[str, list[str]] = {}
    for right, scopes in given.items():
        function = policy.demands_of(right)
        if function is None:
            continue
        reason = _what_forbids(function, identity)
        if reason:
            forbidden.setdefault(reason, []).append(right)
        else:
            usable[right] = scopes
    usable |= dict.fromkeys(_of_duty(identity, is_initial), BY_DUTY)
    in_conflict = frozenset(_in_conflict(usable, policy))
    if in_conflict:
        forbidden["conflict"] = sorted(in_conflict)
    for reason, rights in forbidden.items():
        tell_of_forbidden(identity, reason, rights)
    left = {
        right: scopes for right, scopes in usable.items() if right not in in_conflict
    }
    return Permitted(left, in_conflict)


def _what_forbids(function: Function, identity: Identity) -> str:
    if function.duty != identity.duty:
        return "wrong-duty"
    if function.police_only and not identity.is_police:
        return "police-only"
    return ""


def _of_duty(identity: Identity, is_initial: bool) -> Iterator[str]:
    """
    Yield the rights that come with the duty.

    The administrator made at installation sets up for the other duties too, until
    the administrators of the system are there (clause P38).
    """
    stands_in = is_initial and setting_up.is_open()
    for one in functions():
        is_own = one.duty == identity.duty
        is_lent = stands_in and one.set_up and one.duty == setting_up.STANDS_IN_FOR
        is_for_them = identity.is_police or not one.police_only
        if one.by_duty and is_for_them and (is_own or is_lent):
            yield one.right


def _in_conflict(usable: Rights, policy: Surroundings) -> Iterator[str]:
    """Yield both sides of each declared pair that is in force at one moment."""
    for right, scopes in usable.items():
        function = policy.demands_of(right)
        for other in function.conflicts_with if function else ():
            others = usable.get(other, ())
            if any(one.overlaps(two) for one in scopes for two in others):
                yield right


def tell_of_forbidden(identity: Identity, reason: str, what: list[str]) -> None:
    """Leave an alarm about what somebody holds and nobody may; once a minute."""
    alarm(
        f"forbidden:{identity.uid}:{reason}",
        ForbiddenGrantFound(
            resource=f"identity:{identity.uid}",
            subject_username=identity.login_name,
            reason=reason,
            rights=sorted(what)[:50],
        ),
    )
