"""SM3, HMAC-SM3 and HKDF-SM3 give the standards' answers and refuse what is altered."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from hypothesis import given
from hypothesis import strategies as st

from jtsec.crypto import sm3
from jtsec.crypto.exceptions import InvalidInput, InvalidSignature, ProviderUnavailable
from tests.crypto import openssl, vectors

pytestmark = pytest.mark.clause("A6.3")


@pytest.mark.parametrize("case", vectors.load("sm3_gbt32905")["tests"])
def test_the_digest_is_that_of_the_standard(case: dict[str, str]) -> None:
    """GB/T 32905 prints these digests."""
    message = case["msg_ascii"].encode()
    assert sm3.digest(message).hex() == case["digest"]
    assert sm3.hexdigest(message) == case["digest"]
    assert sm3.new(message).hexdigest() == case["digest"]


@pytest.mark.parametrize(
    "case", vectors.load("hmac_sm3_wycheproof")["tests"], ids=lambda c: str(c["tcId"])
)
def test_the_mac_agrees_with_wycheproof(case: dict[str, Any]) -> None:
    """A valid MAC passes, and each altered one is refused."""
    key, message, tag = (bytes.fromhex(case[k]) for k in ("key", "msg", "tag"))
    mac = sm3.KeyedMac(key)
    if case["result"] == "valid":
        assert sm3.hmac(key, message) == mac.mac(message) == tag
        mac.verify(message, tag)
    else:
        with pytest.raises(InvalidSignature):
            mac.verify(message, tag)


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_a_running_hash_equals_the_hash_of_the_whole(parts: list[bytes]) -> None:
    """Where the data is cut does not matter, nor asking in between."""
    running = sm3.new()
    for part in parts:
        running.digest()
        running.update(part)
    twin = running.copy()
    assert running.digest() == twin.digest() == sm3.digest(b"".join(parts))


def test_a_copy_of_a_running_hash_goes_its_own_way() -> None:
    """Data given to a copy does not reach the original."""
    running = sm3.new(b"a")
    running.copy().update(b"b")
    assert running.digest() == sm3.digest(b"a")
    assert (running.name, running.digest_size, running.block_size) == ("sm3", 32, 64)


@pytest.mark.parametrize("mac", [b"", b"\0" * 32, sm3.hmac(b"k", b"m")[:-1]])
def test_a_wrong_or_cut_mac_is_refused(mac: bytes) -> None:
    """A MAC of another length or value is a typed refusal."""
    with pytest.raises(InvalidSignature):
        sm3.KeyedMac(b"k").verify(b"m", mac)


def test_the_comparison_is_what_refuses_a_wrong_mac(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the comparison taken out, a wrong MAC passes."""
    monkeypatch.setattr(
        "jtsec.crypto.sm3.constant_time.compare_digest", lambda *_: True
    )
    sm3.KeyedMac(b"k").verify(b"m", b"wrong")


def test_an_empty_key_is_refused() -> None:
    """A key that anybody can guess makes no MAC and derives nothing."""
    with pytest.raises(InvalidInput):
        sm3.KeyedMac(b"")
    with pytest.raises(InvalidInput):
        sm3.hkdf(b"", info=b"x", length=16)


@pytest.mark.parametrize("length", [-1, 0, 8161])
def test_a_derivation_of_an_impossible_length_is_refused(length: int) -> None:
    """RFC 5869 ends at 255 blocks."""
    with pytest.raises(InvalidInput):
        sm3.hkdf(b"k", info=b"", length=length)


def test_derived_keys_differ_by_purpose_and_salt_and_share_prefixes() -> None:
    """One info, one key; a longer output begins with the shorter one."""
    a = sm3.hkdf(b"key", info=b"a", length=16)
    assert a != sm3.hkdf(b"key", info=b"b", length=16)
    assert a != sm3.hkdf(b"key", salt=b"s", info=b"a", length=16)
    assert sm3.hkdf(b"key", info=b"a", length=8160).startswith(a)


def test_one_mac_serves_many_threads() -> None:
    """Threads that share a keyed state get the MACs they would get alone."""
    mac = sm3.KeyedMac(b"key")
    messages = [str(n).encode() * 20 for n in range(2000)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(mac.mac, messages))
    assert answers == [sm3.hmac(b"key", m) for m in messages]


def test_a_library_without_sm3_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing algorithm is "cannot", never a wrong digest."""

    def missing(*_: object) -> None:
        raise UnsupportedAlgorithm("SM3")

    monkeypatch.setattr("jtsec.crypto.sm3.hashes.Hash", missing)
    monkeypatch.setattr("jtsec.crypto.sm3.keyed.HMAC", missing)
    with pytest.raises(ProviderUnavailable):
        sm3.digest(b"")
    with pytest.raises(ProviderUnavailable):
        sm3.hmac(b"k", b"")


@openssl.needs_sm3
@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 1000])
def test_hash_and_mac_agree_with_openssl(size: int, tmp_path: Path) -> None:
    """The program answers the same at every edge of a block."""
    data, key = bytes(range(256)) * 4, hashlib.sha256(bytes([size % 251])).digest()
    file = tmp_path / "data"
    file.write_bytes(data[:size])
    assert openssl.run("dgst", "-sm3", "-binary", file) == sm3.digest(data[:size])
    answer = openssl.run(
        *("mac", "-binary", "-digest", "SM3", "-macopt", f"hexkey:{key.hex()}"),
        *("-in", file, "HMAC"),
    )
    assert answer == sm3.hmac(key, data[:size])


@openssl.needs_sm3
@pytest.mark.parametrize("salt", [b"", b"salt", bytes(range(80))])
@pytest.mark.parametrize("length", [1, 32, 33, 100])
def test_derivation_agrees_with_openssl(salt: bytes, length: int) -> None:
    """HKDF-SM3 of the program is ours, with and without salt."""
    key, info = bytes(range(1, 33)), b"jtsec field"
    salted = ["-kdfopt", f"hexsalt:{salt.hex()}"] if salt else []
    answer = openssl.run(
        *("kdf", "-binary", "-keylen", str(length), "-kdfopt", "digest:SM3"),
        *("-kdfopt", f"hexkey:{key.hex()}", "-kdfopt", f"hexinfo:{info.hex()}"),
        *(*salted, "HKDF"),
    )
    assert answer == sm3.hkdf(key, salt=salt, info=info, length=length)
