"""Whom an administrator may give something, or take it from: read under the lock."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from jtsec.identity.api import fresh
from jtsec.identity.models import Identity

from .gate import Authority, PolicyRefused
from .reach import require_person_in_reach
from .setting_up import is_initial


def person_for(by: Authority, identity: Identity) -> Identity:
    """
    Return who is to get something, as the database holds them.

    Args:
        by: who gives.
        identity: as the caller knows the person, perhaps from some time ago.

    Raises:
        PolicyRefused: "oneself", "other-organisation", "inactive" or "initial-only".
        InputError, SealBroken, CannotVerify: as `jtsec.identity.api.fresh`.
    """
    person = fresh(identity.uid)
    require_somebody_else(by, person)
    require_person_in_reach(by, person)
    if not person.is_active or not person.user.is_active:
        raise PolicyRefused("inactive", _("This account is out of use."))
    if is_initial(person):
        raise PolicyRefused(
            "initial-only",
            _("The administrator made at installation is for setting up only."),
        )
    return person


def require_loser(by: Authority, person: Identity) -> None:
    """
    Return if an administrator may take something from a person.

    Nobody is too inactive, or too much altered, to lose something.

    Raises:
        PolicyRefused: "oneself" or "other-organisation".
    """
    require_somebody_else(by, person)
    require_person_in_reach(by, person)


def require_others(by: Authority, people: Iterable[Identity]) -> None:
    """A role that one holds is one's own rights, and one's own hours (A4.4)."""
    for person in people:
        require_somebody_else(by, person)


def require_somebody_else(by: Authority, person: Identity) -> None:
    """Whoever could grant to themselves would need nobody else for anything (A4.4)."""
    if by.identity is not None and by.identity.pk == person.pk:
        raise PolicyRefused("oneself", _("Nobody changes their own rights."))
