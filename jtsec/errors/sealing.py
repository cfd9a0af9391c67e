"""
Sealed codes: a report that only the developers' private key opens (A10.1).

    bytes 0-3    4A 54 45 31, "JTE1"
    bytes 4-15   the reference, ASCII
    then         an envelope of `jtsec.crypto`, algorithm 02 (SM2 and SM4-GCM), its
                 context "jtsec.error:" and the reference

The reference stands in the code, so that a pasted text needs nothing beside it, and in
the context, so that a code answers for no other reference. As text: base64. Plain
Python, as `report`. Readable for ever; described in docs/reference/formats.md.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from jtsec.crypto import envelope
from jtsec.crypto.exceptions import CryptoError, DecryptionFailed, UnknownFormat
from jtsec.crypto.sm2 import PrivateKey, PublicKey

from .exceptions import CodeNotOpened, MalformedCode
from .reference import LENGTH, parse_reference
from .report import Report

MAGIC = b"JTE1"
CONTEXT = b"jtsec.error:"
TEXT_LIMIT = 1_000_000
_FRONT = len(MAGIC) + LENGTH


def seal_report(report: Report, public_key: PublicKey) -> bytes:
    """
    Return the sealed code of a report.

    Raises:
        CryptoError: the ciphers cannot be used.
    """
    name = report.reference.encode("ascii")
    sealed = envelope.seal_to(public_key, report.to_bytes(), context=CONTEXT + name)
    return MAGIC + name + sealed


def open_code(code: bytes, private_key: PrivateKey) -> Report:
    """
    Return the report in a sealed code.

    Raises:
        MalformedCode: it is no sealed code.
        CodeNotOpened: sealed to another key, or altered.
    """
    name, sealed = reference_of(code).encode("ascii"), code[_FRONT:]
    try:
        recipient = envelope.read_header(sealed).key_id
        own = envelope.recipient_id(private_key.public)
        if recipient != own:
            raise CodeNotOpened(
                f"The code is sealed to the key {recipient}; this is the key {own}.",
                is_wrong_key=True,
            )
        return Report.from_bytes(
            envelope.open_with(private_key, sealed, context=CONTEXT + name)
        )
    except UnknownFormat as error:
        raise MalformedCode("The text is no sealed code.") from error
    except (DecryptionFailed, CryptoError) as error:
        raise CodeNotOpened(
            "The key fits, but the code was altered or cut short.", is_wrong_key=False
        ) from error


def reference_of(code: bytes) -> str:
    """Return the reference in a sealed code, or raise `MalformedCode`."""
    if not code.startswith(MAGIC) or len(code) <= _FRONT:
        raise MalformedCode("The text is no sealed code.")
    name = code[len(MAGIC) : _FRONT].decode("ascii", "replace")
    if parse_reference(name) != name:
        raise MalformedCode("The text is no sealed code.")
    return name


def to_text(code: bytes) -> str:
    """Return a sealed code as text to copy."""
    return b64encode(code).decode("ascii")


def from_text(text: str) -> bytes:
    """
    Return a sealed code from pasted text, whatever a mail program did to its lines.

    Raises:
        MalformedCode: it is none.
    """
    if len(text) > TEXT_LIMIT:
        raise MalformedCode("The text is too long for a sealed code.")
    packed = re.sub(r"\s+", "", text)
    try:
        code = b64decode(packed, validate=True)
    except ValueError as error:
        raise MalformedCode("The text is no sealed code.") from error
    reference_of(code)
    return code
