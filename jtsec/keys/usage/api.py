"""
How often each key encrypted: 2^32 random nonces are the most one key may see.

Every process counts for itself and adds its sum to the table now and then, outside of
any transaction. Processes that are killed take at most a minute's, or 65,536
encryptions, with them; the warning comes at half of the limit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, IntegrityError, router, transaction
from django.db.models import F

from jtsec.core.after_responses import after_responses
from jtsec.core.clock import now

from ..conf import keys_settings
from ..tally import TALLIES
from .models import KeyUsage

LIMIT: Final = 2**32
"""NIST SP 800-38D, 8.3: with random nonces, no more under one key."""
SECONDS: Final = 60.0
MANY: Final = 65_536
SOON: Final = 1.0
"""Seconds between two tries where many wait, and the database may be away."""

Crossing = Callable[[str, int], None]

_crossings: dict[str, Crossing] = {}


def on_crossing(name: str, tell: Crossing) -> None:
    """Let somebody be told once when a key's sum passes the warning or the limit."""
    _crossings[name] = tell


def totals() -> dict[str, int]:
    """Return how often each key encrypted, as far as the processes have told."""
    return dict(KeyUsage.objects.values_list("key_id", "encryptions"))


def flush() -> None:
    """
    Add this process's sums to the table, and tell of what was passed.

    Raises:
        django.db.Error: the sums were not added; they are counted with the next ones.
    """
    using = router.db_for_write(KeyUsage)
    for key_id, tally in [*TALLIES.items()]:
        if not (number := tally.take()):
            continue
        try:
            after = _add(key_id, number, using)
        except DatabaseError:
            tally.put_back(number)
            raise
        for mark in (keys_settings().warn_after, LIMIT):
            if after - number < mark <= after:
                for tell in _crossings.values():
                    tell(key_id, after)


def _is_much() -> bool:
    return any(one.look() >= MANY for one in TALLIES.values())


@after_responses(
    every=lambda: SOON if _is_much() else SECONDS,
    failure="the uses of keys could not be added up; they are counted with the next",
    logger=logging.getLogger("jtsec.keys"),
)
def flush_if_due() -> None:
    """Add the sums when a minute or many encryptions have passed."""
    flush()


def _add(key_id: str, number: int, using: str) -> int:
    """Add to a key's row, made where it was not; return the sum."""
    rows = KeyUsage.objects.using(using)
    with transaction.atomic(using=using):
        changed = rows.filter(key_id=key_id).update(
            encryptions=F("encryptions") + number, counted_at=now()
        )
        if changed:
            return rows.values_list("encryptions", flat=True).get(key_id=key_id)
    try:
        rows.create(key_id=key_id, encryptions=number, counted_at=now())
    except IntegrityError:
        return _add(key_id, number, using)  # another process was first
    return number
