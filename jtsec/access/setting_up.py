"""
How far the setting up has come (clauses A4.5, P38).

At installation there is one administrator, who may set up and nothing else. Until
somebody of the duty is there they set the policy in the security administrator's place;
from then on the duties are apart, and that ends by itself.
"""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet

from jtsec.identity.models import Duty, Identity

from .believing import Belief, believed
from .models import AccessProfile
from .policy_token import bump

ENOUGH: Final = 2
"""Technical administrators; with one alone nobody stands in, or looks on (P38)."""
STANDS_IN_FOR: Final = Duty.SECURITY.value


def technical_administrators() -> QuerySet[Identity]:
    """Return the technical administrators in use; the initial one is none yet."""
    rows = _in_use(Duty.SYSTEM)
    return rows.exclude(access_profile__in=_initial_profiles())


def is_open() -> bool:
    """
    Answer whether the initial administrator still sets the policy in another's place.

    No longer than it takes: as soon as anybody has the duty, or enough technical
    administrators are there to make an end of it, nobody joins two duties. Who was put
    out of use counts; the way back is the server's console, and not a wider duty.
    """
    if Identity.objects.filter(duty=STANDS_IN_FOR).exists():
        return False
    return technical_administrators().count() < ENOUGH


def stands_in(identity: Identity, duty: str) -> bool:
    """Answer whether somebody acts for a duty that nobody has yet, to set up."""
    return duty == STANDS_IN_FOR and is_initial(identity) and is_open()


def is_initial(identity: Identity) -> bool:
    """Answer whether this is the administrator made at installation, by their seal."""
    row = _initial_profiles().filter(identity=identity).first()
    return row is not None and believed(row) is Belief.WHOLE


def initial_administrators() -> QuerySet[Identity]:
    """Return the administrator made at installation, while in use and not finished."""
    return _in_use(Duty.SYSTEM).filter(access_profile__in=_initial_profiles())


def note_registration(
    sender: Any, instance: Identity, created: bool, **kw: Any
) -> None:
    """
    Have every process read anew when an administrator is registered.

    What the initial one was lent ends at that moment; receives `post_save`.
    """
    if created and not kw.get("raw") and instance.duty != Duty.BUSINESS:
        bump()


def _initial_profiles() -> QuerySet[AccessProfile]:
    return AccessProfile.objects.filter(is_initial=True, ended_at__isnull=True)


def _in_use(duty: Duty) -> QuerySet[Identity]:
    rows = Identity.objects.filter(duty=duty.value, is_active=True)
    users = Identity._meta.get_field("user").related_model
    try:
        users._meta.get_field("is_active")
    except FieldDoesNotExist:
        return rows  # a project's users need not have the column
    return rows.filter(user__is_active=True)
