"""
What a checkpoint says of one record: the data of its leaf.

The id, the check value and its key, and the canonical bytes; the columns beside them
are copies and prove nothing. Plain Python: a proof is verified without Django.
"""

from __future__ import annotations

from typing import Final

from jtsec.crypto import merkle

PREFIX: Final = b"jtsec-audit-leaf\x01"


def leaf_data(record_id: int, mac_key_id: str, mac: bytes, payload: bytes) -> bytes:
    """
    Return the bytes of a leaf (format 1).

    Args:
        record_id: the row's primary key, 0 to 2^63 - 1.
        mac_key_id: the key of its check value, at most 255 bytes of UTF-8.
        mac: the check value, 32 bytes; its length is fixed, so that no byte can be
            moved between the fields.
        payload: the canonical bytes.

    Raises:
        ValueError: the check value has another length, or the key's name is too long.
        OverflowError: the id is out of range.
    """
    key = mac_key_id.encode("utf-8")
    if len(mac) != merkle.SIZE:
        raise ValueError("a check value has 32 bytes")
    return b"".join(
        (PREFIX, record_id.to_bytes(8, "big"), bytes((len(key),)), key, mac, payload)
    )


def leaf_of(record_id: int, mac_key_id: str, mac: bytes, payload: bytes) -> bytes:
    """Return the hash of a record's leaf; see `leaf_data`."""
    return merkle.leaf_hash(leaf_data(record_id, mac_key_id, mac, payload))
