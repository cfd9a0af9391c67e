"""
The ledger: what was ever given out, and to whom.

Entries are HMAC-SM3 digests, so that the table tells nothing to somebody without the
key: an ID number has few enough possibilities to be guessed through a plain hash. A
new key in the ring makes new entries; the old ones are compared under their own key,
which must therefore stay in the ring for as long as the ledger.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify, InputError
from jtsec.keys import api as keys

from .models import IdentityLedger, LedgerKind

VERSION: Final = b"jtsec-ledger\x01"

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        LedgerKind.UID: "uid",
        LedgerKind.LOGIN_NAME: "username",
        LedgerKind.RESIDENT_ID: "resident_id",
        LedgerKind.NUMBER: "number",
    }
)


class Taken(InputError):
    """Says that an identifier belongs, or belonged, to somebody else."""

    def __init__(self, field: str) -> None:
        super().__init__(
            _("This belongs, or belonged, to another person."),
            field=field,
            code="taken",
        )


def ledger_bytes(kind: str, value: str) -> bytes:
    """Return what is digested: the version, the kind, a null byte, the value."""
    return VERSION + kind.encode() + b"\0" + value.encode()


def owners_of(entries: Mapping[str, str]) -> dict[str, uuid.UUID]:
    """
    Return to whom identifiers were given, under whichever key, in one query.

    Args:
        entries: identifiers by kind.

    Returns:
        UIDs by kind; a kind whose identifier nobody ever had is left out.
    """
    kinds = {
        keys.mac_with(key_id, ledger_bytes(kind, value)).hex(): kind
        for kind, value in entries.items()
        for key_id in known_key_ids()
    }
    found = IdentityLedger.objects.filter(digest__in=kinds)
    return {kinds[row.digest]: row.owner for row in found}


def require_free(entries: Mapping[str, str], owner: uuid.UUID | None) -> None:
    """
    Return if nobody but the owner ever had any of these.

    Raises:
        Taken: somebody else has or had one; names the field.
    """
    for kind, holder in owners_of(entries).items():
        if holder != owner:
            raise Taken(FIELDS[kind])


def enter(entries: Mapping[str, str], owner: uuid.UUID) -> None:
    """
    Write down what is given out now; what the owner had before is there already.

    Raises:
        Taken: somebody else has or had one of them.
    """
    holders = owners_of(entries)
    for kind, holder in holders.items():
        if holder != owner:
            raise Taken(FIELDS[kind])
    IdentityLedger.objects.bulk_create(
        _entry(kind, value, owner)
        for kind, value in entries.items()
        if kind not in holders
    )


def _entry(kind: str, value: str, owner: uuid.UUID) -> IdentityLedger:
    key_id, digest = keys.mac(keys.Purpose.LEDGER, ledger_bytes(kind, value))
    return IdentityLedger(
        kind=kind, digest=digest.hex(), key_id=key_id, owner=owner, recorded_at=now()
    )


def require_readable() -> None:
    """
    Return if every entry can be compared.

    Raises:
        CannotVerify: the key of some entries is not in the ring; a number could be
            given out twice without anybody noticing.
    """
    strange = (
        IdentityLedger.objects.exclude(key_id__in=known_key_ids())
        .values_list("key_id", flat=True)
        .first()
    )
    if strange is not None:
        raise CannotVerify(f"the ledger needs the key {strange}, which is missing")


def known_key_ids() -> list[str]:
    """Return the ids of every key of the ledger, the retired ones with them."""
    return [key.id for key in keys.every(keys.Purpose.LEDGER)]
