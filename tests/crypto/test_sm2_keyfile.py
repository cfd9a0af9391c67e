"""Key files are what openssl reads and writes, and a bad one is a typed refusal."""

from __future__ import annotations

import base64
import contextlib

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher
from hypothesis import given
from hypothesis import strategies as st

from jtsec.crypto import der, sm2, sm2_keyfile, sm2_sealed_keyfile
from jtsec.crypto.curve import GX, GY
from jtsec.crypto.exceptions import (
    CorruptKey,
    CryptoError,
    DecryptionFailed,
    InvalidInput,
    InvalidKey,
    ProviderUnavailable,
)
from jtsec.crypto.sm2 import PrivateKey, PublicKey

pytestmark = pytest.mark.clause("A6.3")
KEY = PrivateKey(0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8)
OTHER_CURVE = bytes.fromhex("2a8648ce3d030107")  # P-256
LABELS = ["PUBLIC KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY"]


def identifier(content: bytes) -> bytes:
    """Returns an encoded OBJECT IDENTIFIER."""
    return der.encode(der.OBJECT_IDENTIFIER, content)


def sec1(scalar: bytes, *, curve: bytes | None = None, version: int = 1) -> bytes:
    """Returns an ECPrivateKey without its public point."""
    named = der.encode(0xA0, identifier(curve)) if curve else b""
    return der.encode_sequence(
        der.encode_integer(version), der.encode(der.OCTET_STRING, scalar), named
    )


def pkcs8(
    inner: bytes, *, curve: bytes = sm2_keyfile.SM2_CURVE, version: int = 0
) -> str:
    """Returns a PRIVATE KEY file around an ECPrivateKey."""
    algorithm = der.encode_sequence(
        identifier(sm2_keyfile.EC_PUBLIC_KEY), identifier(curve)
    )
    content = der.encode_sequence(
        der.encode_integer(version), algorithm, der.encode(der.OCTET_STRING, inner)
    )
    return sm2_keyfile.to_pem("PRIVATE KEY", content)


def spki(point: bytes) -> str:
    """Returns a PUBLIC KEY file around a point."""
    algorithm = der.encode_sequence(
        identifier(sm2_keyfile.EC_PUBLIC_KEY), identifier(sm2_keyfile.SM2_CURVE)
    )
    content = der.encode_sequence(algorithm, der.encode_bits(point))
    return sm2_keyfile.to_pem("PUBLIC KEY", content)


def test_keys_go_there_and_back() -> None:
    """Text and bytes, Windows line ends and text around the block are read."""
    pem = KEY.to_pem()
    around = "a comment\n" + pem.replace("\n", "\r\n") + "more\n"
    for form in (pem, pem.encode(), around):
        assert PrivateKey.from_pem(form) == KEY
    assert PublicKey.from_pem(KEY.public.to_pem()) == KEY.public
    assert len(KEY.public.fingerprint()) == 64


def test_a_key_under_a_password_opens_with_it_alone() -> None:
    """A wrong, empty or missing password is a typed refusal; the file hides the key."""
    pem = KEY.to_pem(password="口令".encode())
    assert PrivateKey.from_pem(pem, password="口令".encode()) == KEY
    assert pem != KEY.to_pem(password="口令".encode())
    for password in (b"wrong", None):
        with pytest.raises(DecryptionFailed):
            PrivateKey.from_pem(pem, password=password)
    with pytest.raises(InvalidInput):
        KEY.to_pem(password=b"")


def test_a_sealed_file_of_another_scheme_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Old schemes, other functions and absurd numbers of rounds are not read."""
    monkeypatch.setattr(sm2_sealed_keyfile, "_ROUNDS", 1000)
    good = sm2_sealed_keyfile.seal(b"\x30\x00", b"pw")
    assert sm2_sealed_keyfile.open(good, b"pw") == b"\x30\x00"
    names = ("_PBES2", "_PBKDF2", "_HMAC_SHA256", "_SM4_CBC")
    for old in (getattr(sm2_sealed_keyfile, name) for name in names):
        wrong = good.replace(old, old[:-1] + b"\x7f")
        assert wrong != good
        with pytest.raises(CorruptKey):
            sm2_sealed_keyfile.open(wrong, b"pw")
    for rounds in (1, 999, 10_000_001, 1 << 40):
        monkeypatch.setattr(sm2_sealed_keyfile, "_ROUNDS", rounds)
        with monkeypatch.context() as patch:
            patch.setattr("hashlib.pbkdf2_hmac", lambda *_: bytes(16))
            sealed = sm2_sealed_keyfile.seal(b"\x30\x00", b"pw")
        with pytest.raises(CorruptKey):
            sm2_sealed_keyfile.open(sealed, b"pw")


def test_a_sealed_file_without_sm4_in_the_library_is_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A missing cipher is not reported as a wrong password."""
    monkeypatch.setattr(sm2_sealed_keyfile, "_ROUNDS", 1000)
    sealed = sm2_sealed_keyfile.seal(b"\x30\x00", b"pw")

    def missing(*_: object) -> None:
        raise UnsupportedAlgorithm("SM4")

    monkeypatch.setattr(Cipher, "decryptor", missing)
    with pytest.raises(ProviderUnavailable):
        sm2_sealed_keyfile.open(sealed, b"pw")


def test_sec1_files_are_read_with_their_curve_alone() -> None:
    """EC PRIVATE KEY must name the SM2 curve; inside PKCS#8 the outside names it."""
    scalar = KEY.d.to_bytes(32, "big")
    named = sec1(scalar, curve=sm2_keyfile.SM2_CURVE)
    for label in ("EC PRIVATE KEY", "SM2 PRIVATE KEY"):
        assert PrivateKey.from_pem(sm2_keyfile.to_pem(label, named)) == KEY
    parameters = "-----BEGIN SM2 PARAMETERS-----\nBggqgRzPVQGCLQ==\n"
    parameters += "-----END SM2 PARAMETERS-----\n"
    both = parameters + sm2_keyfile.to_pem("EC PRIVATE KEY", named)
    assert PrivateKey.from_pem(both) == KEY
    assert PrivateKey.from_pem(pkcs8(sec1(scalar))) == KEY
    for wrong in (sec1(scalar), sec1(scalar, curve=OTHER_CURVE)):
        with pytest.raises(CorruptKey):
            PrivateKey.from_pem(sm2_keyfile.to_pem("EC PRIVATE KEY", wrong))


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "no key",
        KEY.to_pem() + KEY.to_pem(),
        KEY.to_pem().replace("BEGIN", "BEGUN"),
        "-----BEGIN PRIVATE KEY-----\nAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n",
        KEY.public.to_pem(),
        pkcs8(sec1(bytes(31) + b"\5"), version=1),
        pkcs8(sec1(bytes(31) + b"\5", version=2)),
        pkcs8(sec1(bytes(31) + b"\5"), curve=OTHER_CURVE),
        pkcs8(sec1(bytes(30) + b"\5")),
        pkcs8(sec1(bytes(32) + b"\5")),
        pkcs8(sec1(bytes(31) + b"\5") + b"\0"),
        "\ud800",
    ],
)
def test_a_file_that_is_no_sm2_key_is_corrupt(pem: str) -> None:
    """Another form, curve, version or length is a typed refusal."""
    with pytest.raises(CorruptKey):
        PrivateKey.from_pem(pem)


def test_bytes_that_are_not_ascii_are_corrupt() -> None:
    """A binary file is refused before anything is parsed."""
    for read in (PrivateKey.from_pem, PublicKey.from_pem):
        with pytest.raises(CorruptKey):
            read(b"\xff\xfe-----BEGIN")
    with pytest.raises(CorruptKey):
        PublicKey.from_pem(KEY.to_pem())


def test_a_scalar_or_point_out_of_range_is_invalid() -> None:
    """Zero, infinity, a point off the curve or of another key: refused."""
    with pytest.raises(InvalidKey):
        PrivateKey.from_pem(pkcs8(sec1(bytes(32))))
    with pytest.raises(InvalidKey):
        PublicKey.from_pem(spki(b"\0"))
    x, y = GX.to_bytes(32, "big"), GY.to_bytes(32, "big")
    with pytest.raises(InvalidKey):
        PublicKey.from_pem(spki(b"\4" + y + x))
    for point in (b"", b"\2" + x, b"\4" + x, b"\4" + x + y + b"\0", b"\6" + x + y):
        with pytest.raises(CorruptKey):
            PublicKey.from_pem(spki(point))
    stranger = sm2_keyfile.private_to_pem(KEY.d, (GX, GY), None)
    with pytest.raises(InvalidKey):
        PrivateKey.from_pem(stranger)


def test_a_cut_or_altered_file_never_gives_another_key() -> None:
    """Whatever byte is altered, the answer is a refusal or the very same key."""
    content = base64.b64decode("".join(KEY.to_pem().splitlines()[1:-1]))
    files = [content[:cut] for cut in range(len(content))]
    for position in range(len(content)):
        altered = bytearray(content)
        altered[position] ^= 1
        files.append(bytes(altered))
    for file in files:
        with pytest.raises((CorruptKey, InvalidKey)):
            PrivateKey.from_pem(sm2_keyfile.to_pem("PRIVATE KEY", file))


@given(st.sampled_from(LABELS), st.binary(max_size=300))
def test_random_files_raise_nothing_but_typed_refusals(label: str, data: bytes) -> None:
    """No input reaches an error that is not ours."""
    pem = sm2_keyfile.to_pem(label, data)
    for read in (PublicKey.from_pem, lambda p: PrivateKey.from_pem(p, b"pw")):
        with contextlib.suppress(CryptoError):
            read(pem)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_random_text_raises_nothing_but_typed_refusals(text: str | bytes) -> None:
    """Neither does what is no PEM at all."""
    with pytest.raises(CorruptKey):
        PrivateKey.from_pem(text)


def test_a_fresh_key_is_written_and_read_whole() -> None:
    """What `generate` gives survives its file."""
    key = sm2.generate()
    assert PrivateKey.from_pem(key.to_pem()).public == key.public
