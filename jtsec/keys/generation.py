"""Makes new keys, from the system's randomness and nothing else."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from django.utils import timezone

from jtsec.core.clock import now
from jtsec.crypto import sm2

from .key import ALGORITHM_OF, SIZE_OF, Key, Purpose, State


def new_ring(error_key: sm2.PublicKey) -> list[Key]:
    """
    Return one fresh active key for every purpose.

    Args:
        error_key: the public half of the developers' key; the private half is never
            in the ring, so that who takes the server cannot read the error codes.
    """
    return [new_key(purpose, error_key=error_key) for purpose in Purpose]


def new_key(
    purpose: Purpose, number: int = 1, *, error_key: sm2.PublicKey | None = None
) -> Key:
    """
    Return a fresh active key.

    Args:
        purpose: what it is for.
        number: makes the id, as in "field-2".
        error_key: for `Purpose.ERROR`, the key to enter.
    """
    return Key(
        id=f"{purpose}-{number}",
        purpose=purpose,
        algorithm=ALGORITHM_OF[purpose],
        state=State.ACTIVE,
        created=_moment(),
        material=_material(purpose, error_key),
    )


def _material(purpose: Purpose, error_key: sm2.PublicKey | None) -> bytes:
    if purpose is Purpose.ERROR:
        if error_key is None:
            raise ValueError("the error key is entered, not made here")
        return error_key.to_pem().encode("ascii")
    if purpose is Purpose.AUDIT_SIGNATURE:
        return sm2.generate().to_pem().encode("ascii")
    return secrets.token_bytes(SIZE_OF[ALGORITHM_OF[purpose]])


def _moment() -> datetime:
    moment = now()
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.astimezone(UTC)
