"""What one person may do, as a process knows it: plain values, no rows to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from .models import TerminalBinding


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Where and when one right holds.

    Args:
        organisations: primary keys of the organisations whose data it reaches, those
            below included where the grant says so; None for everything.
        since: from when, None for always.
        until: to when, None for no end; the moment itself is past it.
        origin: where it comes from, for lists: "duty", "role:code", "grant:id".
    """

    organisations: frozenset[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    origin: str = ""

    def holds(self, moment: datetime) -> bool:
        """Answer whether the right is in force at a moment."""
        return (self.since is None or self.since <= moment) and (
            self.until is None or moment < self.until
        )

    def within(self, bounds: Scope) -> Scope:
        """Return this scope where and while another one holds too."""
        places = self.organisations
        if places is None or bounds.organisations is None:
            places = bounds.organisations if places is None else places
        else:
            places = places & bounds.organisations
        return Scope(
            places,
            max(filter(None, (self.since, bounds.since)), default=None),
            min(filter(None, (self.until, bounds.until)), default=None),
            self.origin,
        )

    def overlaps(self, other: Scope) -> bool:
        """Answer whether there is a moment at which both are in force."""
        return _is_before(self.since, other.until) and _is_before(
            other.since, self.until
        )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """
    A role somebody holds.

    Args:
        code: the role's code.
        scope: where and when.
        restrictions: where and when its holders may log in (A3.2.8).
    """

    code: str
    scope: Scope
    restrictions: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grants:
    """
    What one person may do.

    Args:
        rights: what is given, by right, and for each where and when. What may not be
            used whatever the rows say is not among them: a right of another duty, a
            police-only one of somebody who is no police officer, both sides of a
            conflict.
        clearance: the highest sensitivity the person may see (A4.14).
        posts: codes of the posts held (P15.1).
        bindings: the terminals bound to the person (A4.11).
        roles: the roles held, in force or not yet.
        is_initial: the administrator made at installation (A4.5, P38).
        in_conflict: rights held on both sides of a declared conflict; not in `rights`.
        fault: why the person has nothing at all: "altered" where the seal of the
            identity is broken, "cannot-verify" where it cannot be checked, else "".
        is_whole: False when a row could not be verified for want of its key.
    """

    rights: Mapping[str, tuple[Scope, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    clearance: int = 0
    posts: tuple[str, ...] = ()
    bindings: tuple[TerminalBinding, ...] = ()
    roles: tuple[HeldRole, ...] = ()
    is_initial: bool = False
    in_conflict: frozenset[str] = frozenset()
    fault: str = ""
    is_whole: bool = True

    def scopes(self, right: str, moment: datetime) -> tuple[Scope, ...]:
        """Return where a right is in force at a moment; () for nowhere."""
        return tuple(one for one in self.rights.get(right, ()) if one.holds(moment))

    def restrictions(self, moment: datetime) -> tuple[Mapping[str, Any], ...]:
        """Return the login restrictions of the roles in force at a moment."""
        return tuple(
            one.restrictions
            for one in self.roles
            if one.restrictions and one.scope.holds(moment)
        )


NOTHING = Grants()


def _is_before(since: datetime | None, until: datetime | None) -> bool:
    return since is None or until is None or since < until
