"""One writer of identities at a time, with an actor who may write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import router, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jtsec.core.context import Actor, current
from jtsec.core.exceptions import CannotVerify, Refused, VerifiedFalse

from . import ledger
from .conf import identity_settings
from .models import Identity, IdentityGate
from .people import verify_actor
from .writing import is_writing, writing

NAME = "identity"


class NotAllowed(Refused):
    """Says that the actor may not do this to this identity."""


@contextmanager
def gate() -> Iterator[None]:
    """
    Open a transaction in which this is the only writer of identities.

    Two registrations of one ID number in the same instant would both find it free;
    so writers pass one by one. The row is changed, not selected, because that locks
    it on SQLite too. A block inside another joins it.

    Raises:
        NotAllowed: nobody acts.
        jtsec.core.exceptions.CannotVerify: entries of the ledger cannot be compared.
    """
    require_actor()
    if is_writing():
        with transaction.atomic(using=database()):
            yield
        return
    with transaction.atomic(using=database()), writing():
        _pass_through()
        ledger.require_readable()
        yield


@contextmanager
def serialised() -> Iterator[None]:
    """
    Open a transaction in which nobody else changes an identity.

    For the controls above, which decide over what an identity says: who is given a
    role of a duty must not get another duty in the same instant. It asks for no duty
    and allows no write of an identity; the caller does its own asking. Whoever locks
    something of their own does it after this, so that two never wait for each other.
    """
    with transaction.atomic(using=database()):
        _pass_through()
        yield


def database() -> str:
    """Return the alias of the database that holds the identities."""
    return router.db_for_write(Identity)


def require_actor() -> Actor:
    """
    Return the actor, who must be known and, as a person, have the duty.

    Raises:
        NotAllowed: the actor is anonymous, has another duty (A3.1.4), or was given
            this one behind the application's back.
    """
    actor = current().actor
    if actor.kind == "anonymous":
        raise NotAllowed("actor-anonymous", _("Somebody must be named for this."))
    if actor.kind == "person" and actor.duty not in identity_settings().manager_duties:
        raise NotAllowed("actor-duty", _("Your duty does not include this."))
    try:
        verify_actor()
    except (VerifiedFalse, CannotVerify) as error:
        message = _("Your duty does not include this.")
        raise NotAllowed("actor-altered", message) from error
    return actor


def require_somebody_else(identity: Identity) -> None:
    """
    Refuse somebody who is about to change their own identity.

    Otherwise an administrator could give themselves another duty, or take back their
    own deactivation from a session still open.
    """
    if require_actor().uid == str(identity.uid):
        raise NotAllowed("own-identity", _("Nobody changes their own identity."))


def _pass_through() -> None:
    passed = IdentityGate.objects.filter(name=NAME).update(passes=F("passes") + 1)
    if not passed:
        IdentityGate.objects.get_or_create(name=NAME)
        IdentityGate.objects.filter(name=NAME).update(passes=F("passes") + 1)
