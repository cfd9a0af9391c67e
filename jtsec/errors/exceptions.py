"""
What can be wrong with an error code.

    JtsecError
    ├── InputError
    │   └── MalformedCode     not a reference, or not a sealed code
    ├── VerifiedFalse
    │   └── CodeNotOpened     another private key, or an altered code
    └── UnknownReference      no sealed error is kept under this reference
"""

from __future__ import annotations

from jtsec.core.exceptions import InputError, JtsecError, VerifiedFalse


class MalformedCode(InputError):
    """Says that a text is neither a reference nor a sealed code."""


class CodeNotOpened(VerifiedFalse):
    """Says that the private key does not open the code, and whether it could have."""

    def __init__(self, message: str, *, is_wrong_key: bool) -> None:
        super().__init__(message)
        self.is_wrong_key = is_wrong_key


class UnknownReference(JtsecError):
    """Says that the database keeps nothing under a reference."""
