"""
The header of a signed request.

    Authorization: JTSEC-SM2 client="0198…", time="1790000000", nonce="6f1d…",
                   signature="MEUCIQ…"

In one line. The signature is base64 of SM2Signature in DER (GM/T 0009), as the
`openssl` program writes it.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

SCHEME: Final = "JTSEC-SM2"
LENGTH: Final = 600
FORM: Final = re.compile(
    SCHEME + r' +client="([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", *'
    r'time="([1-9]\d{0,11})", *'
    r'nonce="([A-Za-z0-9_-]{16,64})", *'
    r'signature="([A-Za-z0-9+/]{80,120}={0,2})"',
    re.ASCII,
)


class MalformedSignature(ValueError):
    """Says that a header is of the scheme, but not of its form."""


@dataclass(frozen=True)
class SignatureHeader:
    """
    What a signed request says of itself.

    Args:
        client: the client's number.
        time: seconds since 1970.
        nonce: what no other request of this client has, 16 to 64 letters and digits.
        signature: SM2Signature in DER.
    """

    client: UUID
    time: int
    nonce: str
    signature: bytes

    def as_text(self) -> str:
        """Return the value of `Authorization`."""
        signature = b64encode(self.signature).decode("ascii")
        return (
            f'{SCHEME} client="{self.client}", time="{self.time}", '
            f'nonce="{self.nonce}", signature="{signature}"'
        )

    @classmethod
    def parse(cls, text: str) -> SignatureHeader:
        """
        Return what a header says.

        Raises:
            MalformedSignature: it is not of the one form; there is no second one.
        """
        found = FORM.fullmatch(text.strip()) if len(text) <= LENGTH else None
        if found is None:
            raise MalformedSignature("not of the form")
        try:
            signature = b64decode(found[4], validate=True)
        except ValueError as error:
            raise MalformedSignature("the signature is not base64") from error
        return cls(UUID(found[1]), int(found[2]), found[3], signature)


def is_of_scheme(text: str) -> bool:
    """Answer whether a header claims to be a signature of ours."""
    return text.lstrip()[: len(SCHEME) + 1].rstrip().upper() == SCHEME
