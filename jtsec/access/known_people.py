"""What one person may do, read from the rows that can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import QuerySet

from jtsec.core.exceptions import CannotVerify
from jtsec.identity.api import SealBroken, verify
from jtsec.identity.models import Identity

from .believing import Belief, believed
from .given_rights import only_permitted, tell_of_forbidden
from .grants import Grants, HeldRole, Scope
from .known_roles import Surroundings
from .models import (
    AccessProfile,
    Assignment,
    RightGrant,
    TerminalBinding,
)
from .policy_token import database
from .received import is_founded

Fingerprint = tuple[Any, ...]
R = TypeVar("R", AccessProfile, Assignment, RightGrant, TerminalBinding)


class Reading:
    """Reads a person's rows and remembers whether all of them could be verified."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.is_whole = True

    def rows(self, model: type[R], *joined: str) -> Iterator[R]:
        """Yield the live rows of a table that can be believed."""
        live: QuerySet[R] = model._default_manager.using(database()).filter(
            ended_at__isnull=True
        )
        if joined:
            live = live.select_related(*joined)
        for row in live.filter(identity=self.identity.pk):
            belief = believed(row)
            if belief is Belief.WHOLE:
                yield row
            elif belief is Belief.UNKNOWN:
                self.is_whole = False


def fingerprint(identity: Identity) -> Fingerprint:
    """
    Return what grants depend on, as the request loaded it.

    A person whose duty was changed, by the verbs or by SQL, is not the one whose
    grants are remembered, and is verified anew; nor is the identity that SQL has led
    over to another user, whose session is open.
    """
    return (
        identity.uid,
        identity.user_id,
        identity.duty,
        identity.is_police,
        identity.is_active,
        identity.organisation_id,
        bytes(identity.seal),
    )


def load_grants(identity: Identity, policy: Surroundings) -> Grants:
    """
    Return what a person may do, from rows whose seals are whole.

    Args:
        identity: the person; their own seal is verified first.
        policy: gives roles, the organisations' tree and the names of permissions.
    """
    try:
        verify(identity)
    except SealBroken:
        return Grants(fault="altered")
    except CannotVerify:
        return Grants(fault="cannot-verify")
    profile, fault = _profile(identity)
    if fault:
        return Grants(fault=fault)
    reading = Reading(identity)
    roles = tuple(_held_roles(reading, policy))
    given = _merged(_rights(roles, reading, policy))
    is_initial = profile is not None and profile.is_initial
    permitted = only_permitted(given, identity, policy, is_initial=is_initial)
    return Grants(
        rights=permitted.rights,
        in_conflict=permitted.in_conflict,
        clearance=profile.clearance if profile else 0,
        posts=tuple(map(str, profile.posts)) if profile else (),
        bindings=tuple(reading.rows(TerminalBinding)),
        roles=tuple(held for held, _ in roles),
        is_initial=is_initial,
        is_whole=reading.is_whole,
    )


def _profile(identity: Identity) -> tuple[AccessProfile | None, str]:
    """
    Return what else holds for a person, or why that is not known.

    A profile takes as well as gives: without theirs, the administrator made at
    installation would have the whole duty. So who has an altered one has nothing, and
    one that was marked as ended by SQL is an altered one.
    """
    rows = AccessProfile._default_manager.using(database())
    row = rows.filter(identity=identity.pk).first()
    belief = Belief.WHOLE if row is None else believed(row)
    if belief is Belief.WHOLE:
        is_live = row is not None and row.ended_at is None
        return (row if is_live else None), ""
    return None, "altered" if belief is Belief.ALTERED else "cannot-verify"


def _held_roles(
    reading: Reading, policy: Surroundings
) -> Iterator[tuple[HeldRole, dict[str, tuple[Scope, ...]]]]:
    """Yield each role held, with its rights in the bounds of the assignment."""
    for row in reading.rows(Assignment):
        role = policy.roles.get(row.role_id)
        if role is None:
            continue
        if role.duty != reading.identity.duty:
            tell_of_forbidden(reading.identity, "wrong-duty", [f"role:{role.code}"])
            continue
        bounds = Scope(_reach(row, policy), row.valid_from, row.valid_until)
        own = Scope(None, role.since, role.until, f"role:{role.code}")
        scope = own.within(bounds)
        yield (
            HeldRole(role.code, scope, role.restrictions),
            {
                right: tuple(one.within(scope) for one in scopes)
                for right, scopes in role.rights.items()
            },
        )


def _rights(
    roles: Iterable[tuple[HeldRole, dict[str, tuple[Scope, ...]]]],
    reading: Reading,
    policy: Surroundings,
) -> Iterator[tuple[str, Scope]]:
    for _, rights in roles:
        for right, scopes in rights.items():
            yield from ((right, scope) for scope in scopes)
    for row in reading.rows(RightGrant, "source"):
        if policy.is_propagatable(row.right) and is_founded(row, reading.identity):
            reach = _reach(row, policy)
            yield row.right, Scope(reach, None, row.valid_until, f"grant:{row.pk}")


def _reach(row: Assignment | RightGrant, policy: Surroundings) -> frozenset[int]:
    if row.with_below:
        return policy.tree.with_below(row.organisation_id)
    return frozenset((row.organisation_id,))


def _merged(pairs: Iterable[tuple[str, Scope]]) -> dict[str, tuple[Scope, ...]]:
    found: dict[str, list[Scope]] = {}
    for right, scope in pairs:
        if scope not in found.setdefault(right, []):
            found[right].append(scope)
    return {right: tuple(scopes) for right, scopes in found.items()}
