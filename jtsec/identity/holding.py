"""Takes one identity in hand: fresh from the database, locked, its seal verified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connections, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .gate import database
from .models import Identity
from .people import read_sealed, verify
from .writing import writing


@contextmanager
def held(identity: Identity) -> Iterator[Identity]:
    """
    Give an identity as the database holds it, for a change in one transaction.

    The seal is verified first: sealing anew without looking would make an alteration
    by SQL good for ever.

    Args:
        identity: as the caller knows it, perhaps from some time ago.

    Raises:
        InputError: it is not there any more.
        SealBroken: it was altered; recorded, with an alarm.
        CannotVerify: the key is missing.
    """
    with transaction.atomic(using=database()), writing():
        row = Identity.objects.filter(pk=identity.pk)
        # Changing nothing locks the row on SQLite too; the read below is the latest
        # state also where a transaction otherwise sees the past (MySQL).
        row.update(seal_key_id=F("seal_key_id"))
        with read_sealed(str(identity.uid), identity.login_name):
            found = row.select_for_update().first()
        if found is None:
            raise InputError(
                _("This person is not registered any more."), code="not-registered"
            )
        verify(found)
        yield found


def fresh(uid: UUID | str) -> Identity:
    """
    Return an identity as the database holds it now, for a decision under a lock.

    Args:
        uid: whose.

    Raises:
        InputError: nobody is registered with it.
        SealBroken: it was altered; recorded, with an alarm.
        CannotVerify: the key is missing.
    """
    rows = Identity.objects.filter(uid=uid).select_related("user", "organisation")
    with read_sealed(str(uid), ""):
        found = rows.select_for_update(of=of_self()).first()
    if found is None:
        raise InputError(
            _("This person is not registered any more."), code="not-registered"
        )
    verify(found)
    return found


def of_self() -> tuple[str, ...]:
    """Return what locks one row and not those that are joined, where that exists."""
    has_of = connections[database()].features.has_select_for_update_of
    return ("self",) if has_of else ()
