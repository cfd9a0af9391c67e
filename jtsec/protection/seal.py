"""
The seal of a row: HMAC-SM3 over its table, its key and its sealed fields.

    version 1 ‖ number of the list (2) ‖ nonce (16) ‖ length of the key's id (1) ‖
    the key's id ‖ MAC (32)

The nonce is new with every write. It makes each version of a row another one for the
root of the table, which therefore notices an older version that is put back whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from os import urandom
from struct import Struct
from typing import Any, Final, NamedTuple

from jtsec.core.exceptions import ConfigurationError
from jtsec.keys import api as keys

from .declaration import SEAL, Plan
from .exceptions import RowAltered, RowUnverifiable

VERSION: Final = 1
CONTEXT: Final = b"jtsec-sealed-row\x01"
NONCE: Final = 16
MAC: Final = 32
_HEAD: Final = Struct(">BH16sB")


class Seal(NamedTuple):
    """A seal taken apart."""

    number: int
    nonce: bytes
    key_id: str
    mac: bytes


def new_nonces(count: int) -> list[bytes]:
    """Return so many fresh nonces."""
    drawn = urandom(NONCE * count)
    return [drawn[at : at + NONCE] for at in range(0, len(drawn), NONCE)]


def parse(stored: Any) -> Seal | None:
    """Return the parts of a stored seal, None where it is none."""
    blob = bytes(stored or b"")
    if len(blob) < _HEAD.size + MAC:
        return None
    version, number, nonce, length = _HEAD.unpack_from(blob)
    if version != VERSION or len(blob) != _HEAD.size + length + MAC:
        return None
    key_id = blob[_HEAD.size : -MAC]
    if not key_id.isascii():
        return None
    return Seal(number, nonce, key_id.decode("ascii"), blob[-MAC:])


def make(plan: Plan, key: Any, values: Mapping[str, Any], nonce: bytes) -> bytes:
    """
    Return the seal of a row by the newest list.

    Args:
        plan: of its table.
        key: its primary key.
        values: at least those of the newest list, as they will be read again.
        nonce: 16 fresh bytes.
    """
    told = plan.newest
    text = told.text(key, [values[name] for name in told.names])
    key_id, mac = keys.mac(
        keys.Purpose.SEAL, CONTEXT + nonce + told.head + text.encode("ascii")
    )
    name = key_id.encode("ascii")
    return _HEAD.pack(VERSION, told.number, nonce, len(name)) + name + mac


def verify(plan: Plan, key: Any, values: Mapping[str, Any]) -> Seal:
    """
    Return the seal of a row if it is whole.

    Args:
        plan: of its table.
        key: its primary key.
        values: its seal, and what is under it.

    Raises:
        RowAltered: the row is not what was sealed.
        RowUnverifiable: the key, or the list it was sealed by, is missing.
        KeyError: a value is not there.
    """
    seal = parse(values[SEAL])
    if seal is None:
        raise RowAltered(plan.resource(key))
    told = plan.lists.get(seal.number)
    if told is None:
        why = f"no list {seal.number} of sealed_fields is declared"
        raise RowUnverifiable(plan.resource(key), why)
    text = told.text(key, [values[name] for name in told.names])
    data = CONTEXT + seal.nonce + told.head + text.encode("ascii")
    try:
        found = keys.get(seal.key_id)
        if found.purpose is not keys.Purpose.SEAL:
            raise RowAltered(plan.resource(key))
        mac = keys.mac_with(seal.key_id, data)
    except ConfigurationError as error:
        raise RowUnverifiable(plan.resource(key), str(error)) from error
    if not compare_digest(mac, seal.mac):
        raise RowAltered(plan.resource(key))
    return seal
