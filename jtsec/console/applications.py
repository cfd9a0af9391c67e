"""Applications about roles, as the pages of the security administrators show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import role_of, what_excludes
from jtsec.approvals.api import application_of, find, known_kinds, waiting_for
from jtsec.approvals.models import OPEN, ApprovalRequest
from jtsec.core.exceptions import JtsecError
from jtsec.identity.models import Identity

from .exclusion_words import sentence_of

ASSIGNMENT: Final = "access.assign"
KINDS: Final = (ASSIGNMENT, "access.change-role")
MOST: Final = 50
PASSED: Final = _("No conflict")
UNKNOWN: Final = _("Cannot be checked")


@dataclass(frozen=True)
class Applied:
    """
    One application as a list shows it.

    Args:
        row: the application.
        kind: what is applied for.
        reason: in the words of who applied.
        conflicts: the result of the conflict check, one sentence each.
        is_clear: whether nothing stands against it.
        address: the page at which it is decided.
    """

    row: ApprovalRequest
    kind: str | Promise
    reason: str
    conflicts: tuple[str | Promise, ...]
    is_clear: bool
    address: str


def open_applications(who: Identity) -> list[tuple[ApprovalRequest, str]]:
    """Return the applications for a role for somebody that nobody has decided yet."""
    rows = ApprovalRequest.objects.filter(
        kind=ASSIGNMENT, state__in=OPEN, resource__endswith=f":{who.uid}"
    )
    newest = rows.defer("content").order_by("-submitted_at")[:MOST]
    return [(one, address_of(one.pk)) for one in newest]


def waiting_applications(user: Any) -> Iterator[Applied]:
    """Yield the applications about roles that wait for somebody, the oldest first."""
    names = {one.code: one.name for one in known_kinds()}
    for row in waiting_for(user):
        if row.kind in KINDS:
            reason, conflicts = _looked_into(row)
            yield Applied(
                row=row,
                kind=names.get(row.kind, row.kind),
                reason=reason,
                conflicts=conflicts or (PASSED,),
                is_clear=not conflicts,
                address=address_of(row.pk),
            )


def address_of(number: UUID) -> str:
    """Return where an application is decided; "" where the project has no such page."""
    try:
        return reverse("jtsec:approval", args=(number,))
    except NoReverseMatch:
        return ""


def _looked_into(row: ApprovalRequest) -> tuple[str, tuple[str | Promise, ...]]:
    """Return the reason and what stands against it; opens what is encrypted."""
    try:
        application = application_of(find(row.pk))
    except JtsecError:
        return "", (UNKNOWN,)
    if row.kind != ASSIGNMENT:
        return application.reason, ()
    person = Identity.objects.filter(uid=application.payload["person"]).first()
    role = role_of(str(application.payload["role"]))
    if person is None or role is None:
        return application.reason, (UNKNOWN,)
    found = what_excludes(person, role)
    return application.reason, tuple(map(sentence_of, found))
