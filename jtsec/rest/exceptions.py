"""The errors of the interfaces."""

from __future__ import annotations

from jtsec.core.exceptions import Refused


class SignatureRefused(Refused):
    """
    Says that a signed request is not accepted; recorded already.

    Args:
        reason: the exact code, for the audit and for tests.
        code: what the client is told. A stranger learns no more than that; whoever
            has proved the key learns that it was used twice.
        sentence: what a person may read.
    """

    def __init__(self, reason: str, code: str, sentence: str) -> None:
        super().__init__(reason, sentence)
        self.code = code


class ClientRefused(Refused):
    """Says that the actor may not change this client."""
