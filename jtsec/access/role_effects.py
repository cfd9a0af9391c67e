"""What a change of a role would do to its holders: said before, refused if bad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Unpack

from django.utils.translation import ngettext

from jtsec.identity.models import Identity

from .exclusions import Exclusion, excluded
from .gate import PolicyRefused
from .holdings import Held, held_by, holders_of, losers
from .models import Role
from .role_book import RoleBook
from .role_forms import RoleFields, checked_fields

DETAILED = 20


@dataclass(frozen=True)
class Effect:
    """
    What a change of a role means for one person.

    Args:
        identity: whom.
        gained: rights they would have more.
        lost: rights they would have less, or for fewer organisations.
        excluded: what they must not hold and would hold then.
    """

    identity: Identity
    gained: frozenset[str]
    lost: frozenset[str]
    excluded: tuple[Exclusion, ...]


@dataclass(frozen=True)
class Effects:
    """What a change of a role means for all who hold it, or a role built on it."""

    each: tuple[Effect, ...]

    @property
    def people(self) -> tuple[Identity, ...]:
        """Return everybody whom it touches."""
        return tuple(one.identity for one in self.each)

    @property
    def losers(self) -> tuple[int, ...]:
        """Return the primary keys of the identities of who would lose something."""
        return tuple(one.identity.pk for one in self.each if one.lost)

    @property
    def broken(self) -> tuple[Effect, ...]:
        """Return those who could not be given the role as it would be."""
        return tuple(one for one in self.each if one.excluded)


def preview(role: Role, **changes: Unpack[RoleFields]) -> Effects:
    """
    Return what a change would do, without doing it.

    A page shows it before the button; what is true when the button is pressed is
    found out again, under the lock.

    Args:
        role: which.
        changes: as for `change_role`.

    Raises:
        InputError: a value is malformed.
    """
    values = checked_fields(changes)
    book = RoleBook(is_locked=False)
    found = book.by_pk.get(role.pk, role)
    return effects_of(found, changed_copy(found, values), book)


def effects_of(role: Role, wanted: Role, book: RoleBook) -> Effects:
    """
    Return what it means that a role becomes another.

    Args:
        role: as it is.
        wanted: as it would be.
        book: all roles as they are.
    """
    people = holders_of(book.built_on(role), is_locked=book.is_locked)
    before = held_by(people, book)
    after = held_by(people, book.reckoned_with(wanted))
    lost = losers(before, after)
    return Effects(
        tuple(
            _effect(one, wanted, before[one.pk], after[one.pk], lost)
            for one in people_of(people)
        )
    )


def people_of(keys: Iterable[int]) -> tuple[Identity, ...]:
    """Return people by the primary keys of their identities, by login name."""
    rows = Identity.objects.filter(pk__in=list(keys))
    rows = rows.select_related("user", "organisation").defer("resident_id")
    return tuple(rows.order_by("login_name"))


def require_harmless(effects: Effects) -> None:
    """
    Return if everybody who holds a role could be given it as it would be.

    Raises:
        PolicyRefused: says how many could not.
    """
    count = len(effects.broken)
    if not count:
        return
    detail = "; ".join(
        f"{one.identity.login_name}: {one.excluded[0]}"
        for one in effects.broken[:DETAILED]
    )
    sentence = ngettext(
        "%(count)d person who holds this role could not hold it any more.",
        "%(count)d persons who hold this role could not hold it any more.",
        count,
    )
    raise PolicyRefused("would-break-assignment", sentence % {"count": count}, detail)


def changed_copy(role: Role, values: Mapping[str, Any]) -> Role:
    """Return a role as it would be with other values; the one given stays."""
    wanted = copy(role)
    for name, value in values.items():
        setattr(wanted, name, value)
    return wanted


def _effect(
    identity: Identity,
    wanted: Role,
    before: Held,
    after: Held,
    lost: Mapping[int, frozenset[str]],
) -> Effect:
    """What was wrong before, by SQL, does not stand in the way of a change."""
    known = set(excluded(identity, before.rights))
    new = [one for one in excluded(identity, after.rights) if one not in known]
    if wanted.duty != identity.duty and wanted.code in after.roles:
        new.insert(0, Exclusion("foreign-duty", f"role:{wanted.code}"))
    return Effect(
        identity=identity,
        gained=frozenset(after.rights) - frozenset(before.rights),
        lost=lost.get(identity.pk, frozenset()),
        excluded=tuple(new),
    )
