"""
The seal over a row: HMAC-SM3 of the columns that let somebody in.

Whoever can write to the database could give an account another year, or take its
networks off; without the key, which is not in the database, they cannot make the seal
that goes with it. The primary key's owner is under the seal, so a seal is not copied
from another row.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse
from jtsec.crypto.exceptions import InvalidSignature
from jtsec.keys import api as keys

from .models import SealedRow

VERSION: Final = b"jtsec-row-seal\x01"


class RowSealBroken(VerifiedFalse):
    """Says that a sealed row was altered behind the application's back."""


def sealed_bytes(row: SealedRow) -> bytes:
    """
    Return the canonical bytes: the version, then JSON of the model and its columns.

    Names are sorted and everything is ASCII; a moment is its microseconds since 1970
    in UTC, so that no database's way of keeping times or mappings changes the bytes.
    """
    columns = {name: _plain(getattr(row, name)) for name in row.SEALED}
    text = json.dumps(
        [row._meta.label_lower, columns], sort_keys=True, separators=(",", ":")
    )
    return VERSION + text.encode("ascii")


def apply_seal(row: SealedRow) -> None:
    """Put the seal for the present values on a row; the caller saves it."""
    key_id, mac = keys.mac(keys.Purpose.SEAL, sealed_bytes(row))
    row.seal_key_id, row.seal = key_id, mac


def check_seal(row: SealedRow) -> None:
    """
    Return if a row's seal is whole.

    Raises:
        RowSealBroken: something under it was altered.
        CannotVerify: the key is missing; nothing is known, so the caller refuses.
    """
    try:
        key = keys.get(row.seal_key_id)
        if key.purpose is not keys.Purpose.SEAL:
            raise RowSealBroken(f"the seal of {row} is under a key of another purpose")
        keys.verify_mac(key.id, sealed_bytes(row), bytes(row.seal))
    except ConfigurationError as error:
        raise CannotVerify(f"the seal of {row}: {error}") from error
    except InvalidSignature as error:
        raise RowSealBroken(f"the seal of {row} is broken") from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value if timezone.is_aware(value) else timezone.make_aware(value)
        return int(aware.timestamp() // 1) * 1_000_000 + aware.microsecond
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, list | dict | bool | int | None) else str(value)
