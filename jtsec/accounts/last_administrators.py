"""
Keeps the last administrator of each duty in use (clause P38).

Stands behind every way of putting somebody out of use: the page, the review, the
timer. Without a security administrator nobody could give rights any more, without a
system administrator nobody could register one.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from jtsec.core.context import current
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.identity.api import NotAllowed, verify
from jtsec.identity.models import Duty, Identity

from .listing import every_identity, listed

LAST = "last-administrator"


class LastAdministrator(NotAllowed):
    """
    Says that nobody else could do what this administrator does.

    A refusal of identity's, which records it when the lock and the change are gone.
    """


def keep_the_last(identity: Identity) -> None:
    """
    Refuse to leave a duty without anybody; receives `on_deactivated`.

    Called inside the transaction of the deactivation, which the refusal undoes, and
    behind the gate through which identities pass one by one: two administrators who
    put each other out of use in the same instant do not both succeed.

    Raises:
        LastAdministrator: recorded by identity.
    """
    _require_others(identity, identity.duty)


def keep_the_last_of_a_duty(identity: Identity, before: Mapping[str, object]) -> None:
    """
    Refuse to take a duty from the last who has it; receives `on_changed`.

    Not from a program at the server's console, which can make another one in the
    next line.
    """
    context = current()
    is_console = context.actor.kind == "system" and context.request is None
    if "duty" in before and not is_console:
        _require_others(identity, str(before["duty"]))


def others_able(identity: Identity, duty: str) -> bool:
    """
    Answer whether somebody else of a duty is in use, valid and unaltered.

    Somebody whom SQL made an administrator has a broken seal and does not count.
    """
    rows = every_identity().filter(duty=duty, is_active=True)
    others = listed(rows.exclude(pk=identity.pk))
    return any(_is_whole(one.identity) for one in others if not one.reason)


def _require_others(identity: Identity, duty: str) -> None:
    if duty == Duty.BUSINESS or others_able(identity, duty):
        return
    raise LastAdministrator(
        LAST,
        _("This is the last %(duty)s who can log in; appoint another one first.")
        % {"duty": dict(Duty.choices).get(duty, duty)},
    )


def _is_whole(identity: Identity) -> bool:
    try:
        verify(identity)
    except (VerifiedFalse, CannotVerify):
        return False
    return True
