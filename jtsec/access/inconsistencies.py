"""
What people hold and must not, however it came about (clauses A4.4, A4.7, P15.1).

The verbs let none of it happen. What is found here came by SQL, by a function declared
otherwise than before, or by a version without the check; it gives nothing, for the
decision does not believe it, but it stands there and somebody must look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.fields.api import check_seal
from jtsec.identity.models import Identity

from .exclusions import excluded
from .holdings import Held, held_by
from .models import AccessProfile, AccessRow, Assignment, RightGrant
from .post_faults import post_faults
from .role_book import RoleBook
from .role_effects import people_of
from .rows import alive

R = TypeVar("R", bound=AccessRow)
SENTENCES: Final[dict[str, Promise]] = {
    "foreign-duty": _("holds what belongs to another duty"),
    "police-only": _("holds what is for police officers, and is none"),
    "conflict": _("holds functions that exclude each other"),
    "posts-exclude": _("holds posts that exclude each other"),
    "altered": _("a stored row was altered"),
    "cannot-verify": _("a stored row cannot be verified"),
    "role-conflict": _("a role gives functions that exclude each other"),
    "role-foreign-duty": _("a role gives what belongs to another duty"),
}


@dataclass(frozen=True)
class Inconsistency:
    """
    One thing that should not be.

    Args:
        reason: "foreign-duty", "police-only", "conflict", "posts-exclude", "altered",
            "cannot-verify", "role-conflict" or "role-foreign-duty".
        resource: the person, role or row it is about.
        username: whose, "" where it is nobody's in particular.
        detail: what exactly.
    """

    reason: str
    resource: str
    username: str
    detail: str

    @property
    def sentence(self) -> Promise:
        """Return what it is, in words."""
        return SENTENCES[self.reason]

    def __str__(self) -> str:
        """Return it in one line, for a check or a command."""
        return f"{self.username or self.resource}: {self.reason} {self.detail}"


def find_inconsistencies() -> tuple[Inconsistency, ...]:
    """
    Return everything that contradicts the rules, persons first.

    Reads all live rows of the policy; a handful of queries, whatever their number.
    """
    book = RoleBook(is_locked=False)
    held = held_by(None, book)
    profiles = {one.identity_id: one for one in _profiles()}
    found: list[Inconsistency] = []
    for identity in people_of(held.keys() | profiles.keys()):
        found += _of_person(identity, held.get(identity.pk, Held()), book)
        if identity.pk in profiles:
            found += _of_posts(identity, profiles[identity.pk])
    return (*found, *_of_roles(book), *_of_rows(book))


def _of_person(
    identity: Identity, held: Held, book: RoleBook
) -> Iterator[Inconsistency]:
    for code in sorted(held.roles):
        if book.by_code[code].duty != identity.duty:
            yield _personal(identity, "foreign-duty", f"role:{code}")
    for one in excluded(identity, held.rights):
        origins = sorted(held.rights[one.right] | held.rights.get(one.other, set()))
        text = f"{one.right} {one.other}".rstrip()
        yield _personal(identity, one.reason, f"{text} ({', '.join(origins)})")


def _of_posts(identity: Identity, profile: AccessProfile) -> Iterator[Inconsistency]:
    for fault in post_faults(identity, profile.posts):
        text = f"post:{fault.post} {fault.other}".rstrip()
        yield _personal(identity, fault.reason, text)


def _of_roles(book: RoleBook) -> Iterator[Inconsistency]:
    """A role may have been sound when it was made, and its functions declared anew."""
    for role in book.by_pk.values():
        owner = Identity(duty=role.duty, is_police=True)
        for one in excluded(owner, book.rights(role)):
            text = f"{one.right} {one.other}".rstrip()
            reason = (
                "role-conflict" if one.reason == "conflict" else "role-foreign-duty"
            )
            yield Inconsistency(reason, f"role:{role.code}", "", text)


def _of_rows(book: RoleBook) -> Iterator[Inconsistency]:
    for role in book.by_pk.values():
        if reason := seal_fault(role):
            yield Inconsistency(reason, f"role:{role.code}", "", "")
    for model in (Assignment, RightGrant, AccessProfile):
        name = model._meta.model_name
        rows: Any = model._default_manager.filter(alive())
        for row in rows.select_related("identity").defer("identity__resident_id"):
            if reason := seal_fault(row):
                owner = row.identity.login_name
                yield Inconsistency(reason, f"{name}:{row.pk}", owner, "")


def seal_fault(row: AccessRow) -> str:
    """Return what is wrong with a row's seal, "" for nothing."""
    try:
        check_seal(row)
    except VerifiedFalse:
        return "altered"
    except CannotVerify:
        return "cannot-verify"
    return ""


def _profiles() -> Iterator[AccessProfile]:
    yield from AccessProfile.objects.filter(alive()).exclude(posts=[])


def _personal(identity: Identity, reason: str, detail: str) -> Inconsistency:
    resource = f"identity:{identity.uid}"
    return Inconsistency(reason, resource, identity.login_name, detail)
