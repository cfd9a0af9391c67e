"""
Keeps what somebody holds and who they are from parting (clauses A4.4, A4.7).

A person has one duty, in one column; but roles of the old duty would stay when the
duty changes. So a change of duty is refused while something of another one is held,
and so is the end of being police while a right for police officers is. Called inside
the change's own transaction, after the lock that whoever grants takes first too: of a
change and a grant in the same instant one comes second, and sees the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from jtsec.identity.api import Objected
from jtsec.identity.models import Identity

from .exclusions import excluded
from .holdings import held_by, unexpired
from .losses import end_sessions_of
from .models import Propagation
from .policy_token import bump
from .post_faults import post_faults, posts_held
from .role_book import RoleBook

FIELDS: Final = {"foreign-duty": "duty", "police-only": "is_police"}
"""What an exclusion says about the change; a conflict was there before it."""


def hold_together(identity: Identity, before: Mapping[str, object]) -> None:
    """
    Object to a change of a person that their roles, rights or posts contradict.

    Args:
        identity: as it is now.
        before: the former values of what changed, empty where they are not known.

    Raises:
        Objected: "roles-of-former-duty", "foreign-duty", "police-only" or "posts";
            the sentence says what to take back first.
    """
    bump()
    if not before or before.keys() & {"duty", "is_police"}:
        _require_roles_of_duty(identity)
        _require_rights_of_duty(identity)
        _require_posts_of_duty(identity)
        end_sessions_of([identity.pk])


def forget_tree() -> None:
    """Have every process read the organisations anew."""
    bump()


def _require_roles_of_duty(identity: Identity) -> None:
    book = RoleBook()
    held = held_by([identity.pk], book)[identity.pk]
    foreign = [
        code for code in sorted(held.roles) if book.by_code[code].duty != identity.duty
    ]
    if foreign:
        raise Objected(
            _("Take these roles back first: %(roles)s.")
            % {"roles": ", ".join(foreign)},
            field="duty",
            code="roles-of-former-duty",
        )


def _require_rights_of_duty(identity: Identity) -> None:
    held = held_by([identity.pk], RoleBook())[identity.pk]
    passing = Propagation.objects.filter(unexpired(), identity=identity)
    rights = {*held.rights, *(one.right for one in passing.select_for_update())}
    for one in excluded(identity, rights):
        if one.reason in FIELDS:
            raise Objected(
                _("Take this right back first: %(right)s.") % {"right": one.right},
                field=FIELDS[one.reason],
                code=one.reason,
            )


def _require_posts_of_duty(identity: Identity) -> None:
    for fault in post_faults(identity, posts_held(identity)):
        if fault.reason in FIELDS:
            raise Objected(
                _("Take this post back first: %(post)s.") % {"post": fault.post},
                field=FIELDS[fault.reason],
                code="posts",
            )
