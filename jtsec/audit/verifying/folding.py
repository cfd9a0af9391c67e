"""From the hashes of many leaves to one Merkle root, with few steps of Python."""

from __future__ import annotations

from jtsec.crypto import sm3_bulk


def root_of(leaves: list[bytes]) -> bytes:
    """
    Return the Merkle root over hashes of leaves: as `merkle.root`, level by level.

    Args:
        leaves: in their order; the list is left as it is.
    """
    digest = sm3_bulk.digest()
    level = leaves
    while len(level) > 1:
        # The last of an odd number stands alone and rises as it is.
        alone = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [digest(b"\x01" + left + right) for left, right in pairs]
        level += alone
    return level[0] if level else digest(b"")
