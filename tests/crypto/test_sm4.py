"""SM4 gives the standards' answers in both libraries and releases nothing altered."""

from __future__ import annotations

import builtins
import importlib.util
import os
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from hypothesis import given
from hypothesis import strategies as st

from jtsec.crypto import sm4
from jtsec.crypto.exceptions import (
    DecryptionFailed,
    InvalidInput,
    InvalidKey,
    ProviderUnavailable,
)
from tests.crypto import openssl, vectors

pytestmark = pytest.mark.clause("A6.3")
KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
native = pytest.mark.skipif(
    "gmssl_pyx" not in sm4.gcm_engines(), reason="gmssl_pyx is not installed"
)


@pytest.fixture(params=["cryptography", "gmssl_pyx"])
def engine(request: pytest.FixtureRequest) -> type[sm4.GcmEngine]:
    """One library's SM4-GCM."""
    found = sm4.gcm_engines().get(request.param)
    if found is None:
        pytest.skip(f"{request.param} is not installed")
    return found


def test_one_block_is_that_of_the_standard() -> None:
    """GB/T 32907 encrypts the key under itself; CBC under a zero IV begins so."""
    case = vectors.load("sm4_gbt32907")
    key, block = bytes.fromhex(case["key"]), bytes.fromhex(case["block"])
    blob = sm4.Cbc(key).encrypt_with_iv(bytes(16), block)
    assert blob[16:32].hex() == case["once"]


@pytest.mark.slow
def test_a_million_rounds_are_those_of_the_standard() -> None:
    """GB/T 32907 encrypts the block a million times over."""
    case = vectors.load("sm4_gbt32907")
    key, block = bytes.fromhex(case["key"]), bytes.fromhex(case["block"])
    context = Cipher(SM4(key), modes.ECB()).encryptor()
    for _ in range(1_000_000):
        block = context.update(block)
    assert block.hex() == case["million"]


def test_gcm_is_that_of_rfc_8998(engine: type[sm4.GcmEngine]) -> None:
    """Both libraries seal and open the example of the RFC."""
    case = vectors.load("sm4_gcm_rfc8998")
    key, nonce, aad, plain = (
        bytes.fromhex(case[k]) for k in ("key", "iv", "aad", "pt")
    )
    sealed = bytes.fromhex(case["gcm"]["ct"] + case["gcm"]["tag"])
    assert engine(key).seal(nonce, plain, aad) == sealed
    assert sm4.encrypt_with_nonce(key, nonce, plain, aad=aad) == nonce + sealed
    assert sm4.Gcm(key).decrypt(nonce + sealed, aad=aad) == plain


@pytest.mark.parametrize(
    "case", vectors.load("sm4_gcm_wycheproof")["tests"], ids=lambda c: str(c["tcId"])
)
def test_gcm_agrees_with_wycheproof(
    case: dict[str, Any], engine: type[sm4.GcmEngine]
) -> None:
    """Both libraries open each valid blob and refuse each altered one."""
    names = ("key", "iv", "aad", "msg", "ct", "tag")
    key, iv, aad, message, sealed, tag = (bytes.fromhex(case[n]) for n in names)
    if not sealed and engine is not sm4.CryptographyGcm:
        engine = sm4.CryptographyGcm  # Gcm sends empty values there, see below
    if case["result"] == "valid":
        assert engine(key).open(iv, sealed, tag, aad) == message
        assert engine(key).seal(iv, message, aad) == sealed + tag
    else:
        with pytest.raises(DecryptionFailed):
            engine(key).open(iv, sealed, tag, aad)


@native
@given(st.binary(min_size=1, max_size=600), st.binary(max_size=80))
def test_both_libraries_give_the_same_bytes(plaintext: bytes, aad: bytes) -> None:
    """A value sealed by one library opens in the other, and is equal."""
    engines = sm4.gcm_engines()
    one, other = engines["cryptography"](KEY), engines["gmssl_pyx"](KEY)
    nonce = os.urandom(12)
    sealed = one.seal(nonce, plaintext, aad)
    assert sealed == other.seal(nonce, plaintext, aad)
    for each in (one, other):
        assert each.open(nonce, sealed[:-16], sealed[-16:], aad) == plaintext


@pytest.mark.parametrize("size", [0, 1, 16, 255, 256, 257, 100_000])
def test_what_is_sealed_opens_at_every_length(size: int) -> None:
    """Empty values and both sides of the change of library go there and back."""
    gcm, plaintext = sm4.Gcm(KEY), os.urandom(size)
    blob = gcm.encrypt(plaintext, aad=b"app.model.field")
    assert len(blob) == 12 + size + 16
    assert gcm.decrypt(blob, aad=b"app.model.field") == plaintext


@pytest.mark.parametrize("size", [0, 5, 300])
def test_every_altered_bit_is_refused(size: int) -> None:
    """Nonce, ciphertext and tag are all covered, in both libraries."""
    gcm = sm4.Gcm(KEY)
    blob = gcm.encrypt(bytes(size), aad=b"a")
    for position in range(len(blob)):
        altered = bytearray(blob)
        altered[position] ^= 1 << position % 8
        with pytest.raises(DecryptionFailed):
            gcm.decrypt(bytes(altered), aad=b"a")


@pytest.mark.parametrize("size", [0, 5, 300])
def test_a_wrong_key_context_or_length_is_refused(size: int) -> None:
    """Another key, another aad, none, a cut or a longer blob: all one typed refusal."""
    gcm = sm4.Gcm(KEY)
    blob = gcm.encrypt(bytes(size), aad=b"app.model.field")
    for aad in (b"", b"app.model.other"):
        with pytest.raises(DecryptionFailed):
            gcm.decrypt(blob, aad=aad)
    with pytest.raises(DecryptionFailed):
        sm4.Gcm(bytes(16)).decrypt(blob, aad=b"app.model.field")
    for cut in [*range(0, min(len(blob), 60)), len(blob) - 1]:
        with pytest.raises(DecryptionFailed):
            gcm.decrypt(blob[:cut], aad=b"app.model.field")
    with pytest.raises(DecryptionFailed):
        gcm.decrypt(blob + b"\0", aad=b"app.model.field")


@pytest.mark.parametrize("size", [0, 1, 18, 255, 256, 1000])
def test_one_after_another_is_as_one_by_one(
    size: int, engine: type[sm4.GcmEngine]
) -> None:
    """What is bound once for many values seals and opens the very same bytes."""
    gcm, plaintext, head = sm4.Gcm(KEY), os.urandom(size), b"head"
    blob = gcm.sealer(head, b"a")(plaintext)
    assert blob.startswith(head)
    assert gcm.decrypt(blob[4:], aad=b"a") == plaintext
    assert gcm.opener(4, b"a")(blob) == plaintext
    assert size == 0 or engine(KEY).opener(4, b"a")(blob) == plaintext
    assert gcm.opener(0, b"a")(gcm.encrypt(plaintext, aad=b"a")) == plaintext


@pytest.mark.parametrize("size", [0, 5, 300])
def test_one_after_another_refuses_as_one_by_one(size: int) -> None:
    """An altered bit, a cut, something added, another key, another aad."""
    gcm = sm4.Gcm(KEY)
    blob, open_blob = gcm.sealer(b"head", b"a")(bytes(size)), gcm.opener(4, b"a")
    for position in range(4, len(blob)):
        altered = bytearray(blob)
        altered[position] ^= 1 << position % 8
        with pytest.raises(DecryptionFailed):
            open_blob(bytes(altered))
    for wrong in [*(blob[:cut] for cut in range(min(len(blob), 60))), blob + b"\0"]:
        with pytest.raises(DecryptionFailed):
            open_blob(wrong)
    for other in (gcm.opener(4, b"b"), sm4.Gcm(bytes(16)).opener(4, b"a")):
        with pytest.raises(DecryptionFailed):
            other(blob)


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_key_of_another_length_is_refused(size: int) -> None:
    """No key is cut or padded."""
    for make in (sm4.Gcm, sm4.Cbc):
        with pytest.raises(InvalidKey):
            make(bytes(size))
    with pytest.raises(InvalidKey):
        sm4.encrypt_with_nonce(bytes(size), bytes(12), b"")


def test_a_nonce_or_iv_of_another_length_is_refused() -> None:
    """Only the lengths of the formats are taken."""
    with pytest.raises(InvalidInput):
        sm4.encrypt_with_nonce(KEY, bytes(16), b"")
    with pytest.raises(InvalidInput):
        sm4.Cbc(KEY).encrypt_with_iv(bytes(12), b"")


def test_nonces_never_repeat_whatever_the_random_module_does() -> None:
    """Nonces are the operating system's: the seed of `random` changes nothing."""
    gcm, seen = sm4.Gcm(KEY), set()
    seal = gcm.sealer(b"", b"")
    for _ in range(2000):
        random.seed(1)
        seen.add(gcm.encrypt(b"same")[:12])
        seen.add(seal(b"same")[:12])
    assert len(seen) == 4000


def test_one_cipher_serves_many_threads() -> None:
    """Threads that share a cipher open each other's values."""
    gcm = sm4.Gcm(KEY)
    values = [os.urandom(n % 700) for n in range(3000)]
    with ThreadPoolExecutor(8) as pool:
        blobs = list(pool.map(gcm.encrypt, values))
        assert list(pool.map(gcm.decrypt, blobs)) == values


@pytest.mark.parametrize("make", [sm4.Gcm, sm4.Cbc, sm4.CryptographyGcm])
def test_a_library_without_sm4_is_reported(
    make: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing cipher is "cannot", said before there is a value to protect."""

    def missing(*_: object) -> None:
        raise UnsupportedAlgorithm("SM4")

    monkeypatch.setattr(sm4, "Cipher", missing)
    with pytest.raises(ProviderUnavailable):
        make(KEY)


def test_without_the_native_library_everything_goes_to_cryptography(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The extra is optional: the same bytes open without it."""
    blob = sm4.Gcm(KEY).encrypt(b"value", aad=b"a")
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "gmssl_pyx":
            raise ImportError(name)
        return real(name, *rest, **named)

    # A second copy of the module, so that classes others hold stay what they are.
    spec = importlib.util.find_spec("jtsec.crypto.sm4")
    assert spec is not None
    assert spec.loader is not None
    twin = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", without)
        spec.loader.exec_module(twin)
    assert list(twin.gcm_engines()) == ["cryptography"]
    assert twin.Gcm(KEY).decrypt(blob, aad=b"a") == b"value"


def test_cbc_goes_there_and_back_under_a_fresh_iv() -> None:
    """Every length round-trips, and equal values look different."""
    cbc = sm4.Cbc(KEY)
    for size in (0, 1, 15, 16, 17, 1000):
        blob = cbc.encrypt(bytes(size))
        assert len(blob) == 16 + (size // 16 + 1) * 16
        assert cbc.decrypt(blob) == bytes(size)
    assert cbc.encrypt(b"same") != cbc.encrypt(b"same")


def test_cbc_refuses_bad_padding_and_broken_blocks() -> None:
    """A cut blob and a wrong padding are typed refusals."""
    cbc = sm4.Cbc(KEY)
    blob = cbc.encrypt(b"value")
    for cut in range(len(blob)):
        with pytest.raises(DecryptionFailed):
            cbc.decrypt(blob[:cut])
    wrong = Cipher(SM4(KEY), modes.CBC(bytes(16))).encryptor()
    with pytest.raises(DecryptionFailed):
        cbc.decrypt(bytes(16) + wrong.update(bytes(16)))


@pytest.mark.skipif(
    not openssl.offers("enc", "-sm4-cbc", "-K", "00", "-iv", "00", "-in", "/dev/null"),
    reason="the openssl program lacks SM4",
)
@pytest.mark.parametrize("size", [0, 1, 16, 999])
def test_cbc_agrees_with_openssl_both_ways(size: int) -> None:
    """The program opens ours, and we open the program's."""
    iv, plaintext = os.urandom(16), os.urandom(size)
    options = ("enc", "-sm4-cbc", "-K", KEY.hex(), "-iv", iv.hex())
    theirs = openssl.run(*options, data=plaintext)
    assert sm4.Cbc(KEY).encrypt_with_iv(iv, plaintext) == iv + theirs
    assert sm4.Cbc(KEY).decrypt(iv + theirs) == plaintext
    ours = sm4.Cbc(KEY).encrypt_with_iv(iv, plaintext)
    assert openssl.run(*options, "-d", data=ours[16:]) == plaintext
