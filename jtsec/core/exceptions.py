"""
The one tree of errors.

    JtsecError
    ├── ConfigurationError      a setting, key or file is missing or unusable
    ├── InputError              what somebody sent is malformed; names the field
    ├── Refused                 a control said no; carries a reason code and a sentence
    ├── CannotVerify            a check could not be carried out
    ├── VerifiedFalse           a check was carried out and failed
    └── crypto.CryptoError      see jtsec.crypto.exceptions

"Cannot verify" and "verified false" are different leaves on purpose: the first is a
fault of the system, the second is evidence of tampering, and only the second may be
reported as such. Both refuse.

This module is plain Python, so that `jtsec.crypto` can hang its errors on the tree
without Django.
"""

from __future__ import annotations


class JtsecError(Exception):
    """Is the root: a caller that catches it catches every error of jtsec."""


class ConfigurationError(JtsecError):
    """Says that a setting, key or file is missing or cannot be used."""


class InputError(JtsecError):
    """
    Says that what somebody sent is malformed.

    Args:
        message: a plain sentence for the person who sent it.
        field: the name of the field that is wrong, or "" for the whole.
        code: a short machine-readable reason.
    """

    def __init__(self, message: str, *, field: str = "", code: str = "invalid") -> None:
        super().__init__(message)
        self.field = field
        self.code = code


class Refused(JtsecError):
    """
    Says that a control refused what was asked.

    Args:
        reason: a stable code for the log and for tests, such as "user-locked".
        sentence: what the person may read; general, never the exact rule that
            refused, which would tell an attacker what to change.
    """

    def __init__(self, reason: str, sentence: str = "") -> None:
        super().__init__(sentence or reason)
        self.reason = reason
        self.sentence = sentence


class CannotVerify(JtsecError):
    """Says that a check could not be carried out; nothing is known, so refuse."""


class VerifiedFalse(JtsecError):
    """Says that a check was carried out and failed; something was altered."""
