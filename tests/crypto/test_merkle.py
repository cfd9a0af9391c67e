"""Merkle trees over SM3: the definitions of RFC 6962, and proofs nobody can bend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.crypto import merkle, sm3
from jtsec.crypto.exceptions import InvalidInput
from tests.crypto import vectors

pytestmark = pytest.mark.clause("A5.8")

VECTORS = vectors.load("merkle_sm3")
LEAVES = [merkle.leaf_hash(bytes.fromhex(one)) for one in VECTORS["leaves"]]

sizes = st.integers(min_value=1, max_value=200)


def made(size: int) -> list[bytes]:
    """Return the hashes of so many leaves."""
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def by_definition(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 6962 defines it, by recursion."""
    if not leaves:
        return sm3.digest(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return merkle.node_hash(by_definition(leaves[:half]), by_definition(leaves[half:]))


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_the_root_is_what_the_openssl_program_gives(size: int) -> None:
    """Hash for hash, over the leaves that implementations of RFC 6962 share."""
    assert merkle.root(LEAVES[:size]).hex() == VECTORS["roots"][size]


def test_the_paths_are_what_the_openssl_program_gives() -> None:
    """For every leaf of every size."""
    for case in VECTORS["paths"]:
        leaves = LEAVES[: case["size"]]
        path = merkle.inclusion_path(leaves, case["index"])
        assert [one.hex() for one in path] == case["path"]


def test_no_leaves_have_the_hash_of_nothing() -> None:
    """As the RFC says, and not zeros."""
    assert merkle.root([]) == merkle.EMPTY_ROOT == sm3.digest(b"")


@given(sizes)
def test_a_tree_that_grows_has_the_root_of_the_definition(size: int) -> None:
    """Its root may be asked for at any time."""
    tree, leaves = merkle.Tree(), made(size)
    for number, leaf in enumerate(leaves, 1):
        tree.append(leaf)
        if number in (1, size // 2, size):
            assert tree.root() == by_definition(leaves[:number])
    assert len(tree) == size


@given(sizes, st.data())
def test_a_path_leads_from_its_leaf_to_the_root(size: int, data: st.DataObject) -> None:
    """And from no other leaf, place or size."""
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    leaves = made(size)
    root = merkle.root(leaves)
    path = merkle.inclusion_path(leaves, index)
    assert merkle.root_from_path(leaves[index], index, size, path) == root
    other = merkle.leaf_hash(b"other")
    assert merkle.root_from_path(other, index, size, path) != root


@given(sizes, st.data())
def test_a_bent_path_proves_nothing(size: int, data: st.DataObject) -> None:
    """One bit, one hash less, one more, another place: refused or another root."""
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    leaves = made(size)
    root, leaf = merkle.root(leaves), leaves[index]
    path = merkle.inclusion_path(leaves, index)
    for bent in (path[:-1], [*path, leaf], [*path, merkle.EMPTY_ROOT]):
        if bent == path:
            continue
        with pytest.raises(InvalidInput):
            merkle.root_from_path(leaf, index, size, bent)
    for place in range(len(path)):
        flipped = bytes([path[place][0] ^ 1]) + path[place][1:]
        bent = [*path[:place], flipped, *path[place + 1 :]]
        assert merkle.root_from_path(leaf, index, size, bent) != root
    for other in {0, size - 1, (index + 1) % size} - {index}:
        try:
            assert merkle.root_from_path(leaf, other, size, path) != root
        except InvalidInput:
            continue


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, -1)])
def test_a_place_that_is_not_there_is_refused(index: int, size: int) -> None:
    """Before anything is hashed."""
    with pytest.raises(InvalidInput):
        merkle.root_from_path(LEAVES[0], index, size, [])
    with pytest.raises(InvalidInput):
        merkle.inclusion_path(LEAVES[: max(size, 0)], index)


def test_what_is_no_hash_is_refused() -> None:
    """A node of 33 bytes could hide a byte of its neighbour."""
    path = merkle.inclusion_path(LEAVES, 0)
    for bent in ([path[0][:-1], *path[1:]], [path[0] + b"\0", *path[1:]]):
        with pytest.raises(InvalidInput):
            merkle.root_from_path(LEAVES[0], 0, len(LEAVES), bent)
    with pytest.raises(InvalidInput):
        merkle.root_from_path(LEAVES[0][:-1], 0, len(LEAVES), path)


def test_a_node_is_no_leaf() -> None:
    """Two hashes, passed off as the data of one leaf, have another hash."""
    left, right = LEAVES[:2]
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


def test_a_leaf_at_the_end_is_not_doubled() -> None:
    """Where the last is doubled, two lists share a root (CVE-2012-2459)."""
    three = LEAVES[:3]
    assert merkle.root(three) != merkle.root([*three, three[-1]])
