"""
Opens codes with a private key file; shared by `jtsec_error` and `python -m`.

Plain Python: no settings, no database.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path

from jtsec.crypto.exceptions import CorruptKey, CryptoError
from jtsec.crypto.sm2 import PrivateKey

from .exceptions import CodeNotOpened, MalformedCode
from .report import Report, visible
from .sealing import from_text, open_code


class Exit(IntEnum):
    """Exit codes, stable; 2 is what the argument parser uses itself."""

    OPENED = 0
    USAGE = 2
    UNKNOWN_REFERENCE = 3
    WRONG_KEY = 4
    ALTERED = 5
    MALFORMED = 6
    UNUSABLE_KEY = 7


class UnusableKey(Exception):
    """Says that the private key file cannot be read; with a plain sentence."""


def read_private_key(path: str, password: bytes | None = None) -> PrivateKey:
    """
    Return the developers' private key.

    Raises:
        UnusableKey: the file is not there, not readable, no SM2 key, or encrypted
            under another password.
    """
    try:
        pem = Path(path).read_bytes()
    except OSError as error:
        raise UnusableKey(f"The key file cannot be read: {error.strerror}.") from error
    try:
        return PrivateKey.from_pem(pem, password)
    except CorruptKey as error:
        raise UnusableKey("The key file holds no SM2 private key.") from error
    except CryptoError as error:
        raise UnusableKey(f"The key file cannot be used: {error}.") from error


def open_text(text: str, key: PrivateKey) -> Report:
    """Return the report in a pasted code; see `sealing.open_code` for the errors."""
    return open_code(from_text(text), key)


def exit_for(error: Exception) -> Exit:
    """Return the exit code for what went wrong."""
    match error:
        case UnusableKey():
            return Exit.UNUSABLE_KEY
        case CodeNotOpened():
            return Exit.WRONG_KEY if error.is_wrong_key else Exit.ALTERED
        case MalformedCode():
            return Exit.MALFORMED
    return Exit.UNKNOWN_REFERENCE


def shown(report: Report, *, as_json: bool) -> str:
    """Return a report for standard output."""
    if as_json:
        return json.dumps(asdict(report), ensure_ascii=True, indent=2)
    return report.as_text()


def sentence(error: Exception) -> str:
    """Return what went wrong, for standard error."""
    return visible(str(error))
