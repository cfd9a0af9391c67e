"""
Merkle trees over SM3, hashed as in RFC 6962 (section 2.1).

    leaves = [leaf_hash(data) for data in log]
    root(leaves)
    path = inclusion_path(leaves, 7)
    root_from_path(leaves[7], 7, len(leaves), path) == root(leaves)

A leaf is hashed behind a zero byte and a node behind a one, so that no node can be
passed off as a leaf (second preimage). A tree of n leaves splits at the largest power
of two below n; no leaf is ever doubled, so that two lists never share a root. The root
of no leaves is the hash of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from jtsec.crypto import sm3, sm3_bulk
from jtsec.crypto.exceptions import InvalidInput

SIZE: Final = sm3.SIZE
EMPTY_ROOT: Final = bytes.fromhex(
    "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
)
"""SM3 of no bytes: the root of a tree without leaves."""

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """Returns the hash of a leaf's data, 32 bytes."""
    return sm3_bulk.digest()(_LEAF + data)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns the hash of the node over two hashes."""
    return sm3_bulk.digest()(_NODE + left + right)


class Tree:
    """
    A tree that grows at its right end, in memory for its full subtrees alone.

    Twenty hashes are kept for a million leaves.
    """

    __slots__ = ("_full", "_size")

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._full: list[bytes] = []
        self._size = 0
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return self._size

    def append(self, leaf: bytes) -> None:
        """Adds the hash of a leaf (`leaf_hash`) at the end."""
        # Each one bit at the end of the size is a full subtree as large as this one.
        size = self._size
        while size & 1:
            leaf = node_hash(self._full.pop(), leaf)
            size >>= 1
        self._full.append(leaf)
        self._size += 1

    def root(self) -> bytes:
        """Returns the root of what was added so far; more may follow."""
        if not self._full:
            return EMPTY_ROOT
        *rest, top = self._full
        for left in reversed(rest):
            top = node_hash(left, top)
        return top


def root(leaves: Iterable[bytes]) -> bytes:
    """Returns the root over hashes of leaves, in their order."""
    return Tree(leaves).root()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """
    Returns the hashes that lead from a leaf to the root, the nearest first.

    Args:
        leaves: the hashes of all leaves (`leaf_hash`).
        index: which of them, counted from 0.

    Raises:
        InvalidInput: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise InvalidInput("the tree has no such leaf")
    path: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        # The last of an odd number stands alone and rises as it is.
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        level = _above(level)
        index >>= 1
    return path


def _above(level: Sequence[bytes]) -> list[bytes]:
    """Returns the hashes of the level above."""
    pairs = len(level) // 2
    above = [node_hash(level[2 * one], level[2 * one + 1]) for one in range(pairs)]
    return above + list(level[2 * pairs :])


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """
    Returns the root that a path leads to (RFC 9162, 2.1.3.2).

    Whoever compares it with a signed root has proved that the leaf stands there.

    Args:
        leaf: the hash of the leaf.
        index: its place, counted from 0.
        size: how many leaves the tree has.
        path: what `inclusion_path` gave.

    Raises:
        InvalidInput: the path is too short or too long for that place, or holds
            something that is no hash; a proof of another shape proves nothing.
    """
    if not 0 <= index < size:
        raise InvalidInput("the tree has no such leaf")
    if any(len(one) != SIZE for one in (leaf, *path)):
        raise InvalidInput("a path consists of hashes of 32 bytes")
    top, last = leaf, size - 1
    steps = iter(path)
    while last:
        if index & 1:
            top = node_hash(_next(steps), top)
        elif index < last:
            top = node_hash(top, _next(steps))
        index >>= 1
        last >>= 1
    if next(steps, None) is not None:
        raise InvalidInput("the path is too long")
    return top


def _next(steps: Iterable[bytes]) -> bytes:
    found = next(iter(steps), None)
    if found is None:
        raise InvalidInput("the path is too short")
    return found
