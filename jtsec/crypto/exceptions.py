"""
Errors of the ciphers, one tree.

    JtsecError
    └── CryptoError
        ├── InvalidKey            a key of the wrong length, range or curve
        ├── CorruptKey            PEM or DER that cannot be parsed
        ├── InvalidInput          an argument outside of what the algorithm takes
        ├── DecryptionFailed      verified false: tag, C3, curve or padding
        ├── InvalidSignature      verified false: signature or MAC
        ├── UnknownFormat         an envelope of a version nobody here can read
        ├── ProviderUnavailable   cannot: the algorithm is not there
        └── SelfTestFailed        cannot: an algorithm gave a wrong answer

`DecryptionFailed` and `InvalidSignature` are also `VerifiedFalse`, evidence of a wrong
key or of tampering; `ProviderUnavailable` and `SelfTestFailed` are also `CannotVerify`,
a fault of the system. No message holds a key, a plaintext or which byte was wrong.
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, InputError, JtsecError, VerifiedFalse


class CryptoError(JtsecError):
    """Is the root of what the ciphers raise."""


class InvalidKey(CryptoError):
    """Says that a key has the wrong length, range, or is not on the curve."""


class CorruptKey(CryptoError):
    """Says that a key file is not PEM or DER of a form that is read here."""


class InvalidInput(CryptoError, InputError):
    """Says that an argument is outside of what the algorithm takes."""


class DecryptionFailed(CryptoError, VerifiedFalse):
    """Says that a ciphertext was altered, or sealed under another key or context."""


class InvalidSignature(CryptoError, VerifiedFalse):
    """Says that a signature or MAC does not belong to the data and the key."""


class UnknownFormat(CryptoError):
    """Says that bytes are not an envelope, or one of an unknown version."""


class ProviderUnavailable(CryptoError, CannotVerify):
    """Says that no installed library offers the algorithm."""


class SelfTestFailed(CryptoError, CannotVerify):
    """Says that an algorithm gave another answer than its standard prints."""
