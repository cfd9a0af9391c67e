"""Where an entry belongs: to a session, to a business, and the secrets of both."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connections

from jtsec.core.exceptions import InputError
from jtsec.sessions.api import own_session

from . import sealing
from .exceptions import NoSession
from .models import TransientBusiness

LONGEST_NAME: Final = 100
SECRET: Final = 32
PLACE: Final = ("session", "business", "name")
"""The columns that tell an entry from others."""


class Place(NamedTuple):
    """
    Where an entry is.

    Args:
        session: the stored key of the session, "" for none.
        business: the name of the business, "" for none.
        name: the entry's name there.
        cookie: the session's own secret, b"" for none.
    """

    session: str
    business: str
    name: str
    cookie: bytes

    @property
    def key(self) -> dict[str, str]:
        """Return the columns that tell its entry from others."""
        return {name: getattr(self, name) for name in PLACE}


def place_of(request: Any, business: str, name: str) -> Place:
    """
    Return the place of an entry.

    Args:
        request: of somebody who is logged in; None for a business alone.
        business: the business's name; "" for a session alone.
        name: the entry's name.

    Raises:
        InputError: it belongs to nothing, or a name is empty or too long.
        NoSession: nobody is logged in.
    """
    if not name or max(len(name), len(business)) > LONGEST_NAME:
        raise InputError("a name of 1 to 100 characters is needed", field="name")
    if request is None:
        if not business:
            raise InputError("an entry belongs to a session or a business")
        return Place("", business, name, b"")
    row = own_session(getattr(request, "_request", request))
    if row is None or row.user_id is None or not request.session.session_key:
        raise NoSession
    return Place(row.pk, business, name, request.session.session_key.encode())


def secret_of(place: Place) -> bytes | None:
    """Return the secrets of a place, None where its business has ended."""
    if not place.business:
        return place.cookie
    rows = TransientBusiness.objects.filter(name=place.business)
    sealed = rows.values_list("secret", flat=True).first()
    if sealed is None:
        return None
    return place.cookie + sealing.open_secret(place.business, bytes(sealed))


def begun_secret(place: Place, last: datetime) -> bytes:
    """
    Return the secrets of a place, its business begun where it has not.

    The business's row is locked until the transaction ends: what ends it comes before
    or after an entry, never between the entry and its secret.

    Args:
        place: the place.
        last: when no entry that is made now can be alive any more.
    """
    if not place.business:
        return place.cookie
    # Where the row is there already, or somebody else is faster, their secret stays.
    made = sealing.seal_secret(place.business, secrets.token_bytes(SECRET))
    row = TransientBusiness(name=place.business, secret=made, ends_at=last)
    upsert([row], key=("name",), changed=("ends_at",))
    rows = TransientBusiness.objects.filter(name=place.business)
    # A locking read: MySQL would look into the past, before somebody else began it.
    sealed = rows.select_for_update().values_list("secret", flat=True).get()
    return place.cookie + sealing.open_secret(place.business, bytes(sealed))


def upsert(rows: list[Any], *, key: tuple[str, ...], changed: tuple[str, ...]) -> None:
    """
    Insert rows, or change those of the same key, in one statement.

    It takes the writer's lock at once. Two that look first, find nothing and then
    insert wait for each other on MySQL, and on SQLite one of them fails.
    """
    manager = type(rows[0])._default_manager
    features = connections[manager.db].features
    has_target = features.supports_update_conflicts_with_target
    manager.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=changed,
        unique_fields=key if has_target else None,
    )
