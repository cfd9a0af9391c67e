"""
What is signed of a request: one text that both sides make alike (A4.13).

    JTSEC-SM2-REQUEST-1
    0198c1f0-7a3e-7c5d-9b1e-2f6a4d8c0b17      the client's number
    1790000000                                seconds since 1970, UTC
    6f1d…                                     the nonce
    POST
    /api/permits/                             as the application sees it
    page=2&plate=%E4%BA%ACA12345              sorted by name
    application/json                          the Content-Type as it is sent
    1ab2…                                     SM3 of the body

The nine lines are joined by a line feed, in UTF-8. Path and query are signed as they
are understood, not as they are spelt: percent signs are taken off and put on again,
so that a proxy that spells them otherwise breaks nothing, and no second spelling of
the same request has another meaning. Values of one name keep their order, since an
application may take the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from jtsec.crypto import sm3

if TYPE_CHECKING:
    from django.http import HttpRequest

VERSION: Final = "JTSEC-SM2-REQUEST-1"
UNRESERVED: Final = "-._~"


def canonical_request(
    *,
    client: str,
    time: int,
    nonce: str,
    method: str,
    path: str,
    query: Iterable[tuple[str, str]],
    content_type: str,
    body: bytes,
) -> bytes:
    """
    Return the bytes that a client signs.

    Args:
        client: the client's number, in lower case.
        time: seconds since 1970.
        nonce: what no other request of the client has.
        method: the HTTP method, in capitals.
        path: decoded, with the prefix under which the application runs.
        query: decoded names and values, in the order of the address.
        content_type: the header, "" where there is none.
        body: as it is sent.
    """
    named = sorted(query, key=lambda pair: pair[0])
    lines = (
        VERSION,
        client,
        str(time),
        nonce,
        method,
        quote(path, safe="/" + UNRESERVED, errors="surrogatepass"),
        "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in named),
        content_type.strip(),
        sm3.hexdigest(body),
    )
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def canonical_of(request: HttpRequest, *, client: str, time: int, nonce: str) -> bytes:
    """
    Return what the client must have signed for a request that came.

    The query is taken from `request.GET`: signed is what the application reads.
    """
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    return canonical_request(
        client=client,
        time=time,
        nonce=nonce,
        method=request.method or "",
        path=request.path,
        query=pairs,
        content_type=str(request.META.get("CONTENT_TYPE", "")),
        body=request.body,
    )


def _quoted(text: str) -> str:
    return quote(text, safe=UNRESERVED, errors="surrogatepass")
