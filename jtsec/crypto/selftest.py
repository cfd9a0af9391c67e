"""
Known answers of the algorithms, asked of every library in use before it is trusted.

A distribution's OpenSSL may lack SM4, a package of the same name may stand in for
another, a build may be broken: each gives a failed result here and not a wrong
ciphertext in the database. The expected values are those of the standards named
beside them; nothing is read from a file that could be altered with the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from jtsec.crypto import sm2_provider, sm3, sm4
from jtsec.crypto.curve import DEFAULT_IDENT, message_digest
from jtsec.crypto.exceptions import DecryptionFailed, SelfTestFailed
from jtsec.crypto.sm2_contract import Sm2Provider

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
