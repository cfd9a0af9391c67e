"""A secret in shares: the scheme's arithmetic, its promise and its limits."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.crypto import shares
from jtsec.crypto.exceptions import InvalidInput

VECTOR = json.loads(
    (Path(__file__).parents[1] / "vectors" / "shares_gf256.json").read_text()
)


def slowly(a: int, b: int) -> int:
    """Multiply in the field of AES bit by bit, as FIPS 197 section 4.2 describes."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def test_the_field_is_that_of_aes():
    """Every product agrees with the bitwise one; FIPS 197's example is among them."""
    assert shares._times(0x57, 0x83) == 0xC1
    for a, b in itertools.product(range(256), repeat=2):
        assert shares._times(a, b) == slowly(a, b)
        if b:
            assert shares._times(shares._over(a, b), b) == a


@pytest.mark.parametrize("case", VECTOR["cases"], ids=lambda case: case["name"])
def test_known_shares_give_the_known_secret(case):
    """Shares written down once are read by every later version."""
    known = {int(x): bytes.fromhex(one) for x, one in case["shares"].items()}
    for chosen in itertools.combinations(known, case["needed"]):
        made = shares.combine({x: known[x] for x in chosen})
        assert made.hex() == case["secret"]


@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_that_are_enough_give_it_back(secret, data):
    """Whichever shares, in whatever order, and more than are needed too."""
    total = data.draw(st.integers(2, 9))
    needed = data.draw(st.integers(2, total))
    cut = shares.split(secret, needed=needed, total=total)
    chosen = data.draw(st.permutations(sorted(cut)))
    given_back = chosen[: data.draw(st.integers(needed, total))]
    assert shares.combine({x: cut[x] for x in given_back}) == secret


def test_one_too_few_fit_every_secret():
    """For each byte there could have been, one value of the last share fits."""
    cut = shares.split(b"\x42", needed=3, total=3)
    possible = {
        shares.combine({1: cut[1], 2: cut[2], 3: bytes([last])}) for last in range(256)
    }
    assert len(possible) == 256


def test_shares_are_drawn_anew():
    """Two cuts of one secret have nothing in common that could be put together."""
    first, second = (shares.split(b"s" * 32, needed=2, total=2) for _ in range(2))
    assert first[1] != second[1]
    assert shares.combine({1: first[1], 2: second[2]}) != b"s" * 32


@pytest.mark.parametrize(
    ("needed", "total"), [(1, 3), (4, 3), (0, 0), (2, 256), (-1, 2)]
)
def test_numbers_that_make_no_sense_are_refused(needed, total):
    """One share alone would be the secret itself."""
    with pytest.raises(InvalidInput):
        shares.split(b"secret", needed=needed, total=total)


def test_what_is_no_set_of_shares_is_refused():
    """Nothing, one, unequal lengths, and the number at which the secret stands."""
    with pytest.raises(InvalidInput):
        shares.split(b"", needed=2, total=2)
    for given_back in ({}, {1: b"a"}, {1: b"a", 2: b"bc"}, {0: b"a", 1: b"b"}):
        with pytest.raises(InvalidInput):
            shares.combine(given_back)
