"""
The verbs of key rotation, and the whole way in their order.

    for step in rotate([Purpose.FIELD], reason="yearly"): ...

    prepare     the new key is in the ring; every process comes to know it
    activate    new data is under it
    renew       stored data is put under it, batch by batch, beside the traffic
    retire      the old key is marked, once nothing stored is found under it

Killed anywhere, the next call goes on: the ring and the stored values say what is left.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.crypto import sm2
from jtsec.keys import api as keys
from jtsec.keys.usage import api as usage

from .events import DataRenewed, KeyActivated, KeyPrepared, KeyRetired
from .leave import require_duty
from .standing import (
    RENEWED,
    coming_purposes,
    count_uses,
    is_half_done,
    replaced,
    values_left,
)


class Progress(NamedTuple):
    """How far one place is: values renewed and those there were; what failed now."""

    use: str
    done: int
    total: int
    failed: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What a rotation did: ids of keys, and how many values are under old ones yet."""

    activated: list[str]
    retired: list[str]
    left: int


def rotate(
    purposes: Sequence[keys.Purpose],
    *,
    reason: str,
    error_key: sm2.PublicKey | None = None,
) -> Iterator[Progress | Outcome]:
    """
    Give purposes a new key and put stored data under it; go on with what was begun.

    Args:
        purposes: which; none only goes on with what is left from before.
        reason: why, for the log.
        error_key: the new public key of `Purpose.ERROR`.

    Yields:
        How far it is, batch by batch, and last the outcome.

    Raises:
        Refused: the actor has not the duty.
        InputError: no reason, or no error key for the purpose that needs it.
        ConfigurationError: the ring cannot be changed.
        AuditUnavailable: it could not be recorded; the ring is as it was.
    """
    reason = require_duty("keys", reason)
    counted = count_uses()
    for purpose in purposes:
        if not is_half_done(purpose, counted):
            given = error_key if purpose is keys.Purpose.ERROR else None
            prepare(purpose, reason=reason, error_key=given)
    if coming := coming_purposes():
        settle()
    activated = [activate(purpose, reason=reason) for purpose in coming]
    settle()
    yield from renew(reason=reason)
    usage.flush()
    yield Outcome(activated, retire(reason=reason), values_left())


def prepare(
    purpose: keys.Purpose, *, reason: str, error_key: sm2.PublicKey | None = None
) -> str:
    """Put a coming key of a purpose into the ring; return its id. See `rotate`."""
    reason = require_duty(f"purpose:{purpose}", reason)

    def announce(key_id: str) -> None:
        record(KeyPrepared(resource=f"key:{key_id}", reason=reason))

    with _one_transaction():
        return keys.prepare_key(purpose, error_key, announce=announce).id


def activate(purpose: keys.Purpose, *, reason: str) -> str:
    """Let the coming key of a purpose protect new data; return its id."""
    reason = require_duty(f"purpose:{purpose}", reason)

    def announce(key_id: str) -> None:
        record(KeyActivated(resource=f"key:{key_id}", reason=reason))

    with _one_transaction():
        return keys.activate_key(purpose, announce=announce)


def renew(*, reason: str) -> Generator[Progress, None, None]:
    """Put stored data under the active keys; tell what cannot be, and leave it."""
    reason = require_duty("keys", reason)
    for use in keys.uses():
        if not use.purposes <= RENEWED or not (total := use.waiting()):
            continue
        done, failed = 0, 0
        yield Progress(use.name, 0, total)
        for step in use.renew():
            done, failed = done + step.renewed, failed + len(step.failed)
            yield Progress(use.name, done, max(total, done + failed), step.failed)
        left = use.waiting()
        record(
            DataRenewed(
                resource=f"use:{use.name}", reason=reason, values=done, left=left
            )
        )


def retire(*, reason: str) -> list[str]:
    """Mark the replaced keys under which nothing stored is found; return their ids."""
    reason = require_duty("keys", reason)
    counted = count_uses()
    unused = {key.id for key in replaced() if not counted.get(key.id)}

    def announce(key_id: str) -> None:
        record(KeyRetired(resource=f"key:{key_id}", reason=reason))

    with _one_transaction():
        return keys.retire_keys(unused, announce=announce) if unused else []


def settle() -> None:
    """Wait until every process on this machine goes by the ring as it is now."""
    time.sleep(keys.SETTLED_AFTER)


def _one_transaction() -> transaction.Atomic:
    """Return the block in which a change of the ring and its event stand or fall."""
    return transaction.atomic(using=router.db_for_write(AuditRecord))
