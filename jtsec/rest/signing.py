"""
Signing a request, for programs in Python that call an interface.

    headers["Authorization"] = authorization(
        key, client, "POST", "https://host/api/permits/?page=2", body,
        content_type="application/json",
    )
"""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from jtsec.core.clock import now
from jtsec.crypto.sm2 import PrivateKey

from .canonical_request import canonical_request
from .signature_header import SignatureHeader


def authorization(
    key: PrivateKey,
    client: UUID | str,
    method: str,
    url: str,
    body: bytes = b"",
    *,
    content_type: str = "",
    time: int | None = None,
    nonce: str = "",
) -> str:
    """
    Return the header `Authorization` of a request.

    Args:
        key: the client's private key.
        client: the number that the registration gave it.
        method: the HTTP method.
        url: where it goes, query included.
        body: what is sent.
        content_type: the header `Content-Type` exactly as it is sent.
        time: seconds since 1970; now, if not given.
        nonce: fresh, if not given; each request has its own, a repeated one too.
    """
    address = urlsplit(url)
    named = UUID(str(client))
    time = int(now().timestamp()) if time is None else time
    nonce = nonce or secrets.token_hex(16)
    signed = canonical_request(
        client=str(named),
        time=time,
        nonce=nonce,
        method=method.upper(),
        path=unquote(address.path) or "/",
        query=parse_qsl(address.query, keep_blank_values=True),
        content_type=content_type,
        body=body,
    )
    return SignatureHeader(named, time, nonce, key.sign(signed)).as_text()
