"""
The verbs of transient data: drawn for one use, encrypted, gone with it (clause T7.4).

    put(request, "driver", answer, business="permits.permit:17")
    get(request, "driver", business="permits.permit:17")
    end_business("permits.permit:17")

What is put for a session opens in that session alone, and goes when it ends; what is
put for a business goes when that ends; for both, when the first of them does.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.core.clock import now

from . import sealing
from .conf import transient_settings
from .events import TransientAlteredFound
from .exceptions import NoSession, TransientAltered, TransientUnreadable
from .models import TransientEntry
from .places import PLACE, begun_secret, place_of, secret_of, upsert
from .removal import end_business, sweep, sweep_when_due

__all__ = [
    "NoSession",
    "TransientAltered",
    "TransientUnreadable",
    "drop",
    "end_business",
    "get",
    "put",
    "sweep",
]


def put(
    request: Any,
    name: str,
    value: Any,
    *,
    business: str = "",
    minutes: int | None = None,
) -> None:
    """
    Keep a value for one use, in place of the one of that name before.

    Args:
        request: of somebody who is logged in; None to keep it for a business alone.
        name: its name there.
        value: bytes, or what JSON can hold.
        business: the piece of business it was drawn for; names no person.
        minutes: how long at most; never longer than JTSEC_TRANSIENT_MINUTES.

    Raises:
        InputError: it belongs to nothing, is too large or has no JSON.
        NoSession: nobody is logged in.
    """
    chosen = transient_settings()
    place = place_of(request, business, name)
    data = sealing.to_data(value, chosen.largest_bytes)
    lasts = timedelta(minutes=min(minutes or chosen.minutes, chosen.minutes))
    # To the second, which every database keeps.
    at = now().replace(microsecond=0)
    ends_at, last = at + lasts, at + timedelta(minutes=chosen.minutes)
    sweep_when_due()
    with transaction.atomic(using=router.db_for_write(TransientEntry)):
        secret, salt = begun_secret(place, last), secrets.token_bytes(16)
        label = sealing.label_of(*place[:3], ends_at)
        content = sealing.seal(secret, salt, label, data)
        row = TransientEntry(**place.key, salt=salt, content=content, ends_at=ends_at)
        upsert([row], key=PLACE, changed=("salt", "content", "ends_at"))


def get(request: Any, name: str, *, business: str = "") -> Any:
    """
    Return a value that was put, None where there is none or it has ended.

    Args:
        request: as for `put`; of another session there is nothing.
        name: its name.
        business: as for `put`.

    Raises:
        TransientAltered: it is not what was put; recorded, with an alarm.
        TransientUnreadable: its key is not in the ring.
        NoSession, InputError: as `put`.
    """
    place = place_of(request, business, name)
    rows = TransientEntry.objects.filter(**place.key)
    row = rows.filter(ends_at__gt=now()).first()
    try:
        secret = None if row is None else secret_of(place)
        if row is None or secret is None:
            return None
        label = sealing.label_of(*place[:3], row.ends_at)
        opened = sealing.open_sealed(secret, bytes(row.salt), label, bytes(row.content))
    except TransientAltered:
        resource = f"jtsec.transiententry:{row.pk if row else ''}"
        record(TransientAlteredFound(resource=resource, name=name))
        raise
    return sealing.from_data(opened)


def drop(request: Any, name: str, *, business: str = "") -> None:
    """Remove one value before its time; arguments and errors as `get`."""
    place = place_of(request, business, name)
    TransientEntry.objects.filter(**place.key).delete()
