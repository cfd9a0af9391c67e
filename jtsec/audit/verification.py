"""
Holds a row against its MAC and its columns against its payload (A5.8).

Two findings that must not be mixed up: the row was altered, which is evidence, and
nothing can be said because a key is missing, which is a fault of the system.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.crypto.exceptions import InvalidSignature
from jtsec.keys import api as keys

from .exceptions import RecordAltered
from .models import AuditRecord
from .payload import columns_of, parse


def verify_record(row: AuditRecord) -> dict[str, Any]:
    """
    Return the payload of a row that is what was written.

    Args:
        row: a row with all its columns.

    Raises:
        RecordAltered: the MAC does not fit the payload, or a column does not fit it;
            names them.
        CannotVerify: the key of the MAC is not at hand, or the payload is authentic
            and of a version that is not known here.
    """
    payload = bytes(row.payload)
    _require_mac(row, payload)
    try:
        parsed = parse(payload)
        expected = columns_of(parsed)
    except (ValueError, KeyError, TypeError) as error:
        raise CannotVerify(f"audit record {row.pk}: unknown format") from error
    altered = tuple(
        name
        for name, value in expected.items()
        if not _is_same(getattr(row, name), value)
    )
    if altered:
        raise RecordAltered(row.pk, altered)
    return parsed


def _require_mac(row: AuditRecord, payload: bytes) -> None:
    try:
        # A MAC under a key of another control would be no statement of the audit.
        if keys.get(row.mac_key_id).purpose is not keys.Purpose.AUDIT_MAC:
            raise RecordAltered(row.pk, ("mac_key_id",))
        keys.verify_mac(row.mac_key_id, payload, bytes(row.mac))
    except InvalidSignature as error:
        raise RecordAltered(row.pk, ("payload",)) from error
    except ConfigurationError as error:
        raise CannotVerify(
            f"audit record {row.pk}: no key {row.mac_key_id!r}"
        ) from error


def _is_same(found: Any, expected: Any) -> bool:
    if isinstance(found, datetime) and isinstance(expected, datetime):
        # A row made in memory may be aware where the setting says naive.
        if timezone.is_aware(found) != timezone.is_aware(expected):
            return False
        return found == expected
    # True equals 1, and "10" is not 10: the kind is part of what was written.
    return type(found) is type(expected) and bool(found == expected)
