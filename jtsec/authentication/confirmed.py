"""
Who has shown in this request that they know their password.

A rule that compares a new password with those in use before answers like a login: it
says whether a guess is right. So it answers only whom that teaches nothing, and the
charge for every look at a password stays the one there is (clause A3.2.6).
"""

from __future__ import annotations

from typing import Any

from jtsec.core.context import current
from jtsec.identity.api import identity_of


def note_confirmed(user: Any) -> None:
    """Note that the password of a user was right, in this request."""
    request = current().request
    if request is not None:
        request.jtsec_confirmed = user.pk  # type: ignore[attr-defined]  # ours


def is_guess_of_owner(user: Any) -> bool:
    """
    Answer whether who is logged in may be guessing their own password.

    An open session at a desk nobody sits at, or a stolen cookie, is not its owner.
    """
    return _is_the_actor(user) and _confirmed() != user.pk


def is_guess_of_another(user: Any) -> bool:
    """Answer whether somebody logged in may be guessing another one's password."""
    context = current()
    is_person = context.request is not None and context.actor.kind == "person"
    return is_person and not _is_the_actor(user)


def _is_the_actor(user: Any) -> bool:
    context = current()
    identity = identity_of(user)
    if context.request is None or identity is None:
        return False
    return context.actor.uid == str(identity.uid)


def _confirmed() -> Any:
    return getattr(current().request, "jtsec_confirmed", None)
