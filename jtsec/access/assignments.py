"""Gives roles to people (clauses A4.4, A4.6, A4.7, P39)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.identity.models import Identity, Organization

from .exclusions import SENTENCES, require_together
from .gate import Authority, PolicyRefused, policy_gate
from .holdings import held_by, unexpired
from .models import Assignment, Role
from .person_in_hand import person_for
from .policy_events import RoleAssigned
from .reach import known_organisation, require_organisation_in_reach
from .refusals import refusals_recorded
from .role_book import RoleBook
from .role_forms import checked_moment
from .rows import begin, checked_reason

REFUSALS: Final = (
    *("oneself", "inactive", "initial-only", "foreign-duty", "police-only", "conflict"),
    *("other-organisation", "expired", "seal-broken", "cannot-verify"),
    *("actor-anonymous", "actor-altered", "actor-inactive", "actor-duty"),
)
"""Why a role is not given: about the person, the role, and who acts."""


def assign(
    identity: Identity,
    role: Role | str,
    *,
    reason: str,
    organisation: Organization | str | None = None,
    with_below: bool = True,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Assignment:
    """
    Give somebody a role, decided by what the database holds now (clause A4.6).

    Args:
        identity: to whom.
        role: which, or its code.
        reason: why, in 1 to 200 characters.
        organisation: whose data it reaches, or its code; the person's own by default.
        with_below: whether also that of the organisations under it.
        valid_from, valid_until: from when to when; None for at once, for no end.

    Raises:
        PolicyRefused: see REFUSALS; recorded.
        InputError: a value is malformed, or the role is held already; recorded.
        jtsec.core.acts.ApprovalRequired: a second person has to approve it; recorded.
    """
    code = role.code if isinstance(role, Role) else str(role)
    subject = identity.user.get_username()
    with refusals_recorded("assign", resource=f"role:{code}", subject=subject):
        require_leave("access.assign", person=str(identity.uid), role=code)
        why = checked_reason(reason)
        row = Assignment(with_below=bool(with_below))
        row.valid_from, row.valid_until = _dates(valid_from, valid_until)
        with policy_gate() as by:
            row.identity = person_for(by, identity)
            row.role = _role_for(row.identity, code)
            row.organisation = _reached(by, row.identity, organisation)
            _require_new(row)
            record(_assigned(begin(row, by, why), why))
    return row


def _role_for(person: Identity, code: str) -> Role:
    """Return a role that a person can be given beside what they hold."""
    book = RoleBook()
    role = _role(book, code)
    if role.duty != person.duty:
        detail = f"role {role.duty}, person {person.duty}"
        raise PolicyRefused("foreign-duty", str(SENTENCES["foreign-duty"]), detail)
    held = held_by([person.pk], book)[person.pk]
    require_together(person, book.rights(role) | held.rights.keys())
    return role


def _role(book: RoleBook, code: str) -> Role:
    """Return a role that can be given: known, whole with its parents, not expired."""
    role = book.by_code.get(code)
    if role is None:
        raise InputError(
            _("There is no role %(code)s.") % {"code": code},
            field="role",
            code="unknown-role",
        )
    book.require_whole(role)
    if role.valid_until is not None and role.valid_until <= now():
        raise PolicyRefused("expired", _("This role has expired."))
    return role


def _reached(
    by: Authority, person: Identity, given: Organization | str | None
) -> Organization:
    wanted = known_organisation(person.organisation if given is None else given)
    require_organisation_in_reach(by, wanted)
    return wanted


def _require_new(row: Assignment) -> None:
    same = Assignment.objects.filter(
        unexpired(),
        identity=row.identity,
        role=row.role,
        organisation=row.organisation,
    )
    if same.exists():
        raise InputError(
            _("The person holds this role already."), field="role", code="already-held"
        )


def _dates(
    valid_from: datetime | None, valid_until: datetime | None
) -> tuple[datetime | None, datetime | None]:
    since, until = checked_moment(valid_from), checked_moment(valid_until)
    if until is not None and until <= max(now(), since or now()):
        raise InputError(
            _("The end lies in the past, or before the beginning."),
            field="valid_until",
            code="ends-before-it-begins",
        )
    return since, until


def _assigned(made: Assignment, why: str) -> RoleAssigned:
    after = {
        "role": made.role.code,
        "organisation": made.organisation.code,
        "with_below": made.with_below,
        "valid_from": made.valid_from,
        "valid_until": made.valid_until,
    }
    return RoleAssigned(**whom(made), after=after, reason=why)


def whom(assignment: Assignment) -> dict[str, Any]:
    """Return whom an assignment is about, as events tell it."""
    return {
        "resource": f"identity:{assignment.identity.uid}",
        "subject_username": assignment.identity.user.get_username(),
        "role": assignment.role.code,
    }
