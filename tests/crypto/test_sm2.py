"""SM2 signs, verifies, encrypts and decrypts as GB/T 32918 says, with each provider."""

from __future__ import annotations

import random
import secrets

import pytest

from jtsec.crypto import sm2, sm2_encoding, sm2_provider
from jtsec.crypto.curve import GX, GY, N, P, message_digest
from jtsec.crypto.exceptions import (
    DecryptionFailed,
    InvalidInput,
    InvalidKey,
    InvalidSignature,
)
from jtsec.crypto.sm2 import PrivateKey, PublicKey
from jtsec.crypto.sm2_contract import SealedParts, Sm2Provider
from jtsec.crypto.sm2_gmssl import GmsslProvider
from tests.crypto import vectors
from tests.thoroughness import sized

pytestmark = pytest.mark.clause("A6.3")

STANDARD = vectors.load("sm2_gbt32918_5")
SIGN, ENCRYPT = STANDARD["sign"], STANDARD["encrypt"]
KEY = PrivateKey(int(STANDARD["d"], 16))
PUBLIC = PublicKey(int(STANDARD["x"], 16), int(STANDARD["y"], 16))
SIGNED = bytes.fromhex(SIGN["r"] + SIGN["s"])
SEALED_RAW = bytes.fromhex(ENCRYPT["c1"] + ENCRYPT["c3"] + ENCRYPT["c2"])
EDGE_KEYS = vectors.load("sm2_edge_keys")["tests"]


def test_the_digest_and_public_key_are_those_of_the_standard(
    provider: Sm2Provider,
) -> None:
    """Z, e and dG come out as printed."""
    assert PrivateKey(KEY.d).public == PUBLIC
    message, ident = SIGN["msg_ascii"].encode(), SIGN["id"].encode()
    assert message_digest(PUBLIC.x, PUBLIC.y, message, ident).hex() == SIGN["e"]


def test_the_signature_of_the_standard_verifies(provider: Sm2Provider) -> None:
    """The published r and s pass, raw and in DER."""
    message = SIGN["msg_ascii"].encode()
    PUBLIC.verify_raw(message, SIGNED)
    r, s = int(SIGN["r"], 16), int(SIGN["s"], 16)
    PUBLIC.verify(message, sm2_encoding.encode_signature(r, s))


def test_the_nonce_of_the_standard_gives_its_signature(pure: GmsslProvider) -> None:
    """With the published k the signature is the published one to the last bit."""
    made = pure.sign_with_nonce(KEY.d, bytes.fromhex(SIGN["e"]), int(SIGN["k"], 16))
    assert made == (int(SIGN["r"], 16), int(SIGN["s"], 16))


def test_the_ciphertext_of_the_standard_opens(provider: Sm2Provider) -> None:
    """The published ciphertext opens; its x begins with 04, which nothing strips."""
    plaintext = ENCRYPT["msg_ascii"].encode()
    assert KEY.decrypt_raw(SEALED_RAW) == plaintext
    assert KEY.decrypt_raw(SEALED_RAW[1:], prefix=False) == plaintext


def test_the_nonce_of_the_standard_gives_its_ciphertext(pure: GmsslProvider) -> None:
    """With the published k the ciphertext is the published one to the last bit."""
    plaintext = ENCRYPT["msg_ascii"].encode()
    parts = pure.encrypt_with_nonce(
        PUBLIC.x, PUBLIC.y, plaintext, int(ENCRYPT["k"], 16)
    )
    assert parts is not None
    assert sm2_encoding.encode_sealed_raw(parts, prefix=True) == SEALED_RAW


def test_what_is_signed_verifies_in_both_forms(provider: Sm2Provider) -> None:
    """DER and raw signatures verify, for empty and long messages and any ident."""
    key = sm2.generate()
    for message in (b"", b"message", bytes(100_000)):
        key.public.verify(message, key.sign(message))
        key.public.verify_raw(message, key.sign_raw(message))
    for ident in (b"", "张三".encode(), bytes(8191)):
        key.public.verify(b"m", key.sign(b"m", ident=ident), ident=ident)


def test_a_signature_is_for_one_message_key_and_ident(provider: Sm2Provider) -> None:
    """Another message, key or identifier is refused."""
    key = sm2.generate()
    signature = key.sign(b"message")
    with pytest.raises(InvalidSignature):
        key.public.verify(b"massage", signature)
    with pytest.raises(InvalidSignature):
        PUBLIC.verify(b"message", signature)
    with pytest.raises(InvalidSignature):
        key.public.verify(b"message", signature, ident=b"somebody else")


def test_an_ident_too_long_to_count_is_refused() -> None:
    """The standard counts its bits in two bytes."""
    with pytest.raises(InvalidInput):
        PUBLIC.verify_raw(b"m", SIGNED, ident=bytes(8192))


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, 1), (1, 0), (N, 1), (1, N), (2**256 - 1, 1), (1, 2**256 - 1), (1, N - 1)],
)
def test_numbers_out_of_range_are_refused(
    r: int, s: int, provider: Sm2Provider
) -> None:
    """0, n and beyond are no r or s, and r + s = n is no signature."""
    with pytest.raises(InvalidSignature):
        PUBLIC.verify(b"m", sm2_encoding.encode_signature(r, s))
    with pytest.raises(InvalidSignature):
        PUBLIC.verify_raw(b"m", r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_the_range_check_is_what_refuses_a_second_form(
    pure: GmsslProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the check taken out, s + n passes where s does."""
    message = SIGN["msg_ascii"].encode()
    twin = sm2_encoding.encode_signature(int(SIGN["r"], 16), int(SIGN["s"], 16) + N)
    with pytest.raises(InvalidSignature):
        PUBLIC.verify(message, twin)
    monkeypatch.setattr(sm2, "N", 1 << 300)
    PUBLIC.verify(message, twin)


def test_every_cut_or_grown_signature_is_refused(provider: Sm2Provider) -> None:
    """No prefix passes, and nothing may follow."""
    message = SIGN["msg_ascii"].encode()
    r, s = int(SIGN["r"], 16), int(SIGN["s"], 16)
    signature = sm2_encoding.encode_signature(r, s)
    for wrong in [signature[:cut] for cut in range(len(signature))] + [
        signature + b"\0"
    ]:
        with pytest.raises(InvalidSignature):
            PUBLIC.verify(message, wrong)
    for wrong in (SIGNED[:-1], SIGNED + b"\0", b""):
        with pytest.raises(InvalidSignature):
            PUBLIC.verify_raw(message, wrong)


def test_what_is_encrypted_opens_in_every_form(provider: Sm2Provider) -> None:
    """DER and raw, from one byte to beyond what the C library takes."""
    key = sm2.generate()
    for size in (1, 2, 16, 32, 33, 255, 256, 5000):
        plaintext = secrets.token_bytes(size)
        assert key.decrypt(key.public.encrypt(plaintext)) == plaintext
    for prefix in (True, False):
        raw = key.public.encrypt_raw(b"secret", prefix=prefix)
        assert len(raw) == 96 + 6 + prefix
        assert key.decrypt_raw(raw, prefix=prefix) == b"secret"


def test_an_empty_plaintext_is_refused(provider: Sm2Provider) -> None:
    """The standard has no ciphertext of nothing."""
    with pytest.raises(InvalidInput):
        PUBLIC.encrypt(b"")


def test_every_altered_byte_of_a_ciphertext_is_refused(provider: Sm2Provider) -> None:
    """A flipped bit in C1, C3 or C2 never opens."""
    for position in [1, 32, 33, 64, *range(65, len(SEALED_RAW), 7)]:
        altered = bytearray(SEALED_RAW)
        altered[position] ^= 0x10
        with pytest.raises(DecryptionFailed):
            KEY.decrypt_raw(bytes(altered))


def test_every_cut_ciphertext_is_refused(provider: Sm2Provider) -> None:
    """No prefix opens, and nothing may follow."""
    whole = KEY.public.encrypt(b"x")
    for cut in range(len(whole)):
        with pytest.raises(DecryptionFailed):
            KEY.decrypt(whole[:cut])
    with pytest.raises(DecryptionFailed):
        KEY.decrypt(whole + b"\0")
    for cut in (0, 1, 65, 97, len(SEALED_RAW) - 1):
        with pytest.raises(DecryptionFailed):
            KEY.decrypt_raw(SEALED_RAW[:cut])


def test_another_key_does_not_open(provider: Sm2Provider) -> None:
    """A ciphertext is for one key."""
    with pytest.raises(DecryptionFailed):
        sm2.generate().decrypt_raw(SEALED_RAW)


@pytest.mark.parametrize(
    ("x", "y"), [(0, 0), (1, 1), (GX, GY + 1), (GX + P, GY), (P, 0), (2**256 - 1, 5)]
)
def test_a_point_off_the_curve_is_refused(
    x: int, y: int, provider: Sm2Provider
) -> None:
    """Neither a public key nor C1 may lie off the curve, be infinity or exceed p."""
    with pytest.raises(InvalidKey):
        PublicKey(x, y)
    sealed = SealedParts(x, y, bytes(32), b"data")
    with pytest.raises(DecryptionFailed):
        KEY.decrypt(sm2_encoding.encode_sealed(sealed))


@pytest.mark.parametrize("d", [-1, 0, N - 1, N, N + 1])
def test_a_scalar_out_of_range_is_refused(d: int) -> None:
    """A scalar is in [1, n-2]: n-1 could not sign."""
    with pytest.raises(InvalidKey):
        PrivateKey(d)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, N - 2, N // 2])
def test_the_smallest_and_greatest_keys_work(d: int, provider: Sm2Provider) -> None:
    """Where point formulas have their exceptions, keys still sign and open."""
    key = PrivateKey(d)
    key.public.verify(b"m", key.sign(b"m"))
    assert key.decrypt(key.public.encrypt(b"secret")) == b"secret"


@pytest.mark.parametrize("case", EDGE_KEYS, ids=lambda c: c["why"])
def test_keys_that_begin_with_0_or_4_are_kept_whole(
    case: dict[str, str], provider: Sm2Provider
) -> None:
    """Coordinates and scalars that other code strips go through unharmed."""
    key = PrivateKey(int(case["d"], 16))
    assert key.public == PublicKey(int(case["x"], 16), int(case["y"], 16))
    key.public.verify(b"m", key.sign(b"m"))
    raw = key.public.encrypt_raw(b"secret", prefix=False)
    assert key.decrypt_raw(raw, prefix=False) == b"secret"
    assert PrivateKey.from_pem(key.to_pem()) == key
    assert PublicKey.from_pem(key.public.to_pem()) == key.public


def test_random_keys_work(provider: Sm2Provider) -> None:
    """Random keys sign and verify; every tenth also encrypts and is written to PEM."""
    firsts = set()
    count = 1000 if provider.name == "gmssl_pyx" else 60  # the slow test takes the rest
    for number in range(count):
        key = sm2.generate()
        firsts.add(f"{key.public.x:064x}"[0])
        key.public.verify(b"m", key.sign(b"m"))
        if number % 10 == 0:
            assert key.decrypt(key.public.encrypt(b"secret")) == b"secret"
            assert PrivateKey.from_pem(key.to_pem()) == key
    assert count < 1000 or {"0", "4"} <= firsts


@pytest.mark.slow
def test_keys_agree_between_the_providers() -> None:
    """Each provider accepts the other's keys, signatures and ciphertexts."""
    pure = GmsslProvider()
    other = sm2_provider.software_providers().get("gmssl_pyx", pure)
    firsts = set()
    for _ in range(sized(200, 1000)):
        d, x, y = other.generate()
        firsts.add(f"{x:064x}"[0])
        assert pure.public_point(d) == (x, y)
        digest = secrets.token_bytes(32)
        assert other.verify(x, y, digest, *pure.sign(d, digest))
        assert pure.verify(x, y, digest, *other.sign(d, digest))
        assert pure.decrypt(d, other.encrypt(x, y, digest)) == digest
    assert {"0", "4"} <= firsts


def test_nonces_do_not_come_from_the_random_module(
    provider: Sm2Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same seed gives other signatures and ciphertexts; `random` is not asked."""
    signatures, ciphertexts = set(), set()
    for _ in range(3):
        random.seed(7)
        signatures.add(KEY.sign(b"m"))
        ciphertexts.add(PUBLIC.encrypt(b"m"))
    assert len(signatures) == len(ciphertexts) == 3

    def asked(*_: object) -> None:
        raise AssertionError("random was asked for a nonce")

    for name in ("choice", "random", "getrandbits", "randrange", "randint"):
        monkeypatch.setattr(random, name, asked)
    monkeypatch.setattr("gmssl.func.choice", asked)
    monkeypatch.setattr("gmssl.sm2.choice", asked)
    KEY.sign(b"m")
    PUBLIC.encrypt(b"m")
    sm2.generate()


def test_no_text_shows_a_private_key(provider: Sm2Provider) -> None:
    """repr, str and format of keys and pairs never hold the scalar."""
    key, pair = sm2.generate(), provider.generate()
    for secret, shown in ((key.d, key), (pair.d, pair)):
        for text in (repr(shown), str(shown), f"{shown}", repr([shown])):
            assert str(secret) not in text
            assert f"{secret:x}" not in text.lower()
            assert "hidden" in text
