"""
Known answers of the algorithms, asked of every library in use before it is trusted.

A distribution's OpenSSL may lack SM4, a package of the same name may stand in for
another, a build may be broken: each gives a failed result here and not a wrong
ciphertext in the database. The expected values are those of the standards named
beside them; nothing is read from a file that could be altered with the code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from jtsec.crypto import sm2_provider, sm3, sm4
from jtsec.crypto.curve import DEFAULT_IDENT, message_digest
from jtsec.crypto.exceptions import (
    CryptoError,
    DecryptionFailed,
    InvalidSignature,
    ProviderUnavailable,
    SelfTestFailed,
)
from jtsec.crypto.sm2_contract import SealedParts, Sm2Provider
from jtsec.crypto.sm4 import GcmEngine

_STDERR: Final = 2
_hex = bytes.fromhex


@dataclass(frozen=True)
class SelfTestResult:
    """The outcome of one self-test."""

    name: str
    provider: str
    passed: bool
    detail: str = ""


def run() -> list[SelfTestResult]:
    """
    Runs every self-test and returns the results; a test that raises has failed.

    Takes less than 100 ms. The list is never empty, and SM2 without any provider is a
    failed result rather than a missing one.
    """
    return [_attempt(name, provider, test) for name, provider, test in _tests()]


def require_passed() -> None:
    """
    Runs every self-test and returns if all passed.

    Raises:
        SelfTestFailed: names those that did not.
    """
    failed = [f"{r.name} ({r.provider})" for r in run() if not r.passed]
    if failed:
        raise SelfTestFailed("self-test failed: " + ", ".join(failed))


# GB/T 32905-2016 A.1; HMAC and HKDF (RFC 5869) over it, as the openssl program answers.
_SM3_ABC: Final = _hex(
    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
)
_HMAC_ABC: Final = _hex(
    "28d8a61be67d8bf7652c4eda7092b612f88be62184f55005c57ddf076e764199"
)
_HKDF_OUT: Final = _hex(
    "7ddc45c2e9a96897f6f175277864c28890be3faa4ca36afa533958f700fa5a0f8b5503ac76e6d496"
)
# GB/T 32907-2016 A.1: the key is also the block. RFC 8998 A.1 uses the same key.
_KEY: Final = _hex("0123456789abcdeffedcba9876543210")
_SM4_BLOCK: Final = _hex("681edf34d206965e86b3e94f536e4246")
_GCM_NONCE: Final = _hex("00001234567800000000abcd")
_GCM_AAD: Final = _hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
_GCM_PLAINTEXT: Final = b"".join(bytes([c]) * 8 for c in _hex("aabbccddeeffeeaa"))
_GCM_CIPHERTEXT: Final = _hex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)
_GCM_TAG: Final = _hex("83de3541e4c2b58177e065a9bf7b62ec")
# GB/T 32918.5-2017 annex A: key, signature of "message digest", ciphertext.
_D: Final = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
_X: Final = 0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
_Y: Final = 0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13
_R: Final = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
_S: Final = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
_E: Final = _hex("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640")
_PLAINTEXT: Final = b"encryption standard"
_SEALED: Final = SealedParts(
    0x04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73,
    0xE858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0,
    _hex("59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"),
    _hex("21886ca989ca9c7d58087307ca93092d651efa"),
)


def _tests() -> Iterator[tuple[str, str, Callable[[], None]]]:
    """Yields name, provider and body of every self-test."""
    yield "SM3", "cryptography", _test_sm3
    yield "HMAC-SM3", "cryptography", _test_hmac
    yield "HKDF-SM3", "cryptography", _test_hkdf
    yield "SM4", "cryptography", _test_sm4_block
    yield "SM4-CBC", "cryptography", _test_sm4_cbc
    for name, engine in sm4.gcm_engines().items():
        yield "SM4-GCM", name, partial(_test_gcm, engine)
    yield "SM2 digest", "cryptography", _test_sm2_digest
    yield "SM2", "choice", _test_sm2_choice
    for name, provider in _sm2_providers().items():
        yield "SM2 signature", name, partial(_test_sm2_signature, provider)
        yield "SM2 encryption", name, partial(_test_sm2_encryption, provider)


def _sm2_providers() -> dict[str, Sm2Provider]:
    """Returns the software providers by name, and the hardware one in use if any."""
    providers = sm2_provider.software_providers()
    try:
        active = sm2_provider.active_provider()
    except ProviderUnavailable:
        return providers  # the test of the choice reports it
    return providers | {active.name: active}


def _attempt(name: str, provider: str, test: Callable[[], None]) -> SelfTestResult:
    """Runs one self-test; whatever it raises is a failure."""
    try:
        test()
    except Exception as error:  # a broken library may raise anything
        detail = f"{type(error).__name__}: {error}"
        return SelfTestResult(name, provider, passed=False, detail=detail)
    return SelfTestResult(name, provider, passed=True)


def _expect(answer: object, expected: object) -> None:
    """Raises unless an answer is the expected one."""
    if answer != expected:
        raise SelfTestFailed("another answer than the standard's")


def _test_sm3() -> None:
    """Hashes the example of GB/T 32905."""
    _expect(sm3.digest(b"abc"), _SM3_ABC)


def _test_hmac() -> None:
    """Authenticates a message and refuses an altered MAC."""
    mac = sm3.KeyedMac(_KEY)
    _expect(mac.mac(b"abc"), _HMAC_ABC)
    with _refusal(InvalidSignature):
        mac.verify(b"abc", _SM3_ABC)


def _test_hkdf() -> None:
    """Derives with salt and info over more than one block."""
    _expect(sm3.hkdf(_KEY, salt=b"salt", info=b"jtsec", length=40), _HKDF_OUT)


def _test_sm4_block() -> None:
    """Encrypts the block of GB/T 32907."""
    context = Cipher(SM4(_KEY), modes.ECB()).encryptor()  # noqa: S305  # known answer
    _expect(context.update(_KEY) + context.finalize(), _SM4_BLOCK)


def _test_sm4_cbc() -> None:
    """Chains the block of GB/T 32907, whose first block under IV 0 is that of ECB."""
    cbc = sm4.Cbc(_KEY)
    blob = cbc.encrypt_with_iv(bytes(16), _KEY)
    _expect(blob[16:32], _SM4_BLOCK)
    _expect(cbc.decrypt(blob), _KEY)


def _test_gcm(engine: type[GcmEngine]) -> None:
    """Seals and opens the example of RFC 8998 and refuses an altered tag."""
    gcm = engine(_KEY)
    sealed = gcm.seal(_GCM_NONCE, _GCM_PLAINTEXT, _GCM_AAD)
    _expect(sealed, _GCM_CIPHERTEXT + _GCM_TAG)
    opened = gcm.open(_GCM_NONCE, _GCM_CIPHERTEXT, _GCM_TAG, _GCM_AAD)
    _expect(opened, _GCM_PLAINTEXT)
    with _refusal(DecryptionFailed):
        gcm.open(_GCM_NONCE, _GCM_CIPHERTEXT, _flipped(_GCM_TAG), _GCM_AAD)


def _test_sm2_digest() -> None:
    """Makes the digest e of the example of GB/T 32918.5, with Z in it."""
    _expect(message_digest(_X, _Y, b"message digest", DEFAULT_IDENT), _E)


def _test_sm2_choice() -> None:
    """Raises unless there is a provider to use."""
    sm2_provider.active_provider()


def _test_sm2_signature(provider: Sm2Provider) -> None:
    """Verifies the example and its own signature, and refuses another digest."""
    _expect(provider.verify(_X, _Y, _E, _R, _S), True)
    _expect(provider.verify(_X, _Y, _E, *provider.sign(_D, _E)), True)
    with _quiet():
        _expect(provider.verify(_X, _Y, _flipped(_E), _R, _S), False)


def _test_sm2_encryption(provider: Sm2Provider) -> None:
    """Opens the example and its own ciphertext, and refuses an altered C3."""
    _expect(provider.decrypt(_D, _SEALED), _PLAINTEXT)
    _expect(provider.decrypt(_D, provider.encrypt(_X, _Y, _PLAINTEXT)), _PLAINTEXT)
    with _refusal(DecryptionFailed):
        provider.decrypt(_D, _SEALED._replace(c3=_flipped(_SEALED.c3)))


def _flipped(data: bytes) -> bytes:
    """Returns the bytes with one bit changed."""
    return bytes([data[0] ^ 1]) + data[1:]


@contextmanager
def _refusal(expected: type[CryptoError]) -> Iterator[None]:
    """Raises unless the body is refused with `expected`."""
    try:
        with _quiet():
            yield
    except expected:
        return
    raise SelfTestFailed("an altered input was accepted")


@contextmanager
def _quiet() -> Iterator[None]:
    """
    Keeps off standard error what gmssl_pyx's C code writes on every refusal.

    The descriptor belongs to the whole process, so this is for the instant of a
    self-test and for nothing else. A process without one needs no quiet.
    """
    sys.stderr.flush()
    try:
        kept = os.dup(_STDERR)
    except OSError:
        yield
        return
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(silence)
        os.close(kept)
