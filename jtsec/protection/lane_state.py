"""
One lane of a table's root: how many rows were added by it, and their sum.

The root of a table is the sum, over all its rows, of a keyed function of their seals'
nonces, modulo 2^128, and their count. It lies in many lanes so that writers do not
wait for one another; the lanes' sums add up to the root. A lane is stored as

    version 1 ‖ serial (8) ‖ count (8, signed) ‖ masked sum (16) ‖ MAC (32)

under a token that is new with every write: the sum is masked by a function of it, so
that nobody learns what one row adds, and the MAC covers all and the lane's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from secrets import token_hex
from struct import Struct
from typing import Final

from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.crypto.sm4_blocks import SIZE, Blocks
from jtsec.keys import api as keys

from .canonical import encode
from .exceptions import TableAltered

LANES: Final = 64
"""Of a table: more than processes and threads write at the same instant."""

VERSION: Final = 1
MODULUS: Final = 1 << 128
CONTEXT: Final = b"jtsec-table-root\x01"
_BODY: Final = Struct(">BQq16s")
MAC: Final = 32


@dataclass(frozen=True)
class Adder:
    """
    What turns nonces into numbers; one a table and key.

    Args:
        key_id: the key of purpose SEAL it follows from.
        blocks: the permutation under the key that follows.
    """

    key_id: str
    blocks: Blocks = field(compare=False)

    def sum_of(self, nonces: Iterable[bytes]) -> int:
        """Return the sum of rows by their nonces."""
        whole = self.blocks.permute(b"".join(nonces))
        parts = range(0, len(whole), SIZE)
        return sum(int.from_bytes(whole[at : at + SIZE], "big") for at in parts)


def adder_of(table: str, key_id: str) -> Adder:
    """
    Return the adder of a table under a key.

    Raises:
        CannotVerify: the key is not there.
        TableAltered: it is a key of another purpose.
    """
    try:
        if keys.get(key_id).purpose is not keys.Purpose.SEAL:
            raise TableAltered(table, "a lane names a key of another purpose")
        derived = keys.mac_with(key_id, CONTEXT + b"adder\x00" + table.encode())
    except ConfigurationError as error:
        raise CannotVerify(f"the root of {table}: {error}") from error
    return Adder(key_id, Blocks(derived[:SIZE]))


@dataclass(frozen=True)
class LaneState:
    """
    A lane as it is after some writes.

    Args:
        table: the label of the table.
        lane: its number.
        adder: of the table.
        token: names this state, and no other.
        serial: how often it was written.
        count: rows added by it less rows removed.
        total: their sum.
    """

    table: str
    lane: int
    adder: Adder
    token: str
    serial: int = 0
    count: int = 0
    total: int = 0

    def moved(self, gone: list[bytes], come: list[bytes]) -> LaneState:
        """Return the state after rows went and came, by their nonces."""
        change = self.adder.sum_of(come) - self.adder.sum_of(gone)
        return replace(
            self,
            token=token_hex(16),
            serial=self.serial + 1,
            count=self.count + len(come) - len(gone),
            total=(self.total + change) % MODULUS,
        )

    def pack(self) -> bytes:
        """Return it as it is stored."""
        masked = (self.total + self._mask()) % MODULUS
        sum_bytes = masked.to_bytes(16, "big")
        body = _BODY.pack(VERSION, self.serial, self.count, sum_bytes)
        return body + self._mac(body)

    def _mask(self) -> int:
        return int.from_bytes(self._keyed(b"mask\x00", b"")[:16], "big")

    def _mac(self, body: bytes) -> bytes:
        return self._keyed(b"lane\x00", body)

    def _keyed(self, use: bytes, body: bytes) -> bytes:
        name = encode([self.table, self.lane, self.token]).encode("ascii")
        return keys.mac_with(self.adder.key_id, CONTEXT + use + name + body)


def unpack(table: str, lane: int, adder: Adder, token: str, blob: bytes) -> LaneState:
    """
    Return the state that was stored.

    Raises:
        TableAltered: it is not what was stored for this lane.
    """
    empty = LaneState(table, lane, adder, token)
    body, mac = blob[:-MAC], blob[-MAC:]
    if len(body) != _BODY.size or not compare_digest(empty._mac(body), mac):
        raise TableAltered(table, f"lane {lane} of the root is not what was written")
    _, serial, count, masked = _BODY.unpack(body)
    total = (int.from_bytes(masked, "big") - empty._mask()) % MODULUS
    return replace(empty, serial=serial, count=count, total=total)
