"""
Private key files under a password: PBES2 (RFC 8018) as `openssl` 3.0 reads it.

Written with PBKDF2-HMAC-SHA256 (600,000 rounds, 16 bytes of salt) and SM4-CBC: 3.0
derives with no HMAC-SM3 here. Read with SM4-CBC or AES-256-CBC, the default of
`openssl`, and with 1,000 to 10,000,000 rounds, more being a way to stall who reads.
"""

from __future__ import annotations

import hashlib
from os import urandom
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4

from jtsec.crypto import der, sm4
from jtsec.crypto.der import Reader
from jtsec.crypto.exceptions import (
    CorruptKey,
    DecryptionFailed,
    InvalidInput,
    ProviderUnavailable,
)

_PBES2: Final = bytes.fromhex("2a864886f70d01050d")  # 1.2.840.113549.1.5.13
_PBKDF2: Final = bytes.fromhex("2a864886f70d01050c")  # 1.2.840.113549.1.5.12
_HMAC_SHA256: Final = bytes.fromhex("2a864886f70d0209")  # 1.2.840.113549.2.9
_SM4_CBC: Final = bytes.fromhex("2a811ccf55016802")  # 1.2.156.10197.1.104.2
_AES_256_CBC: Final = bytes.fromhex("60864801650304012a")  # 2.16.840.1.101.3.4.1.42
_KEY_SIZES: Final = {_SM4_CBC: 16, _AES_256_CBC: 32}
_ROUNDS: Final = 600_000
_ROUNDS_READ: Final = range(1_000, 10_000_001)
_NULL: Final = der.encode(der.NULL, b"")


def seal(content: bytes, password: bytes) -> bytes:
    """Returns the EncryptedPrivateKeyInfo of a PrivateKeyInfo."""
    if not password:
        raise InvalidInput("the password of a key file is empty")
    salt = urandom(16)
    key = hashlib.pbkdf2_hmac("sha256", password, salt, _ROUNDS, 16)
    blob = sm4.Cbc(key).encrypt(content)
    derivation = der.encode_sequence(
        der.encode(der.OBJECT_IDENTIFIER, _PBKDF2),
        der.encode_sequence(
            der.encode(der.OCTET_STRING, salt),
            der.encode_integer(_ROUNDS),
            der.encode_sequence(der.encode(der.OBJECT_IDENTIFIER, _HMAC_SHA256), _NULL),
        ),
    )
    cipher = der.encode_sequence(
        der.encode(der.OBJECT_IDENTIFIER, _SM4_CBC),
        der.encode(der.OCTET_STRING, blob[:16]),
    )
    scheme = der.encode_sequence(
        der.encode(der.OBJECT_IDENTIFIER, _PBES2),
        der.encode_sequence(derivation, cipher),
    )
    return der.encode_sequence(scheme, der.encode(der.OCTET_STRING, blob[16:]))


def open(content: bytes, password: bytes | None) -> bytes:
    """
    Returns the PrivateKeyInfo of an EncryptedPrivateKeyInfo.

    Raises:
        MalformedDer: not DER of this form.
        CorruptKey: another scheme, derivation or cipher than the two read here.
        DecryptionFailed: the password is missing or wrong.
    """
    if password is None:
        raise DecryptionFailed("the key file needs a password")
    reader = Reader(content)
    info = reader.sequence()
    reader.end()
    scheme, sealed = info.sequence(), info.octets()
    info.end()
    if scheme.identifier() != _PBES2:
        raise CorruptKey("the key file is encrypted in an old way; convert it to PBES2")
    parameters = scheme.sequence()
    scheme.end()
    derivation, cipher = parameters.sequence(), parameters.sequence()
    parameters.end()
    algorithm, iv = cipher.identifier(), cipher.octets()
    cipher.end()
    if algorithm not in _KEY_SIZES or len(iv) != 16:
        raise CorruptKey("the key file is not under SM4-CBC or AES-256-CBC")
    key = _derive(derivation, password, _KEY_SIZES[algorithm])
    cipher_class = SM4 if algorithm == _SM4_CBC else AES
    return _decrypt(Cipher(cipher_class(key), modes.CBC(iv)), sealed)


def _derive(derivation: Reader, password: bytes, size: int) -> bytes:
    """Returns the key that PBKDF2 makes of the password."""
    if derivation.identifier() != _PBKDF2:
        raise CorruptKey("the key file does not derive with PBKDF2")
    parameters = derivation.sequence()
    derivation.end()
    salt, rounds = parameters.octets(), parameters.integer()
    if parameters.next_tag() == der.INTEGER and parameters.integer() != size:
        raise CorruptKey("the key file states another length of key")
    # Without one the standard means HMAC-SHA1, which is not read here.
    function = parameters.sequence()
    if function.identifier() != _HMAC_SHA256:
        raise CorruptKey("the key file does not derive with HMAC-SHA256")
    parameters.end()
    if rounds not in _ROUNDS_READ:
        raise CorruptKey("the key file asks for too few or too many rounds")
    return hashlib.pbkdf2_hmac("sha256", password, salt, rounds, size)


def _decrypt(cipher: Cipher[modes.CBC], sealed: bytes) -> bytes:
    """Returns the plaintext of CBC with PKCS#7 padding, which must be a SEQUENCE."""
    try:
        context = cipher.decryptor()
    except UnsupportedAlgorithm as error:
        raise ProviderUnavailable("SM4 is not in the installed library") from error
    unpadder = padding.PKCS7(128).unpadder()
    try:
        padded = context.update(sealed) + context.finalize()
        content = unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise DecryptionFailed("the password is wrong") from None
    # The padding of a wrong password is right once in 256 times.
    if content[:1] != bytes([der.SEQUENCE]):
        raise DecryptionFailed("the password is wrong")
    return content
