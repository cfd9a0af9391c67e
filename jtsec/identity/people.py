"""Finds people and says who they are, with the rows that are joined already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ObjectDoesNotExist

from jtsec.audit.api import record
from jtsec.core.context import ANONYMOUS, Actor, current
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.core.row_by_key import row_by_key

from .events import SealFoundBroken, SealNotVerified
from .login_names import fold_login_name, login_key
from .models import Identity
from .seal import SealBroken, check_seal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

RELATED = ("jtsec_identity__organisation",)


def user_by_login_name(
    text: str, related: Sequence[str] = RELATED
) -> AbstractBaseUser | None:
    """
    Return the user of a typed login name, in one query.

    Args:
        text: whatever was typed; folded as the counters fold it.
        related: what to join, as for `select_related`.

    Raises:
        SealBroken: the encrypted ID number cannot be opened; recorded, with an alarm.
    """
    return _user(
        related, fold_login_name(text), "jtsec_identity__login_key", login_key(text)
    )


def user_by_pk(pk: Any, related: Sequence[str] = RELATED) -> AbstractBaseUser | None:
    """Return a user by primary key, in one query; as `user_by_login_name`."""
    return _user(related, "", "pk", pk)


def identity_of(user: AbstractBaseUser | AnonymousUser | None) -> Identity | None:
    """Return a user's identity, from the joined row where there is one."""
    try:
        identity: Identity | None = getattr(user, "jtsec_identity", None)
    except ObjectDoesNotExist:
        return None
    return identity


def uid_of(user: AbstractBaseUser | AnonymousUser | None) -> str:
    """Return a user's UID, "" when they have none."""
    identity = identity_of(user)
    return "" if identity is None else str(identity.uid)


def actor_of(user: AbstractBaseUser | AnonymousUser | None) -> Actor:
    """Return a user as the audit writes people down."""
    if user is None or not user.is_authenticated:
        return ANONYMOUS
    identity = identity_of(user)
    if identity is None:
        return Actor(kind="person", username=user.get_username())
    return Actor(
        kind="person",
        uid=str(identity.uid),
        username=user.get_username(),
        name=identity.name,
        is_police=identity.is_police,
        organisation=identity.organisation.code,
        duty=identity.duty,
    )


def verify(identity: Identity) -> None:
    """
    Return if an identity's seal is whole and agrees with the user (A3.1.2).

    Raises:
        SealBroken: something was altered; recorded, with an alarm.
        CannotVerify: the key is missing; recorded, with an alarm.
    """
    try:
        check_seal(identity)
    except SealBroken as error:
        record(
            SealFoundBroken(
                resource=f"identity:{error.uid}",
                subject_username=identity.user.get_username(),
                disagrees=error.disagrees,
            )
        )
        raise
    except CannotVerify as error:
        record(
            SealNotVerified(
                resource=f"identity:{identity.uid}",
                subject_username=identity.user.get_username(),
                reason=str(error),
            )
        )
        raise


def verify_actor() -> None:
    """
    Return if the person who acts in this request is who their seal says.

    A login verifies the seal. Somebody who can write to the database and is logged in
    already could give themselves another duty afterwards, and have an accomplice
    registered under a whole seal; so whoever changes others is verified again.

    Raises:
        SealBroken, CannotVerify: as `verify`.
    """
    context = current()
    identity = identity_of(getattr(context.request, "user", None))
    if identity is not None and str(identity.uid) == context.actor.uid:
        verify(identity)


@contextmanager
def read_sealed(uid: str, username: str) -> Iterator[None]:
    """
    Turn an ID number that does not decrypt into a broken seal, which it is.

    Args:
        uid: whose, "" when the row was not looked for by it.
        username: the name it was looked for by, for the event.
    """
    try:
        yield
    except VerifiedFalse as error:
        record(
            SealFoundBroken(
                resource=f"identity:{uid}",
                subject_username=username,
                disagrees="resident_id",
            )
        )
        raise SealBroken(uid, "resident_id") from error


def _user(
    related: Sequence[str], username: str, field: str, key: Any
) -> AbstractBaseUser | None:
    with read_sealed("", username):
        return row_by_key(get_user_model()._default_manager, field, key, related)
